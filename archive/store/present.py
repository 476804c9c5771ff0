"""Articles joined with their present versions."""

from __future__ import annotations

from archive.store.schema import articles, versions

CURRENT = (versions.c.article == articles.c.key) & (versions.c.version == articles.c.version)
