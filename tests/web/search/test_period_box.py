"""The box for a period: what it cannot read it answers with links to what may have been meant."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from web.app import create_app


@pytest.fixture(scope="module")
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def test_the_nearest_readings_are_links_that_search(client: FlaskClient) -> None:
    answer = client.get("/?q=集市&period=壬辰年")
    assert answer.status_code == 400
    (offers,) = re.findall(r'<p class="offers"><span>是不是</span>(.*?)</p>', answer.text)
    urls = [unescape(url) for url in re.findall(r'href="([^"]+)"', offers)]
    assert [re.search("period=([^&]+)", unquote(url))[1] for url in urls] == ["1892年", "1952年", "1832年"]  # type: ignore[index]
    assert all("q=集市" in unquote(url) and client.get(url).status_code == 200 for url in urls)


def test_what_wants_a_year_is_told_so(client: FlaskClient) -> None:
    text = client.get("/?period=3月5日").text
    assert "没有写年份" in text and "1958年3月5日" in text


def test_dates_open_at_one_end_count_by_choice(client: FlaskClient) -> None:
    assert 'name="open" value="1" checked' in client.get("/?period=1958年&open=1").text
    assert 'name="open" value="1" checked' not in client.get("/?period=1958年").text
