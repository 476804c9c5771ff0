"""Raised and lowered digits as characters: 10⁴ typed as 10 and a raised 4 is not 104, CO₂ not CO2 in small print."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from archive.model.records import Run, Style

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_POWER, _INDEX = re.compile(r"[\d+\-−=()n]{1,6}"), re.compile(r"[\d+\-−=()]{1,6}")
_BASE = re.compile(r"[A-Za-z0-9Ͱ-Ͽ)）\]°′″%‰⁰¹²³⁴-ⁿ₀-₎]$")  # a raised number behind Han is the mark of a note
_BOTH = Style.SUPERSCRIPT | Style.SUBSCRIPT


def as_characters(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs, raised and lowered numbers behind a letter, digit or bracket as characters of their own, one for one.

    Elsewhere they keep their style: 1st, and numbers of notes.
    """
    found: list[Run] = []
    before = ""
    for run in runs:
        if run.style & _BOTH and not run.note and not run.ruby and _BASE.search(before):
            run = _set(run)
        last = found[-1] if found else None
        if last and last.style == run.style and not (last.note or last.ruby or run.note or run.ruby):
            found[-1] = replace(last, text=last.text + run.text)
        else:
            found.append(run)
        before = run.text[-1:] or before
    return tuple(found)


def _set(run: Run) -> Run:
    raised = Style.SUPERSCRIPT in run.style
    if not (_POWER if raised else _INDEX).fullmatch(run.text):
        return run
    style = run.style & ~_BOTH
    return Run(run.text.translate(_RAISED if raised else _LOWERED), style)
