"""Write two tables of archive/dates/data: eras.tsv, the reign eras of China, from the npm package cejs (BSD-3-Clause),
and characters.tsv, traditional characters with their simplified forms, from OpenCC (Apache-2.0).

    npm pack cejs@4.5.10 && tar xzf cejs-4.5.10.tgz
    pip install opencc                             # needed for building only
    python scripts/build_eras.py package [--compare OTHER.tsv]

cejs writes an era as `dynasty/ruler/era|first day~last day|months|notes`, where an empty name repeats the row before, a
missing last day means "until the next row", and `2/8=` before the months says that the era begins in its year 2, month
8. Days are Julian until 1582-10-04. OTHER.tsv is a second source with the columns dynasty, era, Y0, nyears, start_jdn,
end_jdn: where the two differ, the era falls back to whole lunar years and its row says so. It is compared, never
copied.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import opencc

from archive.dates import lunar
from archive.dates.calendar import GREGORIAN_REFORM, day, iso, julian_day, year_of

TABLE = Path(__file__).resolve().parents[1] / "archive" / "dates" / "data" / "eras.tsv"
CHARACTERS = TABLE.with_name("characters.tsv")
CHARACTERS_HEADER = """\
# Traditional characters and their simplified forms, one to one. Made by scripts/build_eras.py with OpenCC (Apache-2.0);
# do not edit by hand.
"""
HEADER = """\
# Reign eras of China. Made by scripts/build_eras.py from cejs 4.5.10 (BSD-3-Clause, (c) kanasimi); do not edit by hand.
# year one: the lunar year (astronomical) counted as 元年; first, last: the years of the era in use, as counted in it
# start, end: Julian day numbers, inclusive; precision "day", or "year" where sources disagree or give no day
# era\ttraditional\tdynasty\truler\tyear one\tfirst\tlast\tstart\tend\tprecision\tsource
"""

# cejs's names of states → the names texts use. States that are not listed keep theirs.
DYNASTIES = {
    "蜀": "蜀汉",
    "吴": "孙吴",
    "魏": "曹魏",
    "后梁": "西梁",
    "朱梁": "后梁",
    "杨吴": "南吴",
    "刘齐": "伪齐",
    "大蒙古国": "蒙古",
    "满洲帝国": "满洲国",
    "更始朝": "更始",
    "萧齐": "南齐",
    "萧梁": "南梁",
}
# 民国 counts Gregorian years by a rule of its own; the rest are anonymous or not states.
LEFT_OUT = {"民国", "大清", "大明", "天运", "中华人民共和国"}
# Days that chronicles state and that cejs rounds to the ends of years or rulers' rows.
CORRECTIONS = {
    ("明", "洪武", 1): ("start", day(1368, 1, 31), "明史·太祖本纪：洪武元年正月乙亥（初四）即位建元"),
    ("明", "天顺", 1): ("start", day(1457, 2, 24), "明史·英宗后纪：正月丙戌（二十一日）改景泰八年为天顺元年"),
    ("明", "崇祯", 1): ("end", day(1644, 4, 25), "明史·庄烈帝本纪：十七年三月丁未（十九日）"),
    ("清", "宣统", 1): ("end", day(1912, 2, 12), "清史稿·宣统皇帝本纪：三年十二月戊午（二十五日）逊位"),
}


@dataclass(frozen=True)
class Era:
    name: str
    traditional: str
    dynasty: str
    ruler: str
    year_one: int
    first: int
    last: int
    start: int
    end: int
    precision: str
    source: str


@dataclass(frozen=True)
class Row:
    """One row of cejs: names inherited, days resolved."""

    dynasty: str
    ruler: str
    era: str
    start: int
    end: int
    opening_year: int
    exact: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    parser.add_argument("--compare", type=Path, help="a second table of eras")
    arguments = parser.parse_args()
    rows = list(_rows((arguments.package / "data" / "date" / "era_data.js").read_text(encoding="utf-8-sig")))
    eras = _eras(rows)
    if arguments.compare:
        eras = _compared(eras, arguments.compare)
    TABLE.write_text(HEADER + "".join(_line(era) for era in eras), encoding="utf-8", newline="\n")
    CHARACTERS.write_text(CHARACTERS_HEADER + _characters(), encoding="utf-8", newline="\n")


def _characters() -> str:
    """Each simplified form with all its traditional ones, in order. 乾 stays: in names of eras it is not 干."""
    convert = opencc.OpenCC("t2s").convert
    forms: dict[str, str] = {}
    for character in map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))):
        simplified = convert(character)
        if simplified != character != "乾" and len(simplified) == 1:
            forms[simplified] = forms.get(simplified, "") + character
    return "".join(f"{simplified}\t{traditional}\n" for simplified, traditional in sorted(forms.items()))


def _china(source: str) -> Iterator[str]:
    """The quoted rows of the Chinese part, without comments."""
    part = source[source.index('countries["中國"] = [') : source.index('countries["琉球"] = [')]
    part = re.sub(r"/\*.*?\*/", "", part, flags=re.S)
    for line in part.splitlines():
        quoted = re.match(r"\s*(?:data : )?'([^']*)'", line)
        if quoted:
            yield quoted.group(1)


def _rows(source: str) -> Iterator[Row]:
    """The rows whose days can be read. A row counted in another state's calendar or years only is left out."""
    path: list[str] = []
    parsed = []
    for line in _china(source):
        names, span, *rest = [*line.split("|"), "", ""]
        path = _inherited(path, names.split("/"))
        parsed.append((path, span, rest))
    for index, (names_now, span, rest) in enumerate(parsed):
        first, _, last = span.partition("~")
        start = _number(first)
        if start is None or len(names_now) < 3 or not names_now[2]:
            continue
        following = next((_number(other.partition("~")[0]) for _, other, _ in parsed[index + 1 :]), None)
        end = _last(last, first) if last else (following - 1 if following else None)
        if end is None or end < start:
            continue
        opening = re.match(r"(\d+)/(?:闰|閏)?\d*(?:/\d*)?=", rest[0])
        notes = "|".join(rest)
        exact = not first.startswith("秦漢歷") and not re.search(r"(?:^|\|)(?:精|準)=|(?:^|\|)疑(?:\||$)", notes)
        dynasty, ruler, era = names_now[:3]
        yield Row(dynasty, ruler, era, start, end, int(opening.group(1)) if opening else 0, exact)


