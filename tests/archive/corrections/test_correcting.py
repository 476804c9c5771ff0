"""Corrections by a session: versions, conflicts, replacing in many articles, errors reported, all within rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.corrections.replacing import Occurrence
from archive.library import Library
from archive.model.access import IN_USE, Action, Actor, Rights
from archive.model.edits import Rewrite
from archive.model.errors import Conflict, NotAllowed, NotFound, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Person, Run, Style
from archive.model.search import Search
from archive.session import Session

READER = Actor("r", "读者", Rights.of(frozenset({Access.OPEN}), IN_USE, frozenset()))
EDITOR = Actor("e", "编辑甲", Rights.everything())
TEXT = "渠成于光绪三十年，民国二年重修。"


def draft(title: str, *texts: str, access: Access = Access.OPEN) -> Article:
    blocks = (Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    return Article(collection="c", blocks=blocks, people=(Person("张三"),), access=access)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    original = tmp_path / "a.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(tmp_path / "library") as created:
        session = created.session(EDITOR)
        session.save_collection(Collection("c", "文史"))
        session.add(
            original,
            "a.txt",
            [
                draft("渠", TEXT, "木轮水车二架。"),
                draft("车", "水车停了。水车毁了。"),
                draft("密", "水车。", access=Access.INTERNAL),
            ],
            [],
        )
        yield created


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(EDITOR)


def texts(session: Session, article_id: str = "1", version: int | None = None) -> list[str]:
    return [block.text for block in session.article(article_id, version).blocks]


def rewrite(session: Session, block: int, *new: str) -> Rewrite:
    return Rewrite(block, texts(session)[block], new)


def test_a_correction_is_a_new_version_signed_and_found(session: Session) -> None:
    made = session.correct("1", [rewrite(session, 2, "木轮筒车二架。")], "错字", version=1)
    assert (made.version, made.blocks[2].text) == (2, "木轮筒车二架。")
    assert [(each.version, each.who, each.reason) for each in session.versions("1")][1] == (2, "编辑甲", "错字")
    assert [hit.article for hit in session.search(Search(text="筒车")).hits] == ["1"]
    assert texts(session, "1", 1)[2] == "木轮水车二架。"


def test_what_changes_nothing_makes_no_version(session: Session) -> None:
    assert session.correct("1", [rewrite(session, 2, "木轮水车二架。")], "错字").version == 1


def test_a_decision_on_a_date_stays_on_its_words(session: Session) -> None:
    session.reject_date("1", (1, 3, 8), "误")
    session.correct("1", [rewrite(session, 1, "据县志所载，渠乃成于光绪三十年，", "民国二年重修。")], "原稿核对")
    ((_, place),) = session.date_decisions("1")
    assert place == (1, 10, 15)
    assert [each.period.written for each in session.mentions("1")] == ["民国二年"]


def test_two_people_correct_different_paragraphs(session: Session) -> None:
    mine = rewrite(session, 2, "木轮水车三架。")
    session.correct("1", [rewrite(session, 1, "新加的一段。", TEXT)], "补录", version=1)
    assert session.correct("1", [mine], "错字", version=1).version == 3
    assert texts(session) == ["渠", "新加的一段。", TEXT, "木轮水车三架。"]


def test_two_people_correct_the_same_paragraph(session: Session) -> None:
    mine = rewrite(session, 2, "木轮水车三架。")
    session.correct("1", [rewrite(session, 2, "木轮水车四架。")], "错字", version=1)
    with pytest.raises(Conflict, match="第 2 版"):
        session.correct("1", [mine], "错字", version=1)
    assert texts(session)[2] == "木轮水车四架。"


def test_versions_are_compared_and_restored(session: Session) -> None:
    session.correct("1", [rewrite(session, 2, "木轮水车三架。")], "错字")
    session.describe("1", {"作者": "李四"}, "署名")
    difference = session.corrections.difference("1", 1, 3)
    assert [(pair.left_spans, pair.right_spans) for pair in difference.changed] == [(((4, 5),), ((4, 5),))]
    assert difference.fields == (("作者", "张三", "李四"),)
    restored = session.corrections.restore("1", 1, "")
    assert (restored.version, restored.people, texts(session)) == (4, (Person("张三"),), texts(session, "1", 1))
    assert session.versions("1")[-1].reason == "恢复第 1 版"
    assert session.corrections.restore("1", 1, "").version == 4, "it reads so already"
    with pytest.raises(NotFound):
        session.corrections.restore("1", 9, "")


def test_a_paragraph_of_an_older_version_is_found_in_the_newest(session: Session) -> None:
    session.correct("1", [rewrite(session, 1, "新加的一段。", TEXT), rewrite(session, 2)], "补录")
    assert [session.corrections.present_block("1", 1, index) for index in range(3)] == [0, 2, None]


def listed(session: Session) -> list[Occurrence]:
    return [one for _, found in session.corrections.occurrences("水车", "c") for one in found]


def test_words_are_replaced_where_they_were_ticked_and_put_back_as_one(session: Session) -> None:
    places = listed(session)
    assert [(one.article, one.block, one.start) for one in places] == [
        ("1", 2, 2),
        ("2", 1, 0),
        ("2", 1, 5),
        ("3", 1, 0),
    ]
    act = session.corrections.replace("水车", "筒车", [places[0], places[2]], "统一用字")
    assert (act.articles, act.detail) == (2, "“水车”改为“筒车”，2 处")
    assert (texts(session)[2], texts(session, "2")[1]) == ("木轮筒车二架。", "水车停了。筒车毁了。")
    assert session.search(Search(text="筒车")).total == 2
    assert session.corrections.take_back(act.key) == (2, 0)
    assert (texts(session)[2], texts(session, "2")[1]) == ("木轮水车二架。", "水车停了。水车毁了。")
    assert session.article("1").version == 3
    with pytest.raises(Conflict):
        session.corrections.take_back(act.key)
    assert [bool(one.taken_back) for one in session.corrections.replacements()] == [True]
    assert session.arrangement.changes() == (), "those are listed elsewhere"


def test_words_in_all_their_forms_are_replaced_as_one_chooses(session: Session) -> None:
    """Each form is shown as it is written; one version an article, put back as one, to the very characters."""
    before = "木轮水車二架，水　车一架，水车三架。"
    session.correct("1", [rewrite(session, 2, before)], "录入")
    exact = [one for _, found in session.corrections.occurrences("水车", "c") for one in found if one.article == "1"]
    assert len(exact) == 1
    found = [one for _, each in session.corrections.occurrences("水车", "c", folded=True) for one in each]
    mine = [one for one in found if one.article == "1"]
    assert [before[one.start : one.end] for one in mine] == ["水車", "水　车", "水车"]
    with pytest.raises(Conflict):
        session.corrections.replace("水车", "筒车", mine[:2], "统一用字")
    act = session.corrections.replace("水车", "水车", mine[:2], "统一用字", folded=True)
    assert act.detail == "“水车”（连同繁体、异体、全半角）改为“水车”，2 处"
    assert texts(session)[2] == "木轮水车二架，水车一架，水车三架。"
    assert session.corrections.take_back(act.key) == (1, 0)
    assert texts(session)[2] == before


def test_what_was_corrected_since_is_not_put_back(session: Session) -> None:
    act = session.corrections.replace("水车", "筒车", listed(session)[:3], "统一用字")
    session.correct("2", [Rewrite(1, "筒车停了。筒车毁了。", ("筒车都毁了。",))], "错字")
    session.correct("1", [rewrite(session, 0, "新渠")], "题名")
    assert session.corrections.take_back(act.key) == (1, 1)
    assert texts(session) == ["新渠", TEXT, "木轮水车二架。"]
    assert texts(session, "2")[1] == "筒车都毁了。"


def test_a_replacement_is_made_whole_or_not_at_all(session: Session) -> None:
    places = listed(session)
    session.correct("2", [Rewrite(1, "水车停了。水车毁了。", ("水车毁了。",))], "错字")
    with pytest.raises(Conflict, match="《车》"):
        session.corrections.replace("水车", "筒车", places, "统一用字")
    assert session.article("1").version == 1
    assert session.corrections.replacements() == ()
    with pytest.raises(UsageError):
        session.corrections.replace("水车", "筒车", [], "统一用字")


def test_a_replacement_keeps_the_look(session: Session) -> None:
    article = session.article("1")
    bold = Block(Kind.PARAGRAPH, (Run("木轮"), Run("水车", Style.BOLD), Run("", note="1"), Run("二架。")))
    session.corrections.revise(replace(article, blocks=(*article.blocks[:2], bold)), "加粗")
    act = session.corrections.replace("水车", "筒车", listed(session)[:1], "统一用字")
    runs = session.article("1").blocks[2].runs
    assert runs == (Run("木轮"), Run("筒车", Style.BOLD), Run("", note="1"), Run("二架。"))
    session.corrections.take_back(act.key)
    assert session.article("1").blocks[2] == bold


def test_a_reader_reports_and_an_editor_settles(library: Library, session: Session) -> None:
    reader = library.session(READER)
    key = reader.corrections.report("1", (1, 3, 8), "似应为光绪三十一年", 0)
    assert reader.corrections.reports() == ()
    (report,) = session.corrections.reports()
    assert (report.key, report.article, report.version, report.who, report.answer) == (key, "1", 1, "读者", None)
    session.corrections.settle(key, "已核对原稿，不误")
    assert session.corrections.reports()[0].answer == "已核对原稿，不误"
    with pytest.raises(Conflict):
        session.corrections.settle(key, "再答")
    with pytest.raises(UsageError):
        reader.corrections.report("1", (1, 3, 8), "  ", 0)
    with pytest.raises(NotFound):
        reader.corrections.report("1", (7, 0, 0), "不对", 0)


def test_who_may_not_correct_changes_and_learns_nothing(library: Library, session: Session) -> None:
    reader = library.session(READER)
    session.corrections.replace("水车", "筒车", listed(session)[-1:], "统一用字")
    for change in (
        lambda: reader.correct("1", [rewrite(session, 2, "x")], "错字"),
        lambda: reader.corrections.restore("1", 1, ""),
        lambda: reader.corrections.replace("水车", "x", listed(session), "错字"),
        lambda: reader.corrections.take_back(1),
        lambda: reader.corrections.settle(1, "答"),
        lambda: reader.corrections.revise(session.article("1"), "错字"),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert reader.corrections.replacements() == ()
    assert {article.id for article, _ in reader.corrections.occurrences("水车", "c")} == {"1", "2"}
    for ask in (
        lambda: reader.corrections.difference("3", 1, 2),
        lambda: reader.corrections.present_block("3", 1, 0),
        lambda: reader.corrections.report("3", (1, 0, 0), "不对", 0),
    ):
        with pytest.raises(NotFound, match="没有编号为"):
            ask()
    within = Actor("o", "编辑乙", Rights.of(frozenset({Access.OPEN}), IN_USE, frozenset({Action.CORRECT})))
    assert library.session(within).corrections.replacements() == ()
