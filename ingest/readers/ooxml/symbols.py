"""Characters of Word's symbol fonts (w:sym) as Unicode: those that Chinese manuscripts really use."""

from __future__ import annotations

UNKNOWN = "□"

_WINGDINGS = {
    0x28: "☎", 0x2A: "✉", 0x45: "☜", 0x46: "☞", 0x4A: "☺", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "❐",
    0x71: "❑", 0x72: "❒", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x80: "⓪", 0x81: "①", 0x82: "②", 0x83: "③",
    0x84: "④", 0x85: "⑤", 0x86: "⑥", 0x87: "⑦", 0x88: "⑧", 0x89: "⑨", 0x8A: "⑩", 0x8C: "❶", 0x8D: "❷", 0x8E: "❸",
    0x8F: "❹", 0x90: "❺", 0x91: "❻", 0x92: "❼", 0x93: "❽", 0x94: "❾", 0x95: "❿", 0x9E: "·", 0x9F: "•", 0xA1: "○",
    0xA4: "◉", 0xA7: "▪", 0xA8: "◻", 0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xB2: "✧", 0xD8: "➢", 0xDF: "←", 0xE0: "→",
    0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●", 0xA3: "□"}
# The Symbol font's letters, from 0x41 and from 0x61.
_GREEK_CAPITALS = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_GREEK_SMALL = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SYMBOL = {
    **{0x41 + place: letter for place, letter in enumerate(_GREEK_CAPITALS)},
    **{0x61 + place: letter for place, letter in enumerate(_GREEK_SMALL)},
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″",
    0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD7: "⋅", 0xE5: "∑",
}  # fmt: skip
_PRIVATE = 0xF000
_OTHER_SYMBOL_FONTS = frozenset({"webdings", "wingdings 3", "marlett", "mt extra"})  # of which no sign has a sure equal
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}

SYMBOL_FONTS = frozenset(_FONTS)
"""In lower letters, those whose signs are known here."""


def symbol(font: str, code: str) -> str:
    """The character at hexadecimal `code` of a font; UNKNOWN only where the code is that of no character.

    Word writes the codes of symbol fonts either bare or in the private area F000-F0FF. A sign without a certain
    equivalent keeps its code there, so that it can still be told which one it was.
    """
    try:
        point = int(code, 16)
    except ValueError:
        return UNKNOWN
    name = font.strip().lower()
    table = _FONTS.get(name)
    place = point - _PRIVATE if 0xF000 <= point <= 0xF0FF else point
    if table is not None and place in table:
        return table[place]
    if (table is not None or name in _OTHER_SYMBOL_FONTS) and 0x20 <= place <= 0xFF:
        return chr(_PRIVATE + place)
    return UNKNOWN if 0xD800 <= point <= 0xDFFF or point < 0x20 or point > 0x10FFFF else chr(point)
