"""Pages on their way: compressed, for old machines on slow networks."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

_LEAST = 1_000  # bytes; smaller answers gain nothing
_KINDS = ("text/", "application/json", "application/javascript", "image/svg+xml")
_LEVEL = 3  # half the time of 6 for a twelfth more bytes of a page of hits
_WITHOUT_BODY = frozenset({204, 206, 304})


def attach(app: Flask) -> None:
    """Compress every answer of text for browsers that accept it."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if not (response.mimetype or "").startswith(_KINDS) or response.status_code in _WITHOUT_BODY:
        return response
    response.vary.add("Accept-Encoding")
    if response.is_streamed and not response.direct_passthrough:
        return response  # what is made bit by bit is to arrive bit by bit
    if not request.accept_encodings["gzip"] > 0 or {"Content-Encoding", "Content-Range"} & set(response.headers.keys()):
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) < _LEAST:
        return response
    response.set_data(gzip.compress(plain, _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # the same page in another encoding
    return response
