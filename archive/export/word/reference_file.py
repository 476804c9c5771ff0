"""A Word file that is read for its looks: its parts by kind, handed over with what belongs to them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, Self

from lxml import etree

from archive.export.word.word_package import OFFICE_RELATION, PACKAGE, PackagePart, Relation, WordPackage, relations_of
from archive.model.errors import ConfigError
from archive.support.storage_errors import reason

_LARGEST = 50_000_000  # bytes of one part; a sheet of styles has a few hundred thousand
_ROOT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOT_WORD = "请用 Word 打开它，另存为“Word 文档（.docx）”（不要选“严格 Open XML”，不要加密）。"


class WordFile:
    """A .docx or .dotx, open for reading. Everything raises ConfigError where the file is not what it should be."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(file)
        except zipfile.BadZipFile as error:
            raise self._wrong("参考文件不是 Word 文档（.docx）。") from error
        except OSError as error:
            raise self._wrong(f"参考文件打不开：{reason(error)}") from error
        try:
            (self._document,) = (
                relation.target for relation in self._relations("") if relation.type.endswith("/officeDocument")
            )
            self._parts = {
                relation.type.removeprefix(OFFICE_RELATION): relation.target
                for relation in self._relations(self._document)
                if not relation.outside
            }
        except ValueError as error:
            self._zip.close()
            raise self._wrong("参考文件里没有 Word 正文。") from error
        except ConfigError:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def tree(self, kind: str) -> Any:
        """The root of the document or of the part of that kind (styles), checked for its kind."""
        name = self._document if kind == "document" else self._parts.get(kind)
        if name is None:
            raise self._wrong(f"参考文件里缺少 {kind} 部分。")
        root = self._parsed(name)
        if root.tag != f"{_ROOT}{kind}":
            raise self._wrong(f"参考文件的 {kind} 部分不是通常的 Word 格式。")
        return root

    def hand_over(self, kind: str, package: WordPackage, change: Callable[[Any], None] | None = None) -> None:
        """Put the part of that kind into a package, if there is one, with the parts it refers to."""
        name = self._parts.get(kind)
        if name is None:
            return
        root = self._parsed(name)
        if change:
            change(root)
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        relations = []
        for relation in self._relations(name):
            if relation.outside:
                relations.append(relation)
                continue
            suffix = relation.target.rpartition(".")[2]
            new = f"word/media/reference{len(package.parts)}.{suffix}"
            package.parts[new] = PackagePart(self._media_type(relation.target), self._read(relation.target))
            relations.append(Relation(relation.id, relation.type, new))
        package.add(kind, content, relations)

    def _relations(self, name: str) -> list[Relation]:
        """The relations of a part (of the whole file for ""), targets as names of parts."""
        place = relations_of(name) if name else "_rels/.rels"
        if place not in self._zip.namelist():
            return []
        found = []
        for element in self._parsed(place).iterchildren(f"{{{PACKAGE}relationships}}Relationship"):
            target, outside = element.get("Target", ""), element.get("TargetMode") == "External"
            if not outside:
                target = normpath(join("/", dirname(name), target)).lstrip("/")
            found.append(Relation(element.get("Id", ""), element.get("Type", ""), target, outside))
        return found

    def _media_type(self, name: str) -> str:
        types = self._parsed("[Content_Types].xml")
        for element in types:
            if element.get("PartName") == f"/{name}":
                return str(element.get("ContentType"))
        suffix = name.rpartition(".")[2].lower()
        defaults = (e.get("ContentType") for e in types if (e.get("Extension") or "").lower() == suffix)
        return str(next(defaults, "application/octet-stream"))

    def _parsed(self, name: str) -> Any:
        # Entities are not resolved: nothing but the file itself may be read through it.
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            return etree.fromstring(self._read(name), parser)
        except etree.XMLSyntaxError as error:
            raise self._wrong(f"参考文件已损坏（{name}）。") from error

    def _read(self, name: str) -> bytes:
        try:
            if self._zip.getinfo(name).file_size > _LARGEST:
                raise self._wrong(f"参考文件太大（{name}）。")
            return self._zip.read(name)
        except KeyError as error:
            raise self._wrong(f"参考文件缺少 {name}。") from error
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
            raise self._wrong(f"参考文件已损坏（{name}）。") from error

    def _wrong(self, message: str) -> ConfigError:
        return ConfigError(message, place=f"参考文件 {self.file}", hint=_NOT_WORD)
