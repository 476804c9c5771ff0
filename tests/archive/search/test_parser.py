"""The query language: what is understood, and where a bad query is said to be bad."""

from __future__ import annotations

import pytest

from archive.model.errors import QueryError
from archive.search.parser import describe, parse
from archive.search.query import And, Except, Field, FieldName, Near, Node, Not, Or, Phrase, Reach, Term, Wildcard


def read(text: str, *, as_written: bool = False) -> Node:
    return parse(text, as_written=as_written, fields=("案号", "案号类别", "承办 (单位)"))


SHELI = Except(Term("舍利"), (Phrase("舍利弗"), Wildcard(("舍", "子"), ((1, 1),))))

GOOD: list[tuple[str, Node]] = [
    ("", And(())),
    ("　 ", And(())),
    ("枸杞", Term("枸杞")),
    ("沙坡头治沙", Term("沙坡头治沙")),
    ("枸杞 甘草", And((Term("枸杞"), Term("甘草")))),
    ("枸杞　甘草", And((Term("枸杞"), Term("甘草")))),
    ("枸杞 OR 甘草 种植", Or((Term("枸杞"), And((Term("甘草"), Term("种植")))))),
    ("(枸杞 OR 甘草) 种植", And((Or((Term("枸杞"), Term("甘草"))), Term("种植")))),
    ("（枸杞 OR 甘草）种植", And((Or((Term("枸杞"), Term("甘草"))), Term("种植")))),
    ("舍利 -舍利弗", And((Term("舍利"), Not(Term("舍利弗"))))),
    ("舍利 －弗", And((Term("舍利"), Not(Term("弗"))))),
    ('"沙坡头 治沙"', Phrase("沙坡头 治沙")),
    ("“治沙”", Phrase("治沙")),
    ("「治沙」", Phrase("治沙")),
    ("＂治沙＂", Phrase("治沙")),
    ('"他说""走"""', Phrase('他说"走"')),
    ("“他说”””", Phrase("他说”")),
    ('"a OR b (c"', Phrase("a OR b (c")),
    ('-"治沙"', Not(Phrase("治沙"))),
    ('"甲"乙', And((Phrase("甲"), Term("乙")))),
    ("刘?勇", Wildcard(("刘", "勇"), ((1, 1),))),
    ("刘*勇?军", Wildcard(("刘", "勇", "军"), ((0, 10), (1, 1)))),
    ("刘?*勇", Wildcard(("刘", "勇"), ((1, 11),))),
    ("*刘勇?", Term("刘勇")),
    ("谁？", Term("谁？")),
    ("国发（1982）8号", Term("国发（1982）8号")),
    ("(国发（1982）)", Term("国发（1982）")),
    ("羊皮 NEAR/10 筏", Near(Term("羊皮"), Term("筏"), 10)),
    ('"羊皮" NEAR 筏', Near(Phrase("羊皮"), Term("筏"), 10)),
    ("羊皮 NEAR/句 筏", Near(Term("羊皮"), Term("筏"), Reach.SENTENCE)),
    ("羊皮 NEAR/节 筏", Near(Term("羊皮"), Term("筏"), Reach.SECTION)),
    ("羊皮 NEAR／３ 筏", Near(Term("羊皮"), Term("筏"), 3)),
    ("NEARLY 甲", And((Term("NEARLY"), Term("甲")))),
    ("甲 NEAR10 乙", And((Term("甲"), Term("NEAR10"), Term("乙")))),
    ('甲 "NEAR/x" 乙', And((Term("甲"), Phrase("NEAR/x"), Term("乙")))),
    ("甲 OR) 乙", And((Term("甲"), Term("OR)"), Term("乙")))),
    ("舍利 EXCEPT 舍利弗", Except(Term("舍利"), (Term("舍利弗"),))),
    ("塔 舍利 EXCEPT “舍利弗” EXCEPT 舍?子", And((Term("塔"), SHELI))),
    ("舍利 EXCEPT 舍利弗 NEAR/3 塔", Near(Except(Term("舍利"), (Term("舍利弗"),)), Term("塔"), 3)),
    ("甲EXCEPT 乙", And((Term("甲EXCEPT"), Term("乙")))),
    ("--甲", Term("甲")),
    ("---甲", Not(Term("甲"))),
    ("甲\x00\x1e乙\x7f", Term("甲乙")),
    ("甲 NEAR/2 乙 丙", And((Near(Term("甲"), Term("乙"), 2), Term("丙")))),
    ("作者:张三 水车", And((Field(FieldName.AUTHOR, "张三"), Term("水车")))),
    ("标题：“治 沙”", Field(FieldName.TITLE, "治 沙")),
    ("题名:张三", Field(FieldName.TITLE, "张三")),
    ("关键词:水利", Field("关键词", "水利")),
    ("案号：12", Field("案号", "12")),
    ("案号类别:12", Field("案号类别", "12")),
    ("-承办 (单位):水利局", Not(Field("承办 (单位)", "水利局"))),
    ("提案案号:12", Term("提案案号:12")),
    ("时间:早", Term("时间:早")),
    ("甲-乙", Term("甲-乙")),
    ("- 甲", And((Term("-"), Term("甲")))),
    ("甲 ORB", And((Term("甲"), Term("ORB")))),
    ("甲OR乙", Term("甲OR乙")),
    ("枸杞) 甘草", And((Term("枸杞)"), Term("甘草")))),  # outside a group a bracket in a term is text
]


