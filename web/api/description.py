"""The API described as OpenAPI 3.1, made from its operations by apispec, and the page that tells it to people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from apispec import APISpec
from flask import Response

from archive.model.accounts import SCOPE_WORDS
from archive.model.search import Search
from web.api.operation import FILE_TYPE, LARGEST, OPERATIONS, Operation, Upload, parameters
from web.api.parameters import SEARCH_WORDS
from web.base.problem import Problem

VERSION = "1"

_REFERENCE = "#/components/schemas/{name}"
_SUMMARY = "检索、阅读、研究资料，和编辑的各种改动，都可以由别的程序来做。做法见“帮助”和 docs/api.md。"
_JSON, _PROBLEM = "application/json", "application/problem+json"


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    made = APISpec("文史", VERSION, "3.1.0", info={"description": _SUMMARY}, servers=[{"url": "/api/v1"}])
    made.components.security_scheme("token", {"type": "http", "scheme": "bearer", "description": "访问令牌"})
    told = {"description": "没有做成：为什么，接下来怎么办", "content": {_PROBLEM: {"schema": _of(Problem)}}}
    made.components.response("Problem", told)
    schemas, asked = _schemas()
    for name, schema in schemas.items():
        made.components.schema(name, schema)
    for group in dict.fromkeys(one.group for one in OPERATIONS):
        made.tag({"name": group})
    for one in OPERATIONS:
        made.path(_path(one), operations={one.method.lower(): _told(one, asked)})
    return made.to_dict()


def as_json() -> Response:
    """The document as it is handed out."""
    return Response(msgspec.json.encode(description()), mimetype=_JSON)


def _path(one: Operation) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.path)


def _told(one: Operation, asked: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": [one.group],
        "security": [{"token": []}],
        "description": f"令牌要有：{one.scope.value}（{SCOPE_WORDS[one.scope]}）",
        "parameters": [*_in_path(one), *_in_query(one, asked)],
        "responses": {
            str(one.status): _answer(one),
            "4XX": {"$ref": "#/components/responses/Problem"},
            "5XX": {"$ref": "#/components/responses/Problem"},
        },
    }
    if one.sent is not None:
        content = {FILE_TYPE: {}} if one.sent[1] is Upload else {_JSON: {"schema": _of(one.sent[1])}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _answer(one: Operation) -> dict[str, Any]:
    if one.media:
        return {"description": "文件", "content": {each: {} for each in one.media}}
    if one.answer is None:
        return {"description": "做完了"}
    return {"description": one.summary, "content": {_JSON: {"schema": _of(one.answer)}}}


def _in_path(one: Operation) -> Iterable[dict[str, Any]]:
    for name, kind in one.in_path.items():
        schema: dict[str, Any] = {"type": "string", "minLength": 1}
        if kind is int:
            schema = {"type": "integer", "minimum": 0, "maximum": LARGEST}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(one: Operation, asked: dict[Any, dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for kind in one.parts.values():
        for each in parameters(kind):
            schema = dict(asked[kind][each.field if kind is Search else each.name])
            words = SEARCH_WORDS[each.field] if kind is Search else schema.pop("description", "")
            yield {"name": each.name, "in": "query", "required": each.required, "description": words, "schema": schema}


def _of(kind: Any) -> dict[str, Any]:
    schema: dict[str, Any] = msgspec.json.schema_components([kind], ref_template=_REFERENCE)[0][0]
    return schema


def _schemas() -> tuple[dict[str, Any], dict[Any, dict[str, Any]]]:
    """The schemas of all that is sent and answered by name, and for each part of addresses those of its parameters."""
    parts = list(dict.fromkeys(kind for one in OPERATIONS for kind in one.parts.values()))
    bodies = [one.sent[1] for one in OPERATIONS if one.sent and one.sent[1] is not Upload]
    answers = [one.answer for one in OPERATIONS if one.answer not in (None, Response)]
    kinds = list(dict.fromkeys([Problem, *bodies, *answers, *parts]))
    references, schemas = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    names = {kind: ref["$ref"].rsplit("/", 1)[1] for kind, ref in zip(kinds, references, strict=True) if kind in parts}
    asked = {kind: schemas[names[kind]]["properties"] for kind in parts}
    for kind in parts:
        schemas.pop(names[kind], None)
    return _plain(schemas), _plain(asked)


def _plain(schema: Any) -> Any:
    """Without `items: false` behind the parts of a pair: their number says it, and apispec takes it for a name."""
    if isinstance(schema, dict):
        return {name: _plain(one) for name, one in schema.items() if not (name == "items" and one is False)}
    return [_plain(one) for one in schema] if isinstance(schema, list) else schema
