"""From a book project to the book that is set: the chosen versions fetched, cut to their ranges, edited."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.books import imprint
from archive.catalogue.authority import Authority, Name, NameKind
from archive.export.book import (
    Book,
    Chapter,
    Index,
    Meant,
    OriginalSource,
    PictureSource,
    Section,
    byline,
    no_originals,
    no_pictures,
    source_line,
    struck_out,
    without_struck,
)
from archive.export.date_marking import dates_of
from archive.export.house import HouseStyle
from archive.export.name_index import Order, make_indexes
from archive.model.access import OUT_OF_USE
from archive.model.errors import ExportError, NotFound
from archive.model.issues import IssueCode
from archive.model.project import Edit, Item, Matter, Part, Project
from archive.model.records import Access, Article, Block, Collection, Genre, Issue, Kind, Mention
from archive.model.rewriting import changes, replaced
from archive.text.anchors import Anchor, Course, standing

Finder = Callable[[str, int | None], Article]
"""(id, version or None for the present one) → article; raises NotFound."""

_ISLAND = 4  # fewer equal characters between two changes of a book make them one
# Fields of an article that name somebody or some place, for those the office has no entry of.
_NAMING = {NameKind.PERSON: "人物", NameKind.PLACE: "地域"}


@dataclass(frozen=True, slots=True)
class BookSources:
    """What a book is made from besides its project: where articles, pictures, names, styles and fonts are found."""

    find: Finder
    collections: Mapping[str, Collection]
    house: HouseStyle
    authority: Authority
    meant: Callable[[str], Sequence[tuple[Anchor, tuple[int, ...]]]] = lambda article_id: ()
    dates: Callable[[str], Sequence[Mention]] = lambda article_id: ()
    pictures: PictureSource = no_pictures
    originals: OriginalSource = no_originals
    font_folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A book as compiled: `faults` must be mended before it is printed, `issues` looked at."""

    book: Book
    faults: tuple[Issue, ...]
    issues: tuple[Issue, ...]


def bind(project: Project, sources: BookSources, *, made: datetime.datetime, draft: bool = False) -> Bound:
    """The book of a project. Articles that cannot be had are left out of it and named in `faults`.

    Raises ExportError when nothing is left to set.
    """
    binder = _Binder(sources)
    sections = tuple(filter(None, map(binder.section, project.parts)))
    front, back = _matters(project.front), _matters(project.back)
    if not (sections or front or back):
        message = "书稿里没有可以排的内容。" if not binder.faults else binder.faults[0].message
        raise ExportError(message, place=f"书稿“{project.name}”", hint="请先往书稿里加入文章。")
    book = Book(
        title=project.title or project.name,
        subtitle=project.subtitle,
        series=project.series,
        editor=project.editor,
        publisher=project.publisher,
        cover=project.cover,
        imprint=_lines(project.imprint),
        front=front,
        sections=sections,
        back=back,
        contents=project.contents,
        picture_list=project.picture_list,
        indexes=_indexes(project, (*(one for each in sections for one in each.chapters), *back), sources),
        house=sources.house,
        font_folders=sources.font_folders,
        draft=draft,
        pictures=sources.pictures,
        originals=sources.originals,
        made=made,
    )
    lacking = "、".join(imprint.missing(book.imprint))
    message = f"版权页上还没有{lacking}；请在付印前到“书名与版式”里补齐。"
    told = (Issue(IssueCode.BOOK_IMPRINT, "版权页", message),) if lacking else ()
    return Bound(book, tuple(binder.faults), (*binder.issues, *told))


class _Binder:
    def __init__(self, sources: BookSources) -> None:
        self._sources = sources
        self.faults: list[Issue] = []
        self.issues: list[Issue] = []

    def section(self, part: Part) -> Section | None:
        chapters = tuple(filter(None, map(self._chapter, part.items)))
        return Section(part.title, chapters, _lines(part.note)) if chapters else None

    def _chapter(self, item: Item) -> Chapter | None:
        try:
            article = self._sources.find(item.article, item.version)
            present = self._sources.find(item.article, None)
        except NotFound as error:
            self._fault(
                IssueCode.BOOK_UNKNOWN,
                item.article,
                f"{error.message.rstrip('。')}；请从书稿里去掉这一篇，或另选一篇。",
            )
            return None
        place = f"{article.id}《{article.title}》"
        if present.status in OUT_OF_USE:
            self._fault(
                IssueCode.BOOK_WITHDRAWN, place, f"这一篇的状态是“{present.status.value}”，不能付印；请从书稿里去掉。"
            )
        if article.digest != item.digest:
            message = f"库中第 {item.version} 版的文字与选入时的校验码不符；请用 wenshi check 核对资料库。"
            self._fault(IssueCode.BOOK_DIGEST, place, message)
        if present.digest != item.digest:
            message = f"选入的是第 {item.version} 版，库中已改到第 {present.version} 版；请比较后决定是否换成新版。"
            self.issues.append(Issue(IssueCode.BOOK_CHANGED, place, message))
        if present.access is not Access.OPEN:
            message = f"开放标识是“{present.access.value}”，付印前请确认可以公开。"
            self.issues.append(Issue(IssueCode.BOOK_ACCESS, place, message))
        for problem in problems(article, item):
            self._fault(IssueCode.BOOK_EDIT, place, problem)
        chosen = excerpt(article, item)
        self.issues += struck_out(chosen)
        chosen = without_struck(chosen)
        line = byline(chosen) if item.byline is None else item.byline
        source = source_line(article, self._sources.collections) if item.source is None else item.source
        dates = dates_of(present, self._sources.dates(article.id))
        collection = self._sources.collections.get(article.collection)
        return Chapter(chosen, line, source, _lines(item.note), collection, dates)

    def _fault(self, code: IssueCode, place: str, message: str) -> None:
        self.faults.append(Issue(code, place, message))


