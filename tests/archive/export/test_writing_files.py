"""A file is whole or not there."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.export import EXPORTERS, Book, make_book
from archive.model.errors import ExportError, StorageError
from archive.model.records import Article, Block, Kind
from archive.support.files import replacing, storage_error


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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB of our own."""
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"this machine lets nobody mount: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_really_full_disk(name: str, small_disk: Path) -> None:
    noise = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(200_000))  # compresses badly
    blocks = (Block.plain(Kind.TITLE, "长文"), Block.plain(Kind.PARAGRAPH, noise))
    with pytest.raises(StorageError, match="磁盘已满"):
        EXPORTERS[name].write(make_book([Article(collection="", blocks=blocks)]), small_disk / "book")
    assert names(small_disk) == []


@pytest.mark.skipif(not hasattr(os, "setuid") or os.geteuid() != 0, reason="needs root to become an unprivileged user")
def test_a_folder_one_may_not_write_to(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)  # to reach the folder, not to write to it
    program = (
        "import os, pathlib, sys\n"
        "from archive.model.errors import StorageError\n"
        "from archive.support.files import replacing\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    with replacing(pathlib.Path(sys.argv[1])): pass\n"
        "except StorageError as error:\n"
        "    print(error.message)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", program, str(tmp_path / "book.txt")]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert ran.stdout.startswith("没有权限"), ran.stderr


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_fails_cleanly(name: str, book: Book, tmp_path: Path) -> None:
    before = names(tmp_path)
    with pytest.raises(StorageError):
        EXPORTERS[name].write(book, tmp_path / "no" / "book")
    assert names(tmp_path) == before


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_says_what_it_is(name: str) -> None:
    exporter = EXPORTERS[name]
    assert exporter.suffix in {f".{name}", f".{name}.xml"}
    assert "/" in exporter.media_type and exporter.label
