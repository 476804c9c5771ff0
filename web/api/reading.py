"""Collections, articles in all their versions, their dates, pictures and original files."""

from __future__ import annotations

from typing import Annotated

from flask import Response
from msgspec import Meta, Struct

from archive.model.holdings import Version
from archive.model.records import Article, Block, Collection, Run, Style
from web.api.operation import operation
from web.api.paging import Page
from web.api.values import Answer, ArticleLine, MentionValue
from web.base import current, file_pages

_GROUP = "阅读"
_STYLES = {one: (one.name or "").lower() for one in Style if one}


class CollectionValue(Answer, frozen=True, kw_only=True):
    """A collection, and how many of its articles are in use and to be seen."""

    id: str
    title: str
    description: str
    kind: str
    volume: str
    place: str
    year: str
    access: str
    articles: int

    @classmethod
    def of(cls, one: Collection, articles: int) -> CollectionValue:
        """From the archive's own."""
        same = {name: getattr(one, name) for name in ("id", "title", "description", "kind", "volume", "place", "year")}
        return cls(**same, access=one.access.value, articles=articles)


class CollectionList(Answer, frozen=True, kw_only=True):
    """In their order."""

    collections: tuple[CollectionValue, ...]


@operation("/collections", "各部文集", group=_GROUP)
def collections() -> CollectionList:
    """All that have something to see."""
    session = current.session()
    return CollectionList(
        collections=tuple(CollectionValue.of(one, session.count(one.id)) for one in session.collections())
    )


@operation("/collections/<collection_id>", "一部文集", group=_GROUP)
def collection(collection_id: str) -> CollectionValue:
    """One of them."""
    session = current.session()
    return CollectionValue.of(session.collection(collection_id), session.count(collection_id))


class ArticlesAsked(Struct, frozen=True, kw_only=True):
    """Which articles."""

    collection: Annotated[str, Meta(description="文集的编号，不写是全部")] = ""


class ArticleList(Answer, frozen=True, kw_only=True):
    """In the order of their collections and sources; those in use."""

    total: int
    articles: tuple[ArticleLine, ...]
    next: str | None


@operation("/articles", "文章的清单，不带正文", group=_GROUP)
def articles(asked: ArticlesAsked, page: Page) -> ArticleList:
    """A page of the list."""
    session = current.session()
    if asked.collection:
        session.collection(asked.collection)
    total = session.count(asked.collection)
    here = session.listing(asked.collection, limit=page.limit, offset=page.offset)
    return ArticleList(total=total, articles=tuple(map(ArticleLine.of, here)), next=page.following(len(here), total))


class RunValue(Answer, frozen=True, kw_only=True):
    """A stretch of text in one style; `note` is the label of the note referred to, `ruby` the reading beside it."""

    text: str
    styles: tuple[str, ...]
    note: str
    ruby: str

    @classmethod
    def of(cls, run: Run) -> RunValue:
        """From the archive's own."""
        styles = tuple(name for style, name in _STYLES.items() if style in run.style)
        return cls(text=run.text, styles=styles, note=run.note, ruby=run.ruby)


class CellValue(Answer, frozen=True, kw_only=True):
    """Where a block stands in a table of the article; all counted from 0."""

    table: int
    row: int
    column: int
    row_span: int
    column_span: int
    header: bool


class BlockValue(Answer, frozen=True, kw_only=True):
    """A paragraph, heading, note or cell, numbered from 0, which is the title; its text in runs of one style."""

    block: int
    kind: str
    text: str
    runs: tuple[RunValue, ...]
    level: int
    label: str
    page: str
    picture: str
    cell: CellValue | None

    @classmethod
    def of(cls, number: int, one: Block) -> BlockValue:
        """From the archive's own."""
        cell = one.cell
        return cls(
            block=number,
            kind=one.kind.value,
            text=one.text,
            runs=tuple(map(RunValue.of, one.runs)),
            level=one.level,
            label=one.label,
            page=one.page,
            picture=one.picture,
            cell=CellValue(**{name: getattr(cell, name) for name in CellValue.__struct_fields__}) if cell else None,
        )


class FieldValue(Answer, frozen=True, kw_only=True):
    """A further descriptive field."""

    name: str
    value: str


class ArticleValue(ArticleLine, frozen=True, kw_only=True):
    """An article with its text. `original` is the SHA-256 of the file it came from, `digest` that of its text."""

    digest: str
    number: int
    source: str
    original: str
    fields: tuple[FieldValue, ...]
    blocks: tuple[BlockValue, ...]

    @classmethod
    def whole(cls, article: Article) -> ArticleValue:
        """From the archive's own."""
        line = ArticleLine.of(article)
        return cls(
            **{name: getattr(line, name) for name in line.__struct_fields__},
            digest=article.digest,
            number=article.number,
            source=article.source,
            original=article.original,
            fields=tuple(FieldValue(name=name, value=value) for name, value in article.fields),
            blocks=tuple(BlockValue.of(number, one) for number, one in enumerate(article.blocks)),
        )


class VersionAsked(Struct, frozen=True, kw_only=True):
    """Which version."""

    version: Annotated[int, Meta(ge=0, le=1_000_000, description="第几版，0 是现在的")] = 0


@operation("/articles/<article_id>", "一篇文章，连同正文", group=_GROUP)
def article(article_id: str, asked: VersionAsked) -> ArticleValue:
    """An article as it is now, or was; one that is out of use or purged is told as on its page."""
    now = current.readable(article_id)
    held = current.session().article(article_id, asked.version) if asked.version else now
    return ArticleValue.whole(held)


class VersionList(Answer, frozen=True, kw_only=True):
    """Oldest first: when, by whom, why; the digest of the text."""

    versions: tuple[Version, ...]


@operation("/articles/<article_id>/versions", "一篇文章的各版", group=_GROUP)
def versions(article_id: str) -> VersionList:
    """All versions."""
    current.readable(article_id)
    return VersionList(versions=current.session().versions(article_id))


class MentionList(Answer, frozen=True, kw_only=True):
    """In reading order."""

    dates: tuple[MentionValue, ...]


@operation("/articles/<article_id>/dates", "一篇文章里的日期", group=_GROUP)
def dates_in(article_id: str) -> MentionList:
    """The dates in its text, as editors decided."""
    blocks = current.readable(article_id).blocks
    found = current.session().mentions(article_id)
    return MentionList(dates=tuple(MentionValue.of(one, blocks[one.block].text) for one in found))


class ScopeList(Answer, frozen=True, kw_only=True):
    """The names of the parts of the library that can be searched within."""

    scopes: tuple[str, ...]


@operation("/scopes", "工作集的名称", group=_GROUP)
def scopes() -> ScopeList:
    """All scopes."""
    return ScopeList(scopes=tuple(current.session().scopes.names()))


@operation("/pictures/<sha256>", "一张图片", group=_GROUP, media=("*/*",))
def picture(sha256: str) -> Response:
    """A picture of an article to be seen, by its SHA-256."""
    return _file(file_pages.picture(sha256))


@operation("/originals/<sha256>", "一件原稿", group=_GROUP, media=("*/*",))
def original(sha256: str) -> Response:
    """A file as it was taken in, by its SHA-256."""
    return _file(file_pages.original(sha256))


def _file(response: object) -> Response:
    assert isinstance(response, Response)
    return response
