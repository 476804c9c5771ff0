"""Accounts of one event in other words: by people, bodies, places and date in common, as decided, by rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import NotFound
from archive.model.name_records import NameForm, NameKind, NameRecord, Standing
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.session import Session
from archive.workbench.other_accounts import OtherAccount

LOCAL = Actor.local()
TEXTS = {
    "志": "1934年5月，王大川率队攻克柳树湾，缴枪三十支。",
    "回忆": "那年五月我们跟着大川同志打进了柳树湾。1934年5月12日一早，枪声响了一顿饭的工夫。",
    "大事记": "民国二十三年五月，红军占领柳树湾，守军溃散，带兵者王大川。",
    "别年": "1936年8月，王大川到柳树湾看望旧部。",
    "别人": "1934年5月，赵一平在县城办学。",
    "只有地": "1934年5月，柳树湾大旱。",
    "两地": "1934年5月，从柳树湾到青石渡的路修通。",
    "照抄": "1934年5月，王大川率队攻克柳树湾，缴枪三十支。此役后声势大振。",
    "内部": "1934年5月，王大川在柳树湾受伤。",
    "两地本": "1934年5月中旬，青石渡、柳树湾两处渡口都被封锁。",
}
PEOPLE = (
    NameRecord(NameKind.PERSON, "王大川", (NameForm("大川同志"),)),
    NameRecord(NameKind.PERSON, "赵一平"),
    NameRecord(NameKind.PLACE, "柳树湾"),
    NameRecord(NameKind.PLACE, "青石渡"),
)
ID = {name: str(number) for number, name in enumerate(TEXTS, 1)}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "文集"))
        (tmp_path / "a.txt").write_text("稿", encoding="utf-8")
        drafts = [
            Article(
                collection="c",
                number=number,
                access=Access.RESTRICTED if name == "内部" else Access.OPEN,
                blocks=(Block.plain(Kind.TITLE, name), Block.plain(Kind.PARAGRAPH, text)),
            )
            for number, (name, text) in enumerate(TEXTS.items())
        ]
        session.add(tmp_path / "a.txt", "a.txt", drafts, ())
        for one in PEOPLE:
            session.names.put(one)
        yield library


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(LOCAL)


def found(session: Session, name: str, search: Search | None = None) -> dict[str, OtherAccount]:
    return {one.article.title: one for one in session.events.of(ID[name], 1, search or Search()).found}


def test_accounts_without_a_word_in_common_are_offered_with_what_speaks_for_them(session: Session) -> None:
    offered = found(session, "志")
    assert set(offered) == {"回忆", "大事记", "照抄", "内部"}  # not another year, another man, nor the place alone
    memoir = offered["回忆"]
    assert [one.preferred for one in memoir.names] == ["王大川", "柳树湾"]
    assert [(here.written, there.written) for here, there in memoir.dates] == [("1934年5月", "1934年5月12日")]
    assert not memoir.same_words and offered["照抄"].same_words
    assert [here.written for here, _ in offered["大事记"].dates] == ["1934年5月"]


def test_two_places_and_a_date_are_enough(session: Session) -> None:
    assert "两地" in found(session, "两地本")


def test_a_name_nobody_has_decided_speaks_for_nobody(session: Session) -> None:
    other = session.names.put(NameRecord(NameKind.PERSON, "王大川", (), "1920—2000", "教师"))
    told = session.events.of(ID["志"], 1, Search())
    assert [one.preferred for one in told.names] == ["柳树湾"] and told.undecided == ("王大川",)
    assert not told.found
    mentions = session.name_mentions
    places = {one.article.title: one for one in mentions.open_places("王大川").mentions}
    mentions.decide([places["志"], places["大事记"]], Standing.SETTLED, [1])
    mentions.decide([places["照抄"]], Standing.SETTLED, [other])
    offered = found(session, "志")
    assert set(offered) == {"大事记", "回忆"}  # 大川同志 is the first one's alone
    mentions.decide([places["志"]], Standing.SETTLED, [other], anew=True)
    assert set(found(session, "志")) == {"照抄"}


def test_rights_and_scope_hold(library: Library, session: Session) -> None:
    reader = library.session(Actor("v", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset())))
    assert "内部" not in found(reader, "志")
    with pytest.raises(NotFound):
        reader.events.of(ID["内部"], 1, Search())
    session.scopes.save("两篇", articles=[ID["志"], ID["大事记"]])
    assert set(found(session, "志", Search(scope="两篇"))) == {"大事记"}


def test_a_paragraph_without_names_or_dates_leads_to_nothing(session: Session) -> None:
    with pytest.raises(NotFound):
        session.events.of(ID["志"], 9, Search())
    session.names.remove(1)
    session.names.remove(3)
    told = session.events.of(ID["志"], 1, Search())
    assert not told.names and not told.found and told.fitting == 0
