"""The state of a concordance page: a search, the steps that narrow it, the order, and a page of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from archive.model.errors import UsageError
from archive.model.search import Search, address_number
from archive.workbench.row_columns import ON_PAGES, checked_columns
from archive.workbench.steps import Arranged, Is, Step, read_step

ROWS = 50
"""Rows on a page."""


_AS_THEY_READ = Arranged()


@dataclass(frozen=True, slots=True)
class ConcordanceState:
    """`page` counts from 1; no `columns` are those that pages and files have of themselves."""

    search: Search
    steps: tuple[Step, ...] = ()
    how: Arranged = _AS_THEY_READ
    page: int = 1
    columns: tuple[str, ...] = ()

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> ConcordanceState:
        """The state an address describes. Raises UsageError."""
        page = address_number(args.get("page") or "1", "页码")
        if page < 1:
            raise UsageError(f"没有第 {page} 页。", hint="页码从 1 开始。")
        steps = tuple(read_step(text) for text in args.getlist("step") if text)
        how = Arranged.read(args.getlist("key"), args.get("order", ""))
        columns = checked_columns(name for name in args.getlist("column") if name)
        return cls(Search.read(args.items(multi=True)), steps, how, page, columns)

    def pairs(self) -> list[tuple[str, str]]:
        """The state as address parameters; whatever has its default value is left out."""
        pairs = [*self.search.pairs(), *(("step", str(step)) for step in self.steps)]
        pairs += [("key", key) for key in self.how.keys]
        if self.how.order != _AS_THEY_READ.order:
            pairs.append(("order", self.how.order))
        pairs += [("column", name) for name in self.columns]
        return pairs + ([("page", str(self.page))] if self.page > 1 else [])

    def url_of(self, endpoint: str, *more: tuple[str, str], **values: str) -> str:
        """The address of a page that goes by this state."""
        return f"{url_for(endpoint, **values)}?{urlencode([*self.pairs(), *more])}"  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """The address of this state."""
        return self.url_of("concordance.show")

    def turned(self, page: int) -> ConcordanceState:
        """Another page."""
        return replace(self, page=page)

    def with_step(self, step: Step, instead_of: int | None = None) -> ConcordanceState:
        """One step more, or one in the place of another (counted from 0)."""
        at = len(self.steps) if instead_of is None else instead_of
        return replace(self, steps=(*self.steps[:at], step, *self.steps[at + 1 :]), page=1)

    def without_step(self, number: int) -> ConcordanceState:
        """One step less (counted from 0)."""
        return replace(self, steps=self.steps[:number] + self.steps[number + 1 :], page=1)

    def sorted_by(self, *keys: str) -> ConcordanceState:
        """The same places in another order."""
        return replace(self, how=replace(self.how, keys=keys), page=1)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns of a page."""
        return self.columns or ON_PAGES

    def with_columns(self, columns: Sequence[str]) -> ConcordanceState:
        """Other columns, or those of themselves where these are just those."""
        return replace(self, columns=() if tuple(columns) == ON_PAGES else tuple(columns))

    def column_moved(self, name: str, places: int) -> ConcordanceState:
        """A column so many places to the right, to the left where negative; at the end of the row it stays."""
        rest = [one for one in self.shown if one != name]
        rest.insert(max(0, self.shown.index(name) + places), name)
        return self.with_columns(rest)

    def without_column(self, name: str) -> ConcordanceState:
        """A column less."""
        return self.with_columns([one for one in self.shown if one != name])

    def with_column(self, name: str) -> ConcordanceState:
        """A column more, as the last."""
        return self.with_columns([*self.shown, name])

    def drilled(self, columns: tuple[str, ...], values: tuple[str, ...]) -> ConcordanceState:
        """The places of a group."""
        steps = (Is(column, value) for column, value in zip(columns, values, strict=True))
        return replace(self, steps=(*self.steps, *steps), page=1)
