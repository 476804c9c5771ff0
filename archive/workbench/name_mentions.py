"""Where people, places and bodies stand in the texts an actor may see, and who is meant there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.catalogue.authority import Authority, key
from archive.catalogue.name_places import SHORT, Known, NamePlace, name_places
from archive.catalogue.roster import Tenure, tenures
from archive.dates.office_periods import OfficePeriods
from archive.model.access import Action, Actor
from archive.model.errors import NotFound, UsageError
from archive.model.name_records import NameKind, NameRecord, Standing
from archive.model.records import Article, Genre, Mention
from archive.model.search import Search
from archive.search.conditions import tree_of
from archive.search.counts import Division, part_of, part_order
from archive.search.index.engine import Engine
from archive.search.query import Counted, Or, Phrase, Query
from archive.store import Store
from archive.store.article_rows import no_article
from archive.store.name_rows import NameDecision
from archive.text.anchors import Place, anchored
from archive.workbench.names import Names

BESIDE_OF = 100
"""Articles looked through for who and what stands beside a name."""

MOST_AT_ONCE = 2_000
"""Places that can be decided in one go, and articles that are read to find them."""

_LISTED = 12


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A place of a record's name with the article and the text of its paragraph."""

    article: Article
    at: NamePlace

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return self.article.blocks[self.at.place[0]].text

    @property
    def address(self) -> str:
        """The place as a form carries it: see `NameMentions.at`."""
        return ":".join(map(str, (self.article.id, self.article.version, *self.at.place)))


