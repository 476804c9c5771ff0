"""Dates in the text: what each was read as; the editor rejects, corrects, takes back; contradictions to proofread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive import dates
from archive.model.access import Action
from archive.model.date_decisions import CONFLICT, RULE, overlapping
from archive.model.errors import NotFound, PeriodError, UsageError
from archive.model.integers import whole_number
from archive.model.records import OPEN, Article, Mention, Period
from archive.model.search import Passage
from archive.session import Session
from archive.text.excerpts import excerpt
from web.base import current
from web.base.rendering import TextLink
from web.reading.leaves import place_url

pages = Blueprint("dating", __name__)

_SITE = "/article/<article_id>/date/<int:block>/<int:start>-<int:end>"


def datings(article: Article, mentions: Sequence[Mention]) -> dict[int, list[TextLink]]:
    """The dates to mark in each block, several readings of one place together; of overlapping ones the first."""
    marked: dict[int, list[TextLink]] = {}
    for (block, start, end), group in groupby(mentions, lambda each: (each.block, each.start, each.end)):
        before = marked.setdefault(block, [])
        if before and start < before[-1].span[1]:
            continue
        readings = tuple(group)
        url = url_for("dating.date", article_id=article.id, block=block, start=start, end=end)
        style = "date doubtful" if any(each.rule.endswith(CONFLICT) for each in readings) else "date"
        before.append(TextLink((start, end), says(readings), url, style))
    return marked


def inferred(mention: Mention) -> str:
    """From what the year of a date was inferred that names none; empty where the text tells it."""
    rule = mention.rule.removesuffix(CONFLICT).removesuffix(OPEN)
    return {"own": "文中没写年，按成文日期推算", "print": "文中没写年，按出版年推算"}.get(rule, "")


def says(readings: Iterable[Mention]) -> str:
    """What a place was read as, in words."""
    readings = tuple(readings)
    unended = any(OPEN in each.rule for each in readings)
    readings = tuple(each for each in readings if OPEN in each.rule) if unended else readings
    said = "，或 ".join(dict.fromkeys(dates.describe(each.period) for each in readings))
    notes = [
        *dict.fromkeys(filter(None, map(inferred, readings))),
        *(
            words
            for words, holds in (
                ("笼统", any(each.vague for each in readings)),
                ("只说了一头", unended),
                ("编辑订正", any(each.rule == RULE for each in readings)),
                ("前后不合，请核对", any(each.rule.endswith(CONFLICT) for each in readings)),
            )
            if holds
        ),
    ]
    return f"公历 {said}" + (f"（{'；'.join(notes)}）" if notes else "")


@pages.get(_SITE)
def date(article_id: str, block: int, start: int, end: int) -> ResponseReturnValue:
    """One place of the text: what it was read as, and forms to reject or correct that."""
    return _page(article_id, (block, start, end))


@pages.post(_SITE)
def decide(article_id: str, block: int, start: int, end: int) -> ResponseReturnValue:
    """Reject what was read here, or correct it."""
    session, form = current.session(), request.form
    version = _number(form.get("version", ""))
    reason = form.get("reason", "").strip()[:500]
    current.readable(article_id)
    if form.get("do") == "reject":
        session.reject_date(article_id, (block, start, end), reason, version)
    else:
        try:
            expression = form.get("expression", "").strip()
            session.correct_date(article_id, (block, start, end), expression, reason, version)
        except PeriodError as error:
            return _page(article_id, (block, start, end), error, form), 400
    return redirect(place_url(article_id, block), code=303)


@pages.post("/article/<article_id>/date/undo")
def undo(article_id: str) -> ResponseReturnValue:
    """Take a decision back."""
    current.readable(article_id)
    current.session().undo_date_decision(article_id, _number(request.form.get("key", "")))
    return redirect(url_for("reading.article", article_id=article_id, _anchor="decisions-title"), code=303)


@pages.get("/proof/dates")
def proof() -> ResponseReturnValue:
    """Dates that contradict each other in print, article by article."""
    session = current.session()
    collection = request.args.get("collection", "")
    found = list(session.contradictions(collection))
    articles = [(article, list(group)) for article, group in groupby(found, lambda each: each.article)]
    return render_template(
        "proof_dates.html",
        total=len(found),
        articles=[(article, [(each, _around(article, each.block, each.start, each.end)) for each in group])
                  for article, group in articles],
        collections={each.id: each for each in session.collections()},
        chosen=collection,
    )  # fmt: skip


def _page(article_id: str, place: tuple[int, int, int], error: PeriodError | None = None, given: object = None) -> str:
    session = current.session()
    article = current.readable(article_id)
    block, start, end = place
    if block >= len(article.blocks) or not start < end <= len(article.blocks[block].text):
        raise NotFound("这篇文章里没有这个地方。", hint="文章也许更正过了，请重新打开再看。")
    readings = [each for each in session.mentions(article_id) if overlapping(place, (each.block, each.start, each.end))]
    return render_template(
        "date.html",
        article=article,
        place=place,
        written=article.blocks[block].text[start:end],
        context=_around(article, block, start, end),
        readings=readings,
        inferred=inferred,
        decisions=[
            decision for decision, at in session.date_decisions(article_id) if at is not None and overlapping(place, at)
        ],
        may_correct=session.may(Action.CORRECT, article),
        error=error,
        given=given or {},
        doubtful=any(each.rule.endswith(CONFLICT) for each in readings),
        periods=dict.fromkeys(filter(None, (_asking_for(session, each.period) for each in readings))),
    )


def _asking_for(session: Session, period: Period) -> str:
    """A period as it can be asked for: in its own words where these say the same without their context."""
    try:
        alone = session.period(period.written)
    except PeriodError:
        alone = None
    if alone and (alone.start, alone.end) == (period.start, period.end):
        return period.written
    start, end = ("" if day is None else dates.iso(day) for day in (period.start, period.end))
    return f"{start}..{end}" if start and end else ""


def _around(article: Article, block: int, start: int, end: int) -> Passage:
    """The place with some text on either side."""
    text = article.blocks[block].text
    return Passage(block, text, (), excerpt(text, ((start, end),)), ((start, end),))


def _number(text: str) -> int:
    number = whole_number(text)
    if number is None:
        raise UsageError("这个表单不完整，没有做任何改动。", hint="请刷新页面后再试。")
    return number
