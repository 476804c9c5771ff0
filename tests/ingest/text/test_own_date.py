"""Dates that stand by themselves, and lines of the text that only begin with one."""

from __future__ import annotations

import pytest

from ingest.text.own_date import lone_date


@pytest.mark.parametrize("line", ["（一九八五年三月于城关）", "1986年5月20日　城关镇", "一九八五年春，写于北乡"])
def test_date_and_place(line: str) -> None:
    assert lone_date(line)


@pytest.mark.parametrize(
    "line", ["民国二十三年大旱，乡民开渠。", "民国二十三年大旱。", "1958年春，修渠、建闸", "一九五六年：办社"]
)
def test_sentence_is_no_date(line: str) -> None:
    assert lone_date(line) is None
