"""Scanned pages shared out among processes: what is told, and what becomes of a page that ends whoever reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model.records import Collection
from archive.support import free_memory
from archive.support.cancellation import Cancelled, cancelled_unless
from ingest.pipeline import page_recognition
from ingest.pipeline.page_recognition import recognise_pages
from ingest.pipeline.sources import single
from ingest.pipeline.staging import Ready
from ingest.splitting.split import Mode


def scanned(form: str, file: Path, name: str, again: bool) -> tuple[int, ...]:
    """All of five pages."""
    return tuple(range(5))


def read(number: int, form: str, file: Path, name: str, root: Path) -> bool:
    """Notes the page; the fourth ends its reader."""
    if number == 3:
        os._exit(1)
    (root / f"{number}").write_text(name, encoding="utf-8")
    return True


def give_up(number: int, form: str, file: Path, name: str, root: Path) -> bool:
    """Notes that, too."""
    (root / f"{number}").write_text("", encoding="utf-8")
    return True


@pytest.fixture
def volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ready]:
    for name, function in (("SCANNED", "scanned"), ("READ_PAGE", "read"), ("GIVE_UP", "give_up")):
        monkeypatch.setattr(page_recognition, name, f"{__name__}:{function}")
    file = tmp_path / "辑.pdf"
    file.write_bytes(b"%PDF")
    (tmp_path / "kept").mkdir()
    yield Ready(single(file, file.name, Collection("c", "c"), Mode.AUTO), file, "pdf")


@pytest.mark.parametrize("processes", [1, 2])
def test_every_page_is_read_and_one_that_cannot_be_costs_itself(volume: Ready, processes: int) -> None:
    kept, told = volume.reading.parent / "kept", []
    recognise_pages([volume], kept, processes, lambda name, done, count: told.append((name, done, count)))
    assert told == [("辑.pdf", done, 5) for done in range(6)]
    assert {file.name: file.read_text("utf-8") for file in kept.iterdir()} == dict.fromkeys("0124", "辑.pdf") | {
        "3": ""
    }


def test_it_stops_where_the_work_is_cancelled(volume: Ready) -> None:
    kept = volume.reading.parent / "kept"

    def tell(name: str, done: int, count: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled), cancelled_unless(lambda: True):
        recognise_pages([volume], kept, 1, tell)
    assert {"0", "1"} <= {file.name for file in kept.iterdir()}


def test_memory_is_told_in_bytes() -> None:
    assert free_memory.free_memory() > 2**24
