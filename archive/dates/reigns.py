"""Rules for whole reigns: 光绪年间, 乾隆末年, 咸同间, 唐玄宗时期."""

from __future__ import annotations

import re

from archive.dates import dated, eras, lunar
from archive.dates.calendar import years_span
from archive.dates.eras import Era
from archive.dates.numerals import DIGIT_CLASS, number
from archive.dates.patterns import AD, TO, alternation
from archive.dates.reading import Reading
from archive.dates.stretches import modified
from archive.dates.years import DYNASTY, ERA_NAME, RULER, SPAN_GLOSS, Year, clause_start, dynasty_of, gloss_years
from archive.model.records import Precision

_PART = r"(?P<part>初年|初期|初叶|之?初|早期|前期|中叶|中期|中[后晚]期|后期|晚[期年]|末年|末期|末叶|之?末|季年)?"
_UNIT = (
    r"年间|之际|时期|时代|[两二三四五数诸历]朝|[两三]代|之[世治]|盛世|中兴|朝|间|时|年(?=[制造修建刊刻])"
    r"|中(?![期叶年兴国华央学医药后共])"
)
# Names nobody bears: 光绪后 is a time, 崇德后 may be what somebody did later. They may stand in a row: 康熙雍正两朝.
_KNOWN = frozenset(
    "洪武 永乐 正统 景泰 成化 弘治 嘉靖 隆庆 万历 天启 崇祯 顺治 康熙 雍正 乾隆 嘉庆 道光 咸丰 同治 光绪 宣统".split()  # noqa: SIM905
)
KNOWN = alternation(sorted(_KNOWN))
_ERA_SPAN = re.compile(
    rf"(?P<dynasty>{DYNASTY})?(?P<ruler>{RULER})?(?P<era>{ERA_NAME})(?P<list>(?:(?:[、和与及-]|{TO}){ERA_NAME}|{KNOWN}){{0,8}})(?:皇?帝)?"
    rf"(?P<unit>{_UNIT})?(?:的(?=[初末中]))?{_PART}"
)
_LATER = re.compile("以[来后前]|之[后前]|[后前](?![期妃宫来往代者人辈])")  # 永乐以后, 光绪后
_SPAN_GLOSS = re.compile(rf"{SPAN_GLOSS}|\((?:即|约|{AD})*(?P<only>\d{{3,4}}|[{DIGIT_CLASS}]{{3,4}})年?\)")


_TO_YUAN = ("至元朝", "至元代")  # until that dynasty, and not the reign


def era_span(text: str, position: int) -> Reading | None:
    """光绪年间, 明嘉靖时期, 咸丰、同治时期, 乾隆末年: first to last day of the reign. A bare era name is not read."""
    match = None if text.startswith(_TO_YUAN, position) else _ERA_SPAN.match(text, position)
    if match and (begun := _begun(text, match)):
        return begun
    if not match or not (match["unit"] or match["part"] or _later(text, match)):
        return None
    found = eras.candidates(match["era"], dynasty_of(match["dynasty"]))
    if not found or not (_is_span(match, found) or _opens(text, match, found)):
        return None
    gloss = _SPAN_GLOSS.match(text, match.end())
    if gloss and (reading := _glossed(gloss)):
        return reading
    whole = [era for era in found if era.first == 1 or era is found[0]]  # not the year for which 洪武 came back
    spans = [_part_of(era, match["part"]) for era in whole if era is found[0] or eras.rivals(found[0], era)]
    start, end = spans[0]
    following = re.findall(ERA_NAME, match["list"])
    for name in following:
        later = [era for era in eras.candidates(name) if era.start >= found[0].start]
        end = max(end, later[0].end) if later else end
    others = () if following else tuple(dict.fromkeys(span for span in spans[1:] if span != spans[0]))
    confidence = 0.6 if others else 1.0
    era = None if following else found[0]
    return modified(
        text, Reading(start, end, Precision.ERA, "reign", match.end(), confidence=confidence, others=others, era=era)
    )


# 光绪改元, 嘉靖纪元, 同治初元: the first year of a reign.
_BEGUN = re.compile("(?:改元|建元|纪元|初元)(?:之?[初年]|伊始)?")
# 清咸丰毁于兵燹, 元大德、明永乐间: what makes a time of a bare name with its dynasty.
_DONE = re.compile(
    rf"[重始增改续扩]?[建筑修造铸刻毁废圮](?![议书业国])|、(?:{DYNASTY}){ERA_NAME}(?:年?间|时|初|末|中|[元\d一二三四五六七八九十]{{1,3}}年)"
)


def _begun(text: str, match: re.Match[str]) -> Reading | None:
    begun = None if match["list"] else _BEGUN.match(text, match.end("era"))
    found = eras.candidates(match["era"], dynasty_of(match["dynasty"])) if begun else ()
    if not begun or not found or not (match["dynasty"] or found[0].dynasty in eras.LATE):
        return None
    year = Year(found[0].year_one, True, "era", begun.end(), era=found[0])
    return dated.from_year(text, year, match.start())


def _later(text: str, match: re.Match[str]) -> bool:
    """Whether 以后, or 后 behind a reign that everybody knows, makes a time of a bare name, or what was done."""
    if match["dynasty"] and _DONE.match(text, match.end()):
        return True
    found = _LATER.match(text, match.end())
    return found is not None and (len(found[0]) > 1 or bool(match["dynasty"]) or match["era"] in _KNOWN)


def _opens(text: str, match: re.Match[str], found: tuple[Era, ...]) -> bool:
    """天宝中又置, 元祐初: a reign of a great dynasty with which a clause opens, if its name is no word or place."""
    short = match["unit"] in ("中", "间", "时") or (match["part"] or "")[:1] in ("初", "末")
    return bool(short) and match["era"] not in eras.COMMON and eras.is_main(found) and clause_start(text, match.start())


