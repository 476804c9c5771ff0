"""Which of the office's names stand in a text: the longest form at each place, forms that several bear left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from archive.catalogue.authority import Authority, Name
from archive.text.folding import fold
from archive.text.longest_match import LongestMatch
from archive.text.spans import Span


def names_in(text: str, authority: Authority) -> Iterator[tuple[Span, Name]]:
    """Start and end in the text, end exclusive, and the one name that has this form."""
    folded, match = fold(text), _match(authority)
    for start, end in match.places(folded.text):
        found = authority.by_form[folded.text[start:end]]
        if len(found) == 1:
            yield folded.span(start, end), found[0]


@lru_cache(maxsize=4)
def _match(authority: Authority) -> LongestMatch:
    return LongestMatch(authority.by_form)
