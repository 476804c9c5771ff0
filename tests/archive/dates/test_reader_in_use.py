"""Dates of manuscripts and rosters are read by the periods of the library they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.catalogue.roster import tenures
from archive.catalogue.roster.terms import moment
from archive.dates import iso, shipped_reader
from archive.dates.office_periods import FILE, OfficePeriods
from archive.dates.reader_in_use import reader_in_use, reader_of, reading_dates_by
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Cell, Genre, Kind
from ingest.pipeline.importer import ingest
from ingest.splitting.split import Mode

OWN = '[[period]]\nnames = ["水利会战"]\nstart = "1958-03"\nend = "1959-10"\nalone = true\nsource = "县志"\n'
BROKEN = "[[period]\n"


def test_without_a_library_the_shipped_tables_are_in_use() -> None:
    assert reader_in_use() is shipped_reader() is reader_of("")
    with reading_dates_by(None):
        assert reader_in_use() is shipped_reader()


def test_a_stretch_of_work_has_its_reader_and_what_was_remembered_is_its_own() -> None:
    assert moment("水利会战") is None
    with reading_dates_by(lambda: reader_of(OWN)):
        found = moment("水利会战")
        assert found is not None and iso(found.start or 0) == "1958-03-01"
    assert moment("水利会战") is None


@pytest.mark.parametrize(("texts", "used"), [([], ""), ([OWN], OWN), ([OWN, BROKEN], OWN), ([BROKEN], "")])
def test_the_text_of_the_periods_in_use(tmp_path: Path, texts: list[str], used: str) -> None:
    periods = OfficePeriods(tmp_path)
    for text in texts:
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        periods.error()
    assert periods.text() == used


def test_terms_of_office_by_the_reader_that_is_given() -> None:
    rows = (("职务", "姓名", "任期"), ("局长", "周大河", "水利会战—1962.3"))
    cells = [
        Block.plain(Kind.CELL, text, cell=Cell(0, row, column))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    blocks = (Block.plain(Kind.TITLE, "县水利局"), *cells)
    article = Article(collection="c", id="1", digest="d", genre=Genre.TERM, blocks=blocks)
    own, shipped = tenures(article, reader_of(OWN)), tenures(article, shipped_reader())
    assert [one.since and iso(one.since.start or 0) for one in own] == ["1958-03-01"]
    assert not any(one.since for one in shipped)


@pytest.mark.parametrize(
    ("name", "text", "mode"),
    [
        ("大事记.txt", "大事记\n1957年\n3月　开会。\n水利会战\n上工一万二千人。\n1960年\n2月　整社。", Mode.CHRONICLE),
        ("记.jsonl", '{"title": "会战", "date": "水利会战", "text": "上工一万二千人。"}', Mode.RECORDS),
    ],
)
def test_manuscripts_are_dated_by_the_periods_of_their_library(
    tmp_path: Path, name: str, text: str, mode: Mode
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        (library.root / FILE).write_text(OWN, encoding="utf-8")
        session = library.session(Actor.local())
        (report,) = ingest(session, [file], "c", mode).files
        assert report.error is None
        dates = [article.date for article in session.articles("c") if article.date is not None]
    assert "1958-03-01" in [iso(date.start or 0) for date in dates]
