"""The styles of the Word file, made from the house style.

Where Word has a style of its own for something, that one is used (navigation, contents and notes depend on it) and
carries the Chinese name as an alias; the rest are our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import floor

from archive.export.house import HouseStyle, TextStyle
from archive.export.word.wordml import attribute, part

NORMAL, BODY, TITLE, SUBTITLE = "Normal", "BodyIndented", "Title", "Subtitle"
AUTHOR, EDITOR, QUOTE, VERSE, LIST, SOURCE = "Author", "Editor", "Quote", "Verse", "ListParagraph", "Source"
SUBTITLE_OF_TEXT, EDITORS_NOTE, SIGNED, IMPRINT, GAP = "TextSubtitle", "EditorsNote", "Signed", "Imprint", "Gap"
MATTER_TITLE = "MatterTitle"
PICTURE, MISSING, CAPTION, NOTE = "Picture", "MissingPicture", "Caption", "EndNote"
CELL, CELL_SHORT, CELL_HEAD = "Cell", "CellShort", "CellHead"
FOOTNOTE, FOOTNOTE_MARK, HEADER, FOOTER = "FootnoteText", "FootnoteReference", "Header", "Footer"
CONTENTS_TITLE, CONTENTS, PICTURE_LIST, TABLE = "TOCHeading", "TOC", "TableofFigures", "TableGrid"
INDEX, INDEX_LETTER = "Index1", "IndexHeading"

_LATIN = "西文"
_BODY_NAME = "文章正文"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphStyle:
    """One paragraph style: its id, its name in Word, its other name there, its looks.

    `outline` is its level among headings, 0-based; `tab` where page numbers stand, at the end of a row of dots, in
    twentieths of a point (0: nowhere). `like` is the id of the style it looks like, whatever that becomes.
    """

    id: str
    name: str
    alias: str
    look: TextStyle
    outline: int | None = None
    tab: int = 0
    next: str = BODY
    like: str = ""

    @property
    def half_points(self) -> int:
        """The size as Word counts it."""
        return round(self.look.size * 2)


def heading_id(level: int) -> str:
    """Style id of Word's heading 1 to 9; deeper ones are level 9."""
    return f"Heading{min(max(level, 1), 9)}"


# Style id, name in the house style, name in Word where Word has such a style, style of the paragraph after it.
_TABLE = (
    (BODY, _BODY_NAME, "", BODY),
    (TITLE, "书名", "Title", SUBTITLE),
    (SUBTITLE, "副题", "Subtitle", SUBTITLE),
    (EDITOR, "编者", "", EDITOR),
    (IMPRINT, "版权", "", IMPRINT),
    (heading_id(1), "栏目", "heading 1", BODY),
    (heading_id(2), "题名", "heading 2", AUTHOR),
    (heading_id(3), "小标题一", "heading 3", BODY),
    (heading_id(4), "小标题二", "heading 4", BODY),
    *((heading_id(level), "小标题三", f"heading {level}", BODY) for level in range(5, 10)),
    (MATTER_TITLE, "题名", "", BODY),
    (SUBTITLE_OF_TEXT, "文章副题", "", AUTHOR),
    (AUTHOR, "作者", "", BODY),
    (EDITORS_NOTE, "编者按", "", EDITORS_NOTE),
    (QUOTE, "引文", "Quote", BODY),
    (VERSE, "诗文", "", BODY),
    (LIST, "列表", "List Paragraph", LIST),
    (SIGNED, "署名", "", BODY),
    (SOURCE, "出处", "", BODY),
    (PICTURE, "图片", "", CAPTION),
    (MISSING, "缺图", "", CAPTION),
    (CAPTION, "图注", "caption", BODY),
    (CELL, "表文", "", CELL),
    (CELL_SHORT, "表文居中", "", CELL_SHORT),
    (CELL_HEAD, "表头", "", CELL_HEAD),
    (NOTE, "文末注", "", NOTE),
    (FOOTNOTE, "脚注", "footnote text", FOOTNOTE),
    (HEADER, "页眉", "header", HEADER),
    (FOOTER, "页脚", "footer", FOOTER),
    (CONTENTS_TITLE, "目录标题", "TOC Heading", BODY),
    (f"{CONTENTS}1", "目录栏目", "toc 1", f"{CONTENTS}1"),
    (f"{CONTENTS}2", "目录题名", "toc 2", f"{CONTENTS}2"),
    (PICTURE_LIST, "目录题名", "table of figures", PICTURE_LIST),
    (INDEX, "索引", "index 1", INDEX),
    (INDEX_LETTER, "索引字母", "index heading", INDEX),
)
# 前言, 后记 and the indexes look like texts and stand in the contents beside the 栏目.
_OWN_NAMES = {MATTER_TITLE: "前后题名"}
_LIKE = {MATTER_TITLE: heading_id(2), PICTURE_LIST: f"{CONTENTS}2"}
_WITH_PAGE_NUMBERS = {f"{CONTENTS}1", f"{CONTENTS}2", PICTURE_LIST}
_GAP_LOOK = TextStyle(size=5, pitch=8)  # below tables; too small to be worth a designer's line


