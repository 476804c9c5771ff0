"""Numbers as Chinese texts write them: 1936, 一九三六, 三十六, 廿五, 贰拾贰, 元, 正, 初五."""

from __future__ import annotations

import re

DIGITS = {
    **{character: value for value, character in enumerate("〇一二三四五六七八九")},
    **{character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "○": 0,
    "Ο": 0,
    "О": 0,
    "O": 0,
    "o": 0,
    "◯": 0,
    "两": 2,
    "弌": 1,
    "弍": 2,
    "弎": 3,
    **{str(value): value for value in range(10)},
}
TENS = {"廿": 20, "卄": 20, "念": 20, "卅": 30, "卌": 40}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}

# Character classes for the rules' regular expressions (without brackets).
DIGIT_CLASS = "〇零○Ο一二三四五六七八九"
NUMBER_CLASS = "〇零○一二三四五六七八九十百千廿卅卌壹贰叁肆伍陆柒捌玖拾两"


def number(written: str) -> int | None:
    """The value of a number, or None where the characters do not make one (十十, 二百五百, empty)."""
    if not written:
        return None
    if written.isascii() and written.isdigit():
        return int(written)
    if written in ("元", "正"):
        return 1
    written = re.sub("(?<=[十廿卅])[有又]", "", written.removeprefix("初"))  # 三十有二
    if all(character in DIGITS for character in written):
        return int("".join(str(DIGITS[character]) for character in written)) if written else None
    return _with_units(written)


def approximate(written: str) -> tuple[int, int] | None:
    """七八, 十七八, 二十五六, 初七八: two numbers in a row said in one; None for anything else."""
    digits = written.removeprefix("初")
    if len(digits) < 2 or digits[-2] not in DIGITS or digits[-1] not in DIGITS:
        return None
    first, last = DIGITS[digits[-2]], DIGITS[digits[-1]]
    tens = digits[:-2]
    before = 0 if not tens else number(tens) if tens[-1] in "十拾廿卄卅卌" else None
    if not first or last != first + 1 or before is None or digits.isascii():
        return None
    return before + first, before + last


def _with_units(written: str) -> int | None:
    total, digit, least = 0, None, 10_000
    for character in written:
        if character in DIGITS:
            if digit:  # two digits in a row do not mix with units: 二三十
                return None
            digit = DIGITS[character]
            continue
        if character in TENS:
            unit, value = 10, TENS[character]
        elif character in UNITS:
            unit = UNITS[character]
            value = (1 if digit is None else digit) * unit
        else:
            return None
        if unit >= least or (character in TENS and digit):
            return None
        total, digit, least = total + value, None, unit
    return total + (digit or 0)


def counts(written: str) -> tuple[int, int] | None:
    """First and last of a count of years: 三 is (3, 3), 二十五、六 and 二十五六 are (25, 26)."""
    about = approximate(written)
    if about:
        return about
    if written.endswith("两") and (about := approximate(written[:-1])):  # 十八九两年
        return about
    whole = number(written)
    if whole is not None:
        return (whole, whole) if whole else None
    parts = re.split("[、至到-]", re.sub("(?<=.)[两三四五]$", "", written) if "两" in written else written)
    if len(parts) == 1:
        return None
    numbers = [number(part) for part in parts]
    in_a_row = numbers[-2] is not None and numbers[-1] == numbers[-2] + 1
    if not in_a_row and len(parts) > 2 and len(parts[-1]) > 1 and DIGITS.get(parts[-1][-1]) == len(parts):
        # 七、八、九三年: the last character counts them
        numbers[-1] = number(parts[-1][:-1])
    first, *others = (one for one in numbers if one)
    if not others or len(others) + 1 < len(numbers):
        return None
    later = [one + first // 10 * 10 if one < 10 < first else one for one in others]
    listed = later == list(range(first + 1, first + 1 + len(later))) or bool(re.search("[至到-]", written))
    return (first, later[-1]) if first < later[-1] and listed else None
