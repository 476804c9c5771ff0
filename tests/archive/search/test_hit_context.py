"""What is said beside a hit whose own block does not say enough."""

from __future__ import annotations

from archive.dates import day
from archive.model.records import Article, Block, Cell, Genre, Kind, Period, Precision, Run
from archive.search.hit_context import HitContext

TITLE = Block.plain(Kind.TITLE, "题")


def cell(row: int, column: int, text: str, header: bool = False, **span: int) -> Block:
    return Block(Kind.CELL, (Run(text),), cell=Cell(0, row, column, header=header, **span))


def article(*blocks: Block, **values: object) -> Article:
    return Article(collection="c", blocks=(TITLE, *blocks), **values)  # type: ignore[arg-type]


def test_a_cell_is_shown_with_its_row_under_the_heads_of_the_columns() -> None:
    table = article(
        cell(0, 0, "姓名", header=True),
        cell(0, 1, "任期", header=True, column_span=2),
        cell(1, 1, "起", header=True),
        cell(1, 2, "止", header=True),
        cell(2, 0, "高启元", row_span=2),
        cell(2, 1, "1950"),
        cell(2, 2, "1953"),
        cell(3, 1, "1956"),
        cell(3, 2, ""),
    )
    context = HitContext(table)
    assert context.of(5) == (("姓名", "高启元"), ("任期 起", "1950"), ("任期 止", "1953"))
    assert context.of(8) == (("姓名", "高启元"), ("任期 起", "1956"))
    assert context.of(1) == ()


def test_the_first_row_heads_a_table_that_marks_none() -> None:
    table = article(cell(0, 0, "年份"), cell(0, 1, "产量"), cell(1, 0, "1958"), cell(1, 1, "三万斤"), cell(1, 2, "好"))
    assert HitContext(table).of(4) == (("年份", "1958"), ("产量", "三万斤"), ("第3列", "好"))


def test_a_note_is_shown_with_what_it_belongs_to() -> None:
    text = Block(Kind.PARAGRAPH, (Run("当年的县长高启元"), Run("", note="1"), Run("到任。")))
    note = Block(Kind.NOTE, (Run("陕西人。"),), label="1")
    stray = Block(Kind.NOTE, (Run("无人引用。"),), label="2")
    context = HitContext(article(text, note, stray))
    assert context.of(2) == (("所注", "当年的县长高启元"),)
    assert context.of(3) == ()


def test_an_entry_of_a_chronicle_tells_its_day() -> None:
    date = Period(day(1953, 5, 3), day(1953, 5, 3), Precision.DAY, "5月3日")
    entry = article(Block.plain(Kind.PARAGRAPH, "修渠。"), genre=Genre.ENTRY, date=date)
    assert HitContext(entry).of(1) == (("时间", "1953年5月3日"),)
    assert HitContext(entry).of(0) == ()


def test_a_name_in_a_roster_is_shown_with_its_post() -> None:
    date = Period(day(1950, 1, 1), day(1953, 12, 31), Precision.RANGE, "1950—1953")
    roster = article(
        Block(Kind.HEADING, (Run("县长"),), level=1),
        Block.plain(Kind.PARAGRAPH, "高启元（1950.3—1953.8）"),
        genre=Genre.TERM,
        date=date,
    )
    context = dict(HitContext(roster).of(2))
    assert (context["职务"], context["姓名"], context["任期"]) == ("县长", "高启元", "1950.3—1953.8")


def test_the_headings_above_are_named_from_the_outermost_inwards() -> None:
    def heading(level: int, text: str) -> Block:
        return Block(Kind.HEADING, (Run(text),), level=level)

    text = article(
        heading(1, "水利"), heading(2, "渠"), Block.plain(Kind.PARAGRAPH, "甲"), heading(1, "林业"), heading(3, "治沙")
    )
    context = HitContext(text)
    assert context.of(3) == (("章节", "水利 › 渠"),)
    assert context.of(2) == (("章节", "水利"),)
    assert context.of(4) == ()
    assert context.of(5) == (("章节", "林业"),)
