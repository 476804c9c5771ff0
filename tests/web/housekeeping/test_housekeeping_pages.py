"""Looking after a library in the browser: collections, names, periods, backup, rehearsal, check, index."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.dates.version import RULES
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from web.app import create_app

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        session = created.session(LOCAL)
        for identity, title in (("a", "甲集"), ("b", "乙集")):
            session.save_collection(Collection(identity, title))
        for number, collection in enumerate("aab", 1):
            file = tmp_path / f"{number}.txt"
            file.write_text(str(number), encoding="utf-8")
            blocks = (Block.plain(Kind.TITLE, f"第{number}篇"), Block.plain(Kind.PARAGRAPH, "县城解放以后修了水车。"))
            session.add(file, file.name, [Article(collection=collection, blocks=blocks)], [])
        yield created


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def send(client: FlaskClient, address: str, **form: object) -> TestResponse:
    """Post a form as the page does, and go on to where the job leads."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/manage").text)
    assert found
    answer = client.post(address, data={"token": found[1], **form}, content_type="multipart/form-data")
    end = time.monotonic() + 20
    while answer.status_code == 303 or "data-job=" in answer.text:
        assert time.monotonic() < end, answer.text
        answer = client.get(answer.headers.get("Location", answer.request.path))
        time.sleep(0.02)
    return answer


def test_a_collection_is_described_and_ordered(client: FlaskClient, library: Library) -> None:
    said = {"title": "<b>甲</b>", "volume": "第一辑", "year": "1985", "place": "某县", "description": "说明"}
    page = send(client, "/manage/collections/a", **said)
    assert "已保存" in page.text
    assert "&lt;b&gt;甲&lt;/b&gt;" in page.text
    kept = library.session(LOCAL).collection("a")
    assert {name: getattr(kept, name) for name in said} == said
    assert send(client, "/manage/collections/a", title=" ").status_code == 400
    send(client, "/manage/collections/order", id="b", step="-1")
    assert [each.id for each in library.session(LOCAL).collections()] == ["b", "a"]


def test_moved_merged_removed_and_taken_back(client: FlaskClient, library: Library) -> None:
    def where() -> str:
        return "".join(one.collection for one in sorted(library.session(LOCAL).articles(), key=lambda one: int(one.id)))

    send(client, "/manage/collections/a/move", id="2", target="b")
    assert where() == "abb"
    send(client, "/manage/collections/b/merge", target="a")
    assert where() == "aaa"
    page = send(client, "/manage/collections/a/remove")
    assert where() == ""
    assert "移除文集：甲集" in page.text
    for key in (3, 2, 1):
        page = send(client, f"/manage/changes/{key}/back")
    assert where() == "aab"
    assert page.text.count("已撤销") >= 3
    assert send(client, "/manage/collections/a/move", id="2", target="none").status_code == 404


def test_periods_are_entered_and_used(client: FlaskClient, library: Library) -> None:
    page = send(client, "/manage/periods", sort="period", names="城解放；县城解放", start="1949-09-19")
    assert "已保存" in page.text
    period = library.session(LOCAL).period("县城解放")
    refused = send(client, "/manage/periods", sort="period", names="错的", start="1949-13-40")
    assert refused.status_code == 400
    assert "没有保存" in refused.text and 'value="1949-13-40"' in refused.text, "what was typed stays"
    send(client, "/manage/periods", sort="period", names="又一段", start="1950")
    taken = send(client, "/manage/periods", sort="period", names="又一段", start="1949", before_name="城解放")
    assert taken.status_code == 400 and "已经有“又一段”" in taken.text
    assert [one.names for one in library.session(LOCAL).upkeep.periods()] == [("城解放", "县城解放"), ("又一段",)]
    send(client, "/manage/periods", sort="period", names="本城解放", start="1949-09-20", before_name="城解放")
    assert [one.names for one in library.session(LOCAL).upkeep.periods()] == [("本城解放",), ("又一段",)]
    send(client, "/manage/periods", sort="period", names="城解放", start="1949-09-19", before_name="本城解放")
    send(client, "/manage/periods", sort="terms", names="某县政协", terms="1956-03-05；1959-01-20")
    assert "某县政协" in client.get("/manage/periods").text
    assert period.start is not None
    send(client, "/manage/periods", sort="period", do="remove", before_name="城解放")
    assert "城解放" not in client.get("/manage/periods").text
    assert "日期已重新读过，索引已重建：3 篇" in send(client, "/manage/reindex", redate="1").text


