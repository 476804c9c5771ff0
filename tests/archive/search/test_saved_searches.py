"""Saved searches tell what is new, changed, withdrawn or lost since; what was asked is one person's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.edits import Rewrite
from archive.model.errors import NotFound, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.saved import Changes
from archive.model.search import Search
from archive.session import Session
from archive.store import lock

LOCAL = Actor.local()
READER = Actor("r", "读者", Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset()))
WATER = Search(text="水车")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Every moment is later than the one before."""
    ticks, real = [0], lock.now

    def tick() -> str:
        ticks[0] += 1
        return f"2026-01-01T00:{ticks[0] // 60:02}:{ticks[0] % 60:02}Z"

    for module in list(sys.modules.values()):
        if getattr(module, "now", None) is real:
            monkeypatch.setattr(module, "now", tick)
    yield ticks


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        yield library


def put(session: Session, folder: Path, *texts: str, access: Access = Access.OPEN) -> tuple[str, ...]:
    session.save_collection(Collection("c", "文集"))
    file = folder / f"{abs(hash(texts))}.txt"
    file.write_text("".join(texts), encoding="utf-8")
    articles = [
        Article(
            collection="c",
            number=number,
            access=access,
            blocks=(Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text)),
        )
        for number, text in enumerate(texts)
    ]
    return tuple(one.id for one in session.add(file, file.name, articles, ()).articles)


def test_what_is_new_since_it_was_last_looked_at(library: Library, tmp_path: Path) -> None:
    session = library.session(LOCAL)
    first, other, third = put(session, tmp_path, "造水车。", "修水渠。", "卖水车。")
    saved = session.searches.save(" 水车 ", WATER)
    assert (saved.name, saved.search, saved.found) == ("水车", WATER, 2)
    assert not session.searches.changes("水车")
    session.correct(other, [Rewrite(1, "修水渠。", ("修水车。",))], "错字")  # so that it now matches
    session.correct(first, [Rewrite(1, "造水车。", ("造木水车。",))], "脱字")
    session.withdraw(third, "重复")
    new = put(session, tmp_path, "两架水车。", "没有。")[0]
    assert session.searches.changes("水车") == Changes((other, new), (first,), (third,), ())
    session.correct(other, [Rewrite(1, "修水车。", ("修水渠。",))], "改回")
    session.searches.looked("水车")
    assert not session.searches.changes("水车")
    session.correct(new, [Rewrite(1, "两架水车。", ("两架风车。",))], "核对")
    assert session.searches.changes("水车") == Changes(lost=(new,))
    assert session.searches.get("水车").found == 2


def test_saved_searches_are_ones_own_and_obey_rights(library: Library, tmp_path: Path) -> None:
    session, reader = library.session(LOCAL), library.session(READER)
    put(session, tmp_path, "造水车。")
    session.searches.save("水车", WATER)
    reader.searches.save("我的", WATER)
    assert [one.name for one in reader.searches.listed()] == ["我的"]
    with pytest.raises(NotFound):
        reader.searches.changes("水车")
    put(session, tmp_path, "内部的水车。", access=Access.RESTRICTED)
    assert len(session.searches.changes("水车").new) == 1
    assert not reader.searches.changes("我的")
    assert [reader.searches.title(id) for id in ("1", "2", "99")] == ["题", "编号 2", "编号 99"]
    session.searches.remove("水车")
    assert session.searches.listed() == ()
    with pytest.raises(UsageError):
        session.searches.save(" ", WATER)


def test_history_can_be_cleared_and_switched_off(library: Library) -> None:
    searches = library.session(LOCAL).searches
    for text in ("水车", "甘草", "水车"):
        searches.note(Search(text=text), len(text))
    assert [(one.search.text, one.total) for one in searches.history()] == [("水车", 2), ("甘草", 2)]
    assert library.session(READER).searches.history() == ()
    searches.keep_history(False)
    searches.note(Search(text="羊皮筏"), 1)
    assert (searches.keeps_history, len(searches.history())) == (False, 2)
    searches.clear()
    searches.keep_history(True)
    searches.note(Search(text="羊皮筏"), 1)
    assert [one.search.text for one in searches.history()] == ["羊皮筏"]


def test_what_changed_in_the_library_since_a_moment(library: Library, clock: list[int], tmp_path: Path) -> None:
    session, reader = library.session(LOCAL), library.session(READER)
    _, other, third = put(session, tmp_path, "造水车。", "修水渠。", "卖水车。")
    moment = session.counts.moment()
    assert not session.counts.since(WATER, moment).library
    session.correct(other, [Rewrite(1, "修水渠。", ("修水车。",))], "错字")
    session.withdraw(third, "重复")
    new, without, hidden = (
        *put(session, tmp_path, "两架水车。", "没有。"),
        *put(session, tmp_path, "内部水车", access=Access.RESTRICTED),
    )
    since = session.counts.since(WATER, moment)
    assert since.library == Changes((new, without, hidden), (other,), (third,))
    assert since.here == Changes((new, hidden), (other,), (third,))
    assert reader.counts.since(WATER, moment).here.new == (new,)
    later = session.counts.moment()
    key = session.imports()[-1].key
    session.arrangement.undo_import(key)
    assert session.counts.since(WATER, later).library.withdrawn == (hidden,)
    undone = session.counts.moment()
    session.arrangement.take_back(session.arrangement.changes()[0].key)
    assert session.counts.since(WATER, undone).library == Changes((hidden,))
