"""长编 in the browser: the tree of headings with its events, an event with its accounts side by side, files of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive import dates
from archive.model.access import Action
from archive.model.cards import MEANS
from archive.model.compilation import Compilation, Event, Heading, RemarkKind
from archive.model.errors import NotFound, UsageError, WenshiError
from archive.model.integers import whole_number
from archive.session import Session
from archive.workbench.accounts import KINDS, Mark
from archive.workbench.compilation_files import as_book, as_project, heading_of, write_table
from archive.workbench.compiled_articles import chronicle, rosters, take_in
from web.base import asking_first, current
from web.base.error_pages import status_of
from web.base.sheet_downloads import download

pages = Blueprint("compilations", __name__, url_prefix="/compilations")

_LEAF = 40  # events on a page
_FILES = {".docx": "Word", ".xlsx": "Excel", ".csv": "CSV"}
_WAYS = {"up": "上移", "down": "下移", "out": "升级", "in": "降级"}


@dataclass(frozen=True, slots=True)
class ShownHeading:
    """A heading in the tree: how many events stand under it, and the address of the first of them."""

    heading: Heading
    events: int
    url: str


@pages.route("", methods=["GET", "POST"])
def listed() -> ResponseReturnValue:
    """All 长编, and the form for a new one."""
    compilations, error = current.session().compilations, None
    if request.method == "POST":
        try:
            made = compilations.create(request.form.get("name", ""))
            return redirect(url_for("compilations.one", name=made.name), code=303)
        except WenshiError as failure:
            error = failure
    held = [compilations.get(name) for name in compilations.names()]
    may = current.session().may(Action.COMPILE)
    return render_template("compilations.html", held=held, error=error, may=may), status_of(error) if error else 200


@pages.get("/<name>")
def one(name: str) -> ResponseReturnValue:
    """A page of events under their headings, with the tree of all headings."""
    return _shown(current.session().compilations.get(name))


def _shown(held: Compilation, error: WenshiError | None = None) -> ResponseReturnValue:
    compilations = current.session().compilations
    outline = compilations.outline(held)
    flat = [(heading, event) for heading, events in outline for event in events]
    pages_of = max(1, -(-len(flat) // _LEAF))
    page = min(max(1, request.args.get("page", 1, type=int)), pages_of)
    told = {each.event.key: each for each in compilations.told([one for _, one in flat[(page - 1) * _LEAF :][:_LEAF]])}
    here = [(heading, [told[one.key] for one in events if one.key in told]) for heading, events in outline]
    shown = render_template(
        "compilation.html",
        held=held,
        error=error,
        tree=list(_tree(held, outline)),
        leaf=[(heading, events) for heading, events in here if events or (pages_of == 1 and heading)],
        total=len(flat),
        page=page,
        pages=pages_of,
        pieces=pieces,
        heading_of=heading_of,
        ways=_WAYS,
        files=_FILES,
        collections=current.session().collections(),
        may_import=current.session().may(Action.IMPORT),
    )
    return shown, status_of(error) if error else 200


def _tree(held: Compilation, outline: tuple[tuple[Heading | None, tuple[Event, ...]], ...]) -> Iterator[ShownHeading]:
    before = 0
    for heading, events in outline:
        if heading is not None:
            url = url_for("compilations.one", name=held.name, page=before // _LEAF + 1 if before >= _LEAF else None)
            yield ShownHeading(heading, len(events), f"{url}#h{heading.key}")
        before += len(events)


def pieces(text: str, marks: tuple[Mark, ...]) -> Iterator[tuple[str, Mark | None]]:
    """An account in pieces, each with its mark."""
    at = 0
    for mark in marks:
        start, end = mark.span
        yield text[at:start], None
        yield text[start:end], mark
        at = end
    yield text[at:], None


# -- changes


@pages.post("/<name>")
def change(name: str) -> ResponseReturnValue:
    """What a button of the page asks for; what was typed is told again with an error."""
    compilations = current.session().compilations
    held = compilations.get(name)
    do, _, rest = request.form.get("do", "").partition(":")
    try:
        if do == "remove-all":
            if asks := asking_first.question(f"删去长编“{name}”？篇目、按语和考异都会删去，卡片不受影响。"):
                return asks
            compilations.remove(name)
            flash(f"长编“{name}”已删去，卡片都在。")
            return redirect(url_for("compilations.listed"), code=303)
        if do not in _CHANGES:
            raise UsageError("不知道要做什么。", hint="请回到长编的页面，按页面上的按钮")
        compilations.save(_CHANGES[do](current.session(), _as_seen(held), rest))
    except WenshiError as failure:
        return _shown(held, failure)
    return redirect(_back(name), code=303)


def _as_seen(held: Compilation) -> Compilation:
    """The 长编 as it was when the page was made, so far as its revision goes: Conflict tells when it is another now."""
    seen = whole_number(request.form.get("revision", ""))
    return held if seen is None else replace(held, revision=seen)


def _back(name: str) -> str:
    page = request.form.get("page", "")
    return url_for("compilations.one", name=name, page=page if page.isdecimal() and page != "1" else None) + (
        f"#{request.form['at']}" if request.form.get("at", "").isalnum() else ""
    )


def _ticked() -> list[int]:
    found = [whole_number(one) for one in request.form.getlist("event")]
    ticked = [one for one in found if one is not None]
    if not ticked:
        raise UsageError("还没有选是哪几件事。", hint="在每件事前面打勾，再按按钮")
    return ticked


def _number(typed: str) -> int:
    return whole_number(typed) or 0


def _add_heading(session: Session, held: Compilation, rest: str) -> Compilation:
    return held.with_heading(request.form.get("title", ""), _number(request.form.get("under", "")))


def _rename(session: Session, held: Compilation, key: str) -> Compilation:
    return held.renamed(_number(key), request.form.get("title", ""))


def _move_heading(session: Session, held: Compilation, rest: str) -> Compilation:
    way, _, key = rest.partition(":")
    return held.moved_heading(_number(key), way)


def _order(session: Session, held: Compilation, way: str) -> Compilation:
    return replace(held, by_date=way == "date")


def _shift(session: Session, held: Compilation, rest: str) -> Compilation:
    way, _, key = rest.partition(":")
    return session.compilations.shifted(held, _number(key), way)


_CHANGES: dict[str, Callable[[Session, Compilation, str], Compilation]] = {
    "heading": _add_heading,
    "rename": _rename,
    "move": _move_heading,
    "drop": lambda _, held, key: held.without_heading(_number(key)),
    "order": _order,
    "shift": _shift,
    "under": lambda _, held, __: held.moved(_ticked(), _number(request.form.get("under", ""))),
    "join": lambda _, held, __: held.joined(_ticked()),
    "take-out": lambda _, held, __: held.without_events(_ticked()),
}


# -- an event


@pages.route("/<name>/event/<int:key>", methods=["GET", "POST"])
def event(name: str, key: int) -> ResponseReturnValue:
    """The accounts of an event side by side; its title, date and place; 考异 and 按语."""
    session, error = current.session(), None
    held = session.compilations.get(name)
    if request.method == "POST":
        try:
            session.compilations.save(_changed(session, _as_seen(held), key))
            flash("已保存。")
            return redirect(url_for("compilations.event", name=name, key=key), code=303)
        except WenshiError as failure:
            error = failure
    told = session.compilations.event(held, key)
    shown = render_template(
        "compilation_event.html",
        held=held,
        told=told,
        error=error,
        pieces=pieces,
        kinds=KINDS,
        remark_kinds=RemarkKind,
        describe=dates.describe,
        conditions=MEANS,
        may_change=session.cards.may_change,
    )
    return shown, status_of(error) if error else 200


def _changed(session: Session, held: Compilation, key: int) -> Compilation:
    do, _, rest = request.form.get("do", "").partition(":")
    told = held.event(key)
    match do:
        case "save":
            heading = _number(request.form.get("under", ""))
            title, date = request.form.get("title", ""), " ".join(request.form.get("date", "").split())
            doubtful = "doubtful" in request.form
            moved = held.moved([key], heading).event(key)
            return held.changed(replace(moved, title=title, date=date, doubtful=doubtful))
        case "remark":
            kinds = [one for one in RemarkKind if one.value == request.form.get("kind")]
            kind = kinds[0] if kinds else RemarkKind.COMMENT
            return session.compilations.remark(held, key, kind, request.form.get("text", ""))
        case "unremark":
            at = whole_number(rest)
            kept = tuple(one for number, one in enumerate(told.remarks) if number != at)
            return held.changed(replace(told, remarks=kept))
        case "part":
            return held.parted(key, _number(rest))
    raise UsageError("不知道要做什么。", hint="请按页面上的按钮")


# -- files and what is made from it


@pages.get("/<name>/file<suffix>")
def sheet(name: str, suffix: str) -> Response:
    """The 长编 as a file: Word with sources as notes, or a table."""
    if suffix not in _FILES:
        raise NotFound("没有这种文件。", hint="请从长编的页面选择格式。")
    session = current.session()
    held = session.compilations.get(name)
    parts = session.compilations.parts(held)

    def write(file: Path) -> None:
        if suffix == ".docx":
            session.books.write(as_book(held, parts, session.books.house("16开")), "docx", file)
        else:
            write_table(parts, file)

    return download(write, f"{name}{suffix}")


@pages.post("/<name>/make")
def make(name: str) -> ResponseReturnValue:
    """A book project, entries of a 大事记 or a 组织史 made of it."""
    session = current.session()
    held = session.compilations.get(name)
    parts = session.compilations.parts(held)
    try:
        if request.form.get("do") == "project":
            project = session.books.save(as_project(session.compilations, request.form.get("name", name), parts))
            return redirect(url_for("books.book", name=project.name), code=303)
        made = {"chronicle": (chronicle, "大事记"), "roster": (rosters, "组织史")}.get(request.form.get("do", ""))
        if made is None:
            raise UsageError("不知道要做什么。", hint="请按页面上的按钮")
        drafts, left_out = made[0](parts, session.collection(request.form.get("collection", "")).id)
        take_in(session.add, held, drafts, made[1])
        title = session.collection(drafts[0].collection).title
        flash(f"做成{made[1]} {len(drafts)} 条，作为来稿收进“{title}”了。" + _left_out(left_out))
        return redirect(_back(name), code=303)
    except WenshiError as failure:
        return _shown(held, failure)


def _left_out(titles: list[str]) -> str:
    if not titles:
        return ""
    return f"没有用上 {len(titles)} 条：{'；'.join(titles[:5])}{' 等' if len(titles) > 5 else ''}。"
