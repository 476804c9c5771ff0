"""Records and steps: kept for ever, signed, and nothing is released by a step that does not say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from archive.library import Library
from archive.model.access import Action, Actor, Rights
from archive.model.errors import Conflict, FieldError, NotAllowed, NotFound, UsageError
from archive.model.procedures import RowChange
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.session import Session
from archive.support.sheets import write_csv
from archive.workflow import stepping
from archive.workflow.register_tables import export_register, import_register
from archive.workflow.stepping import AskedStep
from archive.workflow.workflow import Workflow

LOCAL = Actor.local()


def article(status: Status = Status.RECEIVED) -> Article:
    blocks = (Block.plain(Kind.TITLE, "渡口的灯"), Block.plain(Kind.PARAGRAPH, "灯亮到后半夜。"))
    return Article(collection="c", blocks=blocks, status=status)


def filled(folder: Path, *statuses: Status) -> Library:
    library = Library.create(folder / "library")
    session = library.session(LOCAL)
    session.save_collection(Collection("c", "来稿"))
    for number, status in enumerate(statuses):
        file = folder / f"{number}.txt"
        file.write_text(f"稿 {number}", encoding="utf-8")
        session.add(file, file.name, [article(status)], ())
    return library


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with filled(tmp_path, Status.RECEIVED, Status.RELEASED) as library:
        yield library.session(LOCAL)


def take(session: Session, which: str, to: str, name: str = "文史稿件", **given: object) -> str:
    return session.workflow.take(name, which, AskedStep(to=to, **given)).state  # type: ignore[arg-type]


def test_articles_begin_where_their_status_is(session: Session) -> None:
    states = {}
    for id in ("1", "2"):
        found = session.workflow.of_article(id)
        assert found is not None
        states[id] = found[1].state
    assert states == {"1": "来稿", "2": "发布"}


def test_a_text_goes_from_arrival_to_release_and_every_step_stays(session: Session) -> None:
    take(session, "1", "初审")
    with pytest.raises(UsageError, match="要写初审意见；要写拟办"):
        take(session, "1", "复审")
    take(session, "1", "复审", opinion="可用", values={"拟办": "采用"}, signer="王编辑")
    with pytest.raises(UsageError, match="要添一行“送审”"):
        take(session, "1", "送审")
    offices = [RowChange("送审", -1, {"单位": one, "函号": f"{one}1号"}) for one in ("党史办", "统战部")]
    take(session, "1", "送审", rows=tuple(offices))
    with pytest.raises(UsageError, match="“送审”第 1、2 行还没有意见"):
        take(session, "1", "复审")
    answers = [RowChange("送审", at, {"意见": "无异议"}) for at in (0, 1)]
    take(session, "1", "复审", rows=tuple(answers))
    take(session, "1", "终审", opinion="核过", signer="李主任")
    take(session, "1", "采用", opinion="同意", signer="赵主席")
    assert session.article("1").status is Status.FINAL_REVIEW
    take(session, "1", "编入", values={"辑次": "第十三辑"}, signer="王编辑")
    assert take(session, "1", "刊出", values={"页码": "12—15"}, signer="王编辑") == "刊出"
    assert session.article("1").status is Status.RELEASED
    procedure, record = session.workflow.of_article("1") or (None, None)
    assert procedure is not None and record is not None
    steps = session.workflow.steps(record)
    assert [one.to for one in steps] == ["来稿", "初审", "复审", "送审", "复审", "终审", "采用", "编入", "刊出"]
    assert steps[2].signer == "王编辑" and steps[2].entered and steps[2].digest == session.article("1").digest
    assert stepping.replayed(procedure, record, steps) == record
    assert record.values["辑次"] == "第十三辑" and record.number.endswith("-001")


def test_what_was_put_aside_comes_back(session: Session) -> None:
    take(session, "1", "初审")
    assert take(session, "1", "备用", opinion="本辑题材不合", values={"复查年份": "2028"}) == "备用"
    assert take(session, "1", "初审", values={"新选题": "河湖旧事"}) == "初审"
    assert take(session, "1", "不用", opinion="与前辑重复") == "不用"
    assert session.article("1").status is Status.REJECTED
    assert take(session, "1", "初审", opinion="前辑那篇撤下了", reason="本单位只有一人") == "初审"


def test_one_person_in_two_reviews_gives_a_reason_that_is_kept(session: Session) -> None:
    take(session, "1", "初审", post="编辑")
    take(session, "1", "复审", opinion="可用", values={"拟办": "采用"})
    with pytest.raises(UsageError, match="本机已经以“编辑”签过字"):
        take(session, "1", "终审", opinion="可用")
    take(session, "1", "终审", opinion="可用", reason="主任出缺")
    _, record = session.workflow.of_article("1") or (None, None)
    assert record and session.workflow.steps(record)[-1].reason == "主任出缺"


def test_a_status_changed_elsewhere_is_followed_and_told(session: Session) -> None:
    take(session, "1", "初审")
    session.describe("1", {"稿件状态": "终审"}, "著录")
    _, record = session.workflow.of_article("1") or (None, None)
    assert record and record.state == "终审"
    take(session, "1", "采用", opinion="同意", post="分管领导", reason="兼")
    steps = session.workflow.steps(record)
    assert [(one.source, one.to) for one in steps[-2:]] == [("初审", "终审"), ("终审", "采用")]
    assert steps[-2].who == "程序"


def test_two_people_at_once(session: Session) -> None:
    take(session, "1", "初审")
    take(session, "1", "退修", opinion="补出处", seen=2)
    with pytest.raises(Conflict):
        take(session, "1", "初审", seen=2)


def test_who_may_not(session: Session) -> None:
    with Library.open(session.root) as library:
        editor = library.session(Actor("e", "编辑甲", Rights.of(
            frozenset(Access), frozenset(Status), frozenset({Action.REGISTER, Action.FIRST_REVIEW}))))  # fmt: skip
        take(editor, "1", "初审")
        take(editor, "1", "复审", opinion="可用", values={"拟办": "采用"})
        with pytest.raises(NotAllowed, match="要由主任来走"):
            take(editor, "1", "终审", opinion="可用")
        with pytest.raises(NotAllowed):
            editor.workflow.add("来稿登记簿", {"题名": "磨坊", "联系": "0955-1"})
        nobody = library.session(Actor("n", "无权者", Rights.nothing()))
        assert nobody.workflow.procedures() == () and nobody.workflow.to_do() == ()
        with pytest.raises(NotFound):
            nobody.workflow.records("提案")


def test_numbers_run_by_year_and_when_they_are_due(session: Session) -> None:
    for number in ("", "", "2019-07"):
        session.workflow.add("提案", {"案由": "修渠", "提案人": "张三", "登记号": number})
    year = session.workflow.records("提案")[0].number[:4]
    assert [one.number for one in session.workflow.records("提案登记簿")] == [f"{year}-001", f"{year}-002", "2019-07"]
    with pytest.raises(Conflict, match="已经有了"):
        session.workflow.add("提案", {"案由": "修桥", "提案人": "李四", "登记号": "2019-07"})
    take(session, f"{year}-002", "立案", "提案", opinion="立")
    take(session, f"{year}-001", "立案", "提案", opinion="立")
    assert [one.values.get("案号", "") for one in session.workflow.records("提案")] == ["2", "1", ""]


def test_what_is_private_is_in_no_step_and_no_export_that_does_not_name_it(session: Session, tmp_path: Path) -> None:
    made = session.workflow.add("来稿登记簿", {"题名": "磨坊", "身份证号": "640000190001010000"})
    assert session.workflow.private(made) == {"身份证号": "640000190001010000"}
    assert "6400" not in str(session.workflow.steps(made)) + str(session.workflow.records("来稿登记簿"))
    file = tmp_path / "r.xlsx"
    export_register(session.workflow, "来稿登记簿", file)
    from archive.support.table_files import read_tables

    assert "6400" not in str(read_tables(file))
    export_register(session.workflow, "来稿登记簿", file, private=["身份证号"])
    assert "640000190001010000" in str(read_tables(file))
    session.workflow.fill("来稿登记簿", made.number, {"身份证号": ""})
    assert session.workflow.private(made) == {}


def test_values_are_checked(session: Session) -> None:
    for values in ({"题名": ""}, {"题名": "磨坊", "字数": "很多"}, {"题名": "磨坊", "体裁": "小说"}, {"题明": "磨坊"}):
        with pytest.raises(FieldError):
            session.workflow.add("来稿登记簿", values)


def test_a_register_goes_to_excel_and_back_the_same(tmp_path: Path) -> None:
    folder = tmp_path
    with filled(folder) as one, Library.create(folder / "other") as other:
        here, there = one.session(LOCAL).workflow, other.session(LOCAL).workflow
        awkward = ["=1+1", "00123", "2026年3月2日", "'引号", "两行\n字", "1e5", "_x0041_"]
        for at, words in enumerate(awkward):
            rows = [RowChange("承办", -1, {"单位": words, "答复": words}), RowChange("承办", -1, {"单位": "乙"})]
            here.add("提案", {"案由": words, "提案人": f"甲{at}", "正文": words}, rows)
        here.take("提案", here.records("提案")[0].number, AskedStep(to="立案", opinion="立"))
        export_register(here, "提案", folder / "t.xlsx")
        came = import_register(there, "提案", folder / "t.xlsx")
        assert (came.added, came.changed) == (len(awkward), 0)
        bare = [replace(each, key=0, moment="", steps=0, due="") for each in here.records("提案")]
        assert bare == [replace(each, key=0, moment="", steps=0, due="") for each in there.records("提案")]
        assert import_register(here, "提案", folder / "t.xlsx").same == len(awkward)


def _table(file: Path, *rows: tuple[str, ...]) -> Path:
    write_csv(file, ("登记号", "状态", "题名", "身份证号"), rows)
    return file


def test_what_is_private_comes_back_from_excel_too(session: Session, tmp_path: Path) -> None:
    made = session.workflow.add("来稿登记簿", {"题名": "磨坊", "身份证号": "6400"})
    other = session.workflow.add("来稿登记簿", {"题名": "渡口", "身份证号": "6401"})
    rows = ((made.number, "", "磨坊", "6409"), (other.number, "", "渡口", ""), ("", "", "水车", "6402"))
    came = import_register(session.workflow, "来稿登记簿", _table(tmp_path / "t.csv", *rows))
    assert (came.added, came.changed, came.same) == (1, 1, 1)
    found = [session.workflow.private(one).get("身份证号") for one in session.workflow.records("来稿登记簿")]
    assert found == ["6409", "6401", "6402"]
    assert "6409" not in str(session.workflow.steps(made))


def test_a_table_that_cannot_be_taken_in_changes_nothing(session: Session, tmp_path: Path) -> None:
    made = session.workflow.add("来稿登记簿", {"题名": "磨坊"})
    actions = frozenset(Action) - {Action.PERSONAL}
    clerk = replace(session.actor, rights=Rights.of(frozenset(Access), frozenset(Status), actions))
    asked = session.corrections._store, session.corrections._engine, session._periods, clerk, lambda: session.books
    for workflow, rows, error in (
        (session.workflow, ((made.number, "", "水磨", ""), ("", "没有的状态", "渡口", "")), UsageError),
        (Workflow(*asked), ((made.number, "", "水磨", ""), ("", "", "渡口", "6400")), NotAllowed),
    ):
        with pytest.raises(error):
            import_register(workflow, "来稿登记簿", _table(tmp_path / "t.csv", *rows))
        assert [one.values["题名"] for one in session.workflow.records("来稿登记簿")] == ["磨坊"]


class Papers(RuleBasedStateMachine):
    """Whatever is tried, no step is lost, a record follows from its steps, and release comes by a step that says so."""

    @initialize()
    def begin(self) -> None:
        import tempfile

        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.library = filled(Path(self.folder.name), Status.RECEIVED)
        self.session = self.library.session(LOCAL)
        self.steps: tuple[object, ...] = ()

    def teardown(self) -> None:
        self.library.close()
        self.folder.cleanup()

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        procedure, record = self.session.workflow.of_article("1") or (None, None)
        assert procedure is not None and record is not None
        states = [one.name for one in procedure.states]
        ways = [one.to for one in procedure.ways(record.state)]
        to = data.draw(st.sampled_from([*ways, *states]))
        step = next((one for one in procedure.ways(record.state) if one.to == to), None)
        whole = data.draw(st.booleans())
        values = dict.fromkeys(step.needed, "甲") if step and whole else {}
        rows = (RowChange("送审", -1, {"单位": "乙", "意见": "可"}),) if step and step.rows and whole else ()
        asked = AskedStep(to=to, opinion="意" * whole, values=values, rows=rows, reason="兼" * whole)
        try:
            after = self.session.workflow.take("文史稿件", "1", asked)
        except (UsageError, FieldError):
            return
        assert step is not None and after.state == to
        status = self.session.article("1").status
        assert status is not Status.RELEASED or step.releases or record.state in ("发布", "刊出")

    @rule(status=st.sampled_from([Status.FIRST_REVIEW, Status.WITHDRAWN]))
    def elsewhere(self, status: Status) -> None:
        self.session.describe("1", {"稿件状态": status.value}, "著录")

    @invariant()
    def nothing_is_lost(self) -> None:
        found = self.session.workflow.of_article("1")
        assert found is not None
        procedure, record = found
        steps = self.session.workflow.steps(record)
        assert steps[: len(self.steps)] == self.steps
        self.steps = steps
        if record.key:
            assert replace(stepping.replayed(procedure, record, steps), state=record.state) == record
            state = procedure.state(record.state)
            assert state is not None and state.status is self.session.article("1").status


TestPapers = Papers.TestCase
TestPapers.settings = settings(max_examples=8, stateful_step_count=12)
