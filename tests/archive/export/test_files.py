"""A file is whole or not there."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from archive.errors import ExportError, StorageError
from archive.export import EXPORTERS, Book
from archive.export.files import replacing, storage_error


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_appears_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with replacing(file) as temporary:
        temporary.write_text("新", encoding="utf-8")
        assert not file.exists()
    assert file.read_text(encoding="utf-8") == "新"
    assert names(tmp_path) == ["a.txt"]


def test_after_a_failure_the_old_file_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("旧", encoding="utf-8")
    with pytest.raises(RuntimeError), replacing(file) as temporary:
        temporary.write_text("半", encoding="utf-8")
        raise RuntimeError
    assert file.read_text(encoding="utf-8") == "旧"
    assert names(tmp_path) == ["a.txt"]


def test_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="磁盘已满"), replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text("半", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names(tmp_path) == []


def test_missing_folder_and_folder_as_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="文件夹不存在"), replacing(tmp_path / "no" / "a.txt"):
        pass
    with pytest.raises(ExportError, match="文件夹"), replacing(tmp_path):
        pass


def test_missing_permission_is_told_with_what_to_do() -> None:
    error = storage_error(PermissionError(errno.EACCES, "Permission denied"), Path("a.docx"))
    assert "权限" in error.message and "关闭" in error.hint


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_fails_cleanly(name: str, book: Book, tmp_path: Path) -> None:
    before = names(tmp_path)
    with pytest.raises(StorageError):
        EXPORTERS[name].write(book, tmp_path / "no" / "book")
    assert names(tmp_path) == before


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_says_what_it_is(name: str) -> None:
    exporter = EXPORTERS[name]
    assert exporter.suffix == f".{name}"
    assert "/" in exporter.media_type and exporter.label
