"""What articles are described by: read, set, refused; all or none; what is not touched stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalogue import fields
from archive.catalogue.fields import STANDARD, Description, definitions, described, values, written
from archive.dates import shipped_reader
from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import Conflict, FieldError, NotFound
from archive.model.records import (
    Access,
    Article,
    Block,
    Collection,
    Declared,
    FieldKind,
    Genre,
    Kind,
    Person,
    Role,
    Run,
    Status,
)
from archive.model.search import Search

LOCAL = Actor.local()
EDITOR = Actor("1", "编辑甲", Rights.everything())

PROPOSALS = Collection(
    "ta",
    "提案",
    fields=(
        Declared("案号", FieldKind.NUMBER, required=True),
        Declared("类别", FieldKind.CHOICE, ("经济", "文教")),
        Declared("承办单位", FieldKind.PEOPLE, repeatable=True),
    ),
)


def article(**values: object) -> Article:
    blocks = (Block.plain(Kind.TITLE, "忆水车"), Block.plain(Kind.PARAGRAPH, "光绪三十年造水车。"))
    return Article(**{"collection": "c", "blocks": blocks, **values})  # type: ignore[arg-type]


def changed(article: Article, **changes: str) -> Article:
    return described(article, changes, definitions(PROPOSALS, [article]), shipped_reader().parse)


class TestValues:
    def test_every_standard_field_can_be_set_and_read(self) -> None:
        given = {
            "题名": "水车记",
            "副题名": "一段往事",
            "作者": "张三；李四",
            "口述者": "王五",
            "整理者": "赵六",
            "编者": "钱七",
            "译者": "孙八",
            "供稿单位": "某县政协",
            "辑名辑次": "第三辑",
            "栏目": "工商",
            "页码": "12—15",
            "来源": "来稿",
            "成文日期": "1985年3月",
            "所涉年代": "光绪三十年；1936..1945",
            "地域": "朔津县",
            "人物": "刘勇；李四",
            "关键词": "水车；水利",
            "提要": "第一行\n第二行",
            "密级": "内部",
            "保密期限": "2035年12月31日",
            "开放标识": "受限",
            "版权授权": "已授权",
            "稿件状态": "初审",
            "稿本": "手稿",
            "保管期限": "永久",
            "档号": "X012-01",
        }
        assert list(given) == [one.name for one in STANDARD]
        made = described(article(), given, STANDARD, shipped_reader().parse)
        assert {name: written(made, name) for name in given} == given
        assert (made.title, made.volume, made.section, made.access, made.status) == (
            "水车记", "第三辑", "工商", Access.RESTRICTED, Status.FIRST_REVIEW,
        )  # fmt: skip
        assert Person("王五", Role.NARRATOR) in made.people
        assert made.date is not None
        assert made.blocks[1] == Block.plain(Kind.SUBTITLE, "一段往事")
        assert dict(made.fields)["档号"] == "X012-01"
        cleared = described(
            made, {one.name: "" for one in STANDARD if not one.required}, STANDARD, shipped_reader().parse
        )
        assert cleared == article(blocks=(made.blocks[0], article().blocks[1]), access=made.access, status=made.status)

    def test_every_field_is_aligned_with_a_standard(self) -> None:
        assert [one.name for one in STANDARD if not (one.term or one.element)] == ["稿件状态"], "a state, not a 稿本"

    def test_what_already_stands_there_is_not_read_anew(self) -> None:
        odd = article(people=(Person("甲、乙某"), Person("丙", Role.NARRATOR)))
        assert changed(odd, 作者="甲、乙某", 口述者="丙") == odd
        assert [person.name for person in changed(odd, 作者="甲、乙").people] == ["甲", "乙", "丙"]

    def test_notes_of_a_title_stay(self) -> None:
        noted = article(blocks=(Block(Kind.TITLE, (Run("忆水"), Run("", note="1"), Run("车"))),))
        assert changed(noted, 题名="水车").blocks[0].runs == (Run("水车"), Run("", note="1"))

    def test_other_pairs_keep_their_order(self) -> None:
        held = article(fields=(("licence", "CC0"), ("关键词", "甲"), ("来历", "乙"), ("关键词", "丙")))
        assert changed(held, 关键词="丁；戊").fields == (
            ("licence", "CC0"), ("关键词", "丁"), ("关键词", "戊"), ("来历", "乙"),
        )  # fmt: skip
        assert changed(held, licence="CC BY").fields[0] == ("licence", "CC BY")

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("题名", "", "不能为空"),
            ("题名", "两\n行", "只能写一行"),
            ("开放标识", "随便", "不能是“随便”"),
            ("稿件状态", "", "不能为空"),
            ("成文日期", "很久以前", "看不懂"),
            ("成文日期", "1985年2月30日", "看不懂"),
            ("案号", "十二", "应是数字"),
            ("案号", "", "不能为空"),
            ("类别", "外交", "不能是“外交”"),
            ("作者", "长" * 61, "太长"),
            ("提要", "响\x07铃", "控制字符"),
            ("关健词", "甲", "没有“关健词”这一项"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, field: str, value: str, message: str) -> None:
        with pytest.raises(FieldError, match=message) as caught:
            changed(article(fields=(("案号", "1"),)), **{field: value})
        assert caught.value.field == field
        assert caught.value.hint
        if field == "关健词":
            assert "关键词" in caught.value.hint

    def test_numbers_are_kept_in_ascii_digits(self) -> None:
        assert values(changed(article(), 案号="１２"), "案号") == ("12",)

    def test_several_values_for_one_field(self) -> None:
        with pytest.raises(FieldError, match="只能有一个值"):
            described(article(), {"栏目": ["甲", "乙"]}, STANDARD, shipped_reader().parse)
        assert described(article(), {"作者": ["甲", "乙"]}, STANDARD, shipped_reader().parse).people == (
            Person("甲"),
            Person("乙"),
        )

    def test_faults_of_an_article(self) -> None:
        held = article(fields=(("类别", "外交"),))
        assert [fault.field for fault in fields.faults(held, definitions(PROPOSALS), shipped_reader().parse)] == [
            "案号",
            "类别",
        ]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        made.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        made.session(LOCAL).save_collection(PROPOSALS)
        file = tmp_path / "a.txt"
        file.write_text("a", encoding="utf-8")
        made.session(LOCAL).add(file, "a.txt", [article(), article(collection="ta", fields=(("案号", "7"),))], ())
        yield made


class TestLibrary:
    def test_describing_makes_a_version(self, library: Library) -> None:
        made = library.session(EDITOR).describe("1", {"栏目": "工商", "作者": "张三"}, "补录")
        assert (made.version, made.section) == (2, "工商")
        assert library.session(LOCAL).search(Search(text="栏目:工商 作者:张三")).total == 1
        assert (
            library.session(LOCAL).versions("1")[1].reason,
            library.session(LOCAL).versions("1")[1].who,
        ) == ("补录", "编辑甲")
        assert library.session(LOCAL).mentions("1"), "dates in the text are still known"
        assert library.session(LOCAL).article("1", 1).section == ""

    def test_nothing_changed_is_no_version(self, library: Library) -> None:
        assert library.session(LOCAL).describe("1", {"题名": "忆水车", "栏目": ""}, "无").version == 1

    def test_status_alone_is_no_version_either(self, library: Library) -> None:
        made = library.session(LOCAL).describe("1", {"稿件状态": "撤下"}, "重复")
        assert (made.version, made.status) == (1, Status.WITHDRAWN)
        assert library.session(LOCAL).search(Search(text="水车")).total == 1
        made = library.session(LOCAL).describe("1", {"稿件状态": "发布", "栏目": "工商"}, "复核")
        assert (made.version, made.status, library.session(LOCAL).article("1").status) == (
            2,
            Status.RELEASED,
            Status.RELEASED,
        )

    def test_access_is_a_matter_of_rights(self, library: Library) -> None:
        assert library.session(LOCAL).describe("1", {"开放标识": "受限"}, "涉密").access is Access.RESTRICTED
        assert library.session(LOCAL).article("1").access is Access.RESTRICTED

    def test_all_or_none(self, library: Library) -> None:
        good, bad = Description("1", {"栏目": "工商"}), Description("2", {"案号": "七"})
        for wrong, error in (
            (bad, FieldError),
            (Description("2", {"案号": "8"}, version=9), Conflict),
            (Description("99", {"案号": "8"}), NotFound),
        ):
            with pytest.raises(error):
                library.session(LOCAL).describe_many([good, wrong], "批量")
            assert [one.version for one in library.session(LOCAL).articles()] == [1, 1]
        made = library.session(LOCAL).describe_many(
            [good, Description("2", {"案号": "8", "承办单位": "水务局、农业局"}, 1)], "批量"
        )
        assert [one.version for one in made] == [2, 2]
        assert values(made[1], "承办单位") == ("水务局", "农业局")
        assert library.session(LOCAL).search(Search(text="栏目:工商")).total == 1

    def test_declared_fields_belong_to_their_collection(self, library: Library) -> None:
        with pytest.raises(FieldError, match="没有“案号”这一项"):
            library.session(LOCAL).describe("1", {"案号": "8"}, "误")
        names = [one.name for one in library.session(LOCAL).field_definitions(library.session(LOCAL).article("2"))]
        assert names == [*(one.name for one in STANDARD), "案号", "类别", "承办单位"]

    def test_an_entry_s_dates_follow_its_own(self, library: Library, tmp_path: Path) -> None:
        file = tmp_path / "b.txt"
        file.write_text("b", encoding="utf-8")
        entry = article(blocks=(Block.plain(Kind.TITLE, "3月，造水车。"),), genre=Genre.ENTRY)
        (held,) = library.session(LOCAL).add(file, "b.txt", [entry], ()).articles
        assert library.session(LOCAL).search(Search(text="水车", period="1958年3月")).total == 0
        library.session(LOCAL).describe(held.id, {"成文日期": "1958年"}, "补年份")
        assert [
            hit.article
            for hit in library.session(LOCAL).search(Search(text="水车", period="1958年3月", within=True)).hits
        ] == [held.id]

    def test_decisions_on_dates_hold_on(self, library: Library) -> None:
        (mention,) = library.session(LOCAL).mentions("1")
        library.session(LOCAL).reject_date("1", (mention.block, mention.start, mention.end), "不是日期")
        library.session(LOCAL).describe("1", {"副题名": "又一段"}, "补")
        assert library.session(LOCAL).mentions("1") == ()


def test_replacing_keeps_the_rest() -> None:
    held = article(people=(Person("甲"), Person("乙", Role.RECORDER), Person("丙")))
    assert changed(held, 作者="丁").people == (Person("丁"), Person("乙", Role.RECORDER))
    assert replace(changed(held, 作者="丁"), people=held.people) == held


class TestSecrecy:
    """密级 and 开放标识 cannot contradict each other."""

    def test_a_wider_access_is_refused(self, library: Library) -> None:
        with pytest.raises(FieldError, match="“密级”是内部，“开放标识”就不能是公开"):
            library.session(LOCAL).describe("1", {"密级": "内部"}, "定密")
        made = library.session(LOCAL).describe("1", {"密级": "内部", "开放标识": "内部"}, "定密")
        assert made.access is Access.INTERNAL
        with pytest.raises(FieldError, match="不能是公开"):
            library.session(LOCAL).describe("1", {"开放标识": "公开"}, "开放")

    @pytest.mark.parametrize(("secrecy", "access"), [("公开", "公开"), ("内部", "内部")])
    def test_what_is_taken_in_is_as_secret_as_marked(
        self, library: Library, tmp_path: Path, secrecy: str, access: str
    ) -> None:
        file = tmp_path / "b.txt"
        file.write_text("b", encoding="utf-8")
        marked = article(fields=(("密级", secrecy),))
        (held,) = library.session(LOCAL).add(file, "b.txt", [marked], ()).articles
        assert held.access.value == access
