"""Who has read which scanned page against its picture.

Revision ID: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "page_proofs",
        sa.Column("article", sa.Integer(), sa.ForeignKey("articles.key"), primary_key=True),
        sa.Column("picture", sa.Text(), primary_key=True),
        sa.Column("round", sa.Integer(), primary_key=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
