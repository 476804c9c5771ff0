"""Files kept under the SHA-256 of their content: originals and the pictures taken out of them.

They lie in the library's folder, or in a store of objects (s3_vault.py). In a folder a file is in the vault whole or
not at all: it is written under `incoming/`, checked, forced to disk, and then moved to its place in one step. Files in
place are read-only and never altered.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from archive.model.errors import NotFound, StorageError, WenshiError
from archive.support.files import move, protect, remove, sha256_of, sync_folder
from archive.support.storage_errors import storage_errors

log = logging.getLogger(__name__)

_NAME = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


class Vault(ABC):
    """Files named by content, called like the table of them. May be used from several threads at once."""

    name: str
    """Of the table, and of the folder in a backup: originals, pictures."""

    @abstractmethod
    def place(self, sha256: str) -> str:
        """Where the file with this SHA-256 is or would be, for messages. NotFound when that is no SHA-256 at all."""

    @abstractmethod
    def prepare(self) -> None:
        """Make room for the files of a new library. Raises StorageError."""

    @abstractmethod
    def require(self) -> None:
        """Raises StorageError where files cannot be had at all."""

    @abstractmethod
    def holds(self, sha256: str) -> bool:
        """Whether there is a file under this SHA-256; `keep` and `check` see whether it is intact. StorageError."""

    @abstractmethod
    def digest(self, sha256: str) -> str:
        """The SHA-256 of what is there. Raises StorageError, also where nothing is."""

    @abstractmethod
    def size(self, sha256: str) -> int:
        """Bytes of a file in the vault. Raises StorageError."""

    @abstractmethod
    def keep(self, source: Path | bytes, sha256: str) -> bool:
        """Copy `source` in and return whether it was new. An intact copy already there is left as it is.

        Raises StorageError when the content is not the one `sha256` names, when the disk is full or not writable.
        """

    @abstractmethod
    def path(self, sha256: str) -> Path:
        """A file of this computer with the content, to be opened soon. NotFound when that is no SHA-256 at all."""

    @abstractmethod
    def lent(self, sha256: str) -> AbstractContextManager[Path]:
        """The same for the time of the body alone, for who goes through all files. Raises StorageError."""

    @abstractmethod
    def discard(self, sha256: str) -> None:
        """Take out a file: what an unfinished import brought in, or what is purged. Raises StorageError."""

    @abstractmethod
    def sweep(self) -> None:
        """Remove what a killed process left half-copied. Only whoever holds the writer's lock may call this."""

    @abstractmethod
    def listed(self) -> list[Found]:
        """Every file in the vault, unfinished copies left out, in order of name. Raises StorageError."""

    def intact(self, sha256: str) -> bool:
        """Whether the file under this SHA-256 is there and has this content. Raises StorageError."""
        return self.holds(sha256) and self.digest(sha256) == sha256


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lies in a vault: where, and the SHA-256 that it stands under; "" where it stands under none."""

    place: str
    sha256: str


def require_name(sha256: str) -> str:
    """A SHA-256 as it may be asked for. Raises NotFound."""
    if not _NAME.fullmatch(sha256):
        raise NotFound(f"“{sha256[:80]}”不是文件的 SHA-256 编号", hint="编号是 64 位十六进制小写数字")
    return sha256


CHANGED = "存入的内容与读到的不一致，没有收入"
CHANGED_HINT = "文件可能正被别的程序改动；关闭它再试一次"


class FolderVault(Vault):
    """A folder of files named by content: `root/ab/abcd…`."""

    def __init__(self, root: Path) -> None:
        self.root, self.name = root, root.name
        self._incoming = root / "incoming"

    def path(self, sha256: str) -> Path:
        """See Vault."""
        return self.root / require_name(sha256)[:2] / sha256

    def place(self, sha256: str) -> str:
        """See Vault."""
        return str(self.path(sha256))

    def prepare(self) -> None:
        """See Vault."""
        with storage_errors(self.root):
            self.root.mkdir(exist_ok=True)

    def require(self) -> None:
        """See Vault."""
        with storage_errors(self.root):
            self.root.stat()

    def holds(self, sha256: str) -> bool:
        """See Vault."""
        with storage_errors(self.path(sha256)):
            return self.path(sha256).exists()

    def digest(self, sha256: str) -> str:
        """See Vault."""
        with storage_errors(self.path(sha256)):
            return sha256_of(self.path(sha256))

    def size(self, sha256: str) -> int:
        """See Vault."""
        with storage_errors(self.path(sha256)):
            return self.path(sha256).stat().st_size

    def lent(self, sha256: str) -> AbstractContextManager[Path]:
        """See Vault."""
        return nullcontext(self.path(sha256))

    def keep(self, source: Path | bytes, sha256: str) -> bool:
        """See Vault."""
        place = self.path(sha256)
        with storage_errors(place):
            if place.exists() and sha256_of(place) == sha256:
                return False
            with source.open("rb") if isinstance(source, Path) else BytesIO(source) as stream:
                self._take(stream, sha256, place, str(source) if isinstance(source, Path) else sha256)
        return True

    def _take(self, stream: BinaryIO, sha256: str, place: Path, called: str) -> None:
        self._incoming.mkdir(parents=True, exist_ok=True)
        place.parent.mkdir(exist_ok=True)
        part = self._incoming / secrets.token_hex(8)
        try:
            with part.open("xb") as out:
                shutil.copyfileobj(stream, out, _CHUNK)
                out.flush()
                os.fsync(out.fileno())
            # Read back rather than hashed in passing: what counts is what the disk holds.
            if sha256_of(part) != sha256:
                raise StorageError(CHANGED, hint=CHANGED_HINT, place=called)
            protect(part)
            if place.exists():  # damaged: a good copy takes its place
                remove(place)
            move(part, place)
            sync_folder(place.parent)
            sync_folder(self.root)
        finally:
            remove(part)

    def discard(self, sha256: str) -> None:
        """See Vault."""
        with storage_errors(self.path(sha256)):
            remove(self.path(sha256))

    def sweep(self) -> None:
        """See Vault."""
        with storage_errors(self._incoming):
            if self._incoming.is_dir():
                for part in self._incoming.iterdir():
                    log.info("removing unfinished copy %s", part.name)
                    remove(part)

    def listed(self) -> list[Found]:
        """See Vault."""
        with storage_errors(self.root):
            return [self._found(file) for file in self._files()]

    def _files(self) -> Iterator[Path]:
        if not self.root.is_dir():
            return
        for folder in sorted(self.root.iterdir()):
            if folder == self._incoming:
                continue
            yield from sorted(folder.iterdir()) if folder.is_dir() else (folder,)

    def _found(self, file: Path) -> Found:
        ours = _NAME.fullmatch(file.name) and file == self.path(file.name)
        return Found(str(file), file.name if ours else "")


@contextmanager
def storing(files: Sequence[tuple[Vault, str, Path | bytes]], referred_to: Callable[[], set[str]]) -> Iterator[None]:
    """Store files, as (vault, SHA-256, source), and run the body; when either fails, remove those that were new.

    `referred_to` tells which files the database refers to after a failure: those stay in any case.
    """
    fresh = [(vault, sha256) for vault, sha256, _ in files if not vault.holds(sha256)]
    try:
        for vault, sha256, source in files:
            vault.keep(source, sha256)
        yield
    except Exception:
        _withdraw(fresh, referred_to)
        raise


def _withdraw(fresh: Sequence[tuple[Vault, str]], referred_to: Callable[[], set[str]]) -> None:
    try:
        stay = referred_to()
        for vault, sha256 in fresh:
            if sha256 not in stay:
                vault.discard(sha256)
    except WenshiError:  # they do no harm where they are; the failure that brought us here is the one to report
        log.warning("files of a failed import stay in the vault")


def readable(name: str) -> str:
    """A file's name as storable text; what is no text in it becomes replacement characters.

    Linux hands over the bytes of a name it cannot decode as surrogates U+DC80 to U+DCFF; such names are mostly GBK.
    """
    if not any("\ud800" <= character <= "\udfff" for character in name):
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    except UnicodeEncodeError:  # Windows allows any half pair in a name
        return name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
