"""Articles in and out of the tables. Every function works inside the transaction of the connection it is given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select, update

from archive.model.errors import Conflict, LibraryDamaged, NotFound
from archive.model.holdings import Version
from archive.model.records import Access, Article, Genre, Mention, Period, Precision, Status
from archive.store import codec, dialects, seals
from archive.store.present import CURRENT
from archive.store.schema import articles, mentions, pending, versions

CHUNK = 200
"""How many articles are held encoded, or named in one statement, at a time."""

Item = TypeVar("Item")

_ID_MARKS = frozenset("-_.:~")
_ID_LENGTH = 100

_ARTICLE = (
    articles.c.id,
    versions.c.version,
    versions.c.digest,
    articles.c.collection,
    articles.c.number,
    versions.c.genre,
    versions.c.volume,
    versions.c.section,
    versions.c.people,
    versions.c.date_start,
    versions.c.date_end,
    versions.c.date_precision,
    versions.c.date_written,
    versions.c.source,
    versions.c.original,
    articles.c.status,
    articles.c.access,
    versions.c.fields,
    versions.c.blocks,
)
_MENTION = (
    mentions.c.block,
    mentions.c.start,
    mentions.c.end,
    mentions.c.first_day,
    mentions.c.last_day,
    mentions.c.precision,
    mentions.c.written,
    mentions.c.rule,
    mentions.c.confidence,
    mentions.c.vague,
)

# What every page of hits and every text asks for, made once: to put such a statement together takes longer than to
# answer it. Each is given a list, `these`.
_THESE: BindParameter[Any] = bindparam("these", expanding=True)
_ARTICLES_BY_ID = select(*_ARTICLE).join_from(articles, versions, CURRENT).where(articles.c.id.in_(_THESE))
_ARTICLES_BY_KEY = (
    select(articles.c.key, *_ARTICLE).join_from(articles, versions, CURRENT).where(articles.c.key.in_(_THESE))
)
_MENTIONED = (mentions.c.article == articles.c.key) & (mentions.c.version == articles.c.version)
_MENTIONS_BY_KEY = (
    select(mentions.c.article, *_MENTION)
    .join_from(mentions, articles, _MENTIONED)
    .where(mentions.c.article.in_(_THESE))
    .order_by(mentions.c.article, mentions.c.position)
)
_MENTIONS_BY_ID = (
    select(articles.c.id, *_MENTION)
    .join_from(mentions, articles, _MENTIONED)
    .where(articles.c.id.in_(_THESE))
    .order_by(mentions.c.article, mentions.c.position)
)
_KEYS_BY_ID = select(articles.c.id, articles.c.key).where(articles.c.id.in_(_THESE))
_PRECISIONS = {precision.value: precision for precision in Precision}


# -- reading


def read(connection: Connection, ids: Sequence[str]) -> list[Article]:
    """The current version of each of `ids`, in that order. NotFound names the first that does not exist."""
    found = read_there(connection, ids)
    for id in ids:
        if id not in found:
            raise no_article(id)
    return [found[id] for id in ids]


def read_there(connection: Connection, ids: Sequence[str]) -> dict[str, Article]:
    """The current version of those of `ids` that exist."""
    found: dict[str, Article] = {}
    for part in parts(ids):
        found.update((row[0], _article(row)) for row in connection.execute(_ARTICLES_BY_ID, {"these": part}))
    return found


def keys_with_field(connection: Connection, name: str) -> list[int]:
    """The internal keys of the articles whose current version has a field of this name, as they came in."""
    query = select(articles.c.key).join_from(articles, versions, CURRENT)
    held = versions.c.fields.contains(json.dumps(name, ensure_ascii=False), autoescape=True)
    return list(connection.scalars(query.where(held).order_by(articles.c.key)))


def read_version(connection: Connection, id: str, version: int) -> Article:
    """An earlier (or the current) version of one article; status and access are always the present ones."""
    query = (
        select(*_ARTICLE)
        .join_from(articles, versions, versions.c.article == articles.c.key)
        .where(articles.c.id == id, versions.c.version == version)
    )
    row = connection.execute(query).first()
    if row is None:
        current = key_and_version(connection, id)[1]
        raise NotFound(f"文章 {id} 没有第 {version} 版", hint=f"它现有第 1 至 {current} 版")
    return _article(row)


def keys(connection: Connection, collection: str, volume: str) -> list[int]:
    """Internal keys of the articles of a collection and volume (empty: of all), by collection, then as they came in.

    Keys rise file after file and, within a file, in its order; numbers begin anew in each file and would mix them.
    """
    query = select(articles.c.key).order_by(articles.c.collection, articles.c.key)
    if collection:
        query = query.where(articles.c.collection == collection)
    if volume:
        query = query.join(versions, CURRENT).where(versions.c.volume == volume)
    return list(connection.scalars(query))


def read_keys(connection: Connection, part: Sequence[int]) -> list[tuple[Article, tuple[Mention, ...]]]:
    """Current versions with their mentions for at most CHUNK internal keys, in that order."""
    these = {"these": part}
    found = {row[0]: _article(row[1:]) for row in connection.execute(_ARTICLES_BY_KEY, these)}
    dated: dict[int, list[Mention]] = {key: [] for key in part}
    for row in connection.execute(_MENTIONS_BY_KEY, these):
        dated[row[0]].append(_mention(row[1:]))
    return [(found[key], tuple(dated[key])) for key in part]


def read_dated(connection: Connection, ids: Sequence[str]) -> list[tuple[Article, tuple[Mention, ...]]]:
    """The current version of each of `ids` with its mentions, at most CHUNK, in that order. NotFound."""
    found = read(connection, ids)
    dated: dict[str, list[Mention]] = {id: [] for id in ids}
    for row in connection.execute(_MENTIONS_BY_ID, {"these": ids}):
        dated[row[0]].append(_mention(row[1:]))
    return [(article, tuple(dated[article.id])) for article in found]


def read_mentions(connection: Connection, id: str) -> tuple[Mention, ...]:
    """The mentions of an article's current version, in the order they were given."""
    key, version = key_and_version(connection, id)
    query = (
        select(*_MENTION).where(mentions.c.article == key, mentions.c.version == version).order_by(mentions.c.position)
    )
    return tuple(_mention(row) for row in connection.execute(query))


