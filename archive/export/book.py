"""From a selection to a book: what every exporter is given, free of any file format."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile
from pathlib import Path

from archive.export.date_marking import Dates, dates_of
from archive.export.house import HouseStyle, house_style
from archive.model.errors import ExportError, NotFound
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Collection, Genre, Issue, Kind, Mention, Role, Style

PictureSource = Callable[[str], tuple[Path, str]]
"""SHA-256 → (file, media type); raises NotFound."""

OriginalSource = Callable[[str], tuple[Path, str]]
"""SHA-256 → (file, the name it came with); raises NotFound."""

UNTITLED = "文史资料选编"
_RUNNING_ON = {Genre.ENTRY, Genre.TERM}
_INTERNAL = re.compile("^(?:准印证|内部资料)")  # 书号：内部资料 stays where it is
# What an internal volume, or one with a number of its own, says on the back of its cover.
_ON_BACK = re.compile("^(?:编印|发送|印刷|印数|承印)"), re.compile("^(?:书号|ISBN|国际标准书号|定价)")
_SOURCE_WORDS = ("出处", "原载", "来源", "选自", "摘自", "载于", "录自", "辑自")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One text of the book. `source` is the line that says where it comes from, `byline` who made it (may be empty).

    `note` is what the book's editor says before the text (编者按), a paragraph each. `collection` describes the one it
    was taken from, where that is known, for formats that carry such data; `dates` are those read in its text.
    """

    article: Article
    byline: str = ""
    source: str = ""
    note: tuple[str, ...] = ()
    collection: Collection | None = None
    dates: Dates = field(default_factory=dict, compare=False)

    @property
    def title(self) -> str:
        """The article's title, without line breaks."""
        return " ".join(self.article.title.split("\n"))

    @property
    def runs_on(self) -> bool:
        """Whether the text follows the one before on the same page, as entries of a chronicle or a roster do."""
        return self.article.genre in _RUNNING_ON

    @property
    def opening(self) -> tuple[Block, ...]:
        """Headings that stand above the title: of era and year before an entry, of the body before its first term."""
        genre, section = self.article.genre, self.article.section
        if genre not in _RUNNING_ON:
            return ()
        return tuple(
            takewhile(
                lambda block: block.kind is Kind.HEADING and (genre is Genre.ENTRY or block.text == section),
                self.article.blocks[1:],
            )
        )

    def dated_by(self, heading: str) -> bool:
        """Whether a heading is just the date an entry's title begins with (清顺治元年), no 栏目 of its own."""
        return not self.listed and self.title[:2] == heading[:2]

    @property
    def listed(self) -> bool:
        """Whether it has a line of its own in the contents; a chronicle would fill pages of them with bare dates."""
        return self.article.genre is not Genre.ENTRY


@dataclass(frozen=True, slots=True)
class Section:
    """A 栏目: consecutive chapters under one heading; an empty title has no heading. `note` is its 编者按."""

    title: str
    chapters: tuple[Chapter, ...]
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A name in an index: as it is printed, the spellings to look for in the text (the name among them), its group.

    `see` is the preferred name an alias leads to; such a heading has no forms and no pages. `records` are the records
    of the office that it stands for; one `told_apart` has of the forms it shares with others only the places where
    somebody decided that it is meant.
    """

    name: str
    forms: tuple[str, ...]
    group: str = ""
    see: str = ""
    records: tuple[int, ...] = field(default=(), compare=False)
    told_apart: bool = field(default=False, compare=False)


Meant = Mapping[str, Mapping[tuple[int, int], tuple[int, ...]]]
"""Who is meant where somebody decided it: by the text of a block, and start and end there; nobody where none can be."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index of the book: 人名索引, 地名索引; its headings in printing order."""

    title: str
    headings: tuple[Heading, ...]
    meant: Meant = field(default_factory=dict, compare=False)


def no_originals(sha256: str) -> tuple[Path, str]:
    """The source of originals of a book without any."""
    raise NotFound(f"没有原件 {sha256[:12]}。")


