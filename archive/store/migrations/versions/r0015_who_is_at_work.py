"""Who has an article open to change it, and from whom a message is.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; messages so far are the program's."""
    op.create_table(
        "at_work",
        sa.Column("article", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
    )
    op.add_column("notices", sa.Column("who", sa.Text(), nullable=False, server_default=""))
