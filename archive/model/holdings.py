"""What a library holds, as values to show: frozen without behaviour. Moments are UTC, ISO 8601 to the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from archive.model.errors import UsageError
from archive.model.records import Access, Article, Genre, Issue, Period, Person, Status


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article: `version` counts from 1, `digest` is that of its text."""

    version: int
    digest: str
    when: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article as a list shows it: the present version without its text, `characters` long (code points)."""

    id: str
    version: int
    title: str
    collection: str
    number: int
    genre: Genre
    volume: str
    section: str
    people: tuple[Person, ...]
    date: Period | None
    characters: int
    status: Status
    access: Access

    @property
    def names(self) -> tuple[str, ...]:
        """The people's names, each once."""
        return tuple(dict.fromkeys(person.name for person in self.people))


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an article last changed for its readers; `gone` tells that it was taken back since."""

    moment: str
    id: str
    collection: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class InTime:
    """Where an article stands in time: its section and its own date, without anything else of it."""

    id: str
    section: str
    date: Period | None


@dataclass(frozen=True, slots=True)
class Import:
    """One file taken in: the SHA-256 of the original, its name then, how many articles it brought, what was lost.

    `key` counts from 1; `undone` tells that its articles were taken out again, `purged` that the original is no more.
    """

    original: str
    name: str
    when: str
    who: str
    articles: int
    issues: tuple[Issue, ...]
    key: int = 0
    undone: bool = False
    purged: bool = False


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What a reader thinks is wrong in an article: `words`, about a place in the version that was read.

    `start` and `end` are offsets in the block's text, end exclusive; equal for the whole block. `answer` is None as
    long as no editor has settled it.
    """

    key: int
    article: str
    version: int
    block: int
    start: int
    end: int
    words: str
    when: str
    who: str
    answer: str | None = None
    settled: str = ""
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody who has an article open to change it, and when they last looked."""

    who: str
    moment: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log. `subject` is an article's or a collection's id, or the SHA-256 of an original.

    `action` is one of collection, accept, release, revise, status, date, redate, migrate, restore, undo-import,
    remove, merge, move, replace, report, take-back, purge, export, backup, preserve, check, account, token; `place` is
    from where it was asked: an address in the network, a way in, "" where that was not noted yet.
    """

    when: str
    who: str
    action: str
    subject: str
    detail: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; empty for any. `since` and `until` are days (2026-03-01), both included."""

    who: str = ""
    action: str = ""
    subject: str = ""
    place: str = ""
    since: str = ""
    until: str = ""


EVERY_ENTRY = AuditFilter()


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The end of the audit log at some time: how many entries there were, and the digest of the last one."""

    entries: int
    digest: str

    def __str__(self) -> str:
        return f"{self.entries}:{self.digest}"


@dataclass(frozen=True, slots=True)
class BulkChange:
    """A change to `articles` many articles that can be taken back as a whole.

    `action` is undo-import, remove, merge, move or replace (words in texts); `subject` the key of the import or the id
    of the collection;
    `taken_back` the moment when it was, "" while it stands.
    """

    key: int
    when: str
    who: str
    action: str
    subject: str
    target: str
    detail: str
    taken_back: str
    articles: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something `check` found: what (`message`), where (`place`), what to do (`hint`); `code` is for scripts."""

    code: str
    message: str
    place: str
    hint: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A piece of long work. `kind` and `arguments` (JSON) run it again; `kind` is "" for what cannot be.

    `owner` is the id of the actor who asked, `who` the name. `state` is waiting, running, done, failed, stopped or
    interrupted; `outcome` is JSON. Moments are UTC, ISO 8601 to the second, "" for what has not come.
    """

    id: str
    kind: str
    title: str
    arguments: str
    owner: str
    who: str
    state: str
    asked: str
    words: str = ""
    done: int = 0
    total: int = 0
    began: str = ""
    ended: str = ""
    message: str = ""
    hint: str = ""
    outcome: str = "null"
    back: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What `add` did: the stored articles with their ids; `already` when the original was in the collection before."""

    articles: tuple[Article, ...]
    already: bool = False


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """A backup into `folder` ("" for none) every so many hours; the newest of so many days, weeks, months is kept."""

    folder: str = ""
    hours: int = 24
    daily: int = 7
    weekly: int = 4
    monthly: int = 12

    def __post_init__(self) -> None:
        if not (1 <= self.hours <= 24 * 60 and all(0 <= n <= 1000 for n in (self.daily, self.weekly, self.monthly))):
            raise UsageError("间隔是 1 到 1440 小时，留的份数是 0 到 1000", hint="照这个范围填写")


@dataclass(frozen=True, slots=True)
class BackupOutcome:
    """What became of a backup: when it was made (UTC, ISO 8601), the file, why there is none ("" where there is)."""

    when: str
    file: str
    fault: str = ""

    @property
    def moment(self) -> datetime:
        """When, with its time zone."""
        return datetime.strptime(self.when, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BackupCondition:
    """How safe a library is: the last backup that was made, the last one where that failed, whether it is long ago."""

    made: BackupOutcome | None
    failed: BackupOutcome | None
    old: bool


@dataclass(frozen=True, slots=True)
class PurgeScope:
    """What purging an article would take: its versions, the names of the files they came from, pictures of its own.

    `others` counts the articles that came from the same files: they stay, without their original.
    """

    id: str
    title: str
    versions: int
    originals: tuple[str, ...]
    others: int
    pictures: int
