"""Cards in a session: made from places of texts, found again in the texts as they are now, changed with a history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive import dates
from archive.catalogue.authority import Authority, NameKind
from archive.catalogue.citation import cite
from archive.model.access import OUT_OF_USE, Action, Actor
from archive.model.cards import AROUND, Card, CardChange, CardFields, Checked, Condition, followed
from archive.model.errors import NotAllowed, NotFound, PeriodError, UsageError
from archive.model.records import Article, Collection, Mention, Period
from archive.store import Store
from archive.store.card_rows import no_card
from archive.text.anchors import Course, Place
from archive.workbench.names_in_text import names_in

_LONGEST_CLASS, _LONGEST_NOTE, _LONGEST_LINE, _MOST = 60, 5_000, 500, 20


@dataclass(frozen=True, slots=True)
class PlacedCard:
    """A card with the article and the collection it is from, what became of its words, and where they stand now."""

    card: Card
    article: Article
    collection: Collection
    condition: Condition
    place: Place | None

    @property
    def source(self) -> str:
        """Where it is from, as it is cited."""
        return cite(self.article, self.collection)


class _Reading:
    """The version of an article that cards were made from, and the way from there to the article as it is now."""

    def __init__(self, then: Article, now: Article, collection: Collection) -> None:
        self._article, self._collection = then, collection
        self._gone = now.status in OUT_OF_USE
        self._then, self._now = ([block.text for block in one.blocks] for one in (then, now))
        self._course = None if self._then == self._now else Course(self._then, self._now)

    def placed(self, card: Card) -> PlacedCard:
        """The card with what became of its words."""
        condition, place = followed(card, self._then, self._now, self._course)
        if self._gone:
            condition, place = Condition.LOST, None
        return PlacedCard(card, self._article, self._collection, condition, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cards: in a class, with all these words, from an article, naming a person or place, of a period that is
    typed as in a search, verified so far; "" for any. `by_date` puts the earliest first, undated ones last; without it
    the card made last is the first.
    """

    class_: str = ""
    words: str = ""
    article: str = ""
    name: str = ""
    period: str = ""
    checked: str = ""
    by_date: bool = False


