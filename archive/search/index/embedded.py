"""Engines of one process and one folder; the default of them: SQLite FTS5 decides what occurs where, Whoosh ranks it.

Both are derived from the store and belong together: SQLite notes the Whoosh generation it was committed with, and a
pair that disagrees is rebuilt. `Parts` says what else may stand in the place of either. An index lives in a folder of
its own under `index/`; `index/current` names the one in use, so that a rebuild never disturbs a reader.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from pathlib import Path

from archive.model.access import Rights
from archive.model.errors import EngineError, WenshiError
from archive.model.records import Article, Mention
from archive.model.search import Source, Timeline
from archive.search.index import place_count
from archive.search.index.damage import REBUILD, failing_loudly
from archive.search.index.engine import EngineInfo, Matches, Standing
from archive.search.index.facet_counts import FacetCounts
from archive.search.index.facts import (
    Facts,
    Profile,
    Tally,
    chosen,
    named_strings,
    source_order,
    tallied,
)
from archive.search.index.fts_occurrences import FtsOccurrences
from archive.search.index.literal import LAYOUT, LiteralIndex
from archive.search.index.orders import Orders
from archive.search.index.parts import Files, Parts
from archive.search.index.ranking import Answer
from archive.search.index.ranking_index import RankingIndex
from archive.search.index.selecting import Selecting, asked
from archive.search.index.sets import Keys
from archive.search.index.time_counts import TimeCounts
from archive.search.matching import Closeness
from archive.search.query import EVERYTHING, Counted, Query, stretches
from archive.support.cancellation import held
from archive.support.files import move, sync_file, sync_folder, why_unwritable
from archive.support.storage_errors import storage_errors
from archive.text.folding import folding_version
from archive.text.segmentation import Segmenter

log = logging.getLogger(__name__)

_WRITING = "写入索引"
_ANSWERS = 64  # searches whose facets and timelines are remembered, some kilobytes each
_FEW = 200  # articles put since, up to which what is known of all is brought up to date by theirs
_NAME = re.compile(r"g\d+")
_LONGEST_NAME = 40

EMBEDDED = Parts(
    "embedded",
    LAYOUT,
    FtsOccurrences,
    lambda folder, segmenter, _, create: RankingIndex(folder, segmenter, create=create),
)


class _Pair:
    """One literal index and one word index that belong together."""

    def __init__(self, folder: Path, segmenter: Segmenter, parts: Parts, *, create: bool = False) -> None:
        self.folder = folder
        if create:
            folder.mkdir(parents=True)
        elif not (folder / "literal.sqlite").is_file():
            raise EngineError(f"索引不完整：{folder}", hint=REBUILD)
        self.literal = LiteralIndex(folder / "literal.sqlite", create=create, occurrences=parts.occurrences)
        try:
            self.words = parts.ranking(folder / "words", segmenter, self.literal, create)
        except BaseException:
            self.literal.close()
            raise
        self.generation = ""
        self.facts: dict[int, Facts] = {}
        self.field_names: dict[Rights, frozenset[str]] = {}
        self.matter: frozenset[int] = frozenset()
        self.selecting = Selecting({}, self.literal)
        self.facets = FacetCounts({})
        self.times = TimeCounts(self.literal)
        self.orders = Orders({})
        self.usual = 1.0  # characters of an article, on average
        self._remember()

    def files(self) -> Files:
        """The ranking index's files as they were when both were committed together."""
        noted = json.loads(self.literal.info("files") or "{}")
        return {str(name): (int(size), str(sha256)) for name, (size, sha256) in noted.items()}

    def commit(self) -> None:
        """Make both lasting, the ranking index first: the literal one notes which state of it belongs to it."""
        self.literal.write_out()
        generation = self.words.commit()
        self.literal.note("generation", str(generation))
        self.literal.note("files", json.dumps(self.words.files(self.files())))
        self.literal.commit()

    def refresh(self) -> None:
        """Within a transaction: catch up with what was committed since."""
        generation = self.literal.info("generation")
        if generation == self.generation:
            return
        self.words.refresh()
        changed = self.literal.put_since(self.selecting.last_put)
        few = bool(self.generation) and len(changed) <= _FEW
        self.literal.refresh(changed if few else None)
        if few:
            self.facts.update(self.literal.facts(changed))
            self.facets.update(self.facts, changed)
            self.times.update(changed)
        else:
            self.facts = self.literal.facts()
            self.facets = FacetCounts(self.facts)
            self.times = TimeCounts(self.literal)
        self.selecting = Selecting(self.facts, self.literal, self.selecting)
        self.field_names = {}
        self.orders = Orders(self.facts)
        self.matter = frozenset(key for key, known in self.facts.items() if known.matter)
        self.usual = sum(map(attrgetter("characters"), self.facts.values())) / max(1, len(self.facts)) or 1.0
        self._remember()
        self.generation = generation

    def found(self, query: Query, rights: Rights) -> Keys:
        """The keys of all articles that match."""
        return self.selecting.matching(query, rights)[0][Closeness.FOLDED]

    def _remember(self) -> None:
        """Of one state: what is the same on every page of hits, and for every period that is then chosen."""
        keys = self.found
        self.facets_of = lru_cache(_ANSWERS)(lambda query, rights: self.facets.of(keys(query, rights)))
        self.timeline_of = lru_cache(_ANSWERS)(lambda query, rights: self.times.of(query, keys(query, rights)))

    def close(self) -> None:
        self.words.close()
        self.literal.close()


