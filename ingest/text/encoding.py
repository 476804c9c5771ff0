"""Which encoding a Chinese text is in: by byte-order mark, by validity, then by the share of frequent characters."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import cache
from importlib.resources import files

SAMPLE = 2**18  # bytes looked at where bytes alone do not decide
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# cp950 and big5hkscs add what plain Big5 lacks; the order settles ties.
_CANDIDATES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "cp950", "big5hkscs")
_PUNCTUATION = frozenset("，。、；：“”《》（）「」『』？！—…　")
_ACCEPTED = 0.3  # of the characters beyond ASCII; real texts reach .6, wrong decodings .1
_FEW_NULS = 0.1
_UTF8 = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){3}")
_CLEARLY = 0.2  # of the characters: so much better must the other reading of a line be
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")

NAMES = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030（GBK）",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp950": "Big5",
    "big5hkscs": "Big5",
}


@cache
def _frequent() -> frozenset[str]:
    """The 1,500 most frequent characters and their traditional forms (see scripts/build_frequent.py)."""
    text = files("ingest.text").joinpath("frequent.txt").read_text(encoding="utf-8")
    return frozenset(text.replace("\n", "")) | _PUNCTUATION


def detect(data: bytes) -> str | None:
    """The Python name of the encoding of `data`, or None where it is not text in any known one.

    A few damaged bytes do not change the answer. A byte-order mark is not part of the text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:SAMPLE]
    # Two-byte text can be valid UTF-8 only where every byte is below 0x80, and then much of it is NUL.
    if _is_utf8(sample) and (not sample.isascii() or sample.count(0) <= _FEW_NULS * len(sample)):
        return "utf-8"
    scores = {name: _score(sample, name) for name in _CANDIDATES}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= _ACCEPTED else _by_lines(sample)


def _by_lines(sample: bytes) -> str | None:
    """What most lines are in, where every line by itself is either UTF-8 or GB18030 (see `decode_lines`)."""
    text, strangers = decode_lines(sample.rpartition(b"\n")[0] or sample, "utf-8")
    if not strangers or "\ufffd" in text or _CONTROL.search(text) or frequent_share(text) < _ACCEPTED:
        return None
    return "gb18030" if 2 * strangers > text.count("\n") + 1 else "utf-8"


def frequent_share(text: str) -> float:
    """How many of the Han characters of a text are among the frequent ones, from 0 to 1; 1 where there are none."""
    han = [character for character in text if "\u3400" <= character <= "\u9fff" or character >= "\U00020000"]
    return sum(map(_frequent().__contains__, han)) / len(han) if han else 1.0


def may_be_mixed(data: bytes, encoding: str) -> bool:
    """Whether single lines may be in another encoding than this one."""
    if encoding == "utf-8":
        return not _is_utf8(data)
    return encoding == "gb18030" and bool(_UTF8.search(data))


def decode_lines(data: bytes, usual: str) -> tuple[str, int]:
    """The text of bytes whose lines are partly UTF-8, partly GB18030, and how many lines are not in `usual`.

    A line is read as the one of both in which it has no error; where it has none in either, by its characters. Bytes
    that mean nothing in any become U+FFFD.
    """
    other = "gb18030" if usual == "utf-8" else "utf-8"
    lines: list[str] = []
    strangers = 0
    for raw in data.split(b"\n"):
        found = {name: text for name in (usual, other) if (text := _strict(raw, name)) is not None}
        if len(found) == 2 and found[usual] != found[other]:
            stranger = frequent_share(found[other]) > frequent_share(found[usual]) + _CLEARLY
        else:
            stranger = usual not in found and other in found
        strangers += stranger
        lines.append(found[other] if stranger else raw.decode(usual, "replace"))
    return "\n".join(lines), strangers


def _strict(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        return None


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a character cut off at the end is no error
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, name: str) -> float:
    """Share of frequent characters among those beyond ASCII, less what does not belong in text."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    counts = Counter(text)  # a long text has few different characters
    beyond = sum(count for character, count in counts.items() if character > "\x7f")
    if not beyond:  # pure ASCII in two-byte form is the only text without any
        wide = name.startswith("utf-16") and not _CONTROL.search(text)
        return 1.0 if wide and text else 0.0
    known = _frequent()
    frequent = sum(count for character, count in counts.items() if character in known) / beyond
    damaged = counts["\ufffd"] / beyond
    private = sum(count for character, count in counts.items() if "\ue000" <= character <= "\uf8ff") / beyond
    control = sum(count for character, count in counts.items() if _CONTROL.match(character)) / len(text)
    return frequent - 3 * damaged - 3 * private - 3 * control
