"""Who held which office when: a chart and a table from the lists in 组织史."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive import dates
from archive.catalogue.roster import HEADER, Tenure, both_ways, by_body, by_person, row, tenures, unread
from archive.model.errors import NotFound
from archive.session import Session
from archive.support.sheets import write_csv, write_xlsx
from archive.text.folding import fold
from web.base import current
from web.base.sheet_downloads import download

pages = Blueprint("posts", __name__)

LANE = 24
"""Pixels from one lane to the next."""

_CROWD = 10  # a post with more holders at once is only listed: nobody could follow so many lanes
_HANDOVER = 62  # days that predecessor and successor may share a lane, terms being told by month
_PAUSE = 92  # days between two terms of one person that still count as one stay
_NAME = 13  # pixels a character of a name takes
_WIDTH = 760  # pixels the chart is at least wide


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one post without a break: `left` and `width` in percent, `lane` counts from 0 in its post.

    `tenures` are the terms that make it up; `doubts` whether an editor should look at one.
    """

    person: str
    tenures: tuple[Tenure, ...]
    first: int
    last: int
    lane: int
    left: float
    width: float

    @property
    def doubts(self) -> bool:
        """Whether an editor should look at a term."""
        return any(tenure.doubts for tenure in self.tenures)

    @property
    def says(self) -> str:
        """Name, post and terms in words."""
        first = self.tenures[0]
        terms = "、".join(dict.fromkeys(tenure.written or tenure.term for tenure in self.tenures))
        return f"{self.person}　{first.post}　{terms}"


@dataclass(frozen=True, slots=True)
class Post:
    """One row of the chart: its lanes begin `top` lanes below the chart's head."""

    name: str
    stays: tuple[Stay, ...]
    top: int
    lanes: int


@dataclass(frozen=True, slots=True)
class Body:
    """One body's chart: `years` are (label, place in percent); `crowded` posts and `undated` people are not drawn."""

    name: str
    posts: tuple[Post, ...]
    years: tuple[tuple[int, float], ...]
    lanes: int
    crowded: tuple[str, ...]
    undated: int
    tenures: tuple[Tenure, ...]


@pages.get("/collection/<collection_id>/posts")
def posts(collection_id: str) -> ResponseReturnValue:
    """The chart and the table of one collection."""
    session = current.session()
    shown = session.collection(collection_id)
    bodies = [chart(name, held) for name, held in by_body(_all(session, collection_id)).items()]
    reader = session.date_reader()
    left = [one for article in session.articles(collection_id) for one in unread(article, reader)]
    return render_template("posts.html", collection=shown, bodies=bodies, lane=LANE, least=_WIDTH, unread=left)


@pages.get("/collection/<collection_id>/posts.<any(csv, xlsx):kind>")
def sheet(collection_id: str, kind: str) -> ResponseReturnValue:
    """The table for a spreadsheet; an Excel file has a sheet by body and one by person."""
    session = current.session()
    session.collection(collection_id)
    held = _all(session, collection_id)
    if kind == "csv":
        return download(lambda file: write_csv(file, HEADER, map(row, held)), "posts.csv")
    return download(lambda file: write_xlsx(file, both_ways(held)), "posts.xlsx")


@pages.get("/collection/<collection_id>/people")
def people(collection_id: str) -> ResponseReturnValue:
    """Everybody who held a post, with the number of records."""
    session = current.session()
    shown = session.collection(collection_id)
    return render_template("people.html", collection=shown, people=by_person(_all(session, collection_id)))


@pages.get("/collection/<collection_id>/person")
def person(collection_id: str) -> ResponseReturnValue:
    """All posts of one person (`name`, in whatever script), earliest first."""
    session = current.session()
    shown, name = session.collection(collection_id), request.args.get("name", "")
    asked = fold(name).text
    held = by_person(one for one in _all(session, collection_id) if fold(one.person).text == asked)
    if not name or not held:
        raise NotFound(f"名录里没有“{name}”。", hint="从“历任一览”的人名索引里点，或在检索页查全文。")
    ((printed, records),) = held.items()
    titles = {one.article: session.article(one.article).title for one in records}
    return render_template("person.html", collection=shown, person=printed, records=records, titles=titles)


