"""Results as plain values for JSON: one form for command line and web (docs/commands.md). Additions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.dates import iso
from archive.model.records import Mention, Period
from archive.model.search import FacetCount, Hit, Nearest, Passage, Results


def as_values(results: Results, names: Mapping[str, Sequence[FacetCount]]) -> dict[str, object]:
    """The stable JSON form of results (docs/commands.md); `names` are the facets by person and place."""
    return {
        "total": results.total,
        "places": results.places,
        "pages": results.pages,
        "hits": [_hit_values(hit) for hit in results.hits],
        "facets": {
            name: [{"value": count.value, "label": count.label, "count": count.count} for count in counts]
            for name, counts in {**results.facets, **names}.items()
        },
        "understood": results.understood,
        "scope": results.scope,
        "unindexed": results.unindexed,
        "nearest": results.nearest and _nearest_values(results.nearest),
        "offers": [
            {"why": offer.why.value, "words": offer.words, "search": dict(offer.search.pairs()), "total": offer.total}
            for offer in results.offers
        ],
    }


def _nearest_values(nearest: Nearest) -> dict[str, object]:
    return {
        "reading": nearest.reading.value,
        "understood": nearest.understood,
        "total": nearest.total,
        "search": nearest.search and dict(nearest.search.pairs()),
        "hits": [_hit_values(hit) for hit in nearest.hits],
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
        "date": hit.date and _period_values(hit.date),
    }


def _passage_values(passage: Passage) -> dict[str, object]:
    return {
        "block": passage.block,
        "text": passage.text,
        "spans": [list(span) for span in passage.spans],
        "context": [{"label": label, "text": text} for label, text in passage.context],
    }


def _mention_values(mention: Mention) -> dict[str, object]:
    return {"block": mention.block, "span": [mention.start, mention.end], **_period_values(mention.period)}


def _period_values(period: Period) -> dict[str, object]:
    return {
        "text": period.written,
        "start": None if period.start is None else iso(period.start),
        "end": None if period.end is None else iso(period.end),
    }
