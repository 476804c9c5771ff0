"""长编: accounts of one event side by side, in the order of their dates, with what differs marked; nothing dropped."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalogue.roster import tenures
from archive.export.house import house_style
from archive.library import Library
from archive.model.access import Action, Actor, Rights
from archive.model.compilation import Compilation, RemarkKind
from archive.model.edits import Rewrite
from archive.model.errors import Conflict, ExportError, NotAllowed, NotFound, PeriodError, UsageError
from archive.model.records import Access, Article, Block, Collection, Genre, Kind, Status
from archive.model.search import Search
from archive.session import Session
from archive.support.table_files import read_rows
from archive.workbench.compilation_files import HEADER, as_book, as_project, write_table
from archive.workbench.compiled_articles import chronicle, rosters
from archive.workbench.steps import Arranged
from tests.given_names import give

LOCAL = Actor.local()
ACCOUNTS = (
    "民国二十三年三月，县长王德全召集四乡绅士修河堤，凡十二里，费银三千余元。",
    "民国二十四年春，王德全修堤十二里，用工九万。",
    "1934年3月，修河堤十五里，由李子明主持，费银四千元。",
)
OTHERS = ("1956年5月，选举王明为县长。", "1957年9月，选举李大山为县长。", "无年月的一条，说的是庙会。")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    file = tmp_path / "a.txt"
    file.write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        owner = library.session(LOCAL)
        owner.save_collection(Collection("c", "清水文史"))
        give(library, "类别,规范名,别名\n人物,王德全,\n人物,李子明,\n")
        drafts = [
            Article(
                collection="c",
                number=number,
                blocks=(Block.plain(Kind.TITLE, f"第{number}篇"), Block.plain(Kind.PARAGRAPH, text)),
                access=Access.INTERNAL if number == 2 else Access.OPEN,
            )
            for number, text in enumerate((*ACCOUNTS, *OTHERS), 1)
        ]
        owner.add(file, file.name, drafts, ())
        yield owner


def card(session: Session, article: int) -> int:
    text = session.article(str(article)).blocks[1].text
    return session.cards.make(str(article), (1, 0, len(text)))


@pytest.fixture
def held(session: Session) -> Compilation:
    """One heading, three accounts of one event under it, three other events."""
    made = session.compilations.create("水利长编").with_heading("河工").with_heading("其他")
    made = made.with_cards([card(session, number) for number in (1, 2, 3)], 1, together=True)
    return session.compilations.save(made.with_cards([card(session, number) for number in (4, 5, 6)], 2))


def test_accounts_stand_side_by_side_with_what_differs(session: Session, held: Compilation) -> None:
    told = session.compilations.event(held, 1)
    assert [one.article.id for one in told.accounts] == ["1", "3", "2"]  # by date, whatever they were put in as
    words = [
        {one.card.written[slice(*mark.span)] for mark in marks if mark.differs}
        for one, marks in zip(told.accounts, told.marks, strict=True)
    ]
    assert words[0] == {"民国二十三年三月", "十二里", "三千余元", "王德全"}
    assert words[1] == {"1934年3月", "十五里", "四千元", "李子明"}
    assert words[2] == {"民国二十四年春", "十二里", "王德全"}
    assert told.differing["date"] == (("民国二十三年三月",), ("1934年3月",), ("民国二十四年春",))
    assert "九万" not in str(told.differing)  # said by one alone, which is no difference


def test_events_go_by_date_and_then_by_hand(session: Session, held: Compilation) -> None:
    def order(one: Compilation) -> list[str]:
        return [told.accounts[0].article.id for part in session.compilations.parts(one) for told in part.events]

    assert order(held) == ["1", "4", "5", "6"]
    with pytest.raises(UsageError):
        session.compilations.shifted(held, 3, "up")  # 1957 does not come before 1956
    both = held.changed(replace(held.event(3), date="1956年5月"))
    assert order(session.compilations.shifted(both, 3, "up")) == ["1", "5", "4", "6"]
    assert order(session.compilations.shifted(replace(held, by_date=False), 4, "up")) == ["1", "4", "6", "5"]
    assert session.compilations.shifted(held, 2, "up") == held


def test_headings_move_with_all_below_them() -> None:
    held = Compilation(name="试")
    for title, under in (("一", 0), ("一之一", 1), ("一之一之一", 2), ("二", 0), ("二之一", 4)):
        held = held.with_heading(title, under)

    def tree(one: Compilation) -> list[str]:
        return [f"{'-' * (each.level - 1)}{each.key}" for each in one.headings]

    assert tree(held) == ["1", "-2", "--3", "4", "-5"]
    assert tree(held.moved_heading(4, "up")) == ["4", "-5", "1", "-2", "--3"]
    assert tree(held.moved_heading(1, "down")) == ["4", "-5", "1", "-2", "--3"]
    assert tree(held.moved_heading(4, "in")) == ["1", "-2", "--3", "-4", "--5"]
    assert tree(held.moved_heading(2, "out")) == ["1", "2", "-3", "4", "-5"]
    assert tree(held.without_heading(1)) == ["2", "-3", "4", "-5"]
    for key, way in ((1, "up"), (4, "down"), (1, "in"), (1, "out")):
        assert held.moved_heading(key, way) == held
    moved = held.with_cards([7, 8], 3).moved([2], 5).without_heading(3)
    assert [(one.cards, one.heading) for one in moved.events] == [((7,), 2), ((8,), 5)]
    deep = held.with_heading("四", 3).with_heading("五", 6)
    with pytest.raises(UsageError):
        deep.with_heading("六", 7)
    for key in (0, 99):
        with pytest.raises(NotFound):
            held.renamed(key, "无")


def test_events_are_joined_and_parted() -> None:
    held = Compilation(name="试").with_cards([1, 2, 3]).with_cards([3, 4])
    assert [one.cards for one in held.events] == [(1,), (2,), (3,), (4,)]
    joined = held.joined([1, 3])
    assert [one.cards for one in joined.events] == [(1, 3), (2,), (4,)]
    parted = joined.parted(1, 1)
    assert [one.cards for one in parted.events] == [(3,), (1,), (2,), (4,)]
    with pytest.raises(UsageError):
        held.joined([1])
    with pytest.raises(UsageError):
        held.parted(1, 1)


def test_nothing_is_dropped_in_word_and_each_account_has_its_source(
    session: Session, held: Compilation, tmp_path: Path
) -> None:
    noted = session.compilations.remark(held, 1, RemarkKind.COLLATION, "里数当从第一说。")
    noted = session.compilations.remark(noted, 1, RemarkKind.COMMENT, "王德全时任县长。")
    noted = session.compilations.save(noted.changed(replace(noted.event(4), doubtful=True, title="庙会")))
    book = as_book(noted, session.compilations.parts(noted), house_style("16开"))
    session.books.write(book, "docx", file := tmp_path / "k.docx")
    with zipfile.ZipFile(file) as packed:
        text, notes = (_plain(packed.read(f"word/{name}.xml").decode()) for name in ("document", "footnotes"))
    for words in (*ACCOUNTS, *OTHERS):
        assert words in text
    for number in range(1, 7):
        assert f"第{number}篇[G]//清水文史" in notes
    assert "〔考异〕里数当从第一说。（本机，20" in text and "〔按语〕王德全时任县长。（本机，20" in text
    assert text.index("选举李大山") < text.rindex("存疑") < text.index("庙会。")
    write_table(session.compilations.parts(noted), table := tmp_path / "k.xlsx")
    rows = read_rows(table)
    assert tuple(rows[0]) == HEADER and len(rows) == 7
    assert {row[HEADER.index("摘录")] for row in rows[1:]} == {*ACCOUNTS, *OTHERS}
    with pytest.raises(ExportError):
        as_book(Compilation(name="空"), (), house_style("16开"))


def _plain(xml: str) -> str:
    return re.sub("<[^>]+>", "", xml)


def test_a_book_project_holds_the_passages_and_nothing_else(
    session: Session, held: Compilation, tmp_path: Path
) -> None:
    part = session.cards.make("6", (1, 5, 8))
    grown = session.compilations.save(held.with_cards([part], 2))
    project = session.books.save(as_project(session.compilations, "水利", session.compilations.parts(grown)))
    bound = session.books.bind(project)
    assert bound.faults == ()
    printed = [chapter.article.blocks[1].text for chapter in bound.book.chapters]
    assert printed == [ACCOUNTS[0], ACCOUNTS[2], ACCOUNTS[1], OTHERS[0], OTHERS[1], OTHERS[2], OTHERS[2][5:8]]
    assert all("清水文史" in chapter.source for chapter in bound.book.chapters)


def test_what_was_corrected_since_is_printed_as_it_was_copied(session: Session, held: Compilation) -> None:
    session.correct("1", [Rewrite(1, ACCOUNTS[0], (ACCOUNTS[0].replace("十二里", "二十里"),))], "错字")
    book = as_book(held, session.compilations.parts(held), house_style("16开"))
    assert any(ACCOUNTS[0] in block.text for chapter in book.chapters for block in chapter.article.blocks)
    project = as_project(session.compilations, "水利", session.compilations.parts(held))
    assert next(project.items).version == 1


def test_entries_of_a_chronicle(session: Session, held: Compilation, tmp_path: Path) -> None:
    session.save_collection(Collection("d", "清水大事记"))
    drafts, left_out = chronicle(session.compilations.parts(held), "d")
    assert [one.title for one in drafts] == ["1934年3月", "1956年5月", "1957年9月"]
    assert left_out == [OTHERS[2][:24]]
    file = tmp_path / "大事记.txt"
    file.write_text("大事记", encoding="utf-8")
    stored = session.add(file, file.name, drafts, ()).articles
    assert {one.genre for one in stored} == {Genre.ENTRY} and {one.status for one in stored} == {Status.RECEIVED}
    assert [block.text for block in stored[0].blocks[1:4]] == [
        ACCOUNTS[0],
        f"一说：{ACCOUNTS[2]}",
        f"一说：{ACCOUNTS[1]}",
    ]
    assert "清水文史" in stored[0].blocks[4].text and stored[0].blocks[4].kind is Kind.NOTE
    with pytest.raises(UsageError):
        chronicle((), "d")


def test_posts_of_a_roster(session: Session, held: Compilation) -> None:
    drafts, unread = rosters(session.compilations.parts(held.renamed(2, "清水县人民政府")), "c")
    (term,) = drafts
    read = tenures(term)
    assert [(one.person, one.post, one.body) for one in read] == [
        ("王明", "县长", "清水县人民政府"),
        ("李大山", "县长", "清水县人民政府"),
    ]
    assert read[0].since and session.period("1956年5月").overlaps(read[0].since)
    assert OTHERS[2] in unread
    with pytest.raises(UsageError):
        rosters((), "c")


def test_a_whole_concordance_in_one_step(session: Session) -> None:
    search = Search(text="选举")
    rows = list(session.concordances.rows(search, [], Arranged()))
    keys = session.compilations.take_rows(rows)
    assert [one.written for one in session.cards.several(keys).values()] == [OTHERS[1], OTHERS[0]]
    assert session.compilations.take_rows(rows, paragraphs=True) == keys  # the same words: no card twice
    made = session.compilations.save(session.compilations.create("选举").with_cards(keys))
    assert [one.period is not None for part in session.compilations.parts(made) for one in part.events] == [True, True]


def test_nobodys_work_is_written_over_and_nothing_hidden_is_told(
    session: Session, held: Compilation, tmp_path: Path
) -> None:
    session.compilations.save(held.with_heading("三"))
    with pytest.raises(Conflict):
        session.compilations.save(held.with_heading("四"))
    with pytest.raises(Conflict):
        session.compilations.create("水利长编")
    with pytest.raises(NotFound):
        session.compilations.save(session.compilations.get("水利长编").with_cards([99]))
    now = session.compilations.get("水利长编")
    with pytest.raises(PeriodError):
        session.compilations.save(now.changed(replace(now.event(1), date="不知何时")))
    with Library.open(tmp_path / "library") as library:
        open_alone = Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset({Action.COMPILE}))
        half = library.session(Actor("h", "半", open_alone)).compilations
        assert half.names() == ()
        with pytest.raises(NotFound):
            half.get("水利长编")
        assert half.save(half.create("自己的").with_heading("一")).revision == 2
        nobody = library.session(Actor("n", "无权", Rights.nothing())).compilations
        assert nobody.names() == ()
        for ask in (lambda: nobody.get("自己的"), lambda: nobody.create("新"), lambda: nobody.remove("自己的")):
            with pytest.raises(NotAllowed):
                ask()
    session.cards.remove(held.event(4).cards[0])
    assert [one.key for one in session.compilations.get("水利长编").events] == [1, 2, 3]
    session.compilations.remove("水利长编")
    assert session.compilations.names() == ("自己的",)


def test_places_are_taken_from_the_version_they_were_shown_in(session: Session) -> None:
    place = (1, 0, 7)
    shown = session.article("4")
    session.corrections.correct("4", [Rewrite(1, shown.blocks[1].text, (f"又记：{shown.blocks[1].text}",))], "补录")
    (key,) = session.compilations.take_places([("4", shown.version, place)])
    made = session.cards.get(key).card
    assert (made.version, made.written) == (shown.version, shown.blocks[1].text[:7])
    assert session.compilations.take_places([("4", shown.version, place)] * 2) == [key, key]


def test_a_place_given_twice_makes_one_card(session: Session) -> None:
    place = ("5", session.article("5").version, (1, 0, 7))
    assert len(set(session.compilations.take_places([place, place]))) == 1
    assert len([one for one in session.cards.find() if one.article == "5"]) == 1
