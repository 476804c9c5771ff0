"""For who watches over the program: whether its parts answer. No texts, no numbers, no sign-in."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from web.base import current

pages = Blueprint("health", __name__)


@pages.get("/health")
def state() -> ResponseReturnValue:
    """200 where the store and the search answer, else 503; JSON says which does: reading needs the store alone."""
    parts = current.library().parts_answering()
    answer = jsonify(parts)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if all(parts.values()) else 503
