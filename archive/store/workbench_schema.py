"""The tables of the workbench: cards, what was changed on them, 长编 made from them, and labels on places of texts."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from archive.store.schema import metadata

# Words copied out of texts; `classes`, `persons` and `places` are lines, `begins` and `ends` Julian days of what the
# date is understood as, `changed` is NULL until what is said of the words is changed.
cards = Table(
    "cards",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("article", Integer, ForeignKey("articles.key"), nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("version", "block", "start", "end")),
    *(Column(name, Text, nullable=False) for name in ("written", "before", "after", "classes", "note")),
    *(Column(name, Text, nullable=False) for name in ("owner", "who", "moment")),
    Column("changed", Text),
    *(Column(name, Text, nullable=False, server_default="") for name in ("dated", "meant", "persons", "places")),
    Column("begins", Integer),
    Column("ends", Integer),
    *(Column(name, Text, nullable=False, server_default="") for name in ("checked", "uses")),
    Index("cards_by_article", "article"),
    sqlite_autoincrement=True,
)

# What people changed on cards: a field, from what to what.
card_changes = Table(
    "card_changes",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("card", Integer, ForeignKey("cards.key"), nullable=False, index=True),
    *(Column(name, Text, nullable=False) for name in ("moment", "who", "field", "before", "after")),
)

# Labels that somebody put on places of texts (保留, 剔除, 待查).
place_labels = Table(
    "place_labels",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("owner", Text, nullable=False, index=True),  # id of the actor
    Column("article", Text, nullable=False),
    Column("anchor", Text, nullable=False),  # JSON: block, start, words, what stands before and after
    Column("label", Text, nullable=False),
    Column("moment", Text, nullable=False),
)

# Cards put together by event under a tree of headings (长编), as JSON.
compilations = Table(
    "compilations",
    metadata,
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("moment", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("body", Text, nullable=False),
)

# What was found to stand in several articles, as JSON: made anew when it is asked for, gone when anything is purged.
reuse_runs = Table(
    "reuse_runs",
    metadata,
    Column("owner", Text, primary_key=True),  # id of the actor
    Column("scope", Text, primary_key=True),  # "" for all
    Column("moment", Text, nullable=False),
    Column("body", Text, nullable=False),
)
