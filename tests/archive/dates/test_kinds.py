"""Sentences of many kinds with the days that each expression in them means, in order, and nothing else read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.dates import iso, lunar, shipped_reader
from archive.dates.calendar import day, month_span, years_span

FILES = (
    "sentences_chronicle.tsv",
    "sentences_records.tsv",
    "sentences_memoirs.tsv",
    "sentences_volumes.tsv",
    "sentences_traps.tsv",
)


def rows() -> list[tuple[str, str, list[str]]]:
    found = []
    for name in FILES:
        for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                year, sentence, *labels = line.split("\t")
                found.append((year, sentence, labels))
    return found


def days(label: str) -> str:
    """The two ends of a label as ISO days: 1958-03, L1877-03-05/L1877-04, 1949/ (open)."""
    first, slash, last = label.partition("/")
    start = "" if slash and not first else iso(_span(first)[0])
    end = "" if slash and not last else iso(_span(last or first)[1])
    return f"{start}/{end}"


def _span(written: str) -> tuple[int, int]:
    match = re.fullmatch(r"(L?)(-?\d+)(?:-(\d\d))?(?:-(\d\d))?", written)
    assert match, written
    moon, year, month, of_month = bool(match[1]), int(match[2]), int(match[3] or 0), int(match[4] or 0)
    if of_month:
        found = lunar.day(year, month, of_month) if moon else day(year, month, of_month)
        assert found is not None, written
        return found, found
    if month:
        span = lunar.month_span(year, month) if moon else month_span(year, month)
        assert span is not None, written
        return span
    return lunar.year_span(year) if moon else years_span(year, year)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:20])
def test_what_each_expression_means(row: tuple[str, str, list[str]]) -> None:
    year, sentence, labels = row
    found = shipped_reader().extract(sentence, year=int(year) if year else None)
    read = [
        f"{iso(one.period.start) if one.period.start is not None else ''}/"
        f"{iso(one.period.end) if one.period.end is not None else ''}"
        for one in found
    ]
    assert read == [days(label) for label in labels], [one.text for one in found]
