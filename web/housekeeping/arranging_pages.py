"""Collections: renamed, described, ordered, merged, removed; articles moved; and all of that taken back."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound, UsageError
from archive.model.records import Access
from web.base import current

pages = Blueprint("arranging", __name__, url_prefix="/manage")

LEAF = 300
"""Articles on one page to choose from."""


@pages.get("/collections")
def collections() -> ResponseReturnValue:
    """All collections in their order."""
    session = current.session()
    shown = session.collections()
    counts = {each.id: session.count(each.id) for each in shown}
    return render_template("manage_collections.html", collections=shown, counts=counts)


@pages.post("/collections/order")
def order() -> ResponseReturnValue:
    """Move a collection up or down by one place."""
    session = current.session()
    ids = [each.id for each in session.collections()]
    moved, step = request.form.get("id", ""), request.form.get("step", "")
    if moved not in ids or step not in {"-1", "1"}:
        raise UsageError("没有这个文集，次序没有改动。", hint="刷新页面后再试")
    at = ids.index(moved)
    ids.insert(max(0, at + int(step)), ids.pop(at))
    session.arrangement.order(ids)
    return redirect(url_for("arranging.collections", _anchor=f"c-{moved}"), code=303)


@pages.get("/collections/<collection_id>")
def collection(collection_id: str) -> ResponseReturnValue:
    """One collection: its description, its articles to move, merging and removing."""
    session = current.session()
    shown = session.collection(collection_id)
    current.require_in(Action.ARRANGE, collection_id)
    page = request.args.get("page", 1, int) or 1
    total = session.count(collection_id)
    return render_template(
        "manage_collection.html",
        collection=shown,
        levels=tuple(Access),
        others=[each for each in session.collections() if each.id != collection_id],
        entries=session.listing(collection_id, limit=LEAF, offset=(max(1, page) - 1) * LEAF),
        total=total,
        page=page,
        pages=-(-total // LEAF),
    )


@pages.post("/collections/<collection_id>")
def describe(collection_id: str) -> ResponseReturnValue:
    """Change what a collection is called and said to be."""
    session = current.session()
    said = {name: request.form.get(name, "").strip()[:2000] for name in ("title", "description")}
    said |= {name: request.form.get(name, "").strip()[:200] for name in ("volume", "year", "place", "permit")}
    kept = session.collection(collection_id)
    level = request.form.get("access", kept.access.value)
    if level not in set(Access):
        raise UsageError("访问级别没有选对，没有保存。", hint=f"可选：{'、'.join(Access)}")
    wanted = replace(kept, **said, access=Access(level))  # type: ignore[arg-type]
    saved = session.arrangement.describe(wanted, request.form.get("reason", "")[:400])
    closed = saved.access is not wanted.access
    flash("已保存。有准印证的默认为内部，要公开请再改一次，写明理由。" if closed else "已保存。")
    return redirect(url_for("arranging.collection", collection_id=collection_id), code=303)


@pages.post("/collections/<collection_id>/merge")
def merge(collection_id: str) -> ResponseReturnValue:
    """Move everything of a collection into another one."""
    target = _target()
    change = current.session().arrangement.merge(collection_id, target)
    flash(f"{change.detail}，共 {change.articles} 篇。可以在“整理记录”里撤销。")
    return redirect(url_for("arranging.collection", collection_id=target), code=303)


@pages.post("/collections/<collection_id>/remove")
def remove(collection_id: str) -> ResponseReturnValue:
    """Take a collection out of use."""
    change = current.session().arrangement.remove(collection_id)
    flash(f"{change.detail}，{change.articles} 篇撤下。可以在“整理记录”里恢复。")
    return redirect(url_for("arranging.changes"), code=303)


@pages.post("/collections/<collection_id>/move")
def move(collection_id: str) -> ResponseReturnValue:
    """Move the articles ticked into another collection."""
    change = current.session().arrangement.move(request.form.getlist("id"), _target())
    flash(f"{change.detail}，{change.articles} 篇。可以在“整理记录”里撤销。")
    return redirect(url_for("arranging.collection", collection_id=collection_id), code=303)


@pages.get("/changes")
def changes() -> ResponseReturnValue:
    """What was done in bulk, the newest first."""
    return render_template("manage_changes.html", changes=current.session().arrangement.changes())


@pages.post("/changes/<int:key>/back")
def take_back(key: int) -> ResponseReturnValue:
    """Take one of them back."""
    restored, left = current.session().arrangement.take_back(key)
    more = f"；另有 {left} 篇后来又改过，没有动" if left else ""
    flash(f"已撤销，{restored} 篇恢复原样{more}。")
    return redirect(url_for("arranging.changes"), code=303)


def _target() -> str:
    target = request.form.get("target", "")
    if target not in {each.id for each in current.session().collections()}:
        raise NotFound("没有选要移到的文集。", hint="在列表里选一个文集")
    return target
