"""Procedures as files: those shipped hold together, and a mistake is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.errors import ConfigError, UsageError
from archive.model.records import Status
from archive.workflow.procedure_file import read
from archive.workflow.procedure_table import ProcedureTable, shipped

GOOD = """\
name = "口述采访"
begins = ["约定"]

[[number]]
field = "采访号"
form = "{year}-{n:02}"

[[post]]
name = "编辑"
right = "登记"

[[field]]
name = "口述人"
required = true

[[rows]]
name = "采访"
fields = [{ name = "日期", kind = "date" }]

[[state]]
name = "约定"
[[state]]
name = "整理"
closed = true

[[step]]
from = ["约定"]
to = "整理"
who = ["编辑"]
rows = "采访"
"""
ARTICLE = '[[state]]\nname = "发布"\nstatus = "发布"\n'


def test_those_shipped_hold_together() -> None:
    assert [one.name for one in shipped()] == ["文史稿件", "征稿", "提案", "社情民意", "志书评审", "书稿校次"]
    manuscripts = shipped()[0]
    assert {manuscripts.state_of(status): status for status in Status} == {status.value: status for status in Status}
    for step in manuscripts.transitions:
        to = manuscripts.state(step.to)
        assert to is not None and (to.status is Status.RELEASED) == step.releases
    for state in manuscripts.states:  # nothing is returned and gone
        assert manuscripts.ways(state.name)


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('name = "约定"\n[[state]]', "name = 约定\n[[state]]", 21, "写法不对"),
        ('to = "整理"', 'to = "整里"', 28, "没有“整里”这个状态"),
        ('from = ["约定"]', 'from = "预定"', 27, "没有“预定”这个状态"),
        ('who = ["编辑"]', 'who = ["主编"]', 29, "没有“主编”这个岗位"),
        ('who = ["编辑"]', 'whom = ["编辑"]', 29, "不认识的一项“whom”"),
        ('right = "登记"', 'right = "登级"', 10, "没有“登级”这种权限"),
        ('rows = "采访"', 'rows = "访问"', 30, "没有“访问”这组行"),
        ("required = true", "required = 1", 14, "只能写 true 或 false"),
        ("{n:02}", "02", 6, "要有 {n}"),
        ('begins = ["约定"]', 'begins = ["开始"]', 2, "不是这里的状态"),
        ("closed = true\n", "", 22, "再也出不来"),
        ('rows = "采访"', "releases = true", 30, "不要写 releases"),
        ('rows = "采访"', 'when = ["年龄=八十"]', 30, "没有“年龄”这一项"),
        ('kind = "date" }', "private = true }", 18, "不能有个人信息"),
        ('[[state]]\nname = "整理"', '[[state]]\nname = "约定"', 23, "写了两次"),
    ],
)
def test_a_mistake_is_told_with_its_line(before: str, after: str, line: int, words: str) -> None:
    assert before in GOOD
    with pytest.raises(ConfigError) as told:
        read(GOOD.replace(before, after), "采访.toml")
    assert words in told.value.message
    assert told.value.place == f"采访.toml 第 {line} 行"


def test_a_step_that_lets_readers_see_must_say_so() -> None:
    text = (Path(ProcedureTable.__module__.replace(".", "/")).parent / "procedures/manuscripts.toml").as_posix()
    shipped_text = Path(__file__).resolve().parents[3].joinpath(text).read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="releases = true"):
        read(shipped_text.replace("releases = true\n", ""), "x.toml")
    with pytest.raises(ConfigError, match="没有哪个状态的 status 是“退稿”"):
        read(shipped_text.replace('status = "退稿"', 'status = "终审"'), "x.toml")


def test_an_office_has_its_own_and_a_broken_file_keeps_the_last_good_one(tmp_path: Path) -> None:
    table = ProcedureTable(tmp_path)
    made = table.read_new(GOOD)
    table.keep(made, GOOD)
    assert made.own
    assert [one.name for one in table.all()][-1] == "口述采访" and not table.errors()
    changed = table.text("提案").replace('register = "提案登记簿"', 'register = "委员提案"')
    table.keep(table.read_new(changed), changed)
    assert next(one for one in table.all() if one.name == "提案").title == "委员提案"
    table.file("口述采访").write_text(GOOD.replace("{n:02}", "{n:02"), encoding="utf-8")
    assert [one.name for one in table.all()][-1] == "口述采访"
    (error,) = table.errors()
    assert error.place.endswith("第 6 行")
    for name in ("委员提案", "../外面", "NUL", "甲.乙"):
        wrong = GOOD.replace("口述采访", name)
        with pytest.raises(UsageError):
            table.keep(table.read_new(wrong), wrong)


def test_two_procedures_whose_files_a_system_would_take_for_one_are_refused(tmp_path: Path) -> None:
    table = ProcedureTable(tmp_path)
    for name in ("Interview", "Letters"):
        text = GOOD.replace("口述采访", name).replace("采访登记簿", f"{name}登记簿")
        table.keep(table.read_new(text), text)
    text = GOOD.replace("口述采访", "interview").replace("采访登记簿", "另一本登记簿")
    with pytest.raises(UsageError):
        table.keep(table.read_new(text), text)


def test_the_example_of_the_documentation_is_read() -> None:
    text = Path(__file__).resolve().parents[3].joinpath("docs/workflow.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    assert read(example, "例").title == "采访登记簿"
