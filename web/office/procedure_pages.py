"""Procedures changed by whoever maintains the library: states, steps, who takes them, what they need."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import FieldError, UsageError, WenshiError
from archive.workflow.procedure_draft import ProcedureDraft
from web.base import current, error_pages
from web.office import procedure_form
from web.office.procedure_form import BOXES, PARTS

pages = Blueprint("procedures", __name__, url_prefix="/procedures")


@pages.get("")
def listed() -> ResponseReturnValue:
    """All procedures, and the form for one more."""
    return _listed()


@pages.post("")
def begin() -> ResponseReturnValue:
    """Begin a procedure of the office's own."""
    form = request.form
    try:
        if not form.get("name", "").strip():
            raise UsageError("没有写名称。", hint="写上新的登记簿叫什么")
        made = current.session().procedures.begin(form["name"], form.get("like", ""))
    except UsageError as error:
        return _listed(error)
    flash("已照样子建好，改成自己的以后按“启用”。")
    return redirect(url_for("procedures.one", name=made.name), code=303)


def _listed(error: WenshiError | None = None) -> ResponseReturnValue:
    current.require(Action.MAINTAIN)
    session = current.session()
    known, drafts = session.workflow.procedures(), session.procedures.table.drafts()
    shown = render_template(
        "procedures.html",
        procedures=known,
        drafts=drafts,
        fresh=[one for one in drafts if one not in {each.name for each in known}],
        errors=session.procedures.table.errors(),
        typed=request.form,
        error=error,
    )
    return shown, error_pages.status_of(error) if error else 200


@pages.get("/<name>")
def one(name: str) -> ResponseReturnValue:
    """A procedure as a whole, with what is to be changed in it."""
    return _one(name)


@pages.post("/<name>")
def put(name: str) -> ResponseReturnValue:
    """Put what was changed into use, or forget it."""
    editing = current.session().procedures
    try:
        if request.form.get("do") == "drop":
            editing.drop(name)
            flash("没有启用的改动已经放弃。")
            return redirect(url_for("procedures.listed"), code=303)
        editing.use(name)
    except WenshiError as error:
        return _one(name, error)
    flash("已经启用，大家从现在起照这样走。")
    return redirect(url_for("procedures.one", name=name), code=303)


def _one(name: str, error: WenshiError | None = None) -> ResponseReturnValue:
    session = current.session()
    draft = session.procedures.draft(name)
    shown = render_template(
        "procedure.html",
        draft=draft,
        parts=PARTS,
        entries={part: [procedure_form.values_of(part, each) for each in draft.entries(part)] for part in PARTS},
        faults=[(each, procedure_form.said(each.message, each.table)) for each in draft.faults()],
        known=name in {each.name for each in session.workflow.procedures()},
        error=error,
    )
    return shown, error_pages.status_of(error) if error else 200


@pages.get("/<name>/<any(head, state, step, field, rows, post, number, rate):part>/<at>")
def entry(name: str, part: str, at: str) -> ResponseReturnValue:
    """The form of one entry; "new" for one more."""
    table, place = _place(part, at)
    draft = current.session().procedures.draft(name)
    present = draft.entry(table, place) if place is not None else {}
    return _form(draft, part, at, procedure_form.values_of(table, present))


@pages.post("/<name>/<any(head, state, step, field, rows, post, number, rate):part>/<at>")
def change(name: str, part: str, at: str) -> ResponseReturnValue:
    """Change an entry, move it, or take it out."""
    table, place = _place(part, at)
    editing = current.session().procedures
    draft = editing.draft(name)
    do = request.form.get("do", "")
    if place is not None and table and do in ("up", "down"):
        editing.move(name, table, place, -1 if do == "up" else 1)
    elif place is not None and table and do == "remove":
        editing.remove(name, table, place)
    else:
        values = procedure_form.typed(request.form, procedure_form.boxes(draft, table))
        try:
            editing.change(name, table, place, procedure_form.entry_of(table, values))
        except FieldError as error:
            return _form(draft, part, at, values, error)
    return redirect(url_for("procedures.one", name=name, _anchor=part), code=303)


def _place(part: str, at: str) -> tuple[str, int | None]:
    """The table, and which entry of it; None for one more."""
    if part == "head":
        return "", 0
    if at != "new" and not at.isdecimal():
        abort(404)
    return part, None if at == "new" else int(at)


def _form(
    draft: ProcedureDraft, part: str, at: str, values: dict[str, Any], error: WenshiError | None = None
) -> ResponseReturnValue:
    table = "" if part == "head" else part
    boxes = procedure_form.boxes(draft, table)
    known = {one.key for one in BOXES[table]}
    wrong = error.field if isinstance(error, FieldError) else ""
    shown = render_template(
        "procedure_entry.html",
        draft=draft,
        part=part,
        title=PARTS.get(part, "登记簿"),
        at=at,
        boxes=[(one, procedure_form.options(draft, one)) for one in boxes],
        values=values,
        fault=procedure_form.said(error.message, table) if error else "",
        wrong=wrong if wrong in known else "",
    )
    return shown, error_pages.status_of(error) if error else 200
