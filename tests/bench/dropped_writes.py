"""What a power cut may leave: replay the writes of an import up to some moment, without some that were never synced.

    python tests/bench/dropped_writes.py [--cuts 300] [--seed 1]

An import runs under strace, which records every write, truncation, renaming, removal and sync below the library's
folder. For each cut a disk is made up from the state before and the operations before a random moment: of those not yet
forced to disk (a file's content by fsync of the file, its name by fsync of its folder) a random part is missing, pages
of 4 KB each by itself. Then the library is opened and compared with what the import had reported as done. Prints the
number of cuts and of those that lost something; exit code 1 where there was one. Needs strace (Linux).
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Collection
from archive.model.search import Search

LOCAL = Actor.local()
PAGE = 4096
CALLS = (
    "openat,creat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,"
    "rmdir,lseek"
)
IMPORT = """
import hashlib, sys
from pathlib import Path
from archive.library import Library
from archive.model.access import Actor
from ingest.pipeline.importer import ingest

root, told = Path(sys.argv[1]), Path(sys.argv[2])
with Library.open(root) as library, told.open("w", buffering=1) as out:
    session = library.session(Actor.local())
    for file in sorted(Path(sys.argv[3]).iterdir()):
        ingest(session, [file], collection_id="c")
        out.write(hashlib.sha256(file.read_bytes()).hexdigest() + "\\n")
