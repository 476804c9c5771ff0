"""Scanned pages as a PDF that can be searched: the picture of each page, and its text over it, invisible.

PDFium writes it. The text is set in a face of one square, made here, in which every code stands for itself; so the
file grows by some kilobytes only. The text is that of the library, corrections and all, line by line where the line was
read; a line that was corrected beyond recognition stands at the head of its page.
"""

from __future__ import annotations

import ctypes
import io
import struct
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from archive.model.scanned_pages import TextPage
from archive.support.isolation.served_calls import progress
from ingest.readers import ocr
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.text_on_page import shared_out

_POINTS = 72 / 200  # of a pixel: scans are of 200 dots an inch where nothing else is known
_LONGEST = 1_440.0  # points of the longer side
_CODES = 2**16
_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end
"""


def write(pages: Sequence[TextPage], root: Path, to: Path) -> int:
    """Writes the pages of a library in the folder `root` to a PDF; how many could be drawn."""
    document = pypdfium2.PdfDocument.new()
    try:
        font = _font(document)
        drawn = 0
        for page in pages:
            progress()
            drawn += _page(document, font, page, root)
        document.save(to)
    finally:
        document.close()
    return drawn


def _page(document: Any, font: Any, page: TextPage, root: Path) -> bool:
    picture = _picture(document, page.file)
    if picture is None:
        return False
    wide, high = picture.get_px_size()
    scale = min(_POINTS, _LONGEST / max(wide, high, 1))
    sheet = document.new_page(wide * scale, high * scale)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(wide * scale, high * scale))
    sheet.insert_obj(picture)
    reading = ocr.read_picture(page.file, page.sha256, root)
    for text, matrix in _lines(reading, page.texts, wide * scale, high * scale):
        _write(document, sheet, font, text, matrix)
    sheet.gen_content()
    sheet.close()
    return True


def _picture(document: Any, file: Path) -> Any:
    """The picture as an object of a PDF; None where it cannot be decoded."""
    data = file.read_bytes()
    image = pypdfium2.PdfImage.new(document)
    if data.startswith(b"\xff\xd8\xff"):
        image.load_jpeg(io.BytesIO(data), inline=True)
        return image
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as opened:
            image.set_bitmap(pypdfium2.PdfBitmap.from_pil(opened.convert("L")))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return image


def _lines(
    reading: PageReading, texts: Sequence[str], wide: float, high: float
) -> Iterator[tuple[str, tuple[float, float, float, float, float, float]]]:
    """The text of a page with the matrices that set a text of size 1 at its place."""
    number = 0
    for each in shared_out(reading, texts):
        count = len(each.text)
        if each.line is not None:
            yield each.text, _matrix(each.line, count, wide / reading.width, high / reading.height, high)
        else:
            number += 1
            yield each.text, (min(6.0, wide / count), 0, 0, 6, 0, high - 6 * number)


def _matrix(
    line: ReadLine, count: int, across: float, down: float, high: float
) -> tuple[float, float, float, float, float, float]:
    """So that the text fills the box of its line, which may lean or run down."""
    corners = [(x * across, high - y * down) for x, y in line.corners]
    begin, side = corners[3], corners[0]  # lower left, upper left
    end = corners[2]
    if line.downwards:
        begin, end, side = corners[0], corners[3], corners[1]
    along = ((end[0] - begin[0]) / count, (end[1] - begin[1]) / count)
    return (*along, side[0] - begin[0], side[1] - begin[1], *begin)


def _write(document: Any, sheet: Any, font: Any, text: str, matrix: tuple[float, ...]) -> None:
    codes = struct.unpack(f"<{len(data) // 2}H", data) if (data := text.encode("utf-16-le", "replace")) else ()
    written = pdfium.FPDFPageObj_CreateTextObj(document, font, 1.0)
    pdfium.FPDFTextObj_SetTextRenderMode(written, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    pdfium.FPDFText_SetCharcodes(written, (ctypes.c_uint * len(codes))(*codes), len(codes))
    pdfium.FPDFPageObj_SetMatrix(written, pdfium.FS_MATRIX(*matrix))
    pdfium.FPDFPage_InsertObject(sheet, written)


def _font(document: Any) -> Any:
    face, glyphs = _face(), b"\0\1" * _CODES
    data = (ctypes.c_ubyte * len(face)).from_buffer_copy(face)
    codes = (ctypes.c_ubyte * len(glyphs)).from_buffer_copy(glyphs)
    return pdfium.FPDFText_LoadCidType2Font(document, data, len(face), _CMAP.encode("ascii"), codes, len(glyphs))


@cache
def _face() -> bytes:
    """A TrueType face with one glyph, an em square: never painted, but without a size PDFium would not find it."""
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]

    names = [".notdef", "blank"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x3000: "blank"})
    pen = TTGlyphPen(None)
    pen.moveTo((0, -120))
    for corner in ((0, 880), (1000, 880), (1000, -120)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Blank", "styleName": "Regular", "psName": "Blank"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    builder.setupPost()
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()
