"""Volumes without heading styles: what is a title, a 栏目, a byline, front and back matter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model.records import Block, Collection, Genre, Kind, Layout, Manuscript
from ingest.readers.registry import read
from ingest.splitting.boundaries import State
from ingest.splitting.contents_page import Match, read_contents
from ingest.splitting.split import Mode, propose, split
from ingest.text.characters import stored_characters

HERE = Collection("w8", "第八辑")
TITLE, SECTION, BYLINE = Layout("", 18, 1, True), Layout("", 22, 1, True), Layout("", 12, 0, True)
BODY, BOLD = Layout("", 10.5), Layout("", 10.5, 1)
ROOT = Path(__file__).resolve().parents[3]
TEXT = "那一年黄河水大，渡口停了半个月，船工都在岸上等着，谁也不敢下水。"

Line = tuple[str, Layout]


def volume(*lines: Line | str) -> Manuscript:
    """A manuscript of paragraphs; plain strings are running text."""
    set_lines = [line if isinstance(line, tuple) else (line, BODY) for line in lines]
    blocks = tuple(Block.plain(Kind.PARAGRAPH, words) for words, _ in set_lines)
    layouts = tuple(layout for _, layout in set_lines)
    return Manuscript("第八辑.docx", "ab" * 32, blocks, stored_characters(blocks), layouts=layouts)


def article(title: str, byline: str = "张三", *more: Line | str) -> list[Line | str]:
    return [(title, TITLE), (byline, BYLINE), TEXT, *more, TEXT]


def rows(manuscript: Manuscript, mode: Mode = Mode.AUTO) -> list[tuple[str, str, str]]:
    return [(row.state.value, row.section, row.title) for row in propose(manuscript, HERE, mode).rows]


def titles(manuscript: Manuscript) -> list[str]:
    return [row.title for row in propose(manuscript, HERE).rows if row.state is State.TAKE]


def entry(title: str, page: int, author: str = "") -> str:
    return f"{title}…………………{author}（{page}）"


def test_titles_by_layout_and_byline() -> None:
    whole = volume(*article("水车记"), *article("渡船", "李四（口述）　王五（整理）"), *article("羊毛的路", "赵 六"))
    assert rows(whole) == [("收", "", "水车记"), ("收", "", "渡船"), ("收", "", "羊毛的路")]
    people = [[person.name for person in one.people] for one in split(whole, HERE).articles]
    assert people == [["张三"], ["李四", "王五"], ["赵六"]]


def test_byline_below_a_line_break_in_the_title() -> None:
    lines: list[Line | str] = []
    for title, author in (("水车", "张三"), ("狗·猫·鼠", "鲁　迅"), ("渡船", "李四")):
        lines += [(f"{title}\n◎ {author}", TITLE), TEXT, TEXT]
    found = split(volume(*lines), HERE).articles
    assert [one.title for one in found] == ["水车", "狗·猫·鼠", "渡船"]
    assert [one.people[0].name for one in found] == ["张三", "鲁迅", "李四"]
    assert found[1].blocks[1].kind is Kind.BYLINE


def test_sections_above_titles() -> None:
    whole = volume(("往事", SECTION), *article("水车记"), *article("渡船"), ("人物", SECTION), *article("赵三爷"),
                   ("后　记", TITLE), TEXT)  # fmt: skip
    assert rows(whole) == [
        ("栏目", "往事", "往事"), ("收", "往事", "水车记"), ("收", "往事", "渡船"), ("栏目", "人物", "人物"),
        ("收", "人物", "赵三爷"), ("书前书后", "", "后　记"),
    ]  # fmt: skip


def test_cover_preface_contents_and_colophon_are_matter() -> None:
    whole = volume(
        ("某县文史资料第八辑", Layout("", 26, 1, True)), ("某县政协文史委员会编", BYLINE), ("2019年12月", BYLINE),
        ("前　言", TITLE), TEXT, ("目　录", TITLE), entry("水车记", 1), entry("渡船", 5), entry("羊毛的路", 9),
        *article("水车记"), *article("渡船"), *article("羊毛的路"),
        "责任编辑：张三", "开本：850×1168", "印数：1—1000", "定价：30 元",
    )  # fmt: skip
    assert rows(whole) == [
        ("书前书后", "", "某县文史资料第八辑"), ("书前书后", "", "前　言"), ("书前书后", "", "目　录"),
        ("收", "", "水车记"), ("收", "", "渡船"), ("收", "", "羊毛的路"), ("书前书后", "", "责任编辑：张三"),
    ]  # fmt: skip


def test_cover_and_contents_are_one_piece() -> None:
    whole = volume(("某县文史资料", SECTION), ("目录", TITLE), entry("水车记", 1), entry("渡船", 5), entry("羊毛", 9),
                   *article("水车记"), *article("渡船"), *article("羊毛"))  # fmt: skip
    assert [row.first for row in propose(whole, HERE).rows] == [0, 5, 9, 13]


def test_subheadings_are_no_titles() -> None:
    middle = (("一、形制", BOLD), TEXT, ("早年经历", Layout("", 12, 1, True)), TEXT, ("（二）用法", BOLD))
    whole = volume(*(line for title in "甲乙丙丁" for line in article(f"{title}氏水车", "张三", *middle)))
    assert titles(whole) == ["甲氏水车", "乙氏水车", "丙氏水车", "丁氏水车"]


def test_title_over_two_paragraphs() -> None:
    split_title: list[Line | str] = [
        ("读《重修", TITLE),
        ("大济渠碑记》札记", TITLE),
        ("——兼记几位老人", BYLINE),
        ("李四", BYLINE),
        TEXT,
        TEXT,
    ]
    found = split(volume(*article("水车记"), *split_title, *article("渡船")), HERE).articles
    assert [one.title for one in found] == ["水车记", "读《重修大济渠碑记》札记", "渡船"]
    assert [block.kind for block in found[1].blocks[:3]] == [Kind.TITLE, Kind.SUBTITLE, Kind.BYLINE]


def test_a_typed_contents_table_finds_plain_titles() -> None:
    names = ("忆水车", "老君渡的船", "羊毛的路")
    lines: list[Line | str] = ["目　　录", *(f"{name}　　　张三 …… {n}" for n, name in enumerate(names, 1))]
    for name in names:
        lines += ["　".join(name), TEXT, TEXT]
    found = propose(volume(*lines), HERE)
    assert [row.title.replace("\u3000", "") for row in found.rows if row.state is State.TAKE] == list(names)
    assert {row.match for row in found.rows[1:]} == {Match.SAME}
    assert [row.people[0].name for row in found.rows[1:] if row.people] == ["张三"] * 3


def test_contents_without_page_numbers() -> None:
    names = ("忆水车", "老君渡的船", "羊毛的路")
    lines: list[Line | str] = ["目录", *names]
    for name in names:
        lines += [name, TEXT]
    contents = read_contents(volume(*lines).blocks, ())
    assert [one.title for one in contents.entries] == list(names)
    assert (contents.start, contents.end) == (0, 4)


def test_a_price_list_is_no_contents_table() -> None:
    prices = [entry("小麦", 120), entry("大米", 80), entry("胡麻", 60), entry("羊毛", 300)]
    whole = volume(*article("水车记"), *article("渡船", "张三", *prices), *article("羊毛的路"))
    assert titles(whole) == ["水车记", "渡船", "羊毛的路"]
    assert propose(whole, HERE).rows[0].match is Match.NO_CONTENTS


def test_contents_lines_that_broke() -> None:
    dots = "………………………"
    names = ("水车记", "读重修大济渠碑记札记", "渡船", "盐池")
    contents = [
        entry(names[0], 1, "张三"),
        "读重修大济渠碑",
        f"记札记{dots}张三（5）",
        f"渡船{dots}张三",
        "（9）",
        entry(names[3], 12),
    ]
    whole = volume(*contents, *(line for name in names for line in article(name)))
    found = read_contents(whole.blocks, whole.layouts).entries
    assert [(one.title, one.section) for one in found] == [(name, False) for name in names]
    assert [one[1] for one in rows(whole)][1:] == [""] * 4


def test_two_articles_of_one_title() -> None:
    names = ("水车记", "往事", "渡船", "往事")
    whole = volume(
        *(entry(name, n) for n, name in enumerate(names)), *(line for name in names for line in article(name))
    )
    assert titles(whole) == list(names)
    assert propose(whole, HERE).doubtful() == ()


def test_sections_of_the_contents_reach_the_articles() -> None:
    names = ("忆水车", "老君渡的船", "羊毛的路", "赵三爷")
    lines: list[Line | str] = ["目录", "往事", *(entry(name, n) for n, name in enumerate(names[:2]))]
    lines += ["人物", *(entry(name, n) for n, name in enumerate(names[2:], 2))]
    for name in names:
        lines += article(name)
    assert [section for state, section, _ in rows(volume(*lines)) if state == "收"] == ["往事", "往事", "人物", "人物"]


def test_an_article_that_the_contents_name_but_the_text_lacks_makes_its_neighbour_doubtful() -> None:
    contents = [entry(name, n) for n, name in enumerate(("水车记", "丢了的一篇", "渡船", "羊毛的路"))]
    found = propose(volume(*contents, *article("水车记"), *article("渡船"), *article("羊毛的路")), HERE)
    assert [found.rows[number - 1].title for number in found.doubtful()] == ["水车记"]
    assert "丢了的一篇" in found.rows[1].evidence


def test_contents_and_byline_that_disagree_are_doubtful() -> None:
    contents = [entry(name, n, "李四") for n, name in enumerate(("水车记", "渡船", "羊毛的路"))]
    found = propose(
        volume(*contents, *article("水车记"), *article("渡船", "李四"), *article("羊毛的路", "李　四")), HERE
    )
    assert [row.confidence.authors < 0.8 for row in found.rows[1:]] == [True, False, False]


@pytest.mark.parametrize(
    ("last", "people"),
    [("（作者：李四）", ["李四"]), ("作者：李四", ["李四"]), ("（作者李四，系县政协委员）", ["李四"]),
     ("（李四　供稿）", ["李四"]),     ("（口述：李四　整理：王五）", ["李四", "王五"]), ("（作者系县政协委员）", [])],
)  # fmt: skip
def test_author_at_the_end(last: str, people: list[str]) -> None:
    whole = volume(*article("水车记"), ("渡船", TITLE), TEXT, TEXT, last, *article("羊毛的路"))
    assert [person.name for person in split(whole, HERE).articles[1].people] == people


def test_a_title_that_begins_with_a_year_is_no_date() -> None:
    whole = volume(*article("水车记"), *article("一九五八年的渡船"), *article("羊毛的路"))
    assert titles(whole) == ["水车记", "一九五八年的渡船", "羊毛的路"]
    assert [one.date for one in split(whole, HERE).articles] == [None] * 3


def test_an_article_with_subheadings_stays_whole() -> None:
    whole = volume(("水车记", TITLE), ("张三", BYLINE), TEXT, ("形制", BOLD), TEXT, ("用法", BOLD), TEXT)
    assert titles(whole) == ["水车记"]
    assert "title-guess" in {issue.code for issue in split(whole, HERE).issues}


def test_without_contents_and_bylines_only_a_volume_is_divided_and_with_doubt() -> None:
    whole = volume(*(line for name in ("水车", "渡船", "羊毛") for line in ((name, TITLE), TEXT, TEXT)))
    assert titles(whole) == ["水车"]
    found = propose(whole, HERE, Mode.VOLUME)
    assert [row.title for row in found.rows] == ["水车", "渡船", "羊毛"]
    assert found.doubtful() == (1, 2, 3)


def test_styles_are_left_where_the_contents_contradict_them() -> None:
    names = ("水车记", "渡船", "羊毛的路", "赵三爷", "盐池")
    whole = volume(
        *(entry(name, n) for n, name in enumerate(names)), *(line for name in names for line in article(name))
    )
    styled = [
        replace(block, kind=Kind.HEADING, level=1) if block.text in ("水车记", "渡船") else block
        for block in whole.blocks
    ]
    assert titles(replace(whole, blocks=tuple(styled))) == list(names)


def without_styles(manuscript: Manuscript) -> Manuscript:
    heads = (Kind.TITLE, Kind.SUBTITLE, Kind.HEADING)
    blocks = [replace(one, kind=Kind.PARAGRAPH, level=0) if one.kind in heads else one for one in manuscript.blocks]
    layouts = [replace(layout, style="") for layout in manuscript.layouts]
    return replace(manuscript, blocks=tuple(blocks), layouts=tuple(layouts))


def facts(manuscript: Manuscript) -> list[tuple[str, str, Sequence[str]]]:
    return [
        (one.title, one.section, [person.name for person in one.people])
        for one in split(manuscript, HERE).articles
        if one.genre is Genre.ARTICLE
    ]


def test_the_sample_volume_without_its_styles() -> None:
    (file,) = (ROOT / "collections" / "shuojin-wenshi-12").glob("*.docx")
    styled = read(file, file.name)
    assert facts(without_styles(styled)) == facts(styled)


@pytest.mark.parametrize(("name", "records"), [("vol1", "vol1_prose_78"), ("vol2", "vol2_regulations_78")])
def test_messy_volumes(shared_data: Path, name: str, records: str) -> None:
    lines = (shared_data / "sample" / f"{records}.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [(record["title"], "", record["author"].split("、")) for record in map(json.loads, lines)]
    file = shared_data / "sample" / "docx" / f"{name}_messy_manuscript.docx"
    manuscript = read(file, file.name)
    assert facts(manuscript) == expected
    assert propose(manuscript, HERE).doubtful() == ()
