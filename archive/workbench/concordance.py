"""The concordance (逐处): every place of a search as a row, narrowed step by step, sorted, grouped, labelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from archive import dates
from archive.catalogue.authority import Authority, key
from archive.model.access import Actor
from archive.model.errors import NotAllowed, NotFound, UsageError
from archive.model.records import Article, Mention
from archive.model.search import Search
from archive.search.heading import Heading, heading
from archive.search.index.engine import Engine, Standing
from archive.search.query import EVERYTHING, Phrase, Query, Words
from archive.store import Store
from archive.support.cancellation import raise_if_cancelled
from archive.text.anchors import Place, anchored
from archive.text.segmentation import Segmenter
from archive.workbench.barcodes import Barcode, barcodes
from archive.workbench.chain import Chain, Chains, Reading, Told, closeness
from archive.workbench.collocates import MOST_WORDS, Collocates, adjacent, beside, checked_unit, paragraphs
from archive.workbench.place_list import Group, grouped
from archive.workbench.remembered import AT_A_TIME, remembered
from archive.workbench.same_words import FORMULA, Counted, SameWords, chained, formula_spans, passages
from archive.workbench.steps import NONE, Arranged, Step, checked_column, context_of

LABELS = ("保留", "剔除", "待查")
"""What a place can be labelled."""


@dataclass(frozen=True, slots=True)
class KwicRow:
    """One place: `start` to `end` in `text`, the stored text of block `block`; end exclusive.

    `number` counts from 1 in the order asked for, `paragraph` from 1 among the searched blocks after the title, which
    is 0. `stated` is the date in the same block that the place most likely goes by: the last before it, or else the
    first after it. `label` is one of LABELS or empty.
    """

    number: int
    article: str
    version: int
    title: str
    collection: str
    volume: str
    authors: tuple[str, ...]
    date: str
    stated: str
    pages: str
    block: int
    paragraph: int
    text: str
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Concordance:
    """`places` places in `articles` articles are left of the `found` that the search finds; `rows` is the page asked
    for. `lost` labels stand on words that were corrected since and are on no place any more.

    Where it was asked for with little patience, only `looked_at` of the `to_look_at` articles have been looked at so
    far, and all of this speaks of those.
    """

    found: int
    places: int
    articles: int
    steps: tuple[Told, ...]
    rows: tuple[KwicRow, ...]
    lost: int
    looked_at: int
    to_look_at: int

    @property
    def whole(self) -> bool:
        """Whether this is all there is."""
        return self.looked_at == self.to_look_at


class Concordances:
    """For one actor; `understand` reads a search as a query."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        actor: Actor,
        understand: Callable[[Search], Query],
        segmenter: Segmenter,
    ) -> None:
        """For `Session` only."""
        self._segmenter = segmenter
        self._store = store
        self._engine = engine
        self._actor = actor
        self._understand = understand
        self._chains = Chains(store, engine, actor, understand)

    def page(
        self,
        search: Search,
        steps: Sequence[Step],
        how: Arranged,
        *,
        limit: int = 50,
        offset: int = 0,
        patience: float | None = None,
    ) -> Concordance:
        """`limit` rows from `offset` on. Raises what `Session.search` does.

        With `patience`, in seconds, of what was found meanwhile: ask again until it is whole, the work goes on.
        """
        chain = self._chains.of(search, steps, how, patience=patience)
        rows = self._rows(search, chain, range(offset, min(len(chain.rows), offset + limit)))
        articles = len({chain.places.article[row] for row in chain.rows})
        return Concordance(
            found=len(chain.places),
            places=len(chain.rows),
            articles=articles,
            steps=chain.told,
            rows=tuple(rows),
            lost=chain.labels.lost,
            looked_at=chain.part.looked_at,
            to_look_at=chain.part.articles,
        )

    def rows(self, search: Search, steps: Sequence[Step], how: Arranged) -> Iterator[KwicRow]:
        """All rows of `page`, read a few articles at a time."""
        chain = self._chains.of(search, steps, how)
        yield from self._rows(search, chain, range(len(chain.rows)))

    def groups(self, search: Search, steps: Sequence[Step], columns: Sequence[str]) -> tuple[Group, ...]:
        """The places left by the steps counted by one or two columns; their places add up to those left."""
        if not 1 <= len(columns) <= 2:
            raise UsageError("按一列或两列分组", hint="选一列，或再选第二列")
        chain = self._chains.of(search, steps)
        return grouped(chain.places, chain.rows, [checked_column(name) for name in columns], chain.labels.column)

    def barcodes(self, search: Search, steps: Sequence[Step]) -> tuple[Barcode, ...]:
        """Where the places left by the steps stand in the volumes within the search's filters, those without too."""
        chain = self._chains.of(search, steps)
        scope = replace(chain.query, tree=EVERYTHING, period=None)
        return barcodes(chain.places, chain.rows, self._engine.facts(scope, self._actor.rights.in_use))

    def collocates(
        self, search: Search, steps: Sequence[Step], unit: str, *, least: int = 3, articles: int = 2
    ) -> Collocates:
        """What stands beside the places left by the steps, `least` times in at least so many articles.

        `unit` is one of `collocates.UNITS`. How often it stands elsewhere is counted within the search's filters, its
        period, its scope and the actor's rights. Raises UsageError, and what `Session.search` does.
        """
        checked_unit(unit)
        chain = self._chains.of(search, steps)
        names = Authority.of(self._store) if unit == "name" else None
        name = ("beside", chain.query, self._actor.rights.in_use, tuple(chain.rows), unit, least, articles, names)
        return remembered(self._engine).of(
            name, chain.state, lambda: self._beside(search, chain, unit, least, articles, names)
        )

    def _beside(
        self, search: Search, chain: Chain, unit: str, least: int, articles: int, names: Authority | None
    ) -> Collocates:
        places, rows = chain.places, chain.rows

        def scope() -> Iterator[Standing]:
            return self._texts(replace(chain.query, tree=EVERYTHING))

        if context_of(unit):
            return adjacent(places, rows, unit, scope, least, articles)
        written, vocabulary = search.as_written, dict[str, list[str]]()
        if names is not None:
            for one in names.names:
                for form in one.forms:
                    vocabulary.setdefault(form if written else key(form), []).append(one.preferred)
        else:
            counts = Counter(
                word for text in paragraphs(places, rows, scope) for word in set(self._segmenter.words(text))
            )
            words = ((word, count) for word, count in counts.items() if len(word) > 1 and word.isalnum())
            often = sorted(words, key=lambda one: (-one[1], one[0]))[:MOST_WORDS]
            vocabulary = {word: [word] for word, _ in often}
        return beside(places, rows, unit, vocabulary, scope, least, articles)

    def _texts(self, query: Query) -> Iterator[Standing]:
        rights = self._actor.rights.in_use
        ids = [one.id for one in self._engine.facts(query, rights)]
        for at in range(0, len(ids), AT_A_TIME):
            raise_if_cancelled()
            yield from self._engine.standing(query, rights, ids[at : at + AT_A_TIME])

    def same_words(self, article_id: str, block: int, search: Search) -> SameWords:
        """Where the words of a paragraph stand elsewhere, within the search's filters and its scope.

        Raises NotFound for an article or paragraph that is not there, and what `Session.search` does.
        """
        article, rights = self._visible(article_id), self._actor.rights.in_use
        if block not in dict(article.units()):
            raise NotFound("这篇文章里没有这一段", hint="请从文章里重新选")
        paragraph = Counted.of(article.blocks[block].text)
        scope = self._understand(search.but(text="", as_written=False))
        seeds = list(paragraph.seeds())
        stands = {seed: self._engine.count(replace(scope, tree=Phrase(seed)), rights) for seed in dict.fromkeys(seeds)}
        rare = tuple(seed for seed, count in stands.items() if 0 < count <= FORMULA)
        found = self._engine.ids(replace(scope, tree=Words(rare, 2)), rights) if len(rare) > 1 else frozenset()
        places = [
            place
            for each in self._store.articles(sorted(found))
            for place in passages(paragraph, each, block if each.id == article.id else None)
        ]
        formulas = formula_spans(paragraph, [stands[seed] > FORMULA for seed in seeds])
        return SameWords(article, block, chained(places), formulas)

    def heading(self, search: Search, steps: Sequence[Step], how: Arranged, places: int) -> Heading:
        """What a file of these rows says of itself: the search, its scope, each step, the order, how many."""
        said = heading(self._understand(search), self._actor.rights.in_use, self._store, self._engine)
        narrowed = tuple((f"第 {number} 步", step.words) for number, step in enumerate(steps, 1))
        kept_back = {"排序": how.words}
        return (*((label, kept_back.get(label, value)) for label, value in said), *narrowed, ("行数", str(places)))

    # -- labels

    def label(self, article_id: str, place: Place, label: str) -> None:
        """Label a place for the actor, or take its label off when `label` is empty. `place` is in stored text.

        Raises UsageError for another label, NotFound where nothing stands there that the actor may see.
        """
        if self._actor.rights.blind:
            raise NotAllowed(f"{self._actor.name}不能做标记", hint="请有阅读权限的同事来做")
        if label and label not in LABELS:
            raise UsageError(f"没有“{label[:10]}”这种标记", hint=f"可选：{'、'.join(LABELS)}")
        article = self._visible(article_id)
        texts = [block.text for block in article.blocks]
        block, start, end = place
        if not 0 <= block < len(texts) or not 0 <= start < end <= len(texts[block]):
            raise NotFound("这一处已经不在原来的地方", hint="请回到逐处页再标一次")
        self._store.place_labels.put(self._actor.id, article.id, anchored(texts, place), label)

    def _visible(self, article_id: str) -> Article:
        return self._store.seen(article_id, self._actor.rights.in_use)

    def _rows(self, search: Search, chain: Chain, numbers: range) -> Iterator[KwicRow]:
        titles = {one.id: one.title for one in self._store.collections(None)}
        for at in range(numbers.start, numbers.stop, AT_A_TIME):
            part = range(at, min(numbers.stop, at + AT_A_TIME))
            ids = list(dict.fromkeys(chain.places.id(chain.rows[number]) for number in part))
            read = {
                article.id: (Reading(article, closeness(search)), mentions)
                for article, mentions in self._store.dated(ids)
            }
            for number in part:
                row = chain.rows[number]
                reading, mentions = read[chain.places.id(row)]
                label = chain.labels.column[row] if chain.labels.column else NONE
                yield _row(number + 1, reading, reading.place(chain.places, row), mentions, titles, label)


def _row(
    number: int, reading: Reading, place: Place, mentions: Sequence[Mention], titles: dict[str, str], label: str
) -> KwicRow:
    article, (block, start, end) = reading.article, place
    here = [mention for mention in mentions if mention.block == block]
    before = [mention for mention in here if mention.start <= start]
    goes_by = before[-1:] or here[:1]
    return KwicRow(
        number=number,
        article=article.id,
        version=article.version,
        title=article.title,
        collection=titles[article.collection],
        volume=article.volume,
        authors=tuple(dict.fromkeys(person.name for person in article.people)),
        date=(article.date.written or dates.describe(article.date)) if article.date else "",
        stated=article.blocks[block].text[goes_by[0].start : goes_by[0].end] if goes_by else "",
        pages=article.pages,
        block=block,
        paragraph=reading.blocks.index(block),
        text=article.blocks[block].text,
        start=start,
        end=end,
        label="" if label == NONE else label,
    )
