"""Over a whole library: planted copies stand in one chain with what they were made from; set phrases lead to nobody."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.edits import Rewrite
from archive.model.errors import NotFound
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.session import Session
from archive.support.table_files import read_tables
from archive.workbench import reuse
from archive.workbench.reuse import Finder, Reuse
from archive.workbench.reuses import HEADER, write

ORIGINAL = (
    "民国二十三年春，县长王德全召集四乡绅士，议修河堤。自杏园堡至官渡口，凡十二里，费银三千余元，用工九万。",
    "堤成之日，四乡老幼扶携来观，渠长贺廷璋勒石纪其事，至今碑在堤上，字迹犹可辨认。",
)
CHANGED = "民國二十三年春天縣長王德全召集四鄉紳士議修河堤；自杏園堡至官渡口凡十二里，費銀四千余元，用工八万。"
OTHER = "解放以后，全县水利建设有了很大的发展，先后修成大小水库七座，灌溉面积扩大到四万多亩，粮食年年增产。"


def article(id: str, *texts: str) -> Article:
    blocks = (Block.plain(Kind.TITLE, f"第{id}篇"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    return Article(collection="c", id=id, version=1, blocks=blocks)


def found(*articles: Article) -> Reuse:
    finder = Finder()
    for one in articles:
        finder.add(one)
    return finder.found(lambda words, done, total: None)


def test_a_reprint_is_one_node_of_one_chain_however_many_paragraphs_it_has() -> None:
    answer = found(article("1", *ORIGINAL), article("2", OTHER, *ORIGINAL), article("3", OTHER[:30] + "。" + CHANGED))
    nodes = {frozenset(copy.article for node in chain.nodes for copy in node): chain for chain in answer.chains}
    assert set(nodes) == {frozenset("123"), frozenset("12"), frozenset("23")}
    whole = nodes[frozenset("123")]
    assert [[copy.article for copy in node] for node in whole.nodes] == [["1", "2"], ["3"]]
    (reprint,) = nodes[frozenset("12")].nodes  # the second paragraph, which only these two have
    assert [copy.article for copy in reprint] == ["1", "2"]


def test_spans_are_of_stored_text_and_notes_are_left_out() -> None:
    noted = Article(
        collection="c",
        id="2",
        version=1,
        blocks=(
            Block.plain(Kind.TITLE, ORIGINAL[0]),
            Block.plain(Kind.NOTE, ORIGINAL[0], label="1"),
            Block.plain(Kind.PARAGRAPH, "按：" + CHANGED),
        ),
    )
    (chain,) = found(article("1", ORIGINAL[0]), noted).chains
    places = {copy.article: copy.places for copy in chain.copies}
    assert places["1"] == ((1, 0, ORIGINAL[0].index("九万")),)
    assert places["2"] == ((2, 2, 2 + CHANGED.index("八万")),)


def test_set_phrases_lead_to_nobody_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reuse, "FORMULA", 4)
    phrase = "在县委县政府的正确领导和大力支持下经过全县人民的共同努力"
    chance = random.Random(1)

    def own() -> str:
        return "".join(chr(chance.randrange(0x5000, 0x9000)) for _ in range(60))

    answer = found(*(article(str(number), own() + phrase + own()) for number in range(9)))
    assert answer.chains == ()
    assert any(phrase[4:-4] in one.words and one.articles == 9 for one in answer.formulas)
    copied = own()
    answer = found(*(article(str(number), own() + phrase + (copied if number < 2 else own())) for number in range(9)))
    assert [{copy.article for copy in chain.copies} for chain in answer.chains] == [{"0", "1"}]


@pytest.mark.parametrize("seed", range(5))
def test_planted_copies_are_found_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)

    def text(size: int) -> str:
        return "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(size))

    originals = [text(120) for _ in range(20)]
    changed = [
        "".join(chr(chance.randrange(0x9000, 0x9F00)) if chance.random() < 0.1 else char for char in one)
        for one in originals
    ]
    moved = ["".join(char + ("，" if chance.random() < 0.1 else "") for char in one) for one in originals]
    middle = [text(40) + one[30:90] + text(40) for one in originals]
    groups = [*zip(originals, changed, moved, middle, strict=True)]
    articles = [article(f"{at}-{kind}", one) for at, group in enumerate(groups) for kind, one in enumerate(group)]
    answer = found(*articles, *(article(f"x{at}", text(200)) for at in range(20)))
    met = [{copy.article.split("-")[0] for copy in chain.copies} for chain in answer.chains]
    assert all(len(one) == 1 for one in met)  # never two originals in one chain, nor what is no copy
    together = {copy.article for chain in answer.chains for copy in chain.copies}
    assert len(together) >= 79 and not any(one.startswith("x") for one in together)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (file := tmp_path / "a.txt").write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        owner = library.session(Actor.local())
        owner.save_collection(Collection("c", "文集"))
        texts = ([ORIGINAL[0]], [CHANGED], [OTHER, ORIGINAL[0]])
        drafts = [
            Article(
                collection="c",
                number=number,
                blocks=(Block.plain(Kind.TITLE, f"第{number}篇"), *(Block.plain(Kind.PARAGRAPH, one) for one in own)),
                access=Access.INTERNAL if number == 3 else Access.OPEN,
            )
            for number, own in enumerate(texts, 1)
        ]
        owner.add(file, file.name, drafts, ())
        for id, date in {"1": "1950年", "2": "1936年"}.items():
            owner.describe(id, {"成文日期": date}, "试")
        yield owner


def silent(words: str, done: int, total: int) -> None:
    """Nobody watches."""


def test_what_was_found_is_kept_and_shown_by_rights(session: Session, tmp_path: Path) -> None:
    assert session.reuses.latest() is None
    session.reuses.look("", silent)
    kept = session.reuses.latest()
    assert kept and kept.found.articles == 3
    ((_, nodes),) = session.reuses.shown(kept.found.chains)
    assert [[one.copy.article for one in node] for node in nodes] == [["2"], ["1", "3"]]  # by date, undated last
    assert nodes[0][0].words[0].startswith("民國二十三年")
    with Library.open(tmp_path / "library") as library:
        visitor = library.session(
            Actor("v", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset()))
        )
        assert visitor.reuses.latest() is None  # one's own
        visitor.reuses.look("", silent)
        own = visitor.reuses.latest()
        assert own and own.found.articles == 2
        assert {copy.article for one in own.found.chains for copy in one.copies} == {"1", "2"}
        less = library.session(
            Actor("local", "本机", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset()))
        )
        left = less.reuses.latest()
        assert left and {copy.article for one in left.found.chains for copy in one.copies} == {"1", "2"}
    write(session.reuses, kept, file := tmp_path / "t.xlsx")
    tables = read_tables(file)
    assert tuple(tables[0][0]) == HEADER and [row[4] for row in tables[0][1:]] == ["2", "1", "3"]
    session.correct("1", [Rewrite(1, ORIGINAL[0], ("改了。",))], "试")
    ((_, nodes),) = session.reuses.shown(kept.found.chains)
    assert {one.copy.article: bool(one.words) for node in nodes for one in node} == {"1": False, "2": True, "3": True}


def test_within_a_scope(session: Session) -> None:
    session.scopes.save("两篇", articles=["1", "3"])
    found_here = session.reuses.look("两篇", silent)
    assert [{copy.article for copy in chain.copies} for chain in found_here.chains] == [{"1", "3"}]
    assert session.reuses.latest() is None and session.reuses.latest("两篇")
    with pytest.raises(NotFound):
        session.reuses.look("没有", silent)
