"""Registers: all of them, one as a table with filters and counts, entering, Excel out and in, what is to be done."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotAllowed, UsageError, WenshiError
from archive.model.procedures import Procedure, WorkRecord
from archive.workflow.counting import classes, counted, rates
from archive.workflow.register_tables import export_register, import_register
from web.base import current, error_pages
from web.base.sheet_downloads import download
from web.office.record_form import sent_rows, sent_values

pages = Blueprint("registers", __name__)

_LEAF = 100  # records on one page
_SHOWN = 8  # odd values told


@pages.get("/registers")
def registers() -> ResponseReturnValue:
    """All registers with how much stands in each."""
    workflow = current.session().workflow
    held = [(one, workflow.records(one.name)) for one in workflow.procedures()]
    if not held:
        raise NotAllowed("您不经办登记簿。", hint="请管理员分派岗位")
    found = [(one, len(records), sum(not _closed(one, each) for each in records)) for one, records in held]
    return render_template("registers.html", registers=found, errors=workflow.table.errors())


@pages.get("/to-do")
def to_do() -> ResponseReturnValue:
    """What is to be done, the first due first."""
    found = current.session().workflow.to_do()
    return render_template("to_do.html", found=found, today=date.today().isoformat())


@pages.get("/registers/<name>")
def register(name: str) -> ResponseReturnValue:
    """The records of a register: those that a word, a state and classes choose."""
    return _register(name)


def _register(name: str, error: WenshiError | None = None) -> ResponseReturnValue:
    workflow = current.session().workflow
    procedure = workflow.procedure(name)
    records = workflow.records(name)
    chosen = _chosen(procedure, records)
    page = max(1, request.args.get("page", 1, int) or 1)
    shown = render_template(
        "register.html",
        procedure=procedure,
        columns=[one for one in procedure.fields if one.listed and one.name != procedure.number_field],
        records=tuple(reversed(chosen))[(page - 1) * _LEAF : page * _LEAF],
        found=len(chosen),
        total=len(records),
        page=page,
        pages=-(-len(chosen) // _LEAF),
        tables=counted(procedure, chosen),
        rates=rates(procedure, chosen),
        classes=[one for one in procedure.fields if one.by_class],
        asked={key: value for key, value in request.args.items() if value and key != "page"},
        today=date.today().isoformat(),
        may_enter=current.session().may(Action.REGISTER),
        private=procedure.private_fields if current.session().may(Action.PERSONAL) else (),
        error=error,
    )
    return shown, error_pages.status_of(error) if error else 200


def _chosen(procedure: Procedure, records: Sequence[WorkRecord]) -> list[WorkRecord]:
    words, state = request.args.get("q", "").strip(), request.args.get("state", "")
    chosen = [(one, value) for one in procedure.fields if (value := request.args.get(f"c-{one.name}", ""))]
    return [
        one
        for one in records
        if (not state or one.state == state)
        and all(value in classes(field, one) for field, value in chosen)
        and (not words or any(words in value for value in _texts(one)))
    ]


def _texts(record: WorkRecord) -> Sequence[str]:
    rows = [value for held in record.rows.values() for row in held if row for value in row.values()]
    return [*record.values.values(), *rows]


@pages.get("/registers/<name>/new")
def new(name: str) -> ResponseReturnValue:
    """The form for a new record."""
    return _new(name)


@pages.post("/registers/<name>/new")
def enter(name: str) -> ResponseReturnValue:
    """Enter a new record."""
    workflow = current.session().workflow
    procedure = workflow.procedure(name)
    try:
        values = {key: value for key, value in sent_values().items() if value}
        made = workflow.add(name, values, sent_rows(procedure))
    except WenshiError as error:
        return _new(name, error)
    flash(f"已登记：{made.number}。")
    return redirect(url_for("records.one", name=procedure.name, which=made.number), code=303)


def _new(name: str, error: WenshiError | None = None) -> ResponseReturnValue:
    session = current.session()
    session.workflow.require(Action.REGISTER)
    procedure = session.workflow.procedure(name)
    may_private = session.may(Action.PERSONAL)
    asked_for = [one for one in procedure.fields if may_private or not one.private]
    asked_for.sort(key=lambda one: one.name != procedure.number_field)
    later = procedure.filled_later
    shown = render_template(
        "register_new.html",
        procedure=procedure,
        now=[one for one in asked_for if one not in later],
        later=[one for one in asked_for if one in later],
        form=request.form,
        typed=sent_values(),
        error=error,
    )
    return shown, error_pages.status_of(error) if error else 200


@pages.get("/registers/<name>/sheet.xlsx")
def sheet(name: str) -> Response:
    """The records chosen as a workbook; private fields only where they are ticked."""
    workflow = current.session().workflow
    procedure = workflow.procedure(name)
    chosen = _chosen(procedure, workflow.records(name))
    private = request.args.getlist("private")
    return download(lambda file: export_register(workflow, name, file, chosen, private), f"{procedure.title}.xlsx")


@pages.post("/registers/<name>/sheet")
def take_in(name: str) -> ResponseReturnValue:
    """Take a workbook into the register."""
    sent = request.files.get("table")
    workflow = current.session().workflow
    try:
        if sent is None or not sent.filename:
            raise UsageError("没有选择文件。", hint="先选 Excel 文件，再按“收进来”")
        with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
            file = Path(folder) / f"上传的表格{Path(sent.filename).suffix[:8]}"
            sent.save(file)
            came = import_register(workflow, name, file)
    except WenshiError as error:
        return _register(name, error)
    flash(f"新登记 {came.added} 份，改动 {came.changed} 份，没有变化 {came.same} 份。")
    if came.odd:
        more = f"等 {len(came.odd)} 处" if len(came.odd) > _SHOWN else ""
        flash(f"照原样收下、请再看一看：{'；'.join(came.odd[:_SHOWN])}{more}。")
    return redirect(url_for("registers.register", name=name), code=303)


def _closed(procedure: Procedure, record: WorkRecord) -> bool:
    state = procedure.state(record.state)
    return state is None or state.closed
