"""The contents and the list of pictures: fields Word can compute anew, filled with words and, once known, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.export.word import styles, wordml
from archive.export.word.bookmarks import page_of

LISTED_LEVELS = 2  # headings of level 1 and 2 are in the contents
_CONTENTS = rf'TOC \o "1-{LISTED_LEVELS}" \h \z \u'  # \u: titles of front and back matter, by their outline level
_PICTURES = r'TOC \h \z \c "图"'


@dataclass(frozen=True, slots=True)
class WordContentsEntry:
    """A line of a list in its style (id); `bookmark` stands where it leads to; `roman` where pages count I, II, III."""

    style: str
    title: str
    bookmark: str
    roman: bool = False


def contents(entries: Sequence[WordContentsEntry], pages: Mapping[str, str]) -> Iterator[str]:
    """The contents under their title. `pages` are page numbers as printed, by bookmark; without them Word is asked."""
    yield from _list("目　录", _CONTENTS, entries, pages)


def picture_list(entries: Sequence[WordContentsEntry], pages: Mapping[str, str]) -> Iterator[str]:
    """The list of captions under its title."""
    yield from _list("图片目录", _PICTURES, entries, pages)


def _list(
    title: str, instruction: str, entries: Sequence[WordContentsEntry], pages: Mapping[str, str]
) -> Iterator[str]:
    known = all(entry.bookmark in pages for entry in entries)
    yield wordml.paragraph(styles.CONTENTS_TITLE, wordml.run(title))
    for index, entry in enumerate(entries):
        before = wordml.field_begin(instruction, dirty=not known) if index == 0 else ""
        after = wordml.FIELD_END if index == len(entries) - 1 else ""
        page = page_of(entry.bookmark, pages.get(entry.bookmark, ""))
        link = (
            f'<w:hyperlink w:anchor="{entry.bookmark}" w:history="1">'
            f"{wordml.run(entry.title)}<w:r><w:tab/></w:r>{page}</w:hyperlink>"
        )
        yield wordml.paragraph(entry.style, before + link + after)
    # The section ends in a paragraph of its own: LibreOffice loses the page numbers of one that ends inside the field.
    yield wordml.paragraph(styles.GAP)
