"""Records of people, places and bodies entered, changed, merged, removed and restored, and tables of them taken in."""

from __future__ import annotations

import tempfile
from itertools import zip_longest
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from archive.catalogue.name_table import (
    NameTable,
    belonging,
    cleaned,
    closed_up,
    parse,
    read_forms,
    read_identifiers,
    statement,
    write_identifiers,
)
from archive.model.access import Action
from archive.model.errors import FieldError, NotFound, ReadError, UsageError, WenshiError
from archive.model.name_records import FormType, NameForm, NameKind, NameRecord, years_written
from archive.support.sheets import Rows, csv_rows, csv_text
from archive.support.table_files import read_rows
from web.base import asking_first, current
from web.base.error_pages import status_of

pages = Blueprint("name_editing", __name__)

_BLANK = 3  # empty rows of a form
SAID = ("生", "卒", "籍贯", "任职", "学历", "关系", "设立", "撤销", "更名")
"""What statements are mostly about, as offered; any other word does."""

_MOST_HELD = 400_000  # characters of a table that waits on the page to be confirmed


@pages.route("/names/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A record from nothing; `preferred` is the name it begins with, `read` and `block` where that was read."""
    offered, read = request.values.get("preferred", "").strip()[:100], request.values.get("read", "")
    block = request.values.get("block", None, int)
    given = request.args.get("kind", "")
    kind = NameKind(given) if given in tuple(NameKind) else NameKind.PERSON
    return _edited(NameRecord(kind, offered), (read, block) if read and block is not None else None)


@pages.route("/names/<int:number>/edit", methods=["GET", "POST"])
def edit(number: int) -> ResponseReturnValue:
    """A record changed, or taken out of use."""
    record = current.session().names.get(number)
    if record.merged_into:
        return redirect(url_for("names.one", number=number), code=303)
    return _edited(record, None)


def _edited(record: NameRecord, read_at: tuple[str, int] | None) -> ResponseReturnValue:
    names, error = current.session().names, None
    current.require(Action.MAINTAIN)
    if request.method == "POST":
        try:
            if request.form.get("do") == "remove":
                if asks := asking_first.question(f"删去“{record.preferred}”？以后可以从修改记录恢复。"):
                    return asks
                names.remove(record.key, _line("reason"))
                flash(f"已删去“{record.preferred}”。")
                return redirect(url_for("names.listed"), code=303)
            record = _typed(record)
            number = names.put(record, _line("reason"))
            flash(f"已保存“{record.preferred}”。")
            read, block = read_at or (None, None)
            return redirect(url_for("names.one", number=number, read=read, block=block), code=303)
        except WenshiError as failure:
            error = failure
    shown = render_template(
        "name_edit.html",
        record=record,
        error=error,
        kinds=tuple(NameKind),
        types=tuple(FormType),
        said=SAID,
        forms=_rows([(one.type.value, one.text) for one in record.forms], ("form_type", "form")),
        statements=_rows([one.cells for one in record.statements], ("what", "when", "text", "source")),
        belongings=_rows(
            [(years_written(one.since, one.until), one.parent, one.source) for one in record.belongings],
            ("belonged", "parent", "parent_source"),
        ),
        typed=request.form,
        identifiers=write_identifiers(record.identifiers),
        read_at=read_at,
        alike=names.bearers(record.preferred) if not record.key and record.preferred else (),
    )
    return shown, status_of(error) if error else 200


def _rows(held: list[tuple[str, ...]], names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The rows of a part of the form: as typed, or as held, and some empty ones."""
    rows = _lists(*names) if request.method == "POST" else held
    return [*(row for row in rows if any(row[-2:])), *[("",) * len(names)] * _BLANK]


def _lists(*names: str) -> list[tuple[str, ...]]:
    columns = [[cleaned(value)[:2_000] for value in request.form.getlist(name)] for name in names]
    return list(zip_longest(*columns, fillvalue=""))


def _typed(before: NameRecord) -> NameRecord:
    """The record as the form has it. Raises FieldError."""
    kind, version = request.form.get("kind", ""), request.form.get("version", "")
    if kind not in tuple(NameKind):
        raise FieldError("没有选类别。", field="类别", hint="选人物、地名或机构")
    preferred = closed_up(_line("preferred"))
    forms: dict[str, NameForm] = {}
    for type, written in _lists("form_type", "form"):
        given = FormType(type) if type in tuple(FormType) else FormType.ALIAS
        for one in read_forms(written, preferred):
            forms.setdefault(one.text, NameForm(one.text, given) if one.type is FormType.ALIAS else one)
    said = [row for row in _lists("what", "when", "text", "source") if any(row[1:])]
    under = [row for row in _lists("belonged", "parent", "parent_source") if any(row)]
    return NameRecord(
        kind=NameKind(kind),
        preferred=preferred,
        forms=tuple(forms.values()),
        dates=_line("dates"),
        note=request.form.get("note", "").strip().replace("\r\n", "\n"),
        statements=tuple(statement(row) for row in said),
        belongings=tuple(belonging(row) for row in under),
        identifiers=read_identifiers(request.form.get("identifiers", "")),
        key=before.key,
        version=int(version) if version.isdecimal() and len(version) < 9 else before.version,
    )


def _line(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:2_000]


@pages.route("/names/<int:number>/merge", methods=["GET", "POST"])
def merge(number: int) -> ResponseReturnValue:
    """One record merged into another: found by a name or a number, looked at side by side, with a reason."""
    names = current.session().names
    error: WenshiError | None = None
    current.require(Action.MAINTAIN)
    record = names.get(number)
    asked = request.values.get("into", "").strip()[:100]
    found: tuple[NameRecord, ...] = ()
    try:
        if asked:
            several = (names.found(asked),) if asked.isdecimal() else names.all(record.kind, asked)
            found = tuple(one for one in several if one.key != number and one.kind is record.kind)[:20]
        if request.method == "POST":
            names.merge(number, int(request.form.get("chosen", "0")), _line("reason"))
            flash(f"“{record.preferred}”（编号 {number}）已并入。")
            return redirect(url_for("names.one", number=number), code=303)
    except ValueError:
        error = UsageError("没有选并入哪一条。", hint="先查，再选一条。")
    except WenshiError as failure:
        error = failure
    shown = render_template("name_merge.html", record=record, asked=asked, found=found, error=error)
    return shown, status_of(error) if error else 200


@pages.post("/names/<int:number>/restore")
def restore(number: int) -> ResponseReturnValue:
    """An earlier version made the present one."""
    version = request.form.get("version", "")
    if not (version.isdecimal() and len(version) < 9):
        raise NotFound("没有这一版。", hint="到修改记录里选一版。")
    current.session().names.restore(number, int(version))
    flash(f"已恢复第 {version} 版。")
    return redirect(url_for("names.one", number=number), code=303)


# -- tables


@pages.route("/names/import", methods=["GET", "POST"])
def take_in() -> ResponseReturnValue:
    """A table looked at first, and then taken in whole."""
    names, error, rows, found = current.session().names, None, Rows(), None
    current.require(Action.MAINTAIN)
    table: NameTable | None = None
    if request.method == "POST":
        try:
            rows = _given()
            table = parse(rows, "表")
            found = names.compared(table) if not table.problems else None
            if found is not None and not found.problems and request.form.get("do") == "take":
                names.take_in(table, "浏览器里收入")
                flash(f"已收入：新增 {len(found.added)} 条，改动 {len(found.changed)} 条。")
                return redirect(url_for("names.listed"), code=303)
        except WenshiError as failure:
            error = failure
    held = csv_text(rows)
    shown = render_template(
        "names_import.html",
        error=error,
        table=table,
        found=found,
        held=held if len(held) <= _MOST_HELD else "",
    )
    return shown, status_of(error) if error else 200


def _given() -> Rows:
    """The rows of the file, or of the table looked at before. Raises UsageError."""
    held = request.form.get("held", "")
    if held and request.form.get("do") == "take":
        return csv_rows(held, "表", ",")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise UsageError("没有选文件。", hint="选一个 Excel 或 CSV 文件。")
    return _read(file)


def _read(file: FileStorage) -> Rows:
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, "表.xlsx")  # what it is, its bytes tell
        file.save(copy)
        try:
            return read_rows(copy)
        except ReadError as error:
            raise UsageError(error.message, hint=error.hint) from error
