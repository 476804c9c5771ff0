"""Rules for longer stretches: decades, centuries, reigns, dynasties, named periods, plans, terms, life dates."""

from __future__ import annotations

import re
from functools import cache

from archive.dates import eras, lunar
from archive.dates.calendar import day, year_of, years_span
from archive.dates.dated import opened
from archive.dates.names import Named, Names, Span
from archive.dates.numerals import number
from archive.dates.patterns import TO, alternation
from archive.dates.reading import Reading
from archive.dates.years import DYNASTY, RULER
from archive.records import Precision

_CENTURY = r"(?:\d{1,2}|二十一?|十[一二三四五六七八九]?|[一二三四五六七八九]|上|本)个?世纪"
_AGE = r"(?P<part>初期?|早期|前期|中后期|中叶|中期?(?![共国央])|末期?|末叶|后期|晚期|上半叶|下半叶|前半叶|后半叶|前半期|后半期)?"
_LATER = re.compile(
    r"(?P<since>以来|之?以后|之后|后(?![半期往代来裔勤人唐梁汉晋周]))|(?P<until>之?以前|之前|前(?![期半往后来]))|(?P<about>前后|左右)"
)
DECADE = re.compile(
    rf"(?P<bc>公元前|前)?(?P<century>{_CENTURY})?的?(?P<decade>[1-9]0|[一二三四五六七八九]十|(?P<first>[三四五六七八])(?P<second>[四五六七八九])十|[1-9]0、[1-9]0"
    rf"|(?:1[5-9]|20)\d0|一九[一二三四五六七八九][〇零]|二[〇零][〇零一二][〇零])年代{_AGE}"
)
CENTURY = re.compile(rf"(?P<bc>公元前|前)?(?P<century>{_CENTURY}){_AGE}")

# Years of a decade, counted from its first.
_DECADE_PARTS = {
    "初": (0, 3),
    "早": (0, 3),
    "前": (0, 4),
    "中后": (4, 9),
    "中": (4, 6),
    "末": (7, 9),
    "后": (6, 9),
    "晚": (6, 9),
    "上": (0, 4),
    "下": (5, 9),
}
# Years of a century, counted from its year 01.
_CENTURY_PARTS = {
    "初": (0, 19),
    "早": (0, 29),
    "前": (0, 49),
    "上": (0, 49),
    "中后": (39, 99),
    "中": (33, 65),
    "后": (50, 99),
    "下": (50, 99),
    "末": (89, 99),
    "晚": (70, 99),
}


def _key(part: str) -> str:
    return "中后" if part.startswith("中后") else part[0]


def _century_number(written: str) -> int:
    name = re.sub("个?世纪", "", written)
    return {"上": 20, "本": 21}.get(name) or number(name) or 0


def decade(text: str, position: int, base: int = 1900) -> Reading | None:
    """1950年代, 五十年代初, 19世纪60年代, 五六十年代. A bare decade is one of the century that begins with `base`."""
    match = DECADE.match(text, position)
    if not match:
        return None
    first, last = _decade_years(match, base)
    hundreds = first // 100 * 100
    if match["part"]:
        begin, end = _DECADE_PARTS[_key(match["part"])]
        first, last = first + begin, last - 9 + end
    if match["bc"]:
        first, last = 1 - last, 1 - first
    start, finish = years_span(first, last)
    reading = Reading(start, finish, Precision.DECADE, "decade", match.end(), century=hundreds)
    return _modified(text, reading)


def _decade_years(match: re.Match[str], base: int) -> tuple[int, int]:
    written = match["decade"]
    base = (_century_number(match["century"]) - 1) * 100 if match["century"] else base
    if match["first"]:
        return base + 10 * (number(match["first"]) or 0), base + 10 * (number(match["second"]) or 0) + 9
    if "、" in written:
        return base + int(written[:2]), base + int(written[-2:]) + 9
    value = number(written) or 0
    first = value if value > 99 else base + value
    return first, first + 9


def century(text: str, position: int) -> Reading | None:
    """19世纪末, 二十世纪上半叶, 公元前5世纪: from the year 01 to the year 00."""
    match = CENTURY.match(text, position)
    count = _century_number(match["century"]) if match else 0
    if not match or not 1 <= count <= 21:
        return None
    first, last = 100 * count - 99, 100 * count
    if match["bc"]:
        first, last = 1 - last, 1 - first
    if match["part"]:
        begin, end = _CENTURY_PARTS[_key(match["part"])]
        # 世纪末 reaches back over the last ten years and the year 00.
        first, last = first + begin, first + end
    start, finish = years_span(first, last)
    return _modified(text, Reading(start, finish, Precision.CENTURY, "century", match.end()))


