"""Labels that people put on places: each is somebody's own and stays on its words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple

from sqlalchemy import delete, insert, select

from archive.store.database import Database
from archive.store.lock import now
from archive.store.workbench_schema import place_labels
from archive.text.anchors import Anchor


class PlaceLabels:
    """The labels of one library. Only the database guards them: who reads must not wait for a long import."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, owner: str) -> Mapping[str, tuple[tuple[Anchor, str], ...]]:
        """Somebody's labels by article id, with the anchors of their places."""
        table = place_labels.c
        query = select(table.article, table.anchor, table.label).where(table.owner == owner).order_by(table.key)

        found: dict[str, tuple[tuple[Anchor, str], ...]] = {}
        with self._database.reading() as connection:
            for article, anchor, label in connection.execute(query):
                found[article] = (*found.get(article, ()), (Anchor(*json.loads(anchor)), label))
        return found

    def put(self, owner: str, article: str, anchor: Anchor, label: str) -> None:
        """Label a place, instead of any label it has from this owner; an empty label takes it off."""
        table = place_labels
        row = {"owner": owner, "article": article, "anchor": json.dumps(astuple(anchor), ensure_ascii=False)}
        with self._database.writing() as connection:
            same = (table.c[name] == value for name, value in row.items())
            connection.execute(delete(table).where(*same))
            if label:
                connection.execute(insert(table).values(**row, label=label, moment=now()))
