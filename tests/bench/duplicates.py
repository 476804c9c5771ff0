"""How long comparing takes, and how many altered copies it recognises.

    python tests/bench/duplicates.py RECORDS… [--sample N]

RECORDS are JSON Lines with `title` and `text`, also .xz. Measures: samples of all texts into a new file; comparing each
text with all others; taking in the last 78 as an import would. Then N texts of 500 characters or more are altered in
the ways texts really are, and looked for.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from archive.model.records import Article, Block, Collection, Kind
from archive.text.folding import fold
from ingest.duplicates.likeness import Duplicates
from ingest.duplicates.shingles import VERSION
from ingest.duplicates.signatures import FILE, Signatures

_LOOKALIKES = {"己": "已", "未": "末", "人": "入", "大": "太", "日": "曰", "土": "士", "天": "夭", "间": "问"}
_FREQUENT = "的一是在不了有和人这中大为上个国"


class Shelf:
    """Articles in memory, as a library."""

    root = Path()

    def __init__(self, articles: list[Article]) -> None:
        self.held = {article.id: article for article in articles}

    def digests(self) -> Mapping[str, str]:
        return dict.fromkeys(self.held, "1")

    def article(self, article_id: str, version: int | None = None) -> Article:
        return self.held[article_id]

    def collections(self) -> Sequence[Collection]:
        return ()


def article(identity: str, title: str, text: str) -> Article:
    blocks = [Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, line) for line in text.split("\n"))]
    return Article(collection="c", blocks=tuple(blocks), id=identity, digest="1")


def load(file: Path) -> list[Article]:
    opened = lzma.open if file.suffix == ".xz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [article(f"{file.name}-{n}", r.get("title") or "", r["text"]) for n, r in enumerate(records)]


def misread(text: str, rate: float, chance: random.Random) -> str:
    """As bad character recognition would have it: wrong, missing and doubled characters."""
    out = []
    for character in text:
        draw = chance.random()
        if draw < rate * 0.6:
            out.append(_LOOKALIKES.get(character) or chance.choice(_FREQUENT))
        elif draw < rate * 0.8:
            continue
        else:
            out.append(character * 2 if draw < rate else character)
    return "".join(out)


def alterations(chance: random.Random) -> dict[str, Callable[[str], str]]:
    back: dict[str, str] = {}
    for code in range(0x4E00, 0x9FFF):
        folded = fold(chr(code)).text
        if folded != chr(code):
            back.setdefault(folded, chr(code))
    return {
        "3% misread": lambda text: misread(text, 0.03, chance),
        "8% misread": lambda text: misread(text, 0.08, chance),
        "traditional": lambda text: "".join(back.get(character, character) for character in text),
        "first 60%": lambda text: text[: len(text) * 6 // 10],
        "a fifth of it": lambda text: text[len(text) // 3 :][: len(text) // 5],
        "punctuation": lambda text: text.replace("，", ", ").replace("。", ".\n").replace("：", ":"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=200)
    given = parser.parse_args()
    articles = [one for file in given.records for one in load(file)]
    shelf = Shelf(articles[:-78])
    characters = sum(one.characters for one in articles)
    print(f"{len(articles)} texts, {characters} characters")
    with tempfile.TemporaryDirectory() as folder, closing(Signatures(Path(folder), VERSION)) as signatures:
        duplicates = Duplicates(shelf, signatures)
        started, cpu = time.perf_counter(), time.process_time()
        duplicates.catch_up()
        size = (Path(folder) / FILE).stat().st_size
        print(f"samples of all but 78: {_since(started, cpu)}, {size / 1e6:.1f} MB")
        started, cpu = time.perf_counter(), time.process_time()
        duplicates.issues([replace(one, id="") for one in articles[-78:]])
        shelf.held |= {one.id: one for one in articles[-78:]}
        duplicates.took_in(articles[-78:])
        print(f"an import of these 78, {sum(a.characters for a in articles[-78:])} characters: {_since(started, cpu)}")
        started, cpu = time.perf_counter(), time.process_time()
        found = list(duplicates.pairs(articles))
        print(f"all with all: {_since(started, cpu)}, {len(found)} pairs of .5 and more")
        recognise(duplicates, articles, given.sample)


def _since(started: float, cpu: float) -> str:
    return f"{time.perf_counter() - started:.2f} s ({time.process_time() - cpu:.2f} s of CPU)"


def recognise(duplicates: Duplicates, articles: list[Article], number: int) -> None:
    chance = random.Random(5)
    long = [one for one in articles if one.characters >= 500]
    for name, alter in alterations(chance).items():
        chosen = chance.sample(long, min(number, len(long)))
        met, seconds = 0, []
        for one in chosen:
            draft = article("", one.title, alter("\n".join(block.text for block in one.blocks[1:])))
            started = time.perf_counter()
            met += one.id in {found.other.id for found in duplicates.like(draft)}
            seconds.append(time.perf_counter() - started)
        print(f"{name}: {met} of {len(chosen)}, median {statistics.median(seconds) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
