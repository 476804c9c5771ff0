"""Automatic numbering: the labels Word computes and prints but does not store as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ingest.readers.ooxml.wordml import Element, integer, switched, tag, value

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
BULLET = "•"


def chinese(number: int) -> str:
    """A counting number below 100,000,000 in words: 10 十, 105 一百零五."""
    if number >= 10_000:
        rest = number % 10_000
        joint = "零" if 0 < rest < 1000 else ""
        return chinese(number // 10_000) + "万" + (joint + chinese(rest) if rest else "")
    if number == 0:
        return "〇"
    words, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = bool(words) and not digit
    return words[1:] if 10 <= number < 20 else words


def _roman(number: int) -> str:
    letters = ""
    for worth, letter in _ROMAN:
        letters += letter * (number // worth)
        number %= worth
    return letters


def _letters(number: int) -> str:
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return chr(0x3251 + number - 21) if number <= 35 else f"({number})"


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "japaneseDigitalTenThousand": chinese,
    "ideographDigital": lambda n: "".join(_DIGITS[int(digit)] for digit in str(n)),
    "taiwaneseDigital": lambda n: "".join(_DIGITS[int(digit)] for digit in str(n)),
    "chineseLegalSimplified": lambda n: ("一" * (10 <= n < 20) + chinese(n)).translate(_FORMAL),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: _BRANCHES[(n - 1) % 12],
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),
    "decimalFullWidth2": lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),
    "decimalZero": lambda n: f"{n:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "none": lambda n: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    pattern: str
    legal: bool  # all levels in Arabic digits
    restarts: bool
    suffix: str
    style: str  # the paragraph style bound to this level


@dataclass(slots=True)
class Numbering:
    """Counts on as the document is read; `label` must be asked once per numbered paragraph, in order."""

    _lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _instances: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def level_of(self, number: str, style: str) -> int:
        """The 0-based level that list binds to that paragraph style; 0 where it binds none."""
        levels = self._lists.get(self._instances.get(number, ("", {}))[0], {})
        return next((depth for depth, level in levels.items() if level.style and level.style == style), 0)

    def label(self, number: str, depth: int) -> str:
        """The label of the next paragraph of list `number` (w:numId) at 0-based level `depth`, with its space."""
        identity, overrides = self._instances.get(number, ("", {}))
        levels = self._lists.get(identity, {})
        if depth not in levels:
            return ""
        level, counts = levels[depth], self._counts.setdefault(identity, {})
        if depth in overrides and (number, depth) not in self._restarted:
            self._restarted.add((number, depth))
            counts.pop(depth, None)
        counts[depth] = counts[depth] + 1 if depth in counts else overrides.get(depth, level.start)
        for deeper in [other for other in counts if other > depth and levels[other].restarts]:
            del counts[deeper]
        text = self._text(level, levels, counts)
        return text + ("" if level.suffix == "nothing" or not text else " ")

    @staticmethod
    def _text(level: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
        if level.format == "bullet":
            return BULLET

        def number(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            if depth not in levels:
                return ""
            name = "decimal" if level.legal else levels[depth].format
            return _FORMATS.get(name, str)(counts.get(depth, levels[depth].start))

        return re.sub(r"%(\d)", number, level.pattern)


def read_numbering(root: Element | None) -> Numbering:
    """The lists of word/numbering.xml; none where there is no such part."""
    numbering = Numbering()
    if root is None:
        return numbering
    linked: dict[str, str] = {}  # style name → list that defines it
    links: dict[str, str] = {}  # list → style name whose definition it uses
    for element in root.iter(tag("w:abstractNum")):
        identity = element.get(tag("w:abstractNumId")) or ""
        numbering._lists[identity] = {
            integer(level.get(tag("w:ilvl"))): _level(level) for level in element.iter(tag("w:lvl"))
        }
        defines, uses = value(element, "w:styleLink"), value(element, "w:numStyleLink")
        if defines:
            linked[defines] = identity
        if uses:
            links[identity] = uses
    for element in root.iter(tag("w:num")):
        identity = value(element, "w:abstractNumId") or ""
        identity = linked.get(links.get(identity, ""), identity)
        overrides = {
            integer(override.get(tag("w:ilvl"))): integer(start)
            for override in element.iter(tag("w:lvlOverride"))
            if (start := value(override, "w:startOverride")) is not None
        }
        numbering._instances[element.get(tag("w:numId")) or ""] = (identity, overrides)
    return numbering


def _level(element: Element) -> _Level:
    return _Level(
        start=integer(value(element, "w:start"), 1),
        format=value(element, "w:numFmt") or "decimal",
        pattern=value(element, "w:lvlText") or "",
        legal=bool(switched(element, "w:isLgl")),
        restarts=value(element, "w:lvlRestart") != "0",
        suffix=value(element, "w:suff") or "tab",
        style=value(element, "w:pStyle") or "",
    )
