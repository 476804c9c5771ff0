"""Every cell of a list of names is what its own query finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.catalogue.authority import Authority, Name, NameKind
from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.search.counts import Division
from archive.session import Session
from archive.workbench.steps import Arranged
from archive.workbench.term_lists import TermTable, named_terms, read_terms

TEXTS = (
    ("第一辑", Access.OPEN, "李明来了，李明山也来了。王李明是另一人。"),
    ("第一辑", Access.INTERNAL, "李　明。明公、李明山。"),
    ("第二辑", Access.OPEN, "沒有人。"),
    ("", Access.OPEN, "李明、李明，李明山。"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("terms")
    with Library.create(folder / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        file = folder / "a.txt"
        file.write_text("稿", encoding="utf-8")
        drafts = [
            Article(
                collection="c",
                number=number,
                volume=volume,
                access=access,
                blocks=(Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text)),
            )
            for number, (volume, access, text) in enumerate(TEXTS)
        ]
        session.add(file, file.name, drafts, ())
        yield library


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(Actor.local())


def counted(table: TermTable) -> dict[str, tuple[int, int, int, tuple[int, ...]]]:
    return {row.term.name: (row.every, row.places, row.articles, row.cells) for row in table.rows}


def test_the_longest_form_counts_and_nobody_is_left_out(session: Session) -> None:
    terms = read_terms("李明；明公\n李明山\n没有的人\n\n")
    table = session.term_lists.table(terms, Search(), Division.VOLUME)
    assert table.labels == ("文集 第一辑", "文集 第二辑", "文集 （无辑次）")
    assert counted(table) == {
        "李明": (9, 6, 3, (4, 0, 2)),
        "李明山": (3, 3, 3, (2, 0, 1)),
        "没有的人": (0, 0, 0, (0, 0, 0)),
    }


@pytest.mark.parametrize("division", list(Division))
def test_each_cell_is_its_single_query_and_opens_it(session: Session, division: Division) -> None:
    table = session.term_lists.table(read_terms("李明；明公\n李明山\n王李明\n人"), Search(), division)
    for row in table.rows:
        assert sum(row.cells) == row.places
        for part, places in zip(table.parts, row.cells, strict=True):
            if all(value for _, value in part):
                search = Search.read([("q", row.text), *part])
                assert session.concordances.page(search, [], Arranged(), limit=0).places == places


def test_rights_and_scope_hold(library: Library, session: Session) -> None:
    visitor = library.session(Actor("3", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset())))
    theirs = visitor.term_lists.table(read_terms("李明"), Search(), Division.VOLUME)
    assert counted(theirs) == {"李明": (6, 6, 2, (3, 0, 3))}
    session.scopes.save("一篇", articles=["2"])
    scoped = session.term_lists.table(read_terms("李明"), Search(scope="一篇"), Division.VOLUME)
    assert scoped.labels == ("文集 第一辑",) and counted(scoped) == {"李明": (2, 2, 1, (2,))}


@pytest.mark.parametrize("text", ["", " \n；，\n", "\n".join(f"名{n}" for n in range(1001))])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_terms(text)


def test_quotes_and_operators_in_a_list_are_text(session: Session) -> None:
    table = session.term_lists.table(read_terms('"李明"\n(李明\n-李明\nOR'), Search(), Division.VOLUME)
    assert [row.places for row in table.rows] == [8, 0, 0, 0]


def test_names_of_the_authority(session: Session) -> None:
    names = Authority(
        (Name(NameKind.PERSON, "李明", ("明公",)), Name(NameKind.PERSON, "李明"), Name(NameKind.PLACE, "山"))
    )
    assert [term.forms for term in named_terms(names, NameKind.PERSON)] == [("李明", "明公")]
