"""Where any of many names stands in a text, found as search finds it: padding, traditional and variant forms aside.

Of names that begin at the same place the longest counts, and none stands inside another: 中山 in 孙中山 is not the
town. Names of one character are not looked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from archive.text.collation import is_compound_surname
from archive.text.folding import Folded, fold

Owner = TypeVar("Owner")


class _Form(NamedTuple, Generic[Owner]):
    """A spelling to look for, folded; `latin` ones must not be part of a longer word."""

    text: str
    owners: tuple[Owner, ...]
    latin: bool


class FormFinder(Generic[Owner]):
    """Made once of all forms and whose they are; asked text by text."""

    def __init__(self, forms: Iterable[tuple[str, Owner]]) -> None:
        owners: dict[str, dict[Owner, None]] = defaultdict(dict)
        for form, owner in forms:
            folded = fold(form.strip()).text
            if len(folded) > 1:
                owners[folded][owner] = None
        # By their first two characters, which are looked up where a form may begin; the longest come first.
        self._forms: dict[str, list[_Form[Owner]]] = defaultdict(list)
        for text in sorted(owners, key=len, reverse=True):
            self._forms[text[:2]].append(_Form(text, tuple(owners[text]), _is_latin(text[0]) or _is_latin(text[-1])))
        firsts, seconds = (_one_of({pair[at] for pair in self._forms}) for at in (0, 1))
        self._beginning = re.compile(f"{firsts}(?={seconds})", re.DOTALL) if self._forms else None

    def places(self, text: str) -> Iterator[tuple[int, int, str, tuple[Owner, ...]]]:
        """Start, end (exclusive), the folded form and its owners of each, in order, none overlapping."""
        if self._beginning is None:
            return
        folded = fold(text)
        matching, forms = folded.text, self._forms
        free = 0
        for match in self._beginning.finditer(matching):
            begin = match.start()
            if begin < free:
                continue
            for form in forms.get(matching[begin : begin + 2], ()):
                end = begin + len(form.text)
                if matching.startswith(form.text, begin) and _is_whole(text, folded, form.latin, begin, end):
                    first, last = folded.span(begin, end)
                    yield first, last, form.text, form.owners
                    free = end
                    break


def _one_of(characters: Iterable[str]) -> str:
    return f"[{''.join(map(re.escape, sorted(characters)))}]"


def _is_whole(text: str, folded: Folded, latin: bool, begin: int, end: int) -> bool:
    if latin and not _stands_alone(folded.text, begin, end):
        return False
    if not folded.cuts:
        return True
    first, last = folded.span(begin, end)
    return last - first == end - begin or _padded_evenly(text[first:last])


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a name that begins or ends with a Latin letter or digit is not part of a longer word."""
    joined_before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    return not joined_before and not (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))


def _is_latin(char: str) -> bool:
    return char.isalnum() and char < "\u0250"


def _padded_evenly(written: str) -> bool:
    """Whether spaces inside a name are padding (张　三, 欧阳　修): 李红 军人 is not 李红军."""
    pieces = written.split()
    return is_compound_surname(fold(pieces[0].strip()).text) or all(len(piece) == 1 for piece in pieces)
