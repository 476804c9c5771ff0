"""Taking in files through the browser: what is clear goes in at once, a volume shows its split table first."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from archive.model.errors import ReadError, UsageError, WenshiError
from archive.model.integers import whole_number
from archive.model.issues import IssueCode
from archive.model.records import Collection, Issue
from ingest.duplicates.likeness import Likeness, open_duplicates
from ingest.pipeline.report import FileReport
from ingest.pipeline.sources import HIDDEN, named
from ingest.splitting import split_table
from ingest.splitting.boundaries import State
from ingest.splitting.division import Volume
from ingest.splitting.proposal import Proposal
from ingest.splitting.split import Mode
from ingest.splitting.split_table import SplitTableError
from web.base import asking_first, current, error_pages, job_queue, jobs
from web.intake import held_imports, import_jobs, inbox, pending, split_form, unlocking
from web.intake.inbox import Item
from web.intake.split_form import SplitLine
from web.reading import comparison_pages

pages = Blueprint("intake", __name__, url_prefix="/intake")

LARGEST = 256 * 2**20
"""Bytes that can be sent in one go."""

MODES = {
    Mode.AUTO: "自动判断",
    Mode.ARTICLE: "整篇（一个文件一篇）",
    Mode.VOLUME: "文史资料一辑（多篇）",
    Mode.CHRONICLE: "大事记",
    Mode.ROSTER: "组织史（任职名录）",
    Mode.RECORDS: "JSON Lines 记录",
}
_KINDS = {Mode.CHRONICLE: "chronicle", Mode.ROSTER: "roster", Mode.RECORDS: "records"}
_ABOUT = ("volume", "year", "place")
_FORM_PARTS, _FORM_MEMORY = 60_000, 32 * 2**20  # a split table has eight fields a row


@pages.record_once
def _attach(state: BlueprintSetupState) -> None:
    """Each application has its own PendingImports."""
    pending.attach(cast(Flask, state.app))


@pages.url_value_preprocessor
def _allow(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Manuscripts are larger than forms; this comes before anything reads the request."""
    request.max_content_length = LARGEST
    request.max_form_parts = _FORM_PARTS
    request.max_form_memory_size = _FORM_MEMORY


@pages.before_request
def _unlock() -> ResponseReturnValue | None:
    """Asks for the password of an item that cannot be read without; dropping it needs none."""
    token = (request.view_args or {}).get("token", "")
    return unlocking.ask(token) if token and request.form.get("do") != "drop" else None


@pages.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    sentence = f"一次最多交 {LARGEST // 2**20} MB，这次超过了，什么也没有收。"
    if (request.content_length or 0) <= LARGEST:
        sentence = f"一次最多交 {_FORM_PARTS:,} 个文件和栏目，这次超过了，什么也没有收。"
    hint = "分几次交；单个文件就超过的，请把它拆成几个文件再交。"
    return render_template("error.html", status=413, heading="提交的内容太大", sentence=sentence, hint=hint), 413


@pages.get("")
def intake() -> ResponseReturnValue:
    """The form, and what still waits."""
    return _form(None)


@pages.post("")
def receive() -> ResponseReturnValue:
    """Keeps the files, takes in what is clear and shows what became of each."""
    sent = [each for each in request.files.getlist("file") if each.filename and not _beside(each.filename)]
    try:
        if not sent:
            raise UsageError("没有选文件。", hint="按“选择文件”，可以一次选几个。")
        mode = _mode()
        collection = _collection(mode)
    except UsageError as error:
        return _form(error)
    password = request.form.get("password", "")
    items, reports = _kept(sent, collection, mode, password)
    for item in items:
        pending.of_request().passwords[item.token] = password
        if request.form.get("recognise_again"):
            inbox.recognise_again(item)
    arguments = {
        "items": [item.token for item in items],
        "files": [import_jobs.as_values(current.session(), report) for report in reports],
        "skip_same": bool(request.form.get("skip_same")),
    }
    title = f"收稿：{inbox.shown_name(sent[0].filename or '')}" + (f" 等 {len(sent)} 个文件" if sent[1:] else "")
    back = url_for("intake.intake")
    return jobs.follow(jobs.start(import_jobs.RECEIVE, title, arguments, back=back, then="intake.report"))


@pages.get("/report/<job_id>")
def report(job_id: str) -> ResponseReturnValue:
    """What became of the files of a job; where one volume alone waits, its table."""
    made = jobs.outcome(job_id)
    waiting = [item for item in inbox.waiting(current.session().root) if item.token in made["waiting"]]
    if len(waiting) == 1 and not made["files"]:
        return redirect(_address(waiting[0]), code=303)
    session = current.session()
    undone = {each.key for each in session.imports() if each.undone}
    return render_template(
        "intake_report.html",
        files=made["files"],
        articles={each: session.article(each) for file in made["files"] for each in file["ids"]},
        collections={each.id: each.title for each in session.collections()},
        undone=undone,
        waiting=waiting,
    )