@dataclass(frozen=True, slots=True)
class MentionPage:
    """Some of the places of a name; `articles` have one of its forms."""

    articles: int
    mentions: tuple[Mentioned, ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A form that alone does not tell who is meant, its bearers, how many articles have it, places by standing."""

    form: str
    bearers: tuple[NameRecord, ...]
    articles: int
    decided: Mapping[Standing, int]


class NameMentions:
    """For one actor; `understand` reads a search as a query."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        actor: Actor,
        understand: Callable[[Search], Query],
        periods: OfficePeriods,
    ) -> None:
        """For `Session` only."""
        self._store, self._engine, self._actor = store, engine, actor
        self._understand = understand
        self._periods = periods
        self._names = Names(store, actor)
        self._rights = actor.rights.in_use

    @property
    def may_decide(self) -> bool:
        """Whether the actor may say anywhere who is meant."""
        return self._actor.rights.allow(Action.DESCRIBE)

    def _known(self) -> Known:
        records = {one.key: one for one in self._names.all()}
        leads = {old: new for new, several in self._names.merged().items() for old in several}
        return Known(Authority.of(self._store), records, leads, self._store.names.decisions())

    def in_article(
        self, article: Article, mentions: Sequence[Mention], blocks: frozenset[int] | None = None
    ) -> tuple[NamePlace, ...]:
        """The names in an article that the actor reads, or in some of its blocks. Raises NotFound."""
        if not self._actor.rights.cover(article):
            raise no_article(article.id)
        return tuple(name_places(article, mentions, self._known(), blocks=blocks))

    def in_articles(
        self, ids: Sequence[str], wanted: Iterable[int]
    ) -> list[tuple[Article, Sequence[Mention], tuple[NamePlace, ...]]]:
        """The articles of `ids` that the actor may see, with their dates and the places of some records' names."""
        known, records = self._known(), frozenset(wanted)
        return [
            (article, mentions, tuple(name_places(article, mentions, known, records)))
            for article, mentions in self._store.dated(list(self._store.those_seen(ids, self._rights)))
        ]

    # -- of one record

    def records(self, numbers: Iterable[int]) -> Mapping[int, NameRecord]:
        """The records of some numbers by number, each once; 0 is none."""
        known = self._known().records
        return {number: known[number] for number in numbers if number in known}

    def _query(self, record: NameRecord) -> Query:
        return replace(self._understand(Search()), tree=tree_of(Authority.of(self._store), record))

    def _of_form_alone(self, form: str) -> Query:
        return replace(self._understand(Search()), tree=Phrase(form))

    def of(self, record: NameRecord, *, limit: int = 20, offset: int = 0) -> MentionPage:
        """The places in `limit` articles from `offset` on where the record is meant, or may be."""
        facts = self._engine.facts(self._query(record), self._rights)
        ids = [one.id for one in facts[offset : offset + limit]]
        return MentionPage(len(facts), tuple(self._mentioned(ids, record.key)))

    def _mentioned(self, ids: Sequence[str], number: int) -> Iterator[Mentioned]:
        known = self._known()
        for article, mentions in self._store.dated(ids):
            for one in name_places(article, mentions, known, frozenset({number})):
                if number in (one.record, *one.candidates) and one.record in (0, number):
                    yield Mentioned(article, one)

    def decades(self, record: NameRecord) -> tuple[tuple[str, int, int], ...]:
        """Decade of the article's own date ("" undated), places and articles, of all texts with one of its forms."""
        found: dict[tuple[tuple[str, str], ...], tuple[int, int]] = {}
        for profile, tally in self._engine.tallies(self._query(record), self._rights).items():
            part = part_of(profile, Division.DECADE)
            places, articles = found.get(part, (0, 0))
            found[part] = places + tally.places, articles + tally.found
        return tuple((part[0][1], *found[part]) for part in sorted(found, key=part_order) if found[part][0])

    def posts(self, record: NameRecord) -> tuple[tuple[Tenure, str], ...]:
        """The posts that lists of office-holders give to one of the record's names, each with the article's title."""
        if record.kind is NameKind.PLACE:
            return ()
        forms = {key(form) for form in (record.preferred, *record.aliases)}
        ids = [one.id for one in self._engine.facts(self._query(record), self._rights) if one.genre is Genre.TERM]
        reader = self._periods.reader()
        found = []
        for article in self._store.articles(ids):
            for one in tenures(article, reader):
                named = one.person if record.kind is NameKind.PERSON else one.body
                if named and key(named) in forms:
                    found.append((one, article.title))
        return tuple(sorted(found, key=lambda each: (each[0].period.start or 0) if each[0].period else 0))

    def beside(self, record: NameRecord) -> tuple[tuple[NameRecord, int], ...]:
        """Who and what is meant in the same paragraphs of the first BESIDE_OF articles, each with in how many."""
        ids = [one.id for one in self._engine.facts(self._query(record), self._rights)[:BESIDE_OF]]
        known, counted = self._known(), Counter[int]()
        for article, mentions in self._store.dated(ids):
            blocks: dict[int, set[int]] = {}
            for one in name_places(article, mentions, known):
                blocks.setdefault(one.place[0], set()).add(one.record)
            for met in blocks.values():
                if record.key in met:
                    counted.update(met - {record.key, 0})
        ordered = sorted(counted, key=lambda one: (-counted[one], one))
        return tuple((known.records[one], counted[one]) for one in ordered[: 2 * _LISTED])

    # -- the queue

    def queue(self) -> tuple[Doubtful, ...]:
        """The forms that several records go by, and those of two characters, that stand in a text: several first."""
        known = self._known()
        doubtful = {
            form: bearers
            for form, names in known.authority.by_form.items()
            if (bearers := known.meant(name.record for name in names)) and (len(bearers) > 1 or len(form) == SHORT)
        }
        forms = list(doubtful)
        trees = Counted(tuple(Or((Phrase(form),)) for form in forms))
        counts = self._engine.counts(self._understand(Search()), self._rights, trees) if forms else []
        decided = self._decided(known)
        found = [
            Doubtful(form, tuple(known.records[one] for one in doubtful[form]), count, decided.get(form, {}))
            for form, count in zip(forms, counts, strict=True)
            if count
        ]
        return tuple(sorted(found, key=lambda one: (len(one.bearers) == 1, -one.articles, one.form)))

    def _decided(self, known: Known) -> Mapping[str, Mapping[Standing, int]]:
        found: dict[str, Counter[Standing]] = {}
        for article, decisions in known.decisions.items():
            if self._store.covers(article, self._rights):
                for one in decisions:
                    found.setdefault(one.form, Counter())[one.standing] += 1
        return found

    def open_places(self, form: str, *, limit: int = 20, offset: int = 0) -> MentionPage:
        """All places of a form in `limit` articles from `offset` on, whatever was decided."""
        facts = self._engine.facts(self._of_form_alone(form), self._rights)
        return MentionPage(len(facts), tuple(self._of_form([one.id for one in facts[offset : offset + limit]], form)))

    def _of_form(self, ids: Sequence[str], form: str) -> Iterator[Mentioned]:
        known, wanted = self._known(), key(form)
        owners = frozenset(name.record for name in known.authority.by_form.get(wanted, ()))
        for article, mentions in self._store.dated(ids):
            for one in name_places(article, mentions, known, owners):
                if one.form == wanted:
                    yield Mentioned(article, one)

    def linkable(self, form: str, number: int, *, clued: bool = True) -> tuple[Mentioned, ...]:
        """The open places of a form that could be decided to mean a record in one go; with `clued` those that something
        in the text speaks for. A short form never goes without.

        Raises UsageError for more than MOST_AT_ONCE, of places or of articles.
        """
        ids = [one.id for one in self._engine.facts(self._of_form_alone(form), self._rights)]
        if len(ids) > MOST_AT_ONCE:
            raise UsageError(f"“{form}”见于 {len(ids)} 篇，一次看不完", hint="逐页勾选来指认")
        clued = clued or len(key(form)) <= SHORT
        found: list[Mentioned] = []
        for one in self._of_form(ids, form):
            if one.at.standing is not Standing.OPEN or number not in one.at.candidates:
                continue
            if clued and not one.at.speaks_for(number):
                continue
            found.append(one)
            if len(found) > MOST_AT_ONCE:
                raise UsageError(f"多于 {MOST_AT_ONCE} 处，一次定不完", hint="先只定有旁证的，或逐页勾选")
        return tuple(found)

    def at(self, addresses: Sequence[str]) -> tuple[Mentioned, ...]:
        """The places of some addresses. Raises NotFound where a text was corrected since."""
        wanted: dict[str, dict[Place, int]] = {}
        for one in addresses[:MOST_AT_ONCE]:
            parts = one.rsplit(":", 4)
            if len(parts) != 5 or not all(part.isdecimal() and len(part) < 10 for part in parts[1:]):
                raise NotFound("没有这一处", hint="回到待核的名称重新选")
            version, block, start, end = map(int, parts[1:])
            wanted.setdefault(parts[0], {})[block, start, end] = version
        known, found = self._known(), list[Mentioned]()
        seen = self._store.those_seen(list(wanted), self._rights)
        for article, mentions in self._store.dated(list(seen)):
            places, here = wanted[article.id], name_places(article, mentions, known)
            found.extend(Mentioned(article, each) for each in here if places.get(each.place) == article.version)
        if len(found) < sum(map(len, wanted.values())):
            raise NotFound("有的文章刚刚更正过，那几处要重新看", hint="回到待核的名称重新选")
        return tuple(found)

    # -- deciding

    def decide(
        self, places: Sequence[Mentioned], standing: Standing, records: Sequence[int], reason: str = "", *,
        anew: bool = False,
    ) -> tuple[int, int]:  # fmt: skip
        """Say who is meant at places: the number of the batch, and of the places decided.

        What has been decided before is left alone unless `anew`. Open means that none of `records` is meant: they are
        not offered there again. Raises UsageError where records are missing or too many, NotAllowed.
        """
        self._actor.require(Action.DESCRIBE)
        meant = tuple(dict.fromkeys(records))
        for number in meant:
            self._names.get(number)
        if standing is Standing.SETTLED and len(meant) != 1:
            raise UsageError("“已定”要选一个", hint="选一个人、地方或机构")
        if standing is Standing.EITHER and len(meant) < 2:
            raise UsageError("“两可”至少要选两个", hint="选可能的几个")
        if standing is Standing.OPEN and not meant:
            raise UsageError("没有选不是哪一个", hint="选一个，以后这里不再提它")
        found = []
        for one in places:
            self._actor.require(Action.DESCRIBE, one.article)
            if anew or one.at.standing is Standing.OPEN:
                found.append(self._decision(one, standing, meant, reason))
        if not found:
            raise UsageError("选中的都已经定过，没有改动", hint="要改已定的，先按状态筛出来再选")
        return self._store.names.decide(found, self._actor.name), len(found)

    def _decision(self, one: Mentioned, standing: Standing, meant: tuple[int, ...], reason: str) -> NameDecision:
        before = one.at.decision
        rejected = before.rejected if before else ()
        if standing is Standing.OPEN:
            rejected, meant = tuple(dict.fromkeys((*rejected, *meant))), ()
        else:
            rejected = tuple(each for each in rejected if each not in meant)
        texts = [block.text for block in one.article.blocks]
        anchor = before.anchor if before else anchored(texts, one.at.place)
        return NameDecision(one.article.id, anchor, one.at.form, standing, meant, rejected, reason.strip())

    def undo(self, batch: int) -> int:
        """Take back what was decided in one go, so that what held before holds again; how many places.

        Raises NotFound, NotAllowed, and Conflict where one of them was decided anew since.
        """
        self._actor.require(Action.DESCRIBE)
        for article in self._store.names.batch_articles(batch):
            if not self._store.covers(article, self._actor.rights):
                raise NotFound("没有这一次指认", hint="也许已经撤销了，刷新页面再看")
            self._actor.require(Action.DESCRIBE, self._store.seen(article, self._actor.rights))
        return len(self._store.names.undo(batch, self._actor.name))
