"""A 长编: cards under a tree of headings, put together by event, before anything is written from them.

Everything here is a value; what changes one gives another. Headings stand in one list, each with its level, so that a
heading moves with all below it.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archive.model.decoding import decoded, parsed
from archive.model.errors import NotFound, UsageError

DEEPEST = 5
"""Levels of headings."""

_MOST, _LONGEST_TITLE, _LONGEST_REMARK = 5_000, 200, 20_000


class RemarkKind(enum.StrEnum):
    """What somebody adds to an event: which account is right and why, or what a reader should know."""

    COLLATION = "考异"
    COMMENT = "按语"


@dataclass(frozen=True, slots=True)
class Remark:
    """Words of a compiler, signed and set apart from the accounts; `when` is an ISO day."""

    kind: RemarkKind
    text: str
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event with the keys of its cards, each an account of it; several stand side by side (异说并存).

    `heading` is the key of the heading it stands under, 0 for none yet. `date` is what a compiler dates it to, as a
    period is typed; "" for the earliest date of its cards. `doubtful` keeps it apart from the text (存疑).
    """

    key: int
    cards: tuple[int, ...]
    heading: int = 0
    title: str = ""
    date: str = ""
    doubtful: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the tree (篇目); `level` counts from 1."""

    key: int
    title: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """`name` is what it is called in the library, `revision` counts how often it was saved.

    `headings` are in order; `events` in the order made by hand, which decides among those of one date, or, without
    `by_date`, alone.
    """

    name: str
    revision: int = 0
    headings: tuple[Heading, ...] = ()
    events: tuple[Event, ...] = ()
    by_date: bool = True

    @property
    def cards(self) -> set[int]:
        """The keys of all cards in it."""
        return {card for event in self.events for card in event.cards}

    def event(self, key: int) -> Event:
        """One event. Raises NotFound."""
        found = next((one for one in self.events if one.key == key), None)
        if found is None:
            raise NotFound("长编里没有这件事", hint="也许刚刚并入了别的，请重新打开长编")
        return found

    def below(self, key: int) -> range:
        """Where a heading and all below it stand in `headings`. Raises NotFound."""
        at = next((at for at, one in enumerate(self.headings) if one.key == key), None)
        if at is None:
            raise NotFound("长编里没有这个篇目", hint="也许刚刚删去了，请重新打开长编")
        level, end = self.headings[at].level, at + 1
        while end < len(self.headings) and self.headings[end].level > level:
            end += 1
        return range(at, end)

    # -- headings

    def with_heading(self, title: str, under: int = 0) -> Compilation:
        """With a heading more, the last one under another (0: the last of all)."""
        level, at = 1, len(self.headings)
        if under:
            inside = self.below(under)
            level, at = self.headings[inside.start].level + 1, inside.stop
        if level > DEEPEST:
            raise UsageError(f"篇目最多 {DEEPEST} 层", hint="放在上一层")
        made = Heading(key=_next(self.headings), title=_title(title, "篇目"), level=level)
        return replace(self, headings=_checked((*self.headings[:at], made, *self.headings[at:])))

    def renamed(self, key: int, title: str) -> Compilation:
        """With another title for a heading."""
        at = self.below(key).start
        changed = replace(self.headings[at], title=_title(title, "篇目"))
        return replace(self, headings=(*self.headings[:at], changed, *self.headings[at + 1 :]))

    def without_heading(self, key: int) -> Compilation:
        """Without a heading: what stood under it goes to the one above, headings below it one level up."""
        inside = self.below(key)
        level = self.headings[inside.start].level
        above = next((one.key for one in reversed(self.headings[: inside.start]) if one.level < level), 0)
        raised = tuple(replace(self.headings[at], level=self.headings[at].level - 1) for at in inside[1:])
        headings = (*self.headings[: inside.start], *raised, *self.headings[inside.stop :])
        events = tuple(replace(one, heading=above) if one.heading == key else one for one in self.events)
        return replace(self, headings=headings, events=events)

    def moved_heading(self, key: int, way: str) -> Compilation:
        """A heading with all below it one place `up` or `down` among its neighbours, or one level `out` or `in`.

        At the end of its way it stays. Raises UsageError for another way.
        """
        inside = self.below(key)
        block, rest = self.headings[inside.start : inside.stop], list(self.headings)
        del rest[inside.start : inside.stop]
        level, at = block[0].level, inside.start
        if way == "up":
            before = [one for one, each in enumerate(rest[:at]) if each.level <= level]
            at = before[-1] if before and rest[before[-1]].level == level else at
        elif way == "down" and at < len(rest) and rest[at].level == level:
            at += 1
            while at < len(rest) and rest[at].level > level:
                at += 1
        elif way == "out" and level > 1:
            block = tuple(replace(one, level=one.level - 1) for one in block)
            while at < len(rest) and rest[at].level >= level:  # what follows on its level stays with the one above
                at += 1
        elif way == "in" and at and rest[at - 1].level >= level and max(one.level for one in block) < DEEPEST:
            block = tuple(replace(one, level=one.level + 1) for one in block)
        elif way not in ("up", "down", "out", "in"):
            raise UsageError("不知道要往哪里移", hint="可选：上移、下移、升级、降级")
        return replace(self, headings=(*rest[:at], *block, *rest[at:]))

    # -- events

    def with_cards(self, keys: Iterable[int], heading: int = 0, *, together: bool = False) -> Compilation:
        """With these cards under a heading, each an event of its own or all `together` one; those it has stay."""
        if heading:
            self.below(heading)
        fresh = [key for key in dict.fromkeys(keys) if key not in self.cards]
        groups: list[tuple[int, ...]] = [tuple(fresh)] if together and fresh else [(key,) for key in fresh]
        first = _next(self.events)
        made = tuple(Event(key=first + at, cards=group, heading=heading) for at, group in enumerate(groups))
        return replace(self, events=_checked((*self.events, *made)))

    def with_accounts(self, key: int, cards: Iterable[int]) -> Compilation:
        """With these cards as further accounts of an event; those that stand anywhere in it already stay there."""
        event = self.event(key)
        fresh = tuple(card for card in dict.fromkeys(cards) if card not in self.cards)
        return self.changed(replace(event, cards=(*event.cards, *fresh)))

    def changed(self, event: Event) -> Compilation:
        """With another state of an event; one that no card is left of is gone."""
        self.event(event.key)
        event = replace(event, title=_title(event.title, "事", empty=True))
        events = tuple(event if one.key == event.key else one for one in self.events)
        return replace(self, events=tuple(one for one in events if one.cards))

    def moved(self, keys: Iterable[int], heading: int) -> Compilation:
        """With events under another heading, 0 for none."""
        if heading:
            self.below(heading)
        wanted = set(keys)
        return replace(
            self, events=tuple(replace(one, heading=heading) if one.key in wanted else one for one in self.events)
        )

    def joined(self, keys: Sequence[int]) -> Compilation:
        """With several events as one, in the place of the first: their accounts side by side, their remarks together.

        Raises UsageError for fewer than two.
        """
        wanted = [one for one in self.events if one.key in set(keys)]
        if len(wanted) < 2:
            raise UsageError("并成一件事，至少要选两件", hint="勾选记同一件事的各条，再按“并为一事”")
        first = wanted[0]
        whole = replace(
            first,
            cards=tuple(card for one in wanted for card in one.cards),
            title=next((one.title for one in wanted if one.title), ""),
            date=next((one.date for one in wanted if one.date), ""),
            doubtful=all(one.doubtful for one in wanted),
            remarks=tuple(remark for one in wanted for remark in one.remarks),
        )
        gone = {one.key for one in wanted[1:]}
        return replace(self, events=tuple(one for one in self.events if one.key not in gone)).changed(whole)

    def parted(self, key: int, card: int) -> Compilation:
        """With an account of an event as an event of its own, right behind it."""
        event = self.event(key)
        if card not in event.cards or len(event.cards) < 2:
            raise UsageError("这件事只有这一条记载", hint="不用分开；要拿掉就按“拿出长编”")
        rest = replace(event, cards=tuple(one for one in event.cards if one != card))
        made = Event(key=_next(self.events), cards=(card,), heading=event.heading)
        at = [one.key for one in self.events].index(key)
        return replace(self, events=(*self.events[:at], rest, made, *self.events[at + 1 :]))

    def without_events(self, keys: Iterable[int]) -> Compilation:
        """Without some events; their cards stay among the cards."""
        gone = set(keys)
        return replace(self, events=tuple(one for one in self.events if one.key not in gone))

    def put(self, key: int, beside: int, *, before: bool) -> Compilation:
        """With an event right before or behind another in the order made by hand."""
        event = self.event(key)
        rest = [one for one in self.events if one.key != key]
        at = [one.key for one in rest].index(self.event(beside).key) + (0 if before else 1)
        return replace(self, events=(*rest[:at], event, *rest[at:]))

    def remarked(self, key: int, remark: Remark) -> Compilation:
        """With a remark more on an event. Raises UsageError for an empty or too long one."""
        if not remark.text.strip() or len(remark.text) > _LONGEST_REMARK:
            raise UsageError(f"{remark.kind.value}要写 1 至 {_LONGEST_REMARK} 字", hint="写好再按“加上”")
        event = self.event(key)
        return self.changed(replace(event, remarks=(*event.remarks, replace(remark, text=remark.text.strip()))))


def as_json(compilation: Compilation) -> str:
    """The 长编 as a JSON text."""
    return json.dumps(dataclasses.asdict(compilation), ensure_ascii=False)


def from_json(text: str) -> Compilation:
    """A 长编 from its JSON text. Raises UsageError."""
    return decoded(Compilation, parsed(text, "长编"), "长编")


def _next(known: Sequence[Heading] | Sequence[Event]) -> int:
    return max((one.key for one in known), default=0) + 1


def _title(typed: str, what: str, *, empty: bool = False) -> str:
    title = " ".join(typed.split())
    if len(title) > _LONGEST_TITLE or not (title or empty):
        raise UsageError(f"{what}的标题要写 1 至 {_LONGEST_TITLE} 字", hint="写短一些，细节写在按语里")
    return title


def _checked(parts: tuple) -> tuple:  # type: ignore[type-arg]
    if len(parts) > _MOST:
        raise UsageError(f"一部长编最多 {_MOST} 条", hint="按时期或专题分成几部")
    return parts
