"""长编 in a session: kept, shown with the accounts of each event side by side, filled from cards and concordances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.catalogue.authority import Authority
from archive.dates.reader import DateReader
from archive.model.access import Action, Actor
from archive.model.cards import Card
from archive.model.compilation import Compilation, Event, Heading, Remark, RemarkKind
from archive.model.errors import NotFound, PeriodError, UsageError
from archive.model.project import checked_name
from archive.model.records import Article, Period
from archive.store import Store
from archive.store.compilation_rows import no_compilation
from archive.store.lock import now
from archive.text.anchors import Place
from archive.workbench.accounts import Account, Mark, marked, sayings
from archive.workbench.cards import Cards, PlacedCard, by_date, days
from archive.workbench.concordance import KwicRow
from archive.workbench.kwic_table import sentence

MOST_AT_ONCE = 3_000
"""Places of a concordance that are made into cards in one step."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is shown: its accounts in the order of their dates, for each what differs from the others, and by
    kind the words that differ. `period` is what the event is dated to, None where nothing dates it.
    """

    event: Event
    accounts: tuple[PlacedCard, ...]
    marks: tuple[tuple[Mark, ...], ...]
    differing: Mapping[str, tuple[tuple[str, ...], ...]]
    period: Period | None

    @property
    def title(self) -> str:
        """What it is called: by the compiler, or else as its first account begins."""
        return self.event.title or self.accounts[0].card.written[:24].replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, None for what stands under none yet, with the events under it in the order they are printed in."""

    heading: Heading | None
    events: tuple[Told, ...]


