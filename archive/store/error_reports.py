"""What readers think is wrong in an article, until an editor has settled it.

Only the database guards them, not the writer's lock: who reads must not wait for a long import.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from archive.model.access import Rights
from archive.model.errors import Conflict, NotFound
from archive.model.holdings import ErrorReport
from archive.store import article_rows, audit, dialects
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import articles, error_reports
from archive.store.visibility import covered


class ErrorReports:
    """The reports of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, report: ErrorReport, who: str) -> int:
        """Keep a report, whose key, moment and settlement do not count; its key. Raises NotFound."""
        moment = now()
        with self._database.writing() as connection:
            article, _ = article_rows.key_and_version(connection, report.article)
            row = {
                "article": article,
                "version": report.version,
                "block": report.block,
                "start": report.start,
                "end": report.end,
                "words": report.words,
                "moment": moment,
                "who": who,
            }
            key = dialects.added(connection, error_reports, row)
            audit.note(connection, (moment, who), "report", report.article, f"报错 {key}")
        return key

    def all(self, rights: Rights) -> tuple[ErrorReport, ...]:
        """All reports on articles that rights cover, the latest first."""
        return self._database.remembered(("reports", rights), lambda connection: _all(connection, rights))

    def settle(self, key: int, answer: str, who: str) -> None:
        """Settle a report. Raises NotFound, and Conflict when somebody else was quicker."""
        moment = now()
        with self._database.writing() as connection:
            held = connection.execute(select(error_reports.c.answer).where(error_reports.c.key == key)).first()
            if held is None:
                raise NotFound("没有这一条报错", hint="重新打开报错的清单再看")
            if held.answer is not None:
                raise Conflict("这一条报错已经有人处理过了", hint="重新打开报错的清单再看")
            settled = {"answer": answer, "settled": moment, "settled_by": who}
            connection.execute(update(error_reports).where(error_reports.c.key == key).values(settled))
            audit.note(connection, (moment, who), "report", str(key), "报错已处理")


def _all(connection: Connection, rights: Rights) -> tuple[ErrorReport, ...]:
    table = error_reports.c
    query = (
        select(
            table.key, articles.c.id, table.version, table.block, table.start, table.end,
            table.words, table.moment, table.who, table.answer, table.settled, table.settled_by,
        )
        .join(articles, articles.c.key == table.article)
        .where(covered(rights))
        .order_by(table.key.desc())
    )  # fmt: skip
    return tuple(ErrorReport(*row[:10], row[10] or "", row[11] or "") for row in connection.execute(query))
