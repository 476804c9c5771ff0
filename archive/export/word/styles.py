"""The styles of the Word file: a table a publisher's designer can read.

Where Word has a style of its own for something, that one is used (navigation, contents and notes depend on it) and
carries the Chinese name as an alias; the rest are our own. Fonts are named as Windows names them; other systems
replace them by what they have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.export.word.markup import part

SONG, FANGSONG, KAI, HEI = "宋体", "仿宋", "楷体", "黑体"
LATIN = "Times New Roman"

NORMAL, BODY, TITLE, SUBTITLE = "Normal", "BodyIndented", "Title", "Subtitle"
AUTHOR, EDITOR, QUOTE, VERSE, LIST, SOURCE = "Author", "Editor", "Quote", "Verse", "ListParagraph", "Source"
SUBTITLE_OF_TEXT, GAP = "TextSubtitle", "Gap"
PICTURE, MISSING, CAPTION, NOTE = "Picture", "MissingPicture", "Caption", "EndNote"
CELL, CELL_SHORT, CELL_HEAD = "Cell", "CellShort", "CellHead"
FOOTNOTE, FOOTNOTE_MARK, HEADER, FOOTER = "FootnoteText", "FootnoteReference", "Header", "Footer"
CONTENTS_TITLE, TABLE = "TOCHeading", "TableGrid"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphStyle:
    """One paragraph style. Sizes in points; spacing in points; indents in characters of the style's own size.

    `pitch` is the least distance between lines: a minimum rather than a multiple, because fonts differ in their own
    line height and pages should break alike whichever is installed.
    """

    id: str
    name: str
    alias: str = ""
    font: str = SONG
    size: float = 10.5
    pitch: float = 17
    bold: bool = False
    align: str = "both"
    before: float = 0
    after: float = 0
    first: float = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    outline: int | None = None  # 0-based
    keep_next: bool = False
    tab: int = 0  # a right-hand tab with dots, in twentieths of a point
    border: str = ""
    next: str = BODY

    @property
    def half_points(self) -> int:
        """The size as Word counts it."""
        return round(self.size * 2)


def heading_id(level: int) -> str:
    """Style id of Word's heading 1 to 9; deeper ones are level 9."""
    return f"Heading{min(max(level, 1), 9)}"


def table_of_styles(text_width: int) -> tuple[ParagraphStyle, ...]:
    """All paragraph styles but Normal; `text_width` (twentieths of a point) is where contents have page numbers."""
    s = ParagraphStyle
    centre = "center"
    deeper = tuple(
        s(id=heading_id(n), name=f"heading {n}", font=KAI, pitch=18, before=4, after=2, first=2, outline=n - 1,
          align="left", keep_next=True)
        for n in range(5, 10)
    )  # fmt: skip
    return (
        s(id=BODY, name="文章正文", first=2),
        s(id=TITLE, name="Title", alias="书名", size=26, pitch=40, bold=True, align=centre, before=150, after=20),
        s(id=SUBTITLE, name="Subtitle", alias="副题", font=KAI, size=14, pitch=24, align=centre, after=14),
        s(id=EDITOR, name="编者", font=KAI, size=14, pitch=24, align=centre, before=240),
        s(id=heading_id(1), name="heading 1", alias="栏目", font=HEI, size=15, pitch=24, align=centre, before=6,
          after=26, outline=0, keep_next=True, border="bottom"),
        s(id=heading_id(2), name="heading 2", alias="题名", size=18, pitch=28, bold=True, align=centre, before=24,
          after=14, outline=1, keep_next=True),
        s(id=heading_id(3), name="heading 3", alias="小标题一", font=HEI, size=12, pitch=20, align="left", before=12,
          after=6, first=2, outline=2, keep_next=True),
        s(id=heading_id(4), name="heading 4", alias="小标题二", font=HEI, size=10.5, align="left", before=8, after=4,
          first=2, outline=3, keep_next=True),
        *deeper,
        s(id=AUTHOR, name="作者", font=KAI, size=12, pitch=20, align=centre, after=14),
        s(id=SUBTITLE_OF_TEXT, name="文章副题", font=KAI, size=14, pitch=22, align=centre, after=8, keep_next=True),
        s(id=QUOTE, name="Quote", alias="引文", font=FANGSONG, left=2, right=2, first=2, before=6, after=6),
        s(id=VERSE, name="诗文", font=KAI, left=4, align="left", before=6, after=6),
        s(id=LIST, name="List Paragraph", first=2),
        s(id=SOURCE, name="出处", font=KAI, size=9, pitch=14, align="right", before=8),
        s(id=PICTURE, name="图片", align=centre, before=10, after=2, keep_next=True),
        s(id=MISSING, name="缺图", font=KAI, size=9, align=centre, before=14, after=6, left=1, right=1,
          border="box"),
        s(id=CAPTION, name="caption", alias="图注", font=KAI, size=9, pitch=14, align=centre, before=4, after=10),
        s(id=CELL, name="表文", size=9, pitch=13, next=CELL),
        s(id=CELL_SHORT, name="表文居中", size=9, pitch=13, align=centre, next=CELL),
        s(id=CELL_HEAD, name="表头", font=HEI, size=9, pitch=13, align=centre, next=CELL),
        s(id=GAP, name="空隙", size=5, pitch=8),
        s(id=NOTE, name="文末注", size=9, pitch=14, hanging=2, before=2),
        s(id=FOOTNOTE, name="footnote text", alias="脚注", size=9, pitch=13, hanging=1.5, next=FOOTNOTE),
        s(id=HEADER, name="header", font=KAI, size=9, pitch=12, align=centre, next=HEADER),
        s(id=FOOTER, name="footer", size=9, pitch=12, align=centre, next=FOOTER),
        s(id=CONTENTS_TITLE, name="TOC Heading", alias="目录标题", font=HEI, size=18, pitch=28, align=centre, before=12,
          after=20),
        s(id="TOC1", name="toc 1", font=HEI, size=10.5, pitch=18, before=8, align="left", tab=text_width, next="TOC1"),
        s(id="TOC2", name="toc 2", size=10.5, pitch=18, align="left", left=1, hanging=1, tab=text_width,
          next="TOC2"),
    )  # fmt: skip


