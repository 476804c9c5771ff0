"""Collocates are what a plain count over the texts gives, within paragraphs, rights and scopes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.session import Session
from archive.text.longest_match import LongestMatch
from archive.workbench.collocates import UNITS, Collocate
from tests.given_names import give

TEXTS = [
    ["李明修水车，水车转了。", "水车转了又转，李明山看水车。", "哈哈哈哈。"],
    ["转了的是磨。李明不在。", "水车", "转了。李明山和李明都来修水车。"],
    ["水。车转了。水 车转了。"],
]


def filled(folder: Path, texts: Sequence[Sequence[str]], access: Sequence[Access] = ()) -> Library:
    library = Library.create(folder / "library")
    give(library, "类别,规范名,别名\n人物,李明,\n人物,李明山,山公\n")
    session = library.session(Actor.local())
    session.save_collection(Collection("c", "文集"))
    file = folder / "a.txt"
    file.write_text("稿", encoding="utf-8")
    drafts = [
        Article(
            collection="c",
            number=number,
            blocks=(Block.plain(Kind.TITLE, f"题{number}"), *(Block.plain(Kind.PARAGRAPH, text) for text in one)),
            access=access[number] if access else Access.OPEN,
        )
        for number, one in enumerate(texts)
    ]
    session.add(file, file.name, drafts, ())
    return library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled(tmp_path_factory.mktemp("collocates"), TEXTS, [Access.OPEN, Access.OPEN, Access.INTERNAL]) as library:
        yield library


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(Actor.local())


def plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def recounted(texts: Sequence[Sequence[str]], word: str, unit: str) -> dict[str, tuple[int, int, int, float]]:
    """The same by looking at every paragraph: together, articles, alone, logDice."""
    size, right = int(unit[-1]), unit.startswith("right")
    paragraphs = [(number, text) for number, one in enumerate(texts) for text in (f"题{number}", *one)]
    places = [(number, text, found) for number, text in paragraphs for found in re.finditer(word, text)]
    beside = [
        (number, plain(text[found.end() :])[:size] if right else plain(text[: found.start()])[-size:])
        for number, text, found in places
    ]
    counted = {}
    for value in {value for _, value in beside if len(value) == size}:
        together = sum(one == value for _, one in beside)
        alone = sum(len(re.findall(f"(?={value})", plain(text))) for _, text in paragraphs)
        score = round(14 + math.log2(2 * together / (len(places) + alone)), 9)
        counted[value] = (together, len({number for number, one in beside if one == value}), alone, score)
    return counted


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit[-1].isdigit()])
@pytest.mark.parametrize("word", ["水车", "哈", "李明"])
def test_strings_beside_a_place_are_as_a_plain_count(session: Session, word: str, unit: str) -> None:
    texts = [*TEXTS[:2], [TEXTS[2][0].replace(" ", "")]]
    found = session.concordances.collocates(Search(text=word), [], unit, least=1, articles=1).found
    assert {one.text: (one.together, one.articles, one.alone, round(one.score, 9)) for one in found} == recounted(
        texts, word, unit
    )
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def of(found: Sequence[Collocate]) -> dict[str, tuple[int, int, int]]:
    return {one.text: (one.together, one.articles, one.alone) for one in found}


def test_names_are_counted_by_paragraph_and_the_longest(session: Session) -> None:
    found = session.concordances.collocates(Search(text="水车"), [], "name", least=1, articles=1)
    assert found.searched == 5
    assert of(found.found) == {"李明": (2, 2, 3), "李明山": (2, 2, 2)}
    assert found.found[0].text == "李明山"


def test_what_was_searched_is_not_beside_itself(session: Session) -> None:
    found = session.concordances.collocates(Search(text="李明"), [], "name", least=1, articles=1)
    assert "李明" not in of(found.found)


def test_words_in_the_same_paragraph(session: Session) -> None:
    found = of(session.concordances.collocates(Search(text="水车"), [], "word", least=1, articles=1).found)
    assert found and all(len(text) > 1 and "水车" not in text for text in found)


def test_too_few_are_left_out(session: Session) -> None:
    found = session.concordances.collocates(Search(text="水车"), [], "right2", least=2, articles=1).found
    assert [one.text for one in found] == ["转了"]
    assert session.concordances.collocates(Search(text="水车"), [], "right2", least=2, articles=3).found == ()


def test_rights_and_scope_hold_for_what_stands_elsewhere_too(library: Library, session: Session) -> None:
    visitor = library.session(Actor("3", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset())))
    search = Search(text="水车")
    mine = of(session.concordances.collocates(search, [], "right2", least=1, articles=1).found)
    theirs = of(visitor.concordances.collocates(search, [], "right2", least=1, articles=1).found)
    assert (mine["转了"], theirs["转了"]) == ((3, 2, 6), (2, 1, 4))
    session.scopes.save("首篇", articles=["1"])
    scoped = session.concordances.collocates(search.but(scope="首篇"), [], "right2", least=1, articles=1).found
    assert of(scoped)["转了"] == (2, 1, 2)


def test_an_unknown_unit_is_refused(session: Session) -> None:
    with pytest.raises(UsageError):
        session.concordances.collocates(Search(text="水车"), [], "right5")


WORDS = st.lists(st.text("李明山", min_size=1, max_size=3), max_size=5)


@given(WORDS, st.text("李明山水", max_size=12))
def test_the_longest_word_at_each_place(words: list[str], text: str) -> None:
    at, expected = 0, []
    while at < len(text):
        size = max((len(word) for word in words if text.startswith(word, at)), default=0)
        if size:
            expected.append((at, at + size))
        at += size or 1
    assert list(LongestMatch(words).places(text)) == expected
