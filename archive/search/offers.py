"""Other searches worth a click, each with the number of articles it finds. None is applied unasked."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from weakref import WeakKeyDictionary

from archive.catalogue.authority import Authority
from archive.model.access import Rights
from archive.model.search import Offer, Search, Source, Suggestion, Why
from archive.search.index.engine import Engine
from archive.search.own_corrections import exchanged
from archive.search.query import And, Node, Or, Phrase, Query, Term, literals
from archive.search.readings import quoted
from archive.search.spelling import LONGEST, misread, sounds, written_forms
from archive.search.suggestions import Entry, Vocabulary
from archive.support.cancellation import raise_if_cancelled
from archive.text.folding import fold

OFFERS = {Why.SPELLING: "是不是要找", Why.NAME: "其他称呼", Why.WRITTEN: "写法"}
"""How other searches are introduced, in the order shown."""

_FEW = 2  # articles up to which a spelling is doubted
_MOST_SPELLINGS = 5
_LONGEST_WORD = 24  # characters up to which a text is a word, whose written forms are counted

_LIKELY, _EVERY = 80, 1 << 31  # strings that are looked up at first as suggestions, and then

_SLOW = 0.3  # seconds from which on making a vocabulary is slow
_FOR_ITS_COST = 50  # a slow one serves so many times as long as it took, although something was added since


@dataclass(frozen=True)
class Offers:
    """What can be offered to somebody with these rights beside a query.

    `confused` gives what corrections exchanged for what (`own_corrections.py`), asked only where spellings are doubted.
    """

    engine: Engine
    rights: Rights
    authority: Authority
    confused: Callable[[], Mapping[str, tuple[str, ...]]] = dict

    def of(self, query: Query, found: int) -> Iterator[Offer]:
        """All offers for a query that found so many articles, by their word: forms, names, then spellings."""
        for leaf in dict.fromkeys(literals(query.tree)):
            if not isinstance(leaf, Term | Phrase) or query.search.text.count(leaf.text) != 1:
                continue
            if found or leaf != query.tree:
                yield from self._forms(query, leaf)
            if isinstance(leaf, Term):
                yield from self._names(query, leaf)
            if found <= _FEW:
                yield from self._spellings(query, leaf, found)

    def suggestions(self, typed: str, within: Query, most: int) -> Iterator[Suggestion]:
        """What to type on with, each with what it finds among the articles that a query finds."""
        vocabulary = self._strings.words.vocabulary
        found: list[tuple[str, int]] = []
        for looked_at in (_LIKELY, _EVERY):  # only where the likeliest do not stand there is it worth sorting all
            entries = {entry.text: entry for entry in vocabulary.starting(typed, looked_at)}
            found = self.engine.first_standing(within, self.rights, list(entries), most)
            if len(found) >= most or len(entries) < looked_at:
                break
        yield from (Suggestion(text, entries[text].source, total) for text, total in found)

    def _forms(self, query: Query, leaf: Term | Phrase) -> Iterator[Offer]:
        """The ways in which a word is written, where there are several."""
        if len(leaf.text) > _LONGEST_WORD or query.search.as_written or not self.engine.varies(fold(leaf.text).text):
            return
        written = query.search.but(as_written=True)
        counted = [
            (form, self._count(replace(query, tree=Phrase(form), search=written)))
            for form in written_forms(leaf.text, self._stands)
        ]
        standing = [(form, total) for form, total in counted if total]
        if len(standing) > 1:
            for form, total in sorted(standing, key=lambda one: -one[1]):
                yield Offer(Why.WRITTEN, form, written.but(text=_put(query.search.text, leaf.text, form)), total)

    def _names(self, query: Query, leaf: Term) -> Iterator[Offer]:
        """The other forms of whoever is called so, each alone and all together."""
        for name in self.authority.find(leaf.text):
            here = fold(leaf.text).text
            others = [form for form in name.forms if fold(form).text != here]
            found = [offer for form in others if (offer := self._instead(query, leaf, Term(form), Why.NAME, form))]
            yield from found
            if found:
                every = (leaf.text, *(offer.words for offer in found))
                tree = Or(tuple(Term(form) for form in every))
                joined = f"({' OR '.join(map(quoted, every))})"
                all_together = self._instead(query, leaf, tree, Why.NAME, joined)
                if all_together:
                    yield replace(all_together, words="、".join(every))

    def _spellings(self, query: Query, leaf: Term | Phrase, found: int) -> Iterator[Offer]:
        """Words that were corrected so, or with one other character that looks or sounds like the one typed."""
        folded = fold(leaf.text).text
        offered = []
        for other in dict.fromkeys((*exchanged(folded, self.confused()), *misread(folded), *self._misheard(folded))):
            offer = self._instead(query, leaf, Term(other), Why.SPELLING, other)
            if offer and offer.total > found:
                offered.append(offer)
        yield from sorted(offered, key=lambda one: -one.total)[:_MOST_SPELLINGS]

    def _misheard(self, word: str) -> Iterator[str]:
        """The library's own words and names that sound the same and differ in one character."""
        said, middle, halves = sounds(word), len(word) // 2, self._strings.words.by_half
        near = (*halves.get((len(word), 0, word[:middle]), ()), *halves.get((len(word), middle, word[middle:]), ()))
        for other in dict.fromkeys(near):
            if sum(map(operator.ne, word, other)) == 1 and not said.isdisjoint(sounds(other)):
                yield other

    def _instead(self, query: Query, leaf: Term | Phrase, other: Node, why: Why, text: str) -> Offer | None:
        """The same query with something else in place of the leaf, if that finds anything."""
        total = self._count(replace(query, tree=_exchanged(query.tree, leaf, other)))
        changed = query.search.but(text=_put(query.search.text, leaf.text, text))
        return Offer(why, text, changed, total) if total else None

    def _count(self, query: Query) -> int:
        raise_if_cancelled()
        return self.engine.count(query, self.rights)

    def _stands(self, char: str) -> bool:
        """Whether somebody with these rights can meet this very character."""
        known = self._strings.known
        if (self.rights, char) not in known:
            asked = Query(tree=Phrase(char), search=Search(as_written=True))
            known[self.rights, char] = self._count(asked) > 0
        return known[self.rights, char]

    @cached_property
    def _strings(self) -> _Strings:
        return _strings_of(self.engine, self.authority)


