"""Office-holders out of tables and lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archive.catalogue.roster import Tenure, by_body, by_person, row, tenures
from archive.catalogue.roster.person_names import names
from archive.catalogue.roster.terms import term
from archive.dates import iso, shipped_reader
from archive.model.records import Article, Block, Cell, Genre, Kind

FIRST = "政协朔津县委员会　第一届委员会（1956年6月—1959年3月）"
Row = Sequence[str | list[str] | None]


def cells(*rows: Row, table: int = 0) -> list[Block]:
    """A table; None is covered by the cell above, a list has a paragraph each."""
    found = []
    for at, texts in enumerate(rows):
        for column, one in enumerate(texts):
            if one is None:
                continue
            below = 1
            while at + below < len(rows) and rows[at + below][column] is None:
                below += 1
            cell = Cell(table, at, column, below)
            found += [Block.plain(Kind.CELL, piece, cell=cell) for piece in ([one] if isinstance(one, str) else one)]
    return found


def heading(text: str) -> Block:
    return Block.plain(Kind.HEADING, text, level=3)


def held(*parts: str | Block | list[Block], title: str = FIRST, genre: Genre = Genre.TERM) -> tuple[Tenure, ...]:
    blocks = [Block.plain(Kind.TITLE, title)]
    for part in parts:
        if isinstance(part, str):
            blocks.append(Block.plain(Kind.PARAGRAPH, part))
        else:
            blocks += part if isinstance(part, list) else [part]
    session = shipped_reader().parse("1956年6月—1959年3月")
    return tenures(Article(collection="z", id="a1", genre=genre, blocks=tuple(blocks), date=session))


def people(*parts: str | Block | list[Block], title: str = FIRST) -> list[tuple[str, str]]:
    return [(one.post, one.person) for one in held(*parts, title=title)]


class TestTables:
    def test_a_row_is_a_record(self) -> None:
        (found,) = held(cells(
            ["职　务", "姓　名", "性别", "民　族", "任　期", "籍　贯"],
            ["副主席", "赵　铭", "男", "回族", "1956.6—1958.12（病故）", "朔津城关"],
        ))  # fmt: skip
        assert row(found) == (
            "政协朔津县委员会", "第一届", "副主席", "赵铭", "男", "回族", "朔津城关", "1956.6—1958.12（病故）",
            "1956-06", "1958-12", "病故", "", "z", "a1", "8",
        )  # fmt: skip
        assert found.period is not None and found.period.start is not None and found.period.end is not None
        assert (iso(found.period.start), iso(found.period.end)) == ("1956-06-01", "1958-12-31")

    def test_post_holds_for_the_cells_it_spans_and_for_empty_ones(self) -> None:
        rows: list[Row] = [
            ["职务", "姓名", "备注"],
            ["委员", "于同", ""],
            [None, "马全德", ""],
            ["", "吴济川", ""],
            ["〃", "海占福", ""],
        ]
        assert people(cells(*rows)) == [("委员", name) for name in ("于同", "马全德", "吴济川", "海占福")]

    @pytest.mark.parametrize(
        ("posts", "names", "expected"),
        [
            ("县长\n副县长\n副县长", "赵立\n钱玉\n孙云", ["县长", "副县长", "副县长"]),
            ("办公室\n主任", "周全\n吴山", ["办公室主任"] * 2),
            ("公安局局长\n检察院\n检察长", "周全\n吴山", ["公安局局长", "检察院检察长"]),
            ("县长\n（代）", "周全", ["县长（代）"]),
            ("副县长\n兼秘书长", "周全\n吴山", ["副县长兼秘书长"] * 2),
            ("人大常委\n会主任", "周全\n吴山", ["人大常委会主任"] * 2),
            ("县长\n\n副县长", "周全\n吴山\n郑水", ["县长", "县长", "副县长"]),
            ("县长\n\n副县长", "周全\n吴山\n郑水\n马原", ["县长", "县长", "副县长", "副县长"]),
        ],
    )
    def test_post_of_several_lines(self, posts: str, names: str, expected: list[str]) -> None:
        found = people(cells(["职务", "姓名"], [posts, names]))
        assert found == list(zip(expected, names.split("\n"), strict=True))

    @pytest.mark.parametrize(("below", "expected"), [("同上", "1956-06-01"), ("〃", "1956-06-01"), ("", None)])
    def test_a_tenure_like_the_one_above(self, below: str, expected: str | None) -> None:
        first, second = held(
            cells(["职务", "姓名", "任期"], ["主席", "张三", "1956.6—1958.3"], ["副主席", "李四", below])
        )
        assert first.since and first.since.start
        assert (second.since and second.since.start and iso(second.since.start)) == expected and not second.doubts

    def test_posts_of_one_person_go_with_the_terms(self) -> None:
        found = held(cells(["职务", "姓名", "任期"], ["县　长\n副县长", "周全", "1957.3—1958.3\n1956.6—1957.3"]))
        assert [(one.post, one.written) for one in found] == [("县长", "1957.3—1958.3"), ("副县长", "1956.6—1957.3")]

    def test_posts_that_fit_nobody_are_doubtful(self) -> None:
        found = held(cells(["职务", "姓名"], ["局长\n副局长", "周全\n吴山\n郑水"]))
        assert [one.person for one in found] == ["周全", "吴山", "郑水"]
        assert all(one.doubts == ("职务栏有几行，请核对各是谁的职务",) for one in found)

    def test_post_in_the_heading_above(self) -> None:
        rows = [["姓　名", "籍　貫"], ["黄圖安", "山東堂邑人"]]
        assert people(heading("二、常务委员名录"), cells(*rows)) == [("常务委员", "黄圖安")]
        assert people(cells(*rows), title="巡撫甘肅都御史歷任") == [("巡撫甘肅都御史", "黄圖安")]

    def test_headings_of_a_data_base(self) -> None:
        (found,) = held(cells(["Office", "name", "native_place", "page"], ["知府", "王鶴", "奉天人", "028-1"]))
        assert (found.post, found.person, found.native, found.remark) == ("知府", "王鶴", "奉天人", "")

    def test_lists_side_by_side(self) -> None:
        rows = [["姓名", "职务", "姓名", "职务"], ["张三", "县长", "李四", "副县长"], ["王五", "科员", "", ""]]
        assert people(cells(*rows)) == [("县长", "张三"), ("副县长", "李四"), ("科员", "王五")]

    def test_header_of_two_rows(self) -> None:
        rows: list[Row] = [
            ["职务", "姓名", "任职时间", "任职时间"],
            [None, None, "起", "止"],
            ["主任", "张三", "1956年6月", "1958年1月"],
        ]
        (found,) = held(cells(*rows))
        assert row(found)[8:10] == ("1956-06", "1958-01")

    def test_header_repeated_on_the_next_page(self) -> None:
        rows = [["职务", "姓名"], ["主任", "张三"], ["职务", "姓名"], ["", "李四"]]
        assert people(cells(*rows)) == [("主任", "张三"), ("主任", "李四")]

    def test_post_on_a_line_across_the_table(self) -> None:
        rows = [["姓名", "籍贯", "到任"], ["知县", "知县", "知县"], ["张三", "陕西", "光绪三十年"]]
        assert people(cells(*rows)) == [("知县", "张三")]

    def test_unknown_columns_are_kept_as_remarks(self) -> None:
        (found,) = held(cells(["序号", "姓名", "职务", "出生年月"], ["1", "张三", "主席", "1920.3"]))
        assert found.remark == "出生年月：1920.3"

    def test_columns_that_are_posts(self) -> None:
        rows = [
            ["届次", "主席", "副主席"],
            ["第一届\n（1956.6—1959.3）", "张三", "李四、王　五（女）"],
            ["第二届", "空缺", "李四"],
        ]
        found = held(cells(*rows))
        assert [(one.term, one.post, one.person) for one in found] == [
            ("第一届", "主席", "张三"), ("第一届", "副主席", "李四"), ("第一届", "副主席", "王五"),
            ("第二届", "主席", ""), ("第二届", "副主席", "李四"),
        ]  # fmt: skip
        assert row(found[0])[8:10] == ("1956-06", "1959-03")

    def test_columns_that_are_terms(self) -> None:
        rows = [["职务", "第一届", "第二届"], ["主席", "张三", "李四"]]
        assert [(one.term, one.post, one.person) for one in held(cells(*rows))] == [
            ("第一届", "主席", "张三"),
            ("第二届", "主席", "李四"),
        ]

    def test_table_without_names(self) -> None:
        assert held(cells(["类别", "人数"], ["工商业者", "9"])) == ()

    def test_two_people_and_a_torn_name_in_cells(self) -> None:
        rows: list[Row] = [["职务", "姓名"], ["副主席", ["李四", "王五（女，回族）"]], ["秘书长", ["欧阳", "修"]]]
        found = held(cells(*rows))
        assert [one.person for one in found] == ["李四", "王五", "欧阳修"]
        assert (found[1].sex, found[1].ethnicity) == ("女", "回族")


class TestDoubts:
    @pytest.mark.parametrize(
        ("name", "tenure", "doubt"),
        [
            ("空缺", "", "没有姓名"),
            ("", "1957.2—1958.1", "没有姓名"),
            ("舊設教諭一員", "", "不像人名"),
            ("张三（女", "", "括号不成对"),
            ("张三李四", "", "四个字，请核对是否两人连写"),
            ("张三", "1958.5—1957.1", "离任早于到任"),
            ("张三", "1961.5—1962.8", "任期不在本届之内"),
            ("张三", "某年", "任期“某年”看不懂"),
        ],
    )
    def test_row_is_kept_with_its_doubt(self, name: str, tenure: str, doubt: str) -> None:
        (found,) = held(cells(["职务", "姓名", "任期"], ["主席", name, tenure]))
        assert found.doubts == (doubt,)

    def test_a_plain_row_has_none(self) -> None:
        (found,) = held(cells(["职务", "姓名", "任期"], ["主席", "张　三", "1956.6—1959.3"]))
        assert found.doubts == ()


class TestLines:
    def test_posts_with_their_people(self) -> None:
        assert people(
            "主　席：郭振河",
            "副主席：赵铭书　哈映奎（回族）　石　涛",
            "秘书长　段汝舟",
            "常务委员（以姓氏笔画为序）：于　同　马全德",
        ) == [
            ("主席", "郭振河"), ("副主席", "赵铭书"), ("副主席", "哈映奎"), ("副主席", "石涛"), ("秘书长", "段汝舟"),
            ("常务委员", "于同"), ("常务委员", "马全德"),
        ]  # fmt: skip

    def test_people_with_terms_under_a_post(self) -> None:
        found = held(
            "县长", "张三（1956.6—1958.3）", "李四（女，回族，1958.3—1959.2，病故）", "书记　王五　1956.6—57.8"
        )
        assert [row(one)[2:12] for one in found] == [
            ("县长", "张三", "", "", "", "1956.6—1958.3", "1956-06", "1958-03", "", ""),
            ("县长", "李四", "女", "回族", "", "1958.3—1959.2", "1958-03", "1959-02", "病故", ""),
            ("书记", "王五", "", "", "", "1956.6—57.8", "1956-06", "1957-08", "", ""),
        ]

    def test_padded_posts_and_lines_that_go_on(self) -> None:
        found = held(
            "书　　记　马腾霄（1949.10～1952.3）",
            "副 书 记　杨一木（1950.5～1951.7）　李景林（1951.8～1953.1）",
            "　　　　　王金璋（女，1952.2～1954.6）",
            "委　　员　（按姓氏笔划排列）马腾霄　王　二",
            "顾问：3人",
            "丁一、卜二",
        )
        assert [(one.post, one.person, one.written) for one in found] == [
            ("书记", "马腾霄", "1949.10～1952.3"),
            ("副书记", "杨一木", "1950.5～1951.7"),
            ("副书记", "李景林", "1951.8～1953.1"),
            ("副书记", "王金璋", "1952.2～1954.6"),
            ("委员", "马腾霄", ""),
            ("委员", "王二", ""),
            ("顾问", "丁一", ""),
            ("顾问", "卜二", ""),
        ]

    def test_several_posts_on_a_line(self) -> None:
        assert people("主任：张三；副主任：李四、王五　秘书：赵六（兼）") == [
            ("主任", "张三"), ("副主任", "李四"), ("副主任", "王五"), ("秘书", "赵六"),
        ]  # fmt: skip

    def test_names_alone_under_a_heading(self) -> None:
        assert people(heading("委员"), "丁一、卜二、马三") == [("委员", "丁一"), ("委员", "卜二"), ("委员", "马三")]

    @pytest.mark.parametrize(
        "line", ["本届共举行全体会议三次。", "会议讨论主席、副主席人选，没有结果。", "主席　是会议选举产生的。"]
    )
    def test_prose_that_appoints_nobody_is_not_read(self, line: str) -> None:
        assert people("主席", line) == []

    def test_other_genres_have_none(self) -> None:
        assert held("主席：郭振河", genre=Genre.ARTICLE) == ()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("张　三", ["张三"]),
        ("赵 玉 珍", ["赵玉珍"]),
        ("张　三　李四光　王　五", ["张三", "李四光", "王五"]),
        ("马　全　德　于同", ["马全德", "于同"]),
        ("司马　迁　班　固", ["司马迁", "班固"]),
        ("赵 志 远　孙　伟", ["赵志远", "孙伟"]),
        ("孙　伟 赵　志　远", ["孙伟", "赵志远"]),
        ("卫青　任期不详", ["卫青"]),
        ("王小\n明", ["王小明"]),
        ("马　　骏", ["马骏"]),
        ("李　桂\n　　英", ["李桂英"]),
        ("李　桂英", ["李桂英"]),
        ("赵　玉　珍　　李　四", ["赵玉珍", "李四"]),
        ("张三\n李四", ["张三", "李四"]),
        ("张三\n（女）", ["张三"]),
        ("张三（女、回族）、李四", ["张三", "李四"]),
        ("阿不都·热合曼", ["阿不都·热合曼"]),
        ("1. 张三", ["张三"]),
        ("", []),
    ],
)
def test_names_of_a_cell(cell: str, expected: list[str]) -> None:
    assert [one.person for one in names(cell)] == expected


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("1956.6—1959.3", ("1956-06-01", "1956-06-30"), ("1959-03-01", "1959-03-31")),
        ("1956年6月至1958年", ("1956-06-01", "1956-06-30"), ("1958-01-01", "1958-12-31")),
        ("1957.5－12", ("1957-05-01", "1957-05-31"), ("1957-12-01", "1957-12-31")),
        ("順治二年任（1645）", ("1645-01-01", "1645-12-31"), None),
        ("康熈十六年補未到任（1677）", ("1677-01-01", "1677-12-31"), None),
        ("1956.6—", ("1956-06-01", "1956-06-30"), None),
        ("1956.6至今", ("1956-06-01", "1956-06-30"), ("1956-06-01", None)),
        ("民国三年二月到任", ("1914-02-01", "1914-02-28"), None),
        ("1958年3月离任", None, ("1958-03-01", "1958-03-31")),
        ("", None, None),
    ],
)
def test_term_of_office(text: str, since: tuple[str, str | None] | None, until: tuple[str, str | None] | None) -> None:
    found = term(text)
    assert found.understood
    days = [
        one and (iso(one.start) if one.start is not None else None, iso(one.end) if one.end is not None else None)
        for one in (found.since, found.until)
    ]
    assert days == [since, until]


def test_how_an_office_was_taken_is_a_remark() -> None:
    assert term("雍正七年補授未到任（1729）").remark == "補授未到任"
    assert term("1956.6—1958.12（病故）").remark == "病故"


def test_views_by_body_and_person() -> None:
    rows = [["职务", "姓名", "任期"], ["主席", "张三", "1958.1—1959.3"], ["秘书长", "张三", "1956.6—1958.1"]]
    found = held(cells(*rows))
    assert [one.post for one in by_person(found)["张三"]] == ["秘书长", "主席"]
    assert [one.post for one in by_body(found)["政协朔津县委员会"]] == ["主席", "秘书长"]
