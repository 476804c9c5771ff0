"""How well whole volumes are divided, against their expected articles.

    python tests/bench/splitting.py [folder of the material]

Both volumes of sample/docx, styled and messy, against the JSON Lines they were made from; and the project's own sample
volume with its heading styles taken away, against itself with them; and volumes made up at random, formatted by hand or
plain, with and without a table of contents. Prints one line a volume: articles found, precision
and recall of titles, authors and sections right (of the articles found), characters kept, the least confidence, rows
below the threshold, seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from made_volumes import Expected, made_volume

from archive.model.records import Collection, Genre, Kind, Manuscript
from ingest.readers.registry import read
from ingest.splitting.line_wording import bare
from ingest.splitting.split import propose, split
from ingest.text.characters import stored_characters

ROOT = Path(__file__).resolve().parents[2]
HERE = Collection("bench", "bench")
_VOLUMES = (("vol1_styled", "vol1_prose_78"), ("vol1_messy_manuscript", "vol1_prose_78"),
            ("vol2_styled", "vol2_regulations_78"), ("vol2_messy_manuscript", "vol2_regulations_78"))  # fmt: skip


def without_styles(manuscript: Manuscript) -> Manuscript:
    """The manuscript as if everything had been formatted by hand: no heading is one, no style has a name."""
    blocks = [
        replace(block, kind=Kind.PARAGRAPH, level=0)
        if block.kind in (Kind.TITLE, Kind.SUBTITLE, Kind.HEADING)
        else block
        for block in manuscript.blocks
    ]
    return replace(
        manuscript,
        blocks=tuple(blocks),
        layouts=tuple(replace(layout, style="") for layout in manuscript.layouts),
    )


def measure(name: str, manuscript: Manuscript, expected: Sequence[Expected], details: bool = True) -> None:
    """Divides one manuscript and prints how that compares."""
    started = time.perf_counter()
    proposal = propose(manuscript, HERE)
    seconds = time.perf_counter() - started
    drafts = proposal.articles(manuscript)
    found = [article for article in drafts if article.genre is Genre.ARTICLE]
    wanted = {bare(one.title): one for one in expected}
    pairs = [(article, wanted[bare(article.title)]) for article in found if bare(article.title) in wanted]
    authors = sum("、".join(person.name for person in article.people) == one.authors for article, one in pairs)
    sections = sum(bare(article.section) == bare(one.section) for article, one in pairs)
    kept = stored_characters(block for article in drafts for block in article.blocks)
    least = min(row.confidence.least for row in proposal.rows)
    print(
        f"{name}: {len(found)} articles, precision {len(pairs) / max(len(found), 1):.3f}, "
        f"recall {len(pairs) / len(expected):.3f}, authors {authors}/{len(pairs)}, sections {sections}/{len(pairs)}, "
        f"characters {kept}/{stored_characters(manuscript.blocks)}, least confidence {least:.2f}, "
        f"{len(proposal.doubtful())} rows to look at, {seconds:.2f} s"
    )
    if details:
        titles = {bare(article.title) for article in found}
        for article in found:
            if bare(article.title) not in wanted:
                print(f"    not an article: {article.title}")
        for one in expected:
            if bare(one.title) not in titles:
                print(f"    missed: {one.title}")
        for article, one in pairs:
            people = "、".join(person.name for person in article.people)
            if people != one.authors or bare(article.section) != bare(one.section):
                print(f"    {article.title}: {people} ({one.authors}), {article.section} ({one.section})")


def main(data: Path) -> None:
    """Measures all volumes."""
    for volume, records in _VOLUMES:
        lines = (data / "sample" / f"{records}.jsonl").read_text(encoding="utf-8").splitlines()
        expected = [Expected(record["title"], record["author"]) for record in map(json.loads, lines)]
        measure(volume, read(data / "sample" / "docx" / f"{volume}.docx", volume), expected)
    (file,) = (ROOT / "collections" / "shuojin-wenshi-12").glob("*.docx")
    manuscript = read(file, file.name)
    expected = [
        Expected(article.title, "、".join(person.name for person in article.people), article.section)
        for article in split(manuscript, HERE).articles
        if article.genre is Genre.ARTICLE
    ]
    measure("sample volume, styles taken away", without_styles(manuscript), expected)
    paragraphs = [block.text for block in manuscript.blocks if block.kind is Kind.PARAGRAPH and len(block.text) > 60]
    for by_hand, contents, seed in product((True, False), (True, False), (1, 2, 3)):
        made, expected = made_volume(seed, paragraphs, by_hand=by_hand, contents=contents)
        name = f"made up, {'by hand' if by_hand else 'plain'}, {'contents' if contents else 'no contents'}, {seed}"
        measure(name, made, expected, details=False)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data")
