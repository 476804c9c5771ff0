"""What people call facets and their values, and a search in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archive.model.records import Genre
from archive.model.search import PeriodIn, Search
from archive.search.conditions import bearer

FACET_NAMES = {
    "collection": "文集",
    "volume": "辑",
    "section": "栏目",
    "author": "作者",
    "decade": "年代",
    "genre": "类型",
    "person": "人物",
    "place": "地点",
}
"""The filters of `Search` that take several values, in the order they are shown."""

PLACES = {PeriodIn.ANY: "成文或文中", PeriodIn.DATE: "成文", PeriodIn.TEXT: "文中"}
"""Where a period is looked for."""

UNDATED = {PeriodIn.ANY: "没有任何日期", PeriodIn.DATE: "成文日期不详", PeriodIn.TEXT: "文中没有日期"}

GENRES = {Genre.ARTICLE: "文章", Genre.ENTRY: "大事记条目", Genre.TERM: "组织史", Genre.MATTER: "卷首卷末"}


def label(facet: str, value: str, titles: Mapping[str, str]) -> str:
    """A facet's value in words; `titles` are those of the collections by id."""
    if facet == "collection":
        return titles.get(value, value)
    if facet == "genre":
        return GENRES[Genre(value)]
    if facet == "decade":
        return f"{value}年代" if int(value) >= 0 else f"前{-int(value)}年代"
    if facet in ("person", "place"):
        name, number = bearer(value)
        return f"{name}（编号 {number}）" if number else name
    return value


def filters_in_words(search: Search, titles: Mapping[str, str]) -> Iterator[str]:
    """What is chosen beside words and period; `titles` are those of the collections by id."""
    if search.scope:
        yield f"工作集“{search.scope}”"
    for facet, name in FACET_NAMES.items():
        if values := getattr(search, facet):
            yield f"{name}：{'、'.join(label(facet, str(value), titles) for value in values)}"
    if search.undated:
        yield UNDATED[search.undated]


def in_words(search: Search, titles: Mapping[str, str]) -> str:
    """A search as a person would read it, in one line."""
    period = f"时期 {search.period}（{PLACES[search.period_in]}）" if search.period else ""
    written = "照原字形" if search.as_written else ""
    parts = (search.text or "（全部）", period, written, *filters_in_words(search, titles))
    return "；".join(part for part in parts if part)
