"""A list of names counted in one go, every cell leading to its places."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.catalogue.authority import NameKind
from archive.model.errors import NotFound, UsageError
from archive.model.search import Search
from archive.search.counts import Division
from archive.search.facet_labels import in_words
from archive.session import Session
from archive.workbench.term_lists import Term, TermRow, named_terms, read_terms, write_table
from web.base import current
from web.base.sheet_downloads import download
from web.workbench.concordance_page import names_of

pages = Blueprint("terms", __name__)

_DIVISIONS = {
    Division.VOLUME: "各辑", Division.DECADE: "各年代", Division.COLLECTION: "各文集", Division.SECTION: "各栏目",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A row with the address of its places and those of each cell; empty where no filter gives just that part."""

    row: TermRow
    url: str
    cells: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    search: Search
    text: str
    names: str
    division: Division

    @classmethod
    def read(cls) -> _Asked:
        by, names = request.args.get("by") or Division.VOLUME.value, request.args.get("names", "")
        if by not in list(Division) or names not in ("", *NameKind):
            raise UsageError("没有这种分法。", hint="请从名单计数页选择。")
        search = Search.read(request.args.items(multi=True)).but(text="")
        return cls(search, request.args.get("terms", ""), names, Division(by))

    @property
    def given(self) -> bool:
        return bool(self.text.strip() or self.names)

    def terms(self, session: Session) -> tuple[Term, ...]:
        return named_terms(session.authority(), NameKind(self.names)) if self.names else read_terms(self.text)

    def pairs(self) -> list[tuple[str, str]]:
        own = [("terms", self.text), ("names", self.names), ("by", self.division.value)]
        return [*self.search.pairs(), *((name, value) for name, value in own if value)]


@pages.get("/terms")
def show() -> ResponseReturnValue:
    """The form, and under it the table."""
    session, asked = current.session(), _Asked.read()
    table = session.term_lists.table(asked.terms(session), asked.search, asked.division) if asked.given else None
    rows = [_row(row, asked.search, table.parts) for row in table.rows] if table else []
    return render_template(
        "terms.html",
        asked=asked,
        within=in_words(asked.search, names_of(session)) if asked.search != Search() else "",
        kinds=[kind.value for kind in NameKind],
        divisions=_DIVISIONS,
        table=table,
        rows=rows,
        files={
            suffix: f"{url_for('terms.sheet', suffix=suffix)}?{urlencode(asked.pairs())}"
            for suffix in (".xlsx", ".csv")
        },
    )


def _row(row: TermRow, search: Search, parts: tuple[tuple[tuple[str, str], ...], ...]) -> ShownTerm:
    found = search.but(text=row.text)
    urls = [_places(found, part) if all(value for _, value in part) else "" for part in parts]
    return ShownTerm(row, _places(found, ()), tuple(zip(row.cells, urls, strict=True)))


def _places(search: Search, part: tuple[tuple[str, str], ...]) -> str:
    kept = [pair for pair in search.pairs() if pair[0] not in {name for name, _ in part}]
    return f"{url_for('concordance.show')}?{urlencode([*kept, *part])}"


@pages.get("/terms<suffix>")
def sheet(suffix: str) -> Response:
    """The table as a file."""
    if suffix not in (".xlsx", ".csv"):
        raise NotFound("没有这种表。", hint="请从名单计数页选择表的格式。")
    session, asked = current.session(), _Asked.read()
    table = session.term_lists.table(asked.terms(session), asked.search, asked.division)
    return download(lambda file: write_table(table, session.term_lists.heading(asked.search), file), f"名单{suffix}")
