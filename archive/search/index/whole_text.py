"""Conditions on places as regular expressions over the whole matching text of an article, blocks and all.

They say the same as `matching.py` at the speed of C, for the common cases; None where they cannot, and then the text is
to be looked at block by block.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.search.index.literal import SECTION
from archive.search.matching import APART, ENDS, needle
from archive.search.query import Except, Near, Phrase, Reach, Term

_BETWEEN = {Reach.SENTENCE: f"[^{APART}{ENDS}]*?", Reach.PARAGRAPH: f"[^{APART}]*?", Reach.SECTION: f"[^{SECTION}]*?"}


@lru_cache(64)
def near(leaf: Near, written: bool) -> re.Pattern[str] | None:
    """Finds a place where both sides stand within reach; None where their places could overlap."""
    if not isinstance(leaf.left, Term | Phrase) or not isinstance(leaf.right, Term | Phrase):
        return None
    left, right = needle(leaf.left.text, written), needle(leaf.right.text, written)
    if not set(left).isdisjoint(right):
        return None
    between = _BETWEEN[leaf.reach] if isinstance(leaf.reach, Reach) else f"[^{APART}]{{0,{leaf.reach}}}?"
    left, right = re.escape(left), re.escape(right)
    return re.compile(f"{left}{between}{right}|{right}{between}{left}")


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
