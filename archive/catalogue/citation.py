"""How an article is cited: one line after GB/T 7714-2015, as for a piece in a compiled volume."""

from __future__ import annotations

from archive import dates
from archive.model.records import Article, Collection, Person, Role

_NAMED = 3  # GB/T 7714-2015, 8.1.2: up to three names, then 等


def cite(article: Article, collection: Collection) -> str:
    """The citation of `article`: names, title[G]//volume, date and printed pages, and the number it has here.

    The archive does not know the place and house of publication; they are left out rather than invented.
    """
    parts = [_names(article.people), _title(article, collection), _where(article), article.source]
    return "".join(f"{part.rstrip('.。')}. " for part in parts if part) + _number(article)


def _title(article: Article, collection: Collection) -> str:
    """The title with its type and its host: [G] is a compilation, “//” introduces what the piece stands in."""
    volume = "" if article.volume in collection.title else f": {article.volume}"
    return f"{article.title}[G]//{collection.title}{volume}"


def _names(people: tuple[Person, ...]) -> str:
    """Names by role in the order given: 张三, 李四口述; 王五整理."""
    by_role: dict[Role, list[str]] = {}
    for person in people:
        by_role.setdefault(person.role, []).append(person.name)
    groups = []
    for role, names in by_role.items():
        shown = ", ".join(names[:_NAMED]) + (", 等" if len(names) > _NAMED else "")
        groups.append(shown if role is Role.AUTHOR else f"{shown}{role.value}")
    return "; ".join(groups)


def _where(article: Article) -> str:
    """The date and the printed pages, where they are known: 1985年: 12—15."""
    return ": ".join(filter(None, (_written(article), article.pages)))


def _written(article: Article) -> str:
    if article.date is None:
        return ""
    return article.date.written or dates.describe(article.date)


def _number(article: Article) -> str:
    return f"资料库编号: {article.id}, 第 {article.version} 版."
