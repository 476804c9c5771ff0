"""The procedures of a library as an administrator changes them: `session.procedures`.

What is changed is a draft of its own until it is put into use, so that the office goes on by what was valid. Records
keep their places: a state or a field that some record has may be renamed, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from archive.model.access import Action, Actor
from archive.model.errors import Conflict, UsageError
from archive.model.procedures import Procedure, SignedStep, WorkRecord
from archive.store import PROGRAM, Store
from archive.workflow import stepping
from archive.workflow.procedure_draft import Entry, ProcedureDraft
from archive.workflow.procedure_file import read
from archive.workflow.procedure_table import ProcedureTable

_RENAMED = "流程里改了名称"


class ProcedureEditing:
    """Procedures changed entry by entry, or as a whole text. For who maintains the library."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Session` only."""
        self._store = store
        self._actor = actor
        self.table = ProcedureTable(store.root)

    def save(self, text: str) -> Procedure:
        """Put the text of a procedure into use. Raises ConfigError with the line, UsageError, Conflict."""
        self._actor.require(Action.MAINTAIN)
        with self._store.writing(self._actor.name, "修改流程"):
            made = self.table.read_new(text)
            self._require_kept(made, {})
            self._keep(made, text, {})
        return made

    # -- entry by entry

    def draft(self, name: str) -> ProcedureDraft:
        """What a procedure is to be: the changes begun, else as it stands. Raises NotFound, ConfigError."""
        self._actor.require(Action.MAINTAIN)
        begun = self.table.draft(name)
        return ProcedureDraft.of(name, begun or self.table.text(name), begun is not None)

    def begin(self, name: str, like: str) -> ProcedureDraft:
        """Begin a procedure of the office's own, made like another one. Raises NotFound, UsageError."""
        name = name.strip()
        data = dict(self.draft(like).data)
        self.table.file(name)  # a name that no file may have
        if any(name in (one.name, one.title) for one in self.table.all()) or self.table.draft(name) is not None:
            raise UsageError(f"已经有叫“{name}”的流程或登记簿", hint="换一个名称")
        data |= {"name": name, "register": "", "about": ""}
        return self._noted(ProcedureDraft(name, data, begun=True))

    def change(self, name: str, table: str, at: int | None, entry: Entry) -> ProcedureDraft:
        """Set an entry of the draft, or add one (None). Raises FieldError, NotFound."""
        return self._noted(self.draft(name).changed(table, at, entry))

    def remove(self, name: str, table: str, at: int) -> ProcedureDraft:
        """Take an entry out of the draft. Raises NotFound."""
        return self._noted(self.draft(name).removed(table, at))

    def move(self, name: str, table: str, at: int, by: int) -> ProcedureDraft:
        """Move an entry of the draft down by so many places. Raises NotFound."""
        return self._noted(self.draft(name).moved(table, at, by))

    def drop(self, name: str) -> None:
        """Forget what was changed and not put into use."""
        self._actor.require(Action.MAINTAIN)
        self.table.keep_draft(name, None)

    def use(self, name: str) -> Procedure:
        """Put the draft into use. Raises UsageError with what is still missing, Conflict, NotFound."""
        draft = self.draft(name)
        if faults := draft.faults():
            raise UsageError(f"还不能启用：{'；'.join(one.message for one in faults)}", hint="逐项补齐再启用")
        with self._store.writing(self._actor.name, "修改流程"):
            made = read(draft.text, name, own=True)
            self._require_kept(made, draft.was)
            self._keep(made, draft.text, draft.was)
            self.table.keep_draft(name, None)
        return made

    def _noted(self, draft: ProcedureDraft) -> ProcedureDraft:
        with self._store.writing(self._actor.name, "修改流程"):
            self.table.keep_draft(draft.name, draft.kept)
        return draft

    def _keep(self, made: Procedure, text: str, was: Mapping[str, Mapping[str, str]]) -> None:
        self.table.keep(made, text)
        self._store.note(self._actor.name, "procedure", made.name, _told(was))
        self._rename(made, was)

    # -- records that stand in it

    def _require_kept(self, made: Procedure, was: Mapping[str, Mapping[str, str]]) -> None:
        """Raise Conflict where records stand in a state, or hold a field, that would be there no more."""
        if missing := next(self._lost(made, was), ""):
            hint = "可以改它的名称，或留着不用；要去掉，先让这几份走到别的状态、删去填的内容"
            raise Conflict(missing, hint=hint)

    def _lost(self, made: Procedure, was: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        before = next((one for one in self.table.all() if one.name == made.name), None)
        records = self._store.records.listed(made.name) if before is not None else ()
        states = {*(one.name for one in made.states), *was.get("state", {}).values()}
        for state in dict.fromkeys(one.state for one in records if one.state not in states):
            yield f"“{state}”里还有 {sum(one.state == state for one in records)} 份，不能去掉"
        renamed = {old: now for now, old in was.get("field", {}).items()}
        for field in before.fields if before is not None else ():
            now = made.field(renamed.get(field.name, field.name))
            if now is not None and now.private == field.private:
                continue
            if held := sum(bool(self._value(one, field.name, field.private)) for one in records):
                wanted = "去掉" if now is None else "改成个人信息" if now.private else "当作平常的内容"
                yield f"“{field.name}”有 {held} 份填过，不能{wanted}"

    def _value(self, record: WorkRecord, field: str, private: bool) -> str:
        return (self._store.records.private(record.key) if private else record.values).get(field, "")

    def _rename(self, made: Procedure, was: Mapping[str, Mapping[str, str]]) -> None:
        """Let records follow new names: a step for each, that the program takes; private fields are kept anew."""
        states = {before: now for now, before in was.get("state", {}).items()}
        fields = {before: now for now, before in was.get("field", {}).items()}
        for record in self._store.records.listed(made.name) if states or fields else ():
            values = {now: record.values[old] for old, now in fields.items() if record.values.get(old)}
            to = states.get(record.state, record.state)
            if values or to != record.state:
                step = SignedStep(source=record.state, to=to, who=PROGRAM, opinion=_RENAMED, values=values,
                                  assignee=record.assignee, due=record.due)  # fmt: skip
                fold = (lambda held, one: stepping.folded(made, held, one), stepping.numbering(made, date.today().year))
                self._store.records.step(record.key, record.steps, [step], *fold)
            kept = self._store.records.private(record.key) if fields else {}
            if moved := {fields[old]: value for old, value in kept.items() if old in fields}:
                self._store.records.keep_private(record.key, {**dict.fromkeys(fields, ""), **moved}, self._actor.name)


def _told(was: Mapping[str, Mapping[str, str]]) -> str:
    renamed = [f"“{before}”改称“{now}”" for held in was.values() for now, before in held.items()]
    return "；".join(["启用改过的流程", *renamed])
