"""The split table as a form: lines as they were typed, right or wrong."""

from __future__ import annotations

import pytest

from ingest.splitting.boundaries import State
from web.intake.split_form import SplitLine, plain_place, unclaimed, with_boundary


def line(first: str) -> SplitLine:
    return SplitLine("1", "1", State.TAKE, "", "题", "", first)


@pytest.mark.parametrize("typed", ["", "一", "-3", "9" * 5000, "²"])
def test_a_line_that_begins_nowhere_disturbs_no_other(typed: str) -> None:
    lines = [line("3"), line(typed)]
    assert unclaimed(lines) == 2
    assert [each.first for each in with_boundary(lines, 5)] == ["3", "5", typed]


def test_a_place_is_a_paragraph_and_the_name_of_a_file_stays() -> None:
    assert plain_place("第 12 块起") == "第 12 段起"
    assert plain_place("第 3 块土地.docx") == "第 3 块土地.docx"
