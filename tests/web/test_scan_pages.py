"""Reading a scanned page against its picture: what is shown, marked, chosen and saved. The lines are played."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind, Picture
from archive.model.scanned_pages import scanned_pages
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.recogniser import Character
from tests.web.accessibility import faults
from tests.web.browser import WIDTHS, chromium, needs_browser, served, sized, wait
from web.app import create_app
from web.editing import scan_pages
from web.editing.picture_spots import spot

LOCAL = Actor.local()
FIRST, SECOND = "一九五六年春，公社在渡囗修起水车十二架。", "第二年春天县里派人来看。"


def drawn(shade: int) -> Picture:
    """A grey picture of 4 by 6 pixels, as BMP."""
    rows = bytes([shade, shade, shade] * 4) * 6
    head = b"BM" + (54 + len(rows)).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    size = (40).to_bytes(4, "little") + (4).to_bytes(4, "little") + (6).to_bytes(4, "little")
    data = head + size + b"\1\0\x18\0" + bytes(24) + rows
    return Picture(hashlib.sha256(data).hexdigest(), data, "image/bmp")


def line(text: str, top: float, doubtful: str = "", others: str = "") -> ReadLine:
    characters = tuple(
        Character(one, 0.4 if one == doubtful else 0.99, (at + 0.5) / len(text), others if one == doubtful else "")
        for at, one in enumerate(text)
    )
    return ReadLine(((10.0, top), (90.0, top), (90.0, top + 5), (10.0, top + 5)), characters, float(len(text)))


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    pictures = drawn(200), drawn(220)
    reading = PageReading(100, 150, 0.0, (line(FIRST[:10], 10), line(FIRST[10:], 20, "囗", "口回")))
    monkeypatch.setattr(scan_pages, "_read", lambda picture, file, root: reading)
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "文史资料"))
        file = tmp_path / "a.txt"
        file.write_text("a", encoding="utf-8")
        blocks = (
            Block.plain(Kind.TITLE, "河湾水车旧闻"),
            Block(Kind.FIGURE, picture=pictures[0].sha256, page="101"),
            Block.plain(Kind.PARAGRAPH, FIRST),
            Block(Kind.FIGURE, picture=pictures[1].sha256, page="102"),
            Block.plain(Kind.PARAGRAPH, SECOND),
        )
        session.add(file, file.name, [Article(collection="c", blocks=blocks)], (), pictures)
        yield library


def test_a_page_without_scripts(library: Library) -> None:
    client = create_app(library).test_client()
    assert "对照图像校对" in client.get("/article/1").text
    page = client.get("/article/1/scan/2").text
    assert "第 2 页，共 2 页；印刷页码 102" in page
    assert FIRST in page  # the paragraph may go on here
    assert SECOND in page
    token = page.split('name="token" value="')[1].split('"')[0]
    form = {"token": token, "version": "1", "text-2": FIRST, "text-4": "第二年春天，县里派人来看。", "do": "save"}
    answer = client.post("/article/1/scan/2", data=form)
    assert answer.status_code == 303
    assert "改了 1 段，现在是第 2 版" in client.get(answer.headers["Location"]).text
    session = library.session(LOCAL)
    assert session.article("1").blocks[4].text == "第二年春天，县里派人来看。"
    assert session.article("1", 1).blocks[4].text == SECOND
    answer = client.post("/article/1/scan/1", data={**form, "version": "2", "do": "next", "text-2": FIRST})
    assert answer.headers["Location"].startswith("/article/1/scan/2")
    assert session.article("1").version == 2


def test_somebody_was_quicker(library: Library) -> None:
    client = create_app(library).test_client()
    token = client.get("/article/1/scan/1").text.split('name="token" value="')[1].split('"')[0]
    form = {"token": token, "version": "1", "do": "save"}
    client.post("/article/1/scan/1", data={**form, "text-2": "甲改的。"})
    answer = client.post("/article/1/scan/1", data={**form, "text-2": "乙改的。"})
    assert answer.status_code == 409
    assert "乙改的。" in answer.text
    assert library.session(LOCAL).article("1").blocks[2].text == "甲改的。"


def test_pages_that_are_not_there(library: Library) -> None:
    client = create_app(library).test_client()
    for address in ("/article/1/scan/3", "/article/1/scan/0", "/article/1/scan/3/lines", "/article/9/scan/1"):
        assert client.get(address).status_code == 404


def test_the_lines_and_what_is_doubtful(library: Library) -> None:
    first, second = create_app(library).test_client().get("/article/1/scan/1/lines").get_json()["lines"]
    assert (first["box"], first["block"], first["start"], first["end"]) == ([100, 67, 900, 100], 2, 0, 10)
    assert first["turn"] == 0
    assert second["doubts"] == [[FIRST.index("囗"), 40, "口回", "词语里常见"]]


def test_a_leaning_line_has_a_leaning_frame() -> None:
    page = PageReading(200, 100)
    leaning = ReadLine(((20, 40), (100, 100), (94, 108), (14, 48)), (), 1.0)
    assert scan_pages._frame(leaning, page) == ([35, 690, 535, 790], 36.9)
    downwards = ReadLine(((50, 10), (60, 10), (60, 90), (50, 90)), (), 1.0, downwards=True)
    assert scan_pages._frame(downwards, page) == ([250, 100, 300, 900], 0.0)


def test_other_marks_are_wide_and_not_what_stands_there() -> None:
    mark = Character("，", 0.3, 0.5, ",:；")
    assert scan_pages._ordered(mark, "水车，修好", 2, {}) == ("：；", "")


_BEYOND = """
const pane = document.querySelector(".scan-window"), window = pane.getBoundingClientRect();
const sheet = document.querySelector(".scan-sheet").getBoundingClientRect();
return [window.left - pane.scrollLeft - sheet.left, window.top - pane.scrollTop - sheet.top];
"""


@needs_browser
@pytest.mark.parametrize("size", WIDTHS.values(), ids=WIDTHS)
def test_from_doubt_to_doubt(library: Library, tmp_path: Path, size: tuple[int, int]) -> None:
    with served(create_app(library)) as site, chromium(tmp_path / "profile") as driver:
        sized(driver, *size)
        driver.get(f"{site}/article/1/scan/1")
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".scan-desk.lines-found"))
        assert "没有把握的字 1 处" in driver.find_element(By.CSS_SELECTOR, ".scan-count").text
        assert not faults(driver, size[0])
        for _ in range(4):  # turned, no part of the picture hangs out where nobody can scroll to
            driver.find_element(By.CSS_SELECTOR, "[data-turn]").click()
            beyond = driver.execute_script(_BEYOND)
            assert max(beyond) < 1
        ActionChains(driver).send_keys(Keys.F8).perform()
        wait(driver, lambda: "这是第 1 处" in driver.find_element(By.CSS_SELECTOR, ".scan-count").text)
        wait(driver, lambda: len(driver.find_elements(By.CSS_SELECTOR, ".scan-line.here")) == 1)
        ActionChains(driver).key_down(Keys.ALT).send_keys("1").key_up(Keys.ALT).perform()
        wait(driver, lambda: "渡口修起" in str(driver.find_element(By.ID, "text-2").get_property("value")))
        wait(driver, lambda: "没有标出" in driver.find_element(By.CSS_SELECTOR, ".scan-count").text)
        ActionChains(driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
        wait(driver, lambda: "第 1 页签好了" in driver.find_element(By.TAG_NAME, "body").text)
    session = library.session(LOCAL)
    assert session.article("1").blocks[2].text == FIRST.replace("囗", "口")
    assert [page.state for page in session.page_proofs.of("1")] == ["一校", "未校"]


def test_pages_are_signed_round_by_round(library: Library) -> None:
    client = create_app(library).test_client()
    page = client.get("/article/1/scan/1").text
    token = page.split('name="token" value="')[1].split('"')[0]
    assert "未校" in page

    def sent(do: str, text: str = FIRST) -> TestResponse:
        version = client.get("/article/1/scan/1").text.split('name="version" value="')[1].split('"')[0]
        return client.post("/article/1/scan/1", data={"token": token, "version": version, "text-2": text, "do": do})

    assert sent("sign 2").status_code == 409
    assert sent("sign x").status_code == 409
    answer = sent("sign 1", FIRST + "好")  # what was typed is saved, and the page signed for it
    assert answer.headers["Location"].startswith("/article/1/scan/2")
    shown = client.get(answer.headers["Location"]).text
    assert "改了 1 段，现在是第 2 版" in shown and "第 1 页签好了" in shown
    assert sent("sign 1", FIRST + "好").status_code == 409
    sent("sign 2", FIRST + "好")
    shown = client.get("/article/1/scan/1").text
    assert "二校 本机" in shown and "签名以后文字又改过" not in shown
    volume = client.get("/collection/c/scans").text
    assert "未校 1" in volume and "二校 1" in volume and "共 2 页" in volume
    assert "/article/1/scan/2" in volume
    sent("save", FIRST + "好。")
    assert "签名以后文字又改过" in client.get("/article/1/scan/1").text
    client.post("/article/1/scan/1/proof", data={"token": token})
    first, second = library.session(LOCAL).page_proofs.of("1")
    assert (first.state, second.state) == ("一校", "未校")
    assert [one.detail for one in library.session(LOCAL).upkeep.log.entries() if one.action == "page-proof"] == [
        "扫描件第 1 页撤回二校签名", "扫描件第 1 页二校", "扫描件第 1 页一校",
    ]  # fmt: skip


def test_the_volume_as_a_pdf(library: Library) -> None:
    client = create_app(library).test_client()
    token = client.get("/collection/c/scans").text.split('name="token" value="')[1].split('"')[0]
    where = client.post("/collection/c/scans/pdf", data={"token": token}).headers["Location"]
    job = where.rsplit("/", 1)[1]
    for _ in range(600):
        if client.get(f"/jobs/{job}/state").get_json()["over"]:
            break
        time.sleep(0.1)
    page = client.get(f"/results/{job}").text
    assert "2 页" in page
    answer = client.get(f"/results/{job}/file")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_a_region_is_asked_for_in_thousandths(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_pages, "_READ_REGION", f"{__name__}:region")
    client = create_app(library).test_client()
    assert client.get("/article/1/scan/1/region?box=1,20,300,1000").get_json() == {"text": "1,20,300,1000 0"}
    assert client.get("/article/1/scan/1/region?box=1,20,300,1000&turn=90").get_json() == {"text": "1,20,300,1000 90"}
    assert client.get("/article/1/scan/1/region?box=1,20,300,1000&turn=45").get_json() == {"text": "1,20,300,1000 0"}
    for box in ("", "1,2,3", "1,2,3,1001", "1,2,3,-4", "a,b,c,d"):
        assert client.get(f"/article/1/scan/1/region?box={box}").status_code == 400


def region(file: Path, box: tuple[int, ...], turn: int) -> str:
    """What was asked for."""
    return f"{','.join(map(str, box))} {turn}"


def test_an_article_without_scans() -> None:
    assert scanned_pages(Article(collection="c", blocks=(Block.plain(Kind.TITLE, "水车"),))) == ()


def test_a_word_is_replaced_in_the_whole_volume_from_the_desk(library: Library) -> None:
    client = create_app(library).test_client()
    token = client.get("/article/1/scan/1").text.split('name="token" value="')[1].split('"')[0]
    form = {"token": token, "version": "1", "text-2": FIRST + "好", "do": "replace", "words": "囗", "instead": "口"}
    answer = client.post("/article/1/scan/1", data=form)
    assert library.session(LOCAL).article("1").blocks[2].text == FIRST + "好"  # saved first
    listed = client.get(answer.headers["Location"]).text
    assert "回到校对的那一页" in listed and 'href="/article/1/scan/1"' in listed
    at = FIRST.index("囗")
    assert f'value="1 2 2 {at} {at + 1}">' in listed  # not ticked: its picture is to be looked at
    assert f"/article/1/scan/place?version=2&amp;block=2&amp;start={at}&amp;end={at + 1}" in listed
    form = {"token": token, "collection": "c", "words": "囗", "instead": "口", "scan": "1", "page": "1"}
    answer = client.post("/replace", data={**form, "place": f"1 2 2 {at} {at + 1}"})
    assert "回到校对的那一页" in client.get(answer.headers["Location"]).text
    assert library.session(LOCAL).article("1").blocks[2].text == FIRST.replace("囗", "口") + "好"
    assert "回到校对的那一页" not in client.get("/replace?collection=c&words=囗&scan=1&page=x").text


def test_a_place_of_the_text_on_its_picture(library: Library) -> None:
    client = create_app(library).test_client()
    at = FIRST.index("囗")
    shown = client.get(f"/article/1/scan/place?version=1&block=2&start={at}&end={at + 1}")
    assert (shown.status_code, shown.mimetype, shown.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    for other in (
        "version=1&block=1&start=0&end=1",
        "version=9&block=2&start=0&end=1",
        "version=1&block=4&start=3&end=4",
    ):
        assert client.get(f"/article/1/scan/place?{other}").status_code == 404


def test_the_frame_around_a_place() -> None:
    page = PageReading(100, 150, 0.0, (line(FIRST[:10], 10), line(FIRST[10:], 20, "囗", "口")))
    at = FIRST.index("囗")
    found = spot(page, FIRST, at, at + 1)
    assert found is not None
    length = len(FIRST) - 10
    left, top, right, bottom = found.frame
    assert abs(left - (10 + 80 * (at - 10) / length) / 100) < 0.001
    assert abs(right - (10 + 80 * (at - 9) / length) / 100) < 0.001
    assert 19 / 150 < top < 20 / 150 < 25 / 150 < bottom < 26 / 150
    assert found.view[0] <= left and found.view[2] >= right
    corrected = spot(page, FIRST.replace("囗", "口"), at, at + 1)
    assert corrected is not None and abs(corrected.frame[0] - left) < 0.001
    assert spot(page, "别处的话", 0, 1) is None
    down = ReadLine(((50, 10), (60, 10), (60, 90), (50, 90)), line("甲乙丙丁", 0).characters, 4.0, downwards=True)
    found = spot(PageReading(100, 100, 0.0, (down,)), "甲乙丙丁", 1, 2)
    assert found is not None and [round(one, 2) for one in found.frame] == [0.49, 0.3, 0.61, 0.5]


@needs_browser
def test_the_word_corrected_last_is_what_is_replaced(library: Library, tmp_path: Path) -> None:
    with served(create_app(library)) as site, chromium(tmp_path / "profile") as driver:
        sized(driver, *WIDTHS["desk"])
        driver.get(f"{site}/article/1/scan/1")
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".scan-desk.lines-found"))
        offer = driver.find_element(By.CSS_SELECTOR, ".scan-wholly")
        assert not offer.is_displayed()
        ActionChains(driver).send_keys(Keys.F8).perform()
        ActionChains(driver).key_down(Keys.ALT).send_keys("1").key_up(Keys.ALT).perform()
        wait(driver, lambda: "“囗”改成“口”" in offer.text)
        at = FIRST.index("囗")
        driver.execute_script(
            f"const area = document.getElementById('text-2'); area.setSelectionRange({at - 1}, {at + 1});"
        )
        wait(driver, lambda: "“渡囗”改成“渡口”" in offer.text)
        ActionChains(driver).send_keys(Keys.DELETE).perform()
        wait(driver, lambda: "“在渡囗修”改成“在修”" in offer.text)
        ActionChains(driver).send_keys("渡口").perform()
        wait(driver, lambda: "“囗”改成“口”" in offer.text or "“渡囗”改成“渡口”" in offer.text)
        offer.find_element(By.TAG_NAME, "button").click()
        words = driver.find_element(By.ID, "words").get_property("value")
        instead = driver.find_element(By.ID, "instead").get_property("value")
        assert (words, instead) == ("渡囗", "渡口")
        assert "第 2 版" in driver.execute_script("return fetch('/article/1/scan/1?saved=1').then((one) => one.text())")


COLUMNS = ("左栏小标题", "左栏第一段说修渠。", "左栏第二段说浇地。"), ("右栏第一段说水车。", "右栏第二段说船工。")


@pytest.fixture
def two_columns(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A page whose right column was read before its left one, which has a heading; two lines to a paragraph."""
    picture = drawn(180)
    lines, blocks = [], [Block.plain(Kind.TITLE, "两栏"), Block(Kind.FIGURE, picture=picture.sha256)]
    for left, texts in ((55.0, COLUMNS[1]), (10.0, COLUMNS[0])):
        for number, text in enumerate(texts):
            heading = "标题" in text
            blocks.append(Block.plain(Kind.HEADING if heading else Kind.PARAGRAPH, text, level=int(heading)))
            for half, part in enumerate((text[:5], text[5:])):
                one = line(part, 20 + 30 * number + 8 * half) if part else None
                corners = ((left, 0.0), (left + 35, 0.0), (left + 35, 5.0), (left, 5.0))
                lines += [replace(one, corners=tuple((x, one.corners[0][1] + y) for x, y in corners))] if one else []
    monkeypatch.setattr(scan_pages, "_read", lambda picture, file, root: PageReading(100, 150, 0.0, tuple(lines)))
    file = tmp_path / "b.txt"
    file.write_text("b", encoding="utf-8")
    library.session(LOCAL).add(file, file.name, [Article(collection="c", blocks=tuple(blocks))], (), [picture])
    return library


