"""Rules for decades, centuries and life dates."""

from __future__ import annotations

import re

from archive.dates.calendar import month_span, years_span
from archive.dates.dated import opened
from archive.dates.numerals import DIGIT_CLASS, number
from archive.dates.patterns import TO
from archive.dates.reading import Reading, gregorian_day
from archive.model.records import Precision

_CENTURY = r"(?:\d{1,2}|二十一?|十[一二三四五六七八九]?|[一二三四五六七八九]|上|本)个?世纪"
_AGE = (
    r"(?P<part>[初早]中期|之?初[期叶]?|早期|前期|中[后晚]期|中叶|中期?(?![共国央])|末叶|之?末期?|后期|晚期|上半叶|下半叶|前半叶|后半叶|前半期|后半期"
    r"|上半期|下半期)?"
)
_LATER = re.compile(
    r"(?P<since>以[来降]|之?以后|之后|后(?![半期往代来裔勤人唐梁汉晋周]))|(?P<until>之?以前|之前|前(?![期半往后来]))"
    r"|(?P<about>前后|左右)"
)
_DECADE = (
    r"(?:(?:1\d|20)\d0|[1-9]0|一[五六七八九][一二三四五六七八九〇零][〇零]|二[〇零][〇零一二][〇零]"
    r"|[一二三四五六七八九][十〇零])"
)
_AGE_NAME = "(?P<bc>(?:公元|西元|纪元)?前)?(?:公元|西元)?"
# 二十世纪头十年, 本世纪最初二十年, 上世纪最后十年
_EDGE_YEARS = r"的?(?:(?P<edge>头|前|最初|第一个|最后)的?(?P<years>[二三四五六]?十|[1-6]0)(?:多?个)?年)"
DECADE = re.compile(
    rf"{_AGE_NAME}(?P<century>{_CENTURY})?的?(?:(?P<from>{_DECADE})年?(?:[、至到和与及]|-+))?"
    rf"(?:(?P<decade>{_DECADE}"
    r"|(?P<first>[一二三四五六七八])、?(?P<second>[二三四五六七八九])十"
    r")年代(?!(?<=\d{4}年代)(?:表[大会团]|理))|(?P<blank>(?:1[5-9]|20)\d|一[五六七八九][〇零一二三四五六七八九]|[二三四五六七八九])[几×xX?□]年代?)"
    rf"{_AGE}"
)
CENTURY = re.compile(
    rf"{_AGE_NAME}(?:(?P<from>\d{{1,2}}|十[一二三四五六七八九]?|[一二三四五六七八九])(?:[、和与及至到]第?|-+))?"
    rf"(?P<century>{_CENTURY})(?:(?<=世纪)(?P<turn>之交)|(?<=世纪){_EDGE_YEARS}|{_AGE})"
)

# Years of a decade counted from its first, and of a century counted from its year 01.
_DECADE_PARTS = {
    "初中": (0, 6), "初": (0, 3), "早": (0, 3), "前": (0, 4), "上": (0, 4), "中后": (4, 9), "中": (4, 6), "后": (7, 9),
    "晚": (7, 9), "末": (7, 9), "下": (5, 9),
}  # fmt: skip
_CENTURY_PARTS = {
    "初中": (0, 65), "初": (0, 19), "早": (0, 29), "前": (0, 49), "上": (0, 49), "中后": (39, 99), "中": (33, 65),
    "后": (50, 99), "下": (50, 99), "末": (90, 99), "晚": (70, 99),
}  # fmt: skip


_MORE_DIGITS = frozenset("〇零一二三四五六七八九十百千")
_BEFORE_BLANK = frozenset(("国", *_MORE_DIGITS))
_BESIDE_BC = frozenset("至到-、")


def _key(part: str) -> str:
    if part.endswith("中期") and len(part) > 2:
        return "初中"
    return "中后" if part.startswith(("中后", "中晚")) else part.removeprefix("之")[0]


def _century_number(written: str) -> int:
    name = re.sub("个?世纪", "", written)
    return {"上": 20, "本": 21}.get(name) or number(name) or 0


def modified(text: str, reading: Reading) -> Reading:
    """The reading with 以来, 以前 or 前后 behind it."""
    later = _LATER.match(text, reading.stop)
    return opened(reading, later) if later else reading


