"""Figures: letters and circles that stand for digits, two ways of writing in one number, commas, dates cut short."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.export.proof.findings import Severity
from archive.export.proof.passages import ProofMark, ProofPassage
from archive.model.records import Kind

_CHINESE = "〇零一二三四五六七八九"
_ROUND = "○◯◎ОΟOo0０"  # circles, Cyrillic and Greek letters among them
_LOOKALIKE = str.maketrans("OoОΟ○〇lI|ｌ", "0000001111")
# A circle or letter as zero among Chinese digits; two of them may stand together (二OO八).
_CIRCLE = re.compile(rf"(?<=[{_CHINESE}])[{_ROUND}]{{1,2}}(?=[{_CHINESE}年])")
_LETTER = re.compile(
    r"(?<![A-Za-z0-9.＃#-])(?:\d+[OoОΟ○〇][0-9OoОΟ○〇]*|[lI|]9\d\d|\d+[lI|]\d+)(?=\d|[年月日号元人亩斤里米]|%)"
    r"|(?<![A-Za-z0-9.＃#-])(?:1[89][OoОΟ○〇]\d|1[89]\d[OoОΟ○〇]|20[OoОΟ○〇]\d|2[OoОΟ○〇]{2}\d)(?=[年—－-])"
)


def zeros(passage: ProofPassage) -> Iterator[ProofMark]:
    """○, O and 0 for 〇 among Chinese digits (一九八○), letters among figures (195O年, l958)."""
    for match in _CIRCLE.finditer(passage.text):
        message = f"“{match[0]}”不是数字“〇”"
        yield passage.mark(match.start(), match.end(), message, "〇" * len(match[0]))
    for match in _LETTER.finditer(passage.text):
        if match[0].translate(_LOOKALIKE) != match[0]:
            yield passage.mark(match.start(), match.end(), "数目里混入了字母或圈", match[0].translate(_LOOKALIKE))


_YEAR_ZERO = re.compile(rf"(?<![{_CHINESE}十百千万亿])(?=[{_CHINESE}]*零)[一二][{_CHINESE}]{{3}}(?=年)")
_DIGITS = re.compile(f"[{_CHINESE}]{{3,}}")
_YEAR = re.compile(rf"(?<![\d{_CHINESE}])(?=\d*[{_CHINESE}])(?=[{_CHINESE}0]*[1-9])[\d{_CHINESE}]{{4}}(?=年)")


def mixed(passage: ProofPassage) -> Iterator[ProofMark]:
    """Two ways of writing in one number: 〇 and 零 (二零〇八), Chinese and Arabic digits (19八九年)."""
    for match in _DIGITS.finditer(passage.text):
        if "零" in match[0] and "〇" in match[0]:
            yield passage.mark(*match.span(), "一个数里“零”“〇”并用", match[0].replace("零", "〇"))
    for match in _YEAR_ZERO.finditer(passage.text):
        if "〇" not in match[0]:
            yield passage.mark(*match.span(), "年份里的零写“〇”", match[0].replace("零", "〇"), Severity.HINT)
    for match in _YEAR.finditer(passage.text):
        yield passage.mark(*match.span(), "一个数里汉字数字和阿拉伯数字并用")


_WIDE_COMMA = re.compile(
    r"(?<![\d.，])[1-9]\d{0,2}(?:，\d{3})+(?![\d.])(?=[多余]?[人元亩斤吨公千万亿册件户里平立米名个头只株棵套台])"
)
_GROUPS = re.compile(r"(?<![\d.,、])\d+(?:,\d+)+(?![\d,'’-])")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def thousands(passage: ProofPassage) -> Iterator[ProofMark]:
    """Commas that part a number in the wrong place (12,34) or in the wrong width (12，345元)."""
    for match in _WIDE_COMMA.finditer(passage.text):
        yield passage.mark(*match.span(), "千分位的逗号用了全角", match[0].replace("，", ","))
    for match in _GROUPS.finditer(passage.text):
        if not _GROUPED.fullmatch(match[0]):
            yield passage.mark(*match.span(), "千分位的逗号位置不对，或是顿号之误")


# 正月十五, 七月七 are said like that; only in a date with its year, or in Arabic figures, 日 is missing.
_DAYLESS = re.compile(
    r"(?:(?<![\d个.])(?:1[0-2]|0?[1-9])月(?:[12]\d|3[01]|0?[1-9])"
    rf"|(?<=[{_CHINESE}]年)(?:十[一二]?|[一二三四五六七八九])月(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]))"
    r"(?=[，。；、：）)（(在于与至到起，]|$)"
)
_DAYS_FOLLOW = re.compile(
    r"[、至到与和及—~～-]{1,2}(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、至到与和—~～\d一二三四五六七八九十-]*[日号]"
)


def dayless(passage: ProofPassage) -> Iterator[ProofMark]:
    """A day of a month without 日: 12月31，…. In 5月1、3日 the 日 comes later."""
    if passage.kind is Kind.CELL:
        return
    for match in _DAYLESS.finditer(passage.text):
        if not _DAYS_FOLLOW.match(passage.text, match.end()):
            yield passage.mark(*match.span(), "“月”后面的数缺“日”", f"{match[0]}日")
