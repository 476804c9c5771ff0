"""The work that `whoosh_versions.py` measures: build one index, ask it, print one JSON line.

python tests/bench/whoosh_task.py TEXTS LIMIT     # TEXTS: JSON Lines (.jsonl or .jsonl.xz) with text, title, date
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rjieba
from whoosh import fields, index, query
from whoosh.analysis import Token, Tokenizer

QUESTIONS = 300


class Words(Tokenizer):  # type: ignore[misc]  # Whoosh is not read for types
    """Our own tokenizer: one reused token for every word but spaces. At module level: it is pickled with the schema."""

    def __call__(self, value: str, **_: Any) -> Iterator[Token]:
        token = Token(positions=False, chars=False, removestops=False, mode="")
        token.stopped, token.boost = False, 1.0
        for word in rjieba.cut_for_search(value):
            if not word.isspace():
                token.text = word
                yield token


SCHEMA = fields.Schema(
    key=fields.ID(stored=True, unique=True),
    title=fields.STORED,
    body=fields.TEXT(analyzer=Words(), phrase=False),  # Frequency postings
    date=fields.KEYWORD(commas=True),
)


def records(file: Path, limit: int) -> list[dict[str, Any]]:
    """The first `limit` records of a JSON Lines file, .xz or not."""
    with lzma.open(file, "rt", encoding="utf-8") if file.suffix == ".xz" else file.open(encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(limit), lines, strict=False)]


def questions(sample: list[dict[str, Any]]) -> list[list[str]]:
    """Two neighbouring words of two or more characters each, drawn from the texts with a fixed seed."""
    draw = random.Random(7)
    pairs: list[list[str]] = []
    while len(pairs) < QUESTIONS:
        words = [word for word in rjieba.cut(draw.choice(sample)["text"]) if len(word) > 1 and word.isalnum()]
        if len(words) > 1:
            place = draw.randrange(len(words) - 1)
            pairs.append(words[place : place + 2])
    return pairs


def build(folder: str, sample: list[dict[str, Any]]) -> dict[str, Any]:
    """Index the sample in one session."""
    begun, cpu = time.perf_counter(), time.process_time()
    writer = index.create_in(folder, SCHEMA).writer(limitmb=256)
    for number, record in enumerate(sample):
        day = str(record.get("date") or "")
        cells = ",".join(cell for cell in (day[:3], day[:4], day[:7]) if cell)
        writer.add_document(key=str(number), title=record.get("title", ""), body=record["text"], date=cells)
    writer.commit()
    size = sum(part.stat().st_size for part in Path(folder).rglob("*") if part.is_file())
    seconds, cpu_seconds = round(time.perf_counter() - begun, 1), round(time.process_time() - cpu, 1)
    return {"documents": len(sample), "build s": seconds, "build cpu s": cpu_seconds, "index MB": round(size / 1e6, 1)}


def ask(folder: str, pairs: list[list[str]]) -> dict[str, Any]:
    """Put every question, timed; the digest of totals, keys and scores tells whether two releases answer alike."""
    seen, spent = hashlib.sha256(), []
    with index.open_dir(folder).searcher() as searcher:
        for words in pairs:
            begun = time.perf_counter()
            hits = searcher.search(query.And([query.Term("body", word) for word in words]), limit=20)
            found = [len(hits), [(hit["key"], round(hit.score, 6)) for hit in hits]]
            spent.append(1000 * (time.perf_counter() - begun))
            seen.update(json.dumps([words, found]).encode())
    spent.sort()
    median, p99 = round(statistics.median(spent), 2), round(spent[int(len(spent) * 0.99)], 2)
    return {"query median ms": median, "query p99 ms": p99, "digest of results": seen.hexdigest()[:16]}


def copies(folder: str) -> int:
    """How many documents are left of one key that was updated twice in one session; should be 1."""
    with index.open_dir(folder).writer() as writer:
        for text in ("第一次", "第二次"):
            writer.update_document(key="0", title="again", body=text, date="")
    with index.open_dir(folder).searcher() as searcher:
        return len(list(searcher.documents(key="0")))


def main() -> None:
    """Build, ask, update; print the figures."""
    sample = records(Path(sys.argv[1]), int(sys.argv[2]))
    with tempfile.TemporaryDirectory() as folder:
        figures = build(folder, sample) | ask(folder, questions(sample))
        figures["copies of a key updated twice"] = copies(folder)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
