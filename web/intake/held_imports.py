"""A file whose characters do not add up: what is missing, and taking it in all the same.

Nothing is remembered of the counts: the file is read again for every look, and a release holds for the counts that the
page showed.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from archive.model.errors import UsageError, WenshiError
from ingest.pipeline import importer
from ingest.pipeline.override import counts_of
from ingest.pipeline.report import FileReport
from ingest.splitting.division import Division
from ingest.text.account import UnaccountedError
from web.base import current
from web.intake import pending
from web.intake.inbox import Item


def is_held(report: FileReport) -> bool:
    """Whether a file failed for a reason that an editor may decide to live with."""
    return isinstance(report.error, UnaccountedError) and bool(report.error.differences)


def page(item: Item, error: WenshiError | None = None, status: int = 200) -> ResponseReturnValue:
    """Both counts, what is missing, and the form. Raises what else the reading met."""
    (report,) = importer.take_in(
        current.session(), [item.source], False, pending.Looking(), pending.password(item), division=_division(item)
    ).files
    differences = report.error.differences if isinstance(report.error, UnaccountedError) else ()
    if report.error is not None and not differences:
        raise report.error
    shown = render_template(
        "intake_held.html",
        item=item,
        differences=differences,
        counts=counts_of(differences),
        form=request.form,
        error=error,
    )
    return shown, status


def said(item: Item) -> list[str]:
    """Counts, reason and name as the form gives them; empty where nothing is missing any more. Raises UsageError."""
    counts = request.form.get("counts", "")
    reason, who = (" ".join(request.form.get(name, "").split()) for name in ("reason", "who"))
    if counts and not (reason and who):
        raise UsageError("还没有写理由和经手人。", hint="写下为什么缺的字可以不要、谁决定的，再按“仍然收入”。")
    return [counts, reason, who] if counts else []


def _division(item: Item) -> Division:
    """As its editor corrected it, where it is a volume."""
    return Division(confirmed=item.table) if item.table.is_file() else Division()
