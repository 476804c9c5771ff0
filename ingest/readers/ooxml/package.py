"""The zip container of a .docx: what is refused before anything is unpacked, and how parts refer to each other."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from ingest.readers.ooxml.wordml import Element, parse
from ingest.readers.zipped import Claim, is_locked, open_zip, read_member

MAX_XML = 64 * 2**20  # bytes of one XML part: some 20 million characters of text
MAX_PICTURE = 256 * 2**20

_USUAL_MAIN = "word/document.xml"  # where the package does not say which part it is
_WORD = Claim("Word 文件", "请从来稿人处重新取得文件，或用 Word 打开修复后另存为 .docx，也可拆成几个文件")


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from one part to another: `kind` is the last word of its type, `target` a part name or address."""

    kind: str
    target: str
    external: bool


class Package:
    """An opened .docx. `issues` collects parts that were broken and read in recovery mode."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.issues: list[Issue] = []
        self._broken: set[str] = set()
        self._zip = open_zip(stream, name, _WORD)
        if is_locked(self._zip):
            raise ReadError("文件加了密码（压缩包内容已加密）", place=name, hint="去掉密码后另存，再导入")
        self._members = {self._part(info.filename): info for info in self._zip.infolist()}
        self.main = self._main_part()

    @staticmethod
    def _part(name: str) -> str:
        """Part names compare without case; some programs write backslashes or a leading slash."""
        return name.replace("\\", "/").lstrip("/").lower()

    def _main_part(self) -> str:
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and self.has(relation.target):
                return relation.target
        if self.has(_USUAL_MAIN):
            return _USUAL_MAIN
        raise ReadError(
            "这个压缩包不是 Word 文件（里面没有正文）",
            place=self.name,
            hint="请确认文件；若是 zip 压缩包，先解压再导入其中的稿件",
        )

    def names(self) -> Iterator[str]:
        """The names of all parts, in lower case."""
        return iter(self._members)

    def has(self, part: str) -> bool:
        """Whether the package holds that part."""
        return self._part(part) in self._members

    def data(self, part: str, limit: int = MAX_PICTURE) -> bytes:
        """The bytes of a part, never more than `limit`: declared sizes are not believed."""
        info = self._members[self._part(part)]
        return read_member(self._zip, info, limit, f"{self.name} 的 {part}", _WORD)

    def xml(self, part: str) -> Element:
        """The root element of an XML part; a broken one is read as far as it goes and reported."""
        place = f"{self.name} 的 {part}"
        root, recovered = parse(self.data(part, MAX_XML), place)
        if recovered:
            self.issues.append(Issue(IssueCode.BROKEN_XML, part, "文件内部有损坏，已尽量读出，可能缺字，请与原稿核对"))
        return root

    def part(self, part: str) -> Element | None:
        """The root element of a part that is not the main one; None (and an issue) where it is damaged."""
        try:
            return self.xml(part)
        except ReadError as error:
            self.broken(part, error)
            return None

    def broken(self, part: str, error: ReadError) -> None:
        """Notes, once, that a part cannot be read."""
        if part not in self._broken:
            self._broken.add(part)
            message = f"文件内部的这一部分读不出（{error.message}），其余照收，请与原稿核对"
            self.issues.append(Issue(IssueCode.BROKEN_PART, part, message))

    def relations(self, part: str) -> Mapping[str, Relation]:
        """By relationship id, the parts and addresses that `part` refers to ("" is the package itself)."""
        folder, base = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(source):
            return {}
        found = {}
        root = self.part(source)
        for element in root if root is not None else ():
            target = element.get("Target") or ""
            external = element.get("TargetMode") == "External"
            if not external:
                absolute = target.startswith("/")
                target = target.lstrip("/") if absolute else posixpath.normpath(posixpath.join(folder, target))
            kind = (element.get("Type") or "").rsplit("/", 1)[-1]
            found[element.get("Id") or ""] = Relation(kind, target, external)
        return found


def open_package(file: Path, name: str) -> tuple[BinaryIO, Package]:
    """Opens `file`; the caller closes the stream."""
    stream = file.open("rb")
    try:
        return stream, Package(stream, name)
    except BaseException:
        stream.close()
        raise
