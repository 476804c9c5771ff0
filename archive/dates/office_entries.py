"""The entries of an office's own periods as values, and the text of `periods.toml` with one of them changed.

Whatever else stands in the file, comments included, stays as it is: people edit it by hand, too.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from archive.dates.period_tables import read
from archive.model.errors import ConfigError


@dataclass(frozen=True, slots=True)
class OfficePeriod:
    """One [[period]]: days are written `1949`, `1949-09` or `1949-09-19`; an empty one is not given.

    What the fields mean is told at the head of `events.toml`. The first name is what the entry is found by.
    """

    names: tuple[str, ...]
    start: str
    end: str = ""
    before: str = ""
    after: str = ""
    alone: bool = False
    vague: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class OfficeTerms:
    """One [[term]]: how texts call a body, and the days on which its terms began, the first term first."""

    body: tuple[str, ...]
    terms: tuple[str, ...]
    source: str = ""


Entry = OfficePeriod | OfficeTerms


def entries(text: str, place: str) -> tuple[Entry, ...]:
    """The periods and terms of a file's text, in order. Raises ConfigError, with the line, where something is wrong."""
    read(text, place)
    data = tomllib.loads(text)
    found: list[Entry] = [
        OfficePeriod(
            tuple(one["names"]), one["start"], one.get("end", ""), one.get("before", ""), one.get("after", ""),
            bool(one.get("alone", False)), bool(one.get("vague", False)), str(one.get("source", "")),
        )
        for one in data.get("period", ())
    ]  # fmt: skip
    found += [
        OfficeTerms(tuple(one["body"]), tuple(one["terms"]), str(one.get("source", ""))) for one in data.get("term", ())
    ]
    return tuple(found)


def with_entry(text: str, entry: Entry, place: str, instead_of: str = "") -> str:
    """The text with this entry in place of the one called `instead_of`, else of its own first name, or at its end.

    Raises ConfigError, also when another entry has the new name already.
    """
    read(text, place)  # what is broken is for its writer to mend
    name = names_of(entry)[0] if names_of(entry) else ""
    stretch = _stretch(text, type(entry), instead_of or name)
    if instead_of and name != instead_of and _stretch(text, type(entry), name):
        raise ConfigError(f"已经有“{name}”这一条", place=place, hint="换一个名称，或者改原来那一条")
    if stretch:
        changed = text[: stretch[0]] + _written(entry) + text[stretch[1] :]
    else:
        changed = "\n\n".join(filter(None, (text.rstrip("\n"), _written(entry))))
    read(changed, place)
    return changed


def without_entry(text: str, kind: type[Entry], name: str, place: str) -> str:
    """The text without the period or terms called `name`; as it is where there is none. Raises ConfigError."""
    read(text, place)
    stretch = _stretch(text, kind, name)
    if stretch is None:
        return text
    changed = text[: stretch[0]] + text[stretch[1] :].lstrip("\n")
    read(changed, place)
    return changed


def names_of(entry: Entry) -> tuple[str, ...]:
    """What an entry goes by; the first is what it is found by."""
    return entry.names if isinstance(entry, OfficePeriod) else entry.body


_HEADER = re.compile(r"^[ \t]*\[\[?\s*(?P<table>\w+)\s*\]\]?", re.M)
_COMMENTS = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?\n)*\Z", re.M)


def _stretch(text: str, kind: type[Entry], name: str) -> tuple[int, int] | None:
    """Where the entry of that name stands: from its header to the comments of the next one, or to the end."""
    table, key = ("period", "names") if kind is OfficePeriod else ("term", "body")
    headers = list(_HEADER.finditer(text))
    for place, header in enumerate(headers):
        if header["table"] != table:
            continue
        end = headers[place + 1].start() if place + 1 < len(headers) else len(text)
        (one,) = tomllib.loads(text[header.start() : end])[table]
        if one.get(key, [""])[0] == name:
            comments = _COMMENTS.search(text[header.start() : end])
            return header.start(), header.start() + comments.start() if comments else end
    return None


def _written(entry: Entry) -> str:
    """An entry as TOML, one key a line; what is not given is left out."""
    if isinstance(entry, OfficeTerms):
        values: dict[str, str | bool | Sequence[str]] = {"body": entry.body, "terms": entry.terms}
        table = "term"
    else:
        values = {"names": entry.names, "start": entry.start, "end": entry.end, "before": entry.before}
        values |= {"after": entry.after, "alone": entry.alone, "vague": entry.vague}
        table = "period"
    values["source"] = entry.source
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    return "\n".join([f"[[{table}]]", *lines]) + "\n"
