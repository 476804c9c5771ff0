"""The only door for command line and web: store first, then index."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Unpack

from archive.catalogue import date_service, fields
from archive.catalogue.authority import Authority
from archive.catalogue.date_service import Progress
from archive.catalogue.fields import Definition, Description
from archive.dates.office_periods import OfficePeriods, write_template
from archive.model import date_decisions
from archive.model.access import Rights
from archive.model.date_decisions import Contradiction, Decision, Place
from archive.model.errors import LibraryBusy
from archive.model.records import Article, Collection, Issue, Mention, Period, Picture, Status
from archive.search import hits, indexing
from archive.search.index.embedded import EmbeddedEngine
from archive.search.index.engine import Engine
from archive.search.matching import Prepared, Span, places
from archive.search.parser import parse
from archive.search.query import Filters, Node, PeriodIn, Query, Results, Sort, Timeline
from archive.store import Store
from archive.store.values import Listed, Problem, Version
from archive.support import library_folder
from archive.support.files import sha256_of
from archive.support.storage_errors import storage_errors
from archive.text.folding import fold
from archive.text.segmentation import make_segmenter, user_words

if TYPE_CHECKING:
    from archive.books.service import Books

log = logging.getLogger(__name__)

file_digest = sha256_of
_LOCAL = Rights.local()
_PATIENCE = 10.0  # seconds a writer waits for another one
_GLANCE = 0.2  # seconds opening waits before leaving repairs to whoever is writing


@dataclass(frozen=True, slots=True)
class Accepted:
    """What `add` did: the stored articles with their ids; `already` when the original was in the collection before."""

    articles: tuple[Article, ...]
    already: bool = False


class Library:
    """A folder that holds a store and an index. May be shared between threads; close it or use `with`."""

    def __init__(self, store: Store) -> None:
        """For `create`, `open` and `restore` only."""
        self.root = store.root
        self._store = store
        index = self.root / library_folder.INDEX
        self._segmenter = make_segmenter(user_words(self.root / library_folder.WORDS), cache=index / "jieba")
        self._engine: Engine = EmbeddedEngine(index, self._segmenter)
        self._periods = OfficePeriods(self.root)
        self._depth = threading.local()

    @classmethod
    def create(cls, root: Path | str) -> Library:
        """Make an empty library. Raises LibraryExists, StorageError."""
        library = cls(Store.create(Path(root)))
        with storage_errors(library.root):
            write_template(library.root)
        library._catch_up(_PATIENCE)
        return library

    @classmethod
    def open(cls, root: Path | str) -> Library:
        """Open a library and put right what a crash left behind. Raises LibraryNotFound; never creates anything.

        If another process is writing, that is left to it. What is wrong with the office's own periods is logged.
        """
        library = cls(Store.open(Path(root)))
        for problem in library.period_problems():
            log.warning("警告：%s：%s\n  怎么办：%s", problem.place, problem.message, problem.hint)
        with suppress(LibraryBusy):
            library._catch_up(_GLANCE)
        return library

    @classmethod
    def restore(cls, file: Path, root: Path | str) -> Library:
        """Make a library from a backup and index it. Raises LibraryExists, ReadError, StorageError."""
        library = cls(Store.restore(file, Path(root)))
        library._catch_up(_PATIENCE)
        return library

    def close(self) -> None:
        """Release files; closing twice is harmless."""
        self._engine.close()
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, a: type[BaseException] | None, b: BaseException | None, c: TracebackType | None) -> None:
        self.close()

    # -- finding
    def search(
        self,
        query: str,
        *,
        period: str = "",
        period_in: PeriodIn = PeriodIn.ANY,
        vague: bool = False,
        within: bool = False,
        collection: str = "",
        section: str = "",
        author: str = "",
        decade: int | None = None,
        as_written: bool = False,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 20,
        offset: int = 0,
        rights: Rights = _LOCAL,
    ) -> Results:
        """Answer a query in the query language; an empty one finds everything the filters let through.

        A date meets the `period` when it overlaps it, or lies `within` it; `vague` wording (建国后) only on request.

        Raises QueryError and PeriodError for what cannot be understood, EngineError when the index cannot answer.
        """
        question = self._question(
            query,
            period,
            rights,
            as_written=as_written,
            period_in=period_in,
            vague=vague,
            within=within,
            collection=collection,
            section=section,
            author=author,
            decade=decade,
            sort=sort,
            limit=limit,
            offset=offset,
        )
        matches = self._engine.search(question)
        return Results(
            total=matches.total,
            hits=hits.of(self._store, matches.found, question),
            understood=hits.understood(question),
            facets=hits.facets(self._store, matches),
            unindexed=len(self._store.pending()),
        )

    def timeline(
        self, query: str, *, period: str = "", rights: Rights = _LOCAL, **filters: Unpack[Filters]
    ) -> Timeline:
        """Count all that `search` finds for the same question over time; raises what it does."""
        return self._engine.timeline(self._question(query, period, rights, **filters))

    def period(self, expression: str) -> Period:
        """What a period expression means here, the office's own names included. Raises PeriodError."""
        return self._periods.reader().parse(expression)

    def _question(self, query: str, period: str, rights: Rights, **filters: Unpack[Filters]) -> Query:
        tree = self._parse(query, filters.get("as_written", False), self._engine.field_names())
        wanted = self.period(period) if period.strip() else None
        return Query(tree=tree, period=wanted, rights=rights, **filters)

    def _parse(self, query: str, as_written: bool, names: Iterable[str]) -> Node:
        known = {*names, *(one.name for collection in self._store.collections() for one in collection.fields)}
        return parse(query, lambda text: self._segmenter.words(fold(text).text), as_written=as_written, fields=known)

    def places(self, article: Article, query: str, as_written: bool = False) -> dict[int, tuple[Span, ...]]:
        """What to highlight in an article: by block index, spans in its text, ascending, end exclusive."""
        return places(self._parse(query, as_written, dict(article.fields)), Prepared(article), written=as_written)

    # -- reading
    def article(self, article_id: str, version: int | None = None) -> Article:
        """An article as it is now or was in an earlier version. Raises NotFound."""
        return self._store.article(article_id, version)

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """All versions of an article, oldest first. Raises NotFound."""
        return self._store.versions(article_id)

    def mentions(self, article_id: str) -> tuple[Mention, ...]:
        """The dates in an article's text. Raises NotFound."""
        return self._store.mentions(article_id)

    def articles(self, collection: str = "", volume: str = "", rights: Rights = _LOCAL) -> Iterator[Article]:
        """The articles the asker may see, in the order of their collections and sources."""
        for article, _ in self.dated(collection, volume, rights):
            yield article

    def dated(
        self, collection: str = "", volume: str = "", rights: Rights = _LOCAL
    ) -> Iterator[tuple[Article, tuple[Mention, ...]]]:
        """The same as `articles`, each with the dates in its text."""
        for article, mentions in self._store.each(collection, volume):
            if article.access in rights.access and article.status in rights.statuses:
                yield article, mentions

    def listing(
        self, collection: str = "", *, limit: int | None = None, offset: int = 0, rights: Rights = _LOCAL
    ) -> list[Listed]:
        """The articles the asker may see, without their text and so quickly, in the order of `articles`."""
        return self._store.listed(collection, rights, limit, offset)

    def count(self, collection: str = "", rights: Rights = _LOCAL) -> int:
        """How many articles `listing` has in all."""
        return self._store.listed_count(collection, rights)

    def neighbours(self, article_id: str, rights: Rights = _LOCAL) -> tuple[Listed | None, Listed | None]:
        """The articles before and after one in its collection that the asker may see. Raises NotFound."""
        return self._store.neighbours(article_id, rights)

    def contradictions(self, collection: str = "", rights: Rights = _LOCAL) -> Iterator[Contradiction]:
        """Dates in print that cannot both be right, in the order of `articles`, for proofreading."""
        for article, mentions in self.dated(collection, rights=rights):
            yield from date_decisions.contradictions(article, mentions)

    def authority(self) -> Authority:
        """The people, places and bodies the office has names for (names.csv)."""
        return Authority.of(self.root)

    def digests(self) -> Mapping[str, str]:
        """The id of every article, withdrawn ones included, and the digest of its present text."""
        return self._store.digests()

    def collections(self) -> tuple[Collection, ...]:
        """All collections, by id."""
        return self._store.collections()

    def collection(self, collection_id: str) -> Collection:
        """One collection. Raises NotFound."""
        return self._store.collection(collection_id)

    def picture(self, sha256: str) -> tuple[Path, str]:
        """A picture's file and media type. Raises NotFound."""
        return self._store.picture(sha256)

    def original(self, sha256: str) -> tuple[Path, str]:
        """An original's file and the name it came with. Raises NotFound."""
        return self._store.original(sha256)

    # -- writing
    @contextmanager
    def writing(self, who: str = "本机") -> Iterator[None]:
        """Be the one writer over several calls; what they change is indexed together at the end.

        After an error the changes already stored stay on the pending list, and the next writing or opening indexes
        them. Raises LibraryBusy, naming the other writer, after waiting for it.
        """
        with self._store.writing(who, _PATIENCE):
            self._depth.value = getattr(self._depth, "value", 0) + 1
            try:
                yield
            finally:
                self._depth.value -= 1
            if self._depth.value == 0:
                indexing.index_pending(self._store, self._engine)

    def save_collection(self, collection: Collection) -> None:
        """Add a collection, or change the description of the one with this id."""
        self._store.save_collection(collection)

    def add(
        self,
        original: Path,
        name: str,
        articles: Sequence[Article],
        issues: Sequence[Issue],
        pictures: Sequence[Picture] = (),
    ) -> Accepted:
        """Take in a file with everything read out of it, whole or not at all; again is nothing new.

        The collections must have been saved. Raises NotFound, StorageError, LibraryBusy.
        """
        sha256 = file_digest(original)
        with self.writing():
            for collection in dict.fromkeys(article.collection for article in articles):
                known = self._store.known(sha256, collection)
                if known is not None:
                    return Accepted(tuple(self._store.articles(known)), already=True)
            date_service.begin(self._store, self._periods)
            dated = [(article, date_service.read(self._periods, article)) for article in articles]
            return Accepted(self._store.accept(original, name, sha256, dated, issues, pictures))

    def correct(self, article: Article, reason: str, who: str = "本机") -> Article:
        """Store `article` as the next version of the one with its id. Raises Conflict, NotFound.

        Decisions on its dates hold on wherever the text around them reads the same.
        """
        with self.writing(who):
            return date_service.revise(self._store, self._periods, article, reason, who)

    def describe(
        self,
        article_id: str,
        changes: Mapping[str, str | Sequence[str]],
        reason: str,
        who: str = "本机",
        version: int = 0,
    ) -> Article:
        """Set descriptive fields of an article (see archive/catalogue/fields.py) in a new version.

        The other fields stay as they are.

        Raises FieldError for a field that is not there or a value that does not fit, NotFound, and Conflict when
        `version` is neither 0 nor the present one.
        """
        return self.describe_many([Description(article_id, changes, version)], reason, who)[0]

    def describe_many(self, descriptions: Sequence[Description], reason: str, who: str = "本机") -> tuple[Article, ...]:
        """Describe several articles as `describe` does, all or none; the articles as they are afterwards.

        Articles that nothing changes in keep their version.
        """
        with self.writing(who):
            held = self._store.articles([one.article for one in descriptions])
            collections = {one.id: one for one in self._store.collections()}
            articles = []
            for one, article in zip(descriptions, held, strict=True):
                known = fields.definitions(collections[article.collection], [article])
                given = fields.described(article, one.changes, known, self.period)
                articles.append(replace(given, version=one.version or article.version))
            return date_service.describe(self._store, self._periods, articles, reason, who)

    def field_definitions(self, article: Article) -> tuple[Definition, ...]:
        """The fields an article may be described by: the standard ones, its collection's, and others it has."""
        return fields.definitions(self._store.collection(article.collection), [article])

    def withdraw(self, article_id: str, reason: str, who: str = "本机") -> Article:
        """Take an article out of searches and lists; it is kept and stays readable by its id. Raises NotFound."""
        with self.writing(who):
            return self._store.set_status(article_id, Status.WITHDRAWN, reason, who)

    def reindex(self, *, redate: bool = False, progress: Progress | None = None) -> int:
        """Make the index anew from the store; the number of articles. `redate` reads all dates again first."""
        with self._store.writing("重建索引", _PATIENCE):
            if redate:
                date_service.redate(self._store, self._periods, progress)
            return indexing.rebuild(self._store, self._engine)

    def _catch_up(self, patience: float) -> None:
        if indexing.settled(self._store, self._engine):
            return
        with self._store.writing("整理索引", patience):
            indexing.catch_up(self._store, self._engine)

    # -- dates
    def date_decisions(self, article_id: str) -> tuple[tuple[Decision, Place | None], ...]:
        """Editors' decisions on an article's dates, oldest first, each with the place where it holds in the present
        version; None where that text has changed. Raises NotFound.
        """
        blocks = self._store.article(article_id).blocks
        return tuple(
            (decision, date_decisions.place_of(decision, blocks)) for decision in self._store.decisions(article_id)
        )

    def reject_date(
        self, article_id: str, block: int, start: int, end: int, reason: str, who: str = "本机", version: int = 0
    ) -> tuple[Mention, ...]:
        """What stands at this place is no date; returns the article's dates as they are now.

        `start` and `end` are offsets in the block's text, end exclusive. Raises NotFound when no date is there, or no
        such place; Conflict when `version` is given and no longer the present one.
        """
        with self.writing(who):
            return date_service.decide(
                self._store, self._periods, article_id, (block, start, end), None, reason, who, version
            )

    def correct_date(
        self,
        article_id: str,
        block: int,
        start: int,
        end: int,
        expression: str,
        reason: str,
        who: str = "本机",
        version: int = 0,
    ) -> tuple[Mention, ...]:
        """This place means `expression`, whether a date was read there or not; otherwise like `reject_date`.

        Raises PeriodError for an expression that cannot be understood.
        """
        period = self.period(expression)
        with self.writing(who):
            return date_service.decide(
                self._store, self._periods, article_id, (block, start, end), period, reason, who, version
            )

    def undo_date_decision(self, article_id: str, key: int, who: str = "本机") -> tuple[Mention, ...]:
        """Take back a decision by its key: rules read that place again. Raises NotFound."""
        with self.writing(who):
            return date_service.undo(self._store, self._periods, article_id, key, who)

    def redate(self, progress: Progress | None = None) -> int:
        """Read the dates of all articles again, after rules or names changed; how many articles have others now.

        Decisions hold on. When it is interrupted, what has been done so far stands and gets indexed; run it again.
        """
        with self.writing("重新提取日期"):
            return date_service.redate(self._store, self._periods, progress)

    def period_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the office's own periods, and whether they changed since dates were last read."""
        return date_service.problems(self._store, self._periods)

    @cached_property
    def books(self) -> Books:
        """What compilers have chosen, and the books that become of it."""
        from archive.books.service import Books  # here, because a search should not wait for what only an export needs

        return Books(self._store)

    # -- safekeeping
    def check(self) -> tuple[Problem, ...]:
        """Compare everything with its checksums and the index with the store; empty when all is well."""
        told = self.authority().problems
        names = (Problem("names-broken", each.message, str(self.root / each.place), each.hint) for each in told)
        return (*self._store.check(), *indexing.problems(self._store, self._engine), *self.period_problems(), *names)

    def backup(self, file: Path) -> tuple[Problem, ...]:
        """Write everything but the index into one zip file; the problems met, files already damaged. StorageError."""
        return self._store.backup(file)
