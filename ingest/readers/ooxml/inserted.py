"""Documents inside a Word file: inserted whole (altChunk), or embedded as an object that shows its picture."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Layout, Manuscript, Run
from ingest.readers import mime, signature
from ingest.readers.ooxml.ole_objects import unwrapped
from ingest.readers.ooxml.story import Document, Story

_DEEPEST = 3  # documents within documents; more are malice
_WITH_TEXT = re.compile(r"word/(?:embeddings/.*|charts/chart(?:Ex)?\d*\.xml)")
_BY_HAND = "请在 Word 中打开它，把内容粘贴到正文里，再导入"


def inserted_blocks(part: str, what: str, code: IssueCode, story: Story, table: int) -> list[tuple[Block, Layout]]:
    """The blocks of a document inside this one, its tables numbered from `table`; an issue where it cannot be read."""
    document = story.document
    try:
        manuscript = _read(part, story)
    except ReadError as error:
        story.report(code, f"{what} {part} 没有收入（{error.message}），{_BY_HAND}")
        return []
    if manuscript is None:
        story.report(code, f"{what} {part} 没有收入，{_BY_HAND}")
        return []
    document.read_parts.add(part)
    document.characters_in += manuscript.characters_in
    document.pictures |= manuscript.pictures
    document.issues += [replace(one, place=f"{story.here}的{what}：{one.place}") for one in manuscript.issues]
    layouts = manuscript.layouts or (Layout(),) * len(manuscript.blocks)
    mark = f"附{len(document.read_parts)}-"  # notes of its own must not be taken for those of the text around it
    return [(_moved(block, table, mark), layout) for block, layout in zip(manuscript.blocks, layouts, strict=True)]


def _read(part: str, story: Story) -> Manuscript | None:
    """None for what is of no kind that is read inside a document."""
    document = story.document
    if document.depth >= _DEEPEST:
        return None
    data, called = unwrapped(document.package.data(part))
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, f"inserted{_suffix(called or part)}")
        file.write_bytes(data)
        kind = _kind(data[: signature.HEAD], file)
        read = document.readers.get(kind)
        return read(file, PurePosixPath(part).name, document.depth + 1) if read else None


def _suffix(part: str) -> str:
    suffix = PurePosixPath(part).suffix.lower()
    return suffix if suffix[1:].isalnum() and len(suffix) < 10 else ""


def _kind(head: bytes, file: Path) -> str:
    if signature.is_xlsx(head, file):
        return "xlsx"
    if signature.is_zip(head, file):
        return "docx"
    if mime.recognises(head, file):
        return "mht"
    if signature.is_rtf(head, file):
        return "rtf"
    if signature.is_html(head, file) or file.suffix in (".html", ".htm", ".xhtml"):
        return "html"
    return "txt" if file.suffix == ".txt" else ""


def _moved(block: Block, table: int, mark: str) -> Block:
    cell = replace(block.cell, table=block.cell.table + table) if block.cell else None
    runs = tuple(Run(run.text, run.style, mark + run.note, run.ruby) if run.note else run for run in block.runs)
    return replace(block, runs=runs, cell=cell, label=mark + block.label if block.label else "")


def unread(document: Document) -> Iterator[str]:
    """Parts of the package with text of their own that nothing in the text has led to."""
    read = {part.lower() for part in document.read_parts}
    for part in document.package.names():
        if _WITH_TEXT.fullmatch(part) and part not in read:
            yield part