def table_of_styles(house: HouseStyle, text_width: int) -> Mapping[str, ParagraphStyle]:
    """All paragraph styles but Normal by id; `text_width` (twentieths of a point) is where contents have page numbers.

    A house style's name becomes the alias of the first Word style made from it.
    """
    found: dict[str, ParagraphStyle] = {}
    named: set[str] = set()
    for identity, name, in_word, following in _TABLE:
        found[identity] = ParagraphStyle(
            id=identity,
            name=_OWN_NAMES.get(identity, in_word or name),
            alias=name if in_word and name not in named else "",
            look=_look(house, name),
            outline=0 if identity == MATTER_TITLE else _outline(in_word),
            tab=text_width if identity in _WITH_PAGE_NUMBERS else 0,
            next=following,
            like=_LIKE.get(identity, ""),
        )
        named.add(name)
    gap = replace(_GAP_LOOK, font=house.style(_BODY_NAME).font)
    found[GAP] = ParagraphStyle(id=GAP, name="空隙", alias="", look=gap)
    return found


def _look(house: HouseStyle, name: str) -> TextStyle:
    look = house.style(name)
    # A rule below a heading would stand across its column at the foot of the page; running heads lie in any book.
    standing = house.layout.vertical and name != "页眉"
    return replace(look, border="") if standing and look.border == "bottom" else look


def _outline(in_word: str) -> int | None:
    return int(in_word.removeprefix("heading ")) - 1 if in_word.startswith("heading ") else None


class StyleSheet:
    """Writes styles in the fonts of a house style."""

    def __init__(self, house: HouseStyle) -> None:
        self._house = house
        self._body = house.style(_BODY_NAME)

    def part(self, styles: Mapping[str, ParagraphStyle]) -> bytes:
        """word/styles.xml."""
        return part("styles", (self._defaults(), self.normal(), *map(self.paragraph, styles.values()), *OTHERS))

    def paragraph(self, style: ParagraphStyle) -> str:
        """A w:style."""
        if style.like:
            level = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
            return _style(style, style.like, level, "")
        look = style.look
        bold = "<w:b/><w:bCs/>" if look.bold else ""
        runs = f"{self._fonts(look.font)}{bold}{_tracking(look)}{_size(look)}"
        return _style(style, NORMAL, "".join(_paragraph_properties(style)), runs)

    def added(self, style: ParagraphStyle) -> str:
        """A w:style for a file with styles of its own: there text looks as its Normal does."""
        if style.id == BODY:
            return _style(style, NORMAL, indentation(style), "")
        return self.paragraph(style)

    def _defaults(self) -> str:
        return (
            f"<w:docDefaults><w:rPrDefault><w:rPr>{self._fonts(self._body.font)}"
            f'<w:kern w:val="2"/>{_size(self._body)}'
            '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
            "<w:pPrDefault/></w:docDefaults>"
        )

    def normal(self) -> str:
        """Kinsoku, hanging punctuation and the thin space between Chinese and Latin, for the whole document."""
        # LibreOffice prints columns over each other where it moves single ones of a vertical text to the next page.
        widows = '<w:widowControl w:val="0"/>' if self._house.layout.vertical else "<w:widowControl/>"
        return (
            f'<w:style w:type="paragraph" w:default="1" w:styleId="{NORMAL}"><w:name w:val="Normal"/><w:qFormat/>'
            f"<w:pPr>{widows}<w:kinsoku/><w:overflowPunct/><w:autoSpaceDE/><w:autoSpaceDN/>"
            f'<w:spacing w:before="0" w:after="0" w:line="{round(self._body.pitch * 20)}" w:lineRule="atLeast"/>'
            '<w:jc w:val="both"/></w:pPr></w:style>'
        )

    def _fonts(self, role: str) -> str:
        east_asian = attribute(self._house.fonts[role][0])
        latin = attribute(self._house.fonts.get(_LATIN, ("Times New Roman",))[0])
        return f"<w:rFonts w:ascii={latin} w:hAnsi={latin} w:eastAsia={east_asian} w:cs={latin}/>"