def _inherited(before: list[str], names: list[str]) -> list[str]:
    """Dynasty, ruler and era: `=` or an empty name repeats the row before, but an empty era means there is none.

    Two names are dynasty and ruler, or, after an empty dynasty, the era alone.
    """
    if len(names) == 2:
        names = ["", "", names[1]] if not names[0] else [*names, ""]
    dynasty, ruler, era = [*names, "", ""][:3]
    previous = before or ["", "", ""]
    return [
        previous[0] if dynasty in ("", "=") else dynasty,
        previous[1] if ruler in ("", "=") else ruler,
        previous[2] if era == "=" else era,
    ]


def _number(written: str) -> int | None:
    early_han = re.fullmatch(r"秦漢歷(-\d+)", written.strip())
    if early_han:
        return day(int(early_han.group(1)) + 1, 1, 1)
    date = re.fullmatch(r"(-?\d+)/(\d+)/(\d+)", written.strip())
    if not date:
        return None
    year, month, day_of_month = map(int, date.groups())
    if year < 0:
        year += 1
    julian = julian_day(year, month, day_of_month)
    return julian if julian < GREGORIAN_REFORM else day(year, month, day_of_month)


def _last(last: str, first: str) -> int | None:
    """An end may leave out the year, or the year and month, that it shares with the beginning."""
    missing = 2 - last.count("/")
    return _number("/".join([*first.split("/")[:missing], *last.split("/")]))


def _eras(rows: list[Row]) -> list[Era]:
    to_simplified = opencc.OpenCC("t2s").convert
    eras: list[Era] = []
    for row in rows:
        dynasty = to_simplified(row.dynasty)
        dynasty = DYNASTIES.get(dynasty, dynasty)
        # 乾 is both 干 and itself; in names of eras always itself.
        name = "".join("乾" if old == "乾" else new for old, new in zip(row.era, to_simplified(row.era), strict=True))
        opening_lunar = lunar.year_of(row.start)
        if opening_lunar is None:
            opening_lunar = year_of(row.start)
        before = eras[-1] if eras else None
        if before and (before.name, before.dynasty) == (name, dynasty) and before.end + 1 >= row.start:
            eras[-1] = _with_end(replace(before, ruler=f"{before.ruler}/{to_simplified(row.ruler)}"), row.end)
            continue
        first = row.opening_year or 1
        era = Era(
            name=name,
            traditional=row.era,
            dynasty=dynasty,
            ruler=to_simplified(row.ruler),
            year_one=opening_lunar - first + 1,
            first=first,
            last=first,
            start=row.start,
            end=row.end,
            precision="day" if row.exact else "year",
            source="cejs",
        )
        eras.append(_with_end(era, row.end))
    return [_corrected(era) for era in eras if era.dynasty not in LEFT_OUT and len(era.name) == len(era.traditional)]


def _with_end(era: Era, end: int) -> Era:
    closing = lunar.year_of(end)
    if closing is None:
        closing = year_of(end)
    return replace(era, end=end, last=closing - era.year_one + 1)


def _corrected(era: Era) -> Era:
    correction = CORRECTIONS.get((era.dynasty, era.name, era.first))
    if not correction:
        return era
    place, number, source = correction
    era = replace(era, start=number) if place == "start" else _with_end(era, number)
    return replace(era, source=f"cejs; {source}")


def _compared(eras: list[Era], other: Path) -> list[Era]:
    with other.open(encoding="utf-8", newline="") as file:
        references = list(csv.DictReader(file, delimiter="\t"))
    result = []
    for era in eras:
        same = [r for r in references if r["era"] == era.name and abs(int(r["start_jdn"]) - era.start) < 1500]
        if same and era.precision == "day" and not any(_agree(era, reference) for reference in same):
            print(
                "differs:",
                era.dynasty,
                era.name,
                iso(era.start),
                iso(era.end),
                [(r["start_greg"], r["end_greg"]) for r in same],
            )
            era = replace(era, precision="year", source=f"{era.source}; sources disagree on the day")
        result.append(era)
    return result


def _agree(era: Era, reference: dict[str, str]) -> bool:
    return int(reference["start_jdn"]) == era.start and int(reference["end_jdn"]) == era.end


def _line(era: Era) -> str:
    columns = (
        era.name, era.traditional, era.dynasty, era.ruler, era.year_one, era.first, era.last, era.start, era.end,
        era.precision, era.source,
    )  # fmt: skip
    return "\t".join(map(str, columns)) + "\n"


if __name__ == "__main__":
    main()
