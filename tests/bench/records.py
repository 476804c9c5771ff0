"""How many entries of a chronicle and office-holders of a roster are found, and how many of their dates are right.

    python tests/bench/records.py [FOLDER]

FOLDER holds `sample/` and `bench/` (default: ../shared/data beside the checkout, or WENSHI_SHARED_DATA). An entry
counts when its whole text, white space aside, is that of the reference; a person when post and name are.

Three chronicles: 西夏书事 as it is; a diary of 1912 to 1936 under lines for years and months, whose entries begin with
the day only; news of several years, one a day, under lines for the years. The last two are set here, by their dates.
Where the reference of 西夏书事 contradicts itself (months that go back within a year, another year or month than its
own text has) its dates are counted apart: it missed the line of a new year there.
"""

from __future__ import annotations

import datetime
import json
import lzma
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from archive.catalogue.roster import tenures  # noqa: E402
from archive.dates import shipped_reader, year_of  # noqa: E402
from archive.dates.lunar import month_span  # noqa: E402
from archive.model.records import Article, Collection, Genre, Kind, Period  # noqa: E402
from ingest.readers.registry import read  # noqa: E402
from ingest.splitting.split import Mode, split  # noqa: E402

_MONTH = re.compile("([正元二三四五六七八九十]+)月")
_ONES = "一二三四五六七八九"
_NUMBERS = {
    "正": 1,
    "元": 1,
    **{
        tens + ones: 10 * at + place
        for at, tens in enumerate(("", "十", "二十", "三十"))
        for place, ones in enumerate(("", *_ONES))
    },
}
_SHOWN = 5  # wrong dates named
_DATE = re.compile("(.{4})年(.{1,2})月(.{1,3})日")


def main() -> None:
    """Print the figures of both."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("WENSHI_SHARED_DATA")
    sample = (Path(given) if given else ROOT.parent / "shared" / "data") / "sample"
    chronicle(sample)
    diary(sample.parent / "bench" / "luxun_diary.jsonl.xz")
    news(sample.parent / "bench" / "news_dated.jsonl.xz")
    roster(sample)


def chronicle(sample: Path) -> None:
    """Entries and dates of the chronicle."""
    expected = _records(sample / "chronicle_xixia.jsonl")
    entries = [one for one in _articles(sample, "chronicle_xixia", Mode.CHRONICLE) if one.genre is Genre.ENTRY]
    texts = [_squeezed(record["text"]) for record in expected]
    found = {_text(entry): entry for entry in entries}
    _print("chronicle entries", Counter(texts), Counter(map(_text, entries)))
    openings = [_squeezed(record["text"].split("\n")[0]) for record in expected]
    _print("chronicle beginnings", Counter(openings), Counter(map(_opening, entries)))
    wrong = _contradicted(expected)
    dated = [(record, found[text].date) for record, text in zip(expected, texts, strict=True) if text in found]
    for what, kept in (
        ("chronicle dates", dated),
        ("  of a sound year", [d for d in dated if d[0]["id"] not in wrong]),
    ):
        right = sum(_agrees(record, date) for record, date in kept)
        share = right / len(kept)
        print(f"{what:<19} {right} of {len(kept)} in the year and lunar month of the reference: {share:.4f}")


def _contradicted(records: Sequence[dict[str, Any]]) -> set[str]:
    """The ids of records whose date cannot be that of their text."""
    wrong: set[str] = set()
    year, month, astray = "", 0, False
    for record in records:
        if record["date"] != year:
            year, month, astray = record["date"], 0, False
        opening = record["text"].split("\n")[0]
        era = next(
            (one for one in shipped_reader().extract(opening[:24]) if one.rule == "era" and one.period.start), None
        )
        if era is not None and era.period.start is not None and abs(year_of(era.period.start) - int(year)) > 1:
            astray = True
        astray |= era is not None and not record["date_raw"]
        written = _MONTH.search(opening[:12])
        number = int(record.get("lunar_month") or 0)
        astray |= 0 < number < month
        month = max(month, number)
        if astray or (number and written and _NUMBERS.get(written[1], number) != number):
            wrong.add(record["id"])
    return wrong


def diary(file: Path) -> None:
    """Entries that begin with the day, under lines for the years and the months.

    The day is the one an entry begins with: some of the file's own are those of a neighbour.
    """
    lines, expected = ["日记"], []
    year = month = ""
    for record in _packed(file):
        this_year, this_month, day = _DATE.fullmatch(record["date_raw"]).groups()  # type: ignore[union-attr]
        lines += [f"{this_year}年"] if this_year != year else []
        lines += [f"{this_month.replace('正', '一')}月"] if (this_year, this_month) != (year, month) else []
        year, month = this_year, this_month
        text = "".join(record["text"].split("\n"))
        lines.append(text)
        iso = f"{record['date'][:4]}-{_NUMBERS[this_month]:02}-{_NUMBERS[day]:02}"
        expected.append((_squeezed(text), iso))
    _made("diary", lines, expected)


def news(file: Path) -> None:
    """The first sentence of a day's first report under its day and month, with lines for the years."""
    days: dict[str, str] = {}
    for record in _packed(file):
        days.setdefault(record["date"], record["text"].split("\n")[0].partition("）：")[2].split("。")[0] + "。")
    lines, expected, year = ["大事记"], [], ""
    for day in sorted(days):
        this_year, month, number = day.split("-")
        lines += [f"{this_year}年"] if this_year != year else []
        year = this_year
        lines.append(f"{int(month)}月{int(number)}日　{days[day]}")
        expected.append((_squeezed(lines[-1]), day))
    _made("news", lines, expected)


