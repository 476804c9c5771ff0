"""The pages of book projects, asked the way a browser without JavaScript asks."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from flask.testing import FlaskClient
from markupsafe import Markup, escape
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from archive.books.compile import edited
from archive.books.service import item_of
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.library import Library
from archive.model.access import Actor
from archive.model.edits import Rewrite
from archive.model.errors import ExportError
from archive.model.project import Edit, Matter, Part, Project
from archive.model.records import Article, Block, Cell, Collection, Kind, Period, Person, Precision, Run
from archive.support.cancellation import raise_if_cancelled
from web.app import create_app
from web.books import output_pages, preview_pages

LOCAL = Actor.local()

NAME = "渡口旧闻"
BOOK = f"/books/{quote(NAME)}"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def article(number: int, title: str, section: str, year: int, *blocks: Block) -> Article:
    day = 2_415_021 + (year - 1900) * 365
    return Article(
        collection="c",
        number=number,
        section=section,
        people=(Person("张三"),),
        date=Period(day, day + 300, Precision.YEAR, f"{year}年"),
        blocks=(Block.plain(Kind.TITLE, title), *blocks),
    )


def text(words: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, words)


def noted() -> Block:
    return Block(Kind.PARAGRAPH, (Run("羊皮筏子顺流而下，"), Run("", note="1"), Run("三日到包头。")))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        created.session(LOCAL).save_collection(Collection("c", "清水文史"))
        file = tmp_path / "a.txt"
        file.write_text("原件", encoding="utf-8")
        articles = [
            article(
                1, "水车", "河渠", 1985, text("光绪卅年有了第一架水车。"), text("村里公议重修。"), text("又过了几年。")
            ),
            article(2, "筏子", "河渠", 1983, noted(), Block.plain(Kind.NOTE, "一说五日。", label="1")),
            article(3, "灯盏", "人物", 1984, text("灯下读书。")),
        ]
        created.session(LOCAL).add(file, "a.txt", articles, [])
        yield created


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


@pytest.fixture
def project(library: Library) -> Project:
    return library.session(LOCAL).books.create(NAME, list(library.session(LOCAL).articles("c")))


def token(client: FlaskClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/books").text)
    assert found
    return found[1]


def send(client: FlaskClient, path: str, *, revision: Any = None, **form: Any) -> TestResponse:
    """Post a form as it stands on a page, with the visitor's token and the revision the book has (or had)."""
    if revision is None:
        kept = client.application.extensions["wenshi.library"].session(LOCAL).books
        revision = kept.project(NAME).revision if NAME in kept.names() else 0
    # Encoded here: the client would leave the temporary file of a large form open.
    boundary, body = encode_multipart(MultiDict({"token": token(client), "revision": str(revision), **form}))
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def page(client: FlaskClient, path: str = BOOK, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


def order(library: Library) -> list[tuple[str, list[str]]]:
    return [
        (part.title, [library.session(LOCAL).article(item.article).title for item in part.items])
        for part in library.session(LOCAL).books.project(NAME).parts
    ]


def ids(library: Library) -> dict[str, str]:
    return {each.title: each.id for each in library.session(LOCAL).articles("c")}


def picture(data: bytes) -> FileStorage:
    return FileStorage(BytesIO(data), "封面.png", content_type="image/png")


def fetch(client: FlaskClient, path: str) -> tuple[int, bytes]:
    """The status and what a file holds; the file is closed again."""
    with client.get(path) as answer:
        return answer.status_code, answer.data


def until(ready: Callable[[], object]) -> None:
    for _ in range(600):
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def done(client: FlaskClient, answer: TestResponse) -> str:
    """The page that shows what a job made."""
    assert answer.status_code == 303, answer.text
    where = answer.headers["Location"]
    for _ in range(600):
        shown = client.get(where)
        if shown.status_code == 303:
            return page(client, shown.headers["Location"])
        if "meta http-equiv" not in shown.text:
            return shown.text
        time.sleep(0.05)
    raise AssertionError("the job does not end")


class TestMaking:
    def test_gathered_one_by_one_and_parted_by_their_own_sections(self, client: FlaskClient, library: Library) -> None:
        answer = send(client, "/books", name=NAME)
        assert answer.status_code == 303
        assert "已建立书稿" in page(client)
        for each in ids(library).values():
            send(client, "/add-to-book", id=each, next="/")
        assert order(library) == [("", ["水车", "筏子", "灯盏"])]
        assert "按原来的栏目分开" in page(client)
        send(client, BOOK, do="by-section")
        assert order(library) == [("河渠", ["水车", "筏子"]), ("人物", ["灯盏"])]
        assert "按原来的栏目分开" in page(client)  # the message
        assert "by-section" not in page(client)

    def test_names_that_cannot_be(self, client: FlaskClient, project: Project) -> None:
        for name in ("", "甲/乙", "甲:乙", NAME):
            answer = send(client, "/books", name=name)
            assert answer.status_code in (400, 409)
            assert 'role="alert"' in answer.text

    def test_the_list_leads_to_the_book(self, client: FlaskClient, project: Project) -> None:
        shown = page(client, "/books")
        assert f'href="{BOOK}"' in shown
        assert "3 篇" in shown

    def test_adding_from_a_result(self, client: FlaskClient, library: Library, project: Project) -> None:
        lamp = ids(library)["灯盏"]
        library.session(LOCAL).books.save(replace(project, parts=project.parts[:1]))
        shown = page(client, f"/add-to-book?id={lamp}&book={quote(NAME)}&next=/")
        assert "灯盏" in shown and "河渠" in shown
        send(client, "/add-to-book", id=lamp, book=NAME, part="0")
        assert order(library) == [("河渠", ["水车", "筏子", "灯盏"])]
        send(client, "/add-to-book", id=lamp, book=NAME, part="0")
        assert "1 篇书稿里已有" in page(client)
        assert order(library) == [("河渠", ["水车", "筏子", "灯盏"])]

    def test_adding_to_a_new_part_and_a_new_book(self, client: FlaskClient, library: Library) -> None:
        known = ids(library)
        send(client, "/add-to-book", id=[known["水车"]], name=NAME)
        send(client, "/add-to-book", id=[known["灯盏"]], book=NAME, **{"new-part": "人物春秋"})
        assert order(library) == [("", ["水车"]), ("人物春秋", ["灯盏"])]

    def test_nothing_stays_of_a_book_that_could_not_be_made(self, client: FlaskClient, library: Library) -> None:
        assert send(client, "/add-to-book", name="甲").status_code == 400
        assert send(client, "/add-to-book", id=ids(library)["水车"], name="甲/乙").status_code == 400
        assert library.session(LOCAL).books.names() == ()

    def test_deleting(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, f"{BOOK}/remove")
        assert library.session(LOCAL).books.names() == ()
        assert page(client, BOOK, 404)


class TestOrder:
    def test_up_and_down_across_parts(self, client: FlaskClient, library: Library, project: Project) -> None:
        answer = send(client, BOOK, do="down 0 1")
        assert order(library) == [("河渠", ["水车"]), ("人物", ["筏子", "灯盏"])]
        shown = page(client, answer.headers["Location"])
        assert "《筏子》移到“人物”第 1 篇，共 2 篇" in shown
        assert re.search(r'value="down 1 0"[^>]*autofocus', shown)

    def test_the_focus_stays_on_a_button_that_works(self, client: FlaskClient, project: Project) -> None:
        answer = send(client, BOOK, do="up 0 1")
        shown = page(client, answer.headers["Location"])
        assert re.search(r'value="down 0 0"[^>]*autofocus', shown)

    def test_to_another_part(self, client: FlaskClient, library: Library, project: Project) -> None:
        assert "<dialog" in page(client, f"{BOOK}?pick=0+0")
        send(client, BOOK, do="to 0 0", to="1")
        assert order(library) == [("河渠", ["筏子"]), ("人物", ["灯盏", "水车"])]

    def test_several_at_once(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, BOOK, do="to-chosen", chosen=["0 0", "0 1"], **{"to-part": "1"})
        assert order(library) == [("河渠", []), ("人物", ["灯盏", "水车", "筏子"])]
        send(client, BOOK, do="out-chosen", chosen=["1 0", "1 2"])
        assert order(library) == [("河渠", []), ("人物", ["水车"])]
        send(client, BOOK, do="out-chosen")
        assert "没有选文章" in page(client)

    def test_parts(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, BOOK, do="part-add", **{"new-part": "附录"})
        send(client, BOOK, do="part-up 2")
        send(client, BOOK, do="part-set 0", title="河渠津渡", note="一\r\n二")
        assert [part.title for part in library.session(LOCAL).books.project(NAME).parts] == [
            "河渠津渡",
            "附录",
            "人物",
        ]
        assert library.session(LOCAL).books.project(NAME).parts[0].note == "一\n二"
        send(client, BOOK, do="part-drop 2")
        assert order(library) == [("河渠津渡", ["水车", "筏子"]), ("附录", ["灯盏"])]

    @pytest.mark.parametrize(
        ("by", "expected"),
        [
            ("date", ["筏子", "灯盏", "水车"]),
            ("title", ["灯盏", "筏子", "水车"]),  # deng fa shui
            ("source", ["水车", "筏子", "灯盏"]),
        ],
    )
    def test_sorting(
        self, client: FlaskClient, library: Library, project: Project, by: str, expected: list[str]
    ) -> None:
        items = tuple(reversed(list(project.items)))
        library.session(LOCAL).books.save(replace(project, parts=(Part(title="全", items=items),)))
        send(client, BOOK, do="sort", by=by, of="")
        assert order(library) == [("全", expected)]

    def test_taking_back_step_by_step(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, BOOK, do="out 0 0")
        send(client, BOOK, do="out 0 0")
        assert "上一步：移出《筏子》" in page(client)
        send(client, f"{BOOK}/undo")
        send(client, f"{BOOK}/undo")
        assert order(library) == [("河渠", ["水车", "筏子"]), ("人物", ["灯盏"])]
        send(client, f"{BOOK}/undo")
        assert "没有可以撤销的改动" in page(client)

    def test_what_somebody_else_did_is_not_taken_back(
        self, client: FlaskClient, library: Library, project: Project
    ) -> None:
        send(client, BOOK, do="out 0 0")
        kept = library.session(LOCAL).books.project(NAME)
        library.session(LOCAL).books.save(replace(kept, title="别人改的"))
        send(client, f"{BOOK}/undo")
        assert library.session(LOCAL).books.project(NAME).title == "别人改的"
        assert order(library)[0] == ("河渠", ["筏子"])

    def test_a_book_of_the_same_name_has_no_past(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, BOOK, do="out 0 0")
        send(client, f"{BOOK}/remove")
        made = library.session(LOCAL).books.create(NAME, list(library.session(LOCAL).articles("c"))[:1])
        library.session(LOCAL).books.save(made)
        assert library.session(LOCAL).books.project(NAME).revision == 2
        assert "上一步" not in page(client)

    def test_an_old_page_changes_nothing_and_says_so(
        self, client: FlaskClient, library: Library, project: Project
    ) -> None:
        library.session(LOCAL).books.save(replace(project, title="别人改的"))
        answer = send(client, BOOK, revision=1, do="out 0 0")
        assert answer.status_code == 303
        assert "刚刚在别的页面改过" in page(client)
        assert order(library)[0] == ("河渠", ["水车", "筏子"])

    @pytest.mark.parametrize("do", ["", "fly 0", "up", "up 9 9", "up x y", "move 0 0 7 0", "part-drop 8"])
    def test_what_no_button_sends(self, client: FlaskClient, library: Library, project: Project, do: str) -> None:
        assert send(client, BOOK, do=do).status_code in (303, 400)
        assert library.session(LOCAL).books.project(NAME) == project

    def test_withdrawn_and_newer_articles_are_marked(
        self, client: FlaskClient, library: Library, project: Project
    ) -> None:
        known = ids(library)
        water = library.session(LOCAL).article(known["水车"])
        library.session(LOCAL).corrections.revise(replace(water, blocks=(*water.blocks, text("新的一段。"))), "补一段")
        library.session(LOCAL).withdraw(known["灯盏"], "作者要求")
        shown = page(client)
        assert "库中已有第 2 版" in shown
        assert "库中已撤下，不能付印" in shown


class TestData:
    def test_kept(self, client: FlaskClient, library: Library, project: Project) -> None:
        page(client, f"{BOOK}/data")
        form = {"title": "黄河 <渡口>", "editor": "清水政协", "house": "大32开", "index": ["人物", "地名"]}
        send(client, f"{BOOK}/data", do="save", index_order="stroke", picture_list="1", imprint="一\r\n二", **form)
        kept = library.session(LOCAL).books.project(NAME)
        assert (kept.title, kept.editor, kept.house) == ("黄河 <渡口>", "清水政协", "大32开")
        assert (kept.indexes, kept.index_order) == (("人物", "地名"), "stroke")
        assert (kept.contents, kept.picture_list, kept.imprint) == (False, True, "一\n二")
        assert "黄河 &lt;渡口&gt;" in page(client, f"{BOOK}/data")

    def test_the_copyright_page_is_proposed_not_kept(
        self, client: FlaskClient, library: Library, project: Project
    ) -> None:
        answer = send(client, f"{BOOK}/data", do="propose", title="水边", editor="清水政协", house="16开")
        assert "书名：水边" in answer.text
        assert "编著者：清水政协" in answer.text
        assert "185×260毫米　16开" in answer.text
        assert re.search(r"字数：\d+千字", answer.text)
        internal = send(client, f"{BOOK}/data", do="propose-internal", title="水边", editor="清水政协", house="16开")
        assert "编印单位：清水政协" in internal.text and "准印证号：" in internal.text
        assert library.session(LOCAL).books.project(NAME) == project

    def test_what_was_typed_survives_a_conflict(self, client: FlaskClient, library: Library, project: Project) -> None:
        library.session(LOCAL).books.save(replace(project, subtitle="别人改的"))
        answer = send(client, f"{BOOK}/data", revision=1, do="save", title="我写的", house="A4")
        assert answer.status_code == 409
        assert 'value="我写的"' in answer.text
        assert 'name="revision" value="2"' in answer.text
        assert library.session(LOCAL).books.project(NAME).subtitle == "别人改的"

    def test_cover(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, f"{BOOK}/data/cover", cover=picture(PNG))
        cover = library.session(LOCAL).books.project(NAME).cover
        assert library.session(LOCAL).picture(cover)[1] == "image/png"
        assert f"/picture/{cover}" in page(client, f"{BOOK}/data")
        for wrong in (b"GIF89a", b""):
            assert send(client, f"{BOOK}/data/cover", cover=picture(wrong)).status_code == 400
        send(client, f"{BOOK}/data/cover", do="drop")
        assert library.session(LOCAL).books.project(NAME).cover == ""

    def test_a_cover_larger_than_a_form(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, f"{BOOK}/data/cover", cover=picture(PNG + b"\0" * 3_000_000))
        assert library.session(LOCAL).books.project(NAME).cover

    def test_every_house_style_has_a_sample(self, client: FlaskClient, library: Library, project: Project) -> None:
        shown = page(client, f"{BOOK}/data")
        assert shown.count('class="specimen"') == len(library.session(LOCAL).books.houses())
        assert "每面约 22 行、每行 27 字" in shown  # A4, GB/T 9704 but for the last full stop's place


class TestMatter:
    def test_added_written_moved(self, client: FlaskClient, library: Library, project: Project) -> None:
        answer = send(client, f"{BOOK}/matter", do="add front", title="前言")
        assert answer.headers["Location"].endswith("/matter/front/0")
        written = {"title": "前言", "text": "第一段。\r\n第二段。", "signature": "编者"}
        send(client, f"{BOOK}/matter/front/0", **written)
        send(client, f"{BOOK}/matter", do="add front", title="凡例")
        send(client, f"{BOOK}/matter", do="down front 0")
        kept = library.session(LOCAL).books.project(NAME)
        assert [each.title for each in kept.front] == ["凡例", "前言"]
        assert kept.front[1] == Matter(title="前言", text="第一段。\n第二段。", signature="编者")
        send(client, f"{BOOK}/matter", do="across front 1")
        send(client, f"{BOOK}/matter", do="drop front 0")
        kept = library.session(LOCAL).books.project(NAME)
        assert (len(kept.front), [each.title for each in kept.back]) == (0, ["前言"])

    def test_a_long_preface(self, client: FlaskClient, library: Library, project: Project) -> None:
        send(client, f"{BOOK}/matter", do="add back", title="附录")
        long = "黄河" * 100_000
        assert send(client, f"{BOOK}/matter/back/0", title="附录", text=long).status_code == 303
        assert library.session(LOCAL).books.project(NAME).back[0].text == long

    def test_what_was_typed_survives_a_conflict(self, client: FlaskClient, library: Library, project: Project) -> None:
        kept = library.session(LOCAL).books.save(replace(project, front=(Matter(title="前言", text="别人写的"),)))
        answer = send(client, f"{BOOK}/matter/front/0", revision=kept.revision - 1, title="前言", text="我写的")
        assert answer.status_code == 409
        assert "我写的" in answer.text
        assert library.session(LOCAL).books.project(NAME).front[0].text == "别人写的"

    @pytest.mark.parametrize("do", ["", "add", "add middle", "up front 3", "fly front 0"])
    def test_what_no_button_sends(self, client: FlaskClient, library: Library, project: Project, do: str) -> None:
        assert send(client, f"{BOOK}/matter", do=do).status_code == 303
        assert library.session(LOCAL).books.project(NAME) == project


class TestItem:
    @pytest.fixture
    def address(self, library: Library, project: Project) -> str:
        return f"{BOOK}/text/{ids(library)['水车']}"

    def item(self, library: Library) -> Any:
        return next(library.session(LOCAL).books.project(NAME).items)

    def test_a_range(self, client: FlaskClient, library: Library, address: str) -> None:
        send(client, address, do="range", first="2", last="2")
        assert (self.item(library).first, self.item(library).last) == (2, 2)
        assert "节选第 2 至 2 段" in page(client, address)
        assert "节选第 2 至 2 段" in page(client)
        assert send(client, address, do="range", first="3", last="1").status_code == 400
        assert send(client, address, do="range", first="2", last="99").status_code == 303
        assert (self.item(library).first, self.item(library).last) == (2, 0)
        send(client, address, do="whole")
        assert self.item(library).whole

    def test_lines_of_its_own(self, client: FlaskClient, library: Library, address: str) -> None:
        shown = page(client, address)
        assert "照著录：张三" in shown
        assert "出处：《清水文史》，河渠" in shown
        form = {"own-byline": "1", "byline": "张三 口述", "own-source": "1", "source": "", "note": "编者按语。"}
        send(client, address, do="lines", **form)
        item = self.item(library)
        assert (item.byline, item.source, item.note) == ("张三 口述", "", "编者按语。")
        send(client, address, do="lines", byline="张三 口述", note="")
        item = self.item(library)
        assert (item.byline, item.source, item.note) == (None, None, "")

    def test_a_change_for_this_book_only(self, client: FlaskClient, library: Library, address: str) -> None:
        assert '<textarea name="text"' in page(client, f"{address}?edit=1")
        send(client, address, do="edit 1", text="光绪三十年有了第一架水车。")
        assert self.item(library).edits == (Edit(1, 2, 3, "卅", "三十"),)
        shown = page(client, address)
        assert "光绪<mark>卅</mark>年" in shown
        assert "光绪<mark>三十</mark>年" in shown
        assert library.session(LOCAL).article(ids(library)["水车"]).blocks[1].text == "光绪卅年有了第一架水车。"
        send(client, address, do="restore 1")
        assert self.item(library).edits == ()

    def test_a_paragraph_left_out(self, client: FlaskClient, library: Library, project: Project, address: str) -> None:
        send(client, address, do="omit 2")
        assert "本书删去" in page(client, address)
        bound = library.session(LOCAL).books.bind(library.session(LOCAL).books.project(NAME))
        assert "村里公议" not in "".join(block.text for block in next(bound.book.chapters).article.blocks)

    def test_references_to_notes_outlive_changes(self, client: FlaskClient, library: Library, address: str) -> None:
        raft = f"{BOOK}/text/{ids(library)['筏子']}"
        send(client, raft, do="edit 1", text="牛皮筏子顺流而下，五日到包头。")
        bound = library.session(LOCAL).books.bind(library.session(LOCAL).books.project(NAME))
        runs = list(bound.book.chapters)[1].article.blocks[1].runs
        assert [run.note for run in runs if run.note] == ["1"]
        assert "".join(run.text for run in runs) == "牛皮筏子顺流而下，五日到包头。"

    def test_a_title_cannot_be_empty(self, client: FlaskClient, library: Library, address: str) -> None:
        assert send(client, address, do="edit 0", text="  ").status_code == 400
        send(client, address, do="edit 0", text="老水车")
        assert "<h1>老水车</h1>" in page(client, address)

    def test_a_newer_version(self, client: FlaskClient, library: Library, address: str) -> None:
        send(client, address, do="edit 1", text="光绪三十年有了第一架水车。")
        send(client, address, do="edit 2", text="村里公议重造。")
        water = library.session(LOCAL).article(ids(library)["水车"])
        blocks = (*water.blocks[:2], text("乡里公议不办。"), *water.blocks[3:])
        library.session(LOCAL).corrections.revise(replace(water, blocks=blocks), "核对原件")
        assert "库中已改到第 2 版" in page(client, address)
        shown = page(client, f"{address}/newer")
        assert "核对原件" in shown
        assert "这几处只为本书做的改动对不上" in shown
        send(client, f"{address}/newer")
        item = self.item(library)
        assert (item.version, item.edits) == (2, (Edit(1, 2, 3, "卅", "三十"),))
        assert "1 处改动对不上，已去掉：第 2 段" in page(client, address)

    def test_the_same_article_twice(
        self, client: FlaskClient, library: Library, address: str, project: Project
    ) -> None:
        water = library.session(LOCAL).article(ids(library)["水车"])
        parts = (*project.parts, Part(title="附", items=(item_of(water),)))
        library.session(LOCAL).books.save(replace(project, parts=parts))
        send(client, f"{address}?n=2", do="range", first="2", last="2")
        first, *_, last = library.session(LOCAL).books.project(NAME).items
        assert first.whole
        assert (last.first, last.last) == (2, 2)

    def test_an_article_that_is_not_in_the_book(self, client: FlaskClient, project: Project) -> None:
        assert "里没有文章" in page(client, f"{BOOK}/text/999", 404)

    def test_what_was_typed_survives_a_conflict(self, client: FlaskClient, library: Library, address: str) -> None:
        library.session(LOCAL).books.save(replace(library.session(LOCAL).books.project(NAME), title="别人改的"))
        form = {"own-source": "1", "source": "我写的出处", "note": "我写的按语"}
        answer = send(client, address, revision=1, do="lines", **form)
        assert 'value="我写的出处"' in answer.text
        assert "我写的按语</textarea>" in answer.text
        answer = send(client, address, revision=1, do="edit 1", text="我改的一段")
        assert answer.status_code == 409
        assert "我改的一段</textarea>" in answer.text
        assert self.item(library).edits == ()


def cell(words: str, row: int, column: int, *, header: bool = False) -> Block:
    return Block(Kind.CELL, (Run(words),) if words else (), cell=Cell(0, row, column, header=header))


class TestTablesAndPictures:
    """A roster is one table, and a picture one thing with its caption: shown, chosen and left out as a whole."""

    @pytest.fixture
    def address(self, library: Library, project: Project, tmp_path: Path) -> str:
        blocks = (
            text("全社名单如下。"),
            Block.plain(Kind.CAPTION, "社员名录"),
            cell("姓名", 0, 0, header=True),
            cell("职务", 0, 1, header=True),
            cell("张三", 1, 0),
            Block.plain(Kind.NOTE, "一作章三。", label="1"),
            cell("", 1, 1),
            text("又附照片。"),
            Block(Kind.FIGURE, (), picture="ab" * 32),
            Block.plain(Kind.CAPTION, "渡口旧影"),
            text("以上。"),
        )
        file = tmp_path / "b.txt"
        file.write_text("名录原件", encoding="utf-8")
        session = library.session(LOCAL)
        session.add(file, "b.txt", [article(4, "名录", "河渠", 1986, *blocks)], [])
        roster = session.article(ids(library)["名录"])
        session.books.save(replace(project, parts=(Part(title="全", items=(item_of(roster),)),)))
        return f"{BOOK}/text/{roster.id}"

    def item(self, library: Library) -> Any:
        return next(library.session(LOCAL).books.project(NAME).items)

    def printed(self, library: Library) -> list[str]:
        books = library.session(LOCAL).books
        return [block.kind.value for block in next(books.bind(books.project(NAME)).book.chapters).article.blocks]

    def test_shown_as_one(self, client: FlaskClient, address: str) -> None:
        shown = page(client, address)
        rows = re.findall(r'<li class="([\w-]+)', shown[shown.index('id="text"') :])
        assert rows == ["title", "paragraph", "table", "note", "paragraph", "figure", "paragraph"]
        assert re.search(r"<th><div[^>]*>\s*<p>姓名</p>", shown)
        assert shown.count("<tr>") == 2
        assert re.search(r"<figcaption><div[^>]*>\s*<p>渡口旧影</p>", shown)
        firsts = re.findall(r'name="first" value="(\d+)"', shown)
        assert firsts == ["1", "2", "8", "9", "11"]
        assert re.findall(r'name="last" value="(\d+)"', shown)[1:] == ["1", "7", "8", "10", "11"]

    def test_a_range_never_cuts_through(self, client: FlaskClient, library: Library, address: str) -> None:
        send(client, address, do="range", first="5", last="9")
        assert (self.item(library).first, self.item(library).last) == (2, 10)
        shown = page(client, address)
        assert 'name="first" value="2" checked' in shown
        assert 'name="last" value="10" checked' in shown

    def test_left_out_and_brought_back(self, client: FlaskClient, library: Library, address: str) -> None:
        before = self.printed(library)
        send(client, address, do="edit 5", text="张三丰")
        assert "张三<mark>丰</mark>" in page(client, address)
        send(client, address, do="omit-whole 2")
        send(client, address, do="omit-whole 9")
        assert self.printed(library) == ["title", "paragraph", "note", "paragraph", "paragraph"]
        assert "（本书删去）" in page(client, address)
        send(client, address, do="restore-whole 2")
        send(client, address, do="restore-whole 9")
        assert self.item(library).edits == ()
        assert self.printed(library) == before

    def test_a_picture_without_words_alone(self, client: FlaskClient, library: Library, address: str) -> None:
        send(client, address, do="omit 9")
        assert "figure" not in self.printed(library)
        assert page(client, address).count("（本书删去）") == 1
        send(client, address, do="restore 9")
        assert "figure" in self.printed(library)

    def test_what_is_no_table(self, client: FlaskClient, address: str) -> None:
        assert send(client, address, do="omit-whole 0").status_code == 400
        assert send(client, address, do="omit-whole 99").status_code == 400


class TestProof:
    def look(self, client: FlaskClient, query: str = "") -> str:
        for _ in range(600):
            shown = page(client, f"{BOOK}/proof{query}")
            if "meta http-equiv" not in shown:
                return shown
            time.sleep(0.05)
        raise AssertionError("the report does not come")

    @pytest.fixture
    def doubtful(self, library: Library, project: Project) -> Project:
        """The second paragraph of the first text is printed with a quotation that is never closed."""
        first = next(project.items)
        edits = (Edit(1, 0, 0, "", "前有“"), Edit(2, 0, 0, "", "老人说：“"))
        items = (replace(first, edits=edits, first=2), *project.parts[0].items[1:])
        return library.session(LOCAL).books.save(
            replace(project, parts=(replace(project.parts[0], items=items), project.parts[1]))
        )

    def test_a_finding_leads_to_its_paragraph(self, client: FlaskClient, library: Library, doubtful: Project) -> None:
        shown = self.look(client)
        assert "标点缺另一半" in shown
        # The first paragraph is left out of the book, so the finding is in the second of the article.
        assert f"/text/{ids(library)['水车']}?edit=2#b2" in shown

    def test_set_aside_and_taken_back(self, client: FlaskClient, library: Library, doubtful: Project) -> None:
        found = re.search(r'value="ignore ([0-9a-f]+)"', self.look(client, "?code=unmatched-pair"))
        assert found
        send(client, f"{BOOK}/proof", do=f"ignore {found[1]}")
        assert library.session(LOCAL).books.project(NAME).ignored == (found[1],)
        assert found[1] not in self.look(client)
        assert f"back {found[1]}" in self.look(client, "?ignored=1")
        book = openpyxl.load_workbook(BytesIO(fetch(client, f"{BOOK}/proof/report.xlsx")[1]))
        assert not any(found[1] in str(cell.value) for sheet in book for row in sheet for cell in row)
        send(client, f"{BOOK}/proof", do=f"back {found[1]}")
        assert library.session(LOCAL).books.project(NAME).ignored == ()

    def test_the_report_is_looked_for_again_after_a_change(
        self, client: FlaskClient, library: Library, doubtful: Project
    ) -> None:
        assert "标点缺另一半" in self.look(client)
        send(client, f"{BOOK}/text/{ids(library)['水车']}", do="restore 2")
        assert "标点缺另一半" not in self.look(client)

    def test_a_suggestion_is_taken_for_this_book_or_as_a_correction(
        self, client: FlaskClient, library: Library, doubtful: Project
    ) -> None:
        session = library.session(LOCAL)
        first = next(doubtful.items)
        stored = session.article(first.article).blocks[2].text
        items = (
            replace(first, edits=(Edit(2, 0, 0, "", "再接再励，水来了。。"),), first=2),
            *doubtful.parts[0].items[1:],
        )
        parts = (replace(doubtful.parts[0], items=items), *doubtful.parts[1:])
        session.books.save(replace(session.books.project(NAME), parts=parts))
        found = re.search(r'value="book ([0-9a-f]+)"', self.look(client, "?code=wrong-word"))
        assert found
        send(client, f"{BOOK}/proof", do=f"correct {found[1]}")  # the library does not have these words
        assert "已为本书改过" in self.look(client)
        send(client, f"{BOOK}/proof", do=f"book {found[1]}")
        assert self.printed_text(library).startswith("再接再厉，水来了。。")
        assert "doubled-mark" in client.get(f"{BOOK}/proof").text  # the other places, without a moment's waiting
        other = re.search(r'value="book ([0-9a-f]+)"', self.look(client, "?code=doubled-mark"))
        assert other
        send(client, f"{BOOK}/proof", do=f"book {other[1]}")
        assert self.printed_text(library) == f"再接再厉，水来了。{stored}"
        assert session.article(first.article).blocks[2].text == stored

    def test_a_suggestion_becomes_a_version_of_the_article(
        self, client: FlaskClient, library: Library, project: Project
    ) -> None:
        session = library.session(LOCAL)
        first = next(project.items)
        text = session.article(first.article, first.version).blocks[2].text
        session.corrections.correct(first.article, [Rewrite(2, text, (f"再接再励。{text}",))], "试")
        renewed, _ = session.books.renewed(session.books.project(NAME), first.article)
        session.books.save(renewed)
        found = re.search(r'value="correct ([0-9a-f]+)"', self.look(client, "?code=wrong-word"))
        assert found
        send(client, f"{BOOK}/proof", do=f"correct {found[1]}")
        assert session.article(first.article).blocks[2].text == f"再接再厉。{text}"
        assert next(session.books.project(NAME).items).version == session.article(first.article).version
        assert found[1] not in self.look(client, "?code=wrong-word")

    def printed_text(self, library: Library) -> str:
        session = library.session(LOCAL)
        item = next(session.books.project(NAME).items)
        return edited(session.article(item.article, item.version), item)[2].text

    def test_nothing_chosen(self, client: FlaskClient, doubtful: Project) -> None:
        self.look(client)
        send(client, f"{BOOK}/proof", do="ignore")
        assert "没有选哪一处" in self.look(client)


class TestOutput:
    def test_a_file_in_every_chosen_format(self, client: FlaskClient, project: Project) -> None:
        shown = done(client, send(client, f"{BOOK}/output", form="md"))
        link = re.search(r'href="([^"]+\.md)" download', shown)
        assert link
        with client.get(link[1]) as answer:
            assert "水车" in answer.get_data(as_text=True)
            assert quote(f"{NAME}.md") in answer.headers["Content-Disposition"]

    def test_what_must_be_mended_is_said_before_anything_is_written(
        self, client: FlaskClient, library: Library, project: Project
    ) -> None:
        lamp = ids(library)["灯盏"]
        library.session(LOCAL).withdraw(lamp, "作者要求")
        shown = page(client, f"{BOOK}/output")
        assert "付印前必须处理 1 处" in shown
        assert f"/text/{lamp}" in shown
        answer = send(client, f"{BOOK}/output", form="md")
        assert answer.headers["Location"] == f"{BOOK}/output"
        assert "书稿还不能付印" in page(client, f"{BOOK}/output")

    def test_a_proof_is_written_all_the_same(self, client: FlaskClient, library: Library, project: Project) -> None:
        library.session(LOCAL).withdraw(ids(library)["灯盏"], "作者要求")
        shown = done(client, send(client, f"{BOOK}/output", form="docx", draft="1"))
        assert "-校样.docx" in shown
        assert "状态是“撤下”" in shown
        send(client, f"{BOOK}/output", form="md", draft="1")
        assert "校样只能排" in page(client, f"{BOOK}/output")

    def test_an_edition_frozen_and_made_again(self, client: FlaskClient, library: Library, project: Project) -> None:
        shown = done(client, send(client, f"{BOOK}/output", do="freeze", form=["md", "txt"]))
        assert "第 1 次定稿" in shown
        assert shown.count(" download>") == 3
        manifest = client.get(f"{BOOK}/output/edition/1.json")
        assert json.loads(manifest.data)["project"]["name"] == NAME
        library.session(LOCAL).books.save(replace(library.session(LOCAL).books.project(NAME), title="改了书名"))
        shown = done(client, send(client, f"{BOOK}/output/edition/1"))
        assert shown.count("与定稿时逐字节相同") == 2
        assert "定稿以后" not in page(client, f"{BOOK}/output")
        first = next(library.session(LOCAL).books.project(NAME).items)
        held = library.session(LOCAL).article(first.article)
        library.session(LOCAL).correct(first.article, [Rewrite(0, held.title, (held.title + "补",))], "题名")
        assert "定稿以后，其中 1 篇在库里更正过" in page(client, f"{BOOK}/output")
        library.session(LOCAL).corrections.restore(first.article, held.version, "")

    def test_an_edition_that_is_not_there(self, client: FlaskClient, project: Project) -> None:
        assert client.get(f"{BOOK}/output/edition/3.json").status_code == 404

    def test_a_file_nobody_waits_for(
        self, client: FlaskClient, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def endless(*_: object) -> None:
            while True:
                raise_if_cancelled()
                time.sleep(0.01)

        monkeypatch.setattr(output_pages, "_write", endless)
        where = send(client, f"{BOOK}/output", form="md").headers["Location"]
        assert "取消" in page(client, where)
        assert json.loads(client.get(f"{where}/state").data)["over"] is False
        assert "看进度" in page(client, f"{BOOK}/output")
        assert send(client, f"{where}/stop").headers["Location"] == f"{BOOK}/output"
        until(lambda: json.loads(client.get(f"{where}/state").data)["over"])
        assert "已取消" in page(client, where)

    def test_what_a_restart_took_away_is_made_again(
        self, client: FlaskClient, library: Library, project: Project
    ) -> None:
        where = send(client, f"{BOOK}/output", form="md").headers["Location"]
        until(lambda: json.loads(client.get(f"{where}/state").data)["over"])
        restarted = create_app(library).test_client()
        gone = restarted.get(where, follow_redirects=True).text
        assert f"{NAME}.md" in gone and "已经不在了" in gone and "download>" not in gone
        again = send(restarted, f"{where}/again")
        assert f"download>{NAME}.md" in done(restarted, again)

    def test_what_was_changed_meanwhile_is_not_frozen(
        self, client: FlaskClient, library: Library, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = output_pages._start

        def quicker(*given: Any) -> object:
            library.session(LOCAL).books.save(replace(project, subtitle="改了"))
            return asked(*given)

        monkeypatch.setattr(output_pages, "_start", quicker)
        shown = done(client, send(client, f"{BOOK}/output", do="freeze", form=["md"]))
        assert "没有定稿" in shown and not library.session(LOCAL).books.editions(NAME)

    def test_a_failure_is_told(self, client: FlaskClient, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise ExportError("一个字体也没有。", hint="请装字体。")

        monkeypatch.setattr(output_pages, "_write", fail)
        shown = done(client, send(client, f"{BOOK}/output", form="md"))
        assert "一个字体也没有。" in shown
        assert "请装字体。" in shown

    def test_an_empty_book(self, client: FlaskClient, library: Library) -> None:
        library.session(LOCAL).books.create(NAME, [])
        for path in (BOOK, f"{BOOK}/data", f"{BOOK}/matter", f"{BOOK}/preview", f"{BOOK}/output"):
            page(client, path)
        assert "没有可以排的内容" in page(client, f"{BOOK}/output")
        send(client, f"{BOOK}/output", form="md")
        assert "没有可以排的内容" in page(client, f"{BOOK}/output")


def test_a_name_with_everything_a_name_may_have(client: FlaskClient, library: Library) -> None:
    name = "100% #1 & 水边's [渡口]；第一辑+"
    answer = send(client, "/books", name=name)
    where = answer.headers["Location"]
    for part in ("", "/data", "/matter", "/preview", "/output"):
        shown = page(client, where + part)
        assert shown.count(f'href="{escape(where)}/data"') == 1
    library.session(LOCAL).books.save(
        replace(
            library.session(LOCAL).books.project(name),
            parts=(Part(items=(item_of(next(library.session(LOCAL).articles("c"))),)),),
        )
    )
    form = {"token": token(client), "form": "txt"}
    shown = done(client, client.post(f"{where}/output", data=form))
    link = re.search(r'href="([^"]+)" download', shown)
    assert link
    assert fetch(client, Markup(link[1]).unescape())[0] == 200


class TestPreview:
    @pytest.fixture(autouse=True)
    def _fonts(self, library: Library) -> None:
        try:
            choose(read_catalogue(font_folders()), library.session(LOCAL).books.house("16开").fonts)
        except ExportError as error:
            pytest.skip(f"no Chinese font on this machine: {error.message}")

    @pytest.fixture
    def address(self, library: Library, project: Project) -> str:
        return f"{BOOK}/preview/state?of={ids(library)['水车']}"

    def settled(self, client: FlaskClient, address: str) -> Any:
        until(lambda: json.loads(client.get(address).data)["over"])
        return json.loads(client.get(address).data)

    def test_pages_of_a_text(self, client: FlaskClient, library: Library, address: str) -> None:
        state = self.settled(client, address)
        assert (state["error"], state["pages"]) == ("", 1)
        assert fetch(client, state["picture"].replace("0.png", "1.png"))[1].startswith(b"\x89PNG")
        assert json.loads(client.get(address).data)["job"] == state["job"]
        assert client.get(state["picture"].replace("0.png", "9.png")).status_code == 404
        send(client, f"{BOOK}/text/{ids(library)['水车']}", do="edit 1", text="改了。")
        assert json.loads(client.get(address).data)["job"] != state["job"]

    def test_cancelled_and_begun_again(
        self, client: FlaskClient, library: Library, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def endless(*_: object) -> None:
            while True:
                raise_if_cancelled()
                time.sleep(0.01)

        of = ids(library)["水车"]
        with monkeypatch.context() as patched:
            patched.setattr(preview_pages, "_set", endless)
            assert json.loads(client.get(address).data)["over"] is False
            where = send(client, f"{BOOK}/preview", do="stop", of=of).headers["Location"]
            until(lambda: "排版已取消" in page(client, where))
        where = send(client, f"{BOOK}/preview", do="again", of=of).headers["Location"]
        assert "排版已取消" not in page(client, where)
        assert self.settled(client, address)["pages"] == 1

    def test_what_is_not_in_the_book(self, client: FlaskClient, project: Project) -> None:
        for of in ("999", "part-7", "part-x", "<b>"):
            assert client.get(f"{BOOK}/preview?of={quote(of)}").status_code == 400
