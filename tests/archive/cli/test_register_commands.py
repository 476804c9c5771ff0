"""`wenshi register` and `wenshi workflow` from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library


@pytest.fixture
def wenshi(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    root = tmp_path / "library"
    Library.create(root).close()

    def call(*arguments: str, code: int = 0) -> str:
        assert run(["--library", str(root), *arguments]) == code
        said = capsys.readouterr()
        return said.out if code == 0 else said.err

    return call


def test_a_proposal_is_opened_again_while_its_mover_is_not_satisfied(wenshi, tmp_path: Path) -> None:
    number = wenshi("register", "add", "提案登记簿", "案由=修水渠", "提案人=张三", "会议=会上").strip()
    assert re.fullmatch(r"\d{4}-001", number)
    step = ("workflow", "step", "提案", number)
    wenshi(*step, "立案", "--opinion", "属实", "--set", "分类=农业农村")
    rows = ("--row", "承办:单位=水利局;主协办=主办", "--row", "承办:单位=财政局；主协办=协办")
    wenshi(*step, "交办", "--set", "交办日期=2026-03-01", *rows)
    assert "第 1、2 行还没有签收日期" in wenshi(*step, "办理", code=2)
    signed = [part for at in (1, 2) for part in ("--row", f"承办#{at}:签收日期=2026-03-02")]
    wenshi("register", "set", "提案", number, *signed)
    wenshi(*step, "办理")
    answered = [
        part for at in (1, 2) for part in ("--row", f"承办#{at}:答复日期=2026-05-0{at};类别=B;类别文字=列入计划")
    ]
    wenshi(*step, "答复", *answered)
    wenshi(*step, "反馈", "--set", "满意程度=不满意", "--row", "反馈:第几次=1;满意程度=不满意")
    assert "满意程度是满意、基本满意，才能走这一步" in wenshi(*step, "办结", code=2)
    assert wenshi(*step, "办理", "--opinion", "重办") == f"{number}\t办理\n"
    wenshi(*step, "答复")
    wenshi(*step, "反馈", "--set", "满意程度=满意", "--row", "反馈:第几次=2;满意程度=满意")
    wenshi(*step, "办结")
    history = wenshi("workflow", "history", "提案", number)
    assert history.count("办理 → 答复") == 2 and "重办" in history
    counts = wenshi("register", "count", "提案")
    assert "办复率＝有案号并且状态是答复、反馈、办结 ÷ 有案号＝1 ÷ 1＝100.0%" in counts
    assert "农业农村\t1\t1" in counts
    assert number in wenshi("register", "list") or "提案登记簿\t提案\t1 份" in wenshi("register", "list")
    assert wenshi("workflow", "todo") == ""


def test_an_office_makes_a_register_of_its_own_and_takes_its_excel_file(wenshi, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    wenshi("workflow", "edit", "征稿", "-o", str(file))
    own = file.read_text(encoding="utf-8").replace('name = "征稿"', 'name = "采访"').replace("征稿登记簿", "采访登记簿")
    file.write_text(own.replace('to = "截止"', 'to = "截至"'), encoding="utf-8")
    assert re.search(r"第 \d+ 行：没有“截至”这个状态", wenshi("workflow", "save", str(file), code=19))
    file.write_text(own, encoding="utf-8")
    wenshi("workflow", "save", str(file))
    wenshi("register", "add", "采访登记簿", "专题=渡口", "征稿号=2024-09", "--row", "约稿:对象=老船工")
    table = tmp_path / "t.xlsx"
    wenshi("register", "export", "采访", "-o", str(table))
    wenshi("register", "set", "采访", "2024-09", "专题=渡口旧事")
    wenshi("register", "import", "采访", str(table))
    shown = wenshi("register", "show", "采访", "2024-09")
    assert "专题\t渡口\n" in shown and "约稿 1\t对象：老船工" in shown
    assert "渡口旧事" in wenshi("workflow", "history", "采访", "2024-09", "--json")


def test_a_procedure_that_was_not_saved_as_utf_8_is_refused(wenshi, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes('name = "采访"'.encode("gb18030"))
    assert "不是 UTF-8 文本" in wenshi("workflow", "save", str(file), code=17)
    assert "没有写成" in wenshi("workflow", "edit", "征稿", "-o", str(tmp_path / "none" / "own.toml"), code=15)
