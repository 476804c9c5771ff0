"""Sexagenary years (干支纪年): 甲子 is year 4, 1864, 1924, 1984."""

from __future__ import annotations

STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"

# Printers and scanners confuse these; which one is meant follows from the place in the pair.
_STEM_SLIPS = {"已": "己", "巳": "己", "戍": "戊", "戌": "戊"}
_BRANCH_SLIPS = {"已": "巳", "己": "巳", "戍": "戌", "戊": "戌"}

PATTERN = f"[{STEMS}{''.join(_STEM_SLIPS)}][{BRANCHES}{''.join(_BRANCH_SLIPS)}]"
FINALS = BRANCHES + "".join(_BRANCH_SLIPS)
INITIALS = STEMS + "".join(_STEM_SLIPS)
_INDEX = {STEMS[index % 10] + BRANCHES[index % 12]: index for index in range(60)}


def index(pair: str) -> int | None:
    """0 for 甲子 to 59 for 癸亥; None for a pair that does not exist (甲丑)."""
    stem, branch = pair[0], pair[1]
    return _INDEX.get(_STEM_SLIPS.get(stem, stem) + _BRANCH_SLIPS.get(branch, branch))


def years(pair: str, first: int, last: int) -> list[int]:
    """The years of that name from `first` to `last`, inclusive."""
    found = index(pair)
    if found is None:
        return []
    start = first + (found + 4 - first) % 60
    return list(range(start, last + 1, 60))


def nearest(pair: str, year: int, back: int = 29, ahead: int = 30) -> int | None:
    """The year of that name closest to `year`, at most `back` years earlier and `ahead` later."""
    return min(years(pair, year - back, year + ahead), key=lambda found: abs(found - year), default=None)


def day_index(number: int) -> int:
    """The place of a day (Julian day number) in the sixty-day cycle, which has run without a break: 0 for 甲子."""
    return (number - 11) % 60
