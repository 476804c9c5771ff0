"""From what an engine found to what a person is shown: hits with passages, labels of facets, the question in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archive import dates
from archive.model.records import Article, Mention, Period
from archive.model.search import FacetCount, Hit, Passage, PeriodIn
from archive.search.facet_labels import label
from archive.search.hit_context import HitContext
from archive.search.index.engine import Found, Matches
from archive.search.matching import Prepared, places
from archive.search.parser import describe
from archive.search.query import Query, stretches
from archive.store import Store
from archive.text.excerpts import BEFORE, WIDTH, excerpt
from archive.text.spans import Span


def of(store: Store, found: Sequence[Found], query: Query) -> tuple[Hit, ...]:
    """The articles found as hits, in the order given."""
    return tuple(made for made, _ in with_articles(store, found, query))


def with_articles(store: Store, found: Sequence[Found], query: Query) -> Iterator[tuple[Hit, Article]]:
    """The same, each with its article."""
    ids = [one.article for one in found]
    dated = store.dated(ids) if query.period is not None else [(article, ()) for article in store.articles(ids)]
    for (article, mentions), one in zip(dated, found, strict=True):
        yield hit(article, mentions, one, query), article


def facets(store: Store, matches: Matches) -> Mapping[str, tuple[FacetCount, ...]]:
    """The counts of a search with labels for people."""
    titles = {collection.id: collection.title for collection in store.collections(None)}
    return {
        name: tuple(FacetCount(value, label(name, value, titles), count) for value, count in counts)
        for name, counts in matches.facets.items()
    }


def hit(article: Article, mentions: Sequence[Mention], found: Found, query: Query) -> Hit:
    """An article as a hit: its places, and the dates (`mentions` are all of its dates) that meet the period."""
    spans = places(query.tree, Prepared(article), written=query.search.as_written)
    met = tuple(mention for mention in mentions if _counts(mention, query))
    return Hit(
        article=article.id,
        title=article.title,
        collection=article.collection,
        section=article.section,
        authors=tuple(dict.fromkeys(person.name for person in article.people)),
        date=article.date,
        score=found.score,
        occurrences=sum(map(len, spans.values())),
        passages=tuple(_passages(article, spans, met, loose=bool(stretches(query.tree))) or _opening(article)),
        met=met,
        own_date=_meets_own(article.date, query),
    )


def _counts(mention: Mention, query: Query) -> bool:
    """Whether a date in the text is a reason for the article to be found."""
    return query.search.looks_at(mention) and query.meets(mention.period)


def _meets_own(date: Period | None, query: Query) -> bool:
    """Whether the article's own date is a reason for it to be found."""
    return query.period is not None and date is not None and query.search.looks_at_own(date) and query.meets(date)


def _passages(
    article: Article, spans: Mapping[int, tuple[Span, ...]], met: Sequence[Mention], *, loose: bool
) -> list[Passage]:
    """The blocks with a place or a date of the period, those with both first, otherwise in reading order.

    In a `loose` reading, whose words stand all over a text, those with the most different ones come first.
    """
    dated: dict[int, set[Span]] = {}
    for mention in met:
        dated.setdefault(mention.block, set()).add((mention.start, mention.end))

    def order(block: int) -> tuple[bool, int, int]:
        apart = bool(met) and not (block in spans and block in dated)
        different = len(_different(article.blocks[block].text, spans.get(block, ()))) if loose else 0
        return apart, -different, block

    context = HitContext(article)
    passages = []
    for block in sorted(spans.keys() | dated.keys(), key=order):
        marked, dates_here = spans.get(block, ()), tuple(sorted(dated.get(block, ())))
        text = article.blocks[block].text
        seen = _densest(text, marked) if loose else marked
        shown = excerpt(text, seen or dates_here)
        passages.append(Passage(block, text, marked, shown, dates_here, context.of(block)))
    return passages


def _different(text: str, marked: Sequence[Span]) -> set[str]:
    return {text[start:end] for start, end in marked}


def _densest(text: str, marked: Sequence[Span]) -> Sequence[Span]:
    """The places from the one on after which the most different words follow within an excerpt."""

    def following(at: int) -> int:
        end = marked[at][0] + WIDTH - BEFORE
        return len(_different(text, [span for span in marked[at:] if span[1] <= end]))

    return marked[max(range(len(marked)), key=following) :] if marked else marked


def _opening(article: Article) -> Iterator[Passage]:
    """What to show of an article that was found by its fields or filters alone."""
    for index, text in article.units():
        if index and len(text) > 1:
            yield Passage(index, text, (), excerpt(text, ()), (), HitContext(article).of(index))
            return


def understood(query: Query) -> str:
    """The question in words, as it was understood."""
    words = describe(query.tree)
    if query.period is None:
        return words
    where = {PeriodIn.DATE: "成文于", PeriodIn.TEXT: "文中写到", PeriodIn.ANY: "成文于或写到"}[query.search.period_in]
    how = "，完全落入" if query.search.within else ""
    vague = "，包括笼统时期" if query.search.vague else ""
    open_ended = "，包括起讫未尽的日期" if query.search.open else ""
    return f"{words}；{where}{dates.describe(query.period)}{how}{vague}{open_ended}"
