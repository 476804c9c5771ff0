"""Files of tables from outside are read by an isolated process, whatever their format."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.errors import ReadError
from archive.support import table_files
from archive.support.isolation import isolated_process
from archive.support.sheets import write_csv, write_xlsx
from archive.support.table_files import own_rows, read_rows, read_tables


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_table_that_kills_its_reader_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """As `names --import` and `metadata --import` read it."""
    file = tmp_path / f"名称.{suffix}"
    if suffix == "csv":
        write_csv(file, ["名称", "类别"], [])
    else:
        write_xlsx(file, [("名称", ["名称", "类别"], [])])
    assert read_tables(file) == [[["名称", "类别"]]]
    real = isolated_process.IsolatedProcess.call
    monkeypatch.setattr(
        isolated_process.IsolatedProcess,
        "call",
        lambda self, function, *arguments, **options: real(self, "os:abort", **options),
    )
    with pytest.raises(ReadError, match="表格太大或结构太复杂"):
        read_tables(file)


@pytest.mark.parametrize("line", [b"," * 3_000_000, b"a,b,\n" * 400_000])
def test_a_table_of_commas_is_refused(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "表.csv"
    file.write_bytes(line)
    with pytest.raises(ReadError, match="万格"):
        read_rows(file)


def test_a_small_table_of_our_own_costs_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "names.csv"
    write_csv(file, ["名称"], [["甲"]])
    monkeypatch.setattr(table_files, "borrowed", lambda: pytest.fail("a process was asked for"))
    assert own_rows(file) == [["名称"], ["甲"]]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_large_or_packed_one_is_read_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    file = tmp_path / f"names.{suffix}"
    (write_csv(file, ["名称"], [["甲"]]) if suffix == "csv" else write_xlsx(file, [("名称", ["名称"], [["甲"]])]))
    monkeypatch.setattr(table_files, "_SMALL", 4)
    monkeypatch.setattr(table_files, "csv_rows", lambda *_: pytest.fail("it was parsed here"))
    assert own_rows(file) == [["名称"], ["甲"]]
