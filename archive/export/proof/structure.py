"""What a text lacks: captions, a source, words under a heading, the note to a mark or the mark to a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.export.flow import notes, unreferenced
from archive.export.proof.findings import Severity
from archive.export.proof.passages import ProofMark, ProofPassage, Proofs, ProofText
from archive.model.records import Block, Kind

_TEXT = frozenset({Kind.PARAGRAPH, Kind.QUOTATION, Kind.VERSE, Kind.LIST_ITEM, Kind.CELL, Kind.FIGURE, Kind.CAPTION})
_FILLED = frozenset({Kind.PARAGRAPH, Kind.QUOTATION, Kind.VERSE, Kind.LIST_ITEM, Kind.HEADING, Kind.CAPTION, Kind.NOTE})


def captions(proofs: Proofs) -> Iterator[ProofMark]:
    """Pictures without a caption under or above them; those in tables go without."""
    for text in proofs.texts:
        blocks = text.article.blocks
        for index, block in enumerate(blocks):
            if block.kind is Kind.FIGURE and block.cell is None and not _captioned(blocks, index):
                yield ProofPassage(text, index, block, block.text).mark(
                    0, len(block.text), "图片没有图注", anchor=block.picture
                )


def _captioned(blocks: Sequence[Block], index: int) -> bool:
    """Whether a caption stands right below, or below further pictures that share it, or right above."""
    for below in blocks[index + 1 :]:
        if below.kind is not Kind.FIGURE:
            return below.kind is Kind.CAPTION or blocks[index - 1].kind is Kind.CAPTION
    return blocks[index - 1].kind is Kind.CAPTION


def sources(proofs: Proofs) -> Iterator[ProofMark]:
    """Texts of the main part without a line about their source."""
    for text in proofs.texts:
        if not text.matter and not text.source:
            yield _title(text).mark(0, len(text.article.title), "没有出处")


def _title(text: ProofText) -> ProofPassage:
    return ProofPassage(text, 0, text.article.blocks[0], text.article.title)


def empty(proofs: Proofs) -> Iterator[ProofMark]:
    """Paragraphs, headings, captions and notes of blanks only."""
    for passage in proofs.passages:
        if passage.kind in _FILLED and not passage.text.strip() and not any(run.note for run in passage.block.runs):
            before = passage.owner.article.blocks[passage.index - 1].text[-20:] if passage.index else ""
            severity = Severity.SHOULD if passage.kind is Kind.HEADING else None
            yield passage.mark(0, len(passage.text), "空段落", None, severity, anchor=f"空 {before}")
    for text in proofs.texts:
        if not text.article.title.strip():
            yield _title(text).mark(0, len(text.article.title), "没有题名", None, Severity.MUST, anchor="空题名")


def headings(proofs: Proofs) -> Iterator[ProofMark]:
    """Headings with nothing under them, and titles without a text."""
    for text in proofs.texts:
        blocks = text.article.blocks
        if not text.matter and not any(block.kind in _TEXT for block in blocks):
            yield _title(text).mark(0, len(text.article.title), "有题无文")
        for index, block in enumerate(blocks):
            if block.kind is Kind.HEADING and block.text.strip() and not _followed(blocks, index):
                yield ProofPassage(text, index, block, block.text).mark(0, len(block.text), "标题下面没有正文")


def _followed(blocks: Sequence[Block], index: int) -> bool:
    """Whether text follows before the next heading of the same level or above."""
    for block in blocks[index + 1 :]:
        if block.kind in _TEXT:
            return True
        if block.kind is Kind.HEADING and block.level <= blocks[index].level:
            return False
    return False


def note_marks(proofs: Proofs) -> Iterator[ProofMark]:
    """Marks in the text without a note (必改), and notes that no mark leads to."""
    for text in proofs.texts:
        known = notes(text.article)
        for passage in text.passages:
            offset = 0
            for run in passage.block.runs:
                offset += len(run.text)
                if run.note and run.note not in known:
                    message = f"注码“{run.note}”没有注文"
                    yield passage.mark(offset, offset, message, None, Severity.MUST, anchor=f"注 {run.note}")
        loose = {note.label for note in unreferenced(text.article)}
        for passage in text.passages:
            if passage.kind is Kind.NOTE and passage.block.label in loose:
                loose.discard(passage.block.label)
                yield passage.mark(0, len(passage.text), f"注“{passage.block.label}”在正文里没有注码")
