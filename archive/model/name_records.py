"""People, places and bodies as an office knows them: one record each, however many names it goes by."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.model.errors import FieldError

LONGEST_NAME, LONGEST_TEXT, MOST_LINES = 100, 2_000, 200

YEARS_OF_CHGIS = (-222, 1911)
"""The years that CHGIS knows places in; later ones are the business of the office's own table."""

_HVD = re.compile(r"hvd_\d+")
_YEAR = re.compile(r"(前|公元前|-)?(\d{1,4})(?!\d)")
_TO = re.compile(r"[—–―～~至\-－一]+")


class NameKind(enum.StrEnum):
    """Whether a name is that of a person, a place or a body."""

    PERSON = "人物"
    PLACE = "地名"
    BODY = "机构"


class FormType(enum.StrEnum):
    """What kind of other name a form is."""

    COURTESY = "字"
    PSEUDONYM = "号"
    ALIAS = "别名"
    FORMER = "曾用名"
    SHORT = "简称"
    OLD = "旧称"


@dataclass(frozen=True, slots=True)
class NameForm:
    """Another form in print."""

    text: str
    type: FormType = FormType.ALIAS


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source says: `what` it is about (生, 卒, 任职, 籍贯 …), `when` as people write it, the matter itself.

    A `source` may name a paragraph of the library as 编号#b段: see `references`.
    """

    what: str
    when: str = ""
    text: str = ""
    source: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The parts in order."""
        return self.what, self.when, self.text, self.source


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a place or body belonged to (隶属), in years, both included; None is open. 1 BC is year 0."""

    parent: str
    since: int | None = None
    until: int | None = None
    source: str = ""

    def holds(self, year: int) -> bool:
        """Whether it did in a year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a record is called elsewhere, and the years it is that there: CBDB 3211; CHGIS hvd_1234, 1736 to 1911."""

    scheme: str
    value: str
    since: int | None = None
    until: int | None = None

    def valid(self, year: int) -> bool:
        """Whether it means this record in a year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


