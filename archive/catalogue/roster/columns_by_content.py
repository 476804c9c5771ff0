"""What the columns of a table without headings hold, recognised by the form of most of their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from archive.catalogue.roster.columns import Column
from archive.catalogue.roster.person_names import names, plausible
from archive.catalogue.roster.posts import is_post
from archive.catalogue.roster.terms import is_term
from archive.catalogue.surnames import SURNAMES

_MOST = 0.6  # of the filled cells


def columns_by_content(texts: Sequence[Sequence[str]]) -> list[Column]:
    """The columns of a table given by rows: names beside posts or terms of office; else all OTHER."""
    width = max((len(row) for row in texts), default=0)
    found = [Column.OTHER] * width
    taken: set[Column] = set()
    for at in range(width):
        cells = [row[at].strip() for row in texts if at < len(row) and row[at].strip()]
        kind = next((one for one, test in _TESTS if one not in taken and _mostly(cells, test)), Column.OTHER)
        found[at] = kind
        taken |= {kind} - {Column.OTHER}
    people = sum(_mostly([row[at].strip() for row in texts if row[at].strip()], _is_name) for at in range(width))
    beside = taken & {Column.POST, Column.TENURE}
    return found if people == 1 and Column.PERSON in taken and beside else [Column.OTHER] * width


def _mostly(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(test, cells)) >= _MOST * len(cells)


def _is_name(text: str) -> bool:
    people = [one.person for one in names(text)]
    return bool(people) and all(plausible(one) and one[0] in SURNAMES for one in people) and not is_post(text)


_TESTS: tuple[tuple[Column, Callable[[str], bool]], ...] = (
    (Column.TENURE, lambda text: is_term("".join(text.split()))),
    (Column.POST, is_post),
    (Column.SEX, lambda text: text in ("男", "女")),
    (Column.ETHNICITY, lambda text: re.fullmatch(r"[\u4e00-\u9fff]{1,5}族", text) is not None),
    (Column.PERSON, _is_name),
)
