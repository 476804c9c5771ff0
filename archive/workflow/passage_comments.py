"""Comments on passages of an article under review: rows of its record, whose places follow corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.model.errors import NotFound, UsageError
from archive.model.procedures import RowChange, Values, WorkRecord
from archive.model.records import Article
from archive.text.anchors import Course, Place

GROUP = "批注"

PLACED = frozenset(("版本", "段", "起", "止"))
"""What the program notes of where a comment stands; people are shown the passage."""


@dataclass(frozen=True, slots=True)
class PassageComment:
    """A comment: its row in the record, what it says, where the passage stands in the present text, None if gone.

    `whole` tells that the very words still stand there; otherwise only the paragraph is known.
    """

    index: int
    row: Values
    place: Place | None
    whole: bool


def commented(article: Article, block: int, words: str, opinion: str, who: str) -> RowChange:
    """The row for a comment on `words` in a paragraph, or on all of it. Raises UsageError, NotFound."""
    if not 0 <= block < len(article.blocks):
        raise NotFound("这篇文章里没有这一段。", hint="文章也许更正过了，请重新打开再看。")
    text = article.blocks[block].text
    start = text.find(words.strip()) if words.strip() else 0
    if start < 0:
        raise UsageError("这一段里没有这几个字。", hint="照原文抄，或留空，对整段批注")
    passage = words.strip() or text
    places = {"版本": article.version, "段": block, "起": start, "止": start + len(passage)}
    told = {name: str(value) for name, value in places.items()}
    return RowChange(GROUP, -1, {"原文": passage, "意见": opinion, "批注人": who, **told})


def comments(record: WorkRecord, present: Article, version: Callable[[int], Article]) -> tuple[PassageComment, ...]:
    """The comments of a record, oldest first, with their places in the present text; `version` gives an earlier one."""
    courses: dict[int, Course] = {}
    found = []
    for index, row in record.of_group(GROUP):
        numbers = [row.get(name, "") for name in ("版本", "段", "起", "止")]
        if not all(one.isdecimal() for one in numbers):
            found.append(PassageComment(index, row, None, False))
            continue
        made, block, start, end = map(int, numbers)
        if made not in courses:
            old = [one.text for one in version(made).blocks]
            courses[made] = Course(old, [one.text for one in present.blocks])
        place = courses[made].place((block, start, end))
        there = courses[made].block(block) if place is None else None
        found.append(PassageComment(index, row, place or (None if there is None else (there, 0, 0)), place is not None))
    return tuple(found)
