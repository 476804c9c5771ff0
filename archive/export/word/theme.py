"""Theme and font table: parts Word wants in every file, though our styles name their fonts themselves."""

from __future__ import annotations

from archive.export.house import HouseStyle
from archive.export.word import wordml
from archive.export.word.wordml import DECLARATION, attribute

_COLOURS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "1F2A36", "lt2": "E9E6DF", "accent1": "7A3B2E", "accent2": "3E5C76",
    "accent3": "6B7A4B", "accent4": "A67C2E", "accent5": "5B4A6F", "accent6": "4F4F4F", "hlink": "1F4E79",
    "folHlink": "5B4A6F",
}  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="6350">{_FILL}</a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"


def theme_part(house: HouseStyle) -> bytes:
    """word/theme/theme1.xml: the house's fonts for headings and text, plain shapes."""
    colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items())
    latin = attribute(house.fonts["西文"][0])

    def fonts(name: str, role: str) -> str:
        family = attribute(house.fonts[role][0])
        return (
            f"<a:{name}><a:latin typeface={latin}/><a:ea typeface={family}/><a:cs typeface={latin}/>"
            f'<a:font script="Hans" typeface={family}/></a:{name}>'
        )

    major, minor = fonts("majorFont", house.style("题名").font), fonts("minorFont", house.style("文章正文").font)
    return (
        f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="文史">'
        f'<a:themeElements><a:clrScheme name="文史">{colours}</a:clrScheme>'
        f'<a:fontScheme name="文史">{major}{minor}</a:fontScheme>'
        f'<a:fmtScheme name="文史"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{_LINE * 3}</a:lnStyleLst>'
        f"<a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    ).encode()


def fonts_part(house: HouseStyle) -> bytes:
    """word/fontTable.xml: each font with the one to use where it is missing."""
    named: dict[str, str] = {}
    for families in house.fonts.values():
        named.setdefault(families[0], families[1] if len(families) > 1 else "")
    return wordml.part(
        "fonts",
        (
            f"<w:font w:name={attribute(name)}>"
            + (f"<w:altName w:val={attribute(other)}/>" if other else "")
            + "</w:font>"
            for name, other in named.items()
        ),
    )
