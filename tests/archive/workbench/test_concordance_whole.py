"""The concordance against a plain scan: totals, steps, order, groups, samples; labels under corrections by chance."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.library import Library
from archive.model.access import Actor
from archive.model.edits import Rewrite
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.session import Session
from archive.text.folding import fold
from archive.workbench.steps import NONE, WIDEST, Arranged, read_step

LOCAL = Actor.local()
SIGNS = "水车車转轉人山，。　 \n新旧"
WORDS = ("水", "车", "水车", "转", "人山", "新")


@dataclass(frozen=True, slots=True)
class Found:
    """A place as a plain scan finds it; `left` is read outwards."""

    article: str
    volume: str
    collection: str
    block: int
    start: int
    end: int
    left: str
    right: str
    written: str


def scanned(articles: list[Article], word: str) -> list[Found]:
    """Every place, article by article, block by block."""
    wanted, found = fold(word).text, []
    for article in articles:
        for index, text in article.units():
            folded = fold(text)
            at = folded.text.find(wanted)
            while at >= 0:
                start, end = folded.span(at, at + len(wanted))
                before = "".join(filter(str.isalnum, folded.text[max(0, at - 2 * WIDEST) : at]))[::-1][:WIDEST]
                behind = folded.text[at + len(wanted) :][: 2 * WIDEST]
                after = "".join(filter(str.isalnum, behind))[:WIDEST]
                place = (index, start, end, before, after, text[start:end])
                found.append(Found(article.id, article.volume, article.collection, *place))
                at = folded.text.find(wanted, at + 1)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, list[Article]]]:
    chance, folder = random.Random(11), tmp_path_factory.mktemp("whole")
    with Library.create(folder / "library") as library:
        session = library.session(LOCAL)
        for name in ("甲", "乙"):
            session.save_collection(Collection(name, f"文集{name}"))
            (file := folder / f"{name}.txt").write_text(name, encoding="utf-8")
            drafts = []
            for number in range(1, 16):
                texts = ["".join(chance.choices(SIGNS, k=chance.randrange(1, 60))).strip() for _ in range(3)]
                blocks = (
                    Block.plain(Kind.TITLE, f"第{number}篇"),
                    *(Block.plain(Kind.PARAGRAPH, t) for t in texts if t),
                )
                drafts.append(Article(collection=name, number=number, volume=f"第{number % 4}辑", blocks=blocks))
            session.add(file, file.name, drafts, ())
        ids = [row.article for row in session.concordances.rows(Search(text="第"), [read_step("first")], Arranged())]
        yield session, [session.article(id) for id in ids]


contexts = st.tuples(st.sampled_from(["left", "right"]), st.integers(1, WIDEST))
words = st.sampled_from(WORDS)


@st.composite
def steps(draw: st.DrawFn) -> str:
    side, reach = draw(contexts)
    sign = draw(st.sampled_from(["", "-"]))
    kind = draw(st.sampled_from(["within", "is", "first"]))
    if kind == "within":
        return f"{sign}{side}{reach}:{draw(st.sampled_from('水车转人山新'))}"
    if kind == "is":
        return f"{sign}is:volume:第{draw(st.integers(0, 4))}辑"
    return "first"


def narrowed(found: list[Found], step: str) -> list[Found]:
    """What a step keeps, done by hand."""
    if step == "first":
        return list({one.article: one for one in reversed(found)}.values())[::-1]
    wanted, name = not step.startswith("-"), step.removeprefix("-")
    if name.startswith("is:volume:"):
        return [one for one in found if (one.volume == name.split(":")[2]) is wanted]
    context, sought = name.split(":")
    side = "left" if context.startswith("left") else "right"
    reach = int(context.removeprefix(side))
    return [one for one in found if (sought in getattr(one, side)[:reach]) is wanted]


def places(session: Session, word: str, chain: list[str], how: Arranged) -> list[tuple[str, int, int, int]]:
    rows = session.concordances.rows(Search(text=word), [read_step(step) for step in chain], how)
    return [(row.article, row.block, row.start, row.end) for row in rows]


def of(found: list[Found]) -> list[tuple[str, int, int, int]]:
    return [(one.article, one.block, one.start, one.end) for one in found]


@given(words, st.lists(steps(), max_size=3))
def test_what_is_left_is_what_a_scan_leaves(made: tuple[Session, list[Article]], word: str, chain: list[str]) -> None:
    session, articles = made
    found, counts = scanned(articles, word), []
    for step in chain:
        found = narrowed(found, step)
        counts.append(len(found))
    assert places(session, word, chain, Arranged()) == of(found)
    page = session.concordances.page(Search(text=word), [read_step(step) for step in chain], Arranged(), limit=7)
    assert [told.places for told in page.steps] == counts
    assert (page.places, page.articles) == (len(found), len({one.article for one in found}))
    assert page.found == len(scanned(articles, word))


@given(words, st.lists(st.tuples(st.booleans(), contexts), max_size=3, unique_by=lambda one: one[1]))
def test_the_order_is_that_of_a_plain_sort(
    made: tuple[Session, list[Article]], word: str, keys: list[tuple[bool, tuple[str, int]]]
) -> None:
    session, articles = made
    found = scanned(articles, word)
    for downwards, (side, reach) in reversed(keys):
        found.sort(key=lambda one, side=side, reach=reach: getattr(one, side)[:reach], reverse=downwards)  # type: ignore[misc]
    how = Arranged(tuple(f"{'-' if down else ''}{side}{reach}" for down, (side, reach) in keys), "codepoint")
    assert places(session, word, [], how) == of(found)
    pages = [
        (row.article, row.block, row.start, row.end)
        for offset in range(0, len(found), 9)
        for row in session.concordances.page(Search(text=word), [], how, limit=9, offset=offset).rows
    ]
    assert pages == of(found)


@given(words, contexts, st.sampled_from(["", "volume", "collection", "form"]))
def test_groups_are_those_of_a_plain_count(
    made: tuple[Session, list[Article]], word: str, context: tuple[str, int], second: str
) -> None:
    session, articles = made
    side, reach = context

    def values(one: Found) -> tuple[str, ...]:
        beside = getattr(one, side)[:reach] or NONE
        first = beside if side == "right" or beside == NONE else beside[::-1]
        other = {"volume": one.volume, "collection": one.collection, "form": one.written}.get(second)
        return (first,) if other is None else (first, other)

    found = scanned(articles, word)
    counted, inside = Counter(map(values, found)), {(values(one), one.article) for one in found}
    columns = [f"{side}{reach}", *([second] if second else [])]
    groups = session.concordances.groups(Search(text=word), [], columns)
    assert {group.values: group.places for group in groups} == counted
    assert {group.values: group.articles for group in groups} == Counter(value for value, _ in inside)


@given(words, st.integers(1, 60), st.integers(1, 99))
def test_a_sample_is_part_of_it_even_and_the_same_again(
    made: tuple[Session, list[Article]], word: str, size: int, seed: int
) -> None:
    session, articles = made
    found, step = of(scanned(articles, word)), [f"sample:{size}:{seed}:volume"]
    drawn = places(session, word, step, Arranged())
    assert len(drawn) == min(size, len(found)) and [one for one in found if one in set(drawn)] == drawn
    assert places(session, word, step, Arranged()) == drawn
    volumes = {article.id: article.volume for article in articles}
    of_all, of_drawn = (Counter(volumes[one[0]] for one in some) for some in (found, drawn))
    short = [volume for volume in of_all if of_drawn[volume] < of_all[volume]]
    assert (
        max((of_drawn[volume] for volume in short), default=0) - min((of_drawn[volume] for volume in short), default=0)
        <= 1
    )  # whoever gives less than all it has gives as much as the others
    assert all(of_drawn[full] <= of_drawn[volume] + 1 for volume in short for full in of_all)


def test_a_page_is_the_same_after_a_restart(made: tuple[Session, list[Article]]) -> None:
    session, _ = made
    search, steps, how = (
        Search(text="水车"),
        [read_step("sample:30:7:volume")],
        Arranged(("right3", "-left2"), "pinyin"),
    )
    page = session.concordances.page(search, steps, how, limit=9, offset=9)
    with Library.open(session.root) as again:
        assert again.session(LOCAL).concordances.page(search, steps, how, limit=9, offset=9) == page
    assert len(page.rows) == 9 and page.rows[0].number == 10


def test_labels_stay_on_their_hits_under_corrections_by_chance(tmp_path: Path) -> None:
    """All characters are different but those of the word, so every hit is known by its neighbours."""
    chance, signs = random.Random(5), iter(range(0x4E00, 0x9000))

    def fresh(number: int) -> str:
        return "".join(sign for sign in (chr(next(signs)) for _ in range(number)) if sign not in "水车車")

    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "文集"))
        (file := tmp_path / "a.txt").write_text("稿", encoding="utf-8")
        texts = ["".join(f"{fresh(30)}水车" for _ in range(6)) + fresh(30) for _ in range(8)]
        blocks = (Block.plain(Kind.TITLE, "题"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
        session.add(file, file.name, [Article(collection="c", number=1, blocks=blocks)], ())

        def rows() -> dict[str, str]:
            """The label of each hit, by the character before it."""
            found = session.concordances.rows(Search(text="水车"), [], Arranged(("-right3",)))
            return {row.text[row.start - 1 : row.start]: row.label for row in found}

        found = list(session.concordances.rows(Search(text="水车"), [], Arranged()))
        given_labels = {}
        for row in chance.sample(found, 30):
            label = chance.choice(["保留", "剔除", "待查"])
            session.concordances.label("1", (row.block, row.start, row.end), label)
            given_labels[row.text[row.start - 1]] = label
        for _ in range(25):
            at = chance.randrange(1, len(session.article("1").blocks))
            text = session.article("1").blocks[at].text
            cut = chance.randrange(len(text) + 1)
            changed = text[:cut] + fresh(chance.randrange(4)) + text[cut + chance.randrange(4) :]
            session.correct("1", [Rewrite(at, text, (changed,))], "改")
        session.reindex()
        after = {sign: label for sign, label in rows().items() if label}
        assert all(given_labels[sign] == label for sign, label in after.items())  # never on another hit
        lost = session.concordances.page(Search(text="水车"), [], Arranged()).lost
        assert len(after) + lost == len(given_labels) and after and lost
        kept = len(list(session.concordances.rows(Search(text="水车"), [read_step("-is:label:剔除")], Arranged())))
        assert kept == len(rows()) - sum(label == "剔除" for label in after.values())