def key_and_version(connection: Connection, id: str) -> tuple[int, int]:
    """The internal key and the number of the current version. NotFound."""
    row = connection.execute(select(articles.c.key, articles.c.version).where(articles.c.id == id)).first()
    if row is None:
        raise no_article(id)
    return row[0], row[1]


def keys_of(connection: Connection, ids: Sequence[str]) -> list[int]:
    """The internal keys of `ids`, in that order. NotFound names the first that does not exist."""
    found: dict[str, int] = {}
    for part in parts(ids):
        found.update((row[0], row[1]) for row in connection.execute(_KEYS_BY_ID, {"these": part}))
    for id in ids:
        if id not in found:
            raise no_article(id)
    return [found[id] for id in ids]


def no_article(id: str) -> NotFound:
    """The error for an id that no article has."""
    return NotFound(f"没有编号为“{id}”的文章", hint="用 wenshi list 或检索页查看现有文章的编号")


# -- writing


def add(
    connection: Connection,
    drafts: Sequence[tuple[Article, Sequence[Mention]]],
    origin: tuple[str, str, str],
    import_key: int | None = None,
    versions_of: Sequence[int] = (),
) -> list[Article]:
    """Store new articles as version 1, list them as pending and return them with id, version and digest.

    `origin` is (moment, who, reason), `import_key` names the import that brings them in; `versions_of` are other
    numbers than 1, where earlier versions are brought along.
    """
    numbered = _assign(connection, [article.id for article, _ in drafts])
    numbers = versions_of or [1] * len(drafts)
    stored: list[Article] = []
    for part in parts(list(zip(numbered, drafts, numbers, strict=True))):
        first = len(stored)
        texts: list[dict[str, Any]] = []
        for (key, id), (draft, _), version in part:
            encoded = codec.encode_blocks(draft.blocks)
            article = replace(draft, id=id, version=version, digest=codec.digest(encoded))
            stored.append(article)
            texts.append(_version_row(key, article, encoded, origin))
        fresh = [key for (key, _), _, _ in part]
        added = zip(fresh, stored[first:], strict=True)
        connection.execute(
            insert(articles), [_article_row(key, article) | {"import_key": import_key} for key, article in added]
        )
        connection.execute(insert(versions), texts)
        connection.execute(insert(pending), [{"article": key} for key in fresh])
        add_mentions(connection, [(key, version, dated) for (key, _), (_, dated), version in part])
    return stored


