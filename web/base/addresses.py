"""Addresses in templates: a page has dozens of links of which most are the same on every page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import flask
from flask import Flask, current_app, request

_MOST = 4_000
_KEY = "wenshi.addresses"


def attach(app: Flask) -> None:
    """Let the templates of an application ask here."""

    @lru_cache(_MOST, typed=True)
    def address(_root: str, endpoint: str, **values: Any) -> str:
        return flask.url_for(endpoint, **values)

    app.extensions[_KEY] = address
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, **values: Any) -> str:
    """What Flask's gives, made once for each path below which the pages are reached.

    Neither a name from the blueprint in use (".page") nor what Flask itself is told (_external) may be asked here.
    """
    address = current_app.extensions[_KEY]
    try:
        return str(address(request.root_path, endpoint, **values))
    except TypeError:  # a list, which cannot be remembered
        return flask.url_for(endpoint, **values)
