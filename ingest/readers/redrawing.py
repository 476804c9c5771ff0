"""Pictures that no browser shows (EMF, WMF, TIFF) drawn anew as PNG: LibreOffice sets them, PDFium draws them."""

from __future__ import annotations

import base64
import hashlib
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Manuscript, Picture
from archive.support.libreoffice import LibreOffice, OfficeFailure
from archive.support.pictures import NOT_FOR_BROWSERS, format_name

_LONGEST_SIDE = 2400  # pixels
_DOTS = 300  # an inch, at most
_SIGN = 16.0  # points
_USUAL, _WIDEST = (16.0, 12.0), 90.0  # centimetres
_MOST_BYTES = 64 * 2**20  # of all pictures of a file together
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles>
<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style>
<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="100cm" fo:page-height="100cm"
 fo:margin-top="1cm" fo:margin-bottom="1cm" fo:margin-left="1cm" fo:margin-right="1cm"/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L"/></office:master-styles>
<office:body><office:text>{}</office:text></office:body></office:document>
"""
_PICTURE = (
    '<text:p text:style-name="P"><draw:frame text:anchor-type="as-char" svg:width="{:.2f}cm" svg:height="{:.2f}cm">'
    "<draw:image><office:binary-data>{}</office:binary-data></draw:image></draw:frame></text:p>"
)


def redrawn(manuscript: Manuscript) -> Manuscript:
    """The manuscript with such pictures drawn as PNG where LibreOffice is at hand; else as it is, with its issues."""
    wanted = [picture for picture in manuscript.pictures.values() if picture.media_type in NOT_FOR_BROWSERS]
    if not wanted or sum(len(picture.data) for picture in wanted) > _MOST_BYTES:
        return manuscript
    office = LibreOffice.find()
    made = _drawn(office, wanted) if office is not None else {}
    if not made:
        return manuscript
    kinds = Counter(format_name(picture.media_type) for picture in wanted if picture.sha256 in made)
    named = "、".join(f"{count} 幅 {kind}" for kind, count in kinds.items())
    told = Issue(IssueCode.PICTURE_REDRAWN, manuscript.name, f"{named} 图片已画成 PNG，原样还在原件里，请核对")
    issues = manuscript.issues
    if len(made) == len(wanted):
        issues = tuple(issue for issue in issues if issue.code is not IssueCode.PICTURE_FORMAT)
    kept = {digest: one for digest, one in manuscript.pictures.items() if digest not in made}
    return replace(
        manuscript,
        blocks=tuple(_block(block, made) for block in manuscript.blocks),
        pictures={**kept, **{picture.sha256: picture for picture in made.values()}},
        issues=(*issues, told),
    )


def _block(block: Block, made: dict[str, Picture]) -> Block:
    return replace(block, picture=made[block.picture].sha256) if block.picture in made else block


def _drawn(office: LibreOffice, pictures: Sequence[Picture]) -> dict[str, Picture]:
    """The pictures by the SHA-256 of what they were; those that cannot be drawn are left out."""
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "pictures.fodt")
        shown = "".join(
            _PICTURE.format(*_size(picture.data), base64.b64encode(picture.data).decode()) for picture in pictures
        )
        file.write_text(_DOCUMENT.format(shown), encoding="utf-8")
        try:
            made = office.convert([file], "pdf", Path(folder))[file]
        except OfficeFailure:
            return {}
        if isinstance(made, OfficeFailure):
            return {}
        try:
            document = pypdfium2.PdfDocument(made.read_bytes())
        except pypdfium2.PdfiumError:
            return {}
        try:
            # The first page break stands before the first picture, or before an empty first page.
            first = len(document) - len(pictures)
            drawings = [_png(document[first + number]) for number in range(len(pictures))] if first in (0, 1) else []
        finally:
            document.close()
    return {
        picture.sha256: Picture(hashlib.sha256(data).hexdigest(), data, "image/png")
        for picture, data in zip(pictures, drawings, strict=False)
        if data
    }


def _size(data: bytes) -> tuple[float, float]:
    """Width and height to set a picture in, in centimetres: what it says of itself, within what a page holds."""
    try:
        width, height = _own_size(data)
    except struct.error:
        width, height = 0.0, 0.0
    if width <= 0 or height <= 0:
        width, height = _USUAL
    fit = min(1.0, _WIDEST / max(width, height))
    return max(0.1, width * fit), max(0.1, height * fit)


def _own_size(data: bytes) -> tuple[float, float]:
    if data.startswith(b"\xd7\xcd\xc6\x9a"):  # WMF with a header of its own
        left, top, right, bottom, inch = struct.unpack_from("<4hH", data, 6)
        return abs(right - left) / max(1, inch) * 2.54, abs(bottom - top) / max(1, inch) * 2.54
    if data.startswith(b"\x01\0\0\0"):  # EMF, in hundredths of a millimetre
        left, top, right, bottom = struct.unpack_from("<4i", data, 24)
        return abs(right - left) / 1000, abs(bottom - top) / 1000
    order = "<" if data.startswith(b"II") else ">"
    if not data.startswith((b"II*\0", b"MM\0*")):
        return 0.0, 0.0
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, at)
    sides = {}
    for number in range(min(count, 100)):
        tag, kind = struct.unpack_from(f"{order}HH", data, at + 2 + 12 * number)
        (sides[tag],) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, at + 10 + 12 * number)
    return sides.get(256, 0) / _DOTS * 2.54, sides.get(257, 0) / _DOTS * 2.54  # so that pixels stay pixels


def _png(page: Any) -> bytes:
    """What stands on a page, cut out; nothing for an empty page."""
    width, height = page.get_size()
    things = list(page.get_objects(max_depth=2))
    boxes = [thing.get_bounds() for thing in things]
    if not boxes or _is_placeholder([thing.type for thing in things], boxes):
        return b""
    left, bottom = max(0.0, min(box[0] for box in boxes)), max(0.0, min(box[1] for box in boxes))
    right, top = min(width, max(box[2] for box in boxes)), min(height, max(box[3] for box in boxes))
    if right - left < 1 or top - bottom < 1:
        return b""
    scale = min(_DOTS / 72, _LONGEST_SIDE / max(right - left, top - bottom))
    bitmap = page.render(scale=scale, crop=(left, bottom, width - right, height - top), rev_byteorder=True)
    return _encoded(bitmap)


def _is_placeholder(kinds: Sequence[int], boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    """What LibreOffice draws where it cannot read a picture: an empty frame with a sign in its upper left corner."""
    if list(kinds) != [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE]:
        return False
    frame, sign = boxes[0], boxes[2]
    small = max(sign[2] - sign[0], sign[3] - sign[1]) <= _SIGN
    return small and abs(sign[0] - frame[0]) <= 2 and abs(sign[3] - frame[3]) <= 2


def _encoded(bitmap: Any) -> bytes:
    """A bitmap of PDFium as PNG, without its fourth byte a pixel where it has one."""
    width, height, stride, channels = bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels
    data = bytes(bitmap.buffer)
    lines = bytearray()
    for row in range(height):
        line = data[row * stride : row * stride + width * channels]
        if channels == 4:
            colours = bytearray(3 * width)
            for channel in range(3):
                colours[channel::3] = line[channel::4]
            line = bytes(colours)
        lines += b"\0" + line
    colour = 0 if channels == 1 else 2
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(lines), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
