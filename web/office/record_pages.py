"""One record: what is written in it, every step it took, and the forms of the steps that may come next."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import OUT_OF_USE, Action
from archive.model.errors import NotFound, UsageError, WenshiError
from archive.model.procedures import Procedure, Subject, WorkRecord
from archive.model.records import Article
from archive.session import Session
from archive.workflow.passage_comments import GROUP, PLACED, PassageComment, commented, comments
from archive.workflow.proofs import Proof, compared, proofs
from archive.workflow.stepping import AskedStep
from web.base import current, error_pages
from web.office.record_form import sent_rows, sent_values

pages = Blueprint("records", __name__)


@pages.get("/registers/<name>/one/<path:which>")
def one(name: str, which: str) -> ResponseReturnValue:
    """A record, by its number, the id of its article or the name of its book."""
    return _one(name, which)


@pages.post("/registers/<name>/one/<path:which>")
def change(name: str, which: str) -> ResponseReturnValue:
    """Take a step, or fill in what is known."""
    workflow = current.session().workflow
    procedure = workflow.procedure(name)
    try:
        if request.form.get("do") == "step":
            after = workflow.take(name, which, _asked(procedure))
            flash(f"已走到“{after.state}”。" if after.state == request.form.get("to") else "已签字，还要别人签。")
        elif request.form.get("do") == "link":
            workflow.link(name, which, request.form.get("article", "").strip())
            flash("已经对应起来。")
        else:
            workflow.fill(name, which, sent_values(), sent_rows(procedure), seen=request.form.get("seen", type=int))
            flash("已保存，改前的留在经过里。")
    except WenshiError as error:
        return _one(name, which, error)
    return redirect(url_for("records.one", name=name, which=which), code=303)


@pages.get("/registers/<name>/proofs/<int:before>/<int:after>/<path:which>")
def difference(name: str, before: int, after: int, which: str) -> ResponseReturnValue:
    """What differs between two proofs of a book."""
    session = current.session()
    record = session.workflow.record(name, which)
    found = compared(session.books, record.subject, before, after)
    return render_template(
        "proof_difference.html", procedure=session.workflow.procedure(name), record=record, which=which,
        before=before, after=after, found=found, places=sum(one.places for one in found),
    )  # fmt: skip


@pages.get("/article/<article_id>/comment/<int:block>")
def comment(article_id: str, block: int) -> ResponseReturnValue:
    """The form for a comment on a passage."""
    return _comment(article_id, block)


@pages.post("/article/<article_id>/comment/<int:block>")
def keep_comment(article_id: str, block: int) -> ResponseReturnValue:
    """Keep a comment with the article's record."""
    session = current.session()
    article = session.article(article_id)
    words, opinion = (request.form.get(each, "").replace("\r\n", "\n") for each in ("words", "opinion"))
    try:
        row = commented(article, block, words, opinion, session.actor.name)
        found = session.workflow.of_article(article_id)
        if found is None or found[0].group(GROUP) is None:
            raise UsageError("这篇文章的流程里没有批注。", hint="在流程文件里加上“批注”这组行")
        session.workflow.fill(found[0].name, article_id, {}, [row])
    except WenshiError as error:
        return _comment(article_id, block, error)
    flash("批注已经记下。")
    return redirect(url_for("records.one", name=found[0].name, which=article_id, _anchor="comments"), code=303)


def _comment(article_id: str, block: int, error: WenshiError | None = None) -> ResponseReturnValue:
    session = current.session()
    session.workflow.require(Action.REGISTER)
    article = session.article(article_id)
    if not 0 <= block < len(article.blocks):
        raise NotFound("这篇文章里没有这一段。", hint="文章也许更正过了，请重新打开再看。")
    shown = render_template("comment.html", article=article, block=block, form=request.form, error=error)
    return shown, error_pages.status_of(error) if error else 200


def _comments(session: Session, record: WorkRecord, article: Article | None) -> tuple[PassageComment, ...]:
    if article is None:
        return ()
    return comments(record, article, lambda number: session.article(article.id, number))


def _asked(procedure: Procedure) -> AskedStep:
    texts = ("to", "opinion", "post", "signer", "reason", "assignee", "due")
    given = {name: request.form.get(name, "").replace("\r\n", "\n") for name in texts}
    values = {name: value for name, value in sent_values().items() if value.strip()}
    return AskedStep(values=values, rows=sent_rows(procedure), seen=request.form.get("seen", type=int), **given)


def _one(name: str, which: str, error: WenshiError | None = None) -> ResponseReturnValue:
    session = current.session()
    workflow = session.workflow
    procedure = workflow.procedure(name)
    record = workflow.record(name, which)
    steps = workflow.steps(record)
    article = _article(session, procedure, record)
    last = next((step.to for step in reversed(steps)), record.state)
    shown = render_template(
        "record.html",
        procedure=procedure,
        record=record,
        which=which,
        steps=steps,
        ways=workflow.ways(record),
        article=article,
        readable=article is not None and article.status not in OUT_OF_USE,
        comments=_comments(session, record, article),
        placed=PLACED,
        colleagues=workflow.colleagues() if session.may(Action.REGISTER) else (),
        proofs=_proofs(session, procedure, record),
        fallen=procedure.subject is Subject.BOOK and last != record.state,
        private=workflow.private(record),
        may_private=session.may(Action.PERSONAL),
        may_fill=session.may(Action.REGISTER),
        me=session.actor.name,
        reason=next((step.reason for step in reversed(steps) if step.reason), ""),
        today=date.today().isoformat(),
        form=request.form,
        typed=sent_values(),
        error=error,
    )
    return shown, error_pages.status_of(error) if error else 200


def _article(session: Session, procedure: Procedure, record: WorkRecord) -> Article | None:
    if procedure.subject is not Subject.ARTICLE or not record.subject:
        return None
    return session.article(record.subject)


def _proofs(session: Session, procedure: Procedure, record: WorkRecord) -> tuple[Proof, ...]:
    if procedure.subject is not Subject.BOOK:
        return ()
    try:
        return proofs(session.books, session.workflow.steps(record), record.subject)
    except NotFound:
        return ()
