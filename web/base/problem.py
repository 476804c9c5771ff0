"""How refusals and faults are told to programs that ask under /api/: as RFC 9457 has it."""

from __future__ import annotations

import msgspec
from flask import Response, request

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`title` names the kind, `detail` says what happened, `hint` what to do next; `code` is stable, for programs."""

    type: str
    title: str
    status: int
    detail: str
    hint: str
    code: str

    def answer(self) -> Response:
        """It as what a request is answered with."""
        response = Response(msgspec.json.encode(self), self.status, mimetype=MEDIA_TYPE)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


def wanted() -> bool:
    """Whether a program asks."""
    return request.path.startswith("/api/")


def problem(status: int, title: str, detail: str, hint: str = "", code: str = "") -> Response:
    """An answer of this kind; `type` is made of the code."""
    return Problem(type=f"urn:wenshi:{code}", title=title, status=status, detail=detail, hint=hint, code=code).answer()