def chart(name: str, held: Sequence[Tenure]) -> Body:
    """Lay out the office-holders of one body."""
    dated = [(tenure, *ends) for tenure in held if (ends := _ends(tenure))]
    days = [day for _, first, last in dated for day in (first, last)]
    since = dates.year_of(min(days)) if days else 0
    until = dates.year_of(max(days)) + 1 if days else 0
    scale = (dates.day(since, 1, 1), dates.day(until, 1, 1)) if days else (0, 1)
    rows: list[Post] = []
    crowded: list[str] = []
    top = 0
    for post in dict.fromkeys(tenure.post for tenure, _, _ in dated):
        stays = _packed([each for each in dated if each[0].post == post], scale)
        lanes = 1 + max(stay.lane for stay in stays)
        if lanes > _CROWD:
            crowded.append(post)
            continue
        rows.append(Post(post, stays, top, lanes))
        top += lanes
    return Body(
        name=name,
        posts=tuple(rows),
        years=_years(since, until, scale),
        lanes=top,
        crowded=tuple(crowded),
        undated=len(held) - len(dated),
        tenures=tuple(held),
    )


def _all(session: Session, collection: str) -> list[Tenure]:
    reader = session.date_reader()
    return [each for article in session.articles(collection) for each in tenures(article, reader)]


def _ends(tenure: Tenure) -> tuple[int, int] | None:
    """First and last day in office; None where the list does not tell both. “Until now” ends with the day it began."""
    period = tenure.period
    if period is None or period.start is None:
        return None
    if period.end is not None:
        return period.start, period.end
    return period.start, max(period.start, (tenure.session and tenure.session.end) or period.start)


def _packed(dated: Iterable[tuple[Tenure, int, int]], scale: tuple[int, int]) -> tuple[Stay, ...]:
    """One post's stays, each in the first lane where it does not touch another, or the name of another."""
    begin, whole = scale[0], scale[1] - scale[0]
    free: list[float] = []
    stays = []
    for held, first, last in _joined(dated):
        left, right = 100 * (first - begin) / whole, 100 * (last + 1 - begin) / whole
        reach = max(right - 100 * _HANDOVER / whole, left + 100 * (len(held[0].person) * _NAME + 10) / _WIDTH)
        lane = next((number for number, taken in enumerate(free) if taken <= left), len(free))
        free[lane : lane + 1] = [reach]
        stays.append(Stay(held[0].person, held, first, last, lane, round(left, 3), round(right - left, 3)))
    return tuple(stays)


def _joined(dated: Iterable[tuple[Tenure, int, int]]) -> list[tuple[tuple[Tenure, ...], int, int]]:
    """Terms of one person that follow each other made one stay, earliest first."""
    stays: list[tuple[tuple[Tenure, ...], int, int]] = []
    for tenure, first, last in sorted(dated, key=lambda each: each[1]):
        at = next(
            (
                number
                for number, (held, _, end) in enumerate(stays)
                if held[0].person == tenure.person and first <= end + _PAUSE
            ),
            None,
        )
        if at is None:
            stays.append(((tenure,), first, last))
        else:
            held, start, end = stays[at]
            stays[at] = (*held, tenure), start, max(end, last)
    return stays


def _years(since: int, until: int, scale: tuple[int, int]) -> tuple[tuple[int, float], ...]:
    """The years to print: every fifth, tenth… so that some ten stand along the chart."""
    every = next((each for each in (1, 2, 5, 10, 20, 50) if until - since <= 12 * each), 100)
    return tuple(
        (year, round(100 * (dates.day(year, 1, 1) - scale[0]) / (scale[1] - scale[0]), 3))
        for year in range(-(-since // every) * every, until, every)
    )
