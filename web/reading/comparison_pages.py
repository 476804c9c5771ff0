"""Two articles side by side, and the articles that are like one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.model.access import OUT_OF_USE
from archive.model.records import Article
from archive.session import Session
from archive.text.spans import Span
from ingest.duplicates.likeness import THRESHOLD, compared, likeness, open_duplicates
from ingest.duplicates.shingles import LEAST, comparable
from web.base import current, jobs
from web.base.job_queue import Job, Lane

pages = Blueprint("comparing", __name__)

CATCH_UP = "compare-all"
_MANY = 300  # articles that a page does not wait for


@jobs.kind(CATCH_UP, key=lambda arguments: CATCH_UP, lane=Lane.UPKEEP)
def catch_up(job: Job, session: Session, arguments: Any) -> None:
    """Makes what comparing needs of all articles that came in or changed."""
    with open_duplicates(session, current=False) as duplicates:
        duplicates.catch_up(lambda done, total: job.tell("读各篇的文字", done, total))


@pages.get("/diff/<left_id>/<right_id>")
def diff(left_id: str, right_id: str) -> ResponseReturnValue:
    """Two articles paragraph beside paragraph, what the other side lacks marked."""
    return side_by_side(current.readable(left_id), current.readable(right_id))


def side_by_side(left: Article, right: Article) -> str:
    """The page that compares two articles; one without an id is a draft that is not stored yet."""
    pairs = compared(left, right)
    return render_template(
        "diff.html",
        left=left,
        right=right,
        collections={each.id: each for each in current.session().collections()},
        likeness=likeness(left, right),
        pairs=pairs,
        different=sum(not pair.equal for pair in pairs),
        pieces=pieces,
    )


@pages.get("/article/<article_id>/like")
def like(article_id: str) -> ResponseReturnValue:
    """The articles that have much of their text in common with this one, most first.

    A page of its own: where the library has changed since, what comparing needs is made anew first, as a job where that
    takes long.
    """
    session, article = current.session(), current.readable(article_id)
    with open_duplicates(session, current=False) as duplicates:
        many = len(duplicates.waiting()) > _MANY
    if many:
        return jobs.follow(_catching_up())
    with open_duplicates(session) as duplicates:
        found = [each for each in duplicates.like(article) if each.other.status not in OUT_OF_USE]
    return render_template(
        "like.html",
        article=article,
        found=found,
        collections={each.id: each for each in session.collections()},
        threshold=int(THRESHOLD * 100),
        short=len(comparable(article.blocks)) < LEAST,
        least=LEAST,
    )


def _catching_up() -> Job:
    """The job that makes what comparing needs: the one that runs, or a new one that leads back to this page."""
    running = jobs.jobs().latest(CATCH_UP)
    if running is not None and not running.over:
        return running
    job = jobs.start(CATCH_UP, "准备比较相近的文章", None, back=request.path)
    job.then = request.path
    return job


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """The text cut at the ends of `spans` (ascending, disjoint): each piece and whether it lies in one."""
    at = 0
    for start, end in spans:
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False
