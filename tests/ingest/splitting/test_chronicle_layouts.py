"""大事记 in the shapes they come in: tables, soft line breaks, reigns under headings, appendices, dates left open."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archive.dates import iso
from archive.model.records import Article, Block, Cell, Collection, Genre, Kind, Manuscript, Run, Style
from ingest.splitting import chronicle
from ingest.splitting.chronicle import ChronicleLikelihood
from ingest.splitting.split import Mode, recognised, split

HERE = Collection("dsj", "大事记", kind="chronicle")


def text(words: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, words)


def manuscript(lines: Sequence[str | Block]) -> Manuscript:
    blocks = tuple(text(line) if isinstance(line, str) else line for line in lines)
    return Manuscript("大事记.docx", "ab" * 32, blocks, 0)


def table(*rows: Sequence[str | None], spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> list[Block]:
    """The cells of a table; None of a row's texts is a cell covered by a span."""
    spans = spans or {}
    return [
        Block.plain(Kind.CELL, words, cell=Cell(0, row, column, *spans.get((row, column), (1, 1))))
        for row, cells in enumerate(rows)
        for column, words in enumerate(cells)
        if words is not None
    ]


def entries(*lines: str | Block) -> list[Article]:
    found = split(manuscript(lines), HERE, Mode.CHRONICLE).articles
    return [article for article in found if article.genre is Genre.ENTRY]


def first_and_last(entry: Article) -> tuple[str, str]:
    """The first and the last day of a date that is open nowhere."""
    assert entry.date is not None and entry.date.start is not None and entry.date.end is not None
    return iso(entry.date.start), iso(entry.date.end)


def dated(*lines: str | Block) -> list[tuple[str, str, str]]:
    """Of each entry the last words, and its first and last day."""
    return [
        (entry.blocks[-1].text[-2:], first_and_last(entry)[0], first_and_last(entry)[1])
        for entry in entries(*lines)
        if entry.date is not None
    ]


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("该　　月　甲事", "1958-03-01", "1958-03-31"),
        ("同　月，甲事", "1958-03-01", "1958-03-31"),
        ("该　年　甲事", "1958-01-01", "1958-12-31"),
        ("本年度，甲事", "1958-01-01", "1958-12-31"),
        ("×月　甲事", "1958-01-01", "1958-12-31"),
        ("某月某日，甲事", "1958-01-01", "1958-12-31"),
        ("翌日　甲事", "1958-03-06", "1958-03-06"),
        ("10.1　甲事", "1958-10-01", "1958-10-01"),
        ("（4月2日）甲事", "1958-04-02", "1958-04-02"),
        ("2、4月2日，甲事", "1958-04-02", "1958-04-02"),
        ("同月月底，甲事", "1958-03-21", "1958-03-31"),
        ("同月10日至12日，甲事", "1958-03-10", "1958-03-12"),
        ("同年同月，甲事", "1958-03-01", "1958-03-31"),
        ("是夜，甲事", "1958-03-05", "1958-03-05"),
        ("6月上、中旬　甲事", "1958-06-01", "1958-06-20"),
        ("冬至次年春，甲事", "1958-11-01", "1959-05-31"),
        ("1958年底至1959年初　甲事", "1958-11-01", "1959-03-31"),
        ("【10月】1日，甲事", "1958-10-01", "1958-10-01"),
        ("（4月）6日　甲事", "1958-04-06", "1958-04-06"),
        ("(同月)9日，甲事", "1958-03-09", "1958-03-09"),
    ],
)
def test_padded_and_open_dates(line: str, first: str, last: str) -> None:
    assert dated("1958年", "3月5日，开工。", line) == [("工。", "1958-03-05", "1958-03-05"), ("甲事", first, last)]


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("道光三十年（1850年）至咸丰元年（1851年）　甲事", "1850-01-01", "1851-12-31"),
        ("光绪三年、四年　甲事", "1877-02-13", "1879-01-21"),
        ("1958—1960年，甲事", "1958-01-01", "1960-12-31"),
        ("1953年至1957年　甲事", "1953-01-01", "1957-12-31"),
        ("25年（东汉建武元年），甲事", "0025-01-01", "0025-12-31"),
        ("前206年　甲事", "-0205-01-01", "-0205-12-31"),
        ("清·光绪三十年（1904），甲事", "1904-01-01", "1904-12-31"),
    ],
)
def test_years_told_together_and_early_years(line: str, first: str, last: str) -> None:
    assert dated(line) == [("甲事", first, last)]


def test_a_mark_after_part_of_a_month_says_no_more_than_the_month() -> None:
    lines = ["1958年", "3月5日　甲。", "△乙。", "同月底　丙。", "△丁。", "4月", "△　戊。"]
    assert [(first, last) for _, first, last in dated(*lines)] == [
        ("1958-03-05", "1958-03-05"), ("1958-03-05", "1958-03-05"), ("1958-03-21", "1958-03-31"),
        ("1958-03-01", "1958-03-31"), ("1958-04-01", "1958-04-30"),
    ]  # fmt: skip


