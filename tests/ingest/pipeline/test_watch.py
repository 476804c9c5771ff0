"""The watched folder: what goes where, what waits, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import LibraryBusy, LibraryDamaged
from archive.model.search import Search
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import Report
from ingest.pipeline.watch import Watch

LOCAL = Actor.local()


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "来稿"
    folder.mkdir()
    return folder


@pytest.fixture
def watch(drop: Path, fake_library: Any) -> Watch:
    return Watch(drop, lambda path: ingest(fake_library, [path]), lambda line: None)


def test_done_and_problem(drop: Path, watch: Watch, fake_library: Any) -> None:
    (drop / "好.txt").write_text("题\n正文。", encoding="utf-8")
    (drop / "坏.docx").write_bytes(b"")
    (drop / "一辑").mkdir()
    (drop / "一辑" / "甲.txt").write_text("题二\n正文二。", encoding="utf-8")
    watch.round()
    assert not fake_library.articles
    watch.round()
    assert names(drop) == [
        "done/一辑.报告.txt",
        "done/一辑/甲.txt",
        "done/好.txt",
        "done/好.txt.报告.txt",
        "problem/坏.docx",
        "problem/坏.docx.报告.txt",
    ]
    assert len(fake_library.articles) == 2
    assert "1 篇" in (drop / "done" / "好.txt.报告.txt").read_text(encoding="utf-8")
    problem = (drop / "problem" / "坏.docx.报告.txt").read_text(encoding="utf-8")
    assert "空的" in problem
    assert "怎么办" in problem


def test_what_still_grows_waits(drop: Path, watch: Watch, fake_library: Any) -> None:
    file = drop / "大.txt"
    for length in (1, 2, 3):
        file.write_text("题\n" + "正文。" * length, encoding="utf-8")
        watch.round()
        assert file.exists()
    watch.round()
    assert not file.exists()
    assert fake_library.articles[0].blocks[1].text == "正文。" * 3


def test_left_alone(drop: Path, watch: Watch) -> None:
    kept = [".隐藏", "~$稿.docx", "下载.crdownload", "collection.toml"]
    for name in kept:
        (drop / name).write_text('title = "集"\n', encoding="utf-8")
    for _ in range(3):
        watch.round()
    assert names(drop) == sorted(kept)


def test_same_name_twice(drop: Path, watch: Watch) -> None:
    for text in ("甲", "乙", "丙"):
        (drop / "稿.txt").write_text(f"题\n{text}。", encoding="utf-8")
        watch.round()
        watch.round()
    assert [name for name in names(drop) if not name.endswith("报告.txt")] == [
        "done/稿 (2).txt",
        "done/稿 (3).txt",
        "done/稿.txt",
    ]


def test_busy_library_is_tried_again(drop: Path, fake_library: Any) -> None:
    (drop / "稿.txt").write_text("题\n正文。", encoding="utf-8")
    attempts: list[Path] = []
    told: list[str] = []

    def take(path: Path) -> Report:
        attempts.append(path)
        if len(attempts) == 1:
            raise LibraryBusy("别人正在写入")
        return ingest(fake_library, [path])

    watch = Watch(drop, take, told.append)
    for _ in range(4):
        watch.round()
    assert len(attempts) == 2
    assert "稍后再试" in told[0]
    assert (drop / "done" / "稿.txt").exists()


def test_damaged_library_ends_it(drop: Path) -> None:
    (drop / "稿.txt").write_text("题", encoding="utf-8")

    def take(path: Path) -> Report:
        raise LibraryDamaged("坏了")

    watch = Watch(drop, take, lambda line: None, interval=0.01)
    with pytest.raises(LibraryDamaged):
        watch.run(threading.Event())
    assert names(drop) == ["稿.txt"]


def test_bad_description_is_a_problem_of_its_folder(drop: Path, watch: Watch) -> None:
    (drop / "辑").mkdir()
    (drop / "辑" / "collection.toml").write_text("title = \n", encoding="utf-8")
    watch.round()
    watch.round()
    assert "集合说明写得不对" in (drop / "problem" / "辑.报告.txt").read_text(encoding="utf-8")


def test_stops_when_told(drop: Path, watch: Watch) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl+C the POSIX way")
def test_from_the_command_line(drop: Path, tmp_path: Path, hears_ctrl_c: str) -> None:
    """A file dropped in while it runs is found afterwards; Ctrl+C ends it with code 0."""
    program = (
        f"{hears_ctrl_c}from archive.cli.main import cli, main\nfrom ingest.cli.ingest_command import ingest\n"
        "cli.add_command(ingest)\nmain()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, sys.path)])}
    process = subprocess.Popen(
        [sys.executable, "-c", program, "--library", str(tmp_path / "库"), "ingest", "--watch", str(drop)],
        env=environment, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stderr is not None
        while "正在看守" not in process.stderr.readline():
            assert process.poll() is None
        (drop / "忆水车.txt").write_text("忆水车\n那一年黄河水大。", encoding="utf-8")
        deadline = time.monotonic() + 30
        while not (drop / "done" / "忆水车.txt").exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, errors
    assert "已停止看守" in errors
    with Library.open(tmp_path / "库") as library:
        assert library.session(LOCAL).search(Search(text="黄河水大")).total == 1


@pytest.mark.parametrize("paths", [["没有"], ["甲", "乙"]])
def test_wants_one_folder(tmp_path: Path, paths: list[str]) -> None:
    from archive.cli.main import cli, run
    from ingest.cli.ingest_command import ingest as command

    if "ingest" not in cli.commands:
        cli.add_command(command)
    for name in paths[:2] if len(paths) == 2 else []:
        (tmp_path / name).mkdir()
    assert run(["--library", str(tmp_path / "库"), "ingest", "--watch", *(str(tmp_path / name) for name in paths)]) == 2
    assert not (tmp_path / "库").exists()
