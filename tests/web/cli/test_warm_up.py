"""What is loaded before anybody asks, and that nobody waits for it."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from archive.library import Library
from archive.model.errors import EngineError
from archive.model.search import Results, Search
from archive.session import Session
from web.app import create_app
from web.cli.warm_up import WarmUp


def test_searches_and_templates_are_loaded(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Search] = []
    search = Session.search

    def noted(session: Session, wanted: Search, limit: int = 20) -> Results:
        asked.append(wanted)
        return search(session, wanted, limit=limit)

    frozen: list[bool] = []
    monkeypatch.setattr(Session, "search", noted)
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    app = create_app(library)
    assert app.jinja_env.cache is not None and not app.jinja_env.cache
    warm_up = WarmUp(app, library)
    warm_up.start()
    warm_up._thread.join(60)
    made = {name for _, name in app.jinja_env.cache}
    assert made == set(app.jinja_env.list_templates(extensions=["html"]))
    totals = {wanted.text: library.session(warm_up._session.actor).search(wanted).total for wanted in asked[:]}
    assert frozen and totals[""] and any(text and not total for text, total in totals.items())


def test_what_fails_is_logged_and_the_rest_done(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> Results:
        raise EngineError("坏了")

    monkeypatch.setattr(Session, "search", fails)
    monkeypatch.setattr(gc, "freeze", lambda: None)  # not of the tests' own process
    app = create_app(library)
    warm_up = WarmUp(app, library)
    with caplog.at_level(logging.INFO, "web.cli.warm_up"):
        warm_up.start()
        warm_up._thread.join(60)
    assert "坏了" in caplog.text and not warm_up._thread.is_alive()
    assert any(name == "article.html" for _, name in app.jinja_env.cache or ())


def test_nobody_waits_for_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, later = threading.Event(), threading.Event(), threading.Event()

    def steps(_: WarmUp) -> Iterator[Callable[[], object]]:
        yield lambda: (begun.set(), go_on.wait(60))
        yield later.set

    monkeypatch.setattr(WarmUp, "_steps", steps)
    warm_up = WarmUp(create_app(library), library)
    warm_up.start()
    assert begun.wait(60)  # and start has returned while it goes on
    warm_up.end()
    assert warm_up._thread.is_alive()  # and so has end
    go_on.set()
    warm_up._thread.join(60)
    assert not later.is_set()
