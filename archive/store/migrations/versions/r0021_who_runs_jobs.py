"""Which program does a piece of long work, since several may serve one library.

Revision ID: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what older programs left unfinished is nobody's."""
    op.add_column("jobs", sa.Column("runner", sa.Integer(), nullable=False, server_default="0"))
