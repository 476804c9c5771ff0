"""Long lists a page at a time: the address of the next page carries a cursor that fits no other list."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Annotated
from urllib.parse import urlencode

from flask import current_app, request
from msgspec import Meta, Struct

from archive.model.errors import UsageError

_LONGEST = 40
_OWN = ("cursor", "limit")


class Page(Struct, frozen=True, kw_only=True):
    """How much of a list is wanted, and from where on."""

    limit: Annotated[int, Meta(ge=1, le=500, description="最多给多少条")] = 50
    cursor: Annotated[str, Meta(max_length=200, description="从哪里接着给：照抄上一页的 next 里的 cursor")] = ""

    @property
    def offset(self) -> int:
        """How many come before. Raises UsageError for a cursor that was not made for this list."""
        if not self.cursor:
            return 0
        try:
            told = base64.urlsafe_b64decode(self.cursor[:_LONGEST].encode("ascii")).decode("ascii")
        except ValueError:
            raise _no_cursor() from None
        number, _, seal = told.partition(".")
        if not (number.isascii() and number.isdecimal()) or not hmac.compare_digest(seal, _seal(int(number))):
            raise _no_cursor()
        return int(number)

    def following(self, shown: int, total: int | None = None) -> str | None:
        """The address of what follows the `shown` entries of this page of `total`; None where nothing does.

        Without `total`, a page that is not full is the last one.
        """
        reached = self.offset + shown
        if shown == 0 or (reached >= total if total is not None else shown < self.limit):
            return None
        cursor = base64.urlsafe_b64encode(f"{reached}.{_seal(reached)}".encode("ascii")).decode("ascii")
        given = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
        return f"{request.path}?{urlencode([*given, ('cursor', cursor)])}"


def _seal(number: int) -> str:
    """What tells that a number was given by us, for this list: path and parameters."""
    asked = sorted(pair for pair in request.args.items(multi=True) if pair[0] not in _OWN)
    text = f"{number}\n{request.path}\n{urlencode(asked)}"
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]


def _no_cursor() -> UsageError:
    return UsageError("这个 cursor 不是这份清单的。", hint="从第一页起，照着每一页的 next 往下取")
