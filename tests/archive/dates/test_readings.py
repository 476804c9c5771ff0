"""Every alternative of every rule on a short sentence of its own: days, precision, rule, confidence, rivals, doubts."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.dates import Extracted, iso, shipped_reader
from archive.model.records import Period


def rows() -> list[list[str]]:
    lines = Path(__file__).with_name("readings.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def days(period: Period) -> str:
    return "/".join("" if day is None else iso(day) for day in (period.start, period.end))


def told(found: Extracted) -> str:
    """One expression as a line of the table has it."""
    said = [found.period.precision.value, found.rule]
    said += [str(found.confidence)] if found.confidence < 1 else []
    said += [word for word in ("vague", "conflict", "impossible") if getattr(found, word)]
    said += [f"or {days(other)}" for other in found.others]
    said += [f"named {days(found.named)}"] if found.named is not None else []
    return f"{found.text}={days(found.period)} {', '.join(said)}"


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}{row[1][:16]}")
def test_readings(row: list[str]) -> None:
    year, sentence, *expected = row
    found = shipped_reader().extract(sentence, year=int(year) if year else None)
    assert [told(one) for one in found] == expected
    assert all(sentence[one.start : one.end] == one.text for one in found)