def revise(connection: Connection, article: Article, dated: Sequence[Mention], origin: tuple[str, str, str]) -> Article:
    """Store `article` as the next version of the article with its id and list it as pending.

    `origin` is (moment, who, reason). Its status is not touched: a withdrawal meanwhile must stand.
    """
    key, current = key_and_version(connection, article.id)
    if article.version not in (0, current):
        raise Conflict(
            f"文章 {article.id} 在您打开第 {article.version} 版之后已有人改到第 {current} 版，这次改动没有保存",
            hint="重新打开这篇文章，在最新的一版上再改",
        )
    encoded = codec.encode_blocks(article.blocks)
    article = replace(article, version=current + 1, digest=codec.digest(encoded))
    row = _article_row(key, article)
    del row["key"], row["id"], row["status"], row["seal"]
    connection.execute(insert(versions), [_version_row(key, article, encoded, origin)])
    connection.execute(update(articles).where(articles.c.key == key).values(row))
    add_mentions(connection, [(key, article.version, dated)])
    changed(connection, [key])
    return read(connection, [article.id])[0]


def access_of(connection: Connection, id: str) -> Access:
    """The present access of an article. Raises NotFound."""
    key, _ = key_and_version(connection, id)
    return Access(connection.execute(select(articles.c.access).where(articles.c.key == key)).scalar_one())


def changed(connection: Connection, keys: Sequence[int]) -> None:
    """Seal articles (by internal key) whose rows were changed, and list them as not yet seen by the index."""
    seals.seal_articles(connection, keys)
    add_pending(connection, keys)


def add_pending(connection: Connection, fresh: Sequence[int]) -> None:
    """List articles (by internal key) as not yet seen by the index."""
    if fresh:
        statement = dialects.insert(connection, pending).on_conflict_do_nothing()
        connection.execute(statement, [{"article": key} for key in fresh])


def add_mentions(connection: Connection, dated: Iterable[tuple[int, int, Sequence[Mention]]]) -> None:
    """Store the mentions of versions that have none yet: (internal key, version, mentions)."""
    rows = [
        _mention_row(key, version, position, mention)
        for key, version, group in dated
        for position, mention in enumerate(group)
    ]
    if rows:
        connection.execute(insert(mentions), rows)


# -- ids


def adoptable(id: str) -> bool:
    """Whether an id from another system can be kept: letters and digits of any script and -_.:~, fit for an address."""
    return (
        0 < len(id) <= _ID_LENGTH
        and id[0].isalnum()
        and all(character.isalnum() or character in _ID_MARKS for character in id)
    )


def _assign(connection: Connection, wanted: Sequence[str]) -> list[tuple[int, str]]:
    """Internal key and id for each new article: the id it wants when that is free, else the next free number."""
    candidates = list({id for id in wanted if adoptable(id)})
    free = set(candidates) - _taken(connection, candidates)
    adopted: set[str] = set()
    chosen: list[str] = []
    for id in wanted:
        keep = id in free and id not in adopted
        adopted.update([id] if keep else [])
        chosen.append(id if keep else "")
    key = connection.scalar(select(func.coalesce(func.max(articles.c.key), 0) + 1)) or 1
    numbers = _free_numbers(connection, key, adopted)
    return [(key + offset, id or next(numbers)) for offset, id in enumerate(chosen)]


