"""What a library asks of the machines that serve it: one as usual, or several that share a database."""

from __future__ import annotations

from typing import Protocol


class Machines(Protocol):
    """This machine among those that serve a library."""

    def agree(self) -> bool:
        """Have the office's own files alike on all; whether there can be others. What fails is logged."""

    def claim_index(self) -> None:
        """Have the index in this folder be the library's. Raises ConfigError where that lies in another's."""


class Alone:
    """No others, since the database lies in the folder."""

    def agree(self) -> bool:
        """See Machines."""
        return False

    def claim_index(self) -> None:
        """See Machines."""
