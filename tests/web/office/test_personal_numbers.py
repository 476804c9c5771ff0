"""Telephone, identity and bank numbers of contributors: in the register, for who may see them, and nowhere else."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pypdfium2  # type: ignore[import-untyped]
import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.cli.main import run
from archive.export import EXPORTERS
from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.errors import NotAllowed
from archive.model.search import Search
from archive.workflow.register_tables import export_register
from tests.web.test_buttons_by_rights import Page, furnished, ours, shape, signed_in
from web.app import create_app

LOCAL = Actor.local()
PHONE, PERSON, ACCOUNT, PROPOSER = "13909379246", "620102195203177731", "6217004220017765432", "0937-8246135"
NUMBERS = (PHONE, PERSON, ACCOUNT, PROPOSER)
TOLD_TO = {AccountRole.EDITOR, AccountRole.ADMINISTRATOR}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with furnished(tmp_path) as made:
        workflow = made.session(LOCAL).workflow
        for which in ("1", "2"):
            workflow.fill("文史稿件", which, {"联系": PHONE, "身份证号": PERSON, "银行账号": ACCOUNT})
        workflow.fill("提案", workflow.records("提案")[0].number, {"提案人电话": PROPOSER})
        yield made


def told(data: bytes) -> list[str]:
    """Which of the numbers stand in a file, in the parts of a packed one and in the text of a PDF too."""
    parts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts += [packed.read(one) for one in packed.namelist()]
    if data.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(data) as document:
            parts += [page.get_textpage().get_text_range().encode() for page in document]
    return [one for one in NUMBERS if any(one.encode() in part for part in parts)]


def everything_shown(app: Flask, client: FlaskClient) -> Iterator[tuple[str, bytes]]:
    """Each kind of page and file that links and forms lead to, with its address."""
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop(0)
        if (kind := shape(app, address)) in seen:
            continue
        seen.add(kind)
        answer = client.get(address)
        data = answer.get_data()
        answer.close()
        yield address, data
        if answer.location:
            waiting.append(urljoin(address, answer.location))
        if answer.mimetype != "text/html":
            continue
        page = Page(data.decode())
        waiting += [each for one in page.links if (each := ours(address, one))]
        asking = [(where, fields) for method, where, fields in page.forms if method == "get"]
        for where, fields in asking:
            query = "&".join(f"{name}={value}" for name, value in fields.items(multi=True) if value)
            waiting.append(f"{urlsplit(ours(address, where or address)).path}?{query}")


@pytest.mark.parametrize("role", AccountRole)
def test_pages_show_them_to_whom_they_should(library: Library, role: AccountRole) -> None:
    app = create_app(library)
    client = signed_in(library, app, [Holding(role)])
    shown = {address: told(data) for address, data in everything_shown(app, client)}
    for kind in ("文史稿件/one/1", "文史稿件/one/2"):
        address = f"/registers/{kind}"
        shown[address] = told(client.get(address).data)
    where = {address for address, numbers in shown.items() if numbers}
    assert len(shown) > 10
    if role not in TOLD_TO:
        assert where == set()
        return
    assert shown["/registers/文史稿件/one/1"] == [PHONE, PERSON, ACCOUNT]
    assert {shape(app, address)[0] for address in where} == {"records.one"}


@pytest.mark.parametrize("role", AccountRole)
def test_a_workbook_holds_them_only_for_who_names_them(library: Library, role: AccountRole, tmp_path: Path) -> None:
    client = signed_in(library, create_app(library), [Holding(role)])
    answers = [
        client.get("/registers/文史稿件/sheet.xlsx"),
        client.get("/registers/文史稿件/sheet.xlsx?private=银行账号"),
        client.get("/registers/文史稿件/sheet.xlsx?private=联系&private=身份证号"),
    ]
    found = [told(one.get_data()) for one in answers]
    assert found == ([[], [ACCOUNT], [PHONE, PERSON]] if role in TOLD_TO else [[], [], []])
    workflow = library.session(library.session(LOCAL).accounts.get("somebody").actor).workflow
    if role not in TOLD_TO and workflow.procedures():
        with pytest.raises(NotAllowed):
            export_register(workflow, "文史稿件", tmp_path / "x.xlsx", private=["联系"])
        file = tmp_path / "y.xlsx"
        asked = ["--library", str(library.root), "--as", "somebody", "register", "export", "文史稿件"]
        assert run([*asked, "-o", str(file), "--private", "联系"]) == NotAllowed.exit_code
        assert not file.exists()


def test_nothing_finds_or_counts_them(library: Library) -> None:
    session = library.session(LOCAL)
    for number in NUMBERS:
        for search in (Search(text=number), Search(text=f'"{number}"'), Search(text=number, as_written=True)):
            assert session.search(search).total == 0
        assert session.suggest(number[:4], Search()) == ()
    facets = repr(session.search(Search()).facets) + repr(session.counts.names(Search()))
    assert not any(number in facets for number in NUMBERS)
    index = [file.read_bytes() for file in (library.root / "index").rglob("*") if file.is_file()]
    coded = [" ".join(f"{ord(one):x}" for one in number) for number in NUMBERS]
    assert index and not any(words.encode() in data for data in index for words in (*NUMBERS, *coded))


def test_what_is_kept_of_changes_does_not_tell_them(library: Library) -> None:
    session = library.session(LOCAL)
    records = session.workflow.records("文史稿件")
    kept = [repr(session.audit(1000)), *(repr(session.workflow.steps(one)) for one in records), repr(records)]
    assert not any(number in words for words in kept for number in NUMBERS)
    assert "联系" in kept[0], "that it was set is told"


@pytest.mark.parametrize("form", EXPORTERS)
def test_no_book_holds_them(library: Library, form: str, tmp_path: Path) -> None:
    books = library.session(LOCAL).books
    bound = books.bind(books.project("一辑"), draft=True)
    books.write(bound.book, form, tmp_path / f"书.{form}")
    files = [one for one in tmp_path.glob("书*") if one.is_file()]
    assert files and [told(one.read_bytes()) for one in files] == [[]]
