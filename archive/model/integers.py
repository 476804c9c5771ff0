"""Whole numbers as people and browsers send them."""

from __future__ import annotations

_LONGEST = 9  # digits; longer ones are no places, pages or versions


def whole_number(text: str) -> int | None:
    """The number a text consists of, blanks around it aside; None for anything else (a sign, a word, 5,000 digits).

    Full-width digits count like others: an input method types them unasked.
    """
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST else None
