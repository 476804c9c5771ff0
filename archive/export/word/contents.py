"""The contents: a field Word can compute anew, filled with titles and, when they are known, page numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.export.word import markup, styles

LISTED_LEVELS = 2  # headings of level 1 and 2 are in the contents
_INSTRUCTION = rf'TOC \o "1-{LISTED_LEVELS}" \h \z'


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: 1 for a 栏目, 2 for a text; `bookmark` stands at its heading."""

    level: int
    title: str
    bookmark: str


def contents(entries: Sequence[Entry], pages: Mapping[str, str], section: str) -> str:
    """The contents under their title, ending a `section`.

    `pages` are page numbers as printed, by bookmark; without them the field is dirty.
    """
    known = all(entry.bookmark in pages for entry in entries)
    lines = [markup.paragraph(styles.CONTENTS_TITLE, markup.run("目　录"))]
    for index, entry in enumerate(entries):
        before = markup.field_begin(_INSTRUCTION, dirty=not known) if index == 0 else ""
        after = markup.FIELD_END if index == len(entries) - 1 else ""
        page = page_reference(entry.bookmark, pages.get(entry.bookmark, ""))
        link = (
            f'<w:hyperlink w:anchor={markup.attribute(entry.bookmark)} w:history="1">'
            f"{markup.run(entry.title)}<w:r><w:tab/></w:r>{page}</w:hyperlink>"
        )
        lines.append(markup.paragraph(f"TOC{entry.level}", before + link + after))
    # In a paragraph of its own: LibreOffice loses the page numbers of a section that ends inside the field.
    lines.append(markup.paragraph(styles.GAP, section=section))
    return "".join(lines)


def page_reference(bookmark: str, page: str) -> str:
    """A field that gives the page number of a bookmark."""
    return markup.field(rf"PAGEREF {bookmark} \h", page)


def probe(entries: Sequence[Entry]) -> str:
    """Paragraphs `@entry=page@`, set by LibreOffice to learn the page numbers; never in a finished file."""
    return "".join(
        markup.paragraph(
            styles.NORMAL, markup.run(f"@{index}=") + page_reference(entry.bookmark, "?") + markup.run("@")
        )
        for index, entry in enumerate(entries)
    )


def numbers_of(entries: Sequence[Entry], text: str) -> Mapping[str, str]:
    """Page numbers by bookmark, from the text of a file that had the probe; entries without an answer are missing."""
    # A PDF has no paragraphs: within a line breaks may turn up anywhere.
    unbroken = re.sub(r"\s", "", text)
    answers = {int(found[1]): found[2] for found in re.finditer(r"@(\d+)=(\d+)@", unbroken)}
    return {entry.bookmark: answers[index] for index, entry in enumerate(entries) if index in answers}
