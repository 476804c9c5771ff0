"""DocuXML, the format DocuSky (臺大數位人文研究中心) builds its text databases from.

No schema of it is published. Elements are those that DocuSky's own open tools write and read: corpus, document,
metadata fields, Paragraph with PersonName and LocName in it, MetaTags, Comment with CommentItem. Every text is a
document; what the format has no field for stands in xml_metadata under names of our own (Udef_…).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from archive.dates.calendar import civil
from archive.export.book import Book, Chapter, Index
from archive.export.flow import NoteNumbers, pieces, sound, sound_text, told_apart
from archive.export.name_marking import NameMarking
from archive.model.article_parts import TableRows
from archive.model.issues import IssueCode
from archive.model.records import Block, Genre, Issue, Kind, Period, Precision, Role
from archive.support.files import replacing

_RESERVED = str.maketrans(",-/|;*", "，－／｜；＊")  # signs DocuSky gives a meaning to in the name of a corpus
_TAGS = {"人": ("PersonName", "人名"), "地": ("LocName", "地名")}
_OTHER_TAG = ("Udef_OrgName", "机构名")
_GENRES = {Genre.ARTICLE: "文章", Genre.MATTER: "书前书后", Genre.ENTRY: "大事记条目", Genre.TERM: "组织史届次"}
# Fields offered for sorting search results, as DocuSky calls them and as readers do.
_FIELDS = (
    ("compilation_name", "文集"),
    ("docclass", "栏目"),
    ("author", "作者"),
    ("year_for_grouping", "年份"),
    ("geo_level1", "地点"),
    ("doctype", "体裁"),
    ("doc_source", "出处"),
)


class DocuXmlExporter:
    """Writes a book as one DocuXML file."""

    suffix = ".docuxml.xml"
    media_type = "application/xml"
    label = "DocuXML（DocuSky）"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError."""
        book, issues = sound(book)
        pictures = sum(1 for chapter in book.everything for block in chapter.article.blocks if block.picture)
        if pictures:
            issues.append(
                Issue(IssueCode.EXPORT_PICTURE, book.title, f"DocuXML 放不下图片，{pictures} 幅图片只留下图注。")
            )
        text = "\n".join(_DocuXmlWriter(book).lines()) + "\n"
        with replacing(file) as temporary:
            temporary.write_bytes(text.encode())
        return tuple(issues)


def _element(name: str, content: str, /, **attributes: str) -> str:
    marks = "".join(f" {key}={quoteattr(sound_text(value))}" for key, value in attributes.items())
    return f"<{name}{marks}>{content}</{name}>"


def _text(value: str) -> str:
    return escape(sound_text(value))


def _line(value: str) -> str:
    return _text(re.sub(r"[ \t\r\n]+", " ", value))


