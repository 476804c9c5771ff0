"""What a file is, told from its content. Each test takes the first HEAD bytes and the file itself."""

from __future__ import annotations

import re
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

from archive.support.pictures import media_type

HEAD = 64 * 2**10
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DIRECTORY = 64 * 2**20  # bytes of a compound file looked through for the names of its streams
_STREAMS = ("EncryptedPackage", "WordDocument", "Workbook", "PowerPoint Document")
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body|<meta|<title)", re.I | re.S
)
_PIECE = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(div|p|h[1-6]|table|ul|ol|dl|section|article|main|center|blockquote|span|font|pre)[\s>]",
    re.I | re.S,
)
_TAG = re.compile(r"<(?:/?[a-z][a-z0-9]{0,10}|br)\b[^<>]*>", re.I)
_DATA = ((b"%!PS", "PostScript 文件"), (b"BEGIN:V", "通讯录或日程"), (b"#!/", "程序"), (b"-----BEGIN ", "证书"))
_WORD_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")


def is_compound(head: bytes, file: Path) -> bool:
    """OLE2: Word 97, Excel 97, and encrypted .docx."""
    return head.startswith(_OLE2)


def streams(file: Path) -> set[str]:
    """Which of the telling streams a compound file has."""
    with file.open("rb") as stream:
        data = stream.read(_DIRECTORY)
    return {word for word in _STREAMS if word.encode("utf-16-le") in data}


def is_old_word(head: bytes, file: Path) -> bool:
    """Word 97 to 2003, and what WPS calls .wps."""
    return is_compound(head, file) and "WordDocument" in streams(file)


def is_word_xml(head: bytes, file: Path) -> bool:
    """Word 2003 as a single XML file."""
    return b"http://schemas.microsoft.com/office/word/2003/wordml" in head[:4096]


def is_rtf(head: bytes, file: Path) -> bool:
    """Rich text."""
    return head.startswith(b"{\\rtf")


def is_pdf(head: bytes, file: Path) -> bool:
    """PDF; some programs put a few bytes before it."""
    return b"%PDF-" in head[:1024]


_OF_PIXELS = frozenset(f"image/{kind}" for kind in ("png", "jpeg", "tiff", "bmp", "gif", "webp", "jp2"))


def is_picture(head: bytes, file: Path) -> bool:
    """An image of pixels: a scanned page or a photograph."""
    return media_type(head) in (
        "image/png",
        "image/jpeg",
        "image/tiff",
        "image/bmp",
        "image/gif",
        "image/webp",
        "image/jp2",
    )


def is_html(head: bytes, file: Path) -> bool:
    """A web page, also one saved as .doc, or a piece of one: markup from the first character on."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-16" if wide else "latin-1", "replace")
    if _MARKUP.match(text):
        return True
    if file.suffix.lower() in (".html", ".htm", ".xhtml", ".shtml"):
        return bool(_TAG.search(text))
    first = _PIECE.match(text)
    if first is None or file.suffix.lower() in (".md", ".markdown"):
        return False
    return f"</{first[1].lower()}" in text.lower()


def is_data(head: bytes, file: Path) -> str:
    """What a text file is that only programs read (XML, JSON, PostScript…); "" for what may be a manuscript."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<?xml", b"<svg", b"<!DOCTYPE", b"<!doctype")):
        return "XML 数据"
    return next((what for start, what in _DATA if text.startswith(start)), "")


def is_zip(head: bytes, file: Path) -> bool:
    """Any zip container, an empty one too."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_xlsx(head: bytes, file: Path) -> bool:
    """An Excel workbook."""
    return is_zip(head, file) and "xl/workbook.xml" in (_members(file) or ())


def is_odt(head: bytes, file: Path) -> bool:
    """OpenDocument text."""
    return is_zip(head, file) and _mimetype(file).startswith("application/vnd.oasis.opendocument.text")


def is_epub(head: bytes, file: Path) -> bool:
    """An electronic book."""
    return is_zip(head, file) and (
        _mimetype(file) == "application/epub+zip" or "META-INF/container.xml" in (_members(file) or ())
    )


def is_ofd(head: bytes, file: Path) -> bool:
    """OFD, the fixed-layout format of GB/T 33190."""
    return is_zip(head, file) and "OFD.xml" in (_members(file) or ())


def is_archive(head: bytes, file: Path) -> bool:
    """A zip archive of manuscripts: one that is no office document. A damaged one is believed its suffix."""
    if not is_zip(head, file):
        return False
    members = _members(file)
    if members is None:
        return file.suffix.lower() == ".zip"
    document = members & {"[Content_Types].xml", "_rels/.rels"} or any(
        is_one(head, file) for is_one in (is_odt, is_epub, is_ofd, is_xlsx)
    )
    return not document and file.suffix.lower() not in _WORD_SUFFIXES


def _members(file: Path) -> frozenset[str] | None:
    """The names in a zip container, or None where it cannot be opened."""
    return _opened(file)[0]


def _mimetype(file: Path) -> str:
    """What an OpenDocument or EPUB container says it is."""
    return _opened(file)[1]


def _opened(file: Path) -> tuple[frozenset[str] | None, str]:
    """Names and mimetype of a container, which every row of the table of formats asks for."""
    try:
        state = file.stat()
    except OSError:
        return None, ""
    return _looked_into(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _looked_into(file: Path, changed: int, size: int) -> tuple[frozenset[str] | None, str]:
    try:
        with zipfile.ZipFile(file) as opened:
            names = frozenset(opened.namelist())
            return names, _mimetype_in(opened) if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None, ""


def _mimetype_in(opened: zipfile.ZipFile) -> str:
    try:
        with opened.open("mimetype") as member:
            return member.read(100).decode("ascii", "replace").strip()
    except (KeyError, RuntimeError, zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError):
        return ""
