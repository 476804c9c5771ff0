"""Talking with an OpenSearch cluster: every answer is whole, or an EngineAway that says which part failed.

Who signs in, and by which certificates, stands in a file of its own, never in `library.toml`.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,
    ConnectionTimeout,
    OpenSearchException,
    RequestError,
    TransportError,
)

from archive.model.errors import ConfigError, EngineAway, EngineError
from archive.search.index.opensearch_query import Json
from archive.support.cancellation import raise_if_cancelled
from archive.support.credentials import read_credentials

logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # what fails is raised, and told once

_SECONDS = 60  # for one answer
_AGAIN = 0.3  # seconds until a question is asked again that was not answered whole
_AT_ONCE = 16  # connections to each node: pages, long work
_BULK = 8_000_000  # characters sent in one request
_READ = 5000  # hits read in one request
_KEPT = "5m"  # how long a state of the index is kept for reading it in parts
_READING = "按题名、文集浏览和阅读不受影响；检索要等它恢复"
_ALL = {"allow_partial_search_results": "false"}
_KEYS = ("user", "password", "ca", "certificate", "key")


def settings_of(options: Mapping[str, Any], place: Path) -> dict[str, Any]:
    """What OpenSearch's client is given: `options` are those of `library.toml`. Raises ConfigError."""
    hosts = options.get("hosts")
    if not isinstance(hosts, list) or not hosts or not all(isinstance(host, str) for host in hosts):
        hint = '在 [opensearch] 下写一行，例如 hosts = ["https://10.0.0.5:9200"]'
        raise ConfigError("没有写检索服务（OpenSearch）的地址", place=str(place), hint=hint)
    given: dict[str, Any] = {"hosts": hosts, "timeout": _SECONDS, "max_retries": 3, "retry_on_timeout": True}
    given["pool_maxsize"] = _AT_ONCE
    given["retry_on_status"] = (429, 502, 503, 504)
    if file := options.get("credentials"):
        given |= _credentials(place.parent / str(file))
    return given


def _credentials(file: Path) -> dict[str, Any]:
    found = read_credentials(file, _KEYS, "检索服务", "opensearch")
    given: dict[str, Any] = {"verify_certs": True}
    if "user" in found:
        # As a header made here: what the client makes of a pair fails for passwords of other than Western letters.
        signed = base64.b64encode(f"{found['user']}:{found.get('password', '')}".encode()).decode()
        given["headers"] = {"authorization": f"Basic {signed}"}
    for name, option in (("ca", "ca_certs"), ("certificate", "client_cert"), ("key", "client_key")):
        if name in found:
            given[option] = found[name]
    return given


