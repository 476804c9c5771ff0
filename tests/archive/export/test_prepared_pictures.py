"""Pictures of every kind that manuscripts bring are shown in Word files and EPUBs, upright, in colours of screens."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.export import Book, make_book
from archive.export.epub.epub_exporter import EpubExporter
from archive.export.word.word_exporter import WordExporter
from archive.model.records import Article, Block, Kind

WORD, EPUB = WordExporter(fill=False), EpubExporter()


def picture(form: str, mode: str = "RGB", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (90, 30)).save(file, form, **options)
    return file.getvalue()


def book(data: bytes, folder: Path) -> Book:
    file = folder / "picture"
    file.write_bytes(data)
    words = Block.plain(Kind.TITLE, "渡口"), Block(Kind.FIGURE, picture="p"), Block.plain(Kind.CAPTION, "水车与船")
    return make_book([Article(collection="c", blocks=words)], pictures=lambda _: (file, ""))


def shown(exporter: WordExporter | EpubExporter, made: Book, folder: Path) -> tuple[Image.Image, list[str]]:
    """The one picture in the file, and what was said about it."""
    file = folder / f"book{exporter.suffix}"
    issues = exporter.write(made, file)
    with zipfile.ZipFile(file) as package:
        [name] = [each for each in package.namelist() if "/media/" in each or "/images/" in each]
        return Image.open(io.BytesIO(package.read(name))), [each.message for each in issues if "幅图" in each.message]


@pytest.mark.parametrize("exporter", [WORD, EPUB], ids=["Word", "EPUB"])
def test_a_jpeg_for_the_press_is_shown_in_colours_of_screens(
    exporter: WordExporter | EpubExporter, tmp_path: Path
) -> None:
    data = picture("JPEG", "CMYK")
    assert b"JFIF" not in data and b"Exif" not in data, "as Adobe's programs write it"
    assert shown(exporter, book(data, tmp_path), tmp_path)[0].mode == "RGB"


@pytest.mark.parametrize("form", ["BMP", "TIFF", "WEBP"])
def test_kinds_that_readers_have_not_become_png(form: str, tmp_path: Path) -> None:
    found, told = shown(EPUB, book(picture(form), tmp_path), tmp_path)
    assert (found.format, told) == ("PNG", [])


@pytest.mark.parametrize("exporter", [WORD, EPUB], ids=["Word", "EPUB"])
def test_a_photograph_held_upright_stands_upright(exporter: WordExporter | EpubExporter, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found, _ = shown(exporter, book(picture("JPEG", exif=exif), tmp_path), tmp_path)
    assert found.size == (30, 90) and not found.getexif().get(0x0112)


@pytest.mark.parametrize("exporter", [WORD, EPUB], ids=["Word", "EPUB"])
def test_messages_name_the_picture(exporter: WordExporter | EpubExporter, tmp_path: Path) -> None:
    issues = exporter.write(book(picture("JPEG")[:200], tmp_path), tmp_path / "book")
    [message] = [issue.message for issue in issues if issue.code == "export-picture"]
    assert message.startswith("第 1 幅图“水车与船”没有放进文件，已留出位置：")
