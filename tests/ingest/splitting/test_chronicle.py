"""大事记 and 组织史."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import iso
from archive.model.records import Block, Cell, Collection, Genre, Kind, Manuscript, Run, Style
from ingest.readers.registry import read
from ingest.splitting.split import Mode, split

HERE = Collection("dsj", "大事记", kind="chronicle")


def text(words: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, words)


def head(words: str, level: int = 2) -> Block:
    return Block.plain(Kind.HEADING, words, level=level)


def cut(*blocks: Block, mode: Mode = Mode.CHRONICLE):
    return split(Manuscript("大事记.docx", "ab" * 32, blocks, 0), HERE, mode)


class TestChronicle:
    def test_entries_below_year_headings(self) -> None:
        found = cut(
            Block.plain(Kind.TITLE, "朔津县大事记"), text("本大事记起自1644年。"), head("清", 1),
            head("光绪三十年（1904年）"),
            text("六月初八日，黄河大水。"), text("续写一段。"), text("是月，设赈局。"), text("▲同日，水退。"),
            head("1949年"), text("9月17日，解放军由老君渡过河。"),
        )  # fmt: skip
        front, *entries = found.articles
        assert (front.genre, front.title) == (Genre.MATTER, "朔津县大事记")
        assert [(entry.title, entry.section, len(entry.blocks)) for entry in entries] == [
            ("光绪三十年　六月初八日", "光绪三十年（1904年）", 5),
            ("光绪三十年　是月", "光绪三十年（1904年）", 2),
            ("光绪三十年　同日", "光绪三十年（1904年）", 2),
            ("1949年　9月17日", "1949年", 3),
        ]
        assert [block.text for block in entries[0].blocks[1:3]] == ["清", "光绪三十年（1904年）"]
        assert all(entry.genre is Genre.ENTRY and entry.date for entry in entries)
        assert iso(entries[0].date.start) == "1904-07-20"
        assert iso(entries[3].date.start) == "1949-09-17"

    @pytest.mark.parametrize(
        ("line", "title"),
        [
            ("民国二十三年10月10日，《朔津民报》创刊。", "民国二十三年　10月10日"),
            ("1958年春，引水工程开工。", "1958年　春"),
            ("1958年，全县大旱。", "1958年"),
            ("康熙三十六年闰三月，帝驻跸宁夏。", "康熙三十六年　闰三月"),
        ],
    )
    def test_entries_that_carry_their_year(self, line: str, title: str) -> None:
        (entry,) = cut(text(line)).articles
        assert entry.title == title
        assert entry.date is not None

    def test_year_shared_by_several_reigns_is_read_from_the_brackets(self) -> None:
        (entry,) = cut(head("881年（中和元年）"), text("中和元年春三月，起兵。")).articles
        assert iso(entry.date.start)[:4] == "0881"

    def test_entry_that_says_no_more_than_its_year(self) -> None:
        (entry,) = cut(head("民国十七年（1928年）"), text("自春至秋不雨。")).articles
        assert entry.title == "民国十七年"

    def test_date_that_is_not_understood_is_reported(self) -> None:
        found = cut(text("三月，渠成。"))
        assert [issue.code for issue in found.issues] == ["entry-date"]

    def test_no_entries(self) -> None:
        assert [issue.code for issue in cut(text("随便一段话。")).issues] == ["no-entries"]


def dated(*lines: str | Block) -> list[tuple[str, str, str]]:
    """Of each entry the last part of its title, and its first and last day."""
    blocks = [text(line) if isinstance(line, str) else line for line in lines]
    found = cut(*blocks).articles
    return [
        (entry.title.split("　", 1)[-1], iso(entry.date.start), iso(entry.date.end))
        for entry in found
        if entry.genre is Genre.ENTRY and entry.date
    ]


class TestDatesOfEntries:
    @pytest.mark.parametrize(
        ("year", "line", "title", "first", "last"),
        [
            ("1958年", "3 月 5 日　开工。", "3 月 5 日", "1958-03-05", "1958-03-05"),
            ("一九五八年", "三月五日，开工。", "三月五日", "1958-03-05", "1958-03-05"),
            ("1958年", "3月5～8日，集会。", "3月5～8日", "1958-03-05", "1958-03-08"),
            ("1958年", "9月底至10月初，抢收。", "9月底至10月初", "1958-09-21", "1958-10-10"),
            ("1958年", "12月至1959年2月，休整。", "12月至1959年2月", "1958-12-01", "1959-02-28"),
            ("1958年", "3月上旬，播种。", "3月上旬", "1958-03-01", "1958-03-10"),
            ("1958年", "春夏之交，大旱。", "春夏之交", "1958-02-01", "1958-08-31"),
            ("1958年", "春末夏初，风。", "春末夏初", "1958-02-01", "1958-08-31"),
            ("1958年", "是年秋，大熟。", "是年秋", "1958-08-01", "1958-11-30"),
            ("1958年", "年底，统计人口。", "年底", "1958-11-01", "1958-12-31"),
            ("1958年", "第三季度，减产。", "第三季度", "1958-07-01", "1958-09-30"),
            ("1958年", "同年10月，建校。", "同年10月", "1958-10-01", "1958-10-31"),
            ("【1958年】", "全年，产粮一万石。", "全年", "1958-01-01", "1958-12-31"),
            ("民国二十三年（1934年）", "三月，修志。", "三月", "1934-03-01", "1934-03-31"),
            ("光绪三十二年　丙午（1906年）", "閏四月初一日，設學堂。", "閏四月初一日", "1906-05-23", "1906-05-23"),
            ("1904年（清光绪三十年）", "六月初八日，河决。", "六月初八日", "1904-07-20", "1904-07-20"),
            ("1904年（清光绪三十年）", "6月8日，河决。", "6月8日", "1904-06-08", "1904-06-08"),
            ("光緒三十年", "臘月，歲饑。", "臘月", "1905-01-06", "1905-02-03"),
            ("1135年（绍兴五年春正月）", "绍兴五年、夏大德元年春正月，金使来。", "春正月", "1135-01-23", "1135-02-21"),
        ],
    )
    def test_under_a_year_heading(self, year: str, line: str, title: str, first: str, last: str) -> None:
        assert dated(year, line) == [(title, first, last)]

    def test_what_leans_on_the_entry_before(self) -> None:
        lines = ["3月5日，甲。", "▲乙。", "同日，丙。", "次日，丁。", "是月，戊。", "中旬，己。", "28日　庚。"]
        assert dated("1958年", *lines) == [
            ("3月5日", "1958-03-05", "1958-03-05"),
            ("同前", "1958-03-05", "1958-03-05"),
            ("同日", "1958-03-05", "1958-03-05"),
            ("次日", "1958-03-06", "1958-03-06"),
            ("是月", "1958-03-01", "1958-03-31"),
            ("3月中旬", "1958-03-11", "1958-03-20"),
            ("3月28日", "1958-03-28", "1958-03-28"),
        ]  # fmt: skip

    def test_month_on_a_line_of_its_own(self) -> None:
        found = cut(text("1958年"), text("2月"), text("3日　甲。")).articles
        assert [[block.text for block in entry.blocks[1:]] for entry in found] == [["1958年", "2月", "3日　甲。"]]
        assert dated("1958年", "2月", "3日　甲。") == [("2月3日", "1958-02-03", "1958-02-03")]

    def test_count_of_the_reign_that_runs(self) -> None:
        assert dated("光绪三十年，甲。", "三十一年，乙。") == [
            ("光绪三十年", "1904-02-16", "1905-02-03"),
            ("光绪三十一年", "1905-02-04", "1906-01-24"),
        ]

    def test_year_and_text_parted_by_a_space(self) -> None:
        assert dated("元狩四年（前119年）　移民实边。", "民国元年　2月　改县。", "民国十八年　大旱。") == [
            ("元狩四年", "-0118-01-01", "-0118-12-31"),
            ("2月", "1912-02-01", "1912-02-29"),
            ("民国十八年", "1929-01-01", "1929-12-31"),
        ]

    def test_year_that_is_a_bare_number(self) -> None:
        assert dated("1980", "1月，甲。", "入冬，乙。", "1981", "2—4月，丙。") == [
            ("1月", "1980-01-01", "1980-01-31"),
            ("入冬", "1980-11-01", "1981-02-28"),
            ("2—4月", "1981-02-01", "1981-04-30"),
        ]

    def test_entry_that_says_no_more_than_its_age(self) -> None:
        assert [entry[0] for entry in dated("二、唐代", "境内有党项部落。", "又一段。", "武德四年，置县。")] == [
            "二、唐代",
            "武德四年",
        ]

    def test_age_of_an_entry_before_any_year(self) -> None:
        assert [entry[0] for entry in dated("大事记", "明洪武年间，移民。", "清康熙三十六年，驻跸。")] == [
            "明洪武年间",
            "清康熙三十六年",
        ]


class TestWhatIsNoEntry:
    @pytest.mark.parametrize(
        "line",
        [
            "贞观八年，唐帝曾至此。",  # looks back
            "1960年10月，工程竣工。",  # looks ahead, beyond the next heading
            "当年的老人说，那时苦。",
            "初，渠水不足。",
            "一日，有客来。",
            "朔津县的事。",
            "三年困难时期的事。",
            "县、乡两级受奖。",
            "德明称臣三十年，频窥边境。",
        ],
    )
    def test_it_continues_the_entry_before(self, line: str) -> None:
        assert len(dated("1958年", "3月5日，开工。", line, "1959年", "1月，甲。")) == 2

    def test_dates_that_go_back_are_pointed_out(self) -> None:
        found = cut(text("1958年"), text("10月，甲。"), text("3月，乙。"))
        assert [(issue.code, issue.place) for issue in found.issues] == [("entry-order", "第 2 条")]

    def test_month_that_the_year_does_not_have(self) -> None:
        found = cut(text("光绪三十年"), text("闰三月，甲。"))
        assert [issue.code for issue in found.issues] == ["entry-date"]
        assert iso(found.articles[0].date.end) == "1905-02-03"


class TestSeveralEntriesInOneParagraph:
    def test_months_in_a_row(self) -> None:
        assert dated("1958年1月，甲。2月，乙“好。3月，坏”。3月，丙。是年，大旱。") == [
            ("1月", "1958-01-01", "1958-01-31"),
            ("2月", "1958-02-01", "1958-02-28"),
            ("3月", "1958-03-01", "1958-03-31"),
            ("是年", "1958-01-01", "1958-12-31"),
        ]

    @pytest.mark.parametrize(
        "lines", [("3月5日，渠道开工。10月，竣工。",), ("3月，甲。4月，乙。", "以上诸事，众议纷纭。")]
    )
    def test_one_event_is_not_torn(self, lines: tuple[str, ...]) -> None:
        assert len(dated("1958年", *lines)) == 1

    def test_styles_notes_and_readings_stay_where_they_were(self) -> None:
        runs = (Run("1958年1月，", Style.BOLD), Run("甲。"), Run("", note="1"), Run("2月，乙。", Style.BOLD, ruby="yi"))
        first, second = cut(Block(Kind.PARAGRAPH, runs)).articles
        assert first.blocks[1].runs == runs[:3]
        assert second.blocks[1].runs == runs[3:]


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "光绪三十年",
                    "1958年",
                    "3月",
                    "5日",
                    "，",
                    "。",
                    "▲",
                    "是年",
                    "（",
                    "）",
                    "春",
                    "甲",
                    "　",
                    "闰",
                    "至",
                ]
            ),
            max_size=9,
        ).map("".join),
        max_size=6,
    )
)
def test_no_character_is_lost(lines: list[str]) -> None:
    blocks = [text(line) for line in lines]
    articles = cut(*blocks).articles
    kept = "".join(
        run.text for article in articles for block in article.blocks for run in block.runs
        if Style.GENERATED not in run.style
    )  # fmt: skip
    assert kept == "".join(lines)


def test_every_entry_of_a_real_chronicle(shared_data: Path) -> None:
    sample = shared_data / "sample"
    with (sample / "chronicle_xixia.jsonl").open(encoding="utf-8") as stream:
        expected = ["".join(json.loads(line)["text"].split()) for line in stream]
    manuscript = read(sample / "docx" / "chronicle_xixia.docx", "chronicle_xixia.docx")
    entries = [article for article in split(manuscript, HERE, Mode.CHRONICLE).articles if article.genre is Genre.ENTRY]
    found = [
        "".join("".join(block.text.split()) for block in entry.blocks[1:] if block.kind is not Kind.HEADING)
        for entry in entries
    ]
    right = sum((Counter(expected) & Counter(found)).values())
    assert right / len(expected) >= 0.99
    assert right / len(found) >= 0.98
    assert all(entry.date for entry in entries)


class TestRoster:
    def test_terms_keep_their_subheadings_and_tables(self) -> None:
        cell = Block(Kind.CELL, (Run("主席"),), cell=Cell(5, 0, 0))
        found = cut(
            head("政协朔津县委员会", 1), head("第一届委员会（1956年6月—1959年3月）"), text("概况。"),
            head("常务委员", 3), cell,
            head("第二届委员会（1959年3月—1962年8月）"), text("概况。"), mode=Mode.ROSTER,
        )  # fmt: skip
        first, second = found.articles
        assert first.title == "政协朔津县委员会　第一届委员会（1956年6月—1959年3月）"
        assert [block.kind for block in first.blocks[1:]] == [Kind.HEADING, Kind.PARAGRAPH, Kind.HEADING, Kind.CELL]
        assert (first.genre, first.section) == (Genre.TERM, "政协朔津县委员会")
        assert (iso(first.date.start), iso(first.date.end)) == ("1956-06-01", "1959-03-31")
        assert second.title.endswith("第二届委员会（1959年3月—1962年8月）")

    def test_bodies_without_terms(self) -> None:
        found = cut(head("知县歷任", 1), text("张三"), head("教諭歷任", 1), text("李四"), mode=Mode.ROSTER)
        assert [article.title for article in found.articles] == ["知县歷任", "教諭歷任"]

    def test_no_headings(self) -> None:
        assert [issue.code for issue in cut(text("张三 主席"), mode=Mode.ROSTER).issues] == ["no-terms"]
