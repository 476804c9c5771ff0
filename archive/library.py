"""The only door for command line and web: store first, then index."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from archive import dates
from archive.errors import LibraryBusy
from archive.index.engine import Engine, Found, Matches
from archive.index.whoosh import WhooshEngine
from archive.matching import Prepared, Span, places
from archive.query import FacetCount, Hit, Node, Passage, PeriodIn, Query, Results, Rights, Sort
from archive.query_parser import describe, parse
from archive.records import Article, Collection, Issue, Mention, Picture, Status
from archive.store import Store
from archive.store.values import Problem, Version
from archive.text.excerpt import excerpt
from archive.text.fold import fold
from archive.text.segment import make_segmenter, user_words

log = logging.getLogger(__name__)

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
        self._segmenter = make_segmenter(user_words(self.root / "words.txt"), cache=self.root / "index" / "jieba")
        self._engine: Engine = WhooshEngine(self.root / "index", self._segmenter)
        self._depth = threading.local()

    @classmethod
    def create(cls, root: Path | str) -> Library:
        """Make an empty library. Raises LibraryExists, StorageError."""
        library = cls(Store.create(Path(root)))
        library._catch_up(_PATIENCE)
        return library

    @classmethod
    def open(cls, root: Path | str) -> Library:
        """Open a library and put right what a crash left behind. Raises LibraryNotFound; never creates anything.

        If another process is writing, that is left to it.
        """
        library = cls(Store.open(Path(root)))
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

        A date meets the `period` when it overlaps it, or lies `within` it altogether; `vague` wording (建国后) counts
        only on request.

        Raises QueryError and PeriodError for what cannot be understood, EngineError when the index cannot answer.
        """
        tree = self._parse(query, as_written)
        question = Query(
            tree=tree,
            rights=rights,
            as_written=as_written,
            period=dates.parse_period(period) if period.strip() else None,
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
            hits=self._hits(matches.found, question),
            understood=_understood(question),
            facets=self._labelled(matches),
            unindexed=len(self._store.pending()),
        )

    def _parse(self, query: str, as_written: bool) -> Node:
        return parse(query, lambda text: self._segmenter.words(fold(text).text), as_written=as_written)

    def _hits(self, found: Sequence[Found], query: Query) -> tuple[Hit, ...]:
        ids = [one.article for one in found]
        if query.period is None:
            return tuple(
                _hit(article, (), one, query) for article, one in zip(self._store.articles(ids), found, strict=True)
            )
        dated = zip(self._store.dated(ids), found, strict=True)
        return tuple(_hit(article, mentions, one, query) for (article, mentions), one in dated)

    def _labelled(self, matches: Matches) -> Mapping[str, tuple[FacetCount, ...]]:
        titles = {collection.id: collection.title for collection in self._store.collections()}
        return {
            name: tuple(FacetCount(value, _label(name, value, titles), count) for value, count in counts)
            for name, counts in matches.facets.items()
        }

    def places(self, article: Article, query: str, as_written: bool = False) -> dict[int, tuple[Span, ...]]:
        """What to highlight in an article: by block index, spans in its text, ascending, end exclusive."""
        return places(self._parse(query, as_written), Prepared(article), written=as_written)

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
        for article, _ in self._store.each(collection, volume):
            if article.access in rights.access and article.status in rights.statuses:
                yield article

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
                self._index_pending()

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
            dated = [(article, dates.mentions(article.blocks)) for article in articles]
            return Accepted(self._store.accept(original, name, sha256, dated, issues, pictures))

    def correct(self, article: Article, reason: str, who: str = "本机") -> Article:
        """Store `article` as the next version of the one with its id. Raises Conflict, NotFound."""
        with self.writing(who):
            return self._store.revise(article, dates.mentions(article.blocks), reason, who)

    def withdraw(self, article_id: str, reason: str, who: str = "本机") -> Article:
        """Take an article out of searches and lists; it is kept and stays readable by its id. Raises NotFound."""
        with self.writing(who):
            return self._store.set_status(article_id, Status.WITHDRAWN, reason, who)

    def reindex(self) -> int:
        """Make the index anew from the store; the number of articles."""
        with self._store.writing("重建索引", _PATIENCE):
            return self._rebuild()

    def _catch_up(self, patience: float) -> None:
        """Index what is pending; rebuild an index that is missing, half-made or from another version."""
        if self._engine.sound() and not self._store.pending():
            return
        with self._store.writing("整理索引", patience):
            if self._engine.sound():
                self._index_pending()
            else:
                log.info("rebuilding the index")
                self._rebuild()

    def _index_pending(self) -> None:
        pending = self._store.pending()
        if not pending:
            return
        if len(pending) == self._store.count():
            self._rebuild()  # the first import: nothing to replace, and the result is compact
            return
        with self._engine.batch() as batch:
            for article, mentions in self._store.dated(pending):
                batch.put(article, mentions)
        self._store.indexed(pending)

    def _rebuild(self) -> int:
        pending = self._store.pending()
        count = self._engine.rebuild(self._store.each())
        self._store.indexed(pending)
        return count

    # -- selections
    def selection(self, name: str) -> tuple[str, ...]:
        """The article ids of a named selection, in order; empty if there is none."""
        return self._store.selection(name)

    def save_selection(self, name: str, article_ids: Sequence[str]) -> None:
        """Make a selection consist of these articles in this order. Raises NotFound."""
        self._store.save_selection(name, article_ids)

    def selections(self) -> tuple[str, ...]:
        """The names of all selections."""
        return self._store.selections()

    # -- safekeeping
    def check(self) -> tuple[Problem, ...]:
        """Compare everything with its checksums and the index with the store; empty when all is well."""
        return (*self._store.check(), *self._check_index())

    def _check_index(self) -> Iterator[Problem]:
        again = "运行 wenshi reindex 重建索引；文章和原件不受影响"
        if not self._engine.sound():
            yield Problem("index-unsound", "索引不完整，或由另一个版本建成", str(self.root / "index"), again)
            return
        pending = set(self._store.pending())
        for article_id in self._engine.differences(article for article, _ in self._store.each()):
            if article_id not in pending:
                yield Problem("index-differs", "索引与文章不一致", f"文章 {article_id}", again)

    def backup(self, file: Path) -> tuple[Problem, ...]:
        """Write everything but the index into one zip file; the problems met, files already damaged. StorageError."""
        return self._store.backup(file)


