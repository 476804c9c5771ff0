"""Word files for the sample collections: what python-docx leaves out, styles, page, and a package without chance."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from collection_source import INLINE, Element
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

MADE = datetime(2024, 6, 18, 9, 0, 0)  # every date inside the files; a real clock would make each build differ
CHANGED = MADE.strftime("%Y-%m-%dT%H:%M:%SZ")
SONG, KAI, HEI = "宋体", "楷体", "黑体"
BEYOND_BMP = "SimSun-ExtB"  # the Word font that has characters such as 𠮷
TEXT_WIDTH = 126  # mm


# --- Small pieces of OOXML that python-docx has no words for


def element(tag: str, **attributes: object) -> Any:
    """A `w:` element with `w:` attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_font(properties: Any, east_asian: str, latin: str = "Times New Roman") -> None:
    """Give run properties their fonts; without `eastAsia` Word would set Chinese in the theme's font."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = element("rFonts", ascii=latin, hAnsi=latin, eastAsia=east_asian, cs=latin)
    properties.insert(1 if properties.find(qn("w:rStyle")) is not None else 0, fonts)


def runs(text: str, tag: str = "t") -> Iterator[Any]:
    """Runs for `text`; characters beyond the basic plane get a run and a font of their own, as Word does."""
    for piece in re.findall(r"[\U00010000-\U0010ffff]+|[^\U00010000-\U0010ffff]+", text):
        run: Any = OxmlElement("w:r")  # docx.oxml.text.run.CT_R
        if piece[0] > "\uffff":
            set_font(run.get_or_add_rPr(), BEYOND_BMP, BEYOND_BMP)
        content = element(tag)
        content.text = piece
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(content)
        yield run


def with_property(made: Iterable[Any], name: str, **attributes: str) -> Iterator[Any]:
    """The same runs, each with one more property."""
    for run in made:
        run.get_or_add_rPr().append(element(name, **attributes))
        yield run


def ruby(base: str, reading: str) -> Any:
    """A base text with its reading above it."""
    return parse_xml(
        f'<w:r {nsdecls("w")}><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="11"/>'
        f'<w:hpsRaise w:val="20"/><w:hpsBaseText w:val="21"/><w:lid w:val="zh-CN"/></w:rubyPr>'
        f'<w:rt><w:r><w:rPr><w:sz w:val="11"/></w:rPr>'
        f"<w:t>{escape(reading)}</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{escape(base)}</w:t></w:r></w:rubyBase>"
        f"</w:ruby></w:r>"
    )


def field_runs(instruction: str, result: str) -> Iterator[Any]:
    """A computed field with its last result, which readers show until Word computes it again."""
    for state in ("begin", "separate", "end"):
        run = OxmlElement("w:r")
        run.append(element("fldChar", fldCharType=state))
        yield run
        if state == "begin":
            yield from runs(f" {instruction} ", "instrText")
        elif state == "separate" and result:
            yield from runs(result)


@dataclass
class Book:
    """A Word file under construction. Notes, captions and lists are numbered through the whole file."""

    document: Any
    folder: Path
    notes: list[str] = field(default_factory=list)
    captions: dict[str, int] = field(default_factory=dict)
    lists: int = 0
    changes: int = 0
    last: str = ""  # the kind of the block added last

    def __post_init__(self) -> None:
        # python-docx searches all styles for every paragraph, which takes longer than everything else together.
        self.style_ids = {style.name: style.style_id for style in self.document.styles}

    def paragraph(self, style: str, text: str = "", notes: Mapping[str, str] | None = None) -> Any:
        """Append a paragraph of `text` with its inline marks."""
        made = self.document.add_paragraph()
        made._p.style = self.style_ids[style]
        for run in self.inline(text, notes or {}):
            made._p.append(run)
        return made

    def inline(self, text: str, notes: Mapping[str, str]) -> Iterator[Any]:
        """Runs, notes, ruby and tracked changes of one paragraph."""
        position = 0
        for match in INLINE.finditer(text):
            yield from runs(text[position : match.start()])
            position = match.end()
            kind, value = str(match.lastgroup), match[str(match.lastgroup)]
            if kind == "bold":
                yield from with_property(runs(value), "b")
            elif kind == "dotted":
                yield from with_property(runs(value), "em", val="dot")
            elif kind == "hidden":
                yield from with_property(runs(value), "vanish")
            elif kind == "ruby":
                yield ruby(match["base"], value)
            elif kind == "note":
                yield self.note(notes[value])
            else:
                yield self.change(kind, value)
        yield from runs(text[position:])

    def note(self, text: str) -> Any:
        """A reference to a new footnote."""
        self.notes.append(text)
        run: Any = OxmlElement("w:r")
        run.get_or_add_rPr().append(element("rStyle", val="FootnoteReference"))
        run.append(element("footnoteReference", id=len(self.notes)))
        return run

    def change(self, kind: str, text: str) -> Any:
        """A tracked insertion or deletion."""
        self.changes += 1
        tag, content = ("ins", "t") if kind == "inserted" else ("del", "delText")
        made = element(tag, id=9000 + self.changes, author="责任编辑", date=CHANGED)
        made.extend(runs(text, content))
        return made

    def caption(self, word: str, text: str, notes: Mapping[str, str]) -> None:
        """A caption numbered by Word's own field."""
        number = self.captions[word] = self.captions.get(word, 0) + 1
        made = self.paragraph("Caption", word)
        for run in (*field_runs(f"SEQ {word} \\* ARABIC", str(number)), *self.inline(f"　{text}", notes)):
            made._p.append(run)
        made.paragraph_format.keep_with_next = word == "表"

    def table(self, rows: tuple[tuple[str, ...], ...], notes: Mapping[str, str]) -> None:
        """A ruled table; `|---|` ends its head, `<` joins a cell with its left, `^` with its upper neighbour."""
        head = next((number for number, row in enumerate(rows) if set("".join(row)) <= set("-")), 0)
        rows = tuple(row for row in rows if not set("".join(row)) <= set("-"))
        made = self.document.add_table(len(rows), len(rows[0]), style="Table Grid")
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        self.set_widths(made, rows)
        for y, row in enumerate(rows):
            properties = made.rows[y]._tr.get_or_add_trPr()
            properties.append(element("cantSplit"))
            if y < head:
                properties.append(element("tblHeader"))
            for x, text in enumerate(row):
                if text in ("<", "^"):
                    left, up = (1, 0) if text == "<" else (0, 1)
                    made.cell(y - up, x - left).merge(made.cell(y, x))
                    continue
                target = made.cell(y, x).paragraphs[0]
                target._p.style = self.style_ids["表头" if y < head else "表格文字"]
                target._p.extend(self.inline(text, notes))
        for cell in {cell._tc: cell for row in made.rows for cell in row.cells}.values():
            for spare in cell.paragraphs[1:]:  # merging leaves the empty paragraphs of the cells it swallowed
                spare._p.getparent().remove(spare._p)

    @staticmethod
    def set_widths(table: Any, rows: tuple[tuple[str, ...], ...]) -> None:
        """Share the page width out by the longest text of each column, within limits."""
        table.autofit = False
        wanted = [min(max(len(row[x]) for row in rows), 16) + 2 for x in range(len(rows[0]))]
        for x, share in enumerate(wanted):
            table.columns[x].width = Mm(round(TEXT_WIDTH * share / sum(wanted)))
            for cell in table.columns[x].cells:
                cell.width = table.columns[x].width

    def figure(self, item: Element) -> None:
        """A centred picture with its alternative text."""
        made = self.paragraph("图")
        made.paragraph_format.keep_with_next = True
        made.add_run().add_picture(str(self.folder / item.picture), width=Mm(TEXT_WIDTH))
        inline = next(made._p.iter(qn("wp:inline")))
        for side in "TBLR":
            inline.set(f"dist{side}", "0")  # unsaid, LibreOffice keeps a distance and shifts the picture
        properties = inline.docPr
        properties.set("descr", item.text)
        properties.set("name", item.picture)

    def numbered(self, text: str, notes: Mapping[str, str]) -> None:
        """A list item whose number Word computes; each list starts at one."""
        numbering = self.document.part.numbering_part.element
        if self.last != "numbered":
            self.lists += 1
            made = parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{100 + self.lists}"><w:abstractNumId w:val="90"/>'
                f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            )
            numbering.append(made)
        made = self.paragraph("List Number", text, notes)
        made._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 100 + self.lists
        made._p.get_or_add_pPr().get_or_add_numPr().get_or_add_ilvl().val = 0

    def add(self, item: Element, notes: Mapping[str, str]) -> None:
        """Append one block."""
        if item.kind == "numbered":
            self.numbered(item.text, notes)
        elif item.kind == "table":
            self.table(item.rows, notes)
        elif item.kind == "figure":
            self.figure(item)
        elif item.kind.endswith("caption"):
            self.caption("表" if item.kind.startswith("table") else "图", item.text, notes)
        else:
            style = f"Heading {item.level}" if item.kind == "heading" else STYLE_OF[item.kind]
            made = self.paragraph(style, item.text, notes)
            if self.last == "table" and item.kind != "heading":
                made.paragraph_format.space_before = Pt(10)
        self.last = item.kind


