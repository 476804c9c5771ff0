"""Citations after GB/T 7714-2015."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.catalogue.citation import cite
from archive.model.records import Article, Block, Collection, Kind, Period, Person, Precision, Role

ARTICLE = Article(
    collection="v3",
    id="a7",
    version=2,
    blocks=(Block.plain(Kind.TITLE, "水车旧事"),),
    people=(Person("马德山", Role.NARRATOR), Person("李文华", Role.RECORDER)),
    volume="第三辑",
    date=Period(2_446_067, 2_446_431, Precision.YEAR, "1985年"),
)
VOLUME = Collection("v3", "清水县文史资料")


def test_narrator_and_recorder() -> None:
    assert cite(ARTICLE, VOLUME) == (
        "马德山口述; 李文华整理. 水车旧事[G]//清水县文史资料: 第三辑. 1985年. 资料库编号: a7, 第 2 版."
    )


def test_printed_pages_are_named() -> None:
    paged = replace(ARTICLE, blocks=(replace(ARTICLE.blocks[0], page="12"), Block(Kind.PARAGRAPH, page="15")))
    assert "清水县文史资料: 第三辑. 1985年: 12—15. 资料库编号" in cite(paged, VOLUME)
    assert ". 12—15. " in cite(replace(paged, date=None), VOLUME)


def test_more_than_three_authors_end_in_others() -> None:
    people = tuple(Person(name) for name in "甲乙丙丁")
    assert cite(replace(ARTICLE, people=people), VOLUME).startswith("甲, 乙, 丙, 等. 水车旧事")


@pytest.mark.parametrize("title", ["清水县文史资料 第三辑", "第三辑"])
def test_the_volume_is_named_once(title: str) -> None:
    assert cite(ARTICLE, replace(VOLUME, title=title)).count("第三辑") == 1


def test_nothing_is_invented() -> None:
    bare = replace(ARTICLE, people=(), date=None, volume="")
    assert cite(bare, VOLUME) == "水车旧事[G]//清水县文史资料. 资料库编号: a7, 第 2 版."
