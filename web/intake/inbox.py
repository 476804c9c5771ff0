"""Files that came through the browser and wait for their editor: one folder each in the library's `incoming`."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from archive.model.decoding import decoded, parsed
from archive.model.errors import NotFound, ReadError, StorageError, UsageError
from archive.model.records import Collection
from archive.support import library_folder
from archive.support.files import write_whole
from archive.support.isolation.isolated_process import ProcessLost, borrowed
from archive.support.storage_errors import reason
from ingest.pipeline.report import FileReport, Outcome
from ingest.pipeline.sources import Source, beside, single
from ingest.readers import containers, mime, registry
from ingest.readers.containers import Member
from ingest.readers.faults import faults
from ingest.splitting.split import Mode

_TOKEN = re.compile(r"[0-9a-f]{24}")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,9}")
_NOTE, _HELD, _AGAIN = "about.json", "held", "recognise-again"
_LONGEST_NAME = 150
_UNPACKING = 600.0  # seconds
_ROOM = "请确认资料库所在的磁盘有空间、可以写入，再收一次"


@dataclass(frozen=True, slots=True)
class _About:
    """What the note beside a file says of it."""

    name: str
    mode: Mode
    collection: Collection


@dataclass(frozen=True, slots=True)
class Item:
    """One file in its folder, whose name is a secret token made here. `name` is what its sender called it."""

    folder: Path
    name: str
    collection: Collection
    mode: Mode

    @property
    def token(self) -> str:
        """What names it in addresses."""
        return self.folder.name

    @property
    def file(self) -> Path:
        """Where it lies. Only the suffix comes from its name."""
        suffix = Path(self.name).suffix
        return self.folder / f"manuscript{suffix if _SUFFIX.fullmatch(suffix) else ''}"

    @property
    def table(self) -> Path:
        """Where the split table lies once somebody has corrected it."""
        return self.folder / "split.tsv"

    @property
    def held(self) -> bool:
        """Whether its characters did not add up when it was read last."""
        return (self.folder / _HELD).is_file()

    @property
    def came(self) -> str:
        """When it came: 2024-05-01 12:30."""
        return f"{datetime.fromtimestamp(self.file.stat().st_mtime):%Y-%m-%d %H:%M}"

    @property
    def source(self) -> Source:
        """What the import makes of it."""
        made = single(self.file, self.name, self.collection, self.mode)
        return replace(made, recognise_again=(self.folder / _AGAIN).is_file())


def keep(root: Path, name: str, collection: Collection, mode: Mode, save: Callable[[Path], object]) -> Item:
    """A new item; `save` writes the file to the path it is given. Raises StorageError, leaving nothing behind."""
    item = Item(root / library_folder.INCOMING / secrets.token_hex(12), shown_name(name), collection, mode)
    described = {"id": collection.id, "title": collection.title, "kind": collection.kind}
    described |= {"volume": collection.volume, "year": collection.year, "place": collection.place}
    note = {"name": item.name, "mode": str(mode), "collection": described}
    try:
        item.folder.mkdir(parents=True)
        save(item.file)
        write_whole(item.folder / _NOTE, json.dumps(note, ensure_ascii=False))
    except (OSError, StorageError) as error:
        discard(item)
        why = reason(error) if isinstance(error, OSError) else error.message
        raise StorageError(f"来稿存不下来：{why}", place=item.name, hint=_ROOM) from error
    return item


def unpacked(item: Item, password: str, reports: list[FileReport]) -> list[Item] | None:
    """The manuscripts in an archive, or attached to a mail, as items; `reports` tells of what else is in it.

    A mail is the first of its items. None where nothing is in the file, or the import has to report a fault of it.
    """
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as scratch, borrowed() as process:
        try:
            members = process.call(
                _members, item.file, item.name, password, Path(scratch), returns=list[Member], seconds=_UNPACKING
            )
        except (ReadError, ProcessLost):
            return None
        if not members:
            return None
        lesser = beside([member.name for member in members])
        inside: list[Item] = []
        for member in members:
            if member.file == item.file:
                inside.append(item)
            elif member.fault or member.name in lesser:
                outcome = Outcome.FAILED if member.fault else Outcome.SKIPPED
                reports.append(FileReport(member.name, item.collection.id, outcome, error=member.fault))
            else:
                save = partial(shutil.move, member.file)
                inside.append(keep(item.folder.parent.parent, member.name, item.collection, item.mode, save))
    return inside


def _members(file: Path, name: str, password: str, folder: Path) -> list[Member]:
    """What an isolated process finds in an archive or mail and puts into the folder; nothing where the file is none."""
    with faults(name):
        match registry.recognise(file, name).name:
            case "mime":
                attached = list(mime.attached(file, name, folder))
                return [Member(name, file), *attached] if attached else []
            case "archive":
                members = list(containers.unpack(file, name, folder, password))
                return [each for member in members for each in (member, *_attached(member, folder))]
    return []


def _attached(member: Member, folder: Path) -> list[Member]:
    """The manuscripts attached to a member that is a mail."""
    try:
        if member.fault or registry.recognise(member.file, member.name).name != "mime":
            return []
        return list(mime.attached(member.file, member.name, Path(tempfile.mkdtemp(dir=folder))))
    except (ReadError, StorageError):
        return []  # whoever reads it will say what is wrong


def find(root: Path, token: str) -> Item:
    """The item with this token. Raises NotFound."""
    note = root / library_folder.INCOMING / token / _NOTE
    if not _TOKEN.fullmatch(token) or not note.is_file():
        raise NotFound("这份来稿不在收稿处，可能已经收入，或者已经放弃。", hint="到“馆藏”里看，或回“收稿”重新交来。")
    try:
        about = decoded(_About, parsed(note.read_text(encoding="utf-8"), _NOTE), _NOTE)
    except (UsageError, OSError, UnicodeDecodeError):
        return _nameless(note.parent)
    return Item(note.parent, about.name, about.collection, about.mode)


def _nameless(folder: Path) -> Item:
    """A file whose note is damaged: what it was called and where it was to go is for its editor to say again."""
    suffix = next((each.suffix for each in folder.glob("manuscript*")), "")
    return Item(folder, f"名称已损坏的来稿{suffix}", Collection("laigao", "来稿"), Mode.AUTO)


def waiting(root: Path) -> list[Item]:
    """All items, the one that came first first."""
    folders = (root / library_folder.INCOMING).glob("*") if (root / library_folder.INCOMING).is_dir() else ()
    items = [find(root, each.name) for each in folders if _TOKEN.fullmatch(each.name) and (each / _NOTE).is_file()]
    return sorted((item for item in items if item.file.is_file()), key=lambda item: item.came)


def hold(item: Item) -> None:
    """Notes that its characters do not add up, so that its editor has to decide."""
    (item.folder / _HELD).touch()


def recognise_again(item: Item) -> None:
    """Notes that pages which are pictures are to be recognised although they carry a text layer. Raises OSError.

    What was corrected in its split table belongs to the text of before.
    """
    (item.folder / _AGAIN).touch()
    item.table.unlink(missing_ok=True)


def discard(item: Item) -> None:
    """Removes its folder; what cannot be removed now (a virus scanner holds it) is no longer an item."""
    (item.folder / _NOTE).unlink(missing_ok=True)
    shutil.rmtree(item.folder, ignore_errors=True)


def shown_name(name: str) -> str:
    """The last part of a file name as a browser may send it, without control characters."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(each for each in last if each.isprintable()).strip(" .")[-_LONGEST_NAME:] or "未命名"
