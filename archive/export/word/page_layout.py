"""The page in Word's units: its size and margins, where sections begin, the settings of the whole document."""

from __future__ import annotations

from dataclasses import dataclass

from archive.export.house import HouseStyle
from archive.export.word import wordml

_MILLIMETRE = 1440 / 25.4  # in twentieths of a point
_EMU = 36000  # English metric units in a millimetre
_PICTURE_DEPTH = 1 / 2  # of the type area: higher ones leave gaps where they do not fit below the text

NEXT_PAGE, ODD_PAGE, EVEN_PAGE, HERE = "nextPage", "oddPage", "evenPage", "continuous"
ROMAN, ARABIC = "upperRoman", "decimal"


@dataclass(frozen=True, slots=True)
class Paper:
    """The page of a house style. `grid` is a w:docGrid, where a reference file has one."""

    house: HouseStyle
    grid: str = ""

    @property
    def vertical(self) -> bool:
        """Whether lines run from top to bottom and the book opens to the right."""
        return self.house.layout.vertical

    @property
    def line(self) -> int:
        """The length of a line of text in twentieths of a point."""
        page = self.house.page
        return round((page.depth if self.vertical else page.measure) * _MILLIMETRE)

    @property
    def depth(self) -> float:
        """How far lines reach on a page, from the first to the last, in points."""
        page = self.house.page
        return (page.measure if self.vertical else page.depth) * 72 / 25.4

    @property
    def picture_box(self) -> tuple[int, int]:
        """The widest and highest a picture may be, in English metric units."""
        page = self.house.page
        if self.vertical:
            return round(page.measure * _PICTURE_DEPTH * _EMU), round(page.depth * _EMU)
        return round(page.measure * _EMU), round(page.depth * _PICTURE_DEPTH * _EMU)

    @property
    def sheet(self) -> tuple[int, int]:
        """Width and height of the whole page in English metric units."""
        return round(self.house.page.width * _EMU), round(self.house.page.height * _EMU)

    def section(
        self,
        start: str,
        references: str,
        number: str = "",
        *,
        columns: int = 1,
        title_page: bool = False,
    ) -> str:
        """A w:sectPr. `references` lead to heads and feet, `number` is a w:pgNumType.

        With `title_page` its first page has a head and a foot of its own.
        """
        across = f' w:num="{columns}"' if columns > 1 else ""
        return (
            f'<w:sectPr>{references}<w:footnotePr><w:numFmt w:val="decimalEnclosedCircleChinese"/>'
            f'<w:numRestart w:val="eachPage"/></w:footnotePr><w:type w:val="{start}"/>{self._dimensions()}{number}'
            f'<w:cols{across} w:space="425"/>'
            + ("<w:titlePg/>" if title_page else "")
            + ('<w:textDirection w:val="tbRl"/>' if self.vertical else "")
            + f"{self.grid}</w:sectPr>"
        )

    def _dimensions(self) -> str:
        page = self.house.page
        # Mirrored margins: left is at the spine of odd pages. Where a book opens to the right, their spine is there.
        left, right = (page.outer, page.inner) if self.vertical else (page.inner, page.outer)
        sides = {
            "top": page.top, "right": right, "bottom": page.bottom, "left": left, "header": page.head,
            "footer": page.foot, "gutter": 0.0,
        }  # fmt: skip
        margins = "".join(f' w:{side}="{round(length * _MILLIMETRE)}"' for side, length in sides.items())
        width, height = round(page.width * _MILLIMETRE), round(page.height * _MILLIMETRE)
        return f'<w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar{margins}/>'


def page_number(style: str, first: int = 0) -> str:
    """w:pgNumType: `style` ROMAN or ARABIC, counting from `first` or (0) on from the section before."""
    start = f' w:start="{int(first)}"' if first else ""
    return f'<w:pgNumType w:fmt="{style}"{start}/>'


def settings_part(*, update_fields: bool) -> bytes:
    """word/settings.xml. `update_fields` lets Word offer to compute page numbers when it opens the file."""
    return wordml.part(
        "settings", (_SETTINGS.format(update='<w:updateFields w:val="true"/>' if update_fields else ""),)
    )


_SETTINGS = (
    '<w:zoom w:percent="100"/><w:mirrorMargins/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/>{update}'
    '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    "<w:compat><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat>"
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
    '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1"'
    ' w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6"'
    ' w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
)
