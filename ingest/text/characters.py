"""Characters as units of account: what counts as stored, and which characters are odd enough to be reported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Run, Style

_CHUNK = 2**20
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")  # 造字 that only the author's own font can show


def visible(text: str) -> int:
    """How many characters of `text` are not white space: the unit of every reconciliation."""
    return sum(map(len, text.split()))


def stored_characters(blocks: Iterable[Block]) -> int:
    """Characters of the source kept in `blocks`, white space excluded.

    Readings of ruby are text of the source; computed text (GENERATED) and alternative texts of pictures are not.
    """
    return sum(
        visible(run.text) + visible(run.ruby)
        for block in blocks
        if block.kind is not Kind.FIGURE
        for run in block.runs
        if Style.GENERATED not in run.style
    )


def private_use(blocks: Iterable[Block]) -> tuple[Issue, ...]:
    """One issue for each private-use character kept in the text, with how often it stands and where first."""
    texts = [block.text for block in blocks]
    counts = Counter(_PRIVATE.findall("\n".join(texts)))
    first = {character: next(n for n, text in enumerate(texts, 1) if character in text) for character in counts}
    return tuple(
        Issue(
            IssueCode.PRIVATE_USE,
            f"第 {first[character]} 块",
            f"自造字 U+{ord(character):04X} 出现 {count} 次，已原样保留；别的机器上可能显示不出，请换成正式的字",
        )
        for character, count in counts.items()
    )


def made_title(text: str) -> Block:
    """A title that does not stand in the source, or is repeated from it; it is not counted as text of the source."""
    return Block(Kind.TITLE, (Run(text, Style.GENERATED),))
