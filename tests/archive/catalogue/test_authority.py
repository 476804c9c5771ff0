"""An office's own names: asked by any form, as a table in and out, taken over from a names.csv, backed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.authority import Authority, Name
from archive.catalogue.name_table import HEADER, NameTable, merge, parse, row
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ReadError, StorageError
from archive.model.name_records import (
    Belonging,
    FormType,
    Identifier,
    NameForm,
    NameKind,
    NameRecord,
    Statement,
    years,
    years_written,
)
from archive.support.library_folder import BACKUPS, NAMES
from archive.support.sheets import csv_rows, csv_text, write_xlsx
from archive.support.table_files import read_rows
from tests.given_names import give

LOCAL = Actor.local()

ZHANG = Name(NameKind.PERSON, "张学良", ("张汉卿", "少帅"), "1901—2001", "奉天海城人")
WEI = Name(NameKind.PLACE, "中卫", ("应理州",))
TEXT = """类别,规范名,别名,生卒,说明
人物,张学良,张汉卿；少帅,1901—2001,奉天海城人
地名,中卫,应理州,,
机构,政协中卫县委员会,县政协、中卫政协,1956—,
"""


def table(text: str) -> NameTable:
    return parse(csv_rows(text, "表.csv"), "表.csv")


def record(text: str) -> NameRecord:
    (found,) = table(text).records
    return found


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        yield library


def authority(library: Library) -> Authority:
    return library.session(LOCAL).authority()


def test_the_names_are_the_same_object_until_they_change(library: Library) -> None:
    assert authority(library) is authority(library), "what is kept for it would be made again for every search"
    give(library, TEXT)
    first = authority(library)
    library.session(LOCAL).jobs.interrupt()
    assert authority(library) is first
    give(library, TEXT.replace("奉天", "辽宁海城"))
    assert authority(library) is not first


def test_a_library_has_no_names_at_first(library: Library) -> None:
    assert authority(library) == Authority()


def test_names_are_found_by_any_form(library: Library) -> None:
    give(library, TEXT)
    found = authority(library)
    assert found.names[:2] == (ZHANG, WEI)
    assert found.find("少帥") == found.find("张　学良") == found.find("張學良") == (ZHANG,)
    assert found.find("张学良", NameKind.PLACE) == ()
    assert found.find("张学") == ()


def test_a_preferred_form_comes_before_an_alias() -> None:
    first, second = Name(NameKind.PERSON, "马云", ("子明",)), Name(NameKind.PERSON, "子明")
    assert Authority((first, second)).find("子明") == (second, first)


# -- a names.csv in the folder


def reopened(root: Path, data: bytes) -> tuple[list[str], list[str]]:
    """The names after a file was found at opening, and what is told of what stays in it."""
    (root / NAMES).write_bytes(data)
    with Library.open(root) as library:
        names = library.session(LOCAL).names
        return [one.preferred for one in names.all()], [f"{one.place}：{one.message}" for one in names.left_over()]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_whatever_excel_saved_is_taken_over(library: Library, encoding: str) -> None:
    library.close()
    text = TEXT.replace(",", "\t") if encoding == "utf-16" else TEXT
    assert reopened(library.root, text.encode(encoding)) == (["张学良", "中卫", "政协中卫县委员会"], [])
    with Library.open(library.root) as again:
        assert authority(again).names[:2] == (ZHANG, WEI)
        assert authority(again).names[2].aliases == ("县政协", "中卫政协")
    assert not (library.root / NAMES).exists(), "there would be two places for the truth"
    (kept,) = (library.root / BACKUPS).glob("names-*.csv")
    assert kept.read_bytes() == text.encode(encoding)


def test_rows_that_cannot_be_used_stay_until_mended(library: Library) -> None:
    library.close()
    names, told = reopened(library.root, "类别,规范名,说明\n人物,张三,\n人名,李四,船工\n".encode())
    assert names == ["张三"]
    assert told == [f"{NAMES} 第 2 行：类别“人名”不认识"]
    assert csv_rows((library.root / NAMES).read_text("utf-8-sig"), "") == [
        ["类别", "规范名", "说明"],
        ["人名", "李四", "船工"],
    ]
    with Library.open(library.root) as again:
        (problem,) = again.session(LOCAL).check()
        assert (problem.code, problem.place) == ("names-broken", str(library.root / f"{NAMES} 第 2 行"))
    mended = (library.root / NAMES).read_text("utf-8-sig").replace("人名", "人物")
    assert reopened(library.root, mended.encode()) == (["张三", "李四"], [])


def test_columns_of_the_office_s_own_go_into_the_note(library: Library) -> None:
    library.close()
    text = "规范名,籍贯,类别,民族,说明\n张三,中卫,人物,回,船工\n李四,,人物,,\n"
    assert reopened(library.root, text.encode()) == (["张三", "李四"], [])
    with Library.open(library.root) as again:
        assert [one.note for one in authority(again).names] == ["船工；籍贯：中卫；民族：回", ""]


@pytest.mark.parametrize(
    "data", ["姓名,别名\n张三,\n".encode(), '类别,规范名\n"人物,张三'.encode(), b"\xff\xff\xff\x80"]
)
def test_a_file_that_is_no_such_table_stays_and_is_told(library: Library, data: bytes) -> None:
    library.close()
    names, told = reopened(library.root, data)
    assert not names and told
    assert (library.root / NAMES).read_bytes() == data


def test_taking_over_twice_changes_nothing(library: Library) -> None:
    give(library, TEXT)
    library.close()
    reopened(library.root, TEXT.encode())
    with Library.open(library.root) as again:
        assert [one.version for one in again.session(LOCAL).names.all()] == [1, 1, 1]


def test_a_backup_has_the_names(library: Library, tmp_path: Path) -> None:
    give(library, TEXT)
    library.session(LOCAL).upkeep.backups.make(tmp_path / "b.zip")
    with Library.restore(tmp_path / "b.zip", tmp_path / "again") as again:
        assert authority(again).find("少帅") == (ZHANG,)


# -- as a table


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("人名,李四", "类别“人名”不认识"),
        (",李四", "没有写类别"),
        ("人物,,李四", "没有写规范名"),
        ("人物,張學良,,1901—2001", "与第 2 行重复"),
        ("人物,李四,,,,,,,甲", "编号“甲”不是数字"),
        ("人物,李四,,,,任职 | 1956 | 县长 | 县志 | 多", "“经历”有一行不全"),
        ("地名,固原,,,,,1929 |", "“隶属”有一行不全"),
        ("地名,固原,,,,,何时 | 甘肃", "“隶属”里的时间“何时”看不懂"),
        ("地名,固原,,,,,1949—1929 | 宁夏", "隶属“宁夏”的起讫颠倒"),
        ("人物,李四,,,,,,CHGIS hvd_1", "CHGIS 的编号“hvd_1”不对"),
        ("地名,固原,,,,,,CHGIS hvd_1 (1736—1949)", "年份超出 CHGIS 的范围"),
        ("地名,固原,,1950—,,,,CHGIS hvd_1", "不在 hvd_1 的年份里"),
        ("人物,李四,,,,,,CBDB 甲", "CBDB 的编号“甲”不对"),
    ],
)
def test_a_wrong_row_is_told_and_the_others_stay(line: str, message: str) -> None:
    head = ",".join(HEADER)
    found = table(f"{head}\n{TEXT.split(chr(10), 1)[1]}{line}\n人物,最后一人\n")
    (problem,) = found.problems
    assert message in problem.message
    assert problem.place == "表.csv 第 5 行"
    assert problem.hint
    assert [one.preferred for one in found.records] == ["张学良", "中卫", "政协中卫县委员会", "最后一人"]


def test_two_people_of_one_name_have_other_dates_or_notes() -> None:
    found = table("类别,规范名,生卒,说明\n人物,刘勇,1890—1950,\n人物,刘勇,1920—,\n人物,刘勇,,教师\n人物,刘勇,,船工\n")
    assert not found.problems and len(found.rows) == 4


def test_unknown_columns_are_told() -> None:
    found = table("规范名,籍贯,类别\n张三,中卫,人物\n")
    assert [problem.message for problem in found.problems] == ["没有“籍贯”这一栏，其中的内容不会用到"]


def test_forms_have_types() -> None:
    found = record("类别,规范名,别名\n人物,张学良,汉卿（字）；毅庵(号)、少帅；张　学良")
    assert found.forms == (
        NameForm("汉卿", FormType.COURTESY),
        NameForm("毅庵", FormType.PSEUDONYM),
        NameForm("少帅", FormType.ALIAS),
    )


WORDS = st.text("甲乙丙子丑2A前", min_size=1, max_size=4)
YEAR = st.none() | st.integers(-300, 2100)
Span = tuple[int | None, int | None]


def ordered(span: Span) -> bool:
    return span[0] is None or span[1] is None or span[0] <= span[1]


SPAN: st.SearchStrategy[Span] = st.tuples(YEAR, YEAR).filter(ordered)
OUTSIDE = st.builds(
    lambda value, span: Identifier("地名志", value, *span), st.from_regex("[a-z]{2,5}", fullmatch=True), SPAN
)
ABOVE = st.builds(
    lambda parent, span, source: Belonging(parent, span[0], span[1], source), WORDS, SPAN, st.just("") | WORDS
)
RECORDS = st.builds(
    NameRecord,
    kind=st.just(NameKind.PLACE),
    preferred=st.just("规范"),
    forms=st.lists(st.builds(NameForm, WORDS, st.sampled_from(FormType)), unique_by=lambda one: one.text).map(tuple),
    dates=st.sampled_from(["", "1901—2001", "1956—"]),
    note=st.text("甲乙，。\n=+@'", max_size=6).map(str.strip),
    statements=st.lists(st.builds(Statement, WORDS, *[st.just("") | WORDS] * 3)).map(tuple),
    belongings=st.lists(ABOVE).map(tuple),
    identifiers=st.lists(OUTSIDE).map(tuple),
    key=st.integers(0, 99),
)


@given(RECORDS)
def test_what_goes_out_comes_in_as_it_was(one: NameRecord) -> None:
    (again,) = parse(csv_rows(csv_text([HEADER, row(one)]), "表"), "表").records
    assert again == one


@given(SPAN)
def test_years_are_read_as_they_are_written(span: Span) -> None:
    assert years(years_written(*span)) == span


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1901—2001", (1901, 2001)), ("1956—", (1956, None)), ("—1949", (None, 1949)), ("1913", (1913, 1913)),
        ("前202—8", (-201, 8)), ("约1890年—1950年3月", (1890, 1950)), ("不详", (None, None)), ("", (None, None)),
    ],
)  # fmt: skip
def test_years(written: str, read: Span) -> None:
    assert years(written) == read


def changes(held: Sequence[NameRecord], text: str) -> tuple[list[str], list[tuple[str, ...]]]:
    merged = merge(held, table(text))
    return [one.preferred for one in merged.added], [row(after) for _, after in merged.changed]


ZHANG_HELD = NameRecord(
    NameKind.PERSON, "张学良", (NameForm("张汉卿"), NameForm("少帅")), "1901—2001", "奉天海城人", key=3
)
AS_ROW = ("人物", "张学良", "张汉卿；少帅", "1901—2001")


def test_merging_adds_and_changes_and_never_removes() -> None:
    text = "类别,规范名,别名,生卒,说明\n人物,張學良,汉卿,1901—2001,\n地名,固原,,,"
    merged = merge((ZHANG_HELD, NameRecord(NameKind.PLACE, "中卫", key=4)), table(text))
    assert [one.preferred for one in merged.added] == ["固原"]
    ((_, after),) = merged.changed
    assert (after.key, after.preferred, after.aliases) == (3, "張學良", ("汉卿",))


def test_merging_leaves_missing_columns_as_they_are() -> None:
    assert changes((ZHANG_HELD,), "类别,规范名\n人物,张学良") == ([], [])
    assert changes((ZHANG_HELD,), "类别,规范名,说明\n人物,张学良,将领") == ([], [(*AS_ROW, "将领", "", "", "", "3")])


def test_merging_tells_people_of_one_name_apart() -> None:
    one, other = (
        NameRecord(NameKind.PERSON, "刘勇", (), dates, key=key) for key, dates in ((1, "1890—1950"), (2, "1920—"))
    )
    found = changes((one, other), "类别,规范名,生卒,说明\n人物,刘勇,1920—,教师")
    assert found == ([], [("人物", "刘勇", "", "1920—", "教师", "", "", "", "2")])
    assert changes((one,), "类别,规范名,生卒\n人物,刘勇,1920—") == (["刘勇"], [])
    undated = NameRecord(NameKind.PERSON, "刘勇", key=5)
    assert changes((undated,), "类别,规范名,生卒\n人物,刘勇,1920—")[1][0][3] == "1920—"
    twins = [NameRecord(NameKind.PERSON, "刘勇", note=note, key=key) for key, note in ((1, "教师"), (2, "船工"))]
    assert merge(twins, table("类别,规范名,别名\n人物,刘勇,老刘")).problems
    assert changes(twins, "类别,规范名,别名,说明\n人物,刘勇,老刘,船工")[1][0][-1] == "2"
    assert changes(twins, "类别,规范名,说明,编号\n人物,刘勇,水手,2")[1][0][-1] == "2"


def test_a_number_means_its_record_whatever_it_is_called_now() -> None:
    assert changes((ZHANG_HELD,), "类别,规范名,别名,编号\n人物,张汉卿,张学良,3")[1][0][:3] == (
        "人物", "张汉卿", "张学良",
    )  # fmt: skip
    (problem,) = merge((ZHANG_HELD,), table("类别,规范名,编号\n人物,李四,3")).problems.values()
    assert "编号 3 在库里是“张学良”" in problem.message
    gone = NameRecord(NameKind.PERSON, "张汉卿", key=2, merged_into=3)
    assert changes((gone, ZHANG_HELD), "类别,规范名,说明,编号\n人物,少帅,,2")[1][0][-1] == "3"


def test_excel_tables_are_read(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [("空", (), ()), ("名", ("类别", "规范名"), [("人物", "张三")])])
    assert read_rows(tmp_path / "a.xlsx") == [["类别", "规范名"], ["人物", "张三"]]
    book = openpyxl.Workbook()
    book.active.append(["1901", 1901, 1901.0, None, 1.5])
    book.save(tmp_path / "b.xlsx")
    assert read_rows(tmp_path / "b.xlsx") == [["1901", "1901", "1901", "", "1.5"]]
    (tmp_path / "c.xlsx").write_bytes((tmp_path / "b.xlsx").read_bytes()[:300])
    with pytest.raises(ReadError):
        read_rows(tmp_path / "c.xlsx")
    with pytest.raises(StorageError):
        read_rows(tmp_path / "d.xlsx")