class Compilations:
    """The 长编 that one actor may know of: those from whose cards nothing is hidden, for who may compile."""

    def __init__(self, store: Store, actor: Actor, cards: Cards, reader: Callable[[], DateReader]) -> None:
        """For `Session` only; `reader` reads dates as the office means them."""
        self._store, self._actor, self._cards, self._reader = store, actor, cards, reader

    # -- kept

    def names(self) -> tuple[str, ...]:
        """The names of those to be known of, in order; none for who may not compile."""
        return tuple(one.name for one in self._visible()) if self._may else ()

    def get(self, name: str) -> Compilation:
        """One of `names`; cards that were thrown away are left out. Raises NotFound, NotAllowed."""
        self._actor.require(Action.COMPILE)
        found = next((one for one in self._visible() if one.name == name), None)
        if found is None:
            raise no_compilation()
        known = self._cards.several(found.cards)
        if len(known) == len(found.cards):
            return found
        thinned = (replace(one, cards=tuple(card for card in one.cards if card in known)) for one in found.events)
        return replace(found, events=tuple(one for one in thinned if one.cards))

    def create(self, name: str) -> Compilation:
        """A new one. Raises UsageError for a name that cannot be, Conflict for one that is taken, NotAllowed."""
        return self.save(Compilation(name=checked_name(name)))

    def save(self, compilation: Compilation) -> Compilation:
        """Keep one as it is now; with its new revision.

        Raises Conflict when it was changed elsewhere meanwhile, NotFound for a card that may not be seen, PeriodError
        for an event whose date cannot be understood, NotAllowed.
        """
        self._actor.require(Action.COMPILE)
        checked_name(compilation.name)
        if len(self._cards.several(compilation.cards)) < len(compilation.cards):
            raise NotFound("有的卡片已经不在了", hint="刷新页面再做一次")
        for event in compilation.events:
            if event.date:
                self._reader().understand(event.date)
        return self._store.compilations.save(compilation, self._actor.name)

    def remove(self, name: str) -> None:
        """Delete one; its cards stay. Raises NotFound, NotAllowed."""
        self.get(name)
        self._store.compilations.remove(name, self._actor.name)

    def remark(self, compilation: Compilation, event: int, kind: RemarkKind, text: str) -> Compilation:
        """The 长编, not saved, with words of the actor on an event, signed and dated. Raises UsageError, NotFound."""
        return compilation.remarked(event, Remark(kind, text, self._actor.name, now()[:10]))

    @property
    def _may(self) -> bool:
        return self._actor.rights.allow(Action.COMPILE)

    def _visible(self) -> list[Compilation]:
        found = self._store.compilations.all()
        if self._actor.rights.unlimited:
            return list(found)
        hidden = self._store.cards.keys() - self._cards.several(self._store.cards.keys()).keys()
        return [one for one in found if not one.cards & hidden]

    # -- shown

    def outline(self, compilation: Compilation) -> tuple[tuple[Heading | None, tuple[Event, ...]], ...]:
        """Its events under their headings in the order they are printed in, without reading a text: by date, undated
        ones last, then by hand; or by hand alone. What stands under no heading comes first, where there is such.
        """
        events: Sequence[Event] = compilation.events
        if compilation.by_date:
            cards = self._cards.several(compilation.cards)
            dated = {one.key: days(self._period(one, [cards[key] for key in one.cards])) for one in events}
            events = sorted(events, key=lambda one: dated[one.key])
        under: dict[int, list[Event]] = {}
        for one in events:
            under.setdefault(one.heading, []).append(one)
        headed = tuple((each, tuple(under.get(each.key, ()))) for each in compilation.headings)
        return ((None, tuple(under[0])), *headed) if 0 in under else headed

    def parts(self, compilation: Compilation) -> tuple[Part, ...]:
        """All of it as `outline` has it, with the texts."""
        told = {one.event.key: one for one in self.told(compilation.events)}
        return tuple(
            Part(heading, tuple(told[one.key] for one in events)) for heading, events in self.outline(compilation)
        )

    def told(self, events: Sequence[Event]) -> list[Told]:
        """Events as they are shown."""
        cards = self._cards.several(key for event in events for key in event.cards)
        placed = {one.card.key: one for one in self._cards.placed(cards.values())}
        return [self._told(one, placed) for one in events]

    def event(self, compilation: Compilation, key: int) -> Told:
        """One event as it is shown. Raises NotFound."""
        return self.told([compilation.event(key)])[0]

    def _told(self, event: Event, placed: Mapping[int, PlacedCard]) -> Told:
        accounts = tuple(sorted((placed[key] for key in event.cards), key=lambda one: days(one.card.date)))
        texts = [one.card.written for one in accounts]
        held = [Account(one.card.written, one.card.said.dated, one.card.date) for one in accounts]
        marks = marked(held, self._reader(), Authority.of(self._store))
        period = self._period(event, [one.card for one in accounts])
        return Told(event, accounts, marks, sayings(texts, marks), period)

    def _period(self, event: Event, cards: Sequence[Card]) -> Period | None:
        if event.date:
            try:
                return self._reader().understand(event.date)
            except PeriodError:  # the office's own periods were changed since
                return None
        return min(cards, key=by_date).date

    def shifted(self, compilation: Compilation, key: int, way: str) -> Compilation:
        """The 长编, not saved, with an event one place `up` or `down` among those under its heading.

        Where events go by date, it passes only one of the same date. Raises UsageError where it cannot, NotFound.
        """
        event = compilation.event(key)
        siblings = next(events for _, events in self.outline(compilation) if event in events)
        at = siblings.index(event)
        beside = at - 1 if way == "up" else at + 1
        if not 0 <= beside < len(siblings):
            return compilation
        first, other = (self._told_day(one) for one in (event, siblings[beside]))
        if compilation.by_date and first != other:
            hint = "改这件事的日期，或把顺序改为“全由人排”"
            raise UsageError("这部长编按日期排，只有日期相同的才能用手挪", hint=hint)
        return compilation.put(key, siblings[beside].key, before=way == "up")

    def _told_day(self, event: Event) -> tuple[bool, int, int]:
        return days(self._period(event, list(self._cards.several(event.cards).values())))

    # -- from a concordance

    def take_rows(self, rows: Iterable[KwicRow], *, paragraphs: bool = False) -> list[int]:
        """Cards of the sentences, or the paragraphs, that places of a concordance stand in, each once; their keys.

        A card of just these words that the actor can see is used again. Raises UsageError for more than MOST_AT_ONCE.
        """
        places: dict[tuple[str, int, Place], None] = {}
        for row in rows:
            start, end = (0, len(row.text)) if paragraphs else sentence(row)
            places[row.article, row.version, (row.block, start, end)] = None
            if len(places) > MOST_AT_ONCE:
                hint = "先筛选或抽样，再放进长编"
                raise UsageError(f"一次最多放进 {MOST_AT_ONCE} 处", hint=hint)
        return self.take_places(list(places))

    def take_places(self, places: Sequence[tuple[str, int, Place]]) -> list[int]:
        """Cards of the words at places, each given as article, its version and the place there; their keys.

        A card of just these words that the actor can see is used again. Raises NotFound.
        """
        self._actor.require(Action.COMPILE)
        held = {(one.article, one.version, one.place): one.key for one in self._cards.find()}
        fresh = [place for place in dict.fromkeys(places) if place not in held]
        held |= dict(zip(fresh, self._cards.make_all(fresh), strict=True))
        return [held[place] for place in places]

    def article(self, placed: PlacedCard) -> tuple[Article, Place]:
        """The version of its article and the place there that a book takes a card's words from: the present one where
        they stand there unchanged, or else the one they were copied from.
        """
        present = self._store.seen(placed.card.article, self._actor.rights)
        if placed.place is not None:
            block, start, end = placed.place
            if present.blocks[block].text[start:end] == placed.card.written:
                return present, placed.place
        return placed.article, placed.card.place
