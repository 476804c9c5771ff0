"""Messages to people inside the program, as rows. Only the database guards them, not the writer's lock."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select, update

from archive.model.accounts import Notice
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import accounts, notices

_KEPT = 200  # of one person; the oldest go first


class NoticeRows:
    """The messages of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, name: str, who: str, words: str, link: str) -> None:
        """Leave a message from somebody for the people of that name who may sign in."""
        open_ones = select(accounts.c.id).where(accounts.c.name == name, accounts.c.disabled == "")
        with self._database.reading() as connection:
            owners = connection.scalars(open_ones).all()
        for owner in owners:
            self._add(owner, who, words, link)

    def _add(self, owner: str, who: str, words: str, link: str) -> None:
        mine = notices.c.owner == owner
        row = {"owner": owner, "moment": now(), "words": words, "link": link, "seen": "", "who": who}
        with self._database.writing() as connection:
            connection.execute(insert(notices).values(row))
            newest = select(notices.c.key).where(mine).order_by(notices.c.key.desc()).limit(_KEPT)
            connection.execute(delete(notices).where(mine, notices.c.key.not_in(newest)))

    def listed(self, owner: str) -> tuple[Notice, ...]:
        """The messages for one actor, the newest first."""
        table = notices.c
        columns = (table.key, table.moment, table.words, table.link, table.seen, table.who)
        query = select(*columns).where(table.owner == owner)
        with self._database.reading() as connection:
            return tuple(Notice(*row) for row in connection.execute(query.order_by(table.key.desc())))

    def unseen(self, owner: str) -> int:
        """How many of them were not seen yet."""
        return self._database.remembered("notices", _unseen).get(owner, 0)

    def see(self, owner: str) -> None:
        """Mark all messages for one actor as seen."""
        with self._database.writing() as connection:
            unseen = (notices.c.owner == owner, notices.c.seen == "")
            connection.execute(update(notices).where(*unseen).values(seen=now()))


def _unseen(connection: Connection) -> dict[str, int]:
    """How many each owner has not seen."""
    query = select(notices.c.owner, func.count()).where(notices.c.seen == "").group_by(notices.c.owner)
    return {row[0]: row[1] for row in connection.execute(query)}
