"""WordprocessingML as strings: text, runs, paragraphs, fields. Schema order of children is kept here and nowhere else.

Strings, because a book is tens of thousands of elements of a dozen shapes: they are joined and parsed once, which also
proves that they are well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from archive.export.flow import sound_text
from archive.model.records import Run, Style

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Quotation marks, dashes and dots that Chinese and Latin share: Word sets them in the Latin font unless told otherwise.
_SHARED = re.compile("[‘’“”…—·×÷±°§]")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# In the order the schema wants within w:rPr, where the size stands between the two groups.
_FORMATS = (
    ((Style.BOLD, "<w:b/>"), (Style.ITALIC, "<w:i/>")),
    (
        (Style.UNDERLINE, '<w:u w:val="single"/>'),
        (Style.SUPERSCRIPT, '<w:vertAlign w:val="superscript"/>'),
        (Style.SUBSCRIPT, '<w:vertAlign w:val="subscript"/>'),
        (Style.EMPHASIS, '<w:em w:val="dot"/>'),
    ),
)


def text(value: str) -> str:
    """The contents of a run: w:t, with w:br and w:tab where the text has line breaks and tabs."""
    parts = re.split("([\n\t])", sound_text(value).replace("\r", "\n"))
    return "".join(_PIECES.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in parts if part)


_PIECES = {"\n": "<w:br/>", "\t": "<w:tab/>"}


def text_node(value: str) -> str:
    """Plain text between two tags."""
    return escape(sound_text(value))


def attribute(value: str) -> str:
    """The value in quotes."""
    return quoteattr(sound_text(value), {"\n": " ", "\t": " ", "\r": " "})


def run(value: str, properties: str = "") -> str:
    """A run of plain text; `properties` are children of w:rPr in schema order."""
    if not value:
        return ""
    hint = '<w:rFonts w:hint="eastAsia"/>' if _SHARED.search(value) and _HAN.search(value) else ""
    inner = hint + properties
    return f"<w:r>{f'<w:rPr>{inner}</w:rPr>' if inner else ''}{text(value)}</w:r>"


def styled_run(source: Run, half_points: int, *, small: bool = False) -> str:
    """A run of an article without its note reference, in the size of the text around it.

    `small` means that this size differs from that of the paragraph's style and must be written.
    """
    style = source.style
    if style & Style.SUPERSCRIPT:
        style &= ~Style.SUBSCRIPT
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if small else ""
    before, after = ("".join(xml for flag, xml in formats if style & flag) for formats in _FORMATS)
    properties = before + size + after
    return ruby(source, properties, half_points) if source.ruby else run(source.text, properties)


def ruby(source: Run, properties: str, half_points: int) -> str:
    """Text with its reading above."""
    small = half_points // 2
    reading = f'<w:rFonts w:hint="eastAsia"/><w:sz w:val="{small}"/><w:szCs w:val="{small}"/><w:u w:val="none"/>'
    return (
        '<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/>'
        f'<w:hps w:val="{small}"/><w:hpsRaise w:val="{half_points - 2}"/><w:hpsBaseText w:val="{half_points}"/>'
        '<w:lid w:val="zh-CN"/></w:rubyPr>'
        f"<w:rt><w:r><w:rPr>{reading}</w:rPr>{text(source.ruby)}</w:r></w:rt>"
        f"<w:rubyBase>{run(source.text, properties)}</w:rubyBase></w:ruby></w:r>"
    )


def paragraph(style: str, content: str = "", properties: str = "") -> str:
    """A paragraph in a style (id). `properties` are children of w:pPr after w:pStyle in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def ending(xml: str, section: str) -> str:
    """Paragraphs of which the last ends a section (w:sectPr); it may not be followed by a table."""
    start = xml.rindex("<w:p><w:pPr>")
    end = xml.index("</w:pPr>", start)
    return xml[:end] + section + xml[end:]


def spaced(xml: str, points: float) -> str:
    """Paragraphs of which the first has that much space above it."""
    style_end = xml.index("/>") + 2
    return f'{xml[:style_end]}<w:spacing w:before="{round(points * 20)}"/>{xml[style_end:]}'


def kept_with_next(xml: str) -> str:
    """The paragraph made to stay on one page with what follows; a table, or several paragraphs, as they are."""
    if not xml.startswith("<w:p>") or xml.count("<w:p>") > 1 or "<w:keepNext/>" in xml:
        return xml
    style_end = xml.index("/>") + 2
    return f"{xml[:style_end]}<w:keepNext/>{xml[style_end:]}"


_FIELD_START = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_FIELD_MIDDLE = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'


def field_begin(instruction: str, *, dirty: bool = False) -> str:
    """The opening of a field, up to its result. A dirty field is computed when Word opens the file."""
    start = _FIELD_START.replace("/></w:r>", ' w:dirty="true"/></w:r>') if dirty else _FIELD_START
    words = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    return start + words + _FIELD_MIDDLE


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
_SHOWN = re.compile(
    f"{re.escape(_FIELD_START)}<w:r><w:instrText[^<]*</w:instrText></w:r>{re.escape(_FIELD_MIDDLE)}"
    f"(<w:r>(?:(?!<w:fldChar).)*?</w:r>){re.escape(FIELD_END)}"
)


def field(instruction: str, result: str) -> str:
    """A field with its result."""
    return field_begin(instruction) + run(result) + FIELD_END


def as_shown(content: str) -> str:
    """The content with its fields that have a result replaced by what they show."""
    return _SHOWN.sub(r"\1", content)


def hidden_field(instruction: str) -> str:
    """A field that shows nothing; LibreOffice hides it only where its end is hidden too."""
    return field_begin(instruction) + FIELD_END.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")


def nested_field(*pieces: str) -> str:
    """A field without a result whose instruction has fields in it: plain words and fields in turn, words first."""
    inner = "".join(
        f'<w:r><w:instrText xml:space="preserve">{escape(piece)}</w:instrText></w:r>' if index % 2 == 0 else piece
        for index, piece in enumerate(pieces)
    )
    return f"{_FIELD_START}{inner}{_FIELD_MIDDLE}{FIELD_END}"


def part(root: str, content: Iterable[str]) -> bytes:
    """A whole XML part with the namespaces used here."""
    return f"{DECLARATION}<w:{root} {NAMESPACES}>{''.join(content)}</w:{root}>".encode()
