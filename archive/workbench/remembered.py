"""Lists of places that are worked out once for a state of an index, a stretch at a time, and kept at hand."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from archive.model.access import Rights
from archive.model.search import Sort
from archive.search.index.engine import Engine
from archive.search.query import Query
from archive.support.cancellation import raise_if_cancelled
from archive.workbench.place_list import Listing, PlaceList

AT_A_TIME = 200
"""Articles read together."""

_EVERY = 1 << 31  # articles: all there are
_KEPT = 8  # lists, orders and counts kept at hand for one library

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """The places of the first `looked_at` of the `articles` that were found; all places when these are equal."""

    places: PlaceList
    looked_at: int
    articles: int

    @property
    def whole(self) -> bool:
        """Whether nothing is left to be looked at."""
        return self.looked_at >= self.articles


class Growing:
    """All places of a query, in the order of their sources: whoever asks works on, some articles at a time.

    So nobody has to wait for the whole of it, nobody works in vain, and nothing runs when nobody asks any more.
    """

    def __init__(self, engine: Engine, query: Query, rights: Rights, state: str) -> None:
        """For the `state` of the engine."""
        self._engine = engine
        self._query = replace(query, search=query.search.but(sort=Sort.SOURCE))
        self._rights = rights
        self._state = state
        self._lock = threading.Lock()
        self._listing = Listing()
        self._found: list[str] | None = None
        self._at = 0
        self._whole: Part | None = None

    def grow(self, patience: float | None) -> Part | None:
        """What is known after so many seconds, or with None when nothing is left; None when the index has changed."""
        end = None if patience is None else time.monotonic() + patience
        while self._whole is None:
            raise_if_cancelled()
            with self._lock:  # taken anew for every stretch, so that others get their turn
                if not self._step():
                    return None
                if end is not None and time.monotonic() >= end:
                    return self._whole or self._part()
        return self._whole

    def _step(self) -> bool:
        """Look at some more articles; False when the index has changed since the beginning."""
        if self._whole is not None:
            return True
        if self._found is None:
            every = self._engine.search(self._query, self._rights, limit=_EVERY).found
            self._found = [one.article for one in every]
        some = self._found[self._at : self._at + AT_A_TIME]
        for one in self._engine.standing(self._query, self._rights, some):
            self._listing.add(one)
        self._at = min(len(self._found), self._at + AT_A_TIME)
        if self._at == len(self._found):
            if self._engine.state() != self._state:
                return False
            self._whole = self._part()
            self._listing = Listing()
        return True

    def _part(self) -> Part:
        return Part(self._listing.done(), self._at, len(self._found or ()))


class Remembered:
    """What was worked out for one state of an index; the latest few."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = ""
        self._held: OrderedDict[Hashable, object] = OrderedDict()

    def of(self, name: Hashable, state: str, make: Callable[[], T]) -> T:
        """What `make` makes, made once for a name and a state."""
        with self._lock:
            if state != self._state:
                self._held.clear()
                self._state = state
            if name in self._held:
                self._held.move_to_end(name)
                return cast(T, self._held[name])
        made = make()
        with self._lock:
            if state != self._state:
                return made
            held = cast(T, self._held.setdefault(name, made))  # another may have made it meanwhile
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
            return held


_REMEMBERED: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_MAKING = threading.Lock()


def remembered(engine: Engine) -> Remembered:
    """What is kept at hand for an engine."""
    with _MAKING:
        return _REMEMBERED.setdefault(engine, Remembered())
