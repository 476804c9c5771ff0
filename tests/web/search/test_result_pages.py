"""All hits as a file: at once, or as a job where there are many."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from web.app import create_app
from web.search import result_pages

ASKED = "/results.csv?q=水车"


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def test_a_long_list_is_a_job_and_the_same_list(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = client.get(ASKED)
    assert at_once.status_code == 200
    monkeypatch.setattr(result_pages, "_AT_ONCE", 1)
    address, end = client.get(ASKED).headers["Location"], time.monotonic() + 60
    while "data-job=" in (answer := client.get(address, follow_redirects=True)).text and time.monotonic() < end:
        time.sleep(0.05)
    assert "清单写好了" in answer.text
    file = client.get(f"{answer.request.path}/file")
    assert file.headers["Content-Disposition"] == at_once.headers["Content-Disposition"]
    moment = slice(at_once.text.index("序号"), None)  # above it stands when it was asked
    assert file.text[moment] == at_once.text[moment]
