"""What can be read of a library's database, without the writer's lock."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from archive.model.access import Rights
from archive.model.date_decisions import Decision
from archive.model.holdings import EVERY_ENTRY, AuditEntry, AuditFilter, AuditHead, Import, InTime, Listed, Version
from archive.model.records import Article, Collection, Mention
from archive.store import (
    article_rows,
    audit,
    collections,
    decision_rows,
    imports,
    listing,
    pending,
    schema,
    visibility,
)
from archive.store.database import Database
from archive.support.at_hand import AtHand
from archive.support.cancellation import raise_if_cancelled

Answer = TypeVar("Answer")

_AT_HAND = 50  # articles asked for at once that are still some page's, and kept for the next
_CHARACTERS = 1_000_000  # of such articles, some 20 MB as blocks and runs
_ROWS = 5_000  # of what else a page says of an article, some kilobytes each


class StoreReader:
    """The reading half of `Store`: articles, lists, versions, dates, the pending list and the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collection(self, id: str) -> Collection:
        """One collection. Raises NotFound."""
        return self._read(lambda connection: collections.collection(connection, id))

    def known(self, sha256: str, collection: str) -> tuple[str, ...] | None:
        """Ids of the articles this original brought into the collection; None when it is not in there."""
        return self._read(lambda connection: imports.known(connection, sha256, collection))

    def imports(self) -> tuple[Import, ...]:
        """What was taken in, oldest first."""
        return self._database.remembered("imports", imports.listed)

    def article(self, id: str, version: int | None = None) -> Article:
        """An article as it is now, or an earlier version of it. Status and access are always the present ones.

        Raises NotFound.
        """
        if version is None:
            return self.articles([id])[0]
        return self._read(lambda connection: article_rows.read_version(connection, id, version))

    def seen(self, id: str, rights: Rights, version: int | None = None) -> Article:
        """What `article` gives, for somebody with these rights: what these do not cover is not there. NotFound."""
        found = self.article(id)
        if not rights.cover(found):
            raise article_rows.no_article(id)
        return found if version in (None, found.version) else self.article(id, version)

    def those_seen(self, ids: Sequence[str], rights: Rights) -> dict[str, Article]:
        """The present versions, by id in that order, of those of `ids` that exist and that `rights` cover."""
        found = self._read(lambda connection: article_rows.read_there(connection, ids))
        return {id: found[id] for id in ids if id in found and rights.cover(found[id])}

    def with_field(self, name: str, rights: Rights) -> list[Article]:
        """The present versions of the articles that have a descriptive field of this name and that `rights` cover."""
        keys = self._read(lambda connection: article_rows.keys_with_field(connection, name))
        return [article for article, _ in self._dated(keys) if rights.cover(article)]

    def hides(self, ids: Sequence[str], rights: Rights) -> bool:
        """Whether one of these articles exists and is not covered by `rights`."""
        return not rights.unlimited and self._read(lambda connection: visibility.hides(connection, ids, rights))

    def hidden_imports(self, rights: Rights) -> frozenset[int]:
        """The keys of the imports that brought in an article which `rights` do not cover."""
        return self._read(lambda connection: visibility.hidden_imports(connection, rights))

    def hidden_changes(self, rights: Rights) -> frozenset[int]:
        """The keys of the bulk changes of an article which `rights` do not cover."""
        return self._read(lambda connection: visibility.hidden_changes(connection, rights))

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """The present versions of `ids`, in that order. Raises NotFound for the first that does not exist."""
        raise_if_cancelled()
        if len(ids) > _AT_HAND:
            return self._read(lambda connection: article_rows.read(connection, ids))
        at_hand = self._articles
        found = {id: article for id in ids if (article := at_hand.of(id))}
        if missing := [id for id in ids if id not in found]:
            for article in self._read(lambda connection: article_rows.read(connection, missing)):
                at_hand.keep(article.id, article, article.characters)
                found[article.id] = article
        return [found[id] for id in ids]

    @property
    def _articles(self) -> AtHand[Article]:
        return self.at_hand("articles", _CHARACTERS)

    def at_hand(self, kind: str, room: int) -> AtHand[Any]:
        """What is kept of a kind as long as nothing is committed; the values are shared and must not be changed."""
        return self._database.remembered(("at hand", kind), lambda _: AtHand(room))

    def _of_article(self, kind: str, id: str, question: Callable[[Connection], tuple[Any, ...]]) -> tuple[Any, ...]:
        """What a page says of an article beside its text, kept for those who open it next."""
        at_hand = self.at_hand(kind, _ROWS)
        if (held := at_hand.of(id)) is None:
            held = self._read(question)
            at_hand.keep(id, held, 1 + len(held))
        return held

    def each(self, collection: str = "", volume: str = "") -> Iterator[tuple[Article, tuple[Mention, ...]]]:
        """The present version of every article with its mentions, collection by collection as they came in.

        Reads in small pieces: memory stays bounded, and nothing is held open between two of them.
        """
        yield from self._dated(self._read(lambda connection: article_rows.keys(connection, collection, volume)))

    def dated(self, ids: Sequence[str]) -> Iterator[tuple[Article, tuple[Mention, ...]]]:
        """The present versions of `ids` with their mentions, in that order, read like `each`. Raises NotFound.

        Those of a page are read at once, and kept for the next like `articles`.
        """
        if len(ids) <= _AT_HAND:
            yield from self._dated_at_hand(ids)
            return
        yield from self._dated(self._read(lambda connection: article_rows.keys_of(connection, ids)))

    def _dated_at_hand(self, ids: Sequence[str]) -> list[tuple[Article, tuple[Mention, ...]]]:
        raise_if_cancelled()
        at_hand: AtHand[tuple[Article, tuple[Mention, ...]]] = self.at_hand("dated", _CHARACTERS)
        found = {id: held for id in ids if (held := at_hand.of(id))}
        if missing := [id for id in ids if id not in found]:
            for article, mentions in self._read(lambda connection: article_rows.read_dated(connection, missing)):
                found[article.id] = article, mentions
                at_hand.keep(article.id, found[article.id], article.characters)
        return [found[id] for id in ids]

    def _dated(self, keys: Sequence[int]) -> Iterator[tuple[Article, tuple[Mention, ...]]]:
        for part in article_rows.parts(keys):
            raise_if_cancelled()
            with self._database.reading() as connection:
                found = article_rows.read_keys(connection, part)
            yield from found

    def mentions(self, id: str) -> tuple[Mention, ...]:
        """The dates in the present version of an article. Raises NotFound."""
        return self._of_article("mentions", id, lambda connection: article_rows.read_mentions(connection, id))

    def count(self) -> int:
        """How many articles there are, withdrawn ones included."""
        return self._read(lambda connection: connection.scalar(select(func.count()).select_from(schema.articles)) or 0)

    def covers(self, id: str, rights: Rights) -> bool:
        """Whether there is an article of this id and `rights` cover it."""
        held = self._articles.of(id)
        return rights.cover(held) if held else self._read(lambda asked: visibility.covers(asked, id, rights))

    def digests(self, rights: Rights) -> Mapping[str, str]:
        """The id of every article that `rights` cover, and the digest of its present text."""
        return self._database.remembered(("digests", rights), lambda connection: visibility.digests(connection, rights))

    def listed(self, collection: str, rights: Rights, limit: int | None, offset: int) -> list[Listed]:
        """Articles the asker may see without their text, collection by collection as they came in."""
        keys = self._order(collection, rights)[offset : None if limit is None else offset + limit]
        return self._read(lambda connection: listing.read(connection, keys))

    def listed_count(self, collection: str, rights: Rights, *, matter: bool = True) -> int:
        """How many articles `listed` has in all, with front and back `matter` or without."""
        return self._database.remembered(
            ("listed", collection, rights, matter),
            lambda connection: listing.count(connection, collection, rights, matter=matter),
        )

    def in_time(self, collection: str, rights: Rights) -> tuple[InTime, ...]:
        """All articles of a collection that the asker may see, in the order of `listed`, with their dates alone."""
        return self._database.remembered(
            ("in time", collection, rights), lambda connection: listing.in_time(connection, collection, rights)
        )

    def neighbours(self, id: str, rights: Rights) -> tuple[Listed | None, Listed | None]:
        """The articles before and after one in its collection that the asker may see. Raises NotFound."""
        key, collection = self._place(id)
        within = self._order(collection, rights)
        return self._read(lambda connection: listing.neighbours(connection, key, within))

    def position(self, id: str, rights: Rights) -> tuple[int, int]:
        """Which one an article is in its collection, from 1, and of how many the asker may see. Raises NotFound."""
        key, collection = self._place(id)
        return listing.position(key, self._order(collection, rights))

    def _place(self, id: str) -> tuple[int, str]:
        key, collection = self._of_article("places", id, lambda connection: listing.place(connection, id))
        return key, collection

    def _order(self, collection: str, rights: Rights) -> array[int]:
        return self._database.remembered(
            ("order", collection, rights), lambda connection: listing.order(connection, collection, rights)
        )

    def versions(self, id: str) -> tuple[Version, ...]:
        """All versions of an article, oldest first. Raises NotFound."""
        return self._of_article("versions", id, lambda connection: article_rows.history(connection, id))

    def decisions(self, id: str) -> tuple[Decision, ...]:
        """Editors' decisions on the dates of an article, oldest first. Raises NotFound."""
        return self._of_article("date decisions", id, lambda connection: decision_rows.decisions(connection, id))

    def read_with(self) -> str:
        """The signature of the periods that all dates were last read with; empty for the shipped ones alone."""
        return self._read(decision_rows.read_with)

    def pending(self) -> tuple[str, ...]:
        """Ids of the articles the index has not seen in their present state."""
        return self._read(pending.ids)

    def pending_count(self, rights: Rights) -> int:
        """How many of the articles on that list `rights` cover."""
        return self._database.remembered(
            ("pending", rights), lambda connection: visibility.pending_count(connection, rights)
        )

    def audit(
        self, limit: int | None = 100, wanted: AuditFilter = EVERY_ENTRY, offset: int = 0
    ) -> tuple[AuditEntry, ...]:
        """Who did what when: the latest `limit` entries that are wanted, newest first; None for all."""
        return self._read(lambda connection: audit.entries(connection, wanted, limit, offset))

    def audit_choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The people and the actions in the audit log."""
        return self._read(audit.choices)

    def audit_head(self) -> AuditHead:
        """The end of the audit log as it is now."""
        return self._read(lambda connection: audit.head(connection.exec_driver_sql))

    def audit_holds(self, earlier: AuditHead) -> bool:
        """Whether the audit log still contains what was its end at an earlier time."""
        return self._read(lambda connection: audit.holds(connection.exec_driver_sql, earlier))

    def _read(self, question: Callable[[Connection], Answer]) -> Answer:
        with self._database.reading() as connection:
            return question(connection)