class _Vocabularies:
    """What is made of an engine's strings and the office's names, when it is first asked for.

    Of what was made of the state before (`before`) new strings alone are read by their sounds.
    """

    def __init__(self, engine: Engine, authority: Authority, before: _Vocabularies | None) -> None:
        began = time.monotonic()
        names = (Entry(form, Source.NAME, 0) for name in authority.names for form in name.forms)
        entries = [*names, *(Entry(text, source, count) for source, text, count in engine.strings())]
        self.authority = authority
        self.vocabulary: Vocabulary = Vocabulary(entries, before.vocabulary if before else None)
        self.by_half = _by_half(entries)
        made = time.monotonic()
        self.good_until = made + _FOR_ITS_COST * (made - began) if made - began > _SLOW else 0.0
        """Until when they may serve although something was added since."""


def _by_half(entries: Iterable[Entry]) -> Mapping[tuple[int, int, str], Sequence[str]]:
    """The entries folded, by their number of characters and either half with where it begins.

    Words that differ in one character share a half.
    """
    found: dict[tuple[int, int, str], list[str]] = {}
    for folded in dict.fromkeys(fold(entry.text).text for entry in entries if len(entry.text) <= LONGEST):
        middle = len(folded) // 2
        found.setdefault((len(folded), 0, folded[:middle]), []).append(folded)
        found.setdefault((len(folded), middle, folded[middle:]), []).append(folded)
    return found


@dataclass
class _Strings:
    """What is kept of one state of an engine and of the office's names."""

    engine: Engine
    authority: Authority
    state: str
    before: _Vocabularies | None
    known: dict[tuple[Rights, str], bool] = field(default_factory=dict)

    @cached_property
    def words(self) -> _Vocabularies:
        """Those of the state before where they took long to make and are not old: every offer is counted anyway, and
        during an import each search would wait for them.
        """
        before = self.before
        if before is not None and before.authority is self.authority and time.monotonic() < before.good_until:
            return before
        return _Vocabularies(self.engine, self.authority, before)


_KEPT: WeakKeyDictionary[Engine, _Strings] = WeakKeyDictionary()


def _strings_of(engine: Engine, authority: Authority) -> _Strings:
    state = engine.state()
    kept = _KEPT.get(engine)
    if kept is None or kept.state != state or kept.authority is not authority:
        before = kept.__dict__.get("words") or kept.before if kept is not None else None
        kept = _KEPT[engine] = _Strings(engine, authority, state, before)
    return kept


def _exchanged(tree: Node, leaf: Node, other: Node) -> Node:
    if tree == leaf:
        return other
    if isinstance(tree, And | Or):
        return replace(tree, children=tuple(_exchanged(child, leaf, other) for child in tree.children))
    return tree


def _put(text: str, old: str, new: str) -> str:
    return text.replace(old, new, 1)
