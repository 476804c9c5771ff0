"""Real footnotes: Word numbers and places them; the text only holds references."""

from __future__ import annotations

from collections.abc import Iterable

from archive.export.word import styles, wordml

_MARK = f'<w:rPr><w:rStyle w:val="{styles.FOOTNOTE_MARK}"/></w:rPr>'
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


class Footnotes:
    """The footnotes of one document, collected in the order of their references."""

    def __init__(self) -> None:
        self._notes: list[str] = []

    def reference(self, paragraphs: Iterable[str]) -> str:
        """Add a note of one or more paragraphs, given as runs; returns the run that refers to it."""
        number = len(self._notes) + 1
        mark = f"<w:r>{_MARK}<w:footnoteRef/></w:r><w:r><w:tab/></w:r>"
        set_in_style = "".join(
            wordml.paragraph(styles.FOOTNOTE, (mark if index == 0 else "") + runs)
            for index, runs in enumerate(paragraphs)
        )
        self._notes.append(f'<w:footnote w:id="{number}">{set_in_style}</w:footnote>')
        return f'<w:r>{_MARK}<w:footnoteReference w:id="{number}"/></w:r>'

    def part(self) -> bytes:
        """word/footnotes.xml."""
        return wordml.part("footnotes", (_SEPARATORS, *self._notes))


def mark_of(label: str) -> str:
    """A note's own label as a raised mark, for notes that are not footnotes."""
    return wordml.run(f"〔{label}〕", '<w:vertAlign w:val="superscript"/>')
