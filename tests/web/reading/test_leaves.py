"""A very long article is shown leaf by leaf: nothing twice, nothing missing, every address leads to its leaf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind, Run
from web.app import create_app
from web.reading import leaves
from web.reading.leaves import divided
from web.reading.page_layout import arrange, shape

LOCAL = Actor.local()
LEAVES = 6


def blocks() -> tuple[Block, ...]:
    """Thirty chapters of ten paragraphs; a note in the first, one in the last, one that nothing refers to."""
    found = [Block.plain(Kind.TITLE, "长文水车")]
    for chapter in range(30):
        found.append(Block.plain(Kind.HEADING, f"第{chapter}章", level=1))
        for part in range(10):
            runs = (Run(f"{chapter}之{part}：水车。" + "渠水不停。" * 30),)
            label = {(0, 0): "1", (29, 9): "2"}.get((chapter, part), "")
            found.append(Block(Kind.PARAGRAPH, (*runs, Run("", note=label)) if label else runs))
    notes = (("1", "头一条注，水车。"), ("2", "末一条注。"), ("9", "没有注码。"))
    return (*found, *(Block.plain(Kind.NOTE, text, label=label) for label, text in notes))


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(leaves, "CHARACTERS", 10_000)
    original = tmp_path / "a.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        library.session(LOCAL).add(original, "a.txt", [Article(collection="c", blocks=blocks())], ())
        yield create_app(library).test_client()


def get(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_every_block_stands_on_one_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = arrange(blocks())
    assert len(divided(whole).sheets) == 1, "an ordinary article has one leaf"
    monkeypatch.setattr(leaves, "CHARACTERS", 10_000)
    parts = divided(whole)
    assert len(parts.sheets) == LEAVES
    assert [piece.index for sheet in parts.sheets for part in sheet.body for piece in [part]] == [
        piece.index for piece in whole.body
    ]
    assert sorted(parts.order) == sorted(whole.order)
    assert [[note.label for note in sheet.notes] for sheet in parts.sheets] == [["1"], [], [], [], [], ["2", "9"]]
    assert {shape(sheet.body[0]) for sheet in parts.sheets} == {"heading"}


def test_leaves_show_all_text_once(client: FlaskClient) -> None:
    pages = [get(client, f"/article/1?part={number}") for number in range(1, LEAVES + 1)]
    shown = [found for page in pages for found in re.findall(r"(\d+之\d)：水车", page)]
    assert shown == [f"{chapter}之{part}" for chapter in range(30) for part in range(10)]
    assert all(page.count("<h1") == 1 and 'aria-current="page"' in page for page in pages)
    assert max(map(len, pages)) < 100_000


def test_addresses_lead_to_the_leaf(client: FlaskClient) -> None:
    first = get(client, "/article/1")
    assert 'href="/article/1?part=6#b320"' in first and 'href="#b1"' in first  # headings of the last and of this leaf
    assert 'id="b320"' in get(client, "/article/1?block=320") and 'id="b320"' not in first
    assert 'block=2#b2"' in first, "a permanent address"
    assert 'id="b320"' in get(client, "/article/1?part=99"), "the last one"


def test_hits_lead_to_the_leaf_without_scripts(client: FlaskClient) -> None:
    for address in ("/?q=29之9", "/concordance?q=29之9"):
        links = re.findall(r'href="(/article/1\?[^"#]*block=(\d+)[^"#]*)#b(\d+)"', get(client, address))
        assert links, address
        for link, block, anchor in links:
            assert block == anchor and f'id="b{block}"' in get(client, link.replace("&amp;", "&"))


def test_places_are_counted_through_and_lead_on(client: FlaskClient) -> None:
    pages = [get(client, f"/article/1?q=水车&part={number}") for number in range(1, LEAVES + 1)]
    numbers = [int(found) for page in pages for found in re.findall(r'id="hit-(\d+)"', page)]
    assert numbers == list(range(1, 303)), "title, three hundred paragraphs, a note: each once, in order"
    assert "本篇有 <b>302</b> 处" in pages[0]
    last = max(map(int, re.findall(r'id="hit-(\d+)"', pages[0])))
    assert re.search(rf'href="/article/1\?[^"]*part=2#hit-{last + 1}" rel="next"', pages[0])
    assert re.search(rf'href="/article/1\?[^"]*#hit-{last}" rel="prev"', pages[1])
