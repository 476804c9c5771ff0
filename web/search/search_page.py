"""The search page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.model.errors import PeriodError, QueryError
from archive.model.records import Genre
from archive.model.search import LONGEST_QUERY, FacetCount, Hit, PeriodIn, Results, Search
from archive.search.counts import ChangesSince
from archive.search.facet_labels import FACET_NAMES, UNDATED, label
from archive.search.offers import OFFERS
from archive.search.readings import READINGS
from archive.session import Session
from archive.support.sheets import csv_text
from web.base import current
from web.search.histogram import AXES, HEIGHT, Chart, chart, rows
from web.search.hit_view import shown
from web.search.home import home
from web.search.search_state import PAGE, PERIOD_EXAMPLES, PLACES, SORTS, SearchState

pages = Blueprint("search", __name__)

LIST_FORMS = {".xlsx": "Excel", ".csv": "CSV", ".ris": "RIS", ".bib": "BibTeX", ".txt": "引文（GB/T 7714）"}
_MOST_LISTED = 60  # values of a facet
_MOST_TOLD = 10  # articles named for each kind of change
_COUNT = "count"  # in an address: places are to be counted even where that takes long


@dataclass(frozen=True, slots=True)
class SearchLink:
    """A neighbouring state that does find something: what to change, and how many articles it gives."""

    words: str
    state: SearchState
    total: int


@pages.get("/")
def search() -> ResponseReturnValue:
    """Search; the front page when nothing at all is asked."""
    session = current.session()
    state = SearchState.read(request.args)
    collections = {each.id: each for each in session.collections()}
    frame = {
        "state": state,
        "collections": collections,
        "declared": list(dict.fromkeys(one.name for each in collections.values() for one in each.fields)),
        "facet_names": FACET_NAMES,
        "scopes": session.scopes.names(),
        "sorts": SORTS,
        "places": PLACES,
        "page_size": PAGE,
        "period_examples": PERIOD_EXAMPLES,
        "height": HEIGHT,
        "query_error": None,
        "period_error": None,
        "results": None,
        "chart": None,
    }
    if not request.args:
        return render_template("home.html", **frame, home=home(session, state.ask(session, limit=0)))
    try:
        results = state.ask(session, all_places=_COUNT in request.args)
        since = session.counts.since(state.search, state.at) if state.at else None
    except QueryError as error:
        if len(state.search.text) > LONGEST_QUERY:  # a book pasted in would come back with every link of the page
            frame["state"] = state.but(text=state.search.text[:LONGEST_QUERY])
        return render_template("search.html", **frame | {"query_error": error}), 400
    except PeriodError as error:
        return render_template("search.html", **frame | {"period_error": error}), 400
    frame |= {
        "results": results,
        "facets": _facets(session, state, results),
        "most_listed": _MOST_LISTED,
        "since": since,
        "pinned": replace(state, at=session.counts.moment()),
        "named": _named(session, since),
        "ways": () if results.total else ways(session, state),
        "paging": paging(state.page, results.total or (results.nearest.total if results.nearest else 0)),
        "readings": READINGS,
        "list_forms": LIST_FORMS,
        "offer_names": OFFERS,
        "matter": (Genre.MATTER,),
        "counting": urlencode([*state.pairs(), (_COUNT, "1")]),
        "offers": {why: [offer for offer in results.offers if offer.why is why] for why in OFFERS},
        "chips": _chips(state, results),
        "shown": {
            hit.article: shown(hit) for hit in (*results.hits, *(results.nearest.hits if results.nearest else ()))
        },
        "chart": _chart(session, state),
    }
    page = render_template("search.html", **frame)
    if state.page == 1 and not state.at:
        session.searches.note(state.search, results.total)
    return page


@pages.get("/timeline.csv")
def timeline_csv() -> ResponseReturnValue:
    """What the chart draws, for a spreadsheet."""
    session, state = current.session(), SearchState.read(request.args)
    bars, told = rows(state.over_time(session)), session.counts.heading(state.charted)
    axis = ("图上的日期", AXES[state.search.period_in])
    table = csv_text([*told, axis, (), ("单位", "起", "止", "篇数"), *bars])
    response = Response(table.encode("utf-8-sig"), mimetype="text/csv")  # the mark is what Excel needs
    response.headers["Content-Disposition"] = 'attachment; filename="timeline.csv"'
    return response


def _chart(session: Session, state: SearchState) -> Chart | None:
    wanted = session.period(state.search.period) if state.search.period else None
    return chart(state.over_time(session), state, wanted)


def _nearest_hits(results: Results) -> Sequence[Hit]:
    return results.nearest.hits if results.nearest else ()


def ways(session: Session, state: SearchState) -> tuple[SearchLink, ...]:
    """What helps when nothing was found: a restriction dropped, other words; only what does find something."""
    tries: list[tuple[str, SearchState]] = []
    if state.search.as_written:
        tries.append(("不拘写法（繁简、异体、全角半角等同）", state.but(as_written=False)))
    if state.search.period:
        tries.append(
            (
                f"去掉时期“{state.search.period}”",
                state.but(period="", period_in=PeriodIn.ANY, vague=False, open=False, within=False),
            )
        )
        if state.search.within:
            tries.append(("日期与时期有重合就算", state.but(within=False)))
        if not state.search.vague:
            tries.append(("连“建国后”一类笼统的说法也算", state.but(vague=True)))
        if not state.search.open:
            tries.append(("连“1958年起”一类只说了一头的日期也算", state.but(open=True)))
        if state.search.period_in is not PeriodIn.ANY:
            tries.append(("时期不分成文与文中", state.but(period_in=PeriodIn.ANY)))
    tries += [(f"不限{FACET_NAMES[facet]}", state.but(**{facet: ()})) for facet, _ in state.chosen]
    if state.search.undated:
        tries.append(("有没有日期都算", state.but(undated=None)))
    if state.search.scope:
        tries.append((f"不限于工作集“{state.search.scope}”", state.but(scope="")))
    words = state.search.text.split()
    if len(words) > 1 and not set(state.search.text) & set('"“”「」()（）:：') and "OR" not in words:
        tries.append(("任何一个词都可以", state.but(text=" OR ".join(word.lstrip("-－") for word in words))))
    if state.search.text and (state.restricted or state.search.period):
        tries.append(("只按检索词找，不加其他限制", SearchState(Search(text=state.search.text))))
    found = ((words, each, _total(session, each)) for words, each in tries)
    return tuple(SearchLink(*each) for each in found if each[2])


def _total(session: Session, state: SearchState) -> int:
    """How many articles a state finds; none where its words joined anew are no query any more."""
    try:
        return state.ask(session, limit=1).total
    except QueryError:
        return 0


def paging(page: int, total: int) -> tuple[int | None, ...]:
    """The page numbers to offer: the first, the last and the neighbours of `page`; None where some are left out."""
    last = max(1, -(-total // PAGE))
    near = {1, last} | {number for number in range(page - 2, page + 3) if 1 <= number <= last}
    line: list[int | None] = []
    for number in sorted(near):
        before = line[-1] if line else 0
        if before is not None and number == before + 2:
            line.append(number - 1)
        elif before is not None and number > before + 2:
            line.append(None)
        line.append(number)
    return tuple(line)


def _facets(session: Session, state: SearchState, results: Results) -> dict[str, Sequence[FacetCount]]:
    """The facets as shown: decades from early to late, the others as they come, the most frequent first."""
    decades = sorted(results.facets.get("decade", ()), key=lambda each: int(each.value))
    names = session.counts.names(state.search) if results.total else {}
    return {**results.facets, "decade": decades, **names}


def _chips(state: SearchState, results: Results) -> list[tuple[str, str]]:
    """What restricts the search beside words and period: (words, address without it)."""
    search = state.search
    chips = [(f"工作集：{search.scope}", state.but(scope="").url)] if search.scope else []
    chips += [
        (f"{FACET_NAMES[facet]}：{_label(results, facet, value)}", state.choose(facet, value).url)
        for facet, value in state.chosen
    ]
    return chips + ([(UNDATED[search.undated], state.but(undated=None).url)] if search.undated else [])


def _named(session: Session, since: ChangesSince | None) -> dict[str, str]:
    """The titles of the articles in the changes told, a few of each kind."""
    if since is None:
        return {}
    kinds = (since.here.new, since.here.changed, since.here.withdrawn)
    return {id: session.article(id).title for kind in kinds for id in kind[:_MOST_TOLD]}


def _label(results: Results, facet: str, value: str) -> str:
    """What people read for a facet value in force, also when nothing was found and the facets are empty."""
    labels = {count.value: count.label for count in results.facets.get(facet, ())}
    if facet == "collection":
        labels |= {each.id: each.title for each in current.session().collections()}
    return labels.get(value) or label(facet, value, {})
