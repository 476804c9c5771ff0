"""A book as one Word document: cover, contents, then a Word section for every text with its running heads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.word import layout, markup, styles
from archive.export.word.chapter import ChapterSetter, Workshop
from archive.export.word.contents import Entry, contents, probe
from archive.export.word.layout import Page
from archive.export.word.notes import Footnotes
from archive.export.word.package import WordPackage
from archive.export.word.pictures import Pictures
from archive.records import Issue

_LONGEST_HEAD = 32  # characters of a title that fit into a running head
_SHORT_TITLE = 30  # characters of a book title set in the full size of its style: two lines
_SMALLER_TITLE = '<w:sz w:val="32"/><w:szCs w:val="32"/>'
_ARTICLE_LEVEL, _ENTRY_LEVEL = 2, 3  # Word headings of titles; 1 is the 栏目


class BookSetter:
    """Sets a book. `entries` are the lines of its contents, `issues` what could not be kept."""

    def __init__(self, book: Book, page: Page) -> None:
        self._book = book
        self._page = page
        self._package = WordPackage()
        table = styles.table_of_styles(page.text_width)
        self._package.add("styles", styles.styles_part(table))
        self._shop = Workshop(
            book=book,
            styles={style.id: style for style in table},
            footnotes=Footnotes(),
            pictures=Pictures(self._package.document, page.picture_box),
            text_width=page.text_width,
            issues=[],
        )
        self._bookmarks = 0
        self.entries: list[Entry] = []
        self._no_head = self._package.add_numbered("header", layout.empty_head())
        self._no_foot = self._package.add_numbered("footer", layout.page_foot(numbered=False))
        self._foot = self._package.add_numbered("footer", layout.page_foot())
        self._texts = "".join(self._set_texts())
        self._package.add("footnotes", self._shop.footnotes.part())

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What could not be kept."""
        return tuple(self._shop.issues)

    def write(self, file: Path, pages: Mapping[str, str], *, probing: bool = False) -> None:
        """Write the document once, with these page numbers by bookmark; `probing` adds the questions to LibreOffice."""
        with_contents = bool(self.entries) and not self._book.single
        self._package.add("settings", layout.settings_part(update_fields=with_contents and not pages))
        self._package.describe(self._book)
        front = "" if self._book.single else self._cover()
        if with_contents:
            front += self._contents(pages)
        self._package.write(front + self._texts + (probe(self.entries) if probing else "") + self._last_section, file)

    # -- before the texts

    def _cover(self) -> str:
        end = layout.section(self._page, start="nextPage", references=self._references(foot=self._no_foot))
        short = len(self._book.title) <= _SHORT_TITLE
        return (
            markup.paragraph(styles.TITLE, markup.run(self._book.title, "" if short else _SMALLER_TITLE))
            + (markup.paragraph(styles.SUBTITLE, markup.run(self._book.subtitle)) if self._book.subtitle else "")
            + markup.paragraph(styles.EDITOR, markup.run(self._book.editor), section=end)
        )

    def _contents(self, pages: Mapping[str, str]) -> str:
        number = layout.page_number("upperRoman", 1)
        end = layout.section(self._page, start="oddPage", references=self._references(foot=self._foot), number=number)
        return contents(self.entries, pages, end)

    # -- the texts

    def _set_texts(self) -> Iterator[str]:
        parts = list(self._parts())
        for index, (heading, chapters) in enumerate(parts):
            end = self._section(chapters[0].title if not chapters[0].runs_on else heading, first=index == 0)
            *paragraphs, (style, last) = self._set_part(heading, chapters)
            yield from (markup.paragraph(style, content) if style else content for style, content in paragraphs)
            if index == len(parts) - 1:
                yield markup.paragraph(style, last)
                self._last_section = end
            else:
                yield markup.paragraph(style, last, section=end)

    def _parts(self) -> Iterator[tuple[str, list[Chapter]]]:
        """What begins on a new page: a text, or the entries that run on; with the 栏目 heading above it, if any."""
        for section in self._book.sections:
            heading = section.title
            for runs_on, group in groupby(section.chapters, key=lambda chapter: chapter.runs_on):
                for chapters in [list(group)] if runs_on else ([chapter] for chapter in group):
                    yield heading, chapters
                    heading = ""

    def _set_part(self, heading: str, chapters: Sequence[Chapter]) -> Iterator[tuple[str, str]]:
        """(style, content) of paragraphs; ready-made XML has no style. The last is always a paragraph."""
        if heading:
            yield styles.heading_id(1), self._entry(1, heading, markup.run(heading))
        for index, chapter in enumerate(chapters):
            level = _ARTICLE_LEVEL if chapter.listed else _ENTRY_LEVEL
            setter = ChapterSetter(chapter, self._shop, level)
            title = setter.title()
            yield styles.heading_id(level), self._entry(2, chapter.title, title) if chapter.listed else title
            for xml in setter.paragraphs():
                yield "", xml
            following = chapters[index + 1].source if index + 1 < len(chapters) else None
            if chapter.source != following:
                yield styles.SOURCE, markup.run(chapter.source)

    def _entry(self, level: int, words: str, content: str) -> str:
        """The heading with its bookmark, remembered for the contents."""
        self._bookmarks += 1
        name = f"_Toc{self._bookmarks:06d}"
        self.entries.append(Entry(level, words, name))
        return markup.bookmarked(content, self._bookmarks, name)

    # -- Word sections

    def _section(self, words: str, *, first: bool) -> str:
        """The section of a part: its words above right-hand pages, nothing above its first page."""
        head = self._package.add_numbered("header", layout.running_head(_shortened(words or self._book.title)))
        if first:
            left = self._package.add_numbered("header", layout.running_head(_shortened(self._book.title)))
            references = self._references(head=head, left=left, foot=self._foot)
        else:
            references = f'<w:headerReference w:type="default" r:id="{head}"/>'  # the others go on
        number = layout.page_number("decimal", 1 if first else None)
        start = "oddPage" if first else "nextPage"
        return layout.section(self._page, start=start, references=references, number=number, title_page=True)

    def _references(self, *, foot: str, head: str = "", left: str = "") -> str:
        heads = {"default": head, "even": left, "first": ""}
        return "".join(
            f'<w:headerReference w:type="{kind}" r:id="{relation or self._no_head}"/>'
            for kind, relation in heads.items()
        ) + "".join(f'<w:footerReference w:type="{kind}" r:id="{foot}"/>' for kind in heads)


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_HEAD else words[: _LONGEST_HEAD - 1] + "…"
