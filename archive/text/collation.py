"""The order of names in printed indexes, character by character: by pinyin or by strokes.

By pinyin: letters, then tone, then strokes; ü goes with u, after it. By strokes: their number, then the strokes
themselves in the order 一丨丿丶乛 (GF 3003, as 通用规范汉字表 is ordered; characters outside it by the same rule where
their strokes are known, else by their radical), then the code point. Marks and spaces do not count. The tables are
made by scripts/build_collation.py; data/readings.tsv lists the surnames and places that are read otherwise.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Literal

Reading = Literal["", "人名", "地名"]
"""How a name is to be read: 单 is Shàn in a person's name, 六 Lù in 六安; "" reads each character as usual."""

Key = tuple[tuple[int, str, bool, int, int, int], ...]
"""What names are sorted by: for each character class, letters, whether with ü, tone, place by strokes, code point."""

OTHER = "#"
OTHER_STROKES = "其他"

_SORTED, _UNSORTED = 0, 1
_NOTHING: Key = ((_UNSORTED, "", False, 0, 0, -1),)
_LONGEST = 4  # characters of the longest beginning in readings.tsv
_NUMERALS = "零一二三四五六七八九"


def pinyin_key(name: str, read_as: Reading = "") -> Key:
    """The place of a name in the order by pinyin; Latin letters stand among the readings, other signs come last."""
    signs = _signs(name)
    return tuple(map(_by_sound, signs, readings(signs, read_as))) or _NOTHING


def initial(name: str, read_as: Reading = "") -> str:
    """The letter a name stands under in an index by pinyin: A to Z, `#` where there is none."""
    order, letters, *_ = pinyin_key(name, read_as)[0]
    return letters[0].upper() if order == _SORTED else OTHER


def readings(name: str, read_as: Reading = "") -> tuple[str, ...]:
    """The reading of each character as letters and tone (lü4; 5 is the neutral tone); "" for what has none."""
    found = list(map(_usual().get, name, repeat("")))
    known = _special(read_as)
    for length in range(min(len(name), _LONGEST), 0, -1):
        if said := known.get(name[:length]):
            found[:length] = said
            break
    return tuple(found)


def is_compound_surname(text: str) -> bool:
    """Whether it is a surname of two or more characters (欧阳, 司马)."""
    return len(text) > 1 and text in _special("人名")


def stroke_key(name: str) -> Key:
    """The place of a name in the order by strokes; characters whose strokes are not known come last."""
    return tuple(map(_by_strokes, _signs(name))) or _NOTHING


def strokes(char: str) -> int:
    """How many strokes a Han character has; 0 if that is not known (or it is none)."""
    table = _stroke_table()
    place = table.places.get(char)
    return 0 if place is None else table.numbers[bisect_right(table.starts, place) - 1]


def stroke_label(name: str) -> str:
    """The heading a name stands under in an index by strokes: 三画, 十二画; 其他 where strokes are not known."""
    number = strokes(_signs(name)[:1])
    return f"{_numeral(number)}画" if number else OTHER_STROKES


def _signs(name: str) -> str:
    """What counts for the order: letters, digits and characters; no punctuation, marks or spaces."""
    return "".join(char for char in name if char.isalnum() or unicodedata.category(char) in ("Co", "Cn"))


def _by_sound(char: str, said: str) -> tuple[int, str, bool, int, int, int]:
    place = _stroke_table().places.get(char, 0)
    if said:
        parts = unicodedata.normalize("NFD", said[:-1])
        letters = "".join(part for part in parts if part.isalpha())
        return _SORTED, letters, "\u0308" in parts, int(said[-1]), place, ord(char)
    letter = unicodedata.normalize("NFKD", char)[0].lower()
    if "a" <= letter <= "z":
        return _SORTED, letter, False, 0, 0, ord(char)
    return _UNSORTED, "", False, 0, place, ord(char)


def _by_strokes(char: str) -> tuple[int, str, bool, int, int, int]:
    place = _stroke_table().places.get(char)
    return (_UNSORTED, "", False, 0, 0, ord(char)) if place is None else (_SORTED, "", False, 0, place, ord(char))


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class _Strokes:
    """`places` numbers all characters in stroke order; from `starts[i]` on they have `numbers[i]` strokes."""

    places: Mapping[str, int]
    starts: Sequence[int]
    numbers: Sequence[int]


@cache
def _stroke_table() -> _Strokes:
    places: dict[str, int] = {}
    starts: list[int] = []
    numbers: list[int] = []
    for number, characters in _rows("strokes"):
        first = len(places)
        starts.append(first)
        numbers.append(int(number))
        places.update(zip(characters, range(first, first + len(characters)), strict=True))
    return _Strokes(places, starts, numbers)


@cache
def _usual() -> Mapping[str, str]:
    """Character → its usual reading in names."""
    found = {char: said for said, characters in _rows("pinyin") for char in characters}
    found.update((char, said) for sort, char, said in _rows("readings") if sort == "通")
    return found


@cache
def _special(read_as: Reading) -> Mapping[str, tuple[str, ...]]:
    """Beginnings of names that are read otherwise → the readings of their characters."""
    sorts = {"人名": ("姓", "复姓"), "地名": ("地名",)}.get(read_as, ())
    return {text: tuple(said.split()) for sort, text, said in _rows("readings") if sort in sorts}


def _rows(name: str) -> Iterator[list[str]]:
    text = files("archive.text").joinpath(f"data/{name}.tsv").read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
