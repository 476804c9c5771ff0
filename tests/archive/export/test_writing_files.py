"""Every exporter writes its file whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.export import DESCRIPTIONS, EXPORTERS, Book, make_book
from archive.model.errors import StorageError
from archive.model.records import Article, Block, Kind


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB of our own."""
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"this machine lets nobody mount: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("name", [name for name in EXPORTERS if name != "cover"])  # one page, which always fits
def test_a_really_full_disk(name: str, small_disk: Path) -> None:
    noise = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(200_000))  # compresses badly
    blocks = (Block.plain(Kind.TITLE, "长文"), Block.plain(Kind.PARAGRAPH, noise))
    texts = [Article(collection="", blocks=blocks)]
    if name in DESCRIPTIONS:  # they hold no text
        titles = (noise[at : at + 1000] for at in range(0, 100_000, 1000))
        texts = [Article(collection="", blocks=(Block.plain(Kind.TITLE, title),)) for title in titles]
    with pytest.raises(StorageError, match="磁盘空间不足"):
        EXPORTERS[name].write(make_book(texts), small_disk / "book")
    assert names(small_disk) == []


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_fails_cleanly(name: str, book: Book, tmp_path: Path) -> None:
    before = names(tmp_path)
    with pytest.raises(StorageError):
        EXPORTERS[name].write(book, tmp_path / "no" / "book")
    assert names(tmp_path) == before


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_says_what_it_is(name: str) -> None:
    exporter = EXPORTERS[name]
    assert exporter.suffix in {f".{name}", "-封面.pdf", *(f".{name}.{kind}" for kind in ("xml", "csv", "mrc", "zip"))}
    assert "/" in exporter.media_type and exporter.label
