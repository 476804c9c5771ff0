"""A long import is many short writes: others write between them, and what stops it half-way is whole and gets found."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from archive.catalogue import date_service
from archive.catalogue.date_service import Dated
from archive.dates.office_periods import OfficePeriods
from archive.library import Library
from archive.model.access import Actor
from archive.model.date_decisions import Decision
from archive.model.edits import Rewrite
from archive.model.errors import LibraryBusy
from archive.model.records import Article, Mention
from archive.model.search import Search
from archive.search import indexing
from archive.session import Session
from archive.store.attached_rows import Attached
from ingest.pipeline import importer
from ingest.pipeline.report import FileReport
from ingest.pipeline.sources import plan

LOCAL = Actor.local()
EDITOR = Actor("e", "王编辑", LOCAL.rights)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "来稿"
    folder.mkdir()
    for number in range(8):
        text = f"水车之{number}\n\n" + f"第{number}架水车浇着两岸的菜园。" * 40
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "PART", 600)
    monkeypatch.setattr(importer, "INDEXED_AT_ONCE", 1200)


class Meddling(importer.Silent):
    """After each file somebody else writes, by another opening of the library, without waiting."""

    def __init__(self, other: Library) -> None:
        self._other = other
        self.wrote = 0

    def done(self, report: FileReport) -> None:
        with self._other._store.writing("王编辑", "更正", 0):
            self.wrote += 1


def test_others_write_between_the_files(tmp_path: Path, files: Path) -> None:
    with Library.create(tmp_path / "library") as library, Library.open(library.root) as other:
        meddling = Meddling(other)
        importer.ingest(library.session(LOCAL), [files], progress=meddling)
        assert meddling.wrote == 8
        for one in (library, other):
            assert one.session(LOCAL).search(Search(text="水车")).total == 8
            assert one.session(LOCAL).check() == ()


def test_nobody_waits_while_dates_are_read(tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, wrote = date_service.read, []
    with Library.create(tmp_path / "library") as library, Library.open(library.root) as other:

        def reading(
            periods: OfficePeriods, article: Article, decisions: Sequence[Decision] = ()
        ) -> tuple[Mention, ...]:
            with other._store.writing("王编辑", "更正", 0):
                wrote.append(article.title)
            return read(periods, article, decisions)

        monkeypatch.setattr(date_service, "read", reading)
        importer.ingest(library.session(LOCAL), [files])
    assert len(wrote) == 8


def test_dates_are_read_again_where_periods_changed_meanwhile(tmp_path: Path, files: Path) -> None:
    class Slow(Session):
        """Somebody changes the office's periods after the dates were read and before they are stored."""

        def _dated(self, articles: Sequence[Article], brought: Sequence[Attached]) -> tuple[str, list[Dated]]:
            found = super()._dated(articles, brought)
            own = '[[period]]\nnames = ["水车初起"]\nstart = "1904-03"\nend = "1904-05"\nalone = true\n'
            (self.root / "periods.toml").write_text(own, encoding="utf-8")
            return found

    file = files / "0.txt"
    file.write_text("水车\n\n水车初起，村里来了木匠。", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.__class__ = Slow
        importer.ingest(session, [file])
        assert [(one.start, one.end) for one in library.session(LOCAL).mentions("1")] == [(0, 4)]


def test_a_short_write_does_not_index_what_an_import_left(
    tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "LITTLE", 150)  # a text and a bit
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        importer.ingest(session, [files / "0.txt"])
        importer.take_in(session, plan([files]), index=False)
        waiting = library._store.pending()
        held = session.article("1").blocks[1].text
        session.correct("1", [Rewrite(1, held, (f"{held}木匠姓段。",))], "补")
        assert session.search(Search(text="木匠姓段")).total == 1, "one's own is found at once"
        assert library._store.pending() == waiting[1:], "a little of the rest came along"
        session.index_waiting()
        assert library._store.pending() == () and session.check() == ()


def test_others_write_between_the_parts_of_the_index(
    tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        importer.take_in(session, plan([files]), index=False)
        waiting = [len(library._store.pending())]
        store_indexed = library._store.indexed

        def noted(ids: tuple[str, ...]) -> None:
            store_indexed(ids)
            waiting.append(len(library._store.pending()))

        monkeypatch.setattr(library._store, "indexed", noted)
        session.index_waiting()
        assert waiting[0] == 8 and waiting[-1] == 0 and len(waiting) > 3
        assert session.search(Search(text="水车")).total == 8


def test_what_stops_it_half_way_is_found_at_the_next_opening(tmp_path: Path, files: Path) -> None:
    class Stopped(importer.Silent):
        def done(self, report: FileReport) -> None:
            if report.file.startswith("4"):
                raise KeyboardInterrupt

    root = tmp_path / "library"
    with Library.create(root) as library, pytest.raises(KeyboardInterrupt):
        importer.ingest(library.session(LOCAL), [files], progress=Stopped())
    with Library.open(root) as library:
        assert library.session(LOCAL).search(Search(text="水车")).total == 5
        importer.ingest(library.session(LOCAL), [files])
        assert library.session(LOCAL).search(Search(text="水车")).total == 8


def test_who_waits_in_vain_is_told_who_does_what(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library, Library.open(library.root) as other:
        held, leave = threading.Event(), threading.Event()

        def long_work() -> None:
            with other.session(EDITOR)._patient("收入稿件"):
                held.set()
                leave.wait(20)

        worker = threading.Thread(target=long_work)
        worker.start()
        held.wait(20)
        with pytest.raises(LibraryBusy, match="王编辑（收入稿件"), library._store.writing("张三", "更正", 0.1):
            pass
        leave.set()
        worker.join()
