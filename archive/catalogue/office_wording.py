"""An office's own wording: `wording.csv` in its library's folder, what its books do not say and what they say instead.

A row under HEADER each, of which only the first cell must be filled. The table may as well be written with Excel.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.model.errors import FieldError
from archive.support import library_folder
from archive.support.sheets import write_csv
from archive.support.table_files import own_rows

HEADER = ("不用", "改用", "说明")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is not said, what is said instead ("" where nobody knows once for all), and why.

    The same words instead of themselves: they are left as they are, whatever the program's own rules say.
    """

    words: str
    instead: str = ""
    why: str = ""


def entries(root: Path) -> tuple[Wording, ...]:
    """The list of a library, in its order; none without one. Raises StorageError, ReadError."""
    file = root / library_folder.WORDING
    rows = own_rows(file) if file.exists() else []
    found = [tuple(cell.strip() for cell in (*row, "", "", "")[:3]) for row in rows]
    return tuple(Wording(*row) for row in found if row[0] and row != HEADER)


def put(root: Path, entry: Wording, instead_of: str = "") -> None:
    """Enter it in place of the entry for the words `instead_of`, else at the end.

    Raises FieldError where there are no words or another entry has them, StorageError, ReadError.
    """
    held = entries(root)
    if not entry.words:
        raise FieldError("没有写哪个说法不用", field="不用", hint="例如“旧城区”")
    if entry.words != instead_of and any(each.words == entry.words for each in held):
        raise FieldError(f"表里已经有“{entry.words}”", field="不用", hint="请在那一条里改")
    kept = [entry if each.words == instead_of else each for each in held]
    _write(root, kept if entry in kept else [*kept, entry])


def remove(root: Path, words: str) -> None:
    """Take the entry for these words out. Raises StorageError, ReadError."""
    _write(root, [each for each in entries(root) if each.words != words])


def _write(root: Path, rows: list[Wording]) -> None:
    write_csv(root / library_folder.WORDING, HEADER, [(each.words, each.instead, each.why) for each in rows])
