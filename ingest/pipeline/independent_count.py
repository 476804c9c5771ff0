"""The text of a file read a second time, by other means than its reader's: bytes in, text out.

Nothing here shares code with a reader. The text is rough: all of it, by part of the file, paragraphs on lines of their
own; good enough to count characters and to say which passages are missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from ingest.pipeline import count_office, count_old_word, count_text
from ingest.pipeline.count_text import FileText

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGNS = re.compile(f"[{_HAN}A-Za-z0-9\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")
# A raised 4 may be stored as ⁴.
_RAISED = {code: unicodedata.normalize("NFKC", chr(code)) for code in (0xB2, 0xB3, 0xB9, *range(0x2070, 0x208F))}
_RAISED_SIGN = re.compile("[\u00b2\u00b3\u00b9\u2070-\u208e]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufeff]+")

Texts = Mapping[str, str]
"""Part of the file (a name inside it, a page; "" for the whole) → its text."""


def signs(text: str) -> str:
    """The Han characters, letters and digits of a text: what no format uses as a mark of its own."""
    if _RAISED_SIGN.search(text):
        text = text.translate(_RAISED)
    return "".join(_SIGNS.findall(text))


def squeezed(text: str) -> str:
    """A text without white space and control characters."""
    return "".join(_CONTROL.sub("", text).split())


def texts(format_name: str, file: Path) -> list[FileText]:
    """The readings a file allows: one, or several where its encoding is a guess; none where there is no second way."""
    read = _READERS.get(format_name)
    return read(file) if read else []


def _nothing(file: Path) -> list[FileText]:
    """A picture holds no text; what was recognised on it is counted where it is heard: readers/recogniser.py."""
    return [FileText({})]


_READERS: dict[str, Callable[[Path], list[FileText]]] = {
    "docx": count_office.word,
    "doc": count_old_word.word_97,
    "rtf": count_old_word.rich_text,
    "odt": count_office.open_document,
    "xml": count_office.word_xml,
    "ofd": count_office.fixed_layout,
    "xlsx": count_office.workbook,
    "csv": count_text.plain,
    "text": count_text.plain,
    "records": count_text.records,
    "mime": count_text.message,
    "tei": count_text.tei,
    "ead": count_text.finding_aid,
    "site": count_text.site,
    "html": count_text.web_page,
    "epub": count_text.book,
    "pdf": count_text.pdf,
    "picture": _nothing,
}
