"""Which encoding a Chinese text is in: by byte-order mark, by validity, then by the share of frequent characters."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
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
_UTF8 = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){2}")
_CLEARLY = 0.2  # of the characters: so much better must the other reading of a line be
_LONGEST = (
    2**20
)  # bytes of a line whose encoding changes within it that are parted; longer ones are read as the file is
# What a character says for a reading of a line in parts, and what changing to the other encoding costs.
_KNOWN, _UNUSUAL, _NONE, _CHANGE = 1.0, -1.0, -1.5, -1.5
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
    """What most lines are in, where the lines or parts of them are either UTF-8 or GB18030 (see `decode_lines`)."""
    found = decode_lines(sample.rpartition(b"\n")[0] or sample, "utf-8")
    text, strangers = found.text, found.strangers
    if not (strangers or found.torn) or "\ufffd" in text or _CONTROL.search(text) or frequent_share(text) < _ACCEPTED:
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


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with how many of its lines are in another encoding than the rest, and how many in both."""

    text: str
    strangers: int = 0
    torn: int = 0


def decoded(data: bytes, encoding: str) -> Decoded:
    """The text of bytes that `detect` finds in this encoding; what means nothing in it becomes U+FFFD."""
    return decode_lines(data, encoding) if may_be_mixed(data, encoding) else Decoded(data.decode(encoding, "replace"))


def decode_lines(data: bytes, usual: str) -> Decoded:
    """The text of bytes whose lines are partly UTF-8, partly GB18030, mostly `usual`, or change within.

    A line is read as the one of both in which it has no error; where it has none in either, by its characters; where it
    has some in both, or looks like one within the other, in parts. Bytes that mean nothing in any become U+FFFD.
    """
    other = "gb18030" if usual == "utf-8" else "utf-8"
    lines: list[str] = []
    strangers = torn = 0
    for raw in data.split(b"\n"):
        found = {name: text for name in (usual, other) if (text := _strict(raw, name)) is not None}
        if "utf-8" not in found and len(raw) <= _LONGEST and _UTF8.search(raw):
            text, used = _in_parts(raw)
            torn += len(used) == 2
            strangers += used == {other}
            lines.append(text)
            continue
        if len(found) == 2 and found[usual] != found[other]:
            stranger = frequent_share(found[other]) > frequent_share(found[usual]) + _CLEARLY
        else:
            stranger = usual not in found and other in found
        strangers += stranger
        lines.append(found[other] if stranger else raw.decode(usual, "replace"))
    return Decoded("\n".join(lines), strangers, torn)


def _in_parts(raw: bytes) -> tuple[str, set[str]]:
    """A line that may change from UTF-8 to GB18030 and back, so that its characters are likeliest; what it uses."""
    # For each byte and encoding that ends before it: the score so far, and where the last character began, in which.
    best: list[dict[str, tuple[float, int, str, str]]] = [{} for _ in range(len(raw) + 1)]
    best[0] = {name: (0.0, 0, name, "") for name in ("utf-8", "gb18030")}
    for at in range(len(raw)):
        for name, (score, *_) in best[at].items():
            for into in ("utf-8", "gb18030"):
                changed = score + (_CHANGE if into != name else 0.0)
                for size, character in _next(raw, at, into):
                    end = best[at + size]
                    total = changed + _worth(character)
                    if into not in end or total > end[into][0]:
                        end[into] = (total, at, name, character)
    at, name = len(raw), max(best[-1], key=lambda name: best[-1][name][0])
    characters: list[str] = []
    used: set[str] = set()
    while at:
        _, at, before, character = best[at][name]
        characters.append(character)
        if not character.isascii() and character != "\ufffd":
            used.add(name)
        name = before
    return "".join(reversed(characters)), used


def _next(raw: bytes, at: int, encoding: str) -> Iterator[tuple[int, str]]:
    """How many bytes the next character may take, and which it is; a byte by itself may mean nothing."""
    first = raw[at]
    if first < 0x80:
        yield 1, chr(first)
        return
    for size in (2, 3, 4) if encoding == "utf-8" else (2, 4):
        character = _strict(raw[at : at + size], encoding)
        if character is not None and len(character) == 1:
            yield size, character
            return
    yield 1, "\ufffd"


def _worth(character: str) -> float:
    if character.isascii():
        return 0.0
    if character == "\ufffd":
        return _NONE
    return _KNOWN if character in _frequent() else _UNUSUAL


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
