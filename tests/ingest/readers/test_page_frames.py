"""Pages that a scanner took at different places, and pages set otherwise, in one volume."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.readers.lines import Line, edges_of, paragraphs
from ingest.readers.page_frames import laid_on_each_other

BODY = "黄河水大的那一年村里的老人都说从来没有见过这样的水"


def page(number: int, shift: float, length: int = 25, count: int = 12) -> list[Line]:
    """Three paragraphs of four lines, the first of each indented by two characters, the last half as long."""
    found = []
    for at in range(count):
        indent, whole = (2 if at % 4 == 0 else 0), (length // 2 if at % 4 == 3 else length)
        text = BODY[indent:whole] if length <= len(BODY) else (BODY * 2)[indent:whole]
        left = 100 + shift
        found.append(Line(text, left + 10 * indent, left + 10 * whole, 60 + 18 * at, 70 + 18 * at, 10, number, 0.9))
    return found


def count(pages: Mapping[int, list[Line]]) -> int:
    lines = [line for number in sorted(pages) for line in pages[number]]
    return len(list(paragraphs(lines, edges_of(lines))))


def test_pages_taken_at_different_places() -> None:
    pages = {number: page(number, shift) for number, shift in enumerate((0, 60, -55, 45, -50, 15, 0, 30))}
    assert count(pages) > 24
    laid = laid_on_each_other(pages, frozenset())
    assert count(laid) == 24
    assert len({round(lines[1].left) for lines in laid.values()}) == 1


def test_a_page_that_runs_downwards_among_others() -> None:
    pages = {number: page(number, 0) for number in (0, 1)} | {number: page(number, 80, 40) for number in (2, 3)}
    assert count(pages) > 12
    assert count(laid_on_each_other(pages, frozenset({2, 3}))) == 12


def test_verse_and_short_pages_stay() -> None:
    verse = [Line(BODY[:7], 160, 230, 60 + 18 * at, 70 + 18 * at, 10, 2, 0.9) for at in range(12)]
    pages = {0: page(0, 0), 1: page(1, 0), 2: verse, 3: page(3, 33, count=4)}
    laid = laid_on_each_other(pages, frozenset())
    assert laid[2] == verse
    assert laid[3] == pages[3]
    assert laid_on_each_other({0: pages[3]}, frozenset()) == {0: pages[3]}
