"""A book as one Word document: cover, contents, then a Word section for every text with its running heads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.word import layout, markup, styles
from archive.export.word.chapter import SECTION_LEVEL, YEAR_LEVEL, ChapterSetter, Workshop
from archive.export.word.contents import LISTED_LEVELS, Entry, contents, probe
from archive.export.word.layout import Page
from archive.export.word.notes import Footnotes
from archive.export.word.package import WordPackage
from archive.export.word.pictures import Pictures
from archive.records import Issue

_LONGEST_HEAD = 32  # characters of a title that fit into a running head
_SMALLEST_TITLE = 18  # points


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
        return (
            markup.paragraph(styles.TITLE, markup.run(self._book.title, self._title_size()))
            + (markup.paragraph(styles.SUBTITLE, markup.run(self._book.subtitle)) if self._book.subtitle else "")
            + markup.paragraph(styles.EDITOR, markup.run(self._book.editor), section=end)
        )

    def _title_size(self) -> str:
        """A smaller size for a title that would not stand on one line; below the smallest it takes several."""
        usual = self._shop.styles[styles.TITLE].size
        characters = sum(0.5 if char.isascii() else 1 for char in self._book.title)
        fitting = int(self._page.text_width / 20 / max(characters, 1))
        if fitting >= usual:
            return ""
        half_points = 2 * max(fitting, _SMALLEST_TITLE)
        return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'

    def _contents(self, pages: Mapping[str, str]) -> str:
        number = layout.page_number("upperRoman", 1)
        end = layout.section(self._page, start="oddPage", references=self._references(foot=self._foot), number=number)
        return contents(self.entries, pages, end)

    # -- the texts

    def _set_texts(self) -> Iterator[str]:
        parts = list(self._parts())
        for index, part in enumerate(parts):
            heading, chapter = part[0]
            end = self._section(self._running_head(heading, chapter), first=index == 0)
            *paragraphs, source = self._set_part(part)
            if paragraphs:
                paragraphs[-1] = markup.kept_with_next(paragraphs[-1])  # a source line alone on a page looks lost
            yield from paragraphs
            if index == len(parts) - 1:
                yield markup.paragraph(styles.SOURCE, source)
                self._last_section = end
            else:
                yield markup.paragraph(styles.SOURCE, source, section=end)

    def _parts(self) -> Iterator[list[tuple[str, Chapter]]]:
        """What begins on a new page: a text, or those that run on; each with the heading above it, if any."""
        part: list[tuple[str, Chapter]] = []
        for heading, _, chapter in self._book.walk():
            follows = part and chapter.runs_on and part[-1][1].runs_on and not (heading and chapter.listed)
            if part and not follows:
                yield part
                part = []
            part.append((heading, chapter))
        yield part

    def _set_part(self, part: Sequence[tuple[str, Chapter]]) -> Iterator[str]:
        """Paragraphs and tables; at the very end the runs of the last source line."""
        sources = [chapter.source for _, chapter in part]
        for (heading, chapter), following in zip_longest(part, sources[1:]):
            setter = ChapterSetter(chapter, self._shop)
            yield from self._headings(heading, chapter, setter)
            yield from setter.paragraphs()
            if following is not None and chapter.source != following:
                yield markup.paragraph(styles.SOURCE, markup.run(chapter.source))
        yield markup.run(sources[-1])

    def _headings(self, heading: str, chapter: Chapter, setter: ChapterSetter) -> Iterator[str]:
        """From the 栏目 down to the title."""
        if heading:
            level = YEAR_LEVEL if chapter.dated_by(heading) else SECTION_LEVEL
            yield self._heading(level, heading, markup.run(heading))
        for block, level, runs in setter.opening():
            yield self._heading(level, block.text, runs)
        yield self._heading(setter.level, chapter.title, setter.title())

    def _heading(self, level: int, words: str, runs: str) -> str:
        listed = level <= LISTED_LEVELS
        return markup.paragraph(styles.heading_id(level), self._entry(level, words, runs) if listed else runs)

    def _entry(self, level: int, words: str, content: str) -> str:
        """The heading with its bookmark, remembered for the contents."""
        self._bookmarks += 1
        name = f"_Toc{self._bookmarks:06d}"
        self.entries.append(Entry(level, words, name))
        return markup.bookmarked(content, self._bookmarks, name)

    # -- Word sections

    def _running_head(self, heading: str, first: Chapter) -> str:
        """Over a text its title; over entries that run on their 栏目, if they have one, else the book's title."""
        if not first.runs_on:
            return first.title
        return self._book.title if first.dated_by(heading) or not heading else heading

    def _section(self, words: str, *, first: bool) -> str:
        """The section of a part: its words above right-hand pages, nothing above its first page."""
        head = self._package.add_numbered("header", layout.running_head(_shortened(words)))
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
