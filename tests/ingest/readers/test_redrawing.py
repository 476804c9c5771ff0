"""EMF, WMF and TIFF become PNG, which every browser shows."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest

from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Manuscript, Picture
from archive.support.libreoffice import LibreOffice
from ingest.readers import redrawing


def tiff(width: int = 40, height: int = 20) -> bytes:
    """A grey picture that grows lighter to the right."""
    data = bytes(x * 6 % 256 for _ in range(height) for x in range(width))
    entries = [
        *((256, 3, width), (257, 3, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1)),
        *((278, 3, height), (279, 4, len(data))),
    ]
    head = b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(entries))
    return head + b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries) + bytes(4)


def wmf() -> bytes:
    """A rectangle."""

    def record(function: int, *values: int) -> bytes:
        return struct.pack("<IH", 3 + len(values), function) + struct.pack(f"<{len(values)}h", *values)

    body = record(0x20B, 0, 0) + record(0x20C, 1000, 2000) + record(0x41B, 900, 1900, 100, 100) + record(0)
    place = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 2000, 1000, 1440, 0)
    check = 0
    for (word,) in struct.iter_unpack("<H", place):
        check ^= word
    return (
        place + struct.pack("<H", check) + struct.pack("<HHHIHIH", 1, 9, 0x300, (18 + len(body)) // 2, 0, 7, 0) + body
    )


def manuscript(*pictures: tuple[bytes, str]) -> Manuscript:
    held = [Picture(hashlib.sha256(data).hexdigest(), data, kind) for data, kind in pictures]
    blocks = tuple(Block(Kind.FIGURE, picture=picture.sha256) for picture in held)
    issues = (Issue(IssueCode.PICTURE_FORMAT, "第 1 段", "浏览器可能显示不了"),)
    return Manuscript("稿", "", blocks, 0, issues, pictures={picture.sha256: picture for picture in held})


def pixels(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and the uncompressed lines of a PNG of ours."""
    width, height = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT") + 4
    return width, height, zlib.decompress(data[start : data.index(b"IEND")])


def test_drawn_as_png(office: LibreOffice) -> None:
    before = manuscript((tiff(), "image/tiff"), (wmf(), "image/x-wmf"))
    after = redrawing.redrawn(before)
    drawn = [after.pictures[block.picture] for block in after.blocks]
    assert [picture.media_type for picture in drawn] == ["image/png"] * 2
    assert set(after.pictures) == {picture.sha256 for picture in drawn}
    width, height, lines = pixels(drawn[0].data)
    assert (width, height) == (40, 20)
    middle = lines[10 * (1 + 3 * width) + 1 : 11 * (1 + 3 * width)]
    assert middle[3] < middle[60] < middle[114]
    assert len(set(pixels(drawn[1].data)[2])) > 1
    assert [issue.code for issue in after.issues] == ["picture-redrawn"]


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LibreOffice, "find", classmethod(lambda kind: None))
    before = manuscript((tiff(), "image/tiff"))
    assert redrawing.redrawn(before) is before


def test_other_pictures_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LibreOffice, "find", classmethod(lambda kind: pytest.fail("not needed")))
    before = manuscript((b"\x89PNG\r\n\x1a\n", "image/png"))
    assert redrawing.redrawn(before) is before


def test_a_picture_that_is_none_stays(office: LibreOffice) -> None:
    before = manuscript((b"\x01\0\0\0" + bytes(100), "image/x-emf"))
    after = redrawing.redrawn(before)
    assert after.pictures == before.pictures
    assert [issue.code for issue in after.issues] == ["picture-format"]
