"""Cards, or a whole concordance, put into a 长编: into which one, and under which heading?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import UsageError, WenshiError
from archive.model.integers import whole_number
from archive.session import Session
from archive.workbench.compilations import MOST_AT_ONCE
from web.base import current
from web.base.error_pages import status_of
from web.workbench.concordance_page import in_words_of
from web.workbench.concordance_state import ConcordanceState

pages = Blueprint("gathering_cards", __name__, url_prefix="/into-compilation")


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What is to be put in, in words, with the fields that name it in the form; `places` of a concordance, else 0."""

    words: str
    keys: Callable[[], Sequence[int]]
    fields: tuple[tuple[str, str], ...] = ()
    places: int = 0


@pages.route("/cards", methods=["GET", "POST"])
def cards() -> ResponseReturnValue:
    """Cards that were ticked; `card` may be given several times."""
    session = current.session()
    keys = [key for key in map(whole_number, request.values.getlist("card")) if key is not None]
    known = [key for key in keys if key in session.cards.several(keys)]
    fields = tuple(("card", str(key)) for key in known)
    return _asked(session, _Gathered(f"{len(known)} 张卡片", lambda: known, fields))


@pages.route("/places", methods=["GET", "POST"])
def places() -> ResponseReturnValue:
    """Every place of a concordance: the address is that of the concordance."""
    session, state = current.session(), ConcordanceState.read(request.args)
    found = session.concordances.page(state.search, state.steps, state.how, limit=0).places

    def made() -> list[int]:
        rows = session.concordances.rows(state.search, state.steps, state.how)
        return session.compilations.take_rows(rows, paragraphs=request.form.get("unit") == "paragraph")

    return _asked(session, _Gathered(f"{in_words_of(session, state)}：{found} 处", made, places=found))


def _asked(session: Session, gathered: _Gathered) -> ResponseReturnValue:
    compilations, error = session.compilations, None
    if request.method == "POST":
        try:
            return _put(session, gathered)
        except WenshiError as failure:
            error = failure
    shown = render_template(
        "compilation_take.html",
        wanted=gathered,
        most=MOST_AT_ONCE,
        held=[compilations.get(name) for name in compilations.names()],
        action=request.full_path if gathered.places else request.path,
        error=error,
    )
    return shown, status_of(error) if error else 200


def _put(session: Session, gathered: _Gathered) -> ResponseReturnValue:
    """Into the 长编 and under the heading chosen, or into a new one."""
    compilations, new = session.compilations, request.form.get("new", "").strip()
    name, _, heading = request.form.get("target", "").rpartition(":")
    if not new and not name:
        raise UsageError("还没有选放进哪一部长编。", hint="选一部，或写一个新的名称")
    held = None if new else compilations.get(name)
    keys = gathered.keys()
    if not keys:
        raise UsageError("没有可以放进去的卡片。", hint="先在卡片前面打勾")
    held = held or compilations.create(new)
    before = len(held.cards)
    together = "together" in request.form
    held = compilations.save(held.with_cards(keys, whole_number(heading or "0") or 0, together=together))
    added = len(held.cards) - before
    flash(f"放进去 {added} 张" + (f"，另外 {len(keys) - added} 张原来就有" if added < len(keys) else "") + "。")
    return redirect(url_for("compilations.one", name=held.name), code=303)
