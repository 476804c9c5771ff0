"""Scopes (工作集), saved searches with what they found, and what each person asked.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table("scopes", sa.Column("name", sa.Text(), primary_key=True), *_texts("owner", "who", "moment", "body"))
    op.create_table(
        "saved_searches",
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        *_texts("search", "made", "looked", "found"),
    )
    op.create_table(
        "asked_searches",
        sa.Column("key", sa.Integer(), primary_key=True),
        *_texts("owner", "moment", "search"),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    op.create_table("no_history", sa.Column("owner", sa.Text(), primary_key=True))


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
