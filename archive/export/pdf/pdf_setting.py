"""A book as data for the template: parts in the order of the pages, each with its running heads and blocks.

A part is a run of pages: `start` is "page" or "odd", `numbering` "I", "1" or "" (no page number), `restart` begins
counting anew, `head` are the words above left-hand and right-hand pages, `opens` keeps its first page free of them,
`silent` prints no page number though the page counts, `turned` lays the page on its side, `cover` fills it with a
picture under its `lines`, `columns` sets it in several below its `title`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby, zip_longest
from pathlib import Path

from archive.export.book import Chapter, Index
from archive.export.name_index import NameMarker
from archive.export.pdf import print_counts
from archive.export.pdf.pdf_chapter import EDITORIAL, SECTION, TITLE, YEAR, PdfChapterSetter
from archive.export.pdf.pdf_context import (
    POINTS,
    SECTION_LEVEL,
    YEAR_LEVEL,
    Data,
    PdfContentsEntry,
    PdfContext,
    index_label,
    on_one_line,
)
from archive.export.pdf.pdf_pictures import PdfPictures
from archive.export.picture_numbers import PictureNumbers
from archive.export.prepared_pictures import PreparedBook
from archive.model.errors import NotFound, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Genre, Issue

_SMALLEST_TITLE = 18  # points
_LEAST_FOOT = 30  # parts of the free height of the title page below its last line
_PATTERN = re.compile(r"\{(书名|栏目|题名)\}")
_INDEX_COLUMNS = 2
_COUNTED = re.compile("({印张}|{版面字数}|{面数})")

Standing = tuple[str, tuple[str, ...], Chapter]
"""A text with the 栏目 heading and its 编者按 that stand above it, as `Book.walk` gives them."""


class PdfBookSetter:
    """Turns a book into data; pictures are laid into `folder`. `context` holds what was learned on the way."""

    def __init__(self, ready: PreparedBook, folder: Path, refused: Iterable[str] = ()) -> None:
        self._book = book = ready.book
        self._house = book.house
        self.context = PdfContext(
            book,
            PdfPictures(book.pictures, folder, refused, ready.sizes, ready.remarks),
            PictureNumbers(book.house.layout.picture_numbers),
            NameMarker(book.indexes),
        )

    def data(self) -> dict[str, object]:
        """Everything the template needs but the fonts."""
        book, house = self._book, self._house
        front = [part for chapter in book.front for part in self._part([("", (), chapter)], "I")]
        texts = list(self._texts())
        texts += [part for chapter in book.back for part in self._part([("", (), chapter)], "1")]
        texts += self._indexes()
        front += [*self._contents(), *self._picture_list()]
        for parts in (front, texts):
            if parts:  # Roman and Arabic numbers each begin on a right-hand page
                parts[0] |= {"start": "odd", "restart": True}
        return {
            "meta": {
                "title": " ".join(f"{book.title} {book.subtitle}".split()),
                "author": book.editor,
                "keywords": [section.title for section in book.sections if section.title],
            },
            "page": asdict(house.page),
            "layout": asdict(house.layout),
            "styles": {name: asdict(style) for name, style in house.styles.items()},
            "parts": [*self._opening(), *front, *texts],
        }

    # -- before the texts

    def _opening(self) -> Iterator[Data]:
        """Cover, title page and copyright page; a single text needs none of them."""
        book = self._book
        if book.single:
            return
        if book.cover:
            try:
                lines = [self.context.line(self.context.across("版权"), line) for line in book.internal]
                yield {"start": "odd", "cover": self.context.pictures.take(book.cover), "lines": lines, "blocks": []}
            except (NotFound, ReadError) as error:
                message = f"封面图片没有放进文件，改用文字封面：{error.message}"
                self.context.issues.append(Issue(IssueCode.EXPORT_PICTURE, "封面", message))
        yield {"start": "odd", "blocks": list(self._title_page())}
        if book.imprint:
            lines = [self._imprint_line(line) for line in book.imprint]
            turned = self._house.layout.vertical
            yield {"start": "page", "turned": turned, "blocks": [{"k": "v", "fr": 1}, *lines]}

    def _imprint_line(self, words: str) -> Data:
        """A line of the copyright page; what is counted when the book is set is left to the template."""
        line = self.context.line(self.context.across("版权"), words)
        factors = print_counts.factors(self._book.house)
        parts = _COUNTED.split(words)
        return line | {"c": [factors.get(part, part) for part in parts if part]}

    def _title_page(self) -> Iterator[Data]:
        """The spaces of its styles as long as every line fits; longer titles make them smaller."""
        book = self._book
        title, editor = self._house.style("书名"), self._house.style("编者")
        if book.series:
            yield self.context.line("副题", book.series)
        yield {"k": "v", "fr": title.before}
        yield self.context.line("书名", book.title, before=0, size=self._title_size())
        if book.subtitle:
            yield self.context.line("副题", book.subtitle)
        yield {"k": "v", "fr": editor.before}
        if made_by := "\n".join(line for line in (book.editor, book.publisher, *book.internal) if line):
            yield self.context.line("编者", made_by, before=0)
        depth = self._house.page.depth * POINTS
        used = title.before + title.pitch + title.after + editor.before + editor.pitch * 3
        yield {"k": "v", "fr": max(depth - used, _LEAST_FOOT)}

    def _title_size(self) -> float:
        """A smaller size for a title that would not stand on one line; below the smallest it takes several."""
        usual = self._house.style("书名").size
        characters = sum(0.5 if char.isascii() else 1 for char in self._book.title)
        fitting = int(self._house.page.measure * POINTS / max(characters, 1))
        return usual if fitting >= usual else min(usual, max(fitting, _SMALLEST_TITLE))

    def _contents(self) -> Iterator[Data]:
        if self._book.contents and not self._book.single and self.context.entries:
            yield self._list("目　录", self.context.entries)

    def _picture_list(self) -> Iterator[Data]:
        if self._book.picture_list and self.context.figures:
            yield self._list("图片目录", self.context.figures)

    def _list(self, title: str, entries: Iterable[PdfContentsEntry]) -> Data:
        """Titles with their page numbers."""
        lines = []
        for entry in entries:
            style = "目录栏目" if entry.level == SECTION_LEVEL else "目录题名"
            lines.append(self.context.line(style, entry.title) | {"k": "toc", "to": entry.label})
        heading = self._bookmarked("目录标题", title, SECTION_LEVEL)
        return self._pages([heading, *lines], "I", "", "".join(title.split())) | {"start": "odd"}

    # -- the texts

    def _texts(self) -> Iterator[Data]:
        section = ""
        for texts in self._groups():
            heading, note, chapter = texts[0]
            section = heading or (section if chapter.article.section else "")
            start = self._house.layout.article_start
            if heading and self._house.layout.section_page and not chapter.runs_on:
                yield self._section_page(heading, note)
                texts[0] = ("", (), chapter)
                start = "odd"
            first, *others = self._part(texts, "1", section)
            yield first | {"start": "page" if start == "on" else start}
            yield from others

    def _groups(self) -> Iterator[list[Standing]]:
        """What begins on a new page: a text, or those that run on."""
        group: list[Standing] = []
        for heading, note, chapter in self._book.walk():
            both = group and chapter.runs_on and group[-1][2].runs_on and not (heading and chapter.listed)
            follows = both or (group and self._house.layout.article_start == "on" and not heading)
            if group and not follows:
                yield group
                group = []
            group.append((heading, note, chapter))
        if group:
            yield group

    def _part(self, texts: Sequence[Standing], numbering: str, section: str = "") -> Iterator[Data]:
        """The pages of some texts; a table on a turned page parts them."""
        heading, _, first = texts[0]
        title = first.title
        if self._house.layout.article_start == "on" and numbering == "1" and first.article.genre is not Genre.MATTER:
            title = section or self._book.title
        if first.runs_on:  # over entries their 栏目, if they have one, else the book's title
            title = self._book.title if first.dated_by(heading) or not heading else heading
        opens = True
        for turned, blocks in groupby(self._blocks(texts, indexed=numbering == "1"), lambda it: bool(it.get("turned"))):
            yield self._pages(list(blocks), numbering, section, title) | {"opens": opens, "turned": turned}
            opens = False

    def _blocks(self, texts: Sequence[Standing], *, indexed: bool) -> Iterator[Data]:
        sources = [chapter.source for _, _, chapter in texts]
        for (heading, note, chapter), following in zip_longest(texts, sources[1:]):
            setter = PdfChapterSetter(chapter, self.context, indexed=indexed)
            if heading:
                yield self._section_heading(heading, dated=chapter.dated_by(heading))
            yield from (self.context.line(EDITORIAL, line) for line in note)
            yield from setter.whole(with_source=chapter.source != following)

    def _section_page(self, heading: str, note: Sequence[str]) -> Data:
        lines = [self.context.line(EDITORIAL, line) for line in note]
        blocks = [{"k": "v", "fr": 1}, self._section_heading(heading), *lines, {"k": "v", "fr": 2}]
        return {"start": "odd", "numbering": "1", "silent": True, "blocks": blocks}

    def _section_heading(self, words: str, *, dated: bool = False) -> Data:
        if dated:
            return self._bookmarked(YEAR, words, YEAR_LEVEL)
        label = self.context.label()
        self.context.entries.append(PdfContentsEntry(SECTION_LEVEL, words, label))
        return self._bookmarked(SECTION, words, SECTION_LEVEL, label)

    # -- after the texts

    def _indexes(self) -> Iterator[Data]:
        for number, index in enumerate(self._book.indexes):
            blocks: list[Data] = []
            group = ""
            labels = {place: index_label(number, place) for place in range(len(index.headings))}
            named = {each.name for place, each in enumerate(index.headings) if labels[place] in self.context.indexed}
            for place, heading in enumerate(index.headings):
                if (heading.see or heading.name) not in named:
                    continue
                if heading.group != group:
                    group = heading.group
                    blocks.append(self.context.line("索引字母", group))
                words = f"{heading.name}　见{heading.see}" if heading.see else heading.name
                blocks.append(self.context.line("索引", words) | {"k": "x", "to": "" if heading.see else labels[place]})
            self._tell_missing(index, [each.name for each in index.headings if not each.see and each.name not in named])
            if not blocks:
                continue
            label = self.context.label()
            self.context.entries.append(PdfContentsEntry(SECTION_LEVEL, index.title, label))
            title = self._bookmarked(TITLE, index.title, SECTION_LEVEL, label)
            yield self._pages(blocks, "1", "", index.title) | {"columns": _INDEX_COLUMNS, "title": title}

    def _tell_missing(self, index: Index, names: Sequence[str]) -> None:
        if names:
            some = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
            message = f"{some} {len(names)} 个名字在正文中没有出现，没有列入。"
            self.context.issues.append(Issue(IssueCode.EXPORT_INDEX, index.title, message))

    # -- pages

    def _bookmarked(self, style: str, words: str, level: int, label: str = "") -> Data:
        return self.context.line(style, words) | {"k": "h", "l": level, "w": on_one_line(words), "id": label}

    def _pages(self, blocks: list[Data], numbering: str, section: str, title: str) -> Data:
        head = self._heads(section, title)
        return {"start": "page", "numbering": numbering, "head": head, "opens": True, "blocks": blocks}

    def _heads(self, section: str, title: str) -> list[str]:
        """What stands above left-hand and right-hand pages, cut to one line."""
        layout, style = self._house.layout, self._house.style("页眉")
        room = int(self._house.page.measure * POINTS / style.size) - 2
        values = {"书名": self._book.title, "栏目": section, "题名": title}
        heads = []
        for pattern in (layout.head_left, layout.head_right):
            asked = _PATTERN.findall(pattern)
            filled = any(values[name] for name in asked) or not asked
            words = _PATTERN.sub(lambda found: " ".join(values[found[1]].split()), pattern).strip() if filled else ""
            heads.append(words if len(words) <= room else words[: room - 1] + "…")
            self.context.count("页眉", "页眉", heads[-1])
        return heads
