"""Paragraphs that a column, a picture or a page cut in two: joined where that is certain, else pointed out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Layout, Manuscript
from ingest.text.block_lines import joined_blocks

_SHORTEST, _LEAST = 20, 8  # characters; a shorter line ends where its author wanted, or in the middle of a word
_HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_COMMAS = frozenset("，、,")
_CLOSED = frozenset("）》。！？…")  # after which nothing is left open
_BRACKET = re.compile(r"[（《][^（）《》。！？…]{0,20}$")
_BRACKET_REACH = 22  # characters from the end in which `_BRACKET` is found, a line end included
_BARE = re.compile(_HAN)
_SENTENCES = re.compile(r"[，。；：！？]")
_ENDED = re.compile(r"[。！？…”’」』）)：；]$")
_BEGINS = re.compile(rf"{_HAN}|[\d“”《》」』）]")
_OPENS = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+[章节条编篇回]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|\d+[.．、]|[▲△●◆■○]|[图表注附])"
)
_DATED = re.compile(
    r"[\u4e00-\u9fff]{0,8}?[元〇○零一二三四五六七八九十\d]{1,4}[年月日]|[春夏秋冬是同][，年月]|[正闰腊]月|(?:按|附|论曰|注)[：:]?"
)
_CAPTION = re.compile(r"[▲△]|.{0,60}(?:摄影?|供图|/图)[\s）)]*$")
_BETWEEN = (Kind.FIGURE, Kind.CAPTION, Kind.NOTE, Kind.COMMENT)
_MOSTLY = 0.5  # of the paragraphs are indented: then one that is not goes on
_OFTEN, _TOGETHER = 2, 10.0  # times two characters stand side by side elsewhere; so much more than by chance
_SHOWN = 12  # characters on either side


def mend(manuscript: Manuscript) -> Manuscript:
    """The manuscript with its cut paragraphs joined; those that only may be cut have an issue each.

    Certain are a paragraph that ends in a comma, and one whose last character makes a word with the first of the next,
    told by the text itself, where nothing stands between the two and the second does not begin like a paragraph.
    """
    blocks = list(manuscript.blocks)
    unfinished = [_ends_open(block) for block in blocks]
    if not any(unfinished):
        return manuscript
    layouts = list(manuscript.layouts) or [Layout()] * len(blocks)
    text = "\n".join(block.text for block in blocks)
    indented = bool(manuscript.layouts) and _indented(blocks, layouts)
    issues: list[Issue] = []
    joined = 0
    at = 0
    while at < len(blocks):
        following = _following(blocks, at) if unfinished[at] else None
        if following is None or not _may_be_cut(blocks[at], blocks[following]):
            at += 1
            continue
        opens = indented and layouts[following].indent > 0
        before, after = blocks[at].text, blocks[following].text
        certain = _breaks_off(before) or _is_word(text, before[-1] + after[0])
        if certain and not opens and following == at + 1:
            blocks[at : at + 2] = [joined_blocks(blocks[at : at + 2], [""])]
            unfinished[at : at + 2] = [_ends_open(blocks[at])]
            del layouts[at + 1]
            joined += 1
            continue
        if certain or (not opens and _unfinished(blocks[at], following > at + 1 or indented)):
            issues.append(_pointed_out(blocks[at], blocks[following], at + 1))
        at += 1
    if joined:
        message = f"被分栏、图片或换页断开的段落接上 {joined} 处（断在逗号或一个词的中间），请抽查"
        issues.insert(0, Issue(IssueCode.REJOINED, manuscript.name, message))
    return replace(
        manuscript,
        blocks=tuple(blocks),
        layouts=tuple(layouts) if manuscript.layouts else (),
        issues=(*manuscript.issues, *issues),
    )


def _indented(blocks: Sequence[Block], layouts: Sequence[Layout]) -> bool:
    """Whether paragraphs are marked by indentation."""
    prose = [layout.indent > 0 for block, layout in zip(blocks, layouts, strict=True) if _is_prose(block)]
    return sum(prose) > _MOSTLY * len(prose)


def _is_prose(block: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and block.cell is None and len(block.text) >= _LEAST


def _following(blocks: Sequence[Block], at: int) -> int | None:
    """The next paragraph after `at`, beyond pictures, captions and notes; None where something else follows."""
    for index in range(at + 1, len(blocks)):
        block = blocks[index]
        caption = block.kind is Kind.PARAGRAPH and _CAPTION.match(block.text) is not None
        if block.kind not in _BETWEEN and not caption:
            return index if block.kind is Kind.PARAGRAPH and block.cell is None else None
    return None


def _ends_open(block: Block) -> bool:
    """Whether a paragraph ends in the middle of a sentence."""
    text = block.text
    # Asked of every paragraph there is, so the last character is looked at first: most are closed by it.
    if text[-1:] in _CLOSED or len(text) < _LEAST or block.cell is not None or block.kind is not Kind.PARAGRAPH:
        return False
    if _breaks_off(text):
        return len(text) >= _SHORTEST
    return _BARE.match(text[-1]) is not None and _SENTENCES.search(text) is not None


def _breaks_off(text: str) -> bool:
    """Whether a text ends in a comma or within brackets."""
    end = text[-_BRACKET_REACH:].removesuffix("\n")
    return end[-1:] in _COMMAS or (("（" in end or "《" in end) and _BRACKET.search(end) is not None)


def _may_be_cut(block: Block, following: Block) -> bool:
    """Whether the paragraph after one that ends open may go on with it."""
    text, after = block.text, following.text
    return (
        "\n" not in text
        and _CAPTION.match(text) is None
        and len(after) >= _SHORTEST // 2
        and _SENTENCES.search(after) is not None
        and _BEGINS.match(after) is not None
        and _OPENS.match(after) is None
        and _DATED.match(after) is None
    )


def _is_word(text: str, pair: str) -> bool:
    """Whether two characters stand together in the text far more often than chance would have it."""
    together = text.count(pair)
    if together < _OFTEN:
        return False
    alone = text.count(pair[0]) * text.count(pair[1])
    return together * len(text) >= _TOGETHER * alone


def _unfinished(block: Block, likely: bool) -> bool:
    """Whether a paragraph without a full stop is worth a look: many authors leave the last one out."""
    return likely and len(block.text) >= _SHORTEST and _ENDED.search(block.text) is None


def _pointed_out(block: Block, following: Block, number: int) -> Issue:
    message = f"“…{block.text[-_SHOWN:]}”没有说完，下文“{following.text[:_SHOWN]}…”像是接着它的，请核对是否该接成一段"
    return Issue(IssueCode.CUT_PARAGRAPH, f"第 {number} 块", message)