def test_the_year_of_the_title() -> None:
    lines = [
        "朔原县2008年大事记",
        "1月",
        "5日　甲。",
        "是日，乙。",
        "2月",
        "3日至5日　丙。",
        "本月　丁。",
        "3月2日，戊。",
    ]
    assert [first for _, first, _ in dated(*lines)] == [
        "2008-01-05", "2008-01-05", "2008-02-03", "2008-02-01", "2008-03-02",
    ]  # fmt: skip
    assert chronicle.likeness(manuscript(lines)) is ChronicleLikelihood.SURE
    assert all(entry.date is None for entry in entries("大事记（2008—2010年）", "5月3日　甲。", "6月　乙。"))


def test_old_months_go_by_the_moon_where_an_era_has_several_rulers() -> None:
    head = Block.plain(Kind.HEADING, "949年（乾祐二年春二月）", level=2)
    assert dated(head, "乾祐二年春二月，甲。", "秋九月，乙。") == [
        ("甲。", "0949-03-08", "0949-04-05"), ("乙。", "0949-09-30", "0949-10-28"),
    ]  # fmt: skip


def test_bare_years_below_a_reign() -> None:
    found = entries("民　国", "元年（1912）　3月，改制。", "5月，剪辫。", "二年　设所。", "廿五年十月　过境。")
    assert [entry.title for entry in found] == [
        "民国元年　3月", "民国元年　5月", "民国二年", "民国廿五年　十月",
    ]  # fmt: skip
    assert found[0].blocks[1].text == "民　国"
    assert [first_and_last(entry)[0][:7] for entry in found if entry.date] == [
        "1912-03",
        "1912-05",
        "1913-01",
        "1936-10",
    ]


@pytest.mark.parametrize("head", ["大事记 · 1962年", "朔原县1962年大事记"])
def test_the_title_of_the_next_year_is_no_entry(head: str) -> None:
    lines = ["1961年", "1月5日　水库开工。", head, "1962年", "2月3日　水库建成。"]
    assert [one.title for one in entries(*lines)] == ["1961年　1月5日", "1962年　2月3日"]


def test_the_year_after() -> None:
    assert dated("●康熙四十八年九月十二日　地震。", "次年　修城。")[1] == ("城。", "1710-01-01", "1710-12-31")
    assert len(entries("1958年", "3月，开工。", "次年，竣工。", "1959年", "1月，甲。")) == 2


def test_soft_line_breaks() -> None:
    assert dated("1959年", "1月　整社。\n3月　开荒。\n冬　缩减。") == [
        ("社。", "1959-01-01", "1959-01-31"), ("荒。", "1959-03-01", "1959-03-31"),
        ("减。", "1959-11-01", "1960-02-29"),
    ]  # fmt: skip
    assert len(entries("1959年", "1月　整社。\n又开荒。")) == 1


def test_dates_that_were_given_a_heading_style() -> None:
    head = Block.plain(Kind.HEADING, "3月5日", level=3)
    found = entries(Block.plain(Kind.HEADING, "1986年", level=2), head, "开会。", "决议。")
    assert [(entry.title, [block.text for block in entry.blocks[1:]]) for entry in found] == [
        ("1986年　3月5日", ["1986年", "3月5日", "开会。", "决议。"])
    ]


def test_a_date_that_is_told_starts_no_entry() -> None:
    lines = ["1958年", "1月，甲事开始。3月，验收。6月，竣工。", "7月5日，开会。8日，闭会。是年，增产。", "9月，乙。"]
    assert [entry.title for entry in entries(*lines)] == ["1958年　1月", "1958年　7月5日", "1958年　9月"]


def test_a_paragraph_that_holds_a_whole_year() -> None:
    found = entries("1949年　9月，甲。10月，乙。12月，丙。", "1950年　1月，丁。2月，戊。是年，己。")
    assert [entry.title for entry in found] == [
        "1949年　9月", "1949年　10月", "1949年　12月", "1950年　1月", "1950年　2月", "1950年　是年",
    ]  # fmt: skip


def test_a_paragraph_without_a_date_does_not_take_the_day_above() -> None:
    days = [f"{month}月5日，开会。" for month in range(1, 7)]
    found = split(manuscript(["1958年", *days, "全县产粮一万石。"]), HERE, Mode.CHRONICLE)
    *_, last = found.articles
    assert last.blocks[1].text == "全县产粮一万石。"
    assert first_and_last(last) == ("1958-01-01", "1958-12-31")
    assert [issue.code for issue in found.issues] == ["entry-date"]
    assert len(entries("1958年", *days, "会议通过决议。")) == 6
    assert len(entries("1958年", *days[:2], "甲说明。", days[2], "乙说明。")) == 3


