"""How tables are fitted onto pages for PDF."""

from __future__ import annotations

from archive.export.pdf import pdf_tables
from archive.model.article_parts import TableRows, flow
from archive.model.records import Block, Cell, Kind


def table(*rows: tuple[str, ...]) -> TableRows:
    blocks = [
        Block.plain(Kind.CELL, text, cell=Cell(0, row, column))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    (found,) = flow(blocks)
    assert isinstance(found, TableRows)
    return found


def test_long_texts_get_the_room_that_figures_leave() -> None:
    fit = pdf_tables.fit(table(("1", "很长的一段说明文字，要占好几行。" * 4, "2")), 9, 400, 600)
    assert fit is not None and not fit.turned and fit.size == 9
    assert abs(sum(fit.widths) - 400) < 0.01
    assert fit.widths[1] > 4 * fit.widths[0]


def test_an_unbreakable_number_keeps_its_width() -> None:
    fit = pdf_tables.fit(table(("1234567890123", *("说明文字，可以折行" * 3,) * 9)), 9, 400, 600)
    assert fit is not None
    assert fit.widths[0] >= 13 * 0.55 * fit.size


def test_type_shrinks_before_the_page_is_turned_and_not_below_six_points() -> None:
    dense = pdf_tables.fit(table(("12345",) * 16), 9, 400, 600)
    denser = pdf_tables.fit(table(("12345",) * 22), 9, 400, 600)
    assert dense and not dense.turned and 6 <= dense.size < 9
    assert denser and denser.turned and 6 <= denser.size <= 9
    assert abs(sum(denser.widths) - 600) < 0.01


def test_short_words_stand_on_one_line_beside_long_texts() -> None:
    fit = pdf_tables.fit(table(("1912", "盐课", "文" * 900)), 9, 400, 600)
    assert fit is not None and fit.widths[1] - 2 * fit.inset >= 2 * fit.size


def test_a_natural_table_is_as_wide_as_its_words() -> None:
    fit = pdf_tables.fit(table(("届别", "文化艺术界")), 9, 400, 600, natural=True)
    assert fit is not None and sum(fit.widths) < 120 and fit.widths[1] - 2 * fit.inset >= 5 * fit.size


def test_where_a_table_may_be_cut() -> None:
    blocks = [
        Block.plain(Kind.CELL, "两行", cell=Cell(0, 0, 0, 2)),
        Block.plain(Kind.CELL, "六行", cell=Cell(0, 2, 0, 6)),
    ]
    blocks += [Block.plain(Kind.CELL, str(row), cell=Cell(0, row, 1)) for row in range(8)]
    (source,) = flow(blocks)
    assert isinstance(source, TableRows)
    fit = pdf_tables.fit(source, 9, 400, 600)
    assert fit is not None and pdf_tables.cuts(source, fit) == [2, 3, 4, 5, 6, 7, 8]


def test_what_fits_nowhere_is_said() -> None:
    assert pdf_tables.fit(table(("12345",) * 60), 9, 400, 600) is None


def test_lines_of_a_cell_are_counted_at_its_width() -> None:
    source = table(("字" * 100, "短"))
    fit = pdf_tables.fit(source, 10, 220, 600)
    assert fit is not None
    long, short = source.rows[0]
    assert fit.lines(short) == 1
    assert 5 < fit.lines(long) < 15
