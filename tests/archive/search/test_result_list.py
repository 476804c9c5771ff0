"""Lists of hits as files: each says what was asked, and holds what was found, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind, Person
from archive.model.search import Search
from archive.search.result_list import FORMATS, ResultList, write
from archive.session import Session
from archive.support.table_files import read_tables


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("lists")
    original = folder / "a.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(folder / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "河湾文史"))
        drafts = [
            Article(
                collection="c",
                volume="第三辑",
                section="水利" if number < 25 else "交通",
                people=(Person("张三"), Person("李四")),
                blocks=(Block.plain(Kind.TITLE, f"水车{number}"), Block.plain(Kind.PARAGRAPH, f"=造水车{{{number}}}")),
            )
            for number in range(30)
        ]
        session.add(original, "a.txt", drafts, ())
        yield session


@pytest.fixture(scope="module")
def listed(session: Session) -> ResultList:
    return session.result_list(Search(text="水车", section=("水利",)))


def text(listed: ResultList, folder: Path, suffix: str) -> str:
    file = folder / f"list{suffix}"
    write(listed, file)
    return file.read_text(encoding="utf-8")


def test_all_hits_are_listed_with_what_was_asked(listed: ResultList, session: Session) -> None:
    assert len(listed.hits) == 25
    heading = dict(listed.heading)
    assert heading["检索式"] == "水车"
    assert heading["范围"] == "栏目：水利，25 篇、205 字"
    assert heading["结果"] == "25 篇、50 处"
    assert heading["日期"] == date.today().isoformat()
    order = [hit.article for hit in session.search(Search(text="水车", section=("水利",)), limit=25).hits]
    assert [one.hit.article for one in listed.hits] == order


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".xlsx"])
def test_the_same_question_gives_the_same_file(
    suffix: str, listed: ResultList, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "again").mkdir()
    again = session.result_list(Search(text="水车", section=("水利",)))
    first = text(listed, tmp_path, suffix)
    assert first == text(again, tmp_path / "again", suffix)
    for label, value in listed.heading:
        assert label in first
        assert value in first
    assert sum(one.hit.title in first for one in listed.hits) == 25
    assert "水车29" not in first


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".xlsx"])
def test_an_empty_list_says_what_was_asked_as_well(suffix: str, session: Session, tmp_path: Path) -> None:
    listed = session.result_list(Search(text="飞机", section=("水利",)))
    told = text(listed, tmp_path, suffix)
    assert not listed.hits and dict(listed.heading)["结果"] == "0 篇"
    assert all(label in told and value in told for label, value in listed.heading)
    assert "TY  -" not in told and "@incollection" not in told


def test_a_workbook_holds_the_rows_and_the_question(listed: ResultList, tmp_path: Path) -> None:
    write(listed, tmp_path / "list.xlsx")
    rows, asked = read_tables(tmp_path / "list.xlsx")
    assert len(rows) == 26
    assert rows[1][2] == listed.hits[0].hit.title
    assert [tuple(row[:2]) for row in asked[1:]] == list(listed.heading)


def test_reference_managers_get_one_record_a_hit(listed: ResultList, tmp_path: Path) -> None:
    ris = text(listed, tmp_path, ".ris")
    assert ris.count("TY  - CHAP") == ris.count("ER  - ") == 25
    assert ris.count("AU  - 张三") == 25
    bib = text(listed, tmp_path, ".bib")
    assert bib.count("@incollection{") == 25
    assert "author = {张三 and 李四}" in bib
    assert text(listed, tmp_path, ".txt").count("[G]//河湾文史") == 25


def test_what_is_special_to_a_format_stands_as_text(session: Session, tmp_path: Path) -> None:
    original = tmp_path / "b.txt"
    original.write_text("另一件", encoding="utf-8")
    title = "风车 A&B {50%} #1_x @y \\z ~^$"
    blocks = (Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, "正文"))
    session.add(original, "b.txt", [Article(collection="c", blocks=blocks, fields=(("页码", "12—15"),))], ())
    listed = session.result_list(Search(text='"@y" A'))
    bib = text(listed, tmp_path, ".bib")
    assert r"title = {风车 A\&B {\textbraceleft}50\%{\textbraceright} \#1\_x @y {\textbackslash}z " in bib
    assert bib.count("@incollection") == bib.count("@") - 1 == 1  # the one in the title
    assert text(listed, tmp_path, ".ris").count(f"TI  - {title}") == 1
