"""Who asks, and what they may see and do."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model.records import Access, Status


@dataclass(frozen=True, slots=True)
class Rights:
    """What the asker may see. Counts, facets and suggestions respect it too."""

    access: frozenset[Access]
    statuses: frozenset[Status]

    @classmethod
    def local(cls) -> Rights:
        """The single user at the machine: everything but what has been withdrawn or rejected."""
        hidden = {Status.WITHDRAWN, Status.REJECTED}
        return cls(frozenset(Access), frozenset(status for status in Status if status not in hidden))