"""


# -- what was recorded


@dataclass(slots=True)
class Operation:
    """A change: of a file's content (`data` at `offset`, or its `size`), or of the names in a folder.

    `node` is the file's number; `names` maps paths to the numbers they stand for afterwards, None where removed.
    `lasting` is the moment from which on it is on the disk for certain.
    """

    node: int = -1
    offset: int = 0
    data: bytes = b""
    size: int = -1
    names: dict[str, int | None] = field(default_factory=dict)
    lasting: float = float("inf")


@dataclass(slots=True)
class Recording:
    """Operations in their order, with the moments at which the import reported a file (by SHA-256) as done."""

    operations: list[Operation] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)


_CALL = re.compile(r"^(\d+\.\d+) (\w+)\((.*)\) = (-?\d+)(?:<[^>]*>)?")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")


def _plain(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


class _Reader:
    """Makes operations of system calls."""

    def __init__(self, root: Path, told: Path, files: dict[str, int]) -> None:
        self._root, self._told = str(root), str(told)
        self._names = dict(files)
        self._next = len(files)
        self._places: dict[str, int] = {}  # by handle and path
        self._sizes: dict[int, int] = {}
        self.recording = Recording()

    def call(self, name: str, arguments: str, result: int) -> None:
        """One system call that did not fail."""
        texts = [_plain(text).decode("utf-8", "surrogateescape") for text in _TEXT.findall(arguments)]
        handle = _HANDLE.match(arguments)
        path = _plain(handle[2]).decode("utf-8", "surrogateescape") if handle else ""
        key = f"{handle[1]} {path}" if handle else ""
        if name in {"write", "pwrite64"} and path == self._told:
            for line in _plain(_TEXT.findall(arguments)[0]).decode().split():
                self.recording.told[line] = len(self.recording.operations)
        elif name in {"openat", "creat"}:
            self._opened(texts[-1], arguments, f"{result} {texts[-1]}")
        elif name.startswith(("rename", "unlink", "mkdir", "rmdir")):
            self._named(name, texts)
        elif not path.startswith(f"{self._root}/") and path != self._root:
            return
        elif name == "lseek":
            self._places[key] = result
        elif name in {"write", "pwrite64"}:
            data = _plain(_TEXT.findall(arguments)[0])[:result]
            at = int(arguments.rpartition(", ")[2]) if name == "pwrite64" else self._places.get(key, 0)
            self._written(path, data, at)
            if name == "write":
                self._places[key] = at + result
        elif name == "ftruncate" and path in self._names:
            self._sized(path, int(arguments.rpartition(", ")[2]))
        elif name in {"fsync", "fdatasync"}:
            self._synced(path)

    def _ours(self, path: str) -> bool:
        return path.startswith(f"{self._root}/") and not path.endswith("-shm")  # shared memory does not outlive a cut

    def _opened(self, path: str, arguments: str, key: str) -> None:
        if not self._ours(path):
            return
        if "O_CREAT" in arguments and path not in self._names:
            self._names[path] = self._next
            self.recording.operations.append(Operation(names={path: self._next}))
            self._next += 1
        elif "O_TRUNC" in arguments and path in self._names:
            self._sized(path, 0)
        node = self._names.get(path, -1)
        self._places[key] = self._sizes.get(node, 0) if "O_APPEND" in arguments else 0

    def _written(self, path: str, data: bytes, at: int) -> None:
        if not self._ours(path) or path not in self._names:
            return
        node = self._names[path]
        self._sizes[node] = max(self._sizes.get(node, 0), at + len(data))
        while data:
            length = PAGE - at % PAGE
            self.recording.operations.append(Operation(node, at, data[:length]))
            at, data = at + length, data[length:]

    def _sized(self, path: str, size: int) -> None:
        node = self._names[path]
        self._sizes[node] = size
        self.recording.operations.append(Operation(node, size=size))

    def _named(self, name: str, texts: list[str]) -> None:
        if not self._ours(texts[0]):
            return
        changed: dict[str, int | None] = {texts[0]: None}
        if name.startswith("mkdir"):
            changed = {texts[0]: self._next}
            self._next += 1
        elif name.startswith("rename"):
            for path in [path for path in self._names if path == texts[0] or path.startswith(f"{texts[0]}/")]:
                changed |= {path: None, texts[1] + path[len(texts[0]) :]: self._names[path]}
        for path, node in changed.items():
            if node is None:
                self._names.pop(path, None)
            else:
                self._names[path] = node
        self.recording.operations.append(Operation(names=changed))

    def _synced(self, path: str) -> None:
        moment = len(self.recording.operations)
        for one in self.recording.operations:
            content = not one.names and one.node == self._names.get(path)
            if content or any(name.rpartition("/")[0] == path for name in one.names):
                one.lasting = min(one.lasting, moment)


def recorded(root: Path, material: Path, told: Path) -> Recording:
    """What an import of the files in `material` does to the library at `root`. Raises CalledProcessError."""
    files = {str(file): number for number, file in enumerate(_files(root))}
    with tempfile.TemporaryDirectory() as folder:
        traced = ["strace", "-ff", "-ttt", "-y", "-xx", "-s", str(1 << 26), "-e", f"trace={CALLS}", "-o", f"{folder}/t"]
        command = [*traced, sys.executable, "-X", "utf8", "-c", IMPORT, str(root), str(told), str(material)]
        subprocess.run(command, check=True, capture_output=True)
        calls = [match.groups() for trace in Path(folder).iterdir() for match in _calls(trace)]
    reader = _Reader(root, told, files)
    for _, name, arguments, result in sorted(calls, key=lambda call: float(call[0])):
        if int(result) >= 0:
            reader.call(name, arguments, int(result))
    return reader.recording


def _files(root: Path) -> list[Path]:
    return [file for file in sorted(root.rglob("*")) if not file.name.endswith("-shm")]


def _calls(trace: Path) -> Iterator[re.Match[str]]:
    with trace.open(encoding="ascii") as lines:
        yield from filter(None, map(_CALL.match, lines))


# -- what a cut leaves


def disk_after(recording: Recording, before: Path, root: Path, target: Path, cut: int, chance: random.Random) -> None:
    """Make up at `target` what is on the disk when the power goes off before operation `cut`.

    `before` is a copy of the library at `root` as it was when the recording began.
    """
    names: dict[str, int] = {}
    nodes: dict[int, bytearray | None] = {}  # None is a folder
    for number, file in enumerate(_files(before)):
        names[str(root / file.relative_to(before))] = number
        nodes[number] = None if file.is_dir() else bytearray(file.read_bytes())
    folders = {path for one in recording.operations for name in one.names for path in _parents(name, root)}
    dropped = chance.choice((0.0, 0.2, 0.5, 1.0))
    for one in recording.operations[:cut]:
        if one.lasting > cut and chance.random() < dropped:
            continue
        for path, node in one.names.items():
            if node is None:
                names.pop(path, None)
            else:
                names[path] = node
                nodes.setdefault(node, None if path in folders else bytearray())
        content = nodes.setdefault(one.node, bytearray()) if one.node >= 0 else None
        if content is not None:
            _change(content, one)
    _lay_down(names, nodes, root, target)


def _parents(name: str, root: Path) -> Iterator[str]:
    for parent in Path(name).parents:
        if parent == root:
            return
        yield str(parent)


def _change(content: bytearray, one: Operation) -> None:
    if one.size >= 0:
        del content[one.size :]
        content.extend(bytes(one.size - len(content)))
    else:
        content.extend(bytes(max(0, one.offset - len(content))))
        content[one.offset : one.offset + len(one.data)] = one.data


def _lay_down(names: dict[str, int], nodes: dict[int, bytearray | None], root: Path, target: Path) -> None:
    target.mkdir()
    for path in sorted(names):
        place, content = target / Path(path).relative_to(root), nodes.get(names[path])
        if not place.parent.is_dir():
            continue  # the name of the folder was lost with all that is in it
        if content is None:
            place.mkdir(exist_ok=True)
        else:
            place.write_bytes(content)


# -- the comparison


def losses(target: Path, told: set[str]) -> list[str]:
    """What is wrong with a library after a cut, though it was reported as done or must hold in any case."""
    try:
        with Library.open(target) as library:
            session = library.session(LOCAL)
            found = [f"{one.code} {one.message}" for one in session.check() if not one.code.endswith("-extra")]
            articles = list(session.articles())
            originals = {article.original for article in articles}
            found += [f"lost {sha256[:8]}" for sha256 in sorted(told - originals)]
            for sha256 in sorted(originals):
                if hashlib.sha256(session.original(sha256)[0].read_bytes()).hexdigest() != sha256:
                    found.append(f"original {sha256[:8]} changed")
            if session.search(Search(text="水车")).total != len(articles):
                found.append("the index finds others than there are")
            return found
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def material(folder: Path, files: int) -> Path:
    """Files to take in, each with two articles."""
    folder.mkdir()
    for number in range(files):
        text = f"# 水车{number}\n\n光绪三十年造水车。{'水' * 3000}\n\n# 筏子{number}\n\n1958年的水车停了。\n"
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    return folder


def cuts(count: int, seed: int, folder: Path, files: int = 4) -> Iterator[tuple[int, list[str]]]:
    """(moment, losses) of so many cuts into one recorded import of `files` files, made in `folder`."""
    root = folder / "library"
    with Library.create(root) as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
    before = Path(shutil.copytree(root, folder / "before"))
    recording = recorded(root, material(folder / "material", files), folder / "told")
    if len(recording.told) != files:
        raise RuntimeError("the recording does not tell of every file")
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        cut = chance.randrange(len(recording.operations) + 1)
        target = folder / "after"
        disk_after(recording, before, root, target, cut, chance)
        yield cut, losses(target, {sha256 for sha256, moment in recording.told.items() if moment <= cut})
        shutil.rmtree(target)


def main() -> int:
    """Prints how many cuts lost something, and what."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for cut, found in cuts(given.cuts, given.seed, Path(folder)):
            if found:
                bad += 1
                print(f"cut before operation {cut}: {'; '.join(found)[:300]}")
    print(f"{given.cuts} power cuts, {bad} lost something")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
