"""Cards in a session: made from a place of a text, found again in the text as it is now, handed out as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.catalogue.citation import cite
from archive.model.access import OUT_OF_USE, Action, Actor
from archive.model.cards import AROUND, Card, Condition, followed
from archive.model.errors import NotAllowed, NotFound, UsageError
from archive.model.records import Article, Collection
from archive.store import Store
from archive.store.card_rows import no_card
from archive.support.sheets import write_csv, write_xlsx
from archive.text.anchors import Place

HEADER = ("编号", "摘录", "出处", "类目", "考订", "原文现状", "篇名", "文章编号", "版", "采集人", "采集时间")
FORMATS = (".xlsx", ".csv")
_LONGEST_CLASS, _LONGEST_NOTE, _MOST_CLASSES = 60, 5_000, 20


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


class Cards:
    """The cards that one actor may see: those from articles that the actor may see."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Session` only."""
        self._store, self._actor = store, actor

    def make(self, article_id: str, place: Place, version: int = 0, classes: Sequence[str] = (), note: str = "") -> int:
        """Copy the words at a place of a version (0: the present one) onto a card; its key.

        Everybody who may read an article may. Raises NotFound when nothing stands there, UsageError.
        """
        read = self._store.seen(article_id, self._actor.rights, version or None)
        block, start, end = place
        if not 0 <= block < len(read.blocks) or not 0 <= start < end <= len(read.blocks[block].text):
            raise NotFound("文章里没有这个位置", hint="重新打开这篇文章，再选那几个字")
        text = read.blocks[block].text
        card = Card(
            key=0,
            article=article_id,
            version=read.version,
            block=block,
            start=start,
            end=end,
            written=text[start:end],
            before=text[max(0, start - AROUND) : start],
            after=text[end : end + AROUND],
            classes=_classes(classes),
            note=_note(note),
            owner=self._actor.id,
            who=self._actor.name,
        )
        return self._store.cards.add(card)

    def find(self, class_: str = "", words: str = "", article: str = "") -> list[Card]:
        """The cards in a class, with these words, from an article (empty: any), the latest first; no text is read."""
        return [
            card
            for card in self._store.cards.all(self._actor.rights)
            if class_ in ("", *card.classes)
            and article in ("", card.article)
            and all(word in f"{card.written}\n{card.note}" for word in words.split())
        ]

    def listed(self, class_: str = "", words: str = "", article: str = "") -> Iterator[PlacedCard]:
        """Those of `find` with what became of their words."""
        return self.placed(self.find(class_, words, article))

    def placed(self, cards: Iterable[Card]) -> Iterator[PlacedCard]:
        """Cards with what became of their words. Raises NotFound for one whose article may not be seen."""
        return map(self._placed, cards)

    def get(self, key: int) -> PlacedCard:
        """One card. Raises NotFound."""
        return self._placed(self._held(key))

    def classes(self) -> dict[str, int]:
        """The classes in use with the number of their cards."""
        counts: dict[str, int] = {}
        for card in self._store.cards.all(self._actor.rights):
            for one in card.classes:
                counts[one] = counts.get(one, 0) + 1
        return dict(sorted(counts.items()))

    def may_change(self, card: Card) -> bool:
        """Whether the actor may change or remove a card: who made it, and who makes books of them."""
        return card.owner == self._actor.id or self._actor.rights.allow(Action.COMPILE)

    def change(self, key: int, classes: Sequence[str], note: str) -> None:
        """Other classes and another note; what was copied stays. Raises NotFound, NotAllowed, UsageError."""
        self._changeable(key)
        self._store.cards.change(key, _classes(classes), _note(note), self._actor.name)

    def remove(self, key: int) -> None:
        """Throw a card away. Raises NotFound, NotAllowed."""
        self._changeable(key)
        self._store.cards.remove(key, self._actor.name)

    def _held(self, key: int) -> Card:
        found = next((one for one in self._store.cards.all(self._actor.rights) if one.key == key), None)
        if found is None:
            raise no_card()
        return found

    def _changeable(self, key: int) -> None:
        if not self.may_change(self._held(key)):
            raise NotAllowed("这张卡片是别人做的，不能改", hint="请做卡片的人改，或者自己另做一张")

    def _placed(self, card: Card) -> PlacedCard:
        now = self._store.seen(card.article, self._actor.rights)
        then = now if now.version == card.version else self._store.article(card.article, card.version)
        texts = ([block.text for block in one.blocks] for one in (then, now))
        condition, place = followed(card, *texts)
        if now.status in OUT_OF_USE:
            condition, place = Condition.LOST, None
        return PlacedCard(card, then, self._store.collection(now.collection), condition, place)


def write(cards: Sequence[PlacedCard], file: Path) -> None:
    """Cards as a table, by the suffix of the file, one of FORMATS."""
    rows = [
        (
            str(one.card.key), one.card.written, one.source, "；".join(one.card.classes), one.card.note,
            one.condition.value, one.article.title, one.card.article, str(one.card.version), one.card.who,
            one.card.when,
        )
        for one in cards
    ]  # fmt: skip
    if file.suffix == ".csv":
        write_csv(file, HEADER, rows)
    else:
        write_xlsx(file, [("资料卡片", HEADER, rows)])


def _classes(typed: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in typed))))
    if len(found) > _MOST_CLASSES or any(len(one) > _LONGEST_CLASS for one in found):
        message = f"类目最多 {_MOST_CLASSES} 个，每个最多 {_LONGEST_CLASS} 字"
        raise UsageError(message, hint="几个类目之间用分号或换行隔开；长的话写在考订里")
    return found


def _note(typed: str) -> str:
    if len(typed) > _LONGEST_NOTE:
        raise UsageError(f"考订最多 {_LONGEST_NOTE} 字，这里有 {len(typed)} 字", hint="分成几张卡片来写")
    return typed.strip()
