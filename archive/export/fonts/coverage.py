"""Whether every character of a book can be printed, and with which font: asked before anything is set.

The unit is what a reader sees as one character: a base with the marks and variation selectors after it. Characters
without form (controls, joiners, spaces) need no font. Private-use characters mean something only in the font they were
made for, so no other font may stand in for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from archive.export.fonts.catalogue import Typeface
from archive.export.fonts.choice import FontSet
from archive.export.fonts.families import RARE
from archive.export.fonts.glyphs import drawn, variations
from archive.model.errors import ExportError
from archive.model.issues import IssueCode
from archive.model.records import Issue

_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_PRESENTATION = "\ufe0e\ufe0f"  # as text, as emoji: a wish, nothing is lost without it
_FORMLESS = ("Cc", "Cf", "Zs", "Zl", "Zp")  # not Cn: what Python does not know yet may be a newly encoded ideograph
_SHOWN = 20  # characters quoted in one message
_NEAR = 12  # characters quoted on either side of a missing one


@dataclass(frozen=True, slots=True)
class PrintedPassage:
    """A text as it will be set: in the font of `role`; `place` is where it stands, in words (article, block)."""

    role: str
    place: str
    text: str


class Census:
    """The characters a book uses, by role, and where they stand."""

    def __init__(self, passages: Iterable[PrintedPassage]) -> None:
        self._passages = tuple(passages)

    @cached_property
    def units(self) -> Mapping[str, frozenset[str]]:
        """Role → the units set in it."""
        found: dict[str, set[str]] = defaultdict(set)
        marked = self._marked()
        for passage in self._passages:
            text = passage.text
            if marked:
                found[passage.role].update(marked.findall(text))
                text = marked.sub("", text)
            found[passage.role].update(text)
        return {role: frozenset(unit for unit in used if not _formless(unit[0])) for role, used in found.items()}

    def _marked(self) -> re.Pattern[str] | None:
        """Finds a character with the marks after it; None where no mark stands in the whole book, which is usual."""
        used = set[str]().union(*(passage.text for passage in self._passages))
        marks = sorted(char for char in used if unicodedata.category(char).startswith("M"))
        group = "".join(map(re.escape, marks))
        return re.compile(f"[^{group}]?[{group}]+", re.DOTALL) if marks else None

    def places(self, unit: str, limit: int = 3) -> tuple[str, ...]:
        """Where a unit stands first, each with the words around it; the last entry is how many more there are."""
        found: list[str] = []
        more = 0
        for passage in self._passages:
            start = passage.text.find(unit)
            if start < 0:
                continue
            if len(found) == limit:
                more += 1
                continue
            end = start + len(unit)
            around = passage.text[max(0, start - _NEAR) : end + _NEAR].replace("\n", " ")
            found.append(f"{passage.place}“{around}”")
        return (*found, f"另有 {more} 段") if more else tuple(found)


@dataclass(frozen=True, slots=True)
class Fallback:
    """Units that the font of `role` does not have and `face` prints in its place."""

    role: str
    face: Typeface
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the characters of a book are printed with a set of fonts.

    `roles` are those the book uses. `missing` are units in no font (role, unit), `reduced` variation sequences printed
    as their plain base, `private` private-use characters that the role's own font happens to have. All sorted.
    """

    fonts: FontSet
    roles: tuple[str, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    reduced: tuple[tuple[str, str], ...] = ()
    private: tuple[tuple[str, str], ...] = ()

    @property
    def faces(self) -> tuple[Typeface, ...]:
        """Every face the book may need: of the roles it uses, upright and bold, and those that stand in; each once."""
        own = (kind[role] for kind in (self.fonts.regular, self.fonts.bold) for role in self.roles if role in kind)
        return tuple(dict.fromkeys((*own, *(fallback.face for fallback in self.fallbacks))))

    def stand_ins(self, role: str) -> tuple[Fallback, ...]:
        """The fonts that help out in a role. Their characters must be directed to them by name: the role's own font
        may promise a character it does not draw, and a typesetter would believe it."""
        return tuple(fallback for fallback in self.fallbacks if fallback.role == role)

    def issues(self, census: Census) -> tuple[Issue, ...]:
        """What an editor should know, the missing characters first, each with where it stands."""
        found = [
            Issue(
                IssueCode.CHARACTER_MISSING, _where(census, unit), f"{_named(unit)}在所有字体里都没有，印出来会是方框。"
            )
            for unit in self._lost()
        ]
        for each in self.fallbacks:
            own = self.fonts.regular[each.role].name
            message = f"“{own}”没有{_quoted(each.units)}，用“{each.face.name}”代替。"
            found.append(Issue(IssueCode.CHARACTER_FALLBACK, f"字体“{each.role}”", message))
        for role, unit in self.reduced:
            message = f"字体“{role}”没有{_named(unit)}指定的异体，印成通行的字形。"
            found.append(Issue(IssueCode.VARIATION_REDUCED, _where(census, unit), message))
        for role, unit in self.private:
            message = f"{_named(unit)}是私用区字符，印出什么全看字体“{role}”，请改用正式编码。"
            found.append(Issue(IssueCode.PRIVATE_USE, _where(census, unit), message))
        return tuple(found)

    def require(self, census: Census) -> None:
        """Raise ExportError when a character stands in no font: a final book must not have boxes in it."""
        lost = self._lost()
        if not lost:
            return
        listed = "；".join(f"{_named(unit)}：{_where(census, unit)}" for unit in lost[:_SHOWN])
        more = f"；另有 {len(lost) - _SHOWN} 个字" if len(lost) > _SHOWN else ""
        raise ExportError(
            f"有 {len(lost)} 个字在所有字体里都没有，印出来会是方框：{listed}{more}。",
            hint="请安装收字更多的字体（如 BabelStone Han、花园明朝、遍黑体）或放进资料库的 fonts 文件夹；"
            "也可以先出校样，或把这些字改写为通行字。",
        )

    def _lost(self) -> list[str]:
        """The missing units, each once though several roles want it."""
        return sorted({unit for _, unit in self.missing})


def cover(used: Mapping[str, Set[str]], fonts: FontSet) -> Coverage:
    """Find a font for every unit: the role's own, else the fonts of other roles, else any other that has it.

    `used` is role → units (see Census); a role without a font of its own raises KeyError.
    """
    missing: list[tuple[str, str]] = []
    reduced: list[tuple[str, str]] = []
    private: list[tuple[str, str]] = []
    helped: dict[tuple[str, Typeface], list[str]] = defaultdict(list)
    for role, wanted in used.items():
        own = fonts.regular[role]
        shown = _shown(own, wanted)
        printed: dict[str, Typeface | None] = dict.fromkeys(sorted(shown), own)
        printed.update(_elsewhere(wanted - shown, fonts, own))
        for unit, face in printed.items():
            if face is None:
                missing.append((role, unit))
                continue
            if face is not own:
                helped[role, face].append(unit)
            if _reduced_by(face, unit):
                reduced.append((role, unit))
            if unicodedata.category(unit[0]) == "Co":
                private.append((role, unit))
    fallbacks = tuple(Fallback(role, face, tuple(found)) for (role, face), found in helped.items())
    return Coverage(fonts, tuple(used), fallbacks, tuple(missing), tuple(reduced), tuple(private))


def _elsewhere(lacking: Iterable[str], fonts: FontSet, own: Typeface) -> dict[str, Typeface | None]:
    """Unit → the font that has it, or None; in the order of the units."""
    found: dict[str, Typeface | None] = dict.fromkeys(sorted(lacking))
    left = {unit for unit in found if unicodedata.category(unit[0]) != "Co"}
    tried = {own}
    for face in _helpers(fonts) if left else ():
        if face in tried:
            continue
        tried.add(face)
        shown = _shown(face, left)
        found.update(dict.fromkeys(shown, face))
        left -= shown
        if not left:
            break
    return found


def _helpers(fonts: FontSet) -> Iterator[Typeface]:
    yield from fonts.regular.values()
    known = (fonts.catalogue.find(name) for name in RARE)
    yield from (face for face in known if face and face.embeddable)
    # The faces of a collection differ in language, hardly in what they cover; one of each is asked.
    one_of_each: dict[Path, Typeface] = {}
    for face in fonts.catalogue.regulars():
        one_of_each.setdefault(face.path, face)
    yield from one_of_each.values()


def _shown(face: Typeface, wanted: Iterable[str]) -> set[str]:
    """Those of the units that the face prints whole: every character of it, or its composed form."""
    forms = {unit: _forms(_plain(unit)) for unit in wanted}
    has = drawn(face, {ord(char) for each in forms.values() for form in each for char in form})
    return {unit for unit, each in forms.items() if any(all(ord(char) in has for char in form) for form in each)}


def _forms(text: str) -> tuple[str, ...]:
    # NFC turns compatibility ideographs into others; composing is only asked of a letter with marks.
    return (text,) if len(text) == 1 else (text, unicodedata.normalize("NFC", text))


def _formless(char: str) -> bool:
    return unicodedata.category(char) in _FORMLESS


def _plain(unit: str) -> str:
    """Without variation selectors, which have no glyph of their own."""
    return _SELECTOR.sub("", unit) or unit


def _reduced_by(face: Typeface, unit: str) -> bool:
    """Whether the face prints the base of a variation sequence only."""
    selector = _SELECTOR.search(unit, 1)
    if selector is None or selector.group() in _PRESENTATION:
        return False
    return (ord(unit[0]), ord(selector.group())) not in variations(face)


def _where(census: Census, unit: str) -> str:
    return "；".join(census.places(unit))


def _named(unit: str) -> str:
    return f"“{unit}”（{' '.join(f'U+{ord(char):04X}' for char in unit)}）"


def _quoted(found: tuple[str, ...]) -> str:
    more = "……" if len(found) > _SHOWN else ""
    return f" {len(found)} 个字（{' '.join(found[:_SHOWN])}{more}）"
