"""Note numbers and table cells of an article are the same on the page and in every book, however odd its blocks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.export import EXPORTERS, make_book
from archive.library import Library
from archive.model.records import Article, Block, Cell, Kind, Run
from web.app import create_app
from web.base.rendering import NO_MARKS
from web.reading.page_layout import Sheet, arrange, shape

BODY = """{% from '_blocks.html' import show %}
{% set page = {'marks': marks, 'notes': notes, 'depths': sheet.depths, 'url': '/article/1'} %}
{% for part in sheet.body %}{{ show(shape(part), part, page) }}{% endfor %}"""

labels = st.sampled_from(["", "1", "2", "注", "x"])
references = st.builds(lambda words, note: Run(words, note=note), st.sampled_from(["文", ""]), labels)
cells = st.builds(
    Cell, st.integers(0, 1), st.integers(0, 4), st.integers(0, 3), st.integers(1, 9), st.integers(1, 9), st.booleans()
)
texts = st.sampled_from(
    [Kind.PARAGRAPH, Kind.HEADING, Kind.QUOTATION, Kind.VERSE, Kind.LIST_ITEM, Kind.CAPTION, Kind.COMMENT]
)
blocks = st.one_of(
    st.builds(lambda kind, runs: Block(kind, tuple(runs), level=1), texts, st.lists(references, max_size=3)),
    st.builds(
        lambda runs, cell: Block(Kind.CELL, (Run("格"), *runs), cell=cell), st.lists(references, max_size=2), cells
    ),
    st.builds(lambda label, runs: Block(Kind.NOTE, tuple(runs), label=label), labels, st.lists(references, max_size=2)),
)


def article_of(given_blocks: list[Block]) -> Article:
    """The blocks under a title; each note begins with words of its own, by which it is known again."""
    numbered = (
        Block(block.kind, (Run(f"注文{number}。"), *block.runs), label=block.label)
        if block.kind is Kind.NOTE
        else block
        for number, block in enumerate(given_blocks)
    )
    return Article(collection="c", blocks=(Block.plain(Kind.TITLE, "题"), *numbered))


def printed(article: Article, name: str, folder: Path) -> str:
    """What a format prints of the article: its text, or the part of an EPUB that holds it."""
    file = folder / "book"
    EXPORTERS[name].write(make_book([article], title="书"), file)
    if name != "epub":
        return file.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(file) as book:
        pages = [book.read(entry).decode() for entry in book.namelist() if entry.endswith(".xhtml")]
    return next(page for page in pages if 'epub:type="bodymatter' in page)


def numbers_on_the_page(sheet: Sheet) -> dict[str, int]:
    """The number of each note by its own first words."""
    return {note.blocks[0].text.partition("。")[0]: note.number for note in sheet.notes}


FORMS = {
    "txt": r"〔(\d+)〕(注文\d+)",
    "md": r"\[\^(\d+)\]: (注文\d+)",
    "docuxml": r"〔(\d+)〕(注文\d+)",
    "epub": r"\[(\d+)\](?:</a>)? (注文\d+)",
    "tei": r'<note [^>]*n="(\d+)"[^>]*><p[^>]*>(注文\d+)',
}


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_blocks=st.lists(blocks, max_size=12))
def test_notes_have_the_same_numbers(given_blocks: list[Block], name: str, tmp_path: Path) -> None:
    article = article_of(given_blocks)
    expected = numbers_on_the_page(arrange(article.blocks))
    found = re.findall(FORMS[name], printed(article, name, tmp_path))
    # Plain text repeats the number before every paragraph of a note.
    assert {words: int(number) for number, words in found if words in expected} == expected


def span(tag: str, name: str) -> int:
    found = re.search(rf'{name}="(\d+)"', tag)
    return int(found[1]) if found else 1


def grid(markup: str) -> list[list[list[tuple[int, int]]]]:
    """(row span, column span) of the cells of every row of every table."""
    return [
        [
            [(span(tag, "rowspan"), span(tag, "colspan")) for tag in re.findall(r"<t[dh]\b[^>]*>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)
        ]
        for table in re.findall(r"<table>(.*?)</table>", markup, re.S)
    ]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with Library.create(tmp_path_factory.mktemp("library") / "l") as library:
        yield create_app(library)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_blocks=st.lists(blocks, max_size=14))
def test_tables_have_the_same_cells(given_blocks: list[Block], tmp_path: Path, app: Flask) -> None:
    article = article_of(given_blocks)
    sheet = arrange(article.blocks)
    with app.test_request_context():
        page = render_template_string(BODY, sheet=sheet, shape=shape, marks=NO_MARKS, notes={})
    assert grid(page) == grid(printed(article, "epub", tmp_path))


def test_a_picture_in_a_cell_is_shown(app: Flask) -> None:
    picture = Block(Kind.FIGURE, (Run("水车"),), picture="ab" * 32, cell=Cell(0, 0, 1))
    sheet = arrange([Block.plain(Kind.TITLE, "题"), Block.plain(Kind.CELL, "甲", cell=Cell(0, 0, 0)), picture])
    with app.test_request_context():
        page = render_template_string(BODY, sheet=sheet, shape=shape, marks=NO_MARKS, notes={})
    assert grid(page) == [[[(1, 1), (1, 1)]]]
    assert f'src="/picture/{"ab" * 32}" alt="水车"' in page
