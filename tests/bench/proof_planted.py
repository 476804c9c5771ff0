"""How many planted errors a proof report finds: `python tests/bench/proof_planted.py RECORDS.jsonl…`

One error of a kind is planted in every text, or in every twelfth where a fault of most texts would be told once for the
whole book: half of a pair taken away, a blank between two characters, a traditional character, a half-width mark, six
characters typed twice. The seed is fixed, so runs can be compared. Told counts when a finding of the check lies in the
paragraph (for pairs, within three paragraphs: a quotation may run on).
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from proof import book_of  # the benchmark beside this one

from archive.export import make_book
from archive.export.proof import proof
from archive.export.proof.passages import HAN
from archive.export.proof.scripts import _forms
from archive.model.records import Article, Block, Kind

SEED = 11
LEAST = 30  # characters of a paragraph worth planting in
NARROW = {"，": ",", "；": ";", "：": ":"}
TRADITIONAL = {plain: written for written, plain in _forms()[0].items()}

Plant = Callable[[str, int, int], str]
KINDS: dict[str, tuple[str, str, Plant, int]] = {
    # check: pattern of a place, how the text reads afterwards, every how manieth text
    "half of a pair": ("unmatched-pair nested-pair", "[“”（）《》]", lambda text, a, b: text[:a] + text[b:], 1),
    "blank": ("space", f"(?<=[{HAN}]{{6}})(?=[{HAN}]{{6}})", lambda text, a, b: f"{text[:a]} {text[a:]}", 12),
    "traditional": (
        "mixed-script",
        f"[{''.join(TRADITIONAL)}]",
        lambda text, a, b: text[:a] + TRADITIONAL[text[a]] + text[b:],
        1,
    ),
    "half-width": ("half-width", "[，；：]", lambda text, a, b: text[:a] + NARROW[text[a]] + text[b:], 12),
    "typed twice": ("typed-twice", f"[{HAN}]{{6}}", lambda text, a, b: text[:b] + text[a:b] + text[b:], 1),
}


def planted(article: Article, pattern: str, plant: Plant) -> tuple[Article, int] | None:
    """The article with one error, and the paragraph that has it; None where there is no place for one."""
    numbers = [number for number, block in enumerate(article.blocks) if number and len(block.text) > LEAST]
    random.shuffle(numbers)
    for number in numbers:
        text = article.blocks[number].text
        places = list(re.finditer(pattern, text))
        if places:
            wrong = Block.plain(Kind.PARAGRAPH, plant(text, *random.choice(places).span()))
            blocks = (*article.blocks[:number], wrong, *article.blocks[number + 1 :])
            return replace(article, blocks=blocks), number
    return None


def main() -> None:
    books = [book_of(Path(name)) for name in sys.argv[1:]]
    articles = [
        replace(chapter.article, id=f"{number}-{chapter.article.id}")
        for number, book in enumerate(books)
        for chapter in book.chapters
    ]
    for kind, (codes, pattern, plant, step) in KINDS.items():
        random.seed(SEED)
        read, expected = [], []
        for number, article in enumerate(articles):
            found = planted(article, pattern, plant) if number % step == 0 else None
            read.append(found[0] if found else article)
            expected += [(article.id, found[1])] if found else []
        told = {(one.article, one.block) for one in proof(make_book(read)).findings if one.code in codes.split()}
        reach = 3 if "pair" in codes else 0
        near = {(article, block + shift) for article, block in told for shift in range(-reach, reach + 1)}
        print(f"{kind}: {sum(place in near for place in expected)} of {len(expected)} planted errors told")


if __name__ == "__main__":
    main()
