"""What a copyright page lacks is named, by the kind of the book."""

from __future__ import annotations

from archive.books.imprint import FIELDS, FREE, INTERNAL, PUBLISHED, kind_of, missing, template

INTERNAL_PAGE = (
    "书　　名：朔津文史资料第二十三辑",
    "准印证号：宁新出管（2026）字第 12 号",
    "编印单位：朔津县政协文史委",
    "发送对象：县政协委员",
    "印刷单位：朔津印刷厂",
    "印刷日期：2026年5月",
    "印　　数：1000册",
    "开　　本：185×260毫米",
    "印　　张：35.75",
    "字　　数：760千字",
    FREE,
)


def test_a_whole_internal_page_lacks_nothing() -> None:
    assert kind_of(INTERNAL_PAGE) == INTERNAL
    assert list(missing(INTERNAL_PAGE)) == []


def test_what_has_no_words_is_missing() -> None:
    assert list(missing([line.replace("1000册", "　　册") for line in INTERNAL_PAGE[:-1]])) == ["印数", FREE]


def test_a_published_book_needs_its_numbers() -> None:
    page = ["书名：河湾旧事", "主编：李文", "出版：某某出版社", "版次：2026年5月第1版　2026年5月第1次印刷"]
    assert kind_of(page) == PUBLISHED
    lacking = list(missing(page))
    assert {"责任编辑", "印张", "书号", "定价", "图书在版编目（CIP）数据"} <= set(lacking)
    assert not {"书名", "编著者", "出版", "版次", "印次"} & set(lacking)


def test_an_empty_page_is_not_asked_for() -> None:
    assert list(missing([])) == []


def test_a_template_has_every_line_and_lacks_what_is_not_known() -> None:
    for kind, names in FIELDS.items():
        lines = template(kind, {"书名": "河湾旧事"}).split("\n")
        assert kind_of(lines) == kind and lines[0] == "书名：河湾旧事"
        assert set(missing(lines)) == set(names) - {"书名", FREE, "图书在版编目（CIP）数据"}
