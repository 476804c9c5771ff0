"""An article as a document of an OpenSearch index: what the index has of it, and how that is kept.

The texts themselves are not among it: the store has them. A block is a nested document, so that nothing crosses from
one to the next, and a date said in a block stands in the block. Every code point is a token, so that a phrase is a
substring.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from archive.model.records import Article, Mention
from archive.search.index import periods
from archive.search.index.facts import Facts, encoded, profile, source_order
from archive.search.matching import named_values
from archive.text.folding import fold, folding_version
from archive.text.segmentation import Segmenter

LAYOUT = "1"  # raise when the mapping or its meaning changes
HOLE = "\x1e"
"""A character of a query that stands for any one character; it stands in no text."""

_KEYWORD, _LONG, _INTEGER = {"type": "keyword"}, {"type": "long"}, {"type": "integer"}
_BOOLEAN, _DAYS = {"type": "boolean"}, {"type": "long_range"}
_CHARACTERS = {"type": "text", "analyzer": "characters", "norms": False}
_WORDS = {"type": "text", "analyzer": "words", "index_options": "freqs"}

BLOCK_DATES = {origin: f"o{origin}" for origin in periods.IN_TEXT}
"""The field of a block that has the days said in it, by their origin."""

_PROPERTIES: Mapping[str, Any] = {
    "facts": {"type": "object", "enabled": False},
    "sha": _KEYWORD,
    "profile": _KEYWORD,
    "profile_value": {"type": "object", "enabled": False},
    **dict.fromkeys(("id", "collection", "volume", "section", "authors", "status", "access", "genre"), _KEYWORD),
    "heading": {"type": "keyword", "ignore_above": 8000},
    **dict.fromkeys(("page", "matter", "counted"), _BOOLEAN),
    **dict.fromkeys(("first", "order", "letters"), _LONG),
    "decade": _INTEGER,
    "title": _WORDS,
    "body": _WORDS,
    "v": {"type": "nested", "properties": {"name": _KEYWORD, "written": _CHARACTERS, "folded": _CHARACTERS}},
    "d": {
        "type": "nested",
        "properties": {
            **dict.fromkeys(("origin", "class", "year", "decade", "century"), _INTEGER),
            "days": _DAYS,
            "span": _KEYWORD,
        },
    },
    "b": {
        "type": "nested",
        "properties": {
            "title": _BOOLEAN,
            "written": _CHARACTERS,
            "folded": _CHARACTERS,
            **dict.fromkeys(BLOCK_DATES.values(), _DAYS),
        },
    },
}
_ANALYSIS = {
    "tokenizer": {"character": {"type": "ngram", "min_gram": 1, "max_gram": 1}},
    "filter": {"holes": {"type": "stop", "stopwords": [HOLE]}},
    "analyzer": {
        "characters": {"type": "custom", "tokenizer": "character", "filter": ["holes"]},
        "words": {"type": "custom", "tokenizer": "whitespace"},
    },
}
_BLOCKS = 1_000_000  # nested documents of one article: a gazetteer may have tens of thousands of blocks


def made_with(segmenter: Segmenter) -> dict[str, str]:
    """What an index notes of how it was made."""
    return {"layout": LAYOUT, "folding": folding_version(), "segmenter": segmenter.signature}


def definition(segmenter: Segmenter, shards: int) -> dict[str, Any]:
    """The settings and the mapping of a new index; copies come when it is filled."""
    settings = {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "refresh_interval": "-1",
        "codec": "best_compression",
        "max_terms_count": 65_536,
        "mapping.nested_objects.limit": _BLOCKS,
    }
    mappings = {
        "dynamic": "strict",
        "_meta": made_with(segmenter),
        "_source": {"includes": ["facts", "profile_value"]},
        "properties": _PROPERTIES,
    }
    return {"settings": {"index": settings, "analysis": _ANALYSIS}, "mappings": mappings}


def document(article: Article, mentions: Sequence[Mention], segmenter: Segmenter) -> dict[str, Any]:
    """All that is indexed of an article."""
    found = described(article, mentions)
    title, *rest = (block["folded"] for block in found["b"])
    cut = segmenter.index_words
    return {**found, "title": " ".join(cut(title)), "body": " ".join(word for text in rest for word in cut(text))}


def described(article: Article, mentions: Sequence[Mention]) -> dict[str, Any]:
    """The same without the words that rank it; `sha` is of the rest, to be compared."""
    facts = Facts.of(article)
    blocks: list[dict[str, Any]] = [
        {"title": not at, "written": text, "folded": fold(text).text} for at, (_, text) in enumerate(article.units())
    ]
    dates = set()
    for period, origin, unit in periods.all_periods(article, mentions):
        dates.add((periods.width(period), *periods.ends(period), origin))
        if unit != periods.NO_UNIT:
            blocks[unit].setdefault(BLOCK_DATES[origin], []).append(days(*periods.ends(period)))
    _, uncounted, order, _ = source_order(facts)
    noted = profile(facts)
    found = {
        **{name: getattr(facts, name) for name in ("id", "collection", "decade", "first", "page", "matter", "letters")},
        **{name: getattr(facts, name).value for name in ("status", "access", "genre")},
        "facts": {"values": json.loads(encoded(facts))},
        "profile": hashlib.sha256(repr(noted).encode()).hexdigest(),
        "profile_value": {"values": json.loads(json.dumps(noted, default=str))},
        "volume": facts.volume or None,
        "section": facts.section or None,
        "authors": list(facts.authors),
        "counted": not uncounted,
        "order": order,
        "heading": article.title,
        "v": [
            {"name": name, "written": value, "folded": fold(value).text}
            for name, value in sorted(set(named_values(article)))
        ],
        "d": [_date(*one) for one in sorted(dates)],
        "b": blocks,
    }
    found["sha"] = hashlib.sha256(json.dumps(found, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return found


def _date(wide: int, first: int, last: int, origin: int) -> dict[str, Any]:
    year, decade, century = periods.units_of(first, last)
    span = None if year is not None else json.dumps(periods.years_of(first, last))
    units = {"year": year, "decade": decade, "century": century, "span": span}
    return {"origin": origin, "class": wide, "days": days(first, last), **units}


def days(first: int, last: int) -> dict[str, int]:
    """A range of days as OpenSearch takes it, both ends inclusive."""
    return {"gte": first, "lte": last}
