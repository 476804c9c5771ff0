"""The readable sources of the sample collections; `collections/README.md` describes their conventions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MARKS = {">> ": "ending", "> ": "quotation", "~ ": "verse", "1. ": "numbered", "[表] ": "table-caption"}
MARKS |= {"[图] ": "figure-caption", "- ": "bullet"}
FIGURE = re.compile(r"!\[(?P<text>[^]]*)\]\((?P<picture>[^)]+)\)")
NOTE = re.compile(r"\[\^(?P<label>[^]]+)\]: (?P<text>.+)")
HEADING = re.compile(r"(?P<marks>#+) (?P<text>.+)")
INLINE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|\*(?P<dotted>.+?)\*|\[\^(?P<note>[^]]+)\]|\{\+\+(?P<inserted>.+?)\+\+\}"
    r"|\{--(?P<deleted>.+?)--\}|\{%%(?P<hidden>.+?)%%\}|\{(?P<base>[^|{}]+)\|(?P<ruby>[^|{}]+)\}"
)


@dataclass(frozen=True)
class Element:
    """One block of a source: `kind` is a key of `MARKS`, or "paragraph", "figure", "table"."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str = ""


@dataclass(frozen=True)
class Source:
    """One `.md` source: the lines between `---` as `fields`, then its blocks and its notes by label."""

    fields: Mapping[str, str]
    elements: tuple[Element, ...]
    notes: Mapping[str, str]


def read_source(path: Path) -> Source:
    """Parse one source file; a line is a paragraph, blank lines only separate."""
    lines = path.read_text(encoding="utf-8").splitlines()
    fields: dict[str, str] = {}
    if lines and lines[0] == "---":
        end = lines.index("---", 1)
        fields = dict(line.split(": ", 1) for line in lines[1:end])
        lines = lines[end + 1 :]
    notes = {match["label"]: match["text"] for line in lines if (match := NOTE.fullmatch(line))}
    body = (line for line in lines if line and not NOTE.fullmatch(line))
    return Source(fields, tuple(parse(body)), notes)


def parse(lines: Iterable[str]) -> Iterator[Element]:
    """The blocks of a source; consecutive `|` lines are one table."""
    rows: list[tuple[str, ...]] = []
    for line in lines:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line[1:-1].split("|")))
            continue
        if rows:
            yield Element("table", rows=tuple(rows))
            rows = []
        yield parse_line(line)
    if rows:
        yield Element("table", rows=tuple(rows))


def parse_line(line: str) -> Element:
    """One line that is not a table row."""
    if match := HEADING.fullmatch(line):
        return Element("heading", match["text"], level=len(match["marks"]))
    if match := FIGURE.fullmatch(line):
        return Element("figure", match["text"], picture=match["picture"])
    for mark, kind in MARKS.items():
        if line.startswith(mark) or line == mark.rstrip():  # a mark alone is an empty line, as between stanzas
            return Element(kind, line[len(mark) :])
    return Element("paragraph", line)


def outline(sources: Iterable[Source]) -> Iterator[tuple[int, str]]:
    """(level, text) of every heading of level 1 or 2 in print order: what a table of contents lists."""
    section = ""
    for source in sources:
        wanted, title = source.fields.get("section", ""), source.fields.get("title", "")
        if wanted and wanted != section:
            yield 1, wanted
        if title and source.fields.get("kind") != "contents":
            yield (2 if wanted else 1), INLINE.sub("", title)
        section = wanted
        yield from ((item.level, item.text) for item in source.elements if item.kind == "heading" and item.level < 3)
