"""Records of people, places and bodies in a session: found, entered, changed, merged, as a table.

What a record says with a paragraph of the library as its source is told to nobody who may not see that text, and kept
when such a person changes the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archive.catalogue import names_file
from archive.catalogue.authority import Authority, key
from archive.catalogue.name_table import HEADER, Merged, NameTable, identity, merge
from archive.model.access import Action, Actor
from archive.model.errors import ConfigError, Conflict, FieldError, NotFound, UsageError
from archive.model.name_records import Belonging, NameChange, NameForm, NameKind, NameRecord, checked, references
from archive.store import Store
from archive.store.name_rows import no_record

_FARTHEST = 50  # steps from a merged record to the one it was merged into


@dataclass(frozen=True, slots=True)
class Redirect:
    """That a record was merged into another: by whom, when and why."""

    record: NameRecord
    into: NameRecord
    reason: str


class Names:
    """The records as one actor meets them."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Session` only."""
        self._store, self._actor = store, actor

    @property
    def may_change(self) -> bool:
        """Whether the actor may enter and change records."""
        return self._actor.rights.allow(Action.MAINTAIN)

    # -- reading

    def all(self, kind: NameKind | None = None, asked: str = "") -> tuple[NameRecord, ...]:
        """The records in use, in the order they were made: of a kind, with these words in a name or the note."""
        if self._actor.rights.blind:
            return ()
        folded = key(asked)
        found = (one for one in self._live() if kind in (None, one.kind))
        return tuple(self._told(one) for one in found if not folded or _has(one, folded))

    def get(self, number: int) -> NameRecord:
        """The record of this number, also a removed one. Raises NotFound; a merged one is told by `redirect`."""
        found = self._store.names.held().records.get(number)
        if found is None or self._actor.rights.blind:
            raise no_record()
        return self._told(found)

    def redirect(self, number: int) -> Redirect | None:
        """Where a merged record leads, over as many mergers as there were; None for one that was not merged."""
        first = self.get(number)
        if not first.merged_into:
            return None
        return Redirect(first, self._leads_to(first), self.versions(number)[-1].reason)

    def _leads_to(self, record: NameRecord) -> NameRecord:
        for _ in range(_FARTHEST):
            if not record.merged_into:
                break
            record = self.get(record.merged_into)
        return record

    def found(self, written: str) -> NameRecord:
        """The record of a number or a name. Raises NotFound; UsageError where several have the name."""
        if written.isascii() and written.isdecimal():
            leads = self.redirect(int(written))
            return leads.into if leads else self.get(int(written))
        several = self.bearers(written)
        if not several:
            raise NotFound(f"名称表里没有“{written[:40]}”", hint="到“人物、地名、机构”里查一下，或先添上")
        if len(several) > 1:
            numbers = "、".join(str(one.key) for one in several)
            raise UsageError(f"“{written[:40]}”有 {len(several)} 个", hint=f"写编号：{numbers}")
        return several[0]

    def bearers(self, form: str) -> tuple[NameRecord, ...]:
        """All records in use that go by a form."""
        if self._actor.rights.blind:
            return ()
        return tuple(self.get(name.record) for name in Authority.of(self._store).by_form.get(key(form), ()))

    def below(self, record: NameRecord) -> tuple[tuple[NameRecord, Belonging], ...]:
        """What belonged to a record, by when it began."""
        forms = {key(form) for form in (record.preferred, *record.aliases)}
        found = [(one, each) for one in self.all() for each in one.belongings if key(each.parent) in forms]
        return tuple(sorted(found, key=lambda pair: (pair[1].since is not None, pair[1].since or 0, pair[0].key)))

    def chain(self, record: NameRecord, year: int) -> tuple[str, ...]:
        """What a record belonged to in a year, the nearest first, each belonging to the next; several side by side."""
        found: list[str] = []
        here = [record]
        for _ in range(_FARTHEST):
            parents = list(dict.fromkeys(each.parent for one in here for each in one.belongings if each.holds(year)))
            if not parents or any(parent in found for parent in parents):
                break
            found.append("、".join(parents))
            here = [one for parent in parents for one in self.bearers(parent) if one.kind is not NameKind.PERSON]
        return tuple(found)

    def merged(self) -> dict[int, tuple[int, ...]]:
        """The numbers that lead to each record."""
        found: dict[int, tuple[int, ...]] = {}
        if self._actor.rights.blind:
            return found
        for one in self._store.names.held().records.values():
            if one.merged_into:
                into = self._leads_to(one).key
                found[into] = (*found.get(into, ()), one.key)
        return found

    def versions(self, number: int) -> tuple[NameChange, ...]:
        """All versions of a record, oldest first. Raises NotFound."""
        self.get(number)
        return tuple(replace(one, record=self._told(one.record)) for one in self._store.names.versions(number))

    def left_over(self) -> tuple[ConfigError, ...]:
        """What of a names.csv in the library's folder could not be taken over, for who maintains the library."""
        return names_file.problems(self._store.root) if self.may_change else ()

    def _live(self) -> Iterable[NameRecord]:
        records = self._store.names.held().records.values()
        return (one for one in records if not (one.merged_into or one.removed))

    def _told(self, record: NameRecord) -> NameRecord:
        """A record without what its sources are hidden for."""
        if self._actor.rights.unlimited:
            return record
        statements = tuple(one for one in record.statements if self._sees(one.source))
        belongings = tuple(one for one in record.belongings if self._sees(one.source))
        return replace(record, statements=statements, belongings=belongings)

    def _sees(self, source: str) -> bool:
        return all(self._store.covers(article, self._actor.rights) for article, _ in references(source))

    # -- changing

    def put(self, record: NameRecord, reason: str = "") -> int:
        """Enter a record (key 0) or change it; its key.

        Raises FieldError for what cannot be kept or is there already, NotFound, and Conflict when `version` is neither
        0 nor the present one.
        """
        self._actor.require(Action.MAINTAIN)
        record = checked(record)
        if record.key:
            before = self._store.names.held().records.get(record.key)
            if before is None:
                raise no_record()
            record = replace(self._with_hidden(record, before), merged_into=0, removed=False)
        twin = next((one for one in self._live() if identity(one) == identity(record) and one.key != record.key), None)
        if twin is not None:
            hint = "打开它来改；确是同名的两个，写上生卒，或在说明里写明区别"
            raise FieldError(f"已经有“{record.preferred}”（编号 {twin.key}）", field="规范名", hint=hint)
        done = "修改" if record.key else "添加"
        return self._store.names.put([record], self._actor.name, done, reason.strip())[0]

    def _with_hidden(self, record: NameRecord, before: NameRecord) -> NameRecord:
        told = self._told(before)
        statements = (one for one in before.statements if one not in told.statements)
        belongings = (one for one in before.belongings if one not in told.belongings)
        return replace(
            record, statements=(*record.statements, *statements), belongings=(*record.belongings, *belongings)
        )

    def merge(self, number: int, into: int, reason: str) -> None:
        """Let a record lead to another from now on, which gets its names, statements and numbers elsewhere.

        Raises UsageError without a reason, for one and the same, or for another kind; NotFound.
        """
        self._actor.require(Action.MAINTAIN)
        held = self._store.names.held().records
        gone, stays = (held.get(self.get(one).key) for one in (number, into))
        if gone is None or stays is None or gone.merged_into or stays.merged_into or stays.removed:
            raise NotFound("这条名称表已经并入别的，或已经删去", hint="刷新页面再看")
        if gone.key == stays.key or gone.kind is not stays.kind:
            raise UsageError("只能把一条并入同一类的另一条", hint="核对两条的编号和类别")
        if not reason.strip():
            raise UsageError("没有写为什么是同一个", hint="写明依据，例如：两处籍贯、职务相同")
        whole = _united(stays, gone)
        self._store.names.put([replace(gone, merged_into=stays.key), whole], self._actor.name, "合并", reason.strip())

    def remove(self, number: int, reason: str = "") -> None:
        """Take a record out of use; it can be restored. Raises NotFound."""
        self._actor.require(Action.MAINTAIN)
        held = self._store.names.held().records[self.get(number).key]
        self._store.names.put([replace(held, removed=True)], self._actor.name, "删去", reason.strip())

    def restore(self, number: int, version: int, reason: str = "") -> None:
        """Make an earlier version the present one, also of a record that was merged or removed. Raises NotFound."""
        self._actor.require(Action.MAINTAIN)
        present = self.get(number)
        found = next((one.record for one in self._store.names.versions(number) if one.record.version == version), None)
        if found is None:
            raise NotFound("没有这一版", hint="到修改记录里选一版")
        again = replace(found, version=present.version, merged_into=0, removed=False)
        self._store.names.put([again], self._actor.name, f"恢复第 {version} 版", reason.strip())

    # -- tables

    def compared(self, table: NameTable) -> Merged:
        """What taking in a table would make. Raises NotAllowed."""
        self._actor.require(Action.MAINTAIN)
        return merge(self._store.names.held().records.values(), table)

    def take_in(self, table: NameTable, reason: str) -> Merged:
        """Take a table in, whole or not at all. Raises FieldError for the first row that cannot be."""
        found = self.compared(table)
        for problem in (*table.problems, *found.problems.values()):
            raise FieldError(problem.message, field="", hint=problem.hint, place=problem.place)
        changed = [self._with_hidden(after, before) for before, after in found.changed]
        if len({one.key for one in changed}) < len(changed):
            raise Conflict("表里有两行说的是同一条", hint="并成一行再收入")
        self._store.names.put([*found.added, *changed], self._actor.name, "收入表格", reason)
        return found

    def united(self, records: Sequence[NameRecord]) -> Merged:
        """What taking in the records of another library would make: what is known there is added to what is known here,
        and nothing is replaced. Raises NotAllowed.
        """
        given = {number: replace(one, key=0, version=0) for number, one in enumerate(records, 1)}
        found = self.compared(NameTable(given, HEADER, ()))
        pairs = ((before, _united(before, after)) for before, after in found.changed)
        return replace(found, changed=tuple(pair for pair in pairs if pair[0].content != pair[1].content))

    def unite(self, records: Sequence[NameRecord], reason: str) -> Merged:
        """Take them in, all but those nobody can tell who they are of several here. Raises NotAllowed."""
        found = self.united(records)
        changed = {after.key: after for _, after in found.changed}
        self._store.names.put([*found.added, *changed.values()], self._actor.name, "并入另一个资料库", reason)
        return found


def _has(record: NameRecord, folded: str) -> bool:
    return any(folded in key(part) for part in (record.preferred, *record.aliases, record.note))


def _united(stays: NameRecord, gone: NameRecord) -> NameRecord:
    known = {key(form) for form in (stays.preferred, *stays.aliases)}
    forms = (one for one in (NameForm(gone.preferred), *gone.forms) if key(one.text) not in known)
    notes = (one for said in (stays.note, gone.note) for one in said.split("；"))
    note = "；".join(dict.fromkeys(filter(None, notes)))
    return replace(
        stays,
        forms=(*stays.forms, *{one.text: one for one in forms}.values()),
        dates=stays.dates or gone.dates,
        note=note,
        statements=tuple(dict.fromkeys((*stays.statements, *gone.statements))),
        belongings=tuple(dict.fromkeys((*stays.belongings, *gone.belongings))),
        identifiers=tuple(dict.fromkeys((*stays.identifiers, *gone.identifiers))),
    )
