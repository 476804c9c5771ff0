"""The kinds of expression: with what characters each may begin, a pattern for its beginning, the rules that read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archive.dates import (
    dated,
    elapsed,
    eras,
    feasts,
    ganzhi,
    gregorian,
    numeric_dates,
    reigns,
    running,
    running_days,
    running_years,
    stretches,
    taiping,
    years,
)
from archive.dates import running_months as months
from archive.dates.context import Context
from archive.dates.dynasty_rules import DynastyRules
from archive.dates.numerals import DIGIT_CLASS, NUMBER_CLASS
from archive.dates.patterns import AD, alternation
from archive.dates.period_rules import FOUNDED, FOUNDING, PLAN, NameRules, founding
from archive.dates.period_tables import PeriodTables
from archive.dates.plain_form import plain
from archive.dates.reading import Reading

Rule = Callable[[str, int, Context], Reading | None]

_NUMBER = (
    rf"(?:{AD}|纪元)?前?(?<!\d)(?<!\d\.)(?:\d{{1,4}}|[{NUMBER_CLASS}]{{1,8}}|元(?=年\()|[上本](?=个?世纪))"
    rf"(?=年|[几×xX?□]年|个?世纪|月|(?<=\d{{4}})(?:1?\d月|(?:19|20)\d\d年)|日|号|起|(?<=于\d{{4}})[一-龥,。;]|(?<=\d{{4}})之?以?[后前],|(?:这|连续)?[两三四五]年|\(\d{{3,4}}\)年|(?<=\d{{4}})\((?:[一-龥]{{2,8}}|民国\d\d)\)年|学年|财政?年|[.·][一二三四五六七八九十]|\((?:中华)?民国|\((?:{years.DYNASTY})?(?:{years.ERA_NAME})|(?:-+|[至到、,和与及/])(?:公元)?前?[\d{NUMBER_CLASS}])"
)
_DOTTED = (
    r"(?<![\d.])(?:1[5-9]|20)\d\d"
    r"(?:[.·]\d{1,2}(?:[.·]\d{1,2})?|-\d\d?-\d\d?|/(?:0?[1-9]|1[0-2])(?:/\d{1,2})?|[01]\d[0-3]\d)(?![\d%]|\.\d)"
)
_PAIR = f"{running_years.PAIR_HEAD}|{running_days.PAIR_DAY_HEAD}"
_LIFE = rf"\((?=[?约\d公前{DIGIT_CLASS}-][^()]{{3,14}}\))"
_REIGN = (
    rf"(?:{years.DYNASTY})?(?:{years.RULER})?{alternation(eras.table())}"
    rf"(?=[元\d{NUMBER_CLASS}{ganzhi.INITIALS}年间时朝之的皇帝岁初末中晚早前后季以、和与及至到两二三四五数诸世盛改建纪重毁圮修-]|{reigns.KNOWN})"
)
_DIGITS = "0123456789"
_BEFORE_NUMBERS = ("公元", "公历", "西元", "西历", "纪元", "上世", "上个", "本世", "本个")
_FIRST_PARTS = tuple(f"前{count}" for count in "二两三四五六七八九十")
_HALVES = ("上半", "下半", "前半", "后半", *_FIRST_PARTS, "一季", "二季", "三季", "四季")
_PART_OF_MONTH = ("月底", "月初", "月末", "上旬", "中旬", "下旬")
_ONES = "一二三四五六七八九十"
_NAMED_MONTHS = ("正月", "腊月", "冬月", "元月")


def _free(rule: Callable[[str, int], Reading | None]) -> Rule:
    """A rule that needs nothing said before."""
    return lambda text, position, _: rule(text, position)


def _date(text: str, position: int, context: Context) -> Reading | None:
    return dated.date(text, position, context.year)


def _gregorian(text: str, position: int, context: Context) -> Reading | None:
    year = gregorian.gregorian(text, position, context.year)
    return dated.from_year(text, year, position) if year else None


def _by_calendar(text: str, position: int, context: Context) -> Reading | None:
    return dated.by_calendar(text, position, context.year)


def _decade(text: str, position: int, context: Context) -> Reading | None:
    return stretches.decade(text, position, context.century)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A kind of expression: the one or two characters it may begin with, a pattern for its beginning, its rules."""

    name: str
    openings: frozenset[str]
    pattern: re.Pattern[str]
    rules: tuple[Rule, ...]