@pages.get("/<token>")
def volume(token: str) -> ResponseReturnValue:
    """The split table of a volume, as it was corrected last."""
    item = pending.find(token)
    if token not in pending.of_request().volumes:
        job = jobs.start(import_jobs.READ, f"读取：{item.name}", {"item": token}, back=url_for("intake.intake"))
        job.then = request.path
        job_page = jobs.follow(job)
        if job.state is not job_queue.State.DONE:
            return job_page
    held = pending.volume(item)
    try:
        proposal = pending.corrected(item, held)
    except ReadError as error:
        return _table(item, held, _lines(held.proposal), error, 200)
    return _table(item, held, _lines(proposal))


@pages.post("/<token>/password")
def unlock(token: str) -> ResponseReturnValue:
    """Where the password is sent: it has been tried by now."""
    item = pending.find(token)
    return redirect(unlocking.destination(item, _address(item)), code=303)


@pages.get("/<token>/held")
def missing(token: str) -> ResponseReturnValue:
    """A file whose characters do not add up: what is missing."""
    return held_imports.page(pending.find(token))


@pages.post("/<token>/held")
def release(token: str) -> ResponseReturnValue:
    """Takes such a file in, for the reason the form gives."""
    item = pending.find(token)
    try:
        said = held_imports.said(item)
    except UsageError as error:
        return held_imports.page(item, error, 400)
    arguments = {"item": token, "release": said}
    title, back = f"收入：{item.name}", _address(item)
    return jobs.follow(jobs.start(import_jobs.RELEASE, title, arguments, back=back, then="intake.report"))


@pages.get("/<token>/diff/<int:piece>/<other_id>")
def diff(token: str, piece: int, other_id: str) -> ResponseReturnValue:
    """A piece (from 1) as it would be stored beside an article the library holds."""
    held = pending.volume(item := pending.find(token))
    articles = pending.corrected(item, held).articles(held.manuscript)
    if not 1 <= piece <= len(articles):
        abort(404)
    return comparison_pages.side_by_side(articles[piece - 1], current.readable(other_id))


@pages.post("/<token>")
def correct(token: str) -> ResponseReturnValue:
    """What the buttons of the table do: show again, cut, another table, download, take in, drop."""
    item = pending.find(token)
    asked = request.form.get("do", "")
    if asked == "drop":
        if asks := asking_first.question(f"放弃《{item.name}》？交来的文件和改过的分篇表都会删去。"):
            return asks
        pending.done(item)
        return redirect("/intake", code=303)
    if asked == "again":
        pending.recognise_again(item)
        return redirect(_address(item), code=303)
    held = pending.volume(item)
    lines = split_form.typed(request.form)
    cut = whole_number(request.form.get("cut", ""))
    if cut is not None:
        lines = split_form.with_boundary(lines, cut)
    try:
        text = _uploaded() if asked == "table" else split_form.to_table(lines, held.proposal)
        proposal = split_form.settled(text, held.manuscript, held.proposal)
        if asked == "table":
            lines = _lines(proposal)
        pending.save(item, proposal)
        if asked == "take":
            return _take(item)
    except WenshiError as error:
        status = error_pages.status_of(error)
        return _table(item, held, lines, error, 400 if isinstance(error, ReadError | UsageError) else status)
    if asked == "download":
        return _download(item, proposal)
    return _table(item, held, _lines(proposal))


def _take(item: Item) -> ResponseReturnValue:
    """Stores the volume as its table says."""
    arguments = {"item": item.token, "skip_same": bool(request.form.get("skip_same"))}
    title, back = f"收入：{item.name}", _address(item)
    return jobs.follow(jobs.start(import_jobs.TAKE, title, arguments, back=back, then="intake.report"))


def _address(item: Item) -> str:
    """Where its editor goes on with it."""
    return url_for("intake.missing" if item.held else "intake.volume", token=item.token)


