"""Scanned pages as a PDF: the picture is seen alone, and the text is found where its line stands."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

pytest.importorskip("PIL")

from PIL import Image, ImageChops

from archive.model.scanned_pages import TextPage
from ingest.readers import kept_readings
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.recogniser import Character
from ingest.readers.searchable_pdf import write

WIDE, HIGH = 800, 1000


def line(text: str, box: tuple[float, float, float, float], downwards: bool = False) -> ReadLine:
    left, top, right, bottom = box
    characters = tuple(Character(one, 0.9, at / len(text)) for at, one in enumerate(text))
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return ReadLine(corners, characters, float(len(text)), downwards)


@pytest.fixture
def page(tmp_path: Path) -> TextPage:
    image = Image.new("L", (WIDE, HIGH), 240)
    image.paste(60, (100, 100, 500, 140))
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    file = tmp_path / "页.jpg"
    file.write_bytes(stream.getvalue())
    sha256 = hashlib.sha256(stream.getvalue()).hexdigest()
    lines = line("河湾水車旧闻𨽻", (100, 100, 500, 140)), line("公社修渠", (700, 200, 740, 400), True)
    with kept_readings.keeping(tmp_path):
        kept_readings.keep(sha256, PageReading(WIDE, HIGH, 0.0, lines))
    return TextPage(file, sha256, ("河湾水车旧闻𨽻", "公社修渠", "后来补的一句"))


def test_text_is_found_at_its_place_and_not_seen(page: TextPage, tmp_path: Path) -> None:
    made = tmp_path / "辑.pdf"
    assert write([page, page], tmp_path, made) == 2
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) == 2
        text = document[0].get_textpage()
        scale = document[0].get_size()[0] / WIDE
        for words, box in (("水车旧闻", (212, 100, 456, 140)), ("公社修渠", (700, 200, 740, 400))):
            at, count = text.search(words).get_next()
            rects = [text.get_charbox(number) for number in range(at, at + count)]
            left, right = min(one[0] for one in rects) / scale, max(one[2] for one in rects) / scale
            top, bottom = HIGH - max(one[3] for one in rects) / scale, HIGH - min(one[1] for one in rects) / scale
            assert all(abs(is_ - wanted) < 70 for is_, wanted in zip((left, top, right, bottom), box, strict=True))
        whole = text.get_text_range()
        assert "后来补的一句" in whole and "𨽻" in whole
        assert "車" not in whole
        drawn = document[0].render(scale=1 / scale, grayscale=True).to_pil().convert("L")
        difference = ImageChops.difference(drawn, Image.open(page.file).convert("L").resize(drawn.size))
        assert difference.point(lambda shade: 255 * (shade > 60)).getbbox() is None
    assert made.stat().st_size < 2 * page.file.stat().st_size + 20_000


def test_a_picture_that_cannot_be_drawn_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "坏.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert write([TextPage(file, "0" * 64, ("字",))], tmp_path, tmp_path / "空.pdf") == 0