@pytest.mark.parametrize(
    "title", ["附　录", "附录：历年降水量表", "附录二　县长名录", "附表", "附：历任县长", "编后记"]
)
def test_an_appendix_ends_the_last_entry(title: str) -> None:
    found = split(manuscript(["1949年", "9月5日，解放。", title, "1949年，降水二百毫米。"]), HERE, Mode.CHRONICLE)
    entry, appendix = found.articles
    assert len(entry.blocks) == 3
    assert (appendix.genre, appendix.title, len(appendix.blocks)) == (Genre.MATTER, title, 2)


class TestTables:
    def test_two_columns(self) -> None:
        rows = [
            ("1949年",),
            ("8月26日", "县城解放"),
            ("同日", "军管"),
            ("10.1", "庆祝"),
            ("", "清查"),
            ("年底", "互助"),
        ]
        found = entries(*table(*rows, spans={(0, 0): (1, 2)}))
        assert [(entry.title, entry.blocks[-1].text) for entry in found] == [
            ("1949年　8月26日", "8月26日　县城解放"),
            ("1949年　同日", "同日　军管"),
            ("1949年　10月1日", "10.1　庆祝"),
            ("1949年", "清查"),
            ("1949年　年底", "年底　互助"),
        ]
        assert found[0].blocks[1].kind is Kind.HEADING
        assert [run.text for run in found[0].blocks[-1].runs if Style.GENERATED in run.style] == ["　"]

    def test_three_columns_with_a_year_that_spans_rows(self) -> None:
        rows = [("年份", "月日", "大事"), ("1949", "9月3日", "甲"), (None, "10月", "乙"), ("1950", "", "丙")]
        assert dated(*table(*rows, spans={(1, 0): (2, 1)})) == [
            ("　甲", "1949-09-03", "1949-09-03"), ("　乙", "1949-10-01", "1949-10-31"),
            ("丙", "1950-01-01", "1950-12-31"),
        ]  # fmt: skip

    def test_the_headings_of_the_columns_are_no_entry(self) -> None:
        rows = [
            ("年份", "月日", "大事纪要"),
            ("1949", "9月3日", "甲"),
            ("年份", "月日", "大事纪要"),
            ("", "10月", "乙"),
        ]
        found = entries(*table(*rows))
        assert [[block.text for block in entry.blocks[1:] if block.kind is not Kind.HEADING] for entry in found] == [
            ["9月3日　甲"], ["10月　乙"],
        ]  # fmt: skip
        assert "年份　月日　大事纪要" in [block.text for block in found[1].blocks]

    def test_a_year_that_turns_without_a_word(self) -> None:
        rows = [("1949.9.3", "甲"), ("10.1", "乙"), ("12.31", "丙"), ("1.5", "丁"), ("1951.2", "戊"), ("5月", "己")]
        assert [first for _, first, _ in dated(*table(*rows))] == [
            "1949-09-03", "1949-10-01", "1949-12-31", "1950-01-05", "1951-02-01", "1951-05-01",
        ]  # fmt: skip
        rows[4] = ("1950.2", "戊")
        assert [first for _, first, _ in dated(*table(*rows))][3] == "1950-01-05"
        rows[4] = ("1949.12", "戊")
        assert [first for _, first, _ in dated(*table(*rows))][3] == "1949-01-05"

    def test_the_year_in_two_columns(self) -> None:
        rows = [("公历", "年号", "月", "大事"), ("1904", "光绪三十年", "3", "甲"), ("1905", "三十一年", "4", "乙")]
        assert [entry.title for entry in entries(*table(*rows))] == ["1904年　3月", "1905年　4月"]

    def test_a_table_of_figures_belongs_to_the_entry_above(self) -> None:
        (entry,) = entries("1958年", "5月　甲。", *table(("年份", "产量"), ("1957年", "10"), ("1958年", "20")))
        assert [block.text for block in entry.blocks[-2:]] == ["1958年", "20"]

    def test_numbers_under_month_and_day(self) -> None:
        rows = [("年", "月", "日", "事项"), ("1949", "9", "3", "甲"), ("", "10", "", "乙"), ("1950", "1", "12", "丙")]
        assert [(first, last) for _, first, last in dated(*table(*rows))] == [
            ("1949-09-03", "1949-09-03"), ("1949-10-01", "1949-10-31"), ("1950-01-12", "1950-01-12"),
        ]  # fmt: skip

    def test_a_date_that_spans_rows_is_shared(self) -> None:
        rows = [("1949年9月3日", "甲"), (None, "乙"), ("1949年10月", "丙")]
        assert dated(*table(*rows, spans={(0, 0): (2, 1)}))[1] == ("乙", "1949-09-03", "1949-09-03")

    def test_days_inside_a_cell_beside_their_month(self) -> None:
        rows = [("1949年", ""), ("9月", "3日，甲"), ("10月", "庆祝")]
        assert dated(*table(*rows)) == [("，甲", "1949-09-03", "1949-09-03"), ("庆祝", "1949-10-01", "1949-10-31")]

    def test_another_table_stays_one(self) -> None:
        rows = [("乡镇", "人口"), ("城关", "1200"), ("河湾", "800")]
        (entry,) = entries("1949年", "9月3日，解放。", *table(*rows))
        assert [block.kind for block in entry.blocks[-6:]] == [Kind.CELL] * 6

    def test_no_character_is_lost(self) -> None:
        rows = [("时间", "事项"), ("1949年", "甲"), ("9月", "3日，乙"), ("", ""), ("10月", "丙\n11月，丁")]
        blocks = [*table(*rows), Block(Kind.CELL, (Run("余"),), cell=Cell(0, 2, 1))]
        kept = "".join(
            run.text for article in split(manuscript(blocks), HERE, Mode.CHRONICLE).articles
            for block in article.blocks for run in block.runs if Style.GENERATED not in run.style
        )  # fmt: skip
        assert sorted("".join(kept.split())) == sorted("".join("".join(block.text for block in blocks).split()))


