"""What keeps the pages safe: only by our own names, no foreign pages, nothing from outside, no forgery."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask import session as login

from archive.model.errors import StorageError
from archive.support import library_folder
from archive.support.files import replacing
from archive.support.storage_errors import storage_errors
from web.base import problem
from web.base.limits import require_bounded_form
from web.base.site import HERE, Site

log = logging.getLogger(__name__)

_SITE = "wenshi.site"
_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_ONLY_ASKS = frozenset({"harvest.oai"})
"""What changes nothing when it is posted to: harvesters may ask by POST as well as by GET, says their protocol."""

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protect(app: Flask, root: Path, site: Site = HERE, agree: Callable[[], object] = lambda: None) -> None:
    """Sign cookies with the library's key, check every request, and put the security headers on every answer.

    The key is to be one on all machines, so `agree` is called when one was just made.
    """
    key = _key(root, agree)
    app.extensions[_SITE] = site
    app.config.update(
        SECRET_KEY=key,
        # Cookies know no ports: two libraries served side by side must not overwrite each other's.
        SESSION_COOKIE_NAME=f"wenshi-{hashlib.sha256(key.encode()).hexdigest()[:8]}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=site.secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),
        MAX_CONTENT_LENGTH=1_000_000,
    )
    app.before_request(_check)
    app.after_request(_harden)


def token() -> str:
    """The visitor's secret that every form carries back."""
    if "token" not in login:
        login.permanent = True
        login["token"] = secrets.token_urlsafe(16)
    return str(login["token"])


def page_of_ours(path: str, otherwise: str = "/") -> str:
    """The page a form stood on, to go back to: only a path of this site is accepted."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours else otherwise


def _check() -> None:
    """Refuse foreign host names (a page elsewhere may have pointed its own name here) and forms that are not ours."""
    site: Site = current_app.extensions[_SITE]
    if not site.covers(_host_name(request.host)):
        ours = "、".join(dict.fromkeys((*site.names, "127.0.0.1", "localhost")))
        abort(403, f"请求的主机名“{request.host}”不是这里的。本系统只接受用这些名称打开的地址：{ours}。")
    if site.secure and not request.is_secure:
        abort(403, "这个地址没有加密，密码和材料别人看得到。请打开管理员告诉您的、以 https 开头的地址。")
    if request.method == "POST" and not problem.wanted():  # there a token is asked for, which no page elsewhere has
        sent, known = request.form.get("token", ""), str(login.get("token", ""))
        fits = known and hmac.compare_digest(sent.encode(), known.encode())
        if not fits and request.endpoint not in _ONLY_ASKS:
            abort(403, "这个页面已经过期，没有做任何改动。请返回上一页，刷新后再试一次。")
        require_bounded_form()


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _harden(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _key(root: Path, agree: Callable[[], object]) -> str:
    """The key in the library's folder, made on first use; one for this run alone where it cannot be kept."""
    file = root / library_folder.WEB_KEY
    try:
        with storage_errors(file):
            if not file.is_file() or not file.read_text(encoding="ascii").strip():
                with replacing(file) as fresh:
                    fresh.chmod(0o600)  # before there is anything in it
                    fresh.write_text(secrets.token_hex(32), encoding="ascii")
                agree()
            return file.read_text(encoding="ascii").strip()
    except (StorageError, UnicodeDecodeError) as failure:
        log.warning("网页服务的密钥文件不能读写，这次用临时的：%s", failure)
        return secrets.token_hex(32)
