"""Runs of text as the data the template sets: plain strings, and small records for everything else.

A record has `t` (text) with the marks that hold for it: `b`, `i`, `u`, `e` (着重号), `sup`, `sub`, `r` (ruby). Others
stand alone: `br` (line break), `tab`, `z` (a place where a line may break), `j` (one where it may
not), `n` (a footnote: its paragraphs), `x` (the
index headings met here).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from archive.export.fonts import PrintedPassage
from archive.export.table_columns import LONGEST_WORD
from archive.model.records import Run, Style

Item = str | dict[str, object]
"""A stretch of text, or a record."""

LATIN, HEI, KAI = "西文", "黑体", "楷体"

# What the Latin font sets. Marks that Chinese and Latin share (“ ” — … · × °) are left to the Chinese one.
_LATIN_RANGES = (
    *((0x20, 0x7E), (0xA0, 0xA0), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2AF), (0x300, 0x3FF), (0x400, 0x52F)),
    (0x1E00, 0x1FFF),
)
LATIN_CLASS = "[" + "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in _LATIN_RANGES) + "]"
"""The same as a character class in Rust's regular expressions."""
_LATIN = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}".replace(" -", r"\ -") for first, last in _LATIN_RANGES) + "]+"
)

_LONG = re.compile(f"[!-~\u00a1-\u024f]{{{LONGEST_WORD + 1},}}")
# A line may break behind a mark of an address, never before one, and within what stands between two marks.
_SYLLABLE = re.compile(r"[A-Za-z0-9\u00a1-\u024f]{1,3}[^A-Za-z0-9\u00a1-\u024f]*|[^A-Za-z0-9\u00a1-\u024f]{1,3}")
# Connectors and middle dots never begin a line (GB/T 15834, clreq); a dash of two characters may.
_TIED = re.compile("(?<=[^\\s—])(?=[·・‧•～〜~–]|—(?!—))")
_PARTS = re.compile(f"([\n\r\v\f\u2028\u2029]|\t|{_LONG.pattern})")
_MARKS = (
    (Style.BOLD, "b"),
    (Style.ITALIC, "i"),
    (Style.UNDERLINE, "u"),
    (Style.EMPHASIS, "e"),
    (Style.SUPERSCRIPT, "sup"),
    (Style.SUBSCRIPT, "sub"),
)


def plain(text: str) -> list[Item]:
    """A text with its line breaks."""
    return [item for part in _PARTS.split(text) if part for item in _items(part)]


def styled(run: Run) -> Iterator[Item]:
    """A run without its note."""
    if not run.style and not run.ruby:
        yield from plain(run.text)
        return
    marks = {name: True for flag, name in _MARKS if run.style & flag}
    if run.ruby:
        yield {"t": run.text, "r": run.ruby, **marks}
        return
    for item in plain(run.text):
        yield {"t": item, **marks} if marks and isinstance(item, str) else item


def _items(part: str) -> Iterator[Item]:
    if part == "\t":
        yield {"tab": True}
    elif _LONG.fullmatch(part):
        for piece in _SYLLABLE.findall(part):
            yield piece
            yield {"z": True}
    elif _PARTS.fullmatch(part):
        yield {"br": True}
    else:
        first, *others = _TIED.split(part)
        yield first
        for other in others:
            yield {"j": True}
            yield other


def joined(items: Iterable[Item]) -> list[Item]:
    """The items with neighbouring strings made one."""
    found: list[Item] = []
    for item in items:
        if found and isinstance(item, str) and isinstance(found[-1], str):
            found[-1] += item
        else:
            found.append(item)
    return found


def passages(role: str, place: str, runs: Sequence[Run]) -> Iterator[PrintedPassage]:
    """The runs as the fonts will meet them: Latin letters in their own font, the rest in that of `role`."""
    for style in (Style.BOLD, Style.ITALIC):
        if marked := "".join(run.text for run in runs if run.style and run.style & style):
            yield from texts(HEI if style is Style.BOLD else KAI, place, marked)
    yield from texts(role, place, "".join(run.text for run in runs))
    # Readings are set in the font of their text: Chinese fonts have all the letters of pinyin, Latin ones have not.
    if readings := "".join(run.ruby for run in runs):
        yield PrintedPassage(role, place, readings)


def texts(role: str, place: str, text: str) -> Iterator[PrintedPassage]:
    """A plain text as `passages` gives runs."""
    latin = "".join(_LATIN.findall(text))
    if latin:
        yield PrintedPassage(LATIN, place, latin)
    rest = _LATIN.sub("", text) if latin else text
    if rest and role != LATIN:
        yield PrintedPassage(role, place, rest)
