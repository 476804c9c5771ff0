"""Passwords of manuscripts that wait: kept in memory alone, so that they are asked for again after a restart."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import render_template, request
from flask.typing import ResponseReturnValue

from archive.model.errors import ReadError
from archive.support.isolation.isolated_process import ProcessLost, borrowed
from ingest.readers import protected, registry
from ingest.readers.faults import faults, too_much
from web.intake import pending
from web.intake.inbox import Item

_OURS = ("token", "password", "at")


def ask(token: str) -> ResponseReturnValue | None:
    """The page that asks for the password of an item, with whatever else was sent; None where nothing need be asked.

    A password that was sent and fits is remembered. Raises NotFound.
    """
    item = pending.find(token)
    if token in pending.of_request().volumes:
        return None
    given = request.form.get("password", "")
    fault = _fault(item, given or pending.password(item))
    if fault is None:
        if given:
            pending.of_request().passwords[token] = given
        return None
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    at = request.form.get("at", request.full_path.rstrip("?") if request.method == "GET" else "")
    page = render_template("intake_password.html", item=item, fault=fault if given else None, sent=sent, at=at)
    return page, 400 if given else 200


def destination(item: Item, otherwise: str) -> str:
    """The page of this item that was wanted when the password was asked for."""
    at = request.form.get("at", "")
    return at if at.startswith(f"/intake/{item.token}") else otherwise


def _fault(item: Item, password: str) -> ReadError | None:
    """Why the file cannot be opened with this password; None where it can, or has none."""
    with borrowed() as process:
        try:
            process.call(_try, item.file, item.name, password, returns=None)
        except ReadError as fault:
            return fault
        except ProcessLost as lost:
            return too_much(item.name, lost)
    return None


def _try(file: Path, name: str, password: str) -> None:
    """Opens a locked file in an isolated process. Raises ReadError."""
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder, faults(name):
        if protected.is_protected(registry.head_of(file, name), file):
            protected.unlock(file, name, password, Path(folder) / "open")
