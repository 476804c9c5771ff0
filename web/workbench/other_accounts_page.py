"""Other accounts of what a paragraph tells of, in whatever words, with what speaks for each; from there into a 长编."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive import dates
from archive.model.access import Action
from archive.model.errors import UsageError, WenshiError
from archive.model.integers import whole_number
from archive.model.search import Search
from archive.session import Session
from archive.text.anchors import Place
from archive.workbench.other_accounts import READ, OtherAccounts
from web.base import current
from web.base.error_pages import status_of

pages = Blueprint("other_accounts", __name__)


@pages.route("/article/<article_id>/accounts/<int:block>", methods=["GET", "POST"])
def show(article_id: str, block: int) -> ResponseReturnValue:
    """What is offered for a paragraph; `into` and `event` name the event of a 长编 that lacks accounts."""
    session, error = current.session(), None
    current.readable(article_id)
    scope, into = request.args.get("scope", ""), request.args.get("into", "")
    event = whole_number(request.args.get("event", "")) or 0
    found = session.events.of(article_id, block, Search(scope=scope))
    if request.method == "POST":
        try:
            return _taken(session, found, into, event)
        except WenshiError as failure:
            error = failure
    shown = render_template(
        "other_accounts.html",
        found=found,
        scope=scope,
        into=session.compilations.get(into) if into else None,
        event=event,
        most=READ,
        error=error,
        ticked=request.form.getlist("place"),
        may=session.may(Action.COMPILE),
        describe=dates.describe,
    )
    return shown, status_of(error) if error else 200


def _taken(session: Session, found: OtherAccounts, into: str, event: int) -> ResponseReturnValue:
    """Cards of the ticked paragraphs: into the event, or on to the choice of a 长编, the first paragraph with them."""
    ticked = set(request.form.getlist("place"))
    offered = {f"{one.article.id}:{one.block}": one for one in found.found}
    places: list[tuple[str, int, Place]] = [
        (one.article.id, one.article.version, (one.block, 0, len(one.text)))
        for name, one in offered.items()
        if name in ticked
    ]
    if not places:
        raise UsageError("还没有选哪几处。", hint="在每处前面打勾，再按按钮")
    if not into:
        own = found.article.blocks[found.block].text
        places.insert(0, (found.article.id, found.article.version, (found.block, 0, len(own))))
        keys = session.compilations.take_places(places)
        return redirect(url_for("gathering_cards.cards", card=keys, together=1), code=303)
    held = session.compilations.get(into)
    keys = session.compilations.take_places(places)
    saved = session.compilations.save(held.with_accounts(event, keys))
    flash(f"放进这件事 {len(saved.cards) - len(held.cards)} 种记载。")
    return redirect(url_for("compilations.event", name=into, key=event), code=303)
