"""The columns of a concordance's rows: what each is called and what stands in it, in the order somebody chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from archive.model.errors import UsageError
from archive.workbench.concordance import KwicRow

SIDE = 30
"""Characters shown either side of a place in files."""


def sides(row: KwicRow, width: int = SIDE) -> tuple[str, str, str]:
    """What stands before the place, the place, what stands after it; ends of lines as spaces."""
    before, after = row.text[max(0, row.start - width) : row.start], row.text[row.end : row.end + width]
    return before.replace("\n", "　"), row.text[row.start : row.end].replace("\n", "　"), after.replace("\n", "　")


@dataclass(frozen=True, slots=True)
class RowColumn:
    """`label` is its heading, `value` what stands in it in a file."""

    label: str
    value: Callable[[KwicRow], str]


ROW_COLUMNS: Mapping[str, RowColumn] = {
    "number": RowColumn("序号", lambda row: str(row.number)),
    "left": RowColumn("左文", lambda row: sides(row)[0]),
    "hit": RowColumn("命中", lambda row: sides(row)[1]),
    "right": RowColumn("右文", lambda row: sides(row)[2]),
    "title": RowColumn("篇名", lambda row: row.title),
    "collection": RowColumn("文集", lambda row: row.collection),
    "volume": RowColumn("辑", lambda row: row.volume),
    "pages": RowColumn("页码", lambda row: row.pages),
    "paragraph": RowColumn("段", lambda row: str(row.paragraph or "题名")),
    "date": RowColumn("成文日期", lambda row: row.date),
    "stated": RowColumn("所述日期", lambda row: row.stated),
    "authors": RowColumn("署名", lambda row: "、".join(row.authors)),
    "label": RowColumn("标记", lambda row: row.label),
    "article": RowColumn("编号", lambda row: row.article),
}
"""All there are, in the order of a file for which none were chosen."""

ON_PAGES = ("number", "left", "hit", "right", "title", "volume", "paragraph", "date", "stated", "authors", "label")
"""Those of a page for which none were chosen."""


def checked_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Names of columns, each once. Raises UsageError."""
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in ROW_COLUMNS:
            offered = "、".join(f"{name} {column.label}" for name, column in ROW_COLUMNS.items())
            raise UsageError(f"逐处没有“{name[:20]}”这一列", hint=f"可选：{offered}")
    return found


def cells(row: KwicRow, columns: Iterable[str]) -> tuple[str, ...]:
    """What stands in these columns of a row."""
    return tuple(ROW_COLUMNS[name].value(row) for name in columns)
