"""Footnotes, endnotes and comments: read once, placed after the block that refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Run, Style
from ingest.readers.ooxml.story import Document, Story
from ingest.readers.ooxml.word_runs import WordInline, read_inline
from ingest.readers.ooxml.wordml import Element, count_characters, tag, value

_PARTS = (("footnote", "footnotes", "脚注"), ("endnote", "endnotes", "尾注"), ("comment", "comments", "批注"))
_PARAGRAPHS = (tag("w:p"), tag("a:p"))
_ORDINARY = (None, "normal")  # the others are the separator lines


@dataclass(slots=True)
class Notes:
    """The notes of a document by (footnote, endnote or comment; id). `of` hands out each one once."""

    document: Document
    _elements: dict[tuple[str, str], list[tuple[Element, Story]]] = field(default_factory=dict)  # ids may be shared
    _used: set[tuple[str, str]] = field(default_factory=set)

    def of(self, inline: WordInline) -> Iterator[Block]:
        """The notes a paragraph refers to for the first time, then the comments on it."""
        for kind, identity in (*inline.notes, *(("comment", identity) for identity in inline.comments)):
            key = (kind, identity)
            if key in self._used:
                continue
            self._used.add(key)
            if key in self._elements:
                yield from self._block(key)
            elif kind != "comment":
                label = self.document.label(kind, identity)
                missing = Issue(IssueCode.MISSING_NOTE, f"注 {label}", "正文有注码，文件里却没有这条注，请与原稿核对")
                self.document.issues.append(missing)

    def rest(self) -> Iterator[Block]:
        """Notes nothing in the text refers to: kept at the end. Those only deleted text refers to are left out."""
        for key, sharing in self._elements.items():
            if key in self._used:
                continue
            if key in self.document.dropped_notes:
                for element, story in sharing:
                    story.drop(IssueCode.DELETED, "随正文一起删除或隐藏的注", element)
            else:
                sharing[0][1].report(IssueCode.UNREFERENCED_NOTE, "正文中没有指向它的标记，放在全文之后")
                yield from self._block(key)

    def _block(self, key: tuple[str, str]) -> Iterator[Block]:
        kind, identity = key
        read = [(element.get(tag("w:author")) or "", _lines(element, story)) for element, story in self._elements[key]]
        if kind == "comment":
            for author, lines in read:
                who = (Run(f"{author}：", Style.GENERATED),) if author else ()
                yield Block(Kind.COMMENT, (*who, *lines))
        else:
            runs = [
                run for number, (_, lines) in enumerate(read) for run in (*((Run("\n"),) if number else ()), *lines)
            ]
            yield Block(Kind.NOTE, tuple(runs), label=self.document.label(kind, identity))


def read_notes(document: Document) -> Notes:
    """Loads the note parts the main part refers to."""
    notes = Notes(document)
    by_kind = {relation.kind: relation for relation in document.package.relations(document.package.main).values()}
    for kind, part, place in _PARTS:
        relation = by_kind.get(part)
        if relation is None or relation.external or not document.package.has(relation.target):
            continue
        story = Story(document, place, document.package.relations(relation.target))
        root = document.load(relation.target)
        for element in root if root is not None else ():
            if element.get(tag("w:type")) in _ORDINARY:
                notes._elements.setdefault((kind, element.get(tag("w:id")) or ""), []).append((element, story))
            elif count_characters(element):
                story.drop(IssueCode.SEPARATOR, "注释分隔线中的文字", element)
    return notes


def _lines(element: Element, story: Story) -> tuple[Run, ...]:
    """The paragraphs of a note as runs of one block, joined by line breaks; text boxes in it are looked through."""
    runs: list[Run] = []
    paragraphs = list(element.iter(*_PARAGRAPHS)) or [element]  # a damaged note may have none
    for paragraph in paragraphs:
        if any(ancestor.tag in _PARAGRAPHS for ancestor in paragraph.iterancestors() if ancestor is not element):
            continue
        story.paragraph += 1
        inline = read_inline(paragraph, story, value(paragraph, "w:pPr", "w:pStyle") or "")
        for box in inline.boxes:
            for inner in box.iter(*_PARAGRAPHS):
                inline.add("\n")
                inline.runs += read_inline(inner, story, "").runs
        line, _ = inline.trimmed()
        if line:
            runs += [Run("\n"), *line] if runs else line
    return tuple(runs)
