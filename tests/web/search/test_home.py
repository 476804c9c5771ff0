"""The front page: ways into the holdings when nothing is asked, and three steps where there are none."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import g

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding, rights_of
from archive.model.records import Article, Block, Collection, Genre, Kind, Period, Precision
from web.app import create_app
from web.search import home

LOCAL = Actor.local()


def test_every_way_in_leads_to_something(library: Library) -> None:
    client = create_app(library).test_client()
    page = client.get("/").text
    assert 'class="result"' not in page
    links = re.findall(r'href="(/(?:collection|\?|imports)[^"]*)"', page.split('class="home"')[1])
    assert len(links) > 10
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        assert "没有找到" not in answer.text, link
    assert 'class="result"' in client.get("/?page=1").text


def test_the_shelf_counts_as_the_holdings_do(tmp_path: Path) -> None:
    """A preface is found by a search and stands in the contents, but nobody calls it one of the articles."""
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("wenshi", "县文史"))
        (file := tmp_path / "县文史.txt").write_text("县文史", encoding="utf-8")
        texts = ((Genre.MATTER, "前言"), (Genre.ARTICLE, "水车"), (Genre.ARTICLE, "渡口"))
        drafts = [
            Article(
                collection="wenshi",
                genre=genre,
                blocks=(Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, f"{title}说的是河边的事。")),
            )
            for genre, title in texts
        ]
        session.add(file, file.name, drafts, [])
        client = create_app(library).test_client()
        for address in ("/", "/collections", "/collection/wenshi"):
            assert re.findall(r"(\d+) 篇", client.get(address).text)[:1] == ["2"], address


def test_an_empty_library_says_how_to_begin(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as empty:
        page = create_app(empty).test_client().get("/").text
        assert "三步" in page
        assert 'href="/intake">去收稿' in page


def test_who_takes_nothing_in_is_not_sent_to(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as empty:
        app = create_app(empty)

        def reads() -> None:
            g.wenshi_actor = Actor("r", "赵读者", rights_of([Holding(AccountRole.READER)]))

        app.before_request_funcs.setdefault(None, []).insert(0, reads)
        page = app.test_client().get("/").text
        assert "现在还没有您能看的文章" in page and "三步" not in page and "/intake" not in page


def test_what_is_to_be_done_stands_on_an_empty_front_page_too(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as empty:
        empty.session(LOCAL).workflow.add("提案", {"案由": "修复水车", "提案人": "李委员"})
        assert "我的待办" in (page := create_app(empty).test_client().get("/").text) and "修复水车" in page


def test_what_happened_on_this_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Day(date):
        @classmethod
        def today(cls) -> Day:
            return cls(2026, 3, 28)

    monkeypatch.setattr(home, "date", Day)
    with Library.create(tmp_path / "library") as held:
        session = held.session(LOCAL)
        session.save_collection(Collection("annals", "大事记", kind="chronicle"))
        days = (date(1958, 3, 28), date(1938, 3, 28), date(1958, 3, 29))
        file = tmp_path / "大事记.txt"
        file.write_text("大事记", encoding="utf-8")
        drafts = [
            Article(
                collection="annals",
                blocks=(Block.plain(Kind.TITLE, f"{day:%Y-%m-%d}的事"), Block.plain(Kind.PARAGRAPH, "开闸放水。")),
                genre=Genre.ENTRY,
                date=Period(day.toordinal() + 1_721_425, day.toordinal() + 1_721_425, Precision.DAY, ""),
            )
            for day in days
        ]
        session.add(file, file.name, drafts, [])
        assert session.on_this_day(3, 28) == [("2", 1938), ("1", 1958)]
        page = create_app(held).test_client().get("/").text
        assert "历史上的今天" in page
        assert page.index("1938-03-28的事") < page.index("1958-03-28的事")
        assert "1958-03-29的事" not in page
        session.withdraw("1", "试")
        assert session.on_this_day(3, 28) == [("2", 1938)]