def _made(what: str, lines: Sequence[str], expected: Sequence[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{what}.txt"
        file.write_text("\n".join(lines), encoding="utf-8")
        manuscript = read(file, file.name)
    articles = split(manuscript, Collection("bench", "bench"), Mode.CHRONICLE).articles
    entries = [one for one in articles if one.genre is Genre.ENTRY]
    texts = Counter(text for text, _ in expected)
    _print(f"{what} entries", texts, Counter(map(_text, entries)))
    days: Counter[tuple[str, int | None]] = Counter((text, _day(day)) for text, day in expected)
    dated = Counter(
        (_text(one), one.date.start if one.date and one.date.start == one.date.end else 0)
        for one in entries
        if _text(one) in texts
    )
    right = (days & dated).total()
    share = right / dated.total()
    print(f"{what} dates".ljust(19), f"{right} of {dated.total()} on the day of the reference: {share:.4f}")
    for text, day in list(dated - days)[:_SHOWN]:
        print(f"  {text[:40]} → {day}")


def _day(iso: str) -> int:
    """0 for a day no calendar has: the reference has a few."""
    try:
        return datetime.date.fromisoformat(iso).toordinal() + 1_721_425
    except ValueError:
        return 0


def roster(sample: Path) -> None:
    """People of the roster."""
    rows = [row for record in _records(sample / "orglist_gansu_officials.jsonl") for row in record["rows"]]
    people = [one for article in _articles(sample, "orglist_gansu_officials", Mode.ROSTER) for one in tenures(article)]
    expected = Counter((row["office"], _squeezed(row["name"])) for row in rows)
    _print("roster people", expected, Counter((one.post, one.person) for one in people))
    origins = Counter((_squeezed(row["name"]), _squeezed(row["native_place"])) for row in rows)
    _print("roster origins", origins, Counter((one.person, one.native) for one in people))
    years = Counter((_squeezed(row["name"]), row["appointed_year"]) for row in rows if row["appointed_year"])
    told = [(one.person, year_of(one.since.start)) for one in people if one.since and one.since.start is not None]
    _print("roster years", years, Counter(told))
    print(f"roster doubts       {sum(bool(one.doubts) for one in people)} of {len(people)} rows are to be looked at")


def _articles(sample: Path, name: str, mode: Mode) -> tuple[Article, ...]:
    started = time.perf_counter()
    manuscript = read(sample / "docx" / f"{name}.docx", f"{name}.docx")
    middle = time.perf_counter()
    articles = split(manuscript, Collection("bench", "bench"), mode).articles
    ended = time.perf_counter()
    print(f"{name}: read {middle - started:.2f} s, cut {ended - middle:.2f} s, {manuscript.characters_in} characters")
    return articles


def _agrees(record: dict[str, Any], date: Period | None) -> bool:
    """Whether a date lies in the year, and where one is given in the lunar month, of the reference."""
    if date is None or date.start is None or date.end is None:
        return False
    year, month = int(record["date"]), record.get("lunar_month")
    if not month:
        return year_of(date.start) == year
    spans = [month_span(year, int(month), leap) for leap in (False, True)]
    return any(span and span[0] <= date.start and date.end <= span[1] for span in spans)


def _packed(file: Path) -> Iterable[dict[str, Any]]:
    with lzma.open(file, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _print(what: str, expected: Counter[Any], found: Counter[Any]) -> None:
    right = sum((expected & found).values())
    recall, precision = right / expected.total(), right / found.total()
    rates = f"recall {recall:.4f}, precision {precision:.4f}"
    print(f"{what:<19} {right} of {expected.total()}, {found.total()} found: {rates}")


def _records(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _lines(entry: Article) -> Iterable[str]:
    return (_squeezed(block.text) for block in entry.blocks[1:] if block.kind is not Kind.HEADING)


def _text(entry: Article) -> str:
    return "".join(_lines(entry))


def _opening(entry: Article) -> str:
    return next(iter(_lines(entry)), "")


def _squeezed(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    main()
