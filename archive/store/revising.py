"""The next version of an article, and its next status. All inside the connection's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, update

from archive.model.date_decisions import Decision
from archive.model.records import Article, Mention, Status
from archive.store import article_rows, audit, collections, decision_rows, imports, narrowing, schema

Origin = tuple[str, str, str]
"""(moment, who, reason)."""

Described = tuple[Article, Sequence[Mention], Sequence[Decision]]
"""An article as it is to be, the dates in its text, and the decisions on them with their places in this version."""


def revise(connection: Connection, described: Described, origin: Origin) -> Article:
    """Store the next version of an article; its status is not changed. Conflict, NotFound."""
    article, mentions, decisions = described
    collections.collection(connection, article.collection)
    if article.original:
        imports.original_name(connection, article.original)
    before = article_rows.access_of(connection, article.id)
    with narrowing.noted(connection, schema.articles.c.id == article.id, origin[:2]):
        stored = article_rows.revise(connection, article, mentions, origin)
    decision_rows.move(connection, decisions)
    audit.note(connection, origin[:2], "revise", article.id, f"第 {stored.version} 版：{origin[2]}")
    if stored.access is not before:
        audit.note(connection, origin[:2], "access", article.id, f"{before.value} → {stored.access.value}")
    return stored


def set_status(connection: Connection, id: str, status: Status, origin: Origin) -> Article:
    """Give an article another status. NotFound."""
    before = article_rows.read(connection, [id])[0]
    key, _ = article_rows.key_and_version(connection, id)
    connection.execute(update(schema.articles).where(schema.articles.c.key == key).values(status=status.value))
    article_rows.changed(connection, [key])
    audit.note(connection, origin[:2], "status", id, f"{before.status.value} → {status.value}：{origin[2]}")
    return replace(before, status=status)


def describe(connection: Connection, described: Described, origin: Origin) -> Article:
    """Store an article with its status; one that differs in its status alone makes no new version. As `revise`."""
    article, *_ = described
    present = article_rows.read(connection, [article.id])[0]
    as_stored = replace(article, status=present.status, version=present.version, digest=present.digest)
    stored = present
    if as_stored != present or article.version not in (0, present.version):
        stored = revise(connection, described, origin)
    if article.status is not present.status:
        stored = set_status(connection, article.id, article.status, origin)
    return stored
