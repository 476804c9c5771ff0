"""The command line from outside: results on standard output, messages on standard error, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind, Person

LOCAL = Actor.local()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    original = folder / "a.txt"
    original.write_text("原件", encoding="utf-8")
    texts = ("光绪三十年，刘　勇在𠮷家渡造水车。", "1958年秋，水车停了。")
    blocks = (Block.plain(Kind.TITLE, "水车"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    with Library.create(folder / "library") as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        library.session(LOCAL).add(
            original, "a.txt", [Article(collection="c", blocks=blocks, people=(Person("张三"),))], ()
        )
    return folder


def wenshi(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from archive.cli.main import main; main()",
            "--library",
            str(root / "library"),
            *arguments,
        ],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


def test_search_json(root: Path) -> None:
    done = wenshi(root, "search", "刘勇 水车", "--period", "光绪年间", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["total"] == 1
    (hit,) = answer["hits"]
    assert {key: hit[key] for key in ("id", "title", "collection", "occurrences")} == {
        "id": "1",
        "title": "水车",
        "collection": "c",
        "occurrences": 4,
    }
    passage = hit["passages"][0]  # the one with word and date
    assert [passage["text"][start:end] for start, end in passage["spans"]] == ["刘　勇", "水车"]
    assert answer["facets"]["author"] == [{"value": "张三", "label": "张三", "count": 1}]


def test_search_for_people(root: Path) -> None:
    done = wenshi(root, "search", "水车")
    assert "共 1 篇" in done.stderr
    assert "【水车】停了" in done.stdout
    kwic = wenshi(root, "kwic", "水车").stdout.splitlines()
    assert [line.split("【水车】")[1].split("\t")[0] for line in kwic] == ["", "。", "停了。"]


def test_what_stands_nowhere_literally_is_answered_apart(root: Path) -> None:
    answer = json.loads(wenshi(root, "search", "刘勇是哪一年造水车的？", "--json").stdout)
    assert (answer["total"], answer["hits"]) == (0, [])
    assert (answer["nearest"]["reading"], answer["nearest"]["total"]) == ("ranked-words", 1)
    assert answer["nearest"]["hits"][0]["passages"][0]["block"] == 1  # where most of the words stand
    told = wenshi(root, "search", "水车刘勇")
    assert "共 0 篇" in told.stderr
    assert "没有逐字相连的。拆开来" in told.stderr
    assert "【刘　勇】" in told.stdout


def test_a_pipe_of_another_code_page_takes_every_character(root: Path) -> None:
    done = wenshi(root, "search", "𠮷家渡", PYTHONIOENCODING="gbk", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert "【𠮷家渡】" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("search", '"水车'), 2, "引号没有配对"),
        (("search", "水车", "--period", "某日"), 2, "看不懂"),
        (("search",), 2, "缺少"),
        (("search", "a", "--limit", "x"), 2, "--limit 的值不对"),
        (("search", "a", "--as-writen"), 2, "--as-written"),
        (("nothing",), 2, "nothing"),
        (("show", "99"), 14, "99"),
        (("list", "--collection", "无"), 14, "无"),
        (("init",), 11, "已经有"),
        (("backup", "/"), 15, ""),
    ],
)
def test_messages_and_exit_codes(root: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = wenshi(root, *arguments)
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr
    assert "怎么办" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_no_library(tmp_path: Path) -> None:
    done = wenshi(tmp_path, "search", "水车")
    assert done.returncode == 10
    assert "怎么办" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_show_and_list(root: Path) -> None:
    shown = wenshi(root, "show", "1").stdout.splitlines()
    assert shown[0].startswith("〔河湾文史〕")
    assert shown[1:3] == ["¶0\t水车", "¶1\t光绪三十年，刘　勇在𠮷家渡造水车。"]
    assert json.loads(wenshi(root, "list", "--json").stdout)[0]["title"] == "水车"
    assert wenshi(root, "list").stdout.startswith("1\tc\t\t水车\t张三")


def test_safekeeping(root: Path, tmp_path: Path) -> None:
    assert wenshi(root, "check").returncode == 0
    assert wenshi(root, "reindex").stderr == "已重建索引：1 篇\n"
    assert wenshi(root, "backup", str(tmp_path / "copy.zip")).returncode == 0
    assert wenshi(tmp_path, "restore", str(tmp_path / "copy.zip")).returncode == 0
    assert json.loads(wenshi(tmp_path, "search", "水车", "--json").stdout)["total"] == 1
    assert wenshi(tmp_path, "restore", str(tmp_path / "copy.zip")).returncode == 11


def test_check_reports_what_is_wrong(root: Path, tmp_path: Path) -> None:
    wenshi(root, "backup", str(tmp_path / "copy.zip"))
    wenshi(tmp_path, "restore", str(tmp_path / "copy.zip"))
    (original,) = (path for path in (tmp_path / "library" / "originals").rglob("*") if path.is_file())
    original.chmod(0o644)
    original.write_text("改过", encoding="utf-8")
    done = wenshi(tmp_path, "check")
    assert done.returncode == 3
    assert "怎么办" in done.stdout


def test_doctor(root: Path) -> None:
    done = wenshi(root, "doctor")
    assert "FTS5" in done.stdout
    assert "rjieba" in done.stdout or "jieba" in done.stdout


def test_a_search_does_not_load_what_only_other_commands_need() -> None:
    """Starting is most of what a search from the command line takes."""
    heavy = ("archive.dates.scan", "archive.catalogue.roster.roster_lines", "openpyxl", "alembic", "lxml", "jieba")
    code = "import sys, archive.library, archive.cli.search_command; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(heavy) & set(ran.stdout.split())
