"""Web pages: headings, paragraphs, lists, tables, pictures, readings, notes. Scripts and styles are no text."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue, Manuscript
from archive.support.files import sha256_of
from ingest.readers import markup_tree
from ingest.readers.flow import Flow, Page
from ingest.readers.plain_text import MAX_TEXT, clean, mixed
from ingest.text import garbled
from ingest.text.characters import private_use
from ingest.text.encoding import Decoded

_MAX_PICTURE = 64 * 2**20
_DATA = re.compile(r"data:image/[\w.+-]+;base64,", re.I)


def read(file: Path, name: str) -> Manuscript:
    """Reads a web page up to MAX_TEXT bytes; its pictures are looked for below its folder only. Raises ReadError."""
    size = file.stat().st_size
    if size > MAX_TEXT:
        message = f"网页有 {size / 2**20:.0f} MB，超过上限 {MAX_TEXT // 2**20} MB，未予读取"
        raise ReadError(message, place=name, hint="把网页拆成几个文件再导入")
    found, encoding = markup_tree.decode(file.read_bytes(), name)
    return manuscript_of(found, encoding, file, name, partial(picture_beside, file.parent))


def manuscript_of(
    found: Decoded, encoding: str, file: Path, name: str, fetch: Callable[[str, str], bytes | None]
) -> Manuscript:
    """The text of a web page as a manuscript. `fetch` gives the bytes of a picture for (page, address), or None."""
    lines, mended = garbled.mended(found.text.split("\n"), name)
    text, issues = "\n".join(lines), [*mixed(found, name), *mended]
    if damaged := text.count("\ufffd"):
        message = f"有 {damaged} 处按 {markup_tree.encoding_title(encoding)} 读不出的字，以 \ufffd 标出，请补上"
        issues.append(Issue(IssueCode.UNDECODABLE, name, message))
    text, cleaned = clean(text, name)
    root = markup_tree.parse_html(text, name)
    flow = Flow(name, [Page("", root)], fetch)
    flow.read()
    title = next((" ".join("".join(node.itertext()).split()) for node in root.iter("title")), "")
    removed = sum(issue.characters for issue in cleaned)
    return Manuscript(
        name=name,
        sha256=sha256_of(file),
        blocks=tuple(flow.blocks),
        characters_in=flow.characters_in + removed,
        issues=(*issues, *cleaned, *flow.issues, *private_use(flow.blocks)),
        layouts=tuple(flow.layouts),
        pictures=flow.pictures,
        properties={"title": title} if title else {},
    )


def picture_beside(folder: Path, page: str, address: str) -> bytes | None:
    """The bytes of a picture below `folder`, or written into the page itself; None where it cannot be had."""
    return from_address(address) if address.startswith("data:") else _beside(folder, address)


def _beside(folder: Path, address: str) -> bytes | None:
    try:
        file = (folder / unquote(address.split("?")[0].split("#")[0])).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file() or file.stat().st_size > _MAX_PICTURE:
            return None
        return file.read_bytes()
    except (OSError, ValueError):
        return None


def from_address(address: str) -> bytes | None:
    """The bytes of a `data:` address; None where it is none of a picture."""
    match = _DATA.match(address)
    try:
        return base64.b64decode(address[match.end() :], validate=False) if match else None
    except (binascii.Error, ValueError):
        return None
