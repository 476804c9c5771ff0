"""Equations of the Equation Editor (3.0) and MathType in one line, as their objects keep them (MTEF 3 and 5)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from ingest.readers.ooxml.symbols import symbol

_HEADER = 28  # bytes before the equation in an object
_DEEPEST = 60
_END, _LINE, _CHAR, _TEMPLATE, _PILE, _MATRIX, _EMBELLISHED, _RULER, _FONT, _SIZE = range(10)
_COLOUR, _COLOUR_DEF, _FONT_DEF, _PREFERENCES, _ENCODING, _FUTURE = 15, 16, 17, 18, 19, 100
_NUDGE = 0x08
_GREEK = (4, 5)  # typefaces: letters of the Symbol font
_SYMBOLS = 6
_FENCES = {0: "⟨⟩", 1: "()", 2: "{}", 3: "[]", 4: "||", 5: "‖‖", 6: "⌊⌋", 7: "⌈⌉"}
_KINDS = {  # selectors of templates by version: what they set
    3: {
        13: "root",
        14: "fraction",
        41: "fraction",
        15: "script",
        44: "script",
        29: "limits",
        31: "limits",
        39: "limits",
    }
    | dict.fromkeys(range(21, 27), "limits"),
    5: {10: "root", 11: "fraction", 27: "script", 28: "script", 29: "script"}
    | dict.fromkeys((15, 16, 17, 18, 19, 20, 21, 22, 23), "limits"),
}
_SIGNS = {
    3: {21: "∫", 22: "∬", 23: "∭", 24: "∮", 29: "∑", 31: "∏"},
    5: {15: "∫", 16: "∑", 17: "∏", 18: "∐", 19: "⋃", 20: "⋂"},
}


class MtefError(Exception):
    """The object holds no equation that can be read."""


def linear(data: bytes) -> str:
    """The equation of an “Equation Native” stream as text: 1/2, 10^4, √(a+b). Raises MtefError."""
    try:
        text = _Reader(data[_HEADER:]).read()
    except (IndexError, struct.error, RecursionError, UnicodeDecodeError, ValueError, KeyError) as error:
        raise MtefError from error
    if not text.strip():
        raise MtefError
    return text.strip()


@dataclass(slots=True)
class _Part:
    """What a slot of a template holds; `sign`: it is a character that the template draws, such as its bracket."""

    text: str
    sign: bool = False


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._depth = data, 0, 0
        self._version = self._byte()
        if self._version not in (3, 5):
            raise ValueError(self._version)
        self._at += 4
        if self._version == 5:
            self._words()
            self._at += 1  # whether it stands in a line or by itself

    def read(self) -> str:
        return "".join(part.text for part in self._list())

    # -- bytes

    def _byte(self) -> int:
        found = self._data[self._at]
        self._at += 1
        return found

    def _short(self) -> int:
        (found,) = struct.unpack_from("<H", self._data, self._at)
        self._at += 2
        return int(found)

    def _skip(self, size: int) -> None:
        self._at += size

    def _words(self) -> None:
        self._at = self._data.index(0, self._at) + 1

    def _nudged(self, options: int) -> None:
        if options & _NUDGE and (self._byte(), self._byte()) == (128, 128):
            self._at += 4

    # -- records

    def _list(self) -> list[_Part]:
        """The parts up to the end of a list, or of the data."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(self._depth)
        parts: list[_Part] = []
        while self._at < len(self._data):
            tag = self._byte()
            kind, options = (tag & 0x0F, tag >> 4) if self._version == 3 else (tag, 0)
            if kind == _END:
                break
            if self._version == 5 and kind in _WITH_OPTIONS:
                options = self._byte()
            if (rule := _RULES.get(kind)) is not None:
                found = rule(self, options)
                parts += [found] if found is not None else []
            elif kind >= _FUTURE:
                self._skip(self._short())
            elif not 10 <= kind <= 14:  # sizes that have no data
                raise ValueError(kind)
        self._depth -= 1
        return parts

    def _line(self, options: int) -> _Part:
        self._nudged(options)
        if options & 4:
            self._at += 2
        if options & 2:
            self._ruler(self._byte() and 0)
        return _Part("" if options & 1 else "".join(part.text for part in self._list()))

    def _char(self, options: int) -> _Part:
        self._nudged(options)
        face = self._byte() - 128
        code = 0
        if self._version == 3 or not options & 0x20:
            code = self._short()
        if self._version == 5:
            self._at += bool(options & 4) + 2 * bool(options & 0x10)
        if options & (2 if self._version == 3 else 1):
            self._list()
        return _Part(self._character(face, code), sign=True)

    def _character(self, face: int, code: int) -> str:
        if self._version == 3 and code < 0x100 and (face in _GREEK or face == _SYMBOLS):
            found = symbol("Symbol", f"{code:X}")
            return chr(code) if "\ue000" <= found <= "\uf8ff" else found  # its figures and signs are those of ASCII
        if self._version == 3 and code >= 0xA1A1:
            return code.to_bytes(2, "big").decode("gb18030")
        return "" if code < 0x20 or 0xE000 <= code <= 0xF8FF else chr(code)  # spaces of widths have codes of their own

    def _template(self, options: int) -> _Part:
        self._nudged(options)
        selector, variation = self._byte(), self._byte()
        if self._version == 5 and variation & 0x80:
            self._at += 1
        self._at += 1
        return _Part(self._set(selector, variation, self._list()))

    def _set(self, selector: int, variation: int, parts: list[_Part]) -> str:
        """A template in one line; what no rule knows is read part by part."""
        slots = [part.text for part in parts if not part.sign]
        first, second, *further = [*slots, "", ""]
        kind = _KINDS[self._version].get(selector, "")
        if selector in _FENCES:
            return f"{_FENCES[selector][0]}{first}{_FENCES[selector][1]}"
        if kind == "fraction":
            return f"{_operand(first)}/{_operand(second)}"
        if kind == "root":
            return f"{_operand(second) if second else ''}√{_operand(first)}"
        if kind == "script":
            below, above = (first, second) if len(slots) > 1 else (("", first) if variation in (0, 28) else (first, ""))
            return _script("_", below) + _script("^", above)
        if kind == "limits":
            third = further[0] if further else ""
            return f"{_SIGNS[self._version].get(selector, '')}{_script('_', second)}{_script('^', third)}{first}"
        return "".join(slots)

    def _pile(self, options: int) -> _Part:
        self._nudged(options)
        self._at += 2
        if options & 2:
            self._ruler(self._byte() and 0)
        return _Part("; ".join(part.text for part in self._list()))

    def _matrix(self, options: int) -> _Part:
        self._nudged(options)
        self._at += 3
        rows, columns = self._byte(), self._byte()
        self._at += (2 * (rows + 1) + 7) // 8 + (2 * (columns + 1) + 7) // 8
        cells = [part.text for part in self._list()]
        lines = [", ".join(cells[at : at + columns]) for at in range(0, len(cells), max(1, columns))]
        return _Part("; ".join(lines))

    def _embellished(self, options: int) -> None:
        self._nudged(options)
        self._at += 1

    def _ruler(self, options: int) -> None:
        self._skip(3 * self._byte())

    def _font(self, options: int) -> None:
        self._at += 2
        if self._version == 3:
            self._words()

    def _size(self, options: int) -> None:
        self._skip({101: 3, 100: 3}.get(self._byte(), 1))

    def _colour(self, options: int) -> None:
        self._at += 1

    def _colour_def(self, options: int) -> None:
        self._at += 8 if options & 1 else 6
        if options & 4:
            self._words()

    def _font_def(self, options: int) -> None:
        self._at += 1
        self._words()

    def _encoding(self, options: int) -> None:
        self._words()

    def _preferences(self, options: int) -> None:
        """Sizes and spaces as half bytes, each ended by F; then styles."""
        for _ in range(2):
            wanted, low = self._byte(), False
            while wanted:
                half = self._data[self._at] & 15 if low else self._data[self._at] >> 4
                self._at += low
                low = not low
                wanted -= half == 15
            self._at += low
        for _ in range(self._byte()):
            self._skip(int(self._byte() != 0))


_WITH_OPTIONS = frozenset({_LINE, _CHAR, _TEMPLATE, _PILE, _MATRIX, _EMBELLISHED, _COLOUR_DEF, _PREFERENCES})
_RULES: dict[int, Callable[[_Reader, int], _Part | None]] = {
    _LINE: _Reader._line,
    _CHAR: _Reader._char,
    _TEMPLATE: _Reader._template,
    _PILE: _Reader._pile,
    _MATRIX: _Reader._matrix,
    _EMBELLISHED: _Reader._embellished,
    _RULER: _Reader._ruler,
    _FONT: _Reader._font,
    _SIZE: _Reader._size,
    _COLOUR: _Reader._colour,
    _COLOUR_DEF: _Reader._colour_def,
    _FONT_DEF: _Reader._font_def,
    _PREFERENCES: _Reader._preferences,
    _ENCODING: _Reader._encoding,
}


def _operand(text: str) -> str:
    return text if len(text) == 1 or text.replace(".", "").isalnum() else f"({text})"


def _script(sign: str, text: str) -> str:
    return f"{sign}{_operand(text)}" if text else ""
