"""An office's own names: read from names.csv, asked by any form, merged with other tables, backed up."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from archive.catalogue.authority import Authority, Name, NameKind, merge, parse, row, save
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ReadError, StorageError
from archive.model.records import Article, Block, Collection, Kind
from archive.support.library_folder import NAMES
from archive.support.sheets import write_xlsx
from archive.support.table_files import read_rows

LOCAL = Actor.local()

ZHANG = Name(NameKind.PERSON, "张学良", ("张汉卿", "少帅"), "1901—2001", "奉天海城人")
WEI = Name(NameKind.PLACE, "中卫", ("应理州",))
TEXT = """类别,规范名,别名,生卒,说明
人物,张学良,张汉卿；少帅,1901—2001,奉天海城人
地名,中卫,应理州,,
机构,政协中卫县委员会,县政协、中卫政协,1956—,
"""


def written(folder: Path, text: str = TEXT, encoding: str = "utf-8-sig") -> Authority:
    (folder / NAMES).write_bytes(text.encode(encoding))
    return Authority.of(folder)


def table(text: str, **given: str):
    return parse([line.split(",") for line in text.splitlines()], "表.csv")


def test_the_names_are_the_same_object_until_they_change(tmp_path: Path) -> None:
    assert Authority.of(tmp_path) is Authority.of(tmp_path), "what is kept for it would be made again for every search"
    first = written(tmp_path)
    assert Authority.of(tmp_path) is first
    assert written(tmp_path, TEXT.replace("奉天", "辽宁海城")) is not first


def test_no_file_means_no_names(tmp_path: Path) -> None:
    assert Authority.of(tmp_path) == Authority()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_whatever_excel_saves_is_read(tmp_path: Path, encoding: str) -> None:
    found = written(tmp_path, TEXT.replace(",", "\t") if encoding == "utf-16" else TEXT, encoding)
    assert found.problems == ()
    assert found.names[:2] == (ZHANG, WEI)
    assert found.names[2].aliases == ("县政协", "中卫政协")


def test_names_are_found_by_any_form(tmp_path: Path) -> None:
    found = written(tmp_path)
    assert found.find("少帥") == found.find("张　学良") == found.find("張學良") == (ZHANG,)
    assert found.find("张学良", NameKind.PLACE) == ()
    assert found.find("张学") == ()


def test_a_preferred_form_comes_before_an_alias() -> None:
    first, second = Name(NameKind.PERSON, "马云", ("子明",)), Name(NameKind.PERSON, "子明")
    assert Authority((first, second)).find("子明") == (second, first)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    written(tmp_path)
    assert [name.preferred for name in written(tmp_path, "类别,规范名\n人物,刘勇\n").names] == ["刘勇"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("人名,李四", "类别“人名”不认识"),
        (",李四", "没有写类别"),
        ("人物,,李四", "没有写规范名"),
        ("人物,張學良,,1901—2001", "与第 2 行重复"),
    ],
)
def test_a_wrong_row_is_told_and_the_others_stay(tmp_path: Path, line: str, message: str) -> None:
    found = written(tmp_path, f"{TEXT}{line}\n人物,最后一人\n")
    (problem,) = found.problems
    assert message in problem.message
    assert problem.place == f"{NAMES} 第 5 行"
    assert problem.hint
    assert [name.preferred for name in found.names] == ["张学良", "中卫", "政协中卫县委员会", "最后一人"]


def test_two_people_of_one_name_have_other_dates(tmp_path: Path) -> None:
    found = written(tmp_path, "类别,规范名,生卒\n人物,刘勇,1890—1950\n人物,刘勇,1920—\n")
    assert not found.problems
    assert [name.dates for name in found.find("刘勇")] == ["1890—1950", "1920—"]


def test_columns_may_stand_in_any_order_and_unknown_ones_are_told(tmp_path: Path) -> None:
    found = written(tmp_path, "规范名,籍贯,类别\n张三,中卫,人物\n")
    assert found.names == (Name(NameKind.PERSON, "张三"),)
    assert [problem.message for problem in found.problems] == ["没有“籍贯”这一栏，其中的内容不会用到"]


@pytest.mark.parametrize("text", ["姓名,别名\n张三,\n", "", '类别,规范名\n"人物,张三'])
def test_a_file_that_is_no_such_table_is_a_problem_not_an_error(tmp_path: Path, text: str) -> None:
    found = written(tmp_path, text)
    assert not found.names
    assert found.problems


def test_a_file_of_no_known_encoding_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / NAMES).write_bytes(b"\xff\xff\xff\x80")
    (problem,) = Authority.of(tmp_path).problems
    assert "第 1 行" in problem.message


def test_saved_is_read_back_and_opens_in_excel(tmp_path: Path) -> None:
    names = (ZHANG, Name(NameKind.BODY, "=1+1", ("'二",), note="一行\n两行"))
    save(tmp_path, names)
    assert (tmp_path / NAMES).read_bytes().startswith(b"\xef\xbb\xbf")
    assert Authority.of(tmp_path) == Authority(names)
    assert [entry.name for entry in tmp_path.iterdir()] == [NAMES]


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    written(tmp_path)
    monkeypatch.setattr("archive.support.files.os.fsync", full)
    with pytest.raises(StorageError, match="空间不足"):
        save(tmp_path, ())
    assert [file.name for file in tmp_path.iterdir()] == [NAMES]
    assert Authority.of(tmp_path).find("少帅") == (ZHANG,)


def changes(held: Sequence[Name], text: str) -> tuple[list[str], list[tuple[str, ...]]]:
    merged = merge(held, table(text))
    return [name.preferred for name in merged.added], [row(after) for _, after in merged.changed]


def test_merging_adds_and_changes_and_never_removes() -> None:
    merged = merge((ZHANG, WEI), table("类别,规范名,别名,生卒,说明\n人物,張學良,汉卿,1901—2001,\n地名,固原,,,"))
    assert [name.preferred for name in merged.names] == ["張學良", "中卫", "固原"]
    assert [name.preferred for name in merged.added] == ["固原"]
    assert merged.changed[0][1].aliases == ("汉卿",)


def test_merging_leaves_missing_columns_as_they_are() -> None:
    assert changes((ZHANG,), "类别,规范名\n人物,张学良") == ([], [])
    assert changes((ZHANG,), "类别,规范名,说明\n人物,张学良,将领") == (
        [],
        [("人物", "张学良", "张汉卿；少帅", "1901—2001", "将领")],
    )


def test_merging_tells_people_of_one_name_apart_by_dates() -> None:
    one, other = Name(NameKind.PERSON, "刘勇", (), "1890—1950"), Name(NameKind.PERSON, "刘勇", (), "1920—")
    assert changes((one, other), "类别,规范名,生卒,说明\n人物,刘勇,1920—,教师") == (
        [],
        [("人物", "刘勇", "", "1920—", "教师")],
    )
    assert changes((one,), "类别,规范名,生卒\n人物,刘勇,1920—") == (["刘勇"], [])
    assert changes((Name(NameKind.PERSON, "刘勇"),), "类别,规范名,生卒\n人物,刘勇,1920—") == (
        [],
        [("人物", "刘勇", "", "1920—", "")],
    )


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


def test_a_library_has_names_and_its_backup_too(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        assert library.session(LOCAL).authority() == Authority()
        save(library.root, (ZHANG,))
        assert library.session(LOCAL).authority().find("少帅") == (ZHANG,)
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        (tmp_path / "a.txt").write_text("水车", encoding="utf-8")
        draft = Article(collection="c", blocks=(Block.plain(Kind.TITLE, "水车"),))
        library.session(LOCAL).add(tmp_path / "a.txt", "a.txt", [draft], ())
        library.session(LOCAL).upkeep.backups.make(tmp_path / "b.zip")
    with Library.restore(tmp_path / "b.zip", tmp_path / "again") as again:
        assert again.session(LOCAL).authority().names == (ZHANG,)


def test_checking_a_library_tells_of_wrong_rows(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        assert library.session(LOCAL).check() == ()
        written(library.root, "类别,规范名\n人物,张三\n人名,李四\n")
        (problem,) = library.session(LOCAL).check()
    assert (problem.code, problem.place) == ("names-broken", str(library.root / f"{NAMES} 第 3 行"))
