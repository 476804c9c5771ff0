"""A whole .docx as a Manuscript: the parts put together, and every character accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Layout, Manuscript
from archive.support.files import sha256_of
from ingest.readers import html, mime, plain_text, spreadsheets
from ingest.readers.captions import is_caption, is_table_caption
from ingest.readers.ooxml.body import Body, Placed
from ingest.readers.ooxml.inserted import unread
from ingest.readers.ooxml.notes import read_notes
from ingest.readers.ooxml.numbering import read_numbering
from ingest.readers.ooxml.package import Package, open_package
from ingest.readers.ooxml.story import Document, InsertedReader, Story
from ingest.readers.ooxml.styles import read_styles
from ingest.readers.ooxml.wordml import Element
from ingest.text.characters import private_use, stored_characters
from ingest.text.cut_paragraphs import mend
from ingest.text.hard_wraps import rejoin

_OTHER_DOCUMENTS = {
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}workbook": "Excel",
    "{http://schemas.openxmlformats.org/presentationml/2006/main}presentation": "PowerPoint",
}
_OFFICE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_PROPERTIES = {f"{_DUBLIN}title": "title", f"{_DUBLIN}creator": "author", f"{_OFFICE}keywords": "keywords"}


def read(file: Path, name: str, depth: int = 0) -> Manuscript:
    """Reads a Word file; `name` is what it is called in issues and errors, `depth` how deep it lies within others.

    Raises ReadError for a file that is damaged, encrypted, hostile or not a Word document.
    """
    stream, package = open_package(file, name)
    with stream:
        styles, numbering = read_styles(_part(package, "styles")), read_numbering(_part(package, "numbering"))
        document = Document(package, styles, numbering, readers=_READERS, depth=depth)
        placed = [*_captioned(_main(document)), *_margins(document)]
        document.issues += _left(document)
        properties = _properties(package)
    blocks = tuple(block for block, _ in placed)
    if package.issues:
        document.issues += _lost(document, blocks)
    manuscript = Manuscript(
        name=name,
        sha256=sha256_of(file),
        blocks=blocks,
        characters_in=document.characters_in,
        issues=(*package.issues, *document.issues, *private_use(blocks)),
        layouts=tuple(layout for _, layout in placed),
        pictures=document.pictures,
        properties=properties,
    )
    return mend(rejoin(manuscript))


def _lost(document: Document, blocks: Sequence[Block]) -> Iterator[Issue]:
    """In a damaged file text can stand where nothing reads it; how much is known all the same."""
    accounted = sum(issue.characters for issue in document.issues)
    lost = document.characters_in - stored_characters(blocks) - accounted
    if lost > 0:
        message = f"因文件内部损坏，有 {lost} 字没能读出，请用 Word 打开修复并另存后重新导入"
        yield Issue(IssueCode.LOST_IN_DAMAGE, document.package.name, message, lost)


def _left(document: Document) -> Iterator[Issue]:
    """Documents and charts in the package that nothing in the text leads to, such as the sheets behind charts."""
    for part in unread(document):
        yield Issue(IssueCode.OTHER_PART, part, "文件内部的这一部分不在正文里，没有收入")


def _part(package: Package, kind: str) -> Element | None:
    for relation in package.relations(package.main).values():
        if relation.kind == kind and not relation.external and package.has(relation.target):
            return package.part(relation.target)
    return None


def _main(document: Document) -> Iterator[Placed]:
    """The body with its notes."""
    package = document.package
    notes = read_notes(document)
    body = Body(Story(document, "", package.relations(package.main)), notes)
    root = document.load(package.main)
    assert root is not None  # the main part is there or raises
    if root.tag in _OTHER_DOCUMENTS:
        raise ReadError(
            f"这是 {_OTHER_DOCUMENTS[root.tag]} 文件，不是文稿",
            place=package.name,
            hint="把内容复制到 Word 中，存成 .docx 再导入",
        )
    yield from body.blocks(root)
    yield from body.rest()
    yield from ((block, Layout()) for block in notes.rest())
    if body.indented:
        message = f"{body.indented} 段的段首空白共 {body.indentation} 个，属于版式，没有收入"
        document.issues.append(Issue(IssueCode.INDENTATION, document.package.name, message))


def _captioned(placed: Iterator[Placed]) -> Iterator[Placed]:
    """A short paragraph below a picture or above a table that has the words of a caption is one, whatever its style."""
    before = Kind.PARAGRAPH
    waiting: Placed | None = None  # for what stands below it
    for block, layout in placed:
        if waiting:
            above, its_layout = waiting
            yield (replace(above, kind=Kind.CAPTION, align="") if block.kind is Kind.CELL else above), its_layout
            waiting = None
        if before in (Kind.FIGURE, Kind.CAPTION) and block.kind is Kind.PARAGRAPH:
            block = replace(block, kind=Kind.CAPTION) if is_caption(block.text) else block
        before = block.kind
        if block.kind is Kind.PARAGRAPH and is_table_caption(block.text):
            waiting = block, layout
        else:
            yield block, layout
    if waiting:
        yield waiting


def _margins(document: Document) -> Iterator[Placed]:
    """Running heads and feet, each distinct text once; repetitions are accounted for."""
    package = document.package
    seen: set[tuple[Kind, str]] = set()
    for relation in package.relations(package.main).values():
        if relation.kind not in ("header", "footer") or relation.external or not package.has(relation.target):
            continue
        kind = Kind.HEADER if relation.kind == "header" else Kind.FOOTER
        story = Story(document, "页眉" if kind is Kind.HEADER else "页脚", package.relations(relation.target))
        body = Body(story)
        root = document.load(relation.target)
        if root is None:
            continue
        for block, layout in (*body.blocks(root), *body.rest()):
            if not block.runs or block.kind is Kind.FIGURE:
                continue
            if (kind, block.text) in seen:
                repeated = stored_characters((block,))
                story.report(IssueCode.REPEATED_MARGIN, "与前面相同的页眉页脚，只存一次", repeated)
                continue
            seen.add((kind, block.text))
            yield Block(kind, block.runs), layout


def _properties(package: Package) -> dict[str, str]:
    """Title, author and keywords as the file itself states them."""
    target = next((r.target for r in package.relations("").values() if r.kind == "core-properties"), "")
    if not package.has(target):
        return {}
    root = package.part(target)
    if root is None:
        return {}
    return {_PROPERTIES[item.tag]: item.text.strip() for item in root if item.tag in _PROPERTIES and item.text}


def _converted(file: Path, name: str, depth: int) -> Manuscript:
    from ingest.readers import converted  # which reads what LibreOffice makes with this module

    return converted.read("rtf", file, name)


_READERS: dict[str, InsertedReader] = {
    "docx": read,
    "xlsx": lambda file, name, depth: spreadsheets.read_xlsx(file, name),
    "html": lambda file, name, depth: html.read(file, name),
    "txt": lambda file, name, depth: plain_text.read(file, name),
    "mht": lambda file, name, depth: mime.read(file, name),
    "rtf": _converted,
}
"""What may stand inside a Word file."""
