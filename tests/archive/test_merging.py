"""One library merged into another: what comes, what is double, what is told; and again is nothing new."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from archive.cli.main import run
from archive.dates.office_entries import OfficePeriod
from archive.library import Library
from archive.merging.beside import lines
from archive.merging.texts import Likeness, Merging
from archive.model.access import Actor
from archive.model.cards import CardFields, Condition
from archive.model.edits import Rewrite
from archive.model.errors import UsageError
from archive.model.name_records import NameKind, NameRecord, Statement
from archive.model.records import Article, Block, Collection, Kind, Picture
from archive.model.search import Search
from archive.session import Session
from archive.store import article_rows
from archive.store.schema import page_proofs

LOCAL = Actor.local()
_BYTES = b"\x89PNG bytes"
PICTURE = Picture(hashlib.sha256(_BYTES).hexdigest(), _BYTES, "image/png")


def _take_in(library: Library, collection: Collection, title: str, words: str, file: str = "") -> None:
    session = library.session(LOCAL)
    session.save_collection(collection)
    original = library.root.parent / f"{secrets.token_hex(4)}.txt"
    original.write_text(file or f"{title}\n{words}", encoding="utf-8")
    blocks = (
        Block.plain(Kind.TITLE, title),
        Block.plain(Kind.PARAGRAPH, words),
        Block(kind=Kind.FIGURE, picture=PICTURE.sha256),
    )
    session.add(original, f"{title}.txt", [Article(collection=collection.id, blocks=blocks)], [], [PICTURE])


@pytest.fixture
def libraries(tmp_path: Path) -> Iterator[tuple[Library, Library]]:
    """The one that is merged and the one it goes into."""
    with Library.create(tmp_path / "清水") as source, Library.create(tmp_path / "白河") as target:
        for library in (source, target):
            _take_in(library, Collection("c", "文史"), "水车", "水车在河边转。")
        _take_in(source, Collection("c", "文史"), "渡口", "羊皮筏子顺流而下。")
        _take_in(source, Collection("d", "大事记"), "治沙", "一九五八年治沙。")
        _take_in(target, Collection("d", "人物"), "关一", "关一，渡口人。")
        _take_in(target, Collection("c", "文史"), "集市", "逢三逢八赶集。", file="同一份")
        _take_in(source, Collection("c", "文史"), "集市", "逢二逢七赶集。")
        _take_in(source, Collection("c", "文史"), "集市（校）", "逢三逢八赶大集。", file="同一份")
        yield source, target


def _quiet(_done: int, _total: int) -> None:
    """Nobody looks."""


def test_what_is_double_is_shown_before_anything_is_changed(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)
    before = target.audit()
    plan = Merging(source, target).plan()
    assert [(one.article.title, one.held.title, one.likeness) for one in plan.doubles] == [
        ("水车", "水车", Likeness.TEXT),
        ("集市", "集市", Likeness.TITLE),
        ("集市（校）", "集市", Likeness.FILE),
    ]
    assert plan.coming == 3 and plan.renamed == (("d", "d-2"),) and plan.without_file == ()
    assert target.audit() == before


def test_the_rest_comes_with_files_and_is_found(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)
    held = {one.id: one for one in target.articles()}
    theirs = [one.digest for one in source.articles()]
    assert Merging(source, target).run(_quiet) == 3
    for words, total in (("羊皮筏子", 1), ("治沙", 1), ("逢二逢七", 1), ("水车在河边", 1), ("赶大集", 0)):
        assert target.search(Search(text=words)).total == total, words
    (came,) = [one for one in target.articles() if one.title == "渡口"]
    file, name = target.original(came.original)
    assert name == "渡口.txt" and file.read_text(encoding="utf-8") == "渡口\n羊皮筏子顺流而下。"
    assert target.picture(PICTURE.sha256)[0].read_bytes() == _BYTES
    assert {one.id: one.title for one in target.collections()} == {"c": "文史", "d": "人物", "d-2": "大事记"}
    assert {id: target.article(id) for id in held} == held, "what was there is as it was"
    assert [one.digest for one in source.articles()] == theirs
    assert target.check() == () and source.check() == ()
    assert Merging(source, target).run(_quiet) == 0, "and again is nothing new"


def test_it_goes_on_where_it_was_interrupted(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Merging(source, target).run(stop)
    assert Merging(source, target).run(_quiet) == 2
    assert target.search(Search(text="治沙")).total == 1 and target.search(Search(text="羊皮筏子")).total == 1


def test_a_lost_original_is_told(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)
    (lost,) = [one for one in source.articles() if one.title == "渡口"]
    libraries[0]._store.originals.discard(lost.original)
    plan = Merging(source, target).plan()
    assert plan.without_file == ("渡口",) and plan.coming == 2
    assert Merging(source, target).run(_quiet) == 2


def test_a_library_is_not_merged_into_itself(libraries: tuple[Library, Library]) -> None:
    session = libraries[0].session(LOCAL)
    with pytest.raises(UsageError, match="它自己"):
        Merging(session, session)


def test_the_command_lists_first_and_merges_when_told(
    libraries: tuple[Library, Library], capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = (str(one.root) for one in libraries)
    assert run(["--library", target, "merge", source]) == 0
    shown = capsys.readouterr()
    assert "文字相同，不再收：《水车》" in shown.out and "d-2" in shown.out and "--yes" in shown.err
    assert libraries[1].session(LOCAL).search(Search(text="羊皮筏子")).total == 0
    assert run(["--library", target, "merge", source, "--yes"]) == 0
    assert "并进来 3 篇" in capsys.readouterr().err
    assert libraries[1].session(LOCAL).search(Search(text="羊皮筏子")).total == 1


@pytest.fixture
def kept(libraries: tuple[Library, Library], tmp_path: Path) -> tuple[Library, Library]:
    """The same, and in the one that is merged what people worked on: see the tests below."""
    source, target = libraries
    session = source.session(LOCAL)
    by_title = {one.title: one.id for one in session.articles()}
    ferry, wheel, sand = by_title["渡口"], by_title["水车"], by_title["治沙"]
    session.correct(ferry, [Rewrite(1, "羊皮筏子顺流而下。", ("羊皮筏子顺黄河而下。",))], "据原件")
    session.correct(ferry, [Rewrite(1, "羊皮筏子顺黄河而下。", ("羊皮筏子顺黄河流下。",))], "再校")
    session.reject_date(sand, (1, 0, 5), "是编号")
    proof = {"article": 3, "picture": PICTURE.sha256, "round": 1, "who": "甲", "signed": "2026-03-01", "text": "0"}
    with source._store._database.writing() as connection:
        proof["article"] = article_rows.key_and_version(connection, sand)[0]
        connection.execute(insert(page_proofs).values(proof))
    said = CardFields(classes=("渡口",), note="核过")
    card = session.cards.make(ferry, (1, 0, 4), 2, said)
    session.cards.change(card, replace(said, note="核过两次"))
    session.cards.make(wheel, (1, 0, 2))
    record = NameRecord(
        NameKind.PERSON, "关一", dates="1899—1961", statements=(Statement("任职", source=f"{ferry}#b1"),)
    )
    session.names.put(record)
    session.names.put(NameRecord(NameKind.PLACE, "渡口"))
    session.upkeep.put_period(OfficePeriod(("大旱",), "1929"))
    session.upkeep.put_period(OfficePeriod(("解放",), "1949-09"))
    target.session(LOCAL).upkeep.put_period(OfficePeriod(("解放",), "1949-09-19"))
    target.session(LOCAL).names.put(NameRecord(NameKind.PERSON, "关一", dates="1899—1961", note="字子和"))
    for library, words, style in ((source, "水车\n筏子\n", "甲"), (target, "水车\n", "乙")):
        (library.root / "words.txt").write_text(words, encoding="utf-8")
        (library.root / "styles").mkdir(exist_ok=True)
        (library.root / "styles" / "内刊.toml").write_text(f'title = "{style}"\n', encoding="utf-8")
    (source.root / "styles" / "文史.toml").write_text('title = "文史"\n', encoding="utf-8")
    return libraries


def _came(session: Session, title: str) -> Article:
    (found,) = [one for one in session.articles() if one.title == title]
    return found


def test_all_versions_decisions_and_cards_come_along(kept: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in kept)
    plan = Merging(source, target).plan()
    assert (plan.versions, plan.cards, len(plan.besides.cards)) == (2, 1, 1)
    Merging(source, target).run(_quiet)
    before, ferry = _came(source, "渡口"), _came(target, "渡口")
    assert target.versions(ferry.id)[:3] == source.versions(before.id) and ferry.version == 4
    assert [target.article(ferry.id, one).blocks for one in (1, 2, 3, 4)] == [
        *(source.article(before.id, one).blocks for one in (1, 2, 3)), before.blocks,
    ]  # fmt: skip
    sand = _came(target, "治沙")
    with kept[1]._store._database.reading() as connection:
        assert connection.scalar(select(page_proofs.c.who)) == "甲"
    assert [one.reason for one, _ in target.date_decisions(sand.id)] == ["是编号"] and target.mentions(sand.id) == ()
    cards = {one.card.written: one for one in target.cards.listed()}
    assert cards["羊皮筏子"].article.id == ferry.id and cards["水车"].article.id == _came(target, "水车").id
    assert cards["羊皮筏子"].card.said.note == "核过两次" and cards["羊皮筏子"].condition is Condition.FOLLOWED
    (change,) = target.cards.changes(cards["羊皮筏子"].card.key)
    assert (change.before, change.after) == ("核过", "核过两次")
    assert target.check() == ()


def test_an_earlier_version_out_of_another_file_brings_that_file(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)
    first, second = _came(source, "渡口"), _came(source, "治沙")
    store = libraries[0]._store
    store.revise(replace(first, version=0, original=second.original), (), "换了底本", "甲")
    Merging(source, target).run(_quiet)
    ferry = _came(target, "渡口")
    assert target.article(ferry.id, 1).original == first.original and ferry.original == second.original
    assert target.original(first.original)[0].read_text(encoding="utf-8").startswith("渡口") and target.check() == ()


def test_what_the_office_wrote_itself_comes_and_replaces_nothing(kept: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in kept)
    told = "\n".join(lines(Merging(source, target).plan().besides))
    assert "styles/内刊.toml：两边不同" in told and "时期“解放”：两边不同" in told and "人物“关一”：两边都有" in told
    for _ in range(2):  # and again is nothing new
        Merging(source, target).run(_quiet)
        root = target.root
        assert (root / "words.txt").read_text(encoding="utf-8") == "水车\n筏子\n"
        assert (root / "styles" / "文史.toml").exists() and "乙" in (root / "styles" / "内刊.toml").read_text("utf-8")
        (aside,) = (root / "backups").glob("*styles-内刊.toml")
        assert "甲" in aside.read_text(encoding="utf-8")
        assert [one.names[0] for one in target.upkeep.periods() if isinstance(one, OfficePeriod)] == ["解放", "大旱"]
        assert target.period("解放").start == source.period("1949-09-19").start
        guan, ferry = sorted(target.names.all(), key=lambda one: one.kind is NameKind.PLACE)
        assert (guan.note, guan.statements[0].source) == ("字子和", f"{_came(target, '渡口').id}#b1")
        assert ferry.preferred == "渡口" and target.search(Search(period="大旱")).total == 0
    again = Merging(source, target).plan()
    assert not again.coming and not again.besides.cards and not again.besides.files and not again.besides.periods
    assert again.besides.names.added == () == again.besides.names.changed and len(again.besides.cards_here) == 2
