"""Notes in the margins of scanned pages."""

from __future__ import annotations

import pytest

from archive.model.records import Kind, Picture
from ingest.readers import ocr
from ingest.readers.lines import Line
from ingest.readers.marginalia import without_margins
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.recogniser import Character

BODY = "黄河水大的那一年村里的老人都说从来没有见过这样的水"


def body(count: int = 12) -> list[Line]:
    return [placed(BODY, 300, 100 + 40 * at, 20) for at in range(count)]


def placed(text: str, left: float, top: float, size: float) -> Line:
    return Line(text, left, left + size * len(text), top, top + size, size, 0, 0.9)


def noted(left: float) -> list[Line]:
    """Two notes of two lines and one."""
    tops = (("此说与县志", 130), ("不合。", 152), ("又见卷三。", 330))
    return [placed(text, left, top, 15) for text, top in tops]


@pytest.mark.parametrize("left", [200, 840])
def test_notes_on_either_side(left: float) -> None:
    lines = sorted([*body(), *noted(left)], key=lambda line: line.top)
    text, notes = without_margins(lines)
    assert [line.text for line in text] == [BODY] * 12
    assert notes == ["此说与县志不合。", "又见卷三。"]


def test_what_is_no_margin() -> None:
    indented = [*body(), placed("王氏门人", 300, 580, 20)]
    assert without_margins(indented) == (indented, [])
    numbers = sorted([*body(), *(placed(f"{at}", 860, 100 + 40 * at, 20) for at in range(12))], key=lambda one: one.top)
    assert without_margins(numbers)[1] == []  # figures belong to their lines
    head = [placed("文史资料第十二辑", 100, 20, 15), *body()]
    assert without_margins(head)[1] == []
    names = [placed("王氏门人", 860, 100 + 40 * at, 20) for at in range(12)]
    columns = sorted([*body(), *names], key=lambda one: one.top)
    assert without_margins(columns) == (columns, [])  # a list beside the whole text is a column of its own
    assert without_margins(body(3) + noted(200))[1] == []


def test_notes_above_columns_of_characters() -> None:
    """Where the text runs downwards its notes stand above a rule, and are read after the page."""

    def column(text: str, right: float, top: float, size: float) -> ReadLine:
        corners = (
            (right - size, top),
            (right, top),
            (right, top + size * len(text)),
            (right - size, top + size * len(text)),
        )
        said = tuple(Character(one, 0.9, (at + 0.5) / len(text)) for at, one in enumerate(text))
        return ReadLine(corners, said, float(len(text)), downwards=True)

    lines = [column(BODY, 900 - 40 * at, 200, 20) for at in range(12)]
    lines += [column("此说与县志", 880, 80, 15), column("不合。", 858, 80, 15)]
    scan = ocr.in_order(Picture("ab", b"", "image/png"), PageReading(1000, 900, 0.0, tuple(lines)), 0)
    assert scan.beside == ("此说与县志不合。",)
    blocks = scan.blocks()
    assert (blocks[-1].kind, blocks[-1].text) == (Kind.NOTE, "此说与县志不合。")
    assert "此说" not in "".join(block.text for block in blocks[:-1])
    assert "页边的批注 1 处" in scan.issues("第 1 页")[0].message
