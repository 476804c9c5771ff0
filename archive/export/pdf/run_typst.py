"""Typst in a process of its own: its memory is given back, a crash stays there, and it can be stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from archive.export.child import ask

PLAN = "plan.json"
"""What the template takes on or off the pages of a text, beside it."""


class SettingFailed(Exception):
    """Typst refused the document; the message is its own diagnosis, in English.

    `pictures` are the files it cannot read, if it is for them.
    """

    def __init__(self, message: str, pictures: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.pictures = tuple(pictures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run: everything it reads lies below `root`, where `input` is the template.

    `pictures` are the picture files there. `balance` says how to do without short last pages (see `last_pages.py`),
    None not to. `standards` as Typst names them, `timestamp` is in Unix seconds, `limit` in seconds.
    """

    root: Path
    input: str
    fonts: Path
    output: Path
    pictures: tuple[str, ...]
    balance: dict[str, object] | None
    standards: tuple[str, ...]
    timestamp: int
    tags: bool
    limit: float


def run_typst(job: Job) -> list[str]:
    """Set the book; returns Typst's warnings.

    Raises SettingFailed when Typst finds a fault in the document, ExportError when it crashes or takes too long.
    """
    plan = job.root / PLAN
    values: dict[str, object] = {
        "input": str(job.root / job.input),
        "root": str(job.root),
        "fonts": str(job.fonts),
        "output": str(job.output),
        "pictures": job.pictures,
        "balance": job.balance,
        "plan": str(plan),
        "standards": job.standards,
        "timestamp": job.timestamp,
        "tags": job.tags,
    }
    rows = _ask("last_pages.py", values, job) if job.balance else {}
    plan.write_text(json.dumps({"rows": rows}), encoding="utf-8")
    answer = cast("dict[str, Any]", _ask("typeset.py", values, job))
    if answer["error"]:
        raise SettingFailed(answer["error"], answer["refused"])
    return list(answer["warnings"])


def _ask(script: str, values: dict[str, object], job: Job) -> object:
    return ask(Path(__file__).with_name(script), values, job.root, job.limit)
