"""What stands in several articles of the library: looked for as long work, shown as chains from the earliest."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import NotFound, UsageError
from archive.session import Session
from archive.workbench.reuse import Chain, Reuse
from archive.workbench.reuses import KeptReuse, write
from web.base import current, jobs
from web.base.job_queue import Job
from web.base.sheet_downloads import download

pages = Blueprint("reuse", __name__, url_prefix="/reuse")

LOOK = "reuse"

_LEAF = 25  # chains on a page
_MOST_FORMULAS = 200


@pages.get("")
def show() -> ResponseReturnValue:
    """The chains found last, longest first, and the set phrases."""
    session, scope = current.session(), request.args.get("scope", "")
    kept = session.reuses.latest(scope)
    found = kept.found if kept else Reuse()
    words = request.args.get("article", "").strip()
    chains = [one for one in found.chains if not words or any(copy.article == words for copy in one.copies)]
    page = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "reuse.html",
        kept=kept,
        scope=scope,
        scopes=session.scopes.names(),
        article=words,
        chains=session.reuses.shown(chains[(page - 1) * _LEAF : page * _LEAF]),
        first=(page - 1) * _LEAF + 1,
        total=len(chains),
        page=page,
        pages=-(-len(chains) // _LEAF),
        formulas=found.formulas[:_MOST_FORMULAS],
        left_out=max(0, len(found.formulas) - _MOST_FORMULAS),
        reprints=_reprints(chains),
    )


def _reprints(chains: list[Chain]) -> int:
    return sum(len(one.nodes) == 1 for one in chains)


@pages.post("")
def look() -> ResponseReturnValue:
    """Look for them, which takes minutes for a large library."""
    return jobs.follow(begin(request.form.get("scope", "")))


def begin(scope: str) -> Job:
    """Begin to look in a scope, or everywhere. Raises UsageError, NotFound."""
    session = current.session()
    if session.actor.rights.blind:
        raise UsageError("没有可以看的文章，不能找。", hint="请有阅读权限的同事来做")
    if scope and scope not in session.scopes.names():
        raise NotFound("没有这个工作集。", hint="请重新选")
    back = url_for("reuse.show", scope=scope or None)
    return jobs.start(LOOK, "全库同文", {"scope": scope}, back=back, then="reuse.done")


@jobs.kind(LOOK)
def _job(job: Job, session: Session, arguments: Any) -> object:
    scope = str(arguments["scope"])
    found = session.reuses.look(scope, job.tell)
    return {"scope": scope, "chains": len(found.chains)}


@pages.get("/done/<job_id>")
def done(job_id: str) -> ResponseReturnValue:
    """On to what was found."""
    made = jobs.outcome(job_id)
    flash(f"找完了，有 {made['chains']} 串。")
    return redirect(url_for("reuse.show", scope=made["scope"] or None))


@pages.get("/table<suffix>")
def sheet(suffix: str) -> Response:
    """All chains as a table."""
    if suffix not in (".xlsx", ".csv"):
        raise NotFound("没有这种表。", hint="请从全库同文页选择表的格式。")
    session = current.session()
    kept: KeptReuse | None = session.reuses.latest(request.args.get("scope", ""))
    if kept is None:
        raise NotFound("还没有找过。", hint="先在全库同文页找一遍")
    found = kept
    return download(lambda file: write(session.reuses, found, file), f"全库同文{suffix}")
