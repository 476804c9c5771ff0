"""What a reading edition lists beside its contents: names, years and pictures, each with the places they stand at."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from archive.catalogue.name_places import NamePlace
from archive.dates.calendar import year_of
from archive.model.article_parts import CaptionedFigure, parts
from archive.model.name_records import NameKind, NameRecord
from archive.model.records import Article, Mention
from archive.text.collation import initial, pinyin_key
from archive.text.excerpts import excerpt
from web.base.rendering import TextLink
from web.reading.date_pages import says

LONGEST = 385
"""Days of a period that still tells a year, a lunar one with a leap month at most: 1937年, 七月七日, no 民国年间."""

_AROUND = 24
_MEDIA = mimetypes.MimeTypes()  # Python's own table: what a system has registered would change the names
_MEDIA.add_type("image/webp", ".webp")


def text_page(article_id: str, block: int = 0) -> str:
    """The address of a paragraph, from the folder of the edition; without one, of the text."""
    return f"texts/{article_id}.html" + (f"#b{block}" if block else "")


def picture_file(sha256: str, media_type: str) -> str:
    """The address of a picture, from the folder of the edition."""
    return f"pictures/{sha256[:32]}{_MEDIA.guess_extension(media_type) or ''}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: its page, the text's title, and what stands there, the words themselves in the middle."""

    url: str
    title: str
    before: str = ""
    words: str = ""
    after: str = ""


def _place(article: Article, block: int, start: int, end: int) -> Place:
    text = article.blocks[block].text
    begin, stop = excerpt(text, [(start, end)])
    begin, stop = max(begin, start - _AROUND), min(stop, end + _AROUND)
    before = ("…" if begin else "") + text[begin:start]
    after = text[end:stop] + ("…" if stop < len(text) else "")
    return Place(text_page(article.id, block), article.title, before, text[start:end], after)


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of the index: the record it stands for, its other names, and the texts it stands in."""

    number: int
    name: str
    others: tuple[str, ...]
    texts: tuple[Place, ...]


@dataclass
class NameList:
    """Who and what is named in the texts, where the office knows for certain who is meant."""

    _found: dict[int, dict[str, Place]] = field(default_factory=dict)

    def add(self, article: Article, names: Iterable[NamePlace]) -> None:
        """Note the names of one text, each where it first stands."""
        for each in names:
            if each.record:
                block = each.place[0]
                here = self._found.setdefault(each.record, {})
                here.setdefault(article.id, Place(text_page(article.id, block), article.title))

    @property
    def numbers(self) -> frozenset[int]:
        """The records that are named."""
        return frozenset(self._found)

    def groups(self, records: Mapping[int, NameRecord]) -> Iterator[tuple[NameKind, list[tuple[str, list[Listed]]]]]:
        """By kind, then by the letter of the reading, then in the order of printed indexes."""
        for kind in NameKind:
            known = [records[number] for number in self._found if number in records and records[number].kind is kind]
            known.sort(key=lambda each: (pinyin_key(each.preferred), each.key))
            letters = groupby(map(self._listed, known), key=lambda each: initial(each.name))
            found = [(letter, list(group)) for letter, group in letters]
            if found:
                yield kind, found

    def _listed(self, record: NameRecord) -> Listed:
        return Listed(record.key, record.preferred, record.aliases, tuple(self._found[record.key].values()))


@dataclass
class YearList:
    """What the texts tell of each year."""

    _found: dict[int, list[Place]] = field(default_factory=dict)

    def add(self, article: Article, mentions: Iterable[Mention]) -> None:
        """Note the dates of one text that tell a year, each year once for a paragraph."""
        met: set[tuple[int, int]] = set()
        for each in mentions:
            year = told_year(each)
            if year is not None and (year, each.block) not in met:
                met.add((year, each.block))
                self._found.setdefault(year, []).append(_place(article, each.block, each.start, each.end))

    @property
    def empty(self) -> bool:
        """Whether no text tells a year."""
        return not self._found

    def decades(self) -> Iterator[tuple[int, list[tuple[int, list[Place]]]]]:
        """(first year, its years in order with their places), ascending."""
        for decade, years in groupby(sorted(self._found), key=decade_of):
            yield decade, [(year, self._found[year]) for year in years]


def told_year(mention: Mention) -> int | None:
    """The year that a date tells, None for what is vague, open or longer than a year."""
    start, end = mention.period.start, mention.period.end
    if mention.vague or mention.open or start is None or end is None or end - start >= LONGEST:
        return None
    return year_of(start)


def decade_of(year: int) -> int:
    """The first year of the ten that a year lies in."""
    return year // 10 * 10


def year_page(year: int) -> str:
    """The address of a year, from the folder of the edition."""
    return f"years/{decade_of(year)}.html#y{year}"


def date_links(mentions: Sequence[Mention], root: str) -> dict[int, list[TextLink]]:
    """The dates to mark in each block, with what they were read as, leading to the list of their year."""
    marked: dict[int, list[TextLink]] = {}
    for (block, start, end), group in groupby(mentions, lambda each: (each.block, each.start, each.end)):
        readings = tuple(group)
        before = marked.setdefault(block, [])
        year = told_year(readings[0])
        if year is not None and not (before and start < before[-1].span[1]):
            before.append(TextLink((start, end), says(readings), root + year_page(year)))
    return marked


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with its caption, at its place."""

    sha256: str
    caption: str
    place: Place


def pictures(article: Article) -> Iterator[Shown]:
    """The pictures of a text with a caption of their own, in order."""
    for part in parts(article.blocks, 1):
        if isinstance(part, CaptionedFigure) and part.picture.block.picture:
            caption = part.caption.block.text if part.caption else part.picture.block.text
            place = Place(text_page(article.id, part.picture.index), article.title)
            yield Shown(part.picture.block.picture, caption, place)


def year_named(year: int) -> str:
    """A year in words; 1 BC is year 0."""
    return f"公元前 {1 - year} 年" if year < 1 else f"{year} 年"


def decade_named(decade: int) -> str:
    """Ten years in words, by the first of them."""
    return f"{year_named(decade)}至 {year_named(decade + 9)}" if decade < 0 else f"{decade} 年代"