def test_the_offices_wording_is_entered_changed_and_taken_out(client: FlaskClient, library: Library) -> None:
    assert "添加一条" in client.get("/manage/wording").text
    page = send(client, "/manage/wording", words="旧城区", instead="老城区", why="=1+1")
    assert "已保存“旧城区”" in page.text
    send(client, "/manage/wording", words="伪县府")
    refused = send(client, "/manage/wording", words="旧城区", instead="古城", before_words="伪县府")
    assert refused.status_code == 400 and "已经有“旧城区”" in refused.text
    assert 'value="古城"' in refused.text, "what was typed stays"
    assert 'name="before_words" value="伪县府"' in refused.text
    assert send(client, "/manage/wording", words=" ", instead="x").status_code == 400
    send(client, "/manage/wording", words="旧城", instead="老城", before_words="旧城区")
    held = [("旧城", "老城", ""), ("伪县府", "", "")]
    assert [(one.words, one.instead, one.why) for one in library.session(LOCAL).upkeep.wording()] == held
    assert (library.root / "wording.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "opens in Excel"
    send(client, "/manage/wording", do="remove", before_words="旧城")
    assert "旧城" not in client.get("/manage/wording").text.partition("已删去“旧城”")[2]


def test_dates_of_older_rules_are_told_with_a_button(
    client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "按原来的规则读的" not in client.get("/manage").text
    monkeypatch.setattr("archive.catalogue.date_service.RULES", RULES + 1)
    page = client.get("/manage").text
    assert "按原来的规则读的" in page and "重新读日期</button>" in page
    assert "日期已重新读过，索引已重建：3 篇" in send(client, "/manage/reindex", redate="1").text
    assert "按原来的规则读的" not in client.get("/manage").text


def test_a_backup_is_made_and_tried_out(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    page = send(client, "/manage/backup", folder="")
    (link,) = re.findall(r'href="(/manage/backup/\w+/file)"', page.text)
    with client.get(link) as answer:
        whole = answer.data
    assert whole.startswith(b"PK")
    tried = send(client, "/manage/rehearsal", file=(BytesIO(whole), "备份.zip"))
    assert "这份备份可以恢复" in tried.text
    assert "3 篇" in tried.text
    client.application.config["MAX_CONTENT_LENGTH"] = 10_000  # of forms; a backup may be larger
    large = BytesIO(b"x" * 100_000)
    assert "备份文件已损坏" in send(client, "/manage/rehearsal", file=(large, "大.zip")).text
    folder = tmp_path / "另一块盘"
    folder.mkdir()
    assert str(folder) in send(client, "/manage/backup", folder=str(folder)).text
    (kept,) = folder.iterdir()
    library.session(LOCAL).withdraw("3", "试")
    assert "这份备份可以恢复" in send(client, "/manage/rehearsal", path=str(kept)).text
    broken = bytearray(whole)
    broken[len(broken) // 2] ^= 0xFF
    assert "备份文件已损坏" in send(client, "/manage/rehearsal", file=(BytesIO(broken), "坏.zip")).text
    assert "没有这个文件夹" in send(client, "/manage/backup", folder=str(tmp_path / "没有")).text


def test_the_library_is_laid_down_for_decades(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "长期保存"
    page = send(client, "/manage/preserve", folder=f'"{folder}"', bag="1")  # as an address is copied in Windows
    assert "长期保存写好了" in page.text and str(folder) in page.text
    assert (folder / "bagit.txt").is_file() and (folder / "data" / "说明.txt").is_file()
    again = send(client, "/manage/preserve", folder=str(folder), bag="1")
    assert "长期保存写好了" in again.text
    with Library.restore(folder, tmp_path / "again") as restored:
        assert restored.session(LOCAL).digests() == library.session(LOCAL).digests()
    assert "没有写文件夹的完整地址" in send(client, "/manage/preserve", folder="长期").text


def test_a_rehearsal_counts_what_can_be_read(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    session = library.session(LOCAL)
    session.upkeep.purging.purge(["1"], "依规定")
    file = tmp_path / "甲.zip"
    session.upkeep.backups.make(file)
    page = send(client, "/manage/rehearsal", path=str(file)).text
    assert counted(page) == {
        "备份里的文章": 2, "现在资料库里的文章": 2, "文字与现在一样": 2, "备份以后改过": 0, "备份以后收入": 0,
    }  # fmt: skip
    assert len(session.listing()) == 2
    assert "请再备份一次" not in page
    session.withdraw("3", "试")
    page = send(client, "/manage/rehearsal", path=str(file)).text
    assert counted(page)["备份以后撤下或清除"] == 1
    assert (counted(page)["现在资料库里的文章"], counted(page)["文字与现在一样"]) == (1, 1)
    assert "只在备份里有" not in page and "请再备份一次" in page


def counted(page: str) -> dict[str, int]:
    return {row: int(count) for row, count in re.findall(r'<th scope="row">([^<]+)</th><td>(\d+) 篇', page)}


def test_a_check_tells_what_is_wrong_without_commands(client: FlaskClient, library: Library) -> None:
    assert "没有发现问题" in send(client, "/manage/check").text
    original = next(file for file in (library.root / "originals").rglob("*") if file.is_file())
    original.chmod(0o644)
    original.write_bytes(b"spoilt")
    page = send(client, "/manage/check").text
    assert "发现 1 个问题" in page
    assert "校验码不符" in page
    assert "wenshi " not in page


def test_no_page_sends_anybody_to_a_terminal(client: FlaskClient) -> None:
    manage = ("", "/collections", "/collections/a", "/periods", "/wording", "/changes")
    others = (
        "/names",
        "/names/new",
        "/names/import",
        "/jobs",
        "/imports",
        "/imports/1",
        "/intake",
        "/collections",
        "/books",
    )
    for address in (*(f"/manage{each}" for each in manage), *others):
        page = client.get(address)
        assert page.status_code == 200, address
        for word in ("wenshi ", "命令行", "MiB", "首块"):
            assert word not in page.text, address