class TestRecognition:
    LINES = ("1949年", *(f"{month}月，开会。" for month in range(1, 6)), "1950年", "1月，又开会。")

    def test_years_and_dated_paragraphs(self) -> None:
        mode, (issue,) = recognised(manuscript(self.LINES), Mode.AUTO)
        assert (mode, issue.code) == (Mode.CHRONICLE, "chronicle-found")

    def test_what_was_asked_for_is_not_changed(self) -> None:
        assert recognised(manuscript(self.LINES), Mode.ARTICLE) == (Mode.ARTICLE, ())

    def test_doubtful_ones_are_offered(self) -> None:
        more = ["老人们说起当年修渠的事情，都还记得清楚。"] * 5
        mode, (issue,) = recognised(manuscript([*self.LINES, *more]), Mode.AUTO)
        assert (mode, issue.code) == (Mode.AUTO, "chronicle-likely")
        assert chronicle.likeness(manuscript(["本县大事记", *self.LINES, *more])) is ChronicleLikelihood.SURE

    def test_a_volume_whose_contents_name_authors_is_none(self) -> None:
        contents = ["目　录", "老渡口……王勇（1）", "水车旧事……刘长河（3）", "第一所学校……马兰（7）"]
        told = ["老渡口", *self.LINES[:3], "水车旧事", *self.LINES[3:6], "第一所学校", *self.LINES[6:]]
        mode, (issue,) = recognised(manuscript([*contents, *told]), Mode.AUTO)
        assert (mode, issue.code) == (Mode.AUTO, "chronicle-likely")

    def test_years_with_a_paragraph_each_under_a_title_that_says_so(self) -> None:
        lines = [
            part
            for year in range(1001, 1007)
            for part in (f"{year}年（宋某年）", "某人筑城于河东，屯田三千亩，名其城曰新。")
        ]
        assert chronicle.likeness(manuscript(["大事记", *lines])) is ChronicleLikelihood.SURE
        assert chronicle.likeness(manuscript(["城的故事", *lines])) is ChronicleLikelihood.NONE

    def test_an_article_with_some_dates_is_none(self) -> None:
        lines = ["忆老水车", *("老人们说起当年修渠的事情，都还记得清楚。" for _ in range(20)), *self.LINES]
        assert chronicle.likeness(manuscript(lines)) is ChronicleLikelihood.NONE

    def test_a_roster_is_offered(self) -> None:
        lines = ["县长", *(f"刘长{name}（198{at}.3—198{at + 1}.2）" for at, name in enumerate("甲乙丙丁戊己"))]
        mode, (issue,) = recognised(manuscript(lines), Mode.AUTO)
        assert (mode, issue.code) == (Mode.AUTO, "roster-likely")


def test_a_row_that_repeats_its_year_takes_no_month_from_above() -> None:
    rows = [["1950年1月", "剿匪。"], ["1950年", "丰收。"], ["1951年3月5日", "开会。"]]
    assert dated(*table(*rows)) == [
        ("匪。", "1950-01-01", "1950-01-31"),
        ("收。", "1950-01-01", "1950-12-31"),
        ("会。", "1951-03-05", "1951-03-05"),
    ]


@pytest.mark.parametrize("written", ["年　　底", "年 底", "年底"])
def test_the_end_of_a_year_however_it_is_padded(written: str) -> None:
    (_, (_, first, last)) = dated("1987年", "1月5日　开工。", f"{written}　验收。")
    assert (first, last) == dated("1987年", "1月5日　开工。", "年底　验收。")[1][1:]
    assert first > "1987-06"
