"""A library asked over the network from Python, by the names its session has.

    from web.api.client import Client
    library = Client("http://127.0.0.1:8000", "wenshi_…")
    for row in library.concordances.rows(text="水车", key=["right2"]):
        print(row["left"], row["hit"], row["right"])

Answers are what the API says (docs/api.md), as dictionaries and lists. It needs nothing but the standard library, and
may be copied to where nothing else of this program is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urljoin
from urllib.request import Request, urlopen

Answer = dict[str, Any]

_PARAMETERS = {"text": "q", "period_in": "in", "as_written": "written"}
"""The fields of a search that are called otherwise in addresses."""


class ApiError(Exception):
    """A request that was refused: `status`, `code` for programs, `detail` and `hint` in Chinese."""

    def __init__(self, status: int, code: str, detail: str, hint: str) -> None:
        super().__init__(f"{detail} {hint}".strip())
        self.status, self.code, self.detail, self.hint = status, code, detail, hint


class _Part:
    def __init__(self, client: Client) -> None:
        self._client = client


class Concordances(_Part):
    """Every place of a search. `search` are the fields of a search: text, period, collection…"""

    def rows(self, *, step: Sequence[str] = (), key: Sequence[str] = (), **search: Any) -> Iterator[Answer]:
        """All rows, read page by page."""
        return self._client.all("/kwic", "rows", step=step, key=key, **search)

    def groups(self, *, by: Sequence[str], step: Sequence[str] = (), **search: Any) -> Iterator[Answer]:
        """The places counted by one or two columns."""
        return self._client.all("/kwic/groups", "groups", by=by, step=step, **search)

    def collocates(self, *, unit: str, step: Sequence[str] = (), **search: Any) -> Iterator[Answer]:
        """What stands beside the places."""
        return self._client.all("/kwic/collocates", "collocates", unit=unit, step=step, **search)

    def same_words(self, article_id: str, block: int, *, scope: str = "") -> Answer:
        """Where the words of a paragraph stand elsewhere."""
        return self._client.ask(f"/articles/{_part(article_id)}/blocks/{block}/same-words", scope=scope)

    def label(self, article_id: str, place: tuple[int, int, int], label: str) -> None:
        """Label a place, (block, start, end), or take its label off."""
        block, start, end = place
        sent = {"block": block, "start": start, "end": end, "label": label}
        self._client.send("PUT", f"/articles/{_part(article_id)}/labels", sent)


class Names(_Part):
    """People, places and bodies."""

    def all(self, kind: str = "", asked: str = "") -> Iterator[Answer]:
        """The records, of a kind, with some words."""
        return self._client.all("/names", "names", kind=kind, q=asked)

    def get(self, number: int) -> Answer:
        """One with all that is known."""
        return self._client.ask(f"/names/{number}")

    def places(self, number: int) -> Iterator[Answer]:
        """Where it stands in the texts."""
        return self._client.all(f"/names/{number}/places", "places")


class Cards(_Part):
    """资料卡片."""

    def find(self, **wanted: Any) -> Iterator[Answer]:
        """Those wanted: class, q, article, name, period, checked."""
        return self._client.all("/cards", "cards", **wanted)

    def get(self, key: int) -> Answer:
        """One of them."""
        return self._client.ask(f"/cards/{key}")

    def make(self, article_id: str, place: tuple[int, int, int], said: Mapping[str, Any] | None = None) -> Answer:
        """One of the words at a place, (block, start, end)."""
        block, start, end = place
        sent = {"article": article_id, "block": block, "start": start, "end": end, "said": said}
        return self._client.send("POST", "/cards", sent)


class Client:
    """A library at an address, as the person of a token."""

    def __init__(self, address: str, token: str, *, timeout: float = 120.0) -> None:
        """`address` is that of the pages; `timeout` in seconds for one answer."""
        self._root = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = timeout
        self.concordances, self.names, self.cards = Concordances(self), Names(self), Cards(self)

    # -- finding

    def search(self, **search: Any) -> Answer:
        """A page of hits with counts and facets; `limit` at most 500."""
        return self.ask("/search", **search)

    def hits(self, **search: Any) -> Iterator[Answer]:
        """All hits of a search, read page by page."""
        return self.all("/search", "hits", **search)

    def suggest(self, typed: str, **search: Any) -> list[Answer]:
        """What to type on with."""
        found: list[Answer] = self.ask("/suggest", text=typed, **search)  # type: ignore[assignment]
        return found

    def timeline(self, **search: Any) -> Answer:
        """What is found, by year, decade and century."""
        return self.ask("/timeline", **search)

    def period(self, expression: str) -> Answer:
        """What an expression means."""
        return self._decoded(self._open("GET", self._address("/period", {"text": [expression]})))

    # -- reading

    def collections(self) -> list[Answer]:
        """All collections."""
        found: list[Answer] = self.ask("/collections")["collections"]
        return found

    def collection(self, collection_id: str) -> Answer:
        """One of them."""
        return self.ask(f"/collections/{_part(collection_id)}")

    def listing(self, collection: str = "") -> Iterator[Answer]:
        """The articles without their texts."""
        return self.all("/articles", "articles", collection=collection)

    def article(self, article_id: str, version: int = 0) -> Answer:
        """One with its text."""
        return self.ask(f"/articles/{_part(article_id)}", version=version or "")

    def versions(self, article_id: str) -> list[Answer]:
        """Its versions, oldest first."""
        found: list[Answer] = self.ask(f"/articles/{_part(article_id)}/versions")["versions"]
        return found

    def mentions(self, article_id: str) -> list[Answer]:
        """The dates in its text."""
        found: list[Answer] = self.ask(f"/articles/{_part(article_id)}/dates")["dates"]
        return found

    def original(self, sha256: str) -> bytes:
        """A file as it was taken in."""
        return self._open("GET", self._address(f"/originals/{_part(sha256)}", {}))

    def picture(self, sha256: str) -> bytes:
        """A picture."""
        return self._open("GET", self._address(f"/pictures/{_part(sha256)}", {}))

    # -- writing

    def correct(self, article_id: str, edits: Iterable[Mapping[str, Any]], reason: str, version: int = 0) -> Answer:
        """Make edits in a new version: {"do": "rewrite", "block": 3, "before": "…", "texts": ["…"]}."""
        sent = {"edits": list(edits), "reason": reason, "version": version}
        return self.send("POST", f"/articles/{_part(article_id)}/corrections", sent)

    def describe(self, article_id: str, changes: Mapping[str, Any], reason: str, version: int = 0) -> Answer:
        """Set descriptive fields in a new version."""
        sent = {"fields": dict(changes), "reason": reason, "version": version}
        return self.send("PATCH", f"/articles/{_part(article_id)}/fields", sent)

    def take_in(self, name: str, data: bytes, *, collection: str = "", mode: str = "auto") -> Answer:
        """Send a file to be taken in: the job that does it, see `job`."""
        address = self._address("/imports", {"name": [name], "collection": [collection], "mode": [mode]})
        return self._decoded(self._open("POST", address, data, "application/octet-stream"))

    def job(self, job_id: str) -> Answer:
        """How far a job is, and what it made."""
        return self.ask(f"/jobs/{_part(job_id)}")

    # -- whatever else there is

    def ask(self, path: str, **parameters: Any) -> Answer:
        """What an address below /api/v1 answers. Raises ApiError, URLError."""
        return self._decoded(self._open("GET", self._address(path, _named(parameters))))

    def all(self, path: str, rows: str, **parameters: Any) -> Iterator[Answer]:
        """The entries called `rows` of a long list, read page by page."""
        address: str | None = self._address(path, {"limit": ["500"], **_named(parameters)})
        while address:
            told = self._decoded(self._open("GET", address))
            yield from told[rows]
            address = urljoin(self._root, told["next"]) if told["next"] else None

    def send(self, method: str, path: str, sent: Mapping[str, Any]) -> Answer:
        """Send JSON; what is answered, empty for nothing."""
        data = json.dumps(sent).encode()
        answered = self._open(method, self._address(path, {}), data, "application/json")
        return self._decoded(answered) if answered else {}

    def _address(self, path: str, parameters: Mapping[str, Sequence[str]]) -> str:
        kept = [(name, value) for name, values in parameters.items() for value in values if value]
        return f"{self._root}/api/v1{path}" + (f"?{urlencode(kept)}" if kept else "")

    def _open(self, method: str, address: str, data: bytes | None = None, kind: str = "") -> bytes:
        headers = {**self._headers, **({"Content-Type": kind} if kind else {})}
        try:
            with urlopen(Request(address, data, headers, method=method), timeout=self._timeout) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            with error:
                raise _refusal(error) from None

    @staticmethod
    def _decoded(data: bytes) -> Answer:
        found: Answer = json.loads(data)
        return found


def _named(parameters: Mapping[str, Any]) -> dict[str, list[str]]:
    """Parameters of an address: lists several times, truth as true and false, what is empty left out."""
    named = {}
    for name, value in parameters.items():
        several = [value] if isinstance(value, str | bool | int) else list(value)
        named[_PARAMETERS.get(name, name)] = [
            str(one).lower() if isinstance(one, bool) else str(one) for one in several
        ]
    return named


def _part(value: str) -> str:
    return quote(value, safe="")


def _refusal(error: HTTPError) -> ApiError:
    try:
        told = json.loads(error.read())
        return ApiError(error.code, told["code"], told["detail"], told["hint"])
    except (ValueError, KeyError, TypeError):
        return ApiError(error.code, f"http-{error.code}", str(error.reason), "")
