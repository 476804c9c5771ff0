"""Named periods: dynasties, events, plans and terms of office, from `events.toml` and an office's own file.

The files are for people to edit; the comments at the head of `events.toml` say how. A name in the office's file takes
the place of the same name in the shipped one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from archive.dates.calendar import civil, day, month_span, years_span
from archive.model.errors import ConfigError, StorageError
from archive.support.files import write_whole

Span = tuple[int | None, int | None]
Entry = TypeVar("Entry")
_HINT = "写法见说明 docs/periods.md；改好之前沿用上一次能用的内容"


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period that has names, as `events.toml` describes it. Days are Julian day numbers; spans are inclusive.

    `alone`: the name needs no 时期 or 前后 beside it. `before` is the last day of “before this” where that is not the
    first day itself, `after` the first day of “after this” where that is not the last day of a period longer than a
    year, or the first of a shorter one. `parts` are 初期, 末年 and the like where they are not simply a share of the
    whole.
    """

    names: tuple[str, ...]
    start: int
    end: int | None
    alone: bool = False
    vague: bool = False
    before: int | None = None
    after: int | None = None
    parts: Mapping[str, Span] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class PeriodTables:
    """All tables: periods and dynasties by name, plans by number, terms of office by body."""

    periods: Mapping[str, NamedPeriod]
    dynasties: Mapping[str, NamedPeriod]
    plans: Mapping[int, Span]
    terms: Mapping[str, tuple[Span, ...]]

    def overridden(self, other: PeriodTables) -> PeriodTables:
        """These tables with the other's entries in place of those of the same name."""
        return PeriodTables(
            {**self.periods, **other.periods},
            {**self.dynasties, **other.dynasties},
            {**self.plans, **other.plans},
            {**self.terms, **other.terms},
        )


def date_span(written: str) -> tuple[int, int]:
    """The days of `年`, `年-月` or `年-月-日` (astronomical years, a sign for those before 0); ValueError otherwise."""
    if not isinstance(written, str) or not re.fullmatch(r"-?\d{1,4}(-\d{1,2}){0,2}", written):
        raise ValueError(f'日期写法不对：{written}（应为 "1949-09-19"、"1949-09" 或 "1949"）')
    sign = -1 if written.startswith("-") else 1
    year, *rest = (int(part) for part in written.removeprefix("-").split("-"))
    year *= sign
    try:
        if not rest:
            return years_span(year, year)
        if len(rest) == 1:
            return month_span(year, rest[0])
        found = day(year, rest[0], rest[1])
    except ValueError:
        raise ValueError(f"没有这一天：{written}") from None
    return found, found


def _span(start: str, end: str | None) -> Span:
    first = date_span(start)[0]
    last = None if end is None else date_span(end)[1]
    if last is not None and last < first:
        raise ValueError(f"end 早于 start：{start}、{end}")
    return first, last


def _named(entry: Mapping[str, Any]) -> NamedPeriod:
    names = entry["names"]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError('names 应写成 ["名称", …]')
    start, end = _span(entry["start"], entry.get("end"))
    parts = {part: _span(*span) for part, span in entry.get("parts", {}).items()}
    before = date_span(entry["before"])[1] if "before" in entry else None
    after = date_span(entry["after"])[0] if "after" in entry else None
    assert start is not None
    return NamedPeriod(
        tuple(names), start, end, bool(entry.get("alone", False)), bool(entry.get("vague", False)), before, after,
        parts, str(entry.get("source", "")),
    )  # fmt: skip


_NUMERALS = str.maketrans(
    {**{numeral: str(count) for count, numeral in enumerate("一二三四五六七八九", 1)}, "卅": "30"}
)
_TOLD_BY_DAY = re.compile("(?P<numerals>[一二三四五六七八九卅]{2,4})(?P<rest>[^一二三四五六七八九十]{2,})")


def _in_figures(named: NamedPeriod) -> Iterator[str]:
    """9·18事变 for 九一八事变: names whose numerals are the month and the day on which it began."""
    _, month, of_month = civil(named.start)
    for name in named.names:
        told = _TOLD_BY_DAY.fullmatch(name.replace("·", ""))
        if told and told["numerals"].translate(_NUMERALS) == f"{month}{of_month}":
            yield f"{month}·{of_month}{told['rest']}"


