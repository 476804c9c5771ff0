"""What the first visitor would otherwise wait for, done while nobody waits: indexes, dictionaries, templates loaded."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from functools import partial

from flask import Flask

from archive.library import Library
from archive.model.access import Actor
from archive.model.search import Search
from archive.support.cancellation import Cancelled, cancelled_unless

_QUESTION = "鱻鱻鱻是哪一年开始的？"  # found nowhere, so that everything a looser reading needs is loaded
_log = logging.getLogger(__name__)


class WarmUp:
    """Has everything loaded that pages need, in a thread that neither the start nor the end of the program waits for.

    Nothing depends on it: what fails is logged, and the visitor whom it concerns is told when it fails for them.
    """

    def __init__(self, app: Flask, library: Library) -> None:
        self._app, self._session = app, library.session(Actor.local())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self.run, name="wenshi-warm-up", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def end(self) -> None:
        """Begin with nothing more."""
        self._ended.set()

    def run(self) -> None:
        """Do it at once, in this thread."""
        with cancelled_unless(lambda: not self._ended.is_set()):
            for step in self._steps():
                if self._ended.is_set():
                    return
                try:
                    step()
                except Cancelled:
                    return
                except Exception as error:
                    if not self._ended.is_set():  # a library that is being closed answers nothing
                        _log.info("not everything is loaded yet: %s", error)

    def _steps(self) -> Iterator[Callable[[], object]]:
        """In the order in which a visitor comes by."""
        ask, templates = self._session.search, self._app.jinja_env
        yield lambda: templates.get_template("home.html")
        yield lambda: ask(Search(), limit=0)
        yield lambda: templates.get_template("search.html")
        yield lambda: ask(Search(text="水", period="1950年代"))
        yield lambda: self._session.timeline(Search(text="水"))
        yield lambda: templates.get_template("article.html")
        yield lambda: self._session.suggest("水", Search())
        yield lambda: ask(Search(text=_QUESTION))
        for name in templates.list_templates(extensions=["html"]):
            yield partial(templates.get_template, name)
        yield gc.freeze  # what is loaded stays: no page is to wait while all of it is searched for garbage
