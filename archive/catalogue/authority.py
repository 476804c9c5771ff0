"""People, places and bodies as an office names them: `names.csv` in its library's folder.

Each has one preferred form, the other forms found in print, and what tells bearers of one name apart. The file is the
office's own, kept with Excel or any editor. A row that cannot be used is reported; the others stay in use.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path

from archive.model.errors import ConfigError, WenshiError
from archive.support.library_folder import NAMES
from archive.support.sheets import write_csv
from archive.support.storage_errors import reason
from archive.support.table_files import own_rows
from archive.text.folding import HAN, fold

HEADER = ("类别", "规范名", "别名", "生卒", "说明")
COUNT = "次数"
"""A column of candidates (see `archive.name_candidates`), of no account when the table is read."""

_SEPARATOR = "；"
_SEPARATORS = re.compile(r"[；;、\n]")
_PADDING = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")


class NameKind(enum.StrEnum):
    """Whether a name is that of a person, a place or a body."""

    PERSON = "人物"
    PLACE = "地名"
    BODY = "机构"


@dataclass(frozen=True, slots=True)
class Name:
    """One person, place or body. `aliases` are other forms in print, none of them the preferred one.

    `dates` is what the office writes: years of birth and death, of founding and end.
    """

    kind: NameKind
    preferred: str
    aliases: tuple[str, ...] = ()
    dates: str = ""
    note: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The preferred form and the aliases."""
        return self.preferred, *self.aliases


@dataclass(frozen=True)
class Authority:
    """All names of an office, in the order of its file. `problems` say what in the file could not be used."""

    names: tuple[Name, ...] = ()
    problems: tuple[ConfigError, ...] = ()

    @classmethod
    def of(cls, root: Path) -> Authority:
        """The names of the library at `root`; none where it has no such file. Never raises: see `problems`.

        Costs next to nothing while the file has not changed.
        """
        file = root / NAMES
        try:
            found = file.stat()
        except FileNotFoundError:
            return _NONE
        except OSError as failure:
            return cls(problems=(_unreadable(reason(failure)),))
        return _read(file, found.st_mtime_ns, found.st_size)

    def find(self, form: str, kind: NameKind | None = None) -> tuple[Name, ...]:
        """The names with this form, those that prefer it first; several where the form is ambiguous.

        Traditional and simplified forms, and padding inside a name, make no difference.
        """
        wanted = key(form)
        found = [name for name in self.by_form.get(wanted, ()) if kind in (None, name.kind)]
        return tuple(sorted(found, key=lambda name: key(name.preferred) != wanted))

    @cached_property
    def by_form(self) -> Mapping[str, tuple[Name, ...]]:
        """Every form as `key` gives it, with the names that have it."""
        found: dict[str, list[Name]] = {}
        for name in self.names:
            for form in dict.fromkeys(map(key, name.forms)):
                found.setdefault(form, []).append(name)
        return {form: tuple(names) for form, names in found.items()}


def key(form: str) -> str:
    """The form folded (see `archive.text.folding`) and without padding: equal for two forms that count as one."""
    return fold(form.strip()).text


def _unreadable(reason: str) -> ConfigError:
    return ConfigError(f"读不出来：{reason}", place=NAMES, hint="检查这个文件；改好之前当作没有规范名")


_NONE = Authority()  # one and the same, so that what is kept for it is found again


@lru_cache(maxsize=8)
def _read(file: Path, changed: int, size: int) -> Authority:
    """The names in the file; time of change (ns) and size (bytes) identify the state that is cached."""
    try:
        table = parse(own_rows(file), NAMES)
    except WenshiError as failure:
        return Authority(problems=(_unreadable(failure.message),))
    return Authority(tuple(table.names), table.problems)


# -- a table of names


