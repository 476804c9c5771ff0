"""A register as a workbook and back: one sheet of records, one for each group of rows, one of the steps taken.

Private fields are written only where they are named. The steps are for reading: what comes back in is the records, and
what changed in them becomes a step of whoever brought them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.model.access import Action
from archive.model.errors import ReadError, UsageError
from archive.model.procedures import STATE_FIELD, Procedure, Values, WorkRecord
from archive.support.sheets import Rows, write_xlsx
from archive.support.table_files import read_tables
from archive.workflow.workflow import Workflow

STEPS_SHEET = "经过"
_STEP_COLUMNS = ("时间", "从", "到", "签字", "岗位", "经手", "意见", "兼任理由", "记下的", "版本", "校验码")


@dataclass(frozen=True, slots=True)
class RegisterIntake:
    """What came of a workbook: records added, changed, left as they were; `odd` values that do not fit their field."""

    added: int
    changed: int
    same: int
    odd: tuple[str, ...] = ()


def export_register(
    workflow: Workflow, name: str, file: Path, records: Sequence[WorkRecord] | None = None, private: Sequence[str] = ()
) -> int:
    """Write a register, or these of its records, into an .xlsx file; how many. `private` fields must be named.

    Raises NotAllowed where private fields are not the actor's to see, UsageError, StorageError.
    """
    procedure = workflow.procedure(name)
    chosen = workflow.records(name) if records is None else records
    known = {one.name for one in procedure.private_fields}
    if stranger := next((one for one in private if one not in known), None):
        raise UsageError(f"“{stranger}”不是个人信息字段", hint=f"个人信息字段：{'、'.join(known) or '没有'}")
    if private:
        workflow.require(Action.PERSONAL)
    key, fields = procedure.number_field, [one.name for one in procedure.public_fields]
    columns = [key, STATE_FIELD, *(one for one in fields if one != key)]
    rows = []
    for one in chosen:
        held = workflow.private(one) if private else {}
        rows.append([_cell(one, name) for name in columns] + [held.get(name, "") for name in private])
    sheets = [(procedure.title, [*columns, *private], rows)]
    for group in procedure.groups:
        names = [one.name for one in group.fields]
        lines = [
            [one.number, *(row.get(each, "") for each in names)]
            for one in chosen
            for _, row in one.of_group(group.name)
        ]
        sheets.append((group.name, [key, *names], lines))
    sheets.append((STEPS_SHEET, [key, *_STEP_COLUMNS], list(_steps(workflow, chosen))))
    write_xlsx(file, sheets)
    return len(rows)


def _cell(record: WorkRecord, column: str) -> str:
    return record.state if column == STATE_FIELD else record.values.get(column, "")


def _steps(workflow: Workflow, records: Sequence[WorkRecord]) -> Iterator[list[str]]:
    for record in records:
        for one in workflow.steps(record):
            noted = "；".join(f"{name}：{value}" for name, value in one.values.items() if one.source)
            version = str(one.version or "")
            yield [
                record.number, one.moment, one.source, one.toward or one.to, one.signer or one.who, one.post, one.who,
                one.opinion, one.reason, noted, version, one.digest[:16],
            ]  # fmt: skip


def import_register(workflow: Workflow, name: str, file: Path) -> RegisterIntake:
    """Take a workbook (.xlsx, .xls, .csv) into a register: new numbers are added, known ones brought up to date.

    Values are kept as they are shown; those that do not fit their field are told. Raises ReadError naming columns the
    register does not have, and takes nothing.
    """
    workflow.require(Action.REGISTER)
    procedure = workflow.procedure(name)
    tables = read_tables(file)
    main = _main(procedure, tables, file)
    lines = [line for line in _lines(procedure, main, file) if any(line.values())]
    rows = _groups(procedure, tables, main)
    return RegisterIntake(*workflow.take_in(procedure, lines, rows, f"收自 {file.name}"))


def _main(procedure: Procedure, tables: Sequence[Rows], file: Path) -> Rows:
    required = {one.name for one in procedure.public_fields if one.required}
    for rows in tables:
        header = {cell.strip() for cell in rows[0]}
        if required <= header:
            return rows
    hint = f"第一行要有：{'、'.join(required)}。可以先导出一份作样子"
    raise ReadError("没有找到登记的那张表", place=file.name, hint=hint)


def _lines(procedure: Procedure, rows: Rows, file: Path) -> Iterator[dict[str, str]]:
    header = [cell.strip() for cell in rows[0]]
    known = {STATE_FIELD, *(one.name for one in procedure.fields)}
    if strangers := [name for name in header if name and name not in known]:
        hint = "在这个登记簿的流程文件里加上这些 [[field]]，或者把这一栏删去再收；docs/workflow.md 有写法"
        raise ReadError(f"登记簿没有这些栏：{'、'.join(strangers)}", place=file.name, hint=hint)
    for row in rows[1:]:
        yield {name: cell.strip() for name, cell in zip(header, row, strict=False) if name}


def _groups(procedure: Procedure, tables: Sequence[Rows], main: Rows) -> Mapping[tuple[str, str], Sequence[Values]]:
    """Rows by (number of the record, group): a table belongs to the group whose columns it has."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for rows in tables:
        header = [cell.strip() for cell in rows[0]]
        group = next(
            (one for one in procedure.groups if header and header[0] == procedure.number_field
             and set(header[1:]) == {each.name for each in one.fields}), None
        )  # fmt: skip
        if rows is main or group is None:
            continue
        for row in rows[1:]:
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            number = cells.pop(procedure.number_field, "")
            found.setdefault((number, group.name), []).append({name: value for name, value in cells.items() if value})
    return found
