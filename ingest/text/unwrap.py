"""Joining hard-wrapped lines: a text whose lines all break at one width is put back into paragraphs.

Only the distribution of line lengths decides. Without clear evidence of a width every line stays a paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

INDENT = " \t\u3000\u00a0"
_LEAST_WIDTH = 15  # shorter equal lines are verse, lists, tables
_LEAST_LINES = 8  # fewer lines prove nothing
_SLACK = 2  # a line may end this much early so that no punctuation begins the next one
_SHARE = 0.4  # of the lines of some length, so many must end at the width
_OVER = 0.25  # at most so many may be longer (notes set in two small lines count double)
_SHARP = 1.6  # one length must stand out so far above its neighbours
_ENDS = frozenset("。！？；!?;…”』」）)")
_ENDED = 0.5  # where more of the full lines end a sentence, the author broke them: verse, dialogue, lists
_FAR_TOO_LONG = 4  # a line of so many widths was never wrapped
_LATIN_WIDTHS = range(40, 121)
_LONG_WORD = 14
_LETTERS = re.compile("[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Width:
    """Where lines break: `characters` at most on a line, indentation included; `latin` breaks between words."""

    characters: int
    latin: bool = False


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """Paragraphs without indentation. `joined` seams were closed, `indentation` characters of `indented` lines dropped.

    `lines[i]` is the 0-based number of the line at which `paragraphs[i]` begins.
    """

    paragraphs: tuple[str, ...]
    lines: tuple[int, ...]
    joined: int
    indented: int
    indentation: int


def find_width(lines: Iterable[str]) -> Width | None:
    """The width at which `lines` were wrapped, or None where they were not."""
    kept = [stripped for line in lines if (stripped := line.rstrip())]
    if len(kept) < _LEAST_LINES:
        return None
    text = "".join(kept)
    half = 0.5 * len(text)
    latin = len(text.encode("ascii", "ignore")) > half and sum(map(len, _LETTERS.findall(text))) > half
    return _latin_width(kept) if latin else _chinese_width(kept)


def _chinese_width(lines: Sequence[str]) -> Width | None:
    lengths = Counter(len(line) for line in lines if len(line) >= _LEAST_WIDTH - _SLACK)
    if not lengths:
        return None
    width = max(lengths, key=lambda length: (lengths[length], length))
    full = [line for line in lines if width - _SLACK <= len(line) <= width + 1]
    over = sum(count for length, count in lengths.items() if length > width + 1)
    if width < _LEAST_WIDTH or len(full) < _SHARE * lengths.total() or over > _OVER * lengths.total():
        return None
    if lengths[width] < _SHARP * max(lengths[width - 1], lengths[width + 1]):
        return None
    if sum(line[-1] in _ENDS for line in full) > _ENDED * len(full):
        return None
    return Width(width)


def _latin_width(lines: Sequence[str]) -> Width | None:
    width = max(map(len, lines))
    near = sum(len(line) > width - _LONG_WORD for line in lines)
    return Width(width, latin=True) if width in _LATIN_WIDTHS and near >= 0.5 * len(lines) else None


def _first_word(line: str) -> str:
    return next(iter(line.split(maxsplit=1)), "")


def _runs_on(line: str, following: str, width: Width) -> bool:
    """Whether `line` fills the width, so that only the lack of room broke it."""
    if width.latin:
        return len(line) + 1 + len(_first_word(following)) > width.characters
    return len(line) >= width.characters - _SLACK


def _opens_paragraphs(lines: Sequence[str], width: Width) -> bool:
    """Whether indentation marks the beginning of paragraphs: few lines have it, but nearly all after a short one."""
    indented = [line[:1] in INDENT and bool(line.strip()) for line in lines]
    after_short = [
        mark
        for before, line, mark in zip(lines, lines[1:], indented[1:], strict=False)
        if before.strip() and line.strip() and not _runs_on(before.rstrip(), line, width)
    ]
    return sum(indented) <= 0.5 * len(lines) and bool(after_short) and sum(after_short) >= 0.8 * len(after_short)


def unwrap(lines: Sequence[str], width: Width | None) -> Unwrapped:
    """Puts lines wrapped at `width` back into paragraphs; None leaves every line a paragraph.

    An empty line ends a paragraph. Where two Latin words meet at a seam a space goes between them.
    """
    if width and any(len(line) > _FAR_TOO_LONG * width.characters for line in lines):
        width = None
    marked = width is not None and _opens_paragraphs(lines, width)
    paragraphs: list[str] = []
    starts: list[int] = []
    joined = indented = indentation = 0
    open_line = False  # the paragraph so far ends in a full line
    for number, line in enumerate(lines):
        text = line.strip(INDENT + "\r\n")
        if not text:
            open_line = False
            continue
        margin = len(line) - len(line.lstrip(INDENT))
        indented += bool(margin)
        indentation += margin
        if open_line and not (marked and margin):
            paragraphs[-1] = run_on(paragraphs[-1], text)
            joined += 1
        else:
            paragraphs.append(text)
            starts.append(number)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        open_line = width is not None and _runs_on(line.rstrip(), following, width)
    return Unwrapped(tuple(paragraphs), tuple(starts), joined, indented, indentation)


SOFT_HYPHEN = "\u00ad"
"""Where a line's end cut a word: shown by nothing, passed over by every search."""

_CUT_WORD = re.compile("[a-z]-\\Z")


def seam(before: str, after: str) -> str:
    """What goes between two lines that are joined: a space where two Latin words meet."""
    if not before or not after:
        return ""
    latin = before[-1].isascii() and before[-1] not in "-/" and after[0].isascii() and after[0].isalnum()
    return " " if latin and (before[-1].isalnum() or before[-1] in ".,;:!?)\"'") else ""


def cuts_word(before: str, after: str) -> bool:
    """Whether a line ends within a word that the next goes on with: its hyphen is the printer's."""
    return _CUT_WORD.search(before) is not None and after[:1].isascii() and after[:1].islower()


def run_on(before: str, after: str) -> str:
    """Two lines as one; the hyphen of a word that was cut stays as a soft one."""
    if cuts_word(before, after):
        return before[:-1] + SOFT_HYPHEN + after
    return before + seam(before, after) + after
