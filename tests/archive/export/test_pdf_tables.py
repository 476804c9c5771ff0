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


def test_what_fits_nowhere_is_said() -> None:
    assert pdf_tables.fit(table(("12345",) * 60), 9, 400, 600) is None


def test_lines_of_a_cell_are_counted_at_its_width() -> None:
    source = table(("字" * 100, "短"))
    fit = pdf_tables.fit(source, 10, 220, 600)
    assert fit is not None
    long, short = source.rows[0]
    assert fit.lines(short) == 1
    assert 5 < fit.lines(long) < 15
