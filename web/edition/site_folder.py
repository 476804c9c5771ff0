"""The folder of an edition: only what changed is written, what is no longer made goes, nothing else is touched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from archive.model.errors import UsageError
from archive.support.files import move, read_patiently, remove, write_whole
from archive.support.storage_errors import storage_errors

LISTING = "wenshi-site.json"
"""What an edition made: its files with their SHA-256, the ids of its texts, and of those that were taken back."""

_HINT = "选一个空文件夹，或上次发布用的那一个"


@dataclass
class SiteFolder:
    """A folder to publish into: empty, new, or one that was published into before.

    Raises UsageError for a folder that holds other things.
    """

    root: Path
    written: int = 0
    _before: dict[str, str] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)
    texts_before: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        listing = self.root / LISTING
        if listing.exists():
            self._read(listing)
        elif self.root.exists() and (not self.root.is_dir() or any(self.root.iterdir())):
            raise UsageError(f"{self.root} 里已经有别的文件，没有发布。", place=str(self.root), hint=_HINT)

    def _read(self, listing: Path) -> None:
        try:
            told = json.loads(read_patiently(listing))
            self._before = {str(path): str(digest) for path, digest in told["files"].items()}
            self.texts_before = frozenset(map(str, (*told["texts"], *told["gone"])))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{listing} 看不懂，没有发布。", place=str(listing), hint=_HINT) from error
        for path in self._before:
            if not _inside(path):
                raise UsageError(f"{listing} 里有不在这个文件夹里的文件，没有发布。", place=str(listing), hint=_HINT)

    def write(self, path: str, content: str | bytes) -> None:
        """Put one file there, `path` with slashes from the root, unless it stands there with just this content."""
        data = content.encode() if isinstance(content, str) else content
        self._files[path] = hashlib.sha256(data).hexdigest()
        target = self.root / path
        with storage_errors(self.root):
            if target.is_file() and target.read_bytes() == data:
                return
            # Not forced to disk one by one, which takes as long as all the rest: what is lost is made again.
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f"{target.name}.tmp")
            temporary.write_bytes(data)
            move(temporary, target)
        self.written += 1

    @property
    def bytes(self) -> int:
        """The size of all files of the edition."""
        return sum((self.root / path).stat().st_size for path in self._files)

    @property
    def files(self) -> tuple[str, ...]:
        """All files of the edition so far, in order."""
        return tuple(sorted(self._files))

    @property
    def digest(self) -> str:
        """A digest of all files so far."""
        return hashlib.sha256(json.dumps(sorted(self._files.items())).encode()).hexdigest()

    def finish(self, title: str, texts: Iterable[str], gone: Iterable[str]) -> int:
        """Remove what earlier editions made and this one did not, note what it made; how many files were removed."""
        surplus = sorted(self._before.keys() - self._files.keys())
        for path in surplus:
            file = self.root / path
            if file.is_file():
                remove(file)
        told = {"title": title, "texts": list(texts), "gone": list(gone), "files": dict(sorted(self._files.items()))}
        write_whole(self.root / LISTING, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return len(surplus)


def _inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and ".." not in parts and "" not in parts and not any(mark in path for mark in "\\:")
