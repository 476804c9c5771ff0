"""The life of a reading process (see reading_processes.py): it opens the library and answers one page after another."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from flask import Flask
from werkzeug.wrappers import Response

from archive.library import Library
from web.app import create_app
from web.base.site import Site
from web.cli import memory
from web.cli.warm_up import WarmUp


@dataclass(frozen=True, slots=True)
class Opening:
    """What the application of a reading process has in common with that of the process that owns the library."""

    root: Path
    founding: bool
    site: Site
    secret: dict[str, str]
    """Settings of the application: the key that signs cookies, and their name."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, and what is for the owner to keep: what was asked (by whom, what, how many found), and what was to be
    logged (name, level, words)."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    asked: list[tuple[str, str, int]]
    logged: list[tuple[str, int, str]]


class _Kept(logging.Handler):
    """Keeps warnings for the owner, who has somewhere to write them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append((record.name, record.levelno, self.format(record)))

    def taken(self) -> list[tuple[str, int, str]]:
        """What was kept since it was last taken."""
        taken, self.kept = self.kept, []
        return taken


@dataclass(frozen=True, slots=True)
class _Answering:
    library: Library
    app: Flask
    log: _Kept


_answering: _Answering | None = None


def open_library(opening: Opening) -> bool:
    """Make this process ready to answer, with everything loaded that pages need."""
    global _answering
    memory.share_among_threads()
    library = Library.open(opening.root)
    app = create_app(library, locked=True, founding=opening.founding, site=opening.site)
    app.config.update(opening.secret)
    log = _Kept()  # what opening says was said by the owner already
    logging.getLogger().addHandler(log)
    WarmUp(app, library).run()
    library.asked.take()
    _answering = _Answering(library, app, log)
    return True


def answer(environ: dict[str, str]) -> Page:
    """The page that is asked for by the plain values of a WSGI environment."""
    assert _answering is not None, "no library is open"
    further = {
        "wsgi.version": (1, 0),
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    response = Response.from_app(_answering.app, {**environ, **further}, buffered=True)
    asked = [(one.owner, one.search, one.total) for one in _answering.library.asked.take()]
    return Page(response.status, list(response.headers), response.get_data(), asked, _answering.log.taken())
