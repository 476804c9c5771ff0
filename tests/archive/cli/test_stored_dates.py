"""The dates of stored articles on the command line, EDTF, and what is said about periods.toml."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.dates import office_periods
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind

LOCAL = Actor.local()

Run = Callable[..., subprocess.CompletedProcess[str]]

TEXTS = ("渠成于光绪三十年。", "井成于1947年（明弘治十年），解放后\n重修。")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dates")
    original = folder / "a.txt"
    original.write_text("原件", encoding="utf-8")
    articles = [
        Article(collection="c", blocks=(Block.plain(Kind.TITLE, "记"), Block.plain(Kind.PARAGRAPH, text)))
        for text in TEXTS
    ]
    with Library.create(folder / "library") as library:
        for id in ("c", "d"):
            library.session(LOCAL).save_collection(Collection(id, "河湾文史"))
        library.session(LOCAL).add(original, "a.txt", articles, ())
    return folder / "library"


@pytest.fixture
def wenshi(root: Path) -> Run:
    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        code = "from archive.cli.main import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, "--library", str(root), *arguments],
            input=given, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return run


def test_a_text_with_edtf(wenshi: Run) -> None:
    done = wenshi("dates", "--edtf", given="1958年秋，修渠；1950年代废。")
    assert done.stdout.splitlines() == [
        "0\t1958年秋\t1958年8月—1958年11月\t1958-23",
        "10\t1950年代\t1950年—1959年\t195X",
    ]
    (one,) = json.loads(wenshi("dates", "-", "--edtf", "--json", given="1958年修渠").stdout)
    assert one["edtf"] == "1958"
    assert wenshi("dates", "--json", given="无").stdout == "[]\n"


def test_stored_dates(wenshi: Run) -> None:
    lines = [line.split("\t") for line in wenshi("dates", "--collection", "c", "--edtf").stdout.splitlines()]
    assert [line[0] for line in lines] == ["1", "2", "2", "2"]
    assert lines[0] == ["1", "¶1", "光绪三十年", "1904年2月16日—1905年2月3日", "era", "1904-02-16/1905-02-03"]
    assert lines[3][2] == "解放后"
    stored = json.loads(wenshi("dates", "--article", "2", "--edtf", "--json").stdout)
    assert [(one["article"], one["block"], one["edtf"][:4]) for one in stored] == [
        ("2", 1, "1947"),
        ("2", 1, "1497"),
        ("2", 1, "1949"),
    ]
    assert TEXTS[1][stored[2]["offset"] :].startswith(stored[2]["text"])
    assert stored[2]["vague"] is True
    assert len(wenshi("dates", "--article", "2", "--article", "1").stdout.splitlines()) == 4
    assert wenshi("dates", "--collection", "d").stdout == ""


def test_contradictions(wenshi: Run) -> None:
    line = "2\t¶1\t1947年（明弘治十年）\t1947年 / 1497年2月11日—1498年1月30日"
    assert wenshi("dates", "--conflicts").stdout == f"{line}\n"
    assert wenshi("dates", "--conflicts", "--collection", "c").stdout == f"{line}\n"
    assert wenshi("dates", "--conflicts", "--article", "1").stdout == ""
    (one,) = json.loads(wenshi("dates", "--conflicts", "--json").stdout)
    assert (one["article"], one["title"], one["block"], one["text"]) == ("2", "记", 1, "1947年（明弘治十年）")
    assert [reading["start"] for reading in one["readings"]] == ["1947-01-01", "1497-02-11"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--article", "99"), 14),
        (("--collection", "无"), 14),
        (("--article", "1", "--collection", "c"), 2),
        (("--conflicts", "--year", "1958"), 2),
        (("--conflicts", "-"), 2),
        (("无此文件.txt",), 2),
    ],
)
def test_what_cannot_be_done(wenshi: Run, arguments: tuple[str, ...], code: int) -> None:
    done = wenshi("dates", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert "怎么办" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_line_of_the_own_periods_is_named_everywhere(wenshi: Run, root: Path) -> None:
    file = root / office_periods.FILE
    template = file.read_text(encoding="utf-8")
    file.write_text('[[period]]\nnames = ["渠会"]\nstart = "1958-13"\n', encoding="utf-8")
    try:
        for arguments in (("list",), ("search", "渠"), ("dates",), ("check",)):
            done = wenshi(*arguments)
            assert "periods.toml 第 1 行" in done.stderr, arguments
            assert "1958-13" in done.stderr
            assert done.returncode == (3 if arguments == ("check",) else 0)
        assert "periods.toml 第 1 行" in wenshi("check").stdout
        doctor = wenshi("doctor")
        assert "periods.toml 第 1 行" in doctor.stdout
        assert doctor.returncode == 3
    finally:
        file.write_text(template, encoding="utf-8")
    assert wenshi("list").stderr == ""


def test_dates_are_read_again_after_the_own_periods_changed(wenshi: Run, root: Path) -> None:
    file = root / office_periods.FILE
    before = file.stat().st_mtime_ns
    file.write_text('[[period]]\nnames = ["解放"]\nstart = "1949-09-19"\n', encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000_000,) * 2)
    assert "reindex --dates" in wenshi("list").stderr
    assert wenshi("dates", given="解放后").stdout == "0\t解放后\t1949年9月19日以后\n"
    done = wenshi("reindex", "--dates")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "已重建索引：2 篇，日期已重新读过")
    assert wenshi("list").stderr == ""
    assert wenshi("dates", "--article", "2").stdout.splitlines()[-1].split("\t")[3] == "1949年9月19日以后"
    assert wenshi("check").returncode == 0
