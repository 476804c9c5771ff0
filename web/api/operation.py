"""Operations of the JSON API. What one takes and answers is read off its function: once to be kept, once to be told.

An argument is a part of the path by its name there; a `Search` or another value whose fields are parameters of the
address; or, marked as `Sent`, the JSON that is sent. What is returned is written as JSON. Requests are held against
exactly these types, and description.py makes OpenAPI out of the same ones.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from archive.model.accounts import SCOPE_WORDS, Scope
from archive.model.errors import NotAllowed, NotFound
from archive.model.search import Search, parameter_name
from web.api.malformed import Malformed
from web.base import door

api = Blueprint("api", __name__, url_prefix="/api/v1")

LARGEST = 2**31 - 1
"""Of a whole number in a path."""

Function = TypeVar("Function", bound=Callable[..., object])
_Value = TypeVar("_Value")
_SENT = "sent"
Sent = Annotated[_Value, _SENT]
"""Marks the argument that is sent as JSON."""


FILE_TYPE = "application/octet-stream"
LARGEST_FILE = 256 * 2**20
"""Bytes of a file that is sent."""


class Upload:
    """A file that is sent as it is; it is read once, when it is saved."""

    def save(self, to: Path) -> None:
        """Write it to a file. Raises RequestEntityTooLarge."""
        with to.open("wb") as file:
            shutil.copyfileobj(request.stream, file)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an address: what it is called there and in its value; `many` may stand there several times."""

    name: str
    field: str
    many: bool
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` is a rule of Flask below /api/v1. `parts` are the arguments that are made of parameters.

    `answer` is the type of what is answered, None for nothing, Response for files of the types `media`; `errors` are
    statuses it is refused with beside those of all operations.
    """

    name: str
    method: str
    path: str
    summary: str
    group: str
    scope: Scope
    in_path: Mapping[str, type]
    parts: Mapping[str, Any]
    sent: tuple[str, Any] | None
    answer: Any
    status: int
    media: tuple[str, ...]


OPERATIONS: list[Operation] = []
"""All there are, in the order of their modules."""


def operation(
    path: str,
    summary: str,
    *,
    group: str,
    method: str = "GET",
    scope: Scope = Scope.READ,
    status: int = HTTPStatus.OK,
    media: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Offer a function under a path; `summary` and `group` say in Chinese what it is for."""

    def decorate(function: Function) -> Function:
        hints = get_type_hints(function, include_extras=True)
        answer = hints.pop("return")
        in_path = {name: hints.pop(name) for name in re.findall(r"<(?:\w+:)?(\w+)>", path)}
        sent = {name: get_args(kind)[0] for name, kind in hints.items() if _SENT in get_args(kind)[1:]}
        parts = {name: kind for name, kind in hints.items() if name not in sent}
        made = Operation(
            function.__name__, method, path, summary, group, scope, in_path, parts, next(iter(sent.items()), None),
            None if answer is type(None) else answer, status, media,
        )  # fmt: skip
        OPERATIONS.append(made)

        def view(**in_path: Any) -> ResponseReturnValue:
            _require(made.scope)
            return _answered(made, function(**_bounded(in_path), **_read(made)))

        api.add_url_rule(path, function.__name__, view, methods=[method])
        return function

    return decorate


def _require(scope: Scope) -> None:
    token = door.token()
    if token is not None and scope not in token.scopes:
        hint = f"另做一个令牌，勾上“{SCOPE_WORDS[scope]}”"
        raise NotAllowed(f"这个令牌不能用来做这件事：{SCOPE_WORDS[scope]}。", hint=hint)


def _bounded(in_path: Mapping[str, Any]) -> Mapping[str, Any]:
    if any(isinstance(value, int) and value > LARGEST for value in in_path.values()):
        raise NotFound("没有这个编号。", hint="编号没有这么大，看看是不是抄错了")
    return in_path


def _answered(made: Operation, value: object) -> ResponseReturnValue:
    if isinstance(value, Response):
        return value
    if made.answer is None:
        return Response(status=HTTPStatus.NO_CONTENT)
    response = Response(msgspec.json.encode(value), made.status, mimetype="application/json")
    if isinstance(where := getattr(value, "address", None), str) and made.status == HTTPStatus.CREATED:
        response.headers["Location"] = where
    return response


# -- what a request says


def _read(made: Operation) -> dict[str, object]:
    known = [one for kind in made.parts.values() for one in parameters(kind)]
    if unknown := request.args.keys() - {one.name for one in known}:
        offered = "、".join(one.name for one in known)
        hint = f"可以写：{offered}" if known else "这个地址不带参数"
        raise Malformed(f"没有“{min(unknown)[:40]}”这个参数。", hint)
    for one in known:
        if not one.many and len(request.args.getlist(one.name)) > 1:
            raise Malformed(f"参数“{one.name}”写了不止一次。", "只写一次")
    found: dict[str, object] = {name: _part(kind) for name, kind in made.parts.items()}
    if made.sent is not None:
        name, kind = made.sent
        found[name] = _sent(kind)
    return found


def _part(kind: Any) -> object:
    given: dict[str, object] = {}
    for one in parameters(kind):
        if values := request.args.getlist(one.name):
            given[one.field if kind is Search else one.name] = values if one.many else values[0]
    try:
        found: object = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed.of(error, {one.field: one.name for one in parameters(kind)}) from error
    return _trimmed(found) if isinstance(found, Search) else found


def _trimmed(search: Search) -> Search:
    """Without blanks around what was typed, as everywhere else."""
    changed: dict[str, object] = {}
    for one in dataclasses.fields(search):
        value = getattr(search, one.name)
        if type(value) is str:
            changed[one.name] = value.strip()
        elif isinstance(value, tuple):
            changed[one.name] = tuple(each for each in value if not isinstance(each, str) or each.strip())
    return search.but(**changed)


def _sent(kind: Any) -> object:
    if kind is Upload:
        if request.mimetype != FILE_TYPE:
            hint = f"把请求的 Content-Type 写成 {FILE_TYPE}，正文就是文件本身"
            raise Malformed("交来的不是一个文件。", hint, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        request.max_content_length = LARGEST_FILE
        return Upload()
    if request.mimetype != "application/json":
        hint = "把请求的 Content-Type 写成 application/json"
        raise Malformed("交来的不是 JSON。", hint, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        return msgspec.convert(_whole(msgspec.json.decode(request.get_data())), kind)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeError) as error:
        raise Malformed.of(error) from error


def _whole(value: object) -> object:
    """JSON knows no whole numbers apart: 3.0 is one."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return value


@cache
def parameters(kind: Any) -> tuple[Parameter, ...]:
    """The parameters that a value is made of."""
    return tuple(_parameters(kind))


def _parameters(kind: Any) -> Iterator[Parameter]:
    if kind is Search:
        for one in dataclasses.fields(Search):
            yield Parameter(parameter_name(one.name), one.name, isinstance(one.default, tuple))
        return
    for each in msgspec.structs.fields(kind):
        plain = get_args(each.type)[0] if get_origin(each.type) is Annotated else each.type
        yield Parameter(each.encode_name, each.name, get_origin(plain) is tuple, each.required)
