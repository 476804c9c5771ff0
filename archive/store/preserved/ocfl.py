"""A storage root of OCFL 1.1 with its objects: written, added to, read again. https://ocfl.io/1.1/spec/

Only what this program needs: SHA-512, one layout of the register, content that is kept once for all versions.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.model.errors import ReadError
from archive.support.files import move, write_whole
from archive.support.storage_errors import storage_errors

ROOT_MARK, OBJECT_MARK = "0=ocfl_1.1", "0=ocfl_object_1.1"
INVENTORY, SIDECAR = "inventory.json", "inventory.json.sha512"

_LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
_LAYOUT_WORDS = "Hashed tuples (SHA-256, three of three digits), then the identifier"
_CONTENT = re.compile(r"v[1-9]\d*/content/[^\\]+")
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")  # what the layout leaves as it is in the name of a folder
_HINT = "换用另一份；没有恢复任何内容"

Lent = Callable[[], AbstractContextManager[Path]]
Content = bytes | Lent
"""The bytes of a file, or what lends it as long as it is copied."""


def sha512_of(file: Path) -> str:
    """SHA-512 of a file's content in hexadecimal digits. Raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha512").hexdigest()


def _lent(content: Content) -> AbstractContextManager[bytes | Path]:
    return nullcontext(content) if isinstance(content, bytes) else content()


def _digest(content: Content) -> str:
    with _lent(content) as lent:
        return hashlib.sha512(lent).hexdigest() if isinstance(lent, bytes) else sha512_of(lent)


@dataclass(frozen=True, slots=True)
class Said:
    """What a version of an object says of itself: when it was made, by whom, why."""

    moment: str
    who: str
    message: str


