"""MathML in one line, as it would be typed: 1/2, 10^4, √(a+b). Of web pages, books and OpenDocument texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.markup_tree import Element, local

_SIMPLE = re.compile(r"[\w.%°′]*")
_SCRIPTS = {"msup": "^", "msub": "_", "mover": "^", "munder": "_", "msubsup": "_^", "munderover": "_^", "mfrac": "/"}
ANNOTATIONS = frozenset({"annotation", "annotation-xml"})
"""The same formula in another notation, which no reader of the page sees."""

Piece = tuple[str, bool]
"""Text, and whether it is a sign that the layout stood for."""


def linear(element: Element) -> str:
    """The formula as text."""
    return "".join(text for text, _ in pieces(element))


def pieces(element: Element) -> Iterator[Piece]:
    """The formula in the order of its line."""
    name = local(element)
    parts = [part for part in element if local(part) and local(part) not in ANNOTATIONS]
    if not parts:
        if words := " ".join((element.text or "").split()):
            yield words, False
        return
    if name in _SCRIPTS and len(parts) == len(_SCRIPTS[name]) + 1:
        for sign, part in zip(("", *_SCRIPTS[name]), parts, strict=True):
            if sign:
                yield sign, True
            yield from _operand(part)
    elif name == "mroot" and len(parts) == 2:
        yield from (*_operand(parts[1]), ("√", True), *_operand(parts[0]))
    elif name == "msqrt":
        inside = list(_row(parts, ""))
        yield "√", True
        yield from inside if _SIMPLE.fullmatch("".join(text for text, _ in inside)) else _bracketed(inside)
    elif name == "mfenced":
        yield element.get("open", "("), True
        yield from _row(parts, ",")
        yield element.get("close", ")"), True
    else:
        yield from _row(parts, "; " if name == "mtable" else ", " if name == "mtr" else "")


def _row(parts: list[Element], between: str) -> Iterator[Piece]:
    for number, part in enumerate(parts):
        if number and between:
            yield between, True
        yield from pieces(part)


def _operand(element: Element) -> list[Piece]:
    """A part of something larger, in brackets where it would otherwise run into its surroundings."""
    inside = list(pieces(element))
    text = "".join(text for text, _ in inside)
    return inside if _SIMPLE.fullmatch(text) or (len(element) == 0 and len(text) == 1) else _bracketed(inside)


def _bracketed(inside: list[Piece]) -> list[Piece]:
    return [("(", True), *inside, (")", True)]
