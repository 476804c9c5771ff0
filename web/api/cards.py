"""资料卡片 and 长编 as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from archive.model.cards import CardChange, CardFields, Checked, Condition
from archive.model.compilation import Compilation, Remark
from archive.workbench.cards import PlacedCard, Wanted
from archive.workbench.compilations import Told
from web.api.operation import operation
from web.api.paging import Page
from web.api.values import Answer, PeriodValue
from web.base import current

_CARDS, _COMPILATIONS = "资料卡片", "长编"


class CardValue(Answer, frozen=True, kw_only=True):
    """Words copied from (`start`, `end`) of a block of a version; `place` is where they stand now, null where nowhere.

    `condition` tells what became of them: 原位, 随改, 待核 or 失落.
    """

    key: int
    article: str
    version: int
    block: int
    start: int
    end: int
    written: str
    before: str
    after: str
    said: CardFields
    date: PeriodValue | None
    source: str
    who: str
    when: str
    changed: str
    condition: Condition
    place: tuple[int, int, int] | None

    @classmethod
    def of(cls, placed: PlacedCard) -> CardValue:
        """From the archive's own."""
        card = placed.card
        plain = ("key", "article", "version", "block", "start", "end", "written", "before", "after", "said")
        return cls(
            **{name: getattr(card, name) for name in (*plain, "who", "when", "changed")},
            date=PeriodValue.maybe(card.date),
            source=placed.source,
            condition=placed.condition,
            place=placed.place,
        )


class CardsAsked(Struct, frozen=True, kw_only=True):
    """Which cards."""

    class_: Annotated[str, Meta(description="类目")] = field(default="", name="class")
    q: Annotated[str, Meta(description="引文、考订里有这些字")] = ""
    article: Annotated[str, Meta(description="从哪篇文章抄的")] = ""
    name: Annotated[str, Meta(description="涉及的人物或地名")] = ""
    period: Annotated[str, Meta(description="日期在这个时期里，写法同检索")] = ""
    checked: Annotated[Checked | None, Meta(description="核实情况")] = None
    sort: Annotated[Literal["made", "date"], Meta(description="后做的在前，或按日期")] = "made"


class CardList(Answer, frozen=True, kw_only=True):
    """A page of cards."""

    total: int
    cards: tuple[CardValue, ...]
    next: str | None


@operation("/cards", "资料卡片", group=_CARDS)
def cards(asked: CardsAsked, page: Page) -> CardList:
    """A page of the cards that are wanted."""
    held = current.session().cards
    wanted = Wanted(
        class_=asked.class_,
        words=asked.q,
        article=asked.article,
        name=asked.name,
        period=asked.period,
        checked=asked.checked or "",
        by_date=asked.sort == "date",
    )
    found = held.find(wanted)
    here = tuple(map(CardValue.of, held.placed(found[page.offset :][: page.limit])))
    return CardList(total=len(found), cards=here, next=page.following(len(here), len(found)))


@operation("/cards/<int:key>", "一张卡片", group=_CARDS)
def card(key: int) -> CardValue:
    """A card by its key."""
    return CardValue.of(current.session().cards.get(key))


class CardHistory(Answer, frozen=True, kw_only=True):
    """The latest change first."""

    changes: tuple[CardChange, ...]


@operation("/cards/<int:key>/history", "一张卡片的历史", group=_CARDS)
def card_history(key: int) -> CardHistory:
    """What was changed on a card."""
    return CardHistory(changes=current.session().cards.changes(key))


class Classes(Answer, frozen=True, kw_only=True):
    """The classes in use with the number of their cards."""

    classes: dict[str, int]


@operation("/cards/classes", "卡片的类目", group=_CARDS)
def card_classes() -> Classes:
    """All classes."""
    return Classes(classes=current.session().cards.classes())


# -- 长编


class CompilationLine(Answer, frozen=True, kw_only=True):
    """A 长编 in short."""

    name: str
    revision: int
    events: int
    cards: int


class CompilationList(Answer, frozen=True, kw_only=True):
    """Those one may know of."""

    compilations: tuple[CompilationLine, ...]


@operation("/compilations", "各部长编", group=_COMPILATIONS)
def compilations() -> CompilationList:
    """All 长编."""
    held = current.session().compilations
    found = (held.get(each) for each in held.names())
    lines = (
        CompilationLine(name=one.name, revision=one.revision, events=len(one.events), cards=len(one.cards))
        for one in found
    )
    return CompilationList(compilations=tuple(lines))


class EventValue(Answer, frozen=True, kw_only=True):
    """An event with its accounts side by side; by kind, the words of each account that the others have differently."""

    key: int
    title: str
    period: PeriodValue | None
    doubtful: bool
    accounts: tuple[CardValue, ...]
    differing: dict[str, tuple[tuple[str, ...], ...]]
    remarks: tuple[Remark, ...]

    @classmethod
    def of(cls, told: Told) -> EventValue:
        """From the archive's own."""
        return cls(
            key=told.event.key,
            title=told.title,
            period=PeriodValue.maybe(told.period),
            doubtful=told.event.doubtful,
            accounts=tuple(map(CardValue.of, told.accounts)),
            differing=dict(told.differing),
            remarks=told.event.remarks,
        )


class EventLine(Answer, frozen=True, kw_only=True):
    """An event of the outline, its cards by key, and under which headings it stands, from the outermost."""

    key: int
    title: str
    date: str
    cards: tuple[int, ...]
    heading: int


class HeadingValue(Answer, frozen=True, kw_only=True):
    """A heading; `level` counts from 1."""

    key: int
    title: str
    level: int


class CompilationValue(Answer, frozen=True, kw_only=True):
    """Headings in order, and events in the order they are printed in; `heading` 0 is under none."""

    name: str
    revision: int
    by_date: bool
    headings: tuple[HeadingValue, ...]
    events: tuple[EventLine, ...]

    @classmethod
    def of(cls, held: Compilation) -> CompilationValue:
        """From the archive's own."""
        outline = current.session().compilations.outline(held)
        return cls(
            name=held.name,
            revision=held.revision,
            by_date=held.by_date,
            headings=tuple(HeadingValue(key=one.key, title=one.title, level=one.level) for one in held.headings),
            events=tuple(
                EventLine(key=one.key, title=one.title, date=one.date, cards=one.cards, heading=one.heading)
                for _, events in outline
                for one in events
            ),
        )


@operation("/compilations/<name>", "一部长编：篇目和各事", group=_COMPILATIONS)
def compilation(name: str) -> CompilationValue:
    """Its headings and events, without texts."""
    return CompilationValue.of(current.session().compilations.get(name))


@operation("/compilations/<name>/events/<int:key>", "一件事：各种记载并列，异处标出", group=_COMPILATIONS)
def compilation_event(name: str, key: int) -> EventValue:
    """An event with its accounts."""
    held = current.session().compilations
    return EventValue.of(held.event(held.get(name), key))