STYLE_OF = {
    "paragraph": "Body Text",
    "quotation": "Quote",
    "verse": "诗歌",
    "bullet": "List Bullet",
    "ending": "文末说明",
}


# --- Styles and page

# name: (font, size in points, alignment, space before, space after, first-line indent and left indent in characters)
LEFT, CENTRE, RIGHT, JUSTIFY = (getattr(WD_ALIGN_PARAGRAPH, name) for name in ("LEFT", "CENTER", "RIGHT", "JUSTIFY"))
Shape = tuple[str, float, Any, float, float, int, int]
STYLES: dict[str, Shape] = {
    "Normal": (SONG, 10.5, JUSTIFY, 0, 0, 0, 0),
    "Body Text": (SONG, 10.5, JUSTIFY, 0, 0, 2, 0),
    "Title": (HEI, 30, CENTRE, 130, 12, 0, 0),
    "Subtitle": (KAI, 16, CENTRE, 0, 10, 0, 0),
    "Heading 1": (HEI, 20, CENTRE, 30, 30, 0, 0),
    "Heading 2": (HEI, 16, CENTRE, 24, 10, 0, 0),
    "Heading 3": (HEI, 11, LEFT, 9, 5, 2, 0),
    "副题": (KAI, 12, CENTRE, 0, 6, 0, 0),
    "作者": (KAI, 12, CENTRE, 0, 14, 0, 0),
    "Quote": (KAI, 10.5, JUSTIFY, 3, 3, 2, 2),
    "诗歌": (KAI, 10.5, LEFT, 0, 0, 0, 6),
    "文末说明": (KAI, 9, RIGHT, 10, 0, 0, 0),
    "List Number": (SONG, 10.5, JUSTIFY, 0, 0, 0, 0),
    "List Bullet": (SONG, 10.5, JUSTIFY, 0, 0, -1, 3),
    "Caption": (HEI, 9, CENTRE, 5, 5, 0, 0),
    "图": (SONG, 10.5, CENTRE, 8, 0, 0, 0),
    "表头": (HEI, 9, CENTRE, 2, 2, 0, 0),
    "表格文字": (SONG, 9, CENTRE, 2, 2, 0, 0),
    "目录标题": (HEI, 18, CENTRE, 20, 20, 0, 0),
    "toc 1": (HEI, 11, LEFT, 10, 3, 0, 0),
    "toc 2": (SONG, 10.5, LEFT, 0, 0, 0, 2),
    "footnote text": (SONG, 9, JUSTIFY, 0, 0, 0, 0),
    "Header": (KAI, 9, CENTRE, 0, 0, 0, 0),
    "Footer": (SONG, 9, CENTRE, 0, 0, 0, 0),
}
DENSE: dict[str, Shape] = {"Heading 2": (HEI, 12, LEFT, 12, 3, 0, 0)}
FIXED_LINE = {"图", "表头", "表格文字", "Title", "footnote text", "Header", "Footer"}


