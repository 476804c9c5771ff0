"""Dates on the reading page: shown, corrected, rejected, taken back; contradictions listed; chronicles and offices."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.catalogue.roster import Tenure
from archive.dates import day
from archive.library import Library
from archive.model.access import Actor
from archive.model.holdings import InTime
from archive.model.records import Article, Block, Cell, Collection, Genre, Kind, Mention, Period, Precision
from web.app import create_app
from web.reading import chronicle_page
from web.reading.date_pages import says
from web.reading.roster_pages import chart

LOCAL = Actor.local()

plain = Block.plain

TEXT = "光绪三十年修渠，1947年（明弘治十年）又修。"


def years(first: int, last: int) -> Period:
    return Period(day(first, 1, 1), day(last, 12, 31), Precision.YEAR, f"{first}年")


def entry(number: int, year: int, section: str) -> Article:
    blocks = (plain(Kind.TITLE, f"{section}　三月"), plain(Kind.PARAGRAPH, f"三月，第{number}件事。"))
    return Article(
        collection="annals",
        blocks=blocks,
        number=number,
        section=section,
        genre=Genre.ENTRY,
        date=years(year, year),
    )


def term() -> Article:
    lines = (("职务", "姓名", "任期"), ("主席", "郭振河", "1956.6—1959.3"), ("副主席", "石涛", "1956.6—1958.4"))
    cells = [
        plain(Kind.CELL, text, cell=Cell(0, row, column, header=not row))
        for row, line in enumerate(lines)
        for column, text in enumerate(line)
    ]
    return Article(
        collection="roster",
        blocks=(plain(Kind.TITLE, "政协清水县第一届委员会（1956年6月—1959年3月）"), *cells),
        genre=Genre.TERM,
        date=years(1956, 1959),
    )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        article = Article(collection="c", blocks=(plain(Kind.TITLE, "修渠"), plain(Kind.PARAGRAPH, TEXT)))
        annals = [
            entry(1, 1904, "光绪三十年（1904年）"),
            entry(2, 1904, "光绪三十年（1904年）"),
            entry(3, 1958, "1958年"),
        ]
        for collection, drafts in (
            (Collection("c", "文集"), [article]),
            (Collection("annals", "大事记", kind="chronicle"), annals),
            (Collection("roster", "组织史", kind="roster"), [term()]),
        ):
            library.session(LOCAL).save_collection(collection)
            file = tmp_path / collection.id
            file.write_text(collection.id, encoding="utf-8")
            library.session(LOCAL).add(file, file.name, drafts, [])
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def send(client: FlaskClient, path: str, **form: str) -> TestResponse:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/article/1").text)
    assert found
    return client.post(path, data={"token": found[1], **form})


FIRST = "/article/1/date/1/0-5"


class TestReading:
    def test_dates_carry_their_gregorian_range(self, client: FlaskClient) -> None:
        text = client.get("/article/1").text
        assert f'<a class="date" href="{FIRST}" title="公历 1904年2月16日—1905年2月3日">光绪三十年</a>' in text
        assert 'id="show-dates" checked' in text

    def test_contradictions_stand_out_with_both_readings(self, client: FlaskClient) -> None:
        found = re.search(
            r'<a class="date doubtful" href="[^"]+" title="([^"]+)">([^<]+)', client.get("/article/1").text
        )
        assert found and found[2] == "1947年（明弘治十年）"
        assert "1947年" in found[1] and "1497年" in found[1] and "请核对" in found[1]

    def test_an_older_version_has_no_dates_to_correct(self, client: FlaskClient, library: Library) -> None:
        now = library.session(LOCAL).article("1")
        library.session(LOCAL).corrections.revise(
            replace(now, blocks=(now.blocks[0], plain(Kind.PARAGRAPH, "1958年修渠"))), "更正"
        )
        assert 'class="date"' in client.get("/article/1").text
        assert 'class="date"' not in client.get("/article/1?v=1").text

    def test_the_page_of_a_date(self, client: FlaskClient) -> None:
        text = client.get(FIRST).text
        assert "1904年2月16日—1905年2月3日" in text and "1904-02-16/1905-02-03" in text
        assert 'href="/?period=%E5%85%89%E7%BB%AA%E4%B8%89%E5%8D%81%E5%B9%B4"' in text


class TestDeciding:
    def test_correcting_and_taking_back(self, client: FlaskClient) -> None:
        answer = send(client, FIRST, do="correct", expression="光绪二十年", reason="据原件", version="1")
        assert answer.status_code == 303 and answer.location == "/article/1?block=1#b1"
        text = client.get("/article/1").text
        assert 'title="公历 1894年2月6日—1895年1月25日（编辑订正）">光绪三十年</a>' in text
        assert "据原件" in text
        assert "共 <b>1</b> 篇" in client.get("/?period=1894年").text  # the search knows at once
        key = re.search(r'name="key" value="(\d+)"', text)
        assert key
        assert send(client, "/article/1/date/undo", key=key[1]).status_code == 303
        assert "编辑订正" not in client.get("/article/1").text

    def test_rejecting(self, client: FlaskClient) -> None:
        send(client, FIRST, do="reject", reason="书名", version="1")
        text = client.get("/article/1").text
        assert "光绪三十年</a>" not in text and "不是日期：书名" in text
        assert "这里没有当作日期" in client.get(FIRST).text

    def test_what_cannot_be_understood_changes_nothing_and_keeps_what_was_typed(self, client: FlaskClient) -> None:
        answer = send(client, FIRST, do="correct", expression="天晓得", reason="据原件", version="1")
        assert answer.status_code == 400
        assert 'value="天晓得"' in answer.text and 'value="据原件"' in answer.text and 'role="alert"' in answer.text
        assert "1904年2月16日" in client.get("/article/1").text

    def test_a_version_that_is_no_longer_the_newest(self, client: FlaskClient, library: Library) -> None:
        library.session(LOCAL).corrections.revise(library.session(LOCAL).article("1"), "更正")
        assert send(client, FIRST, do="reject", reason="", version="1").status_code == 409

    @pytest.mark.parametrize("path", ["/article/1/date/9/0-5", "/article/1/date/1/5-5", "/article/none/date/1/0-5"])
    def test_a_place_that_is_not_there(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).status_code == 404

    def test_a_form_without_the_token_changes_nothing(self, client: FlaskClient) -> None:
        client.get("/article/1")
        assert client.post(FIRST, data={"token": "guess", "do": "reject", "version": "1"}).status_code == 403
        assert client.post("/article/1/date/undo", data={"token": "guess", "key": "1"}).status_code == 403
        assert "光绪三十年</a>" in client.get("/article/1").text

    def test_a_form_that_is_not_whole(self, client: FlaskClient) -> None:
        assert send(client, FIRST, do="reject").status_code == 400
        assert send(client, "/article/1/date/undo", key="x").status_code == 400
        assert send(client, "/article/1/date/undo", key="99").status_code == 404

    def test_a_withdrawn_article(self, client: FlaskClient, library: Library) -> None:
        client.get("/article/1")
        library.session(LOCAL).withdraw("1", "作者要求")
        assert client.get(FIRST).status_code == 410
        assert 'href="/article/1' not in client.get("/proof/dates").text


@pytest.mark.parametrize(
    ("rule", "told"),
    [("own", "按成文日期推算"), ("print!open", "按出版年推算"), ("month", ""), ("own!conflict", "按成文日期推算")],
)
def test_it_is_told_from_what_a_year_was_inferred(rule: str, told: str) -> None:
    assert told in says([Mention(1, 0, 4, years(1984, 1984), rule)])
    assert bool(told) == ("推算" in says([Mention(1, 0, 4, years(1984, 1984), rule)]))


def test_contradictions_are_listed_for_proofreading(client: FlaskClient) -> None:
    text = client.get("/proof/dates").text
    assert "共 1 处" in text and "1947年（明弘治十年）" in text and 'href="/article/1?block=1#b1"' in text
    assert "没有发现" in client.get("/proof/dates?collection=annals").text
    assert "互相矛盾" in client.get("/collections").text


class TestChronicle:
    def test_years_along_a_line(self, client: FlaskClient) -> None:
        text = client.get("/collection/annals").text
        assert re.findall(r'class="number">(\d+)<', text) == ["1904", "1958"]
        assert '<span class="era">光绪三十年</span>' in text and '<span class="era">1958年</span>' not in text
        assert "<p>三月，第1件事。</p>" in text

    def test_decades_lead_to_their_first_entry(self, client: FlaskClient, library: Library) -> None:
        text = client.get("/collection/annals").text
        first = library.session(LOCAL).listing("annals")[2].id
        assert f'href="/collection/annals#e{first}" title="1 条">1950</a>' in text and f'id="e{first}"' in text
        assert "<dt>20世纪</dt>" in text

    def test_narrowed_to_a_period(self, client: FlaskClient) -> None:
        text = client.get("/collection/annals?period=光绪年间").text
        assert "光绪年间：2 条，全部 3 条" in text and "第3件事" not in text
        assert "没有条目" in client.get("/collection/annals?period=1970年代").text
        wrong = client.get("/collection/annals?period=天晓得")
        assert wrong.status_code == 400 and 'id="period-error"' in wrong.text


def test_the_last_month_of_a_lunar_year_stays_with_it() -> None:
    def dated(first: int) -> InTime:
        return InTime("1", "清宣统三年（1911年）", Period(first, first + 28, Precision.MONTH))

    (year,) = chronicle_page.years([dated(day(1911, 9, 1)), dated(day(1912, 1, 19))])
    assert (year.year, year.heading, len(year.entries)) == (1911, "清宣统三年", 2)


class TestPosts:
    def test_the_collection_leads_to_them(self, client: FlaskClient) -> None:
        assert 'href="/collection/roster/posts"' in client.get("/collection/roster").text
        assert "/posts" not in client.get("/collection/c").text

    def test_bars_and_table(self, client: FlaskClient) -> None:
        text = client.get("/collection/roster/posts").text
        assert "<title>郭振河　主席　1956.6—1959.3</title>" in text
        assert re.search(r"<td>副主席</td><td><a [^>]+>石涛</a></td><td>1956.6—1958.4</td>", text)
        lines = list(csv.reader(io.StringIO(client.get("/collection/roster/posts.csv").data.decode("utf-8-sig"))))
        assert lines[0][2:4] == ["职务", "姓名"] and lines[1][2:4] == ["主席", "郭振河"]
        assert "没有读出" in client.get("/collection/c/posts").text

    def test_terms_that_follow_each_other_are_one_stay(self) -> None:
        held = [Tenure(person="甲", post="主席", session=years(first, first + 2)) for first in (1950, 1953, 1960)]
        (post,) = chart("政协", held).posts
        assert [(len(stay.tenures), stay.lane) for stay in post.stays] == [(2, 0), (1, 0)]

    def test_those_in_office_together_get_lanes_of_their_own(self) -> None:
        held = [Tenure(person=name, post="副主席", session=years(1950, 1955)) for name in "甲乙丙"]
        held.append(Tenure(person="丁", post="副主席", session=years(1956, 1959)))
        (post,) = chart("政协", held).posts
        assert [stay.lane for stay in post.stays] == [0, 1, 2, 0]
        assert max(stay.left + stay.width for stay in post.stays) <= 100.01

    def test_a_crowd_and_the_undated_are_left_to_the_table(self) -> None:
        held = [Tenure(person=f"甲{number}", post="委员", session=years(1950, 1955)) for number in range(30)]
        body = chart("政协", [*held, Tenure(person="乙", post="主席")])
        assert (body.posts, body.crowded, body.undated) == ((), ("委员",), 1)
        assert len(body.tenures) == 31
