"""What comes with the texts of a library that is merged into another: the office's own files and periods, the records
of people and places, and the cards made from texts that both have.

What is here is never replaced. What both have in two forms is told, and stays as it is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from archive.catalogue.name_table import Merged
from archive.dates.office_entries import Entry, names_of
from archive.model.cards import Card
from archive.model.errors import ConfigError
from archive.model.name_records import REFERENCE, NameRecord
from archive.model.records import Article
from archive.session import Session
from archive.store.attached_rows import AttachedCard
from archive.store.own_files import OwnFile
from archive.workbench.cards import PlacedCard


@dataclass(frozen=True, slots=True)
class Besides:
    """What would come: files, periods (those in `periods_here` are otherwise here), records of names, cards on articles
    that are here. `cards_here` are here already, `cards_left` have no place here.
    """

    files: tuple[OwnFile, ...]
    periods: tuple[str, ...]
    periods_here: tuple[str, ...]
    names: Merged
    cards: tuple[Card, ...]
    cards_here: tuple[Card, ...]
    cards_left: tuple[Card, ...]


class BesideTexts:
    """The merge of what is no text; `held` are the articles of the target that have the text of one of the source, by
    the id there.
    """

    def __init__(self, source: Session, target: Session) -> None:
        self._source, self._target = source, target

    def plan(self, held: Mapping[str, Article], coming: frozenset[str]) -> Besides:
        """What is to be done, when the articles in `coming` bring their own cards."""
        fresh, other = self._periods()
        cards = [one for one in self._source.cards.listed() if one.card.article not in coming]
        here = {_identity(one, one.article) for one in self._target.cards.find()}
        placed = [one for one in cards if one.place is not None and one.card.article in held]
        double = [one.card for one in placed if _identity(one.card, held[one.card.article].id) in here]
        return Besides(
            self._target.upkeep.own_files(self._source.root),
            tuple(names_of(one)[0] for one in fresh),
            tuple(names_of(one)[0] for one in other),
            self._target.names.united(self._records(held)),
            tuple(one.card for one in placed if one.card not in double),
            tuple(double),
            tuple(one.card for one in cards if one not in placed),
        )

    def bring_own(self) -> None:
        """The office's files and periods, by which texts are read. Raises StorageError."""
        self._target.upkeep.bring_own_files(self._source.root)
        fresh, _ = self._periods()
        for entry in fresh:
            self._target.upkeep.put_period(entry)
        if fresh:
            self._target.redate()

    def bring_rest(self, held: Mapping[str, Article]) -> None:
        """Names and cards, once the texts are there. Raises NotAllowed, StorageError."""
        plan = self.plan(held, frozenset())
        wanted = {card.key for card in plan.cards}
        for id in dict.fromkeys(card.article for card in plan.cards):
            attached = {int(one.row["key"]): one for one in self._source.upkeep.attached(id).cards}
            placed = [one for one in self._source.cards.placed(self._of(id)) if one.card.key in wanted]
            brought = [_here(attached[one.card.key], one, held[id]) for one in placed]
            self._target.upkeep.attach_cards(held[id].id, brought)
        self._target.names.unite(self._records(held), f"并入 {self._source.root.name}")

    def _of(self, id: str) -> list[Card]:
        return [card for card in self._source.cards.find() if card.article == id]

    def _periods(self) -> tuple[list[Entry], list[Entry]]:
        """The entries that are not here, and those that are here by one of their names but say something else."""
        try:
            theirs, ours = self._source.upkeep.periods(), self._target.upkeep.periods()
        except ConfigError:  # a file that nobody can read; `wenshi check` tells it
            return [], []
        known = {name for one in ours for name in names_of(one)}
        differing = [one for one in theirs if one not in ours]
        fresh = [one for one in differing if not known & set(names_of(one))]
        return fresh, [one for one in differing if one not in fresh]

    def _records(self, held: Mapping[str, Article]) -> list[NameRecord]:
        """The records that hold in the source; paragraphs that they name as sources are called as they are here."""
        return [self._told(one, held) for one in self._source.names.all()]

    def _told(self, record: NameRecord, held: Mapping[str, Article]) -> NameRecord:
        def here(found: re.Match[str]) -> str:
            id, block = found.group(1), found.group(2)
            if id in held:
                return found.group().replace(id, held[id].id, 1)
            return f"{self._source.root.name} {id} 第 {block} 段"

        statements = tuple(replace(one, source=REFERENCE.sub(here, one.source)) for one in record.statements)
        belongings = tuple(replace(one, source=REFERENCE.sub(here, one.source)) for one in record.belongings)
        return replace(record, statements=statements, belongings=belongings)


def _identity(card: Card, article: str) -> tuple[str, ...]:
    """What is the same of one card in two libraries."""
    return article, card.written, card.who, card.when


def _here(one: AttachedCard, placed: PlacedCard, held: Article) -> AttachedCard:
    """A card as it stands on an article of the target with the same text."""
    assert placed.place is not None
    block, start, end = placed.place
    return replace(one, row=one.row | {"version": held.version, "block": block, "start": start, "end": end})


def lines(plan: Besides) -> Iterator[str]:
    """What is here in two forms or has no place here, a line each, for messages."""
    yield from (f"{one.path}：{one.standing.value}" for one in plan.files)
    yield from (f"时期“{name}”：两边不同，用这边的" for name in plan.periods_here)
    for before, _ in plan.names.changed:
        yield f"{before.kind.value}“{before.preferred}”：两边都有，那边多的补进来"
    yield from (f"名称表：{one.message}，没有并" for one in plan.names.problems.values())
    yield from (f"卡片“{one.written[:20]}”：这边已有，不再收" for one in plan.cards_here)
    yield from (f"卡片“{one.written[:20]}”：文章没有并过来，或原文已改，没有并" for one in plan.cards_left)
