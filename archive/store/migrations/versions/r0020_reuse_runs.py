"""What stands in several articles, as it was last looked for.

Revision ID: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "reuse_runs",
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("scope", sa.Text(), primary_key=True),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
