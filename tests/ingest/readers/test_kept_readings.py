"""What was read on a picture is kept, and taken up again instead of reading it once more."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archive.model.records import Picture
from archive.support.library_folder import reading_file
from ingest.readers import kept_readings, ocr
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.recogniser import Character, captured_messages

LINE = ReadLine(((1.0, 2.0), (9.0, 2.0), (9.0, 4.0), (1.0, 4.0)), (Character("水", 0.5, 0.1, "木"),), 1.0)
READING = PageReading(10, 20, 0.5, (LINE,), ((1.0, 1.0, 2.0, 2.0),))
DATA = b"BM\x46" + bytes(40)
SHA256 = hashlib.sha256(DATA).hexdigest()


def test_a_reading_is_kept_whole(tmp_path: Path) -> None:
    with kept_readings.keeping(tmp_path):
        assert kept_readings.kept(SHA256) is None
        kept_readings.keep(SHA256, READING)
        assert kept_readings.kept(SHA256) == READING
    assert kept_readings.kept(SHA256) is None


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x92\x01\x02"])
def test_a_damaged_file_is_no_reading(tmp_path: Path, content: bytes) -> None:
    with kept_readings.keeping(tmp_path):
        kept_readings.keep(SHA256, READING)
        reading_file(tmp_path, SHA256).write_bytes(content)
        assert kept_readings.kept(SHA256) is None


def test_a_reading_by_earlier_rules_is_not_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept_readings.keeping(tmp_path):
        kept_readings.keep(SHA256, READING)
        monkeypatch.setattr(kept_readings, "RULES", kept_readings.RULES + 1)
        assert kept_readings.kept(SHA256) is None


def test_where_nothing_can_be_written_it_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "readings").write_text("no folder")
    with kept_readings.keeping(tmp_path):
        kept_readings.keep(SHA256, READING)
        assert kept_readings.kept(SHA256) is None


def test_a_picture_is_read_once_and_heard_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(ocr, "read_page", lambda data: read.append(data) or READING)
    monkeypatch.setattr(ocr, "_pixels", lambda data: 1)
    with kept_readings.keeping(tmp_path), captured_messages() as heard:
        first, second = (ocr.recognise(Picture(SHA256, DATA, "image/bmp"), 0) for _ in range(2))
    assert first == second
    assert (read, heard) == ([DATA], ["水", "水"])
