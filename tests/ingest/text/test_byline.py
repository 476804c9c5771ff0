"""The author line."""

from __future__ import annotations

import pytest

from archive.model.records import Person, Role
from ingest.text.byline import parse_byline

A, N, R, S, E, T = Role.AUTHOR, Role.NARRATOR, Role.RECORDER, Role.SUPPLIER, Role.EDITOR, Role.TRANSLATOR


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("张　三", [("张三", A)]),
        ("赵 玉 珍", [("赵玉珍", A)]),
        ("　　欧阳 修　", [("欧阳修", A)]),
        ("（李文秀）", [("李文秀", A)]),
        ("张三　李四", [("张三", A), ("李四", A)]),
        ("张 三　李 四", [("张三", A), ("李四", A)]),
        ("贺兆丰　贺　敏", [("贺兆丰", A), ("贺敏", A)]),
        ("林徽因、梁思成", [("林徽因", A), ("梁思成", A)]),
        ("张建国 和 李秀英", [("张建国", A), ("李秀英", A)]),
        ("作者：张三", [("张三", A)]),
        ("作　者：张三", [("张三", A)]),
        ("文/王小明", [("王小明", A)]),
        ("张三等", [("张三", A)]),
        ("买买提·艾力", [("买买提·艾力", A)]),
        ("马德山（口述）　李文秀（整理）", [("马德山", N), ("李文秀", R)]),
        ("马德山口述　李文秀整理", [("马德山", N), ("李文秀", R)]),
        ("马德山　口述　李文秀　整理", [("马德山", N), ("李文秀", R)]),
        ("哈生福　口述　张　砚　整理", [("哈生福", N), ("张砚", R)]),
        ("口述：马德山　整理：李文秀", [("马德山", N), ("李文秀", R)]),
        ("口述：马德山、田茂林 整理：李文秀", [("马德山", N), ("田茂林", N), ("李文秀", R)]),
        ("田茂林、石敬尧　整理", [("田茂林", R), ("石敬尧", R)]),
        ("李文秀　搜集整理", [("李文秀", R)]),
        ("王小明 译", [("王小明", T)]),
        ("县政协文史委员会供稿", [("县政协文史委员会", S)]),
        ("政协朔津县委员会文化文史和学习委员会", [("政协朔津县委员会文化文史和学习委员会", A)]),
        ("国务院第12次常务会议", [("国务院第12次常务会议", A)]),
        ("彭水苗族土家族自治县第十六届人民代表大会", [("彭水苗族土家族自治县第十六届人民代表大会", A)]),
        ("张三（县政协原副主席）", [("张三", A)]),
        ("张三（女）　李　四（回族）", [("张三", A), ("李四", A)]),
        ("赵长河（遗信）　赵　宁　供稿", [("赵长河", A), ("赵宁", S)]),
        ("赵长河（遗信）　赵　宁 供稿", [("赵长河", A), ("赵宁", S)]),
        ("徐弘祖（徐霞客）", [("徐弘祖（徐霞客）", A)]),
        ("张　恨　水", [("张恨水", A)]),
        ("蒋 义 文", [("蒋义文", A)]),
        ("崔 林 英口述　薛　文　庆整理", [("崔林英", N), ("薛文庆", R)]),
        ("王　强 编", [("王强", E)]),
        ("◎ 鲁迅", [("鲁迅", A)]),
        ("□林徽因　梁思成", [("林徽因", A), ("梁思成", A)]),
        ("本刊记者　张三", [("张三", A)]),
        ("撰文　张三　摄影　李四", [("张三", A), ("李四", S)]),
        ("刘　勇　赵玉珍 口述　王　强 整理", [("刘勇", N), ("赵玉珍", N), ("王强", R)]),
    ],
)
def test_bylines(line: str, people: list[tuple[str, Role]]) -> None:
    assert parse_byline(line) == tuple(Person(name, role) for name, role in people)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "我属龙，民国十七年生在老君渡。",
        "一、建置沿革",
        "第一章 总则",
        "前言",
        "概　述",
        "1958年3月",
        "（续）",
        "各乡镇人民政府：",
        "水车的来历",
        "老君渡的船队",
        "马家滩的人们至今还记得那一年的大水以及渡口上发生的事情",
    ],
)
def test_other_lines_are_not_bylines(line: str) -> None:
    assert parse_byline(line) == ()


@pytest.mark.parametrize("line", ["若冰", "朔津中学", "朔津县文工团"])
def test_some_names_need_the_help_of_layout(line: str) -> None:
    assert parse_byline(line) == ()
    assert parse_byline(line, loose=True) == (Person(line),)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("本报记者 孙振星 文/图", ["孙振星"]),
        ("本报记者张三", ["张三"]),
        ("记者　张　三　通讯员　李　四", ["张三", "李四"]),
        ("本刊记者 孙伟　实习生 赵志远", ["孙伟", "赵志远"]),
        ("本报讯（记者 李敏　通讯员 周大河）", ["李敏", "周大河"]),
        ("本报记者 张三 李四 文/图", ["张三", "李四"]),
        ("县日报记者 王强 摄影报道", ["王强"]),
        ("文/图 张三", ["张三"]),
        ("文/张三 图/李四", ["张三", "李四"]),
        ("记者手记", []),
    ],
)
def test_reporters(line: str, expected: list[str]) -> None:
    assert [person.name for person in parse_byline(line)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [("本报讯　孙七", ["孙七"]), ("新华社北京电　记者　孙七", ["孙七"]), ("（本报综合）", []), ("本报讯", [])],
)
def test_the_words_a_report_begins_with_are_no_name(line: str, expected: list[str]) -> None:
    assert [person.name for person in parse_byline(line)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("文图/张三", [("张三", "作者")]),
        ("图文 | 张三", [("张三", "作者")]),
        ("记者 | 张三", [("张三", "作者")]),
        ("记者张三 文/摄", [("张三", "作者")]),
        ("本报记者 张三/文 李四/图", [("张三", "作者"), ("李四", "供稿")]),
        ("记者 张三 摄影 李四", [("张三", "作者"), ("李四", "供稿")]),
        ("张三 口述 李四 整理", [("张三", "口述"), ("李四", "整理")]),
    ],
)
def test_bylines_of_the_press(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(person.name, person.role.value) for person in parse_byline(line)] == expected