def decade(text: str, position: int, base: int = 1900) -> Reading | None:
    """1950年代, 五十年代初, 19世纪60年代, 五六十年代. A bare decade is one of the century that begins with `base`."""
    match = DECADE.match(text, position)
    if not match or (match["blank"] and text[position - 1 : position] in _BEFORE_BLANK):  # 二十五几年, 民国三几年
        return None
    if match["bc"] and not match["century"] and len(match["decade"] or "") < 3:
        if match["bc"] == "前" and text[position - 1 : position] not in _BESIDE_BC:  # 以前八十年代
            return None
        base = 0
    first, last = _decade_years(match, base)
    hundreds = 1900 if match["bc"] else first // 100 * 100
    if match["bc"]:
        first, last = 1 - last, 1 - first
    if text.endswith("民国", 0, position) and last < 1950 and not match["century"]:  # 民国二十年代: its years 20 to 29
        first, last = first + 11, last + 11
    if match["part"]:
        begin, end = _DECADE_PARTS[_key(match["part"])]
        first, last = first + begin, last - 9 + end
    span = years_span(first, last)
    return modified(text, Reading(*span, Precision.DECADE, "decade", match.end(), century=hundreds))


def _decade_years(match: re.Match[str], base: int) -> tuple[int, int]:
    if match["century"]:
        base = (_century_number(match["century"]) - 1) * 100
    if match["century"] and match["century"].startswith("本") and not re.match("[12一二]", match["decade"]):
        base = 1900  # 本世纪三十年代 was written in the twentieth century
    if match["blank"]:  # 五几年, 195×年
        first = _decade_year(f"{match['blank']}0" if match["blank"].isascii() else f"{match['blank']}〇", base)
        return first, first + 9
    if match["first"]:
        return base + 10 * (number(match["first"]) or 0), base + 10 * (number(match["second"]) or 0) + 9
    last = _decade_year(match["decade"], base)
    first = _decade_year(match["from"], last // 100 * 100) if match["from"] else last
    return min(first, last), last + 9


def _decade_year(written: str, base: int) -> int:
    value = number(written) or 0
    return value if value > 99 else base + value


def century(text: str, position: int) -> Reading | None:
    """19世纪末, 二十世纪上半叶, 公元前5世纪: from the year 01 to the year 00."""
    match = CENTURY.match(text, position)
    count = _century_number(match["century"]) if match else 0
    if not match or not 1 <= count <= 21 or text[position - 1 : position] == "跨":
        return None
    since = number(match["from"]) if match["from"] else count
    if not since or since > count:
        return None
    first, last = 100 * since - 99, 100 * count
    if match["bc"]:
        first, last = 1 - last, 1 - first
    if match["turn"] and match["from"]:  # 十九、二十世纪之交
        first, last = first + _CENTURY_PARTS["末"][0], last - 99 + _CENTURY_PARTS["初"][1]
    if match["edge"]:
        count = number(match["years"]) or 10
        first, last = (last - count + 1, last) if match["edge"] == "最后" else (first, first + count - 1)
    if match["part"]:
        begin, end = _CENTURY_PARTS[_key(match["part"])]
        first, last = first + begin, first + end
    return modified(text, Reading(*years_span(first, last), Precision.CENTURY, "century", match.end()))


_LIFE = re.compile(
    rf"\((?P<bc>公元前|前)?(?P<birth>[约?]?(?:\d{{1,4}}|[{DIGIT_CLASS}]{{3,4}})?)年?[前后]?(?P<to>-+|[?至])"
    rf"(?:约?(?:(?P<bc2>公元前|前)|公元)?(?P<death>\d{{1,4}}|[{DIGIT_CLASS}]{{3,4}})年?[前后]?|(?P<unknown>\?|))\)"
)
_MOMENT = r"(\d{4})(?:[.·](\d{1,2})(?:[.·](\d{1,2}))?)?"
_LIFE_BY_MONTH = re.compile(rf"\({_MOMENT}-+{_MOMENT}\)")  # （1899—1967.3）
_SINCE_MONTH = re.compile(rf"\({_MOMENT}(?:(?<=[.·]\d)|(?<=[.·]\d\d))-+\)")  # （2001.3—）: an office still held
_OF_A_PERSON = re.compile(r",(?:字|号|[一-龥]{2,8}人[,。;])")  # 班固（32—92），扶风人
_REIGN_BEFORE = re.compile(r"(?<![了达共]\d\d)(?<![了达共]\d{3})(?:年间?|时期|朝|代|间|发)$")  # not 存在了688年


def life(text: str, position: int) -> Reading | None:
    """（1563—1643年）, （?—1599）, （1904— ）: from birth to death in whole years, open where one is unknown."""
    precise = _LIFE_BY_MONTH.match(text, position)
    if precise and (precise[2] or precise[5]):
        born, died = _moment(*precise.group(1, 2, 3)), _moment(*precise.group(4, 5, 6))
        if born and died and born[0] < died[1]:
            return Reading(born[0], died[1], Precision.LIFE, "life", precise.end())
    since = _SINCE_MONTH.match(text, position)
    if since and (took := _moment(*since.group(1, 2, 3))):
        return Reading(took[0], None, Precision.LIFE, "life", since.end(), named=took)
    match = _LIFE.match(text, position)
    if not match:
        return None
    if _REIGN_BEFORE.search(text[max(0, position - 7) : position]):
        return _of_stretch(match)
    written, last = match["birth"].lstrip("约?"), match["death"] or ""
    short = (0 < len(written) < 3 and not match["bc"]) or (0 < len(last) < 3 and not (match["bc"] or match["bc2"]))
    if short and not _OF_A_PERSON.match(text, match.end()):  # (3-5), (12-15): no years
        return None
    birth = _life_year(written, match["bc"])
    death = _life_year(last, match["bc2"])
    if birth is not None and death is not None:
        if not 0 < death - birth < (1000 if len(written) < 3 else _LATEST):
            return None
        return Reading(*years_span(birth, death), Precision.LIFE, "life", match.end())
    if birth is not None and match["to"] != "?":
        born = years_span(birth, birth)
        return Reading(born[0], None, Precision.LIFE, "life", match.end(), named=born)
    if death is not None and "?" in match[0]:
        died = years_span(death, death)
        return Reading(None, died[1], Precision.LIFE, "life", match.end(), named=died)
    return None


def _of_stretch(match: re.Match[str]) -> Reading | None:
    """其间（1958—1962）, and behind the name of a reign that nobody knows: the years alone."""
    first, last = _life_year(match["birth"], match["bc"]), _life_year(match["death"] or "", match["bc2"])
    short = len(match["birth"]) < 3 or len(match["death"] or "") < 3
    if first is None or last is None or short or not first < last <= _LATEST:
        return None
    return Reading(*years_span(first, last), Precision.RANGE, "year-range", match.end(), last)


def _life_year(written: str | None, bc: str | None) -> int | None:
    if not written:
        return None
    year = number(written) or 0
    return 1 - year if bc else year


def _moment(year: str, month: str | None, of_month: str | None) -> tuple[int, int] | None:
    """The days of 1899, 1967.3 or 1967.3.5; None where the calendar has none."""
    if month is None:
        return years_span(int(year), int(year))
    if not 1 <= int(month) <= 12:
        return None
    if of_month is None:
        return month_span(int(year), int(month))
    found = gregorian_day(int(year), int(month), int(of_month))
    return None if found is None else (found, found)


# 东汉（25—220）, 秦（前221—前206）: the years in brackets show that a dynasty is meant, and which years.
YEARS_IN_BRACKETS = rf"\((?:公元)?(?:前\d{{1,4}}|\d{{2,4}})年?{TO}(?:公元)?前?\d{{2,4}}年?\)"
_SPAN_IN_BRACKETS = re.compile(
    rf"\((?:公元)?(?P<bc>前)?(?P<first>\d{{1,4}})年?{TO}(?:公元)?(?P<bc2>前)?(?P<last>\d{{2,4}})年?\)"
)
_LATEST = 2100


def in_brackets(text: str, position: int) -> Reading | None:
    """The years in brackets behind a dynasty: 东汉（25—220）, 西汉（前206—25）."""
    match = _SPAN_IN_BRACKETS.match(text, position)
    if not match:
        return None
    first, last = (
        1 - int(match[year]) if match[bc] else int(match[year]) for year, bc in (("first", "bc"), ("last", "bc2"))
    )
    if not first < last <= _LATEST:
        return None
    return Reading(*years_span(first, last), Precision.DYNASTY, "dynasty", match.end())
