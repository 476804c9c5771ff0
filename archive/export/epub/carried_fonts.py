"""Fonts for rare characters: cut down to those the book uses and carried along, for readers' devices lack them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from archive.export import fonts
from archive.export.book import Book
from archive.export.fonts import Census, Coverage, PrintedPassage, Typeface
from archive.model.errors import ExportError
from archive.model.issues import IssueCode
from archive.model.records import Issue, Kind

_BODY = "文章正文"
# Every reading system has Latin, Greek, Cyrillic, punctuation, signs, radicals, kana, bopomofo, the 20,902 ideographs
# of Unicode 1.1 with the compatibility forms, and emoji. Rare is the rest: extensions A and on, Tangut, private use.
_RARE = re.compile(
    "[^\\t\\n\\r\\u0020-\\u052f\\u1e00-\\u2bff\\u2e80-\\u2fff\\u3000-\\u33ff\\u4e00-\\u9fa5\\uf900-\\uffff"
    "\\U0001f000-\\U0001faff\\U000e0100-\\U000e01ef]"
)
_UNPRINTED = {Kind.COMMENT, Kind.HEADER, Kind.FOOTER}
_TOLD = 20  # characters named in one message


@dataclass(frozen=True, slots=True)
class Carried:
    """A font in the EPUB: its name there and what is in it."""

    name: str
    media_type: str
    data: bytes


def rare_fonts(book: Book) -> tuple[tuple[Carried, ...], tuple[Issue, ...]]:
    """Fonts for the rare characters of the book, and what to know of those characters."""
    census = Census(passage for passage in _passages(book) if _RARE.search(passage.text))
    used = {role: frozenset(filter(_RARE.search, units)) for role, units in census.units.items()}
    units = frozenset().union(*used.values())
    if not units:
        return (), ()
    catalogue = fonts.read_catalogue(fonts.font_folders(book.font_folders))
    role = book.house.style(_BODY).font
    try:
        coverage = fonts.cover({role: units}, fonts.choose(catalogue, {role: book.house.fonts[role]}))
    except ExportError as error:
        return (), (
            Issue(IssueCode.CHARACTER_MISSING, book.title, f"{_named(units)}没有随书嵌入字体：{error.message}"),
        )
    carried, issues = _cut(coverage, role, units)
    kept = [issue for issue in coverage.issues(census) if issue.code is not IssueCode.CHARACTER_FALLBACK]
    return carried, (*kept, *issues)


def _passages(book: Book) -> Iterator[PrintedPassage]:
    role = book.house.style(_BODY).font
    yield PrintedPassage(
        role, book.title, "\n".join((book.title, book.subtitle, book.series, book.editor, *book.imprint))
    )
    for section in book.sections:
        yield PrintedPassage(role, section.title, "\n".join((section.title, *section.note)))
    for chapter in book.everything:
        yield PrintedPassage(role, chapter.title, "\n".join((chapter.byline, chapter.source, *chapter.note)))
        for block in chapter.article.blocks:
            if block.kind not in _UNPRINTED:
                yield PrintedPassage(role, chapter.title, block.text)
    for index in book.indexes:
        yield PrintedPassage(role, index.title, "\n".join(heading.name for heading in index.headings))


def _cut(coverage: Coverage, role: str, units: frozenset[str]) -> tuple[tuple[Carried, ...], list[Issue]]:
    """A subset of every font needed, the role's own first."""
    helped = {unit: fallback.face for fallback in coverage.fallbacks for unit in fallback.units}
    missing = {unit for _, unit in coverage.missing}
    wanted: dict[Typeface, set[str]] = defaultdict(set)
    for unit in sorted(units - missing):
        wanted[helped.get(unit, coverage.fonts.regular[role])].add(unit)
    carried = []
    issues = []
    for number, (face, found) in enumerate(wanted.items(), 1):
        try:
            data = fonts.subset(face, {ord(char) for unit in found for char in unit})
        except ExportError as error:
            issues.append(
                Issue(IssueCode.CHARACTER_MISSING, face.name, f"{_named(found)}没有随书嵌入字体：{error.message}")
            )
            continue
        kind = fonts.media_type(face)
        carried.append(Carried(f"fonts/rare-{number}.{kind.rpartition('/')[2]}", kind, data))
        issues.append(
            Issue(IssueCode.EPUB_FONT, face.name, f"{_named(found)}一般阅读器没有，已随书嵌入字体“{face.name}”的字形。")
        )
    return tuple(carried), issues


def _named(units: frozenset[str] | set[str]) -> str:
    more = "……" if len(units) > _TOLD else ""
    return f"{len(units)} 个字（{' '.join(sorted(units)[:_TOLD])}{more}）"
