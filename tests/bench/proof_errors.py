"""How many planted errors the proof report tells of, by kind: `python tests/bench/proof_errors.py [TABLE.tsv]`

The table (proof_errors.tsv without one) has a kind, a sentence with an error, and the wrong characters, or nothing if
any finding in the sentence counts; it may be paragraphs in the notation of docs/proof.md. Every sentence is a text of
its own in one book. Prints found and planted,
what is told of other places by check, and with `--missed` the sentences nothing was told of. What is told of texts
without errors is counted by `proof.py` on real books.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

from archive.export import make_book
from archive.export.proof import Finding, proof
from archive.model.records import Article, Block, Kind
from tests.archive.export.proof.test_documented import block


def main(arguments: list[str]) -> None:
    files = [Path(name) for name in arguments if not name.startswith("--")] or [Path(__file__).with_suffix(".tsv")]
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        planted = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
        found, of, beside = Counter[str](), Counter[str](), Counter[str]()
        told = findings([sentence for _, sentence, _ in planted])
        for number, (kind, sentence, wrong) in enumerate(planted):
            of[kind] += 1
            beside.update(one.code for one in told[str(number)] if wrong not in one.text and one.text not in wrong)
            if any(wrong in one.text or one.text in wrong for one in told[str(number)]):
                found[kind] += 1
            elif "--missed" in arguments:
                print("missed:", kind, sentence)
        for kind, number in of.items():
            print(f"{kind}: {found[kind]} of {number}")
        print(f"together {found.total()} of {of.total()}; told of other places: {dict(beside)}")


def findings(sentences: list[str]) -> dict[str, list[Finding]]:
    """What is told of each sentence, by its number."""
    articles = [
        Article(
            collection="bench",
            id=str(number),
            number=number + 1,
            blocks=(Block.plain(Kind.TITLE, f"第{number}篇"), *map(block, sentence.split("／"))),
            source="自拟",
        )
        for number, sentence in enumerate(sentences)
    ]
    told: dict[str, list[Finding]] = defaultdict(list)
    for one in proof(make_book(articles, title="bench")).findings:
        if one.block:
            told[one.article].append(one)
    return told


if __name__ == "__main__":
    main(sys.argv[1:])
