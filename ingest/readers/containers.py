"""Zip archives of manuscripts: every member becomes an original of its own.

Members are read and written under numbers of our own choosing, so that no name inside an archive can lead out of the
folder they are put in.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archive.model.errors import ReadError
from archive.model.records import Manuscript
from ingest.readers import signature
from ingest.readers.zipped import Claim, is_locked, member_name, open_zip, read_member

MAX_MEMBER = 512 * 2**20
_ZIP = Claim("压缩包", "请重新取得压缩包，或解压后直接导入里面的文件")
_HIDDEN = (".", "~$", "__MACOSX")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: where it lies now and what it is called there, or why it cannot be had."""

    name: str
    file: Path
    fault: ReadError | None = None


def unpack(file: Path, name: str, folder: Path, password: str = "") -> Iterator[Member]:
    """The members of the archive, written one by one below `folder`; hidden files and folders are left out.

    Raises ReadError for an archive that is damaged, hostile, or locked while `password` is empty. A member that cannot
    be read, or is an archive itself, comes with its fault.
    """
    with file.open("rb") as stream, open_zip(stream, name, _ZIP) as opened:
        if is_locked(opened) and not password:
            raise ReadError("压缩包加了密码", place=name, hint="用 --password 给出密码，或解压后再导入")
        for number, info in enumerate(opened.infolist()):
            path = PurePosixPath(member_name(info))
            if info.is_dir() or any(part.startswith(_HIDDEN) and part != ".." for part in path.parts):
                continue
            # Only the suffix is taken from the name; readers want it for messages and for Markdown.
            suffix = path.suffix if path.suffix[1:].isalnum() and len(path.suffix) < 10 else ""
            target = folder / f"{number:05}{suffix}"
            yield _member(opened, info, f"{name}/{path}", target, password)


def _member(opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, target: Path, password: str) -> Member:
    try:
        data = read_member(opened, info, MAX_MEMBER, name, _ZIP, password)
        target.write_bytes(data)
        if signature.is_archive(data[: signature.HEAD], target):
            raise ReadError("压缩包里还有压缩包", place=name, hint="先解压这一个，再导入里面的文件")
    except ReadError as fault:
        return Member(name, target, fault)
    return Member(name, target)


def refuse(file: Path, name: str) -> Manuscript:
    """An archive is no manuscript: raises ReadError that says how to take in what it holds."""
    raise ReadError("这是压缩包，不是一篇文稿", place=name, hint="把压缩包交给 wenshi ingest，它会逐个读取其中的文件")
