"""What LibreOffice loses of RTF: list labels written with question marks, and descriptions of pictures."""

from __future__ import annotations

import re
from pathlib import Path

from archive.model.issues import IssueCode
from archive.model.records import Issue

# A level's text in a code page without Chinese: 第一章 became ?一?. The paragraph's own \listtext still has it right.
_LOST_LABEL = re.compile(rb"\\leveltext[^;]*\\'3f")
_LABEL = re.compile(rb"\{(?:\\\*)?\\listtext\b")
_LIST = re.compile(rb"\\ls\d+(?= ?)")
_DESCRIPTION = re.compile(rb"\{\\sn wzDescription\}\s*\{\\sv ([^{}]*)\}")
_UNICODE = re.compile(r"\\u(-?\d+) ?(?:\\'[0-9a-f]{2}|\?)*")


def mend(file: Path) -> None:
    """Turns labels that cannot be computed rightly into the text they were; changes `file`."""
    data = file.read_bytes()
    if _LOST_LABEL.search(data):
        file.write_bytes(_LIST.sub(b"", _LABEL.sub(b"{", data)))


def left_behind(file: Path) -> tuple[Issue, ...]:
    """An issue for each description of a picture: LibreOffice does not carry it over."""
    return tuple(
        Issue(IssueCode.DESCRIPTION, "图片", f"图片的替代文字“{text}”没有随转换过来，需要时请在网页上补上")
        for raw in dict.fromkeys(_DESCRIPTION.findall(file.read_bytes()))
        if (text := _UNICODE.sub(lambda match: chr(int(match[1]) % 0x10000), raw.decode("latin-1")).strip())
    )
