"""What lets programs in as somebody, as rows. Only the database guards them, as it does accounts."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from archive.model.accounts import Scope, Token
from archive.store import audit
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import tokens


class TokenRows:
    """The tokens of one library. Every change is told to the audit log by who made it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, owner: str) -> tuple[Token, ...]:
        """Those of one person, the newest first."""
        with self._database.reading() as connection:
            found = [one for one in _tokens(connection).values() if one.owner == owner]
        return tuple(sorted(found, key=lambda one: (one.made, one.id), reverse=True))

    def held(self, digest: str) -> Token | None:
        """The one whose secret has this SHA-256; None where there is none."""
        return self._database.remembered("tokens", _tokens).get(digest)

    def add(self, token: Token, digest: str, who: str) -> None:
        """Keep one."""
        row = {name: getattr(token, name) for name in Token.__dataclass_fields__}
        row |= {"digest": digest, "scopes": " ".join(token.scopes)}
        with self._database.writing() as connection:
            connection.execute(insert(tokens).values(row))
            told = f"访问令牌“{token.name}”：{' '.join(token.scopes)}，用到 {token.ends[:10]}"
            audit.note(connection, (token.made, who), "token", token.owner, told)

    def end(self, id: str, owner: str, who: str) -> bool:
        """Let one let nobody in any more; whether there was one."""
        with self._database.writing() as connection:
            gone = delete(tokens).where(tokens.c.id == id, tokens.c.owner == owner)
            name = connection.scalar(select(tokens.c.name).where(tokens.c.id == id, tokens.c.owner == owner))
            if connection.execute(gone).rowcount == 0:
                return False
            audit.note(connection, (now(), who), "token", owner, f"访问令牌“{name}”：停用")
            return True

    def seen(self, id: str, moment: str) -> None:
        """Note when one was last used."""
        with self._database.writing() as connection:
            connection.execute(update(tokens).where(tokens.c.id == id).values(seen=moment))


def _tokens(connection: Connection) -> dict[str, Token]:
    """All of them by their digests."""
    names = tuple(Token.__dataclass_fields__)
    found = {}
    for row in connection.execute(select(tokens)).mappings():
        scopes = tuple(Scope(one) for one in row["scopes"].split())
        found[row["digest"]] = Token(**{name: row[name] for name in names} | {"scopes": scopes})
    return found
