r"""Fields of RTF whose text stands in their instruction (EQ, SYMBOL): LibreOffice drops it, so it is written out.

The same rules read them as in .docx. Readings of phonetic guides are put behind their characters in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.ooxml.eq_field import SYMBOL_FIELD, eq_runs
from ingest.readers.ooxml.symbols import symbol
from ingest.readers.rtf_math import TOKEN, code_page, decoded, escaped

_FIELD = re.compile(rb"\{\\field(?![a-z])")
_INSTRUCTION = re.compile(rb"\{(?:\\\*)?\\fldinst(?![a-z])")
_LONGEST = 2**16  # bytes of one field


def written_out(data: bytes) -> bytes:
    """The RTF with each such field as the text it shows; other fields stay as they are."""
    encoding = code_page(data)
    parts: list[bytes] = []
    done = 0
    for begin in _FIELD.finditer(data):
        end = _end(data, begin.start())
        found = _INSTRUCTION.search(data, begin.end(), end)
        if begin.start() < done or found is None:
            continue
        shown = _shown(_text(data, found.start(), _end(data, found.start()), encoding).strip())
        if shown:
            parts += [data[done : begin.start()], b"{", escaped(shown), b"}"]
            done = end
    return b"".join([*parts, data[done:]]) if parts else data


def _shown(instruction: str) -> str:
    if re.match(r"EQ\b", instruction, re.IGNORECASE):
        return "".join(f"{run.text}（{run.ruby}）" if run.ruby else run.text for run in eq_runs(instruction)).strip()
    if match := SYMBOL_FIELD.match(instruction):
        return symbol((match[2] or "").strip(), f"{int(match[1], 0):x}")
    return ""


def _end(data: bytes, start: int) -> int:
    """Where the group that begins at `start` ends; `start` itself where it is too long or open."""
    depth = 0
    for token in TOKEN.finditer(data, start, min(len(data), start + _LONGEST)):
        depth += (token[5] == b"{") - (token[5] == b"}")
        if depth == 0:
            return token.end()
    return start


def _text(data: bytes, start: int, end: int, encoding: str) -> str:
    """The characters of a group, whatever their formatting."""
    return decoded("".join(_characters(data, start, end)), encoding)


def _characters(data: bytes, start: int, end: int) -> Iterator[str]:
    skip, fallback = 0, 1
    for token in TOKEN.finditer(data, start, end):
        word, number, coded, sign, _, plain = token.groups()
        if word == b"u" and number is not None:
            yield chr(int(number) % 0x10000)
            skip = fallback
        elif word == b"uc":
            fallback = int(number or 0)
        elif coded is not None or plain is not None:
            raw = bytes([int(coded, 16)]) if coded is not None else plain
            yield raw[skip:].decode("latin-1")
            skip = max(0, skip - len(raw))
        elif sign in (b"\\", b"{", b"}"):
            yield sign.decode("ascii")
