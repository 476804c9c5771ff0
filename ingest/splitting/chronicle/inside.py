"""Several entries in one paragraph: where it is to be cut, and the pieces without loss of a character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from archive.model.records import Block, Run
from ingest.splitting.chronicle.opening import Base, Opening, opening

_SENTENCE_END = re.compile(r"[。！？；;][”’」』]?")
_CLOSED_BY = {"（": "）", "(": ")", "“": "”", "「": "」", "『": "』", "《": "》", "〔": "〕"}
_PAST = re.compile(r"[是同]年|[是同]岁|是歲|是[月春夏秋冬]|年[底末终]")
_MONTH = re.compile(r"[闰閏]?[\d０-９元正冬腊臘〇○零一二三四五六七八九十]{1,3}月")
_REACH = 100  # characters; no date is longer
_MANY = 3  # so many dates make a paragraph a list, however they are written


def starts(text: str, first: Opening, *, annal: bool) -> list[tuple[int, Opening]]:
    """Where further entries begin in a paragraph that opens with `first`, as (offset, opening); often none.

    `annal`: the paragraph may tell several months, as those of old annals do and those that hold a whole year. It is a
    list of entries when its sentences open with month after month, all told to the day or none of them, or at least
    three of them; 3月5日，渠道开工。10月，竣工。 tells one event. 是月, 是年 after a full stop open an entry there in
    any case. Elsewhere a date inside a paragraph is part of what is told; only a mark (▲) begins another entry.
    """
    found = [(offset, one) for offset, one in _sentences(text, first.stop) if _opens(text, offset, one)]
    if not annal:
        return [(offset, one) for offset, one in found if one.marked]
    months = [first, *(one for _, one in found if one.month)]
    listed = len(months) >= _MANY or len({one.daily for one in months}) == 1
    return [(offset, one) for offset, one in found if listed or not one.month]


def _opens(text: str, offset: int, found: Opening) -> bool:
    if found.year is not None or found.marked:
        return found.marked
    if found.month and found.base is Base.YEAR:
        return _MONTH.search(found.part) is not None and not found.printed.startswith(("同", "本", "当", "當"))
    return bool(_PAST.match(found.printed)) and text[offset + found.stop : offset + found.stop + 1] in tuple("，,")


def _sentences(text: str, stop: int) -> list[tuple[int, Opening]]:
    """The sentences after `stop` that open with a date, outside brackets and quotations."""
    found = []
    seen, depths = 0, dict.fromkeys(_CLOSED_BY, 0)
    for match in _SENTENCE_END.finditer(text, stop):
        offset = match.end()
        while text[offset : offset + 1] in (" ", "　"):
            offset += 1
        for left, right in _CLOSED_BY.items():
            depths[left] += text.count(left, seen, offset) - text.count(right, seen, offset)
        seen = offset
        one = opening(text[offset : offset + _REACH])
        if one and not any(depth > 0 for depth in depths.values()):
            found.append((offset, one))
    return found


def pieces(block: Block, offsets: Sequence[int]) -> list[Block]:
    """The block cut before each of the ascending `offsets`; joined, the pieces are the block."""
    bounds = [0, *offsets, len(block.text)]
    return [replace(block, runs=_slice(block.runs, start, end, end == bounds[-1])) for start, end in pairwise(bounds)]


def _slice(runs: Sequence[Run], start: int, end: int, last: bool) -> tuple[Run, ...]:
    """The runs between two offsets. A note reference belongs to the text before it."""
    kept, position = [], 0
    for run in runs:
        stop = position + len(run.text)
        if not run.text:
            inside = start < position <= end or (position == 0 and start == 0)
            kept += [run] if inside else []
        elif position < end and stop > start:
            text = run.text[max(0, start - position) : end - position]
            kept.append(replace(run, text=text, ruby=run.ruby if start <= position else ""))
        position = stop
    return tuple(kept)