class _DocuXmlWriter:
    """Walks one book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._marking = NameMarking(book.indexes)
        self._corpus = " ".join(book.title.split()).translate(_RESERVED)

    def lines(self) -> Iterator[str]:
        """The file, line by line."""
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield "<ThdlPrototypeExport>"
        yield f"<corpus name={quoteattr(sound_text(self._corpus))}>"
        yield "<metadata_field_settings>"
        for order, (name, words) in enumerate(_FIELDS, 1):
            yield _element(name, words, show_spotlight="Y", display_order=str(order))
        yield "</metadata_field_settings>"
        yield "<feature_analysis>"
        yield from self._features()
        yield "</feature_analysis>"
        yield "</corpus>"
        yield "<documents>"
        yield from self._documents()
        yield "</documents>"
        yield "</ThdlPrototypeExport>"

    def _features(self) -> Iterator[str]:
        tags = dict(map(_tag, self._book.indexes)) | dict([_TAGS["人"]])
        for order, (name, words) in enumerate(tags.items(), 1):
            yield (
                f'<spotlight category="{name}" sub_category="-" display_order="{order}" title="{words}"/>'
                f'<tag type="contentTagging" name="{name}" default_category="{name}" default_sub_category="-"/>'
            )

    def _documents(self) -> Iterator[str]:
        book, number = self._book, 0
        if not book.single:
            yield from self._opening()
        for chapter in book.front:
            number += 1
            yield from self._document(chapter, number, ())
        for section in book.sections:
            for position, chapter in enumerate(section.chapters):
                number += 1
                yield from self._document(chapter, number, section.note if position == 0 else (), section.title)
        for chapter in book.back:
            number += 1
            yield from self._document(chapter, number, ())

    def _opening(self) -> Iterator[str]:
        """Title and copyright page as a document of their own."""
        book = self._book
        lines = (book.series, book.subtitle, book.editor, book.publisher, *book.imprint)
        yield from self._begin("000000", book.title, {"docclass": "书名页", "doctype": _GENRES[Genre.MATTER]})
        yield "<doc_content>"
        yield from (_element("Paragraph", _line(words)) for words in (book.title, *lines) if words)
        yield "</doc_content>"
        yield "</document>"

    def _begin(self, filename: str, title: str, fields: dict[str, str]) -> Iterator[str]:
        yield f"<document filename={quoteattr(sound_text(filename))}>"
        yield _element("corpus", _text(self._corpus))
        yield _element("title", _line(title))
        yield from (_element(name, _line(value)) for name, value in fields.items() if value)

    def _document(self, chapter: Chapter, number: int, note: Sequence[str], section: str = "") -> Iterator[str]:
        chapter, positions = told_apart(chapter)
        article = chapter.article
        # Two excerpts of one article are two documents: the number keeps them apart.
        filename = "-".join(filter(None, (f"{number:06d}", article.id)))
        yield from self._begin(filename, chapter.title, _fields(chapter, number, section))
        yield "<xml_metadata>"
        yield from (_element(name, _line(value)) for name, value in _own_fields(chapter) if value)
        yield "</xml_metadata>"
        yield "<doc_content>"
        numbers = NoteNumbers(article)
        for block in chapter.opening:
            yield self._paragraph(block, numbers, positions[id(block)])
        if chapter.byline:
            yield _element("Paragraph", _line(chapter.byline))
        for piece in pieces(chapter):
            if isinstance(piece, TableRows):
                yield from self._rows(piece, numbers, positions[id(piece.rows[0][0].blocks[0])])
            else:
                yield self._paragraph(piece, numbers, positions[id(piece)])
        if people := "".join(_element("PersonName", _line(person.name)) for person in article.people):
            yield _element("MetaTags", people, NoIndex="1")
        yield from _comments([*note, *chapter.note], "编者按")
        for count, blocks in numbers.listed():
            yield from _comments([f"〔{count}〕{''.join(block.text for block in blocks)}"], "注释")
        yield "</doc_content>"
        yield "</document>"

    def _paragraph(self, block: Block, numbers: NoteNumbers, position: int) -> str:
        words = self._inline(block, numbers)
        if block.kind is Kind.FIGURE:
            words = f"［图片{'：' if block.text else ''}{words}］"
        return _element("Paragraph", words, Key=f"b{position}")

    def _rows(self, table: TableRows, numbers: NoteNumbers, position: int) -> Iterator[str]:
        """A paragraph a row, its cells parted by tabs; the first has the number of the first cell."""
        for count, row in enumerate(table.rows):
            cells = ("　".join(self._inline(block, numbers) for block in cell.blocks) for cell in row)
            yield _element("Paragraph", "\t".join(cells), **({"Key": f"b{position}"} if count == 0 else {}))

    def _inline(self, block: Block, numbers: NoteNumbers) -> str:
        """The text with its names tagged, 〔1〕 where a note is referred to, （reading） after words with ruby."""
        parts = []
        for before, run, after in self._marking.cut(block.runs):
            if before:
                index, heading = before[0]
                name = quoteattr(sound_text(self._book.indexes[index].headings[heading].name))
                parts.append(f"<{_tag(self._book.indexes[index])[0]} RefId={name} Term={name}>")
            parts.append(_text(run.text))
            if run.ruby:
                parts.append(_text(f"（{run.ruby}）"))
            if after:
                parts.append(f"</{_tag(self._book.indexes[after[0][0]])[0]}>")
            if run.note:
                parts.append(_text(f"〔{numbers.of(run.note) or run.note}〕"))
        return "".join(parts)


def _tag(index: Index) -> tuple[str, str]:
    """The tag for the names of an index, and what it is called."""
    return next((tag for mark, tag in _TAGS.items() if mark in index.title), _OTHER_TAG)


def _comments(texts: Iterable[str], category: str) -> Iterator[str]:
    for words in texts:
        yield _element("Comment", _element("CommentItem", _text(words), Category=category))


def _fields(chapter: Chapter, number: int, section: str) -> dict[str, str]:
    """DocuSky's own fields."""
    article, collection = chapter.article, chapter.collection
    fields = {
        "author": "、".join(person.name for person in article.people if person.role is Role.AUTHOR),
        "doc_source": chapter.source.removeprefix("出处："),
        "compilation_name": collection.title if collection else "",
        "compilation_vol": article.volume,
        "docclass": section,
        "doctype": _GENRES[article.genre],
        "geo_level1": collection.place if collection else "",
        "doc_seq_number": str(number),
    }
    return fields | (_times(article.date) if article.date else {})


def _own_fields(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """What DocuSky has no field for."""
    article = chapter.article
    yield "Udef_article", article.id
    yield "Udef_version", str(article.version or "")
    yield "Udef_pages", article.pages
    yield "Udef_people", "、".join(f"{person.name}（{person.role.value}）" for person in article.people)
    yield "Udef_fields", "；".join(f"{name}：{value}" for name, value in article.fields)


def _times(period: Period) -> dict[str, str]:
    """When the text was written: in words, as yyyymmdd with zeros for what is not known, the days it lies between."""
    fields = {"time_orig_str": period.written}
    if period.start is not None:
        year, month, day = civil(period.start)
        known = (year, month if period.precision in _MONTHS else 0, day if period.precision is Precision.DAY else 0)
        fields |= {"time_varchar": _number(known), "year_for_grouping": str(_historical(year))}
        fields["timeseq_not_before"] = _number((year, month, day))
    if period.end is not None:
        fields["timeseq_not_after"] = _number(civil(period.end))
    return fields


_MONTHS = {Precision.DAY, Precision.XUN, Precision.MONTH}


def _number(date: tuple[int, int, int]) -> str:
    year = _historical(date[0])
    return f"{'-' if year < 0 else ''}{abs(year):04d}{date[1]:02d}{date[2]:02d}"


def _historical(year: int) -> int:
    """-272 is 公元前272年: there is no year 0."""
    return year if year > 0 else year - 1
