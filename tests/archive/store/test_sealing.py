"""Locked files: opened with their password alone, and whole or not at all."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from archive.model.errors import ReadError
from archive.store import sealing
from archive.store.sealing import SealingStream, is_sealed, opened


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three pieces and a bit."""
    monkeypatch.setattr(sealing, "_PIECE", 100)
    target = tmp_path / "a.sealed"
    with target.open("wb") as stream, closing(SealingStream(stream, "水车")) as sealed:
        for _ in range(7):
            sealed.write(b"0123456789" * 5)
    return target


def content(file: Path, password: str) -> bytes:
    with opened(file, password) as stream:
        return stream.read()


def test_there_and_back(file: Path) -> None:
    assert is_sealed(file)
    assert content(file, "水车") == b"0123456789" * 35
    assert b"0123456789" not in file.read_bytes()


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200])
def test_every_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sealing, "_PIECE", 100)
    file = tmp_path / "a"
    with file.open("wb") as stream, closing(SealingStream(stream, "p")) as sealed:
        sealed.write(bytes(size))
    assert content(file, "p") == bytes(size)


@pytest.mark.parametrize(("password", "words"), [("", "加了密码"), ("筏子", "密码不对")])
def test_only_with_its_password(file: Path, password: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        content(file, password)


def pieces(data: bytes) -> list[bytes]:
    head = len(sealing.MARK) + 16
    return [data[:head], *[data[at : at + 116] for at in range(head, len(data), 116)]]


@pytest.mark.parametrize("change", ["flip", "cut", "end", "swap", "drop", "add"])
def test_whatever_was_changed_is_noticed(file: Path, change: str) -> None:
    head, first, second, third, last = pieces(file.read_bytes())
    changed = {
        "flip": head + first + second[:50] + bytes([second[50] ^ 1]) + second[51:] + third + last,
        "cut": head + first + second + third[:40],
        "end": head + first + second + third,
        "swap": head + second + first + third + last,
        "drop": head + first + third + last,
        "add": head + first + second + third + last + last,
    }
    file.write_bytes(changed[change])
    with pytest.raises(ReadError):
        content(file, "水车")
