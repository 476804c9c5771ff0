"""Make archive/text/data/folding.tsv: which characters count as the same in search, one character to one.

Sources: OpenCC (Apache-2.0; `pip install opencc`, only for this script) for traditional → simplified, Unicode's
compatibility mappings (standard library) for width and compatibility ideographs, Unicode lower case for case, and
scripts/variants.tsv for reviewed variants. Run: python scripts/build_folding.py
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "archive" / "text" / "data" / "folding.tsv"
IDEOGRAPHS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF)]
# Half- and full-width forms, compatibility ideographs and their supplement, Kangxi radicals, raised and lowered digits.
COMPATIBLE = [(0xFF01, 0xFFEE), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F), (0x2F00, 0x2FD5), (0x2E9F, 0x2EF3)]
COMPATIBLE += [(0xB2, 0xB3), (0xB9, 0xB9), (0x2070, 0x207F), (0x2080, 0x208E)]


def ideographs() -> Iterator[str]:
    for first, last in IDEOGRAPHS:
        yield from map(chr, range(first, last + 1))


def simplified() -> dict[str, str]:
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    pairs = ((char, convert(char)) for char in ideographs())
    return {char: to for char, to in pairs if len(to) == 1 and to != char}


def compatible() -> dict[str, str]:
    """Full-width forms, compatibility ideographs, and capital letters, where one character becomes one."""
    pairs: dict[str, str] = {}
    for code in range(0x21, 0x30000):
        char = chr(code)
        listed = any(first <= code <= last for first, last in COMPATIBLE)
        kept = unicodedata.normalize("NFKC", char) if listed else char
        folded = kept.lower()
        if len(folded) == 1 and folded != char:
            pairs[char] = folded
    pairs["\u3000"] = " "
    return pairs


def variants() -> dict[str, str]:
    lines = (HERE / "variants.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows if row[0] != row[1]}


def resolve(table: dict[str, str]) -> dict[str, str]:
    """Follow chains (薴 → 苧 → 苎) to their end, so that folding twice changes nothing."""
    resolved = {}
    for char in table:
        seen, to = {char}, table[char]
        while to in table:
            if to in seen:
                raise SystemExit(f"circle in the folding table at {char}")
            seen.add(to)
            to = table[to]
        if to != char:
            resolved[char] = to
    return resolved


def main() -> None:
    sources = {"width-case": compatible(), "opencc-t2s": simplified(), "variant": variants()}
    table: dict[str, str] = {}
    origin: dict[str, str] = {}
    for name, pairs in sources.items():
        table |= pairs
        origin |= dict.fromkeys(pairs, name)
    resolved = resolve(table)
    lines = ["# Made by scripts/build_folding.py; do not edit. written, folded to, source (OpenCC: Apache-2.0)"]
    lines += [f"{char}\t{resolved[char]}\t{origin[char]}" for char in sorted(resolved)]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{TARGET.name}: {len(resolved)} characters")


if __name__ == "__main__":
    main()
