"""On which page something stands: LibreOffice sets the book once with questions at its end and is read back."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from archive.export.office_layout import OfficeFailure, OfficeLayout
from archive.export.word import styles, wordml
from archive.export.word.bookmarks import page_of

_IN_A_PARAGRAPH = 20  # LibreOffice takes long over a paragraph of thousands of fields
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def ask(office: OfficeLayout, bookmarks: Sequence[str], write: Callable[[Path, str], None]) -> dict[str, int]:
    """Page numbers by bookmark; `write` writes the book with these paragraphs at its end.

    Raises OfficeFailure, and Unwanted when nobody waits for the book any more.
    """
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder) / "probe.docx"
        write(scratch, "".join(_questions(bookmarks)))
        found = answers(bookmarks, office.text_of(scratch))
    if len(found) < len(bookmarks):
        raise OfficeFailure(f"{len(bookmarks)} 处只得到 {len(found)} 个页码")
    return found


def _questions(bookmarks: Sequence[str]) -> Iterator[str]:
    """Paragraphs of `@number=page@`; never in a finished file."""
    numbered = enumerate(bookmarks)
    while batch := list(islice(numbered, _IN_A_PARAGRAPH)):
        questions = (wordml.run(f"@{index}=") + page_of(bookmark, "?") + wordml.run("@") for index, bookmark in batch)
        # On one page: heads and page numbers between two pages would stand in the middle of an answer.
        yield wordml.paragraph(styles.NORMAL, "".join(questions), "<w:keepLines/>")


def answers(bookmarks: Sequence[str], text: str) -> dict[str, int]:
    """Page numbers by bookmark, from the text of a file with the questions; those without an answer are missing."""
    # A PDF has no paragraphs: within a line breaks may turn up anywhere.
    unbroken = re.sub(r"\s", "", text)
    found = {int(each[1]): int(each[2]) for each in re.finditer(r"@(\d+)=(\d+)@", unbroken)}
    return {bookmark: found[index] for index, bookmark in enumerate(bookmarks) if index in found}


def roman(number: int) -> str:
    """The number as front matter is paged: 4 → IV."""
    roman = ""
    for value, sign in _ROMAN:
        roman += sign * (number // value)
        number %= value
    return roman
