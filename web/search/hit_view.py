"""Where an state is met: places of its words, and dates that fall into its period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.model.records import Article, Mention, Period
from archive.model.search import Hit, Passage, PeriodIn
from archive.session import Session
from archive.text.spans import Span
from web.search.search_state import SearchState

_DATES = 5  # named below a hit
_A_DATE = "\0"  # stands for the period among the parts of a question


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list says about a hit: the title with its places (None: nothing to mark there), and passages.

    `dates` are the first dates in the text that meet the period, none that says the same as another or as the article's
    own; there are `more` of them.
    """

    title: Passage | None
    passages: tuple[Passage, ...]
    dates: tuple[Mention, ...] = ()
    more: int = 0


def shown(hit: Hit) -> Shown:
    """Why `hit` was found, else how it begins."""
    title = next((passage for passage in hit.passages if not passage.block), None)
    whole = title and replace(title, excerpt=(0, len(title.text)))
    said: dict[tuple[int | None, int | None], Mention] = {}
    for mention in hit.met:
        said.setdefault((mention.period.start, mention.period.end), mention)
    if hit.own_date and hit.date:
        said.pop((hit.date.start, hit.date.end), None)
    few = tuple(said.values())[:_DATES]
    return Shown(whole, telling([passage for passage in hit.passages if passage.block]), few, len(said) - len(few))


def telling(found: Sequence[Passage], most: int = 3) -> tuple[Passage, ...]:
    """The passages worth showing below a hit, in the order of the text.

    Each meets as many parts of the question (its words, its period) not yet shown as it can, so that all of it is seen;
    then the one with more places goes first.
    """
    if len(found) <= most:
        return tuple(sorted(found, key=lambda each: each.block))
    rest = list(found)
    chosen: list[Passage] = []
    seen: set[str] = set()
    while rest and len(chosen) < most:
        best = max(rest, key=lambda each: (len(_answers(each) - seen), len(each.spans), -each.block))
        rest.remove(best)
        chosen.append(best)
        seen |= _answers(best)
    return tuple(sorted(chosen, key=lambda each: each.block))


def words(session: Session, article: Article, state: SearchState) -> Mapping[int, Sequence[Span]]:
    """Where the words asked for stand in an article, by block. Raises QueryError."""
    return session.places(article, state.search) if state.search.text else {}


def met(session: Session, mentions: Iterable[Mention], state: SearchState) -> dict[int, list[Span]]:
    """Where dates of the period asked for stand, by block. Raises PeriodError."""
    found: dict[int, list[Span]] = {}
    for mention in falling(session, mentions, state):
        found.setdefault(mention.block, []).append((mention.start, mention.end))
    return found


def falling(session: Session, mentions: Iterable[Mention], state: SearchState) -> list[Mention]:
    """The dates that fall into the state's period. Raises PeriodError."""
    if not state.search.period or state.search.period_in is PeriodIn.DATE:
        return []
    wanted = session.period(state.search.period)
    meets = Period.within if state.search.within else Period.overlaps
    return [each for each in mentions if state.search.looks_at(each) and meets(each.period, wanted)]


def _answers(passage: Passage) -> set[str]:
    """The parts of the question a passage meets."""
    words = {passage.text[start:end] for start, end in passage.spans}
    return words | {_A_DATE} if passage.dates else words
