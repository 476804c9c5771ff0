"""Saved searches and scopes that say words of what is purged: to ask for a secret is to tell it.

Words that other articles also have tell nothing of the one that goes, and stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, select

from archive.store import codec, schema
from archive.store.present import CURRENT
from archive.text.folding import fold

_PARTED = re.compile(r"[\s\"＂“”「」()（）:：?*-]+")
_TEXTS = frozenset({"q", "author", "section"})
_SHORTEST, _TELLING = 2, 4  # characters of a word that can tell anything, and so many of a longer one


def words_of(connection: Connection, key: int) -> str:
    """All words of an article's versions and what describes them, folded, to look for others' words in."""
    versions = schema.versions.c
    rows = connection.execute(select(schema.versions).where(versions.article == key)).mappings()
    return fold("\n".join("\n".join(_texts(dict(row))) for row in rows)).text


def forget(connection: Connection, purged: str) -> None:
    """Remove saved searches and scopes with a word that stands in what was `purged` and, now, in no article."""
    saved, scopes = schema.saved_searches, schema.scopes
    for owner, name, search in connection.execute(select(saved.c.owner, saved.c.name, saved.c.search)).all():
        if _any_tells(connection, [name, *_asked(json.loads(search))], purged):
            connection.execute(delete(saved).where(saved.c.owner == owner, saved.c.name == name))
    for name, body in connection.execute(select(scopes.c.name, scopes.c.body)).all():
        if _any_tells(connection, [name, *_asked(json.loads(body).get("rule", ()))], purged):
            connection.execute(delete(scopes).where(scopes.c.name == name))


def _asked(pairs: Iterable[Sequence[str]]) -> list[str]:
    """The texts among the parameters of a search; of the others, what can be chosen stands in other articles too."""
    return [value for name, value in pairs if name in _TEXTS]


def _any_tells(connection: Connection, texts: Iterable[str], purged: str) -> bool:
    words = {word for text in texts for word in _PARTED.split(text)}
    return any(_tells(connection, word, purged) for word in words)


def _tells(connection: Connection, word: str, purged: str) -> bool:
    """Whether the word, or some characters of a longer one in a row, stand in what was purged and in no article."""
    parts = {word[at : at + _TELLING] for at in range(max(1, len(word) - _TELLING + 1))}
    alike = [part for part in parts if len(part) >= _SHORTEST and fold(part).text in purged]
    return any(not _stands(connection, part) for part in alike)


def _stands(connection: Connection, words: str) -> bool:
    """Whether some article has these words now."""
    versions, articles = schema.versions, schema.articles
    having = (
        select(func.count())
        .select_from(versions.join(articles, CURRENT))
        .where(versions.c.blocks.contains(words, autoescape=True))
    )
    return bool(connection.scalar(having))


def _texts(row: dict[str, object]) -> Sequence[str]:
    """The texts of a version: of its blocks, and all that its row says otherwise."""
    blocks = codec.decode_blocks(str(row.pop("blocks")))
    return [*(block.text for block in blocks), *(value for value in row.values() if isinstance(value, str))]
