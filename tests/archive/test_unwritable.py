"""A full or read-only disk stops writing, never reading: finding, reading, exporting and backing up elsewhere go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import StorageError
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.search.index.embedded import EmbeddedEngine
from archive.support import network_drives
from web.app import create_app

LOCAL = Actor.local()
MOUNTS = pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root on Linux can mount a disk of its own"
)
PROMISED = {"full": "磁盘空间不足", "read-only": "磁盘是只读的"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole") / "library"
    original = root.parent / "a.txt"
    original.write_text("水车", encoding="utf-8")
    with Library.create(root) as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        blocks = (Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, "光绪三十年造水车。"))
        library.session(LOCAL).add(original, original.name, [Article(collection="c", blocks=blocks)] * 2, ())
    return root


def left_by_a_kill(root: Path) -> None:
    """Changes an article and dies, so that the change stands in the logs alone."""
    code = (
        "import os, sys; from archive.library import Library; from archive.model.access import Actor; "
        "session = Library.open(sys.argv[1]).session(Actor.local()); "
        "session.describe('1', {'关键词': '水利'}, '补'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(root)]).returncode == 9
    for shared in root.rglob("*-shm"):  # it does not outlive a restart of the computer
        shared.unlink()


@pytest.fixture(params=sorted(PROMISED))
def stuck(request: pytest.FixtureRequest, whole: Path, tmp_path: Path) -> Iterator[Callable[[bool], tuple[Path, str]]]:
    """Makes a library on a disk that takes nothing: its root and what writing to it is refused with."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mount(killed: bool) -> tuple[Path, str]:
        if request.param == "full":
            _mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk))
        root = Path(shutil.copytree(whole, disk / "library"))
        if killed:
            left_by_a_kill(root)
        if request.param == "full":
            with (disk / "rest").open("wb", buffering=0) as rest:
                try:
                    while rest.write(bytes(4096)):
                        pass
                except OSError:
                    pass
        else:
            _mount("--bind", str(disk), str(disk))
            _mount("-o", "remount,ro,bind", str(disk))
        return root, PROMISED[request.param]

    yield mount
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"this machine lets nobody mount: {done.stderr.strip()}")


@MOUNTS
@pytest.mark.parametrize("killed", [False, True])
def test_5_everything_is_read_and_nothing_written(
    killed: bool, stuck: Callable[[bool], tuple[Path, str]], tmp_path: Path
) -> None:
    root, promised = stuck(killed)
    with Library.open(root) as library:
        session = library.session(LOCAL)
        assert session.search(Search(text="水车", period="光绪年间")).total == 2
        assert session.search(Search(text="关键词:水利")).total == killed
        assert len(session.listing()) == 2
        assert session.article("1").title == "水车"
        assert session.check() == ()
        assert session.upkeep.backups.make(tmp_path / "elsewhere.zip") == ()
        for _ in range(2):
            with pytest.raises(StorageError) as caught:
                session.describe("2", {"关键词": "农事"}, "补")
            assert promised in caught.value.message
        with pytest.raises(StorageError, match=promised):
            session.reindex()
        assert session.search(Search(text="水车")).total == 2
    with Library.restore(tmp_path / "elsewhere.zip", tmp_path / "restored") as restored:
        assert restored.session(LOCAL).search(Search(text="关键词:水利")).total == killed


