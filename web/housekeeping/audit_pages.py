"""The audit log: who did what, when, to what, from where; narrowed, a page at a time, and as a file."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.audit_log import ACTIONS
from archive.model.access import Action
from archive.model.errors import UsageError
from archive.model.holdings import AuditFilter
from web.base import current
from web.base.sheet_downloads import download

pages = Blueprint("audit", __name__, url_prefix="/manage/audit")

_LEAF = 100  # entries on one page
_ASKED = ("who", "action", "subject", "place", "since", "until")


@pages.get("")
def show() -> ResponseReturnValue:
    """A page of the entries that are wanted, newest first."""
    session = current.session()
    log = session.upkeep.log
    page = max(1, request.args.get("page", 1, int) or 1)
    fault = None
    try:
        wanted = _wanted()
    except UsageError as error:
        wanted, fault = AuditFilter(), error
    found = log.entries(wanted, _LEAF + 1, (page - 1) * _LEAF)
    people, actions = log.choices()
    return render_template(
        "manage_audit.html",
        entries=found[:_LEAF],
        more=len(found) > _LEAF,
        page=page,
        asked={name: request.args.get(name, "").strip() for name in _ASKED},
        people=people,
        actions=actions,
        names=ACTIONS,
        accounts={one.id: one.name for one in session.accounts.listed()} if session.may(Action.ACCOUNTS) else {},
        end=log.end(),
        fault=fault,
    )


@pages.get("/记录.<any(csv, xlsx):kind>")
def sheet(kind: str) -> ResponseReturnValue:
    """The entries that are wanted as a file, with the end of the log."""
    log, wanted = current.session().upkeep.log, _wanted()
    return download(lambda file: log.write(file, wanted), f"操作记录.{kind}")


def _wanted() -> AuditFilter:
    asked = {name: request.args.get(name, "").strip()[:200] for name in _ASKED}
    for name in ("since", "until"):
        try:
            asked[name] = date.fromisoformat(asked[name]).isoformat() if asked[name] else ""
        except ValueError:
            raise UsageError(f"看不懂日期“{asked[name]}”。", hint="写成 2026-03-01 这样") from None
    return AuditFilter(**asked)