@pytest.mark.parametrize(("text", "tree"), GOOD, ids=[text for text, _ in GOOD])
def test_understood(text: str, tree: Node) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("刘?勇", Term("刘?勇")),
        ("*", Term("*")),
        ("沙坡头治沙", Term("沙坡头治沙")),
        ("甲 OR 乙", Or((Term("甲"), Term("乙")))),
    ],
)
def test_as_written_has_literal_leaves_only(text: str, tree: Node) -> None:
    assert read(text, as_written=True) == tree


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ('治沙 "沙坡头', 3, "引号没有配对"),
        ('""', 0, "引号里没有内容"),
        ("(枸杞 OR 甘草", 0, "括号没有配对"),
        ("甲 (", 2, "括号没有配对"),
        ("甲 ) 乙", 2, "右括号"),
        ("()", 1, "缺少检索词"),
        ("OR 甲", 0, "缺少检索词"),
        ("甲 OR", 2, "OR 后面没有词"),
        ("甲 OR OR 乙", 5, "缺少检索词"),
        ("NEAR/3 甲", 0, "NEAR 前面没有词"),
        ("甲 NEAR/3", 2, "NEAR 后面没有词"),
        ("(甲 NEAR/3)", 3, "NEAR 后面没有词"),
        ("(甲 OR)", 3, "OR 后面没有词"),
        ("(甲 EXCEPT）", 3, "EXCEPT 后面没有词"),
        ("羊皮 NEAR/章 筏", 3, "“NEAR/章”没有说清相隔多远"),
        ("甲 NEAR/x 乙", 2, "没有说清"),
        ("甲 NEAR/ 乙", 2, "没有说清"),
        ("甲 NEAR/1000 乙", 2, "没有说清"),
        ("甲 NEAR/-1 乙", 2, "没有说清"),
        ("甲 NEAR/10乙", 2, "没有说清"),
        ("甲 NEAR/10(乙 丙)", 2, "没有说清"),
        ("甲 NEAR/² 乙", 2, "没有说清"),
        ("(甲 乙) NEAR/3 丙", 0, "NEAR 的两边"),
        ("甲 NEAR/3 乙 NEAR/3 丙", 11, "一次只能"),
        ("EXCEPT 甲", 0, "EXCEPT 前面没有词"),
        ("甲 EXCEPT", 2, "EXCEPT 后面没有词"),
        ("甲 EXCEPT OR 乙", 2, "EXCEPT 后面没有词"),
        ("(甲 乙) EXCEPT 丙", 0, "EXCEPT 的两边"),
        ("甲 EXCEPT (乙 丙)", 9, "EXCEPT 的两边"),
        ("作者: 张三", 0, "后面没有内容"),
        ("甲 ?*", 2, "只有通配符"),
        ("甲 " + "乙*" * 11 + "丙", 2, "通配符太多（最多 10 处）"),
        (" ".join(["水"] * 201), 400, "检索式里的词太多（最多 200 个）"),
        ("(" * 30 + "甲" + ")" * 30, 20, "太深"),
        ("甲" * 3000, 0, "太长"),
        ("甲\udc80", 1, "不能识别"),
    ],
)
def test_bad_query_points_at_the_place(text: str, position: int, says: str) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        read(text)
    assert caught.value.position == position
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "全部文章"),
        ("枸杞 甘草", "“枸杞”，并且“甘草”"),
        ("(枸杞 OR 甘草) -种植", "〔“枸杞”，或者“甘草”〕，并且不含“种植”"),
        ("羊皮 NEAR/10 筏", "“羊皮”与“筏”在同一段，相隔不超过 10 字"),
        ("作者:张三", "作者含“张三”"),
        ("案号:12 -地域:甘肃", "案号含“12”，并且不是地域含“甘肃”"),
        ("刘?勇", "“刘［1 字］勇”"),
        ("治沙站", "“治沙站”"),
        ("羊皮 NEAR/节 筏", "“羊皮”与“筏”在同一节"),
        ("舍利 EXCEPT 舍利弗 塔", "〔“舍利”，属于“舍利弗”的不算〕，并且“塔”"),
    ],
)
def test_shown_back_in_words(text: str, words: str) -> None:
    assert describe(read(text)) == words


@pytest.mark.parametrize(
    "text",
    ["-" * 1900 + "甲", "-" * 2000, "(" * 10_000, "（" * 1000, ")" * 1999, "甲" * 100_000, "甲 OR " * 400, '"' * 1999],
    ids=["minuses", "minuses alone", "brackets", "full-width", "closing", "long", "alternatives", "quotes"],
)
def test_no_query_is_too_strange_to_answer(text: str) -> None:
    try:
        assert describe(read(text))
    except QueryError as error:
        assert error.hint
        assert len(str(error)) < 200
