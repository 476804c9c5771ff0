"""Manuscripts cut into articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.records import Block, Cell, Collection, Genre, Kind, Layout, Manuscript, Person, Role, Run, Style
from ingest.splitting.split import Mode, split
from ingest.text.characters import stored_characters

HERE = Collection("w12", "第十二辑", volume="第十二辑")


def text(words: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, words)


def head(words: str, level: int) -> Block:
    return Block.plain(Kind.HEADING, words, level=level)


def manuscript(*blocks: Block, name: str = "稿.docx", layouts: tuple[Layout, ...] = (), **more: object) -> Manuscript:
    return Manuscript(name, "ab" * 32, blocks, stored_characters(blocks), layouts=layouts, **more)  # type: ignore[arg-type]


def outline(*blocks: Block, mode: Mode = Mode.AUTO) -> list[tuple[str, str, str]]:
    articles = split(manuscript(*blocks), HERE, mode).articles
    assert [article.number for article in articles] == list(range(1, len(articles) + 1))
    return [(article.genre.value, article.section, article.title) for article in articles]


def test_level_one_headings_with_text_are_articles() -> None:
    blocks = [head("甲篇", 1), text("正文"), head("一", 2), text("文"), head("乙篇", 1), text("正文")]
    assert outline(*blocks) == [("article", "", "甲篇"), ("article", "", "乙篇")]


def test_bare_level_one_headings_are_sections() -> None:
    blocks = [
        text("某县文史资料"), text("第八辑"), head("前　言", 1), text("文"),
        head("往事", 1), head("甲篇", 2), text("文"), head("小节", 3), text("文"), head("乙篇", 2), text("文"),
        head("人物", 1), head("丙篇", 2), text("文"), head("后记", 1), text("文"),
    ]  # fmt: skip
    assert outline(*blocks) == [
        ("matter", "", "某县文史资料"), ("matter", "", "前　言"), ("matter", "往事", "往事"),
        ("article", "往事", "甲篇"),
        ("article", "往事", "乙篇"), ("matter", "人物", "人物"), ("article", "人物", "丙篇"), ("matter", "", "后记"),
    ]  # fmt: skip


def test_bylines_show_the_article_level() -> None:
    blocks = [
        head("卷一", 1),
        text("编者的几句话。"),
        head("甲", 2),
        text("张三"),
        text("文"),
        head("乙", 2),
        text("李四"),
        text("文"),
    ]
    assert [title for kind, _, title in outline(*blocks) if kind == "article"] == ["甲", "乙"]


def test_one_heading_over_few_is_one_article_unless_it_is_a_volume() -> None:
    blocks = [head("水车", 1), head("形制", 2), text("文"), head("用法", 2), text("文")]
    assert outline(*blocks) == [("article", "", "水车")]
    assert [title for _, _, title in outline(*blocks, mode=Mode.VOLUME)] == ["水车", "形制", "用法"]


def test_as_article_never_splits() -> None:
    assert outline(head("甲", 1), text("文"), head("乙", 1), text("文"), mode=Mode.ARTICLE) == [("article", "", "甲")]


def test_title_byline_subtitle_and_date() -> None:
    blocks = [
        head("我和水车", 1), text("——贺家四代"), text("贺兆丰口述　贺　敏整理"),
        text("正文第一段。"), text("正文第二段。"),
        text("（一九八五年三月于朔津）"), head("别篇", 1), text("张三"), text("文。"),
    ]  # fmt: skip
    article = split(manuscript(*blocks), HERE).articles[0]
    assert [block.kind for block in article.blocks] == [
        Kind.TITLE, Kind.SUBTITLE, Kind.BYLINE, Kind.PARAGRAPH, Kind.PARAGRAPH, Kind.PARAGRAPH,
    ]  # fmt: skip
    assert article.people == (Person("贺兆丰", Role.NARRATOR), Person("贺敏", Role.RECORDER))
    assert article.date is not None
    assert article.date.written == "一九八五年三月"
    assert (article.collection, article.volume, article.original) == ("w12", "第十二辑", "ab" * 32)


def test_author_in_the_closing_bracket() -> None:
    blocks = [
        head("甲", 1),
        text("正文。"),
        text("（作者：张三）"),
        head("乙", 1),
        text("正文。"),
        text("（作者系县政协原副主席）"),
    ]
    first, second = split(manuscript(*blocks), HERE).articles
    assert first.people == (Person("张三"),)
    assert second.people == ()


@pytest.mark.parametrize(("centred", "people"), [(True, ("若冰",)), (False, ())])
def test_layout_decides_about_unknown_names(centred: bool, people: tuple[str, ...]) -> None:
    blocks = (head("甲", 1), text("若冰"), text("正文。"))
    layouts = (Layout(), Layout(centred=centred), Layout())
    article = split(manuscript(*blocks, layouts=layouts), HERE).articles[0]
    assert tuple(person.name for person in article.people) == people


def test_title_over_two_paragraphs_and_runs() -> None:
    blocks = [
        Block(Kind.HEADING, (Run("读《重修"), Run("大济渠", Style.BOLD)), 1),
        head("碑记》札记", 1),
        text("文"),
        head("乙", 1),
        text("文"),
    ]
    assert [title for _, _, title in outline(*blocks)] == ["读《重修大济渠碑记》札记", "乙"]


def test_without_headings_the_first_line_is_the_title() -> None:
    found = split(manuscript(text("县政协召开座谈会"), text("正文。")), HERE)
    assert found.articles[0].title == "县政协召开座谈会"
    assert [issue.code for issue in found.issues] == ["title-guess"]


@pytest.mark.parametrize(("properties", "title"), [({}, "忆水车"), ({"title": "水车往事"}, "水车往事")])
def test_without_a_title_line_property_or_file_name(properties: dict[str, str], title: str) -> None:
    found = split(manuscript(text("那一年，黄河水大。"), name="忆水车.docx", properties=properties), HERE)
    assert found.articles[0].title == title
    assert stored_characters(found.articles[0].blocks) == 9


def test_a_long_manuscript_without_headings_is_pointed_out() -> None:
    whole = manuscript(text("汇总稿"), text("正文。" * 15_000))
    assert "unsplit" in {issue.code for issue in split(whole, HERE).issues}
    assert "unsplit" not in {issue.code for issue in split(whole, HERE, Mode.ARTICLE).issues}


def test_notes_between_title_and_byline_do_not_hide_it() -> None:
    blocks = [head("甲", 1), Block.plain(Kind.NOTE, "题注", label="1"), text("张三"), text("文。")]
    assert split(manuscript(*blocks), HERE).articles[0].people == (Person("张三"),)


def test_tables_are_numbered_within_their_article() -> None:
    cell = Block(Kind.CELL, (Run("格"),), cell=Cell(3, 0, 0))
    blocks = [head("甲", 1), text("文"), cell, head("乙", 1), replace(cell, cell=Cell(7, 0, 0))]
    numbers = [block.cell.table for a in split(manuscript(*blocks), HERE).articles for block in a.blocks if block.cell]
    assert numbers == [0, 0]


def test_running_heads_go_to_the_first_piece() -> None:
    blocks = [text("封面"), head("甲", 1), text("文"), head("乙", 1), text("文"), Block.plain(Kind.HEADER, "页眉")]
    articles = split(manuscript(*blocks), HERE).articles
    assert [block.kind for block in articles[0].blocks] == [Kind.TITLE, Kind.HEADER]


def test_empty_article_is_pointed_out() -> None:
    assert [issue.code for issue in split(manuscript(head("甲", 1), text("文"), head("乙", 1)), HERE).issues] == [
        "empty-article"
    ]


@pytest.mark.parametrize(
    "blocks",
    [
        (head("（1985年3月）", 2), head("张三", 1)),  # the line above a title begins an article itself
        (head("文", 3), head("往事", 2), head("张三", 1)),
        (
            Block.plain(Kind.SUBTITLE, "往事"),  # a line before the first title that could be one
            head("（作者：李四）", 3),
            head("往事", 2),
            text("（作者：李四）"),
            Block.plain(Kind.SUBTITLE, "张三"),
        ),
    ],
)
def test_no_block_is_claimed_twice(blocks: tuple[Block, ...]) -> None:
    whole = manuscript(*blocks, layouts=tuple(Layout(centred=True) for _ in blocks))
    given = sum(len(block.text) for block in blocks)
    assert sum(len(block.text) for one in split(whole, HERE).articles for block in one.blocks) == given


_WORDS = st.sampled_from(
    ["张三", "往事", "——副题", "后记", "正月，大水。", "1958年", "光绪三十年（1904年）", "是月，雨。", "（作者：李四）",
     "（1985年3月）",
     "一九五八年三月五日，渠成。", "第一届委员会（1956年5月—1961年3月）", "名录", "读《重修",
     "很长的一段正文，写了许多许多事情。", "▲同日，晴。"]
)  # fmt: skip
_OTHERS = [Kind.TITLE, Kind.SUBTITLE, Kind.NOTE, Kind.CAPTION, Kind.HEADER, Kind.COMMENT]
_BLOCKS = st.one_of(
    st.builds(text, _WORDS),
    st.builds(head, _WORDS, st.integers(1, 3)),
    st.builds(Block.plain, st.sampled_from(_OTHERS), _WORDS),
    st.builds(lambda words, table: Block(Kind.CELL, (Run(words),), cell=Cell(table, 0, 0)), _WORDS, st.integers(0, 3)),
    st.builds(lambda words: Block.plain(Kind.FIGURE, words, picture="ff"), _WORDS),
)  # fmt: skip


@given(
    st.lists(_BLOCKS, min_size=1, max_size=25),
    st.sampled_from([m for m in Mode if m is not Mode.RECORDS]),
    st.booleans(),
)
def test_every_block_ends_up_in_exactly_one_article(blocks: list[Block], mode: Mode, centred: bool) -> None:
    whole = manuscript(*blocks, layouts=tuple(Layout(centred=centred) for _ in blocks))
    articles = split(whole, HERE, mode).articles
    assert all(article.blocks[0].kind is Kind.TITLE for article in articles)
    assert all(article.genre in Genre for article in articles)
    kept = Counter(
        character
        for article in articles
        for block in article.blocks
        for run in block.runs
        if Style.GENERATED not in run.style
        for character in run.text
        if not character.isspace()
    )
    assert kept == Counter(character for block in blocks for character in block.text if not character.isspace())
    floating = (Kind.NOTE, Kind.FIGURE, Kind.CELL, Kind.COMMENT)
    order = [(block.kind, block.text) for article in articles for block in article.blocks if block.kind in floating]
    assert order == [(block.kind, block.text) for block in blocks if block.kind in floating]


@pytest.mark.parametrize(
    ("blocks", "genre"),
    [
        ((text("目　录"), text("沙河大桥的修建……12")), "matter"),
        ((text("第一编　经济建设"),), "matter"),
        ((text("后记"), text("谨致谢意。")), "matter"),
        ((text("沙河大桥的修建"), text("那年修桥。")), "article"),
    ],
)
def test_a_file_that_is_a_page_of_a_volume_is_no_article(blocks: tuple[Block, ...], genre: str) -> None:
    assert [one for one, _, _ in outline(*blocks, mode=Mode.ARTICLE)] == [genre]
