"""A procedure as the text of a TOML file: what `procedure_file.read` takes, written from tables changed in forms."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.workflow.procedure_file import KEYS


def text_of(data: Mapping[str, Any]) -> str:
    """The text of a file with these tables; what is empty or off is left out. Comments are not kept."""
    return "\n".join(_lines(data)) + "\n"


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    for key in KEYS[""]:
        if key not in KEYS and data.get(key):
            yield f"{key} = {_value(data[key])}"
    for table in KEYS:
        for one in data.get(table, ()) if table else ():
            yield f"\n[[{table}]]"
            yield from (f"{key} = {_value(one[key])}" for key in KEYS[table] if one.get(key))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(each)}' for key, each in value.items() if each)} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_value, value))}]"
    return str(value)


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")  # the escapes of JSON are those of TOML