def new_document(title: str, author: str, remark: str, running: str, dense: bool = False) -> Any:
    """An empty document with styles, page, running head, properties; `dense` sets Heading 2 small, for many of them."""
    document = Document()
    set_styles(document, STYLES | DENSE if dense else STYLES)
    set_list(document)
    set_page(document, running)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = MADE
    properties.comments, properties.revision = remark, 1
    return document


def set_styles(document: Any, styles: Mapping[str, Shape]) -> None:
    """Give the styles Chinese fonts, print sizes and black ink; add the ones Word knows but the template lacks."""
    known = {style.name for style in document.styles}
    for name, (font, size, alignment, before, after, first, left) in styles.items():
        if name not in known and name.title() not in known:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.isascii())
        style = document.styles[name]
        if name != "Normal" and name not in known:
            style.base_style = document.styles["Normal"]
        style.font.size, style.font.bold, style.font.italic = Pt(size), None, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        set_font(style.element.get_or_add_rPr(), font)
        shape = style.paragraph_format
        shape.alignment, shape.space_before, shape.space_after = alignment, Pt(before), Pt(after)
        shape.line_spacing = 1.0 if name in FIXED_LINE else Pt(max(18, size * 1.5))
        indent = style.element.get_or_add_pPr().get_or_add_ind()
        for side in ("left", "firstLine", "hanging"):
            indent.attrib.pop(qn(f"w:{side}"), None)
        for side, characters in (("hanging" if first < 0 else "firstLine", abs(first)), ("left", left)):
            indent.set(qn(f"w:{side}Chars"), str(characters * 100))
            indent.set(qn(f"w:{side}"), str(round(characters * size * 20)))
    for border in list(document.styles["Title"].element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
    document.styles["Heading 1"].paragraph_format.page_break_before = True
    reference = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.font.superscript = True
    for level in ("toc 1", "toc 2"):
        document.styles[level].paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), 2, 1)  # right, dotted