class Cards:
    """The cards that one actor may see: those from articles that the actor may see."""

    def __init__(self, store: Store, actor: Actor, understand: Callable[[str], Period]) -> None:
        """For `Session` only; `understand` reads a period as the office means it."""
        self._store, self._actor, self._understand = store, actor, understand

    # -- making

    def make(self, article_id: str, place: Place, version: int = 0, said: CardFields | None = None) -> int:
        """Copy the words at a place of a version (0: the present one) onto a card; its key.

        `said` is what is said of them, None for what `suggested` gives. Everybody who may read an article may. Raises
        NotFound when nothing stands there, PeriodError, UsageError.
        """
        return self.make_all([(article_id, version, place)], said)[0]

    def make_all(self, places: Sequence[tuple[str, int, Place]], said: CardFields | None = None) -> list[int]:
        """A card for each of these places of versions of articles, all or none; the rest as in `make`. Their keys."""
        read: dict[tuple[str, int], Article] = {}
        made = []
        for id, version, place in places:
            if (id, version) not in read:
                read[id, version] = self._store.seen(id, self._actor.rights, version or None)
            made.append(self._copied(read[id, version], place, said))
        return self._store.cards.add(made) if made else []

    def suggested(self, article_id: str, place: Place, version: int = 0) -> CardFields:
        """What can be read off the words at a place: the date in them or before them, and the office's names.

        Raises NotFound.
        """
        return self._suggested(self._store.seen(article_id, self._actor.rights, version or None), place)

    def standing(self, article_id: str, written: str) -> list[Place]:
        """Where these words stand, letter for letter, in the paragraphs of an article. Raises NotFound."""
        found = []
        for block, text in self._store.seen(article_id, self._actor.rights).units():
            at = text.find(written)
            while at >= 0:
                found.append((block, at, at + len(written)))
                at = text.find(written, at + 1)
        return found

    def _copied(self, article: Article, place: Place, said: CardFields | None) -> Card:
        block, start, end = place
        if not 0 <= block < len(article.blocks) or not 0 <= start < end <= len(article.blocks[block].text):
            raise NotFound("文章里没有这个位置", hint="重新打开这篇文章，再选那几个字")
        text = article.blocks[block].text
        fields, date = self._said(said or self._suggested(article, place))
        return Card(
            key=0,
            article=article.id,
            version=article.version,
            block=block,
            start=start,
            end=end,
            written=text[start:end],
            before=text[max(0, start - AROUND) : start],
            after=text[end : end + AROUND],
            said=fields,
            date=date,
            owner=self._actor.id,
            who=self._actor.name,
        )

    def _suggested(self, article: Article, place: Place) -> CardFields:
        block, start, end = place
        if not 0 <= block < len(article.blocks):
            return CardFields()
        text = article.blocks[block].text
        found = [name for _, name in names_in(text[start:end], Authority.of(self._store))]
        of_kind = {
            kind: tuple(dict.fromkeys(name.preferred for name in found if name.kind is kind)) for kind in NameKind
        }
        here = _goes_by(self._store.mentions(article.id), place) if self._is_present(article) else None
        said = CardFields(persons=of_kind[NameKind.PERSON][:_MOST], places=of_kind[NameKind.PLACE][:_MOST])
        if here is None:
            return said
        written = text[here.start : here.end]
        return replace(said, dated=written, meant=self._meant(written, here.period))

    def _is_present(self, article: Article) -> bool:
        return self._store.seen(article.id, self._actor.rights).version == article.version

    def _meant(self, written: str, period: Period) -> str:
        """An expression for what a date means here, "" where its writing alone says so."""
        understood, meant = self._read(written), dates.describe(period)
        if understood is not None and (understood.start, understood.end) == (period.start, period.end):
            return ""
        return meant if self._read(meant) is not None else ""

    # -- finding

    def find(self, wanted: Wanted | None = None) -> list[Card]:
        """The cards wanted; no text is read. Raises PeriodError."""
        wanted = wanted or Wanted()
        period = self._understand(wanted.period) if wanted.period else None
        found = [card for card in self._store.cards.all(self._actor.rights) if _fits(card, wanted, period)]
        return sorted(found, key=by_date) if wanted.by_date else found

    def listed(self, wanted: Wanted | None = None) -> Iterator[PlacedCard]:
        """Those of `find` with what became of their words."""
        return self.placed(self.find(wanted))

    def placed(self, cards: Iterable[Card]) -> Iterator[PlacedCard]:
        """Cards with what became of their words. Raises NotFound for one whose article may not be seen."""
        readings: dict[tuple[str, int], _Reading] = {}
        for card in cards:
            made_from = card.article, card.version
            if made_from not in readings:
                readings[made_from] = self._reading(card)
            yield readings[made_from].placed(card)

    def get(self, key: int) -> PlacedCard:
        """One card. Raises NotFound."""
        return next(self.placed([self._held(key)]))

    def several(self, keys: Iterable[int]) -> dict[int, Card]:
        """The cards of these keys, by key; those that are not there or not to be seen are left out."""
        wanted = set(keys)
        return {card.key: card for card in self._store.cards.all(self._actor.rights) if card.key in wanted}

    def classes(self) -> dict[str, int]:
        """The classes in use with the number of their cards."""
        counts: dict[str, int] = {}
        for card in self._store.cards.all(self._actor.rights):
            for one in card.said.classes:
                counts[one] = counts.get(one, 0) + 1
        return dict(sorted(counts.items()))

    # -- changing

    def may_change(self, card: Card) -> bool:
        """Whether the actor may change or remove a card: who made it, and who makes books of them."""
        return card.owner == self._actor.id or self._actor.rights.allow(Action.COMPILE)

    def change(self, key: int, said: CardFields) -> None:
        """Say something else of a card; what was copied stays. Raises NotFound, NotAllowed, PeriodError, UsageError."""
        self.change_all({key: said})

    def change_all(self, sayings: Mapping[int, CardFields]) -> int:
        """The same for several cards by key, all or none; how many are said something else of."""
        for key in sayings:
            self._changeable(key)
        return self._store.cards.change({key: self._said(said) for key, said in sayings.items()}, self._actor.name)

    def check(self, said: CardFields) -> None:
        """Raise PeriodError or UsageError for what cannot be said of a card."""
        self._said(said)

    def changes(self, key: int) -> tuple[CardChange, ...]:
        """What was changed on a card, the latest first. Raises NotFound."""
        self._held(key)
        return self._store.cards.changes(key)

    def remove(self, key: int) -> None:
        """Throw a card away. Raises NotFound, NotAllowed."""
        self._changeable(key)
        self._store.cards.remove(key, self._actor.name)

    # -- one by one

    def _held(self, key: int) -> Card:
        found = self.several([key]).get(key)
        if found is None:
            raise no_card()
        return found

    def _changeable(self, key: int) -> None:
        if not self.may_change(self._held(key)):
            raise NotAllowed("这张卡片是别人做的，不能改", hint="请做卡片的人改，或者自己另做一张")

    def _reading(self, card: Card) -> _Reading:
        now = self._store.seen(card.article, self._actor.rights)
        then = now if now.version == card.version else self._store.article(card.article, card.version)
        return _Reading(then, now, self._store.collection(now.collection))

    def _said(self, typed: CardFields) -> tuple[CardFields, Period | None]:
        """What is said, tidied, and what its date is understood as. Raises PeriodError, UsageError."""
        if len(typed.note) > _LONGEST_NOTE:
            raise UsageError(f"考订最多 {_LONGEST_NOTE} 字，这里有 {len(typed.note)} 字", hint="分成几张卡片来写")
        said = replace(
            typed,
            classes=_several(typed.classes, "类目"),
            persons=_several(typed.persons, "人物"),
            places=_several(typed.places, "地名"),
            note=typed.note.strip(),
            dated=_line(typed.dated, "日期"),
            meant=_line(typed.meant, "推算"),
            uses=_line(typed.uses, "使用去向"),
        )
        return said, self._understand(said.meant) if said.meant else self._read(said.dated)

    def _read(self, written: str) -> Period | None:
        """What a date means as a text writes it; None where the words alone do not say."""
        try:
            return self._understand(written) if written else None
        except PeriodError:
            return None