def file_digest(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _hit(article: Article, mentions: Sequence[Mention], found: Found, query: Query) -> Hit:
    spans = places(query.tree, Prepared(article), written=query.as_written)
    met = tuple(mention for mention in mentions if _counts(mention, query))
    own_date = query.period is not None and article.date is not None and query.period_in is not PeriodIn.TEXT
    return Hit(
        article=article.id,
        title=article.title,
        collection=article.collection,
        section=article.section,
        authors=tuple(dict.fromkeys(person.name for person in article.people)),
        date=article.date,
        score=found.score,
        occurrences=sum(map(len, spans.values())),
        passages=tuple(_passages(article, spans, met) or _opening(article)),
        met=met,
        own_date=own_date and article.date is not None and query.meets(article.date),
    )


def _counts(mention: Mention, query: Query) -> bool:
    """Whether a date in the text is a reason for the article to be found."""
    return query.period_in is not PeriodIn.DATE and query.meets(mention.period) and (query.vague or not mention.vague)


def _passages(article: Article, spans: Mapping[int, tuple[Span, ...]], met: Sequence[Mention]) -> list[Passage]:
    """The blocks with a place or a date of the period, those with both first, otherwise in reading order."""
    dated: dict[int, set[Span]] = {}
    for mention in met:
        dated.setdefault(mention.block, set()).add((mention.start, mention.end))
    blocks = sorted(
        spans.keys() | dated.keys(), key=lambda block: (bool(met) and not (block in spans and block in dated), block)
    )
    return [_passage(article, block, spans.get(block, ()), tuple(sorted(dated.get(block, ())))) for block in blocks]


def _passage(article: Article, block: int, marked: tuple[Span, ...], dated: tuple[Span, ...]) -> Passage:
    text = article.blocks[block].text
    return Passage(block, text, marked, excerpt(text, marked or dated), dated)


def _opening(article: Article) -> Iterator[Passage]:
    """What to show of an article that was found by its fields or filters alone."""
    for index, text in article.units():
        if index and len(text) > 1:
            yield _passage(article, index, (), ())
            return


def _label(facet: str, value: str, titles: Mapping[str, str]) -> str:
    if facet == "collection":
        return titles.get(value, value)
    if facet == "decade":
        return f"{value}年代" if int(value) >= 0 else f"前{-int(value)}年代"
    return value


def _understood(query: Query) -> str:
    words = describe(query.tree)
    if query.period is None:
        return words
    where = {PeriodIn.DATE: "成文于", PeriodIn.TEXT: "文中写到", PeriodIn.ANY: "成文于或写到"}[query.period_in]
    how = "，完全落入" if query.within else ""
    vague = "，包括笼统时期" if query.vague else ""
    return f"{words}；{where}{dates.describe(query.period)}{how}{vague}"