def set_list(document: Any) -> None:
    """Define the automatic numbering （一）（二）… that `Book.numbered` uses."""
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="singleLevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="（%1）"/>'
            f'<w:pPr><w:ind w:left="0" w:firstLine="420"/></w:pPr></w:lvl></w:abstractNum>'
        ),
    )


def set_page(document: Any, running: str) -> None:
    """A book page of 170 x 240 mm with running head and page number, none on the first."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(170), Mm(240)
    section.left_margin = section.right_margin = Mm((170 - TEXT_WIDTH) / 2)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.header_distance, section.footer_distance = Mm(15), Mm(12)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].add_run(running)
    section.footer.paragraphs[0]._p.extend(field_runs("PAGE", "1"))


def attach_notes(book: Book) -> None:
    """Write the footnotes part, which python-docx cannot make."""
    body = [
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>'
        for number, (kind, tag) in enumerate(
            (("separator", "separator"), ("continuationSeparator", "continuationSeparator")), start=-1
        )
    ]
    style = book.document.styles["footnote text"].style_id
    for number, text in enumerate(book.notes, start=1):
        made = parse_xml(
            f'<w:footnote {nsdecls("w")} w:id="{number}"><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r></w:p></w:footnote>'
        )
        made[0].extend(runs(f" {text}"))
        body.append(etree.tostring(made, encoding="unicode"))
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    xml = f"{declaration}<w:footnotes {nsdecls('w')}>{''.join(body)}</w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), book.document.part.package)
    book.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def package(document: Any) -> bytes:
    """The finished file with sorted parts and one fixed time, so that the same sources give the same bytes."""
    rels = document.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype.endswith("/thumbnail")]:
        del rels[key]  # the template's picture of an empty page
    draft, final = io.BytesIO(), io.BytesIO()
    document.save(draft)
    with zipfile.ZipFile(draft) as made, zipfile.ZipFile(final, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # otherwise Windows and Unix would differ
            out.writestr(info, made.read(name))
    return final.getvalue()
