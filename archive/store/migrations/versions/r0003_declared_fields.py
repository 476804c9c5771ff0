"""Fields that a collection declares for its own kind of record.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column; collections so far declare nothing."""
    op.add_column("collections", sa.Column("fields", sa.Text(), nullable=False, server_default="[]"))
