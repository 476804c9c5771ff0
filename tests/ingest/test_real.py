"""Whole volumes of real material, against their expected articles and through the real library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Collection, Genre, Kind
from archive.model.search import Search
from ingest.pipeline.importer import ingest
from ingest.readers.registry import read
from ingest.splitting.split import Mode, split
from ingest.text.characters import stored_characters

LOCAL = Actor.local()

HERE = Collection("here", "试")


def squeezed(text: str) -> str:
    return "".join(text.split())


def body(article: Article) -> str:
    """The text below title and byline; a closing line that is only the date belongs to the layout of the file."""
    blocks = [block for block in article.blocks[1:] if block.kind is not Kind.BYLINE]
    lines = [squeezed(block.text) for block in blocks]
    if article.date is not None and lines[-1].startswith("（") and len(lines[-1]) <= 20:
        del lines[-1]
    return "".join(lines)


@pytest.mark.parametrize(
    ("volume", "records"), [("vol1_styled", "vol1_prose_78"), ("vol2_styled", "vol2_regulations_78")]
)
def test_styled_volume(shared_data: Path, volume: str, records: str) -> None:
    sample = shared_data / "sample"
    with (sample / f"{records}.jsonl").open(encoding="utf-8") as stream:
        expected = [json.loads(line) for line in stream]
    manuscript = read(sample / "docx" / f"{volume}.docx", f"{volume}.docx")
    drafts = split(manuscript, HERE).articles
    articles = [article for article in drafts if article.genre is Genre.ARTICLE]
    assert [article.title for article in articles] == [record["title"] for record in expected]
    assert ["、".join(person.name for person in article.people) for article in articles] == [
        record["author"] for record in expected
    ]
    texts = {record["title"]: squeezed(record["text"]) for record in expected}
    assert {article.title: body(article) for article in articles} == texts
    stored = stored_characters(block for article in drafts for block in article.blocks)
    assert manuscript.characters_in == stored + sum(issue.characters for issue in manuscript.issues)


def test_every_marker_of_the_torture_document(shared_data: Path) -> None:
    manuscript = read(shared_data / "office" / "torture.docx", "torture.docx")
    text = "\n".join(
        block.text + "".join(run.ruby for run in block.runs)
        for article in split(manuscript, HERE).articles
        for block in article.blocks
    )
    lines = (shared_data / "office" / "torture_markers.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert len(rows) == 36
    wrong = [feature for feature, marker, rule in rows if (marker in text) != (rule == "keep")]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "mode", "genre", "count"),
    [
        ("orglist_gansu_officials", Mode.ROSTER, Genre.TERM, 37),
        ("vol1_messy_manuscript", Mode.AUTO, Genre.ARTICLE, 78),
        ("chronicle_xixia", Mode.CHRONICLE, Genre.ENTRY, None),
    ],
)
def test_other_documents(shared_data: Path, name: str, mode: Mode, genre: Genre, count: int | None) -> None:
    manuscript = read(shared_data / "sample" / "docx" / f"{name}.docx", f"{name}.docx")
    found = split(manuscript, HERE, mode)
    number = sum(article.genre is genre for article in found.articles)
    assert number == count if count else 1250 <= number <= 1300
    stored = stored_characters(block for article in found.articles for block in article.blocks)
    assert manuscript.characters_in == stored + sum(issue.characters for issue in manuscript.issues)


def test_volume_through_the_real_library(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "sample" / "docx" / "vol2_styled.docx"
    with Library.create(tmp_path / "库") as library:
        report = ingest(library.session(LOCAL), [file], "第二辑")
        assert report.exit_code == 0
        again = ingest(library.session(LOCAL), [file], "第二辑")
        assert [one.outcome.value for one in (*report.files, *again.files)] == ["added", "already"]
        articles = list(library.session(LOCAL).articles("第二辑"))
        assert sum(article.genre is Genre.ARTICLE for article in articles) == 78
        assert library.session(LOCAL).search(Search(text="历史文化名城名镇名村", collection=("第二辑",))).total > 0
        original, name = library.session(LOCAL).original(articles[0].original)
        assert (original.read_bytes(), name) == (file.read_bytes(), file.name)


def test_records_keep_their_ids(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "sample" / "gazetteer_ningxia_trad.jsonl"
    with Library.create(tmp_path / "库") as library:
        ingest(library.session(LOCAL), [file])
        article = library.session(LOCAL).article("gs-04-004-41a")
        assert article.title == "甘肅通志·卷4·疆域形勝·寧夏府"
        assert library.session(LOCAL).search(Search(text='"界三百七十里西"', as_written=True)).total == 1
