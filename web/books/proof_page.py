"""The proof report of a book: places worth another look, set aside and taken back, handed out as Excel."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.books.compile import printed
from archive.export.proof import Finding, Report, Severity, write_report
from archive.model.access import Action
from archive.model.errors import Conflict, NotAllowed, NotFound, UsageError
from archive.model.integers import whole_number
from archive.model.project import Item, Project, as_json
from archive.session import Session
from web.base import current
from web.base.job_queue import Job
from web.base.jobs import jobs
from web.base.sheet_downloads import download
from web.books import project_editor
from web.books.proof_acceptance import as_correction, for_book

pages = Blueprint("book_proof", __name__, url_prefix="/books/<name>/proof")

_PAGE = 60  # findings on a page


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with the address of the place it is about ("" when there is none), and whether it is set aside."""

    finding: Finding
    url: str
    ignored: bool


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are shown: of one check, severity, article; those set aside instead of the others."""

    code: str = ""
    severity: str = ""
    article: str = ""
    ignored: bool = False
    page: int = 1

    @classmethod
    def read(cls) -> FindingFilter:
        """The filter that the address asks for."""
        asked = request.values
        return cls(
            asked.get("code", ""),
            asked.get("severity", ""),
            asked.get("article", ""),
            asked.get("ignored", "") == "1",
            whole_number(asked.get("page", "")) or 1,
        )

    def lets(self, finding: Finding, set_aside: frozenset[str]) -> bool:
        """Whether a finding is shown."""
        return (
            self.code in ("", finding.code)
            and self.severity in ("", finding.severity.value)
            and self.article in ("", finding.article)
            and (finding.fingerprint in set_aside) == self.ignored
        )

    def but(self, **changed: object) -> str:
        """The query string for the same with something changed."""
        values = {"code": self.code, "severity": self.severity, "article": self.article}
        values |= {"ignored": "1" if self.ignored else "", "page": ""}
        values |= {key: str(value) for key, value in changed.items()}
        return "?" + urlencode({key: value for key, value in values.items() if value})


@pages.get("")
def show(name: str) -> ResponseReturnValue:
    """The findings, by check; begins to look when nobody has looked at the book as it is now."""
    kept = project_editor.project(name)
    job = _begun(kept)
    words, warn = project_editor.message()
    over = job.over  # before its outcome: it may end while the page is made
    report = job.outcome if isinstance(job.outcome, Report) else None
    frame = {"project": kept, "job": job, "over": over, "report": report, "message": words, "warn": warn}
    if report is None:
        return render_template("book_proof.html", **frame)
    finding_filter, set_aside = FindingFilter.read(), frozenset(kept.ignored)
    fitting = [each for each in report.findings if finding_filter.lets(each, set_aside)]
    first = (finding_filter.page - 1) * _PAGE
    return render_template(
        "book_proof.html",
        **frame,
        finding_filter=finding_filter,
        severities=tuple(Severity),
        may_correct=current.session().may(Action.CORRECT),
        counts=_counts(report, finding_filter, set_aside),
        by_severity=Counter(each.severity for each in report.findings if each.fingerprint not in set_aside),
        set_aside=sum(each.fingerprint in set_aside for each in report.findings),
        total=len(fitting),
        number_of_pages=-(-len(fitting) // _PAGE),
        groups=_groups(kept, fitting[first : first + _PAGE], set_aside),
    )


@pages.post("")
def decide(name: str) -> ResponseReturnValue:
    """Set findings aside (`do=ignore`) or take that back (`do=back`), by fingerprint; `do=again` looks anew.

    `do=book` and `do=correct` take what a finding suggests, into this book alone or as a correction of the article.
    """
    asked, *given = request.form.get("do", "").split() or [""]
    back = redirect(
        url_for("book_proof.show", name=name) + FindingFilter.read().but(page=FindingFilter.read().page), code=303
    )
    try:
        kept = project_editor.sent(name)
        if asked == "again":
            _begun(kept, again=True)
            return back
        if asked in ("book", "correct"):
            _accept(kept, asked, given)
            return back
        prints = given or request.form.getlist("fingerprint")
        if asked not in ("ignore", "back") or not prints:
            raise UsageError("没有选哪一处，没有改动。", hint="在要忽略的地方按“忽略”。")
        others = tuple(each for each in kept.ignored if each not in prints)
        fresh = others if asked == "back" else (*others, *prints)
        words = f"{'恢复' if asked == 'back' else '忽略'} {len(prints)} 处校对意见"
        project_editor.change(kept, replace(kept, ignored=fresh), words)
        project_editor.say(f"{words}。")
    except (Conflict, NotAllowed, NotFound, UsageError) as error:
        project_editor.say(f"{error.message}{error.hint}", warn=True)
    return back


def _accept(kept: Project, asked: str, given: Sequence[str]) -> None:
    """Makes the change that one finding suggests. The report of before is kept without it: the book is not looked
    through anew for every click.
    """
    report = _begun(kept).outcome
    found = [each for each in report.findings if [each.fingerprint] == given] if isinstance(report, Report) else []
    if not found or not isinstance(report, Report):
        raise Conflict("书稿在校对以后改过，没有改动。", hint="等重新校对完了，再看这一处。")
    accept = for_book if asked == "book" else as_correction
    changed = accept(current.session(), kept, found[0])
    words = f"{'本书改' if asked == 'book' else '更正'}“{found[0].text}”为“{found[0].suggestion or '（删去）'}”"
    saved = project_editor.change(kept, changed, words)
    left = report.accepted(found[0])
    jobs().keep(_job(saved, lambda job: left), left)
    project_editor.say(f"{words}。改过的地方没有再查，需要时按“重新校对”。")


@pages.get("/report.xlsx")
def sheet(name: str) -> ResponseReturnValue:
    """The report as a table, without what was set aside."""
    kept = project_editor.project(name)
    report = _begun(kept).outcome
    if not isinstance(report, Report):
        raise NotFound("校对还没有做完。", hint="请回到“校对”，等做完了再下载。")
    set_aside = set(kept.ignored)
    left = tuple(each for each in report.findings if each.fingerprint not in set_aside)
    final = replace(report, findings=left, ignored=len(report.findings) - len(left))
    return download(lambda file: write_report(final, file), f"{name}-校对.xlsx")


def _begun(kept: Project, *, again: bool = False) -> Job:
    """The job that looks through this; the one that did, where it was for the very same book."""
    session, plain = current.session(), _plain(kept)
    fresh = _job(kept, lambda job: _look(session, plain, job))
    job = jobs().latest(fresh.key, fresh.about)
    if job is not None and not again and not (job.over and job.outcome is None and job.error is None):
        return job
    return jobs().submit(fresh)


def _plain(kept: Project) -> Project:
    """The project without what does not change the book."""
    return replace(kept, revision=0, ignored=())


def _job(kept: Project, work: Callable[[Job], Report]) -> Job:
    about = hashlib.sha256(as_json(_plain(kept)).encode()).hexdigest()
    back = url_for("book_proof.show", name=kept.name)
    return Job(f"proof {kept.name}", f"校对：{kept.name}", work, back, about=about)


def _look(session: Session, project: Project, job: Job) -> Report:
    job.tell("逐项校对")
    return session.books.proof(project, everything=True)


def _counts(report: Report, finding_filter: FindingFilter, set_aside: frozenset[str]) -> list[tuple[str, str, int]]:
    """How many findings each check has under the other conditions: code, name, count; the surest first."""
    wide = replace(finding_filter, code="")
    met = Counter(each.code for each in report.findings if wide.lets(each, set_aside))
    order = {each.code: each.severity for each in report.findings}
    ranked = sorted(met, key=lambda code: (list(Severity).index(order[code]), -met[code]))
    return [(code, report.names.get(code, code), met[code]) for code in ranked]


def _groups(
    kept: Project, findings: Sequence[Finding], set_aside: frozenset[str]
) -> Iterator[tuple[str, Severity, list[FindingLine]]]:
    """Findings of one check together, in the order of the report: code, severity, lines."""
    items: dict[str, Item] = {}
    for item in kept.items:
        items.setdefault(item.article, item)
    places: dict[str, tuple[int, ...]] = {}
    grouped: dict[tuple[str, Severity], list[FindingLine]] = {}
    for each in findings:
        if each.article in items and each.article not in places:
            item = items[each.article]
            places[each.article] = printed(current.session().article(item.article, item.version), item)
        url = _url(kept, each, places.get(each.article, ()))
        line = FindingLine(each, url, each.fingerprint in set_aside)
        grouped.setdefault((each.code, each.severity), []).append(line)
    for (code, severity), lines in grouped.items():
        yield code, severity, lines


def _url(kept: Project, finding: Finding, blocks: Sequence[int]) -> str:
    """Where the place can be changed: the paragraph on the article's page, or the piece of front or back matter."""
    if finding.article:
        block = blocks[finding.block] if finding.block < len(blocks) else 0
        return url_for("book_items.item", name=kept.name, article_id=finding.article, edit=block) + f"#b{block}"
    for place, pieces in (("front", kept.front), ("back", kept.back)):
        for at, piece in enumerate(pieces):
            if piece.title == finding.title:
                return url_for("book_matter.piece", name=kept.name, place=place, at=at)
    return ""
