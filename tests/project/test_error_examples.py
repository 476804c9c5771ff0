"""The examples of docs/errors.md, run: the same words, the same exit code."""

from __future__ import annotations

import importlib
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.cli import main
from archive.library import Library

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
EXAMPLES = {
    code: (command, message)
    for code, command, message in re.findall(
        r"^## ([\w-]+)\n(?:(?!## ).*\n)*?```\n\$ wenshi (.*)\n((?:.+\n)+?)```", TEXT, re.M
    )
}
EXIT_CODES = {code: int(number) for number, code in re.findall(r"^\| (\d+) \| `([\w-]+)` \|", TEXT, re.M)}


def no_library() -> None:
    """The command finds an empty folder."""


def empty_library() -> None:
    Library.create("wenshi-library").close()


def library_without_database() -> None:
    empty_library()
    Path("wenshi-library", "archive.sqlite").unlink()


def library_with_an_article() -> None:
    Path("筏子.txt").write_text("筏子客\n\n水车和羊皮筏子。\n", encoding="utf-8")
    assert main.run(["ingest", "筏子.txt", "--yes"]) == 0


def strange_file() -> None:
    Path("来稿.docx").write_bytes(bytes(range(9)))


def folder_with_a_bad_description() -> None:
    folder = Path("第十三辑")
    folder.mkdir()
    (folder / "collection.toml").write_text("title = 13\n", encoding="utf-8")
    (folder / "一.txt").write_text("水车\n", encoding="utf-8")


def doubtful_volume() -> None:
    names = ("水车记", "渡船", "羊毛的路", "盐池")
    contents = "".join(f"{name}……{page}\n" for name, page in zip(names, (1, 5, 9, 12), strict=True))
    texts = "".join(f"{name}\n那一年黄河水大，渡口停了半个月，谁也不敢下水。\n" for name in names[:3])
    Path("第八辑.txt").write_text(f"目录\n{contents}{texts}", encoding="utf-8", newline="\n")


def wrong_split_table() -> None:
    doubtful_volume()
    assert main.run(["ingest", "第八辑.txt", "--yes"]) == EXIT_CODES["split-undecided"]
    written = next(file for file in Path("wenshi-library", "splits").glob("*.tsv") if "块号" not in file.name)
    text = written.read_text(encoding="utf-8-sig").replace("\t6\t", "\t60\t")
    Path("第八辑.tsv").write_text(text, encoding="utf-8", newline="")


def table_with_a_wrong_row() -> None:
    library_with_an_article()
    Path("著录.csv").write_text("编号,版本,开放标识\n1,1,随便\n", encoding="utf-8")


BEFORE: dict[str, Callable[[], None]] = {
    "usage": no_library,
    "query": empty_library,
    "period": empty_library,
    "library-not-found": no_library,
    "library-exists": empty_library,
    "library-damaged": library_without_database,
    "not-found": empty_library,
    "storage": library_with_an_article,
    "read": strange_file,
    "split-undecided": doubtful_volume,
    "split-table": wrong_split_table,
    "export": library_with_an_article,
    "config": folder_with_a_bad_description,
    "field": table_with_a_wrong_row,
}
# Tested where they arise: they need a second writer, a broken disk, a defect of a reader, somebody without rights.
ELSEWHERE = {"library-busy", "engine", "engine-away", "unaccounted", "conflict", "not-allowed"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder, and the commands that other packages plug in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WENSHI_LIBRARY", raising=False)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, target in project["entry-points"]["wenshi.commands"].items():
        module, _, attribute = target.partition(":")
        monkeypatch.setitem(main.cli.commands, name, getattr(importlib.import_module(module), attribute))


def test_every_error_is_run_here_or_named() -> None:
    assert set(EXAMPLES) == set(BEFORE) | ELSEWHERE


@pytest.mark.parametrize("code", BEFORE)
def test_example(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    command, message = EXAMPLES[code]
    BEFORE[code]()
    capsys.readouterr()
    assert main.run(shlex.split(command)) == EXIT_CODES[code]
    assert message in capsys.readouterr().err.replace("\\", "/")