def _is_span(match: re.Match[str], found: tuple[Era, ...]) -> bool:
    if match["dynasty"] or match["ruler"]:
        return True
    if match["unit"] == "年间":
        return eras.is_main(found)
    return any(era.dynasty in eras.LATE for era in found) and (
        match["era"] not in eras.COMMON or match["unit"] == "时期"
    )


def _glossed(gloss: re.Match[str]) -> Reading | None:
    """年间（1403—1424年）: the years in brackets are exact."""
    first, last = (number(gloss["only"]) or 0,) * 2 if gloss["only"] else gloss_years(gloss)
    if first > last:
        return None
    precision = Precision.YEAR if gloss["only"] else Precision.ERA
    return Reading(*years_span(first, last), precision, "reign+gregorian", gloss.end())


def _part_of(era: Era, part: str | None) -> tuple[int, int]:
    """初: the first quarter of the years, three at least; 末 the last; 中 the middle third; 前 and 后 the halves."""
    if not part:
        return era.start, era.end
    part = part.removeprefix("之").replace("中晚", "中后")
    first, count = era.year_one + era.first - 1, era.last - era.first + 1
    edge = min(count, max(3, count // 4))
    if part == "中后期":
        return lunar.year_span(first + count // 3)[0], era.end
    if part[0] in "初早":
        return era.start, min(era.end, lunar.year_span(first + edge - 1)[1])
    if part[0] in "末晚季":
        return max(era.start, lunar.year_span(first + count - edge)[0]), era.end
    if part[0] == "前":
        return era.start, lunar.year_span(first + count // 2)[1]
    if part[0] == "后":
        return lunar.year_span(first + count // 2)[0], era.end
    return lunar.year_span(first + count // 3)[0], lunar.year_span(first + 2 * count // 3)[1]


# 咸同间, 嘉隆间: reigns of the last two dynasties by one character each. Of the Ming only those pairs that are said.
_SHORT = {name[0]: name for name in "顺治 康熙 雍正 乾隆 嘉庆 道光 咸丰 同治 光绪 宣统".split()}  # noqa: SIM905
_SHORT_MING = {
    "洪永": ("洪武", "永乐"), "永宣": ("永乐", "宣德"), "成弘": ("成化", "弘治"), "弘正": ("弘治", "正德"),
    "正嘉": ("正德", "嘉靖"), "嘉隆": ("嘉靖", "隆庆"), "隆万": ("隆庆", "万历"), "嘉万": ("嘉靖", "万历"),
    "天崇": ("天启", "崇祯"), "启祯": ("天启", "崇祯"),
}  # fmt: skip
_SHORT_RULE = (  # 道光年间 is that reign alone, 道、光年间 reaches from 道光 to 光绪
    rf"(?:(?P<first>[顺康雍乾嘉咸同]|道(?!光)|光(?=、?宣))、?(?:[康雍乾嘉道咸同]、?)?(?P<last>[康雍乾嘉道咸同光宣])"
    rf"|(?P<ming>{'|'.join(f'{pair[0]}、?{pair[1]}' for pair in _SHORT_MING)}))"
    r"(?P<unit>年间|之?间(?![谍接隔])|之际|之[世交]|时期|[两三]朝|盛世|之时|(?=以[来降后前]))"
)
SHORT_HEAD = re.sub(r"\?P<\w+>", "?:", _SHORT_RULE)
_SHORT_ERAS = re.compile(_SHORT_RULE)
# The first two characters of what SHORT_HEAD matches.
SHORT_OPENINGS = frozenset(
    first + second
    for firsts, seconds in (
        ("顺康雍乾嘉道咸同光", "、康雍乾嘉道咸同光宣"),
        ("洪永成弘正嘉隆天启", "、永宣弘正嘉隆万崇祯"),
    )
    for first in firsts
    for second in seconds
)


def short_eras(text: str, position: int) -> Reading | None:
    """咸同间, 乾嘉时期, 同、光年间, 康雍乾三朝, 道咸以降, 嘉隆间."""
    match = _SHORT_ERAS.match(text, position)
    if not match:
        return None
    if match["ming"]:
        first, last = (eras.candidates(name, "明")[0] for name in _SHORT_MING[match["ming"].replace("、", "")])
    else:
        first, last = (eras.candidates(_SHORT[match[end]], "清")[0] for end in ("first", "last"))
    if last.start <= first.start:
        return None
    return modified(text, Reading(first.start, last.end, Precision.ERA, "reign", match.end()))


RULER_HEAD = rf"{DYNASTY}(?:{RULER})(?=在位|时期|时|年间|之世|朝(?![廷])|之时)"
_RULER_SPAN = re.compile(rf"(?P<dynasty>{DYNASTY})(?P<ruler>{RULER})(?:在位)?(?:时期|期间|年间|时|之世|朝|之时)?")


def ruler_span(text: str, position: int) -> Reading | None:
    """汉武帝时, 唐玄宗年间, 宋仁宗在位期间: first to last day of the eras of that reign."""
    match = _RULER_SPAN.match(text, position)
    if not match:
        return None
    called = dynasty_of(match["dynasty"]).removeprefix("大")
    allowed = eras.DYNASTIES.get(called, (called,))
    reigns = [[era for era in eras.rulers()[match["ruler"]] if era.dynasty == dynasty] for dynasty in allowed]
    spans = [(min(era.start for era in reign), max(era.end for era in reign)) for reign in reigns if reign]
    if not spans:
        return None
    return modified(text, Reading(*spans[0], Precision.ERA, "reign", match.end(), others=tuple(spans[1:])))
