"""The book a visitor gathers texts for: chosen once, it gets every text whose button is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import g, url_for
from flask import session as login

from archive.model.access import Action
from archive.model.project import Item, Project
from web.base import current

_KEY = "gathers_for"


def book() -> Project | None:
    """The project that texts go into now; None before one was chosen, and when that one is gone."""
    if "gathered" not in g:
        name, books = login.get(_KEY), current.session().books
        g.gathered = books.project(name) if name and name in books.names() else None
    found: Project | None = g.gathered
    return found


def gather_for(name: str) -> None:
    """Let texts go into this project from now on."""
    login[_KEY] = name
    g.pop("gathered", None)
    g.pop("gather_button", None)


def items() -> dict[str, Item]:
    """The items of that project by article; of one that stands there several times, the first."""
    project = book()
    if project is None:
        return {}
    if "gathered_items" not in g or g.gathered_items[0] is not project:
        g.gathered_items = project, {item.article: item for item in reversed(list(project.items))}
    found: dict[str, Item] = g.gathered_items[1]
    return found


class GatherButton(NamedTuple):
    """What the buttons of one page have in common: the name of the book, "" for none yet, what is in it, addresses."""

    book: str
    items: Mapping[str, Item]
    add: str
    remove: str


def button() -> GatherButton | None:
    """What the button of a text needs; None for who may not put texts into books."""
    if "gather_button" not in g:
        project = book()
        made = GatherButton(
            project.name if project else "", items(), url_for("book_adding.add"), url_for("book_adding.remove")
        )
        g.gather_button = made if possible() else None
    found: GatherButton | None = g.gather_button
    return found


def possible() -> bool:
    """Whether who asks may put texts into books at all."""
    if "may_gather" not in g:
        g.may_gather = current.session().may(Action.COMPILE)
    return bool(g.may_gather)
