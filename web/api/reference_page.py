"""The API's description as a page of ours, made of the same document that programs read.

A vendored renderer weighs .9 to 2.3 MB and sets styles that our pages forbid; this one needs no script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from web.api.description import description

pages = Blueprint("api_reference", __name__)

_TYPES = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true 或 false",
    "object": "对象",
    "null": "空",
}
_PLACES = {"path": "地址里", "query": "参数", "body": "JSON"}


@dataclass(frozen=True, slots=True)
class Value:
    """What is sent or answered under a name; `kinds` are types in words with the schema they name, "" for none."""

    name: str
    kinds: tuple[tuple[str, str], ...]
    must: bool
    words: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An operation: `sent` and `answer` are types in words with the schemas they name."""

    name: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: tuple[Value, ...]
    sent: tuple[tuple[str, str], ...]
    answer: tuple[tuple[str, str], ...]


@pages.get("/help/api/v1")
def reference() -> str:
    """All operations by their groups, then what is sent and answered."""
    document = description()
    groups: dict[str, list[Told]] = {each["name"]: [] for each in document["tags"]}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            groups[one["tags"][0]].append(_told(method, path, one))
    schemas = {name: _schema(one) for name, one in document["components"]["schemas"].items()}
    return render_template("api_reference.html", groups=groups, schemas=schemas, root=document["servers"][0]["url"])


def _told(method: str, path: str, one: Mapping[str, Any]) -> Told:
    done = next(one["responses"][status] for status in one["responses"] if status.startswith("2"))
    return Told(
        one["operationId"], method.upper(), path, one["summary"], one["description"],
        tuple(
            Value(
                each["name"], _kinds(each["schema"]), each["required"], each.get("description", ""), _PLACES[each["in"]]
            )
            for each in one["parameters"]
        ),
        _content(one.get("requestBody", {})),
        _content(done),
    )  # fmt: skip


def _content(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        kind for content in body.get("content", {}).values() for kind in (_kinds(content.get("schema", {})) or _FILE)
    )


_FILE = (("文件本身", ""),)


def _schema(one: Mapping[str, Any]) -> tuple[Value, ...] | tuple[tuple[str, str], ...]:
    """The values of an object, or the kinds of anything else."""
    if "properties" not in one:
        return _kinds(one)
    must = one.get("required", ())
    return tuple(
        Value(name, _kinds(each), name in must, each.get("description", "")) for name, each in one["properties"].items()
    )


def _kinds(schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """A type in words, in pieces: each with the name of the schema that it leads to, or ""."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return ((name, name),)
    if "enum" in schema:
        return (("、".join(map(str, schema["enum"])), ""),)
    if "anyOf" in schema:
        return _joined([_kinds(each) for each in schema["anyOf"]], " 或 ")
    if schema.get("type") == "array":
        return (("若干个 ", ""), *(_kinds(schema.get("items", {})) or (("值", ""),)))
    kind: str | list[str] = schema.get("type", [])
    several = [kind] if isinstance(kind, str) else kind
    return tuple((_TYPES.get(each, each) + _bounds(schema), "") for each in several)


def _joined(several: Sequence[tuple[tuple[str, str], ...]], between: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for each in several:
        found += [(between, "")] * bool(found) + list(each)
    return tuple(found)


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"（{low} 至 {high}）"
    return f"（不小于 {low}）" if low is not None else f"（不大于 {high}）" if high is not None else ""
