"""Equations (OMML) as a line of text: 1/2, 10^4, √2, ∑_(i=1)^n. The signs between the parts are computed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from ingest.readers.ooxml.wordml import MATH_TEXT, VAL, Element, child, tag

_SIMPLE = re.compile(r"[\w.%°′]*")  # needs no brackets as part of something larger


class MathReader(Protocol):
    """What reads the paragraph an equation stands in."""

    def inside(self, element: Element) -> None:
        """Reads everything in an element."""

    def sign(self, text: str) -> None:
        """Writes a sign that the layout stood for."""


def _fraction(reader: MathReader, element: Element) -> None:
    _operand(reader, child(element, "m:num"))
    reader.sign("/")
    _operand(reader, child(element, "m:den"))


def _script(*marks: tuple[str, str]) -> Callable[[MathReader, Element], None]:
    """A base with what stands above or below it: (name of the part, the sign before it)."""

    def read(reader: MathReader, element: Element) -> None:
        _operand(reader, child(element, "m:e"))
        _marked(reader, element, marks)

    return read


def _before(reader: MathReader, element: Element) -> None:
    _marked(reader, element, (("m:sub", "_"), ("m:sup", "^")))
    _operand(reader, child(element, "m:e"))


def _marked(reader: MathReader, element: Element, marks: tuple[tuple[str, str], ...]) -> None:
    for name, sign in marks:
        part = child(element, name)
        if part is not None and _has_text(part):
            reader.sign(sign)
            _operand(reader, part)


def _root(reader: MathReader, element: Element) -> None:
    degree = child(element, "m:deg")
    if degree is not None and _has_text(degree):
        _operand(reader, degree)
    reader.sign("√")
    _operand(reader, child(element, "m:e"))


def _large_operator(reader: MathReader, element: Element) -> None:
    reader.sign(_character(element, "m:naryPr", "m:chr", "∫"))
    _marked(reader, element, (("m:sub", "_"), ("m:sup", "^")))
    _operand(reader, child(element, "m:e"))


def _delimited(reader: MathReader, element: Element) -> None:
    reader.sign(_character(element, "m:dPr", "m:begChr", "("))
    _listed(reader, _parts(element, "m:e"), _character(element, "m:dPr", "m:sepChr", "|"))
    reader.sign(_character(element, "m:dPr", "m:endChr", ")"))


def _function(reader: MathReader, element: Element) -> None:
    name, argument = child(element, "m:fName"), child(element, "m:e")
    if name is not None:
        reader.inside(name)
    if argument is not None and _is_simple(argument):
        reader.sign(" ")
    _operand(reader, argument)


def _accent(reader: MathReader, element: Element) -> None:
    base = child(element, "m:e")
    if base is not None:
        reader.inside(base)
        reader.sign(_character(element, "m:accPr", "m:chr", "\u0302"))


def _matrix(reader: MathReader, element: Element) -> None:
    reader.sign("[")
    for number, row in enumerate(_parts(element, "m:mr")):
        if number:
            reader.sign("; ")
        _listed(reader, _parts(row, "m:e"), ", ")
    reader.sign("]")


def _lines(reader: MathReader, element: Element) -> None:
    _listed(reader, _parts(element, "m:e"), "; ")


def _listed(reader: MathReader, parts: Iterator[Element], between: str) -> None:
    for number, part in enumerate(parts):
        if number:
            reader.sign(between)
        reader.inside(part)


def _operand(reader: MathReader, part: Element | None) -> None:
    """A part of something larger, in brackets where it would otherwise run into its surroundings."""
    if part is None:
        return
    simple = _is_simple(part)
    if not simple:
        reader.sign("(")
    reader.inside(part)
    if not simple:
        reader.sign(")")


def _is_simple(part: Element) -> bool:
    whole = "".join(node.text or "" for node in part.iter(MATH_TEXT)).strip()
    return bool(_SIMPLE.fullmatch(whole)) and next(part.iter(*_STRUCTURES), None) is None


def _has_text(part: Element) -> bool:
    return any((node.text or "").strip() for node in part.iter(MATH_TEXT))


def _parts(element: Element, name: str) -> Iterator[Element]:
    yield from element.iterchildren(tag(name))


def _character(element: Element, properties: str, name: str, otherwise: str) -> str:
    found = child(element, properties, name)
    if found is None:
        return otherwise
    return str(found.get(tag("m:val")) or found.get(VAL) or "")


RULES: dict[str, Callable[[MathReader, Element], None]] = {
    tag("m:f"): _fraction,
    tag("m:sSup"): _script(("m:sup", "^")),
    tag("m:sSub"): _script(("m:sub", "_")),
    tag("m:sSubSup"): _script(("m:sub", "_"), ("m:sup", "^")),
    tag("m:sPre"): _before,
    tag("m:limLow"): _script(("m:lim", "_")),
    tag("m:limUpp"): _script(("m:lim", "^")),
    tag("m:rad"): _root,
    tag("m:nary"): _large_operator,
    tag("m:d"): _delimited,
    tag("m:func"): _function,
    tag("m:acc"): _accent,
    tag("m:m"): _matrix,
    tag("m:eqArr"): _lines,
}
"""How each structure of an equation is written."""

_STRUCTURES = tuple(RULES)
