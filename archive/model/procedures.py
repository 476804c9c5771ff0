"""How an office's papers go their way: procedures, the records that stand in their states, and the steps they took.

A procedure is data (docs/workflow.md): fields, rows that repeat, states, and the steps from state to state. A record is
a row of a register; it may stand for an article or a book project. What it is now follows from its steps alone, which
are only ever added.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.model.access import Action
from archive.model.records import FieldKind, Status

Values = Mapping[str, str]
"""Text by the name of a field."""

ANY_STATE = "任何"
BETWEEN_MARKS = "、"
STATE_FIELD = "状态"
"""What conditions and tables call the state of a record."""


class Subject(enum.StrEnum):
    """What the records of a procedure stand for."""

    REGISTER = "register"  # nothing but themselves
    ARTICLE = "article"
    BOOK = "book"


def marks(value: str) -> tuple[str, ...]:
    """What is ticked, of a value of several marks."""
    return tuple(one for one in value.split(BETWEEN_MARKS) if one)


@dataclass(frozen=True, slots=True)
class ProcedureField:
    """A field of a record, a row or a step. `private` ones (telephone, account, identity numbers) are kept apart.

    `listed` ones are columns of the list; `by_class` ones divide the counts. Of `several` any number of the choices may
    be ticked; the value is theirs with 、 between.
    """

    name: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    required: bool = False
    long: bool = False
    private: bool = False
    listed: bool = False
    by_class: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that a record may have any number of: offices asked, replies, uses made of it."""

    name: str
    fields: tuple[ProcedureField, ...]


@dataclass(frozen=True, slots=True)
class NumberRule:
    """A running number: `form` with {year} and {n:03}; given when a record comes to the state `at`, or at once."""

    field: str
    form: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class OfficePost:
    """Who takes a step (编辑, 主任): whoever has `right`. `reviews`: two such steps by one person need a reason."""

    name: str
    right: Action
    reviews: bool = False


