"""Whoever types the address of what is not theirs is told just what they are told of nothing at all.

Every address with something in it that could be guessed is in the table; for those who have not signed in, or hold a
cookie that is forged or over, all addresses are alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.holdings import JobRow
from archive.model.records import Access, Article, Block, Collection, Kind, Person, Picture, Status
from archive.workflow import logins
from tests.given_names import give
from tests.web.test_buttons_by_rights import signed_in
from web.app import create_app

LOCAL = Actor.local()
HIDDEN, NOTHING = "鼂家密事", "齌家无事"
PIXEL = Picture(hashlib.sha256(b"\x89PNG\r\n\x1a\nq").hexdigest(), b"\x89PNG\r\n\x1a\nq", "image/png")
ORIGINAL = hashlib.sha256("密".encode()).hexdigest()
NOBODYS = "0" * 64

TABLE: dict[str, str] = {
    "api.same_words": "/api/v1/articles/{article}/blocks/1/same-words",
    "api.accounts": "/api/v1/articles/{article}/blocks/1/accounts",
    "api.article": "/api/v1/articles/{article}",
    "api.versions": "/api/v1/articles/{article}/versions",
    "api.dates_in": "/api/v1/articles/{article}/dates",
    "api.collection": "/api/v1/collections/{collection}",
    "api.picture": "/api/v1/pictures/{picture}",
    "api.original": "/api/v1/originals/{original}",
    "api.book": "/api/v1/books/{name}",
    "api.job": "/api/v1/jobs/{job}",
    "api.job_file": "/api/v1/jobs/{job}/files/书.pdf",
    "api.card": "/api/v1/cards/{number}",
    "api.card_history": "/api/v1/cards/{number}/history",
    "api.compilation": "/api/v1/compilations/{name}",
    "api.compilation_event": "/api/v1/compilations/{name}/events/1",
    "reading.article": "/article/{article}",
    "other_accounts.show": "/article/{article}/accounts/1",
    "cards.make": "/article/{article}/card/1/1/0-2",
    "records.comment": "/article/{article}/comment/1",
    "dating.date": "/article/{article}/date/1/0-2",
    "correcting.edit": "/article/{article}/edit/1",
    "naming.authors": "/article/{article}/edit/authors",
    "editing.fields": "/article/{article}/fields",
    "history.history": "/article/{article}/history",
    "comparing.like": "/article/{article}/like",
    "scans.scan": "/article/{article}/scan/1",
    "scans.lines": "/article/{article}/scan/1/lines",
    "iiif.manifest": "/iiif/{article}/manifest.json",
    "iiif.words": "/iiif/{article}/page/1.json",
    "scans.place": "/article/{article}/scan/place?version=1&block=2&start=0&end=1",
    "scans.region": "/article/{article}/scan/1/region?box=0,0,9,9",
    "history.now": "/article/{article}/now?v=1",
    "quoting.quote": "/article/{article}/quote/1/1/0-2",
    "reporting.report": "/article/{article}/report/1",
    "same_words.show": "/article/{article}/same/1",
    "same_words.sheet": "/article/{article}/same/1/table.csv",
    "words.words": "/article/{article}/words/1",
    "books.book": "/books/{name}",
    "book_data.data": "/books/{name}/data",
    "book_matter.matter": "/books/{name}/matter",
    "book_matter.piece": "/books/{name}/matter/front/0",
    "book_output.output": "/books/{name}/output",
    "book_output.done": "/books/{name}/output/done/{job}",
    "book_output.download": "/books/{name}/output/done/{job}/书.pdf",
    "book_output.manifest": "/books/{name}/output/edition/1.json",
    "book_preview.preview": "/books/{name}/preview",
    "book_preview.picture": "/books/{name}/preview/{job}/1.png",
    "book_preview.state": "/books/{name}/preview/state?job={job}",
    "book_proof.show": "/books/{name}/proof",
    "book_proof.sheet": "/books/{name}/proof/report.xlsx",
    "book_items.item": "/books/{name}/text/{article}",
    "book_items.newer": "/books/{name}/text/{article}/newer",
    "cards.one": "/cards/{number}",
    "holdings.collection": "/collection/{collection}",
    "editing.table": "/collection/{collection}/fields",
    "scan_progress.volume": "/collection/{collection}/scans",
    "editing.table_file": "/collection/{collection}/fields.csv",
    "posts.people": "/collection/{collection}/people",
    "posts.person": "/collection/{collection}/person?name=甲",
    "posts.posts": "/collection/{collection}/posts",
    "posts.sheet": "/collection/{collection}/posts.csv",
    "compilations.one": "/compilations/{name}",
    "compilations.event": "/compilations/{name}/event/1",
    "compilations.sheet": "/compilations/{name}/file.docx",
    "comparing.diff": "/diff/{open}/{article}",
    "imports.one": "/imports/{imported}",
    "intake.volume": "/intake/{job}",
    "intake.diff": "/intake/{job}/diff/1/{article}",
    "intake.missing": "/intake/{job}/held",
    "intake.report": "/intake/report/{job}",
    "jobs.job": "/jobs/{job}",
    "jobs.state": "/jobs/{job}/state",
    "safekeeping.backup_done": "/manage/backup/{job}",
    "safekeeping.backup_file": "/manage/backup/{job}/file",
    "safekeeping.checked": "/manage/check/{job}",
    "arranging.collection": "/manage/collections/{collection}",
    "safekeeping.mended": "/manage/mend/{job}",
    "purging.done": "/manage/purge/{job}",
    "safekeeping.preserved": "/manage/preserve/{job}",
    "safekeeping.rehearsed": "/manage/rehearsal/{job}",
    "safekeeping.reindexed": "/manage/reindex/{job}",
    "files.original": "/original/{original}",
    "files.picture": "/picture/{picture}",
    "records.one": "/registers/文史稿件/one/{article}",
    "records.one of a book": "/registers/书稿校次/one/{name}",
    "records.one of a register": "/registers/提案/one/{record}",
    "records.difference": "/registers/书稿校次/proofs/1/2/{name}",
    "results.done": "/results/{job}",
    "results.file": "/results/{job}/file",
    "reuse.done": "/reuse/done/{job}",
    "publishing.done": "/publish/{job}",
    "publishing.file": "/publish/{job}/file",
}
"""An address of each kind: filled in for what is hidden, and for nothing."""

THE_SAME_FOR_ALL = {
    "static", "help.chapter", "office.open_address", "office.welcome", "office.account",
    # Of the office as a whole: for who takes part in its work, or nobody.
    "api.name", "api.name_places",
    "names.one", "names.history", "names.sheet", "name_editing.edit", "name_editing.merge",
    "procedures.one", "procedures.entry", "registers.register", "registers.new", "registers.sheet",
    # A format alone stands in the address.
    "audit.sheet", "cards.sheet", "collocates.sheet", "concordance.groups_sheet", "barcodes.sheet", "concordance.sheet",
    "frequencies.sheet", "results.listed", "reuse.sheet", "terms.sheet",
}  # fmt: skip

ASKERS = {
    "读者": [Holding(AccountRole.READER)],
    "研究者": [Holding(AccountRole.RESEARCHER)],
    "一个文集的编辑": [Holding(AccountRole.RESEARCHER), Holding(AccountRole.EDITOR, "open")],
}


@pytest.fixture
def given(tmp_path: Path) -> Iterator[tuple[Library, dict[str, str], dict[str, str]]]:
    """A library, what is hidden in it from the askers, and as much of nothing."""
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        for id, access in (("open", Access.OPEN), ("shut", Access.RESTRICTED)):
            session.save_collection(Collection(id, f"文集{id}", access=access))
        for words, collection in (("公", "open"), ("密", "shut")):
            file = tmp_path / f"{words}.txt"
            file.write_text(words, encoding="utf-8")
            title = HIDDEN if collection == "shut" else "水车"
            blocks = (
                Block.plain(Kind.TITLE, title),
                Block.plain(Kind.PARAGRAPH, f"1931年，{title}。"),
                *((Block(Kind.FIGURE, picture=PIXEL.sha256),) if collection == "shut" else ()),
            )
            article = Article(
                id=f"text-{collection}", collection=collection, blocks=blocks, status=Status.RELEASED,
                people=(Person("甲"),),
            )  # fmt: skip
            session.add(file, f"{title}.txt", [article], (), [PIXEL] if collection == "shut" else ())
        shown, hidden = "text-open", "text-shut"
        give(library, f"类别,规范名\n人物,{HIDDEN}\n")
        key = session.cards.make(hidden, (1, 0, 2))
        session.compilations.save(session.compilations.create(HIDDEN).with_cards([key]))
        session.books.create(HIDDEN, [session.article(hidden)])
        session.workflow.fill("文史稿件", hidden, {"备注": HIDDEN})
        session.workflow.fill("书稿校次", HIDDEN, {"印数": "5"})
        proposal = session.workflow.add("提案", {"案由": HIDDEN, "提案人": "甲"}).number
        imported = str(session.imports()[-1].key)
        session.jobs.save(JobRow("job1", "", HIDDEN, "null", "local", "本机", "done", ""))
        common = {"open": shown}
        yield (
            library,
            {
                **common, "article": hidden, "name": HIDDEN, "number": str(key), "collection": "shut", "job": "job1",
                "imported": imported, "record": proposal, "original": ORIGINAL, "picture": PIXEL.sha256,
            },
            {
                **common, "article": "text-none", "name": NOTHING, "number": "77", "collection": "shot", "job": "job7",
                "imported": "77", "record": "2026-777", "original": NOBODYS, "picture": NOBODYS,
            },
        )  # fmt: skip


Given = tuple[Library, dict[str, str], dict[str, str]]


def told(client: FlaskClient, address: str, values: dict[str, str]) -> tuple[int, str, frozenset[str], str]:
    """The status, kind, lines and further address that are answered, without what was typed in the address."""
    asked = address.format(**values)
    answer = client.get(asked)
    text = unescape(answer.get_data().decode(errors="replace"))
    answer.close()
    moved = answer.headers.get("Location", "")
    typed = [asked, asked.partition("?")[0], *(value for name, value in values.items() if len(value) > 3)]
    typed += [f"“{value}”" for value in values.values()]
    forms = [form for each in typed for form in (quote(each, safe=""), quote(each), each)]
    for form in forms:
        text, moved = text.replace(form, "…"), moved.replace(form, "…")
    lines = frozenset(line for line in text.splitlines() if 'name="token"' not in line)
    return answer.status_code, answer.mimetype or "", lines, moved


def test_every_address_is_in_the_table(given: Given) -> None:
    rules = create_app(given[0]).url_map.iter_rules()
    with_something = {one.endpoint for one in rules if "GET" in (one.methods or ()) and one.arguments}
    assert with_something == {one.partition(" ")[0] for one in TABLE} | THE_SAME_FOR_ALL


@pytest.mark.parametrize("asker", ASKERS)
def test_what_is_hidden_is_told_like_nothing(given: Given, asker: str) -> None:
    library, hidden, nothing = given
    client = signed_in(library, create_app(library), ASKERS[asker])
    differing = {}
    for endpoint, address in TABLE.items():
        here, there = told(client, address, hidden), told(client, address, nothing)
        if here != there or here[0] not in (303, 403, 404) or HIDDEN in str(here[2]):
            differing[endpoint] = (here[0], there[0], here[3], there[3], here[2] ^ there[2])
    assert differing == {}


def test_what_is_hidden_is_there_for_whom_it_is(given: Given) -> None:
    """The table would show nothing if its addresses led nowhere for anybody."""
    library, hidden, nothing = given
    client = create_app(library).test_client()
    whole = [one for one, address in TABLE.items() if "{job}" not in address]  # which show what their job left behind
    led = {one for one in (*whole, "jobs.job") if told(client, TABLE[one], hidden)[0] == 200}
    assert len(led) > 35, set(whole) - led
    assert not {one for one in led if told(client, TABLE[one], nothing)[0] == 200}


def forged(app: Flask, kind: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Somebody whose cookie does not let them in."""
    client = signed_in(library, app, [Holding(AccountRole.ADMINISTRATOR)])
    name = str(app.config["SESSION_COOKIE_NAME"])
    if kind == "none":
        return app.test_client()
    if kind == "forged":
        held = client.get_cookie(name)
        assert held is not None
        client.set_cookie(name, held.value[:-6] + held.value[-6:][::-1])
    if kind == "over":
        monkeypatch.setattr(logins, "_now", lambda now=logins._now: now() + logins.LONGEST * 2)
    if kind == "closed":
        accounts = library.session(LOCAL).accounts
        accounts.add("other", "另一位", [Holding(AccountRole.ADMINISTRATOR)])
        accounts.disable("somebody")
    return client


@pytest.mark.parametrize("kind", ["none", "forged", "over", "closed"])
def test_without_a_cookie_that_holds_all_addresses_lead_to_signing_in(
    given: Given, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, hidden, nothing = given
    client = forged(create_app(library), kind, library, monkeypatch)
    for address in TABLE.values():
        here, there = told(client, address, hidden), told(client, address, nothing)
        shut = here[0] == 401 if address.startswith("/api/") else here[0] == 303 and here[3].startswith("/login")
        assert here == there and shut, address


def test_a_role_taken_away_closes_what_was_open(given: Given) -> None:
    library, hidden, nothing = given
    client = signed_in(library, create_app(library), [Holding(AccountRole.ADMINISTRATOR)])
    accounts = library.session(LOCAL).accounts
    accounts.add("other", "另一位", [Holding(AccountRole.ADMINISTRATOR)])
    address = TABLE["reading.article"]
    assert client.get(address.format(**hidden)).status_code == 200
    accounts.set_roles("somebody", [Holding(AccountRole.READER)])
    for address in TABLE.values():
        assert told(client, address, hidden) == told(client, address, nothing), address
