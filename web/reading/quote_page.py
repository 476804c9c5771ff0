"""One sentence quoted: its words, where they stand for ever, and the citation."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.catalogue.citation import cite
from archive.model.errors import NotFound
from web.base import current
from web.reading.leaves import place_url

pages = Blueprint("quoting", __name__)


@pages.get("/article/<article_id>/quote/<int:version>/<int:block>/<int:start>-<int:end>")
def quote(article_id: str, version: int, block: int, start: int, end: int) -> ResponseReturnValue:
    """The words of a place in a version, ready to be copied with their source."""
    session = current.session()
    current.readable(article_id)
    article = session.article(article_id, version)
    if block >= len(article.blocks) or not start < end <= len(article.blocks[block].text):
        raise NotFound("这篇文章里没有这个地方。", hint="文章也许更正过了，请重新打开再看。")
    return render_template(
        "quote.html",
        article=article,
        block=block,
        words=article.blocks[block].text[start:end],
        citation=cite(article, session.collection(article.collection)),
        address=place_url(article_id, block, v=version, _external=True),
        there=session.corrections.present_block(article_id, version, block),
    )