def no_pictures(sha256: str) -> tuple[Path, str]:
    """The picture source of a book without pictures."""
    raise NotFound(f"没有图片 {sha256[:12]}。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What is to be set, in order.

    `series` stands over the title (朔津文史资料第二十三辑); `cover` is the SHA-256 of a picture for the cover, "" for a
    plain one; `imprint` are the lines of the copyright page. `front` (前言, 凡例) and `back` (后记) are chapters of the
    genre MATTER. `contents` and `picture_list` say whether those lists are printed. `font_folders` are searched for
    fonts before the system's. A `draft` is set even where characters are in no font.
    `left_out` is what of the texts the book does not print.
    `made` is the time stamp written into files, so that the same book gives the same bytes.
    """

    title: str
    subtitle: str = ""
    series: str = ""
    editor: str = ""
    publisher: str = ""
    cover: str = ""
    imprint: tuple[str, ...] = ()
    front: tuple[Chapter, ...] = ()
    sections: tuple[Section, ...]
    back: tuple[Chapter, ...] = ()
    contents: bool = True
    picture_list: bool = False
    indexes: tuple[Index, ...] = ()
    house: HouseStyle = field(default_factory=house_style)
    font_folders: tuple[Path, ...] = ()
    draft: bool = False
    pictures: PictureSource = no_pictures
    originals: OriginalSource = no_originals
    left_out: tuple[Issue, ...] = ()
    made: datetime.datetime = field(default=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC))

    @property
    def internal(self) -> tuple[str, ...]:
        """The lines of an internal volume's copyright page that cover and title page have too."""
        return self._of_imprint(_INTERNAL)

    @property
    def back_cover(self) -> tuple[str, ...]:
        """Those that stand on the back: of an internal volume who printed how many for whom, else number and price."""
        return self._of_imprint(_ON_BACK[0 if self.internal else 1])

    def _of_imprint(self, wanted: re.Pattern[str]) -> tuple[str, ...]:
        """The lines of the copyright page that begin so, without those left to be filled in."""
        lines = (" ".join(line.split()) for line in self.imprint)
        return tuple(line for line in lines if wanted.search(line) and not line.endswith(("：", ":")))

    @property
    def chapters(self) -> Iterator[Chapter]:
        """The texts of all sections in order, without front and back matter."""
        for section in self.sections:
            yield from section.chapters

    @property
    def everything(self) -> Iterator[Chapter]:
        """Front matter, texts and back matter in order."""
        yield from self.front
        yield from self.chapters
        yield from self.back

    def walk(self) -> Iterator[tuple[str, tuple[str, ...], Chapter]]:
        """The texts in order, each with the 栏目 heading and its 编者按 to print above it (mostly empty)."""
        for section in self.sections:
            heading, note = section.title, section.note
            for chapter in section.chapters:
                printed = any(block.text == heading for block in chapter.opening)
                yield "" if printed else heading, note, chapter
                heading, note = "", ()

    @property
    def single(self) -> bool:
        """Whether there is only one text: it needs neither a cover nor contents."""
        return sum(1 for _ in self.everything) == 1


def make_book(
    articles: Sequence[Article],
    *,
    title: str = "",
    subtitle: str = "",
    editor: str = "",
    pictures: PictureSource = no_pictures,
    originals: OriginalSource = no_originals,
    collections: Mapping[str, Collection] | None = None,
    made: datetime.datetime | None = None,
    dates: Callable[[str], Sequence[Mention]] = lambda article_id: (),
) -> Book:
    """The articles in the order given as a book; consecutive articles of one 栏目 share a heading.

    Without a title the book is called after its only article, else after the only collection its articles come from.
    `collections` (by id) give the names in source lines, `dates` (by the id of an article) the dates in its text.
    `made` defaults to now.
    Raises ExportError when there are no articles.
    """
    if not articles:
        raise ExportError("没有选中任何文章，无法导出。", hint="请先选择文章，或换一个检索式。")
    known = collections or {}
    left_out = tuple(issue for article in articles for issue in struck_out(article))
    articles = [without_struck(article) for article in articles]
    sections = tuple(
        Section(
            name,
            tuple(
                Chapter(
                    article,
                    byline(article),
                    source_line(article, known),
                    collection=known.get(article.collection),
                    dates=dates_of(article, dates(article.id)) if article.id else {},
                )
                for article in without_divider(name, tuple(group))
            ),
        )
        for name, group in groupby(articles, key=lambda article: article.section)
    )
    return Book(
        title=title or _default_title(articles, known),
        subtitle=subtitle,
        editor=editor,
        sections=sections,
        pictures=pictures,
        originals=originals,
        left_out=left_out,
        made=made or datetime.datetime.now(datetime.UTC).replace(microsecond=0),
    )


def without_struck(article: Article) -> Article:
    """The article without the text its author struck out: what stands in its place is printed."""
    if not any(Style.STRIKE in run.style for block in article.blocks for run in block.runs):
        return article
    blocks = (
        replace(block, runs=tuple(run for run in block.runs if Style.STRIKE not in run.style or run.note))
        for block in article.blocks
    )
    title, *others = blocks
    if not title.runs:
        title = article.blocks[0]
    both = zip(others, article.blocks[1:], strict=True)
    kept = (block for block, whole in both if block.runs or block.cell or not whole.runs)
    return replace(article, blocks=(title, *kept))


def struck_out(article: Article) -> Iterator[Issue]:
    """An issue for an article with struck text, which a book does not print."""
    struck = [run.text for block in article.blocks for run in block.runs if Style.STRIKE in run.style]
    if struck:
        count = sum(map(len, struck))
        message = f"划去的文字 {len(struck)} 处共 {count} 字没有排印，如“{struck[0][:20]}”"
        yield Issue(IssueCode.EXPORT_STRUCK, f"{article.id}《{article.title}》", message)


def without_divider(section: str, articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """Without a leading page that holds only the section's title, which is printed as its heading anyway."""
    first = articles[0]
    is_divider = len(articles) > 1 and len(first.blocks) == 1 and first.title == section
    return articles[1:] if is_divider else articles


def _default_title(articles: Sequence[Article], collections: Mapping[str, Collection]) -> str:
    if len(articles) == 1:
        return articles[0].title or UNTITLED
    names = {article.collection for article in articles}
    only = collections.get(names.pop()) if len(names) == 1 else None
    return only.title if only and only.title else UNTITLED


def byline(article: Article) -> str:
    """Who made the text, in words; empty when the text names them itself (a BYLINE block) or nobody is named."""
    if any(block.kind is Kind.BYLINE for block in article.blocks):
        return ""
    parts = []
    for role, people in groupby(article.people, key=lambda person: person.role):
        names = "、".join(person.name for person in people)
        parts.append(names if role is Role.AUTHOR else f"{names} {role.value}")
    return "　".join(parts)


def source_line(article: Article, collections: Mapping[str, Collection]) -> str:
    """The line that says where a text comes from: the article's own words if it has any, else its collection."""
    if article.source:
        return article.source if article.source.startswith(_SOURCE_WORDS) else f"出处：{article.source}"
    collection = collections.get(article.collection)
    name = collection.title if collection and collection.title else article.collection
    if collection and collection.title and "《" not in name:
        name = f"《{name}》"
    volume = "" if article.volume in name else article.volume
    # The section of an entry is a date or a body, which the entry itself names.
    section = "" if article.genre in _RUNNING_ON else article.section
    place = "，".join(part for part in (name + volume, section) if part)
    return f"出处：{place}" if place else ""
