"""Labels on places of texts.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    names = ("owner", "article", "anchor", "label", "moment")
    columns = (sa.Column(name, sa.Text(), nullable=False) for name in names)
    op.create_table("place_labels", sa.Column("key", sa.Integer(), primary_key=True), *columns)
    op.create_index("ix_place_labels_owner", "place_labels", ["owner"])
