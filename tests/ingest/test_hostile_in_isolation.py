"""Files that would take the whole program with them: each costs itself alone, and says what to do next."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from archive.model.errors import ReadError
from archive.model.records import Block, Kind, Manuscript
from archive.support.table_files import read_tables
from ingest.pipeline import file_import, process_pool, staging
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import Outcome
from ingest.readers import plain_text, registry

LIMITED = pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is tried on Linux")


def swollen(file: Path, name: str) -> Manuscript:
    """Reads as a library does that is led into taking all there is."""
    if "大" in name:
        held = [b"x" * 2**20 for _ in range(4096)]
        return Manuscript(name, "", (Block.plain(Kind.PARAGRAPH, str(len(held))),), 4)
    return plain_text.read(file, name)


def aborted(*arguments: object) -> Any:
    """Opens as a library does that gives up on a file."""
    source = arguments[0]
    if "大" in getattr(source, "name", ""):
        os.abort()
    from ingest.pipeline.file_opening import opened

    return opened(*arguments)  # type: ignore[arg-type]


def read_swollen(ready: Any, *further: Any) -> Any:
    """The reading of an import, with `swollen` for a reader."""
    from ingest.pipeline.file_reading import read_apart

    registry.FORMATS = tuple(replace(form, read=swollen) if form.name == "text" else form for form in registry.FORMATS)
    return read_apart(ready, *further)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("1大", "2", "3"):
        (tmp_path / f"{name}.txt").write_text(f"水车记{name}\n水车在河边转了很久。", encoding="utf-8")
    return tmp_path


def outcomes(report: Any) -> list[Outcome]:
    return [file.outcome for file in report.files]


@LIMITED
def test_a_file_that_takes_all_memory_is_refused_and_the_others_go_in(
    folder: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_import, "READ", f"{__name__}:read_swollen")
    report = ingest(fake_library, [folder])
    assert outcomes(report) == [Outcome.FAILED, Outcome.ADDED, Outcome.ADDED]
    error = report.files[0].error
    assert isinstance(error, ReadError)
    assert "文件太大或结构太复杂" in error.message
    assert "拆成几个文件" in error.hint


def test_a_file_that_aborts_its_reader_is_refused_and_the_others_go_in(
    folder: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "OPEN", f"{__name__}:aborted")
    report = ingest(fake_library, [folder])
    assert outcomes(report) == [Outcome.FAILED, Outcome.ADDED, Outcome.ADDED]
    assert report.files[0].error is not None
    assert report.files[0].error.place == "1大.txt"


def slept(ready: Any, *_: object) -> Any:
    """Reads as a library does that never comes to an end."""
    time.sleep(60 if "大" in ready.source.name else 0)
    from ingest.pipeline.file_reading import read_apart

    return read_apart(ready, *_)  # type: ignore[arg-type]


def test_a_file_without_end_is_given_up(folder: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_import, "READ", f"{__name__}:slept")
    monkeypatch.setattr(process_pool, "SECONDS", 8.0)
    report = ingest(fake_library, [folder])
    assert outcomes(report) == [Outcome.FAILED, Outcome.ADDED, Outcome.ADDED]
    assert report.files[0].error is not None
    assert "没有读完" in report.files[0].error.message


def test_wide_merged_ranges_end_well(tmp_path: Path, fake_library: Any) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "名称"
    book.active.merge_cells("A1:B2")
    file = tmp_path / "宽.xlsx"
    book.save(file)
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name).replace(b"A1:B2", b"A1:XFD1048576") for name in packed.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    with pytest.raises(ReadError, match="万格"):
        read_tables(file)
    assert outcomes(ingest(fake_library, [file])) == [Outcome.FAILED]


@pytest.mark.parametrize(
    ("name", "line"), [("短行.txt", "水\n"), ("表.csv", "甲,乙\n"), ("深.eml", "Content-Type: message/rfc822\n\n")]
)
def test_more_than_the_program_should_hold_is_not_handed_over(
    tmp_path: Path, fake_library: Any, name: str, line: str
) -> None:
    """A million cells of two bytes each took 1.5 GB of the process that holds the library."""
    (tmp_path / name).write_text("Subject: a\n" * name.endswith(".eml") + line * 300_001, encoding="utf-8")
    report = ingest(fake_library, [tmp_path / name])
    assert outcomes(report) == [Outcome.FAILED]
    assert report.files[0].error is not None
    assert "万段" in report.files[0].error.message or "结构太复杂" in report.files[0].error.message
