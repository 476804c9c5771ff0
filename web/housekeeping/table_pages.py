"""The office's own periods and wording, edited row by row with the checks of their files."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.catalogue.office_wording import Wording
from archive.dates.office_entries import OfficePeriod, OfficeTerms
from archive.model.errors import ConfigError, FieldError, WenshiError
from web.base import current, error_pages

pages = Blueprint("tables", __name__, url_prefix="/manage")

_LEAF = 200  # names on one page
_SEPARATORS = re.compile(r"[；;、，,\n]+")


# -- periods


@pages.get("/periods")
def periods() -> ResponseReturnValue:
    """The office's own periods and the terms of its bodies."""
    return _periods()


@pages.post("/periods")
def save_period() -> ResponseReturnValue:
    """Enter, change or take out one of them."""
    upkeep, kind = current.session().upkeep, OfficeTerms if _field("sort") == "terms" else OfficePeriod
    before = request.form.get("before_name", "")
    try:
        if request.form.get("do") == "remove":
            upkeep.remove_period(kind, before)
            flash(f"已删去“{before}”。")
        else:
            entry = _typed_terms() if kind is OfficeTerms else _typed_period()
            upkeep.put_period(entry, before)
            flash(
                f"已保存“{_listed('names')[0]}”。收入过的文章要按新的时期读日期，请到“管理”里重建索引，勾选“重新读日期”。"
            )
    except FieldError as error:
        return _periods(error)
    except ConfigError as error:
        return _periods(FieldError(error.message, field="日子", hint="改好下面这一处再保存；原来的没有动"))
    return redirect(url_for("tables.periods"), code=303)


def _periods(error: WenshiError | None = None) -> ResponseReturnValue:
    broken: ConfigError | None = None
    try:
        entries = current.session().upkeep.periods()
    except ConfigError as failure:
        entries, broken = (), failure
    shown = render_template(
        "manage_periods.html",
        periods=[each for each in entries if isinstance(each, OfficePeriod)],
        terms=[each for each in entries if isinstance(each, OfficeTerms)],
        broken=broken,
        error=error,
        typed=_as_typed() if error else None,
    )
    return shown, error_pages.status_of(error) if error else 200


def _as_typed() -> dict[str, object]:
    """What a form that could not be saved holds, in the shape of the entry it is about."""
    typed: dict[str, object] = {name: _field(name) for name in ("sort", "start", "end", "before", "after", "source")}
    return typed | {
        "names": _listed("names"),
        "body": _listed("names"),
        "terms": _listed("terms"),
        "alone": bool(request.form.get("alone")),
        "vague": bool(request.form.get("vague")),
        "instead_of": request.form.get("before_name", ""),
    }


def _typed_period() -> OfficePeriod:
    names = _listed("names")
    if not names or not (_field("start") or _field("before")):
        raise FieldError("名称和开始的日子都要写。", field="名称", hint="例如名称“解放”，开始 1949-09-19")
    return OfficePeriod(
        names,
        start=_field("start"),
        end=_field("end"),
        before=_field("before"),
        after=_field("after"),
        alone=bool(request.form.get("alone")),
        vague=bool(request.form.get("vague")),
        source=_field("source"),
    )


def _typed_terms() -> OfficeTerms:
    if not _listed("names") or not _listed("terms"):
        raise FieldError("机构名称和各届开始的日子都要写。", field="机构", hint="例如“县政协”，1956-03-05；1959-01-20")
    return OfficeTerms(_listed("names"), _listed("terms"), _field("source"))


# -- wording


@pages.get("/wording")
def wording() -> ResponseReturnValue:
    """What the office's books do not say, and what they say instead."""
    return _wording()


@pages.post("/wording")
def save_wording() -> ResponseReturnValue:
    """Enter, change or take out one of them."""
    upkeep, before = current.session().upkeep, request.form.get("before_words", "")
    typed = Wording(_field("words"), _field("instead"), _field("why"))
    try:
        if request.form.get("do") == "remove":
            upkeep.remove_wording(before)
            flash(f"已删去“{before}”。")
        else:
            upkeep.put_wording(typed, before)
            flash(f"已保存“{typed.words}”。下次校对书稿就照它提示；校对过的书稿请按“重新校对”。")
    except FieldError as error:
        return _wording(error, typed)
    return redirect(url_for("tables.wording"), code=303)


def _wording(error: WenshiError | None = None, typed: Wording | None = None) -> ResponseReturnValue:
    entries = current.session().upkeep.wording()
    shown = render_template(
        "manage_wording.html",
        entries=entries,
        error=error,
        typed=typed,
        instead_of=request.form.get("before_words", ""),
    )
    return shown, error_pages.status_of(error) if error else 200


def _field(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:500]


def _listed(name: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in _SEPARATORS.split(request.form.get(name, "")[:2000]))))
