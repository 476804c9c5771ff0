"""How many errors at random places of unseen prose the proof report tells of:
`python tests/bench/proof_random.py RECORDS.jsonl SAME_STROKE.txt SAME_PINYIN.txt [SEED] [COUNT]`

One character of a sentence of RECORDS (JSON Lines with `text`) is replaced by one that looks or sounds like it. Which
do is read from lists that no table of the program was made from: same_stroke.txt and same_pinyin.txt in the wheel of
pycorrector (Apache-2.0). Only characters in use are put in. Each sentence is a text of its own, first with the error,
then without; what is told of its place as it was written is a false alarm. Prints found, rightly mended, false alarms.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from proof_errors import findings

from archive.export.proof.lexicon import lexicon

SHORTEST, LONGEST = 12, 60
USUAL = -13.5  # logarithm of likelihood of what is put in
Alike = Mapping[str, set[str]]


def shapes(file: Path) -> Alike:
    """Groups of look-alikes, one a line."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in file.read_text(encoding="utf-8").splitlines():
        group = [] if line.startswith("#") else line.split()
        for one in group:
            found[one] |= set(group) - {one}
    return found


def sounds(file: Path) -> Alike:
    """A character, those of its reading and tone, those of its reading alone."""
    found: dict[str, set[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        one, *others = line.split("\t")
        if not line.startswith("#"):
            found[one] = set("".join(others))
    return found


def planted(sentences: list[str], sources: Mapping[str, Alike], rng: random.Random) -> tuple[str, str, int, str]:
    """A sentence, the same with an error, where, and of which kind."""
    likely = lexicon().likely
    while True:
        sentence, kind = rng.choice(sentences), rng.choice(sorted(sources))
        at = rng.randrange(len(sentence))
        others = sorted(one for one in sources[kind].get(sentence[at], ()) if likely.get(one, -99.0) > USUAL)
        if others:
            return sentence, f"{sentence[:at]}{rng.choice(others)}{sentence[at + 1 :]}", at, kind


def main(records: str, same_stroke: str, same_pinyin: str, seed: str = "1", count: str = "200") -> None:
    texts = (json.loads(line)["text"] for line in Path(records).read_text(encoding="utf-8").splitlines())
    parts = (part for text in texts for part in re.split(r"(?<=[。！？])|\n", text))
    sentences = [part for part in parts if SHORTEST <= len(part) <= LONGEST and re.search("[一-鿿]{8}", part)]
    sources = {"形近": shapes(Path(same_stroke)), "音近": sounds(Path(same_pinyin))}
    rng = random.Random(seed)
    chosen = [planted(sentences, sources, rng) for _ in range(int(count))]
    told = findings([wrong for _, wrong, _, _ in chosen])
    as_written = findings([sentence for sentence, *_ in chosen])
    of, found, mended = Counter[str](), Counter[str](), Counter[str]()
    for number, (sentence, _, at, kind) in enumerate(chosen):
        here = [one for one in told[str(number)] if one.start <= at < one.end]
        of[kind] += 1
        found[kind] += bool(here)
        mended[kind] += any(one.suggestion == sentence[one.start : one.end] for one in here)
    for kind, number in of.items():
        print(f"{kind}: {found[kind]} of {number} found, {mended[kind]} with the right character")
    characters = sum(len(sentence) for sentence, *_ in chosen)
    false = Counter(one.code for one in (each for found in as_written.values() for each in found))
    print(f"{false['misprint']} misprints told of {characters} characters without any")


if __name__ == "__main__":
    main(*sys.argv[1:])
