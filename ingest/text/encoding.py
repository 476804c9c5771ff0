"""Which encoding a Chinese text is in: by byte-order mark, by validity, then by the share of frequent characters."""

from __future__ import annotations

import codecs
import re
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
    best = max(_CANDIDATES, key=lambda name: _score(sample, name))
    return best if _score(sample, best) >= _ACCEPTED else None


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a character cut off at the end is no error
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, name: str) -> float:
    """Share of frequent characters among those beyond ASCII, less what does not belong in text."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    beyond = [character for character in text if character > "\x7f"]
    if not beyond:  # pure ASCII in two-byte form is the only text without any
        wide = name.startswith("utf-16") and not _CONTROL.search(text)
        return 1.0 if wide and text else 0.0
    frequent = sum(map(_frequent().__contains__, beyond)) / len(beyond)
    damaged = text.count("\ufffd") / len(beyond)
    private = sum("\ue000" <= character <= "\uf8ff" for character in beyond) / len(beyond)
    control = len(_CONTROL.findall(text)) / len(text)
    return frequent - 3 * damaged - 3 * private - 3 * control
