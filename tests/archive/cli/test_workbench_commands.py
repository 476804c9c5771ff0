"""The workbench by command line says what its pages say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.name_records import NameKind, NameRecord
from archive.model.records import Article, Block, Collection, Kind

TEXTS = (("第一辑", "老水车转。新水车也转。"), ("第二辑", "没有的。"), ("第三辑", "水车停了，水车旧了。"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with Library.create(tmp_path / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "河湾文史"))
        for number, (volume, text) in enumerate(TEXTS, 1):
            file = tmp_path / f"{number}.txt"
            file.write_text(text, encoding="utf-8")
            blocks = (Block.plain(Kind.TITLE, f"第{number}篇"), Block.plain(Kind.PARAGRAPH, text))
            session.add(file, file.name, [Article(collection="c", number=number, volume=volume, blocks=blocks)], ())
    return tmp_path / "library"


def told(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says on standard output."""
    code, said = run(["--library", str(root), *arguments]), capsys.readouterr()
    assert code == 0, said.err
    return said.out


def table(file: Path, header: str) -> list[list[str]]:
    """The rows under the one that begins with `header`."""
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    return rows[next(number for number, row in enumerate(rows) if row[:1] == [header]) + 1 :]


def test_volumes_of_a_concordance(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(root, capsys, "kwic", "水车", "--volumes").splitlines()
    assert [line.split("\t")[1:3] for line in lines] == [
        ["2 处", "1/1 篇"], ["0 处", "0/1 篇"], ["2 处", "1/1 篇"],
    ]  # fmt: skip
    file = root.parent / "各辑.csv"
    told(root, capsys, "kwic", "水车", "--volumes", "--to", str(file))
    assert [row[1:3] for row in table(file, "文集")] == [["第一辑", "2"], ["第二辑", "0"], ["第三辑", "2"]]
    of_json = [json.loads(line) for line in told(root, capsys, "kwic", "水车", "--volumes", "--json").splitlines()]
    assert [sum(stripe["places"] for stripe in one["stripes"]) for one in of_json] == [2, 0, 2]


def test_columns_of_a_concordance(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("kwic", "水车", "--column", "volume", "--column", "hit", "--column", "right")
    lines = [line.split("\t") for line in told(root, capsys, *chosen).splitlines()]
    assert lines[0] == ["第一辑", "水车", "转。新水车也转。"] and len(lines) == 4
    file = root.parent / "列.csv"
    told(root, capsys, *chosen, "--to", str(file))
    assert table(file, "辑") == lines
    assert run(["--library", str(root), "kwic", "水车", "--column", "没有"]) == 2


def test_labels_by_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(root, capsys, "kwic", "水车", "--step", "is:volume:第一辑", "--mark", "剔除")
    assert len(told(root, capsys, "kwic", "水车", "--step", "is:label:剔除").splitlines()) == 2
    assert len(told(root, capsys, "kwic", "水车", "--step", "-is:label:剔除").splitlines()) == 2
    told(root, capsys, "kwic", "水车", "--mark", "无")
    assert told(root, capsys, "kwic", "水车", "--step", "is:label:剔除") == ""


def test_other_accounts(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ("1934年5月，王大川攻克柳树湾。", "那年我们跟王大川进了寨子。1934年5月的事。", "1935年，王大川病。")
    with Library.open(root) as library:
        session = library.session(Actor.local())
        (file := root.parent / "事.txt").write_text("稿", encoding="utf-8")
        blocks = [(Block.plain(Kind.TITLE, "事"), Block.plain(Kind.PARAGRAPH, text)) for text in texts]
        session.add(file, file.name, [Article(collection="c", number=9, blocks=one) for one in blocks], ())
        session.names.put(NameRecord(NameKind.PERSON, "王大川"))
    (line,) = told(root, capsys, "accounts", "4", "1").splitlines()
    assert line.split("\t")[1:7] == ["事", "5", "1", "王大川", "1934年5月／1934年5月", ""]
    (of_json,) = map(json.loads, told(root, capsys, "accounts", "4", "1", "--json").splitlines())
    assert of_json["article"] == "5" and of_json["records"] == [1] and of_json["text"] == texts[1]
    file = root.parent / "事.csv"
    told(root, capsys, "accounts", "4", "1", "--to", str(file))
    assert [row[2] for row in table(file, "序")] == ["5"]


def test_collocates(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(root, capsys, "collocates", "水车", "--unit", "right1", "--least", "1", "--articles", "1").splitlines()
    assert {line.split("\t")[0]: line.split("\t")[1:4] for line in lines} == {
        "转": ["1", "1", "2"], "也": ["1", "1", "1"], "停": ["1", "1", "1"], "旧": ["1", "1", "1"],
    }  # fmt: skip
    file = root.parent / "搭配.csv"
    told(root, capsys, "collocates", "水车", "--unit", "right1", "--least", "1", "--articles", "1", "--to", str(file))
    assert len(table(file, "搭配")) >= 4


def test_a_list_of_names(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = root.parent / "名单.txt"
    names.write_text("水车\n新水车\n没有的人\n", encoding="gb18030")
    lines = told(root, capsys, "terms", str(names)).splitlines()
    assert [line.split("\t")[2:] for line in lines[1:]] == [
        ["4", "3", "2", "1", "2", "0"], ["1", "1", "1", "1", "0", "0"], ["0", "0", "0", "0", "0", "0"],
    ]  # fmt: skip
    file = root.parent / "表.csv"
    told(root, capsys, "terms", str(names), "--by", "decade", "--to", str(file))
    assert table(file, "名称")[0][:4] == ["水车", "水车", "4", "3"]
    of_json = [json.loads(line) for line in told(root, capsys, "terms", str(names), "--json").splitlines()]
    assert of_json[1]["parts"] == {"河湾文史 第一辑": 1, "河湾文史 第二辑": 0, "河湾文史 第三辑": 0}


def test_the_same_words(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "民国二十三年春，县长召集四乡绅士，议修河堤。"
    with Library.open(root) as library:
        file = root.parent / "又.txt"
        file.write_text(text, encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, "又"), Block.plain(Kind.PARAGRAPH, text))
        drafts = [Article(collection="c", number=number, blocks=blocks) for number in (8, 9)]
        library.session(Actor.local()).add(file, file.name, drafts, ())
    (line,) = told(root, capsys, "same", "4", "1").splitlines()
    assert line.split("\t")[:3] == ["1", "100%", "5#1　又"]
    (of_json,) = map(json.loads, told(root, capsys, "same", "4", "1", "--json").splitlines())
    assert of_json["span"] == [0, len(text) - 1] == of_json["own"]
    table_file = root.parent / "同文.csv"
    told(root, capsys, "same", "4", "1", "--to", str(table_file))
    assert table(table_file, "序")[0][3] == "5"
