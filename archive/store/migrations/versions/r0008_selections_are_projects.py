"""Selections become book projects: chosen texts are kept in one way only.

Revision ID: 0008
"""

import json
from datetime import UTC, datetime
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LONGEST = 80
_FORBIDDEN = frozenset('\\/:*?"<>|')
_CHOSEN = """
    SELECT selections.name, articles.id, articles.version, versions.digest
    FROM selections
    JOIN articles ON articles.key = selections.article
    JOIN versions ON versions.article = articles.key AND versions.version = articles.version
    ORDER BY selections.name, selections.position
"""
_KEPT = "INSERT INTO projects (name, revision, moment, who, body) VALUES (:name, 1, :moment, '程序', :body)"


def upgrade() -> None:
    """Make a project of every selection, with the present version of each text; then drop the table."""
    connection = op.get_bind()
    taken = set(connection.scalars(sa.text("SELECT name FROM projects")))
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for old, rows in groupby(connection.execute(sa.text(_CHOSEN)).all(), key=lambda row: row[0]):
        items = [{"article": article, "version": version, "digest": digest} for _, article, version, digest in rows]
        name = _name(old, taken)
        taken.add(name)
        body = {"name": name, "revision": 1, "title": name, "parts": [{"items": items}]}
        connection.execute(
            sa.text(_KEPT),
            {"name": name, "moment": moment, "body": json.dumps(body, ensure_ascii=False)},
        )
    op.drop_table("selections")


def _name(old: str, taken: set[str]) -> str:
    """The selection's name, where a project may have it and the pages had not made it up; else 选编 and a number."""
    fits = old.strip() == old and old.isprintable() and not _FORBIDDEN & set(old) and 0 < len(old) <= _LONGEST
    plain = fits and not old.startswith((".", "basket-")) and not old.endswith(".")
    base = old if plain else "选编"
    numbered = (f"{base[: _LONGEST - 4]}{number or ''}" for number in (0, *range(2, 10_000)))
    return next(name for name in numbered if name not in taken)
