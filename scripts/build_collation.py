"""Make archive/text/data/pinyin.tsv and strokes.tsv: by which reading and in which stroke order a character sorts.

Sources: the Unihan database (Unicode licence; Debian's package unicode-data) for readings, stroke counts and the order
of the 8,105 characters of 通用规范汉字表; cnchar-order and cnchar-trad (MIT; `npm pack`) for the strokes themselves, by
which that order is extended to the others. Only for this script.

Run: python scripts/build_collation.py /usr/share/unicode cnchar.order.min.js cnchar.trad.min.js
"""

from __future__ import annotations

import bz2
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "archive" / "text" / "data"
FILES = ("IRGSources", "Readings", "OtherMappings", "Variants")
VARIANTS = (
    *("kZVariant", "kSemanticVariant", "kSimplifiedVariant", "kTraditionalVariant", "kCompatibilityVariant"),
    "kSpoofingVariant",  # looks the same, like 𠮷 and 吉
)
PROPERTIES = ("kTotalStrokes", "kRSUnicode", "kTGH", "kMandarin", "kHanyuPinyin", *VARIANTS)
TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
# cnchar's letters as the five strokes of GF 3003: 一 with 提, 丨 with 亅, 丿, 丶 with 捺, all others 乛.
STROKES = {**dict.fromkeys("ji", "1"), **dict.fromkeys("fg", "2"), "s": "3", **dict.fromkeys("kdl", "4")}
LEVELS = ((1, 3500), (3501, 6500), (6501, 8105))  # 一级字, 二级字, 三级字, each ordered by strokes
Unihan = dict[str, dict[str, str]]


def read_unihan(folder: Path) -> Unihan:
    """Character → property → value."""
    found: Unihan = defaultdict(dict)
    for name in FILES:
        with bz2.open(folder / f"Unihan_{name}.txt.bz2", "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("U+"):
                    code, name, value = line.rstrip("\n").split("\t")
                    if name in PROPERTIES:
                        found[chr(int(code[2:], 16))][name] = value
    return found


def read_sequences(files: Iterable[Path]) -> dict[str, str]:
    """Character → its strokes as digits, 1 to 5."""
    found: dict[str, str] = {}
    for file in files:
        for char, letters in re.findall(r'"([^"\\])":"([a-z]+)"', file.read_text(encoding="utf-8")):
            if ord(char) > 0x2E7F:
                found.setdefault(char, "".join(STROKES.get(letter, "5") for letter in letters))
    return found


def reading(char: str, unihan: Unihan) -> str:
    """The customary reading as letters and tone (lü4), that of a variant where it has none; "" where none is known."""
    variants = [chr(int(each, 16)) for name in VARIANTS for each in re.findall(r"U\+(\w+)", unihan[char].get(name, ""))]
    for properties in (unihan[char], *(unihan.get(variant, {}) for variant in variants)):
        if "kMandarin" in properties:
            return numbered(properties["kMandarin"].split()[0])
        if "kHanyuPinyin" in properties:
            return numbered(properties["kHanyuPinyin"].split()[0].split(":")[1].split(",")[0])
    return ""


def numbered(written: str) -> str:
    """nǚ → nü3; a neutral tone is 5."""
    parts = unicodedata.normalize("NFD", written)
    tone = next((TONES[mark] for mark in parts if mark in TONES), 5)
    letters = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
    return f"{letters}{tone}"


def standard_order(unihan: Unihan) -> list[list[str]]:
    """The characters of 通用规范汉字表 in its order, one list a level."""
    numbers = {int(props["kTGH"].split(":")[1]): char for char, props in unihan.items() if "kTGH" in props}
    return [[numbers[number] for number in range(first, last + 1)] for first, last in LEVELS]


def correct(totals: dict[str, int], levels: list[list[str]]) -> None:
    """Where Unihan's count of a character disagrees with its place in the table, the table is right."""
    for level in levels:
        least = 0
        for number, char in enumerate(level):
            most = min(totals[other] for other in level[number : number + 40])
            totals[char] = min(max(totals[char], least), max(most, least))
            least = totals[char]


def interpolate(sequences: dict[str, str], totals: Mapping[str, int], levels: list[list[str]]) -> None:
    """Characters of the table whose strokes are not known stand right after the one before them."""
    for level in levels:
        for before, char in pairwise(level):
            if char not in sequences and totals[before] == totals[char] and before in sequences:
                sequences[char] = sequences[before]


def beginnings(sequences: Mapping[str, str], unihan: Unihan) -> dict[str, str]:
    """Radical → how most characters under it begin (three strokes)."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for char, strokes in sequences.items():
        if "kRSUnicode" in unihan[char]:
            counted[radical(unihan[char])][strokes[:3]] += 1
    return {number: counts.most_common(1)[0][0] for number, counts in counted.items()}


def radical(properties: Mapping[str, str]) -> str:
    """The number of the Kangxi radical, simplified forms counted with the traditional."""
    return re.match(r"\d+", properties["kRSUnicode"]).group()  # type: ignore[union-attr]


def write(name: str, rows: Mapping[str, str], says: str) -> None:
    lines = [f"# Made by scripts/build_collation.py; do not edit. {says}"]
    lines += [f"{key}\t{characters}" for key, characters in rows.items()]
    (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{name}: {sum(map(len, rows.values()))} characters")


def main(folder: Path, order: Path, trad: Path) -> None:
    unihan = read_unihan(folder)
    levels = standard_order(unihan)
    totals = {char: int(p["kTotalStrokes"].split()[0]) for char, p in unihan.items() if "kTotalStrokes" in p}
    counted = dict(totals)
    correct(totals, levels)
    print("counts corrected:", "".join(char for char in totals if totals[char] != counted[char]))
    sequences = read_sequences((order, trad))
    sequences = {char: strokes for char, strokes in sequences.items() if len(strokes) == totals.get(char)}
    interpolate(sequences, totals, levels)
    begins = beginnings(sequences, unihan)
    place = {char: number for level in levels for number, char in enumerate(level)}

    def key(char: str) -> tuple[int, str, bool, int, int]:
        strokes = sequences.get(char) or begins.get(radical(unihan[char]), "")
        return totals[char], strokes, char not in place, place.get(char, 0), ord(char)

    by_strokes: dict[str, str] = defaultdict(str)
    for char in sorted(totals, key=key):
        by_strokes[str(totals[char])] += char
    by_reading: dict[str, str] = defaultdict(str)
    for char in sorted(unihan):
        if said := reading(char, unihan):
            by_reading[said] += char
    source = "Unihan (Unicode licence)"
    write("strokes.tsv", by_strokes, f"strokes, characters in stroke order; {source} and cnchar (MIT)")
    write("pinyin.tsv", dict(sorted(by_reading.items())), f"reading, characters; {source}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
