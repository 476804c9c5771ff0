"""Make lookalikes.tsv and lexicon.tsv of archive/export/proof/data: what is a misprint of what, how usual words are.

How alike two characters look is measured by drawing both, a little out of focus, in each of the fonts and correlating
the pictures (1 is the same). Characters of one reading that share half their strokes (湖 and 糊), and those of one
rhyme of which one stands in the other (伐 and 筏), are mistaken by people rather than by machines; they count as
SHARED. Strokes are those of cnchar-order and cnchar-trad (MIT), as for build_collation.py; words and their counts are
jieba's (MIT). Only for this script: numpy, Pillow and fonts whose licence lets them be drawn (Noto Sans CJK and Fandol
Song were used; nothing of a font is kept).

Run: PYTHONPATH=. python scripts/build_lookalikes.py cnchar.order.min.js cnchar.trad.min.js FONT…
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import jieba  # type: ignore[import-untyped]
import numpy as np
from build_collation import read_sequences
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from archive.text.collation import readings

DATA = Path(__file__).resolve().parent.parent / "archive" / "export" / "proof" / "data"
CHARACTERS = 6500
SIZE = 40  # pixels of a drawn character's side
BLUR = 1.6
LEAST, NEAREST = 0.62, 24  # what looks less alike, or has so many that look more alike, is no misprint
SHARED = 0.76
HALF = 0.45
RAREST = {1: 1, 2: 4}  # counts of jieba below which a word of that length is as good as unknown
RAREST_LONGER = 10
IDIOM, SORTS = "成语", {"n": "名", "v": "动", "a": "形"}
LONGEST = 8
HEAD = "# Made by scripts/build_lookalikes.py; do not edit. "
Pairs = dict[tuple[str, str], float]


def words() -> dict[str, tuple[int, str]]:
    """jieba's words of Chinese characters alone, with count and part of speech."""
    found = {}
    for line in (files(jieba) / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split()
        if re.fullmatch("[一-鿿〇]+", word):
            found[word] = (int(count), tag)
    return found


def drawn(characters: list[str], font: ImageFont.FreeTypeFont) -> np.ndarray:
    """Each character as a row, centred, out of focus, mean 0 and length 1."""
    rows = np.zeros((len(characters), SIZE * SIZE), np.float32)
    for number, character in enumerate(characters):
        picture = Image.new("L", (SIZE, SIZE), 0)
        pen = ImageDraw.Draw(picture)
        left, top, right, bottom = pen.textbbox((0, 0), character, font=font)
        pen.text((SIZE / 2 - (left + right) / 2, SIZE / 2 - (top + bottom) / 2), character, font=font, fill=255)
        row = np.asarray(picture.filter(ImageFilter.GaussianBlur(BLUR)), np.float32).ravel()
        row = row - row.mean()
        rows[number] = row / max(float(np.linalg.norm(row)), 1e-6)
    return rows


def alike(characters: list[str], fonts: list[Path]) -> Pairs:
    """Pairs that look alike, with how much."""
    total = np.zeros((len(characters), len(characters)), np.float32)
    for path in fonts:
        rows = drawn(characters, ImageFont.truetype(str(path), SIZE))
        total += rows @ rows.T
    total /= len(fonts)
    np.fill_diagonal(total, 0)
    found: Pairs = {}
    for number, character in enumerate(characters):
        for other in np.argsort(-total[number])[:NEAREST]:
            if total[number, other] >= LEAST:
                found[character, characters[other]] = found[characters[other], character] = float(total[number, other])
    return found


def common(one: str, other: str) -> int:
    """How many strokes two characters share from the end, or from the beginning."""
    longest = 0
    for a, b in ((one, other), (one[::-1], other[::-1])):
        same = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        longest = max(longest, same)
    return longest


def sharing(characters: list[str], order: Mapping[str, str]) -> Pairs:
    """Pairs of one reading that share half their strokes, and of one rhyme of which one stands in the other."""
    by_rhyme: dict[str, list[str]] = defaultdict(list)
    for character in characters:
        by_rhyme[re.sub("^[^aeiouü]*", "", sound(character))].append(character)
    found: Pairs = {}
    for rhyme, group in by_rhyme.items():
        for one in group if rhyme else ():
            for other in group:
                first, second = sorted((order.get(one, ""), order.get(other, "")), key=len)
                same = common(first, second)
                within = same == len(first) or sound(one) == sound(other)
                if one != other and within and same >= max(4, HALF * len(second)):
                    found[one, other] = SHARED
    return found


def sound(character: str) -> str:
    """How a character is read, without tone."""
    return readings(character)[0].rstrip("012345")


def write_lexicon(known: Mapping[str, tuple[int, str]]) -> None:
    """lexicon.tsv: words by count and sort."""
    kept: dict[tuple[int, str], list[str]] = defaultdict(list)
    for word, (count, tag) in known.items():
        sort = IDIOM if tag == "i" and len(word) == 4 else SORTS.get(tag[0], "") if len(word) > 1 else ""
        if len(word) <= LONGEST and (sort == IDIOM or count >= RAREST.get(len(word), RAREST_LONGER)):
            kept[count, sort].append(word)
    rows = [HEAD + "count, 成语, 名, 动, 形 or nothing, words; from jieba (MIT licence, see docs/dependencies.md)"]
    rows += [
        f"{count}\t{sort}\t{' '.join(sorted(found))}" for (count, sort), found in sorted(kept.items(), reverse=True)
    ]
    (DATA / "lexicon.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    known = words()
    used: Counter[str] = Counter()
    for word, (count, _) in known.items():
        used.update(dict.fromkeys(word, count))
    characters = [character for character, _ in used.most_common(CHARACTERS)]
    pairs = sharing(characters, read_sequences(map(Path, sys.argv[1:3])))
    for pair, value in alike(characters, [Path(name) for name in sys.argv[3:]]).items():
        pairs[pair] = max(value, pairs.get(pair, 0))
    table: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (one, other), value in pairs.items():
        table[one].append((value, other))
    rows = [HEAD + "character, what it may be a misprint of, each with how alike they are in hundredths"]
    rows += [
        one + "\t" + "".join(f"{other}{round(99 * value):02d}" for value, other in sorted(table[one], reverse=True))
        for one in characters
        if table[one]
    ]
    (DATA / "lookalikes.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    write_lexicon(known)


if __name__ == "__main__":
    main()
