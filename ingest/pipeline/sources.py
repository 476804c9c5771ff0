"""Which files are to be taken in, into which collection, and how each is read."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from archive.model.errors import ConfigError, StorageError
from archive.model.records import Access, Collection
from archive.support.long_paths import plain, reachable
from archive.support.storage_errors import storage_errors
from ingest.description.declared_fields import declared_fields
from ingest.splitting.split import Mode

DESCRIPTION = "collection.toml"
# Beside manuscripts lie their pictures and what systems leave behind; named explicitly they are tried all the same.
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".svg", ".tif", ".tiff", ".emf", ".wmf"})
_LEFTOVERS = frozenset({".toml", ".ini", ".db", ".lnk", ".tmp", ".bak"})
HIDDEN = (".", "~$", "__")
_KINDS = {"chronicle": Mode.CHRONICLE, "roster": Mode.ROSTER, "records": Mode.RECORDS}
_KEYS = ("title", "description", "kind", "volume", "place", "year", "permit")


@dataclass(frozen=True, slots=True)
class Source:
    """One file to take in. `skipped` files are only mentioned. `forced`: the collection was named by the user.

    `alone`: what is attached to it is taken in apart from it. `recognise_again`: pages of a PDF that are pictures are
    recognised although they carry a text layer.
    """

    file: Path
    name: str
    collection: Collection
    mode: Mode
    forced: bool = False
    skipped: bool = False
    alone: bool = False
    recognise_again: bool = False


def plan(paths: Sequence[Path], collection_id: str = "", mode: Mode = Mode.AUTO) -> list[Source]:
    """The files below `paths`, folders in the order of names, each with its collection.

    A `collection.toml` beside the material (or above it, inside the folder given) describes the collection and may list
    its sources; otherwise the folder or the file gives id and title. `collection_id` and a `mode` other than AUTO
    overrule it. Raises StorageError for a path that is not there, ConfigError for a bad description.
    """
    sources: list[Source] = []
    for path in map(reachable, paths):
        if not path.exists():
            raise StorageError("找不到这个文件或文件夹", place=plain(str(path)), hint="请核对路径，注意空格和全角字符")
        sources += _of_folder(path, collection_id, mode) if path.is_dir() else [_of_file(path, collection_id, mode)]
    return sources


def shown_name(path: Path) -> str:
    """The name of a file as people read it: one that is no Unicode (from an old disk) is taken for GB18030."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path.name).decode("gb18030", "replace")
    return path.name


def single(file: Path, name: str, collection: Collection, mode: Mode = Mode.AUTO) -> Source:
    """A file that came under another name than it has now, for a collection; AUTO reads it as the collection's kind.

    What is attached to it came out before.
    """
    return Source(file, name, collection, _mode(mode, None, collection), forced=True, alone=True)


def named(title: str) -> Collection:
    """A new collection with this title; the title gives the id."""
    return Collection(_identifier(title), title)


def _of_file(path: Path, collection_id: str, mode: Mode) -> Source:
    described = path.parent / DESCRIPTION
    if described.is_file():
        collection, listed = _description(described)
        collection, modes = _renamed(collection, collection_id), dict(listed)
        return Source(
            path, shown_name(path), collection, _mode(mode, modes.get(path.name), collection), bool(collection_id)
        )
    collection = Collection(collection_id or _identifier(path.stem), path.stem)
    return Source(path, shown_name(path), collection, mode, bool(collection_id))


def _of_folder(folder: Path, collection_id: str, mode: Mode) -> Iterator[Source]:
    described = folder / DESCRIPTION
    if described.is_file():
        collection, listed = _description(described)
        collection = _renamed(collection, collection_id)
        for name, as_ in listed:
            yield Source(reachable(folder / name), name, collection, _mode(mode, as_, collection), bool(collection_id))
        if listed:
            return
    else:
        title = _folder_name(folder)
        collection = Collection(collection_id or _identifier(title), title)
    listing = _listing(folder)
    lesser = beside([file.name for file in listing if not file.name.startswith(HIDDEN) and not file.is_dir()])
    for file in listing:
        if file.name.startswith(HIDDEN) or file.name == DESCRIPTION:
            continue
        if file.is_dir() and not file.is_symlink():  # links may lead in circles
            # A folder inside is a collection of its own where it describes one, else part of this one.
            inner = (file / DESCRIPTION).is_file()
            for source in _of_folder(file, collection_id if inner else collection.id, mode):
                own = source.collection if inner or collection_id else collection
                yield Source(
                    source.file, f"{shown_name(file)}/{source.name}", own, source.mode, source.forced, source.skipped
                )
            continue
        skipped = file.name in lesser or file.is_dir()
        yield Source(file, shown_name(file), collection, _mode(mode, None, collection), bool(collection_id), skipped)


