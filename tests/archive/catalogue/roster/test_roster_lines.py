"""Lines of office-holders as 组织史 print them: nobody vanishes, and what gave no record is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from archive.catalogue.roster import Tenure, tenures, unread
from archive.model.records import Article, Block, Cell, Genre, Kind, Run, Style


def roster(*lines: str | Sequence[Sequence[str]], title: str = "朔原县人民政府") -> Article:
    """An article of these lines and tables."""
    blocks = [Block.plain(Kind.TITLE, title)]
    for line in lines:
        if isinstance(line, str):
            blocks.append(Block.plain(Kind.PARAGRAPH, line))
        else:
            blocks += [
                Block.plain(Kind.CELL, text, cell=Cell(0, row, column))
                for row, texts in enumerate(line)
                for column, text in enumerate(texts)
            ]
    return Article(collection="z", id="a1", genre=Genre.TERM, blocks=tuple(blocks))


def told(one: Tenure) -> tuple[str, str, str, str]:
    """Post, person, and the days in office as printed."""
    since, until = ("" if end is None else end.written or ".." for end in (one.since, one.until))
    return one.post, one.person, since, until


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("书记　何 其 昌（1986.11—？）", [("书记", "何其昌", "1986年11月", "")]),
        ("书记　成　功（？—1999.2）", [("书记", "成功", "", "1999年2月")]),
        ("书记　谭一凡（1995年12月任，1997年5月调离）", [("书记", "谭一凡", "1995年12月", "1997年5月")]),
        ("书记　钱　程（兼）　1985.1～1986.3", [("书记", "钱程", "1985年1月", "1986年3月")]),
        ("书记　张文（女，回族）1950.1—1951.2", [("书记", "张文", "1950年1月", "1951年2月")]),
        ("书记　周全 1980.12 — 1983.9 孙立业 1981.5—1984.4",
         [("书记", "周全", "1980年12月", "1983年9月"), ("书记", "孙立业", "1981年5月", "1984年4月")]),
        ("书记　任　重（1995.12—1996.3；1998.1—2000.12）",
         [("书记", "任重", "1995年12月", "1996年3月"), ("书记", "任重", "1998年1月", "2000年12月")]),
        ("书记　马占海（代书记，1987.3—1987.12；书记，1987.12—1990.2）",
         [("代书记", "马占海", "1987年3月", "1987年12月"), ("书记", "马占海", "1987年12月", "1990年2月")]),
        ("书记　海　明（1990.3任副书记，1992.4任书记）",
         [("副书记", "海明", "1990年3月", ""), ("书记", "海明", "1992年4月", "")]),
        ("书记　　董　事（1995.12任，1998.3调离）", [("书记", "董事", "1995年12月", "1998年3月")]),
        ("县长助理　高　峰（1989.10任职）", [("县长助理", "高峰", "1989年10月", "")]),
        ("巡视员　　方　正（正县级，1998.6任）", [("巡视员", "方正", "1998年6月", "")]),
        ("书记　水　生（民国二十三年三月—二十五年五月）", [("书记", "水生", "民国二十三年三月", "民国二十五年五月")]),
        ("书记　温　和（1996.1—1998.2在任）", [("书记", "温和", "1996年1月", "1998年2月")]),
        ("刘长河，男，汉族，1980年12月任县长，1984年4月离任。", [("县长", "刘长河", "1980年12月", "1984年4月")]),
        ("书记　马占海（1987.3—1990.2）副书记　　周　全（1980.12—1983.9）",
         [("书记", "马占海", "1987年3月", "1990年2月"), ("副书记", "周全", "1980年12月", "1983年9月")]),
        ("委员35人：丁一、卜二", [("委员", "丁一", "", ""), ("委员", "卜二", "", "")]),
        ("书记　王　明（1956.5—1957.9；1958.4复任—1960.2）",
         [("书记", "王明", "1956年5月", "1957年9月"), ("书记", "王明", "1958年4月", "1960年2月")]),
        ("书记　王　明　1956.5当选—1957.9，1958.4重新任职—1960.2",
         [("书记", "王明", "1956年5月", "1957年9月"), ("书记", "王明", "1958年4月", "1960年2月")]),
        ("书记　李大山（1957.9—1958.4，1957年被错划为右派，1979.3平反）",
         [("书记", "李大山", "1957年9月", "1958年4月")]),
        ("书记　李大山（1930年生，1949年参加革命，1957.9—1958.4）", [("书记", "李大山", "1957年9月", "1958年4月")]),
        ("书记　李大山（1956.5—1957.9被错划为右派；1979.3平反后复任—1980.2）",
         [("书记", "李大山", "1956年5月", "1957年9月"), ("书记", "李大山", "1979年3月", "1980年2月")]),
        ("书记　陈平（1956.5当选，1957.9被撤销职务）", [("书记", "陈平", "1956年5月", "1957年9月")]),
        ("书记　孙　　立（1956.5—1957.9）", [("书记", "孙立", "1956年5月", "1957年9月")]),
        ("委员　孙　　立　　周　　全　　吴大用", [("委员", name, "", "") for name in ("孙立", "周全", "吴大用")]),
        ("秘书长：高　原（兼，1960.3—1961.2），张　弛（1961.2—）",
         [("秘书长", "高原", "1960年3月", "1961年2月"), ("秘书长", "张弛", "1961年2月", "")]),
        ("书记　陈　夏　任期：1961.3—1962.4", [("书记", "陈夏", "1961年3月", "1962年4月")]),
        ("书记　蒋　平　兼　1963年5月—1966年5月", [("书记", "蒋平", "1963年5月", "1966年5月")]),
    ],
)  # fmt: skip
def test_a_line(line: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = tenures(roster(line))
    assert [told(one) for one in found] == expected
    assert not any(one.doubts for one in found)
    assert unread(roster(line)) == ()


@pytest.mark.parametrize(
    "line", ["书记　回族　马　原（1996.4任，女）", "书记　马　原　女　回族　1996.4任", "书记：女　回族马原（1996.4任）"]
)
def test_nationality_and_sex_beside_the_name(line: str) -> None:
    (found,) = (one for one in tenures(roster(line)) if one.person)
    assert (found.person, found.ethnicity) == ("马原", "回族")


def test_lines_that_go_on_under_their_post() -> None:
    lines = [
        "办公室主任：吴　江　1980.12～1982.6",
        "郑 爽　1982.6～1985.1",
        "　　钱　程（兼）　1985.1～1986.3",
        "卓　越",
    ]
    assert [(one.post, one.person) for one in tenures(roster(*lines))] == [
        ("办公室主任", name) for name in ("吴江", "郑爽", "钱程", "卓越")
    ]


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("主任科员　郭　涛（1990.1任）", "职务不认得，请核对"),
        ("主席　阿不都热依木（1985.1任）", "不像人名"),
        ("主席　林风（1990.13—1991.1）", "任期“1990.13—1991.1”看不懂"),
    ],
)
def test_who_is_not_sure_is_listed_with_the_doubt(line: str, doubt: str) -> None:
    (found,) = tenures(roster(line))
    assert doubt in found.doubts


def test_what_stands_beside_names_is_no_person() -> None:
    article = roster(
        "历任书记：", "刘勇　男　汉族　山西人　1949.9—1950.3", "（2）陈大年 1952.4—1954.10 兼县长",
        "办公室", "主任 李四 副主任 王五 赵六", "王登科（1961.2—1962.3）", title="县委",
    )  # fmt: skip
    assert [(one.body, one.post, one.person, one.remark) for one in tenures(article)] == [
        ("县委", "书记", "刘勇", "山西人"), ("县委", "书记", "陈大年", "兼县长"), ("县委 办公室", "主任", "李四", ""),
        *(("县委 办公室", "副主任", name, "") for name in ("王五", "赵六", "王登科")),
    ]  # fmt: skip
    assert unread(article) == ()


def test_a_body_below_a_title_that_is_only_the_name_of_the_file() -> None:
    article = roster("朔原县人民政府", "县长　刘长河（1980.12—1984.4）", title="扫描稿3")
    made = (Block(Kind.TITLE, (Run("扫描稿3", Style.GENERATED),)), *article.blocks[1:])
    (found,) = tenures(replace(article, blocks=made))
    assert found.body == "朔原县人民政府"


def test_a_name_without_post_or_term_is_doubtful() -> None:
    (found,) = tenures(roster("马占海（回族）"))
    assert (found.person, found.ethnicity, found.doubts) == ("马占海", "回族", ("没有职务",))


def test_lines_that_gave_no_record_are_listed() -> None:
    article = roster(
        "第一节　县人民政府领导人名录", "县　长", "刘长河（1980.12—1984.4）", "1984年4月换届，一并选举了新的县长。",
        "原档缺两页", title="县人民政府",
    )  # fmt: skip
    assert [one.person for one in tenures(article)] == ["刘长河"]
    assert [(one.block, one.text, one.is_sentence) for one in unread(article)] == [
        (4, "1984年4月换届，一并选举了新的县长。", True),
        (5, "原档缺两页", False),
    ]


def test_people_without_a_post_take_that_of_the_title() -> None:
    found = tenures(roster("刘长河　1980.12—1984.4", title="历任县长名录"))
    assert [told(one) for one in found] == [("县长", "刘长河", "1980年12月", "1984年4月")]
    (doubtful,) = tenures(roster("刘长河　1980.12—1984.4"))
    assert doubtful.doubts == ("没有职务",)


class TestTables:
    def test_without_headings(self) -> None:
        rows = [["县长", "刘长河", "1980.12—1984.4"], ["副县长", "杨帆", "1984.4—1987.3"], ["", "孙立业", "1984.4—"]]
        assert [(one.post, one.person) for one in tenures(roster(rows))] == [
            ("县长", "刘长河"), ("副县长", "杨帆"), ("副县长", "孙立业"),
        ]  # fmt: skip

    def test_several_terms_in_a_cell(self) -> None:
        rows = [
            ["姓名", "职务", "任期"], ["任重", "书记", "1995.12—1996.3\n1998.1—2000.12"],
            ["张三\n李四", "委员", "1996.1—1997.2\n1997.2—1998.3"],
        ]  # fmt: skip
        assert [(one.person, one.written) for one in tenures(roster(rows))] == [
            ("任重", "1995.12—1996.3"), ("任重", "1998.1—2000.12"),
            ("张三", "1996.1—1997.2"), ("李四", "1997.2—1998.3"),
        ]  # fmt: skip

    def test_terms_behind_the_names_of_a_matrix(self) -> None:
        rows = [["职务", "第一届", "第二届"], ["主席", "张三（1956.6—1958.1）", "李四"], ["秘书长", "", ""]]
        article = roster(rows)
        assert [told(one)[1:] for one in tenures(article)] == [("张三", "1956年6月", "1958年1月"), ("李四", "", "")]
        assert [one.text for one in unread(article)] == ["秘书长"]

    def test_columns_of_years_between_those_of_posts(self) -> None:
        rows = [["届次", "起止时间", "主席", "副主席"], ["一", "1956.6—1959.3", "张三", "李四、王五"]]
        assert [(one.post, *told(one)[1:]) for one in tenures(roster(rows))] == [
            (post, name, "1956年6月", "1959年3月")
            for post, name in (("主席", "张三"), ("副主席", "李四"), ("副主席", "王五"))
        ]

    def test_lists_side_by_side_share_their_post(self) -> None:
        rows = [["职务", "姓名", "任职时间", "姓名", "任职时间"], ["书记", "张三", "1949.9—1950.3", "李四", "1950.3—"]]
        assert [(one.post, one.person) for one in tenures(roster(rows))] == [("书记", "张三"), ("书记", "李四")]

    def test_several_columns_of_names_without_headings_are_listed(self) -> None:
        article = roster([["一", "张三", "李四", "1956.6—1959.3"], ["二", "王五", "赵六", "1959.3—1962.8"]])
        assert {name for one in unread(article) for name in one.text.split()} >= {"张三", "李四", "王五", "赵六"}

    def test_rows_that_gave_no_record(self) -> None:
        article = roster([["姓名", "职务"], ["张三", "书记"], ["", "副书记"]])
        assert [one.text for one in unread(article)] == ["副书记"]
        other = roster([["类别", "人数"], ["干部", "12"]])
        assert [one.text for one in unread(other)] == ["类别 人数", "干部 12"]


def test_a_line_goes_on_in_the_next() -> None:
    article = roster(
        "副书记　钱有为（1956.5—1958.3，1957年", "　　　　停职，1961.3复职—1966.5）",
        "郑　重（女，1956年5月—", "1957年9月）",
        "李四　1950.1—1951.2", "　　　1953.1—1954.2", "王　明　1952.4—", "1953.12", "（曾兼秘书）",
    )  # fmt: skip
    assert [(told(one)[1:], one.block) for one in tenures(article)] == [
        (("钱有为", "1956年5月", "1958年3月"), 1), (("钱有为", "1961年3月", "1966年5月"), 1),
        (("郑重", "1956年5月", "1957年9月"), 3),
        (("李四", "1950年1月", "1951年2月"), 5), (("李四", "1953年1月", "1954年2月"), 5),
        (("王明", "1952年4月", "1953年12月"), 7),
    ]  # fmt: skip
    assert tenures(article)[-1].remark == "曾兼秘书"
    assert unread(article) == ()


def test_a_note_on_the_list_is_no_person_and_no_unread_line() -> None:
    article = roster("委员：", "（按姓氏笔画为序）", "丁一　卜二", "以上共2人。")
    assert [one.person for one in tenures(article)] == ["丁一", "卜二"]
    assert unread(article) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1956年5月，大会选举王明为书记，李大山、孙立为副书记。",
         [("书记", "王明", "1956年5月", ""), ("副书记", "李大山", "1956年5月", ""),
          ("副书记", "孙立", "1956年5月", "")]),
        ("1957年9月，地委任命李大山为县委书记，免去王明的县委副书记职务。",
         [("县委书记", "李大山", "1957年9月", ""), ("县委副书记", "王明", "", "1957年9月")]),
        ("1958年4月，王明复任书记；次年1月，赵刚任第一书记。",
         [("书记", "王明", "1958年4月", ""), ("第一书记", "赵刚", "1959年1月", "")]),
        ("1956年5月，大会选举产生常务委员7名，其中县委书记汪海，副书记李平（主持工作）、戴刚。",
         [("县委书记", "汪海", "1956年5月", ""), ("副书记", "李平", "1956年5月", ""),
          ("副书记", "戴刚", "1956年5月", "")]),
        ("1969年，严明由公社书记升任县革委会副主任。", [("县革委会副主任", "严明", "1969年", "")]),
    ],
)  # fmt: skip
def test_appointments_told_in_sentences(line: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = tenures(roster(line))
    assert [told(one) for one in found] == expected
    assert all("据叙述文字读出，请核对" in one.doubts for one in found)


def test_a_sentence_that_repeats_the_list_gives_no_second_record() -> None:
    assert len(tenures(roster("书记　王　明（1956.5—1957.9）", "1956年5月，选举王明为县委书记。"))) == 1


def test_who_only_does_something_is_not_appointed() -> None:
    assert tenures(roster("县委书记汪海，副书记李平到会讲话。", "会议由县长主持，书记张三作报告。")) == ()


def test_an_appointment_that_is_not_clear_is_listed_as_unread() -> None:
    (line,) = unread(roster("会上，经酝酿后任命了新的县长和两名副县长，一致通过。"))
    assert line.is_sentence and line.may_name_holder
    assert not unread(roster("当年雨水充足，粮食丰收。"))[0].may_name_holder
