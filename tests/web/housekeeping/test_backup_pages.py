"""Backups in the browser: planned, made when they are due, told on the front page."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.holdings import BackupPlan
from archive.model.records import Article, Block, Collection, Kind
from archive.support.files import write_whole
from archive.support.library_folder import BACKUP_NOTES
from web.app import create_app
from web.housekeeping.backup_schedule import BackupSchedule

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "清水") as created:
        session = created.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        file = tmp_path / "稿.txt"
        file.write_text("稿", encoding="utf-8")
        session.add(file, file.name, [Article(collection="c", blocks=(Block.plain(Kind.TITLE, "水车"),))], [])
        yield created


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "备份"
    made.mkdir()
    return made


@pytest.fixture
def app(library: Library) -> Flask:
    return create_app(library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def send(client: FlaskClient, address: str, **form: object) -> TestResponse:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/manage").text)
    assert found
    return client.post(address, data={"token": found[1], **form}, follow_redirects=True)


def test_a_plan_is_made_changed_and_taken_back(client: FlaskClient, library: Library, folder: Path) -> None:
    numbers = {"hours": "12", "daily": "3", "weekly": "2", "monthly": "1"}
    assert "已经安排好" in send(client, "/manage/backup/plan", folder=str(folder), password="水车", **numbers).text
    backups = library.session(LOCAL).upkeep.backups
    assert (backups.plan(), backups.password()) == (BackupPlan(str(folder), 12, 3, 2, 1), "水车")
    page = send(client, "/manage/backup/plan", folder=str(folder), **numbers).text
    assert "水车" not in page and "加了密码" in page
    send(client, "/manage/backup/plan", folder=str(folder), unlocked="1", **numbers)
    assert backups.password() == ""
    assert "已取消" in send(client, "/manage/backup/plan", folder=str(folder), off="1").text
    assert backups.plan() == BackupPlan()


@pytest.mark.parametrize(
    ("form", "words"),
    [({"folder": ""}, "没有写"), ({"folder": "/没有这里"}, "没有这个文件夹"), ({"hours": "0"}, "间隔")],
)
def test_a_plan_that_does_not_do(client: FlaskClient, folder: Path, form: dict[str, str], words: str) -> None:
    assert words in send(client, "/manage/backup/plan", **({"folder": str(folder)} | form)).text


def test_one_that_is_due_is_made(app: Flask, library: Library, folder: Path) -> None:
    schedule = BackupSchedule(app, library)
    assert schedule.look() is None  # without a plan
    library.session(LOCAL).upkeep.backups.save_plan(BackupPlan(str(folder)))
    job = schedule.look()
    assert job is not None
    end = time.monotonic() + 30
    while not job.over and time.monotonic() < end:
        time.sleep(0.02)
    assert job.error is None
    assert [each.suffix for each in folder.iterdir()] == [".zip"]
    assert schedule.look() is None
    assert "自动备份" in app.test_client().get("/jobs").text


def noted(library: Library, days: float, fault: str = "") -> None:
    when = f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    text = f'[{{"when": "{when}", "file": "a.zip", "fault": "{fault}"}}]'
    write_whole(library.root / BACKUP_NOTES, text)


def test_the_front_page_tells_and_warns(client: FlaskClient, library: Library) -> None:
    assert "还没有备份过" in client.get("/").text
    noted(library, 1)
    page = client.get("/").text
    assert "最近一次备份" in page and "notice warn" not in page
    noted(library, 40)
    assert "notice warn" in client.get("/").text
    noted(library, 1, "磁盘满了")
    assert "没有做成：磁盘满了" in client.get("/").text
