"""Where places stand in their volumes: one strip a volume, from its first character to its last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.search.index.facts import Facts
from archive.workbench.place_list import PlaceList

STRIPES = 300
"""As many stripes does a strip have at most; places nearer to one another are one."""

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Stripe:
    """`places` places stand about `at` (0 to STRIPES - 1); `first` is the number of the first of them, from 1, among
    all rows in the order of their sources.
    """

    at: int
    first: int
    places: int


@dataclass(frozen=True, slots=True)
class Barcode:
    """A volume: `places` places in `found` of its `articles` articles, which have `letters` letters.

    `stripes` are in order, and their places add up to these.
    """

    collection: str
    volume: str
    articles: int
    letters: int
    found: int
    places: int
    stripes: tuple[Stripe, ...]

    @property
    def tenths(self) -> tuple[Stripe, ...]:
        """The same in TENTHS parts of the volume, those without places too; `at` counts from 0."""
        parts = [[one for one in self.stripes if one.at * TENTHS // STRIPES == part] for part in range(TENTHS)]
        return tuple(
            Stripe(number, part[0].first if part else 0, sum(one.places for one in part))
            for number, part in enumerate(parts)
        )


def barcodes(places: PlaceList, rows: Iterable[int], scope: Sequence[Facts]) -> tuple[Barcode, ...]:
    """One for each volume of the `scope`, whose articles stand in the order of their sources; those without places too.

    What belongs to no volume is taken together, a collection at a time.
    """
    rows_of: dict[str, list[tuple[int, int]]] = {}
    for number, row in enumerate(sorted(rows), 1):
        rows_of.setdefault(places.id(row), []).append((number, places.offset[row]))
    volumes: dict[tuple[str, str], list[Facts]] = {}
    for facts in scope:
        volumes.setdefault((facts.collection, facts.volume), []).append(facts)
    return tuple(_barcode(name, volumes[name], rows_of) for name in volumes)


def _barcode(name: tuple[str, str], articles: Sequence[Facts], rows_of: dict[str, list[tuple[int, int]]]) -> Barcode:
    stripes = tuple(_stripes(articles, rows_of))
    return Barcode(
        *name,
        articles=len(articles),
        letters=sum(one.letters for one in articles),
        found=sum(one.id in rows_of for one in articles),
        places=sum(one.places for one in stripes),
        stripes=stripes,
    )


def _stripes(articles: Sequence[Facts], rows_of: dict[str, list[tuple[int, int]]]) -> Iterator[Stripe]:
    length = max(1, sum(one.characters for one in articles))
    standing: list[tuple[int, int]] = []
    before = 0
    for one in articles:
        for number, offset in rows_of.get(one.id, ()):
            at = before + min(offset, max(0, one.characters - 1))
            standing.append((min(STRIPES - 1, at * STRIPES // length), number))
        before += one.characters
    for at, here in groupby(standing, lambda one: one[0]):
        numbers = [number for _, number in here]
        yield Stripe(at, numbers[0], len(numbers))