def _style(style: ParagraphStyle, base: str, paragraph: str, runs: str) -> str:
    alias = f'<w:aliases w:val="{style.alias}"/>' if style.alias else ""
    custom = "" if style.name.isascii() else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}"><w:name w:val="{style.name}"/>{alias}'
        f'<w:basedOn w:val="{base}"/><w:next w:val="{style.next}"/><w:qFormat/>'
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{runs}</w:rPr>" if runs else "")
        + "</w:style>"
    )


def _size(look: TextStyle) -> str:
    half_points = round(look.size * 2)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _tracking(look: TextStyle) -> str:
    # Word counts in twentieths of a point; rounding down keeps the characters a line is to hold.
    return f'<w:spacing w:val="{floor(look.tracking * 20)}"/>' if look.tracking else ""


def _paragraph_properties(style: ParagraphStyle) -> Iterator[str]:
    """In schema order."""
    look = style.look
    if look.keep_next:
        yield "<w:keepNext/><w:keepLines/>"
    if look.border:
        sides = ("bottom",) if look.border == "bottom" else ("top", "left", "bottom", "right")
        lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="6" w:color="auto"/>' for side in sides)
        yield f"<w:pBdr>{lines}</w:pBdr>"
    if style.tab:
        yield f'<w:tabs><w:tab w:val="right" w:leader="middleDot" w:pos="{style.tab}"/></w:tabs>'
    before, after, line = (round(points * 20) for points in (look.before, look.after, look.pitch))
    # A minimum rather than a multiple: fonts differ in their own line height, pages should break alike in all of them.
    yield f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="atLeast"/>'
    yield indentation(style)
    yield f'<w:jc w:val="{look.align}"/>'
    if style.outline is not None:
        yield f'<w:outlineLvl w:val="{style.outline}"/>'


def indentation(style: ParagraphStyle, extra_left: float = 0) -> str:
    """w:ind of a style, with `extra_left` characters more on the left (for nested lists)."""
    look = style.look
    sides = {"left": look.left + look.hanging + extra_left, "right": look.right}
    sides |= {"hanging": look.hanging} if look.hanging else {"firstLine": look.first}
    # Characters for Word, which keeps them right when the size changes; twentieths of a point for everybody else.
    attributes = "".join(
        f' w:{side}="{round(characters * look.size * 20)}" w:{side}Chars="{round(characters * 100)}"'
        for side, characters in sides.items()
        if characters
    )
    return f"<w:ind{attributes}/>" if attributes else ""


_LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
OTHERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
    f'<w:style w:type="character" w:styleId="{FOOTNOTE_MARK}"><w:name w:val="footnote reference"/>'
    '<w:aliases w:val="注号"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>',
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
    f'<w:style w:type="table" w:styleId="{TABLE}"><w:name w:val="Table Grid"/><w:aliases w:val="表格"/>'
    f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{_LINES}</w:tblBorders></w:tblPr></w:style>',
)
"""Styles that are no paragraph styles; Word needs them, a house style says nothing of them."""
