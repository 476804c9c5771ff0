"""Where an inquiry is met: places of its words, and dates that fall into its period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive import dates
from archive.library import Library
from archive.query import Hit, Passage, PeriodIn
from archive.records import Article, Mention, Period
from archive.text.excerpt import excerpt
from web.inquiry import Inquiry
from web.render import Span, disjoint

_SHOWN = 3  # passages below a hit
_DATES = 6  # dates considered for them, the most exact ones


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list says about a hit: the title with its places (None: nothing to mark there), and passages."""

    title: Passage | None
    passages: tuple[Passage, ...]


def shown(library: Library, hit: Hit, inquiry: Inquiry) -> Shown:
    """Why `hit` was found, else how it begins. Raises PeriodError."""
    spans = {passage.block: list(passage.spans) for passage in hit.passages if passage.spans}
    texts = {passage.block: passage.text for passage in hit.passages}
    meant = falling(library.mentions(hit.article), inquiry)[:_DATES] if inquiry.period else []
    if meant:
        blocks = library.article(hit.article).blocks
        for mention in meant:
            spans.setdefault(mention.block, []).append((mention.start, mention.end))
            texts[mention.block] = blocks[mention.block].text
    found = {block: _passage(block, texts[block], some) for block, some in spans.items()}
    opening = tuple(passage for passage in hit.passages if not passage.spans)
    return Shown(found.get(0), telling(tuple(found.values())) or opening)


def places(library: Library, article: Article, inquiry: Inquiry, *, dated: bool) -> dict[int, list[Span]]:
    """What to highlight on the reading page, by block; dates only if `dated`. Raises QueryError and PeriodError."""
    found: dict[int, list[Span]] = {}
    if inquiry.q:
        for block, spans in library.places(article, inquiry.q, inquiry.written).items():
            found.setdefault(block, []).extend(spans)
    if dated:
        for mention in falling(library.mentions(article.id), inquiry):
            found.setdefault(mention.block, []).append((mention.start, mention.end))
    return found


def falling(mentions: Iterable[Mention], inquiry: Inquiry) -> list[Mention]:
    """The dates that fall into the inquiry's period, the most exact ones first. Raises PeriodError."""
    if not inquiry.period or inquiry.within is PeriodIn.DATE:
        return []
    wanted = dates.parse_period(inquiry.period)
    meant = [each for each in mentions if (inquiry.vague or not each.vague) and each.period.overlaps(wanted)]
    return sorted(meant, key=lambda each: (_days(each.period), each.block, each.start))


def telling(found: Sequence[Passage], most: int = _SHOWN) -> tuple[Passage, ...]:
    """The passages worth showing below a hit, in the order of the text; the title stands above them anyway.

    Each adds as many words not yet shown as it can, so that all words of a question are seen; then the one with more
    places goes first.
    """
    rest = [passage for passage in found if passage.block]
    chosen: list[Passage] = []
    seen: set[str] = set()
    while rest and len(chosen) < most:
        best = max(rest, key=lambda each: (len(_words(each) - seen), len(each.spans), -each.block))
        rest.remove(best)
        chosen.append(best)
        seen |= _words(best)
    return tuple(sorted(chosen, key=lambda each: each.block))


def _passage(block: int, text: str, unordered: list[Span]) -> Passage:
    """A passage with its excerpt; a title is shown whole."""
    spans = disjoint(unordered)
    return Passage(block, text, spans, excerpt(text, spans) if block else (0, len(text)))


def _words(passage: Passage) -> set[str]:
    return {passage.text[start:end] for start, end in passage.spans}


def _days(period: Period) -> float:
    return float("inf") if period.start is None or period.end is None else period.end - period.start
