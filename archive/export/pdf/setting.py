"""A book as data for the template: parts in the order of the pages, each with its running heads and blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.captions import PictureNumbers
from archive.export.pdf import chapter as text
from archive.export.pdf import inline
from archive.export.pdf.chapter import ChapterSetter, Data, Workshop
from archive.export.pdf.pictures import Pictures

_SMALLEST_TITLE = 18  # points
_PATTERN = re.compile(r"\{(书名|栏目|题名)\}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: 1 for a 栏目, 2 for a text; `label` stands at its heading."""

    level: int
    title: str
    label: str


class BookSetter:
    """Turns a book into data. `shop` afterwards holds the issues and the characters used."""

    def __init__(self, book: Book, folder: Path) -> None:
        self._book = book
        self._house = book.house
        self.shop = Workshop(book, Pictures(book.pictures, folder), PictureNumbers(book.house.layout.picture_numbers))
        self._entries: list[Entry] = []

    def data(self) -> dict[str, object]:
        """Everything the template needs but the fonts."""
        book, house = self._book, self._house
        front = list(self._matter(book.front, "I"))
        texts = list(self._texts())
        back = [*self._matter(book.back, "1"), *self._indexes()]
        lists = [*self._contents(), *self._picture_list()]
        before = [*front, *lists]
        for parts in (before, [*texts, *back]):
            if parts:  # Roman and Arabic numbers each begin on a right-hand page
                parts[0] |= {"start": "odd", "restart": True}
        return {
            "meta": {
                "title": " ".join((book.title + " " + book.subtitle).split()),
                "author": book.editor,
                "keywords": [section.title for section in book.sections if section.title],
            },
            "page": asdict(house.page),
            "layout": asdict(house.layout),
            "styles": {name: asdict(style) for name, style in house.styles.items()},
            "parts": [*self._opening(), *before, *texts, *back],
        }

    # -- before the texts

    def _opening(self) -> Iterator[Data]:
        """Cover, title page and copyright page; a single text needs none of them."""
        book = self._book
        if book.single:
            return
        if book.cover:
            picture = self.shop.pictures.take(book.cover)
            yield {"cover": picture.name, "start": "page", "blocks": []}
        if book.cover or not book.imprint:
            pass
        yield {"start": "odd", "blocks": list(self._title_page())}
        if book.imprint:
            lines = [self.shop.line("版权", line) for line in book.imprint]
            yield {"start": "page", "blocks": [{"k": "v", "fr": 1}, *lines]}

    def _title_page(self) -> Iterator[Data]:
        """As high as its styles say while everything stands on one line each; longer titles take from the spaces."""
        book, house = self._book, self._house
        title, editor = house.style("书名"), house.style("编者")
        made_by = "\n".join(line for line in (book.editor, book.publisher) if line)
        if book.series:
            yield self.shop.line("副题", book.series)
        yield {"k": "v", "fr": title.before}
        yield self.shop.line("书名", book.title, size=self._title_size(), before=0)
        if book.subtitle:
            yield self.shop.line("副题", book.subtitle)
        yield {"k": "v", "fr": editor.before}
        if made_by:
            yield self.shop.line("编者", made_by, before=0)
        depth = house.page.depth * text.POINTS
        used = title.before + title.pitch + title.after + editor.before + editor.pitch * 3
        yield {"k": "v", "fr": max(depth - used, 30)}

    def _title_size(self) -> float:
        """A smaller size for a title that would not stand on one line; below the smallest it takes several."""
        usual = self._house.style("书名").size
        characters = sum(0.5 if char.isascii() else 1 for char in self._book.title)
        fitting = int(self._house.page.measure * text.POINTS / max(characters, 1))
        return usual if fitting >= usual else min(usual, max(fitting, _SMALLEST_TITLE))

    def _matter(self, chapters: Sequence[Chapter], numbering: str) -> Iterator[Data]:
        for chapter in chapters:
            yield self._part([("", (), chapter)], numbering)

    def _contents(self) -> Iterator[Data]:
        if not self._book.contents or self._book.single or not self._entries:
            return
        blocks = [self.shop.line("目录标题", "目　录")]
        for entry in self._entries:
            style = "目录栏目" if entry.level == text.SECTION_LEVEL else "目录题名"
            blocks.append(self.shop.line(style, entry.title) | {"k": "toc", "to": entry.label})
        yield {"start": "odd", "numbering": "I", "head": self._heads("", "目录"), "blocks": blocks}

    def _picture_list(self) -> Iterator[Data]:
        if not self._book.picture_list or not self.shop.figures:
            return
        blocks = [self.shop.line("目录标题", "图片目录")]
        for label, caption in self.shop.figures:
            blocks.append(self.shop.line("目录题名", caption) | {"k": "toc", "to": label})
        yield {"start": "page", "numbering": "I", "head": self._heads("", "图片目录"), "blocks": blocks}

    # -- the texts

    def _texts(self) -> Iterator[Data]:
        start = self._house.layout.article_start
        section = ""
        for part in self._groups():
            heading, note, chapter = part[0]
            section = heading or (section if chapter.article.section else "")
            if heading and self._house.layout.section_page and not chapter.runs_on:
                yield self._section_page(heading, note)
                part[0] = ("", (), chapter)
                yield self._part(part, "1", section) | {"start": "odd"}
            else:
                yield self._part(part, "1", section) | {"start": start}

    def _groups(self) -> Iterator[list[tuple[str, tuple[str, ...], Chapter]]]:
        """What begins on a new page: a text, or those that run on; each with what stands above it."""
        part: list[tuple[str, tuple[str, ...], Chapter]] = []
        for heading, note, chapter in self._book.walk():
            follows = part and chapter.runs_on and part[-1][2].runs_on and not (heading and chapter.listed)
            if part and not follows:
                yield part
                part = []
            part.append((heading, note, chapter))
        if part:
            yield part

    def _part(self, part: Sequence[tuple[str, tuple[str, ...], Chapter]], numbering: str, section: str = "") -> Data:
        first = part[0][2]
        title = first.title
        if first.runs_on:  # over entries their 栏目, if they have one, else the book's title
            heading = part[0][0]
            title = self._book.title if first.dated_by(heading) or not heading else heading
        blocks = list(self._set_part(part))
        return {"start": "page", "numbering": numbering, "head": self._heads(section, title), "blocks": blocks}

    def _set_part(self, part: Sequence[tuple[str, tuple[str, ...], Chapter]]) -> Iterator[Data]:
        sources = [chapter.source for _, _, chapter in part]
        for (heading, note, chapter), following in zip_longest(part, sources[1:]):
            setter = ChapterSetter(chapter, self.shop)
            yield from self._above(heading, note, chapter, setter)
            yield from setter.body()
            if following is None or chapter.source != following:
                yield from setter.source()

    def _above(self, heading: str, note: Sequence[str], chapter: Chapter, setter: ChapterSetter) -> Iterator[Data]:
        """From the 栏目 down to the author."""
        if heading:
            yield self._section_heading(heading, dated=chapter.dated_by(heading))
        for line in note:
            yield self.shop.line("编者按", line)
        for block, data, label in setter.opening():
            if block.level == 1:
                self._entries.append(Entry(text.SECTION_LEVEL, block.text, label))
            yield data
        label = self.shop.label()
        if chapter.listed:
            self._entries.append(Entry(text.TITLE_LEVEL, chapter.title, label))
        yield setter.title(label)
        yield from setter.head()

    def _section_page(self, heading: str, note: Sequence[str]) -> Data:
        lines = [self.shop.line("编者按", line) for line in note]
        blocks = [{"k": "v", "fr": 1}, self._section_heading(heading), *lines, {"k": "v", "fr": 2}]
        return {"start": "odd", "numbering": "1", "silent": True, "blocks": blocks}

    def _section_heading(self, words: str, *, dated: bool = False) -> Data:
        style, level = ("小标题一", text.YEAR_LEVEL) if dated else (text.SECTION, text.SECTION_LEVEL)
        label = self.shop.label()
        if not dated:
            self._entries.append(Entry(level, words, label))
        return self.shop.line(style, words) | {"k": "h", "l": level, "w": " ".join(words.split()), "id": label}

    # -- after the texts

    def _indexes(self) -> Iterator[Data]:
        return iter(())

    # -- running heads

    def _heads(self, section: str, title: str) -> list[str]:
        """What stands above left-hand and right-hand pages, cut to one line."""
        layout, style = self._house.layout, self._house.style("页眉")
        room = int(self._house.page.measure * text.POINTS / style.size) - 2
        values = {"书名": self._book.title, "栏目": section, "题名": title}
        heads = []
        for pattern in (layout.head_left, layout.head_right):
            words = _PATTERN.sub(lambda found: " ".join(values[found[1]].split()), pattern).strip("　 ·|")
            heads.append(words if len(words) <= room else words[: room - 1] + "…")
            self.shop.passages.extend(inline.texts(style.font, "页眉", heads[-1]))
        return heads
