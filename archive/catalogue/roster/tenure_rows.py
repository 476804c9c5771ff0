"""Office-holders as rows of a sheet, and gathered by body and by person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive.catalogue.roster.tenure import Tenure
from archive.dates import edtf
from archive.model.records import Period
from archive.text.folding import fold

HEADER = (
    "机构",
    "届次",
    "职务",
    "姓名",
    "性别",
    "民族",
    "籍贯",
    "任期",
    "到任",
    "离任",
    "备注",
    "存疑",
    "文集",
    "文章",
    "段",
)
"""The columns of a sheet; 到任 and 离任 are EDTF, 文章 and 段 say where the row stands."""


def row(tenure: Tenure) -> tuple[str, ...]:
    """One record as the cells under HEADER."""
    return (
        tenure.body,
        tenure.term,
        tenure.post,
        tenure.person,
        tenure.sex,
        tenure.ethnicity,
        tenure.native,
        tenure.written,
        _day(tenure.since),
        _day(tenure.until),
        tenure.remark,
        "；".join(tenure.doubts),
        tenure.collection,
        tenure.article,
        str(tenure.block),
    )


def _day(period: Period | None) -> str:
    """One end of a term; `..` for “until now”."""
    if period is None:
        return ""
    return ".." if period.end is None else edtf(period)


def both_ways(tenures: Sequence[Tenure]) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """The records as the sheets of one workbook, by body and by person: each its name, its header and its rows."""
    bodies = [row(one) for held in by_body(tenures).values() for one in held]
    people = [row(one) for _, held in sorted(by_person(tenures).items()) for one in held]
    order = (HEADER.index("姓名"), *(index for index, name in enumerate(HEADER) if name != "姓名"))
    turned = [tuple(cells[index] for index in order) for cells in people]
    return [("按机构", HEADER, bodies), ("按人", tuple(HEADER[index] for index in order), turned)]


def by_body(tenures: Iterable[Tenure]) -> dict[str, list[Tenure]]:
    """The records of each body, bodies and records in the order given."""
    found: dict[str, list[Tenure]] = {}
    for one in tenures:
        found.setdefault(one.body, []).append(one)
    return found


def by_person(tenures: Iterable[Tenure]) -> dict[str, list[Tenure]]:
    """The records of each name, earliest first; people are told apart by name alone, in whatever script it is printed.

    The key is the name as it is printed first.
    """
    found: dict[str, list[Tenure]] = {}
    for one in tenures:
        if one.person:
            found.setdefault(fold(one.person).text, []).append(one)
    return {held[0].person: sorted(held, key=_start) for held in found.values()}


def _start(tenure: Tenure) -> float:
    period = tenure.period
    return float("inf") if period is None or period.start is None else period.start
