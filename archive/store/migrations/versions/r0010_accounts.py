"""Accounts with roles, the browsers they are signed in with, and messages to people.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("login", sa.Text(), nullable=False, unique=True),
        *_texts("name", "password"),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        *_texts("changed", "disabled", "made"),
    )
    op.create_table(
        "account_roles",
        sa.Column("account", sa.Text(), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("role", sa.Text(), primary_key=True),
        sa.Column("collection", sa.Text(), primary_key=True),
    )
    op.create_table(
        "logins",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), sa.ForeignKey("accounts.id"), nullable=False),
        *_texts("began", "seen", "address", "agent"),
    )
    op.create_index("logins_by_account", "logins", ["account"])
    op.create_table("login_attempts", sa.Column("key", sa.Integer(), primary_key=True), *_texts("about", "moment"))
    op.create_index("login_attempts_about", "login_attempts", ["about", "moment"])
    op.create_table(
        "notices", sa.Column("key", sa.Integer(), primary_key=True), *_texts("owner", "moment", "words", "link", "seen")
    )
    op.create_index("notices_by_owner", "notices", ["owner"])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
