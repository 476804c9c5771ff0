"""Cards follow their words through corrections, and say so where they cannot."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.cards import Condition
from archive.model.edits import Join, Rewrite
from archive.model.errors import NotAllowed, NotFound, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.session import Session
from archive.workbench.cards import HEADER, write

LOCAL = Actor.local()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    file = tmp_path / "a.txt"
    file.write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        owner = library.session(LOCAL)
        owner.save_collection(Collection("c", "清水文史"))
        title = Block.plain(Kind.TITLE, "水车记")
        texts = ("光绪三十年有了第一架水车。", "轮高五丈，日夜不停，可以浇三百亩地。", "修水车的木匠从兰州请来。")
        blocks = (title, *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
        owner.add(file, file.name, [Article(collection="c", blocks=blocks, number=1)], ())
        yield owner


def condition(session: Session, key: int) -> tuple[Condition, str]:
    """What became of a card, and the words that stand where it says they stand."""
    found = session.cards.get(key)
    if found.place is None:
        return found.condition, ""
    block, start, end = found.place
    return found.condition, session.article(found.card.article).blocks[block].text[start:end]


def rewrite(session: Session, block: int, *texts: str) -> None:
    held = session.article("1").blocks[block].text
    session.correct("1", [Rewrite(block, held, texts)], "错字")


def test_a_card_copies_words_with_what_stands_around_them(session: Session) -> None:
    key = session.cards.make("1", (2, 2, 4), classes=["水利", "水利", " 器物 "], note=" 高度可疑 ")
    found = session.cards.get(key)
    assert (found.card.written, found.card.before, found.card.after) == ("五丈", "轮高", "，日夜不停，可以浇三百亩地。")
    assert (found.card.classes, found.card.note) == (("水利", "器物"), "高度可疑")
    assert (found.condition, found.place) == (Condition.THERE, (2, 2, 4))
    assert "水车记" in found.source and session.cards.classes() == {"器物": 1, "水利": 1}


def test_what_corrections_do_to_a_card(session: Session) -> None:
    key = session.cards.make("1", (2, 5, 9))  # 日夜不停
    rewrite(session, 1, "光绪三十年有了水车。")
    assert condition(session, key) == (Condition.THERE, "日夜不停")
    rewrite(session, 2, "先有一句。", "轮子高五丈，日夜不停，可以浇三百亩地。")
    assert condition(session, key) == (Condition.FOLLOWED, "日夜不停")
    session.correct("1", [Join(2, session.article("1").blocks[2].text)], "排版")
    assert condition(session, key) == (Condition.FOLLOWED, "日夜不停")
    rewrite(session, 2, "先有一句。轮子高五丈，昼夜不停，可以浇三百亩地。")
    told, words = condition(session, key)
    assert told is Condition.UNSURE and words.startswith("先有一句")
    rewrite(session, 2)
    assert condition(session, key) == (Condition.LOST, "")
    session.corrections.restore("1", 1, "")
    assert condition(session, key) == (Condition.THERE, "日夜不停")
    session.withdraw("1", "试")
    assert condition(session, key) == (Condition.LOST, "")


def test_no_card_on_a_wrong_place_after_many_corrections(session: Session) -> None:
    """Characters are numbered by being all different; so the right place is where these very ones stand."""
    chance = random.Random(4)
    signs = iter(range(0x4E00, 0x9000))
    texts = ["".join(chr(next(signs)) for _ in range(40)) for _ in range(12)]
    rewrite(session, 3, *texts)
    keys = []
    for _ in range(60):
        block, start = chance.randrange(3, 15), chance.randrange(30)
        keys.append(session.cards.make("1", (block, start, start + chance.randrange(1, 9))))
    for _ in range(25):
        blocks = session.article("1").blocks
        at = chance.randrange(3, len(blocks))
        text = blocks[at].text
        cut, size = chance.randrange(len(text) + 1), chance.randrange(4)
        fresh = "".join(chr(next(signs)) for _ in range(size))
        changed = text[:cut] + fresh + text[cut + chance.randrange(4) :]
        parts = (changed[:cut], changed[cut:]) if chance.random() < 0.2 else (changed,)
        rewrite(session, at, *filter(None, parts))
    now = [block.text for block in session.article("1").blocks]
    for key in keys:
        written = session.cards.get(key).card.written
        told, words = condition(session, key)
        standing = any(written in text for text in now)
        assert standing == (told in (Condition.THERE, Condition.FOLLOWED)), (written, told)
        assert words == written if standing else written not in words
    session.corrections.restore("1", 2, "")
    assert {condition(session, key)[0] for key in keys} == {Condition.THERE}


def test_a_card_is_changed_found_and_thrown_away(session: Session, tmp_path: Path) -> None:
    one, two = session.cards.make("1", (2, 0, 4), classes=["水利"]), session.cards.make("1", (3, 0, 3), note="兰州匠人")
    session.cards.change(two, ["工匠"], "从兰州来")
    assert [each.card.key for each in session.cards.listed()] == [two, one]
    assert [each.card.key for each in session.cards.listed("水利")] == [one]
    assert [each.card.key for each in session.cards.listed(words="修水 兰州")] == [two]
    assert not list(session.cards.listed(article="2"))
    write(list(session.cards.listed()), file := tmp_path / "cards.csv")
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == ",".join(HEADER) and "修水车" in lines[1] and "从兰州来" in lines[1]
    session.cards.remove(one)
    with pytest.raises(NotFound):
        session.cards.get(one)


@pytest.mark.parametrize("place", [(9, 0, 1), (2, 3, 3), (2, 0, 99), (-1, 0, 1)])
def test_nothing_is_copied_where_nothing_stands(session: Session, place: tuple[int, int, int]) -> None:
    with pytest.raises(NotFound):
        session.cards.make("1", place)


def test_too_much_is_refused(session: Session) -> None:
    with pytest.raises(UsageError):
        session.cards.make("1", (2, 0, 4), classes=["长" * 61])
    with pytest.raises(UsageError):
        session.cards.make("1", (2, 0, 4), note="长" * 5001)


def test_cards_of_others_are_seen_with_their_articles_and_left_alone(session: Session, tmp_path: Path) -> None:
    key = session.cards.make("1", (2, 0, 4))
    with Library.open(tmp_path / "library") as library:
        reader = library.session(
            Actor("r", "读者", Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset()))
        )
        assert [each.card.key for each in reader.cards.listed()] == [key]
        with pytest.raises(NotAllowed):
            reader.cards.change(key, [], "")
        with pytest.raises(NotAllowed):
            reader.cards.remove(key)
        nobody = library.session(Actor("n", "无权", Rights.nothing()))
        assert not list(nobody.cards.listed()) and not nobody.cards.classes()
        for call in (lambda: nobody.cards.get(key), lambda: nobody.cards.make("1", (2, 0, 4))):
            with pytest.raises(NotFound):
                call()
