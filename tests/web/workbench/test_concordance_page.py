"""The concordance in the browser: what is shown is what is handed out, and every step is an address."""

from __future__ import annotations

import csv
import html
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlencode

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.workbench import remembered
from web.app import create_app
from web.workbench import concordance_page

TEXTS = ("老水车转。新水车也转。", "水车停了，水车旧了。", "没有的。")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with Library.create(tmp_path / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "河湾文史"))
        file = tmp_path / "a.txt"
        file.write_text("稿", encoding="utf-8")
        blocks = [(Block.plain(Kind.TITLE, text[:3]), Block.plain(Kind.PARAGRAPH, text)) for text in TEXTS]
        session.add(file, file.name, [Article(collection="c", number=n, blocks=b) for n, b in enumerate(blocks)], ())
        yield create_app(library).test_client()


def page(client: FlaskClient, path: str, *pairs: tuple[str, str]) -> str:
    answer = client.get(f"{path}?{urlencode(pairs)}" if pairs else path, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def count(text: str) -> int:
    found = re.search(r"<b>(\d+)</b> 处", text)
    assert found
    return int(found[1])


def lines(text: str) -> list[str]:
    cells = re.findall(r'<td class="(?:left|hit|right)"[^>]*>(.*?)</td>', text)
    plain = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
    return ["".join(plain[at : at + 3]) for at in range(0, len(plain), 3)]


def test_all_places_are_rows(client: FlaskClient) -> None:
    text = page(client, "/concordance", ("q", "水车"))
    assert count(text) == 6 == len(lines(text))
    assert "，在 <b>2</b> 篇里" in text
    assert "/concordance?q=" in page(client, "/", ("q", "水车"))


def test_steps_come_from_the_form_and_can_be_changed_and_taken_away(client: FlaskClient) -> None:
    form = [("q", "水车"), ("kind", "within"), ("side", "right"), ("reach", "3"), ("wanted", "1"), ("text", "转")]
    text = page(client, "/concordance/step", *form)
    assert count(text) == 2
    assert "后 3 字内有“转”" in text
    text = page(
        client, "/concordance/step", ("step", "right3:转"), *form[:4], ("wanted", "0"), ("text", "转"), ("instead", "0")
    )
    assert count(text) == 4 and "后 3 字内没有“转”" in text
    away = re.search(r'href="([^"]+)">去掉', text)
    assert away and count(page(client, away[1])) == 6


@pytest.mark.parametrize(
    "pairs",
    [
        [("q", "水车"), ("step", "left99:x")],
        [("q", "水车"), ("key", "nothing")],
        [("q", "水车"), ("order", "nothing")],
        [("q", "水车"), ("page", "0")],
    ],
)
def test_a_bad_address_is_told_in_words(client: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    answer = client.get(f"/concordance?{urlencode(pairs)}")
    assert answer.status_code == 400
    assert re.search(r"[一-龥]{4}", answer.text)


@pytest.mark.parametrize(("kind", "text"), [("within", ""), ("within", "，"), ("sample", "")])
def test_an_empty_form_is_told_in_words(client: FlaskClient, kind: str, text: str) -> None:
    given = {"q": "水车", "kind": kind, "side": "right", "reach": "5", "text": text, "size": text}
    answer = client.get(f"/concordance/step?{urlencode(given)}")
    assert answer.status_code == 400


def test_files_have_what_the_page_shows(client: FlaskClient) -> None:
    pairs = [("q", "水车"), ("step", "right5:转"), ("key", "-left1")]
    shown = lines(page(client, "/concordance", *pairs))
    assert len(shown) == 2
    table = client.get(f"/concordance.csv?{urlencode(pairs)}")
    rows = list(csv.reader(io.StringIO(table.get_data().decode("utf-8-sig"))))
    header = next(number for number, row in enumerate(rows) if row[:1] == ["序号"])
    assert ["第 1 步", "后 5 字内有“转”"] in rows[:header] and ["行数", "2"] in rows[:header]
    assert ["".join(row[1:4]) for row in rows[header + 1 :]] == shown
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/concordance.xlsx?{urlencode(pairs)}").data))
    cells = [[cell or "" for cell in row] for row in book["逐处"].iter_rows(values_only=True)]
    assert ["".join(map(str, row[1:4])) for row in cells[1:]] == shown
    word = docx.Document(io.BytesIO(client.get(f"/concordance.docx?{urlencode(pairs)}").data))
    assert ["".join(cell.text for cell in row.cells[1:4]) for row in word.tables[0].rows[1:]] == shown


def test_chosen_columns_are_those_of_the_page_and_of_files(client: FlaskClient) -> None:
    columns = ("hit", "left", "authors", "number", "collection")
    pairs = [("q", "水车"), ("key", "-left1"), *(("column", name) for name in columns)]
    labels = ["命中", "左文", "署名", "序号", "文集"]
    text = page(client, "/concordance", *pairs)
    assert re.findall(r"<th(?: [^>]*)?>(.*?)</th>", text) == labels
    table = client.get(f"/concordance.csv?{urlencode(pairs)}").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    of_csv = rows[rows.index(labels) :]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/concordance.xlsx?{urlencode(pairs)}").data))
    assert [[cell or "" for cell in row] for row in book["逐处"].iter_rows(values_only=True)] == of_csv
    word = docx.Document(io.BytesIO(client.get(f"/concordance.docx?{urlencode(pairs)}").data))
    assert [[cell.text for cell in row.cells] for row in word.tables[0].rows] == of_csv
    body = re.findall(r"<tr id.*?</tr>", text, re.DOTALL)
    shown = [re.sub(r"<[^>]+>", "", "|".join(re.findall(r"<td.*?</td>", row, re.DOTALL))).split("|") for row in body]
    assert shown == of_csv[1:]
    assert count(page(client, "/concordance", *pairs, ("step", "first"))) == 2  # and go on through every step


def test_columns_are_moved_dropped_and_added_by_links(client: FlaskClient) -> None:
    def heads(text: str) -> list[str]:
        return re.findall(r"<th(?: [^>]*)?>(.*?)</th>", text)

    def follow(text: str, said: str, name: str) -> str:
        found = re.search(rf'<a href="([^"#]+)#picking">{said}<span class="unseen">“{name}”', text)
        assert found, said
        return page(client, found[1])

    first = page(client, "/concordance", ("q", "水车"))
    usual = heads(first)
    text = follow(first, "前移", "篇名")
    assert heads(text) == [*usual[:3], "篇名", "右文", *usual[5:]] and '<details class="picking" open' in text
    assert heads(follow(text, "后移", "篇名")) == usual
    text = follow(follow(text, "不要", "署名"), "页码", "页码")
    assert "署名" not in heads(text) and heads(text)[-1] == "页码"
    back = re.search(r'<a href="([^"#]+)#picking">恢复原来的列', text)
    assert back and heads(page(client, back[1])) == usual
    assert client.get("/concordance?q=水车&column=没有").status_code == 400


def test_many_rows_are_a_job_and_the_same_file(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = f"/concordance.xlsx?{urlencode([('q', '水车'), ('key', 'right1'), ('column', 'hit')])}"
    at_once = client.get(asked)
    again = client.get(asked)
    assert at_once.data == again.data  # the same question of the same library gives the same bytes
    monkeypatch.setattr(concordance_page, "_AT_ONCE", 1)
    address, end = client.get(asked).headers["Location"], time.monotonic() + 60
    while "data-job=" in (answer := client.get(address, follow_redirects=True)).text and time.monotonic() < end:
        time.sleep(0.05)
    assert "共 6 处" in answer.text and "回到逐处" in answer.text
    file = client.get(f"{answer.request.path}/file")
    assert file.headers["Content-Disposition"] == at_once.headers["Content-Disposition"]
    assert file.data == at_once.data


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".docx"])
def test_a_file_asked_for_again_has_the_same_bytes(client: FlaskClient, suffix: str) -> None:
    asked = f"/concordance{suffix}?{urlencode([('q', '水车'), ('step', 'right5:转')])}"
    assert client.get(asked).data == client.get(asked).data


def test_cells_of_groups_open_what_they_count(client: FlaskClient) -> None:
    text = page(client, "/concordance/groups", ("q", "水车"), ("by", "right1"), ("by", "collection"))
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    links = re.findall(r'<td><a href="([^"]+)">(\d+)</a></td>', body)
    assert sum(int(number) for _, number in links) == 6
    for url, number in links:
        assert count(page(client, url)) == int(number), unquote(url)
    assert "河湾文史" in text


def test_a_count_that_goes_on_is_told_and_ends(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concordance_page, "_PATIENCE", 0)
    monkeypatch.setattr(remembered, "AT_A_TIME", 1)
    first = page(client, "/concordance", ("q", "水车"))
    assert "data-counting" in first and "2 篇里数到第 1 篇" in first
    assert count(first) == 3 == len(lines(first))
    whole = page(client, "/concordance", ("q", "水车"))
    assert "data-counting" not in whole
    assert count(whole) == 6


def test_groups_and_files_wait_until_the_count_is_whole(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concordance_page, "_PATIENCE", 0)
    monkeypatch.setattr(remembered, "AT_A_TIME", 1)
    page(client, "/concordance", ("q", "水车"))
    text = page(client, "/concordance/groups", ("q", "水车"), ("by", "right1"))
    assert '<th scope="row">合计</th><td>6</td>' in text


def test_stripes_are_the_places_and_lead_to_their_rows(client: FlaskClient) -> None:
    text = page(client, "/concordance/volumes", ("q", "水车"))
    stripes = re.findall(r'<a href="([^"]+)" tabindex="-1"><title>(\d+) 处</title>', text)
    cells = re.findall(r'<td><a href="([^"]+)">(\d+)<span', text)
    assert sum(int(number) for _, number in stripes) == sum(int(number) for _, number in cells) == 6
    for url, _ in (*stripes, *cells):
        address, _, row = url.partition("#")
        assert f'id="{row}"' in page(client, address)
    table = client.get("/concordance/volumes.csv?q=水车").get_data().decode("utf-8-sig")
    cell = next(row for row in csv.reader(io.StringIO(table)) if row[:1] == ["河湾文史"])
    assert cell[2:5] == ["6", "2", "3"] and sum(map(int, cell[6:])) == 6


def test_a_row_opens_a_quotation_of_its_sentence(client: FlaskClient) -> None:
    text = page(client, "/concordance", ("q", "水车"))
    quotes = re.findall(r'class="quote" href="([^"]+)"', text)
    assert len(quotes) == 6
    assert "“新水车也转。”" in page(client, quotes[2])


def test_a_label_is_put_and_taken_off(client: FlaskClient) -> None:
    text = page(client, "/concordance", ("q", "水车"))
    token = re.search(r'name="token" value="([^"]+)"', text)
    mark = re.search(r'name="mark" value="([^"]+:待查)"', text)
    assert token and mark
    for given, labelled in ((mark[1], 1), (mark[1].removesuffix("待查"), 0)):
        answer = client.post(
            "/concordance/label?q=水车", data={"token": token[1], "mark": given}, follow_redirects=True
        )
        assert answer.status_code == 200
        assert count(page(client, "/concordance", ("q", "水车"), ("step", "is:label:待查"))) == labelled
    for forged in ("", "1", "1:1,2:待查", "1:1,2,x:待查", "1:99,0,2:待查", "9:1,0,2:待查", "1:1,0,2:别的"):
        answer = client.post("/concordance/label?q=水车", data={"token": token[1], "mark": forged})
        assert answer.status_code in (400, 404), forged


def test_a_collocate_opens_its_places(client: FlaskClient) -> None:
    pairs = [("q", "水车"), ("unit", "right1"), ("least", "1"), ("articles", "1")]
    text = page(client, "/concordance/collocates", *pairs)
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">(.)</a></th><td>(\d+)</td>', text)
    assert {value for _, value, _ in rows} >= {"转", "也", "停", "旧"}
    for url, _, number in rows:
        assert count(page(client, url)) == int(number)
    words = page(client, "/concordance/collocates", ("q", "水车"), ("unit", "word"), ("least", "1"), ("articles", "1"))
    for url in re.findall(r'<th scope="row"><a href="([^"]+)">', words):
        assert count(page(client, url)) >= 2
    table = client.get(f"/concordance/collocates.csv?{urlencode(pairs)}").get_data().decode("utf-8-sig")
    assert "紧挨着的后 1 字" in table and "同现处数" in table
    assert client.get("/concordance/collocates?q=水车&unit=right9").status_code == 400


def test_cells_of_a_list_open_their_places(client: FlaskClient) -> None:
    names = "\n".join(["水车", "新水车", *(f"没有的名称{number}" for number in range(100))])
    text = page(client, "/terms", ("terms", names), ("by", "collection"))
    assert text.count('<th scope="row">') == 102
    links = re.findall(r'<td><a href="([^"]+)">(\d+)</a></td>', text)
    assert [int(number) for _, number in links] == [5, 5, 1, 1]
    for url, number in links:
        assert count(page(client, url)) == int(number)
    table = (
        client.get(f"/terms.csv?{urlencode([('terms', names), ('by', 'collection')])}").get_data().decode("utf-8-sig")
    )
    assert ["水车", "水车", "6", "5", "2", "5"] in list(csv.reader(io.StringIO(table)))
    assert client.get("/terms?by=nothing").status_code == 400
