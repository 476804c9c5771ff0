"""Who has read which scanned page against its picture, as rows. Only the database guards them."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from archive.model.errors import Conflict
from archive.model.scanned_pages import ROUNDS, PageProof
from archive.store import article_rows, audit
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import articles, page_proofs


class PageProofRows:
    """The signatures on the pages of one library. Every change is told to the audit log by who made it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, article: str) -> tuple[PageProof, ...]:
        """Those on the pages of an article, the first round first."""
        table = page_proofs.c
        query = (
            select(table.picture, table.round, table.who, table.signed, table.text)
            .join(articles, articles.c.key == table.article)
            .where(articles.c.id == article)
            .order_by(table.round, table.picture)
        )
        with self._database.reading() as connection:
            return tuple(PageProof(*row) for row in connection.execute(query))

    def sign(self, article: str, number: int, picture: str, round: int, text: str, who: str) -> None:
        """Sign page `number` (for the log). Raises NotFound, and Conflict where somebody has signed it meanwhile."""
        moment = now()
        with self._database.writing() as connection:
            key, _ = article_rows.key_and_version(connection, article)
            same = (page_proofs.c.article == key, page_proofs.c.picture == picture, page_proofs.c.round == round)
            if connection.scalar(select(page_proofs.c.who).where(*same)):
                raise Conflict(f"这一页的{ROUNDS[round]}已经有人签了", hint="重新打开这一页再看")
            row = {"article": key, "picture": picture, "round": round, "who": who, "signed": moment, "text": text}
            connection.execute(insert(page_proofs).values(row))
            audit.note(connection, (moment, who), "page-proof", article, f"扫描件第 {number} 页{ROUNDS[round]}")

    def take_back(self, article: str, number: int, picture: str, round: int, who: str) -> None:
        """Take the signature of a round back, and those of later rounds with it."""
        with self._database.writing() as connection:
            key, _ = article_rows.key_and_version(connection, article)
            wanted = (page_proofs.c.article == key, page_proofs.c.picture == picture, page_proofs.c.round >= round)
            if connection.execute(delete(page_proofs).where(*wanted)).rowcount:
                told = f"扫描件第 {number} 页撤回{ROUNDS[round]}签名"
                audit.note(connection, (now(), who), "page-proof", article, told)
