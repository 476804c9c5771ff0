"""Raised and lowered numbers are characters of their own where they mean a power or an index."""

from __future__ import annotations

import pytest

from archive.model.records import Run, Style
from archive.text.folding import fold
from ingest.text.raised import as_characters

UP, DOWN = Style.SUPERSCRIPT, Style.SUBSCRIPT


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([Run("10"), Run("4", UP), Run("亩")], "10⁴亩"),
        ([Run("5km"), Run("2", UP)], "5km²"),
        ([Run("CO"), Run("2", DOWN), Run("，x"), Run("-1", UP)], "CO₂，x⁻¹"),
        ([Run("a"), Run("2", UP), Run("n", UP)], "a²ⁿ"),
    ],
)
def test_a_power_or_an_index(runs: list[Run], text: str) -> None:
    (run,) = as_characters(runs)
    assert (run.text, run.style) == (text, Style.NONE)


@pytest.mark.parametrize(
    "runs",
    [
        [Run("见《县志》。"), Run("1", UP)],
        [Run("县志"), Run("[3]", UP)],
        [Run("1"), Run("st", UP)],
        [Run("3", UP), Run("注")],
    ],
)
def test_the_number_of_a_note_and_letters_stay_raised(runs: list[Run]) -> None:
    assert as_characters(runs) == tuple(runs)


def test_both_ways_of_typing_find_it() -> None:
    assert fold("10⁴ km² CO₂").text == fold("104 km2 CO2").text