Row = tuple[str, Iterable[str], str, tuple[Rule, ...]]


def table(names: PeriodTables, named: NameRules, dynasties: DynastyRules) -> tuple[Beginning, ...]:
    """Name, openings, pattern and rules of each kind; of several that can read a place the first wins."""
    dynasty = _free(dynasties.dynasty)
    great_names = _openings(eras.DYNASTIES) | {f"大{called[0]}" for called in eras.DYNASTIES}
    calendars, numerals = _openings(dated.CALENDARS), _DIGITS + NUMBER_CLASS
    of_periods, of_feasts = _openings(names.periods), _openings(feasts.SPOKEN)
    of_dynasties = _openings(names.dynasties)
    of_eras, of_rulers = ({plain(name).text[0] for name in table} for table in (eras.table(), eras.rulers()))
    of_reigns = _longer(great_names, {*of_eras, *of_rulers, *"王朝代"})
    of_reigns |= _openings(eras.table()) | _openings(eras.rulers())
    of_plans = {"“", "国民", *_pairs(_ONES, "五·"), *_pairs("十", _ONES), *_after("第", _ONES + _DIGITS)}
    of_terms = _openings(names.terms) | _pairs(_DIGITS + _ONES + "第", f"{_DIGITS}{_ONES}届")
    great = {f"{word}{opening[0]}" for word in "大有" for opening in of_dynasties}
    of_parts = {*_HALVES, *_after("年", "初底末终"), *_after("岁", "末尾暮杪"), "年内", "当年", "全年"}
    of_months = {first + count for first in "又春夏秋冬" for count in f"{_ONES}正腊冬闰,"}  # 夏四月, 又五月
    of_seasons = {first + season for first in f"入是其{running.RANKS}" for season in "春夏秋冬"}
    rows: tuple[Row, ...] = (
        ("republic", ("中华", "民国", *_after("民", "十廿卅一二三四五六七八九元前123")), years.REPUBLIC_HEAD, (_date,)),
        ("taiping", ("太平",), taiping.HEAD, (_free(taiping.date),)),
        ("civil", {*_openings(eras.civil()), "伪", "满洲", "日本"}, years.CIVIL_ERA_HEAD, (_date,)),
        # before numbers: 三年困难时期
        ("period", {*of_periods, "“"}, named.period_head, (_free(named.period), dynasty)),
        ("founding", FOUNDED, FOUNDING, (_free(founding),)),
        ("dotted", ("15", "16", "17", "18", "19", "20"), _DOTTED, (_free(numeric_dates.dotted),)),
        ("short_dotted", _pairs("56789", _DIGITS), numeric_dates.SHORT_DOTTED, (
            _free(numeric_dates.short_dotted),
        )),
        ("life", _after("(", f"约?公前-{_DIGITS}{DIGIT_CLASS}"), _LIFE, (
            _free(stretches.life), _free(numeric_dates.in_brackets),
        )),
        ("number", {*numerals, "元年", *_after("前", numerals), *_BEFORE_NUMBERS}, _NUMBER, (
            _decade, numeric_dates.jotted, *map(_free, (stretches.century, *numeric_dates.RULES)),
            running_years.regnal, _gregorian, months.month, running_days.day, running_years.short_year,
        )),
        ("lunar_day", running_days.LUNAR_OPENINGS, running_days.LUNAR_DAY_HEAD, (running_days.lunar_day,)),
        ("own_day", _openings(elapsed.OWN_DAYS) | elapsed.WEEKS, elapsed.OWN_DAY_HEAD, (elapsed.own_day,)),
        ("relative_day", _openings(elapsed.DAYS_OFF), elapsed.DAY_HEAD, (elapsed.relative_day,)),
        ("these_years", _after("这", "两二三四五六") | _after("此", "两二三四五六"), elapsed.THESE_HEAD, (
            elapsed.these_years,
        )),
        ("own", _openings(running.OWN_WORDS), running.OWN_HEAD, (
            running.own, running.year, months.same_month,
        )),
        ("relative", _openings(running.YEARS_OFF), running.YEAR_HEAD, (running.year,)),
        ("calendar", calendars, dated.CALENDAR_HEAD, (_by_calendar,)),
        ("same_month", [f"{which}月" for which in "同是当该本次翌"], months.MONTH_HEAD, (months.same_month,)),
        ("month", {*calendars, "闰", *of_months, *_NAMED_MONTHS}, months.LUNAR_HEAD, (months.month,)),
        ("part", {*of_parts, *_after("第", "一二三四1234")}, running.PART_HEAD, (running.part,)),
        ("part_of_month", _PART_OF_MONTH, months.PART_OF_MONTH_HEAD, (months.part_of_month,)),
        ("feast", {*of_feasts, "“"}, running.FEAST_HEAD, (running.feast,)),
        ("short", reigns.SHORT_OPENINGS, reigns.SHORT_HEAD, (_free(reigns.short_eras),)),
        ("plan", of_plans, PLAN, (_free(named.plan),)),
        ("later", ("越", "逾"), running_years.LATER_HEAD, (running_years.later,)),
        ("elapsed", elapsed.OPENINGS, elapsed.LATER_HEAD, (elapsed.later,)),
        ("pair", _pairs(ganzhi.INITIALS, ganzhi.FINALS), _PAIR, (running_days.pair_day, running_years.pair)),
        ("ruler", _longer(great_names, {*of_rulers, *"王朝代"}), reigns.RULER_HEAD, (_free(reigns.ruler_span),)),
        ("reign", of_reigns, _REIGN, (
            _date, _free(reigns.era_span), dynasty,
        )),
        # after reigns: 夏天祐民安五年
        ("season", {*"春夏秋冬", "开春", *of_seasons}, running.SEASON_HEAD, (running.season,)),
        ("dynasty", {*of_dynasties, *great}, dynasties.head, (dynasty,)),
        ("term", of_terms, named.term_head, (
            _free(named.term),
        )),
    )  # fmt: skip
    return tuple(
        Beginning(name, frozenset(openings), re.compile(pattern), rules) for name, openings, pattern, rules in rows
    )


