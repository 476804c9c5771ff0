"""Records of people, places and bodies as a table, one a row, in and out without loss."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from archive.catalogue.authority import key
from archive.model.errors import ConfigError, FieldError
from archive.model.name_records import (
    Belonging,
    FormType,
    Identifier,
    NameForm,
    NameKind,
    NameRecord,
    Statement,
    checked,
    years,
    years_written,
)
from archive.support import sheets
from archive.text.folding import HAN

HEADER = ("类别", "规范名", "别名", "生卒", "说明", "经历", "隶属", "标识", "编号")
MERGED = "并入的编号"
"""A column of what is handed out: numbers that lead here. Of no account when a table is read."""

COUNT = "次数"
"""A column of candidates (see `archive.name_candidates`), of no account when the table is read."""

FORMATS = (".xlsx", ".csv")
_SEPARATOR, _CELLS = "；", " | "
_SEPARATORS = re.compile(r"[；;、\n]")
_PADDING = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_TYPED = re.compile(rf"(.+)[（(]({'|'.join(FormType)})[）)]", re.DOTALL)
_IDENTIFIER = re.compile(r"(\S+?)[\s:：]+(\S+?)(?:\s*[（(](.*)[）)])?")
_ATTRIBUTES = {
    "别名": "forms", "生卒": "dates", "说明": "note", "经历": "statements", "隶属": "belongings", "标识": "identifiers",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameTable:
    """A sheet as read: records by row as Excel counts, the columns of HEADER that it has, the rows it is wrong in."""

    rows: Mapping[int, NameRecord]
    columns: tuple[str, ...]
    problems: tuple[ConfigError, ...]
    refused: tuple[int, ...] = ()

    @property
    def records(self) -> Iterator[NameRecord]:
        """The records in order; their keys are what 编号 says, 0 where it says nothing."""
        return iter(self.rows.values())


def parse(rows: Sequence[Sequence[str]], place: str) -> NameTable:
    """Read a sheet whose first row is HEADER, in any order; 类别 and 规范名 must be there.

    `place` is what problems call the file.
    """
    header = [cell.strip() for cell in rows[0]] if rows else []
    columns = tuple(name for name in HEADER if name in header)
    if missing := [name for name in HEADER[:2] if name not in header]:
        hint = f"第一行写各栏的名称：{'、'.join(HEADER)}"
        return NameTable(
            {}, columns, (ConfigError(f"缺少“{'”“'.join(missing)}”一栏", place=f"{place} 第 1 行", hint=hint),)
        )
    problems = [
        ConfigError(f"没有“{name}”这一栏，其中的内容不会用到", place=f"{place} 第 1 行", hint="需要保留的写进“说明”")
        for name in dict.fromkeys(unknown_columns(header))
    ]
    found: dict[int, NameRecord] = {}
    seen: dict[tuple[str, ...], int] = {}
    refused = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        if not any(cells.values()):
            continue
        try:
            record = _record(cells)
            first = seen.setdefault(identity(record), number)
            if first != number:
                hint = "并成一行；同名的两个人，用生卒或说明分开"
                raise ConfigError(f"“{record.preferred}”与第 {first} 行重复", hint=hint)
            found[number] = record
        except (ConfigError, FieldError) as problem:
            refused.append(number)
            problems.append(ConfigError(problem.message, place=f"{place} 第 {number} 行", hint=problem.hint))
    return NameTable(found, columns, tuple(problems), tuple(refused))


def unknown_columns(header: Iterable[str]) -> list[str]:
    """The columns that a table of names does not have."""
    return [name for name in header if name and name not in (*HEADER, COUNT, MERGED)]


def _record(cells: Mapping[str, str]) -> NameRecord:
    """One row as a record. Raises ConfigError, FieldError without a place."""
    given = cells["类别"]
    if given not in list(NameKind):
        near = get_close_matches(given, list(NameKind), n=1, cutoff=0.4)
        choices = f"是不是“{near[0]}”？" if near else f"写{'、'.join(NameKind)}中的一个"
        raise ConfigError(f"类别“{given}”不认识" if given else "没有写类别", hint=choices)
    number = cells.get("编号", "")
    if number and not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise ConfigError(f"编号“{number[:20]}”不是数字", hint="编号由程序给出，新的一行不写编号")
    preferred = closed_up(cells.get("规范名", ""))
    return checked(
        NameRecord(
            kind=NameKind(given),
            preferred=preferred,
            forms=read_forms(cells.get("别名", ""), preferred),
            dates=cells.get("生卒", ""),
            note=cells.get("说明", ""),
            statements=tuple(statement(_parted(line)) for line in cells.get("经历", "").splitlines() if line.strip()),
            belongings=tuple(belonging(_parted(line)) for line in cells.get("隶属", "").splitlines() if line.strip()),
            identifiers=read_identifiers(cells.get("标识", "")),
            key=int(number or 0),
        )
    )


def closed_up(form: str) -> str:
    """A name without the padding that print puts between its characters."""
    return _PADDING.sub("", form.strip())


def cleaned(text: str) -> str:
    """A text that can stand in a part of a cell: on one line, without the mark that parts them."""
    return " ".join(text.replace("|", "｜").split())


def _parted(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]


def read_forms(written: str, preferred: str) -> tuple[NameForm, ...]:
    """The other forms, each once, with the type in brackets behind it: 汉卿（字）；少帅."""
    found: dict[str, NameForm] = {}
    for part in _SEPARATORS.split(written):
        typed = _TYPED.fullmatch(part.strip())
        text, type = (typed[1], FormType(typed[2])) if typed else (part, FormType.ALIAS)
        if (text := closed_up(text)) and text != preferred:
            found.setdefault(text, NameForm(text, type))
    return tuple(found.values())


def write_forms(forms: Iterable[NameForm]) -> str:
    """The reverse of `read_forms`."""
    return _SEPARATOR.join(f"{one.text}（{one.type}）" if one.type is not FormType.ALIAS else one.text for one in forms)


def statement(parts: Sequence[str]) -> Statement:
    """What a source says, from 何事, 时间, 内容, 出处. Raises FieldError."""
    what, when, text, source = (*map(cleaned, parts), "", "", "", "")[:4]
    if not what or len(parts) > 4:
        raise FieldError(
            "“经历”有一行不全", field="经历", hint="一行写：何事 | 时间 | 内容 | 出处，如 任职 | 1956—1958 | 县长"
        )
    return Statement(what, when, text, source)


def belonging(parts: Sequence[str]) -> Belonging:
    """What a place belonged to, from 时间, 上级, 出处. Raises FieldError."""
    when, parent, source = (*map(cleaned, parts), "", "", "")[:3]
    hint = "一行写：起止年 | 上级 | 出处，如 1929—1949 | 宁夏省"
    if not parent or len(parts) > 3:
        raise FieldError("“隶属”有一行不全", field="隶属", hint=hint)
    since, until = years(when)
    if when and since is None and until is None:
        raise FieldError(f"“隶属”里的时间“{when}”看不懂", field="隶属", hint=hint)
    return Belonging(closed_up(parent), since, until, source)


def read_identifiers(written: str) -> tuple[Identifier, ...]:
    """What it is called elsewhere: CBDB 3211；CHGIS hvd_80245 (1736—1911). Raises FieldError."""
    found = []
    for part in filter(None, map(str.strip, re.split(r"[；;\n]", written))):
        read = _IDENTIFIER.fullmatch(part)
        if read is None:
            raise FieldError(f"标识“{part[:40]}”看不懂", field="标识", hint="写：哪一家 编号，如 CBDB 3211")
        scheme = read[1].upper() if read[1].upper() in ("CBDB", "CHGIS") else read[1]
        since, until = years(read[3] or "")
        found.append(Identifier(scheme, read[2], since, until))
    return tuple(found)


def write_identifiers(identifiers: Iterable[Identifier]) -> str:
    """The reverse of `read_identifiers`."""
    return _SEPARATOR.join(
        f"{one.scheme} {one.value}" + (f" ({when})" if (when := years_written(one.since, one.until)) else "")
        for one in identifiers
    )


def identity(record: NameRecord) -> tuple[str, ...]:
    """The values by which a row is unique: of undated bearers of one name the notes are."""
    return record.kind, key(record.preferred), record.dates, "" if record.dates else record.note


def row(record: NameRecord) -> tuple[str, ...]:
    """A record as a row under HEADER."""
    said = (_CELLS.join(one.cells).rstrip(" |") for one in record.statements)
    under = (
        _CELLS.join((years_written(one.since, one.until), one.parent, one.source)).rstrip(" |")
        for one in record.belongings
    )
    return (
        record.kind.value,
        record.preferred,
        write_forms(record.forms),
        record.dates,
        record.note,
        "\n".join(said),
        "\n".join(under),
        write_identifiers(record.identifiers),
        str(record.key or ""),
    )


def write_table(records: Iterable[NameRecord], merged: Mapping[int, Sequence[int]], file: Path) -> None:
    """Write records as .xlsx or .csv; `merged` has the numbers that lead to a record. Raises StorageError."""
    rows = [(*row(one), _SEPARATOR.join(map(str, merged.get(one.key, ())))) for one in records]
    sheets.write_table(file, "名称", (*HEADER, MERGED), rows)


# -- taking in


@dataclass(frozen=True, slots=True)
class Merged:
    """What taking in a table makes: the records that are new, (before, after) of those changed, rows nobody can tell
    what they mean.
    """

    added: tuple[NameRecord, ...]
    changed: tuple[tuple[NameRecord, NameRecord], ...]
    problems: Mapping[int, FieldError]


def merge(held: Iterable[NameRecord], table: NameTable) -> Merged:
    """The records of a table against those held: what has a number held, or else the same kind and preferred form, is
    changed; others are added.

    Where several have one name, the dates decide which is meant, then the note. A number of a record that was merged
    means the one it was merged into. Columns that the table lacks stay as they are; nothing is removed.
    """
    known = _Held(held)
    added: list[NameRecord] = []
    changed: list[tuple[NameRecord, NameRecord]] = []
    problems: dict[int, FieldError] = {}
    for number, given in table.rows.items():
        try:
            before = known.numbered(given) or known.same(given)
        except FieldError as error:
            problems[number] = error
            continue
        if before is None:
            added.append(replace(given, key=0))
            continue
        after = _filled(before, given, table.columns)
        if after.content != before.content:
            changed.append((before, after))
    return Merged(tuple(added), tuple(changed), problems)


class _Held:
    """Records to find those of rows among."""

    def __init__(self, records: Iterable[NameRecord]) -> None:
        self._by_key: dict[int, NameRecord] = {}
        self._by_name: dict[tuple[str, ...], list[NameRecord]] = {}
        for one in records:
            self._by_key[one.key] = one
            if not (one.merged_into or one.removed):
                self._by_name.setdefault(identity(one)[:2], []).append(one)

    def numbered(self, given: NameRecord) -> NameRecord | None:
        """The record with the number of a row, as long as it goes by one of the row's names."""
        found = self._by_key.get(given.key) if given.key else None
        while found is not None and found.merged_into:
            found = self._by_key.get(found.merged_into)
        if found is None or found.removed:
            return None  # from another library, or removed here: by its name
        forms = {key(form) for form in (given.preferred, *given.aliases)}
        if found.kind is given.kind and forms & {key(form) for form in (found.preferred, *found.aliases)}:
            return found
        message = f"编号 {given.key} 在库里是“{found.preferred}”，与“{given.preferred}”没有一个名称相同"
        raise FieldError(message, field="编号", hint="核对编号；新增的一行，编号空着")

    def same(self, given: NameRecord) -> NameRecord | None:
        """The record that a row without a number means."""
        alike = self._by_name.get(identity(given)[:2], [])
        exact = [one for one in alike if one.dates == given.dates]
        if len(exact) > 1:
            noted = [one for one in exact if one.note == given.note]
            if len(noted) != 1:
                hint = "导出现有的表，照它写上“编号”"
                raise FieldError(
                    f"“{given.preferred}”同名的有 {len(exact)} 条，不知道是哪一条", field="编号", hint=hint
                )
            return noted[0]
        if exact:
            return exact[0]
        open_ended = [one for one in alike if not (one.dates and given.dates)]
        return open_ended[0] if len(alike) == 1 and open_ended else None


def _filled(held: NameRecord, given: NameRecord, columns: Sequence[str]) -> NameRecord:
    after = replace(given, key=held.key, version=held.version)
    # dates distinguish two of one name and are never lost
    after = replace(after, dates=given.dates or held.dates)
    for column, attribute in _ATTRIBUTES.items():
        if column not in columns:
            after = replace(after, **{attribute: getattr(held, attribute)})
    if "别名" not in columns:
        after = replace(after, forms=tuple(one for one in held.forms if one.text != after.preferred))
    return after
