"""What somebody may do with a library: every reading and writing of texts goes through a session of an actor.

Rights are asked here and in the engine, nowhere else. An article that the actor may not see is answered as one that
does not exist: with the same NotFound, and no count or list tells that it is there.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive.catalogue import date_service, fields, secrecy
from archive.catalogue.date_service import Dated, Progress
from archive.catalogue.fields import Definition, Description
from archive.model import date_decisions
from archive.model.access import Action
from archive.model.date_decisions import Contradiction, Decision
from archive.model.edits import Edit
from archive.model.errors import Conflict
from archive.model.holdings import Accepted, AuditEntry, Import, InTime, Listed, Problem, Stamp, Version
from archive.model.issues import OF_OTHER_TEXTS
from archive.model.records import Article, Collection, Issue, Mention, Period, Picture, Status
from archive.model.search import Results, Search, Suggestion, Timeline
from archive.search import indexing
from archive.search.answering import Answering
from archive.search.conditions import conditions
from archive.search.parser import may_name_fields, parse
from archive.search.query import Node, Query
from archive.search.result_list import ResultList
from archive.services import Services
from archive.store.article_rows import no_article
from archive.store.attached_rows import Attached
from archive.store.collections import no_collection
from archive.support.files import sha256_of
from archive.text.anchors import Place
from archive.text.spans import Span

if TYPE_CHECKING:
    from archive.dates.reader import DateReader

file_digest = sha256_of
INDEXED_AT_ONCE = indexing.PART
_PATIENCE, _PAUSE = 900.0, 0.05  # seconds: for the lock at most, and in which whoever waits for it gets it


class Session(Services):
    """A library as one actor meets it. Cheap to make, may be shared between threads. Made by `Library.session`."""

    # -- rights

    def may(self, action: Action, article: Article | Listed | None = None) -> bool:
        """Whether the actor may do this with an article; without one, whether it may be done with any."""
        return self.actor.rights.allow(action, article)

    def may_in(self, action: Action, collection: str) -> bool:
        """Whether the actor may do this with a collection as a whole."""
        return self.actor.rights.allow_in(action, collection)

    def sees(self, article: Article | Listed) -> bool:
        """Whether the actor may see an article."""
        return self.actor.rights.cover(article)

    def _require_visible(self, article_id: str) -> None:
        """Raise the NotFound of `article`, without reading a text that may be long."""
        if not self._store.covers(article_id, self.actor.rights):
            raise no_article(article_id)

    # -- finding

    def search(self, search: Search, *, limit: int = 20, offset: int = 0, all_places: bool = False) -> Results:
        """Answer a search: `limit` hits from `offset` on, and exact counts; `all_places` even where that takes long.

        Raises QueryError and PeriodError for what cannot be understood, EngineError when the index cannot answer.
        """
        return self._answering.results(self._query(search), limit, offset, all_places=all_places)

    def result_list(self, search: Search) -> ResultList:
        """All hits of a search with what a list of them says; raises what `search` does."""
        return self._answering.listed(self._query(search))

    def suggest(self, typed: str, search: Search, *, most: int = 8) -> tuple[Suggestion, ...]:
        """What to type on with, by character, pinyin or initials, among what the search's filters let through."""
        return self._answering.suggestions(typed, self._query(search.but(text="", period="")), most)

    @property
    def _answering(self) -> Answering:
        rights = self.actor.rights.in_use
        return Answering(self._store, self._engine, self._segmenter, self.authority(), rights)

    @property
    def openings(self) -> secrecy.Openings:
        """What is kept back until a day, and the decisions about it."""
        return secrecy.Openings(self._store, self.actor, self.period, self.describe)

    def timeline(self, search: Search) -> Timeline:
        """Count all that `search` finds over time; raises what `search` does."""
        return self._engine.timeline(self._query(search), self.actor.rights.in_use)

    def period(self, expression: str) -> Period:
        """What a period expression means here, the office's own names included. Raises PeriodError."""
        return self._periods.reader().understand(expression)

    def date_reader(self) -> DateReader:
        """What reads dates under the office's own periods."""
        return self._periods.reader()

    def own_periods(self) -> str:
        """The text of the office's own periods, for the processes that read manuscripts; empty where there are none."""
        return self._periods.text()

    def places(self, article: Article, search: Search) -> dict[int, tuple[Span, ...]]:
        """Where a search's words stand in an article: spans by block, ascending, end exclusive. Raises QueryError."""
        return self._answering.places(article, self._parse(search, dict(article.fields)), written=search.as_written)

    def _query(self, search: Search) -> Query:
        period = self.period(search.period) if search.period else None
        names = self._engine.field_names(self.actor.rights) if may_name_fields(search.text) else ()
        tree = self._parse(search, names)
        besides = tuple(conditions(search, self.authority(), self.scopes.condition, self._store.names.settled))
        return Query(tree=tree, search=search, period=period, conditions=besides)

    def _parse(self, search: Search, names: Iterable[str]) -> Node:
        known = (one.name for each in self.collections() for one in each.fields) if may_name_fields(search.text) else ()
        return parse(search.text, as_written=search.as_written, fields={*names, *known})

    # -- reading

    def article(self, article_id: str, version: int | None = None) -> Article:
        """An article as it is now or was in an earlier version, withdrawn ones included. Raises NotFound."""
        return self._store.seen(article_id, self.actor.rights, version)

    def several(self, ids: Sequence[str]) -> dict[str, Article]:
        """The articles of these ids as they are now, by id; those that are not there or not to be seen are left out."""
        return self._store.those_seen(ids, self.actor.rights)

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """All versions of an article, oldest first. Raises NotFound."""
        self._require_visible(article_id)
        return self._store.versions(article_id)

    def mentions(self, article_id: str) -> tuple[Mention, ...]:
        """The dates in an article's text. Raises NotFound."""
        self._require_visible(article_id)
        return self._store.mentions(article_id)

    def articles(self, collection: str = "", volume: str = "") -> Iterator[Article]:
        """The articles in use that the actor may see, in the order of their collections and sources."""
        for article, _ in self.dated(collection, volume):
            yield article

    def dated(self, collection: str = "", volume: str = "") -> Iterator[tuple[Article, tuple[Mention, ...]]]:
        """The same as `articles`, each with the dates in its text."""
        rights = self.actor.rights.in_use
        for article, mentions in self._store.each(collection, volume):
            if rights.cover(article):
                yield article, mentions

    def listing(self, collection: str = "", *, limit: int | None = None, offset: int = 0) -> list[Listed]:
        """The articles of `articles` without their text and so quickly."""
        return self._store.listed(collection, self.actor.rights.in_use, limit, offset)

    def count(self, collection: str = "", *, matter: bool = True) -> int:
        """How many articles `listing` has in all; without `matter` those that are no front and back matter."""
        return self._store.listed_count(collection, self.actor.rights.in_use, matter=matter)

    def in_time(self, collection: str) -> tuple[InTime, ...]:
        """All articles of `listing` in a collection with their sections and dates alone, and so very quickly."""
        return self._store.in_time(collection, self.actor.rights.in_use)

    def on_this_day(self, month: int, day: int) -> list[tuple[str, int]]:
        """The articles of `listing` dated to this day of any year: id and year, the oldest first."""
        return self._store.anniversaries.on(month, day, self.actor.rights.in_use)

    def neighbours(self, article_id: str) -> tuple[Listed | None, Listed | None]:
        """The articles before and after one in its collection, of those in `listing`. Raises NotFound."""
        self._require_visible(article_id)
        return self._store.neighbours(article_id, self.actor.rights.in_use)

    def position(self, article_id: str) -> tuple[int, int]:
        """Which one of `listing` an article is in its collection, from 1, and of how many. Raises NotFound."""
        self._require_visible(article_id)
        return self._store.position(article_id, self.actor.rights.in_use)

    def contradictions(self, collection: str = "") -> Iterator[Contradiction]:
        """Dates in print that cannot both be right, in the order of `articles`, for proofreading."""
        for article, mentions in self.dated(collection):
            yield from date_decisions.contradictions(article, mentions)

    def digests(self) -> Mapping[str, str]:
        """The id of every article the actor may see, withdrawn ones included, and the digest of its present text."""
        return self._store.digests(self.actor.rights)

    def stamps(self) -> tuple[Stamp, ...]:
        """When each article in use last changed for who may see it, earliest first, and those taken back since."""
        return self._store.changes.stamps(self.actor.rights.in_use)

    def collections(self) -> tuple[Collection, ...]:
        """The collections in use with an article to see, in their order; all of them for who arranges."""
        seen = {one.id for one in self._store.collections(self.actor.rights)}
        arranges = self.actor.rights.allow_in
        found = (one for one in self._store.collections(None) if not one.removed)
        return tuple(one for one in found if one.id in seen or arranges(Action.ARRANGE, one.id))

    def collection(self, collection_id: str) -> Collection:
        """One of `collections`. Raises NotFound."""
        found = next((one for one in self.collections() if one.id == collection_id), None)
        if found is None:
            raise no_collection(collection_id)
        return found

    def picture(self, sha256: str) -> tuple[Path, str]:
        """The file and media type of a picture that stands in an article or a book to see. Raises NotFound."""
        return self._store.picture(sha256, self.actor.rights, books=self.may(Action.COMPILE))

    def original(self, sha256: str) -> tuple[Path, str]:
        """An original's file and the name it came with, if every article out of it may be seen. Raises NotFound."""
        return self._store.original(sha256, self.actor.rights)

    def field_definitions(self, article: Article) -> tuple[Definition, ...]:
        """The fields an article may be described by: the standard ones, its collection's, and others it has."""
        if not self.sees(article):
            raise no_article(article.id)
        return fields.definitions(self.collection(article.collection), [article])

    # -- writing

    def writing(self, action: str) -> AbstractContextManager[None]:
        """Be the one writer over several calls; what they change is indexed together at the end.

        `action` tells others in plain words what is being done. After an error the changes already stored stay on the
        pending list, and the next writing or opening indexes them. Raises LibraryBusy, naming the other writer, after
        waiting for it.
        """
        return indexing.writing(self._store, self._engine, self.actor.name, action)

    def save_collection(self, collection: Collection) -> None:
        """Add a collection, or change the description of the one with this id."""
        self.actor.require_in(Action.ARRANGE, collection.id)
        with self.writing("修改文集"):
            before = next((one for one in self._store.collections(None) if one.id == collection.id), None)
            if before is not None and before.removed:
                hint = "到“管理”的“整理记录”里撤销移除，或换一个名称"
                raise Conflict(f"文集“{collection.title}”已经移除，不能再往里收", hint=hint)
            self._store.save_collection(collection.unless_decided(before), self.actor.name)

    def add(
        self,
        original: Path,
        name: str,
        articles: Sequence[Article],
        issues: Sequence[Issue],
        pictures: Sequence[Picture] = (),
        *,
        later: bool = False,
        brought: Sequence[Attached] = (),
    ) -> Accepted:
        """Take in a file with everything read out of it, whole or not at all; again is nothing new.

        The collections must have been saved. `later` leaves the index to `index_waiting`: so many files are taken in
        by many short writes, between which others write; `brought` comes along from another library. Raises NotFound,
        StorageError, LibraryBusy.
        """
        for article in articles:
            self.actor.require_in(Action.IMPORT, article.collection)
        self.actor.require(Action.IMPORT)
        sha256 = file_digest(original)
        if (known := self._known(sha256, articles)) is not None:
            return known
        read_with, dated = self._dated(articles, brought)  # which takes long; nobody has to wait for it
        with self._patient("收入稿件") if later else self.writing("收入稿件"):
            if (known := self._known(sha256, articles)) is not None:
                return known
            date_service.begin(self._store, self._periods)
            dated = dated if self._periods.signature() == read_with else self._dated(articles, brought)[1]
            of_file = original, name, sha256, dated, issues, pictures, self.actor.name
            return Accepted(self._store.accept(*of_file, brought))

    def _known(self, sha256: str, articles: Sequence[Article]) -> Accepted | None:
        for collection in dict.fromkeys(article.collection for article in articles):
            if (held := self._store.known(sha256, collection)) is not None:
                return Accepted(tuple(filter(self.sees, self._store.articles(held))), already=True)
        return None

    def _dated(self, articles: Sequence[Article], brought: Sequence[Attached]) -> tuple[str, list[Dated]]:
        """Drafts as they are stored, with their dates, and the signature of the periods these were read with."""
        for article in articles:
            secrecy.require_unclassified(article)
        marked = [fields.as_secret_as_marked(self._received(article)) for article in articles]
        decided = [one.decided for one in brought]
        return self._periods.signature(), date_service.read_each(self._periods, marked, decided)

    def index_waiting(self) -> None:
        """Index in small parts what `add` left for later; others may write between two of them. Raises LibraryBusy."""
        self.actor.require(Action.IMPORT)
        more = True
        while more:
            with self._patient("编入索引"):
                more = indexing.index_some(self._store, self._engine)
            time.sleep(_PAUSE)

    def _patient(self, action: str) -> AbstractContextManager[bool]:
        """One of the short writes of long work, which waits for others longer than a person would."""
        return self._store.writing(self.actor.name, action, _PATIENCE)

    def _received(self, article: Article) -> Article:
        """A draft as it may come in: readers see at once only what comes from who may release."""
        released = article.status is Status.RELEASED
        if not released or self.actor.rights.allow_in(Action.FINAL_REVIEW, article.collection):
            return article
        return replace(article, status=Status.RECEIVED)

    def imports(self) -> tuple[Import, ...]:
        """What was taken in, oldest first, with what was lost; for who may take in, and see every article of it.

        Who may not see all of the library is not told what else the texts are like.
        """
        if not self.may(Action.IMPORT):
            return ()
        rights, found = self.actor.rights, self._store.imports()
        if rights.unlimited:
            return found
        hidden = self._store.hidden_imports(rights)
        return tuple(
            replace(one, issues=tuple(each for each in one.issues if each.code not in OF_OTHER_TEXTS))
            for one in found
            if one.key not in hidden
        )

    def correct(self, article_id: str, edits: Sequence[Edit], reason: str, version: int = 0) -> Article:
        """Make edits in a new version of an article: see `Corrections.correct`, and there for everything about it."""
        return self.corrections.correct(article_id, edits, reason, version)

    def describe(
        self, article_id: str, changes: Mapping[str, str | Sequence[str]], reason: str, version: int = 0
    ) -> Article:
        """Set descriptive fields of an article (see archive/catalogue/fields.py) in a new version.

        The other fields stay as they are. Raises FieldError for a field that is not there or a value that does not
        fit, NotFound, and Conflict when `version` is neither 0 nor the present one.
        """
        return self.describe_many([Description(article_id, changes, version)], reason)[0]

    def describe_many(self, descriptions: Sequence[Description], reason: str) -> tuple[Article, ...]:
        """Describe several articles as `describe` does, all or none; the articles as they are afterwards.

        Articles that nothing changes in keep their version.
        """
        self.actor.require(Action.DESCRIBE)
        with self.writing("著录"):
            held = [self.article(one.article) for one in descriptions]
            collections = {one.id: one for one in self._store.collections(None)}
            articles = []
            for one, article in zip(descriptions, held, strict=True):
                self.actor.require(Action.DESCRIBE, article)
                known = fields.definitions(collections[article.collection], [article])
                given = fields.described(article, one.changes, known, self.period)
                if given.status is Status.RELEASED is not article.status:
                    self.actor.require(Action.FINAL_REVIEW, article)  # as a step that lets readers see it
                articles.append(replace(given, version=one.version or article.version))
            return date_service.describe(self._store, self._periods, articles, reason, self.actor.name)

    def withdraw(self, article_id: str, reason: str) -> Article:
        """Take an article out of searches and lists; it is kept and stays readable by its id. Raises NotFound."""
        self.actor.require(Action.WITHDRAW)
        with self.writing("撤下文章"):
            self.actor.require(Action.WITHDRAW, self.article(article_id))
            return self._store.set_status(article_id, Status.WITHDRAWN, reason, self.actor.name)

    # -- dates

    def date_decisions(self, article_id: str) -> tuple[tuple[Decision, Place | None], ...]:
        """Editors' decisions on dates, oldest first, each with its place in the present version, if any. NotFound."""
        self._require_visible(article_id)
        decisions = self._store.decisions(article_id)
        blocks = self.article(article_id).blocks if decisions else ()
        return tuple((decision, date_decisions.place_of(decision, blocks)) for decision in decisions)

    def reject_date(self, article_id: str, place: Place, reason: str, version: int = 0) -> tuple[Mention, ...]:
        """What stands at this place is no date; returns the article's dates as they are now.

        `place` is (block, start, end), offsets in the block's text, end exclusive. Raises NotFound when no date is
        there, or no such place; Conflict when `version` is given and no longer the present one.
        """
        return self._decide(article_id, place, None, reason, version)

    def correct_date(
        self, article_id: str, place: Place, expression: str, reason: str, version: int = 0
    ) -> tuple[Mention, ...]:
        """This place means `expression`, whether a date was read there or not; otherwise like `reject_date`.

        Raises PeriodError for an expression that cannot be understood.
        """
        return self._decide(article_id, place, self.period(expression), reason, version)

    def _decide(
        self, article_id: str, place: Place, period: Period | None, reason: str, version: int
    ) -> tuple[Mention, ...]:
        self.actor.require(Action.CORRECT)
        with self.writing("订正日期"):
            self.actor.require(Action.CORRECT, self.article(article_id))
            return date_service.decide(
                self._store, self._periods, article_id, place, period, reason, self.actor.name, version
            )

    def undo_date_decision(self, article_id: str, key: int) -> tuple[Mention, ...]:
        """Take back a decision by its key: rules read that place again. Raises NotFound."""
        self.actor.require(Action.CORRECT)
        with self.writing("撤回日期的订正"):
            self.actor.require(Action.CORRECT, self.article(article_id))
            return date_service.undo(self._store, self._periods, article_id, key, self.actor.name)

    def redate(self, progress: Progress | None = None) -> int:
        """Read the dates of all articles again, after rules or names changed; how many articles have others now.

        Decisions hold on. When it is interrupted, what has been done so far stands and gets indexed; run it again.
        """
        self.actor.require(Action.MAINTAIN)
        with self.writing("重新提取日期"):
            return date_service.redate(self._store, self._periods, progress, self.actor.name)

    def period_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the office's own periods, and whether dates were last read by other rules or periods."""
        return date_service.problems(self._store, self._periods) if self.may(Action.MAINTAIN) else ()

    # -- safekeeping

    def reindex(self, *, redate: bool = False, progress: Progress | None = None) -> int:
        """Make the index anew from the store; the number of articles. `redate` reads all dates again first."""
        self.actor.require(Action.MAINTAIN)
        with self._store.writing(self.actor.name, "重建索引"):
            if redate:
                date_service.redate(self._store, self._periods, progress, self.actor.name)
            return indexing.rebuild(self._store, self._engine)

    def check(self) -> tuple[Problem, ...]:
        """Compare all with its checksums and the index with the store; a broken index is rebuilt. Empty when well."""
        self.actor.require(Action.MAINTAIN)
        found, told = self._store.check(self.actor.name), self.names.left_over()
        names = (Problem("names-broken", each.message, str(self.root / each.place), each.hint) for each in told)
        index = indexing.check(self._store, self._engine, self.actor.name)
        return (*found, *index, *self.period_problems(), *names)

    def audit(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Who did what when: the latest `limit` entries, newest first; for who maintains the library."""
        return self._store.audit(limit) if self.may(Action.MAINTAIN) else ()
