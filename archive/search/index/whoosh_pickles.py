"""Whoosh keeps its segments and postings pickled, and a pickle can name any function to be called. Here it cannot.

`restrict` gives Whoosh an unpickler that admits plain values and the few classes which an index of ours is made of, and
refuses everything else; also marshalled data, which only indexes of older versions have. So an index out of a
stranger's copy of a library is data and nothing else.
"""

from __future__ import annotations

import array
import collections
import io
import marshal
import pickle
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import IO, Any, NoReturn

from whoosh.codec.whoosh3 import W3Segment

from archive.search.index.word_codec import WordCodec


def _latin1(text: str, encoding: str) -> bytes:
    """How protocol 2 writes bytes: as the `_codecs.encode` of a string, always in this encoding."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"an index has no bytes in {encoding}")
    return text.encode("latin1")


_ADMITTED: dict[tuple[str, str], Callable[..., object]] = {
    ("whoosh.codec.whoosh3", "W3Segment"): W3Segment,
    ("archive.search.index.word_codec", "WordCodec"): WordCodec,
    ("collections", "defaultdict"): collections.defaultdict,
    ("array", "array"): array.array,
    ("_codecs", "encode"): _latin1,
} | {(module, kind.__name__): kind for module in ("builtins", "__builtin__") for kind in (int, bytes, set, frozenset)}
"""By the module and name that a pickle gives."""


class IndexUnpickler(pickle.Unpickler):
    """Raises UnpicklingError for anything but plain values and what is admitted above."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """The class of that name; names with dots, which could reach into an admitted one, are none."""
        if (module_name, global_name) not in _ADMITTED:
            raise pickle.UnpicklingError(f"an index has no {module_name}.{global_name}")
        return _ADMITTED[module_name, global_name]


def _load(file: IO[bytes]) -> Any:
    return IndexUnpickler(file).load()


def _loads(data: bytes) -> Any:
    return IndexUnpickler(io.BytesIO(data)).load()


def _no_marshal(_data: object) -> NoReturn:
    raise pickle.UnpicklingError("an index of ours has nothing marshalled")


_SAFE = (
    (pickle.load, _load),
    (pickle.loads, _loads),
    (pickle.Unpickler, IndexUnpickler),
    (marshal.load, _no_marshal),
    (marshal.loads, _no_marshal),
    (pickle, SimpleNamespace(**{**vars(pickle), "load": _load, "loads": _loads, "Unpickler": IndexUnpickler})),
)
"""What Whoosh's modules have imported from the standard library, and what they use instead."""


def restrict() -> None:
    """Restrict every part of Whoosh that has been imported by now; called before each index is opened."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "whoosh":
            for attribute, value in list(vars(module).items()):
                for unsafe, safe in _SAFE:
                    if value is unsafe:
                        setattr(module, attribute, safe)
