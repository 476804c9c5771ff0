"""Images by their first bytes."""

from __future__ import annotations

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\xd7\xcd\xc6\x9a", "image/x-wmf"),
    (b"\x01\0\0\0", "image/x-emf"),
)
NOT_FOR_BROWSERS = frozenset({"image/tiff", "image/x-wmf", "image/x-emf"})


def media_type(data: bytes) -> str:
    """The media type of an image; "" where it is none that is known. SVG is not taken: it can carry scripts."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
