"""The table of long work as one actor meets it: `session.jobs`."""

from __future__ import annotations

from collections.abc import Sequence

from archive.model.access import Action, Actor
from archive.model.errors import NotAllowed, NotFound
from archive.model.holdings import JobRow
from archive.store.job_rows import JobRows


class JobTable:
    """The jobs of a library that an actor asked for; all of them for who maintains the library."""

    def __init__(self, rows: JobRows, actor: Actor) -> None:
        """For `Session` only."""
        self._rows = rows
        self._actor = actor

    def listed(self) -> Sequence[JobRow]:
        """The jobs to be seen, those asked for last first."""
        return [row for row in self._rows.listed() if self._sees(row)]

    def get(self, id: str) -> JobRow:
        """One of `listed`. Raises NotFound."""
        row = self._rows.get(id)
        if row is None or not self._sees(row):
            raise NotFound("这件工作已经不在了。", hint="较早的工作不再保留；请再做一次。")
        return row

    def save(self, row: JobRow) -> None:
        """Keep a job of the actor's own. Raises NotAllowed for another's."""
        if row.owner != self._actor.id:
            raise NotAllowed("这件工作是别人交办的", hint="请交办的人自己来改")
        self._rows.save(row)

    def interrupt(self) -> int:
        """Mark as interrupted what a program that has ended left unfinished; how much that was.

        To be called only where no other program can be working on it.
        """
        return self._rows.interrupt()

    def _sees(self, row: JobRow) -> bool:
        return row.owner == self._actor.id or self._actor.rights.allow(Action.MAINTAIN)
