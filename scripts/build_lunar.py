"""Write archive/dates/data/lunar.tsv, the table of lunar months from year 1 to 2100.

    pip install sxtwl==2.0.7        # BSD; needed for building only
    python scripts/build_lunar.py

One row a year: number, leap month (0 where there is none), Julian day number of the first day, and the months' lengths
in order, `L` for 30 days, `S` for 29, `T` for 28; the leap month stands after the month whose number it repeats. A
few years of calendar reforms (237, 690, 762…) do not count their months 1 to 12: these have a fifth column with the
numbers, a leap month negative.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import sxtwl

from archive.dates.calendar import GREGORIAN_REFORM, civil, day, julian_day

TABLE = Path(__file__).resolve().parents[1] / "archive" / "dates" / "data" / "lunar.tsv"
FIRST, LAST = 1, 2100
HEADER = """\
# Lunar months, {first} to {last}. Made by scripts/build_lunar.py with sxtwl 2.0.7 (BSD licence); do not edit by hand.
# year\tleap month\tfirst day (JDN)\tlengths (L 30, S 29, T 28)\tmonth numbers where irregular
"""


def main() -> None:
    months = _months(julian_day(FIRST, 1, 1), day(LAST + 1, 3, 31))
    rows = []
    for year in range(FIRST, LAST + 1):
        own = [month for month in months if month[0] == year]
        rows.append(_row(year, own))
    TABLE.write_text(HEADER.format(first=FIRST, last=LAST) + "".join(rows), encoding="utf-8", newline="\n")


def _months(first: int, last: int) -> list[tuple[int, int, bool, int, int]]:
    """(lunar year, month, leap, first day, last day) of every month that begins in the range, in order."""
    starts: list[tuple[int, int, bool, int]] = []
    number = first
    while number <= last:
        lunar = _lunar(number)
        start = number - lunar.getLunarDay() + 1
        starts.append((lunar.getLunarYear(), lunar.getLunarMonth(), bool(lunar.isLunarLeap()), start))
        number = start + 31  # months have 28 to 30 days, so this is in the next one
    return [(*this, following[3] - 1) for this, following in pairwise(starts)]


def _lunar(number: int) -> sxtwl.Day:
    if number >= GREGORIAN_REFORM:
        return sxtwl.fromSolar(*civil(number))
    c = number + 32082  # sxtwl wants the Julian calendar before the reform
    d = (4 * c + 3) // 1461
    e = c - 1461 * d // 4
    m = (5 * e + 2) // 153
    return sxtwl.fromSolar(d - 4800 + m // 10, m + 3 - 12 * (m // 10), e - (153 * m + 2) // 5 + 1)


def _row(year: int, months: list[tuple[int, int, bool, int, int]]) -> str:
    leap = next((month for _, month, is_leap, _, _ in months if is_leap), 0)
    lengths = "".join({28: "T", 29: "S", 30: "L"}[end - start + 1] for _, _, _, start, end in months)
    numbers = [-month if is_leap else month for _, month, is_leap, _, _ in months]
    regular = [number for month in range(1, 13) for number in ([month, -month] if month == leap else [month])]
    columns = [str(year), str(leap), str(months[0][3]), lengths]
    if numbers != regular:
        columns.append(",".join(map(str, numbers)))
    return "\t".join(columns) + "\n"


if __name__ == "__main__":
    main()
