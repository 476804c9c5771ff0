"""What the library's own corrections put right: what stood in a text, and what stands there now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from archive.model.access import Rights
from archive.model.records import Article
from archive.store import Store
from archive.text.differences import differences
from archive.text.folding import HAN, fold

_LONGEST = 4  # characters that were put in place of as many others; longer ones are rewriting
_PUT_RIGHT = re.compile(rf"[{HAN}]{{1,{_LONGEST}}}")

Pairs = tuple[tuple[str, str], ...]

_KEPT: WeakKeyDictionary[Store, dict[tuple[str, int], Pairs]] = WeakKeyDictionary()
"""By store, what each version (of an article, by number) put right: it never changes."""


def confused(store: Store, rights: Rights) -> Mapping[str, tuple[str, ...]]:
    """By (folded) text, what it was exchanged for or what was exchanged for it in articles that `rights` cover.

    Both ways, since whoever types what is right may look for a text that nobody has corrected yet.
    """
    kept = _KEPT.setdefault(store, {})
    found: dict[str, dict[str, None]] = {}
    for article, present in store.changes.revised(rights).items():
        for version in range(2, present + 1):
            if (article, version) not in kept:
                before, after = store.article(article, version - 1), store.article(article, version)
                kept[article, version] = tuple(_put_right(before, after))
            for wrong, right in kept[article, version]:
                found.setdefault(wrong, {})[right] = None
                found.setdefault(right, {})[wrong] = None
    return {text: tuple(others) for text, others in found.items()}


def exchanged(word: str, others: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The folded word with a part of it exchanged as in a correction."""
    for start in range(len(word)):
        for end in range(start + 1, min(start + _LONGEST, len(word)) + 1):
            for other in others.get(word[start:end], ()):
                yield word[:start] + other + word[end:]


def _put_right(before: Article, after: Article) -> Iterator[tuple[str, str]]:
    """Han characters that were exchanged for as many others, folded."""
    left, right = ([block.text for block in article.blocks] for article in (before, after))
    for pair in differences(left, right):
        if pair.left is None or pair.right is None or len(pair.left_spans) != len(pair.right_spans):
            continue
        for (start, end), (first, last) in zip(pair.left_spans, pair.right_spans, strict=True):
            old, new = fold(left[pair.left][start:end]).text, fold(right[pair.right][first:last]).text
            if old != new and len(old) == len(new) and _PUT_RIGHT.fullmatch(old) and _PUT_RIGHT.fullmatch(new):
                yield old, new
