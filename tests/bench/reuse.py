"""What looking for the same words over a whole library takes, and how many planted copies it finds.

    python tests/bench/reuse.py LIBRARY [PARAGRAPHS]

Copies the library to a temporary folder and plants four copies of paragraphs taken by chance, as `same_words.py` does.
A planted copy is found when a chain holds both it and the paragraph it was made from. What chains hold beside planted
copies is doubtful where two neighbouring copies share no ten characters in a row, without punctuation.
"""

from __future__ import annotations

import random
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

from same_words import KINDS, chosen, common, planted

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.session import Session
from archive.workbench.reuse import Finder, Reuse
from archive.workbench.same_words import Counted


def main(library_path: Path, number: int) -> None:
    """Plant, look, tell."""
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
            ids = {one.number: one.id for one in session.add(file, file.name, drafts, ()).articles}
            began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            finder = Finder()
            for article in session.articles():
                finder.add(article)
            read = time.process_time() - began
            found = finder.found(lambda *_: None)
            whole = time.process_time() - began
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            print(f"{found.articles} articles, {found.letters} letters, {grown:.0f} MB more memory")
            print(f"processor time: {whole:.0f} s, {read:.0f} s of it to read them")
            print(
                f"{len(found.chains)} chains, {len(found.formulas)} set phrases, {found.set_aside} passages set aside"
            )
            told(session, found, [one for one, _, _ in paragraphs], ids)


def told(session: Session, found: Reuse, originals: list[str], ids: dict[int, str]) -> None:
    """How many planted copies stand in a chain with what they were made from, and how doubtful the rest is."""
    chains_of: dict[str, set[int]] = {}
    for number, chain in enumerate(found.chains):
        for copy in chain.copies:
            chains_of.setdefault(copy.article, set()).add(number)
    for kind, name in enumerate(KINDS):
        held = [
            bool(chains_of.get(ids[4 * at + kind], set()) & chains_of.get(original, set()))
            for at, original in enumerate(originals)
        ]
        print(f"{name}: {sum(held)} of {len(held)} found")
    chance, pairs, doubtful = random.Random(3), 0, 0
    planted_ids = set(ids.values())
    others = [one for one in found.chains if not {copy.article for copy in one.copies} & planted_ids]
    for chain in chance.sample(others, min(300, len(others))):
        texts = []
        for copy in chain.copies[:2]:
            blocks = session.article(copy.article).blocks
            texts.append(Counted.of("".join(blocks[block].text[start:end] for block, start, end in copy.places)).text)
        pairs += 1
        doubtful += not common(texts[0], texts[1])
    print(f"of {pairs} other chains drawn from {len(others)}, {doubtful} have no ten characters in a row in common")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50)
