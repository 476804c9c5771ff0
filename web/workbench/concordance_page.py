"""The concordance: every place of a search in view, narrowed step by step, sorted, grouped, labelled, handed out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from archive.model.errors import NotFound, UsageError
from archive.model.integers import whole_number
from archive.search.facet_labels import in_words
from archive.session import Session
from archive.workbench.concordance import LABELS, KwicRow
from archive.workbench.kwic_table import FORMATS, sentence, write_groups, write_rows
from archive.workbench.place_list import Group
from archive.workbench.row_columns import ROW_COLUMNS, sides
from archive.workbench.steps import (
    COLUMNS,
    NONE,
    ORDERS,
    WIDEST,
    First,
    Is,
    Step,
    checked_column,
    column_label,
    read_step,
)
from web.base import current, jobs
from web.base.job_queue import Job
from web.base.sheet_downloads import download
from web.workbench.concordance_state import ROWS, ConcordanceState

pages = Blueprint("concordance", __name__)

ROWS_FILE = "concordance-file"

_FILES = {".xlsx": "Excel", ".docx": "Word", ".csv": "CSV"}
_IN_A_ROW, _OPENED = 16, 400  # characters either side in a row, and of its paragraph when it is opened
_AT_ONCE = 5_000  # rows of a file, up to which nobody waits long
_TOLD_EVERY = 1_000  # rows between two words of how far it is
_PATIENCE = 0.4  # seconds until a page shows what was found so far
_ROWS_OF_GROUPS, _COLUMNS_OF_GROUPS = 200, 12
_NEIGHBOURS = (1, 2, 3, 4, 5, WIDEST)  # numbers of characters offered on each side

_SORT_KEYS = {
    "": "—",
    **{f"right{n}": f"后 {n} 字" for n in _NEIGHBOURS},
    **{f"left{n}": f"前 {n} 字（由近及远）" for n in _NEIGHBOURS},
    "form": "写法",
    "date": "成文日期",
    "-date": "成文日期（由晚到早）",
    "volume": "辑",
    "author": "署名",
    "label": "标记",
}
_GROUP_KEYS = {
    "form": "写法",
    **{f"right{n}": f"后 {n} 字" for n in _NEIGHBOURS},
    **{f"left{n}": f"前 {n} 字" for n in _NEIGHBOURS},
    **{name: label for name, label in COLUMNS.items() if name not in ("form", "article")},
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with the three parts of its line, the part of its paragraph shown when opened, and the start and end of the
    sentence it stands in.
    """

    row: KwicRow
    left: str
    place: str
    right: str
    around: tuple[str, str, str]
    sentence: tuple[int, int]


