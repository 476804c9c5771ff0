"""Registers and procedures as one actor works with them: `session.workflow`.

A record may stand for an article. Then the status of the article is what rights go by, and it changes with the steps;
where it was changed otherwise, the record stands in the state for that status, and the next step says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date

from archive.model.access import Action, Actor
from archive.model.accounts import Account
from archive.model.errors import FieldError, NotAllowed, UsageError
from archive.model.procedures import (
    STATE_FIELD,
    Procedure,
    ProcedureField,
    RowChange,
    SignedStep,
    Subject,
    Transition,
    Values,
    WorkRecord,
)
from archive.model.records import Period
from archive.search import indexing
from archive.store import PROGRAM
from archive.workflow import stepping
from archive.workflow.record_reader import RecordReader
from archive.workflow.row_changes import row_changes
from archive.workflow.stepping import AskedStep

_ELSEWHERE = "稿件状态在别处改过"
_FALLEN = "签字以后书稿改过，签字作废"


class Workflow(RecordReader):
    """The procedures of a library and the records in them. Nothing here is ever deleted."""

    def require(self, action: Action) -> None:
        """Raise NotAllowed unless the actor may do this."""
        self._actor.require(action)

    # -- what is to be done

    def to_do(self) -> tuple[tuple[Procedure, WorkRecord], ...]:
        """The open records that the actor has in hand, or may take on because nobody has; those due first."""
        found = []
        for procedure in self.procedures():
            states = [one.name for one in procedure.states if not one.closed]
            held = self._store.records.in_states(procedure.name, states) if self._may(Action.REGISTER) else ()
            for one in self._visible(procedure, held):
                state = procedure.state(one.state)
                if state is not None and not state.closed and self._mine(procedure, one):
                    found.append((procedure, one))
        return tuple(sorted(found, key=lambda pair: (pair[1].due or "9999", pair[1].key)))

    def _mine(self, procedure: Procedure, record: WorkRecord) -> bool:
        if record.assignee:
            return record.assignee == self._actor.name or self._actor.id == Actor.local().id
        posts = {post for step in procedure.ways(record.state) for post in step.posts}
        return any(self._holds(procedure, one, record) for one in sorted(posts))

    # -- coming in

    def add(
        self, name: str, values: Values, rows: Sequence[RowChange] = (), *, state: str = "", subject: str = ""
    ) -> WorkRecord:
        """Enter a new record, in `state` or the first one; private fields among the values are kept apart.

        `subject` is the article or book it stands for. Raises FieldError, UsageError, Conflict, NotFound.
        """
        self._actor.require(Action.REGISTER)
        procedure = self.procedure(name)
        state = state or procedure.begins[0]
        if state not in procedure.begins:
            raise UsageError(f"新登记的只能从{'、'.join(procedure.begins)}开始", hint="登记以后再一步一步走")
        public, private = self._parted(procedure, values)
        for one in procedure.fields:
            if one.required and not public.get(one.name):
                raise FieldError(f"要写{one.name}", field=one.name, hint="写好再登记")
        bare = WorkRecord(procedure=procedure.name, subject=subject, state=state)
        bound = self._subject(procedure, bare) if subject else (0, "")
        step = self._signed(
            source="", to=state, values=public, rows=self._rows(procedure, bare, rows),
            version=bound[0], digest=bound[1], due=stepping.due_in(procedure, state, date.today()),
        )  # fmt: skip
        kept = self._begin(procedure, [(bare, [step])])[0]
        self._keep_private(kept.key, private)
        return kept

    def link(self, name: str, which: str, subject: str) -> WorkRecord:
        """Say which article (by id) a registered manuscript became. Raises NotFound, UsageError."""
        self._actor.require(Action.REGISTER)
        procedure = self.procedure(name)
        record = self.record(name, which)
        if not record.key or record.subject:
            raise UsageError(f"“{which}”已经对应一篇文章", hint="一份登记只对应一篇")
        self._subject(procedure, replace(record, subject=subject))
        self._store.records.link(record.key, subject, self._actor.name)
        return self.record(name, which)

    def _subject(self, procedure: Procedure, record: WorkRecord) -> tuple[int, str]:
        """What a record is to stand for. Raises NotFound, UsageError where another one stands for it already."""
        if procedure.subject is Subject.REGISTER:
            raise UsageError(f"{procedure.title}不对应文章或书稿", hint="不写编号")
        if held := self._store.records.of_subject(record.subject, [procedure.name]):
            raise UsageError(f"“{record.subject}”已经登记为 {held[0].number}", hint="一篇文章只登记一次")
        if procedure.subject is Subject.BOOK:
            self._books().project(record.subject)
        return self._bound(procedure, record)

    def _begin(
        self, procedure: Procedure, drafts: Sequence[tuple[WorkRecord, Sequence[SignedStep]]]
    ) -> tuple[WorkRecord, ...]:
        return self._store.records.begin(drafts, *self._folding(procedure))

    def _folding(self, procedure: Procedure) -> tuple[Callable[..., WorkRecord], Callable[..., Values]]:
        def fold(record: WorkRecord, step: SignedStep) -> WorkRecord:
            return stepping.folded(procedure, record, step)

        return fold, stepping.numbering(procedure, date.today().year)

    def _signed(self, **given: object) -> SignedStep:
        return SignedStep(actor=self._actor.id, who=self._actor.name, **given)  # type: ignore[arg-type]

    # -- filling in

    def fill(
        self, name: str, which: str, values: Values, rows: Sequence[RowChange] = (), *, seen: int | None = None
    ) -> WorkRecord:
        """Set fields and rows of a record without moving it; what was there before stays in its steps.

        Raises FieldError, Conflict when somebody took a step meanwhile, NotFound.
        """
        self._actor.require(Action.REGISTER)
        procedure = self.procedure(name)
        record = self.record(name, which)
        public, private = self._parted(procedure, values, held=record.values)
        changed = {key: value for key, value in public.items() if record.values.get(key, "") != value}
        changes = self._rows(procedure, record, rows)
        if changed or changes or not record.key:
            version, digest = self._bound(procedure, record)
            step = self._signed(
                source=record.state, to=record.state, values=changed, rows=changes, version=version, digest=digest
            )
            record = self._take(procedure, record, [step], seen)
        self._keep_private(record.key, private)
        return record

    def private(self, record: WorkRecord) -> Mapping[str, str]:
        """The private fields of a record; none for who may not see them."""
        if not self._may(Action.PERSONAL) or not record.key:
            return {}
        self._seen(self.procedure(record.procedure), self._store.records.record(record.key))
        return self._store.records.private(record.key)

    def _parted(
        self, procedure: Procedure, values: Values, besides: Sequence[str] = (), held: Values | None = None
    ) -> tuple[Values, Values]:
        """Values as they are kept, public and private; `besides` are names the step alone has. Raises FieldError.

        What is `held` already may stay, though it does not fit its field: registers of old come as they are.
        """
        there = held or {}
        public: dict[str, str] = {}
        private: dict[str, str] = {}
        for name, value in values.items():
            known = procedure.field(name)
            if known is None and name not in besides:
                names = "、".join((*besides, *(one.name for one in procedure.fields)))
                raise FieldError(f"没有“{name}”这一项", field=name, hint=f"可用的有：{names}")
            one = known or ProcedureField(name, long=True)
            if one.private:
                self._actor.require(Action.PERSONAL)
            same = value.strip() == there.get(name, "")
            (private if one.private else public)[name] = (
                value.strip() if same else stepping.checked(one, value, self._read)
            )
        return public, private

    def _read(self, expression: str) -> Period:
        return self._periods.reader().understand(expression)

    def _rows(
        self, procedure: Procedure, record: WorkRecord, rows: Sequence[RowChange], *, strict: bool = True
    ) -> tuple[RowChange, ...]:
        """Row changes as they are kept, without those that change nothing. Raises FieldError."""
        return tuple(self._checked_rows(procedure, record, rows, strict))

    def _checked_rows(
        self, procedure: Procedure, record: WorkRecord, rows: Sequence[RowChange], strict: bool
    ) -> Iterator[RowChange]:
        lengths = {name: len(held) for name, held in record.rows.items()}
        for change in rows:
            group = procedure.group(change.group)
            if group is None:
                raise FieldError(f"没有“{change.group}”这组行", field=change.group)
            length = lengths.get(group.name, 0)
            index = change.index if 0 <= change.index < length else length
            before: Values | None = {}
            if index < length and index < len(record.rows.get(group.name, ())):
                before = record.rows[group.name][index]
            if before is None:
                raise FieldError(f"“{group.name}”第 {index + 1} 行已经划去", field=group.name, hint="另添一行")
            values = self._row_values(group.fields, group.name, change.values) if strict else change.values
            lengths[group.name] = max(length, index + 1)
            if change.struck:
                yield RowChange(group.name, index, {}, True)
                continue
            fresh = {name: value for name, value in values.items() if before.get(name, "") != value}
            for one in group.fields:
                if strict and one.required and (fresh or not before) and not {**before, **fresh}.get(one.name):
                    raise FieldError(f"“{group.name}”的每一行要写{one.name}", field=one.name)
            if fresh:
                yield RowChange(group.name, index, fresh)
            else:
                lengths[group.name] = length

    def _row_values(self, fields: Sequence[ProcedureField], group: str, values: Values) -> Values:
        known = {one.name: one for one in fields}
        if stranger := next((name for name in values if name not in known), None):
            raise FieldError(f"“{group}”没有“{stranger}”这一栏", field=stranger, hint=f"可用的有：{'、'.join(known)}")
        return {name: stepping.checked(known[name], value, self._read) for name, value in values.items()}

    # -- many at once

    def take_in(
        self,
        procedure: Procedure,
        lines: Sequence[Values],
        rows: Mapping[tuple[str, str], Sequence[Values]],
        opinion: str,
    ) -> tuple[int, int, int, tuple[str, ...]]:
        """Take in records as they stand in a table: added, changed, the same, and values that do not fit their field.

        `lines` may give a state and any field; `rows` are by number and group. Values are kept as they are; a private
        one that is empty leaves what there is. Raises NotAllowed, UsageError, FieldError, and then takes nothing.
        """
        self._actor.require(Action.REGISTER)
        known = {one.number: one for one in self.records(procedure.name) if one.number}
        numbers = [line.get(procedure.number_field, "") for line in lines]
        steps = [
            self._line_step(procedure, line, known.get(number), rows, opinion)
            for number, line in zip(numbers, lines, strict=True)
        ]
        names = [one.name for one in procedure.private_fields]
        private = [{name: line[name] for name in names if line.get(name)} for line in lines]
        if any(private):
            self._actor.require(Action.PERSONAL)
        whole = list(zip(numbers, steps, private, strict=True))
        fresh = [(step, values) for number, step, values in whole if number not in known]
        bare = WorkRecord(procedure=procedure.name, state="")
        begun = self._begin(procedure, [(bare, [step]) for step, _ in fresh])
        for record, (_, values) in zip(begun, fresh, strict=True):
            self._keep_private(record.key, values)
        held = [(known[number], step, values) for number, step, values in whole if number in known]
        changed = sum(self._brought_up(procedure, *each) for each in held)
        odd = [f"{number}：{fault}" for number, line in zip(numbers, lines, strict=True)
               for fault in self._odd(procedure, line)]  # fmt: skip
        return len(fresh), changed, len(held) - changed, tuple(odd)

    def _line_step(
        self,
        procedure: Procedure,
        line: Values,
        held: WorkRecord | None,
        rows: Mapping[tuple[str, str], Sequence[Values]],
        opinion: str,
    ) -> SignedStep:
        """What makes a record, or a new one, what a line of a table says. Raises UsageError, FieldError."""
        bare = held or WorkRecord(procedure=procedure.name, state="")
        number = line.get(procedure.number_field, "")
        groups = [(one.name, rows.get((number, one.name))) for one in procedure.groups]
        changes = [each for name, given in groups if given is not None for each in row_changes(name, bare, given)]
        public = {one.name for one in procedure.public_fields} & line.keys()
        state = line.get(STATE_FIELD, "") or bare.state or procedure.begins[0]
        if procedure.state(state) is None:
            raise UsageError(f"{number}：没有“{state}”这个状态", hint=f"可用的：{_names(procedure)}")
        return self._signed(
            source=bare.state, to=state, opinion=opinion,
            values={name: line[name] for name in line if name in public and bare.values.get(name, "") != line[name]},
            rows=self._rows(procedure, bare, changes, strict=False),
        )  # fmt: skip

    def _brought_up(self, procedure: Procedure, held: WorkRecord, step: SignedStep, private: Values) -> bool:
        """Bring a record up to date by a step, if it says anything; whether it did."""
        before = self._store.records.private(held.key) if private else {}
        told = {name: value for name, value in private.items() if before.get(name, "") != value}
        stepped = bool(step.values or step.rows or step.moves)
        if stepped:
            self._take(procedure, held, [step], None)
        self._keep_private(held.key, told)
        return stepped or bool(told)

    def _keep_private(self, key: int, values: Values) -> None:
        if values:
            self._store.records.keep_private(key, values, self._actor.name)

    def _odd(self, procedure: Procedure, line: Values) -> Iterator[str]:
        for name, value in line.items():
            one = procedure.field(name)
            if one is not None and value and (fault := stepping.misfit(one, value, self._read)):
                yield fault

    # -- stepping

    def take(self, name: str, which: str, asked: AskedStep) -> WorkRecord:
        """Take a step with a record; the record as it stands then.

        Raises UsageError telling everything that is still needed, NotAllowed where the step is not the actor's to take,
        Conflict when somebody else took one since `asked.seen`, FieldError, NotFound.
        """
        procedure = self.procedure(name)
        with self._writing(procedure):
            record = self.record(name, which)
            step = _asked(procedure, record, asked)
            post = self._post(procedure, step, asked, record)
            taken = self.steps(record)
            values, private = self._parted(procedure, asked.values, (*step.needed, *step.recorded), record.values)
            if private:
                raise FieldError("个人信息不写在一步里", field=next(iter(private)), hint="在这一份的“个人信息”里填")
            asked = replace(
                asked, values={key: value for key, value in values.items() if value}, due=stepping.day(asked.due)
            )
            version, digest = self._bound(procedure, record)
            signed = self._signed(
                source=record.state, to=step.to, signer=asked.signer.strip() or self._actor.name, post=post,
                opinion=asked.opinion.strip(), reason=asked.reason.strip(), values=asked.values,
                rows=self._rows(procedure, record, asked.rows), assignee=self._handed_to(asked.assignee.strip()),
                due=asked.due or stepping.due_in(procedure, step.to, date.today()), version=version, digest=digest,
            )  # fmt: skip
            after = stepping.folded(procedure, record, signed)
            self._require_whole(step, after, replace(asked, rows=signed.rows))
            self._require_reason(procedure, taken, signed)
            signed = self._frozen(procedure, record, step, stepping.by_all(step, signed, taken))
            kept = self._take(procedure, record, [signed], asked.seen, step)
        self._tell(procedure, kept, signed)
        return kept

    def colleagues(self) -> tuple[str, ...]:
        """The names of those who have an account, for who hands something over to them."""
        self._actor.require(Action.REGISTER)
        return tuple(sorted({one.name for one in self._people()}))

    def _people(self) -> list[Account]:
        return [one for one in self._store.accounts.listed() if not one.disabled]

    def _handed_to(self, typed: str) -> str:
        """The name of who is to do it, by name or login. Raises FieldError where it would be on nobody's list."""
        people = self._people()
        if not typed or not people or any(one.name == typed for one in people):
            return typed
        if found := next((one.name for one in people if one.login == typed), None):
            return found
        hint = f"写账号里的姓名：{'、'.join(self.colleagues())}；没有账号的人来办，这里不写，写在意见里"
        raise FieldError(f"没有“{typed}”这个人的账号，交给他就没有人看得到", field="交给谁办", hint=hint)

    def _tell(self, procedure: Procedure, record: WorkRecord, step: SignedStep) -> None:
        """Leave a message for whom it was handed to."""
        if step.assignee and step.assignee != self._actor.name:
            which = record.number or record.subject
            title = record.values.get(procedure.fields[0].name, "") if procedure.fields else ""
            words = f"交给您办：{procedure.title} {which}{f'《{title}》' if title else ''}，{record.state}"
            link = f"/registers/{procedure.name}/one/{which}"
            self._store.notices.tell(step.assignee, self._actor.name, words, link)

    def _writing(self, procedure: Procedure) -> AbstractContextManager[None]:
        if procedure.subject is Subject.REGISTER:
            return nullcontext()
        return indexing.writing(self._store, self._engine, self._actor.name, f"{procedure.name}走一步")

    def _post(self, procedure: Procedure, step: Transition, asked: AskedStep, record: WorkRecord) -> str:
        signed = stepping.signatures(step, self.steps(record), self._bound(procedure, record)[1])
        left = [one for one in step.posts if not step.signed_by or one not in signed]
        mine = [one for one in left if self._holds(procedure, one, record)]
        if asked.post and asked.post not in left:
            raise UsageError(f"“{step.to}”这一步不由“{asked.post}”来走", hint=f"可以是：{'、'.join(left)}")
        if not mine or (asked.post and asked.post not in mine):
            raise NotAllowed(f"“{step.to}”这一步要由{'或'.join(left)}来走", hint="请那位同事来做")
        return asked.post or mine[0]

    def _require_whole(self, step: Transition, after: WorkRecord, asked: AskedStep) -> None:
        if missing := stepping.missing(step, after, asked):
            raise UsageError(f"还不能到“{step.to}”：{'；'.join(missing)}", hint="补齐再走这一步")

    def _require_reason(self, procedure: Procedure, taken: Sequence[SignedStep], signed: SignedStep) -> None:
        other = stepping.held_before(procedure, taken, signed.signer, signed.post)
        if other and not signed.reason:
            raise UsageError(
                f"{signed.signer}已经以“{other}”签过字，再以“{signed.post}”签字要写明理由",
                hint="写上一人兼任的理由，如“本单位只有一名编辑”；理由会一直显示在这一步旁边",
            )

    def _frozen(self, procedure: Procedure, record: WorkRecord, step: Transition, signed: SignedStep) -> SignedStep:
        """The step with the proof that is frozen with it, where it is complete."""
        if procedure.subject is not Subject.BOOK or signed.to != step.to or not (step.freezes or step.sound):
            return signed
        books = self._books()
        edition, characters = books.keep_proof(self._store.projects.get(record.subject), sound=step.sound)
        return replace(signed, edition=edition.number, values={**signed.values, "字数": str(characters)})

    def _take(
        self,
        procedure: Procedure,
        record: WorkRecord,
        steps: Sequence[SignedStep],
        seen: int | None,
        step: Transition | None = None,
    ) -> WorkRecord:
        """Keep steps, after those that say what happened to the record unasked; and the status that follows."""
        fold = self._folding(procedure)
        if not record.key:
            first = self._signed(source="", to=record.state, values=record.values, opinion="开始登记")
            bare = WorkRecord(procedure=procedure.name, subject=record.subject, state=first.to)
            (kept,) = self._begin(procedure, [(bare, [first])])
        else:
            kept = self._store.records.record(record.key)
        before = []
        if kept.state != record.state:
            why = _ELSEWHERE if procedure.subject is Subject.ARTICLE else _FALLEN
            before = [SignedStep(source=kept.state, to=record.state, who=PROGRAM, opinion=why)]
        known = kept.steps if seen is None or not record.key else seen
        status = None
        state = procedure.state(steps[-1].to)
        if step is not None and record.subject and state is not None and state.status is not None and steps[-1].moves:
            status = (record.subject, state.status, f"{procedure.name}：{step.to}")
        kept = self._store.records.step(kept.key, known, [*before, *steps], *fold, status)
        return self._seen(procedure, kept)


def _asked(procedure: Procedure, record: WorkRecord, asked: AskedStep) -> Transition:
    ways = procedure.ways(record.state)
    found = next((one for one in ways if one.to == asked.to), None)
    if found is None:
        hint = (
            f"从“{record.state}”可以到：{'、'.join(one.to for one in ways)}"
            if ways
            else f"“{record.state}”之后没有别的步骤"
        )
        raise UsageError(f"不能从“{record.state}”走到“{asked.to}”", hint=hint)
    return found


def _names(procedure: Procedure) -> str:
    return "、".join(one.name for one in procedure.states)
