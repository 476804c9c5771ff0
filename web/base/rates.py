"""How often one asker may ask: so many times a minute, however they are spread, counted by `limits`.

Counted is who asks: a person with all their tokens and browsers, or an address where nobody signs in. Each process
counts for itself; with reading processes (web/cli/reading_processes.py) somebody may ask as often in each of them.
"""

from __future__ import annotations

import math
import time
from http import HTTPStatus

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from web.base import door
from web.base.problem import problem

A_MINUTE = 600
"""Requests of one asker: ten a second, as fast as anybody types."""

_KEY = "wenshi.api-rates"


def attach(app: Flask, a_minute: int = A_MINUTE) -> None:
    """Count the requests of an application from now on."""
    app.extensions[_KEY] = MovingWindowRateLimiter(MemoryStorage()), RateLimitItemPerMinute(a_minute)


def seconds_to_wait(who: str) -> int:
    """Count one request of `who`; after how many seconds it may be made, 0 for now."""
    limiter, allowed = current_app.extensions[_KEY]
    kept = limiter.hit(allowed, who)
    stats = limiter.get_window_stats(allowed, who)
    g.api_rate = {"RateLimit-Limit": str(allowed.amount), "RateLimit-Remaining": str(stats.remaining)}
    return 0 if kept else max(1, math.ceil(stats.reset_time - time.time()))


def refused() -> Response | None:
    """What is answered to a program that asked too often; None for everybody else."""
    wait = seconds_to_wait(door.actor().id or request.remote_addr or "")
    if not wait:
        return None
    allowed = current_app.extensions[_KEY][1]
    answer = problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "问得太快",
        f"一分钟最多问 {allowed.amount} 次，这一次没有做。",
        f"等 {wait} 秒再接着问",
        "too-many-requests",
    )
    answer.headers["Retry-After"] = str(wait)
    return answer


def told(response: Response) -> Response:
    """The answer with how often one may still ask."""
    response.headers.update(g.get("api_rate", {}))
    return response
