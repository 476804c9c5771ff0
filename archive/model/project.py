"""A book project: what a compiler has chosen and in which order, with all that the printed book has besides.

A project points into the archive and copies nothing: an item names an article, the version that was chosen and the
digest of its text, so that what is printed is what was read, whatever becomes of the article later. Edits are made for
this book alone; the article stays as it is. `as_json` and `from_json` are the one written form (docs/books.md).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from archive.model.decoding import decoded, parsed
from archive.model.errors import UsageError
from archive.model.file_names import SIGNS, fits_a_file

_LONGEST_NAME = 80
_HINT = "写法见 docs/books.md。"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change for this book only: in block `block` the stored characters from `start` to `end` (exclusive).

    `before` is what stands there, `after` what the book prints instead. A block that nothing is left of is not printed.
    """

    block: int
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article of the book, whole or in part: its blocks `first` to `last`, inclusive, as numbered in the article.

    `last` 0 means to its end. The title is always printed.

    `byline` and `source` replace the lines made from the article's description; None leaves those. `note` is the 编者按
    before the text.
    """

    article: str
    version: int
    digest: str
    first: int = 1
    last: int = 0
    byline: str | None = None
    source: str | None = None
    note: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the article is taken from beginning to end."""
        return self.first == 1 and self.last == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A 栏目: its heading (may be empty), its 编者按, its articles in order."""

    title: str = ""
    note: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """前言, 凡例, 后记…: a title, paragraphs parted by line breaks, and who signs it when (set at the right)."""

    title: str
    text: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A book in the making. `name` is what it is called in the library, `revision` counts how often it was saved.

    `imprint` are the lines of the copyright page. `cover` is the SHA-256 of a picture in the library, "" for none.
    `house` names the house style; `colour` ("full", "grey", "cmyk") and `leaf` (millimetres a leaf is thick) take the
    place of what it says, unless they are "" and 0. `indexes` are kinds of names (人物, 地名, 机构) that get an index,
    in `index_order` pinyin or stroke. `ignored` are the fingerprints of findings of the proof report that the editor
    has set aside.
    """

    name: str
    revision: int = 0
    title: str = ""
    subtitle: str = ""
    series: str = ""
    editor: str = ""
    publisher: str = ""
    imprint: str = ""
    cover: str = ""
    house: str = "16开"
    colour: str = ""
    leaf: float = 0.0
    front: tuple[Matter, ...] = ()
    parts: tuple[Part, ...] = ()
    back: tuple[Matter, ...] = ()
    contents: bool = True
    picture_list: bool = False
    indexes: tuple[str, ...] = ()
    index_order: str = "pinyin"
    ignored: tuple[str, ...] = ()

    @property
    def items(self) -> Iterator[Item]:
        """All items in order."""
        for part in self.parts:
            yield from part.items


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen state of a project: its number from 1, when (UTC) and by whom it was frozen, the manifest as JSON."""

    number: int
    moment: str
    who: str
    manifest: str


def checked_name(name: str) -> str:
    """A name a project may have. Raises UsageError."""
    name = name.strip()
    if len(name) > _LONGEST_NAME or not fits_a_file(name):  # files are named after a book
        hint = f"名称为 1 至 {_LONGEST_NAME} 个字，不含 {SIGNS} 和控制字符，不以句点开头或结尾，也不叫 CON、NUL 一类。"
        raise UsageError(f"“{name[:_LONGEST_NAME]}”不能作书稿的名称。", hint=hint)
    return name


def as_json(project: Project) -> str:
    """The project as a JSON text a person can edit."""
    return json.dumps(dataclasses.asdict(project), ensure_ascii=False, indent=1)


def content_digest(project: Project) -> str:
    """The SHA-256 of what the book consists of: another one after any change to it, the same after saving it again."""
    bare = dataclasses.asdict(dataclasses.replace(project, revision=0, ignored=()))
    for later in ("colour", "leaf"):  # books signed before there were these are still what they were
        if not bare[later]:
            del bare[later]
    return hashlib.sha256(json.dumps(bare, ensure_ascii=False, indent=1).encode()).hexdigest()


def from_json(text: str) -> Project:
    """A project from its JSON text; what is left out has its default. Raises UsageError, naming the place."""
    project = decoded(Project, parsed(text, "书稿"), "书稿", _HINT)
    checked_name(project.name)
    return project
