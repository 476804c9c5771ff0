"""How well questions, titles and headings find the text that answers them: ours and the usual ways, in one run.

    python tests/bench/retrieval.py                # all sets; or some of R1 R3 G T H
    python tests/bench/retrieval.py --ways wenshi  # only ways whose names begin so

R1: questions → paragraphs. R3: titles of news → their texts without the title. G: questions of our own in simplified
characters → chapters of a gazetteer in traditional ones. T: the questions of R1 → its paragraphs in traditional
characters as Taiwan writes them, by OpenCC (`pip install opencc`). H: headings of laws that occur once → the chapter
without its heading. P@1 is the share of questions answered by the first hit, R@10 by one of the first ten. Ours is
scored on the hits, or where nothing stands literally on those of the nearest reading, as a person sees them; no order
of those does better than is said first, since what stands somewhere is answered by that alone. By ranked words: what
the loosest reading finds, whatever stands literally. Peers: BM25 (k1 1.2, b .75) over character pairs, jieba's words
and triples, and Whoosh with ChineseAnalyzer, its words joined by OR.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import os
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from archive.model.access import Actor
from archive.model.records import Article, Block, Kind
from archive.model.search import Search
from archive.search.content_words import stretches, words
from archive.search.index.embedded import EmbeddedEngine
from archive.search.parser import parse
from archive.search.query import Node, Query, Words
from archive.search.readings import instead
from archive.text.folding import fold
from archive.text.segmentation import make_segmenter

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
OWN = Path(__file__).with_name("gazetteer_questions.tsv")
CHAPTERS = 6000  # of the laws, so that the set is built in a minute
Ask = Callable[[str], Sequence[str]]


class Trial(NamedTuple):
    """`texts` by id, and questions with the ids that answer them."""

    texts: dict[str, str]
    questions: list[tuple[str, frozenset[str]]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("sets", nargs="*", default=list(TRIALS))
    options.add_argument("--ways", nargs="+", default=[""])
    given = options.parse_args()
    print("| set | texts | questions | way | P@1 | R@10 | median ms | p99 ms |\n|---|---|---|---|---|---|---|---|")
    for name in given.sets:
        trial = TRIALS[name]()
        print(f"{name}: {reachable(trial)}", flush=True)
        for way, make in WAYS.items():
            if way.startswith(tuple(given.ways)):
                with tempfile.TemporaryDirectory() as folder:
                    report(name, trial, way, make(trial.texts, Path(folder)))


def report(name: str, trial: Trial, way: str, ask: Ask) -> None:
    first = ten = 0
    times = []
    for question, answers in trial.questions:
        started = time.perf_counter()
        found = list(ask(question)[:10])
        times.append((time.perf_counter() - started) * 1000)
        first += bool(answers & set(found[:1]))
        ten += bool(answers & set(found))
    count = len(trial.questions)
    late = statistics.quantiles(times, n=100)[98] if count > 1 else times[0]
    print(
        f"| {name} | {len(trial.texts)} | {count} | {way} | {first / count:.3f} | {ten / count:.3f} |"
        f" {statistics.median(times):.1f} | {late:.1f} |",
        flush=True,
    )


# -- what is asked
def questions_to_paragraphs() -> Trial:
    return Trial(texts_of("cmrc_paragraphs"), judged("R1_cmrc_questions"))


def titles_to_news() -> Trial:
    return Trial(texts_of("news_dated"), judged("R3_news_title_body"))


def questions_to_gazetteer() -> Trial:
    texts = {}
    for line in (DATA / "sample" / "gazetteer_ningxia_trad.jsonl").open(encoding="utf-8"):
        record = json.loads(line)
        for number, paragraph in enumerate(paragraphs(record["text"])):
            texts[f"{record['id']}-{number}"] = paragraph
    questions = []
    for line in OWN.read_text(encoding="utf-8").splitlines():
        question, answer = line.split("\t")
        questions.append((question, frozenset(id for id, text in texts.items() if answer in text)))
    return Trial(texts, questions)


def questions_to_traditional() -> Trial:
    from opencc import OpenCC

    convert = OpenCC("s2tw").convert
    trial = questions_to_paragraphs()
    return Trial({id: convert(text) for id, text in trial.texts.items()}, trial.questions)


def paragraphs(text: str) -> Iterator[str]:
    """Pieces of about 400 characters, at the ends of lines."""
    piece = ""
    for line in text.splitlines():
        piece += line.strip()
        if len(piece) >= 400:
            yield piece
            piece = ""
    if piece:
        yield piece


def headings_to_chapters() -> Trial:
    texts: dict[str, str] = {}
    headings: dict[str, str] = {}
    for record in records("laws"):
        parts = re.split(r"(?m)^(第[一二三四五六七八九十]+章)[ 　]*(\S+)$", record["text"])
        for number, heading, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            if len(texts) < CHAPTERS and len(body) > 100:
                id = f"{record['id']}-{number}"
                texts[id], headings[id] = body, heading
    once = {heading for heading, count in Counter(headings.values()).items() if count == 1}
    chosen = [(heading, frozenset({id})) for id, heading in headings.items() if heading in once and len(heading) > 3]
    return Trial(texts, chosen[:300])


TRIALS: dict[str, Callable[[], Trial]] = {
    "R1": questions_to_paragraphs,
    "R3": titles_to_news,
    "G": questions_to_gazetteer,
    "T": questions_to_traditional,
    "H": headings_to_chapters,
}


def records(name: str) -> Iterator[dict[str, str]]:
    with lzma.open(DATA / "bench" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def texts_of(name: str) -> dict[str, str]:
    return {record["id"]: record["text"] for record in records(name)}


def judged(name: str) -> list[tuple[str, frozenset[str]]]:
    folder = DATA / "retrieval"
    answers: dict[str, set[str]] = defaultdict(set)
    for line in (folder / f"{name}.qrels").read_text(encoding="utf-8").splitlines():
        question, _, answer, _ = line.split()
        answers[question].add(answer)
    rows = (line.split("\t") for line in (folder / f"{name}.queries.tsv").read_text(encoding="utf-8").splitlines())
    return [(text, frozenset(answers[question])) for question, text in rows]


# -- who answers
def ours(texts: dict[str, str], folder: Path) -> Ask:
    engine = engine_of(texts, folder)

    def ask(question: str) -> Sequence[str]:
        tree = parse(question)
        readings = [tree, *(looser for _, looser in instead(tree, _SEGMENTER.words))]
        return next(filter(None, (first_ten(engine, reading) for reading in readings)), [])

    return ask


def by_words(texts: dict[str, str], folder: Path) -> Ask:
    engine = engine_of(texts, folder)

    def ask(question: str) -> Sequence[str]:
        carrying = stretches([question], _SEGMENTER.words)
        return first_ten(engine, Words(words(carrying, _SEGMENTER.words), 1, carrying))

    return ask


def engine_of(texts: dict[str, str], folder: Path) -> EmbeddedEngine:
    engine = EmbeddedEngine(folder / "index", _SEGMENTER)
    engine.rebuild((article(id, number, text), ()) for number, (id, text) in enumerate(texts.items(), 1))
    return engine


def first_ten(engine: EmbeddedEngine, tree: Node) -> list[str]:
    found = engine.search(Query(tree=tree, search=Search()), Actor.local().rights.in_use, limit=10).found
    return [one.article for one in found]


def reachable(trial: Trial) -> str:
    """How many answers some order of what is shown could reach."""
    folded = {id: fold(text).text for id, text in trial.texts.items()}
    literal = [
        (answers, {id for id, text in folded.items() if fold(question).text in text})
        for question, answers in trial.questions
    ]
    standing = [bool(answers & found) for answers, found in literal if found]
    most = (len(literal) - len(standing) + sum(standing)) / len(literal)
    return f"{len(standing)} of {len(literal)} stand somewhere, {sum(standing)} in the answer: at most {most:.3f}"


def article(id: str, number: int, text: str) -> Article:
    blocks = (Block.plain(Kind.PARAGRAPH, line) for line in text.splitlines() if line.strip())
    return Article(id=id, collection="c", number=number, blocks=(Block.plain(Kind.TITLE, "题"), *blocks))


def bm25(cut: Callable[[str], Sequence[str]]) -> Callable[[dict[str, str], Path], Ask]:
    def make(texts: dict[str, str], folder: Path) -> Ask:
        postings: dict[str, list[tuple[str, int]]] = defaultdict(list)
        lengths = {}
        for id, text in texts.items():
            counted = Counter(cut(fold(text).text))
            lengths[id] = counted.total()
            for term, count in counted.items():
                postings[term].append((id, count))
        usual = sum(lengths.values()) / len(lengths)

        def ask(question: str) -> Sequence[str]:
            scores: dict[str, float] = defaultdict(float)
            for term in set(cut(fold(question).text)):
                held = postings.get(term, ())
                rarity = math.log(1 + (len(texts) - len(held) + 0.5) / (len(held) + 0.5))
                for id, count in held:
                    scores[id] += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[id] / usual))
            return sorted(scores, key=lambda id: -scores[id])[:10]

        return ask

    return make


def windows(width: int) -> Callable[[str], Sequence[str]]:
    def cut(text: str) -> Sequence[str]:
        runs = re.findall(r"\w+", text)
        return [run[at : at + width] for run in runs for at in range(max(1, len(run) - width + 1))]

    return cut


def with_chinese_analyzer(texts: dict[str, str], folder: Path) -> Ask:
    from jieba.analyse import ChineseAnalyzer  # type: ignore[import-untyped]
    from whoosh import fields, index, qparser

    schema = fields.Schema(id=fields.ID(stored=True), body=fields.TEXT(analyzer=ChineseAnalyzer()))
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=256)
    for id, text in texts.items():
        writer.add_document(id=id, body=fold(text).text)
    writer.commit()
    searcher: Any = made.searcher()
    parser = qparser.QueryParser("body", schema, group=qparser.OrGroup, plugins=[])
    return lambda question: [hit["id"] for hit in searcher.search(parser.parse(fold(question).text), limit=10)]


WAYS: dict[str, Callable[[dict[str, str], Path], Ask]] = {
    "wenshi": ours,
    "wenshi, by ranked words": by_words,
    "pairs, BM25": bm25(windows(2)),
    "jieba, BM25": bm25(lambda text: make_words(text)),
    "triples, BM25": bm25(windows(3)),
    "Whoosh, ChineseAnalyzer": with_chinese_analyzer,
}
_SEGMENTER = make_segmenter()


def make_words(text: str) -> Sequence[str]:
    return _SEGMENTER.index_words(text)


if __name__ == "__main__":
    main()
