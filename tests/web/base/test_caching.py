"""What browsers may keep, with accounts and without."""

from __future__ import annotations

from archive.library import Library
from archive.model.access import Actor
from web.app import create_app
from web.base import caching


def test_with_accounts_no_browser_keeps_a_text_or_a_name(library: Library) -> None:
    app = create_app(library)
    client, used = app.test_client(), False
    caching.ask_for_accounts(app, lambda: used)
    article = next(iter(library.session(Actor.local()).articles("volume3")))
    pages = ["/", f"/article/{article.id}", "/results.csv?q=水车", "/api/v1/search?q=水车", "/collections", "/nowhere"]
    if article.original:
        pages.append(f"/original/{article.original}")
    for page in pages:
        with client.get(page) as answer:
            assert "no-store" not in answer.headers.get("Cache-Control", ""), page
    tag = client.get(f"/article/{article.id}").headers["ETag"]
    used = True
    for page in pages:
        with client.get(page, headers={"If-None-Match": tag}) as answer:
            assert answer.headers["Cache-Control"] == "no-store", page
            assert answer.status_code != 304 and "ETag" not in answer.headers, page


def test_what_belongs_to_the_program_may_be_kept_with_accounts_too(library: Library) -> None:
    app = create_app(library)
    caching.ask_for_accounts(app, lambda: True)
    with app.test_client().get("/static/wenshi.css") as sheet:
        assert sheet.headers["ETag"] and "no-store" not in sheet.headers["Cache-Control"]


def test_no_page_at_all_may_be_kept_with_accounts(library: Library) -> None:
    app = create_app(library)
    caching.ask_for_accounts(app, lambda: True)
    client = app.test_client()
    plain = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    assert len(plain) > 30
    for address in plain:
        with client.get(address) as answer:
            assert answer.headers["Cache-Control"] == "no-store", address
