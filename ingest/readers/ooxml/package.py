"""The zip container of a .docx: what is refused before anything is unpacked, and how parts refer to each other."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import ReadError
from archive.records import Issue
from ingest.readers.ooxml.markup import Element, parse

MAX_MEMBERS = 20_000
MAX_XML = 64 * 2**20  # bytes of one XML part: some 20 million characters of text
MAX_PICTURE = 256 * 2**20
MAX_TOTAL = 2 * 2**30  # declared size of all members together
MAX_RATIO = 250  # of unpacked to packed size; real Word XML stays below 60
_RATIO_FROM = 2**20  # small members may compress as well as they like

_DAMAGED = "请从来稿人处重新取得文件，或用 Word 打开修复后另存为 .docx"


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
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise ReadError("Word 文件不完整或已损坏（压缩包打不开）", place=name, hint=_DAMAGED) from error
        self._refuse_hostile()
        self._members = {self._part(info.filename): info for info in self._zip.infolist()}
        self.main = self._main_part()

    def _refuse_hostile(self) -> None:
        members = self._zip.infolist()
        if any(info.flag_bits & 1 for info in members):
            raise ReadError("文件加了密码（压缩包内容已加密）", place=self.name, hint="去掉密码后另存，再导入")
        total = sum(info.file_size for info in members)
        inflated = any(
            info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size) for info in members
        )
        if len(members) > MAX_MEMBERS or total > MAX_TOTAL or inflated:
            raise ReadError(
                "文件解压后大得不正常，可能是压缩炸弹，未予读取",
                place=self.name,
                hint="若确是自己的稿件，用 Word 打开另存为新的 .docx，或拆成几个文件",
            )

    @staticmethod
    def _part(name: str) -> str:
        """Part names compare without case; some programs write backslashes or a leading slash."""
        return name.replace("\\", "/").lstrip("/").lower()

    def _main_part(self) -> str:
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and self.has(relation.target):
                return relation.target
        raise ReadError(
            "这个压缩包不是 Word 文件（里面没有正文）",
            place=self.name,
            hint="请确认文件；若是 zip 压缩包，先解压再导入其中的稿件",
        )

    def has(self, part: str) -> bool:
        """Whether the package holds that part."""
        return self._part(part) in self._members

    def data(self, part: str, limit: int = MAX_PICTURE) -> bytes:
        """The bytes of a part, never more than `limit`: declared sizes are not believed."""
        place = f"{self.name} 的 {part}"
        info = self._members[self._part(part)]
        try:
            with self._zip.open(info) as member:
                data = member.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise ReadError("Word 文件不完整或已损坏（内容解不开）", place=place, hint=_DAMAGED) from error
        if len(data) > limit:
            raise ReadError(
                f"文件内部的一个部分超过 {limit // 2**20} MiB，未予读取",
                place=place,
                hint="把稿件拆成几个文件再导入",
            )
        return data

    def xml(self, part: str) -> Element:
        """The root element of an XML part; a broken one is read as far as it goes and reported."""
        place = f"{self.name} 的 {part}"
        root, recovered = parse(self.data(part, MAX_XML), place)
        if recovered:
            self.issues.append(Issue("broken-xml", part, "文件内部有损坏，已尽量读出，可能缺字，请与原稿核对"))
        return root

    def relations(self, part: str) -> Mapping[str, Relation]:
        """By relationship id, the parts and addresses that `part` refers to ("" is the package itself)."""
        folder, base = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(source):
            return {}
        found = {}
        for element in self.xml(source):
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
