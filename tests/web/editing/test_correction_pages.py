"""Correcting through forms alone: preview, save, split, join, note, conflict; history, replacing, reporting."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import IN_USE, Actor, Rights
from archive.model.edits import Rewrite
from archive.model.records import Access, Article, Block, Cell, Collection, Kind, Role, Run, Style
from web.app import create_app
from web.base import current

LOCAL = Actor.local()
READER = Actor("reader", "读者", Rights.of(frozenset(Access), IN_USE, frozenset()))
RICH = Block(
    Kind.PARAGRAPH, (Run("由我祖父"), Run("总管", Style.BOLD), Run("工料，"), Run("", note="1"), Run("转到十月。"))
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    original = tmp_path / "a.txt"
    original.write_text("原件", encoding="utf-8")
    blocks = (
        Block.plain(Kind.TITLE, "水车"),
        RICH,
        Block.plain(Kind.PARAGRAPH, "后来停了。停了又转。"),
        Block.plain(Kind.NOTE, "管事。", label="1"),
    )
    with Library.create(tmp_path / "library") as created:
        session = created.session(LOCAL)
        session.save_collection(Collection("c", "河湾文史"))
        session.add(original, "a.txt", [Article(collection="c", blocks=blocks)], ())
        yield created


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def get(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def post(client: FlaskClient, address: str, status: int = 200, **fields: object) -> str:
    page = get(client, "/article/1/edit/1")
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = client.post(address, data={"token": token, **fields}, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return answer.text


def texts(library: Library, version: int | None = None) -> list[str]:
    return [block.text for block in library.session(LOCAL).article("1", version).blocks]


def test_a_preview_changes_nothing_and_shows_every_character(client: FlaskClient, library: Library) -> None:
    text = post(
        client, "/article/1/edit/1", do="preview", version=1, text="由我曾祖父总管工料，转到九月。", words="据稿"
    )
    assert "由我<ins>曾</ins>祖父总管工料，转到<del>十</del><ins>九</ins>月。" in text
    assert "由我曾祖父总管工料，转到九月。</textarea>" in text and 'value="据稿"' in text
    assert texts(library)[1] == RICH.text


def test_a_paragraph_is_saved_split_and_signed(client: FlaskClient, library: Library) -> None:
    page = post(
        client, "/article/1/edit/1", do="save", version=1, reason="原稿核对", words="据手稿",
        text="由我祖父总管工料，\r\n转到九月。",
    )  # fmt: skip
    assert "已保存，现在是第 2 版" in page
    article = library.session(LOCAL).article("1")
    assert [block.text for block in article.blocks[1:3]] == ["由我祖父总管工料，", "转到九月。"]
    assert Run("总管", Style.BOLD) in article.blocks[1].runs and Run("", note="1") in article.blocks[1].runs
    version = library.session(LOCAL).versions("1")[-1]
    assert (version.who, version.reason) == ("本机", "原稿核对：据手稿")
    assert "已保存" not in get(client, "/article/1"), "told once"


def test_word_and_terminals_leave_only_text(client: FlaskClient, library: Library) -> None:
    post(client, "/article/1/edit/2", do="save", version=1, text="后来<b>停</b>了。\x07\x1b[1m\x0b又转。")
    assert texts(library)[2:4] == ["后来<b>停</b>了。[1m", "又转。"]
    assert "&lt;b&gt;停&lt;/b&gt;" in get(client, "/article/1")


def test_paragraphs_are_joined_and_noted(client: FlaskClient, library: Library) -> None:
    post(client, "/article/1/edit/1", do="join", version=1, text=RICH.text)
    assert texts(library)[1] == RICH.text + "后来停了。停了又转。"
    missing = post(client, "/article/1/edit/1", 400, do="note", version=2, behind="停了", note="1962年。")
    assert "有 2 处“停了”" in missing and "1962年。</textarea>" in missing
    post(client, "/article/1/edit/1", do="note", version=2, behind="后来停了", note="1962年。")
    article = library.session(LOCAL).article("1")
    assert article.blocks[-1] == Block.plain(Kind.NOTE, "1962年。", label="2")
    assert [run.note for run in article.blocks[1].runs if run.note] == ["1", "2"]


def test_a_title_may_not_be_empty_and_what_was_typed_stays(client: FlaskClient, library: Library) -> None:
    assert "题名不能是空的" in post(client, "/article/1/edit/0", 400, do="save", version=1, text=" ")
    long = "长" * 10_000
    assert long in post(client, "/article/1/edit/0", do="save", version=1, text=long)
    assert texts(library)[0] == long


def test_two_people_correct_one_paragraph(client: FlaskClient, library: Library) -> None:
    library.session(LOCAL).correct("1", [Rewrite(2, "后来停了。停了又转。", ("后来毁了。停了又转。",))], "错字")
    page = post(client, "/article/1/edit/2", 409, do="save", version=1, text="后来停了。停了再转。")
    assert "库中现在的" in page and "后来<del>毁</del>了" in page.replace("<del>毁</del>", "<del>毁</del>")
    assert "后来停了。停了再转。</textarea>" in page and 'name="version" value="2"' in page
    assert texts(library)[2] == "后来毁了。停了又转。"
    post(client, "/article/1/edit/2", do="save", version=2, text="后来毁了。停了再转。")
    assert texts(library)[2] == "后来毁了。停了再转。"


def test_another_paragraph_is_saved_all_the_same(client: FlaskClient, library: Library) -> None:
    library.session(LOCAL).correct("1", [Rewrite(1, RICH.text, ("新的一段。", RICH.text))], "补录")
    page = post(client, "/article/1/edit/2", do="save", version=1, text="后来停了。")
    assert "第 3 版" in page
    assert texts(library)[1:4] == ["新的一段。", RICH.text, "后来停了。"]


def test_versions_are_compared_and_restored(client: FlaskClient, library: Library) -> None:
    post(client, "/article/1/edit/2", do="save", version=1, text="后来毁了。停了又转。")
    page = get(client, "/article/1/history?a=2&b=1")
    assert "后来<del>停</del>了" in page and "后来<ins>毁</ins>了" in page
    assert re.findall(r'name="(.)" value="(.)"[^>]*checked', page) == [("a", "2"), ("b", "1")]
    assert "已保存，现在是第 3 版" in post(client, "/article/1/restore", version=1, reason="改错了")
    assert texts(library) == texts(library, 1)
    assert library.session(LOCAL).versions("1")[-1].reason == "恢复第 1 版：改错了"


def test_an_old_address_leads_to_the_paragraph_as_it_is_now(client: FlaskClient, library: Library) -> None:
    library.session(LOCAL).correct("1", [Rewrite(1, RICH.text, ("新的一段。", RICH.text))], "补录")
    assert 'href="/article/1/now?v=1&amp;b=2"' in get(client, "/article/1?v=1")
    assert client.get("/article/1/now?v=1&b=2").location == "/article/1?block=3#b3"


def test_words_are_replaced_where_ticked_and_put_back(client: FlaskClient, library: Library) -> None:
    page = html.unescape(get(client, "/replace?collection=c&words=停了&instead=歇了"))
    places = re.findall(r'name="place" value="([^"]+)"', page)
    assert places == ["1 1 2 2 4", "1 1 2 5 7"]
    done = post(client, "/replace", collection="c", words="停了", instead="歇了", place=places[1], shown=places)
    assert "已保存：“停了”改为“歇了”，1 处，1 篇各成一版" in done
    assert texts(library)[2] == "后来停了。歇了又转。"
    key = re.search(r'name="key" value="(\d+)"', done)[1]  # type: ignore[index]
    assert "已撤销，1 篇改回" in post(client, "/replace/undo", key=key)
    assert texts(library)[2] == "后来停了。停了又转。"


def test_all_forms_are_listed_as_written_and_unified(client: FlaskClient, library: Library) -> None:
    library.session(LOCAL).correct(
        "1", [Rewrite(2, "后来停了。停了又转。", ("後來停了。后　来又停。后来毁了。",))], "录入"
    )
    assert len(re.findall(r'name="place"', get(client, "/replace?collection=c&words=后来&instead=后来"))) == 1
    page = html.unescape(get(client, "/replace?collection=c&words=后来&instead=后来&folded=1"))
    assert "写法：“後來”1 处、“后　来”1 处" in page, "what reads so already is left out"
    places = re.findall(r'name="place" value="([^"]+)"', page)
    post(client, "/replace", collection="c", words="后来", instead="后来", folded="1", place=places, shown=places)
    assert texts(library)[2] == "后来停了。后来又停。后来毁了。"


def test_rows_are_added_and_removed_in_the_table(client: FlaskClient, library: Library) -> None:
    cells = [Block.plain(Kind.CELL, text, cell=Cell(0, n // 2, n % 2)) for n, text in enumerate("年亩甲乙")]
    article = library.session(LOCAL).article("1")
    library.session(LOCAL).corrections.revise(replace(article, blocks=(article.blocks[0], *cells)), "重收")
    assert 'aria-label="新的一行，第 2 列"' in get(client, "/article/1/edit/1")
    few = post(client, "/article/1/edit/1", 400, do="row-below", version=2, text="年", cell=["丙"])
    assert "2 列" in few and 'value="丙"' in few
    post(client, "/article/1/edit/1", do="row-below", version=2, text="年", cell=["丙", "丁"])
    assert texts(library)[1:] == ["年", "亩", "丙", "丁", "甲", "乙"]
    post(client, "/article/1/edit/6", do="row-remove", version=3, text="乙")
    assert texts(library)[1:] == ["年", "亩", "丙", "丁"]
    unsaved = post(client, "/article/1/edit/1", 400, do="row-remove", version=4, text="年月")
    assert "没有删去这一行" in unsaved and "年月</textarea>" in unsaved


def test_authors_are_corrected_under_the_title(client: FlaskClient, library: Library) -> None:
    assert "写上作者" in get(client, "/article/1")
    saved = post(client, "/article/1/edit/authors", was="", text="马德山（口述）、李文华（整理）；王五", reason="补录")
    assert "已保存，现在是第 2 版" in saved and "马德山 口述" in saved
    people = library.session(LOCAL).article("1").people
    assert {(one.name, one.role) for one in people} == {
        ("马德山", Role.NARRATOR),
        ("李文华", Role.RECORDER),
        ("王五", Role.AUTHOR),
    }
    stale = post(client, "/article/1/edit/authors", 409, was="", text="别人")
    assert "库中现在的" in stale and "马德山（口述）" in stale and "别人</textarea>" in stale
    now = html.unescape(re.search(r'name="was" value="([^"]*)"', stale)[1])  # type: ignore[index]
    wrong = post(client, "/article/1/edit/authors", 400, was=now, text="赵六（校对）")
    assert "括号看不懂" in wrong and "赵六（校对）</textarea>" in wrong
    post(client, "/article/1/edit/authors", was=now, text="")
    assert library.session(LOCAL).article("1").people == ()


def test_a_replacement_that_came_too_late_keeps_the_ticks(client: FlaskClient, library: Library) -> None:
    library.session(LOCAL).correct("1", [Rewrite(1, RICH.text, ("短了。",))], "错字")
    page = post(client, "/replace", 409, collection="c", words="停了", instead="歇了", place="1 1 2 2 4")
    assert "已有人改过" in page and 'value="歇了"' in page


@pytest.fixture
def reading(library: Library, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The pages as somebody sees them who may read and nothing else."""
    monkeypatch.setattr(current, "session", lambda: library.session(READER))
    return create_app(library).test_client()


