"""XHTML as strings: text, runs, whole pages. Strings, because a book is tens of thousands of elements of few shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from archive.export.flow import sound_text
from archive.model.records import Run, Style

_BREAKS = re.compile(r"\r\n?|\n")
_COLLAPSING = re.compile(r"[ \t]*\t[ \t]*| {2,}")  # what HTML would show as one space
_SPACES = re.compile(r"[ \t\r\n]+")
_TAGS = (
    (Style.BOLD, "<b>", "</b>"),
    (Style.ITALIC, "<i>", "</i>"),
    (Style.UNDERLINE, "<u>", "</u>"),
    (Style.EMPHASIS, '<em class="dots">', "</em>"),
    (Style.SUPERSCRIPT, "<sup>", "</sup>"),
    (Style.SUBSCRIPT, "<sub>", "</sub>"),
)


def text(value: str) -> str:
    """The text as content: every character shown, line breaks as br, runs of spaces kept."""
    safe = escape(sound_text(value))
    if "  " in safe or "\t" in safe:
        safe = _COLLAPSING.sub(r'<span class="spaces">\g<0></span>', safe)
    return _BREAKS.sub("<br/>", safe) if "\n" in safe or "\r" in safe else safe


def line(value: str) -> str:
    """The text as content on one line, for headings and links to them."""
    return escape(_SPACES.sub(" ", sound_text(value)))


def label(value: str) -> str:
    """The text for a link or the name of a page, which may not be empty."""
    return line(value) if value.strip() else "（无题）"


def attribute(value: str) -> str:
    """The value in quotes, line breaks as spaces."""
    return quoteattr(sound_text(value), {"\n": " ", "\t": " ", "\r": " "})


def styled(run: Run) -> str:
    """A run of an article without its note reference."""
    content = text(run.text)
    if run.ruby:
        content = f"<ruby>{content}<rp>（</rp><rt>{text(run.ruby)}</rt><rp>）</rp></ruby>"
    if run.text and run.style:
        for style, before, after in _TAGS:
            if run.style & style:
                content = before + content + after
    return content


def element(name: str, content: str, style: str = "", identity: str = "") -> str:
    """An element with its class and id, if any."""
    marks = (f' id="{identity}"' if identity else "") + (f' class="{style}"' if style else "")
    return f"<{name}{marks}>{content}</{name}>"


def editor_note(paragraphs: Sequence[str]) -> Iterator[str]:
    """What the editor says before a text or a 栏目 (编者按); nothing when there is nothing."""
    if paragraphs:
        yield element("div", "\n".join(element("p", text(paragraph)) for paragraph in paragraphs), "editor-note")


def page(title: str, body: str, *, language: str, part: str = "") -> str:
    """A whole XHTML document; `part` is the epub:type of its body (frontmatter, bodymatter, backmatter)."""
    kind = f' epub:type="{part}"' if part else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{language}" xml:lang="{language}">\n'
        f"<head>\n<title>{label(title)}</title>\n"
        '<meta name="viewport" content="width=device-width"/>\n'
        '<link rel="stylesheet" type="text/css" href="book.css"/>\n</head>\n'
        f"<body{kind}>\n{body}\n</body>\n</html>\n"
    )
