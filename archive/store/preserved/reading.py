"""A library made again from its OCFL objects alone: the same tables to the last byte, the same files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.model.decoding import decoded
from archive.model.errors import ReadError
from archive.store.backup import emptied, lay_down, ours
from archive.store.folder import USUAL, write_settings
from archive.store.neutral_tables import CONTENTS, SUFFIX, Contents, intact, line_of
from archive.store.originals import FolderVault
from archive.store.preserved.ocfl import ROOT_MARK, Preserved, objects
from archive.store.preserved.writing import ARTICLE, LIBRARY, OF_ARTICLES, ORIGINAL, TABLES_FOLDER, Row, stored
from archive.support import library_folder
from archive.support.files import sha256_of, sync_folder, write_whole
from archive.support.storage_errors import storage_errors

_DAMAGED = "换用另一份；没有恢复任何内容"


@contextmanager
def laid_down(source: Path, root: Path) -> Iterator[None]:
    """Make a library in `root` from a storage root, or from a bag of one, then run the body; all or nothing.

    Raises LibraryExists when `root` is not empty, ReadError where something is missing or damaged, StorageError.
    """
    whence = next((one for one in (source, source / "data") if (one / ROOT_MARK).is_file()), None)
    if whence is None:
        hint = "写 wenshi preserve -o 写出的那个文件夹"
        raise ReadError("这里没有长期保存的资料库", hint=hint, place=str(source))
    with emptied(root):
        with storage_errors(root):
            root.mkdir(parents=True, exist_ok=True)
            (root / library_folder.RESTORING).touch()
        _Reading(whence, root).all()
        (root / library_folder.RESTORING).unlink()
        sync_folder(root)
        yield


class _Reading:
    def __init__(self, source: Path, root: Path) -> None:
        self._source, self._root = source, root
        self._tables = root / library_folder.TABLES
        self._originals = FolderVault(root / library_folder.ORIGINALS)
        self._pictures = FolderVault(root / library_folder.PICTURES)

    def all(self) -> None:
        for vault in (self._originals, self._pictures):
            vault.prepare()
        with storage_errors(self._root):
            (self._root / library_folder.BACKUPS).mkdir(exist_ok=True)
            self._tables.mkdir()
        articles: list[tuple[int, Preserved]] = []
        library: list[Preserved] = []
        for one in objects(self._source):
            if f"-{ARTICLE}-" in one.id:
                articles.append((int(one.id.rpartition("-")[2]), one))
            elif f"-{ORIGINAL}-" in one.id:
                self._keep(self._originals, one, next(name for name in one.files if name != "original.json"))
            elif one.id.endswith(f"-{LIBRARY}"):
                library.append(one)
        if len(library) != 1:
            raise ReadError("没有找到各表，或有两个资料库的", hint=_DAMAGED, place=str(self._source))
        contents = self._rest(library[0])
        self._articles([one for _, one in sorted(articles, key=lambda pair: pair[0])])
        if not intact(self._tables, contents):
            raise ReadError("文章的各表与写出时的校验码不同", hint=_DAMAGED, place=str(self._source))
        lay_down(self._root)
        write_settings(self._root, USUAL)

    def _rest(self, library: Preserved) -> Contents:
        for name in library.files:
            folder, _, rest = name.partition("/")
            if folder == TABLES_FOLDER and ours(name):
                self._copy(library.file(name), name)
            elif folder == "own" and ours(rest):
                self._copy(library.file(name), rest)
            elif folder == "pictures":
                self._keep(self._pictures, library, name)
        return decoded(Contents, library.read(f"{TABLES_FOLDER}/{CONTENTS}"), CONTENTS)

    def _copy(self, file: Path, name: str) -> None:
        target = self._root / name
        target.parent.mkdir(exist_ok=True)
        write_whole(target, file.read_bytes())

    def _keep(self, vault: FolderVault, held: Preserved, name: str) -> None:
        file = held.file(name)
        vault.keep(file, sha256_of(file))

    def _articles(self, articles: list[Preserved]) -> None:
        """The four tables of articles, each in the order of its key."""
        decisions: list[Row] = []
        with storage_errors(self._tables):
            streams = {name: (self._tables / f"{name}{SUFFIX}").open("wb") for name in OF_ARTICLES}
            try:
                for one in articles:
                    decisions += self._article(one, streams)
                for row in sorted(decisions, key=lambda row: int(row["key"])):
                    streams["date_decisions"].write(line_of(row))
            finally:
                for stream in streams.values():
                    stream.close()

    def _article(self, held: Preserved, streams: Mapping[str, BinaryIO]) -> list[Row]:
        """Write an article's rows; its decisions, whose table is in an order of its own."""
        rows = held.read("article.json")
        for name in ("articles", "mentions"):
            for row in rows[name]:
                streams[name].write(line_of(row))
        texts = sorted(
            (name for name in held.files if name.startswith("versions/") and name.endswith(".json")), key=_number
        )
        for name in texts:
            streams["versions"].write(line_of(stored(held.read(name))))
        for name in held.files:
            if name.startswith("pictures/"):
                self._keep(self._pictures, held, name)
        found: list[Row] = rows["date_decisions"]
        return found


def _number(name: str) -> int:
    return int(Path(name).stem)
