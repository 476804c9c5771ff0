"""Writes ingest/text/frequent.txt: the frequent characters by which a text's encoding is recognised.

Simplified: single-character entries of jieba's dict.txt (MIT) by frequency. Traditional: the traditional forms of those
characters by OpenCC's tables (Apache-2.0, package OpenCC, needed only here). Run from the project's root.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from opencc import OpenCC

SIZE = 1500
TARGET = Path("ingest/text/frequent.txt")


def main() -> None:
    """Builds the file."""
    counts: dict[str, int] = {}
    for line in files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split()
        for character in word:
            if "\u4e00" <= character <= "\u9fff":
                counts[character] = counts.get(character, 0) + int(count)
    simplified = sorted(counts, key=lambda character: (-counts[character], character))[:SIZE]
    traditional = OpenCC("s2t").convert("".join(simplified))
    written = "".join(dict.fromkeys(simplified)) + "\n" + "".join(dict.fromkeys(traditional)) + "\n"
    TARGET.write_text(written, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
