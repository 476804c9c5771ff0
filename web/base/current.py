"""What a request may reach: a session of whoever asks, over the library being served."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app
from werkzeug.exceptions import Gone

from archive.library import Library
from archive.model.access import OUT_OF_USE, Action
from archive.model.records import Article
from archive.purging import is_purged
from archive.session import Session
from web.base import door
from web.base.rendering import local_moment

_KEY = "wenshi.library"


class OutOfUse(Gone):
    """The answer for an article that is not shown any more; `heading` says what became of it."""

    def __init__(self, heading: str, sentence: str) -> None:
        super().__init__(sentence)
        self.heading = heading


def attach(app: Flask, library: Library) -> None:
    """Make `library` the one that `app` serves."""
    app.extensions[_KEY] = library


def library() -> Library:
    """The library of the application handling this request."""
    return cast(Library, current_app.extensions[_KEY])


def session() -> Session:
    """The library as whoever asks may read and change it: see door.py."""
    return library().session(door.actor())


def require(action: Action, article: Article | None = None) -> None:
    """Raise NotAllowed unless whoever asks may do this: with an article, or anywhere."""
    session().actor.require(action, article)


def require_in(action: Action, collection: str) -> None:
    """Raise NotAllowed unless whoever asks may do this with a collection as a whole."""
    session().actor.require_in(action, collection)


def readable(article_id: str) -> Article:
    """An article to be shown. Raises NotFound; one that is out of use is answered with 410."""
    asking = session()
    article = asking.article(article_id)
    if is_purged(article):
        stone = asking.versions(article_id)[0]  # purging leaves no version before it
        sentence = f"编号 {article_id} 的文章已于 {local_moment(stone.when)} 清除，不能恢复。理由：{stone.reason}"
        raise OutOfUse("此篇已清除", sentence)
    if article.status in OUT_OF_USE:
        status = article.status.value
        raise OutOfUse(f"此篇已经{status}", f"“{article.title}”已经{status}，不再提供阅读。")
    return article
