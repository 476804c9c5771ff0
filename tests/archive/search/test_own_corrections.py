"""Spellings offered because the library's own corrections exchanged them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import IN_USE, Actor, Rights
from archive.model.records import Access, Article, Block, Collection, Kind
from archive.model.search import Search, Why
from archive.search.own_corrections import confused, exchanged
from archive.session import Session

LOCAL = Actor.local()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    original = tmp_path / "a.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "文史"))
        articles = [text("高启员修渠，在葛根沟。"), text("高启员又到沙河。")]
        session.add(original, "a.txt", articles, [])
        yield session


def text(words: str) -> Article:
    return Article(collection="c", blocks=(Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, words)))


def correct(session: Session, id: str, wrong: str, right: str, **changes: object) -> None:
    article = session.article(id)
    blocks = tuple(
        replace(one, runs=Block.plain(one.kind, one.text.replace(wrong, right)).runs) for one in article.blocks
    )
    session.corrections.revise(replace(article, blocks=blocks, **changes), "错字")  # type: ignore[arg-type]


def spellings(session: Session, word: str) -> list[tuple[str, int]]:
    offers = session.search(Search(text=word)).offers
    return [(offer.words, offer.total) for offer in offers if offer.why is Why.SPELLING]


def test_what_was_put_right_is_offered_with_its_count(session: Session) -> None:
    correct(session, "1", "高启员", "高启元")
    assert spellings(session, "高启元") == []  # as many articles have it as have the other
    correct(session, "2", "高启员", "高启元")
    assert spellings(session, "高启员") == [("高启元", 2)]
    assert session.search(Search(text="高启员")).total == 0


def test_who_types_what_is_right_finds_what_nobody_corrected_yet(session: Session) -> None:
    correct(session, "1", "葛根沟", "葛根河")
    correct(session, "1", "高启员", "高启元")
    correct(session, "1", "高启元", "高某")
    assert spellings(session, "高启元") == [("高启员", 1)]


def test_rewriting_teaches_nothing(session: Session) -> None:
    correct(session, "1", "修渠", "主持开挖和平渠")
    correct(session, "2", "沙河", "")
    assert confused(session._store, LOCAL.rights.in_use) == {}


def test_nobody_learns_from_what_is_closed_to_them(session: Session) -> None:
    correct(session, "1", "高启员", "高启元", access=Access.RESTRICTED)
    open_only = Rights.of(frozenset({Access.OPEN}), IN_USE, frozenset())
    assert confused(session._store, open_only) == {}


def test_each_part_is_exchanged_alone() -> None:
    assert list(exchanged("员外员", {"员": ("元",)})) == ["元外员", "员外元"]
