"""The reading edition of a library as it is now: for a reading room, without accounts, for reading alone.

What is served are files: those of `wenshi publish`, made into a temporary folder and made again whenever a text that
anybody may read was added, changed or taken back. Only programs ask the library, harvesters (oai.py) and those that
show scans (iiif_pages.py): they are told the same.
"""

from __future__ import annotations

import logging
import secrets
import threading
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory
from flask.typing import ResponseReturnValue

from archive.library import Library
from archive.model.accounts import public_reader
from archive.model.errors import NotFound
from web.base import compression, current, rates
from web.edition import iiif_pages, oai
from web.edition.publishing import Published, Wanted, publish
from web.edition.site_folder import SiteFolder

LOOKS = 15.0
"""Seconds between two looks whether something changed."""

A_MINUTE = 600
"""Requests of one address: a page with its search takes some twenty."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",  # anybody may read everything here, programs in other pages too
    "Cache-Control": "no-cache",
}

_log = logging.getLogger(__name__)


class ReadingRoom:
    """Keeps the edition of a library in a folder up with it, by a thread between `start` and `end`."""

    def __init__(self, library: Library, folder: Path, wanted: Wanted) -> None:
        self._library, self._folder, self._wanted = library, folder, wanted
        self._state: object = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wenshi-edition", daemon=True)

    def renew(self) -> Published | None:
        """Make the edition again if what anybody may read has changed; None where it has not.

        Raises NotFound while there is nothing that anybody may read.
        """
        session = self._library.session(public_reader())
        collections = session.collections()
        state = [(each, session.listing(each.id)) for each in collections], dict(session.digests())
        if state == self._state:
            return None
        if not collections:
            raise NotFound("还没有已经发布并且公开的文章，没有可看的。", hint="先发布文章，再开阅览")
        made = publish(session, collections, self._wanted, SiteFolder(self._folder))
        self._state = state
        return made

    def start(self) -> None:
        """Look now and then until `end`."""
        self._thread.start()

    def end(self) -> None:
        """Look no more; returns when nothing is being made."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(LOOKS):
            try:
                self.renew()
            except NotFound:
                SiteFolder(self._folder).finish("", (), ())  # everything was taken back: nothing is shown
            except Exception:  # a disk that is away for a moment must not end it
                _log.exception("the edition was not made again")


def create_room(folder: Path, library: Library) -> Flask:
    """An application that hands out the files of an edition of a library, and what harvesters ask."""
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = secrets.token_hex(32)
    current.attach(app, library)
    rates.attach(app, A_MINUTE)
    app.before_request(_not_too_often)
    app.after_request(_told)
    compression.attach(app)

    app.register_blueprint(oai.pages)
    app.register_blueprint(iiif_pages.pages)

    @app.get("/", defaults={"path": "index.html"})
    @app.get("/<path:path>")
    def file(path: str) -> ResponseReturnValue:
        return send_from_directory(folder, path)

    @app.errorhandler(NotFound)
    @app.errorhandler(404)
    def absent(error: Exception) -> ResponseReturnValue:
        page = folder / "404.html"
        return (page.read_text(encoding="utf-8") if page.is_file() else "现在没有可看的文章。"), 404

    return app


def _not_too_often() -> None:
    wait = rates.seconds_to_wait(request.remote_addr or "")
    if wait:
        abort(429, f"打开得太快，请等 {wait} 秒再看。")


def _told(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response
