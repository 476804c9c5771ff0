"""Reign eras: names, dynasties and days, from the table `data/eras.tsv` (made by scripts/build_eras.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from archive.dates import ganzhi, lunar

_DATA = files("archive.dates") / "data"

# 避讳 and other spellings of an era's name.
ALIASES = {
    "宏治": "弘治",
    "宏光": "弘光",
    "崇正": "崇祯",
    "中元": "建武中元",
    "天凤": "始建国天凤",
    "地皇": "始建国地皇",
    "太和": "大和",
}
# Names that tell the later of two eras of one name, or the earlier: the era, and its ruler.
EPITHETS = {"重纪至元": ("至元", "顺帝"), "后至元": ("至元", "顺帝"), "前至元": ("至元", "世祖")}
# Characters that vary within names; plain.py writes them the same way, and every other name as the table does.
VARIANTS = {"佑": "祐", "甯": "宁"}


def _lines(name: str) -> list[str]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _words(name: str) -> list[str]:
    return [word for line in _lines(name) for word in line.split()]


# What a text may call a dynasty → the names the table uses.
DYNASTIES = {called: tuple(names.split()) for called, names in (line.split("\t") for line in _lines("dynasties.tsv"))}
_RANK = {dynasty: rank for rank, dynasty in enumerate(_words("main_dynasties.txt"))}
# Ming and Qing reigns may stand with 间, 时 or 朝 alone: nobody takes 道光间 for anything else.
LATE = frozenset(("明", "清"))
# Names that are also words or places.
COMMON = frozenset(_words("common_eras.txt"))


@cache
def civil() -> dict[str, tuple[int, int]]:
    """Eras that count Gregorian months: the Gregorian year counted as 元年, and the last count in use."""
    rows = (line.split("\t") for line in _lines("civil_eras.tsv"))
    return {name: (int(one), int(last)) for name, one, last in rows}


@dataclass(frozen=True, slots=True)
class Era:
    """A stretch of years counted under one name.

    `year_one` is the lunar year counted as 元年 (astronomical); `first` to `last` are the counts in use, both inclusive
    (洪武 came back for one year as its 35th). `start` and `end` are days, inclusive. `exact` is false where sources
    differ about them: then they are the ends of lunar years.
    """

    name: str
    dynasty: str
    ruler: str
    year_one: int
    first: int
    last: int
    start: int
    end: int
    exact: bool

    def year(self, count: int) -> int | None:
        """The lunar year of the era's `count`-th year, or None where the era did not last so long."""
        return self.year_one + count - 1 if self.first <= count <= self.last else None

    def named_years(self, pair: str) -> list[int]:
        """The lunar years of the era with this sexagenary name."""
        return ganzhi.years(pair, self.year_one + self.first - 1, self.year_one + self.last - 1)


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split("\t")) for line in _lines("eras.tsv"))


def spellings() -> dict[str, str]:
    """Traditional characters of era names with their simplified forms."""
    pairs = {}
    for simplified, traditional, *_ in _rows():
        pairs.update({old: new for old, new in zip(traditional, simplified, strict=True) if old != new})
    return pairs


def _common_form(name: str) -> str:
    return "".join(VARIANTS.get(character, character) for character in name)


@cache
def table() -> dict[str, tuple[Era, ...]]:
    """Eras by name, the likeliest first."""
    named: dict[str, list[Era]] = {}
    for row in _rows():
        era = _era(row)
        named.setdefault(_common_form(era.name), []).append(era)
    for alias, name in ALIASES.items():
        if name in named:
            named[alias] = named.get(alias, []) + named[name]
    for called, (name, ruler) in EPITHETS.items():
        named[called] = [era for era in named.get(name, []) if era.ruler == ruler]
    return {name: tuple(sorted(eras, key=_likelihood)) for name, eras in named.items() if len(name) > 1}


def _era(row: tuple[str, ...]) -> Era:
    name, _, dynasty, ruler, year_one, first, last, start, end, precision, _ = row
    one, earliest, latest = int(year_one), int(first), int(last)
    exact = precision == "day"
    first_day = int(start) if exact else lunar.year_span(one + earliest - 1)[0]
    last_day = int(end) if exact else lunar.year_span(one + latest - 1)[1]
    return Era(name, dynasty, ruler, one, earliest, latest, first_day, last_day, exact)


_FIRST_NAMED = -139  # 建元: earlier names were given to years by later writers, so 中元 alone is the later one


_MONARCHS = ("帝", "宗", "祖", "主", "后", "王")


def _likelihood(era: Era) -> tuple[bool, bool, int, int]:
    """Monarchs before rebels: 隆兴 is of 孝宗, not of 赵谂, who had taken it sixty years before."""
    rebel = not any(ruler.endswith(_MONARCHS) for ruler in era.ruler.split("/"))
    return era.year_one < _FIRST_NAMED, rebel, _RANK.get(era.dynasty, len(_RANK)), era.first - era.last


@cache
def rulers() -> dict[str, tuple[Era, ...]]:
    """Eras by their ruler's temple or posthumous name (太宗, 武帝)."""
    named: dict[str, list[Era]] = {}
    for found in table().values():
        for era in found:
            for ruler in set(era.ruler.split("/")):
                if ruler[-1:] in ("帝", "宗", "祖") and len(ruler) in (2, 3):
                    named.setdefault(ruler, []).append(era)
    return {ruler: tuple(found) for ruler, found in named.items()}


@cache
def of_count(count: int) -> tuple[Era, ...]:
    """The eras of the great dynasties that reached that many years, those of the likeliest dynasties first."""
    found = (era for named in table().values() for era in named if era.dynasty in _RANK and era.year(count) is not None)
    return tuple(sorted(set(found), key=_likelihood))


def candidates(name: str, dynasty: str = "") -> tuple[Era, ...]:
    """The eras of that name, of that dynasty if one is named (as texts call it); likeliest first."""
    found = table().get(name, ())
    if not dynasty:
        return found
    called = dynasty.removeprefix("大") if len(dynasty) > 1 else dynasty
    allowed = DYNASTIES.get(called, (called,))
    return tuple(era for era in found if era.dynasty in allowed)


def is_main(eras: Iterable[Era]) -> bool:
    """Whether one of them belongs to a dynasty that texts need not name."""
    return any(era.dynasty in _RANK for era in eras)


def rivals(chosen: Era, other: Era) -> bool:
    """Whether the other era is worth keeping beside the chosen one.

    Beside a Ming or Qing era no other of its name is meant unless its dynasty is named; beside another great dynasty's
    only a great dynasty's.
    """
    if chosen.dynasty in LATE:
        return other.dynasty in LATE
    return other.dynasty in _RANK or chosen.dynasty not in _RANK
