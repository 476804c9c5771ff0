"""Pictures by their bytes."""

from __future__ import annotations

import pytest

from archive.support.pictures import format_name, is_whole, media_type

BODY = bytes(range(32, 48)) * 20
WHOLE = {
    "image/png": b"\x89PNG\r\n\x1a\n" + BODY + b"\0\0\0\0IEND\xae\x42\x60\x82",
    "image/jpeg": b"\xff\xd8\xff\xe0" + BODY + b"\xff\xd9",
    "image/gif": b"GIF89a" + BODY + b";",
    "image/webp": b"RIFF" + (4 + len(BODY)).to_bytes(4, "little") + b"WEBP" + BODY,
    "image/bmp": b"BM" + BODY,
    "image/tiff": b"MM\0*" + BODY,
    "image/x-wmf": b"\xd7\xcd\xc6\x9a" + BODY,
    "image/x-emf": b"\x01\0\0\0" + BODY,
}


@pytest.mark.parametrize("kind", WHOLE)
def test_kinds_and_wholeness(kind: str) -> None:
    data = WHOLE[kind]
    assert media_type(data) == media_type(data[:12]) == kind
    assert format_name(kind)
    assert is_whole(data)
    if kind in ("image/png", "image/jpeg", "image/gif", "image/webp"):
        assert not is_whole(data[: len(data) * 3 // 4])


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"%PDF", b"RIFF1234WAVE"])
def test_what_is_no_picture(data: bytes) -> None:
    assert media_type(data) == "" and format_name("") == ""
