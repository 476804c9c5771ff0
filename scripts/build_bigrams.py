"""Make bigrams.bin of archive/export/proof/data: how likely a word is behind another, for telling misprints.

From open-gram, the language model of SunPinyin (CC BY-SA 3.0), as Debian packs it: `apt-get download sunpinyin-data
sunpinyin-utils`, `dpkg-deb -x` each, and `tslminfo -v -p lm_sc.t3g > lm.arpa`. Its two and a half million pairs of
words are kept, its three-word sequences left out.

Run: PYTHONPATH=. python scripts/build_bigrams.py lm.arpa pydict_sc.bin
"""

from __future__ import annotations

import math
import struct
import sys
import zlib
from array import array
from collections import defaultdict
from pathlib import Path

from archive.export.proof.bigrams import FILE, SCALE

NEVER = 1e-9


def words(file: Path) -> list[str]:
    """The words of SunPinyin's dictionary by number: UTF-32 with zeros between, from where its third field says."""
    data = file.read_bytes()
    return data[struct.unpack_from("<3I", data)[2] :].decode("utf-32-le").split("\0")


def logarithm(written: str) -> float:
    """Of a probability."""
    return math.log(max(float(written), NEVER))


def model(file: Path) -> tuple[dict[int, float], dict[int, float], dict[tuple[int, int], float]]:
    """Logarithms: how likely each word is, what it yields to unknown pairs, how likely the second of a pair is."""
    alone: dict[int, float] = {}
    yields: dict[int, float] = {}
    pairs: dict[tuple[int, int], float] = {}
    order = "0"
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("\\"):
                order = line[1]
                if order == "3":
                    break
                continue
            fields = line.split()
            if order == "1":
                alone[int(fields[0])], yields[int(fields[0])] = logarithm(fields[1]), logarithm(fields[2])
            elif order == "2":
                pairs[int(fields[0]), int(fields[1])] = logarithm(fields[2])
    return alone, yields, pairs


def main(arpa: str, dictionary: str) -> None:
    names = words(Path(dictionary))
    alone, yields, pairs = model(Path(arpa))

    kept = [pair for pair in pairs if pair[0] in alone and pair[1] in alone and names[pair[0]] and names[pair[1]]]
    used = [number for number in alone if names[number]]
    place = {number: at for at, number in enumerate(used)}
    behind: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for pair in kept:
        behind[place[pair[0]]].append((place[pair[1]], pairs[pair]))
    starts, seconds, likely = array("I", [0]), array("I"), bytearray()
    for at in range(len(used)):
        for second, value in sorted(behind[at]):
            seconds.append(second)
            likely.append(_byte(value))
        starts.append(len(seconds))
    parts = (
        "\n".join(names[number] for number in used).encode(),
        bytes(_byte(alone[number]) for number in used),
        bytes(_byte(yields[number]) for number in used),
        _little(starts),
        _little(seconds),
        bytes(likely),
    )
    FILE.write_bytes(zlib.compress(b"".join(struct.pack("<I", len(part)) + part for part in parts), 9))


def _byte(value: float) -> int:
    return min(255, max(0, round(-value * SCALE)))


def _little(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


if __name__ == "__main__":
    main(*sys.argv[1:])
