"""People, places and bodies as records in versions, and who is meant at places of texts.

What an office's names.csv holds is taken over when the library is opened: see archive/catalogue/names_file.py.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "name_records",
        sa.Column("key", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("version", "merged_into", "removed")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "name_versions",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("record", sa.Integer(), sa.ForeignKey("name_records.key"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("body", "done", "reason", "who", "moment")),
        sqlite_autoincrement=True,
    )
    op.create_index("name_versions_by_record", "name_versions", ["record", "version"])
    op.create_table(
        "name_decisions",
        sa.Column("key", sa.Integer(), primary_key=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("article", "anchor", "form", "standing", "records", "rejected", "reason", "who", "moment")
        ),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("name_decisions_by_article", "name_decisions", ["article"])