def ordered(library: Library) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in library.session(LOCAL).article("2").blocks[2:]]


RIGHT_ORDER = [(Kind.HEADING if "标题" in text else Kind.PARAGRAPH, text) for part in COLUMNS for text in part]


@needs_browser
@pytest.mark.parametrize("size", WIDTHS.values(), ids=WIDTHS)
def test_a_column_read_in_the_wrong_order_is_moved_whole(
    two_columns: Library, tmp_path: Path, size: tuple[int, int]
) -> None:
    with served(create_app(two_columns)) as site, chromium(tmp_path / "profile") as driver:
        sized(driver, *size)
        driver.get(f"{site}/article/2/scan/1")
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".scan-desk.lines-found"))
        assert len(driver.find_elements(By.CSS_SELECTOR, ".scan-region")) == 2
        what = Select(driver.find_element(By.CSS_SELECTOR, ".scan-order [data-what]"))
        assert [one.text for one in what.options][:2] == ["第 1—2 段（一栏）", "第 3—5 段（一栏）"]
        what.select_by_index(1)
        driver.find_element(By.CSS_SELECTOR, "[data-move]").click()
        assert "现在是第 1—3 段" in driver.find_element(By.CSS_SELECTOR, ".scan-order [role=status]").text
        assert not faults(driver, size[0])
        area = driver.find_element(By.ID, "text-3")
        area.send_keys(Keys.END, "改过。")
        driver.find_element(By.CSS_SELECTOR, 'button[value="save"]').click()
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".said"))
        assert "第 2 版" in driver.find_element(By.CSS_SELECTOR, ".said").text
    assert ordered(two_columns)[:-1] == RIGHT_ORDER[:-1]
    assert ordered(two_columns)[-1] == (Kind.PARAGRAPH, COLUMNS[1][1] + "改过。")


@pytest.mark.parametrize("told", ["4 5 6", "4 4 5 6 2 3", "4 5 6 2 9", "-1", "x", "1 2 3 4 5 6"])
def test_what_is_no_order_of_the_page_changes_nothing_or_only_what_it_names(two_columns: Library, told: str) -> None:
    client = create_app(two_columns).test_client()
    token = client.get("/article/2/scan/1").text.split('name="token" value="')[1].split('"')[0]
    answer = client.post("/article/2/scan/1", data={"token": token, "version": "1", "do": "save", "order": told})
    assert answer.headers["Location"].endswith("saved=0")
    assert two_columns.session(LOCAL).article("2").version == 1