@MOUNTS
def test_5_the_command_line_says_so_in_one_sentence(
    stuck: Callable[[bool], tuple[Path, str]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root, promised = stuck(False)
    given = ["--library", str(root)]
    for command in (["list"], ["search", "水车"], ["show", "1"], ["check"], ["duplicates"]):
        assert run([*given, *command]) == 0, command
    assert run([*given, "export", "--id", "1", "--to", "txt", "-o", str(tmp_path / "a.txt")]) == 0
    assert run([*given, "backup", str(tmp_path / "a.zip")]) == 0
    capfd.readouterr()
    fresh = tmp_path / "新稿.md"
    fresh.write_text("# 筏子\n\n羊皮筏子。\n", encoding="utf-8")
    for command in (["ingest", str(fresh), "--yes"], ["reindex"], ["backup", str(root / "a.zip")]):
        assert run([*given, *command]) == 15, command
        told = capfd.readouterr().err
        assert promised in told
        assert "Traceback" not in told
        assert "closed" not in told


@MOUNTS
def test_5_the_browser_shows_everything_and_keeps_a_backup_elsewhere(
    stuck: Callable[[bool], tuple[Path, str]], tmp_path: Path
) -> None:
    root, promised = stuck(False)
    with Library.open(root) as library:
        client = create_app(library).test_client()
        for page in ("/", "/?q=水车", "/article/1", "/collections", "/manage", "/jobs"):
            assert client.get(page).status_code == 200, page
        with client.session_transaction() as login:
            login["token"] = "t"
        for address, expected in (("backup", "备份做好了"), ("check", "没有发现问题"), ("reindex", promised)):
            answer = client.post(f"/manage/{address}", data={"token": "t", "folder": str(tmp_path)})
            deadline = time.monotonic() + 30
            while expected not in (page := client.get(answer.location, follow_redirects=True).text):
                assert time.monotonic() < deadline, page
                time.sleep(0.1)
        (made,) = (file for file in tmp_path.iterdir() if file.is_file())
        assert made.stat().st_size > 1000


@MOUNTS
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_5_a_damaged_index_that_cannot_be_rebuilt_stops_no_search(
    stuck: Callable[[bool], tuple[Path, str]], whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, promised = stuck(False)
    monkeypatch.setattr(EmbeddedEngine, "_name", lambda _: "g0099")
    with Library.open(root) as library:
        assert library.session(LOCAL).search(Search(text="水车")).total == 2
        (problem,) = library.session(LOCAL).check()
        assert promised in problem.hint


@MOUNTS
def test_5_writing_goes_on_as_soon_as_there_is_room(
    stuck: Callable[[bool], tuple[Path, str]], request: pytest.FixtureRequest
) -> None:
    root, promised = stuck(False)
    with Library.open(root) as library:
        with pytest.raises(StorageError, match=promised):
            library.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
        if promised == PROMISED["full"]:
            (root.parent / "rest").unlink()
        else:
            subprocess.run(["mount", "-o", "remount,rw,bind", str(root.parent)], check=True)
        library.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
        assert library.session(LOCAL).search(Search(text="关键词:水利")).total == 1


MOUNTINFO = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/office rw,relatime - cifs //server/office rw,vers=3.1.1
31 22 0:41 / /mnt/with\\040blank rw - fuse.sshfs u@h:/ rw
32 30 8:2 / /mnt/office/disk rw - ext4 /dev/sdb1 rw
33 22 0:42 / /mnt/nas rw - autofs systemd-1 rw
34 22 0:43 / /mnt/nas rw - nfs4 nas:/vol rw
"""


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        ("/home/wenshi", False),
        ("/mnt/office", True),
        ("/mnt/office/文史", True),
        ("/mnt/office2", False),
        ("/mnt/office/disk/文史", False),
        ("/mnt/with blank/文史", True),
        ("/mnt/nas/文史", True),
    ],
)
def test_9_the_type_of_a_file_system_tells_a_network_drive(path: str, remote: bool) -> None:
    assert (network_drives._file_system(path, MOUNTINFO) in network_drives._REMOTE) is remote


def test_9_a_library_on_a_network_drive_is_read_and_not_written(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.support.sqlite_file.network_drive", lambda folder: True)
    with Library.open(whole) as library:
        assert library.session(LOCAL).search(Search(text="水车")).total == 2
        with pytest.raises(StorageError, match="网络磁盘"):
            library.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
        with pytest.raises(StorageError, match="网络磁盘"):
            library.session(LOCAL).reindex()
    with pytest.raises(StorageError, match="网络磁盘"):
        Library.create(whole.parent / "another")
    assert not (whole.parent / "another" / "library.toml").exists()
