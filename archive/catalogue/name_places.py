"""Who is meant where a name stands in a text: what people decided, and what the text itself tells.

A name that one record alone goes by, of three characters or more, is that record's. One of two characters is never
taken for anybody's without a second clue in the text, and one that several records go by never without a decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive import dates
from archive.catalogue.authority import Authority, key
from archive.model.name_records import NameKind, NameRecord, Standing
from archive.model.records import Article, Kind, Mention
from archive.store.name_rows import NameDecision
from archive.text.anchors import Place, standing

SHORT = 2
"""Characters of a name that needs a second clue."""

_PIECES = re.compile(r"[^\w]+|[省市县区乡镇村]人$|人$|籍$")
_LONGEST_PIECE = 12


@dataclass(frozen=True, slots=True)
class Clue:
    """What of a text speaks for a record, or `against` it, in words."""

    words: str
    against: bool = False


@dataclass(frozen=True, slots=True)
class NamePlace:
    """A place where a name stands: `form` folded, `candidates` the records that go by it and were not rejected there.

    `record` is who is meant, as decided or because nobody else can be; 0 where that is open. `clues` are by candidate.
    """

    place: Place
    written: str
    form: str
    candidates: tuple[int, ...]
    record: int
    standing: Standing
    clues: Mapping[int, tuple[Clue, ...]] = field(default_factory=dict)
    decision: NameDecision | None = None

    def speaks_for(self, record: int) -> bool:
        """Whether something in the text speaks for a record, and nothing against it."""
        found = self.clues.get(record, ())
        return bool(found) and not any(one.against for one in found)


@dataclass(frozen=True)
class Known:
    """All that is known of names: the authority, the records by key, where merged ones lead, decisions by article."""

    authority: Authority
    records: Mapping[int, NameRecord]
    leads: Mapping[int, int]
    decisions: Mapping[str, Sequence[NameDecision]]

    def meant(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """The records in use that these are now, each once."""
        found = (self.leads.get(one, one) for one in numbers)
        return tuple(dict.fromkeys(one for one in found if one in self.records))


def name_places(
    article: Article,
    mentions: Sequence[Mention],
    known: Known,
    wanted: frozenset[int] | None = None,
    blocks: frozenset[int] | None = None,
) -> Iterator[NamePlace]:
    """The names in an article's searched text, or in some blocks of it, bylines aside, in order.

    With `wanted` only those of some records.
    """
    finder = known.authority.finder
    units = (one for one in article.units() if blocks is None or one[0] in blocks)
    texts = [(index, text) for index, text in units if article.blocks[index].kind is not Kind.BYLINE]
    found = [(index, *one) for index, text in texts for one in finder.places(text)]
    if wanted is not None and not any(wanted.intersection(owners) for *_, owners in found):
        return
    forms: dict[int, set[str]] = {}
    for _, _, _, form, owners in found:
        for owner in owners:
            forms.setdefault(owner, set()).add(form)
    decided = dict(_decided(known.decisions.get(article.id, ()), texts))
    folded: dict[int, str] = {}
    for index, start, end, form, owners in found:
        if wanted is not None and not wanted.intersection(owners):
            continue
        if index not in folded:
            folded[index] = key(article.blocks[index].text)
        here = _Here(form, folded[index], forms, [each for each in mentions if each.block == index])
        written = article.blocks[index].text[start:end]
        yield _place((index, start, end), written, owners, here, known, decided.get((index, start, end)))


@dataclass(frozen=True, slots=True)
class _Here:
    """What stands around a place: its folded form and paragraph, the forms of each record in the text, the dates."""

    form: str
    paragraph: str
    forms: Mapping[int, set[str]]
    mentions: Sequence[Mention]


def _decided(
    decisions: Iterable[NameDecision], texts: Sequence[tuple[int, str]]
) -> Iterator[tuple[Place, NameDecision]]:
    for one in decisions:
        if (place := standing(one.anchor, texts)) is not None:
            yield place, one


def _place(
    place: Place, written: str, owners: Sequence[int], here: _Here, known: Known, decision: NameDecision | None
) -> NamePlace:
    rejected = decision.rejected if decision else ()
    candidates = tuple(one for one in owners if one in known.records and one not in rejected)
    chosen = known.meant(decision.records) if decision else ()
    clues = {one: tuple(_clues(known.records[one], here)) for one in candidates}
    state = decision.standing if decision else Standing.OPEN
    if state is Standing.EITHER:
        return NamePlace(place, written, here.form, chosen or candidates, 0, state, clues, decision)
    if state is Standing.UNKNOWABLE:
        return NamePlace(place, written, here.form, candidates, 0, state, clues, decision)
    if state is Standing.SETTLED and len(chosen) == 1:
        return NamePlace(place, written, here.form, candidates, chosen[0], state, clues, decision)
    found = NamePlace(place, written, here.form, candidates, 0, Standing.OPEN, clues, decision)
    if len(candidates) != 1 or (len(here.form) <= SHORT and not found.speaks_for(candidates[0])):
        return found
    return NamePlace(place, written, here.form, candidates, candidates[0], Standing.OPEN, clues, decision)


def _clues(record: NameRecord, here: _Here) -> Iterator[Clue]:
    others = here.forms.get(record.key, set()) - {here.form}
    if other := next((one for one in sorted(others, key=len, reverse=True) if len(one) > SHORT), ""):
        yield Clue(f"文中又称“{other}”")
    elif others:
        yield Clue(f"文中又有“{min(others)}”")
    said = [piece for piece in _pieces(record) if piece in here.paragraph and piece not in here.form]
    if said:
        yield Clue(f"同段有“{said[0]}”")
    yield from _of_time(record, here.mentions)


def _pieces(record: NameRecord) -> list[str]:
    """The words of a record that would be a clue where they stand beside its name: the longest first."""
    texts = [record.note, *(one.text for one in record.statements), *(one.parent for one in record.belongings)]
    own = {key(form) for form in (record.preferred, *record.aliases)}
    pieces = {key(piece) for text in texts for piece in _PIECES.split(text) if piece}
    fit = (piece for piece in pieces - own if SHORT <= len(piece) <= _LONGEST_PIECE and not piece.isdecimal())
    return sorted(fit, key=lambda piece: (-len(piece), piece))


def _of_time(record: NameRecord, mentions: Sequence[Mention]) -> Iterator[Clue]:
    """What the dates of the paragraph say, where both years of the record are known, or it is a person's birth."""
    since, until = record.years
    spoken = [(dates.year_of(one.period.start), one) for one in mentions if one.period.start and not one.vague]
    if not spoken or since is None or (until is None and record.kind is not NameKind.PERSON):
        return
    outside = [year for year, _ in spoken if year < since or (until is not None and year > until)]
    if len(outside) == len(spoken):
        yield Clue(f"段中是 {outside[0]} 年，{record.dates or since} 对不上", against=True)
    elif until is not None:
        year = next(year for year, _ in spoken if year not in outside)
        yield Clue(f"段中 {year} 年在 {since}—{until} 之内")
