"""Blocks as exporters meet them: tables without holes, notes by label, nothing unprintable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.export import Chapter, make_book
from archive.export.flow import NoteNumbers, notes, pieces, printed_pieces, sound, unreferenced
from archive.model.article_parts import TableRows
from archive.model.records import Article, Block, Cell, Kind, Run

TITLE = Block.plain(Kind.TITLE, "题")


def article(*blocks: Block) -> Article:
    return Article(collection="a", blocks=(TITLE, *blocks))


def table_of(*cells: Cell) -> TableRows:
    blocks = [Block.plain(Kind.CELL, str(number), cell=cell) for number, cell in enumerate(cells)]
    (piece,) = pieces(Chapter(article(*blocks)))
    assert isinstance(piece, TableRows)
    return piece


def test_cells_of_one_table_stay_together_whatever_stands_between() -> None:
    blocks = [
        Block.plain(Kind.CELL, "一", cell=Cell(0, 0, 0)),
        Block.plain(Kind.NOTE, "注", label="1"),
        Block.plain(Kind.CELL, "二", cell=Cell(0, 0, 1)),
        Block.plain(Kind.CELL, "另表", cell=Cell(1, 0, 0)),
        Block.plain(Kind.PARAGRAPH, "文"),
    ]
    first, second, last = pieces(Chapter(article(*blocks)))
    assert isinstance(first, TableRows) and first.columns == 2
    assert isinstance(second, TableRows) and second.columns == 1
    assert isinstance(last, Block)


def test_paragraphs_of_one_cell_stay_in_it() -> None:
    table = table_of(Cell(0, 0, 0), Cell(0, 0, 0), Cell(0, 0, 1))
    assert [len(cell.blocks) for cell in table.rows[0]] == [2, 1]
    assert not table.simple


def test_header_rows_are_those_at_the_top() -> None:
    head, body = Cell(0, 0, 0, header=True), Cell(0, 1, 0)
    assert table_of(head, body).header_rows == 1
    assert table_of(body, Cell(0, 2, 0, header=True)).header_rows == 0


cells = st.builds(
    Cell, st.just(0), st.integers(0, 10**6), st.integers(0, 9), st.integers(1, 10**6), st.integers(1, 10**6)
)


@given(st.lists(cells, min_size=1, max_size=12))
def test_wild_spans_cover_no_cell(given_cells: list[Cell]) -> None:
    table = table_of(*given_cells)
    assert sum(len(cell.blocks) for row in table.rows for cell in row) == len(given_cells)
    taken: set[tuple[int, int]] = set()
    for row in table.rows:
        for cell in row:
            place = cell.place
            for covered_row in range(place.row, place.row + place.row_span):
                for column in range(place.column, place.column + place.column_span):
                    assert (covered_row, column) not in taken
                    assert covered_row < len(table.rows) and column < table.columns
                    taken.add((covered_row, column))


def test_notes_of_several_paragraphs_and_without_reference() -> None:
    text = article(
        Block(Kind.PARAGRAPH, (Run("文"), Run("", note="1"))),
        Block.plain(Kind.NOTE, "上", label="1"),
        Block(Kind.NOTE, (Run("下"), Run("", note="2")), label="1"),
        Block.plain(Kind.NOTE, "注中之注", label="2"),
    )
    assert [len(blocks) for blocks in notes(text).values()] == [2, 1]
    assert [note.label for note in unreferenced(text)] == ["2"]


def test_notes_are_numbered_as_they_are_met() -> None:
    referring = Block(Kind.PARAGRAPH, (Run("文", note="b"), Run("", note="a"), Run("", note="b")))
    text = article(*(Block.plain(Kind.NOTE, name, label=name) for name in "abc"), referring)
    numbers = NoteNumbers(text, first=5)
    assert (numbers.of("b"), numbers.of("a"), numbers.of("b"), numbers.of("x")) == (5, 6, 5, None)
    assert [(number, blocks[0].text) for number, blocks in numbers.listed()] == [(5, "b"), (6, "a"), (7, "c")]


def test_what_no_file_can_hold_is_replaced_and_reported() -> None:
    text = article(Block.plain(Kind.PARAGRAPH, "甲\x00乙\ud800丙\n丁\t戊"))
    book, issues = sound(make_book([text]))
    (chapter,) = book.chapters
    assert chapter.article.blocks[1].text == "甲\ufffd乙\ufffd丙\n丁\t戊"
    assert [(issue.code, issue.characters) for issue in issues] == [("export-characters", 2)]


def test_comments_and_heads_are_left_out_and_reported() -> None:
    text = article(
        Block.plain(Kind.COMMENT, "存疑"), Block.plain(Kind.COMMENT, "再核"), Block.plain(Kind.FOOTER, "第1页")
    )
    _, issues = sound(make_book([text]))
    assert [(issue.code, issue.characters) for issue in issues] == [("export-comment", 4), ("export-footer", 3)]
    assert list(pieces(Chapter(text))) == []


def test_a_note_only_a_picture_or_a_remark_refers_to_is_printed_after_the_text() -> None:
    blocks = (
        Block.plain(Kind.TITLE, "题"),
        Block(Kind.FIGURE, (Run("图", note="a"),), picture="p"),
        Block(Kind.COMMENT, (Run("批", note="b"),)),
        Block.plain(Kind.NOTE, "甲", label="a"),
        Block.plain(Kind.NOTE, "乙", label="b"),
    )
    assert [note.label for note in unreferenced(Article(collection="", blocks=blocks))] == ["a", "b"]


def test_a_paragraph_of_short_lines_is_verse() -> None:
    texts = ("上河的船儿\n摇橹的哥哥\n月亮挂在柳梢中。", "编者\n三月", "一行" * 20 + "\n二\n三")
    found = list(printed_pieces(Chapter(article(*(Block.plain(Kind.PARAGRAPH, text) for text in texts)))))
    assert [each.kind for each in found if isinstance(each, Block)] == [Kind.VERSE, Kind.PARAGRAPH, Kind.PARAGRAPH]
    assert [each.text for each in found if isinstance(each, Block)] == list(texts)
