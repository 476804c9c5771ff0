"""Rules for years: Gregorian, republic, reign eras with counts or sexagenary names, and the glosses that pair them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from archive.dates import eras, ganzhi
from archive.dates.calendar import year_of, years_span
from archive.dates.eras import Era
from archive.dates.numerals import DIGIT_CLASS, counts, number
from archive.dates.patterns import AD, COUNT, COUNTS, IN_YEARS, TO, alternation
from archive.dates.period_tables import Span
from archive.dates.reading import Reading, year_span
from archive.model.records import Precision

LATEST = 2100  # four digits before 年 that are larger are not a year

DYNASTY = rf"大?{alternation(eras.DYNASTIES)}(?:朝|代|王朝)?"
RULER = alternation(eras.rulers())
ERA_NAME = alternation(eras.table())

# A year in brackets before the 年 that both share: 光绪三(1877)年.
_MIDDLE = rf"(?:\((?P<middle>\d{{3,4}}|[{DIGIT_CLASS}]{{3,4}})\))?"
# 乾隆十五（1750）: the year in brackets shows that years are counted.
_GLOSS_AHEAD = r"(?=\((?:公元)?\d{3,4}年?\)(?!年))"
# 民廿九年, as people say it; the bare 民 only where it leads a clause, so that 农民 and 人民 are none.
_REPUBLIC_NAME = (
    r"(?:(?:中华)?民国|(?<![^,。;:、(“!?\n至自由于到从在是即那迄及与])"
    r"民(?=[十廿卅]|[二三]十|[元一二三四五六七八九]年|[1-3]\d年))"
)
REPUBLIC = re.compile(
    rf"{_REPUBLIC_NAME}(?P<count>\d{{4}}|{COUNTS})(?:{_MIDDLE}年(?!{IN_YEARS})|{_GLOSS_AHEAD})(?:,?(?:岁次|岁在)?{ganzhi.PATTERN}(?:年|岁)?)?"
)
# 民国纪元前三年, 民元前一年, 民前五年: before the first year of the republic.
_BEFORE_REPUBLIC = rf"(?:(?:中华)?民国(?:纪?元)|(?<![国人农居])民元|(?<![一-龥])民)前(?P<before>{COUNT})年"
_BEFORE = re.compile(_BEFORE_REPUBLIC)
REPUBLIC_HEAD = (
    rf"{_BEFORE_REPUBLIC.replace('?P<before>', '?:')}"
    rf"|{_REPUBLIC_NAME}(?=(?:\d{{4}}|{COUNTS})(?:(?:\([\d{DIGIT_CLASS}]{{3,4}}\))?年|{_GLOSS_AHEAD})|{ganzhi.PATTERN})"
)
_REPUBLIC_PAIR = re.compile(rf"(?:中华)?民国(?P<pair>{ganzhi.PATTERN})[年岁]?")
ERA = re.compile(
    rf"(?P<dynasty>{DYNASTY})?(?P<ruler>{RULER})?(?P<era>{ERA_NAME})(?:皇?帝)?(?P<of>之|的)?"
    rf"(?:(?P<count>{COUNTS})(?:{_MIDDLE}(?:年(?!{IN_YEARS})|载(?![重货客人]))|{_GLOSS_AHEAD})(?:(?:,?岁次|,?岁在)?(?P<also>{ganzhi.PATTERN})(?:年|岁)?)?岁?|(?:岁次)?(?P<pair>{ganzhi.PATTERN})[年岁科]?)"
)
_NOT_A_COUNT = re.compile(r"[来多余]|以上|之?久|的?历史|级|制|计划|规划|内|一度")
# 绍兴十三年三月, 绍兴十三年、夏大庆四年: what follows shows that years are counted.
_AMONG_DATES = re.compile(
    rf"[春夏秋冬]?(?:\d{{1,2}}|[闰正腊一二三四五六七八九十]{{1,3}})月|、(?:{DYNASTY})?(?:{ERA_NAME})"
)

_OLD_TIMES = re.compile(
    rf"[^。;]{{0,4}}(?:进士|举人?|贡生|登第|及第|卒|薨|崩|诏|敕|知[县州府军]|即位|改元)"
    rf"|[^。;]{{0,24}}[,、](?:{DYNASTY})?(?:{ERA_NAME}){COUNT}年"
)

GLOSS = re.compile(rf"\((?:(?:岁次|岁在)?{ganzhi.PATTERN}年?[、,])?(?:即|约|今|合|亦即|相当于|应为)?,?")
_GLOSS_GREGORIAN = re.compile(
    rf"(?:{AD})?(?:约)?(?P<bc>前)?(?P<year>\d{{1,5}}|[{DIGIT_CLASS}]{{2,4}})年?(?!\d|[月日]|年?{TO})"
)
_GLOSS_YEAR = rf"\d{{3,4}}|[{DIGIT_CLASS}]{{3,4}}"
SPAN_GLOSS = (
    rf"\((?:即|约|{AD})*(?P<bc>前)?(?P<first>{_GLOSS_YEAR})年?{TO}"
    rf"(?:公元)?(?P<bc2>前)?(?P<last>{_GLOSS_YEAR}|\d\d)年?\)"
)
_SPAN_GLOSS = re.compile(SPAN_GLOSS)
_PAIR_GLOSS = re.compile(rf"\((?:农历|夏历|旧历|阴历|岁次|岁在){{0,2}}(?P<pair>{ganzhi.PATTERN})[年岁]?\)")
_GLOSS_ALSO = re.compile(rf"[,、;](?:即|{AD})*(?P<year>\d{{3,4}})年?(?=\))")
_GLOSS_REST = re.compile(r"[^()。;]{0,14}\)")


@dataclass(frozen=True, slots=True)
class Year:
    """A year as read: its number (astronomical; lunar where `moon`), further candidates, and where it stops.

    `whole` is the span of the year itself where that is not the one of `number`: 光绪三十年（1904） is the Gregorian
    year, though its months are lunar. `regnal` is the lunar year of a reign beside a Gregorian one.
    """

    number: int
    moon: bool
    rule: str
    stop: int
    others: tuple[int, ...] = ()
    era: Era | None = None
    confidence: float = 1.0
    conflict: bool = False
    whole: tuple[int, int] | None = None
    regnal: int | None = None
    year_one: int | None = None

    def reading(self) -> Reading:
        """The whole year."""
        start, end = self.whole or year_span(self.number, self.moon)
        moon = self.moon or (self.conflict and self.era is not None)
        others: tuple[Span, ...] = tuple(year_span(other, moon) for other in self.others)
        return Reading(
            start, end, Precision.YEAR, self.rule, self.stop, self.number, None, self.moon, self.confidence,
            others=others, conflict=self.conflict, era=self.era, year_one=self.year_one,
        )  # fmt: skip


def clause_start(text: str, position: int) -> bool:
    """Whether a clause begins here, or a word such as 自 leads to a date."""
    return position == 0 or text[position - 1] in ",。;:、(“!?\n至自于到从在-★☆△▲●◆◇■□※"


def republic(text: str, position: int) -> Year | None:
    """民国二十三年, 中华民国23年: 1911 more, in Gregorian months. 民国二十五、六年 are two years."""
    before = _BEFORE.match(text, position)
    if before:
        count_before = number(before["before"])
        return Year(1912 - count_before, False, "republic", before.end()) if count_before else None
    pair = _REPUBLIC_PAIR.match(text, position)
    if pair:
        found = ganzhi.years(pair["pair"], 1912, 1949)
        return Year(found[0], False, "republic-sexagenary", pair.end()) if found else None
    match = REPUBLIC.match(text, position)
    if match and (first := first_of_list(match["count"])):  # 民国五、九、十三年
        return Year(1911 + (number(first) or 0), False, "republic", match.start("count") + len(first))
    count = counts(match["count"]) if match else None
    if match and count and count[1] > _LAST_OF_REPUBLIC:
        count = _dash_lost(match["count"]) or count
    if not match or not count or not 1 <= count[1] <= LATEST - 1911:
        return None
    if count == (38, 38) and text.startswith(("中,", "间,"), match.end()):  # 在民国三十八年中，: all its years
        return None
    whole = None if count[0] == count[1] else years_span(1911 + count[0], 1911 + count[1])
    year = Year(1911 + count[1], False, "republic", match.end(), whole=whole)
    return with_middle(year, match["middle"])


_LAST_OF_REPUBLIC = 130  # what people count in that era nowadays is less


def _dash_lost(written: str) -> tuple[int, int] | None:
    """民国515年, 民国2429年: from the fifth to the fifteenth year, the dash lost in scanning."""
    first, last = written[:-2], written[-2:]
    if not (written.isascii() and written.isdigit() and first and first[0] != "0"):
        return None
    return (int(first), int(last)) if int(first) < int(last) <= 38 else None


def first_of_list(written: str | None) -> str | None:
    """五 of 五、九、十三: counts of years apart from each other, each of which is a date. None for all others."""
    if not written or "、" not in written or counts(written):
        return None
    parts = [number(part) for part in written.split("、")]
    if any(part is None for part in parts) or parts != sorted(set(parts), key=lambda part: part or 0):
        return None
    return written.split("、")[0]


def with_middle(year: Year, written: str | None) -> Year:
    """光绪三(1877)年: the year with the Gregorian one between its count and 年."""
    civil = number(written) if written else None
    return year if civil is None else _reconciled(year, Year(civil, False, "gregorian", year.stop))


# The sexagenary names of the Taiping change 丑, 卯 and 亥.
TAIPING_YEAR = rf"太平天国(?:[{ganzhi.STEMS}][子丑好寅卯荣辰巳午未申酉戌亥开])?(?P<count>{COUNT})年"
TAIPING = re.compile(TAIPING_YEAR)
_PREPOSITIONS = frozenset("于在到从自至")
CIVIL_ERA = (
    r"(?:伪满洲国|伪满|满洲国|日本|伪)?"
    rf"(?P<era>{alternation(eras.civil())})(?P<count>{COUNTS}){_MIDDLE}年(?!来|{IN_YEARS})"
)
_LEADS_ON = re.compile(f"起|始|{TO}")  # 自大同二年起; 自大同一年前回来 is a place
_CIVIL_ERA = re.compile(CIVIL_ERA)
CIVIL_ERA_HEAD = re.sub(r"\?P<\w+>", "?:", CIVIL_ERA)


def civil_era(text: str, position: int) -> Year | None:
    """康德七年, 昭和十五年, 洪宪元年: eras whose months are Gregorian. 大同 is a place, too."""
    match = _CIVIL_ERA.match(text, position)
    count = counts(match["count"]) if match else None
    if not match or not count:
        return None
    one, last = eras.civil()[match["era"]]
    if count[1] > last:
        return None
    named = match.start("era") > position or text.endswith(("伪满", "满洲国"), 0, position)
    opens = clause_start(text, position) and text[max(0, position - 1) : position] not in _PREPOSITIONS
    dates = _AMONG_DATES.match(text, match.end()) or civil_gloss(text, match.end()) is not None
    dates = dates or bool(text.startswith(("自", "从"), position - 1) and _LEADS_ON.match(text, match.end()))
    if match["era"] in eras.COMMON and not (named or opens or dates):
        return None
    whole = None if count[0] == count[1] else years_span(one + count[0] - 1, one + count[1] - 1)
    year = Year(one + count[1] - 1, False, "civil-era", match.end(), whole=whole, year_one=one)
    return with_middle(year, match["middle"])


def era(text: str, position: int, running: int | None = None) -> Year | None:
    """光绪三十年, 清乾隆丁丑, 明神宗万历十七年. A year the era never reached is not read.

    Of several eras of one name the one nearest to the `running` year comes first, if any is near.
    """
    match = ERA.match(text, position)
    if not match:
        return None
    found = eras.candidates(match["era"], dynasty_of(match["dynasty"]))
    found = tuple(one for one in found if one.year_one < _FIRST_CIVIL)  # those after it are civil_era's
    found = tuple(one for one in found if match["ruler"] in one.ruler.split("/")) or found if match["ruler"] else found
    listed = first_of_list(match["count"])
    years = _counted(match["pair"], listed or match["count"], found)
    near = running is not None and any(abs(year - running) <= _NEAR for year, _ in years)
    told = near or (bool(years) and _is_era(text, match, found))
    if not years or not (told or civil_gloss(text, match.end()) is not None or _leads_on(text, match, running, years)):
        return None
    if near and running is not None:
        years.sort(key=lambda candidate: abs(candidate[0] - running))
    first, chosen = years[0]
    others = tuple(dict.fromkeys(year for year, other in years if year != first and eras.rivals(chosen, other)))
    rule = "era-sexagenary" if match["pair"] else "era"
    stop = match.start("count") + len(listed) if listed else match.end()
    year = Year(first, True, rule, stop, others, chosen, 0.6 if others and not near else 1.0)
    count = counts(match["count"]) if match["count"] else None
    if count and count[0] != count[1]:
        before = first - (count[1] - count[0])
        year = replace(year, whole=(year_span(before, True)[0], year_span(first, True)[1]), others=())
    return with_middle(year, match["middle"])


_NEAR = 30
_SAME_AGE = 300


def _leads_on(text: str, match: re.Match[str], running: int | None, found: list[tuple[int, Era]]) -> bool:
    """宋至道二年…至宝庆二年: what 至 leads to in a text of reigns is a year, though the name is a place, too."""
    if running is None or not match["count"] or text[match.start() - 1 : match.start()] not in ("至", "迄", "及", "逮"):
        return False
    return running < _FIRST_CIVIL and any(abs(year - running) <= _SAME_AGE for year, _ in found)


_FIRST_CIVIL = 1912


def civil_gloss(text: str, position: int) -> int | None:
    """The Gregorian year in brackets at `position`: （1937）, （公元前119年）."""
    opening = GLOSS.match(text, position)
    match = _GLOSS_GREGORIAN.match(text, opening.end()) if opening else None
    value = number(match["year"]) if match else None
    return None if match is None or value is None else 1 - value if match["bc"] else value


def dynasty_of(written: str | None) -> str:
    """The dynasty of a matched prefix without 朝 or 代; empty where none was written."""
    if not written or written in eras.DYNASTIES:  # 国朝 is one word
        return written or ""
    return re.sub(r"(?<=.)(?:王朝|朝|代)$", "", written)


def _counted(pair: str | None, written: str, found: tuple[Era, ...]) -> list[tuple[int, Era]]:
    """(lunar year, era) for every candidate that had such a year."""
    if pair:
        return [(year, candidate) for candidate in found for year in candidate.named_years(pair)]
    count = counts(written)
    if not count:
        return []
    # Of two years the last one runs on; the first must have been, too.
    return [
        (year, candidate)
        for candidate in found
        if (year := candidate.year(count[1])) is not None and candidate.year(count[0]) is not None
    ]


def _is_era(text: str, match: re.Match[str], found: tuple[Era, ...]) -> bool:
    """Whether the name is meant as an era: names that are words or places need a dynasty, a ruler or a 干支."""
    if match["dynasty"] or match["ruler"] or match["also"]:
        return True
    if match["count"] and _NOT_A_COUNT.match(text, match.end()):
        return False
    if match["count"] and _PASSED.match(text, match.end()):  # 余某庆元五年进士
        return eras.is_main(found)
    if match["count"] == "元" or _DATED_IN.search(text[max(0, match.start() - 2) : match.start()]):  # 于绍兴三年
        return eras.is_main(found)
    if any(candidate.dynasty in eras.LATE for candidate in found) and match["era"] not in eras.COMMON:
        return True
    if match["pair"]:
        return eras.is_main(found)
    if match["era"] in eras.COMMON and not (_AMONG_DATES.match(text, match.end()) or _in_old_times(text, match)):
        return False
    return eras.is_main(found)


_PASSED = re.compile("(?:恩科|[特成登举中第]|武)?(?:进士|举人|乡试|乡荐|乡举|贡士|解元|及第|登科)")
_DATED_IN = re.compile("(?<![居寓住留驻处位存])于$")  # not 寓居于绍兴三年


def _in_old_times(text: str, match: re.Match[str]) -> bool:
    """绍兴二十一年成进士: a clause opens with the name, and its words or the next date are of the time of reigns."""
    opens = clause_start(text, match.start()) and text[max(0, match.start() - 1) : match.start()] not in _PREPOSITIONS
    return opens and bool(_OLD_TIMES.match(text, match.end()))


def glossed(text: str, year: Year) -> tuple[Year, str]:
    """The year with the gloss behind it, 光绪三十年（1904）, 1904年（清光绪三十年三月）, and what the gloss adds to it.

    A gloss decides between eras of one name. Where the two cannot both be right both are kept.
    """
    opening = GLOSS.match(text, year.stop)
    if not opening:
        return year, ""
    pair = _PAIR_GLOSS.match(text, year.stop)
    if pair and ganzhi.index(pair["pair"]) == (year.number - 4) % 60:
        return replace(year, stop=pair.end()), ""
    span = span_gloss(text, year.stop)
    if span and abs(span[0] - year_of(year.reading().start or 0)) <= year.moon:  # 民国20至29年（1931—1940）
        whole = years_span(span[0], span[1])
        return replace(year, rule=f"{year.rule}+gregorian", stop=span[2], others=(), whole=whole), ""
    inner = _inner(text, opening.end(), year if year.moon or year.rule in _COUNTED_BY_ERA else None)
    rest = _GLOSS_REST.match(text, inner.stop) if inner else None
    if not inner or not rest:
        return year, ""
    reconciled = _reconciled(year, inner)
    also = _GLOSS_ALSO.match(text, inner.stop)  # 癸未年（乾隆二十八年，1763）
    if also and not reconciled.conflict and year.moon:
        civil = Year(number(also["year"]) or 0, False, "gregorian", also.end())
        return replace(_reconciled(reconciled, civil), stop=also.end() + 1), ""
    return replace(reconciled, stop=rest.end()), rest[0][:-1]


_COUNTED_BY_ERA = frozenset(("republic", "republic-sexagenary", "civil-era", "regnal"))


def span_gloss(text: str, position: int) -> tuple[int, int, int] | None:
    """First year, last year and end of a gloss such as （1903—1908年）."""
    match = _SPAN_GLOSS.match(text, position)
    if not match:
        return None
    first, last = gloss_years(match)
    return (first, last, match.end()) if first < last <= LATEST else None


def gloss_years(match: re.Match[str]) -> tuple[int, int]:
    """The years of a match of SPAN_GLOSS; the second may leave out what it shares with the first."""
    first, last = match["first"], match["last"] or match["first"]
    years = number(first) or 0, number(last if match["bc2"] else first[: len(first) - len(last)] + last) or 0
    return (1 - years[0], 1 - years[1] if match["bc2"] else years[1]) if match["bc"] else years


def _inner(text: str, position: int, regnal: Year | None) -> Year | None:
    """The year inside a gloss: a Gregorian one behind a `regnal` year, otherwise one of a republic or a reign."""
    match = _GLOSS_GREGORIAN.match(text, position)
    if match and regnal:
        value = number(match["year"])
        long = len(match["year"]) > 2 or match["bc"] or "公元" in match[0]
        value = _digit_lost(match["year"], regnal) or value
        if value and value <= LATEST and (long or any(_meet(one, value) for one in (regnal.number, *regnal.others))):
            return Year(1 - value if match["bc"] else value, False, "gregorian", match.end())
        return None
    heavenly = TAIPING.match(text, position)
    count = number(heavenly["count"]) if heavenly else None
    if heavenly and count:
        return Year(1850 + count, False, "taiping", heavenly.end())
    return republic(text, position) or civil_era(text, position) or era(text, position)


def _digit_lost(written: str, regnal: Year) -> int | None:
    """光绪二十六年（190）, 民国38年（11949）: the gloss is the year, but for one figure lost or doubled in scanning."""
    if len(written) not in (3, 5) or not written.isascii() or regnal.number < _FIRST_OF_FOUR:
        return None
    longer, shorter = sorted((written, str(regnal.number)), key=len, reverse=True)
    lost = {longer[:place] + longer[place + 1 :] for place in range(len(longer))}
    return regnal.number if shorter in lost else None


_FIRST_OF_FOUR = 1000


def _meet(regnal: int, civil: int) -> bool:
    """Whether a lunar year has days in a Gregorian one."""
    start, end = year_span(regnal, True)
    return year_of(start) <= civil <= year_of(end)


def _reconciled(year: Year, gloss: Year) -> Year:
    if year.moon and gloss.moon and year.number == gloss.number:  # 壬戌年（同治元年）
        return replace(year, rule=f"{year.rule}+{gloss.rule}", others=(), era=gloss.era)
    by_the_sun = gloss.rule == "gregorian" or (year.moon and not gloss.moon)
    civil, regnal = (gloss, year) if by_the_sun else (year, gloss)
    best = min((regnal.number, *regnal.others), key=lambda candidate: abs(candidate - civil.number))
    rule = f"{year.rule}+{gloss.rule}"
    whole = years_span(civil.number, civil.number)
    if not (_meet(best, civil.number) if regnal.moon else best == civil.number):
        return replace(
            year,
            number=civil.number,
            rule=rule,
            others=(best,),
            era=regnal.era,
            confidence=0.5,
            conflict=True,
            whole=whole,
        )
    # 1904年（光绪三十年）五月 counts by the sun only if the sentence began with the sun.
    return replace(
        year,
        number=best if year.moon else civil.number,
        rule=rule,
        others=(),
        era=regnal.era,
        confidence=1.0,
        whole=whole,
        regnal=best if regnal.moon else None,
    )
