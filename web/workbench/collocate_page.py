"""What stands beside the places of a search more often than by chance, as a table of one unit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.model.errors import NotFound
from archive.model.integers import whole_number
from archive.session import Session
from archive.workbench.collocates import UNITS, Collocate, Collocates, checked_unit, counted_in, unit_label
from archive.workbench.kwic_table import write_collocates
from archive.workbench.steps import Arranged, Is, context_of
from web.base import current
from web.base.sheet_downloads import download
from web.workbench.concordance_page import in_words_of, step_in_words
from web.workbench.concordance_state import ConcordanceState

pages = Blueprint("collocates", __name__)

_ROWS = 200
_LEAST, _ARTICLES = 3, 2


@dataclass(frozen=True, slots=True)
class CollocateRow:
    """A collocate and the addresses of the places with it and without it; empty where there are no such addresses."""

    one: Collocate
    having: str
    lacking: str


@dataclass(frozen=True, slots=True)
class _Asked:
    unit: str
    least: int
    articles: int
    by_count: bool

    @classmethod
    def read(cls) -> _Asked:
        least, articles = (whole_number(request.args.get(name, "")) for name in ("least", "articles"))
        unit = checked_unit(request.args.get("unit") or UNITS[1])
        return cls(unit, least or _LEAST, articles or _ARTICLES, request.args.get("by") == "count")

    def pairs(self) -> list[tuple[str, str]]:
        given = [("unit", self.unit), ("least", str(self.least)), ("articles", str(self.articles))]
        return [*given, *([("by", "count")] if self.by_count else [])]

    def of(self, session: Session, state: ConcordanceState) -> Collocates:
        return session.concordances.collocates(
            state.search, state.steps, self.unit, least=self.least, articles=self.articles
        )


@pages.get("/concordance/collocates")
def show() -> ResponseReturnValue:
    """The strings of one unit, the most telling first."""
    session, state, asked = current.session(), ConcordanceState.read(request.args), _Asked.read()
    found = asked.of(session, state)
    ordered = sorted(found.found, key=lambda one: -one.together) if asked.by_count else found.found
    return render_template(
        "collocates.html",
        state=state,
        words=in_words_of(session, state),
        steps_in_words=[step_in_words(session, each) for each in state.steps],
        asked=asked,
        units={name: unit_label(name) for name in UNITS},
        counted=counted_in(asked.unit),
        found=found,
        rows=[_row(state, asked.unit, one) for one in ordered[:_ROWS]],
        left_out=max(0, len(ordered) - _ROWS),
        files={suffix: state.url_of("collocates.sheet", *asked.pairs(), suffix=suffix) for suffix in (".xlsx", ".csv")},
    )


def _row(state: ConcordanceState, unit: str, one: Collocate) -> CollocateRow:
    if context_of(unit):
        without = state.with_step(Is(unit, one.text, wanted=False))
        return CollocateRow(one, state.drilled((unit,), (one.text,)).url, without.url)
    if state.steps or not state.search.text.isalnum():
        return CollocateRow(one, "", "")
    together = state.search.but(text=f'{state.search.text} NEAR/段 "{one.text}"')
    return CollocateRow(one, replace(state, search=together, page=1).url, "")


@pages.get("/concordance/collocates<suffix>")
def sheet(suffix: str) -> Response:
    """All of them as a file."""
    if suffix not in (".xlsx", ".csv"):
        raise NotFound("没有这种表。", hint="请从搭配页选择表的格式。")
    session, state, asked = current.session(), ConcordanceState.read(request.args), _Asked.read()
    found = asked.of(session, state)
    total = session.concordances.page(state.search, state.steps, state.how, limit=0).places
    heading = session.concordances.heading(state.search, state.steps, Arranged(), total)
    return download(lambda file: write_collocates(found, heading, file), f"搭配{suffix}")
