"""The page: format, margins, sections with running heads and page numbers."""

from __future__ import annotations

from dataclasses import dataclass

from archive.export.word import markup, styles

_MILLIMETRE = 1440 / 25.4  # in twentieths of a point
_EMU = 36000  # English metric units in a millimetre


@dataclass(frozen=True, slots=True)
class Page:
    """A trimmed page and its margins in millimetres; `inner` is at the spine, facing pages mirror each other."""

    width: float
    height: float
    top: float
    bottom: float
    inner: float
    outer: float

    @property
    def text_width(self) -> int:
        """In twentieths of a point."""
        return round((self.width - self.inner - self.outer) * _MILLIMETRE)

    @property
    def picture_box(self) -> tuple[int, int]:
        """The widest and highest a picture may be, in English metric units: the type area, two thirds of its height."""
        height = (self.height - self.top - self.bottom) * 2 / 3
        return round((self.width - self.inner - self.outer) * _EMU), round(height * _EMU)


SIXTEENMO = Page(width=185, height=260, top=26, bottom=22, inner=24, outer=20)
"""16开: 38 characters by 35 lines of 五号."""


def section(page: Page, *, start: str, references: str = "", number: str = "", title_page: bool = False) -> str:
    """A w:sectPr. `start` is nextPage or oddPage, `references` lead to heads and feet, `number` is a w:pgNumType."""
    size, margin = _dimensions(page)
    return (
        f"<w:sectPr>{references}"
        '<w:footnotePr><w:numFmt w:val="decimalEnclosedCircleChinese"/><w:numRestart w:val="eachPage"/></w:footnotePr>'
        f'<w:type w:val="{start}"/>{size}{margin}{number}<w:cols w:space="425"/>'
        f"{'<w:titlePg/>' if title_page else ''}</w:sectPr>"
    )


def _dimensions(page: Page) -> tuple[str, str]:
    width, height, top, bottom, inner, outer, header, footer = (
        round(millimetres * _MILLIMETRE)
        for millimetres in (page.width, page.height, page.top, page.bottom, page.inner, page.outer, 15, 10)
    )
    size = f'<w:pgSz w:w="{width}" w:h="{height}"/>'
    margin = (
        f'<w:pgMar w:top="{top}" w:right="{outer}" w:bottom="{bottom}" w:left="{inner}"'
        f' w:header="{header}" w:footer="{footer}" w:gutter="0"/>'
    )
    return size, margin


def page_number(style: str, first: int | None = None) -> str:
    """w:pgNumType: `style` decimal or upperRoman, counting from `first` or on from the section before."""
    start = f' w:start="{first}"' if first is not None else ""
    return f'<w:pgNumType w:fmt="{style}"{start}/>'


def running_head(words: str) -> bytes:
    """A header part: the words over a thin rule."""
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="auto"/></w:pBdr>'
    return markup.part("hdr", (markup.paragraph(styles.HEADER, markup.run(words), rule),))


def empty_head() -> bytes:
    """A header part with nothing in it."""
    return markup.part("hdr", (markup.paragraph(styles.HEADER),))


def page_foot(*, numbered: bool = True) -> bytes:
    """A footer part with the page number between dots."""
    content = markup.run("· ") + markup.field("PAGE", "1") + markup.run(" ·") if numbered else ""
    return markup.part("ftr", (markup.paragraph(styles.FOOTER, content),))


def settings_part(*, update_fields: bool) -> bytes:
    """word/settings.xml. `update_fields` lets Word offer to compute the contents when it opens the file."""
    return markup.part(
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
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
)
