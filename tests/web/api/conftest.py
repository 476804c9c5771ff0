"""A library with something of everything that the API answers about, and who asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.session import Session
from tests.web.api.held import furnished
from web.app import create_app


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with furnished(tmp_path_factory.mktemp("api")) as library:
        yield library


@pytest.fixture(scope="module")
def app(held: Library) -> Flask:
    return create_app(held)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def session(held: Library) -> Session:
    return held.session(Actor.local())