@pages.get("/concordance")
def show() -> ResponseReturnValue:
    """A page of rows."""
    session, state = current.session(), ConcordanceState.read(request.args)
    found = session.concordances.page(
        state.search, state.steps, state.how, limit=ROWS, offset=(state.page - 1) * ROWS, patience=_PATIENCE
    )
    edited = whole_number(request.args.get("edit", ""))
    editing = edited if edited is not None and edited < len(state.steps) else None
    return render_template(
        "concordance.html",
        state=state,
        words=in_words_of(session, state),
        found=found,
        rows=[_shown(row) for row in found.rows],
        editing=editing,
        step=None if editing is None else state.steps[editing],
        reaches=range(1, WIDEST + 1),
        sort_keys=_SORT_KEYS,
        group_keys=_GROUP_KEYS,
        orders=ORDERS,
        labels=LABELS,
        columns=ROW_COLUMNS,
        choosing=request.args.get("edit") == "columns",
        first=(state.page - 1) * ROWS + 1,
        last_page=-(-found.places // ROWS),
        files={
            suffix: (name, state.turned(1).url_of("concordance.sheet", suffix=suffix))
            for suffix, name in _FILES.items()
        },
        steps_in_words=[step_in_words(session, step) for step in state.steps],
    )


def _shown(row: KwicRow) -> ShownRow:
    return ShownRow(row, *sides(row, _IN_A_ROW), sides(row, _OPENED), sentence(row))


@pages.get("/concordance/step")
def step() -> ResponseReturnValue:
    """Take a step from the form into the address; instead of another one where that is being edited."""
    state = ConcordanceState.read(request.args)
    made = _made(request.args.get("kind", ""))
    number = whole_number(request.args.get("instead", ""))
    if number is not None and number >= len(state.steps):
        raise UsageError("要改的那一步已经不在了。", hint="请回到逐处页重新选。")
    return redirect(state.with_step(made, number).url)


def _made(kind: str) -> Step:
    given = request.args
    if kind == "first":
        return First()
    if kind == "sample":
        size, seed, by = given.get("size", ""), given.get("seed", "") or "1", given.get("by", "")
        return read_step(f"sample:{size}:{seed}" + (f":{by}" if by else ""))
    if not any(map(str.isalnum, given.get("text", ""))):
        raise UsageError("没有写要找的字。", hint="在“字”一栏里写一个字或一个词。")
    sign = "-" if given.get("wanted") == "0" else ""
    return read_step(f"{sign}{given.get('side', 'right')}{given.get('reach', '5')}:{given['text']}")


@pages.get("/concordance<suffix>")
def sheet(suffix: str) -> ResponseReturnValue:
    """All rows as a file, with the columns of the page where some were chosen: many as a job."""
    if suffix not in FORMATS:
        raise NotFound("没有这种表。", hint="请从逐处页选择表的格式。")
    session, state = current.session(), ConcordanceState.read(request.args)
    total = session.concordances.page(state.search, state.steps, state.how, limit=0).places
    if total <= _AT_ONCE or suffix == ".docx":  # which does not take more than that
        return download(lambda file: _write(session, state, total, file), f"逐处{suffix}")
    arguments = {"asked": state.pairs(), "suffix": suffix}
    return jobs.follow(jobs.start(ROWS_FILE, "逐处的表", arguments, back=state.url, then="results.done"))


@jobs.kind(ROWS_FILE)
def _rows_job(job: Job, session: Session, arguments: Any) -> object:
    job.tell("找出各处")
    state, suffix = ConcordanceState.read(MultiDict(tuple(pair) for pair in arguments["asked"])), arguments["suffix"]
    total = session.concordances.page(state.search, state.steps, state.how, limit=0).places
    _write(session, state, total, job.folder / f"list{suffix}", job)
    return {"hits": total, "unit": "处", "suffix": suffix, "name": f"逐处{suffix}"}


def _write(session: Session, state: ConcordanceState, total: int, file: Path, job: Job | None = None) -> None:
    heading = session.concordances.heading(state.search, state.steps, state.how, total)

    def rows() -> Iterator[KwicRow]:
        for number, row in enumerate(session.concordances.rows(state.search, state.steps, state.how)):
            if job and number % _TOLD_EVERY == 0:
                job.tell("逐处写进表里", number, total)
            yield row
        if job:
            job.tell("存成文件", total, total)

    write_rows(rows(), heading, file, state.columns)


@pages.post("/concordance/label")
def label() -> ResponseReturnValue:
    """Label one place, or take its label off."""
    session, back = current.session(), ConcordanceState.read(request.args)
    article, _, rest = request.form.get("mark", "").partition(":")
    numbers, _, chosen = rest.rpartition(":")
    place = [whole_number(each) for each in numbers.split(",")]
    if len(place) != 3 or None in place:
        raise UsageError("不知道要标的是哪一处。", hint="请回到逐处页再标一次。")
    block, start, end = (number or 0 for number in place)
    session.concordances.label(article, (block, start, end), chosen)
    return redirect(f"{back.url}#p-{article}-{block}-{start}")


# -- groups


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A value of the first column: its places and articles, the address of its rows, and a cell for each value of the
    second column: places and address.
    """

    value: str
    places: int
    articles: int
    url: str
    cells: tuple[tuple[int, str], ...] = ()


@pages.get("/concordance/groups")
def groups() -> ResponseReturnValue:
    """Places counted by one or two columns."""
    session, state, columns = current.session(), ConcordanceState.read(request.args), _columns()
    names = names_of(session)
    one_way = session.concordances.groups(state.search, state.steps, columns[:1])
    two_way = session.concordances.groups(state.search, state.steps, columns) if len(columns) > 1 else ()
    across = _across(two_way)
    cells: dict[str, dict[str, int]] = defaultdict(dict)
    for group in two_way:
        cells[group.values[0]][group.values[1]] = group.places
    rows = [
        GroupRow(
            names.get(group.values[0], group.values[0]),
            group.places,
            group.articles,
            state.drilled(columns[:1], group.values).url,
            tuple(
                (cells[group.values[0]].get(value, 0), state.drilled(columns, (group.values[0], value)).url)
                for value in across
            ),
        )
        for group in one_way[:_ROWS_OF_GROUPS]
    ]
    more = [("by", column) for column in columns]
    return render_template(
        "concordance_groups.html",
        state=state,
        words=in_words_of(session, state),
        steps_in_words=[step_in_words(session, each) for each in state.steps],
        columns=[column_label(column) for column in columns],
        chosen=columns,
        group_keys=_GROUP_KEYS,
        across=[names.get(value, value) for value in across],
        rows=rows,
        total=sum(group.places for group in one_way),
        left_out=one_way[_ROWS_OF_GROUPS:],
        left_across=len({group.values[1] for group in two_way}) - len(across),
        files={suffix: state.url_of("concordance.groups_sheet", *more, suffix=suffix) for suffix in (".xlsx", ".csv")},
    )


def _across(two_way: Sequence[Group]) -> list[str]:
    """The values of the second column with the most places."""
    counts: dict[str, int] = defaultdict(int)
    for group in two_way:
        counts[group.values[1]] += group.places
    largest = sorted(counts, key=lambda value: (-counts[value], value))[:_COLUMNS_OF_GROUPS]
    return sorted(largest, key=lambda value: (value == NONE, value))


@pages.get("/concordance/groups<suffix>")
def groups_sheet(suffix: str) -> Response:
    """All groups as a file, none left out."""
    if suffix not in (".xlsx", ".csv"):
        raise NotFound("没有这种表。", hint="请从分组页选择表的格式。")
    session, state, columns = current.session(), ConcordanceState.read(request.args), _columns()
    found = session.concordances.groups(state.search, state.steps, columns)
    names = names_of(session)
    named = [
        Group(tuple(names.get(value, value) for value in group.values), group.places, group.articles) for group in found
    ]
    total = sum(group.places for group in found)
    heading = session.concordances.heading(state.search, state.steps, state.how, total)
    return download(lambda file: write_groups(named, columns, heading, file), f"逐处分组{suffix}")


def _columns() -> tuple[str, ...]:
    given = tuple(dict.fromkeys(checked_column(name) for name in request.args.getlist("by") if name))
    return given[:2] or ("right2",)


# -- words


def names_of(session: Session) -> dict[str, str]:
    """The titles of collections by id."""
    return {each.id: each.title for each in session.collections()}


def in_words_of(session: Session, state: ConcordanceState) -> str:
    """The search in words."""
    return in_words(state.search, names_of(session))


def step_in_words(session: Session, step: Step) -> str:
    """A step with titles for the ids of collections and articles."""
    if isinstance(step, Is) and step.column == "collection":
        return Is(step.column, names_of(session).get(step.value, step.value), step.wanted).words
    return step.words