def by_date(card: Card) -> tuple[bool, int, int, int]:
    """The earliest first; of those that begin on one day, the shorter; undated ones last, as they were made."""
    return *days(card.date), card.key


def days(date: Period | None) -> tuple[bool, int, int]:
    """By what dates are ordered: the earliest first; of those that begin on one day, the shorter; none last."""
    if date is None:
        return True, 0, 0
    start = date.start if date.start is not None else date.end
    end = date.end if date.end is not None else date.start
    return start is None, start or 0, end or 0


def _goes_by(mentions: Sequence[Mention], place: Place) -> Mention | None:
    """The first date within a place, or else the last one before it in its block."""
    block, start, end = place
    here = [one for one in mentions if one.block == block and one.start < end]
    within = [one for one in here if one.start >= start and one.end <= end]
    return within[0] if within else here[-1] if here else None


def _fits(card: Card, wanted: Wanted, period: Period | None) -> bool:
    said = card.said
    text = "\n".join((card.written, said.note, said.uses))
    return (
        wanted.class_ in ("", *said.classes)
        and wanted.article in ("", card.article)
        and wanted.name in ("", *said.persons, *said.places)
        and wanted.checked in ("", said.checked.value)
        and all(word in text for word in wanted.words.split())
        and (period is None or (card.date is not None and card.date.overlaps(period)))
    )


def _line(typed: str, label: str) -> str:
    if len(typed) > _LONGEST_LINE:
        raise UsageError(f"{label}最多 {_LONGEST_LINE} 字", hint="长的话写在考订里")
    return " ".join(typed.split())


def _several(typed: Sequence[str], label: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in typed))))
    if len(found) > _MOST or any(len(one) > _LONGEST_CLASS for one in found):
        message = f"{label}最多 {_MOST} 个，每个最多 {_LONGEST_CLASS} 字"
        raise UsageError(message, hint="几个之间用分号或换行隔开；长的话写在考订里")
    return found


def checked(typed: str) -> Checked:
    """How far something is verified, from its word; "" for not at all. Raises UsageError."""
    try:
        return Checked(typed or Checked.NOT_YET)
    except ValueError:
        known = "、".join(one.value for one in Checked)
        raise UsageError(f"没有“{typed[:10]}”这种核实情况", hint=f"可选：{known}") from None
