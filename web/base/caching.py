"""What a browser may keep of an answer: one place decides, for every answer of the application.

One person at one machine: a page is kept and asked for again, and 304 says that it reads as before. Where several
people have accounts, nothing that shows texts or names stays in a browser: the next person at the machine must not
find it by the button that goes back. What belongs to the program (style sheets, scripts) may be kept in both cases.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, current_app, request

_KEY = "wenshi.accounts"


def attach(app: Flask) -> None:
    """Set the headers of every answer. Attach it after compression, so that it comes before it."""
    app.extensions.setdefault(_KEY, lambda: False)
    app.after_request(_decided)


def ask_for_accounts(app: Flask, used: Callable[[], bool]) -> None:
    """Let `used` tell, for each answer, whether people sign in here; it must be quick."""
    app.extensions[_KEY] = used


def _decided(response: Response) -> Response:
    if request.endpoint == "static":
        return response
    if current_app.extensions[_KEY]() and request.authorization is None:  # programs with a token are no browsers
        response.headers["Cache-Control"] = "no-store"
        for name in ("ETag", "Expires", "Last-Modified"):
            response.headers.pop(name, None)
        return response
    made_here = not (response.direct_passthrough or response.is_streamed or response.get_etag()[0])  # no file
    if response.status_code == 200 and request.method == "GET" and made_here:
        # Of the page itself: what it shows depends on the library, the visitor, the day and work in progress.
        response.add_etag(weak=True)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.make_conditional(request)
    return response
