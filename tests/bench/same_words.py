"""How many planted copies `same_words` finds, and what else: recall, what is found beside, seconds a paragraph.

    python tests/bench/same_words.py LIBRARY [PARAGRAPHS]

Copies the library to a temporary folder, takes paragraphs of 80 to 400 characters by chance, and plants four copies of
each (traditional forms; a tenth of the characters changed; punctuation moved; the middle 60 characters inside other
text). What is found beside these is held to share ten characters in a row, without punctuation; the rest is doubtful.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.session import Session
from archive.text.folding import unfolded
from archive.workbench.same_words import Counted, SameWords

KINDS = ("traditional", "tenth changed", "punctuation moved", "middle 60")
_FILLING = "以上各节，均据当事人口述整理，间有与档案不合者，一仍其旧。"


def planted(text: str, chance: random.Random) -> list[str]:
    """A copy of each of KINDS."""
    letters = [char for char in text if char.isalnum()]
    changed = [chance.choice("山水田禾金木土石") if chance.random() < 0.1 else char for char in text]
    moved = [char + ("，" if chance.random() < 1 / 12 else "") for char in letters]
    middle = max(0, len(text) // 2 - 30)
    return [
        "".join(chance.choice(unfolded(char)) for char in text),
        "".join(changed),
        "".join(moved),
        _FILLING + text[middle : middle + 60] + _FILLING,
    ]


def common(one: str, other: str, size: int = 10) -> bool:
    """Whether two texts share so many characters in a row."""
    parts = {one[at : at + size] for at in range(len(one) - size + 1)}
    return any(other[at : at + size] in parts for at in range(len(other) - size + 1))


def chosen(session: Session, number: int, chance: random.Random) -> list[tuple[str, int, str]]:
    """Paragraphs, as article, block and text."""
    listed = [one.id for one in session.listing()]
    found: list[tuple[str, int, str]] = []
    while len(found) < number:
        article = session.article(chance.choice(listed))
        fitting = [(index, text) for index, text in article.units() if index and 80 <= len(text) <= 400]
        if fitting:
            found.append((article.id, *chance.choice(fitting)))
    return found


def main(library_path: Path, number: int) -> None:
    """Plant, ask, tell."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(library_path, Path(folder, "library"))
        with Library.open(Path(folder, "library")) as library:
            session = library.session(Actor.local())
            paragraphs = chosen(session, number, chance)
            copies = [text for _, _, paragraph in paragraphs for text in planted(paragraph, chance)]
            session.save_collection(Collection("planted", "planted"))
            drafts = [
                Article(
                    collection="planted",
                    number=at,
                    blocks=(Block.plain(Kind.TITLE, f"planted {at}"), Block.plain(Kind.PARAGRAPH, text)),
                )
                for at, text in enumerate(copies)
            ]
            file = Path(folder, "planted.txt")
            file.write_text("planted", encoding="utf-8")
            accepted = session.add(file, file.name, drafts, ()).articles
            ids = {one.number: one.id for one in accepted}
            told(session, paragraphs, ids)


def told(session: Session, paragraphs: list[tuple[str, int, str]], ids: Mapping[int, str]) -> None:
    """Ask for each paragraph, and say what came of it."""
    found_of, seconds, beside, doubtful = dict.fromkeys(KINDS, 0), [], 0, 0
    for at, (article, block, text) in enumerate(paragraphs):
        began = time.process_time()
        found: SameWords = session.concordances.same_words(article, block, Search())
        seconds.append(time.process_time() - began)
        places = [place for node in found.nodes for place in node.places]
        own = {ids[4 * at + kind]: KINDS[kind] for kind in range(len(KINDS))}
        for id in {place.article.id for place in places} & own.keys():
            found_of[own[id]] += 1
        others = [place for place in places if place.article.id not in own]
        beside += len(others)
        letters = Counted.of(text).text
        for place in others:
            there = Counted.of(place.article.blocks[place.block].text[slice(*place.shared.there)]).text
            doubtful += not common(letters, there)
    for kind, count in found_of.items():
        print(f"{kind}: {count} of {len(paragraphs)} found")
    print(f"beside them: {beside} places, {doubtful} of them without ten characters in a row")
    print(f"processor seconds a paragraph: median {statistics.median(seconds):.2f}, most {max(seconds):.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50)
