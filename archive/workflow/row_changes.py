"""From the rows a record has to those it is to have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.model.procedures import RowChange, Values, WorkRecord


def row_changes(group: str, record: WorkRecord, lines: Sequence[Values]) -> Iterator[RowChange]:
    """What makes the rows of a record read like these lines."""
    held = record.of_group(group)
    for place, line in enumerate(lines):
        if place < len(held):
            index, before = held[place]
            cleared = {name: "" for name in before if name not in line}
            yield RowChange(group, index, {**line, **cleared})
        else:
            yield RowChange(group, len(record.rows.get(group, ())) + place - len(held), line)
    for index, _ in held[len(lines) :]:
        yield RowChange(group, index, {}, True)
