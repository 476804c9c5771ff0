"""Texts of any size to measure with: the news of shared/data/bench, salted when they are needed more than once.

    python tests/bench/corpus.py 10 FILE.jsonl          # ten million characters, as records that `wenshi ingest` takes

The same size gives the same texts. A second round puts a mark of its own into every paragraph and title, so that no two
texts are alike and no phrase is more frequent than the texts make it.
"""

from __future__ import annotations

import json
import lzma
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
NEWS = DATA / "bench" / "news_dated.jsonl.xz"

_SALT = "沅湘资澧汨洣渌涟浏耒舂潇泗涑浍汾洮沁淇漳"
_FIRST_YEAR, _YEARS = 1880, 140  # dates of the own are spread over these, as in material of our users


def records(characters: int) -> Iterator[dict[str, str]]:
    """Records (id, title, author, date, text) until their texts have so many characters."""
    draw = random.Random(13)
    left, turn = characters, 0
    while True:
        for at, record in enumerate(_news()):
            text, title = record["text"], record["title"]
            if turn:
                salt = "".join(draw.choices(_SALT, k=4))
                text, title = _salted(text, salt, draw), f"{title}{salt}"
            year = _FIRST_YEAR + draw.randrange(_YEARS)
            yield {
                "id": f"{turn}-{at}",
                "title": title,
                "author": f"{record['author']}{at % 60}",
                "date": f"{year}{record['date'][4:]}" if record["date"][5:] != "02-29" else f"{year}-02-28",
                "section": f"栏目{at % 12}",
                "text": text,
            }
            left -= len(text)
            if left <= 0:
                return
        turn += 1


def _news() -> Iterator[dict[str, str]]:
    with lzma.open(NEWS, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _salted(text: str, salt: str, draw: random.Random) -> str:
    """The text with a mark somewhere in each paragraph."""
    paragraphs = []
    for paragraph in text.split("\n"):
        at = draw.randrange(len(paragraph) + 1)
        paragraphs.append(f"{paragraph[:at]}{salt}{paragraph[at:]}" if paragraph.strip() else paragraph)
    return "\n".join(paragraphs)


def main() -> None:
    """Write so many million characters."""
    with Path(sys.argv[2]).open("w", encoding="utf-8") as file:
        for record in records(int(float(sys.argv[1]) * 1_000_000)):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
