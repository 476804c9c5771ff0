"""Results as plain values for JSON: one form for command line and web (docs/commands.md). Additions only."""

from __future__ import annotations

from archive.dates import iso
from archive.model.records import Mention
from archive.model.search import Hit, Passage, Results


def as_values(results: Results) -> dict[str, object]:
    """The stable JSON form of results (docs/commands.md)."""
    return {
        "total": results.total,
        "hits": [_hit_values(hit) for hit in results.hits],
        "facets": {
            name: [{"value": count.value, "label": count.label, "count": count.count} for count in counts]
            for name, counts in results.facets.items()
        },
        "understood": results.understood,
        "unindexed": results.unindexed,
    }


def _hit_values(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.article,
        "title": hit.title,
        "collection": hit.collection,
        "section": hit.section,
        "authors": list(hit.authors),
        "score": round(hit.score, 4),
        "occurrences": hit.occurrences,
        "passages": [_passage_values(passage) for passage in hit.passages],
        "dates": [_mention_values(mention) for mention in hit.met],
        "own_date": hit.own_date,
    }


def _passage_values(passage: Passage) -> dict[str, object]:
    return {"block": passage.block, "text": passage.text, "spans": [list(span) for span in passage.spans]}


def _mention_values(mention: Mention) -> dict[str, object]:
    start, end = mention.period.start, mention.period.end
    return {
        "block": mention.block,
        "span": [mention.start, mention.end],
        "text": mention.period.written,
        "start": None if start is None else iso(start),
        "end": None if end is None else iso(end),
    }
