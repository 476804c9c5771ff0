"""JSON Lines records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.model.errors import ReadError
from archive.model.records import Collection, Kind, Person, Precision, Role, Style
from ingest.readers.json_records import Records, read
from ingest.readers.registry import is_records
from ingest.text.characters import stored_characters, visible

HERE = Collection("jl", "记录", volume="第一辑")


def took(folder: Path, *records: object, raw: str = "", own: bool = True) -> Records:
    file = folder / "记录.jsonl"
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    file.write_text("\n".join([*lines, raw]), encoding="utf-8")
    found = read(file, file.name, HERE, own_collections=own)
    stored = stored_characters(block for article in found.articles for block in article.blocks)
    assert found.characters_in == stored + sum(issue.characters for issue in found.issues)
    return found


def test_a_record_becomes_a_draft(tmp_path: Path) -> None:
    record = {
        "id": "v1-002", "title": "狗·猫·鼠", "author": "鲁迅", "date": "1926-02-21", "text": "第一段\n\n　　第二段",
        "section": "回忆", "source": "朝花夕拾", "volume": "第二辑", "licence": "公有领域", "rows": [1, "二"],
        "none": None,
    }  # fmt: skip
    article = took(tmp_path, record).articles[0]
    assert article.id == "v1-002"
    assert [(block.kind, block.text) for block in article.blocks] == [
        (Kind.TITLE, "狗·猫·鼠"), (Kind.PARAGRAPH, "第一段"), (Kind.PARAGRAPH, "第二段"),
    ]  # fmt: skip
    assert article.people == (Person("鲁迅"),)
    assert article.date is not None
    assert article.date.precision is Precision.DAY
    assert (article.collection, article.section, article.source, article.volume) == ("jl", "回忆", "朝花夕拾", "第二辑")
    assert article.fields == (("licence", "公有领域"), ("rows", '[1, "二"]'))


def test_own_collection_unless_the_user_named_one(tmp_path: Path) -> None:
    record = {"id": "a", "text": "文", "collection": "另一集"}
    assert took(tmp_path, record).articles[0].collection == "另一集"
    assert took(tmp_path, record, own=False).articles[0].collection == "jl"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "b", "text": "断', "不是完整的 JSON"),
        ("[1, 2]", "不是 JSON 对象"),
        ('{"id": "b"}', "缺少 text"),
        ('{"id": "b", "text": 3}', "缺少 text"),
        ('{"id": ["b"], "text": "文"}', "id 不是文字"),
        ('{"id": "b", "title": " ", "text": " "}', "都是空的"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path, line: str, reason: str) -> None:
    found = took(tmp_path, {"id": "a", "text": "甲"}, raw=f"{line}\n" + '{"id": "c", "text": "丙"}')
    assert [article.id for article in found.articles] == ["a", "c"]
    issue = next(issue for issue in found.issues if issue.code == "bad-record")
    assert (issue.place, issue.characters) == ("第 2 行", visible(line))
    assert reason in issue.message


def test_no_record_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="没有一行"):
        took(tmp_path, raw="{broken")


def test_title_is_made_where_there_is_none(tmp_path: Path) -> None:
    title = took(tmp_path, {"id": "a", "text": "正月，黄河水涨。\n下文"}).articles[0].blocks[0]
    assert (title.text, title.runs[0].style) == ("正月，黄河水涨。", Style.GENERATED)


def test_author_wordings(tmp_path: Path) -> None:
    found = took(
        tmp_path,
        {"id": "a", "text": "文", "author": "马德山口述　李文秀整理"},
        {"id": "b", "text": "文", "author": "（清）許容等監修，李迪等編纂"},
    )
    first, second = found.articles
    assert first.people == (Person("马德山", Role.NARRATOR), Person("李文秀", Role.RECORDER))
    assert first.fields == (("author", "马德山口述　李文秀整理"),)
    assert second.people == (Person("（清）許容等監修，李迪等編纂"),)


def test_date_that_is_not_understood_is_kept(tmp_path: Path) -> None:
    found = took(tmp_path, {"id": "a", "text": "文", "date": "说不清"})
    assert found.articles[0].fields == (("date", "说不清"),)
    assert [issue.code for issue in found.issues] == ["record-date"]


@pytest.mark.parametrize(("date", "precision"), [("1736", "year"), ("0881", "year"), ("1958-03", "month")])
def test_iso_dates(tmp_path: Path, date: str, precision: str) -> None:
    period = took(tmp_path, {"id": "a", "text": "文", "date": date}).articles[0].date
    assert period is not None
    assert period.precision == precision


def test_repeated_id_is_reported(tmp_path: Path) -> None:
    found = took(tmp_path, {"id": "a", "text": "甲"}, {"id": "a", "text": "乙"})
    assert [(issue.code, issue.place) for issue in found.issues] == [("duplicate-id", "第 2 行")]


def test_short_record_is_unwrapped_by_the_width_of_its_group(tmp_path: Path) -> None:
    long = "\n".join(["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"] * 12 + ["末"])
    short = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往\n秋收"
    found = took(
        tmp_path,
        {"id": "a", "text": long, "author": "许容"},
        {"id": "b", "text": short, "author": "许容"},
        {"id": "c", "text": short, "author": "别人"},
    )
    assert [len(article.blocks) for article in found.articles] == [2, 2, 3]


def test_control_characters_in_escapes(tmp_path: Path) -> None:
    found = took(tmp_path, {"id": "a", "title": "题\0", "text": "甲\x01乙"})
    assert found.articles[0].blocks[0].text == "题"
    assert [issue.characters for issue in found.issues] == [1, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\n{"id": "a", "text": "文"}\n', True),
        ('\ufeff{"title": "a", "text": "文"}', True),
        ('{"a": 1}', False),
        ("{不是", False),
        ("正文", False),
        ("", False),
    ],
)
def test_recognised_by_content(tmp_path: Path, text: str, expected: bool) -> None:
    file = tmp_path / "x"
    file.write_text(text, encoding="utf-8")
    assert is_records(file) is expected
