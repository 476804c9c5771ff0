"""Real footnotes: Word numbers and places them; the text only holds references."""

from __future__ import annotations

from collections.abc import Sequence

from archive.export.word import markup, styles
from archive.records import Block

_MARK = f'<w:rPr><w:rStyle w:val="{styles.FOOTNOTE_MARK}"/></w:rPr>'
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
_HALF_POINTS = 18


class Footnotes:
    """The footnotes of one document, collected in the order of their references."""

    def __init__(self) -> None:
        self._notes: list[str] = []

    def reference(self, blocks: Sequence[Block]) -> str:
        """Add a note of one or more paragraphs; returns the run that refers to it."""
        number = len(self._notes) + 1
        mark = f"<w:r>{_MARK}<w:footnoteRef/></w:r><w:r><w:tab/></w:r>"
        paragraphs = "".join(
            markup.paragraph(styles.FOOTNOTE, (mark if index == 0 else "") + plain_notes(block, _HALF_POINTS))
            for index, block in enumerate(blocks)
        )
        self._notes.append(f'<w:footnote w:id="{number}">{paragraphs}</w:footnote>')
        return f'<w:r>{_MARK}<w:footnoteReference w:id="{number}"/></w:r>'

    def part(self) -> bytes:
        """word/footnotes.xml."""
        return markup.part("footnotes", (_SEPARATORS, *self._notes))


def plain_notes(block: Block, half_points: int) -> str:
    """The runs of a block where Word allows no footnote: inside a note, references stay as 〔label〕."""
    return "".join(markup.styled_run(run, half_points) + (mark_of(run.note) if run.note else "") for run in block.runs)


def mark_of(label: str) -> str:
    """A note's own label as a raised mark, for notes that are not footnotes."""
    return markup.run(f"〔{label}〕", '<w:vertAlign w:val="superscript"/>')
