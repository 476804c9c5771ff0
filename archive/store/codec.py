"""Blocks and other nested records as compact JSON and back, exactly.

The text `encode_blocks` writes is canonical: equal blocks give equal text, and an article's digest is the SHA-256 of
its UTF-8 bytes. So the encoding may be extended only by keys that are absent when a new field has its default; any
other change would change the digest of every text kept so far.

A block is an object with these keys, in this order, each absent when the field has its default:
`k` kind (always there), `t` the text of a block that is a single unstyled run, `r` its runs otherwise,
`l` level, `n` label, `c` cell as [table, row, column, row span, column span, header], `p` picture,
`g` printed page, `w` printed width, `a` alignment. A run is [text, style, note, ruby] with trailing defaults left off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Declared, FieldKind, Issue, Kind, Person, Role, Run, Style

_KINDS = {kind.value: kind for kind in Kind}
_STYLES = {value: Style(value) for value in range(sum(style.value for style in Style) + 1)}


def encode_blocks(blocks: Iterable[Block]) -> str:
    """The canonical text of `blocks`. A lone surrogate in it cannot be stored: writing it raises UnicodeEncodeError."""
    return _dump([_encode_block(block) for block in blocks])


@lru_cache(32)  # a page asks for its article several times over, and a long one takes a tenth of a second
def decode_blocks(text: str) -> tuple[Block, ...]:
    """The blocks `encode_blocks` was given; equal in every field."""
    return tuple([_decode_block(item) for item in json.loads(text)])


def measure_blocks(text: str) -> tuple[str, int]:
    """The text of the first block and the code points of all, without making any."""
    lengths: list[int] = []
    title = ""
    for number, item in enumerate(json.loads(text)):
        parts = [item["t"]] if "t" in item else [run[0] for run in item.get("r", ())]
        lengths.extend(map(len, parts))
        if not number:
            title = "".join(parts)
    return title, sum(lengths)


def digest(encoded: str) -> str:
    """SHA-256 (64 lower-case hexadecimal digits) of the canonical text of an article's blocks."""
    return hashlib.sha256(encoded.encode("utf-8")).hexdigest()


def encode_people(people: Iterable[Person]) -> str:
    """People as [[name, role], …]."""
    return _dump([[person.name, person.role.value] for person in people])


def decode_people(text: str) -> tuple[Person, ...]:
    """The people `encode_people` was given."""
    return tuple(Person(name, Role(role)) for name, role in json.loads(text))


def encode_fields(fields: Iterable[tuple[str, str]]) -> str:
    """The (name, value) pairs as [[name, value], …]."""
    return _dump([list(pair) for pair in fields])


def decode_fields(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs `encode_fields` was given."""
    return tuple((name, value) for name, value in json.loads(text))


def encode_declared(declared: Iterable[Declared]) -> str:
    """Declared fields as [[name, kind, choices, required, repeatable], …]."""
    return _dump([[one.name, one.kind.value, list(one.choices), one.required, one.repeatable] for one in declared])


def decode_declared(text: str) -> tuple[Declared, ...]:
    """The declared fields `encode_declared` was given."""
    return tuple(
        Declared(name, FieldKind(kind), tuple(choices), required, repeatable)
        for name, kind, choices, required, repeatable in json.loads(text)
    )


def encode_issues(issues: Iterable[Issue]) -> str:
    """Issues as [[code, place, message, characters], …]."""
    return _dump([[issue.code, issue.place, issue.message, issue.characters] for issue in issues])


def decode_issues(text: str) -> tuple[Issue, ...]:
    """The issues `encode_issues` was given."""
    return tuple(Issue(IssueCode(code), *rest) for code, *rest in json.loads(text))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _encode_block(block: Block) -> dict[str, Any]:
    item: dict[str, Any] = {"k": block.kind.value}
    runs = block.runs
    if len(runs) == 1 and runs[0] == Run(runs[0].text):
        item["t"] = runs[0].text
    elif runs:
        item["r"] = [_encode_run(run) for run in runs]
    if block.level:
        item["l"] = block.level
    if block.label:
        item["n"] = block.label
    if block.cell is not None:
        cell = block.cell
        item["c"] = [cell.table, cell.row, cell.column, cell.row_span, cell.column_span, cell.header]
    if block.picture:
        item["p"] = block.picture
    if block.page:
        item["g"] = block.page
    if block.width:
        item["w"] = block.width
    if block.align:
        item["a"] = block.align
    return item


def _encode_run(run: Run) -> list[str | int]:
    if run.ruby:
        return [run.text, run.style.value, run.note, run.ruby]
    if run.note:
        return [run.text, run.style.value, run.note]
    return [run.text, run.style.value] if run.style else [run.text]


def _decode_block(item: dict[str, Any]) -> Block:
    kind = _KINDS[item["k"]]
    text = item.get("t")
    if text is not None:
        runs: tuple[Run, ...] = (Run(text),)
        if len(item) == 2:  # most blocks: a paragraph of plain text
            return Block(kind, runs)
    else:
        runs = tuple([_decode_run(*run) for run in item.get("r", ())])
    cell = item.get("c")
    return Block(
        kind,
        runs,
        item.get("l", 0),
        item.get("n", ""),
        Cell(*cell) if cell is not None else None,
        item.get("p", ""),
        item.get("g", ""),
        item.get("w", 0),
        item.get("a", ""),
    )


def _decode_run(text: str, style: int = 0, note: str = "", ruby: str = "") -> Run:
    return Run(text, _STYLES[style], note, ruby)