class Writer:
    """The storage root in one folder; a folder that is none yet becomes one.

    `workshop` is an empty folder of the same disk: what is new is put together there and then moved into place.
    """

    def __init__(self, root: Path, workshop: Path) -> None:
        """Raises StorageError."""
        self.root, self._workshop = root, workshop
        with storage_errors(root):
            root.mkdir(parents=True, exist_ok=True)
            config = root / "extensions" / _LAYOUT / "config.json"
            config.parent.mkdir(parents=True, exist_ok=True)
        shape = {"extensionName": _LAYOUT, "digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3}
        for file, value in (
            (config, shape),
            (root / "ocfl_layout.json", {"extension": _LAYOUT, "description": _LAYOUT_WORDS}),
        ):
            self._once(file, json.dumps(value, indent=1))
        self._once(root / ROOT_MARK, "ocfl_1.1\n")

    def _once(self, file: Path, text: str) -> None:
        if not file.exists():
            write_whole(file, text)

    def put(self, id: str, files: Mapping[str, Content], said: Said) -> bool:
        """Make an object what `files` are, by name: a new version of it where something differs; whether it does.

        Raises StorageError; then the object is as it was, or as it is to be.
        """
        folder = place(self.root, id)
        with storage_errors(folder):
            state = {name: _digest(content) for name, content in sorted(files.items())}
            inventory = _settled(folder) or _empty(id)
            before = inventory["versions"].get(inventory["head"], {}).get("state", {})
            wanted = _by_digest(state)
            if before == wanted:
                return False
            fresh = self._made(inventory, files, state, said)
            if folder.exists():
                self._add(folder, fresh, inventory["head"])
            else:
                folder.parent.mkdir(parents=True, exist_ok=True)
                for name in (INVENTORY, SIDECAR):
                    shutil.copyfile(fresh / inventory["head"] / name, fresh / name)
                (fresh / OBJECT_MARK).write_text("ocfl_object_1.1\n", encoding="ascii", newline="\n")
                move(fresh, folder)
        return True

    def drop(self, id: str) -> None:
        """Take an object out with all its versions. Raises StorageError."""
        folder = place(self.root, id)
        with storage_errors(folder):
            if folder.exists():
                shutil.rmtree(folder)
                for above in (folder.parent, *folder.parent.parents):
                    if above == self.root or any(above.iterdir()):
                        break
                    above.rmdir()

    def _made(self, inventory: dict[str, Any], files: Mapping[str, Content], state: dict[str, str], said: Said) -> Path:
        """A folder with the folder of the next version in it; `inventory` is what it is then."""
        head = f"v{len(inventory['versions']) + 1}"
        fresh = self._workshop / "object"
        if fresh.exists():
            shutil.rmtree(fresh)
        folder = fresh / head
        folder.mkdir(parents=True)
        for name, digest in state.items():
            if digest not in inventory["manifest"]:
                inventory["manifest"][digest] = [f"{head}/content/{name}"]
                target = folder / "content" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with _lent(files[name]) as lent:
                    target.write_bytes(lent) if isinstance(lent, bytes) else shutil.copyfile(lent, target)
        inventory["head"] = head
        inventory["versions"][head] = {
            "created": said.moment,
            "message": said.message,
            "state": _by_digest(state),
            "user": {"name": said.who, "address": "urn:wenshi:person"},
        }
        text = json.dumps(inventory, ensure_ascii=False, indent=1, sort_keys=True).encode()
        (folder / INVENTORY).write_bytes(text)
        (folder / SIDECAR).write_bytes(f"{hashlib.sha512(text).hexdigest()} {INVENTORY}\n".encode())
        return fresh

    def _add(self, folder: Path, fresh: Path, head: str) -> None:
        if (folder / head).exists():  # a version that was not finished
            shutil.rmtree(folder / head)
        move(fresh / head, folder / head)
        _write_inventory(folder, (folder / head / INVENTORY).read_text(encoding="utf-8"))


def _by_digest(state: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, digest in state.items():
        found.setdefault(digest, []).append(name)
    return found


def _empty(id: str) -> dict[str, Any]:
    kind = "https://ocfl.io/1.1/spec/#inventory"
    return {"id": id, "type": kind, "digestAlgorithm": "sha512", "head": "", "manifest": {}, "versions": {}}


def _write_inventory(folder: Path, text: str) -> None:
    digest = hashlib.sha512(text.encode()).hexdigest()
    write_whole(folder / INVENTORY, text)
    write_whole(folder / SIDECAR, f"{digest} {INVENTORY}\n")


def _settled(folder: Path) -> dict[str, Any] | None:
    """The inventory of an object; what an interrupted version left there is put right. None where there is none."""
    if not folder.exists():
        return None
    whole = sorted((int(one.name[1:]), one) for one in folder.glob("v*") if _sound(one))
    text = (whole[-1][1] / INVENTORY).read_text(encoding="utf-8") if whole else ""
    if not text:
        shutil.rmtree(folder)
        return None
    if not _sound(folder) or (folder / INVENTORY).read_text(encoding="utf-8") != text:
        _write_inventory(folder, text)
    found: dict[str, Any] = json.loads(text)
    return found


def _sound(folder: Path) -> bool:
    """Whether the inventory in a folder fits its digest."""
    inventory, sidecar = folder / INVENTORY, folder / SIDECAR
    if not (inventory.is_file() and sidecar.is_file()):
        return False
    return sidecar.read_text(encoding="utf-8").split(" ")[0] == sha512_of(inventory)


def place(root: Path, id: str) -> Path:
    """Where an object of this id lies."""
    assert _ID.fullmatch(id)
    digest = hashlib.sha256(id.encode()).hexdigest()
    return root / digest[:3] / digest[3:6] / digest[6:9] / id


def held(root: Path, id: str) -> Preserved | None:
    """An object by its id, after what an interrupted run left of it was put right. Raises ReadError, StorageError."""
    folder = place(root, id)
    with storage_errors(folder):
        return Preserved(folder) if _settled(folder) else None


def objects(root: Path) -> Iterator[Preserved]:
    """The objects in a storage root, by place. Raises ReadError, StorageError."""
    with storage_errors(root):
        folders = sorted(mark.parent for mark in root.glob(f"???/???/???/*/{OBJECT_MARK}"))
    yield from map(Preserved, folders)


class Preserved:
    """An object as it lies there: the last state of its files, each held against its digest when it is read."""

    def __init__(self, folder: Path) -> None:
        """Raises ReadError, StorageError."""
        self._folder = folder
        self.files: dict[str, tuple[str, str]]
        with storage_errors(folder):
            if not _sound(folder):
                raise ReadError("对象的清单与校验码不符", hint=_HINT, place=str(folder))
            try:
                inventory = json.loads((folder / INVENTORY).read_text(encoding="utf-8"))
                state, paths = inventory["versions"][inventory["head"]]["state"], inventory["manifest"]
                self.id = str(inventory["id"])
                self.files = {name: (digest, paths[digest][0]) for digest, names in state.items() for name in names}
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as failure:
                raise ReadError("对象的清单读不懂", hint=_HINT, place=str(folder)) from failure
        for _, path in self.files.values():
            if not _CONTENT.fullmatch(path) or ".." in path.split("/"):
                raise ReadError("对象的清单指到了外面", hint=_HINT, place=str(folder))

    def file(self, name: str) -> Path:
        """A file of this name, read and found to be what it was. Raises ReadError, StorageError."""
        digest, path = self.files.get(name, ("", "v1/content/"))
        found: Path = self._folder / path
        with storage_errors(found):
            if not found.is_file() or sha512_of(found) != digest:
                raise ReadError("文件不见了，或与校验码不符", hint=_HINT, place=str(found))
        return found

    def read(self, name: str) -> Any:
        """What a JSON file of this name says. Raises ReadError, StorageError."""
        file = self.file(name)
        with storage_errors(file):
            try:
                return json.loads(file.read_text(encoding="utf-8"))
            except ValueError as failure:
                raise ReadError("文件读不懂", hint=_HINT, place=str(file)) from failure
