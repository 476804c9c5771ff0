"""Pages of PDF in every compression that scanners write: drawn, so that they can be read."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

pytest.importorskip("cv2")

import numpy as np
from PIL import Image, ImageChops, TiffImagePlugin

from ingest.readers import ocr
from ingest.readers.pdf.page_content import open_pdf

WIDE, TALL = 160, 240
BLACK = (40, 60, 100, 90)  # left, top, right, bottom: the one mark on the page


def page(mode: str) -> Image.Image:
    image = Image.new("L", (WIDE, TALL), 255)
    image.paste(0, BLACK)
    return image.convert(mode)


def fax(form: str) -> bytes:
    """The page as one strip of a fax: black is 1, as PDF and JBIG2 take it."""
    stream = io.BytesIO()
    ImageChops.invert(page("1")).save(stream, "TIFF", compression=form, tiffinfo={278: TALL, 266: 1})
    with Image.open(stream) as image:
        assert isinstance(image, TiffImagePlugin.TiffImageFile)
        (at,), (length,) = image.tag_v2[273], image.tag_v2[279]
    return stream.getvalue()[at : at + length]


def jbig2() -> bytes:
    """The page as JBIG2 within a PDF has it: what a page is, then one region coded like a fax."""
    said = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", WIDE, TALL, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", WIDE, TALL, 0, 0, 0, 1) + fax("group4")
    return said + struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region


def jpeg2000() -> bytes:
    stream = io.BytesIO()
    page("L").save(stream, "JPEG2000")
    return stream.getvalue()


def pdf(data: bytes, coded: str) -> bytes:
    """A PDF of one page that one picture fills."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
        % (WIDE // 2, TALL // 2),
        b"<</Length %d>>stream\n%s\nendstream"
        % (len(draw := b"%d 0 0 %d 0 0 cm /I Do" % (WIDE // 2, TALL // 2)), draw),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/Length %d%s>>stream\n%s\nendstream"
        % (WIDE, TALL, len(data), coded.encode("ascii"), data),
    ]
    made = b"%PDF-1.7\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + tail


_FAX = "/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K {}/Columns %d/Rows %d>>"
CODED = {
    "group 4": (lambda: fax("group4"), _FAX.format(-1) % (WIDE, TALL)),
    "group 3": (lambda: fax("group3"), _FAX.format(0) % (WIDE, TALL)),
    "JBIG2": (jbig2, "/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode"),
    "JPEG 2000": (jpeg2000, "/ColorSpace/DeviceGray/Filter/JPXDecode"),
}


@pytest.mark.parametrize("form", CODED)
def test_a_page_is_drawn(tmp_path: Path, form: str) -> None:
    make, coded = CODED[form]
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(make(), coded))
    with open_pdf(file, file.name) as document:
        picture = ocr.rendered(document, 0)
    shown = np.asarray(Image.open(io.BytesIO(picture.data)).convert("L").resize((WIDE, TALL)))
    left, top, right, bottom = BLACK
    assert shown[top + 4 : bottom - 4, left + 4 : right - 4].mean() < 20
    assert shown[:, right + 6 :].mean() > 235
    assert shown[bottom + 6 :].mean() > 235


@pytest.mark.parametrize("form", ["group3", "group4"])
def test_pages_of_a_fax_are_taken_one_by_one(tmp_path: Path, form: str) -> None:
    file = tmp_path / "a.tif"
    page("1").save(file, "TIFF", compression=form, save_all=True, append_images=[page("1")])
    assert ocr.count_frames(file) == 2
    for picture in ocr.frames(file, file.name):
        shown = np.asarray(Image.open(io.BytesIO(picture.data)).convert("L"))
        assert shown[BLACK[1] + 1, BLACK[0] + 1] == 0
        assert shown[-1, -1] == 255


def test_a_picture_in_jpeg_2000_becomes_one_that_browsers_show(tmp_path: Path) -> None:
    file = tmp_path / "a.jp2"
    file.write_bytes(jpeg2000())
    (picture,) = ocr.frames(file, file.name)
    assert picture.media_type == "image/png"
