"""What people call the values of facets."""

from __future__ import annotations

from collections.abc import Mapping

from archive.model.records import Genre

GENRES = {Genre.ARTICLE: "文章", Genre.ENTRY: "大事记条目", Genre.TERM: "组织史", Genre.MATTER: "卷首卷末"}


def label(facet: str, value: str, titles: Mapping[str, str]) -> str:
    """A facet's value in words; `titles` are those of the collections by id."""
    if facet == "collection":
        return titles.get(value, value)
    if facet == "genre":
        return GENRES[Genre(value)]
    if facet == "decade":
        return f"{value}年代" if int(value) >= 0 else f"前{-int(value)}年代"
    return value
