"""The names in a library's folder are known in one place, and to nobody else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from archive.support import library_folder

HERE = Path(library_folder.__file__)
FILES = {
    library_folder.SETTINGS,
    library_folder.DATABASE,
    library_folder.WRITER_LOCK,
    library_folder.WRITER_NOTE,
    library_folder.WEB_KEY,
    *library_folder.OFFICE_FILES,
}
FOLDERS = {
    library_folder.ORIGINALS,
    library_folder.PICTURES,
    library_folder.INDEX,
    library_folder.BACKUPS,
    library_folder.STYLES,
    library_folder.FONTS,
    library_folder.SPLITS,
    library_folder.INCOMING,
}
# The incoming folder inside a vault, the folder inside the system's own font folders.
ALLOWED = {("originals.py", library_folder.INCOMING), ("catalogue.py", library_folder.FONTS)}


def spelt(source: str) -> set[str]:
    """The names a module spells: files anywhere, folders where a path is put together (`root / "index"`)."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in FILES:
            found.add(node.value)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant):
            found.update({str(node.right.value)} & FOLDERS)
    return found


@pytest.mark.parametrize("package", ["archive", "ingest", "web"])
def test_no_other_module_spells_them(package: str) -> None:
    root = HERE.parents[2]
    elsewhere = {
        (file.name, name)
        for file in (root / package).rglob("*.py")
        if file != HERE
        for name in spelt(file.read_text(encoding="utf-8"))
    }
    assert elsewhere <= ALLOWED


def test_the_search_finds_what_it_looks_for() -> None:
    assert spelt('a = root / "index" / x\nb = "names.csv"\nc = "index"\n') == {"index", "names.csv"}


def test_what_a_library_never_has_is_foreign(tmp_path: Path) -> None:
    for name in (*FILES, "archive.sqlite-wal", ".DS_Store", ".0123456789abcdef.tmp"):
        (tmp_path / name).touch()
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    assert library_folder.foreign(tmp_path) == ""
    (tmp_path / "论文.docx").touch()
    assert library_folder.foreign(tmp_path) == "论文.docx"
