"""Who may see anything of a collection, and the 准印证 it was printed under.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns; collections so far are as open as their articles."""
    op.add_column("collections", sa.Column("permit", sa.Text(), nullable=False, server_default=""))
    op.add_column("collections", sa.Column("access", sa.Text(), nullable=False, server_default="公开"))
