"""A 资料卡片: words copied out of a text with their place, what they belong to, and what is thought of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from archive.model.records import Period
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


class Checked(enum.StrEnum):
    """How far what a card says has been verified (核实情况)."""

    NOT_YET = "未核实"
    SOUND = "已核实"
    DOUBTFUL = "存疑"
    WRONG = "有误"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFields:
    """What people say of the words of a card, and may change.

    `classes` are what it belongs to, several if need be; `note` is what they think (考订), apart from what is copied.
    `dated` is the date as the text writes it; `meant` is an expression for what it means, where the writing alone does
    not say (同年秋); "" where it does. `persons` and `places` are preferred names where the office has such. `uses` is
    where it went (使用去向).
    """

    classes: tuple[str, ...] = ()
    note: str = ""
    dated: str = ""
    meant: str = ""
    persons: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    checked: Checked = Checked.NOT_YET
    uses: str = ""


LABELS = {
    "classes": "类目",
    "note": "考订",
    "dated": "日期",
    "meant": "推算",
    "persons": "人物",
    "places": "地名",
    "checked": "核实情况",
    "uses": "使用去向",
}
"""What each of `CardFields` is called."""


def shown(said: CardFields, name: str) -> str:
    """One of the fields as text, several values parted by ；."""
    value = getattr(said, name)
    return "；".join(value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True)
class CardChange:
    """A field of `CardFields` that somebody changed, from what to what, each as `shown` gives it."""

    moment: str
    who: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Card:
    """`written` stood at a place of a version of an article, between `before` and `after`; offsets as in `Place`.

    `said` is what people say of it, `date` what its date is understood as, None where it has none that can be.
    `owner` is the id of who made it, `who` the name (采集人); `changed` is when `said` was last changed, "" if never.
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
    said: CardFields = CardFields()
    date: Period | None = None
    owner: str = ""
    who: str = ""
    when: str = ""
    changed: str = ""

    @property
    def place(self) -> Place:
        """Where the words stood in the version they were copied from."""
        return self.block, self.start, self.end


def followed(card: Card, then: list[str], now: list[str], course: Course | None) -> tuple[Condition, Place | None]:
    """What became of a card's words between two versions, each the texts of its blocks, and where they stand now.

    `course` leads from the one to the other, None where they are the same. Never a guess: the place is given only where
    every character of the words went there together; where they were changed, it is that of what is left of their
    paragraph, from its beginning to its end.
    """
    if course is None:
        return Condition.THERE, card.place
    place = course.place(card.place)
    if place is not None and now[place[0]][place[1] : place[2]] == card.written:
        same = now[place[0]] == then[card.block]
        return (Condition.THERE if same else Condition.FOLLOWED), place
    block = course.block(card.block)
    return (Condition.LOST, None) if block is None else (Condition.UNSURE, (block, 0, len(now[block])))