@dataclass(frozen=True, slots=True)
class ProcedureState:
    """Where a record may stand.

    `status` is what an article in this state counts as for readers. `closed` ones wait for nobody. `days` is the time
    until something is due, 0 for none. A signature in a state that `falls_to` another one holds only as long as the
    book is what was signed; when it is changed, the book is in that other state again.
    """

    name: str
    status: Status | None = None
    closed: bool = False
    days: int = 0
    falls_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCondition:
    """That a field has one of these values (any at all where there are none); `group` asks of some row of it.

    A value of several marks has each of them.
    """

    field: str
    values: tuple[str, ...] = ()
    group: str = ""

    @property
    def words(self) -> str:
        """The condition as people read it."""
        name = f"{self.group}的{self.field}" if self.group else self.field
        return f"{name}是{'、'.join(self.values)}" if self.values else f"有{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A step that may be taken. `sources` may be ANY_STATE. `who` are posts any of which may; `signed_by`: all must.

    `opinion` is what the opinion is called where it must be given. `needed` and `recorded` name fields of the step;
    those that are fields of the record change it. `rows` is a group that needs a row, `filled` (group, field) that
    every row of it must have. `when` must hold. `releases` says that readers see the article afterwards, `freezes` that
    the book as it is is kept as a proof, `sound` that it must have no faults.
    """

    sources: tuple[str, ...]
    to: str
    who: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    opinion: str = ""
    needed: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    rows: str = ""
    filled: tuple[tuple[str, str], ...] = ()
    when: tuple[FieldCondition, ...] = ()
    releases: bool = False
    freezes: bool = False
    sound: bool = False

    @property
    def posts(self) -> tuple[str, ...]:
        """The posts that have a say in it."""
        return self.signed_by or self.who

    def leaves(self, state: str) -> bool:
        """Whether it can be taken from a state."""
        return state in self.sources or (ANY_STATE in self.sources and state != self.to)


@dataclass(frozen=True, slots=True)
class RateRule:
    """A rate with its formula: records for which all of `count` hold, among those for which all of `among` do."""

    name: str
    count: tuple[FieldCondition, ...]
    among: tuple[FieldCondition, ...]

    @property
    def words(self) -> str:
        """The formula as people read it."""
        return f"{_together(self.count)} ÷ {_together(self.among)}"


def _together(conditions: Sequence[FieldCondition]) -> str:
    return "并且".join(one.words for one in conditions) or "全部"


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A procedure. `register` is what the list of its records is called, `begins` the states records may begin in."""

    name: str
    subject: Subject = Subject.REGISTER
    register: str = ""
    about: str = ""
    begins: tuple[str, ...] = ()
    fields: tuple[ProcedureField, ...] = ()
    groups: tuple[RowGroup, ...] = ()
    numbers: tuple[NumberRule, ...] = ()
    posts: tuple[OfficePost, ...] = ()
    states: tuple[ProcedureState, ...] = ()
    transitions: tuple[Transition, ...] = ()
    rates: tuple[RateRule, ...] = ()
    own: bool = False  # the office's own, not shipped

    @property
    def title(self) -> str:
        """What its register is called."""
        return self.register or self.name

    @property
    def number_field(self) -> str:
        """The field by which records are called."""
        return self.numbers[0].field

    def state(self, name: str) -> ProcedureState | None:
        """A state by name; None for one the procedure no longer has."""
        return next((one for one in self.states if one.name == name), None)

    def field(self, name: str) -> ProcedureField | None:
        """A field of records by name."""
        return next((one for one in self.fields if one.name == name), None)

    def group(self, name: str) -> RowGroup | None:
        """A group of rows by name."""
        return next((one for one in self.groups if one.name == name), None)

    def post(self, name: str) -> OfficePost | None:
        """A post by name."""
        return next((one for one in self.posts if one.name == name), None)

    def ways(self, state: str) -> tuple[Transition, ...]:
        """The steps that may be taken from a state."""
        return tuple(one for one in self.transitions if one.leaves(state))

    def state_of(self, status: Status) -> str:
        """The state of an article of which nothing but its status is known: of the same name, else the first for it."""
        named = [one.name for one in self.states if one.status is status]
        return status.value if status.value in named or not named else named[0]

    @property
    def filled_later(self) -> tuple[ProcedureField, ...]:
        """The fields that nobody knows when a record comes in: only steps farther on ask for them."""
        early = {
            name for one in self.transitions if {*one.sources} & {*self.begins} for name in one.needed + one.recorded
        }
        asked = {name for one in self.transitions for name in one.needed + one.recorded} - early
        held = tuple(one for one in self.fields if one.name in asked and not (one.required or one.listed))
        return held if len(self.fields) - len(held) > 1 else ()

    @property
    def public_fields(self) -> tuple[ProcedureField, ...]:
        """The fields that are not private."""
        return tuple(one for one in self.fields if not one.private)

    @property
    def private_fields(self) -> tuple[ProcedureField, ...]:
        """The fields that are kept apart."""
        return tuple(one for one in self.fields if one.private)


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a step writes into a row: the row at `index` (from 0; one past the last adds one), or strikes it out."""

    group: str
    index: int
    values: Values = field(default_factory=dict)
    struck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStep:
    """A step taken, kept for ever. `source` and `to` are states, equal where only something was filled in or signed.

    `who` acted; `signer` is whose opinion and signature it is (a paper signed elsewhere may be entered by another).
    `toward` is the state that a signature alone does not yet reach. `reason` says why one person holds several steps.
    `version` and `digest` are those of the text or book at that time, `edition` the proof frozen with it.
    """

    key: int = 0
    source: str
    to: str
    moment: str = ""
    actor: str = ""
    who: str = ""
    signer: str = ""
    post: str = ""
    opinion: str = ""
    reason: str = ""
    toward: str = ""
    values: Values = field(default_factory=dict)
    rows: tuple[RowChange, ...] = ()
    assignee: str = ""
    due: str = ""
    version: int = 0
    digest: str = ""
    edition: int = 0

    @property
    def moves(self) -> bool:
        """Whether the record went from one state to another."""
        return self.source != self.to

    @property
    def entered(self) -> bool:
        """Whether somebody else than the signer wrote it down."""
        return bool(self.signer) and self.signer != self.who


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRecord:
    """A record as it is now. `subject` is the id of an article or the name of a book project, "" while there is none.

    `assignee` is who has it in hand and `due` until when (an ISO day), "" for nobody and never. `steps` counts the
    steps taken; 0 for an article that no step was ever taken with. `rows` holds None where a row was struck out.
    """

    key: int = 0
    procedure: str
    number: str = ""
    subject: str = ""
    state: str
    values: Values = field(default_factory=dict)
    rows: Mapping[str, tuple[Values | None, ...]] = field(default_factory=dict)
    assignee: str = ""
    due: str = ""
    moment: str = ""
    steps: int = 0

    def of_group(self, group: str) -> tuple[tuple[int, Values], ...]:
        """The rows of a group that stand, with their indexes."""
        return tuple((at, row) for at, row in enumerate(self.rows.get(group, ())) if row is not None)

    def fulfils(self, condition: FieldCondition) -> bool:
        """Whether a condition holds."""
        if condition.group:
            found: Iterator[str] = (row.get(condition.field, "") for _, row in self.of_group(condition.group))
        else:
            found = iter((self.state if condition.field == STATE_FIELD else self.values.get(condition.field, ""),))
        if not condition.values:
            return any(found)
        return any(one in condition.values for value in found for one in (value, *marks(value)))
