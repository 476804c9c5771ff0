"""Paragraphs cut in the middle of a sentence: joined where it is certain, pointed out where it may be."""

from __future__ import annotations

import pytest

from archive.model.records import Block, Kind, Layout, Manuscript
from ingest.text.cut_paragraphs import mend

BEFORE = "政协委员深入乡镇调研，形成报告三十余篇，提出加强协商、加强监督的建议，"
AFTER = "得到县委和县政府的肯定，其中五项建议写进了年度工作要点。"


def mended(*blocks: str | Block, indents: dict[int, int] | None = None) -> tuple[list[str], list[str]]:
    """The texts afterwards, and the codes of what is told."""
    made = tuple(Block.plain(Kind.PARAGRAPH, one) if isinstance(one, str) else one for one in blocks)
    layouts = tuple(Layout(indent=indents.get(at, 0)) for at in range(len(made))) if indents else ()
    found = mend(Manuscript("稿.docx", "ab" * 32, made, 0, layouts=layouts))
    assert not layouts or len(found.layouts) == len(found.blocks)
    return [block.text for block in found.blocks], [str(issue.code) for issue in found.issues]


def test_cut_at_a_comma() -> None:
    assert mended(BEFORE, AFTER) == ([BEFORE + AFTER], ["rejoined"])


def test_cut_in_a_word_that_the_text_knows() -> None:
    upper, lower = "充分发挥统一战线组织作用，加", "强同党外知识分子的联络，做好各项工作。"
    assert mended(BEFORE + "。", upper, lower)[0] == [BEFORE + "。", upper + lower]
    assert mended("一段话，没有别的词。", upper, lower)[0] == ["一段话，没有别的词。", upper, lower]


def test_a_picture_between_is_pointed_out() -> None:
    caption = Block.plain(Kind.CAPTION, "▲委员在调研。")
    for between in (caption, "▲委员在调研。", Block(Kind.FIGURE, picture="ab")):
        texts, codes = mended(BEFORE, between, AFTER)
        assert (len(texts), codes) == (3, ["cut-paragraph"])


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (BEFORE.rstrip("，") + "。", AFTER),
        ("尊敬的各位委员，", AFTER),
        ("他说：“我不知道。“他回答，说得很快。", AFTER),
        (BEFORE, "一、征集范围，包括县志。"),
        (BEFORE, "1958年3月，渠道开工，两年后竣工。"),
        (BEFORE, "▲委员在调研，一九五六年摄。"),
        (BEFORE, "水利旧事"),
        ("提升协商之效 在深耕主责主业中聚智聚力", AFTER),
        (BEFORE.rstrip("，"), AFTER),
    ],
)
def test_what_is_no_cut_stays(upper: str, lower: str) -> None:
    assert mended(upper, lower) == ([upper, lower], [])


def test_indentation_says_where_paragraphs_begin() -> None:
    others = [f"第{number}次会议在县城举行，到会的委员三十人。" for number in "甲乙丙丁"]
    bare = BEFORE.rstrip("，")
    marked = dict.fromkeys(range(5), 2)
    assert mended(*others, bare, AFTER, indents=marked)[1] == ["cut-paragraph"]
    assert mended(*others, BEFORE, AFTER, indents={**marked, 5: 2}) == (
        [*others, BEFORE, AFTER],
        ["cut-paragraph"],
    )
