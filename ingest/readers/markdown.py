"""The Markdown that manuscripts use: headings, quotations, tables, notes, pictures. All else stays literal text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Issue, Kind, Picture, Run
from archive.support.pictures import media_type
from ingest.text.characters import visible
from ingest.text.unwrap import Width, find_width, unwrap

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_QUOTATION = re.compile(r"[ \t]*>[ \t]?(.*)")
_NOTE = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*(.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_BAR = re.compile(r"(?<!\\)\|")
_MAX_PICTURE = 64 * 2**20


@dataclass(slots=True)
class Parsed:
    """Blocks with what was met on the way; `pictures` by SHA-256."""

    blocks: tuple[Block, ...]
    issues: list[Issue]
    pictures: dict[str, Picture]


def parse(lines: Sequence[str], folder: Path, name: str) -> Parsed:
    """Reads lines of Markdown; pictures are looked for below `folder` only."""
    reader = _MarkdownReader(lines, folder, name)
    reader.read()
    return reader.result()


@dataclass(slots=True)
class _MarkdownReader:
    lines: Sequence[str]
    folder: Path
    name: str
    blocks: list[Block] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    definitions: dict[str, tuple[int, str]] = field(default_factory=dict)  # label → (line, text)
    width: Width | None = None
    tables: int = 0
    placed: set[str] = field(default_factory=set)  # labels of the notes that have their block
    markup: int = 0  # visible characters that became structure
    joined: int = 0
    indented: int = 0
    indentation: int = 0

    def read(self) -> None:
        for number, line in enumerate(self.lines):
            match = _NOTE.match(line)
            if match and match[1] not in self.definitions:
                self.definitions[match[1]] = (number, match[2])
        notes = {number for number, _ in self.definitions.values()}
        self.width = find_width([line for line in self.lines if not _HEADING.fullmatch(line)])
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            if number in notes:
                number += 1
            elif match := _HEADING.fullmatch(line):
                self.markup += visible(line) - visible(match[2])
                self.put(Kind.HEADING, match[2], level=len(match[1]))
                number += 1
            elif self.is_table(number):
                number = self.table(number)
            else:
                number = self.text(number, notes)
        for label in self.definitions:  # those nothing refers to
            self.note(label)

    def result(self) -> Parsed:
        if self.markup:
            message = f"Markdown 记号 {self.markup} 个字符（#、>、|、[^…] 等）已变成格式，不作为文字收入"
            self.issues.append(Issue(IssueCode.MARKUP, self.name, message, self.markup))
        if self.joined:
            message = f"每行定宽换行的文字已接成整段，共接 {self.joined} 处；请抽查分段是否正确"
            self.issues.append(Issue(IssueCode.UNWRAPPED, self.name, message))
        if self.indented:
            message = f"{self.indented} 行的行首空白共 {self.indentation} 个，属于版式，没有收入"
            self.issues.append(Issue(IssueCode.INDENTATION, self.name, message))
        return Parsed(tuple(self.blocks), self.issues, self.pictures)

    # -- blocks

    def text(self, start: int, notes: set[int]) -> int:
        """Ordinary and quoted lines from `start` up to the next structure, put back into paragraphs."""
        quoted = bool(_QUOTATION.fullmatch(self.lines[start]))
        group: list[str] = []
        number = start
        while number < len(self.lines):
            line = self.lines[number]
            match = _QUOTATION.fullmatch(line)
            if number in notes or _HEADING.fullmatch(line) or self.is_table(number) or bool(match) != quoted:
                break
            self.markup += visible(line) - visible(match[1]) if match else 0
            group.append(match[1] if match else line)
            number += 1
        unwrapped = unwrap(group, self.width)
        self.joined += unwrapped.joined
        self.indented += unwrapped.indented
        self.indentation += unwrapped.indentation
        for paragraph in unwrapped.paragraphs:
            self.put(Kind.QUOTATION if quoted else Kind.PARAGRAPH, paragraph)
        return max(number, start + 1)

    def is_table(self, number: int) -> bool:
        if "|" not in self.lines[number] or number + 1 >= len(self.lines):
            return False
        below = self.lines[number + 1]
        return "|" in below and bool(_RULE.fullmatch(below))

    def table(self, start: int) -> int:
        number, row = start, 0
        waiting: list[str] = []
        while number < len(self.lines) and "|" in self.lines[number]:
            cells = _cells(self.lines[number]) if number != start + 1 else []
            self.markup += visible(self.lines[number]) - sum(map(visible, cells))
            if cells:
                for column, text in enumerate(cells):
                    runs, labels = self.runs(text)
                    self.blocks.append(Block(Kind.CELL, runs, cell=Cell(self.tables, row, column, header=row == 0)))
                    waiting += labels
                row += 1
            number += 1
        self.tables += 1
        for label in waiting:
            self.note(label)
        return number

    def put(self, kind: Kind, text: str, level: int = 0) -> None:
        """A block, then the pictures and the notes in it."""
        found = list(_PICTURE.finditer(text))
        text = _PICTURE.sub("", text).strip()
        if text:
            runs, labels = self.runs(text)
            self.blocks.append(Block(kind, runs, level))
            for label in labels:
                self.note(label)
        for match in found:
            self.picture(match[1], match[2], match[0])

    def runs(self, text: str) -> tuple[tuple[Run, ...], list[str]]:
        """The text with its references to notes that exist; other brackets are text."""
        runs: list[Run] = []
        labels: list[str] = []
        last = 0
        for match in _REFERENCE.finditer(text):
            if match[1] not in self.definitions:
                continue
            if match.start() > last:
                runs.append(Run(text[last : match.start()]))
            runs.append(Run("", note=match[1]))
            labels.append(match[1])
            self.markup += visible(match[0])
            last = match.end()
        if text[last:]:
            runs.append(Run(text[last:]))
        return tuple(runs), labels

    def note(self, label: str) -> None:
        """The note's block, the first time it is referred to."""
        if label not in self.placed:
            self.placed.add(label)
            number, text = self.definitions[label]
            self.markup += visible(self.lines[number]) - visible(text)
            self.blocks.append(Block.plain(Kind.NOTE, text.strip(), label=label))

    def picture(self, alternative: str, address: str, markup: str) -> None:
        digest = self.load(address)
        if digest:
            self.markup += visible(markup)
        else:
            message = f"图片 {address} 找不到或不是图片，没有收入；请把图片放在稿件旁边"
            self.issues.append(Issue(IssueCode.LINKED_PICTURE, self.name, message, visible(markup)))
        self.blocks.append(Block.plain(Kind.FIGURE, alternative, picture=digest))

    def load(self, address: str) -> str:
        """Takes a picture along that lies below the manuscript's folder; its SHA-256, or "" where there is none."""
        try:
            file = (self.folder / address).resolve()
            if not file.is_relative_to(self.folder.resolve()) or not file.is_file():
                return ""
            if file.stat().st_size > _MAX_PICTURE:
                return ""
            data = file.read_bytes()
        except (OSError, ValueError):
            return ""
        kind = media_type(data)
        if not kind:
            return ""
        digest = hashlib.sha256(data).hexdigest()
        self.pictures[digest] = Picture(digest, data, kind)
        return digest


def _cells(line: str) -> list[str]:
    inner = line.strip()
    inner = inner.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip() for cell in _BAR.split(inner)]
