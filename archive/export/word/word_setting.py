"""A book as one Word document: a Word section for everything that has running heads of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from archive.export.book import Chapter
from archive.export.picture_numbers import PictureNumbers
from archive.export.prepared_pictures import PreparedBook
from archive.export.word import page_layout, styles, wordml
from archive.export.word.apply_styles import apply_styles
from archive.export.word.bookmarks import Anchors
from archive.export.word.footnotes import Footnotes
from archive.export.word.page_layout import ARABIC, HERE, NEXT_PAGE, ODD_PAGE, ROMAN, Paper
from archive.export.word.page_numbers import roman
from archive.export.word.running_heads import Heads
from archive.export.word.title_page import title_pages
from archive.export.word.word_chapter import SECTION_LEVEL, YEAR_LEVEL, WordChapterSetter, WordContext
from archive.export.word.word_contents import LISTED_LEVELS, WordContentsEntry, contents, picture_list
from archive.export.word.word_names import WordNames
from archive.export.word.word_package import WordPackage
from archive.export.word.word_pictures import WordPictures
from archive.model.issues import IssueCode
from archive.model.records import Genre, Issue
from archive.support.cancellation import raise_if_cancelled

Part = Sequence[tuple[str, tuple[str, ...], Chapter]]
"""What begins on a new page: texts, each with the 栏目 heading above it and the note of that 栏目."""

_ABOVE_SECTION = 0.35  # of the page is empty above the title of a 栏目 that has a page of its own


@dataclass(frozen=True, slots=True)
class Stretch:
    """A Word section: paragraphs and tables, of which the last is a paragraph, and the w:sectPr that ends it."""

    content: Sequence[str]
    section: str


class WordBookSetter:
    """Sets a book. `issues` is what could not be kept, `bookmarks` are the places whose pages are wanted."""

    def __init__(self, ready: PreparedBook) -> None:
        self._package = WordPackage()
        book = ready.book
        word_styles = apply_styles(self._package, book.house)
        self._book = book = replace(book, house=word_styles.house)
        self._paper = Paper(word_styles.house, word_styles.grid)
        anchors = Anchors()
        self._context = WordContext(
            book=book,
            styles=word_styles.styles,
            paper=self._paper,
            footnotes=Footnotes(),
            pictures=WordPictures(self._package, ready, self._paper.picture_box),
            anchors=anchors,
            names=WordNames(book.indexes, anchors),
            numbers=PictureNumbers(book.house.layout.picture_numbers),
        )
        self._heads = Heads(self._package, book.house, book.title, word_styles.styles[styles.HEADER])
        self._start = ODD_PAGE if book.house.layout.article_start == "odd" else NEXT_PAGE
        self._counting = ""
        self._entries: list[WordContentsEntry] = []
        self._front = [] if book.single else list(self._set_opening())
        self._front += self._set_matter(book.front, ROMAN)
        self._texts = [*self._set_texts(), *self._set_matter(book.back, ARABIC)]
        self._index_titles = dict(self._set_index_titles())
        self._package.add("footnotes", self._context.footnotes.part())

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What could not be kept."""
        return tuple(self._context.issues)

    @property
    def characters(self) -> int:
        """How long the book is."""
        return sum(chapter.article.characters for chapter in self._book.everything)

    @property
    def bookmarks(self) -> list[str]:
        """Where contents, lists and indexes lead to."""
        listed = [entry.bookmark for entries in self._lists().values() for entry in entries]
        return listed + (self._context.names.bookmarks if self._index_titles else [])

    @property
    def late_bookmarks(self) -> list[str]:
        """Those of the contents whose page depends on how long an index before them is."""
        titles = [bookmark for _, bookmark in self._index_titles.values()]
        return titles[1:] if set(titles) <= set(self.bookmarks) else []

    def write(self, file: Path, pages: Mapping[str, int], questions: str = "") -> None:
        """Write the document with these page numbers by bookmark; `questions` are paragraphs put at its end.

        A document that is only to answer questions has nothing in its indexes before their pages are known, and then
        nothing but its indexes, from the page on which the first begins: the rest need not be laid out twice.
        """
        update = bool(self.bookmarks) and not pages
        self._package.add("settings", page_layout.settings_part(update_fields=update))
        indexes = self._set_indexes(pages, bare=bool(questions) and not pages)
        if questions and pages:
            stretches = list(self._indexes_alone(indexes, pages))
        else:
            stretches = [*self._front, *self._set_lists(pages), *self._texts, *indexes]
        *earlier, last = stretches
        body = "".join(
            "".join(stretch.content[:-1]) + wordml.ending(stretch.content[-1], stretch.section) for stretch in earlier
        )
        ended = f"<w:body>{body}{''.join(last.content)}{questions}{last.section}</w:body>"
        self._package.write(wordml.part("document", (ended,)), self._book, file)

    # -- before the texts

    def _set_opening(self) -> Iterator[Stretch]:
        no_heads = self._heads.none()
        for page in title_pages(self._book, self._paper, self._context):
            yield Stretch(page.content, self._paper.section(page.start, no_heads))

    def _lists(self) -> dict[str, list[WordContentsEntry]]:
        """The lists to print and what stands in them."""
        if self._book.single:
            return {}
        wanted = {
            "目录": self._entries if self._book.contents else [],
            "图片目录": self._context.figures if self._book.picture_list else [],
        }
        return {title: entries for title, entries in wanted.items() if entries}

    def _set_lists(self, pages: Mapping[str, int]) -> Iterator[Stretch]:
        first = not self._book.front
        for title, entries in self._lists().items():
            printed = {
                entry.bookmark: roman(pages[entry.bookmark]) if entry.roman else str(pages[entry.bookmark])
                for entry in entries
                if entry.bookmark in pages
            }
            lines = contents(entries, printed) if title == "目录" else picture_list(entries, printed)
            yield Stretch(list(lines), self._headed(ROMAN, title, first=first))
            first = False

    # -- texts, front and back matter

    def _set_matter(self, chapters: Sequence[Chapter], numbers: str) -> Iterator[Stretch]:
        for chapter in chapters:
            section = self._headed(numbers, chapter.title, first=self._begins(numbers))
            yield Stretch(list(self._set_part((("", (), chapter),), numbers)), section)

    def _set_texts(self) -> Iterator[Stretch]:
        running = ""
        for part in self._parts():
            heading, note, chapter = part[0]
            running = chapter.article.section if chapter.runs_on else heading or running
            first, own_page = self._begins(ARABIC), self._has_own_page(heading, chapter)
            if own_page:
                section = self._paper.section(ODD_PAGE, self._heads.none(), page_layout.page_number(ARABIC, first))
                yield Stretch(list(self._section_page(heading, note, chapter)), section)
                first, part = False, [("", (), chapter), *part[1:]]
            title = self._running_title(heading, chapter, running)
            section = self._headed(ARABIC, title, running, first=first, right_hand=own_page)
            yield Stretch(list(self._set_part(part, ARABIC)), section)

    def _section_page(self, heading: str, note: Sequence[str], chapter: Chapter) -> Iterator[str]:
        """The title of a 栏目 on a page of its own, and the empty page behind it."""
        title, *lines = self._section_heading(heading, note, chapter)
        yield wordml.spaced(title, self._paper.depth * _ABOVE_SECTION)
        yield from lines
        yield wordml.paragraph(styles.GAP, properties="<w:pageBreakBefore/>")
        yield wordml.paragraph(styles.GAP)  # LibreOffice makes one of two breaks in one paragraph

    def _has_own_page(self, heading: str, chapter: Chapter) -> bool:
        return self._book.house.layout.section_page and bool(heading) and not chapter.dated_by(heading)

    def _parts(self) -> Iterator[Part]:
        """A text, or those that run on."""
        part: list[tuple[str, tuple[str, ...], Chapter]] = []
        for heading, note, chapter in self._book.walk():
            both = part and chapter.runs_on and part[-1][2].runs_on and not (heading and chapter.listed)
            follows = both or (part and self._book.house.layout.article_start == "on" and not heading)
            if part and not follows:
                yield part
                part = []
            part.append((heading, note, chapter))
        if part:
            yield part

    def _set_part(self, part: Part, numbers: str) -> Iterator[str]:
        """Paragraphs and tables; a source line that holds for several texts stands below the last of them."""
        raise_if_cancelled()
        for (heading, note, chapter), following in zip_longest(part, part[1:]):
            setter = WordChapterSetter(chapter, self._context, indexed=numbers == ARABIC)
            yield from self._section_heading(heading, note, chapter)
            for block, level, runs in setter.opening():
                yield self._heading(level, block.text, runs, numbers)
            content = [self._title(chapter, setter, numbers), *setter.paragraphs()]
            if chapter.source and (following is None or following[2].source != chapter.source):
                content[-1] = wordml.kept_with_next(content[-1])  # a source line alone on a page looks lost
                content.append(wordml.paragraph(styles.SOURCE, wordml.run(chapter.source)))
            yield from content

    def _section_heading(self, heading: str, note: Sequence[str], chapter: Chapter) -> Iterator[str]:
        if heading:
            level = YEAR_LEVEL if chapter.dated_by(heading) else SECTION_LEVEL
            yield self._heading(level, heading, wordml.run(heading), ARABIC)
        yield from (wordml.paragraph(styles.EDITORS_NOTE, wordml.run(line)) for line in note)

    def _title(self, chapter: Chapter, setter: WordChapterSetter, numbers: str) -> str:
        if chapter.article.genre is Genre.MATTER:
            return self._matter_title(chapter.title, setter.title(), numbers)
        return self._heading(setter.level, chapter.title, setter.title(), numbers)

    def _matter_title(self, words: str, runs: str, numbers: str) -> str:
        return wordml.paragraph(styles.MATTER_TITLE, self._entry(SECTION_LEVEL, words, runs, numbers))

    def _heading(self, level: int, words: str, runs: str, numbers: str) -> str:
        content = self._entry(level, words, runs, numbers) if level <= LISTED_LEVELS else runs
        return wordml.paragraph(styles.heading_id(level), content)

    def _entry(self, level: int, words: str, content: str, numbers: str) -> str:
        """The content of a heading in its bookmark, remembered for the contents."""
        marked, bookmark = self._context.anchors.around(content, "Toc")
        title = " ".join(words.split("\n"))
        self._entries.append(WordContentsEntry(f"{styles.CONTENTS}{level}", title, bookmark, numbers == ROMAN))
        return marked

    def _running_title(self, heading: str, first: Chapter, section: str) -> str:
        """Over a text its title; over those that run on their 栏目, if they have one, else the book's title."""
        if self._book.house.layout.article_start == "on" and not first.runs_on:
            return section or self._book.title
        if not first.runs_on:
            return first.title
        return self._book.title if first.dated_by(heading) or not heading else heading

    # -- indexes

    def _set_index_titles(self) -> Iterator[tuple[int, tuple[str, str]]]:
        """Titles (with their bookmarks) of the indexes that have something to print, by number.

        Names that stand nowhere are reported.
        """
        for number, index in enumerate(self._book.indexes):
            missing = self._context.names.missing(number)
            if missing:
                some = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
                message = f"{some} {len(missing)} 个名字在正文中没有出现，没有列入。"
                self._context.issues.append(Issue(IssueCode.EXPORT_INDEX, index.title, message))
            if len(missing) < sum(1 for heading in index.headings if not heading.see):
                title = self._matter_title(index.title, wordml.run(index.title), ARABIC)
                yield number, (title, self._entries[-1].bookmark)

    def _set_indexes(self, pages: Mapping[str, int], *, bare: bool) -> Iterator[Stretch]:
        for number, (title, _) in self._index_titles.items():
            words = self._book.indexes[number].title
            yield Stretch([title], self._headed(ARABIC, words))
            if bare:
                continue
            heads = self._heads.references(words)
            columns = self._paper.section(HERE, heads, page_layout.page_number(ARABIC), columns=2)
            yield Stretch(list(self._context.names.lines(number, pages)), columns)
            # Columns are made equally long where a section of another kind follows on the same page.
            single = self._paper.section(HERE, heads, page_layout.page_number(ARABIC))
            yield Stretch([wordml.paragraph(styles.GAP)], single)

    def _indexes_alone(self, indexes: Iterator[Stretch], pages: Mapping[str, int]) -> Iterator[Stretch]:
        """The indexes as a document of their own; the pages they name are not in it."""
        begins = pages[next(bookmark for _, bookmark in self._index_titles.values())]
        for number, stretch in enumerate(indexes):
            section = stretch.section
            if number == 0:
                section = section.replace(page_layout.page_number(ARABIC), page_layout.page_number(ARABIC, begins))
            yield Stretch([wordml.as_shown(each) for each in stretch.content], section)

    # -- Word sections

    def _begins(self, numbers: str) -> bool:
        """Whether page numbers of that kind begin here."""
        begins = self._counting != numbers
        self._counting = numbers
        return begins

    def _headed(
        self, numbers: str, title: str, section: str = "", *, first: bool = False, right_hand: bool = False
    ) -> str:
        """A section with running heads but for its first page; `first` counts its pages from 1.

        `right_hand`: it follows a left-hand page.
        """
        # A page 1 is a right-hand one by its number. To ask for an odd page as well would do no harm in Word, but
        # LibreOffice, once it has skipped a page, takes the next two for first pages without heads.
        start = NEXT_PAGE if first or right_hand else self._start
        opens_on = "default" if first or right_hand or start == ODD_PAGE else ""
        heads = self._heads.references(title, section, opens_on=opens_on)
        return self._paper.section(start, heads, page_layout.page_number(numbers, first), title_page=True)
