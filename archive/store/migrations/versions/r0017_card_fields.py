"""Cards: dates, people, places, what is verified and where it went, and the history of all that.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    for name in ("dated", "meant", "persons", "places"):
        op.add_column("cards", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("begins", "ends"):
        op.add_column("cards", sa.Column(name, sa.Integer()))
    for name in ("checked", "uses"):
        op.add_column("cards", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "card_changes",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("card", sa.Integer(), sa.ForeignKey("cards.key"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("moment", "who", "field", "before", "after")),
    )
    op.create_index("ix_card_changes_card", "card_changes", ["card"])