def _download(item: Item, proposal: Proposal) -> Response:
    answer = Response("\ufeff" + split_table.to_tsv(proposal), mimetype="text/tab-separated-values; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"split-{item.token[:8]}.tsv")
    return answer


# -- what the form says


def _beside(name: str) -> bool:
    """Whether a file of a folder that was chosen as a whole is none of its manuscripts: hidden, or a lock of Word."""
    folder, slash, last = name.replace("\\", "/").rpartition("/")
    return bool(slash) and any(part.startswith(HIDDEN) for part in (*folder.split("/"), last))


def _mode() -> Mode:
    asked = request.form.get("mode", Mode.AUTO)
    if asked not in set(Mode):
        raise UsageError("没有这种读法。", hint="在“怎样读”里选一种。")
    return Mode(asked)


def _collection(mode: Mode) -> Collection | None:
    """The collection chosen, or a new one; None for one named after each file."""
    known = {each.id: each for each in current.session().collections()}
    chosen, title = request.form.get("collection", ""), " ".join(request.form.get("title", "").split())
    if chosen:
        if chosen not in known:
            raise UsageError("没有这个文集。", hint="在列表里另选，或者选“新建文集”。")
        return known[chosen]
    if not title:
        return None
    made = replace(named(title), **_about())
    if made.id in known:
        raise UsageError(f"已经有“{known[made.id].title}”这个文集。", hint="在列表里选它，或换一个名称。")
    return replace(made, kind=_KINDS.get(mode, made.kind))


def _about() -> dict[str, Any]:
    """The values of the form for a new collection: volume, year and place."""
    return {name: " ".join(request.form.get(name, "").split())[:200] for name in _ABOUT}


def _kept(
    sent: Sequence[FileStorage], collection: Collection | None, mode: Mode, password: str
) -> tuple[list[Item], list[FileReport]]:
    """The files sent, archives opened, each in a folder of its own; and what became of those that are no manuscripts.

    Nothing stays when one of them cannot be kept.
    """
    items: list[Item] = []
    reports: list[FileReport] = []
    root = current.session().root
    known = {each.id: each for each in current.session().collections()}
    try:
        for upload in sent:
            name = inbox.shown_name(upload.filename or "")
            own = collection
            if own is None:
                made = replace(named(Path(name).stem), kind=_KINDS.get(mode, "volume"), **_about())
                own = known.get(made.id, made)
            item = inbox.keep(root, name, own, mode, upload.save)
            items.append(item)
            inside = inbox.unpacked(item, password, reports)
            if inside is not None:
                items[-1:] = inside
                if item not in inside:
                    inbox.discard(item)
    except BaseException:
        for item in items:
            inbox.discard(item)
        raise
    return items, reports


def _uploaded() -> str:
    """The table sent instead of the form."""
    upload = request.files.get("table")
    if upload is None or not upload.filename:
        raise UsageError("没有选分篇表。", hint="先按“选择文件”选改好的分篇表，再按“换用这张表”。")
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "split.tsv"
        upload.save(file)
        return split_table.read(file)


def _lines(proposal: Proposal) -> list[SplitLine]:
    return [split_form.line_of(row, number) for number, row in enumerate(proposal.rows, 1)]


# -- pages


def _form(error: UsageError | None) -> ResponseReturnValue:
    page = render_template(
        "intake.html",
        collections=current.session().collections(),
        waiting=inbox.waiting(current.session().root),
        modes=MODES,
        largest=LARGEST // 2**20,
        form=request.form,
        error=error,
    )
    return page, 400 if error else 200


def _table(
    item: Item, held: Volume, lines: list[SplitLine], error: WenshiError | None = None, status: int = 200
) -> ResponseReturnValue:
    """The table as typed, with what the program knows of each line and what is wrong."""
    split_form.explain(lines, held.manuscript, held.proposal)
    likenesses, alike = ((), []) if error else _likenesses(item, held)
    wrong = error.row - 2 if isinstance(error, SplitTableError) and request.form.get("do") != "table" else -1
    if error is not None and 0 <= wrong < len(lines):
        lines[wrong].error = f"{error.message}；{error.hint}"
    shown, likely = _opened(lines), request.method == "GET" or bool(request.form.get("skip_same"))
    page = render_template(
        "intake_split.html",
        item=item,
        lines=lines,
        first=shown,
        later=[number for number in range(1, len(lines) + 1) if number not in shown],
        open=request.form.get("open", 0, int),
        piece_of=split_form.piece_numbers(lines),
        states=tuple(State),
        pieces=sum(line.state != State.JOIN for line in lines),
        characters=held.proposal.characters,
        blocks=held.proposal.blocks,
        unclaimed=split_form.unclaimed(lines),
        doubtful=list(split_form.doubtful(lines)),
        issues=(*held.manuscript.issues, *held.proposal.issues),
        likenesses=likenesses,
        alike=alike,
        error=error,
        wrong=wrong + 1,
        skip_same=likely,
        layer=next((one for one in held.manuscript.issues if one.code == IssueCode.TEXT_LAYER), None),
    )
    return page, status


def _opened(lines: Sequence[SplitLine]) -> list[int]:
    """The rows (from 1) to show with all their fields: in doubt, wrong, new, or asked for."""
    asked, cut = request.form.get("open", 0, int), request.form.get("cut", "")
    return [
        number
        for number, line in enumerate(lines, 1)
        if line.doubtful or line.error or number == asked or (cut and line.first == cut) or not line.title
    ]


def _likenesses(item: Item, held: Volume) -> tuple[tuple[Issue, ...], list[tuple[int, Likeness]]]:
    """What the library holds of these pieces already: in words, and the closest article for each piece (from 1)."""
    articles = pending.corrected(item, held).articles(held.manuscript)
    with open_duplicates(current.session()) as duplicates:
        alike = [(piece, one) for piece, article in enumerate(articles, 1) for one in duplicates.like(article)[:1]]
        return duplicates.issues(articles, held.manuscript.sha256), alike
