"""How an answer comes back from an isolated process: as plain values, of the type that was asked for and no other.

The process has read a hostile file, so nothing it sends may decide what is made of it. Pickle would let it name any
function; here the caller names the type, and MessagePack carries only its values.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from archive.model.errors import WenshiError

_SAID = ("message", "hint", "place")


def encoded(value: object) -> bytes:
    """Dataclasses, enumerations, paths, errors of our own and whatever holds them, as MessagePack.

    Raises UnicodeEncodeError for text with a lone surrogate, TypeError for anything else.
    """
    return msgspec.msgpack.encode(value, enc_hook=_plain)


def decoded(kind: Any, data: bytes) -> Any:
    """A value of just this type. Raises msgspec.MsgspecError (also for what is no MessagePack), ValueError."""
    return _decoder(kind).decode(data)


@lru_cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind, dec_hook=_made)


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return os.fsencode(value)  # a name that is no Unicode stays what it is
    if isinstance(value, WenshiError):
        further = {name: encoded(each) for name, each in vars(value).items() if name in _further(type(value))}
        return [value.code, *(getattr(value, name).encode("utf-8", "surrogatepass") for name in _SAID), further]
    raise TypeError(f"{type(value).__name__} is not sent between processes")


def _made(kind: type[Any], plain: Any) -> object:
    if issubclass(kind, Path):
        return Path(os.fsdecode(plain))
    if issubclass(kind, WenshiError):
        return _error(*plain)
    raise TypeError(f"{kind.__name__} is not sent between processes")


def _error(code: str, message: bytes, hint: bytes, place: bytes, further: dict[str, bytes]) -> WenshiError:
    fitting = next((each for each in _family(WenshiError) if each.code == code), WenshiError)
    error = fitting.__new__(fitting)
    said, then, where = (text.decode("utf-8", "surrogatepass") for text in (message, hint, place))
    WenshiError.__init__(error, said, hint=then, place=where)
    for name, expected in _further(fitting).items():
        if name in further:
            setattr(error, name, decoded(expected, further[name]))
    return error


def _family(kind: type[WenshiError]) -> Iterator[type[WenshiError]]:
    """The subclasses, those defined first first."""
    for each in kind.__subclasses__():
        yield from _family(each)
        yield each


def _further(kind: type[WenshiError]) -> dict[str, Any]:
    """What a class of errors declares that it carries besides its words, by name."""
    return {name: hint for name, hint in get_type_hints(kind).items() if name not in ("code", "exit_code")}
