"""The library for decades, as one actor meets it: `session.upkeep.preservation`."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from archive.model.access import Actor
from archive.store import Store
from archive.store.preserved.writing import NOTED, Laid, Progress, preserve
from archive.support import bag

__all__ = ["Laid", "Preservation"]


class Preservation:
    """Laying the library down as OCFL objects that can be read without this program, for who maintains it."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Upkeep` only, which asks for the right."""
        self._store = store
        self._actor = actor

    def lay_down(self, folder: Path, progress: Progress, *, bagged: bool = False) -> Laid:
        """Write all articles with their versions, originals and what happened to them; again adds what is new.

        `bagged`: the folder becomes a bag, and the objects lie in its payload. Raises UsageError where something else
        lies in the folder, StorageError.
        """
        root = folder / bag.PAYLOAD if bagged else folder
        note = partial(self._store.note, self._actor.name, NOTED, "", folder.name)
        laid = preserve(self._store.whereabouts, root, self._actor.name, note, progress)
        if bagged:
            told = {
                "Bagging-Date": f"{datetime.now(UTC):%Y-%m-%d}",
                "External-Description": f"文史资料库“{self._store.root.name}”，OCFL 1.1",
                "Bag-Software-Agent": "wenshi",
            }
            bag.seal(folder, told)
        return laid
