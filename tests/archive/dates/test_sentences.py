"""Sentences with every date expression in them, ours and, where it is present, the labelled set of real ones."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from archive.dates import Extracted, iso, shipped_reader


def _sentences() -> list[list[str]]:
    lines = Path(__file__).with_name("sentences.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def _days(found: Extracted) -> tuple[str, str]:
    start, end = found.period.start, found.period.end
    return ("" if start is None else iso(start), "" if end is None else iso(end))


@pytest.mark.parametrize("row", _sentences(), ids=lambda row: row[1][:16])
def test_our_sentences(row: list[str]) -> None:
    year, sentence, *expected = (column.replace("\\n", "\n") for column in row)
    found = [
        f"{one.text}={'/'.join(_days(one))}"
        for one in shipped_reader().extract(sentence, year=int(year) if year else None)
    ]
    assert found == expected


def test_the_labelled_set(shared_data: Path) -> None:
    """At least 98% of the expressions exactly right, and nothing read that is no date."""
    labelled = defaultdict(list)
    with (shared_data / "periods" / "gold_dev.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            labelled[row["ctx_year"], row["sentence"]].append(row)
    right, total, wrong = 0, 0, []
    for (year, sentence), rows in labelled.items():
        found = shipped_reader().extract(sentence, year=int(year) if year else None)
        dates = [row for row in rows if row["expression"] and row["start"] != "NONE"]
        total += len(dates)
        for row in dates:
            first, last = int(row["offset"]), int(row["offset"]) + len(row["expression"])
            right += (row["start"], row["end"]) in [_days(one) for one in found if one.start < last and one.end > first]
        wrong += [one for one in found if not any(_meets(one, row) for row in dates)]
    assert not wrong
    assert right >= 0.98 * total


def _meets(found: Extracted, row: dict[str, str]) -> bool:
    first = int(row["offset"])
    return found.start < first + len(row["expression"]) and found.end > first
