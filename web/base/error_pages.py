"""Errors as pages: Chinese sentences, the right status, never a traceback. Problems in JSON under /api/."""

from __future__ import annotations

import logging

from flask import Flask, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from archive.model.errors import (
    ConfigError,
    Conflict,
    EngineAway,
    FieldError,
    LibraryBusy,
    NotAllowed,
    NotFound,
    PeriodError,
    QueryError,
    StorageError,
    UsageError,
    WenshiError,
)
from web.base import problem
from web.base.current import OutOfUse
from web.base.wording import for_pages

_log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[WenshiError], int], ...] = (
    (UsageError, 400),
    (QueryError, 400),
    (PeriodError, 400),
    (FieldError, 400),
    (ConfigError, 400),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (LibraryBusy, 503),
    (EngineAway, 503),
    (StorageError, 507),
)
UNANSWERABLE = 422
"""Of a program's request that has the form described and cannot be answered, told apart from one that has not."""

_HEADINGS = {
    400: "看不懂这个地址",
    401: "先要登录",
    403: "不能这样打开",
    404: "没有这一页",
    405: "不能这样打开",
    409: "别人刚改过",
    410: "此篇已经不用",
    413: "提交的内容太大",
    415: "看不懂交来的内容",
    422: "看不懂要做什么",
    429: "问得太快",
    500: "系统出错了",
    503: "请稍候再试",
    507: "没有存成",
}
_SENTENCES = {
    400: "地址里有系统不认识的内容。",
    404: "地址可能抄错了，或者这一页从来没有过。",
    405: "这个地址只能从页面上的按钮打开。",
    413: "一次提交的内容太多，没有做任何改动。",
    500: "这是程序的缺陷，材料没有受到影响。详情已写入日志，请把发生的时间和做法告诉维护者。",
}


def register(app: Flask) -> None:
    """Turn every failure into a page."""
    app.register_error_handler(WenshiError, page_of)
    app.register_error_handler(HTTPException, _http)


def status_of(error: WenshiError) -> int:
    """The HTTP status of an expected failure; 500 when it is not the visitor's doing."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def page_of(error: WenshiError) -> ResponseReturnValue:
    """An expected failure as a page with its status."""
    status = status_of(error)
    if status in (500, 507) or isinstance(error, EngineAway):
        _log.error("%s: %s", error.code, error)
    sentence = f"{error.place}：{error.message}" if error.place else error.message
    return _page(UNANSWERABLE if problem.wanted() and status == 400 else status, sentence, error.hint, error.code)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    # Flask logs the traceback of a defect itself before it gets here.
    own = error.description if error.description != type(error).description else None
    sentence = None if isinstance(error, InternalServerError) else own
    heading = error.heading if isinstance(error, OutOfUse) else ""
    told, hint = sentence or _SENTENCES.get(status, f"服务器答复 {status}。"), getattr(error, "hint", "")
    response = make_response(_page(status, told, hint, f"http-{status}", heading))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _page(status: int, sentence: str, hint: str, code: str, heading: str = "") -> ResponseReturnValue:
    sentence, hint = for_pages(sentence), for_pages(hint)
    heading = heading or _HEADINGS.get(status, "出了问题")
    if problem.wanted():
        return problem.problem(status, heading, sentence, hint, code)
    return render_template("error.html", heading=heading, sentence=sentence, hint=hint), status
