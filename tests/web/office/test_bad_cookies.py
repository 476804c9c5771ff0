"""What is forged, expired or another's opens nothing, and says decently what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.holdings import JobRow
from archive.model.records import Article, Block, Collection, Kind, Status
from web.app import create_app
from web.base import door

LOCAL = Actor.local()
PASSWORD = "一句很长很长的话"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        session = made.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        for number, status in enumerate((Status.RELEASED, Status.FIRST_REVIEW), 1):
            file = tmp_path / f"{number}.txt"
            file.write_text(str(number), encoding="utf-8")
            blocks = (Block.plain(Kind.TITLE, f"水车{number}"),)
            session.add(file, file.name, [Article(collection="c", blocks=blocks, status=status)], ())
        yield made


@pytest.fixture
def people(library: Library) -> Library:
    accounts = library.session(LOCAL).accounts
    roles = (("zhang", AccountRole.ADMINISTRATOR), ("wang", AccountRole.EDITOR), ("li", AccountRole.READER))
    for login, role in roles:
        _, first = accounts.add(login, login, [Holding(role)])
        library.session(accounts.get(login).actor).accounts.change_password(first, PASSWORD)
    return library


def signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    token = client.get("/login").text.split('name="token" value="')[1].split('"')[0]
    assert client.post("/login", data={"token": token, "login": login, "password": PASSWORD}).status_code == 303
    return client


def cookie_name(app: Flask) -> str:
    return str(app.config["SESSION_COOKIE_NAME"])


def test_a_forged_cookie_opens_nothing(library: Library) -> None:
    app = create_app(library, locked=True)
    client = app.test_client()
    client.get(f"/{door.path(app)}")
    held = client.get_cookie(cookie_name(app))
    assert held is not None
    body, moment, signature = held.value.rsplit(".", 2)
    for forged in ("", "x", f"{body}.{moment}.{signature[::-1]}", f"eyJvcGVuZWQiOnRydWV9.{moment}.{signature}"):
        other = app.test_client()
        other.set_cookie(cookie_name(app), forged)
        answer = other.get("/article/1")
        assert answer.status_code == 401 and "水车" not in answer.text and "整行复制" in answer.text


def test_the_key_of_one_library_does_not_open_another(library: Library, tmp_path: Path) -> None:
    with Library.create(tmp_path / "other") as other:
        strangers = door.path(create_app(other, locked=True))
        answer = create_app(library, locked=True).test_client().get(f"/{strangers}")
        assert answer.status_code == 401 and "水车" not in answer.text


def test_a_copied_cookie_ends_with_its_owner(people: Library) -> None:
    app = create_app(people)
    wang, copied = signed_in(app, "wang"), app.test_client()
    held = wang.get_cookie(cookie_name(app))
    assert held is not None
    copied.set_cookie(cookie_name(app), held.value)
    assert copied.get("/article/2").status_code == 200
    token = wang.get("/me").text.split('name="token" value="')[1].split('"')[0]
    wang.post("/logout", data={"token": token})
    assert copied.get("/article/2").location.startswith("/login")


def test_a_login_expires_and_the_clock_may_be_wrong(people: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(create_app(people), "wang")
    for hours, code in ((-48, (200, 303)), (2, (200,)), (30, (303,))):

        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None, by: int = hours) -> Clock:
                moved = datetime.now(UTC) + timedelta(hours=by)
                return cls.fromtimestamp(moved.timestamp(), UTC)

        monkeypatch.setattr("archive.workflow.logins.datetime", Clock)
        answer = client.get("/article/2")
        assert answer.status_code in code
        if answer.status_code == 303:
            assert answer.location.startswith("/login")


def test_a_form_of_another_person_is_refused(people: Library) -> None:
    app = create_app(people)
    wang, li = signed_in(app, "wang"), signed_in(app, "li")
    token = wang.get("/article/1/report/0").text.split('name="token" value="')[1].split('"')[0]
    refused = li.post("/article/1/report/0", data={"token": token, "words": "错"})
    assert refused.status_code == 403 and "过期" in refused.text
    assert people.session(LOCAL).corrections.reports() == ()


def test_jobs_of_others_are_not_there(people: Library) -> None:
    wang = people.session(people.session(LOCAL).accounts.get("wang").actor)
    wang.jobs.save(JobRow("j1", "", "收稿：水车密件", "null", wang.actor.id, "wang", "done", ""))
    app = create_app(people)
    for login, code in (("wang", 200), ("li", 404), ("zhang", 200)):
        client = signed_in(app, login)
        answer = client.get("/jobs/j1")
        assert answer.status_code == code and (code == 200) is ("密件" in answer.text)
        assert code == 200 or client.get("/jobs/j1/state").status_code == 404


@pytest.mark.parametrize("address", ["/article/2", "/article/2/like", "/article/2/history", "/diff/1/2", "/imports/2"])
def test_hidden_addresses_read_like_those_of_nothing(people: Library, address: str) -> None:
    client = signed_in(create_app(people), "li")
    hidden, nothing = client.get(address), client.get(address.replace("2", "77"))
    assert hidden.status_code == nothing.status_code and hidden.status_code in (403, 404)
    assert "水车2" not in hidden.text and hidden.text.replace("2", "77") == nothing.text.replace("2", "77")


def test_the_last_administrator_stays(people: Library) -> None:
    client = signed_in(create_app(people), "zhang")
    token = client.get("/accounts/zhang").text.split('name="token" value="')[1].split('"')[0]
    refused = client.post("/accounts/zhang/roles", data={"token": token, "role": "读者"})
    assert refused.status_code == 409 and "管理员" in refused.text
    assert client.get("/accounts").status_code == 200
