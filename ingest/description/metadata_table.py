"""Descriptions of a whole collection as one table: written out, corrected in Excel, checked row by row, taken in.

Nothing changes before every row has been found good; then all of them change, or none. The table carries the version
each row was written from, so that nobody's later work is overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.catalogue.fields import Definition, Description, definitions, described, faults, written
from archive.model.errors import FieldError, NotFound, ReadError
from archive.model.integers import whole_number
from archive.model.records import Article
from archive.session import Session
from archive.support.sheets import Rows, write_csv, write_xlsx
from archive.support.table_files import read_tables

ID, VERSION, COLLECTION = "编号", "版本", "文集"
_LEAD = (ID, VERSION, COLLECTION)

_NUMBERED = re.compile(r"第?(\d+)(?:[.．]0*)?版?")
_UNKNOWN = "没有这一项：既不是通用的著录项，也不是这个文集声明的"

REASON = "由表格导入著录"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something cannot be taken: `row` as Excel counts (the header is 1), `column` by name, may be empty."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one article that would read otherwise."""

    article: str
    title: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What a table asks for. Only without `faults` may it be taken in; `rows` counts the articles named."""

    rows: int
    descriptions: tuple[Description, ...]
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]


# -- out


def export_table(session: Session, collection_id: str, file: Path) -> int:
    """Write the descriptions of a collection to `file`, .csv or .xlsx; the number of articles.

    Raises NotFound for an unknown collection, StorageError.
    """
    collection = session.collection(collection_id)
    articles = list(session.articles(collection_id))
    known = definitions(collection, articles)
    header = [*_LEAD, *(one.name for one in known)]
    rows = [_row(article, known) for article in articles]
    if file.suffix.lower() == ".xlsx":
        write_xlsx(file, [(collection.title, header, rows)])
    else:
        write_csv(file, header, rows)
    return len(rows)


def _row(article: Article, known: Sequence[Definition]) -> list[str]:
    lead = [article.id, str(article.version), article.collection]
    return lead + [written(article, one.name) for one in known]


# -- in


def read_table(file: Path) -> Rows:
    """The rows of a CSV file, or of the first visible sheet of an Excel file that names 编号 in its first row.

    Raises StorageError, ReadError.
    """
    tables = ([[cell.strip() for cell in row] for row in rows] for rows in read_tables(file))
    headed = ([[_heading(cell) for cell in rows[0]], *rows[1:]] for rows in tables if rows)
    found = next((rows for rows in headed if ID in rows[0]), None)
    if found is None:
        hint = "用 wenshi metadata export 导出一份，在它上面修改；第一行是各栏的名称"
        raise ReadError(f"表里没有“{ID}”一栏", place=file.name, hint=hint)
    return found


def _heading(cell: str) -> str:
    """The name of a column; one of those that lead a row may have been padded or quoted by hand: 版　本."""
    bare = "".join(cell.split()).strip("\ufeff“”\"'")
    return bare if bare in _LEAD else cell


def check_table(session: Session, rows: Sequence[Sequence[str]]) -> Intake:
    """What a table would change, and everything that is wrong with it. Changes nothing."""
    header, *body = rows
    found = list(_header_faults(header))
    descriptions: list[Description] = []
    changes: list[Change] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(body, 2):
        cells = dict(zip(header, row, strict=False))
        if not any(cells.values()):
            continue
        identity = cells.get(ID, "")
        if identity in seen:
            found.append(Fault(number, ID, f"{identity} 与第 {seen[identity]} 行重复"))
            continue
        seen[identity] = number
        wanted, wrong = _check_row(session, number, cells)
        told = {fault.column for fault in found if fault.message == _UNKNOWN}  # once, not in every row
        found += [fault for fault in wrong if fault.message != _UNKNOWN or fault.column not in told]
        changes += wanted
        if wanted:
            values = {one.field: cells[one.field] for one in wanted}
            version = _version(cells.get(VERSION, "")) or 0
            descriptions.append(Description(identity, values, version))
    return Intake(len(seen), tuple(descriptions), tuple(changes), tuple(found))


def take_in(session: Session, intake: Intake, reason: str = REASON) -> tuple[Article, ...]:
    """Make the changes of a table without faults, all or none. Raises Conflict when somebody was quicker."""
    assert not intake.faults
    return session.describe_many(intake.descriptions, reason) if intake.descriptions else ()


def _header_faults(header: Sequence[str]) -> Iterator[Fault]:
    for name in dict.fromkeys(header):
        if header.count(name) > 1 and name:
            yield Fault(1, name, "这一栏出现了两次")
    if VERSION not in header:
        yield Fault(1, VERSION, "缺少这一栏：没有它就不知道导出之后有没有别人改过")


def _check_row(session: Session, number: int, cells: dict[str, str]) -> tuple[list[Change], list[Fault]]:
    try:
        article = session.article(cells.get(ID, ""))
    except NotFound:
        return [], [Fault(number, ID, f"没有编号为“{cells.get(ID, '')}”的文章")]
    known = session.field_definitions(article)
    wrong: list[Fault] = []
    if cells.get(COLLECTION, article.collection) != article.collection:
        wrong.append(Fault(number, COLLECTION, f"这篇文章属于 {article.collection}，不能在表里改"))
    names = {one.name for one in known}
    wanted = []
    for name, value in cells.items():
        if name in _LEAD or (not value and name not in names):
            continue
        if name not in names:
            wrong.append(Fault(number, name, _UNKNOWN))
            continue
        before = written(article, name)
        if _plain(value) == _plain(before):
            continue
        try:
            after = written(described(article, {name: value}, known, session.period), name)
        except FieldError as fault:
            wrong.append(Fault(number, name, f"{fault.message}。{fault.hint}"))
            continue
        if after != before:
            wanted.append(Change(article.id, article.title, name, before, after))
    if (wanted or wrong) and VERSION in cells and (message := _stale(cells[VERSION], article.version)):
        wrong.append(Fault(number, VERSION, message))
    return wanted, wrong


def _stale(cell: str, version: int) -> str:
    """Why a row that says so may not change an article of this version; empty where it may."""
    said = _version(cell)
    if said is None:
        told = f"“{cell}”不是版本号" if cell else "没有版本号"
        return f"{told}：请照导出的表填回原来的数字，或重新导出再改"
    return "" if said == version else f"导出的是第 {said} 版，现在是第 {version} 版：已有人改过，请重新导出再改"


def _version(cell: str) -> int | None:
    """The version a cell names, however a sheet or a hand has set the number: 3, 3.0, ３, 第3版."""
    found = _NUMBERED.fullmatch("".join(cell.split()))
    return whole_number(found[1]) if found else None


def _plain(value: str) -> str:
    """What a sheet makes of a text: line ends of one kind, nothing blank around it."""
    return value.replace("\r\n", "\n").strip()


def wanting(session: Session, collection_id: str = "") -> Iterator[tuple[Article, FieldError]]:
    """What descriptions lack, or hold that does not fit their fields."""
    for article in session.articles(collection_id):
        for fault in faults(article, session.field_definitions(article), session.period):
            yield article, fault