def test_a_reader_reports_and_an_editor_settles(reading: FlaskClient, library: Library) -> None:
    page = get(reading, "/article/1")
    assert "/article/1/report/1" in page and "/edit/" not in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    fields = {"token": token, "version": 1, "start": 2, "end": 4, "words": "似应为“毁了”"}
    assert "已交给编辑" in reading.post("/article/1/report/2", data=fields, follow_redirects=True).text
    refused = reading.post("/article/1/report/2", data={**fields, "words": " "})
    assert refused.status_code == 400 and "没有写哪里不对" in refused.text
    assert reading.post("/article/1/edit/2", data={"token": token, "version": 1, "text": "x"}).status_code == 403
    assert reading.get("/replace").status_code == 403
    assert "似应为" not in get(reading, "/reports")
    assert [each.words for each in library.session(LOCAL).corrections.reports()] == ["似应为“毁了”"]


def test_reports_are_listed_and_settled(client: FlaskClient, library: Library) -> None:
    library.session(READER).corrections.report("1", (2, 2, 4), "似应为毁了", 1)
    assert "读者报错：1 条没有处理" in get(client, "/article/1")
    page = get(client, "/reports")
    assert "后来<mark>停了</mark>" in page and "/article/1/edit/2" in page
    assert "已照原稿改正" in post(client, "/reports", key=1, answer="已照原稿改正")
    assert "没有处理" not in get(client, "/article/1")


def test_a_sentence_is_quoted_with_its_source(client: FlaskClient) -> None:
    page = get(client, "/article/1/quote/1/2/0-5")
    assert "“后来停了。”" in page and "block=2&amp;v=1#b2" in page and "水车[G]//河湾文史" in page


def test_what_a_reader_likes_is_remembered(client: FlaskClient) -> None:
    post(client, "/look", scheme="night", size="large", setting="vertical", next="/article/1")
    page = get(client, "/article/1")
    assert '<html lang="zh-Hans" data-size="large" data-setting="vertical" data-scheme="night">' in page
    post(client, "/look", scheme="", next="/article/1")
    assert "data-scheme" not in get(client, "/article/1")
    assert "data-scheme" not in post(client, "/look", scheme='"><script>', next="//elsewhere.example/")
