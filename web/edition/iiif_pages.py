"""Scanned texts for programs that show pictures: IIIF manifests, in the office's pages and in a reading room.

Who is signed in gets what they may read; in a reading room everybody gets what is released and open.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from archive.model.errors import NotFound
from archive.model.records import Article
from web.base import current
from web.edition import here
from web.reading import iiif

pages = Blueprint("iiif", __name__)


@pages.get("/iiif/<article_id>/manifest.json")
def manifest(article_id: str) -> Response:
    """The pages of a text with their pictures."""
    article = _article(article_id)
    found = iiif.facsimiles(here.session(), article)
    if not found:
        raise NotFound("这篇文章没有扫描图像。", hint="正文在阅读页上")
    collection = here.session().collection(article.collection)
    return _sent(iiif.manifest(article, collection, found, _addresses(article)))


@pages.get("/iiif/<article_id>/page/<int:number>.json")
def words(article_id: str, number: int) -> Response:
    """The text of the page of a number, counted from 1."""
    article = _article(article_id)
    found = iiif.facsimiles(here.session(), article, range(number - 1, number + 2))
    if number not in found:
        raise NotFound("这篇文章没有这一页扫描图像。", hint="文章也许更正过了，请从阅读页重新打开。")
    return _sent(iiif.words(article, found, number, _addresses(article)))


def _article(article_id: str) -> Article:
    return here.session().article(article_id) if here.in_room() else current.readable(article_id)


def _addresses(article: Article) -> iiif.Addresses:
    return iiif.Addresses(f"{request.url_root}iiif/{article.id}/", here.text_url(article.id), here.picture_at)


def _sent(value: iiif.Json) -> Response:
    return Response(iiif.written(value), content_type=iiif.MEDIA_TYPE)
