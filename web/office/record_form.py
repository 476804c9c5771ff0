"""What forms of registers send: `v-字段` a value, `r-组-行-栏` a cell (行 n… is new), `x-组-行` strikes a row out."""

from __future__ import annotations

from flask import request

from archive.model.procedures import BETWEEN_MARKS, Procedure, RowChange


def sent_values() -> dict[str, str]:
    """The values of fields, by name."""
    return {key[2:]: _typed(key) for key in request.form if key.startswith("v-")}


def _typed(key: str) -> str:
    """A value; of boxes to tick, all that are ticked."""
    return BETWEEN_MARKS.join(filter(None, request.form.getlist(key))).replace("\r\n", "\n")


def sent_rows(procedure: Procedure) -> tuple[RowChange, ...]:
    """The rows as they are to be; new ones in which nothing is written are none."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    groups = {one.name for one in procedure.groups}
    for key in request.form:
        parts = key.split("-", 3)
        if parts[0] == "r" and len(parts) == 4 and parts[1] in groups:
            found.setdefault((parts[1], parts[2]), {})[parts[3]] = _typed(key)
    changes = []
    for (group, place), values in found.items():
        if place.isdecimal():
            changes.append(RowChange(group, int(place), values, bool(request.form.get(f"x-{group}-{place}"))))
        elif any(value.strip() for value in values.values()):
            changes.append(RowChange(group, -1, {name: value for name, value in values.items() if value.strip()}))
    return tuple(changes)
