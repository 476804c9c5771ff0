"""What a catalogue is told of each text of a book, the same for every format of this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.dates.calendar import civil
from archive.export.book import Book, Chapter
from archive.export.flow import sound
from archive.model.issues import IssueCode
from archive.model.records import Access, Issue, Kind, Period, Person, Role, Status

SEVERAL = "；"

_OWN_PLACE = ("档号", "提要", "关键词", "地域", "人物", "版权授权", "保管期限", "页码")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One text. `id` is the library's, `reference` the 档号 or else the id; `characters` are those of its blocks.

    `others` are the fields no format has a place of its own for, (name, value) in their order.
    """

    id: str
    reference: str
    title: str
    subtitle: str
    people: tuple[Person, ...]
    date: Period | None
    collection: str
    volume: str
    section: str
    pages: str
    source: str
    characters: int
    abstract: str
    subjects: tuple[str, ...]
    places: tuple[str, ...]
    names: tuple[str, ...]
    rights: str
    retention: str
    access: Access
    released: bool
    others: tuple[tuple[str, str], ...]

    @property
    def authors(self) -> tuple[str, ...]:
        """Those who wrote it."""
        return tuple(one.name for one in self.people if one.role is Role.AUTHOR)

    @property
    def helpers(self) -> tuple[Person, ...]:
        """The others: who told it, wrote it down, edited it."""
        return tuple(one for one in self.people if one.role is not Role.AUTHOR)

    @property
    def extent(self) -> str:
        """How long it is, in words."""
        return f"{self.characters}字"


@dataclass(frozen=True, slots=True)
class Fonds:
    """The texts of one collection, in the book's order; `about` and `place` as the collection says, mostly empty."""

    id: str
    title: str
    about: str
    place: str
    texts: tuple[Description, ...]


def described(book: Book) -> tuple[tuple[Fonds, ...], list[Issue]]:
    """The texts of a book by collection, and what of the book a catalogue does not hold."""
    book, issues = sound(book)
    chapters = list(book.chapters)
    characters = sum(chapter.article.characters for chapter in chapters)
    message = f"这种格式只有著录，没有正文：{len(chapters)} 篇、{characters} 字的文字和图片没有写进去"
    issues = [issue for issue in issues if issue.code is IssueCode.EXPORT_CHARACTERS]
    issues.append(Issue(IssueCode.EXPORT_TEXT, book.title, message, characters))
    together: dict[str, list[Chapter]] = {}
    for chapter in chapters:
        together.setdefault(chapter.article.collection, []).append(chapter)
    return tuple(_fonds(book, group) for group in together.values()), issues


def _fonds(book: Book, chapters: Sequence[Chapter]) -> Fonds:
    collection = chapters[0].collection
    texts = tuple(map(description_of, chapters))
    if collection is None:
        return Fonds(chapters[0].article.collection or "wenshi", book.title, "", "", texts)
    return Fonds(collection.id, collection.title or collection.id, collection.description, collection.place, texts)


def description_of(chapter: Chapter) -> Description:
    """What a catalogue is told of one text."""
    article = chapter.article

    def field(name: str) -> str:
        return SEVERAL.join(_values(article.fields, name))

    return Description(
        id=article.id or f"{article.number}",
        reference=field("档号") or article.id or f"{article.number}",
        title=chapter.title or "（无题）",
        subtitle="　".join(block.text for block in article.blocks if block.kind is Kind.SUBTITLE),
        people=article.people,
        date=article.date,
        collection=chapter.collection.title if chapter.collection else article.collection,
        volume=article.volume,
        section=article.section,
        pages=field("页码") or article.pages,
        source=article.source,
        characters=article.characters,
        abstract=field("提要"),
        subjects=_values(article.fields, "关键词"),
        places=_values(article.fields, "地域"),
        names=_values(article.fields, "人物"),
        rights=field("版权授权"),
        retention=field("保管期限"),
        access=article.access,
        released=article.status is Status.RELEASED,
        others=tuple((name, value) for name, value in article.fields if name not in _OWN_PLACE and value),
    )


def _values(fields: Iterable[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in fields if key == name and value)


def told_others(text: Description) -> Iterator[str]:
    """The further fields in words, one each."""
    yield from (f"{name}：{value}" for name, value in text.others)


def days(period: Period) -> tuple[str, str]:
    """First and last day as ISO 8601 (Gregorian); "" where open, and before the year 1, which no catalogue holds."""
    return _day(period.start), _day(period.end)


def _day(number: int | None) -> str:
    if number is None:
        return ""
    year, month, day = civil(number)
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= year <= 9999 else ""
