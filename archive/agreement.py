"""Whether two libraries find the same: as many texts for strings that were drawn from the first."""

from __future__ import annotations

import random
from collections.abc import Callable

from archive.model.holdings import Problem
from archive.model.search import Search
from archive.session import Session

STRINGS = 200
"""How many are drawn, a reader's way: one to eight characters that stand somewhere."""

_LONGEST = 8
_DRAWS = 50  # for each string that is wanted, before a library is taken to be empty


def differing(session: Session, other: Session, progress: Callable[[str, int, int], None]) -> tuple[int, list[Problem]]:
    """How many strings were asked for, and a problem for each that another number of texts answered.

    The strings follow from the texts alone, so that they are the same when it is asked again.
    """
    strings = _drawn(session)
    hint = "原来的资料库没有改动，继续用它；把这个检索式告诉维护者"
    problems = []
    for number, string in enumerate(strings, 1):
        search = Search(text='"' + string.replace('"', '""') + '"')
        one, two = session.search(search, limit=1).total, other.search(search, limit=1).total
        if one != two:
            problems.append(Problem("total-differs", f"原来找到 {one} 篇，搬过去找到 {two} 篇", search.text, hint))
        progress("比较检索", number, len(strings))
    return len(strings), problems


def _drawn(session: Session) -> list[str]:
    """Strings out of texts, evenly by text."""
    ids = sorted(session.digests())
    dice = random.Random(len(ids))
    strings: list[str] = []
    for _ in range(STRINGS * _DRAWS if ids else 0):
        texts = [block.text for block in session.article(dice.choice(ids)).blocks if block.text]
        text = dice.choice(texts or [""])
        length = dice.randint(1, _LONGEST)
        at = dice.randrange(max(1, len(text) - length + 1))
        if (string := text[at : at + length]).strip() and any(char.isalnum() for char in string):
            strings.append(string)
        if len(strings) == STRINGS:
            break
    return strings
