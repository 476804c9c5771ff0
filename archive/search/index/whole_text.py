"""Conditions on places in the whole matching text of an article, blocks and all.

They say the same as `matching.py` at the speed of C, for the common cases; None where they cannot, and then the text is
to be looked at block by block.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

from archive.search.index.literal import SECTION, SEPARATOR
from archive.search.matching import APART, ENDS, needle
from archive.search.query import Except, Near, Phrase, Reach, Term

_SENTENCE_END = re.compile(f"[{ENDS}]")


@lru_cache(64)
def near(leaf: Near, written: bool) -> Callable[[str], bool] | None:
    """Whether both sides stand within reach somewhere in a text; None where their places could overlap."""
    if not isinstance(leaf.left, Term | Phrase) or not isinstance(leaf.right, Term | Phrase):
        return None
    left, right = needle(leaf.left.text, written), needle(leaf.right.text, written)
    if _may_share(left, right):
        return None
    if isinstance(leaf.reach, Reach):
        return None if _SENTENCE_END.search(left + right) else partial(_together, left, right, leaf.reach)
    between = f"[^{APART}]{{0,{leaf.reach}}}?"
    left, right = re.escape(left), re.escape(right)
    # One after the other: a pattern that begins with a text is looked for many times faster than one with two ways.
    forth, back = re.compile(f"{left}{between}{right}"), re.compile(f"{right}{between}{left}")
    return lambda text: forth.search(text) is not None or back.search(text) is not None


def _may_share(left: str, right: str) -> bool:
    """Whether two different places, of one text each, may have a character in common."""
    if left != right and (left in right or right in left):
        return True
    ends = [(left, right), (right, left)]
    return any(one[-size:] == other[:size] for one, other in ends for size in range(1, min(len(one), len(other))))


def _together(left: str, right: str, reach: Reach, text: str) -> bool:
    """Whether some sentence, block or section has both: a pattern would look through a long one from every place."""

    def both(part: str) -> bool:
        return part.count(left) > 1 if left == right else left in part and right in part

    sections = filter(both, text.split(SECTION))
    if reach is Reach.SECTION:
        return any(True for _ in sections)
    blocks = (part for section in sections for part in section.split(SEPARATOR) if both(part))
    if reach is Reach.PARAGRAPH:
        return any(True for _ in blocks)
    return any(both(part) for block in blocks for part in _SENTENCE_END.split(block))


@lru_cache(64)
def excepting(leaf: Except, written: bool) -> re.Pattern[str] | None:
    """Finds a place of the leaf that is part of none of the wholes; None where there are wildcards."""
    if not isinstance(leaf.leaf, Term | Phrase):
        return None
    wanted = needle(leaf.leaf.text, written)
    barred = ""
    for whole in leaf.wholes:
        if not isinstance(whole, Term | Phrase):
            return None
        text = needle(whole.text, written)
        at = text.find(wanted)
        while at >= 0:
            if text != wanted:
                before, rest = re.escape(text[:at]), re.escape(text[at:])
                barred += f"(?!{f'(?<={before})' if before else ''}{rest})"
            at = text.find(wanted, at + 1)
    return re.compile(barred + re.escape(wanted))
