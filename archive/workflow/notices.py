"""Messages inside the program as one actor meets them: `session.notices`. Nothing of it needs e-mail."""

from __future__ import annotations

from archive.model.access import Actor
from archive.model.accounts import Notice
from archive.store import Store


class Notices:
    """What an actor is told by others: something was handed over, a report was answered."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Session` only."""
        self._rows = store.notices
        self._actor = actor

    def listed(self) -> tuple[Notice, ...]:
        """The actor's own messages, the newest first."""
        return self._rows.listed(self._actor.id)

    def unseen(self) -> int:
        """How many of them the actor has not seen yet."""
        return self._rows.unseen(self._actor.id)

    def see(self) -> None:
        """Mark them all as seen."""
        if self.unseen():
            self._rows.see(self._actor.id)
