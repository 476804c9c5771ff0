"""Our scores of words are those of Whoosh itself, over several segments and replaced articles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh import query, scoring
from whoosh.searching import Searcher

from archive.model.records import Article, Block, Kind
from archive.search.index import word_scores
from archive.search.index.literal import SEPARATOR, matching_text
from archive.search.index.ranking_index import RankingIndex
from archive.search.index.word_codec import postings_of
from archive.text.segmentation import make_segmenter

WORDS = ("水利", "治沙", "枸杞", "铁路", "光绪", "修渠")


def article(id: int, draw: random.Random) -> Article:
    blocks = [Block.plain(Kind.TITLE, "，".join(draw.choices(WORDS, k=2)))]
    lines = ("，".join(draw.choices(WORDS, k=draw.randint(1, 9))) for _ in range(id % 5))  # some have no text at all
    blocks += [Block.plain(Kind.PARAGRAPH, line) for line in lines]
    return Article(id=str(id), collection="c", blocks=tuple(blocks))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[RankingIndex]:
    """Three segments, in the later ones some articles of the first anew."""
    draw = random.Random(7)
    made = RankingIndex(tmp_path / "words", make_segmenter(), create=True)
    for batch in (range(40), range(30, 50), range(10, 15)):
        made.begin()
        for key in batch:
            made.put(key, matching_text(article(key, draw)), new=batch[0] == 0 or key >= 40)
        made.commit(merge=False)
    made.refresh()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("sparse", "few"), [(0, 0), (1000, 0), (0, 1000)], ids=["looked up", "walked through", "only those wanted"]
)
@pytest.mark.parametrize("words", [["水利"], ["治沙", "枸杞"], list(WORDS), ["没有"]], ids=len)
def test_scores_are_those_of_whoosh(
    index: RankingIndex, words: list[str], sparse: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_scores, "_SPARSE", sparse)
    monkeypatch.setattr(word_scores, "_FEW", few)
    terms = [query.Term("title", word, 3.0) for word in words] + [query.Term("body", word) for word in words]
    found = Searcher(index._reader, weighting=scoring.BM25F()).search(query.Or(terms), limit=None)
    theirs = {index._scores.keys[number]: score for score, number in found.top_n}
    for wanted in (set(range(50)), {3, 12, 33, 45, 99}):
        ours = dict(index.best(words, wanted, 50, {key: key for key in range(100)}))
        assert ours == pytest.approx({key: score for key, score in theirs.items() if key in wanted})


def test_what_was_kept_longest_is_forgotten_first(index: RankingIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_scores, "_FEW", 0)
    rank = {key: key for key in range(100)}
    before = [index.best([word], set(range(50)), 50, rank) for word in WORDS]
    monkeypatch.setattr(word_scores, "_KEPT", 60)
    assert [index.best([word], set(range(50)), 50, rank) for word in WORDS] == before
    assert index._scores._size == sum(len(kept.keys) for kept in index._scores._kept.values())


def test_an_empty_index_has_no_words(tmp_path: Path) -> None:
    made = RankingIndex(tmp_path / "words", make_segmenter(), create=True)
    assert made.frequent_words() == [] == made.best(["水利"], {1}, 5, {1: 0})
    made.close()


def test_segments_are_merged_without_what_was_replaced(tmp_path: Path) -> None:
    made = RankingIndex(tmp_path / "words", make_segmenter(), create=True)
    for batch in (range(9), range(3), range(1)):
        made.begin()
        for key in batch:
            made.put(key, f"题{SEPARATOR}{WORDS[len(batch) % 6]}", new=len(batch) == 9)
        made.commit()
        made.refresh()
    everything, rank = set(range(9)), {key: key for key in range(9)}
    found = {word: [key for key, _ in made.best([word], everything, 9, rank)] for word in (WORDS[3], WORDS[1])}
    assert found == {WORDS[3]: list(range(1, 9)), WORDS[1]: [0]}
    assert made.count() == 9
    made.close()


def test_counts_of_more_than_a_byte_are_kept(tmp_path: Path) -> None:
    made = RankingIndex(tmp_path / "words", make_segmenter(), create=True)
    made.begin()
    for key, times in enumerate((300, 1, 70_000)):
        made.put(key, f"题{SEPARATOR}" + "水利，" * times, new=True)
    made.commit()
    made.refresh()
    ((reader, _),) = made._reader.leaf_readers()
    assert list(postings_of(reader, "body", "水利".encode()).counts) == [300, 1, 70_000]
    made.close()
