"""Pictures by their first and last bytes: of which kind, and whether whole. Nothing is decoded."""

from __future__ import annotations

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),  # its code without the file around it
    (b"\xd7\xcd\xc6\x9a", "image/x-wmf"),
    (b"\x01\0\x09\0", "image/x-wmf"),  # without the header that gives its place on a page
    (b"\x01\0\0\0", "image/x-emf"),
)
# A picture cut off half-way still has a sound head; these end marks must stand somewhere in its second half.
_ENDS = {"image/png": b"IEND", "image/jpeg": b"\xff\xd9", "image/gif": b"\x3b"}
_NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/webp": "WebP",
    "image/jp2": "JPEG 2000",
    "image/x-wmf": "WMF",
    "image/x-emf": "EMF",
}
NOT_FOR_BROWSERS = frozenset({"image/tiff", "image/jp2", "image/x-wmf", "image/x-emf"})


def media_type(data: bytes) -> str:
    """The media type of a picture from its first 12 bytes or more; "" where it is none that is known.

    SVG is not taken for a picture: it can carry scripts.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _STARTS if data.startswith(start)), "")


def is_whole(data: bytes) -> bool:
    """Whether nothing seems cut off the end of a picture. For kinds without an end mark the answer is always yes."""
    kind = media_type(data)
    if kind == "image/webp":
        return len(data) >= int.from_bytes(data[4:8], "little")
    return data.rfind(_ENDS.get(kind, b"")) >= len(data) // 2


def format_name(kind: str) -> str:
    """What people call pictures of a media type: PNG, TIFF; "" for an unknown one."""
    return _NAMES.get(kind, "")
