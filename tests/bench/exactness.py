"""Whether what is found is exactly what was asked: given answers, and random questions of all kinds beside an oracle.

    python tests/bench/exactness.py                  # the 300 queries of retrieval/R4, then 1,000 random questions
    python tests/bench/exactness.py --random 5000 --seed 7

Takes in the JSON Lines of sample/ as records and asks each query in quotes. The answers count articles, not titles, so
hits whose only places are in the title are left out. Recall and precision are over all (query, article) pairs; both
must be exactly 1. Random questions (quoted texts, blanks at their ends, variants, AND, OR, NOT, NEAR by number,
sentence, paragraph and section, wildcards, EXCEPT; half of them as written, where wildcards are text) are cut from the
same texts and answered by `naive_oracle.py` as well: articles and places must be the same.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from naive_oracle import Except, Joined, Literal, Near, Question, count

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article
from archive.model.search import Search
from archive.search.index.facts import Facts
from archive.text.folding import fold_character, unfolded
from ingest.pipeline.importer import ingest
from ingest.splitting.split import Mode

LOCAL = Actor.local()
SPECIAL = frozenset('?*"＂“”「」()（）:：-－')

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
ANSWERS = DATA / "retrieval" / "R4_exact_substring_sample.qrels"
QUERIES = DATA / "retrieval" / "R4_exact_substring_sample.queries.tsv"
SAMPLES = (
    "vol1_prose_78",
    "vol2_regulations_78",
    "gazetteer_ningxia_trad",
    "chronicle_xixia",
    "diary_luxun_1912_1916",
    "orglist_gansu_officials",
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--random", type=int, default=1000)
    options.add_argument("--seed", type=int, default=20)
    given = options.parse_args()
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        query, _, article, relevance = line.split()
        if relevance != "0":
            expected[query].add(article)
    right = found = wanted = 0
    times = []
    with tempfile.TemporaryDirectory() as folder, Library.create(Path(folder) / "library") as library:
        for name in SAMPLES:
            ingest(library.session(LOCAL), [DATA / "sample" / f"{name}.jsonl"], collection_id=name, as_=Mode.RECORDS)
        for line in QUERIES.read_text(encoding="utf-8").splitlines():
            number, text = line.split("\t", 1)
            started = time.perf_counter()
            got = ask(library, text)
            times.append((time.perf_counter() - started) * 1000)
            right, found, wanted = right + len(got & expected[number]), found + len(got), wanted + len(expected[number])
            if got != expected[number]:
                print(f"{number} {text!r}: missing {expected[number] - got}, too many {got - expected[number]}")
        differing = compare(library, random.Random(given.seed), given.random)
    print(f"queries {len(times)}, answers {wanted}: recall {right / wanted:.6f}, precision {right / found:.6f}")
    print(f"with all places of all hits: median {statistics.median(times):.2f} ms, worst {max(times):.1f} ms")
    return 0 if right == found == wanted and not differing else 1


def ask(library: Library, text: str) -> set[str]:
    """The ids of the articles where the text stands in a block other than the title."""
    quoted = '"' + text.replace('"', '""') + '"'
    hits = library.session(LOCAL).search(Search(text=quoted, as_written=True), limit=1_000_000).hits
    return {hit.article for hit in hits if any(passage.block for passage in hit.passages)}


# -- random questions
def compare(library: Library, draw: random.Random, questions: int) -> int:
    """Ask so many random questions; how many were answered otherwise than by the oracle."""
    session = library.session(LOCAL)
    # Covers and pages of contents are told apart from hits (`Results.pages`).
    articles = [article for article in session.articles() if not Facts.of(article).page]
    texts = [text for article in articles for _, text in article.units() if len(text) > 3]
    asked: Counter[str] = Counter()
    differing = answers = 0
    for number in range(questions):
        kind, question = made(draw, texts)
        written = bool(number % 2) and kind != "wildcard"
        expected = judged(question, articles, written)
        answers += len(expected)
        asked[kind] += 1
        got = session.search(Search(text=question.typed(), as_written=written), limit=1_000_000, all_places=True)
        found = {hit.article: hit.occurrences for hit in got.hits}
        if found != expected or (got.total, got.places) != (len(expected), sum(expected.values())):
            differing += 1
            odd = {id for id in found.keys() | expected.keys() if found.get(id) != expected.get(id)}
            print(f"{kind} {question.typed()!r}{' as written' if written else ''}: differs in {sorted(odd)[:5]}")
    print(f"random questions {questions} ({dict(asked)}), answers {answers}: differing {differing}")
    return differing


def judged(question: Question, articles: Sequence[Article], written: bool) -> dict[str, int]:
    counted = ((article.id, count(question, article, written)) for article in articles)
    return {id: places for id, places in counted if places is not None}


def made(draw: random.Random, texts: Sequence[str]) -> tuple[str, Question]:
    """A question of some kind with words from one place of the texts, so that it mostly finds something."""
    text = draw.choice(texts)

    def word(least: int = 1, most: int = 4) -> str:
        at = draw.randrange(len(text))
        found = text[max(0, at - 20) : at + 20]
        start = draw.randrange(len(found))
        return found[start : start + draw.randint(least, most)].strip() or "之"

    def part() -> str:
        return (
            "".join(char for char in word(1, 2) if char not in '?*"“”「」()（）:：-－' and not char.isspace()) or "之"
        )

    def leaf() -> Literal:
        return Literal((word(1, 3),))

    def gap() -> str:
        return draw.choice(("?", "*", "??", "?*"))

    kind = draw.choice(("literal", "blanks", "variants", "wildcard", "near", "within", "except", "joined"))
    match kind:
        case "blanks":
            return kind, Literal((draw.choice(("", " ", "　")) + word() + draw.choice((" ", "　", "")),))
        case "variants":
            return kind, Literal(("".join(draw.choice(unfolded(fold_character(char) or char)) for char in word()),))
        case "wildcard":
            several = draw.randint(2, 3)
            return kind, Literal(tuple(part() for _ in range(several)), tuple(gap() for _ in range(several - 1)))
        case "near":
            return kind, Near(leaf(), leaf(), draw.choice((0, 1, 5, 10, 50)))
        case "within":
            return kind, Near(leaf(), leaf(), draw.choice(("句", "段", "节")))
        case "except":
            whole = word(2, 5)
            start = draw.randrange(len(whole))
            return kind, Except(Literal((whole[start : start + draw.randint(1, 2)],)), Literal((whole,)))
        case "joined":
            one = draw.choice((leaf(), Near(leaf(), leaf(), 5), Except(leaf(), Literal((word(2, 5),)))))
            return kind, Joined(draw.choice(("AND", "OR", "NOT")), (one, leaf()))
    return kind, Literal((word(1, 6),))


if __name__ == "__main__":
    sys.exit(main())
