"""Other searches: each finds what it says, and nothing is offered that finds nothing."""

from __future__ import annotations

import pytest

from archive.catalogue.authority import Authority, Name, NameKind
from archive.model.access import Action, Actor, Rights
from archive.model.records import Access, Article, Block, Kind, Status
from archive.model.search import Offer, Search, Source, Why
from archive.search.index.memory import MemoryEngine
from archive.search.offers import Offers
from archive.search.parser import parse
from archive.search.query import EVERYTHING, Among, Query
from archive.search.spelling import misread, sounds, written_forms
from archive.search.suggestions import Entry, Vocabulary

TEXTS = {
    "1": "光绪三十年修渠，高启元到任。",
    "2": "光緒三十一年，高縣長去職。",
    "3": "光緖末年，张学良在沈阳。己亥年，又到成都。",
    "4": "单县人李治，治沙三年；銀行的行长不在。",
}
EVERYWHERE = Query(tree=EVERYTHING)
NAMES = Authority(
    (
        Name(NameKind.PERSON, "高启元", ("高县长", "启元", "高秉仁")),
        Name(NameKind.PERSON, "张学良", ("少帅",)),
    )
)


@pytest.fixture(scope="module")
def engine() -> MemoryEngine:
    engine = MemoryEngine()
    for id, text in TEXTS.items():
        engine.put(Article(id=id, collection="c", blocks=blocks(f"题{id}", text)), ())
    secret = Article(id="5", collection="c", blocks=blocks("机密", "成都机密，張學良"), access=Access.RESTRICTED)
    engine.put(secret, ())
    return engine


def blocks(title: str, text: str) -> tuple[Block, ...]:
    return Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, text)


LOCAL = Actor.local().rights.in_use
READER = Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset(Action))


def offered(engine: MemoryEngine, text: str, why: Why, rights: Rights = READER) -> list[Offer]:
    search = Search(text=text)
    query = Query(tree=parse(text), search=search)
    found = [one for one in Offers(engine, rights, NAMES).of(query, engine.count(query, rights)) if one.why is why]
    for one in found:
        asked = Query(tree=parse(one.search.text, as_written=one.search.as_written), search=one.search)
        assert engine.count(asked, rights) == one.total > 0
    return found


def test_the_ways_a_word_is_written_are_counted(engine: MemoryEngine) -> None:
    found = offered(engine, "光緒 年", Why.WRITTEN)
    assert {one.words: one.total for one in found} == {"光绪": 1, "光緒": 1, "光緖": 1}
    assert {one.search.text for one in found} == {"光绪 年", "光緒 年", "光緖 年"}
    assert offered(engine, "高启元", Why.WRITTEN) == []


def test_other_forms_of_a_name_are_offered_one_by_one_and_together(engine: MemoryEngine) -> None:
    found = offered(engine, "高启元", Why.NAME)
    assert [(one.words, one.total) for one in found] == [("高县长", 1), ("启元", 1), ("高启元、高县长、启元", 2)]
    assert found[-1].search.text == "(高启元 OR 高县长 OR 启元)"
    assert offered(engine, '"高启元"', Why.NAME) == []
    assert offered(engine, "少帅", Why.NAME)[0].words == "张学良"


@pytest.mark.parametrize(
    ("typed", "meant"), [("巳亥", "己亥"), ("李冶", "李治"), ("高起元", "高启元"), ("章学良", "张学良")]
)
def test_spellings_by_shape_and_sound(typed: str, meant: str, engine: MemoryEngine) -> None:
    assert [one.words for one in offered(engine, typed, Why.SPELLING)] == [meant]


def test_no_spelling_is_doubted_where_much_is_found(engine: MemoryEngine) -> None:
    for number in range(10, 14):
        engine.put(Article(id=str(number), collection="c", blocks=blocks("题", "已亥")), ())
    assert offered(engine, "已亥", Why.SPELLING) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("zxl", "张学良"),
        ("zhangxue", "张学良"),
        ("张xl", "张学良"),
        ("张", "张学良"),
        ("gqy", "高启元"),
        ("ＧＱ", "高启元"),
    ],
)
def test_suggestions_by_character_and_pinyin(typed: str, first: str, engine: MemoryEngine) -> None:
    found = list(Offers(engine, READER, NAMES).suggestions(typed, EVERYWHERE, 5))
    assert found[0].text == first
    assert found[0].source is Source.NAME
    assert found[0].total == 1


def test_nothing_is_suggested_that_finds_nothing_or_may_not_be_seen(engine: MemoryEngine) -> None:
    assert [one.text for one in Offers(engine, READER, NAMES).suggestions("jm", EVERYWHERE, 5)] == []
    assert [one.text for one in Offers(engine, LOCAL, NAMES).suggestions("jm", EVERYWHERE, 5)] == ["机密"]
    assert [one.text for one in Offers(engine, READER, NAMES).suggestions("高b", EVERYWHERE, 5)] == []


def test_a_scope_offers_what_it_holds_behind_hundreds_of_others() -> None:
    engine = MemoryEngine()
    for number in range(300):
        engine.put(Article(id=f"o{number}", collection="c", blocks=blocks(f"水利{number:03}", "渠")), ())
    engine.put(Article(id="in", collection="c", blocks=blocks("水车谱", "渠")), ())
    within = Query(tree=EVERYTHING, conditions=(("scope", Among(frozenset({"in"}))),))
    for typed in ("水", "s", "sh"):
        assert [(one.text, one.total) for one in Offers(engine, LOCAL, NAMES).suggestions(typed, within, 8)] == [
            ("水车谱", 1)
        ]
    assert len(list(Offers(engine, LOCAL, NAMES).suggestions("水", Query(tree=EVERYTHING), 8))) == 8


def test_every_reading_can_be_typed() -> None:
    words = Vocabulary(Entry(text, Source.WORD, 1) for text in ("成都", "单县", "银行", "重庆", "C919客机"))
    typed = ("cd", "chengdu", "shanxian", "danxian", "yinhang", "yx", "chongqing", "c919kj")
    assert [[one.text for one in words.starting(each, 3)] for each in typed] == [
        *(["成都"], ["成都"], ["单县"], ["单县"], ["银行"], ["银行"], ["重庆"], ["C919客机"])
    ]
    assert words.starting("", 3) == words.starting("q", 3) == []


def test_forms_sounds_and_shapes() -> None:
    assert written_forms("光绪", lambda char: char in "光绪緒") == ("光绪", "光緒")
    assert ("shan", "xian") in sounds("单县")
    assert sounds("A县") == frozenset()
    assert "己亥" in misread("巳亥")
    assert misread("巳") == ()
