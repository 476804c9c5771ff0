"""What was just read, worked out or answered, kept for who asks for the same: a page asks for an article several times,
readers turn its leaves, follow one another and come back, and an import looks at each text several times.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class AtHand(Generic[Value]):
    """Values by key, of so much size together. May be shared between threads."""

    def __init__(self, room: int) -> None:
        self._held: dict[Hashable, Value] = {}
        self._all = self._room = room

    def of(self, key: Hashable) -> Value | None:
        """What is held under this key."""
        return self._held.get(key)

    def keep(self, key: Hashable, value: Value, size: int) -> None:
        """Hold this too, unless there is never room for it; where there is none now all that was held is let go."""
        if size > self._all:
            return
        if size > self._room:
            self._held, self._room = {}, self._all  # another thread may still put something into the former
        self._held[key] = value
        self._room -= size
