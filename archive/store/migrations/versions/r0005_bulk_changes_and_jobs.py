"""Imports that can be undone, collections that can be ordered and removed, and one table of long work.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables, and find out which import brought in each article."""
    for name, kind, default in (
        ("year", sa.Text(), ""),
        ("position", sa.Integer(), "0"),
        ("removed", sa.Boolean(), "0"),
    ):
        op.add_column("collections", sa.Column(name, kind, nullable=False, server_default=default))
    # Written out, because Alembic adds no column with a foreign key to a table of SQLite.
    op.execute("ALTER TABLE articles ADD COLUMN import_key INTEGER REFERENCES imports(key)")
    op.execute(
        "UPDATE articles SET import_key = (SELECT imports.key FROM imports JOIN versions "
        "ON versions.original = imports.original AND versions.moment = imports.moment "
        "WHERE versions.article = articles.key AND versions.version = 1 ORDER BY imports.key LIMIT 1)"
    )
    _add_bulk_changes()
    _add_jobs()


def _add_bulk_changes() -> None:
    texts = ("moment", "who", "action", "subject", "target", "detail", "taken_back")
    op.create_table(
        "bulk_changes",
        sa.Column("key", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
    )
    op.create_table(
        "bulk_changed",
        sa.Column("change", sa.Integer(), sa.ForeignKey("bulk_changes.key"), primary_key=True),
        sa.Column("article", sa.Integer(), sa.ForeignKey("articles.key"), primary_key=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("collection", sa.Text(), sa.ForeignKey("collections.id"), nullable=False),
    )


def _add_jobs() -> None:
    before = ("kind", "title", "arguments", "owner", "who", "state", "words")
    after = ("asked", "began", "ended", "message", "hint", "outcome", "back", "then")
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in before),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("done", "total")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in after),
    )
