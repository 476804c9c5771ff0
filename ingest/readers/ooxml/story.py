"""What is shared while one document is read: style sheet, lists, notes, pictures, and the issues met on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue, Manuscript, Picture
from archive.support.pictures import NOT_FOR_BROWSERS, media_type
from ingest.readers.ooxml.numbering import Numbering
from ingest.readers.ooxml.package import Package, Relation
from ingest.readers.ooxml.styles import Styles
from ingest.readers.ooxml.wordml import Element, count_characters, tag


@dataclass(slots=True)
class Field:
    """A complex field being read: its instruction, and whether its result has begun. `form` is its w:ffData."""

    instruction: str = ""
    form: Element | None = None
    showing: bool = False
    result: bool = False


InsertedReader = Callable[[Path, str, int], Manuscript]
"""Reads a document inside another: its file, what it is called, how deep it lies."""


@dataclass(slots=True)
class Document:
    """One file being read."""

    package: Package
    styles: Styles
    numbering: Numbering
    issues: list[Issue] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)  # (footnote or endnote, id) → label
    characters_in: int = 0  # text characters of every part loaded, counted before anything is interpreted
    dropped_notes: set[tuple[str, str]] = field(default_factory=set)  # referred to in deleted or hidden text only
    readers: Mapping[str, InsertedReader] = field(default_factory=dict)  # docx, xlsx, html, txt → how it is read
    depth: int = 0  # of this document within others
    read_parts: set[str] = field(default_factory=set)  # charts and documents inside that have been read

    def load(self, part: str) -> Element | None:
        """The root of a part with text, whose characters count as met from here on; None (and an issue) where broken.

        Raises ReadError for the main part.
        """
        root = self.package.xml(part) if part == self.package.main else self.package.part(part)
        if root is not None:
            self.characters_in += count_characters(root)
        return root

    def label(self, kind: str, identity: str) -> str:
        """The label of a note, numbered in the order of reference: 1, 2… for footnotes, 尾1, 尾2… for endnotes."""
        key = (kind, identity)
        if key not in self.labels:
            number = 1 + sum(other == kind for other, _ in self.labels)
            self.labels[key] = str(number) if kind == "footnote" else f"尾{number}"
        return self.labels[key]


@dataclass(slots=True)
class Story:
    """One part with running text (the body, the notes, a header). `place` names it; paragraphs are counted from 1."""

    document: Document
    place: str
    relations: Mapping[str, Relation]
    paragraph: int = 0
    fields: list[Field] = field(default_factory=list)

    @property
    def here(self) -> str:
        """The place to name in an issue."""
        return f"{self.place}第 {self.paragraph} 段"

    def report(self, code: IssueCode, message: str, characters: int = 0) -> None:
        """Notes an issue at the paragraph being read."""
        self.document.issues.append(Issue(code, self.here, message, characters))

    def drop(self, code: IssueCode, what: str, element: Element) -> None:
        """Leaves an element out and accounts for every character in it."""
        for name, kind in (("w:footnoteReference", "footnote"), ("w:endnoteReference", "endnote")):
            for reference in element.iter(tag(name)):
                self.document.dropped_notes.add((kind, reference.get(tag("w:id")) or ""))
        characters = count_characters(element)
        if characters:
            self.report(code, f"{what} {characters} 字，未收入", characters)

    def picture(self, relation_id: str | None) -> str:
        """The SHA-256 of an embedded picture, its bytes taken along; "" (and an issue) where it cannot be had."""
        relation = self.relations.get(relation_id or "")
        if relation is None or relation.external:
            where = f"（{relation.target}）" if relation else ""
            self.report(IssueCode.LINKED_PICTURE, f"图片只是链接{where}，文件里没有，未收入；请补上图片")
            return ""
        if not self.document.package.has(relation.target):
            self.report(IssueCode.MISSING_PICTURE, f"图片 {relation.target} 在文件里找不到，未收入；请补上图片")
            return ""
        try:
            data = self.document.package.data(relation.target)
        except ReadError as error:
            self.report(IssueCode.MISSING_PICTURE, f"图片 {relation.target} 读不出：{error.message}")
            return ""
        kind = media_type(data)
        if not kind:
            self.report(IssueCode.UNKNOWN_PICTURE, f"图片 {relation.target} 的格式不认识，未收入；请另存为 PNG 或 JPEG")
            return ""
        if kind in NOT_FOR_BROWSERS:
            self.report(IssueCode.PICTURE_FORMAT, f"图片 {relation.target} 是 {kind}，已收入，但网页上可能不能显示")
        digest = hashlib.sha256(data).hexdigest()
        self.document.pictures.setdefault(digest, Picture(digest, data, kind))
        return digest
