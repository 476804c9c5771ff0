"""Copies that were planted are found, with their places; what is not a copy is not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import NotFound
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.session import Session
from archive.workbench.same_words import SEED, Counted, Shared, chained, passages, shared

ORIGINAL = "民国二十三年春，县长王德全召集四乡绅士，议修河堤。自杏园堡至官渡口，凡十二里，费银三千余元，用工九万。"
CHANGED = "民國二十三年春天縣長王德全召集四鄉紳士議修河堤；自杏園堡至官渡口凡十二里，費銀四千余元，用工八万。"
OTHER = "解放以后，全县水利建设有了很大的发展，先后修成大小水库七座，灌溉面积扩大到四万多亩，粮食年年增产。"


def article(number: int, *texts: str, access: Access = Access.OPEN) -> Article:
    blocks = (Block.plain(Kind.TITLE, f"第{number}篇"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    return Article(collection="c", number=number, blocks=blocks, access=access)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("same")
    with Library.create(folder / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        file = folder / "a.txt"
        file.write_text("稿", encoding="utf-8")
        drafts = [
            article(1, ORIGINAL, OTHER),
            article(2, OTHER[:20] + CHANGED),
            article(3, ORIGINAL.replace("，", "、")),
            article(4, "此事见后。" + ORIGINAL, access=Access.INTERNAL),
            article(5, "与此无关的另一段话，说的是别的事情，议修河堤四个字也有。"),
        ]
        dates = {2: "1950年", 3: "1936年", 4: "1999年"}
        session.add(file, file.name, [replace(one, date=None) for one in drafts], ())
        for id, date in dates.items():
            session.describe(str(id), {"成文日期": date}, "试")
        yield library


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(Actor.local())


def test_copies_are_a_chain_from_the_earliest_and_reprints_one_node(session: Session) -> None:
    found = session.concordances.same_words("1", 1, Search())
    assert [[place.article.id for place in node.places] for node in found.nodes] == [["3", "4"], ["2"]]
    exact = found.nodes[0].places[0].shared
    assert exact.share == 1 and exact.changes == ()
    changed = found.nodes[1].places[0]
    text = changed.article.blocks[1].text
    changes = [(ORIGINAL[slice(*own)], text[slice(*there)]) for own, there in changed.shared.changes]
    assert changes == [("", "天"), ("三", "四")]
    assert text[slice(*changed.shared.there)].startswith("民國二十三年")


def test_rights_and_scope_hold(library: Library, session: Session) -> None:
    visitor = library.session(Actor("3", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset())))
    seen = visitor.concordances.same_words("1", 1, Search())
    assert {place.article.id for node in seen.nodes for place in node.places} == {"2", "3"}
    with pytest.raises(NotFound):
        visitor.concordances.same_words("4", 1, Search())
    session.scopes.save("一篇", articles=["2"])
    scoped = session.concordances.same_words("1", 1, Search(scope="一篇"))
    assert [place.article.id for node in scoped.nodes for place in node.places] == ["2"]


def test_what_stands_everywhere_is_a_formula(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.workbench.concordance.FORMULA", 2)
    found = session.concordances.same_words("1", 1, Search())
    assert {place.article.id for node in found.nodes for place in node.places} == {"2"}  # what no comma parts there
    assert "".join(ORIGINAL[start:end] for start, end in found.formulas).startswith("民国二十三年春")


def test_no_such_paragraph(session: Session) -> None:
    for article_id, block in (("1", 9), ("99", 1)):
        with pytest.raises(NotFound):
            session.concordances.same_words(article_id, block, Search())


@pytest.mark.parametrize("seed", range(20))
def test_a_tenth_changed_is_still_found_and_spans_are_of_stored_text(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(120))
    copy = "".join(chr(chance.randrange(0x9000, 0x9F00)) if chance.random() < 0.1 else char for char in text)
    marked = "".join(char + ("，" if chance.random() < 0.1 else "") for char in copy)
    before = "".join(chr(chance.randrange(0x3400, 0x4D00)) for _ in range(40))
    found: list[Shared] = shared(Counted.of(text), Counted.of(before + marked))
    assert sum(one.equal for one in found) >= 0.75 * len(text)
    for one in found:
        assert one.there[0] >= len(before) - SEED and one.there[1] <= len(before + marked)
        assert 0.6 <= one.share <= 1


def test_unlike_texts_share_nothing() -> None:
    assert shared(Counted.of(ORIGINAL), Counted.of(OTHER)) == []
    assert chained(list(passages(Counted.of(ORIGINAL), article(1, OTHER, "王德全召集四乡绅士")))) == ()
