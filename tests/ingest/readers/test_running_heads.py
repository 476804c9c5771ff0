"""Running heads and page numbers: only lines that are the same but for the number of their page are repeated."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.readers.lines import Line
from ingest.readers.pdf.page_content import PageContent
from ingest.readers.pdf.running_heads import Furniture, find

HEIGHT = 800.0


def furniture(tops: Sequence[str], feet: Sequence[str] = ()) -> Furniture:
    """What is found on pages with these first and last lines and different text between."""
    pages = []
    for number, top in enumerate(tops):
        page = PageContent(number, 500, HEIGHT)
        words = [(top, 40.0), *((f"正文{number}甲{at}", 120.0 + 20 * at) for at in range(20))]
        words += [(feet[number], 770.0)] if feet else []
        page.lines = [Line(text, 50, 400, place, place + 10, 10, number) for text, place in words if text]
        pages.append(page)
    return find(pages)


@pytest.mark.parametrize(
    "tops",
    [
        ["1951年", "1952年", "1953年", "1954年"],
        ["1951", "1952", "1953", "1954"],
        ["大事记 1951", "大事记 1952", "大事记 1953", "大事记 1954"],
        ["1951年粮食总产1237万斤。", "1952年粮食总产1274万斤。", "1953年粮食总产1311万斤。"],
        ["3月", "4月", "5月", "6月"],
        ["第1届", "第2届", "第3届", "第4届"],
        ["1月5日，开会。", "2月5日，开会。", "3月5日，开会。"],
        ["12户", "13户", "14户"],
        ["是月", "甲", "乙", "是月"],
        ["3月", "甲", "3月", "乙"],
    ],
)
def test_lines_that_differ_in_their_figures_are_text(tops: Sequence[str]) -> None:
    found = furniture(tops, [str(number) for number in range(1, len(tops) + 1)])
    assert not found.heads
    assert [line.text for line in found.folios] == [str(number) for number in range(1, len(tops) + 1)]


@pytest.mark.parametrize(
    "tops",
    [
        ["文史资料", "文史资料", "文史资料"],
        ["文史资料 12", "文史资料 13", "文史资料 14"],
        ["12文史资料", "13文史资料", "14文史资料"],
        ["第 12 页 文史资料", "第 13 页 文史资料", "第 14 页 文史资料"],
        ["文史资料 · 12 ·", "文史资料 · 13 ·", "文史资料 · 14 ·"],
        ["1953年大事", "1953年大事", "1953年大事"],
        ["3月", "3月", "3月"],
    ],
)
def test_running_heads(tops: Sequence[str]) -> None:
    found = furniture(tops)
    assert [line.text for line in found.heads] == tops
    assert len(set(found.words.values())) == 1


def test_a_number_that_counts_on_for_itself_tells_two_heads_apart() -> None:
    found = furniture(["第一章 1911", "第一章 1911", "第一章 1911", "第一章 1912", "第一章 1912", "第一章 1912"])
    assert len(found.heads) == 6
    assert len(set(found.words.values())) == 2


@pytest.mark.parametrize(
    "feet", [["- 5 -", "- 6 -", "- 7 -"], ["5/30", "6/30", "7/30"], ["第 5 页", "第 6 页", "第 7 页"]]
)
def test_page_numbers(feet: Sequence[str]) -> None:
    found = furniture(["甲", "乙", "丙"], feet)
    assert [line.text for line in found.folios] == feet
    assert found.printed == {0: "5", 1: "6", 2: "7"}


def test_pages_beyond_a_thousand_are_numbered_too() -> None:
    found = furniture([f"甲{at}" for at in "子丑寅卯辰"], ["998", "999", "1000", "1001", "1002"])
    assert len(found.folios) == 5
