"""What a request may reach: the library being served."""

from __future__ import annotations

from typing import cast

from flask import Flask, abort, current_app

from archive.library import Library
from archive.model.access import Rights
from archive.model.records import Article

_KEY = "wenshi.library"


def attach(app: Flask, library: Library) -> None:
    """Make `library` the one that `app` serves."""
    app.extensions[_KEY] = library


def library() -> Library:
    """The library of the application handling this request."""
    return cast(Library, current_app.extensions[_KEY])


def rights() -> Rights:
    """What the visitor may see. Without accounts the visitor is the person at the machine."""
    return Rights.local()


def may_read(article: Article) -> bool:
    """Whether the visitor's rights cover `article`."""
    allowed = rights()
    return article.access in allowed.access and article.status in allowed.statuses


def readable(article_id: str) -> Article:
    """An article the visitor may read. Raises NotFound; a withdrawn one is 410."""
    article = library().article(article_id)
    if not may_read(article):
        abort(410, f"“{article.title}”已经{article.status.value}，不再提供阅读。")
    return article
