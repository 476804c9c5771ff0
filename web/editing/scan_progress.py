"""How far the scanned texts of a volume have been read against their pictures; its pages as a PDF to be searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound, UsageError
from archive.model.records import Collection
from archive.model.scanned_pages import TextPage, scanned_pages
from archive.session import Session
from archive.support.isolation.isolated_process import ProcessLost, borrowed
from web.base import current, jobs
from web.base.job_queue import Job

pages = Blueprint("scan_progress", __name__)

PDF = "searchable-pdf"

_WRITE = "ingest.readers.searchable_pdf:write"
_SECONDS = 300.0  # without a sign of progress


@pages.get("/collection/<collection>/scans")
def volume(collection: str) -> ResponseReturnValue:
    """The scanned texts of a volume: pages read in no round, in the first, in the second too."""
    current.require(Action.CORRECT)
    session = current.session()
    found = _collection(session, collection)
    rows = session.page_proofs.progress(collection)
    sums = [sum(row.pages[round] for row in rows) for round in range(3)]
    return render_template("scan_progress.html", collection=found, rows=rows, sums=sums)


@pages.post("/collection/<collection>/scans/pdf")
def pdf(collection: str) -> ResponseReturnValue:
    """Have the scanned pages of a volume written as a PDF with its text over the pictures."""
    current.require(Action.CORRECT)
    found = _collection(current.session(), collection)
    back = url_for("scan_progress.volume", collection=collection)
    arguments = {"collection": collection, "title": found.title}
    title = f"可以检索的 PDF：{found.title}"
    return jobs.follow(jobs.start(PDF, title, arguments, back=back, then="results.done"))


@jobs.kind(PDF, key=lambda arguments: f"{PDF} {arguments['collection']}")
def _job(job: Job, session: Session, arguments: Any) -> object:
    job.tell("把各页图像和文字写成 PDF")
    wanted = list(_text_pages(session, arguments["collection"]))
    if not wanted:
        raise UsageError("这个文集里没有扫描来的页。", hint="到“馆藏”里换一个文集")
    try:
        with borrowed() as process:
            file = job.folder / "list.pdf"
            drawn = process.call(_WRITE, wanted, session.root, file, returns=int, seconds=_SECONDS)
    except ProcessLost as lost:
        raise UsageError("图像太大或太多，PDF 没有写成。", hint="请再做一次；还不行，把文集拆成几册") from lost
    return {"hits": drawn, "unit": "页", "suffix": ".pdf", "name": f"{arguments['title']}.pdf"}


def _text_pages(session: Session, collection: str) -> Iterator[TextPage]:
    for row in session.page_proofs.progress(collection):
        article = session.article(row.article)
        for page in scanned_pages(article):
            file, _ = session.picture(page.picture)
            yield TextPage(file, page.picture, tuple(article.blocks[at].text for at in page.blocks))


def _collection(session: Session, collection: str) -> Collection:
    found = next((each for each in session.collections() if each.id == collection), None)
    if found is None:
        raise NotFound("没有这个文集。", hint="到“馆藏”里看。")
    return found
