"""Registers: records, the steps they took, and private fields.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "work_records",
        sa.Column("key", sa.Integer(), primary_key=True),
        *_texts("procedure", "number", "subject", "state", "fields", "rows", "assignee", "due", "moment"),
        sa.Column("steps", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("work_records_by_procedure", "work_records", ["procedure", "number"])
    op.create_index("work_records_by_subject", "work_records", ["subject"])
    op.create_table(
        "record_steps",
        sa.Column("key", sa.Integer(), primary_key=True),
        sa.Column("record", sa.Integer(), sa.ForeignKey("work_records.key"), nullable=False),
        *_texts("source", "to_state", "moment", "actor", "who", "signer", "post", "opinion", "reason", "toward"),
        *_texts("fields", "rows", "assignee", "due"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("record_steps_by_record", "record_steps", ["record"])
    op.create_table(
        "private_values",
        sa.Column("record", sa.Integer(), sa.ForeignKey("work_records.key"), primary_key=True),
        sa.Column("field", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
