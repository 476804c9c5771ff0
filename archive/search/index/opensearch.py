"""An engine on an OpenSearch cluster, for libraries that no single machine holds.

The store is the truth and has the texts: the index has none. A search is one request, but for pages far down. Batches
become visible when they end; a batch that fails half-way may have replaced some articles by their newer state, which
is no harm, since what is pending is put again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from archive.model.access import Rights
from archive.model.errors import EngineError, WenshiError
from archive.model.records import Article, Genre, Mention
from archive.model.search import Scale, Source, Timeline
from archive.search.index import opensearch_documents as documents
from archive.search.index.engine import EngineInfo, Found, Matches, Standing, Texts
from archive.search.index.facts import Facts, Profile, Tally, chosen, decoded
from archive.search.index.literal import folded_text, matching_text
from archive.search.index.opensearch_asking import IN_SOURCE, Asked, facet_body
from archive.search.index.opensearch_client import Client, away_in_part, loud
from archive.search.index.opensearch_query import (
    FACET_FIELDS,
    LOOKED_AT,
    Json,
    Translator,
    covered,
    dates,
    every,
    too_many,
)
from archive.search.index.place_count import finder
from archive.search.matching import Closeness, Prepared, evaluate
from archive.search.query import EVERYTHING, And, Counted, Node, Phrase, Query, literals, stretches
from archive.text.folding import folding_version
from archive.text.segmentation import Segmenter

WRITTEN, FOLDED = Closeness.WRITTEN, Closeness.FOLDED
_PAGES = 10_000  # hits from the first on that one request can reach
_COUNTED = 50  # articles up to which their places are counted beside a page
_ASKED = 100  # questions in one request
_LOOKED_UP = 300  # texts that are looked up to find the first that stand somewhere
_TRIES = 3  # when somebody writes between two parts of one answer
_IN_PART = 200  # texts read from the store at once


class OpenSearchEngine:
    """One alias, behind which a rebuild changes the index. `copies` are kept beside each part of it."""

    def __init__(self, client: Client, segmenter: Segmenter, texts: Texts, shards: int = 1, copies: int = 0) -> None:
        self._client = client
        self._segmenter = segmenter
        self._texts = texts
        self._shards, self._copies = shards, copies

    # -- writing
    @contextmanager
    def batch(self) -> Iterator[_Batch]:
        """See the module; the first batch of all makes the index."""
        if not self._client.names():
            self.rebuild(())
        batch = _Batch(self._segmenter)
        yield batch
        self._client.send(self._client.alias, batch.documents.values())
        with loud():
            self._client.opensearch.indices.refresh(index=self._client.alias)

    def rebuild(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        """A new index, which the alias then stands for; copies are made afterwards, and nobody waits for them."""
        indices, before = self._client.opensearch.indices, self._client.names()
        name = self._fresh_name()
        definition = documents.definition(self._segmenter, self._shards)
        try:
            with loud():
                made = indices.create(index=name, body=definition)
            if not made["shards_acknowledged"]:  # where nothing is sent, nobody would notice
                raise away_in_part()
            sent = (documents.document(article, mentions, self._segmenter) for article, mentions in articles)
            count = self._client.send(name, sent)
            with loud():
                indices.refresh(index=name)
                indices.put_settings(index=name, body={"index": {"number_of_replicas": self._copies}})
        except BaseException:
            with suppress(WenshiError), loud():
                indices.delete(index=name)
            raise
        changes: list[Json] = [{"remove_index": {"index": old}} for old in before]
        with loud():
            indices.update_aliases(body={"actions": [*changes, {"add": {"index": name, "alias": self._client.alias}}]})
        return count

    def _fresh_name(self) -> str:
        with loud():
            there = self._client.opensearch.indices.get(index=f"{self._client.alias}-*", expand_wildcards="all")
        numbers = [int(name.rsplit("-", 1)[1]) for name in there if name.rsplit("-", 1)[1].isdigit()]
        return f"{self._client.alias}-{max(numbers, default=0) + 1:06}"

    # -- searching
    def search(self, query: Query, rights: Rights, *, limit: int, offset: int = 0) -> Matches:
        """All tiers and facets in one request; a page far down is walked to."""
        asked = Asked(query, rights, self._looking(rights), self._segmenter)
        for _ in range(_TRIES):
            end = offset + limit
            shallow = end <= _PAGES
            tiers = asked.tiers if limit else []
            narrowed = [(name, asked.whole_without(name)) for name in chosen(query.search)]
            bodies = [
                asked.head(),
                *(facet_body(whole, name) for name, whole in narrowed),
                *(asked.page(tier, end if shallow else 0) for tier in tiers),
            ]
            head, *rest = self._client.ask(bodies, scores=True)
            total = head["hits"]["total"]["value"]
            answers = rest[len(narrowed) :]
            counts = [answer["hits"]["total"]["value"] for answer in answers]
            if limit and sum(counts) != total:
                continue  # somebody wrote between two parts of the answer
            facets = {name: self._facet(head, name, asked.whole) for name in FACET_FIELDS}
            for (name, whole), answer in zip(narrowed, rest, strict=False):
                facets[name] = self._facet(answer, name, whole)
            if shallow:
                found = [
                    one
                    for tier, answer in zip(tiers, answers, strict=True)
                    for one in asked.found(tier, answer["hits"]["hits"])
                ][offset:end]
            else:
                found = list(self._walked(asked, counts, offset, limit))
            places = self._places(asked, total, found) if limit else None
            return Matches(total, tuple(found), _sorted(facets), places)
        raise EngineError("检索时正在大量写入，没有得到一致的结果", hint="过一会儿再试一次")

    def _walked(self, asked: Asked, counts: Sequence[int], offset: int, limit: int) -> Iterator[Found]:
        for tier, count in zip(asked.tiers, counts, strict=True):
            if offset < count and limit > 0:
                hits = self._client.each(asked.scored(tier), asked.order(), skip=offset, scores=True)
                for found, _ in zip(asked.found(tier, hits), range(limit), strict=False):
                    yield found
                    limit -= 1
            offset = max(0, offset - count)

    def _facet(self, answer: Any, name: str, whole: Json) -> dict[str, int]:
        found = answer["aggregations"][name]
        if found["sum_other_doc_count"] or found["doc_count_error_upper_bound"]:
            buckets = self._client.values(FACET_FIELDS[name], whole)
            return {str(bucket["key"]["value"]): bucket["doc_count"] for bucket in buckets}
        return {str(bucket["key"]): bucket["doc_count"] for bucket in found["buckets"]}

    def _places(self, asked: Asked, total: int, page: Sequence[Found]) -> int | None:
        if total > _COUNTED or stretches(asked.query.tree):
            return None
        ids = [one.article for one in page] if len(page) == total else self._ids(asked.whole)
        return sum(count for _, count in self._counted(asked.query, ids))

    def _ids(self, whole: Json) -> list[str]:
        return [hit["_id"] for hit in self._client.each(whole, [{"id": "asc"}])]

    def _counted(self, query: Query, ids: Sequence[str]) -> Iterator[tuple[str, int]]:
        """(id, number of places) of each of these articles, by looking at their texts."""
        find = finder(query)
        for article, _ in self._read(ids):
            yield article.id, sum(1 for _ in find(_matching(article, query.search.as_written)))

    def _read(self, ids: Sequence[str]) -> Iterator[tuple[Article, Sequence[Mention]]]:
        for at in range(0, len(ids), _IN_PART):
            yield from self._texts(ids[at : at + _IN_PART])

    def _looking(self, rights: Rights) -> Callable[[Json, Node, bool], Collection[str]]:
        def look(having: Json, leaf: Node, written: bool) -> Collection[str]:
            # Whatever a condition says counts for everybody, so rights are left to who asks for the whole.
            (answer,) = self._client.ask([{"size": 0, "track_total_hits": True, "query": having}])
            if answer["hits"]["total"]["value"] > LOOKED_AT:
                raise too_many(leaf)
            level = WRITTEN if written else FOLDED
            read = self._read(self._ids(having))
            return [one.id for one, _ in read if evaluate(leaf, Prepared(one), written=written) <= level]

        return look

    def _whole(self, query: Query, rights: Rights) -> Json:
        return Translator(self._looking(rights)).found(query, rights)

    def count(self, query: Query, rights: Rights) -> int:
        """Counted by the cluster."""
        return self._numbers([self._whole(query, rights)])[0]

    def _numbers(self, queries: Sequence[Json]) -> list[int]:
        counts: list[int] = []
        for at in range(0, len(queries), _ASKED):
            bodies: list[Json] = [
                {"size": 0, "track_total_hits": True, "query": query} for query in queries[at : at + _ASKED]
            ]
            counts += [answer["hits"]["total"]["value"] for answer in self._client.ask(bodies)]
        return counts

    def ids(self, query: Query, rights: Rights) -> frozenset[str]:
        """Read in parts of one state of the index."""
        return frozenset(self._ids(self._whole(query, rights)))

    def counts(self, query: Query, rights: Rights, counted: Counted) -> list[int]:
        """Counted by the cluster, a hundred trees a request."""
        whole, translator = self._whole(query, rights), Translator(self._looking(rights))
        return self._numbers([every([whole, translator.tree(tree, FOLDED, False)]) for tree in counted.trees])

    def first_standing(self, query: Query, rights: Rights, texts: Sequence[str], most: int) -> list[tuple[str, int]]:
        """A hundred texts a request, of the first few hundred."""
        standing: list[tuple[str, int]] = []
        for at in range(0, min(len(texts), _LOOKED_UP), _ASKED):
            part = texts[at : at + _ASKED]
            trees = [replace(query, tree=And((query.tree, Phrase(text)))) for text in part]
            counts = self._numbers([self._whole(tree, rights) for tree in trees])
            standing += [(text, count) for text, count in zip(part, counts, strict=True) if count]
            if len(standing) >= most:
                break
        return standing[:most]

    def tallies(self, query: Query, rights: Rights) -> Mapping[Profile, Tally]:
        """The scope is summed by the cluster; places are counted in the text of every article found."""
        scope = self._whole(replace(query, tree=EVERYTHING), rights)
        one: Json = {"top_hits": {"size": 1, "_source": ["profile_value", "profile"]}}
        inner: Json = {"letters": {"sum": {"field": "letters"}}, "one": one}
        tallies: dict[Profile, list[int]] = {}
        for bucket in self._client.values("profile", scope, inner):
            source = bucket["one"]["hits"]["hits"][0]["_source"]
            tallies[_profile(source)] = [bucket["doc_count"], int(bucket["letters"]["value"]), 0, 0]
        whole = self._whole(query, rights)
        profiles = {
            hit["_id"]: _profile(hit["_source"])
            for hit in self._client.each(whole, [{"id": "asc"}], source=["profile_value"])
        }
        places = dict(self._counted(query, list(profiles))) if literals(query.tree) else {}
        for id, profile in profiles.items():
            tallies[profile][2] += 1
            tallies[profile][3] += places.get(id, 0)
        return {profile: Tally(*counts) for profile, counts in tallies.items()}

    def standing(self, query: Query, rights: Rights, articles: Sequence[str]) -> list[Standing]:
        """In the texts of the store."""
        known = frozenset(self._ids({"ids": {"values": list(articles)}}))
        find, found = finder(query), []
        for article, _ in self._read([id for id in articles if id in known]):
            facts = Facts.of(article)
            if rights.cover(facts):
                text = _matching(article, query.search.as_written)
                found.append(Standing(facts, text, tuple(find(text)), matching_text(article)))
        return found

    def facts(self, query: Query, rights: Rights) -> list[Facts]:
        """Read in parts of one state of the index."""
        hits = self._client.each(self._whole(query, rights), IN_SOURCE, source=["facts"])
        return decoded(json.dumps(hit["_source"]["facts"]["values"]) for hit in hits)

    def strings(self) -> Iterable[tuple[Source, str, int]]:
        """Titles, sections and authors; the cluster lists no words."""
        everything: Json = {"match_all": {}}
        for source, field in ((Source.TITLE, "heading"), (Source.SECTION, "section"), (Source.AUTHOR, "authors")):
            for bucket in self._client.values(field, everything):
                yield source, bucket["key"]["value"], bucket["doc_count"]

    def varies(self, folded: str) -> bool:
        """It may: nothing is noted of it."""
        return True

    def state(self) -> str:
        """The index in use and how many times something was put into each of its parts."""
        with loud():
            found = self._client.opensearch.indices.stats(
                index=self._client.alias, metric="docs", params={"level": "shards"}
            )
        return json.dumps(
            {
                name: [
                    max(copy["seq_no"]["max_seq_no"] for copy in copies)
                    for _, copies in sorted(index["shards"].items())
                ]
                for name, index in found["indices"].items()
            }
        )

    def state_at_once(self) -> str:
        """It never is."""
        return ""

    def timeline(self, query: Query, rights: Rights) -> Timeline:
        """Each article once in every unit, since it is counted by what its dates lead back to."""
        back: Json = {"back": {"reverse_nested": {}}}
        units = {
            name: {
                "filter": {"exists": {"field": f"d.{name}"}},
                "aggs": {**back, "bars": {"terms": {"field": f"d.{name}", "size": 60_000}, "aggs": back}},
            }
            for name in ("year", "decade", "century", "span")
        }
        met = {"filter": dates(query), "aggs": {**back, **units}}
        whole = self._whole(query, rights)
        body: Json = {"size": 0, "track_total_hits": True, "query": whole}
        body["aggs"] = {"d": {"nested": {"path": "d"}, "aggs": {"met": met}}}
        (answer,) = self._client.ask([body])
        counted = answer["aggregations"]["d"]["met"]

        def bars(name: str) -> dict[Any, int]:
            found = counted[name]["bars"]
            if found["sum_other_doc_count"]:
                raise EngineError("年份太多，检索服务数不完", hint="缩小时期再试")
            return {bucket["key"]: bucket["back"]["doc_count"] for bucket in found["buckets"]}

        def scale(name: str) -> Scale:
            return Scale(dict(sorted(bars(name).items())), counted[name]["back"]["doc_count"])

        spans = {tuple(json.loads(span)): count for span, count in bars("span").items()}
        total = answer["hits"]["total"]["value"]
        scales = scale("year"), scale("decade"), scale("century")
        return Timeline(*scales, counted["back"]["doc_count"], total, {(a, b): n for (a, b), n in spans.items()})

    def field_names(self, rights: Rights) -> frozenset[str]:
        """Of all values of the articles that rights cover and that are no mere pages."""
        whole = every([covered(rights), {"term": {"page": False}}])
        names: Json = {"names": {"terms": {"field": "v.name", "size": 10_000}}}
        (answer,) = self._client.ask(
            [{"size": 0, "query": whole, "aggs": {"v": {"nested": {"path": "v"}, "aggs": names}}}]
        )
        return frozenset(bucket["key"] for bucket in answer["aggregations"]["v"]["names"]["buckets"])

    # -- checking
    def sound(self) -> bool:
        """Whether there is an index, and this program made it. Raises EngineAway where nobody can tell."""
        names = self._client.names()
        if len(names) != 1:
            return False
        with loud():
            found = self._client.opensearch.indices.get_mapping(index=names[0])
        return bool(found[names[0]]["mappings"].get("_meta") == documents.made_with(self._segmenter))

    def differences(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> tuple[str, ...]:
        """By a checksum of all that is indexed."""
        hits = self._client.each({"match_all": {}}, [{"id": "asc"}], fields=["sha"])
        held = {hit["_id"]: hit["fields"]["sha"][0] for hit in hits}
        differing = {one.id for one, said in articles if held.pop(one.id, "") != documents.described(one, said)["sha"]}
        return tuple(sorted(differing | held.keys()))

    def damage(self) -> str:
        """Each part looks after its own checksums; what is asked is whether all are there."""
        if not self.sound():
            return "不完整，或由另一个版本建成"
        self._client.ask([{"size": 0}])
        return ""

    def info(self) -> EngineInfo:
        """What it holds."""
        (count,) = self._numbers([{"match_all": {}}])
        return EngineInfo("opensearch", count, self._segmenter.signature, folding_version())

    def close(self) -> None:
        """Close connections."""
        self._client.close()


class _Batch:
    """Articles on their way into the index, one document each however often it is put."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self.documents: dict[str, Json] = {}

    def put(self, article: Article, mentions: Sequence[Mention]) -> None:
        """Add or replace."""
        self.documents[article.id] = documents.document(article, mentions, self._segmenter)


def _matching(article: Article, written: bool) -> str:
    return matching_text(article) if written else folded_text(article)


def _sorted(facets: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[tuple[str, int], ...]]:
    return {
        name: tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))) for name, counts in facets.items()
    }


def _profile(source: Any) -> Profile:
    collection, volume, section, authors, decade, genre = source["profile_value"]["values"]
    return collection, volume, section, tuple(authors), decade, Genre(genre)
