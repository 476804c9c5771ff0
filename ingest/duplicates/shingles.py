"""What texts are compared by: their characters four at a time, without layout, punctuation and variant forms."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from zlib import crc32

from archive.model.records import Block
from archive.text.folding import fold, folding_version

LEAST = 50
"""Characters (see `comparable`) from which on a text is compared: below, the same words are mostly the same formula."""

VERSION = f"4-grams/8/crc32/{folding_version()}"
"""What samples depend on; those made under another version are worth nothing."""

_WIDTH = 8  # bytes
_BOUND = 2**32 // 8  # one 4-gram in eight is a sample
_NOT_COMPARED = re.compile(r"[\W_]+")


def comparable(blocks: Sequence[Block]) -> str:
    """The text without its title (block 0): letters and digits of all searched blocks, folded, one after the other.

    So neither paragraphs nor punctuation nor traditional forms make a difference.
    """
    words = "".join([block.text for block in blocks[1:] if block.kind.searched])
    return _NOT_COMPARED.sub("", fold(words).text)


def shingles(text: str) -> frozenset[bytes]:
    """The different 4-grams of a comparable text, as UTF-16; of a character outside the first plane, either half."""
    units = text.encode("utf-16-le")
    return frozenset([units[start : start + _WIDTH] for start in range(0, len(units) - _WIDTH + 1, 2)])


def samples(grams: frozenset[bytes]) -> array[int]:
    """The hashes (32 bits) of those 4-grams whose hash is small: the same choice in every text, about one in eight.

    Unlike MinHash signatures of fixed length, samples grow with the text: so a short text is recognised inside a long
    one, and the share found estimates containment rather than resemblance.
    """
    return array("I", sorted({value for value in map(crc32, grams) if value < _BOUND}))


def containment(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """The share (0 to 1) of the 4-grams of the text with fewer of them that stand in the other."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0
