"""Volumes agreed with their editor: certain ones pass, doubtful ones wait for the split table."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from archive.cli.main import cli, run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import UsageError
from archive.model.records import Collection
from archive.support.library_folder import SPLITS
from ingest.cli.ingest_command import ingest
from ingest.duplicates.likeness import Closest
from ingest.readers.registry import read
from ingest.splitting.division import Division, SplitUndecidedError, describe
from ingest.splitting.split import Mode, propose
from ingest.splitting.split_table import SplitTableError

LOCAL = Actor.local()

HERE = Collection("w8", "第八辑")
TEXT = "那一年黄河水大，渡口停了半个月，船工都在岸上等着，谁也不敢下水。"


@pytest.fixture(autouse=True)
def registered() -> None:
    """The command is registered by an entry point; here without installing."""
    if "ingest" not in cli.commands:
        cli.add_command(ingest)


def paragraph(words: str, centred: bool = False) -> str:
    layout = '<w:pPr><w:jc w:val="center"/></w:pPr>' if centred else ""
    bold = "<w:rPr><w:b/></w:rPr>" if centred else ""
    return f"<w:p>{layout}<w:r>{bold}<w:t>{words}</w:t></w:r></w:p>"


@pytest.fixture
def volume(word: Any) -> Path:
    """Three articles by their lay-out; the second says nothing of its author, and the contents name a fourth."""
    lines = [
        paragraph(f"{title}……………（{page}）") for page, title in enumerate(("水车记", "渡船", "丢了的", "羊毛的路"), 1)
    ]
    for title in ("水车记", "渡船", "羊毛的路"):
        lines += [paragraph(title, True), paragraph("张三", True), paragraph(TEXT), paragraph(TEXT)]
    file: Path = word("".join(lines), name="第八辑.docx")
    return file


@pytest.fixture
def sure(word: Any) -> Path:
    lines: list[str] = []
    for title in ("水车记", "渡船", "羊毛的路"):
        lines += [paragraph(title, True), paragraph("张三", True), paragraph(TEXT), paragraph("（作者：张三）")]
    file: Path = word("".join(lines), name="第九辑.docx")
    return file


def call(library: Path, *arguments: object) -> int:
    return run(["--library", str(library), "ingest", *map(str, arguments)])


def held(library: Path) -> list[str]:
    with Library.open(library) as opened:
        return [article.title for article in opened.session(LOCAL).articles()]


def test_a_doubtful_volume_waits_for_its_table(
    volume: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "库"
    assert call(library, volume, "--yes") == SplitUndecidedError.exit_code
    said = capsys.readouterr().err
    (table,) = (file for file in (library / SPLITS).glob("*.tsv") if "块号" not in file.name)
    assert "第 3 行“渡船”" in said
    assert str(table) in said
    assert held(library) == []
    assert call(library, volume, "--split", table) == 0
    assert held(library) == ["水车记……………（1）", "水车记", "渡船", "羊毛的路"]


def test_the_table_tells_what_the_library_holds_already(
    volume: Path, word: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "库"
    assert call(library, word(paragraph(f"老渡船{TEXT}{TEXT}" * 2), name="旧稿.docx"), "--yes") == 0
    assert call(library, volume, "--yes") == SplitUndecidedError.exit_code
    (table,) = (file for file in (library / SPLITS).glob("*.tsv") if "块号" not in file.name)
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8-sig").splitlines()]
    assert rows[0][-1] == "馆藏相近"
    said = {row[4]: row[-1] for row in rows[1:-1]}
    assert said["渡船"].startswith("与《旧稿》（编号 1")
    assert said["渡船"].endswith("%（以较短的一篇计）")
    assert said["水车记……………（1）"] == ""
    assert call(library, volume, "--split", table) == 0
    assert held(library)[-3:] == ["水车记", "渡船", "羊毛的路"]


def test_a_library_that_cannot_be_asked_is_told_in_the_table(volume: Path, tmp_path: Path) -> None:
    with pytest.raises(SplitUndecidedError):
        alike = pickle.loads(pickle.dumps(Closest(tmp_path / "没有的库", Actor.local())))  # as another process gets it
        Division(tmp_path, alike=alike).split(read(volume, volume.name), HERE, Mode.AUTO)
    (table,) = (file for file in tmp_path.glob("*.tsv") if "块号" not in file.name)
    assert table.read_text(encoding="utf-8-sig").count("没有比对：") == 4


def test_a_corrected_table_is_followed(volume: Path, tmp_path: Path) -> None:
    library = tmp_path / "库"
    call(library, volume, "--yes")
    (table,) = (file for file in (library / SPLITS).glob("*.tsv") if "块号" not in file.name)
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\r\n".join(line for line in lines if "羊毛的路" not in line), encoding="utf-8")
    assert call(library, volume, "--split", table) == 0
    assert held(library)[-1] == "渡船"


def test_a_table_of_another_file_stores_nothing(
    volume: Path, sure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "库"
    call(library, volume, "--yes")
    (table,) = (file for file in (library / SPLITS).glob("*.tsv") if "块号" not in file.name)
    assert call(library, sure, "--split", table) == SplitTableError.exit_code
    assert "属于另一个文件" in capsys.readouterr().err
    assert held(library) == []
    assert call(library, sure, "--split", tmp_path / "无.tsv") == 15


def test_a_certain_volume_goes_in_and_leaves_its_table(sure: Path, tmp_path: Path) -> None:
    library = tmp_path / "库"
    assert call(library, sure) == 0
    assert held(library) == ["水车记", "渡船", "羊毛的路"]
    assert len(list((library / SPLITS).glob("第九辑-*.tsv"))) == 2


def test_one_table_is_for_one_file(sure: Path, tmp_path: Path) -> None:
    assert call(tmp_path / "库", sure, sure, "--split", "表.tsv") == 2
    assert call(tmp_path / "库", tmp_path, "--split", "表.tsv") == 2


def test_where_somebody_is_asked_doubts_are_told(volume: Path, tmp_path: Path) -> None:
    told: list[str] = []
    manuscript = read(volume, volume.name)
    cut = Division(tmp_path, announce=told.append).split(manuscript, HERE, Mode.AUTO)
    assert len(cut.articles) == 4
    assert told[0] == describe(propose(manuscript, HERE))
    assert str(tmp_path) in told[1]


def test_chronicles_have_no_split_table(volume: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="分篇表"):
        Division(confirmed=tmp_path / "表.tsv").split(read(volume, volume.name), HERE, Mode.CHRONICLE)
