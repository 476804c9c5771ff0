"""Near texts of one article: what comparing needs is made anew as a job where that takes long."""

from __future__ import annotations

import time

import pytest

from archive.library import Library
from archive.model.access import Actor
from web.app import create_app
from web.reading import comparison_pages


def test_a_large_library_is_caught_up_with_by_a_job(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    session, client = library.session(Actor.local()), create_app(library).test_client()
    article = next(iter(session.articles("volume3"))).id
    (library.root / "index" / "duplicates.sqlite").unlink(missing_ok=True)
    monkeypatch.setattr(comparison_pages, "_MANY", 3)
    where = f"/article/{article}/like"
    answer = client.get(where)
    assert answer.status_code == 303
    end = time.monotonic() + 30
    while answer.status_code == 303 or "data-job" in answer.text:
        assert time.monotonic() < end
        answer = client.get(answer.headers.get("Location", answer.request.path))
        time.sleep(0.05)
    assert answer.request.path == where and "相近的文章" in answer.text
    assert session.jobs.listed()[0].title == "准备比较相近的文章"
    assert client.get(where).status_code == 200, "once is enough"