def _modified(text: str, reading: Reading) -> Reading:
    later = _LATER.match(text, reading.stop)
    return opened(reading, later) if later else reading


_ERA_NAME = alternation(eras.table())
_LIST = rf"(?:[、至到-](?:{_ERA_NAME}))*"
_ERA_PART = r"(?P<part>初年|初期|初|早期|前期|中叶|中期|中后期|后期|晚期|末年|末期|末叶|末|季年)?"
ERA_SPAN = re.compile(
    rf"(?P<dynasty>{DYNASTY})?(?P<ruler>{RULER})?(?P<era>{_ERA_NAME})(?P<list>{_LIST})(?:皇?帝)?"
    rf"(?:(?P<unit>年间|之际|时期|时代|[两二三四数]朝|之世|朝|间|时|年(?=[制造修建刊刻]))(?P<of>的)?)?{_ERA_PART}"
)
_SHORT_ERAS = {
    "康": "康熙",
    "雍": "雍正",
    "乾": "乾隆",
    "嘉": "嘉庆",
    "道": "道光",
    "咸": "咸丰",
    "同": "同治",
    "光": "光绪",
    "宣": "宣统",
    "万": "万历",
    "启": "天启",
    "祯": "崇祯",
    "成": "成化",
    "弘": "弘治",
    "正": "正德",
    "靖": "嘉靖",
    "隆": "隆庆",
    "永": "永乐",
    "洪": "洪武",
    "宣德": "宣德",
    "熙": "康熙",
}
SHORT_ERAS = re.compile(
    r"(?P<first>[康雍乾嘉道咸同光])、?(?P<middle>[雍乾嘉道咸同])?、?(?P<last>[雍乾嘉道咸同光宣])(?P<unit>年间|间|之际|时期|[两三]朝|盛世|以后|以来|之乱)"
)
_SPAN_GLOSS = re.compile(rf"\((?:即|约|公元|西元)*(?P<first>\d{{3,4}})年?(?:{TO}(?:公元)?(?P<last>\d{{2,4}})年?)?\)")


def era_span(text: str, position: int) -> Reading | None:
    """光绪年间, 明嘉靖时期, 咸丰、同治时期, 乾隆末年: first to last day of the reign. A bare era name is not read."""
    match = ERA_SPAN.match(text, position)
    if not match or not (match["unit"] or match["part"]):
        return None
    dynasty = re.sub(r"(?<=.)(?:王朝|朝|代)$", "", match["dynasty"] or "")
    found = eras.candidates(match["era"], dynasty)
    if not found or not _is_span(match, found):
        return None
    spans = [_era_span(era, match["part"]) for era in found]
    start, end = spans[0]
    for name in re.split("[、至到-]", match["list"])[1:]:
        following = [era for era in eras.candidates(name) if era.start >= found[0].start]
        end = max(end, following[0].end) if following else end
    alike = () if match["list"] else tuple(dict.fromkeys(span for span in spans[1:] if span != spans[0]))
    reading = Reading(
        start, end, Precision.ERA, "era-span", match.end(), confidence=0.6 if alike else 1.0, others=alike
    )
    gloss = _SPAN_GLOSS.match(text, match.end())
    if gloss:
        first, last = gloss["first"], gloss["last"] or gloss["first"]
        last = first[: len(first) - len(last)] + last
        if int(first) <= int(last):
            start, end = years_span(int(first), int(last))
            precision = Precision.ERA if gloss["last"] else Precision.YEAR
            return Reading(start, end, precision, "era-span+gregorian", gloss.end())
    return _modified(text, reading)


def _is_span(match: re.Match[str], found: tuple[eras.Era, ...]) -> bool:
    if match["dynasty"] or match["ruler"]:
        return True
    late = any(era.dynasty in eras.LATE for era in found)
    if match["unit"] == "年间":
        return eras.is_main(found)
    return late and (match["era"] not in eras.COMMON or match["unit"] in ("时期",))


