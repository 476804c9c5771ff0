"""Requests made from the API's own description: every answer is one that is described.

A few of each operation; thousands, and such as do not fit, are asked by `make api-cases`.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import Scope
from web.api.operation import OPERATIONS
from web.app import create_app
from web.base import rates

STARTS_WORK = {"take_in", "export_book", "look_for_reuse"}
"""What begins long work: asked in test_writing.py."""


CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def headers(held: Library) -> dict[str, str]:
    _, secret = held.session(Actor.local()).tokens.make("程序", list(Scope))
    return {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def described(held: Library, headers: dict[str, str]) -> Any:
    app = create_app(held, locked=True)
    rates.attach(app, 10**9)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, headers=headers)


@pytest.mark.parametrize("name", [one.name for one in OPERATIONS if one.name not in STARTS_WORK])
def test_answers_are_those_described(name: str, described: Any, headers: dict[str, str]) -> None:
    @settings(max_examples=3)
    @given(case=described.find_operation_by_id(name).as_strategy())
    def ask(case: Any) -> None:
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    ask()


def test_the_page_for_people_tells_every_operation_and_all_it_names(held: Library) -> None:
    page = create_app(held).test_client().get("/help/api/v1").text
    assert all(f'id="o-{one.name}"' in page and one.summary in page for one in OPERATIONS)
    assert set(re.findall(r'href="#(s-\w+)"', page)) <= set(re.findall(r'id="(s-\w+)"', page))
    assert "None" not in page and "anyOf" not in page
