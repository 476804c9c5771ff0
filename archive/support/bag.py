"""A folder handed over as a bag: BagIt 1.0 (RFC 8493), its payload in `data/`, every file with its SHA-512."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from archive.support.files import write_whole
from archive.support.storage_errors import storage_errors

PAYLOAD = "data"
_TAGS = ("bagit.txt", "bag-info.txt", "manifest-sha512.txt")


def seal(folder: Path, told: Mapping[str, str]) -> None:
    """Make a bag of a folder whose payload lies there, or make its lists anew; `told` is what bag-info.txt says.

    Raises StorageError.
    """
    with storage_errors(folder):
        files = sorted(file for file in (folder / PAYLOAD).rglob("*") if file.is_file())
        named = sorted((file.relative_to(folder).as_posix(), file) for file in files)
        size = sum(file.stat().st_size for file in files)
        lines = {name: _line(file, _encoded(name)) for name, file in named}
    info = {**told, "Payload-Oxum": f"{size}.{len(files)}"}
    write_whole(folder / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    write_whole(folder / "bag-info.txt", "".join(f"{name}: {value}\n" for name, value in info.items()))
    write_whole(folder / "manifest-sha512.txt", "".join(lines.values()))
    with storage_errors(folder):
        tags = "".join(_line(folder / name, name) for name in _TAGS)
    write_whole(folder / "tagmanifest-sha512.txt", tags)


def _line(file: Path, name: str) -> str:
    with file.open("rb") as stream:
        return f"{hashlib.file_digest(stream, 'sha512').hexdigest()}  {name}\n"


def _encoded(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
