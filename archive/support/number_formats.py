"""Values of an Excel cell as its number format shows them."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Context, Decimal

_MOST_DIGITS = 40  # before the decimal point of a number written out
_FULL = 10**15
_EXACT = Context(prec=80)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*)(?:;|$)')
# Quoted text, an escaped character, room left or filled, a colour, condition or currency, placeholders, other.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([_*].)|\[(\$?)([^\]]*)\]|([0#?][0#?.,]*|\.[0#?]+)|(%)|(.)')
_NOT_SHOWN = re.compile(r"general|@|e[+-]|[0#?]\s*/\s*[0#?\d]", re.I)  # forms a plain number stands in for


def shown(value: object, form: str) -> str:
    """The text of a cell with this value and number format, as Excel shows it.

    Dates come out as 1956年6月1日, or as 1956年6月 where the format shows no day: how the rest of the program reads and
    writes them, whatever separators the format has. None gives "".
    """
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime.datetime() | datetime.date():
            return _date(value, form.lower())
        case datetime.time() | datetime.timedelta():
            return str(value)
        case int() | float():
            return _number(value, form)
    return str(value)


def plain(value: float) -> str:
    """A number in full, to the 15 significant digits Excel keeps: 1904.0 is 1904, 1e17 is 100000000000000000."""
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if not number.is_finite():
        return str(value)
    return f"{number:f}" if abs(number.adjusted()) <= _MOST_DIGITS else f"{number}"


def _date(value: datetime.date, form: str) -> str:
    written = f"{value.year}年{value.month}月"
    if "d" in form:
        written += f"{value.day}日"
    if isinstance(value, datetime.datetime) and (value.time() != datetime.time() or "h" in form):
        written += f" {value.hour}:{value.minute:02}" + (f":{value.second:02}" if value.second else "")
    return written


def _number(value: float, form: str) -> str:
    sections = _SECTION.findall(form)
    if value == 0 and len(sections) > 2 and sections[2]:
        section, size = sections[2], value
    elif value < 0 and len(sections) > 1 and sections[1]:
        section, size = sections[1], -value  # a section of its own writes the sign itself, if any
    else:
        section, size = sections[0] if sections else "", value
    unwritten = abs(value) >= _FULL or value != value  # beyond its 15 digits Excel knows only zeros
    if unwritten or _NOT_SHOWN.search(section) or (value and not re.search("[0#?]", section)) or not section:
        return plain(value)
    return ("-" if size < 0 else "") + _filled(section, Decimal(repr(abs(size))))


def _filled(section: str, number: Decimal) -> str:
    """The section with the number in place of its placeholders. `number` is not negative."""
    tokens = _TOKEN.findall(section)
    number *= 100 ** sum(token[6] == "%" for token in tokens)
    groups = [token[5] for token in tokens if token[5]]
    parts = iter(_shared(groups, number) if len(groups) > 1 else [_digits(group, number) for group in groups])
    written = ""
    for quoted, escaped, _, currency, bracketed, places, percent, other in tokens:
        symbol = bracketed.rpartition("-")[0] or bracketed if currency else ""
        written += next(parts) if places else quoted + escaped + symbol + percent + other
    return written.strip()


def _shared(groups: list[str], number: Decimal) -> list[str]:
    """The digits of a whole number shared out from the right, as in 000-0000; the first group takes what is left."""
    digits = f"{number.quantize(Decimal(1), ROUND_HALF_UP):f}".rjust(sum(map(len, groups)), "0")
    parts: list[str] = []
    for group in reversed(groups[1:]):
        parts.insert(0, digits[-len(group) :])
        digits = digits[: -len(group)]
    return [digits, *parts]


def _digits(places: str, number: Decimal) -> str:
    """`number` with as many digits as the placeholders ask for."""
    whole, _, fraction = places.partition(".")
    scale = len(whole) - len(whole.rstrip(","))
    grouped = "," in whole.rstrip(",")
    least = whole.count("0")
    wanted = len(fraction.replace(",", ""))
    rounded = (number / 1000**scale).quantize(Decimal(1).scaleb(-wanted), ROUND_HALF_UP, _EXACT)
    before, _, after = f"{rounded:f}".partition(".")
    before = before.lstrip("0").rjust(least, "0")
    if grouped:
        before = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", before)
    kept = fraction.count("0")
    after = after[:kept] + after[kept:].rstrip("0")
    return f"{before}.{after}" if after else before or ("0" if not fraction else "")
