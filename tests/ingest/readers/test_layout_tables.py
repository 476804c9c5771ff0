"""Tables that only lay out a page are read as the text and pictures they hold; tables of data stay tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from archive.model.records import Block, Cell, Kind, Layout
from ingest.readers.captions import is_caption
from ingest.readers.ooxml.layout_tables import FilledCell, unrolled

PROSE = "老人们说起当年修渠的事情，都还记得清清楚楚，那时的县长也来看过几回，乡里人都去迎接，孩子们也跟着去，热闹得很。"
PICTURE = "#"


def cells(*rows: Sequence[str | list[str]]) -> list[FilledCell]:
    """A table by rows; a cell is its paragraphs, `#` being a picture."""
    found = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            pieces = [text] if isinstance(text, str) else text
            placed = [
                (Block(Kind.FIGURE, picture="ab") if piece == PICTURE else Block.plain(Kind.PARAGRAPH, piece), Layout())
                for piece in pieces
                if piece
            ]
            found.append(FilledCell(Cell(0, row, column), placed))
    return found


def read(*rows: Sequence[str | list[str]]) -> list[str] | None:
    found = unrolled(cells(*rows))
    return None if found is None else [block.text or PICTURE for block, _ in found]


def test_articles_in_cells() -> None:
    assert read([["忆老水车", "张三", *[PROSE] * 6]]) == ["忆老水车", "张三", *[PROSE] * 6]
    assert read([[*[PROSE] * 6], [*[PROSE] * 7]]) == [PROSE] * 13
    assert read([["忆老水车", "张三", PROSE, PROSE], ["渡船", "——旧事", "李四", PROSE, PROSE]]) == [
        *("忆老水车", "张三", PROSE, PROSE), *("渡船", "——旧事", "李四", PROSE, PROSE),
    ]  # fmt: skip
    assert read([["县长", "张三", PROSE[:20]], ["副县长", "李四", PROSE[:20]]]) is None
    assert read(["忆老水车"], [[PROSE] * 6]) == ["忆老水车", *[PROSE] * 6]


@pytest.mark.parametrize(
    "rows",
    [
        ([PICTURE, PICTURE], ["图1　水库", "图2　大会"]),
        (["图1　水库", "图2　大会"], [PICTURE, PICTURE]),
        ([[PICTURE, "图1　水库"], [PICTURE, "图2　大会"]],),
        ([PICTURE, "图1　水库"], [PICTURE, "图2　大会"]),
        ([PICTURE, PICTURE], ["水库工地", "劳模大会"]),
    ],
)
def test_pictures_stand_with_their_captions(rows: Sequence[Sequence[str | list[str]]]) -> None:
    found = unrolled(cells(*rows))
    assert found is not None
    assert [block.kind for block, _ in found] == [Kind.FIGURE, Kind.CAPTION] * 2
    assert [block.text[-2:] for block, _ in found[1::2]] in (["水库", "大会"], ["工地", "大会"])


@pytest.mark.parametrize(
    "rows",
    [
        (["姓名", "职务"], ["张三", "主席"]),
        (["姓名", "照片", "职务"], ["张三", PICTURE, "主席"], ["李四", PICTURE, "委员"]),
        (["案由", "关于修渠"], ["提案人", "张三"], ["内容", [PROSE] * 6], ["意见", "同意"]),
        ([PICTURE, "修渠"],),
    ],
)
def test_tables_of_data_stay(rows: Sequence[Sequence[str | list[str]]]) -> None:
    assert read(*rows) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("图1　老县衙", True), ("▲委员在调研", True), ("（上）老城门", True), ("左图：渡口", True),
        ("左：渡口；右：庙", True),
        ("水库工地（王某　摄）", True), ("大会会场　张三摄", True), ("图书馆建于民国十二年。", False),
        ("一九五六年，县里修了渠。", False), ("摄影是他的爱好。", False),
    ],
)  # fmt: skip
def test_words_of_a_caption(line: str, expected: bool) -> None:
    assert is_caption(line) is expected


def test_a_caption_below_several_pictures_comes_after_them() -> None:
    wide = cells([PICTURE, PICTURE], ["左图：水库；右图：大会"])
    caption = replace(wide[2], place=replace(wide[2].place, column_span=2))
    found = unrolled([*wide[:2], caption])
    assert found is not None
    assert [block.kind for block, _ in found] == [Kind.FIGURE, Kind.FIGURE, Kind.CAPTION]
