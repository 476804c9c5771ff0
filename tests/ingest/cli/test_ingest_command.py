"""`wenshi ingest` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.cli.main import cli, run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ReadError
from archive.model.search import Search
from ingest.cli.ingest_command import Bar, Lines, ingest
from ingest.pipeline.report import FileReport, Outcome

LOCAL = Actor.local()


@pytest.fixture(autouse=True)
def registered() -> None:
    """The command is registered by an entry point; here without installing."""
    if "ingest" not in cli.commands:
        cli.add_command(ingest)


def call(library: Path, *arguments: object) -> int:
    return run(["--library", str(library), "ingest", *map(str, arguments)])


def test_creates_the_library_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "忆水车.txt"
    file.write_text("忆水车\n那一年黄河水大。", encoding="utf-8")
    assert call(tmp_path / "库", file) == 0
    out, err = capsys.readouterr()
    assert "1 篇" in out
    assert "新建资料库" in err
    with Library.open(tmp_path / "库") as library:
        assert library.session(LOCAL).search(Search(text="黄河水大")).total == 1


def test_json_and_partly_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "甲.txt").write_text("甲\n正文。", encoding="utf-8")
    (tmp_path / "乙.docx").write_bytes(b"")
    assert call(tmp_path / "库", tmp_path / "甲.txt", tmp_path / "乙.docx", "--collection", "c", "--json") == 3
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert [file["outcome"] for file in report["files"]] == ["added", "failed"]
    assert report["files"][0]["collection"] == "c"
    assert "怎么办" in err


def test_everything_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "乙.docx").write_bytes(b"")
    assert call(tmp_path / "库", tmp_path / "乙.docx") == ReadError.exit_code
    assert "空的" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["x.txt", "--as", "book"]])
def test_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    assert call(tmp_path / "库", *arguments) == 2
    assert not (tmp_path / "库").exists()


def test_missing_path_makes_no_library(tmp_path: Path) -> None:
    assert call(tmp_path / "库", tmp_path / "无.docx") == 15
    assert not (tmp_path / "库").exists()


def test_progress_in_a_terminal_and_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    done = FileReport("稿.docx", outcome=Outcome.ADDED, articles=2)
    for progress in (Bar(), Lines()):
        progress.begin(2)
        progress.step("稿.docx", "读取")
        progress.done(done)
        progress.step("", "建立索引")
        progress.end()
        err = capsys.readouterr().err
        if isinstance(progress, Bar):
            assert "0/2 读取 稿.docx" in err
            assert "1/2 建立索引" in err
            assert err.endswith("\r")
        else:
            assert err == "[1/2] 稿.docx：收入 2 篇\n"
