"""How many entries of a chronicle and office-holders of a roster are found, and how many of their dates are right.

    python tests/bench/records.py [FOLDER]

FOLDER holds `sample/` (default: ../shared/data beside the checkout, or WENSHI_SHARED_DATA). An entry counts when its
whole text, white space aside, is that of the reference; a person when post and name are.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from archive.catalogue.roster import tenures  # noqa: E402
from archive.dates import year_of  # noqa: E402
from archive.dates.lunar import month_span  # noqa: E402
from archive.model.records import Article, Collection, Genre, Kind, Period  # noqa: E402
from ingest.readers.registry import read  # noqa: E402
from ingest.splitting.split import Mode, split  # noqa: E402


def main() -> None:
    """Print the figures of both."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("WENSHI_SHARED_DATA")
    sample = (Path(given) if given else ROOT.parent / "shared" / "data") / "sample"
    chronicle(sample)
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
    dated = [(record, found[text].date) for record, text in zip(expected, texts, strict=True) if text in found]
    right = sum(_agrees(record, date) for record, date in dated)
    share = right / len(dated)
    print(f"chronicle dates     {right} of {len(dated)} in the year and lunar month of the reference: {share:.4f}")


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
