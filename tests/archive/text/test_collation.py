"""The order of names: by pinyin and by strokes."""

from __future__ import annotations

import random
import re
from importlib.resources import files

import pytest

from archive.text.collation import initial, is_compound_surname, pinyin_key, readings, stroke_key, stroke_label, strokes


def in_order(names, key):
    mixed = list(names)
    random.Random(3).shuffle(mixed)
    return sorted(mixed, key=key)


def test_pinyin_letters_then_tone_then_strokes():
    names = ["路遥", "吕布", "栾书", "马福祥", "马鸿逵", "王五", "张三", "张学良", "章士钊"]
    assert in_order(names, pinyin_key) == names
    assert in_order(["翠", "脆", "催"], pinyin_key) == ["催", "脆", "翠"]


def test_the_first_character_decides_before_the_second():
    names = ["李一", "李自成", "理国", "力学"]
    assert in_order(names, pinyin_key) == names


def test_u_umlaut_goes_with_u():
    names = ["卢", "吕", "栾", "略", "伦"]
    assert in_order(names, pinyin_key) == names


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("单国强", "S"), ("曾国藩", "Z"), ("解缙", "X"), ("仇英", "Q"), ("区大相", "O"), ("查良镛", "Z"), ("朴正", "P"),
        ("盖叫天", "G"), ("翟方进", "Z"), ("尉迟恭", "Y"), ("万俟卨", "M"), ("长孙无忌", "Z"), ("万里", "W"), 
        ("單士釐", "S"), ("欧阳修", "O"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name, letter):
    assert initial(name, "人名") == letter


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("厦门", "xia4 men2"), ("六安", "lu4 an1"), ("蚌埠市", "beng4 bu4 shi4"), ("重庆", "chong2 qing4"),
        ("乐清", "yue4 qing1"), ("丽水", "li2 shui3"), ("长沙", "chang2 sha1"), ("六盘山", "liu4 pan2 shan1"),
    ],
)  # fmt: skip
def test_places_are_read_as_places(name, said):
    assert " ".join(readings(name, "地名")) == said


def test_only_the_kind_asked_for_changes_a_reading():
    assert readings("单县", "人名")[0] == readings("单县", "地名")[0] == "shan4"
    assert readings("单独") == ("dan1", "du2")
    assert readings("小单", "人名")[1] == "dan1"


def test_rare_and_traditional_characters_have_a_place():
    assert readings("𬭎㙍𠮷張") == ("hong2", "duo1", "ji2", "zhang1")
    assert strokes("𠮷") == 6
    assert in_order(["张", "張"], pinyin_key) == ["张", "張"]


def test_what_has_no_reading_comes_last():
    names = ["阿明", "Edgar Snow", "额尔德尼", "卓一", "1958", "№", "\ue123"]
    assert in_order(names, pinyin_key)[:4] == names[:4]
    assert [initial(name) for name in names] == ["A", "E", "E", "Z", "#", "#", "#"]


def test_marks_and_spaces_do_not_count():
    assert pinyin_key("《宁夏日报》") == pinyin_key("宁夏日报") == pinyin_key("宁　夏日报")
    assert initial("《宁夏日报》") == "N"


def test_strokes_by_number_then_shape():
    names = ["丁一", "卜", "刁", "万里", "马鸿逵", "王五", "卢俊义", "白崇禧", "吕布", "张三", "曾国藩"]
    assert in_order(names, stroke_key) == names
    six = "刑动寺吉扣考托老执"  # 横横, then 横竖: as 通用规范汉字表 has them
    assert in_order(six, stroke_key) == list(six)


def test_stroke_counts_are_those_of_the_mainland():
    counted = {"一": 1, "丁": 2, "万": 3, "马": 3, "馬": 10, "张": 7, "張": 11, "䜣": 6, "鬼": 9, "爨": 30, "龘": 48}
    assert {char: strokes(char) for char in counted} == counted
    assert strokes("a") == 0


def test_stroke_labels():
    names = ("丁一", "万里", "席", "曾国藩", "瞿", "鑫", "爨", "Snow", "……")
    labels = ["二画", "三画", "十画", "十二画", "十八画", "二十四画", "三十画", "其他", "其他"]
    assert [stroke_label(name) for name in names] == labels


def test_compound_surnames():
    assert is_compound_surname("欧阳")
    assert not is_compound_surname("单")
    assert not is_compound_surname("建国")


def test_the_same_order_on_every_run_whatever_came_first():
    names = ["张三", "張三", "张山", "章三", "张　三", "3", "三"]
    assert in_order(names[:4], pinyin_key) == sorted(names[:4], key=pinyin_key)
    assert len({pinyin_key(name) for name in names}) == len(names) - 1


def test_every_special_reading_fits_its_text():
    text = files("archive.text").joinpath("data/readings.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert len({(sort, written) for sort, written, _ in rows}) == len(rows)
    for sort, written, said in rows:
        assert sort in ("通", "姓", "复姓", "地名")
        assert len(said.split()) == len(written) == (len(written) if sort in ("复姓", "地名") else 1)
        assert all(re.fullmatch("[a-zü]+[1-5]", syllable) for syllable in said.split()), written


@pytest.mark.parametrize("table", ["pinyin", "strokes"])
def test_no_character_stands_twice(table):
    text = files("archive.text").joinpath(f"data/{table}.tsv").read_text(encoding="utf-8")
    characters = "".join(line.split("\t")[1] for line in text.splitlines() if not line.startswith("#"))
    assert len(set(characters)) == len(characters) > 40_000