def _folder_name(folder: Path) -> str:
    """What a folder is called, also one given as "." or ".."; no other is resolved, which may fail at deep ones."""
    return folder.resolve().name if folder.name in ("", "..") else folder.name


def beside(names: Sequence[str]) -> frozenset[str]:
    """Those of the files of one folder that only lie beside manuscripts.

    Pictures belong to the manuscripts they lie beside; where there is nothing else they are scanned pages themselves.
    """
    leftovers = {name for name in names if PurePath(name).suffix.lower() in _LEFTOVERS}
    pictures = {name for name in names if PurePath(name).suffix.lower() in _PICTURES}
    scans = len(pictures) + len(leftovers) == len(names)
    return frozenset(leftovers if scans else leftovers | pictures)


def _listing(folder: Path) -> list[Path]:
    with storage_errors(folder, "文件夹打不开", "请所有者授予读取权限，或把文件夹复制出来再导入"):
        return sorted(map(reachable, folder.iterdir()))


def _mode(asked: Mode, listed: Mode | None, collection: Collection) -> Mode:
    if asked is not Mode.AUTO:
        return asked
    return listed or _KINDS.get(collection.kind, Mode.AUTO)


def _renamed(collection: Collection, collection_id: str) -> Collection:
    if not collection_id or collection_id == collection.id:
        return collection
    return replace(collection, id=collection_id)


def _identifier(title: str) -> str:
    """An id from a title: what would need escaping in an address becomes a hyphen."""
    return re.sub(r"[\s/\\?#%&:*\"<>|]+", "-", title.strip()).strip("-.") or "collection"


def description(file: Path) -> Collection:
    """The collection that a collection.toml describes. Raises ConfigError, StorageError."""
    with storage_errors(file, "集合说明打不开", "给出 collection.toml 或它所在的文件夹"):
        return _description(file)[0]


def _description(file: Path) -> tuple[Collection, list[tuple[str, Mode | None]]]:
    """The collection a collection.toml describes, and its sources as (file, mode)."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"集合说明写得不对（{error}）", place=str(file), hint="参照 docs/import.md 的样子改正"
        ) from error
    name = _folder_name(file.parent)
    values = {key: data[key] for key in _KEYS if key in data}
    wrong = [key for key, value in {**values, "id": data.get("id", "")}.items() if not isinstance(value, str)]
    if wrong:
        raise ConfigError(f"{wrong[0]} 应是加引号的文字", place=str(file), hint="参照 docs/import.md 的样子改正")
    values.setdefault("title", name)
    access = data.get("access", Access.OPEN)
    if access not in set(Access):
        raise ConfigError(f"access 不能是 {access!r}", place=str(file), hint=f"可用的有：{'、'.join(Access)}")
    collection = Collection(
        data.get("id") or _identifier(name),
        **values,
        access=Access(access),
        invented=bool(data.get("invented", False)),
        fields=declared_fields(data.get("field", []), file),
    )
    return collection, [_listed(entry, file) for entry in data.get("source", [])]


def _listed(entry: object, file: Path) -> tuple[str, Mode | None]:
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
        raise ConfigError("[[source]] 缺少 file", place=str(file), hint='写成 [[source]] 换行 file = "稿件.docx"')
    name, as_ = entry["file"], entry.get("as")
    if as_ is not None and as_ not in set(Mode):
        raise ConfigError(f"as = {as_!r} 不认识", place=str(file), hint=f"可用的有：{'、'.join(Mode)}")
    if not (file.parent / name).is_file():
        raise StorageError(f"集合说明里列出的文件 {name} 不在旁边", place=str(file), hint="放好文件，或改正 file 一行")
    return name, Mode(as_) if as_ else None
