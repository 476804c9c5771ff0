"""Who is meant where a name stands: clues, decisions, bulk linking, by rights; the checks that people would make."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.library import Library
from archive.model.access import Actor, Grant, Rights
from archive.model.edits import Rewrite
from archive.model.errors import Conflict, NotFound, UsageError
from archive.model.name_records import NameForm, NameKind, NameRecord, Standing, Statement
from archive.model.records import Access, Article, Block, Collection, Kind, Person, Status
from archive.workbench.name_mentions import Mentioned, NameMentions

LOCAL = Actor.local()
TEXTS = [
    ["李明修水车。1934年李明任渡口船工。", "李明山看水车，李明山不是李明。"],
    ["1962年李明到校教书。", "张子明与李明同学，子明善画。"],
    ["子明来了。", "王河与子明在渡口。"],
]
PEOPLE = (
    NameRecord(NameKind.PERSON, "李明", (), "1890—1950", "渡口人，船工"),
    NameRecord(NameKind.PERSON, "李明", (), "1925—1990", "教师"),
    NameRecord(NameKind.PERSON, "李明山"),
    NameRecord(NameKind.PERSON, "张子明", (NameForm("子明"),), "", "画家", (Statement("籍贯", "", "柳树湾"),)),
    NameRecord(NameKind.PERSON, "王河", (), "1900—1980"),
)
OLD, YOUNG, SHAN, ZHANG, WANG = range(1, 6)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("mentions")
    with Library.create(folder / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "文集"))
        (folder / "a.txt").write_text("稿", encoding="utf-8")
        drafts = [
            Article(
                collection="c", number=number, access=Access.RESTRICTED if number == 1 else Access.OPEN,
                blocks=(Block.plain(Kind.TITLE, f"题{number}"), *(Block.plain(Kind.PARAGRAPH, text) for text in one)),
                people=(Person("李明"),) if number == 0 else (),
            )
            for number, one in enumerate(TEXTS)
        ]  # fmt: skip
        session.add(folder / "a.txt", "a.txt", drafts, ())
        for one in PEOPLE:
            session.names.put(one)
        yield library


def mentions_of(library: Library, who: Actor = LOCAL) -> NameMentions:
    return library.session(who).name_mentions


@pytest.fixture
def mentions(made: Library) -> Iterator[NameMentions]:
    found = mentions_of(made)
    yield found
    with made.session(LOCAL)._store._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM name_decisions")


def told(found: tuple[Mentioned, ...]) -> list[tuple[str, int, int, str]]:
    return [(one.at.written, one.at.place[0], one.at.record, one.at.standing) for one in found]


def of(mentions: NameMentions, form: str) -> tuple[Mentioned, ...]:
    return mentions.open_places(form).mentions


def test_the_longest_name_counts_and_several_bearers_decide_nothing(mentions: NameMentions) -> None:
    found = of(mentions, "李明")
    assert told(found) == [
        ("李明", 1, 0, "待核"), ("李明", 1, 0, "待核"), ("李明", 2, 0, "待核"), ("李明", 1, 0, "待核"),
        ("李明", 2, 0, "待核"),
    ]  # fmt: skip
    assert {one.at.record for one in of(mentions, "李明山")} == {SHAN}, "three characters, one bearer"
    assert all(set(one.at.candidates) == {OLD, YOUNG} for one in found)


def test_what_speaks_for_whom_is_told(mentions: NameMentions) -> None:
    first, *_, taught, _ = of(mentions, "李明")
    said = {number: [clue.words for clue in clues] for number, clues in first.at.clues.items()}
    assert said[OLD] == ["同段有“船工”", "段中 1934 年在 1890—1950 之内"]
    assert said[YOUNG] == ["段中 1934 年在 1925—1990 之内"]
    (against,) = taught.at.clues[OLD]
    assert against.against and "1962 年" in against.words


def test_two_characters_are_never_linked_without_a_second_clue(mentions: NameMentions) -> None:
    assert told(of(mentions, "子明")) == [("子明", 2, ZHANG, "待核"), ("子明", 1, 0, "待核"), ("子明", 2, 0, "待核")]
    assert [one.at.record for one in of(mentions, "王河")] == [0]
    assert mentions.linkable("子明", ZHANG, clued=False) == tuple(of(mentions, "子明")[:1])
    assert mentions.linkable("王河", WANG, clued=False) == ()


def test_bulk_touches_only_what_is_open_and_is_undone_at_once(mentions: NameMentions) -> None:
    found = of(mentions, "李明")
    mentions.decide(found[-1:], Standing.UNKNOWABLE, (), "无从查考")
    linkable = mentions.linkable("李明", OLD, clued=True)
    assert [one.at.place for one in linkable] == [(1, 0, 2), (1, 11, 13)], "李明山 and the decided place are not in it"
    batch, count = mentions.decide([*linkable, *of(mentions, "李明")[-1:]], Standing.SETTLED, [OLD], "船工")
    assert count == 2
    assert [one.at.standing for one in of(mentions, "李明")] == ["已定", "已定", "待核", "待核", "不可考"]
    assert mentions.undo(batch) == 2
    assert [one.at.standing for one in of(mentions, "李明")] == ["待核", "待核", "待核", "待核", "不可考"]
    with pytest.raises(NotFound):
        mentions.undo(batch)


def test_too_many_articles_are_refused_in_words(mentions: NameMentions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.workbench.name_mentions.MOST_AT_ONCE", 1)
    with pytest.raises(UsageError, match="见于 2 篇"):
        mentions.linkable("李明", OLD)


def test_a_rejected_one_is_not_offered_again(mentions: NameMentions) -> None:
    place = of(mentions, "李明")[3:4]
    mentions.decide(place, Standing.OPEN, [OLD], "其时已故")
    (one,) = of(mentions, "李明")[3:4]
    assert one.at.candidates == (YOUNG,) and one.at.record == YOUNG
    assert OLD not in one.at.clues
    assert one not in mentions.linkable("李明", OLD, clued=False)


def test_either_of_two_is_kept_as_such(mentions: NameMentions) -> None:
    with pytest.raises(UsageError):
        mentions.decide(of(mentions, "李明")[:1], Standing.EITHER, [OLD])
    mentions.decide(of(mentions, "李明")[:1], Standing.EITHER, [OLD, YOUNG])
    (one,) = of(mentions, "李明")[:1]
    assert (one.at.standing, one.at.record, one.at.candidates) == (Standing.EITHER, 0, (OLD, YOUNG))


def test_what_was_decided_anew_is_not_undone_with_the_first(mentions: NameMentions) -> None:
    batch, _ = mentions.decide(of(mentions, "李明")[:2], Standing.SETTLED, [OLD])
    later, _ = mentions.decide(of(mentions, "李明")[:1], Standing.SETTLED, [YOUNG], anew=True)
    with pytest.raises(Conflict):
        mentions.undo(batch)
    mentions.undo(later)
    assert [one.at.record for one in of(mentions, "李明")[:2]] == [OLD, OLD]


def test_a_record_has_its_places_and_not_those_of_others(mentions: NameMentions, made: Library) -> None:
    names = made.session(LOCAL).names
    mentions.decide(of(mentions, "李明")[:2], Standing.SETTLED, [OLD], "船工")
    assert len(mentions.of(names.get(OLD)).mentions) == 5
    assert len(mentions.of(names.get(YOUNG)).mentions) == 3
    assert [one.key for one, _ in mentions.beside(names.get(OLD))] == []
    assert [(one.key, count) for one, count in mentions.beside(names.get(ZHANG))] == []
    assert mentions.decades(names.get(OLD)) == (("", 5, 2),)


def test_a_decision_stays_on_its_words_and_a_merged_record_leads_on(mentions: NameMentions, made: Library) -> None:
    session = made.session(LOCAL)
    mentions.decide(of(mentions, "李明")[:1], Standing.SETTLED, [OLD])
    text = session.article("1")
    session.correct("1", [Rewrite(2, text.blocks[2].text, ("另一段，李明山看水车，李明山不是李明。",))], "补")
    assert of(mentions, "李明")[0].at.standing is Standing.SETTLED
    twin = session.names.put(NameRecord(NameKind.PERSON, "李明", note="又一个"))
    mentions.decide(of(mentions, "李明")[1:2], Standing.SETTLED, [twin])
    session.names.merge(twin, OLD, "同一人")
    assert of(mentions, "李明")[1].at.record == OLD


def test_nothing_of_hidden_texts_is_told(mentions: NameMentions, made: Library) -> None:
    reader = Actor("r", "读者", Rights((Grant(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset()),)))
    theirs = mentions_of(made, reader)
    mentions.decide(of(mentions, "李明")[3:4], Standing.SETTLED, [YOUNG], "教书")
    young = made.session(reader).names.get(YOUNG)
    assert {one.article.id for one in theirs.of(young).mentions} == {"1"}
    assert theirs.of(young).articles == 1
    (doubtful,) = (one for one in theirs.queue() if one.form == "李明")
    assert doubtful.articles == 1 and not doubtful.decided
    hidden = made.session(LOCAL).article("2")
    with pytest.raises(NotFound):
        theirs.in_article(hidden, ())
    with pytest.raises(NotFound):
        theirs.at([of(mentions, "李明")[3].address])
    assert not theirs.may_decide
    assert [one.form for one in mentions.queue()][:1] == ["李明"]