# -- ranges and edits


def problems(article: Article, item: Item) -> Iterator[str]:
    """What in an item does not fit its article: a range beyond its end, edits of words that do not stand there."""
    last = len(article.blocks) - 1
    if not item.whole and not 1 <= item.first <= (item.last or last) <= last:
        yield f"选的是第 {item.first} 至 {item.last or last} 段，而全文只有 {last} 段。"
    for edit in item.edits:
        if not _fits(article, edit):
            yield f"第 {edit.block} 段里没有要改的“{edit.before[:20]}”；请重新改这一处。"


def _fits(article: Article, edit: Edit) -> bool:
    if not 0 <= edit.block < len(article.blocks):
        return False
    text = article.blocks[edit.block].text
    return 0 <= edit.start <= edit.end <= len(text) and text[edit.start : edit.end] == edit.before


def excerpt(article: Article, item: Item) -> Article:
    """The article as the book prints it: title, the blocks of the range, the notes they refer to, edits made.

    Edits that do not fit are not made. Where the item gives a byline of its own, the text's is left out. A note that
    nothing is left of takes its references with it.
    """
    blocks = edited(article, item)
    kept = [blocks[index] for index in printed(article, item)]
    known = {block.label for block in kept if block.kind is Kind.NOTE}
    gone = {block.label for block in blocks if block.kind is Kind.NOTE and not block.text} - known - {""}
    if gone:
        kept = [replace(block, runs=tuple(run for run in block.runs if run.note not in gone)) for block in kept]
    return replace(article, blocks=tuple(kept))


def printed(article: Article, item: Item) -> tuple[int, ...]:
    """The numbers, in the article, of the blocks that the book prints, in order: `excerpt` has just these."""
    blocks = edited(article, item)
    gone = left_out(article, item)
    last = item.last or len(blocks) - 1
    chosen = {
        index
        for index, block in enumerate(blocks)
        if index == 0
        or (
            item.first <= index <= last and index not in gone and (item.byline is None or block.kind is not Kind.BYLINE)
        )
    }
    named = {run.note for index in chosen for run in blocks[index].runs if run.note}
    notes = {index for index, block in enumerate(blocks) if block.kind is Kind.NOTE}
    called = {index for index in notes - gone if blocks[index].label in named}
    return tuple(sorted((chosen if item.whole else chosen - notes) | called))


def left_out(article: Article, item: Item) -> frozenset[int]:
    """The numbers of the blocks that an edit leaves nothing of: the book does not print them."""
    blocks = edited(article, item)
    fitting = (edit for edit in item.edits if _fits(article, edit))
    return frozenset(edit.block for edit in fitting if edit.block and not blocks[edit.block].text)


def omission(block: int, text: str) -> Edit:
    """The edit that leaves out a whole block with this stored text, which may be empty, as a picture's often is."""
    return Edit(block, 0, len(text), text, "")


def edited(article: Article, item: Item) -> list[Block]:
    """All blocks of the article with the edits made that fit, numbered as in the article; some may have no text now."""
    blocks = list(article.blocks)
    edits = [edit for edit in item.edits if _fits(article, edit)]
    # From behind, so that the places of the others in one block stay right.
    for edit in sorted(edits, key=lambda each: (each.block, each.start), reverse=True):
        blocks[edit.block] = replaced(blocks[edit.block], edit.start, edit.end, edit.after)
    return blocks


def edits_between(block: int, before: str, after: str) -> tuple[Edit, ...]:
    """The edits that turn the stored text `before` of a block into `after`: one for each place where they differ.

    What lies between two places is left as it is, with its emphasis and its references to notes.
    """
    return tuple(
        Edit(block, change.start, change.end, change.before, change.after) for change in changes(before, after, _ISLAND)
    )


