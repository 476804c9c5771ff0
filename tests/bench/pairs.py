"""Pairs of characters as tokens beside single ones: `python tests/bench/pairs.py --millions 10`.

One field of folded paragraphs, filed by tantivy with positions, once a token for each character and once one for each
two that follow each other; then strings cut out of the texts are asked as phrases. Both must find the same number.
Times are of processors.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy
from engines import Texts, questions

from archive.search.query import Phrase
from archive.text.folding import fold, fold_query

_STRINGS = 600


def _characters(text: str) -> list[str]:
    return list(text.replace(" ", "\0"))


def _pairs(text: str) -> list[str]:
    text = text.replace(" ", "\0")
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _filed(found: Texts, folder: Path, tokens: Callable[[str], list[str]]) -> tuple[Any, float]:
    """An index, and the seconds it took."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("b", stored=False, tokenizer_name="whitespace", index_option="position")
    folder.mkdir()
    index = tantivy.Index(builder.build(), path=str(folder))
    began = time.process_time()
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for article in found:
        for _, text in article.units():
            writer.add_document(tantivy.Document(b=" ".join(tokens(fold(text).text))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index, time.process_time() - began


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, default=1)
    given = parser.parse_args()
    shared = Path(os.environ.get("WENSHI_SHARED_DATA", "../shared/data"))
    with tempfile.TemporaryDirectory(prefix="wenshi-pairs-") as place:
        found = Texts(Path(place) / "texts.jsonl", shared, int(given.millions * 1e6))
        literal = (fold_query(node.text) for _, node in questions(found, 5) if isinstance(node, Phrase))
        asked = list(islice((one for one in literal if len(one) > 1), _STRINGS))
        totals: list[list[int]] = []
        for name, tokens in (("characters", _characters), ("pairs", _pairs)):
            folder = Path(place) / name
            index, built = _filed(found, folder, tokens)
            size = sum(file.stat().st_size for file in folder.iterdir())
            searcher, times, counts = index.searcher(), dict[int, list[float]](), list[int]()
            for text in asked:
                words: list[Any] = tokens(text)
                began = time.process_time()
                one = tantivy.Query.phrase_query(index.schema, "b", words) if len(words) > 1 else None
                query = one or tantivy.Query.term_query(index.schema, "b", words[0])
                counts.append(searcher.search(query, 1, count=True).count or 0)
                times.setdefault(len(text), []).append((time.process_time() - began) * 1000)
            totals.append(counts)
            print(f"{name}: built in {built:.1f} s, {size / found.characters:.2f} bytes a character")
            for length, spent in sorted(times.items()):
                worst = sorted(spent)[len(spent) * 99 // 100]
                print(f"  {length} characters: {statistics.median(spent):.2f} ms, p99 {worst:.2f}")
        print(f"{sum(one != two for one, two in zip(*totals, strict=True))} of {len(asked)} numbers differ")


if __name__ == "__main__":
    main()
