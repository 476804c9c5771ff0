"""Cards: words copied out of texts, with their places.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "cards",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("article", sa.Integer(), sa.ForeignKey("articles.key"), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("version", "block", "start", "end")),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("written", "before", "after", "classes", "note", "owner", "who", "moment")
        ),
        sa.Column("changed", sa.Text()),
        sqlite_autoincrement=True,
    )
    op.create_index("cards_by_article", "cards", ["article"])
