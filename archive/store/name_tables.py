"""The tables of people, places and bodies; see archive/store/name_rows.py."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from archive.store.schema import metadata

# People, places and bodies. Versions hold what is known of them; `merged_into` is the key of another record, or 0.
name_records = Table(
    "name_records",
    metadata,
    Column("key", Integer, primary_key=True),
    *(Column(name, Integer, nullable=False) for name in ("version", "merged_into", "removed")),
    sqlite_autoincrement=True,
)
name_versions = Table(
    "name_versions",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("record", Integer, ForeignKey("name_records.key"), nullable=False),
    Column("version", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("body", "done", "reason", "who", "moment")),  # body is JSON
    Index("name_versions_by_record", "record", "version"),
    sqlite_autoincrement=True,
)

# Who is meant at a place of a text; `replaced` is the batch that decided the place anew, or 0.
name_decisions = Table(
    "name_decisions",
    metadata,
    Column("key", Integer, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("article", "anchor", "form", "standing", "records", "rejected")),
    *(Column(name, Text, nullable=False) for name in ("reason", "who", "moment")),
    *(Column(name, Integer, nullable=False) for name in ("batch", "replaced")),
    Index("name_decisions_by_article", "article"),
    sqlite_autoincrement=True,
)
