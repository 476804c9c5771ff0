"""`names.csv` in a library's folder: the office's names of older versions, or a table somebody put there.

When the library is opened, its rows are taken into the records, and the file goes to the backups. Rows that cannot be
used stay in it until somebody has mended them; columns that records do not have go into the notes. So nothing is lost,
and the truth is in one place.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from archive.catalogue.name_table import HEADER, merge, parse, unknown_columns
from archive.model.errors import ConfigError, WenshiError
from archive.store import PROGRAM, Store
from archive.store.lock import now
from archive.support.files import remove
from archive.support.library_folder import BACKUPS, NAMES
from archive.support.sheets import Rows, write_csv
from archive.support.storage_errors import storage_errors
from archive.support.table_files import own_rows

_NOTE = "说明"


def take_over(store: Store) -> int:
    """Take the rows of the file into the records; how many. To be called by the one writer. Raises StorageError."""
    file = store.root / NAMES
    try:
        rows = own_rows(file) if file.exists() else []
    except WenshiError:
        return 0  # told by `problems`
    rows = _noted(rows)
    table = parse(rows, NAMES)
    merged = merge(store.names.held().records.values(), table)
    taken = [*merged.added, *(after for _, after in merged.changed)]
    if taken:
        store.names.put(taken, PROGRAM, "接收", NAMES)
    refused = {*table.refused, *merged.problems}
    if table.rows.keys() - refused or (file.exists() and not table.problems):
        _put_away(file, rows, refused)
    return len(taken)


def _noted(rows: Rows) -> Rows:
    """The rows with what stands in columns of the office's own put into the notes."""
    header = [cell.strip() for cell in rows[0]] if rows else []
    if not (strange := set(unknown_columns(header))) or HEADER[1] not in header:
        return rows
    kept = [name for name in header if name not in strange]
    made = [kept if _NOTE in kept else [*kept, _NOTE]]
    for row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        said = "；".join(
            f"{name}：{cells[name].strip()}" for name in header if name in strange and cells.get(name, "").strip()
        )
        cells[_NOTE] = "；".join(filter(None, (cells.get(_NOTE, "").strip(), said)))
        made.append([cells.get(name, "") for name in made[0]])
    return made


def _put_away(file: Path, rows: Rows, refused: Collection[int]) -> None:
    """The file as it was goes to the backups; rows that could not be used stay."""
    left = [row for number, row in enumerate(rows, 1) if number in refused]
    folder = file.parent / BACKUPS
    with storage_errors(file):
        folder.mkdir(exist_ok=True)
        stamp = now().replace(":", "").replace("-", "")
        shutil.copyfile(file, folder / f"names-{stamp}.csv")
        if not left:
            remove(file)
    if left:
        write_csv(file, rows[0], left)


def problems(root: Path) -> tuple[ConfigError, ...]:
    """What is wrong with what lies in the file. Never raises."""
    file = root / NAMES
    try:
        rows = own_rows(file) if file.exists() else []
    except WenshiError as failure:
        hint = "检查这个文件；里面的名称还没有收进来"
        return (ConfigError(f"读不出来：{failure.message}", place=NAMES, hint=hint),)
    found = parse(_noted(rows), NAMES) if file.exists() else None
    if found is None:
        return ()
    waiting = (
        ConfigError("还没有收进名称表", place=f"{NAMES} 第 {number} 行", hint="重新打开资料库时会收进来")
        for number in list(found.rows)[:1]
    )
    return (*found.problems, *waiting)
