"""One file proof-read without a library, and a copy with what was found as comments; runs in an isolated process.

Comments go to the paragraph of the file that reads as the block does, the characters meant in a run of their own. What
is found in a paragraph that Word has elsewhere (notes, text boxes of old kinds) is in the report alone, and counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile, is_zipfile

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.text.run import CT_R
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml.etree import LxmlError

from archive.export import make_book
from archive.export.proof import Finding, Report, proof, suggested
from archive.model.errors import ReadError
from archive.model.records import Article, Block, Genre, Kind
from ingest.pipeline.file_proof import FileProof
from ingest.readers import registry

_ARTICLE = "1"
_AUTHOR, _INITIALS = "校对", "校"
_TEXT = {qn("w:t")}
_GONE = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent")}


def proofed(file: Path, name: str, copy: Path | None) -> FileProof:
    """Reads a file and looks through it; with `copy`, writes there what has comments. The file itself is only read.

    A copy of what is no Word file is its text as one. Raises ReadError, StorageError.
    """
    manuscript = registry.read(file, name)
    blocks = (Block.plain(Kind.TITLE, name), *manuscript.blocks)
    article = Article(collection="", id=_ARTICLE, blocks=blocks, genre=Genre.MATTER)
    report = proof(make_book([article], title=Path(name).stem))
    findings = tuple(each for each in report.findings if each.article and each.block)
    size = sum(len(block.text) for block in manuscript.blocks)
    report = replace(report, findings=findings, characters=size)
    return FileProof(report, _commented(file, blocks, report, copy) if copy is not None else 0)


def _commented(file: Path, blocks: Sequence[Block], report: Report, copy: Path) -> int:
    try:
        document = docx.Document(str(file)) if is_zipfile(file) and _is_word(file) else _typed(blocks)
        found = _places(document, blocks, report)
        for finding, runs in found:
            document.add_comment(runs, _words(report, finding), _AUTHOR, _INITIALS)
        document.save(str(copy))
    except (BadZipFile, KeyError, LxmlError, OpcError, ValueError) as error:
        raise ReadError(
            "这个 Word 文件加不上批注", place=file.name, hint="用 Word 另存为 .docx 再试；不加批注的报告仍可以写"
        ) from error
    return len(report.findings) - len(found)


def _is_word(file: Path) -> bool:
    return registry.recognise(file, file.name).name == "docx"


def _typed(blocks: Sequence[Block]) -> Document:
    """The text of a file that is not Word's, a paragraph a block."""
    document = docx.Document()
    for block in blocks[1:]:
        document.add_paragraph(block.text)
    return document


def _words(report: Report, finding: Finding) -> str:
    change = f"建议改为：{suggested(finding)}" if finding.suggestion is not None else ""
    return "\n".join(filter(None, (f"{finding.severity.value}·{report.names[finding.code]}", finding.message, change)))


def _places(document: Document, blocks: Sequence[Block], report: Report) -> list[tuple[Finding, list[Run]]]:
    """The findings that have a place, each with its runs; runs are split as they are needed, from behind."""
    by_block: dict[int, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_block[finding.block].append(finding)
    paragraphs = [_WordParagraph(Paragraph(each, document)) for each in document.element.body.iter(qn("w:p"))]
    found, following = [], 0
    for block in sorted(by_block):
        text = _bare(blocks[block].text)
        order = (*range(following, len(paragraphs)), *range(following))
        at = next((each for each in order if text and text in paragraphs[each].bare), None)
        if at is None:
            continue
        following = at
        offset = paragraphs[at].bare.index(text)
        for finding in sorted(by_block[block], key=lambda each: (each.start, each.end), reverse=True):
            before = _bare(blocks[block].text[: finding.start])
            meant = _bare(blocks[block].text[finding.start : finding.end])
            start = offset + min(len(before), len(text) - 1)
            found.append((finding, paragraphs[at].runs(start, max(start + 1, start + len(meant)))))
    return found


def _bare(text: str) -> str:
    return "".join(text.split())


class _WordParagraph:
    """A paragraph of Word: its characters without spaces, and the run each stands in."""

    def __init__(self, paragraph: Paragraph) -> None:
        self._paragraph = paragraph
        self.bare = "".join(sign for _, _, sign in self._signs())

    def _signs(self) -> Iterator[tuple[CT_R, int, str]]:
        for run in self._paragraph._p.iter(qn("w:r")):
            assert isinstance(run, CT_R)
            outer = run.iterancestors(*_GONE, qn("w:p"))
            if next(outer, None) is self._paragraph._p:
                for at, sign in enumerate(Run(run, self._paragraph).text):
                    if not sign.isspace():
                        yield run, at, sign

    def runs(self, start: int, end: int) -> list[Run]:
        """The first and last run of the characters from `start` to `end`, cut to hold nothing else where possible."""
        signs = list(self._signs())[start:end]
        (first, begin, _), (last, until, _) = signs[0], signs[-1]
        if first is last:
            last = first = self._cut(first, begin, until + 1)
        else:
            last = self._cut(last, 0, until + 1)
            first = self._cut(first, begin, None)
        return [Run(first, self._paragraph), Run(last, self._paragraph)]

    def _cut(self, run: CT_R, start: int, end: int | None) -> CT_R:
        """The run with these characters alone, the others in runs beside it; one with more than text stays whole."""
        text = Run(run, self._paragraph).text
        if any(child.tag not in _TEXT | {qn("w:rPr")} for child in run):
            return run
        end = len(text) if end is None else end
        for part, beside in ((text[:start], run.addprevious), (text[end:], run.addnext)):
            if part:
                other = deepcopy(run)
                Run(other, self._paragraph).text = part
                beside(other)
        Run(run, self._paragraph).text = text[start:end]
        return run
