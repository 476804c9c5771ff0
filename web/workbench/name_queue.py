"""Who is meant: names that alone do not tell, their places with what speaks for whom, decided singly or at once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import UsageError, WenshiError
from archive.model.integers import whole_number
from archive.model.name_records import NameRecord, Standing
from archive.model.search import Passage
from archive.text.excerpts import excerpt
from archive.workbench.name_mentions import Mentioned
from web.base import current
from web.base.error_pages import status_of

pages = Blueprint("name_queue", __name__)

_ARTICLES = 30  # looked through for one page
_ROWS = 100  # names on one page
_AROUND = 60  # characters of a passage
MEANS = {
    Standing.OPEN: "还没有定是谁",
    Standing.SETTLED: "就是选中的这一个",
    Standing.EITHER: "选中的几个都有可能",
    Standing.UNKNOWABLE: "凭现有材料定不了",
}
"""Each standing in a sentence."""


def passage(one: Mentioned) -> Passage:
    """The words around a place, to be shown with `excerpt`."""
    block, start, end = one.at.place
    return Passage(block, one.text, ((start, end),), excerpt(one.text, ((start, end),)))


@pages.get("/names/queue")
def queue() -> ResponseReturnValue:
    """The names that are doubtful, those that several go by first."""
    found = current.session().name_mentions.queue()
    page = max(1, request.args.get("page", 1, int) or 1)
    return render_template(
        "name_queue.html",
        doubtful=found[(page - 1) * _ROWS : page * _ROWS],
        total=len(found),
        page=page,
        pages=-(-len(found) // _ROWS),
        standings=tuple(Standing),
    )


@pages.get("/names/queue/form")
def places() -> ResponseReturnValue:
    """The places of one name, a few articles at a time, narrowed by what is known of them."""
    return _places(None)


def _places(error: WenshiError | None) -> ResponseReturnValue:
    session, form = current.session(), request.values.get("form", "").strip()[:100]
    page = max(1, request.values.get("page", 1, int) or 1)
    found = session.name_mentions.open_places(form, limit=_ARTICLES, offset=(page - 1) * _ARTICLES)
    wanted = request.values.get("standing", "")
    shown = [one for one in found.mentions if wanted in ("", one.at.standing.value)]
    page_shown = render_template(
        "name_places.html",
        form=form,
        rows=[(one, passage(one)) for one in shown],
        bearers=session.names.bearers(form),
        records={one.key: one for one in session.names.bearers(form)},
        articles=found.articles,
        page=page,
        pages=-(-found.articles // _ARTICLES),
        wanted=wanted,
        standings=MEANS,
        may_decide=session.name_mentions.may_decide,
        batch=whole_number(request.args.get("batch", "")),
        error=error,
    )
    return page_shown, status_of(error) if error else 200


@pages.post("/names/queue/decide")
def decide() -> ResponseReturnValue:
    """What would be decided, to be looked at first; then decided, all at once."""
    session = current.session()
    current.require(Action.DESCRIBE)
    form, do = request.form.get("form", "").strip()[:100], request.form.get("do", "")
    try:
        standing, records = _standing(do), [int(one) for one in request.form.getlist("record") if one.isdecimal()]
        if do in ("clued", "every"):
            found = session.name_mentions.linkable(form, *_only(records), clued=do == "clued")
            standing = Standing.SETTLED
        else:
            found = session.name_mentions.at(request.form.get("places", "").split() or request.form.getlist("place"))
        if not found:
            raise UsageError("没有选哪几处", hint="在要定的几处前面打勾；成批指认时是没有符合的")
        anew = request.form.get("anew") == "1"
        if do == "decide":
            batch, count = session.name_mentions.decide(found, standing, records, _reason(), anew=anew)
            flash(f"已定 {count} 处：{standing.value}。")
            return redirect(url_for("name_queue.places", form=form, batch=batch), code=303)
    except WenshiError as failure:
        return _places(failure)
    kept = {one.key: one for one in _records(records)}
    skipped = [] if anew else [one for one in found if one.at.standing is not Standing.OPEN]
    return render_template(
        "name_preview.html",
        form=form,
        standing=standing,
        means=MEANS[standing],
        records=kept,
        rows=[(one, passage(one)) for one in found if one not in skipped],
        skipped=len(skipped),
        anew=anew,
        reason=_reason(),
    )


def _standing(do: str) -> Standing:
    if do in ("clued", "every"):
        return Standing.SETTLED
    given = request.form.get("standing", "")
    if given not in tuple(Standing):
        raise UsageError("没有选怎样定", hint="选已定、两可、不可考，或不是")
    return Standing(given)


def _only(records: list[int]) -> tuple[int]:
    if len(records) != 1:
        raise UsageError("成批指认只能指给一个", hint="选一个人、地方或机构")
    return (records[0],)


def _records(numbers: list[int]) -> list[NameRecord]:
    return [current.session().names.get(one) for one in dict.fromkeys(numbers)]


def _reason() -> str:
    return " ".join(request.form.get("reason", "").split())[:300]


@pages.post("/names/queue/undo")
def undo() -> ResponseReturnValue:
    """What was decided at once taken back at once."""
    batch = whole_number(request.form.get("batch", "")) or 0
    try:
        flash(f"已撤销 {current.session().name_mentions.undo(batch)} 处。")
    except WenshiError as failure:
        return _places(failure)
    return redirect(url_for("name_queue.places", form=request.form.get("form", "")), code=303)
