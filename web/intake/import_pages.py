"""What was taken in, file by file; an import undone as a whole, and brought back."""

from __future__ import annotations

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound
from archive.model.holdings import BulkChange, Import
from archive.purging import is_purged
from web.base import current

pages = Blueprint("imports", __name__, url_prefix="/imports")


@pages.get("")
def imports() -> ResponseReturnValue:
    """All imports, the newest first."""
    listed = tuple(reversed(current.session().imports()))
    return render_template("imports.html", imports=listed, said=" ".join(map(str, get_flashed_messages())))


@pages.get("/<int:key>")
def one(key: int) -> ResponseReturnValue:
    """One import with its articles."""
    session, shown = current.session(), _import(key)
    articles = list(session.several(session.arrangement.articles_of(key)).values())
    may_undo = session.may(Action.IMPORT) and all(
        session.may_in(Action.WITHDRAW, each) for each in {article.collection for article in articles}
    )
    return render_template(
        "import.html", each=shown, articles=articles, change=_undoing(key), may_undo=may_undo, purged=is_purged
    )


@pages.post("/<int:key>/undo")
def undo(key: int) -> ResponseReturnValue:
    """Withdraw everything that an import brought in."""
    change = current.session().arrangement.undo_import(key)
    flash(f"已撤回“{_import(key).name}”这次收稿，撤下 {change.articles} 篇。")
    return redirect(url_for("imports.imports"), code=303)


@pages.post("/<int:key>/restore")
def restore(key: int) -> ResponseReturnValue:
    """Bring back what an undone import had brought in."""
    change = _undoing(key)
    if change is None:
        raise NotFound("这次收稿没有撤回，不用恢复。", hint="刷新“收稿记录”再看")
    restored, left = current.session().arrangement.take_back(change.key)
    more = f"，另有 {left} 篇撤回之后又改过，没有动" if left else ""
    flash(f"已恢复“{_import(key).name}”这次收稿的 {restored} 篇{more}。")
    return redirect(url_for("imports.imports"), code=303)


def _import(key: int) -> Import:
    found = next((each for each in current.session().imports() if each.key == key), None)
    if found is None:
        raise NotFound("没有这次收稿。", hint="到“收稿记录”里看")
    return found


def _undoing(key: int) -> BulkChange | None:
    """The change by which an import was undone, as long as it stands."""
    changes = current.session().arrangement.changes()
    wanted = ("undo-import", str(key), "")
    return next((each for each in changes if (each.action, each.subject, each.taken_back) == wanted), None)
