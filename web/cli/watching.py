"""For who watches over a server: every answer as a line of JSON, and figures in the form of Prometheus.

Both know which kind of page was asked for, how it ended and how long it took; never an address, a word that was typed,
a name, or anything of a text.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from archive.library import Library
from archive.model.errors import ConfigError
from web.base import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_UNKNOWN = "none"  # addresses that are none of ours are as many as there are strangers


@dataclass(frozen=True, slots=True)
class Answered:
    """One request: the kind of page (`search.search`), how, the status, the seconds until the answer began."""

    page: str
    method: str
    status: int
    seconds: float


Told = Callable[[Answered], object]


class Watched:
    """The application as a server calls it; each of `told` hears of every answer."""

    def __init__(self, inner: WSGIApplication, app: Flask, told: Sequence[Told]) -> None:
        self._inner, self._told = inner, told
        self._addresses = app.url_map.bind("")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """For the server."""
        began, status = time.perf_counter(), [500]

        def noted(line: str, *more: Any) -> Any:
            status[0] = int(line[:3])
            return start_response(line, *more)

        try:
            return self._inner(environ, noted)
        finally:
            method = str(environ["REQUEST_METHOD"])
            answered = Answered(self._page(environ, method), method, status[0], time.perf_counter() - began)
            for one in self._told:
                one(answered)

    def _page(self, environ: WSGIEnvironment, method: str) -> str:
        try:
            return str(self._addresses.match(environ.get("PATH_INFO", ""), method=method)[0])
        except HTTPException:
            return _UNKNOWN


@dataclass(frozen=True, slots=True)
class Watching:
    """How a server is watched: figures on a port of this machine, the log as JSON."""

    metrics: int | None = None
    log_json: bool = False

    def over(self, inner: WSGIApplication, app: Flask, library: Library, until: ExitStack) -> WSGIApplication:
        """What is served, watched `until` the end. Raises ConfigError, StorageError."""
        told: list[Told] = [log_as_json()] if self.log_json else []
        if self.metrics is not None:
            tell, port = until.enter_context(metrics(app, library, self.metrics))
            told.append(tell)
            logging.getLogger(__name__).info("metrics at http://127.0.0.1:%d/metrics", port)
        return Watched(inner, app, told) if told else inner


UNWATCHED = Watching()


class JsonLines(logging.Formatter):
    """A record of a log as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        line: dict[str, object] = {"at": _moment(), "level": record.levelname.lower(), "from": record.name}
        line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            line["failure"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_as_json() -> Told:
    """Have all that is logged written as lines of JSON to standard error; what writes one for every answer."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())

    def tell(answered: Answered) -> None:
        row = asdict(answered) | {"seconds": round(answered.seconds, 4)}
        print(
            json.dumps({"at": _moment(), "level": "info", "from": "wenshi.pages", **row}), file=sys.stderr, flush=True
        )

    return tell


def _moment() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@contextmanager
def metrics(app: Flask, library: Library, port: int, host: str = "127.0.0.1") -> Iterator[tuple[Told, int]]:
    """Figures at http://HOST:PORT/metrics, apart from the pages, over the body: what counts an answer, and the port.

    Raises ConfigError where the extra is not installed, StorageError where the port is taken.
    """
    try:
        from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, start_http_server
        from prometheus_client.core import GaugeMetricFamily
    except ImportError as missing:
        hint = "安装附加部分 wenshi[cluster]，或不用 --metrics"
        raise ConfigError(f"监测用的部分没有装全（缺 {missing.name}）", hint=hint) from missing
    from archive.support.storage_errors import storage_errors

    class State:
        """What is asked when somebody looks."""

        def collect(self) -> Iterator[Any]:
            parts = GaugeMetricFamily("wenshi_part_up", "Whether a part answers", labels=["part"])
            for name, there in library.parts_answering().items():
                parts.add_metric([name], float(there))
            yield parts
            waiting = GaugeMetricFamily("wenshi_jobs", "Long work of this program by state", labels=["state"])
            for state, count in jobs.counted(app).items():
                waiting.add_metric([state], float(count))
            yield waiting

    registry = CollectorRegistry()
    registry.register(State())
    ProcessCollector(registry=registry)
    seconds = Histogram(
        "wenshi_answer_seconds", "Seconds until an answer began", ["page", "method", "status"], registry=registry
    )
    with storage_errors(f"{host}:{port}", "监测用的端口打不开"):
        server, thread = start_http_server(port, host, registry)

    def tell(answered: Answered) -> None:
        seconds.labels(answered.page, answered.method, str(answered.status)).observe(answered.seconds)

    try:
        yield tell, int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