class _Batch:
    """Articles on their way into both indexes."""

    def __init__(self, pair: _Pair) -> None:
        self._pair = pair

    def put(self, article: Article, mentions: Sequence[Mention]) -> None:
        """Add or replace. Raises EngineError, StorageError."""
        with failing_loudly(_WRITING):
            new = self._pair.literal.key(article.id) is None
            key, folded = self._pair.literal.put(article, mentions)
            self._pair.words.put(key, folded, new=new)


class EmbeddedEngine:
    """See the module. Safe to share between threads; several processes may read while one writes."""

    def __init__(self, folder: Path, segmenter: Segmenter, parts: Parts = EMBEDDED) -> None:
        self._folder = folder
        self._pointer = folder / "current"
        self._segmenter = segmenter
        self._parts = parts
        self._lock = threading.RLock()  # of the pair that readers share
        self._changing = threading.RLock()  # of who writes or checks, on a pair of their own; taken before the other
        self._pair: _Pair | None = None

    def close(self) -> None:
        """Release files."""
        with self._lock:
            if self._pair is not None:
                self._pair.close()
                self._pair = None

    # -- which index is in use
    def _name(self) -> str:
        """The folder in use."""
        if not self._pointer.is_file():  # nor a device or a pipe, from which reading would never end
            raise EngineError("这个资料库还没有索引", hint=REBUILD)
        with self._pointer.open("rb", buffering=0) as stream:  # for every question, so without what decodes and waits
            name = stream.read(_LONGEST_NAME).decode("ascii").strip()
        if not _NAME.fullmatch(name):
            raise EngineError("不知道用的是哪一份索引", hint=REBUILD)
        return name

    def _current(self) -> _Pair:
        """The pair that readers share."""
        name = self._name()
        mended = self._pair is not None and self._pair.literal.unwritable and not why_unwritable(self._pair.folder)
        if self._pair is None or self._pair.folder.name != name or mended:
            self.close()
            self._pair = _Pair(self._folder / name, self._segmenter, self._parts)
        return self._pair

    @contextmanager
    def _apart(self, doing: str) -> Iterator[_Pair]:
        """A pair of the body's own, so that who reads does not wait for it; one body at a time."""
        with self._changing:
            with failing_loudly(doing):
                pair = _Pair(self._folder / self._name(), self._segmenter, self._parts)
            try:
                yield pair
            finally:
                pair.close()

    def _fresh_folder(self) -> Path:
        taken = {int(path.name[1:]) for path in self._folder.glob("g*") if path.name[1:].isdigit()}
        return self._folder / f"g{max(taken, default=0) + 1:04}"

    def sound(self) -> bool:
        """Whether the two indexes belong together, each article once, made by this folding, layout and segmenter."""
        with self._changing:
            try:
                with failing_loudly("检查索引"), self._apart("检查索引") as pair:
                    noted = [pair.literal.info(name) for name in ("layout", "folding", "segmenter", "generation")]
                    made = [
                        self._parts.layout,
                        folding_version(),
                        self._segmenter.signature,
                        str(pair.words.generation()),
                    ]
                    counted = pair.words.count() == pair.literal.count()
                    whole = pair.literal.consistent() and not pair.words.incomplete(pair.files())
                    return noted == made and counted and whole
            except WenshiError as error:
                log.info("the index is unsound: %s", error.message)
                return False

    def info(self) -> EngineInfo:
        """What it holds."""
        with held(self._lock), failing_loudly("读取索引"):
            literal = self._current().literal
            return EngineInfo(self._parts.name, literal.count(), literal.info("segmenter"), literal.info("folding"))

    def differences(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> tuple[str, ...]:
        """Compare all that is noted of each article; `damage` tells whether it is also found by that."""
        with failing_loudly("核对索引"), self._apart("核对索引") as pair:
            literal = pair.literal
            strangers, differing = literal.ids(), set()
            for article, mentions in articles:
                strangers.discard(article.id)
                if not literal.holds(article, mentions):
                    differing.add(article.id)
            return tuple(sorted(differing | strangers))

    def damage(self) -> str:
        """Read every byte and every posting of both indexes."""
        if not self.sound():
            return "不完整，或由另一个版本建成"
        with failing_loudly("核对索引"), self._apart("核对索引") as pair:
            if broken := pair.words.damaged(pair.files()):
                return f"文件的内容变了：{'、'.join(broken)}"
            pair.words.read_all()
            pair.literal.begin(write=pair.literal.unwritable is None)
            try:
                faults = list(pair.literal.faults())
                log.info("the literal index: %s", faults)
                return "里面的内容坏了" if faults else ""
            finally:
                pair.literal.roll_back()

    # -- writing
    @contextmanager
    def batch(self) -> Iterator[_Batch]:
        """Changes to both indexes, visible together; the first batch of all makes the index."""
        with self._changing:
            if not self._pointer.exists():
                self.rebuild(())
            with self._apart(_WRITING) as pair, self._writing(pair) as batch:
                yield batch

    @contextmanager
    def _writing(self, pair: _Pair) -> Iterator[_Batch]:
        try:
            with failing_loudly(_WRITING):
                pair.literal.begin(write=True)
                pair.words.begin()
            yield _Batch(pair)  # what fails in the body is no failure of the index
            with failing_loudly(_WRITING):
                pair.commit()
        except BaseException:
            pair.words.roll_back()
            pair.literal.roll_back()
            raise

    def rebuild(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        """Make a new index beside the old one, then switch over; the number of articles taken."""
        with self._changing, storage_errors(self._folder, "索引没有建成"):
            folder = self._fresh_folder()
            try:
                count = self._build(folder, articles)
                sync_folder(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            with self._lock:
                self._switch_to(folder)
            return count

    def _build(self, folder: Path, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        count = 0
        pair = _Pair(folder, self._segmenter, self._parts, create=True)
        try:
            with self._writing(pair) as batch:
                pair.literal.note("layout", self._parts.layout)
                pair.literal.note("folding", folding_version())
                pair.literal.note("segmenter", self._segmenter.signature)
                for article, mentions in articles:
                    batch.put(article, mentions)
                    count += 1
            pair.literal.optimize()
        finally:
            pair.close()
        return count

    def _switch_to(self, folder: Path) -> None:
        pointer, fresh = self._pointer, self._folder / "current.new"
        for stranger in (pointer, fresh):
            if stranger.is_dir():
                shutil.rmtree(stranger)
        fresh.write_text(folder.name, encoding="ascii")
        sync_file(fresh)
        move(fresh, pointer)
        sync_folder(self._folder)
        self.close()
        for old in self._folder.glob("g*"):
            if old != folder:  # a reader on Windows may still hold it; the next rebuild clears it away
                with suppress(OSError):
                    shutil.rmtree(old) if old.is_dir() else old.unlink()

    # -- searching
    def search(self, query: Query, rights: Rights, *, limit: int, offset: int = 0) -> Matches:
        """Exactly what the query language says, on one state of the index."""
        with self._reading() as pair:
            sets, dated = pair.selecting.matching(query, rights)
            answer = Answer(
                query, sets, dated, pair.facts, pair.orders, pair.matter, pair.literal, pair.words, pair.usual
            )
            matching = sets[Closeness.FOLDED]
            counted = pair.selecting.places(query, rights) if limit and not stretches(query.tree) else None
            facets = dict(pair.facets_of(asked(query), rights))
            for name in chosen(query.search):
                facets[name] = pair.facets_of(asked(query.without(name)), rights)[name]
            return Matches(len(matching), answer.page(limit, offset), facets, counted)

    def count(self, query: Query, rights: Rights) -> int:
        """How many articles match."""
        with self._reading() as pair:
            return pair.selecting.number(query, rights)

    def ids(self, query: Query, rights: Rights) -> frozenset[str]:
        """Those of all articles that match."""
        with self._reading() as pair:
            return frozenset(pair.facts[key].id for key in pair.found(query, rights))

    def counts(self, query: Query, rights: Rights, counted: Counted) -> list[int]:
        """The articles of each tree are remembered, and kept in step with what is put."""
        with self._reading() as pair:
            found = pair.found(query, rights)
            return [len(found & standing) for standing in pair.selecting.standing(counted)]

    def first_standing(self, query: Query, rights: Rights, texts: Sequence[str], most: int) -> list[tuple[str, int]]:
        """By the pairs of characters that stand in what matches, where these are few, and then by what is looked up."""
        with self._reading() as pair:
            return pair.selecting.first_standing(query, rights, texts, most)

    def tallies(self, query: Query, rights: Rights) -> Mapping[Profile, Tally]:
        """Places are counted in every article found, however many there are."""
        with self._reading() as pair:
            scope = pair.found(replace(query, tree=EVERYTHING), rights)
            found = pair.found(query, rights)
            places = {pair.facts[key].id: 0 for key in found}
            for key, count in place_count.by_article(query, found, pair.literal):
                places[pair.facts[key].id] = count
            return tallied((pair.facts[key] for key in scope), places)

    def standing(self, query: Query, rights: Rights, articles: Sequence[str]) -> list[Standing]:
        """The texts of all of them are read at once."""
        with self._reading() as pair:
            keys = [key for key in map(pair.literal.key, articles) if key is not None]
            covered = [key for key in keys if rights.cover(pair.facts[key])]
            return place_count.standing(query, covered, pair.literal, pair.facts)

    def facts(self, query: Query, rights: Rights) -> list[Facts]:
        """They are in memory."""
        with self._reading() as pair:
            return sorted((pair.facts[key] for key in pair.found(query, rights)), key=source_order)

    def strings(self) -> Iterable[tuple[Source, str, int]]:
        """As of one state of the index."""
        with self._reading() as pair:
            titles = Counter(pair.literal.titles())
            words = pair.words.frequent_words()
            named = list(named_strings(pair.facts.values()))
        return [*((Source.TITLE, *one) for one in titles.items()), *named, *((Source.WORD, *one) for one in words)]

    def varies(self, folded: str) -> bool:
        """By the characters and pairs that are noted as written otherwise."""
        with self._reading() as pair:
            return pair.literal.varies(folded)

    def state(self) -> str:
        """The folder in use and its generation."""
        with self._reading() as pair:
            return f"{pair.folder.name} {pair.generation}"

    def state_at_once(self) -> str:
        """It always is."""
        return self.state()

    def timeline(self, query: Query, rights: Rights) -> Timeline:
        """Count everything that matches over time."""
        with self._reading() as pair:
            return pair.timeline_of(asked(query), rights)

    def field_names(self, rights: Rights) -> frozenset[str]:
        """Looked up once for each kind of rights until the index changes."""
        with self._reading() as pair:
            if rights not in pair.field_names:
                covered = pair.found(Query(tree=EVERYTHING), rights)
                pair.field_names[rights] = pair.literal.field_names(covered)
            return pair.field_names[rights]

    @contextmanager
    def _reading(self) -> Iterator[_Pair]:
        """One state of the index."""
        with held(self._lock), failing_loudly("检索"):
            pair = self._current()
            pair.literal.begin()
            try:
                pair.refresh()
                yield pair
            finally:
                pair.literal.roll_back()
