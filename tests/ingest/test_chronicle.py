"""大事记 and 组织史."""

from __future__ import annotations

import pytest

from archive.dates import iso
from archive.records import Block, Cell, Collection, Genre, Kind, Manuscript, Run
from ingest.split import Mode, split

HERE = Collection("dsj", "大事记", kind="chronicle")


def text(words: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, words)


def head(words: str, level: int = 2) -> Block:
    return Block.plain(Kind.HEADING, words, level=level)


def cut(*blocks: Block, mode: Mode = Mode.CHRONICLE):  # type: ignore[no-untyped-def]
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
            ("光绪三十年　六月", "光绪三十年（1904年）", 2),
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
