"""Selections become sections, titles, bylines and source lines."""

from __future__ import annotations

import pytest

from archive.export import make_book
from archive.model.errors import ExportError
from archive.model.records import Article, Block, Collection, Genre, Kind, Person, Role, Run, Style

KNOWN = {"a": Collection(id="a", title="中卫文史资料"), "b": Collection(id="b", title="《县志》选")}


def text(title: str = "题", **fields: object) -> Article:
    return Article(blocks=(Block.plain(Kind.TITLE, title),), **({"collection": "a"} | fields))  # type: ignore[arg-type]


def test_consecutive_articles_of_a_section_share_a_heading() -> None:
    book = make_book([text(section="甲"), text(section="甲"), text(section="乙"), text(section="甲")])
    assert [(section.title, len(section.chapters)) for section in book.sections] == [("甲", 2), ("乙", 1), ("甲", 1)]


def test_a_divider_that_only_repeats_the_section_is_its_heading() -> None:
    book = make_book([text("甲", section="甲"), text("文", section="甲"), text("乙", section="乙")])
    assert [[chapter.title for chapter in section.chapters] for section in book.sections] == [["文"], ["乙"]]


def test_headings_of_a_chronicle_are_printed_once_and_above_the_entry() -> None:
    year = "清顺治元年（1644年）"
    first = Article(
        collection="a",
        genre=Genre.ENTRY,
        section=year,
        blocks=(
            Block.plain(Kind.TITLE, "清顺治元年　正月"),
            Block.plain(Kind.HEADING, "清", level=1),
            Block.plain(Kind.HEADING, year, level=2),
            Block.plain(Kind.PARAGRAPH, "正月，大旱。"),
        ),
    )
    later = text("清顺治二年　三月", genre=Genre.ENTRY, section="清顺治二年（1645年）")
    (heading, _, chapter), (next_heading, _, next_chapter) = make_book([first, later]).walk()
    assert heading == "" and [block.text for block in chapter.opening] == ["清", year]
    assert next_heading == "清顺治二年（1645年）" and next_chapter.dated_by(next_heading)


def test_the_body_stands_above_its_first_term_and_other_headings_below() -> None:
    term = Article(
        collection="a",
        genre=Genre.TERM,
        section="县政协",
        blocks=(
            Block.plain(Kind.TITLE, "县政协　第一届"),
            Block.plain(Kind.HEADING, "县政协", level=1),
            Block.plain(Kind.HEADING, "主席", level=2),
        ),
    )
    ((heading, _, chapter),) = make_book([term]).walk()
    assert heading == "" and [block.text for block in chapter.opening] == ["县政协"]


def test_order_is_kept() -> None:
    titles = ["丙", "甲", "乙"]
    assert [chapter.title for chapter in make_book([text(title) for title in titles]).chapters] == titles


def test_nothing_makes_no_book() -> None:
    with pytest.raises(ExportError):
        make_book([])


@pytest.mark.parametrize(
    ("articles", "title"),
    [
        ([text("独篇")], "独篇"),
        ([text(), text()], "中卫文史资料"),
        ([text(), text(collection="b")], "文史资料选编"),
    ],
)
def test_title_when_none_is_given(articles: list[Article], title: str) -> None:
    assert make_book(articles, collections=KNOWN).title == title


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"volume": "第三辑", "section": "人物"}, "出处：《中卫文史资料》第三辑，人物"),
        ({"volume": "文史"}, "出处：《中卫文史资料》"),  # the name says it already
        ({"collection": "b"}, "出处：《县志》选"),
        ({"source": "原载《宁夏日报》1962年5月4日"}, "原载《宁夏日报》1962年5月4日"),
        ({"source": "县档案馆抄本"}, "出处：县档案馆抄本"),
        ({"collection": "unknown"}, "出处：unknown"),
    ],
)
def test_source_line(fields: dict[str, str], line: str) -> None:
    (chapter,) = make_book([text(**fields)], collections=KNOWN).chapters
    assert chapter.source == line


def test_byline_names_what_people_did() -> None:
    people = (Person("张三"), Person("李四"), Person("王五", Role.RECORDER))
    (chapter,) = make_book([text(people=people)]).chapters
    assert chapter.byline == "张三、李四　王五 整理"


def test_byline_of_the_text_itself_is_not_doubled() -> None:
    blocks = (Block.plain(Kind.TITLE, "题"), Block.plain(Kind.BYLINE, "张三 文"))
    (chapter,) = make_book([Article(collection="a", blocks=blocks, people=(Person("张三"),))]).chapters
    assert chapter.byline == ""


def test_struck_text_is_not_printed_and_told() -> None:
    runs = (Run("于"), Run("五六年", Style.STRIKE), Run("五八年"))
    struck = Block(Kind.PARAGRAPH, (Run("全段划去", Style.STRIKE),))
    article = Article(
        collection="c", id="7", blocks=(Block.plain(Kind.TITLE, "题"), Block(Kind.PARAGRAPH, runs), struck)
    )
    book = make_book([article])
    (chapter,) = book.chapters
    assert [block.text for block in chapter.article.blocks] == ["题", "于五八年"]
    assert [(issue.code, "2 处共 7 字" in issue.message) for issue in book.left_out] == [("export-struck", True)]