def styles_part(styles: tuple[ParagraphStyle, ...]) -> bytes:
    """word/styles.xml."""
    return part("styles", (_DEFAULTS, _NORMAL, *(_style(style) for style in styles), _OTHERS))


def _fonts(east_asian: str) -> str:
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{east_asian}" w:cs="{LATIN}"/>'


_DEFAULTS = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(SONG)}"
    '<w:kern w:val="2"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    "<w:pPrDefault/></w:docDefaults>"
)
# Kinsoku, hanging punctuation and the thin space between Chinese and Latin, said once for everything.
_NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    "<w:pPr><w:widowControl/><w:kinsoku/><w:overflowPunct/><w:autoSpaceDE/><w:autoSpaceDN/>"
    '<w:spacing w:before="0" w:after="0" w:line="340" w:lineRule="atLeast"/><w:jc w:val="both"/></w:pPr></w:style>'
)
_LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_OTHERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    f'<w:style w:type="character" w:styleId="{FOOTNOTE_MARK}"><w:name w:val="footnote reference"/>'
    '<w:aliases w:val="注号"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    f'<w:style w:type="table" w:styleId="{TABLE}"><w:name w:val="Table Grid"/><w:aliases w:val="表格"/>'
    f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{_LINES}</w:tblBorders></w:tblPr></w:style>'
)


def _style(style: ParagraphStyle) -> str:
    alias = f'<w:aliases w:val="{style.alias}"/>' if style.alias else ""
    custom = "" if style.name.isascii() else ' w:customStyle="1"'
    size = f'<w:sz w:val="{style.half_points}"/><w:szCs w:val="{style.half_points}"/>'
    bold = "<w:b/><w:bCs/>" if style.bold else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}"><w:name w:val="{style.name}"/>{alias}'
        f'<w:basedOn w:val="{NORMAL}"/><w:next w:val="{style.next}"/><w:qFormat/>'
        f"<w:pPr>{''.join(_paragraph_properties(style))}</w:pPr><w:rPr>{_fonts(style.font)}{bold}{size}</w:rPr></w:style>"
    )


def _paragraph_properties(style: ParagraphStyle) -> Iterator[str]:
    """In schema order."""
    if style.keep_next:
        yield "<w:keepNext/><w:keepLines/>"
    if style.border:
        sides = ("bottom",) if style.border == "bottom" else ("top", "left", "bottom", "right")
        lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="6" w:color="auto"/>' for side in sides)
        yield f"<w:pBdr>{lines}</w:pBdr>"
    if style.tab:
        yield f'<w:tabs><w:tab w:val="right" w:leader="middleDot" w:pos="{style.tab}"/></w:tabs>'
    before, after, line = (round(points * 20) for points in (style.before, style.after, style.pitch))
    yield f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="atLeast"/>'
    yield indentation(style)
    yield f'<w:jc w:val="{style.align}"/>'
    if style.outline is not None:
        yield f'<w:outlineLvl w:val="{style.outline}"/>'


def indentation(style: ParagraphStyle, extra_left: float = 0) -> str:
    """w:ind of a style, with `extra_left` characters more on the left (for nested lists)."""
    sides = {"left": style.left + style.hanging + extra_left, "right": style.right}
    sides |= {"hanging": style.hanging} if style.hanging else {"firstLine": style.first}
    # Characters for Word, which keeps them right when the size changes; twentieths of a point for everybody else.
    attributes = "".join(
        f' w:{side}="{round(characters * style.size * 20)}" w:{side}Chars="{round(characters * 100)}"'
        for side, characters in sides.items()
        if characters
    )
    return f"<w:ind{attributes}/>" if attributes else ""
