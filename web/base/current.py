"""What a request may reach: the library being served."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from archive.library import Library
from archive.model.records import Article
from archive.search.query import Rights

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
