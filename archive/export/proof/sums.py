"""Numbers of one sentence that do not add up: totals and their parts, more and less, times and per cent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isclose

from archive.dates.numerals import number
from archive.export.proof.passages import PROSE, ProofMark, ProofPassage

_DIGITS = "〇零一二两三四五六七八九十百千万亿"
_NUMBER = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+)?[万亿千百]?|[{_DIGITS}]{{1,10}})"
_UNIT = (
    "平方公里|平方米|立方米|公里|公斤|公顷|万元|[人名户个所座亩斤吨里米元册件头只辆台间处篇份间家村枚枝支匹艘架箱担石]"
)
_QUANTITY = re.compile(rf"(?P<n>(?<![第.\d{_DIGITS}]){_NUMBER})(?P<more>[多余来])?(?P<unit>{_UNIT})")
_SENTENCE = re.compile(r"[^。；！？\n]+")
_TOTAL = re.compile(r"(?:共计|合计|总计|一共|总共|共有|计有|共)(?:有|为|是|达)?$")
_AMONG = re.compile(r"[，、（(]?其中[^，。；]{0,3}")
_VAGUE = re.compile(r"[约近超逾达几]$|将近$|大约$")
_GROWN = re.compile(
    rf"[由从](?P<from>{_NUMBER})(?P<unit>{_UNIT})[^，。；\d]{{0,6}}?(?P<way>增加|增长|提高|上升|扩大|发展|增|减少|下降|降低|减|降|缩小)(?:到|为|至)了?"
    rf"(?P<to>{_NUMBER})(?P=unit)[^。；\d]{{0,12}}?(?:增加|增长|提高|上升|扩大|翻|减少|下降|降低|减|降|缩小)了?"
    rf"(?:(?P<times>{_NUMBER})倍|(?P<percent>\d+(?:\.\d+)?)%|百分之(?P<hundredths>[{_DIGITS}]+))"
)
_COMPARED = re.compile(
    rf"(?P<now>{_NUMBER})(?P<unit>{_UNIT})，?[^。；\d]{{0,4}}(?:比|较)[^。；]{{0,16}}?(?P<then>{_NUMBER})(?P=unit)，?(?:净)?"
    rf"(?P<way>增加|增长|多|增|减少|下降|少|减)了?(?P<by>{_NUMBER})(?P=unit)"
)
_LESS = frozenset("减下降少缩")
_NO_PART = re.compile("[（(占比从由到]")
_NAMED = 8  # characters of what a part is called
_NEAR = 0.04  # a figure rounded off
_FAR = 1.6  # a total so much smaller than its parts is a total of something else


def sums(passage: ProofPassage) -> Iterator[ProofMark]:
    """男生45人，女生38人，共计85人; 120户，其中汉族70户，回族60户; 由100斤增加到300斤，增长3倍."""
    if passage.kind not in PROSE:
        return
    for sentence in _SENTENCE.finditer(passage.text):
        text, offset = sentence[0], sentence.start()
        for start, end, message in (*_totals(text), *_grown(text), *_compared(text)):
            yield passage.mark(offset + start, offset + end, message)


def _value(written: str) -> float | None:
    """What a number says; None for a word that is none."""
    scale = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2}
    if written[0].isdigit():
        return float(written.rstrip("万亿千百").replace(",", "")) * scale.get(written[-1], 1)
    value = number(written.replace("两", "二"))
    return None if value is None else float(value)


def _quantities(text: str) -> list[tuple[re.Match[str], float]]:
    """The exact quantities of a sentence, in order."""
    found = []
    for match in _QUANTITY.finditer(text):
        value = _value(match["n"])
        if value and not match["more"] and not _VAGUE.search(text[: match.start()][-2:]):
            found.append((match, value))
    return found


def _totals(text: str) -> Iterator[tuple[int, int, str]]:
    quantities = _quantities(text)
    for place, (match, value) in enumerate(quantities):
        parts = _before(text, quantities[:place], match)
        if len(parts) > 1 and _TOTAL.search(text[: match.start()]) and max(parts) < value < _FAR * sum(parts):
            sums_of = [sum(parts[at:]) for at in range(len(parts) - 1)]
            if not any(isclose(each, value) for each in sums_of) and sum(parts) < _FAR * value:
                yield match.start(), match.end(), f"前面几个数相加是{_shown(sum(parts))}，与“{match[0]}”不合"
        among = _AMONG.match(text, match.end())
        parts = _behind(text, quantities[place + 1 :], match, among.end()) if among else []
        if len(parts) > 1 and max(parts) < value < sum(parts) < _FAR * value:
            yield match.start(), match.end(), f"其中各项相加是{_shown(sum(parts))}，多于“{match[0]}”"


def _before(text: str, quantities: list[tuple[re.Match[str], float]], total: re.Match[str]) -> list[float]:
    """The quantities of the unit of a total that lead up to it without another one between them."""
    parts: list[float] = []
    for match, value in reversed(quantities):
        if match["unit"] != total["unit"] or "其中" in text[match.end() : total.start()]:
            break
        parts.insert(0, value)
    return parts


def _behind(text: str, quantities: list[tuple[re.Match[str], float]], total: re.Match[str], start: int) -> list[float]:
    """The parts that follow 其中, each with a name of its own before it, up to another unit."""
    parts: list[float] = []
    end = start
    for match, value in quantities:
        between = text[end : match.start()]
        far = len(between.strip("，、和及")) > _NAMED
        if match["unit"] != total["unit"] or far or _NO_PART.search(between):
            break
        parts.append(value)
        end = match.end()
    return parts


def _grown(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _GROWN.finditer(text):
        before, after = _value(match["from"]), _value(match["to"])
        if not before or after is None:
            continue
        change = (before - after if match["way"][0] in _LESS else after - before) / before
        if match["times"]:
            said, shown = _value(match["times"]), f"{_shown(change)}倍"
            place = (match.start("times"), match.end("times") + 1)
        else:
            said, shown = _value(match["percent"] or match["hundredths"]), f"{_shown(change * 100)}%"
            said = None if said is None else said / 100
            place = match.span("percent") if match["percent"] else match.span("hundredths")
        if said is not None and not isclose(said, change, rel_tol=_NEAR, abs_tol=0.006):
            yield (*place, f"从{match['from']}到{match['to']}，变化是{shown}")


def _compared(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _COMPARED.finditer(text):
        now, then, by = (_value(match[part]) for part in ("now", "then", "by"))
        if now is not None and then is not None and by is not None:
            change = then - now if match["way"][0] in _LESS else now - then
            if not isclose(change, by, rel_tol=_NEAR) and change > 0:
                yield match.start("by"), match.end("by"), f"{match['now']}与{match['then']}相差{_shown(change)}"


def _shown(value: float) -> str:
    return f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.0f}"
