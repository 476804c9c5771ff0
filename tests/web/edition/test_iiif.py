"""Manifests of scanned texts: what they say of pages and lines, and to whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.accounts import public_reader
from archive.model.edits import Rewrite
from archive.model.records import Access, Article, Block, Collection, Kind, Picture, Status
from ingest.readers import kept_readings
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.recogniser import Character
from tests.web.conftest import LOCAL, png
from web.app import create_app
from web.edition.publishing import Wanted, publish
from web.edition.reading_room import ReadingRoom, create_room
from web.edition.site_folder import SiteFolder

BASE = "https://example.org/wenshi/"
FIRST, SECOND = "一九五六年春，公社在渡口修起水车十二架，自此岁岁有收。", "第二年春天县里派人来看。"


def picture(width: int, height: int) -> Picture:
    data = png(width, height)
    return Picture(hashlib.sha256(data).hexdigest(), data, "image/png")


def line(text: str, box: tuple[float, float, float, float]) -> ReadLine:
    left, top, right, bottom = box
    characters = tuple(Character(one, 0.99, (at + 0.5) / len(text), "") for at, one in enumerate(text))
    return ReadLine(((left, top), (right, top), (right, bottom), (left, bottom)), characters, float(len(text)))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Library]:
    """A text whose first paragraph goes on from one page to the other; one that is 内部; one with a drawing."""
    pages = picture(200, 300), picture(201, 300)
    drawing, inner = picture(30, 20), picture(202, 300)
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "清水文史"))
        file = tmp_path / "a.txt"
        file.write_text("a", encoding="utf-8")
        scanned = (
            Block.plain(Kind.TITLE, "河湾水车旧闻"),
            Block(Kind.FIGURE, picture=pages[0].sha256, page="101"),
            Block.plain(Kind.PARAGRAPH, FIRST),
            Block(Kind.FIGURE, picture=pages[1].sha256),
            Block.plain(Kind.PARAGRAPH, SECOND),
        )
        hidden = (
            Block.plain(Kind.TITLE, "内部旧闻"),
            Block(Kind.FIGURE, picture=inner.sha256, page="1"),
            Block.plain(Kind.PARAGRAPH, "不给人看的一段。"),
        )
        drawn = (
            Block.plain(Kind.TITLE, "有插图的一篇"),
            Block(Kind.FIGURE, picture=drawing.sha256),
            Block.plain(Kind.PARAGRAPH, "图是后来画的。"),
        )
        articles = [
            Article(collection="c", blocks=blocks, status=Status.RELEASED, access=access)
            for blocks, access in ((scanned, Access.OPEN), (hidden, Access.INTERNAL), (drawn, Access.OPEN))
        ]
        session.add(file, file.name, articles, (), (*pages, drawing, inner))
        with kept_readings.keeping(library.root):
            # Read at half the size, and with a mistake that was corrected since.
            lines = line("一九五六年春，公社在渡囗修", (10, 10, 90, 15)), line("起水车十二架，", (10, 20, 90, 25.4))
            kept_readings.keep(pages[0].sha256, PageReading(100, 150, 0.0, lines))
            lines = line("自此岁岁有收。", (10, 10, 60, 15)), line("第二年春天县里派人来看。", (10, 20, 90, 25))
            kept_readings.keep(pages[1].sha256, PageReading(201, 300, 0.0, lines))
        yield library


def loaded(response: TestResponse) -> Any:
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("application/ld+json")
    return json.loads(response.text)


def boxes(annotations: Any) -> dict[str, str]:
    return {one["body"]["value"]: one["target"].partition("#xywh=")[2] for one in annotations["items"]}


def test_pages_are_canvases_and_lines_their_annotations(own: Library):
    client = create_app(own).test_client()
    manifest = loaded(client.get("/iiif/1/manifest.json"))
    assert manifest["@context"] == "http://iiif.io/api/presentation/3/context.json"
    assert manifest["label"] == {"zh": ["河湾水车旧闻"]}
    first, second = manifest["items"]
    assert (first["width"], first["height"], first["label"]) == (200, 300, {"zh": ["第 101 页"]})
    assert second["label"] == {"zh": ["图像 2"]}
    painted = first["items"][0]["items"][0]
    assert painted["motivation"] == "painting" and painted["target"] == first["id"]
    shown = client.get(painted["body"]["id"].removeprefix("http://localhost"), buffered=True)
    assert shown.data == png(200, 300) and shown.mimetype == painted["body"]["format"]
    words = [client.get(canvas["annotations"][0]["id"].removeprefix("http://localhost")) for canvas in (first, second)]
    one, two = map(loaded, words)
    assert boxes(one) == {"一九五六年春，公社在渡口修": "20,20,160,10", "起水车十二架，": "20,40,160,11"}
    assert boxes(two) == {"自此岁岁有收。": "10,10,50,5", SECOND: "10,20,80,5"}
    assert {each["target"].partition("#")[0] for each in one["items"]} == {first["id"]}
    assert {each["motivation"] for each in one["items"]} == {"supplementing"}


def test_what_was_written_anew_stands_on_its_page_as_a_whole(own: Library):
    own.session(LOCAL).correct("1", [Rewrite(4, SECOND, ("此处改写，与图像全不相同",))], "改写")
    two = loaded(create_app(own).test_client().get("/iiif/1/page/2.json"))
    assert boxes(two) == {"自此岁岁有收。": "10,10,50,5", "此处改写，与图像全不相同": ""}


def test_a_picture_that_is_no_page_has_no_manifest(own: Library):
    client = create_app(own).test_client()
    assert "IIIF" in client.get("/article/1").text
    assert "IIIF" not in client.get("/article/3").text
    for address in ("/iiif/3/manifest.json", "/iiif/3/page/1.json", "/iiif/1/page/3.json", "/iiif/9/manifest.json"):
        assert client.get(address).status_code == 404
    own.session(LOCAL).withdraw("1", "有误")
    assert client.get("/iiif/1/manifest.json").status_code == 410


def test_a_reading_room_hands_out_what_anybody_may_read(own: Library, tmp_path: Path):
    room = ReadingRoom(own, tmp_path / "site", Wanted(title="清水文史", forms=(), served=True))
    room.renew()
    client = create_room(tmp_path / "site", own).test_client()
    page = client.get("/texts/1.html", buffered=True).text
    assert 'href="../iiif/1/manifest.json"' in page
    answer = client.get("/iiif/1/manifest.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"  # for viewers in other pages
    manifest = loaded(answer)
    assert manifest["homepage"][0]["id"] == "http://localhost/texts/1.html"
    shown = manifest["items"][0]["items"][0]["items"][0]["body"]["id"].removeprefix("http://localhost")
    assert client.get(shown, buffered=True).data == png(200, 300)
    assert loaded(client.get("/iiif/1/page/2.json"))["items"]
    hidden = client.get("/iiif/2/manifest.json")
    assert hidden.status_code == 404 and "内部旧闻" not in hidden.text
    own.session(LOCAL).withdraw("1", "有误")
    assert client.get("/iiif/1/manifest.json").status_code == client.get("/iiif/1/page/1.json").status_code == 404


def test_an_edition_with_an_address_has_them_as_files(own: Library, tmp_path: Path):
    session = own.session(public_reader())

    def made(base: str, folder: Path) -> set[str]:
        publish(session, session.collections(), Wanted(base=base, forms=()), SiteFolder(folder))
        return {file.relative_to(folder).as_posix() for file in folder.rglob("*.json")}

    assert not {path for path in made("", tmp_path / "without") if path.startswith("iiif/")}
    files = made(BASE, tmp_path / "with")
    assert {path for path in files if path.startswith("iiif/")} == {
        "iiif/1/manifest.json", "iiif/1/page/1.json", "iiif/1/page/2.json",
    }  # fmt: skip
    manifest = json.loads((tmp_path / "with/iiif/1/manifest.json").read_text(encoding="utf-8"))
    for canvas in manifest["items"]:
        for address in (canvas["items"][0]["items"][0]["body"]["id"], canvas["annotations"][0]["id"]):
            assert (tmp_path / "with" / address.removeprefix(BASE)).is_file(), address
    assert manifest["id"] == BASE + "iiif/1/manifest.json"
