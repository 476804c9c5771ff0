"""In which order the articles that answer a question come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model.access import Rights
from archive.model.records import Article, Block, Kind
from archive.search.index import question_ranking
from archive.search.index.embedded import EmbeddedEngine
from archive.search.parser import parse
from archive.search.query import Query
from archive.search.readings import instead
from archive.text.segmentation import Segmenter, make_segmenter

FILLING = [f"第{number}队在渠上挑土，民工们的家属守候多年。" for number in range(1, 40)]


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return make_segmenter()


@pytest.fixture
def engine(tmp_path: Path, segmenter: Segmenter) -> Iterator[EmbeddedEngine]:
    made = EmbeddedEngine(tmp_path / "index", segmenter)
    yield made
    made.close()


def best(engine: EmbeddedEngine, segmenter: Segmenter, question: str, *articles: tuple[Block, ...]) -> str:
    """The id of the first hit, over articles numbered from 1."""
    numbered = (
        Article(id=str(number), collection="c", number=number, blocks=blocks)
        for number, blocks in enumerate(articles, 1)
    )
    engine.rebuild((article, ()) for article in numbered)
    reading = list(instead(parse(question), segmenter.words))[-1][1]
    return engine.search(Query(tree=reading), Rights.everything().in_use, limit=5).found[0].article


def text(title: str, *paragraphs: str) -> tuple[Block, ...]:
    return (Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, one) for one in paragraphs))


def test_whom_the_question_names_comes_before_common_words(engine: EmbeddedEngine, segmenter: Segmenter) -> None:
    question = "张克简的妻子守节多少年？"
    common = [text(f"列女{number}", "妻子守节多年。" * 3, *FILLING[:5]) for number in range(8)]
    named = text("列女传", *FILLING, "指挥张克简妻季氏，夫亡，守节五十余年。")
    assert best(engine, segmenter, question, *common, named) == "9"


def test_a_text_may_write_the_name_in_older_characters(engine: EmbeddedEngine, segmenter: Segmenter) -> None:
    other = text("名宦", "郭守敬是邢台人，做官修渠，后人立祠。", *FILLING[:3])
    older = text("名宦", "郭宻貝州經城人，有武畧。", *FILLING[:3])
    assert best(engine, segmenter, "郭密是哪里人？", other, older) == "2"


def test_what_stands_under_a_heading_is_read_with_it(engine: EmbeddedEngine, segmenter: Segmenter) -> None:
    others = [text("水利", *FILLING[number : number + 9]) for number in range(6)]
    apart = text("水利", *FILLING[:9], "和平渠在城北。", "渠长由乡民公推。", *FILLING[9:12])
    headed = tuple(replace(one, kind=Kind.HEADING) if one.text == "和平渠在城北。" else one for one in apart)
    assert best(engine, segmenter, "和平渠的渠长由谁公推？", *others, apart, headed) == "8"


def test_who_cannot_be_among_the_best_is_passed_over() -> None:
    draw = random.Random(5)
    for _ in range(200):
        pairs = [
            (draw.choice((0.5, 1.0, 3.0, 6.5)), frozenset(draw.sample(range(60), draw.randint(1, 50))))
            for _ in range(6)
        ]
        keys, most = frozenset(draw.sample(range(60), 40)), draw.randint(1, 12)
        whole = {key: sum(weight for weight, standing in pairs if key in standing) for key in keys}
        found = question_ranking._sums(pairs, keys, most)
        least = sorted(whole.values(), reverse=True)[most - 1]
        assert found.items() >= {key: score for key, score in whole.items() if score and score >= least}.items()
