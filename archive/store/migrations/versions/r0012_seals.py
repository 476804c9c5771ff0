"""Checksums over descriptions; the audit log says from where, and is a chain.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

from archive.store import audit, seals

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and fill them for what is there."""
    for table in ("articles", "versions"):
        op.add_column(table, sa.Column("seal", sa.Text(), nullable=False, server_default=""))
    for name in ("place", "salt", "detail_digest", "digest"):
        op.add_column("audit", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    _seal(connection, "articles", ("key",), seals.OF_ARTICLE)
    _seal(connection, "versions", ("article", "version"), seals.OF_VERSION)
    _chain(connection)


def _seal(connection: sa.Connection, table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> None:
    named = list(dict.fromkeys((*keys, *columns)))
    rows = connection.exec_driver_sql(f"SELECT {', '.join(named)} FROM {table}").mappings().all()
    this = " AND ".join(f"{key} = ?" for key in keys)
    for row in rows:
        values = (seals.seal(columns, dict(row)), *(row[key] for key in keys))
        connection.exec_driver_sql(f"UPDATE {table} SET seal = ? WHERE {this}", values)


def _chain(connection: sa.Connection) -> None:
    rows = connection.exec_driver_sql("SELECT key, moment, who, action, subject, detail FROM audit ORDER BY key").all()
    connection.exec_driver_sql("DELETE FROM audit")
    before = ""
    for number, (_, moment, who, action, subject, detail) in enumerate(rows, 1):
        entry = audit.chained(before, (number, moment, who, action, subject, ""), detail)
        before = str(entry["digest"])
        names = ", ".join(entry)
        marks = ", ".join("?" * len(entry))
        connection.exec_driver_sql(f"INSERT INTO audit ({names}) VALUES ({marks})", tuple(entry.values()))