@dataclass(frozen=True, slots=True)
class NameRecord:
    """One person, place or body. `forms` are other forms in print, none of them the preferred one.

    `dates` is what the office writes: years of birth and death, of founding and end. `key` is never given twice;
    `merged_into` is the record that this one turned out to be, 0 where it stands for itself. `version` counts from 1;
    `who` made it, `when`.
    """

    kind: NameKind
    preferred: str
    forms: tuple[NameForm, ...] = ()
    dates: str = ""
    note: str = ""
    statements: tuple[Statement, ...] = ()
    belongings: tuple[Belonging, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    key: int = 0
    version: int = 0
    merged_into: int = 0
    removed: bool = False
    who: str = ""
    when: str = ""

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other forms without their types."""
        return tuple(form.text for form in self.forms)

    @property
    def content(self) -> tuple[object, ...]:
        """All that an editor writes."""
        return (
            self.kind, self.preferred, self.forms, self.dates, self.note, self.statements, self.belongings,
            self.identifiers,
        )  # fmt: skip

    @property
    def years(self) -> tuple[int | None, int | None]:
        """First and last year it was there; None where that is open or not known."""
        since, until = years(self.dates)
        said = {one.what: years(one.when)[0] for one in reversed(self.statements)}
        first = since if since is not None else said.get("生", said.get("设立"))
        return first, until if until is not None else said.get("卒", said.get("撤销"))


@dataclass(frozen=True, slots=True)
class NameChange:
    """A version of a record: what was done, by whom, when and why."""

    record: NameRecord
    done: str
    reason: str


class Standing(enum.StrEnum):
    """What is known of who is meant at a place."""

    OPEN = "待核"
    SETTLED = "已定"
    EITHER = "两可"
    UNKNOWABLE = "不可考"


def years(written: str) -> tuple[int | None, int | None]:
    """The first and last year of 1901—2001, 1956—, —1949, 1913; None where open. BC 前 counts 1 BC as 0."""
    parts = _TO.split(written, maxsplit=1) if not written.startswith("-") else [written]
    found = [_year(part) for part in parts]
    if len(found) == 1:
        return found[0], found[0]
    return found[0], found[1]


def _year(part: str) -> int | None:
    found = _YEAR.search(part)
    if found is None:
        return None
    number = int(found.group(2))
    if not found.group(1):
        return number
    return -number if found.group(1) == "-" else 1 - number


def years_written(since: int | None, until: int | None) -> str:
    """The reverse of `years`: 1913—1928, 1956—; empty where both are open."""
    if since is None and until is None:
        return ""
    return f"{_written(since)}—{_written(until)}"


def _written(year: int | None) -> str:
    if year is None:
        return ""
    return str(year) if year > 0 else f"前{1 - year}"


REFERENCE = re.compile(r"(?<![\w-])([\w-]+)#b(\d+)(?!\d)")


def references(source: str) -> Iterator[tuple[str, int]]:
    """The paragraphs of the library that a source names: (article id, block)."""
    for found in REFERENCE.finditer(source):
        yield found.group(1), int(found.group(2))


def without_references(source: str) -> str:
    """What a source says beside the paragraphs it names."""
    return " ".join(REFERENCE.sub("", source).split())


def checked(record: NameRecord) -> NameRecord:
    """The record, when all of it can be kept. Raises FieldError for what cannot."""
    if not record.preferred:
        raise FieldError("没有写规范名", field="规范名", hint="补上规范名，或删去这一行")
    for text in (record.preferred, *record.aliases):
        if len(text) > LONGEST_NAME:
            raise FieldError(f"“{text[:20]}……”太长", field="规范名", hint=f"一个名称最多 {LONGEST_NAME} 字")
    long = (record.note, record.dates, *(cell for one in record.statements for cell in one.cells))
    if any(len(text) > LONGEST_TEXT for text in long):
        raise FieldError("有一栏太长", field="说明", hint=f"每一栏最多 {LONGEST_TEXT} 字")
    if any(len(one) > MOST_LINES for one in (record.forms, record.statements, record.belongings, record.identifiers)):
        raise FieldError("行数太多", field="经历", hint=f"每一项最多 {MOST_LINES} 行")
    for one in record.belongings:
        if one.since is not None and one.until is not None and one.since > one.until:
            message = f"隶属“{one.parent}”的起讫颠倒：{years_written(one.since, one.until)}"
            raise FieldError(message, field="隶属", hint="先写起年，后写止年")
    for identifier in record.identifiers:
        _check_identifier(identifier, record)
    return record


def _check_identifier(one: Identifier, record: NameRecord) -> None:
    if one.since is not None and one.until is not None and one.since > one.until:
        message = f"标识 {one.value} 的起讫颠倒：{years_written(one.since, one.until)}"
        raise FieldError(message, field="标识", hint="先写起年，后写止年")
    if one.scheme == "CBDB" and (record.kind is not NameKind.PERSON or not one.value.isdecimal()):
        raise FieldError(f"CBDB 的编号“{one.value}”不对", field="标识", hint="CBDB 只有人物，编号是数字，如 CBDB 3211")
    if one.scheme != "CHGIS":
        return
    if record.kind is not NameKind.PLACE or not _HVD.fullmatch(one.value):
        hint = "CHGIS 只有地名，编号写作 hvd_ 加数字，如 CHGIS hvd_80245"
        raise FieldError(f"CHGIS 的编号“{one.value}”不对", field="标识", hint=hint)
    first, last = YEARS_OF_CHGIS
    hint = "1912 年以后的隶属写在“隶属”里；CHGIS 的编号只写它管的年份，如 CHGIS hvd_80245 (1736—1911)"
    if (one.since is not None and not first <= one.since <= last) or (
        one.until is not None and not first <= one.until <= last
    ):
        message = f"{one.value} 的年份超出 CHGIS 的范围（公元前 223 年至 1911 年）"
        raise FieldError(message, field="标识", hint=hint)
    since, until = record.years
    begins, ends = one.since if one.since is not None else first, one.until if one.until is not None else last
    if (since is not None and since > ends) or (until is not None and until < begins):
        there = years_written(since, until)
        raise FieldError(f"“{record.preferred}”的年代（{there}）不在 {one.value} 的年份里", field="标识", hint=hint)
