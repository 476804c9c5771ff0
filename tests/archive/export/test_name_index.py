"""Indexes of names: what stands in them, where the names occur."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.authority import Name, NameKind
from archive.export.book import Heading, Index, Meant
from archive.export.name_index import NameMarker, make_indexes, pages


def marker(*names, places=()):
    people = Index("人名索引", tuple(Heading(name, (name,)) for name in names))
    return NameMarker([people, Index("地名索引", tuple(Heading(name, (name,)) for name in places))])


def found(marker, text):
    return [(text[mark.start : mark.end], mark.index, mark.heading) for mark in marker.marks(text)]


def test_every_place_in_order():
    text = "张三来了，李四走了，张三也走了。"
    assert found(marker("李四", "张三"), text) == [("张三", 0, 1), ("李四", 0, 0), ("张三", 0, 1)]


def test_padding_and_variants_do_not_matter():
    text = "張　三、张 三和欧阳　修"
    names = marker("张三", "欧阳修")
    assert found(names, text) == [("張　三", 0, 0), ("张 三", 0, 0), ("欧阳　修", 0, 1)]
    assert found(marker("張學良"), "张学良") == [("张学良", 0, 0)]


def test_a_space_between_two_words_does_not_make_a_name():
    assert found(marker("李红军"), "李红 军人、李 红 军") == [("李 红 军", 0, 0)]


def test_the_longest_name_wins_over_all_indexes():
    assert found(marker("孙中山", places=["中山", "沙坡", "沙坡头"]), "孙中山到中山，沙坡头在沙坡") == [
        ("孙中山", 0, 0),
        ("中山", 1, 0),
        ("沙坡头", 1, 2),
        ("沙坡", 1, 1),
    ]


def test_a_form_of_two_people_is_marked_for_both():
    index = Index("人名索引", (Heading("甲某", ("甲某", "老张")), Heading("乙某", ("乙某", "老张"))))
    assert [(mark.start, mark.end, mark.heading) for mark in NameMarker([index]).marks("老张说")] == [
        (0, 2, 0),
        (0, 2, 1),
    ]


def test_names_of_one_character_are_not_looked_for():
    assert found(marker("张", "　李　"), "张三李四") == []


def test_latin_names_are_whole_words():
    assert found(marker("Snow"), "Snow和snow、Snowden与Edgar Snow") == [("Snow", 0, 0), ("snow", 0, 0), ("Snow", 0, 0)]


def test_without_names_nothing_is_found():
    assert NameMarker([]).marks("张三") == ()
    assert marker().marks("张三") == ()


@given(
    st.lists(st.text("张三李四王 a", min_size=2, max_size=4), max_size=6),
    st.text("张三李四王　 a。", max_size=40),
)
def test_marks_never_overlap_and_spell_their_name(names, text):
    marks = marker(*names).marks(text)
    spans = sorted({(mark.start, mark.end) for mark in marks})
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for mark in marks:
        assert "".join(text[mark.start : mark.end].split()) == "".join(names[mark.heading].split())


def person(preferred, *aliases):
    return Name(NameKind.PERSON, preferred, aliases)


def place(preferred, *aliases):
    return Name(NameKind.PLACE, preferred, aliases)


def test_only_names_that_occur_stand_in_an_index():
    names = [person("张学良"), person("杨虎城"), place("六安")]
    assert make_indexes(names, ["张学良在西安。"]) == (Index("人名索引", (Heading("张学良", ("张学良",), "Z"),)),)
    assert make_indexes([], ["张学良在西安。"]) == ()


def test_an_alias_that_occurs_leads_to_the_preferred_name():
    (index,) = make_indexes([person("张学良", "少帅", "汉卿"), person("单演义")], ["少　帅来了", "單演義說"])
    assert index.headings == (
        Heading("单演义", ("单演义",), "S"),
        Heading("少帅", (), "S", see="张学良"),
        Heading("张学良", ("张学良", "少帅", "汉卿"), "Z"),
    )


def test_an_alias_that_is_somebodys_name_belongs_to_them():
    (index,) = make_indexes([person("张三丰", "张三"), person("张三")], ["张三"])
    assert [(heading.name, heading.forms) for heading in index.headings] == [("张三", ("张三",))]


def test_bearers_of_one_name_share_a_heading():
    (index,) = make_indexes([person("张三", "老张"), person("張三", "张公")], ["张公"])
    assert [heading.forms for heading in index.headings if not heading.see] == [("张三", "老张", "张公")]


def test_each_kind_has_its_index_and_its_readings():
    names = [place("六安"), person("单国强"), place("厦门"), person("万俟卨"), Name(NameKind.BODY, "重庆市政协")]
    texts = ["单国强与万俟卨从厦门到六安", "重庆市政协"]
    found = make_indexes(names, texts, kinds=[NameKind.PERSON, NameKind.PLACE, NameKind.BODY])
    assert [(index.title, [(each.group, each.name) for each in index.headings]) for index in found] == [
        ("人名索引", [("M", "万俟卨"), ("S", "单国强")]),
        ("地名索引", [("L", "六安"), ("X", "厦门")]),
        ("机构索引", [("C", "重庆市政协")]),
    ]


def test_a_name_that_only_stands_in_longer_ones_has_no_heading():
    (index,) = make_indexes([person("孙中山"), place("中山")], ["孙中山先生"])
    assert index.title == "人名索引"


def test_by_strokes():
    names = [person(name) for name in ("曾国藩", "马鸿逵", "丁一", "张三")]
    (index,) = make_indexes(names, ["曾国藩马鸿逵丁一张三"], order="stroke")
    assert [(heading.group, heading.name) for heading in index.headings] == [
        ("二画", "丁一"), ("三画", "马鸿逵"), ("七画", "张三"), ("十二画", "曾国藩"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "printed"),
    [([3, 5, 6, 7, 12, 3], "3，5—7，12"), ([6, 5], "5，6"), ([], ""), ([1], "1"), ([1, 2, 3, 4], "1—4")],
)
def test_page_numbers(numbers, printed):
    assert pages(numbers) == printed


OLD, YOUNG = Name(NameKind.PERSON, "李明", (), "1890—1950", "", 1), Name(NameKind.PERSON, "李明", ("小李",), "", "", 2)
TWO = ["李明修渠。", "李明教书，小李也是他。", "李明来了。", "何以知是哪个李明？"]


def test_those_of_one_name_have_a_line_each_where_it_was_decided() -> None:
    meant: Meant = {TWO[0]: {(0, 2): (1,)}, TWO[1]: {(0, 2): (2,)}, TWO[3]: {(6, 8): ()}}
    (index,) = make_indexes([OLD, YOUNG], TWO, kinds=[NameKind.PERSON], meant=meant)
    assert {one.name for one in index.headings} == {"李明", "李明（1890—1950）", "李明（编号 2）", "小李"}
    assert next(one.see for one in index.headings if one.name == "小李") == "李明（编号 2）"
    marker = NameMarker([index])
    named = {
        text: [index.headings[mark.heading].name for mark in marker.marks(text)] for text in [*TWO, "别处又有李明。"]
    }
    assert named == {
        TWO[0]: ["李明（1890—1950）"],
        TWO[1]: ["李明（编号 2）", "李明（编号 2）"],
        TWO[2]: ["李明"],
        TWO[3]: ["李明"],
        "别处又有李明。": ["李明"],
    }


def test_those_of_one_name_share_a_line_where_nothing_was_decided() -> None:
    (index,) = make_indexes([OLD, YOUNG], TWO, kinds=[NameKind.PERSON])
    assert [(one.name, one.see) for one in index.headings] == [("李明", ""), ("小李", "李明")]


def test_who_is_meant_by_no_name_of_the_index_has_no_place_in_it() -> None:
    meant: Meant = {TWO[0]: {(0, 2): (9,)}, TWO[2]: {(0, 2): (1, 2)}}
    (index,) = make_indexes([OLD, YOUNG], TWO, kinds=[NameKind.PERSON], meant=meant)
    marker = NameMarker([index])
    assert marker.marks(TWO[0]) == ()
    assert len(marker.marks(TWO[2])) == 2  # either of the two
