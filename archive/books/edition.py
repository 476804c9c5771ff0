"""A frozen edition: what a book consisted of when it was finished, so that the same book can be made again.

The manifest names every text (id, version, digest), every picture, the house style in full, the font files and the
programs by version, and the time stamp that is written into the files: with the same of all these the files come out
the same, byte for byte. `differences` says what is no longer the same. docs/books.md shows a manifest.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from archive.export.book import Book
from archive.export.house import HouseStyle, from_data
from archive.model.decoding import decoded, parsed
from archive.model.errors import LibraryDamaged, NotFound
from archive.model.issues import IssueCode
from archive.model.project import Project
from archive.model.records import Issue
from archive.support.files import sha256_of
from archive.support.libreoffice import LibreOffice

_FORMAT = 1
_TOOLS = ("wenshi", "typst", "fonttools", "lxml", "python-docx")


@dataclass(frozen=True, slots=True)
class FrozenText:
    """An article of the edition."""

    article: str
    version: int
    digest: str
    title: str


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """A file the edition depends on (a font, a picture, the reference document) or came to, by SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that a book was made from. `made` is UTC, ISO 8601; `files` are the books written when it was frozen."""

    format: int = _FORMAT
    made: str
    project: Project
    house: str  # JSON
    texts: tuple[FrozenText, ...]
    pictures: tuple[str, ...] = ()
    reference: str = ""
    fonts: tuple[FrozenFile, ...] = ()
    tools: tuple[tuple[str, ...], ...] = ()
    files: tuple[FrozenFile, ...] = ()

    @property
    def moment(self) -> datetime.datetime:
        """The time stamp written into the files."""
        return datetime.datetime.fromisoformat(self.made)

    def house_style(self) -> HouseStyle:
        """The frozen house style, without its reference document: see `reference`."""
        return from_data(json.loads(self.house))


def manifest_of(project: Project, book: Book, fonts: Sequence[FrozenFile]) -> Manifest:
    """The manifest of a book as it stands; `fonts` are the font files it is set in."""
    return Manifest(
        made=book.made.isoformat(),
        project=project,
        house=json.dumps(_house_data(book.house), ensure_ascii=False),
        texts=tuple(
            FrozenText(chapter.article.id, chapter.article.version, chapter.article.digest, chapter.title)
            for chapter in book.chapters
        ),
        pictures=tuple(sorted(_pictures(book))),
        reference=sha256_of(book.house.reference) if book.house.reference else "",
        fonts=tuple(fonts),
        tools=tuple(sorted(tools().items())),
    )


def as_json(manifest: Manifest) -> str:
    """The manifest as a text to keep beside the book."""
    return json.dumps(dataclasses.asdict(manifest), ensure_ascii=False, indent=1)


def from_json(text: str) -> Manifest:
    """A manifest from its text. Raises UsageError for one that is not ours, LibraryDamaged for a newer one."""
    data = parsed(text, "定稿清单")
    if isinstance(data, Mapping) and data.get("format", _FORMAT) != _FORMAT:
        raise LibraryDamaged("这份定稿清单是用更新版本的文史做的。", hint="请安装新版文史。")
    return decoded(Manifest, data, "定稿清单")


def differences(manifest: Manifest, book: Book, fonts: Sequence[FrozenFile]) -> Iterator[Issue]:
    """What has changed since the book was frozen, so that its files may differ."""
    before, now = dict(map(_pair, manifest.tools)), tools()
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            message = f"定稿时是 {before.get(name) or '没有'}，现在是 {now.get(name) or '没有'}。"
            yield Issue(IssueCode.EDITION_TOOL, name, message)
    present = {file.name: file.sha256 for file in fonts}
    for font in manifest.fonts:
        if present.get(font.name) != font.sha256:
            state = "现在没有这个字体文件" if font.name not in present else "字体文件换过了"
            yield Issue(IssueCode.EDITION_FONT, font.name, f"{state}。")
    for sha256 in sorted(set(manifest.pictures) - set(_pictures(book, present=True))):
        yield Issue(IssueCode.EDITION_PICTURE, sha256[:12], "图片不见了，或内容变了。")
    reference = sha256_of(book.house.reference) if book.house.reference else ""
    if reference != manifest.reference:
        yield Issue(IssueCode.EDITION_REFERENCE, book.house.name, "版式的参考文件（.docx）换过了。")


def tools() -> Mapping[str, str]:
    """The programs a book is made with, and their versions; LibreOffice sets the page numbers of Word files."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in _TOOLS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    office = LibreOffice.find()
    if office is not None:
        found["libreoffice"] = office.version()
    return found


def _pair(pair: Sequence[str]) -> tuple[str, str]:
    name, value = pair
    return name, value


def _house_data(house: HouseStyle) -> Mapping[str, object]:
    data = dataclasses.asdict(house)
    del data["reference"]
    return data


def _pictures(book: Book, *, present: bool = False) -> Iterator[str]:
    """The pictures of a book; `present` leaves out those that are not there or not as they were."""
    named = {block.picture for chapter in book.chapters for block in chapter.article.blocks if block.picture}
    for sha256 in named | ({book.cover} if book.cover else set()):
        if not present:
            yield sha256
            continue
        try:
            file, _ = book.pictures(sha256)
            if sha256_of(file) == sha256:
                yield sha256
        except (NotFound, OSError):
            continue