@dataclass(frozen=True, slots=True)
class NameTable:
    """A sheet as read. `names` is by row as Excel counts; `columns` are those of HEADER that the sheet has."""

    rows: Mapping[int, Name]
    columns: tuple[str, ...]
    problems: tuple[ConfigError, ...]

    @property
    def names(self) -> Iterator[Name]:
        """The names in order."""
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
        for name in dict.fromkeys(header)
        if name and name not in (*HEADER, COUNT)
    ]
    found: dict[int, Name] = {}
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        if not any(cells.values()):
            continue
        try:
            name = _name(cells)
            first = seen.setdefault(_identity(name), number)
            if first != number:
                raise ConfigError(f"“{name.preferred}”与第 {first} 行重复", hint="并成一行；同名的两个人，用生卒分开")
            found[number] = name
        except ConfigError as problem:
            problem.place = f"{place} 第 {number} 行"
            problems.append(problem)
    return NameTable(found, columns, tuple(problems))


def _name(cells: Mapping[str, str]) -> Name:
    """One row as a name. Raises ConfigError without a place."""
    given, preferred = cells["类别"], _closed_up(cells.get("规范名", ""))
    if given not in list(NameKind):
        near = get_close_matches(given, list(NameKind), n=1, cutoff=0.4)
        choices = f"是不是“{near[0]}”？" if near else f"写{'、'.join(NameKind)}中的一个"
        raise ConfigError(f"类别“{given}”不认识" if given else "没有写类别", hint=choices)
    if not preferred:
        raise ConfigError("没有写规范名", hint="补上规范名，或删去这一行")
    aliases = dict.fromkeys(_closed_up(part) for part in _SEPARATORS.split(cells.get("别名", "")))
    kept = tuple(alias for alias in aliases if alias and alias != preferred)
    return Name(NameKind(given), preferred, kept, cells.get("生卒", ""), cells.get("说明", ""))


def _closed_up(form: str) -> str:
    return _PADDING.sub("", form.strip())


def _identity(name: Name) -> tuple[str, ...]:
    """The values by which a row is unique."""
    return name.kind, key(name.preferred), name.dates


def row(name: Name) -> tuple[str, ...]:
    """A name as a row under HEADER."""
    return name.kind.value, name.preferred, _SEPARATOR.join(name.aliases), name.dates, name.note


# -- changing


@dataclass(frozen=True, slots=True)
class Merged:
    """What taking in a table makes: all names afterwards, those that are new, and (before, after) of those changed."""

    names: tuple[Name, ...]
    added: tuple[Name, ...]
    changed: tuple[tuple[Name, Name], ...]


def merge(held: Sequence[Name], table: NameTable) -> Merged:
    """The names held with those of a table: a name of the same kind and preferred form is changed, others are added.

    Where several have one name, the dates decide which is meant. Columns that the table lacks stay as they are; nothing
    is removed.
    """
    names = list(held)
    added: list[Name] = []
    changed: list[tuple[Name, Name]] = []
    for given in table.names:
        at = _same(held, given)
        if at is None:
            names.append(given)
            added.append(given)
            continue
        after = _filled(held[at], given, table.columns)
        if after != held[at]:
            changed.append((held[at], after))
            names[at] = after
    return Merged(tuple(names), tuple(added), tuple(changed))


def _same(held: Sequence[Name], given: Name) -> int | None:
    alike = [at for at, name in enumerate(held) if _identity(name)[:2] == _identity(given)[:2]]
    exact = [at for at in alike if held[at].dates == given.dates]
    open_ended = [at for at in alike if not (held[at].dates and given.dates)]
    if exact:
        return exact[0]
    return open_ended[0] if len(alike) == 1 and open_ended else None


def _filled(held: Name, given: Name, columns: Sequence[str]) -> Name:
    after = replace(given, dates=given.dates or held.dates)  # dates distinguish two of one name and are never lost
    if "别名" not in columns:
        after = replace(after, aliases=held.aliases)
    if "说明" not in columns:
        after = replace(after, note=held.note)
    return after


def save(root: Path, names: Sequence[Name]) -> None:
    """Write the file of the library at `root` anew, in one step. Raises StorageError."""
    write_csv(root / NAMES, HEADER, map(row, names))
