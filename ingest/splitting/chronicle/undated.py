"""Paragraphs of a chronicle that begin with no date: whether they go on with the entry above."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.splitting.chronicle.opening import month_line, opening, year_line

_MANY = 0.2  # of the entries: where so many paragraphs have no date, they go on with what was told
_TAKES_UP = re.compile(
    r"[\s　]*(?:会议|大会|会上|会后|全会|其[中他余间]?|此|这|该|他|她|它|同时|之后|随后|尔后|后[，来]|当时|经|并|至此"
    r"|从此|自此|按|附|注|参加|出席|选举|又|再|由此|主要|内容|据|论曰|具体|决定|要求|[（(《“「①-⑳]|[一二三四五六七八九十\d]{1,3}[、．.是]"
    r"|第[一二三四五六七八九十]|[图表][\d一二三]|—|–)"
)
_OPEN = re.compile(r"[：:，,、；;]$")


def tells_more(texts: Sequence[str]) -> bool:
    """Whether the paragraphs without a date go on with the entry above, as in annals with commentary."""
    dated = undated = 0
    for text in texts:
        if not text.strip() or year_line(text) or month_line(text):
            continue
        if opening(text):
            dated += 1
        elif dated:
            undated += 1
    return undated > _MANY * dated


def continues(above: str, text: str) -> bool:
    """Whether a paragraph takes up the one above: by its first word, or if that is a date alone or unfinished."""
    found = opening(above)
    only_date = found is not None and not above[found.stop :].strip(" 　，,：:")
    return only_date or bool(_OPEN.search(above.rstrip())) or bool(_TAKES_UP.match(text))