def with_change(article: Article, item: Item, block: int, start: int, end: int, after: str) -> Item:
    """The item with one more change for this book: in the block that the book prints as its `block`th, the printed
    characters from `start` to `end` become `after`. Raises IndexError for a block that is not printed.
    """
    index = printed(article, item)[block]
    text = edited(article, item)[index].text
    edits = edits_between(index, article.blocks[index].text, text[:start] + after + text[end:])
    others = (each for each in item.edits if each.block != index)
    return replace(item, edits=tuple(sorted((*others, *edits), key=lambda each: (each.block, each.start))))


def moved(item: Item, before: Article, article: Article) -> tuple[Item, tuple[Edit, ...]]:
    """The item on another version of the article it was chosen from, and the edits that are dropped.

    Range and edits go with their paragraphs (see `archive.text.anchors`). An edit holds where its words stand together
    still, or at the only other place where they stand in the whole text; a mere insertion only into a paragraph that
    reads as it did. A range none of whose paragraphs is left becomes the whole text.
    """
    old, new = ([block.text for block in each.blocks] for each in (before, article))
    course = Course(old, new)
    edits = [(edit, _moved(edit, course, new) if _fits(before, edit) else None) for edit in item.edits]
    kept = tuple(now for _, now in edits if now is not None)
    lost = tuple(edit for edit, now in edits if now is None)
    last = item.last or len(old) - 1
    found = (course.block(index) for index in range(item.first, min(last, len(old) - 1) + 1))
    chosen = [here for here in found if here]
    first = min(chosen, default=1) if item.first > 1 else 1
    until = max(chosen, default=0) if 0 < item.last < len(old) else 0
    return replace(item, version=article.version, digest=article.digest, edits=kept, first=first, last=until), lost


def _moved(edit: Edit, course: Course, new: Sequence[str]) -> Edit | None:
    """The edit where its words stand now; None where that is not certain."""
    if not edit.before:
        block = course.unchanged(edit.block)
        return None if block is None else replace(edit, block=block)
    place = course.place((edit.block, edit.start, edit.end))
    if place is None:
        found = [(index, text.find(edit.before)) for index, text in enumerate(new) if edit.before in text]
        if len(found) != 1 or new[found[0][0]].count(edit.before) != 1:
            return None
        block, start = found[0]
        place = (block, start, start + len(edit.before))
    return replace(edit, block=place[0], start=place[1], end=place[2])


# -- what is not an article


def _matters(matters: Iterable[Matter]) -> tuple[Chapter, ...]:
    return tuple(Chapter(_matter(matter)) for matter in matters if matter.title or matter.text or matter.signature)


def _matter(matter: Matter) -> Article:
    blocks = [Block.plain(Kind.TITLE, matter.title)]
    blocks += [Block.plain(Kind.PARAGRAPH, line) for line in _lines(matter.text)]
    blocks += [Block.plain(Kind.BYLINE, line) for line in _lines(matter.signature)]
    return Article(collection="", blocks=tuple(blocks), genre=Genre.MATTER)


def _lines(text: str) -> tuple[str, ...]:
    """Paragraphs: lines that hold anything, without the indentation people type."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _indexes(project: Project, chapters: Iterable[Chapter], sources: BookSources) -> tuple[Index, ...]:
    """The indexes asked for, of the office's names and of those the articles' own descriptions name.

    Who signs a text is not thereby spoken of: bylines do not count.
    """
    if not project.indexes:
        return ()
    articles, authority = [chapter.article for chapter in chapters], sources.authority
    names = list(authority.names)
    for kind, field in _NAMING.items():
        values = dict.fromkeys(value for article in articles for name, value in article.fields if name == field)
        names += [Name(kind, value) for value in values if not authority.find(value, kind)]
    blocks = (block for article in articles for block in article.blocks)
    texts = (block.text for block in blocks if block.kind.searched and block.kind is not Kind.BYLINE)
    kinds = [NameKind(kind) for kind in project.indexes]
    order: Order = "stroke" if project.index_order == "stroke" else "pinyin"
    return make_indexes(names, texts, kinds=kinds, order=order, meant=_meant(articles, sources))


def _meant(articles: Iterable[Article], sources: BookSources) -> Meant:
    """Who is meant where somebody decided it, as far as the words still stand in the book."""
    found: dict[str, dict[tuple[int, int], tuple[int, ...]]] = {}
    for article in articles:
        texts = [(index, block.text) for index, block in enumerate(article.blocks)]
        for anchor, records in sources.meant(article.id) if article.id else ():
            place = standing(anchor, texts)
            if place is not None:
                found.setdefault(article.blocks[place[0]].text, {})[place[1], place[2]] = records
    return found