def _plan(entry: Mapping[str, Any]) -> tuple[int, Span]:
    return int(entry["number"]), _span(entry["start"], entry["end"])


def _term(entry: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    starts = [date_span(first)[0] for first in entry["terms"]]
    if not starts or starts != sorted(set(starts)):
        raise ValueError("terms 里各届的开始日期应当从早到晚")
    ends: list[int | None] = [start - 1 for start in starts[1:]]
    return tuple(entry["body"]), tuple(zip(starts, [*ends, None], strict=True))


def read(text: str, place: str) -> PeriodTables:
    """The tables of one file's text; `place` names the file.

    Raises ConfigError, with the line, where something is wrong.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{place} 第 {line.group(1)} 行" if line else f"{place} 末尾"
        raise ConfigError(f"这一行的写法不对（{error}）", place=where, hint=_HINT) from error
    unknown = sorted(set(data) - {"period", "dynasty", "plan", "term"})
    if unknown:
        raise ConfigError(
            f"不认识的表：{unknown[0]}", place=_line_of(text, rf"^\s*\[*{unknown[0]}", 0, place), hint=_HINT
        )
    periods = _entries(data, text, place, "period", _named)
    dynasties = _entries(data, text, place, "dynasty", _named)
    terms = _entries(data, text, place, "term", _term)
    return PeriodTables(
        {name: named for named in periods for name in (*named.names, *_in_figures(named))},
        {name: named for named in dynasties for name in named.names},
        dict(_entries(data, text, place, "plan", _plan)),
        {body: spans for bodies, spans in terms for body in bodies},
    )


def _entries(
    data: Mapping[str, Any], text: str, place: str, table: str, make: Callable[[Mapping[str, Any]], Entry]
) -> list[Entry]:
    made = []
    for index, entry in enumerate(data.get(table, [])):
        try:
            made.append(make(entry))
        except (KeyError, ValueError, TypeError) as error:
            reason = f"缺少 {error.args[0]}" if isinstance(error, KeyError) else str(error)
            raise ConfigError(
                reason, place=_line_of(text, rf"^\s*\[\[{table}\]\]", index, place), hint=_HINT
            ) from error
    return made


def _line_of(text: str, pattern: str, index: int, place: str) -> str:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(pattern, line)]
    return f"{place} 第 {lines[index]} 行起" if index < len(lines) else place


@cache
def shipped() -> PeriodTables:
    """The tables that come with the program."""
    return read((files("archive.dates") / "events.toml").read_text(encoding="utf-8"), "events.toml")


def load(path: Path) -> tuple[PeriodTables, ConfigError | None]:
    """The shipped tables with an office's file over them, and what is wrong with that file, if anything.

    A good file is copied beside itself (`periods.good.toml` for `periods.toml`), and that copy is used as long as the
    file itself is broken, so that a slip of the pen never stops the program. A missing file is no error.
    """
    good = path.with_name(f"{path.stem}.good{path.suffix}")
    if not path.exists():
        return shipped(), None
    try:
        text = path.read_text(encoding="utf-8-sig")
        names = shipped().overridden(read(text, path.name))
    except UnicodeDecodeError:
        error = ConfigError("不是 UTF-8 编码的文本", place=path.name, hint="用记事本另存为 UTF-8")
    except ConfigError as broken:
        error = broken
    else:
        _keep(good, text)
        return names, None
    with suppress(FileNotFoundError, UnicodeDecodeError):  # a spoilt copy is none
        return shipped().overridden(read(good.read_text(encoding="utf-8"), good.name)), error
    return shipped(), error


def _keep(good: Path, text: str) -> None:
    """Remember a good text; a folder that cannot be written only means that the shipped tables stand in later."""
    try:
        if not good.exists() or good.read_bytes() != text.encode("utf-8"):
            write_whole(good, text)
    except (OSError, StorageError):
        return
