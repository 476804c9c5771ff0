"""How often something stands per 10,000 characters, with what it is divided by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import NotFound, UsageError
from archive.model.search import Search
from archive.search.counts import Division, Frequencies, Frequency
from archive.search.facet_labels import in_words
from archive.search.heading import Heading
from archive.support.files import write_whole
from archive.support.sheets import csv_text, write_xlsx
from web.base import current
from web.base.sheet_downloads import download
from web.search.search_state import SearchState

pages = Blueprint("frequencies", __name__)

DIVISIONS = {
    Division.COLLECTION: "文集",
    Division.VOLUME: "辑",
    Division.DECADE: "成文年代",
    Division.SECTION: "栏目",
}
_COLUMNS = ("篇数（范围内）", "字数（分母）", "命中篇数", "处数", "每万字")


@dataclass(frozen=True, slots=True)
class FrequencyRow:
    """A part with its bar, 0 to 20 twentieths of the highest, and the address of its hits; empty for none."""

    part: Frequency
    bar: int
    url: str


@pages.get("/frequencies")
def show() -> ResponseReturnValue:
    """The table, with every part of the scope, those without a hit too."""
    session = current.session()
    state, division = SearchState.read(request.args), _division()
    found = session.counts.frequencies(state.search, division)
    titles = {each.id: each.title for each in session.collections()}
    return render_template(
        "frequencies.html",
        state=state,
        words=in_words(state.search, titles),
        divisions=[(name, _url(state, each), each is division) for each, name in DIVISIONS.items()],
        division=DIVISIONS[division],
        rows=_rows(found, state),
        whole=found.whole,
        files={suffix: _url(state, division, suffix) for suffix in (".xlsx", ".csv")},
    )


@pages.get("/frequencies<suffix>")
def sheet(suffix: str) -> ResponseReturnValue:
    """The same table as a file, under what was asked."""
    if suffix not in {".xlsx", ".csv"}:
        raise NotFound("没有这种表。", hint="请从频次页选择表的格式。")
    session = current.session()
    state, division = SearchState.read(request.args), _division()
    found = session.counts.frequencies(state.search, division)
    heading = (*session.counts.heading(state.search), ("分母", "范围内文章的字数，标点和空格不计"))
    header = (DIVISIONS[division], *_COLUMNS)
    cells = [_cells(part) for part in (*found.parts, found.whole)]

    def write(file: Path) -> None:
        _write(file, heading, header, cells)

    return download(write, f"每万字频次{suffix}")


def _write(file: Path, heading: Heading, header: tuple[str, ...], cells: list[tuple[str, ...]]) -> None:
    if file.suffix == ".xlsx":
        write_xlsx(file, [("频次", header, cells), ("检索", ("项目", "内容"), heading)])
    else:
        write_whole(file, "\ufeff" + csv_text([*heading, (), header, *cells]))


def _cells(part: Frequency) -> tuple[str, ...]:
    rate = part.per_ten_thousand
    counts = (part.articles, part.letters, part.found, part.places)
    return (part.label, *map(str, counts), "" if rate is None else f"{rate:.2f}")


def _division() -> Division:
    given = request.args.get("by", Division.COLLECTION.value)
    try:
        return Division(given)
    except ValueError:
        raise UsageError(f"不能按“{given[:20]}”分。", hint=f"可选：{'、'.join(Division)}。") from None


def _url(state: SearchState, division: Division, suffix: str = "") -> str:
    pairs = [*state.search.pairs(), ("by", division.value)]
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    endpoint = "frequencies.sheet" if suffix else "frequencies.show"
    return url_for(endpoint, **({"suffix": suffix} if suffix else {}), **given)  # type: ignore[arg-type]


def _rows(found: Frequencies, state: SearchState) -> list[FrequencyRow]:
    rates = [part.per_ten_thousand or 0.0 for part in found.parts]
    large = [rate for part, rate in zip(found.parts, rates, strict=True) if not part.small]
    highest = max(large or rates, default=0.0) or 1.0  # what is too small to be compared does not set the scale
    return [
        FrequencyRow(part, min(20, round(20 * rate / highest)), _narrowed(state, part))
        for part, rate in zip(found.parts, rates, strict=True)
    ]


def _narrowed(state: SearchState, part: Frequency) -> str:
    """The hits of a part alone."""
    if not part.chosen or not part.found:
        return ""
    given = Search.read(part.chosen)
    return state.but(**{name: getattr(given, name) for name, _ in part.chosen}).url
