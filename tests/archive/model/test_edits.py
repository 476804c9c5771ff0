"""Edits as values: what they make of an article, and what of its look stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.edits import AddNote, Edit, Insert, Join, Rewrite, apply, may_join, relocated
from archive.model.errors import UsageError
from archive.model.records import Article, Block, Cell, Kind, Person, Run, Style
from archive.model.rewriting import changes, lost_readings, rewritten

plain = Block.plain
BOLD, RUBY, NOTE = Run("总管", Style.BOLD), Run("亓", ruby="qí"), Run("", note="1")


def article(*blocks: Block) -> Article:
    return Article(collection="c", blocks=(plain(Kind.TITLE, "水车"), *blocks), people=(Person("张三"),))


RICH = Block(Kind.PARAGRAPH, (Run("由我祖父"), BOLD, Run("工料，"), NOTE, Run("写的人是"), RUBY, Run("先生。")))
NOTED = article(RICH, plain(Kind.PARAGRAPH, "后来停了。"), plain(Kind.NOTE, "总管：管事。", label="1"))


def rewrite(block: int, *texts: str, on: Article = NOTED) -> Rewrite:
    return Rewrite(block, on.blocks[block].text, texts)


def test_what_stays_keeps_its_look() -> None:
    changed = apply(NOTED, [rewrite(1, "由我的祖父总管工和料，写的人即亓老先生。")]).blocks[1]
    assert changed.text == "由我的祖父总管工和料，写的人即亓老先生。"
    assert BOLD in changed.runs and RUBY in changed.runs and NOTE in changed.runs
    before = "".join(run.text for run in changed.runs[: changed.runs.index(NOTE)])
    assert before == "由我的祖父总管工和料，"


def test_new_words_look_like_what_they_replace() -> None:
    changed = apply(NOTED, [rewrite(1, RICH.text.replace("总管", "总理"))]).blocks[1]
    assert Run("总理", Style.BOLD) in changed.runs


def test_a_reading_whose_characters_were_changed_is_named() -> None:
    changed = rewritten(RICH, RICH.text.replace("亓", "齐"))
    assert lost_readings([RICH], [changed]) == (("亓", "qí"),)
    assert lost_readings([RICH], [rewritten(RICH, RICH.text.replace("亓", "亓大"))]) == ()


def test_a_paragraph_is_split_and_its_parts_are_joined_again() -> None:
    split = apply(NOTED, [rewrite(1, "由我祖父总管工料，", "写的人是亓先生。")])
    assert [block.text for block in split.blocks[1:3]] == ["由我祖父总管工料，", "写的人是亓先生。"]
    assert NOTE in split.blocks[1].runs and RUBY in split.blocks[2].runs
    whole = apply(split, [Join(1, split.blocks[1].text)])
    assert whole.blocks[1].text == RICH.text and len(whole.blocks) == len(NOTED.blocks)


def test_edits_of_several_blocks_are_numbered_as_they_were() -> None:
    edits: list[Edit] = [rewrite(1), rewrite(2, "后来", "都停了。"), Insert(2, "后来停了。", Kind.HEADING, "尾声", 1)]
    made = apply(NOTED, edits)
    assert [block.text for block in made.blocks] == ["水车", "后来", "都停了。", "尾声", "总管：管事。"]


def test_new_blocks_behind_one_stand_in_the_order_given() -> None:
    made = apply(NOTED, [Insert(2, "后来停了。", Kind.PARAGRAPH, text) for text in "一二三"])
    assert [block.text for block in made.blocks[3:6]] == ["一", "二", "三"]


def test_a_note_is_added_where_it_was_asked_for() -> None:
    made = apply(NOTED, [AddNote(2, "后来停了。", 2, "指1962年。")])
    assert made.blocks[2].runs == (Run("后来"), Run("", note="2"), Run("停了。"))
    assert made.blocks[4] == plain(Kind.NOTE, "指1962年。", label="2")


def test_a_note_that_is_removed_takes_its_reference_with_it() -> None:
    made = apply(NOTED, [rewrite(3)])
    assert len(made.blocks) == 3
    assert not any(run.note for block in made.blocks for run in block.runs)
    assert made.blocks[1].text == RICH.text


@pytest.mark.parametrize(
    "edit",
    [
        Rewrite(0, "水车", ()),
        Rewrite(0, "水车", ("  ",)),
        Rewrite(0, "水车", ("水", "车")),
        Rewrite(1, "别的", ("x",)),
        Rewrite(9, "", ("x",)),
        Join(3, "总管：管事。"),
        Join(2, "后来停了。"),
        AddNote(2, "后来停了。", 9, "注"),
        AddNote(2, "后来停了。", 2, " "),
    ],
)
def test_what_cannot_be_made_is_refused(edit: Edit) -> None:
    with pytest.raises(UsageError):
        apply(NOTED, [edit])


def test_cells_are_joined_only_within_their_cell() -> None:
    one, other = (plain(Kind.CELL, "甲", cell=Cell(0, 0, column)) for column in (0, 1))
    assert not may_join(one, other)
    assert may_join(one, replace(other, cell=one.cell))


def test_edits_go_with_their_paragraphs_to_another_version() -> None:
    present = article(plain(Kind.PARAGRAPH, "新的一段。"), RICH, plain(Kind.PARAGRAPH, "后来又转了。"))
    fit, overtaken = relocated([rewrite(1, "短了。"), rewrite(2, "停了。")], NOTED, present)
    assert fit == (Rewrite(2, RICH.text, ("短了。",)),)
    assert overtaken == (rewrite(2, "停了。"),)


@given(st.text("甲乙丙，", max_size=14), st.text("甲乙丙，", max_size=14), st.data())
def test_a_rewritten_block_reads_as_it_should(before: str, after: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(before)))
    block = Block(Kind.PARAGRAPH, (Run(before[:at], Style.BOLD), NOTE, Run(before[at:], ruby="x")))
    changed = rewritten(block, after)
    assert changed.text == after
    assert changed.runs.count(NOTE) == 1
    assert sum(len(change.before) for change in changes(before, after)) <= len(before)
