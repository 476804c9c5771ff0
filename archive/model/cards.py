"""A 资料卡片: words copied out of a text with their place, what they belong to, and what is thought of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from archive.text.anchors import Course, Place

AROUND = 20
"""How many code points either side of the words a card keeps."""


class Condition(enum.StrEnum):
    """What became of the words of a card in the text as it is now."""

    THERE = "原位"
    FOLLOWED = "随改"
    UNSURE = "待核"
    LOST = "失落"


MEANS = {
    Condition.THERE: "原文没有动过",
    Condition.FOLLOWED: "所在的段落更正过，所引的字没有动，位置已经跟上",
    Condition.UNSURE: "所引的字后来更正过，请对照原文核实",
    Condition.LOST: "所引的那一段后来没有了",
}
"""Each condition in a sentence."""


@dataclass(frozen=True, slots=True)
class Card:
    """`written` stood at a place of a version of an article, between `before` and `after`; offsets as in `Place`.

    `classes` are what it belongs to, several if need be; `note` is what the maker thinks, apart from what is copied.
    `owner` is the id of who made it, `who` the name; `changed` is when classes or note were last changed, "" if never.
    """

    key: int
    article: str
    version: int
    block: int
    start: int
    end: int
    written: str
    before: str = ""
    after: str = ""
    classes: tuple[str, ...] = ()
    note: str = ""
    owner: str = ""
    who: str = ""
    when: str = ""
    changed: str = ""

    @property
    def place(self) -> Place:
        """Where the words stood in the version they were copied from."""
        return self.block, self.start, self.end


def followed(card: Card, then: list[str], now: list[str]) -> tuple[Condition, Place | None]:
    """What became of a card's words between two versions, each the texts of its blocks, and where they stand now.

    Never a guess: the place is given only where every character of the words went there together; where they were
    changed, it is that of what is left of their paragraph, from its beginning to its end.
    """
    if then == now:
        return Condition.THERE, card.place
    course = Course(then, now)
    place = course.place(card.place)
    if place is not None and now[place[0]][place[1] : place[2]] == card.written:
        same = now[place[0]] == then[card.block]
        return (Condition.THERE if same else Condition.FOLLOWED), place
    block = course.block(card.block)
    return (Condition.LOST, None) if block is None else (Condition.UNSURE, (block, 0, len(now[block])))