# Characters on every line that begin something only with some others behind them: 这两年, but not 这里.
_EVERYDAY = (
    "是有人来上这那大得去天下地小过出又中年头后无道会花和如前知开同太真经此成长"
    "月国西入至河安万日节数定进平北正先南世民武战延德顺李马保故东"
)


_SELDOM = 4  # characters behind the first one: names of reigns have few


def initials(openings: Iterable[str]) -> str:
    """A pattern for where an expression may begin. Few sets of characters: an alternative for each would be slow."""
    seconds: dict[str, set[str]] = {}
    for opening in openings:
        seconds.setdefault(opening[0], set()).add(opening[1:])
    alone = sorted(first for first, found in seconds.items() if "" in found)
    groups: dict[int, list[str]] = {}
    for first in sorted(seconds.keys() - set(alone)):
        groups.setdefault(0 if first in _EVERYDAY else 1 + (len(seconds[first]) > _SELDOM), []).append(first)
    branches = [f"[{re.escape(''.join(alone))}]"] if alone else []
    for firsts in groups.values():
        behind = sorted(set().union(*(seconds[first] for first in firsts)))
        branches.append(f"[{re.escape(''.join(firsts))}](?=[{re.escape(''.join(behind))}])")
    return "|".join(branches)


def _openings(words: Iterable[str]) -> frozenset[str]:
    """The first two characters of names, as the rules see them; of 九·一八 also 九一 and 九.一."""
    found = set()
    for word in words:
        bare = plain(word).text.removeprefix("“")
        found.add(bare[:2])
        if bare[1:2] == "·":
            found.update((f"{bare[0]}{bare[2:3]}", f"{bare[0]}."))
    return frozenset(found)


def _after(first: str, seconds: str) -> frozenset[str]:
    return frozenset(first + second for second in seconds)


def _pairs(firsts: Iterable[str], seconds: Iterable[str]) -> frozenset[str]:
    return frozenset(first + second for first in firsts for second in seconds)


def _longer(openings: Iterable[str], seconds: Iterable[str]) -> frozenset[str]:
    """The openings, those of one character with each of the second ones that may follow."""
    short = [opening for opening in openings if len(opening) == 1]
    return frozenset(openings) - frozenset(short) | _pairs(short, seconds)
