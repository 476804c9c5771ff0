"""A whole collection kept for a narrower circle than its articles say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.collection_command import collection as command
from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding, rights_of
from archive.model.errors import UsageError
from archive.model.records import Access, Article, Block, Collection, Kind
from archive.model.search import Search
from archive.support.config import Config

LOCAL = Actor.local()
READER = Actor("r", "读者", rights_of([Holding(AccountRole.READER)]))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library.create(tmp_path / "library")
    session = made.session(LOCAL)
    for name in "cd":
        session.save_collection(Collection(name, f"文集{name}"))
        file = tmp_path / f"{name}.txt"
        file.write_text(name, encoding="utf-8")
        article = Article(collection=name, blocks=(Block.plain(Kind.TITLE, f"水车{name}"),))
        session.add(file, file.name, [article], ())
    return made


def found(library: Library) -> list[str]:
    return sorted(hit.title for hit in library.session(READER).search(Search(text="水车")).hits)


def test_a_volume_under_permit_is_for_inside_use_until_somebody_decides(library: Library) -> None:
    session = library.session(LOCAL)
    assert found(library) == ["水车c", "水车d"]
    kept = session.arrangement.describe(replace(session.collection("c"), permit="朔新出准字第12号"))
    assert kept.access is Access.INTERNAL and found(library) == ["水车d"]
    assert [one.id for one in library.session(READER).collections()] == ["d"]
    opened = replace(kept, access=Access.OPEN)
    with pytest.raises(UsageError, match="理由"):
        session.arrangement.describe(opened)
    assert session.arrangement.describe(opened, "主席会议同意").access is Access.OPEN
    assert found(library) == ["水车c", "水车d"]
    entry = next(one for one in session.audit() if "访问级别" in one.detail)
    assert entry.detail == "文集c，访问级别：内部→公开；主席会议同意"


def test_a_new_collection_with_a_permit_is_for_inside_use(library: Library) -> None:
    session = library.session(LOCAL)
    session.save_collection(Collection("e", "文集e", permit="准1"))
    session.save_collection(Collection("f", "文集f", permit="准2", access=Access.RESTRICTED))
    levels = {one.id: one.access for one in session.collections()}
    assert levels == {"c": Access.OPEN, "d": Access.OPEN, "e": Access.INTERNAL, "f": Access.RESTRICTED}


def test_a_role_in_the_collection_does_not_open_it(library: Library) -> None:
    session = library.session(LOCAL)
    session.arrangement.describe(replace(session.collection("c"), access=Access.RESTRICTED))
    for role, seen in ((AccountRole.READER, 0), (AccountRole.RESEARCHER, 0), (AccountRole.EDITOR, 1)):
        somebody = Actor("s", "某人", rights_of([Holding(role, "c")]))
        assert library.session(somebody).search(Search(text="水车")).total == seen


def test_the_command_shows_and_changes(library: Library) -> None:
    root = library.root
    library.close()

    def run(*given: str) -> str:
        return CliRunner().invoke(command, given, obj=Config.of(root), catch_exceptions=False).output

    assert "访问级别\t内部" in run("c", "--permit", "准3")
    assert "准印证号\t准3" in run("c")
    assert "访问级别\t公开" in run("c", "--access", "公开", "--reason", "已正式出版")
