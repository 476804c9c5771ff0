"""Ascending numbers as a string inside a plain script, for pages that may load neither binary files nor JSON.

Written are the differences, one character each: code point 35 and up, without the backslash, so that a difference below
56 is one byte and one below 2,000 two. One of `STEP` or more begins with "!" and the character of its quotient. In the
browser static/search.js reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable

STEP = 12_288
_FIRST, _BACKSLASH = 35, 92


def packed(numbers: Iterable[int]) -> str:
    """Numbers from 0 on, each at least as large as the one before, as text without quotation marks or backslashes."""
    written, before = [], 0
    for number in numbers:
        far, near = divmod(number - before, STEP)
        before = number
        if far:
            written.append("!" + _character(far))
        written.append(_character(near))
    return "".join(written)


def unpacked(text: str) -> list[int]:
    """The numbers again."""
    numbers, before, far = [], 0, 0
    characters = iter(text)
    for each in characters:
        if each == "!":
            far = _number(next(characters)) * STEP
            continue
        before += far + _number(each)
        far = 0
        numbers.append(before)
    return numbers


def _character(number: int) -> str:
    code = number + _FIRST
    return chr(code + (code >= _BACKSLASH))


def _number(character: str) -> int:
    code = ord(character)
    return code - (code > _BACKSLASH) - _FIRST
