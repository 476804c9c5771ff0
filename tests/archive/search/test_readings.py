"""What is offered beside what stands literally, or instead of it; never counted with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from archive.model.access import Actor
from archive.model.records import Article, Block, Kind
from archive.model.search import LooserReading
from archive.search.content_words import pairs, stretches, words
from archive.search.index.memory import MemoryEngine
from archive.search.parser import parse
from archive.search.query import And, Field, Not, Query, Term, Words
from archive.search.readings import beside, instead
from archive.text.segmentation import Segmenter, make_segmenter

TEXTS = {
    "literal": "沙坡头治沙站建于一九五六年。",
    "apart": "沙坡头的治沙工作，从栽草方格开始。",
    "two": "治沙的人在站里住了三年。",
    "one": "沙坡头在黄河边。",
}


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return make_segmenter()


@pytest.fixture(scope="module")
def found() -> Iterator[Callable[[Query], list[str]]]:
    engine = MemoryEngine()
    for id, text in TEXTS.items():
        blocks = (Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text))
        engine.put(Article(id=id, collection="c", blocks=blocks), ())
    rights = Actor.local().rights.in_use
    yield lambda query: sorted(one.article for one in engine.search(query, rights, limit=9).found)


def test_all_words_elsewhere_stand_beside_what_is_found(
    segmenter: Segmenter, found: Callable[[Query], list[str]]
) -> None:
    tree = parse("沙坡头治沙")
    assert found(Query(tree=tree)) == ["literal"]
    offered = beside(tree, segmenter.words)
    assert offered
    assert offered[0] is LooserReading.ALL_WORDS
    assert found(Query(tree=offered[1])) == ["apart"]


@pytest.mark.parametrize("text", ["治沙", '"沙坡头治沙"', "沙坡头 治沙", "羊皮 NEAR/3 筏", "作者:张三", ""])
def test_nothing_to_take_apart(text: str, segmenter: Segmenter) -> None:
    assert beside(parse(text), segmenter.words) is None


def test_conditions_hold_in_looser_readings_too(segmenter: Segmenter) -> None:
    tree = parse("沙坡头栽草站 -黄河 作者:张三 (甲 OR 乙)")
    for _, looser in instead(tree, segmenter.words):
        assert isinstance(looser, And)
        assert looser.children[1:3] == (Not(Term("黄河")), Field("作者", "张三"))
        assert len(looser.children) == 4


def test_readings_go_from_close_to_loose(segmenter: Segmenter) -> None:
    tree = parse("治沙沙坡头站")
    tried = list(instead(tree, segmenter.words))
    assert [reading for reading, _ in tried] == [
        LooserReading.ALL_WORDS,
        LooserReading.MOST_WORDS,
        LooserReading.RANKED,
    ]
    assert [looser.least for _, looser in tried if isinstance(looser, Words)] == [3, 2, 1]


@pytest.mark.parametrize(
    "text",
    ["沙坡头治沙站建于哪一年？", "谁建了治沙站", "为了保护包兰铁路而在沙坡头建立的治沙站"],
)
def test_questions_and_sentences_are_ranked_at_once(text: str, segmenter: Segmenter) -> None:
    assert [reading for reading, _ in instead(parse(text), segmenter.words)] == [LooserReading.RANKED]


@pytest.mark.parametrize("text", ["高启元", "枸杞 OR 甘草", '"治沙"', "", "作者:张三", "的", "，。"])
def test_what_has_no_looser_reading(text: str, segmenter: Segmenter) -> None:
    cut = (lambda part: [part]) if text == "高启元" else segmenter.words
    assert list(instead(parse(text), cut)) == []


@pytest.mark.parametrize(
    ("question", "carrying"),
    [
        ("魏裔介的谥号是什么？", ("魏裔介", "谥号")),
        ("沙坡头是哪一年开始治沙的？", ("沙坡头", "开始治沙")),
        ("呼家楼站有几个出入口？", ("呼家楼站", "出入口")),
        ("是什么", ("是什么",)),
        ("國民政府與和平", ("国民政府", "和平")),
        ("3.6万人", ("3.6万人",)),
    ],
)
def test_what_carries_the_meaning(question: str, carrying: tuple[str, ...], segmenter: Segmenter) -> None:
    assert stretches((question,), segmenter.words) == carrying


def test_no_run_goes_from_one_term_into_the_next(segmenter: Segmenter) -> None:
    reading = list(instead(parse("民工抢修渠口 县长到场慰问"), segmenter.words))[-1][1]
    assert isinstance(reading, Words)
    assert not any("口县" in stretch for stretch in reading.stretches)


def test_names_are_never_taken_apart(segmenter: Segmenter) -> None:
    names = frozenset({"和平渠", "高主席"})
    carrying = stretches(("高主席修和平渠的时候",), segmenter.words, names)
    assert carrying[0] == "高主席"
    assert "和平渠" in words(carrying, segmenter.words, names)


def test_pairs() -> None:
    assert pairs(("沙坡头", "C919机", "渠", "沙坡")) == ("沙坡", "坡头", "C919", "机", "渠")
