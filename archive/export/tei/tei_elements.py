"""TEI elements as strings."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from archive.export.flow import sound_text
from archive.model.records import Run, Style

_BREAKS = re.compile(r"\r\n?|\n")
_RENDITIONS = (
    (Style.BOLD, "bold"),
    (Style.ITALIC, "italic"),
    (Style.UNDERLINE, "underline"),
    (Style.EMPHASIS, "dots"),
    (Style.SUPERSCRIPT, "superscript"),
    (Style.SUBSCRIPT, "subscript"),
)


def text(value: str) -> str:
    """The text as content; line breaks are lb."""
    return _BREAKS.sub("<lb/>", escape(sound_text(value)))


def line(value: str) -> str:
    """The text as content on one line."""
    return escape(re.sub(r"[ \t\r\n]+", " ", sound_text(value)))


def element(name: str, content: str = "", /, **attributes: str) -> str:
    """An element; `xml_id` stands for xml:id, empty attributes are left out."""
    marks = "".join(
        f" {key.replace('xml_', 'xml:').rstrip('_')}={quoteattr(sound_text(value))}"
        for key, value in attributes.items()
        if value
    )
    return f"<{name}{marks}>{content}</{name}>" if content else f"<{name}{marks}/>"


def styled(run: Run) -> str:
    """A run of an article without its note reference."""
    # Within ruby TEI has no line breaks.
    content = f"<ruby><rb>{line(run.text)}</rb><rt>{line(run.ruby)}</rt></ruby>" if run.ruby else text(run.text)
    rend = " ".join(word for style, word in _RENDITIONS if run.style & style) if run.text and run.style else ""
    return f'<hi rend="{rend}">{content}</hi>' if rend else content