class Client:
    """One alias of a cluster."""

    def __init__(self, options: Mapping[str, Any], alias: str) -> None:
        self.opensearch = OpenSearch(**options)
        self.alias = alias

    # -- asking
    def ask(self, bodies: Sequence[Json], *, scores: bool = False) -> list[Any]:
        """The answers to several questions, in one request. Raises EngineError."""
        if not bodies:
            return []
        raise_if_cancelled()
        head = json.dumps({"search_type": _kind(scores), **_ALL})
        lines = [line for body in bodies for line in (head, json.dumps(body, ensure_ascii=False))]
        for last in (False, False, True):
            with loud():
                answers = self.opensearch.msearch(index=self.alias, body="\n".join(lines) + "\n")["responses"]
            raise_if_cancelled()
            try:
                for answer in answers:
                    _whole(answer)
                break
            except EngineAway:  # another machine may just have put a new index in the old one's place
                if last:
                    raise
                time.sleep(_AGAIN)
        return list(answers)

    def each(
        self,
        query: Json,
        sort: Sequence[Json],
        *,
        source: Any = False,
        fields: Sequence[str] = (),
        skip: int = 0,
        scores: bool = False,
    ) -> Iterator[Any]:
        """All hits of one state of the index, in order, after the first `skip`."""
        with loud():
            state = self.opensearch.create_pit(index=self.alias, params={"keep_alive": _KEPT})["pit_id"]
        try:
            after: list[Any] | None = None
            while True:
                raise_if_cancelled()
                body: Json = {
                    "docvalue_fields": list(fields),
                    "size": _READ,
                    "query": query,
                    "sort": list(sort),
                    "track_total_hits": False,
                }
                body |= {"_source": source if skip < _READ else False, "pit": {"id": state, "keep_alive": _KEPT}}
                if after is not None:
                    body["search_after"] = after
                with loud():
                    answer = self.opensearch.search(body=body, params={**_ALL, "search_type": _kind(scores)})
                _whole(answer)
                hits = answer["hits"]["hits"]
                yield from hits[skip:]
                skip = max(0, skip - len(hits))
                if len(hits) < _READ:
                    return
                after = hits[-1]["sort"]
        finally:
            with loud():
                self.opensearch.delete_pit(body={"pit_id": [state]})

    def values(self, field: str, query: Json, inner: Json | None = None) -> Iterator[Any]:
        """A bucket for every value of a field, however many there are."""
        after = None
        while True:
            composite: Json = {"size": _READ, "sources": [{"value": {"terms": {"field": field}}}]}
            if after is not None:
                composite["after"] = after
            parts: Json = {"values": {"composite": composite, **({"aggs": inner} if inner else {})}}
            (answer,) = self.ask([{"size": 0, "query": query, "aggs": parts}])
            found = answer["aggregations"]["values"]
            yield from found["buckets"]
            after = found.get("after_key")
            if len(found["buckets"]) < _READ or after is None:
                return

    # -- writing
    def send(self, index: str, documents: Iterable[Json]) -> int:
        """Put documents by their ids, in requests of bounded size; how many. Not visible before a refresh."""
        lines: list[str] = []
        size = count = 0
        for one in documents:
            count += 1
            lines += [json.dumps({"index": {"_id": one["id"]}}), json.dumps(one, ensure_ascii=False)]
            size += len(lines[-1])
            if size > _BULK:
                self._bulk(index, lines)
                lines, size = [], 0
        if lines:
            self._bulk(index, lines)
        return count

    def _bulk(self, index: str, lines: list[str]) -> None:
        with loud():
            answer = self.opensearch.bulk(index=index, body="\n".join(lines) + "\n")
        if answer["errors"]:
            bad = next(one["index"]["error"] for one in answer["items"] if "error" in one["index"])
            if bad.get("type") == "cluster_block_exception":
                raise EngineAway(_READ_ONLY, hint=_READ_ONLY_HINT)
            raise EngineError(f"检索服务没有收下文章：{str(bad)[:300]}", hint="请把这句话告诉维护者")

    def names(self) -> list[str]:
        """The indexes that the alias stands for: one, or none yet."""
        with loud():
            there = self.opensearch.indices.exists_alias(name=self.alias)
            return list(self.opensearch.indices.get_alias(name=self.alias)) if there else []

    def close(self) -> None:
        """Close connections."""
        self.opensearch.close()


_READ_ONLY = "检索服务（OpenSearch）只能读，不收新内容，多半是它的磁盘快满了"
_READ_ONLY_HINT = "文章已经存好，检索暂时找不到刚改的内容；请维护者给检索服务腾出磁盘，再打开一次资料库就会补上"


@contextmanager
def loud() -> Iterator[None]:
    """What the client raises as an error in plain words."""
    try:
        yield
    except (AuthenticationException, AuthorizationException) as failure:
        if "cluster_block_exception" in str(failure):
            raise EngineAway(_READ_ONLY, hint=_READ_ONLY_HINT) from failure
        hint = f"请维护者核对登录文件里的用户和密码。{_READING}"
        raise EngineAway("检索服务（OpenSearch）不认这个用户或密码", hint=hint) from failure
    except ConnectionTimeout as failure:
        raise EngineAway("检索服务（OpenSearch）太慢，没有按时回答", hint=f"过一会儿再试。{_READING}") from failure
    except ConnectionError as failure:
        hint = f"请维护者看看它的电脑和网络。{_READING}"
        raise EngineAway("连不上检索服务（OpenSearch）", hint=hint) from failure
    except RequestError as failure:
        raise EngineError(f"检索服务没有听懂：{str(failure)[:300]}", hint="请把这句话告诉维护者") from failure
    except TransportError as failure:
        if failure.status_code in (429, 502, 503, 504):
            raise away_in_part() from failure
        raise EngineError(f"检索服务出错：{str(failure)[:300]}", hint=_READING) from failure
    except OpenSearchException as failure:
        raise EngineError(f"检索服务出错：{str(failure)[:300]}", hint=_READING) from failure


def away_in_part() -> EngineAway:
    """The error for an answer that would not be whole."""
    hint = f"请维护者看看检索服务的各台电脑。{_READING}"
    return EngineAway("检索服务（OpenSearch）有一部分不在，答不全", hint=hint)


def _kind(scores: bool) -> str:
    """With `scores` that are alike in all parts of the index, or without."""
    return "dfs_query_then_fetch" if scores else "query_then_fetch"


def _whole(answer: Any) -> None:
    """Raises EngineError for an answer that is none, or not of all parts of the index."""
    if "error" in answer:
        said = json.dumps(answer["error"], ensure_ascii=False)
        if answer.get("status") in (429, 502, 503, 504):
            raise away_in_part()
        raise EngineError(f"检索服务没有答出来：{said[:300]}", hint=_READING)
    shards = answer["_shards"]
    if answer["timed_out"] or shards["failed"] or shards["successful"] != shards["total"]:
        raise away_in_part()
