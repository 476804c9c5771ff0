"""One page for reading at a time, unless it takes long."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import pytest

from web.cli import turns
from web.cli.turns import Turns

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

FAR = 60.0  # seconds that no test waits for


def asked(app: Turns, method: str = "GET", path: str = "/") -> list[bytes]:
    return list(app({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *_: lambda _: None))


def at_once(work: Callable[[], object], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Watched:
    """An application that notes how many of its pages were made at once; `/long` lasts until it is let go."""

    def __init__(self) -> None:
        self.made, self.most, self._now = 0, 0, 0
        self.begun, self.let_go = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/long":
            self.begun.set()
            assert self.let_go.wait(FAR)
            return [b"long"]
        with self._lock:
            self._now += 1
            self.made, self.most = self.made + 1, max(self.most, self._now)
        sum(range(20_000))
        with self._lock:
            self._now -= 1
        return [b"page"]


def test_8_short_pages_are_made_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONG", FAR)
    watched = Watched()
    app = Turns(watched)
    at_once(lambda: [asked(app) for _ in range(10)], 6)
    assert (watched.made, watched.most) == (60, 1)


def test_8_nobody_waits_for_a_long_page_and_afterwards_all_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    app = Turns(watched)
    long = threading.Thread(target=asked, args=(app, "GET", "/long"))
    long.start()
    assert watched.begun.wait(FAR)
    for _ in range(3):
        assert asked(app) == [b"page"]  # made while the long one goes on
    watched.let_go.set()
    long.join()
    monkeypatch.setattr(turns, "LONG", FAR)
    at_once(lambda: [asked(app) for _ in range(10)], 6)
    assert watched.most == 1


def test_8_what_changes_something_waits_for_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONG", FAR)
    watched = Watched()
    app = Turns(watched)
    long = threading.Thread(target=asked, args=(app, "GET", "/long"))
    long.start()
    assert watched.begun.wait(FAR)
    assert asked(app, "POST") == [b"page"]
    watched.let_go.set()
    long.join()


def test_8_a_page_that_fails_leaves_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONG", FAR)

    def fails(environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        raise ValueError("a defect")

    app = Turns(fails)
    for _ in range(2):
        with pytest.raises(ValueError, match="a defect"):
            asked(app)
