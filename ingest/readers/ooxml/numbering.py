"""Automatic numbering: the labels Word computes and prints but does not store as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ingest.readers.ooxml.symbols import symbol
from ingest.readers.ooxml.wordml import Element, child, integer, switched, tag, value

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_TRADITIONAL = str.maketrans("贰叁陆万", "貳參陸萬")
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


def _from(first: int, last: int, otherwise: Callable[[int], str]) -> Callable[[int], str]:
    """Signs that stand one after the other in Unicode for 1 to `last`; beyond them there are none."""
    return lambda number: chr(first + number - 1) if 1 <= number <= last else otherwise(number)


def _circled(number: int) -> str:
    if 21 <= number <= 50:
        return chr(0x3251 + number - 21) if number <= 35 else chr(0x32B1 + number - 36)
    return _from(0x2460, 20, str)(number)


def _repeated(signs: str) -> Callable[[int], str]:
    """*, †, ‡, §, **, ††…"""
    return lambda number: signs[(number - 1) % len(signs)] * ((number - 1) // len(signs) + 1)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_ONES: list[str] = re.findall(
    r"\w+",
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""",
)
_TENS: list[str] = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _in_words(number: int) -> str:
    if not 0 <= number < 100:
        return str(number)
    if number < 20:
        return _ONES[number].capitalize()
    tens, ones = divmod(number, 10)
    return (_TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")).capitalize()


def _ordinal_in_words(number: int) -> str:
    if not 0 < number < 100:
        return _ordinal(number)
    head, dash, last = _in_words(number).lower().rpartition("-")
    last = _IRREGULAR.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last.removesuffix("e") + "th")
    return f"{head}{dash}{last}".capitalize()


def _cyclic(number: int) -> str:
    """甲子, 乙丑… of the cycle of sixty."""
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12]


def _formal(number: int) -> str:
    return ("一" * (10 <= number < 20) + chinese(number)).translate(_FORMAL)


def _in_digits(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


_COUNTING = (
    "chineseCounting",
    "chineseCountingThousand",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "japaneseCounting",
    "japaneseDigitalTenThousand",
    "koreanCounting",
)
_FORMATS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(_COUNTING, chinese),
    "ideographDigital": _in_digits,
    "taiwaneseDigital": _in_digits,
    "chineseLegalSimplified": _formal,
    "ideographLegalTraditional": lambda n: _formal(n).translate(_TRADITIONAL),
    "japaneseLegal": lambda n: _formal(n).translate(_TRADITIONAL),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: _BRANCHES[(n - 1) % 12],
    "ideographZodiacTraditional": _cyclic,
    "ideographEnclosedCircle": _from(0x3280, 10, chinese),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from(0x2474, 20, lambda n: f"({n})"),
    "decimalEnclosedFullstop": _from(0x2488, 20, lambda n: f"{n}."),
    "numberInDash": lambda n: f"- {n} -",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalZero": lambda n: f"{n:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "ordinal": _ordinal,
    "cardinalText": _in_words,
    "ordinalText": _ordinal_in_words,
    "hex": lambda n: f"{n:X}",
    "chicago": _repeated("*†‡§"),
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
    font: str = ""  # of the label: bullets are signs of symbol fonts


@dataclass(frozen=True, slots=True)
class _Instance:
    """A w:num: the list it continues, with starts and whole levels of its own."""

    identity: str
    starts: Mapping[int, int]
    levels: Mapping[int, _Level]


_NO_LIST = _Instance("", {}, {})


@dataclass(slots=True)
class Numbering:
    """Counts on as the document is read; `label` must be asked once per numbered paragraph, in order."""

    _lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _instances: dict[str, _Instance] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def level_of(self, number: str, style: str) -> int:
        """The 0-based level that list binds to that paragraph style; 0 where it binds none."""
        levels = self._levels(self._instances.get(number, _NO_LIST))
        return next((depth for depth, level in levels.items() if level.style and level.style == style), 0)

    def label(self, number: str, depth: int) -> str:
        """The label of the next paragraph of list `number` (w:numId) at 0-based level `depth`, with its space."""
        instance = self._instances.get(number, _NO_LIST)
        levels = self._levels(instance)
        if depth not in levels:
            return ""
        level, counts = levels[depth], self._counts.setdefault(instance.identity, {})
        if depth in instance.starts and (number, depth) not in self._restarted:
            self._restarted.add((number, depth))
            counts.pop(depth, None)
        counts[depth] = counts[depth] + 1 if depth in counts else instance.starts.get(depth, level.start)
        for deeper in [other for other in counts if other > depth and (other not in levels or levels[other].restarts)]:
            del counts[deeper]
        text = self._text(level, levels, counts)
        return text + ("" if level.suffix == "nothing" or not text else " ")

    def _levels(self, instance: _Instance) -> Mapping[int, _Level]:
        levels = self._lists.get(instance.identity, {})
        return {**levels, **instance.levels} if instance.levels else levels

    @staticmethod
    def _text(level: _Level, levels: Mapping[int, _Level], counts: Mapping[int, int]) -> str:
        if level.format == "bullet":
            return _bullet(level)

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
        overrides = [(integer(one.get(tag("w:ilvl"))), one) for one in element.iter(tag("w:lvlOverride"))]
        numbering._instances[element.get(tag("w:numId")) or ""] = _Instance(
            identity,
            {depth: integer(start) for depth, one in overrides if (start := value(one, "w:startOverride")) is not None},
            {depth: _level(own) for depth, one in overrides if (own := child(one, "w:lvl")) is not None},
        )
    return numbering


def _level(element: Element) -> _Level:
    fonts = child(element, "w:rPr", "w:rFonts")
    return _Level(
        start=integer(value(element, "w:start"), 1),
        format=value(element, "w:numFmt") or "decimal",
        pattern=value(element, "w:lvlText") or "",
        legal=bool(switched(element, "w:isLgl")),
        restarts=value(element, "w:lvlRestart") != "0",
        suffix=value(element, "w:suff") or "tab",
        style=value(element, "w:pStyle") or "",
        font="" if fonts is None else fonts.get(tag("w:ascii")) or fonts.get(tag("w:hAnsi")) or "",
    )


def _bullet(level: _Level) -> str:
    """The sign before an item; a round one where that of the symbol font has no certain equivalent."""
    signs = [symbol(level.font, f"{ord(sign):x}") for sign in level.pattern]
    return "".join(signs) if signs and not any("\ue000" <= sign <= "\uf8ff" for sign in signs) else BULLET