def _free_numbers(connection: Connection, start: int, adopted: set[str]) -> Iterator[str]:
    candidates = map(str, count(start))
    while True:
        part = list(islice(candidates, CHUNK))
        taken = _taken(connection, part) | adopted
        yield from (id for id in part if id not in taken)


def _taken(connection: Connection, ids: Sequence[str]) -> set[str]:
    return {
        id for part in parts(ids) for id in connection.scalars(select(articles.c.id).where(articles.c.id.in_(part)))
    }


# -- rows


def parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """`items` in pieces of at most CHUNK."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _article(row: Sequence[Any]) -> Article:
    (
        id, version, digest, collection, number, genre, volume, section, people, start, end, precision, written,
        source, original, status, access, fields, blocks,
    ) = row  # fmt: skip
    try:
        decoded = codec.decode_blocks(blocks)
    except (ValueError, KeyError, TypeError) as failure:
        hint = "运行 wenshi check 看还有哪些损坏，再用 wenshi restore 从备份恢复"
        raise LibraryDamaged(
            "这篇文章的文字已损坏，读不出来", hint=hint, place=f"文章 {id} 第 {version} 版"
        ) from failure
    return Article(
        collection=collection,
        blocks=decoded,
        id=id,
        version=version,
        digest=digest,
        number=number,
        genre=Genre(genre),
        volume=volume,
        section=section,
        people=codec.decode_people(people),
        date=Period(start, end, _PRECISIONS[precision], written) if precision else None,
        source=source,
        original=original or "",
        status=Status(status),
        access=Access(access),
        fields=codec.decode_fields(fields),
    )


def _article_row(key: int, article: Article) -> dict[str, Any]:
    row = {
        "id": article.id,
        "version": article.version,
        "collection": article.collection,
        "number": article.number,
        "status": article.status.value,
        "access": article.access.value,
    }
    return row | {"key": key, "seal": seals.seal(seals.OF_ARTICLE, row)}


def _version_row(key: int, article: Article, encoded: str, origin: tuple[str, str, str]) -> dict[str, Any]:
    moment, who, reason = origin
    date = article.date
    row = {
        "article": key,
        "version": article.version,
        "digest": article.digest,
        "moment": moment,
        "who": who,
        "reason": reason,
        "original": article.original or None,
        "genre": article.genre.value,
        "volume": article.volume,
        "section": article.section,
        "people": codec.encode_people(article.people),
        "date_start": date.start if date else None,
        "date_end": date.end if date else None,
        "date_precision": date.precision.value if date else None,
        "date_written": date.written if date else None,
        "source": article.source,
        "fields": codec.encode_fields(article.fields),
        "blocks": encoded,
    }
    return row | {"seal": seals.seal(seals.OF_VERSION, row)}


def _mention(row: Sequence[Any]) -> Mention:
    block, start, end, first, last, precision, written, rule, confidence, vague = row
    return Mention(block, start, end, Period(first, last, _PRECISIONS[precision], written), rule, confidence, vague)


def _mention_row(key: int, version: int, position: int, mention: Mention) -> dict[str, Any]:
    period = mention.period
    return {
        "article": key,
        "version": version,
        "position": position,
        "block": mention.block,
        "start": mention.start,
        "end": mention.end,
        "first_day": period.start,
        "last_day": period.end,
        "precision": period.precision.value,
        "written": period.written,
        "rule": mention.rule,
        "confidence": mention.confidence,
        "vague": mention.vague,
    }


def history(connection: Connection, id: str) -> tuple[Version, ...]:
    """All versions of an article, oldest first. NotFound."""
    key, _ = key_and_version(connection, id)
    table = versions.c
    query = (
        select(table.version, table.digest, table.moment, table.who, table.reason)
        .where(table.article == key)
        .order_by(table.version)
    )
    return tuple(Version(*row) for row in connection.execute(query))
