"""A file is whole or not there, and nothing but an ordinary file is ever replaced."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from archive.model.errors import StorageError
from archive.store import Store
from archive.support import files
from archive.support.files import replacing, write_whole
from archive.support.storage_errors import storage_error


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
    with pytest.raises(StorageError, match="磁盘空间不足"), replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text("半", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names(tmp_path) == []


def test_missing_folder_and_folder_as_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="文件夹不存在"), replacing(tmp_path / "no" / "a.txt"):
        pass
    with pytest.raises(StorageError, match="文件夹"), replacing(tmp_path):
        pass


def test_missing_permission_is_told_with_what_to_do() -> None:
    error = storage_error(PermissionError(errno.EACCES, "Permission denied"), Path("a.docx"))
    assert "权限" in error.message and "关闭" in error.hint


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
    assert ran.stdout.startswith("文件没有写成：没有读写权限"), ran.stderr


LINKS = pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")


@LINKS
def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.txt").write_text("旧", encoding="utf-8")
    for name, target in (("old", "inner/a.txt"), ("new", "inner/b.txt")):
        (tmp_path / name).symlink_to(target)
        write_whole(tmp_path / name, "新")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / target).read_text(encoding="utf-8") == "新"
    assert names(tmp_path / "inner") == ["a.txt", "b.txt"]


@LINKS
def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(StorageError, match="链接"):
        write_whole(tmp_path / "a", "新")
    assert names(tmp_path) == ["a", "b"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other devices and pipes")
def test_a_pipe_a_socket_and_a_device_are_refused_and_stay(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        for name in ("pipe", "socket", "link"):
            before = (tmp_path / name).lstat().st_mode
            with pytest.raises(StorageError, match="设备或管道"):
                write_whole(tmp_path / name, "新")
            assert (tmp_path / name).lstat().st_mode == before
    with pytest.raises(StorageError, match="设备或管道"):
        write_whole(Path(os.devnull), "新")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    assert names(tmp_path) == ["link", "pipe", "socket"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits to keep")
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "旧")
    (tmp_path / "a").chmod(0o640)
    write_whole(tmp_path / "a", "新")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "一\r\n二\n")
    assert (tmp_path / "a").read_bytes() == "一\r\n二\n".encode()


def held(times: int, number: int) -> Callable[[], None]:
    """Work that Windows refuses so many times with this number."""
    left = [times]

    def work() -> None:
        if left[0]:
            left[0] -= 1
            refused = PermissionError(13, "in use")
            refused.winerror = number  # type: ignore[attr-defined]
            raise refused

    return work


@pytest.mark.parametrize("number", [5, 32, 33, 1224])
def test_9_a_file_that_an_antivirus_holds_is_tried_again(number: int) -> None:
    files.patiently(held(3, number))


def test_a_manuscript_that_word_holds_is_read_once_it_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "水车.docx"
    file.write_bytes(b"0123456789")
    opened, refuse = Path.open, held(2, 32)

    def grudging(path: Path, mode: str = "r") -> IO[Any]:
        refuse()
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", grudging)
    assert files.read_patiently(file, 4) == b"0123"
    refuse = held(1, 5)
    with pytest.raises(PermissionError):  # nobody is going to grant it meanwhile
        files.read_patiently(file)


def test_9_nobody_waits_for_what_will_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PATIENCE", 0.2)
    with pytest.raises(PermissionError):
        files.patiently(held(1, 1314))
    with pytest.raises(PermissionError):
        files.patiently(held(10**9, 32))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_8_a_library_is_private(tmp_path: Path) -> None:
    with Store.create(tmp_path / "library") as store:
        store.backup(tmp_path / "a.zip")
    with Store.restore(tmp_path / "a.zip", tmp_path / "again"):
        pass
    for root in (tmp_path / "library", tmp_path / "again"):
        assert root.stat().st_mode & 0o777 == 0o700
        modes = {entry.name: entry.stat().st_mode & 0o777 for entry in root.iterdir()}
        assert modes["archive.sqlite"] == 0o600
        assert modes["library.toml"] == 0o600
        assert {modes[name] for name in ("originals", "backups", "index") if name in modes} <= {0o700}
