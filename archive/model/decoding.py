"""Dataclasses from JSON, every value of the type its field has; a mistake is reported with its place.

Ours, since what people get to see of a mistake is a Chinese sentence with a place in a file they wrote by hand.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import types
from collections.abc import Mapping
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from archive.model.errors import UsageError

Value = TypeVar("Value")


def parsed(text: str, where: str) -> object:
    """The JSON values of a text. Raises UsageError, which calls the text `where`."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"{where}不是有效的 JSON", place=place, hint="核对引号、逗号和括号是否成对") from error


def decoded(kind: type[Value], data: object, where: str, hint: str = "") -> Value:
    """A dataclass from JSON values; what is left out has its default.

    Fields may be text, whole numbers, truth values, members of an enumeration (by value), other dataclasses, tuples of
    one type, mappings with text for keys, and None beside one of these. Raises UsageError naming the place below
    `where`, with this hint.
    """
    try:
        return _dataclass(kind, data, where)
    except _Mismatch as error:
        raise UsageError(f"{error.message}。", place=error.where, hint=hint) from error


class _Mismatch(Exception):
    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where
        self.message = message


def _dataclass(kind: type[Value], data: object, where: str) -> Value:
    if not isinstance(data, Mapping):
        raise _Mismatch(where, "应是一个对象 {…}")
    kinds = get_type_hints(kind)
    unknown = sorted(set(data) - set(kinds))
    if unknown:
        raise _Mismatch(where, f"没有“{unknown[0]}”这一项；可以写：{'、'.join(kinds)}")
    values = {name: _value(kinds[name], value, f"{where}.{name}") for name, value in data.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise _Mismatch(where, f"缺少必填的一项（{error}）") from error


def _value(kind: Any, value: object, where: str) -> object:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return (
            None if value is None else _value(next(each for each in arguments if each is not type(None)), value, where)
        )
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise _Mismatch(where, "应是一个列表 […]")
        return tuple(_value(arguments[0], each, f"{where}[{index}]") for index, each in enumerate(value))
    if origin in (dict, Mapping):
        if not isinstance(value, Mapping):
            raise _Mismatch(where, "应是一个对象 {…}")
        return {str(name): _value(arguments[1], each, f"{where}.{name}") for name, each in value.items()}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        if value not in [member.value for member in kind]:
            raise _Mismatch(where, f"只能是{'、'.join(str(member.value) for member in kind)}，现在是 {value!r}")
        return kind(value)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass(kind, value, where)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {str: "文字", int: "整数", bool: "true 或 false"}
        raise _Mismatch(where, f"应是{names.get(kind, kind.__name__)}，现在是 {value!r}")
    return value
