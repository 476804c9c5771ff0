"""Replacements in many articles that can be taken back, and errors reported by readers.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column and a table; nothing existing changes."""
    op.add_column("bulk_changed", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "error_reports",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("article", sa.Integer(), sa.ForeignKey("articles.key"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("settled", sa.Text()),
        sa.Column("settled_by", sa.Text()),
        sqlite_autoincrement=True,
    )
    op.create_index("error_reports_by_article", "error_reports", ["article"])
