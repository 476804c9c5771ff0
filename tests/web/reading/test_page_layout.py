"""Blocks become the parts of a page, each block exactly once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.model.article_parts import CaptionedFigure, CaptionedTable, Group, Piece
from archive.model.records import Block, Cell, Kind, Run
from web.reading.page_layout import arrange, shape

CELLS = {Kind.CELL, Kind.FIGURE}  # a picture may stand in a cell
TITLE = Block.plain(Kind.TITLE, "题")


def plain(kind: Kind, text: str = "文", **fields: object) -> Block:
    return Block.plain(kind, text, **fields)


def test_title_subtitle_and_byline_lead() -> None:
    sheet = arrange([TITLE, plain(Kind.SUBTITLE), plain(Kind.BYLINE), plain(Kind.PARAGRAPH), plain(Kind.BYLINE)])
    assert [piece.index for piece in sheet.head] == [0, 1, 2]
    assert [shape(part) for part in sheet.body] == ["paragraph", "byline"]


def test_a_caption_belongs_to_the_figure_before_it() -> None:
    sheet = arrange([TITLE, plain(Kind.FIGURE), plain(Kind.CAPTION), plain(Kind.CAPTION)])
    figure, stray = sheet.body
    assert isinstance(figure, CaptionedFigure) and figure.caption is not None and figure.caption.index == 2
    assert isinstance(stray, Piece) and stray.block.kind is Kind.CAPTION


def test_a_caption_belongs_to_the_table_after_it() -> None:
    (table,) = arrange([TITLE, plain(Kind.CAPTION), plain(Kind.CELL, cell=Cell(0, 0, 0))]).body
    assert isinstance(table, CaptionedTable) and table.caption is not None and table.caption.index == 1


def test_two_tables_side_by_side_stay_two() -> None:
    body = arrange([TITLE, plain(Kind.CELL, cell=Cell(0, 0, 0)), plain(Kind.CELL, cell=Cell(1, 0, 0))]).body
    assert [shape(part) for part in body] == ["table", "table"]


def test_spans_and_empty_cells_make_a_grid() -> None:
    cells = [
        plain(Kind.CELL, "甲", cell=Cell(0, 0, 0, row_span=2)),
        plain(Kind.CELL, "乙", cell=Cell(0, 0, 1, column_span=2, header=True)),
        plain(Kind.CELL, "丙", cell=Cell(0, 1, 2)),
        plain(Kind.CELL, "丁", cell=Cell(0, 1, 2)),
        plain(Kind.CELL, "戊", cell=Cell(0, 2, 1)),
    ]
    (captioned,) = arrange([TITLE, *cells]).body
    assert isinstance(captioned, CaptionedTable)
    first, second, _ = captioned.table.filled()
    assert [(cell.place.row_span, cell.place.column_span, cell.place.header) for cell in first if cell] == [
        (2, 1, False),
        (1, 2, True),
    ]
    assert [[block.text for block in cell.blocks] if cell else [] for cell in second] == [[], ["丙", "丁"]]


def test_verse_and_list_items_are_grouped() -> None:
    body = arrange([TITLE, plain(Kind.VERSE), plain(Kind.VERSE), plain(Kind.LIST_ITEM), plain(Kind.PARAGRAPH)]).body
    assert [type(part) for part in body] == [Group, Group, Piece]
    assert isinstance(body[0], Group) and len(body[0].pieces) == 2


def test_notes_come_in_the_order_of_their_references_and_know_who_calls_them() -> None:
    calling = Block(Kind.PARAGRAPH, (Run("文"), Run("", note="b"), Run("", note="a")))
    notes = [plain(Kind.NOTE, "一", label="a"), plain(Kind.NOTE, "二", label="b"), plain(Kind.NOTE, "续", label="b")]
    sheet = arrange([TITLE, calling, *notes, plain(Kind.NOTE, "孤")])
    assert [(note.number, note.blocks[0].text, len(note.pieces), note.called) for note in sheet.notes] == [
        (1, "二", 2, 1),
        (2, "一", 1, 1),
        (3, "孤", 1, None),
    ]


def test_headings_are_as_deep_as_they_stand_in_the_article() -> None:
    blocks = [TITLE, *(plain(Kind.HEADING, level=level) for level in (3, 5, 3, 4))]
    assert arrange(blocks).depths == {1: 1, 2: 3, 3: 1, 4: 2}


def test_comments_headers_and_footers_are_attached_at_the_end() -> None:
    sheet = arrange([TITLE, plain(Kind.HEADER), plain(Kind.PARAGRAPH), plain(Kind.COMMENT), plain(Kind.FOOTER)])
    assert [piece.index for piece in sheet.attached] == [1, 3, 4]
    assert len(sheet.body) == 1


@given(st.lists(st.sampled_from(list(Kind)[1:]), max_size=25))
def test_every_block_has_exactly_one_place(kinds: list[Kind]) -> None:
    blocks = [TITLE]
    for number, kind in enumerate(kinds):
        blocks.append(plain(kind, cell=Cell(number % 2, number // 3, number % 3) if kind in CELLS else None))
    assert sorted(arrange(blocks).order) == list(range(len(blocks)))
