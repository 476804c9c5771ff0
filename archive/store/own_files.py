"""The files an office wrote itself, of two libraries: which the one has and the other has not, and which differ.

Words for segmentation are put together line by line. Of anything else what is here holds, and what came under the same
name with other content is kept in `backups/`, so that nobody's work is replaced by a program.
"""

from __future__ import annotations

import enum
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.support import library_folder
from archive.support.files import replacing, write_whole
from archive.support.storage_errors import storage_errors
from archive.text.segmentation import user_words

TREES = (library_folder.STYLES, library_folder.FONTS, library_folder.PROCEDURES)


class Standing(enum.StrEnum):
    """How a file that comes is to what is here. The words are those shown."""

    NEW = "带过来"
    MORE = "这边没有的词加在后面"
    OTHER = "两边不同，用这边的，那边的存进 backups 文件夹"


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file by its path in a library's folder; `words` are those that are added, where it is words."""

    path: str
    standing: Standing
    words: tuple[str, ...] = ()


def compared(other: Path, root: Path) -> tuple[OwnFile, ...]:
    """What there is to bring; files that are the same are left out. Raises StorageError."""
    with storage_errors(other):
        return tuple(_compared(other, root))


def bring(other: Path, root: Path) -> tuple[OwnFile, ...]:
    """Bring it; what `compared` said before. The other library is only read. Raises StorageError."""
    found = compared(other, root)
    with storage_errors(root):
        for one in found:
            if one.standing is Standing.MORE:
                _add_words(root / one.path, one.words)
            else:
                _copy(other / one.path, _place(other, root, one))
    return found


def _compared(other: Path, root: Path) -> Iterator[OwnFile]:
    words = library_folder.WORDS
    here = set(user_words(root / words))
    if fresh := tuple(one for one in dict.fromkeys(user_words(other / words)) if one not in here):
        yield OwnFile(words, Standing.MORE, fresh)
    for tree in TREES:
        for file in sorted((other / tree).glob("*")):
            if not file.is_file() or file.name.startswith("."):
                continue
            path, held = f"{tree}/{file.name}", root / tree / file.name
            if not held.exists():
                yield OwnFile(path, Standing.NEW)
            elif held.read_bytes() != file.read_bytes() and not _kept(other, root, path):
                yield OwnFile(path, Standing.OTHER)


def _place(other: Path, root: Path, one: OwnFile) -> Path:
    return root / one.path if one.standing is Standing.NEW else _aside(other, root, one.path)


def _aside(other: Path, root: Path, path: str) -> Path:
    return root / library_folder.BACKUPS / f"{other.name}-{path.replace('/', '-')}"


def _kept(other: Path, root: Path, path: str) -> bool:
    """Whether it was put aside already, as it is now."""
    aside = _aside(other, root, path)
    return aside.is_file() and aside.read_bytes() == (other / path).read_bytes()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    with replacing(target) as part:
        shutil.copyfile(source, part)


def _add_words(file: Path, words: tuple[str, ...]) -> None:
    """Put words at the end of a file, whose own lines stay as they are."""
    before = file.read_bytes() if file.exists() else b""
    try:
        text = before.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = before.decode("gb18030", "replace")
    write_whole(file, "\n".join([*text.splitlines(), *words, ""]))
