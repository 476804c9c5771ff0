"""What one actor may see of registers and procedures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from archive.books.service import Books
from archive.dates.office_periods import OfficePeriods
from archive.model.access import Action, Actor
from archive.model.errors import NotFound
from archive.model.procedures import Procedure, SignedStep, Subject, Transition, WorkRecord
from archive.model.project import content_digest
from archive.model.records import Article, Status
from archive.search.index.engine import Engine
from archive.store import Store
from archive.workflow import stepping
from archive.workflow.procedure_table import ProcedureTable, no_procedure

_SIGNS = (Action.REGISTER, Action.FIRST_REVIEW, Action.SECOND_REVIEW, Action.FINAL_REVIEW)


@dataclass(frozen=True, slots=True)
class Way:
    """A step that may be taken now: the posts the actor may take it as, and those that have signed it already."""

    step: Transition
    posts: tuple[str, ...]
    signed: tuple[str, ...] = ()


class RecordReader:
    """The reading half of `Workflow`: procedures, records, their steps, and the steps that may come next."""

    def __init__(
        self, store: Store, engine: Engine, periods: OfficePeriods, actor: Actor, books: Callable[[], Books]
    ) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._periods = periods
        self._actor = actor
        self._books = books
        self.table = ProcedureTable(store.root)

    # -- procedures

    def procedures(self) -> tuple[Procedure, ...]:
        """The procedures, for who works with any of them."""
        return self.table.all() if self._of_the_office else ()

    def procedure(self, name: str) -> Procedure:
        """A procedure by its name or that of its register. Raises NotFound."""
        known = self.procedures()
        found = next((one for one in known if name in (one.name, one.register)), None)
        if found is None:
            raise no_procedure(name, known)
        return found

    @property
    def _of_the_office(self) -> bool:
        return any(self._may(one) for one in _SIGNS)

    def _may(self, action: Action) -> bool:
        return self._actor.rights.allow(action)

    # -- records

    def records(self, name: str) -> tuple[WorkRecord, ...]:
        """The records of a procedure, in the order of coming in; those of articles the actor may not see left out.

        Raises NotFound.
        """
        procedure = self.procedure(name)
        found = self._store.records.listed(procedure.name) if self._may(Action.REGISTER) else ()
        return self._visible(procedure, found)

    def _visible(self, procedure: Procedure, found: tuple[WorkRecord, ...]) -> tuple[WorkRecord, ...]:
        if procedure.subject is Subject.ARTICLE:
            ids = [one.subject for one in found if one.subject]
            seen = self._store.records.statuses(ids, self._actor.rights)
            found = tuple(one for one in found if not one.subject or one.subject in seen)
            return tuple(in_step(procedure, one, seen.get(one.subject)) for one in found)
        return tuple(self._standing(procedure, one) for one in found if not self._hidden(procedure, one))

    def _hidden(self, procedure: Procedure, record: WorkRecord) -> bool:
        """Whether the actor may not know of a record: of its article, of a text in its book, of the register."""
        if procedure.subject is Subject.REGISTER:
            return not self._may(Action.REGISTER)
        if not record.subject:
            return False
        texts = [record.subject]
        if procedure.subject is Subject.BOOK:
            book = self._store.projects.find(record.subject)
            texts = [one.article for one in book.items] if book else []
        return self._store.hides(texts, self._actor.rights)

    def record(self, name: str, which: str) -> WorkRecord:
        """A record by its number, else the one that stands for an article (by id) or a book (by name). Raises NotFound.

        An article or book that no step was taken with yet has a record of no steps.
        """
        procedure = self.procedure(name)
        known = self._store.records.listed(procedure.name)
        found = next((one for one in known if which and one.number == which), None)
        found = found or next((one for one in known if which and one.subject == which), None)
        if found is not None and not self._hidden(procedure, found):
            return self._seen(procedure, found)
        if procedure.subject is Subject.ARTICLE:
            return self._unbegun(procedure, self._article(which))
        if procedure.subject is Subject.BOOK:
            title = self._books().project(which).title or which
            return WorkRecord(
                procedure=procedure.name, subject=which, state=procedure.begins[0], values={"书名": title}
            )
        raise NotFound(f"{procedure.title}里没有“{which[:40]}”", hint="核对编号，或列出全部再找")

    def of_article(self, article_id: str) -> tuple[Procedure, WorkRecord] | None:
        """The record an article has in some procedure, or would have in the first; None for who is not of the office.

        Raises NotFound.
        """
        return self._of_article(self._article(article_id))

    def state_of(self, article: Article) -> tuple[Procedure, str] | None:
        """Where an article that was read stands, as `of_article`; None for who is not of the office."""
        found = self._of_article(article)
        return None if found is None else (found[0], found[1].state)

    def _of_article(self, article: Article) -> tuple[Procedure, WorkRecord] | None:
        kinds = {one.name: one for one in self.procedures() if one.subject is Subject.ARTICLE}
        for held in self._store.records.of_subject(article.id, list(kinds)) if kinds else ():
            return kinds[held.procedure], in_step(kinds[held.procedure], held, article.status)
        first = next(iter(kinds.values()), None)
        return None if first is None else (first, self._unbegun(first, article))

    def steps(self, record: WorkRecord) -> tuple[SignedStep, ...]:
        """The steps of a record, oldest first. Raises NotFound where the actor may not see it."""
        if not record.key:
            return ()
        self._seen(self.procedure(record.procedure), self._store.records.record(record.key))
        return self._store.records.steps(record.key)

    def ways(self, record: WorkRecord) -> tuple[Way, ...]:
        """The steps that may be taken from where a record stands, those of others with no posts."""
        procedure = self.procedure(record.procedure)
        digest = self._bound(procedure, record)[1]
        taken = self.steps(record)
        found = []
        for step in procedure.ways(record.state):
            signed = stepping.signatures(step, taken, digest) if step.signed_by else ()
            posts = tuple(one for one in step.posts if self._holds(procedure, one, record) and one not in signed)
            found.append(Way(step, posts, signed))
        return tuple(found)

    def _holds(self, procedure: Procedure, post: str, record: WorkRecord) -> bool:
        held = procedure.post(post)
        article = procedure.subject is Subject.ARTICLE and record.subject
        about = self._article(record.subject) if article else None
        return held is not None and self._actor.rights.allow(held.right, about)

    def _article(self, article_id: str) -> Article:
        return self._store.seen(article_id, self._actor.rights)

    def _unbegun(self, procedure: Procedure, article: Article) -> WorkRecord:
        given = {"题名": article.title, "作者": "、".join(dict.fromkeys(one.name for one in article.people))}
        known = {one.name for one in procedure.fields}
        return WorkRecord(
            procedure=procedure.name,
            subject=article.id,
            state=procedure.state_of(article.status),
            values={name: value for name, value in given.items() if value and name in known},
        )

    def _seen(self, procedure: Procedure, record: WorkRecord) -> WorkRecord:
        """A record as it stands now. Raises NotFound where the actor may not see its article."""
        if procedure.subject is Subject.ARTICLE and record.subject:
            return in_step(procedure, record, self._article(record.subject).status)
        return self._standing(procedure, record)

    def _standing(self, procedure: Procedure, record: WorkRecord) -> WorkRecord:
        """A record of a book in the state it falls to where the book was changed since it was signed."""
        state = procedure.state(record.state)
        if state is None or not state.falls_to or not record.subject:
            return record
        moved = [one for one in self._store.records.steps(record.key) if one.moves]
        signed = moved[-1].digest if moved else ""
        return record if signed == self._bound(procedure, record)[1] else replace(record, state=state.falls_to)

    def _bound(self, procedure: Procedure, record: WorkRecord) -> tuple[int, str]:
        """The version and digest of what a record stands for; 0 and "" for nothing."""
        if not record.subject:
            return 0, ""
        if procedure.subject is Subject.ARTICLE:
            article = self._article(record.subject)
            return article.version, article.digest
        if procedure.subject is Subject.BOOK:
            try:
                project = self._store.projects.get(record.subject)
            except NotFound:  # deleted: what was signed is not there any more
                return 0, "-"
            return project.revision, content_digest(project)
        return 0, ""


def in_step(procedure: Procedure, record: WorkRecord, status: Status | None) -> WorkRecord:
    """The record in the state that its article's status allows."""
    state = procedure.state(record.state)
    if status is None or (state is not None and state.status is status):
        return record
    return replace(record, state=procedure.state_of(status))