def _era_span(era: eras.Era, part: str | None) -> tuple[int, int]:
    """初: the first quarter of the years, three at least; 末 the last; 中 the middle third."""
    if not part:
        return era.start, era.end
    first, years = era.year_one + era.first - 1, era.last - era.first + 1
    edge = min(years, max(3, years // 4))
    if part[0] in "初早":
        return era.start, lunar.year_span(first + edge - 1)[1]
    if part[0] in "末晚季":
        return lunar.year_span(first + years - edge)[0], era.end
    if part[0] == "前":
        return era.start, lunar.year_span(first + years // 2)[1]
    if part[0] == "后" or part == "中后期":
        return lunar.year_span(first + years // (3 if part == "中后期" else 2))[0], era.end
    return lunar.year_span(first + years // 3)[0], lunar.year_span(first + 2 * years // 3)[1]


def short_eras(text: str, position: int) -> Reading | None:
    """咸同间, 乾嘉时期, 同、光年间: two or three reigns by one character each."""
    match = SHORT_ERAS.match(text, position)
    if not match:
        return None
    first = eras.candidates(_SHORT_ERAS[match["first"]], "清")
    last = eras.candidates(_SHORT_ERAS[match["last"]], "清")
    if not first or not last or last[0].start <= first[0].start:
        return None
    return Reading(first[0].start, last[0].end, Precision.ERA, "era-span", match.end())


_DYNASTY_PART = "初年|初期|初叶|初|前期|早期|中叶|中期|中后期|后期|晚期|末年|末期|末叶|末|季"


class Stretches:
    """The rules that depend on the editable tables: dynasties, named periods, plans, terms of office."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._period_names = {_bare(name): named for name, named in names.periods.items()}
        dynasty = alternation(names.dynasties)
        self.dynasty_pattern = (
            rf"(?:(?<![文说证表声光黎简透聪英圣神发精鲜贤])大?(?:{dynasty})"
            rf"(?:(?:王?朝(?![阳着向鲜天廷东西南北圣夕拜])|代(?![表理销办码替课购管言笔沟价驾培步号数]))|(?={_DYNASTY_PART})|(?=时[为,，期]))"
            rf"|(?:春秋|战国|三国|南北朝|五代十国)(?=时期?|末|初|中))"
        )
        self._dynasty = re.compile(
            rf"大?(?P<name>{dynasty})(?P<word>王?朝|代)?(?P<part>{_DYNASTY_PART})?(?:的)?(?P<unit>时期|年间|期间|时(?=[为,，]))?"
        )
        name = "|".join(_spelled(name) for name in sorted(names.periods, key=len, reverse=True))
        self.period_pattern = rf"“?(?:{name})"
        self._period = re.compile(
            rf"“?(?P<name>{name})“?(?P<word>运动|战争)?(?P<unit>时期|期间|年间|时代|之际|间(?!谍)|中(?![国共央])|时(?!期|候))?的?“?(?P<part>初期|初年|初|早期|前期|中期|中后期|后期|晚期|末期|末年|末|前夕|前后|胜利|(?<=抗)$)?"
        )
        body = alternation(names.terms) if names.terms else "(?!)"
        self.term_pattern = (
            rf"(?:{body})第?[一二三四五六七八九十\d]{{1,3}}届|第?[一二三四五六七八九十\d]{{1,3}}届(?:{body})"
        )
        self._term = re.compile(rf"(?P<body>{body})?第?(?P<count>[一二三四五六七八九十\d]{{1,3}})届(?P<body2>{body})?")

    def dynasty(self, text: str, position: int) -> Reading | None:
        """清代, 明朝末年, 清初, 北宋时期, 清朝和民国时期."""
        match = self._dynasty.match(text, position)
        if not match or not (match["word"] or match["part"] or match["unit"]):
            return None
        if match["name"] in _SEASONS_TOO and not match["word"]:
            return None
        named = self.names.dynasties[match["name"]]
        start, end = _part_span(named, match["part"])
        return _modified(text, Reading(start, end, Precision.DYNASTY, "dynasty", match.end()))

    def period(self, text: str, position: int) -> Reading | None:
        """抗战时期, “文化大革命”期间, 建国后, 民国初年."""
        match = self._period.match(text, position)
        if not match:
            return None
        named = self._period_names[_bare(match["name"])]
        if match["name"] in ("民国", "中华民国") and _INSTITUTION.match(text, match.end()):
            return None
        later = _LATER_NAMED.match(text, match.end()) if not match["part"] else None
        if not (named.alone or match["unit"] or match["part"] or later):
            return None
        if named.vague and not (later or match["part"] or match["unit"] == "时期"):
            return None
        start, end = _part_span(named, match["part"])
        reading = Reading(start, end, Precision.PERIOD, "period", match.end(), vague=named.vague)
        return _opened_named(reading, named, later) if later else reading

    def plan(self, text: str, position: int) -> Reading | None:
        """“六五”期间, 第一个五年计划."""
        match = PLAN.match(text, position)
        count = number(match["short"] or match["long"]) if match else None
        span = self.names.plans.get(count or 0)
        return Reading(*span, Precision.PERIOD, "plan", match.end()) if match and span else None

    def term(self, text: str, position: int) -> Reading | None:
        """全国政协第五届, 第三届县政协 (the bodies of the table only)."""
        match = self._term.match(text, position)
        count = number(match["count"]) if match else None
        terms = self.names.terms.get((match["body"] or match["body2"] or "") if match else "", ())
        if not match or not count or count > len(terms):
            return None
        return Reading(*terms[count - 1], Precision.PERIOD, "term", match.end())


_SEASONS_TOO = frozenset("夏周秦")  # 夏初 is early summer, 周末 the weekend
_INSTITUTION = re.compile(r"政府|日报|档案|法|大学|军|党|政|通志|县志|人|《|书")
_LATER_NAMED = re.compile(
    r"(?P<since>以来|之?以后|之后|后(?![勤来代方裔备者妃天]))|(?P<until>之?以前|之前|前(?![来往线方面者途进夕后]))"
)
PLAN = re.compile(
    r"(?:国民经济(?:和社会发展)?)?(?:“?(?P<short>十[一二三四五]|[一二三四五六七八九十])五(?:“(?:计划|规划|时期|期间)*|(?:计划|规划|期间|时期)+|(?=末|初|以来))|第(?P<long>十?[一二三四五六七八九十]|\d{1,2})个五年(?:计划|规划)(?:时期|期间)?)"
)
LIFE = re.compile(r"\((?P<birth>[约?]?(?:\d{3,4})?)年?(?:[-?至]|-\?)(?P<death>\d{3,4})年?\)")
_LIST_BEFORE = re.compile(r"(?:年间?|时期|朝|代|间)$")


@cache
def _bare(name: str) -> str:
    return name.replace("·", "").replace(".", "").replace("“", "").replace("、", "")


def _spelled(name: str) -> str:
    """A pattern for the name as printed: “一二·九”运动, 七.七事变."""
    return re.sub("(学生运动|运动|事变|战争|起义)$", "“?\\1", name.replace("·", "[·.]?"))


def _part_span(named: Named, part: str | None) -> Span:
    """A part of a named period as its table says; otherwise the first, middle or last part of its years."""
    if not part:
        return named.start, named.end
    for key in (part, part[0], part.rstrip("期年叶")):
        if key in named.parts:
            return named.parts[key]
    if part == "前夕":
        return day(year_of(named.start) - 1, 1, 1) if named.end is None else named.start - 365, named.start - 1
    first, last = year_of(named.start), year_of(named.end if named.end is not None else named.start)
    if part == "前后":
        return years_span(first - 2, last + 2)
    length = last - first + 1
    if part[0] in "初早":
        return named.start, _last(named, first + max(1, length // 4) - 1)
    if part[0] in "末晚季":
        return day(last - max(1, length // 6) + 1, 1, 1), named.end
    if part[0] == "前":
        return named.start, _last(named, first + length // 2)
    if part[0] == "后" or part == "中后期":
        return day(first + length // 2, 1, 1), named.end
    return day(first + 3 * length // 10, 1, 1), _last(named, first + 7 * length // 10)


def _last(named: Named, year: int) -> int:
    end = day(year, 12, 31)
    return end if named.end is None else max(named.start, min(end, named.end))


def _opened_named(reading: Reading, named: Named, later: re.Match[str]) -> Reading:
    if later["since"]:
        return reading.spanning((named.start, None), Precision.PERIOD, later.end())
    return reading.spanning(
        (None, named.before if named.before is not None else named.start), Precision.PERIOD, later.end()
    )


def life(text: str, position: int) -> Reading | None:
    """（1563—1643年）, （?—1599）: from the year of birth to the year of death."""
    match = LIFE.match(text, position)
    if not match:
        return None
    birth, death = re.sub(r"\D", "", match["birth"]), int(match["death"])
    if _LIST_BEFORE.search(text[max(0, position - 3) : position]) or text[max(0, position - 1) : position] == "发":
        return None
    if not birth:
        if "?" not in match[0]:
            return None
        return Reading(None, years_span(death, death)[1], Precision.LIFE, "life", match.end())
    if not 0 < death - int(birth) < 1000:
        return None
    return Reading(*years_span(int(birth), death), Precision.LIFE, "life", match.end())
