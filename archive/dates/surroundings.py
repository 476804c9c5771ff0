"""What stands around an expression and decides how it is meant: customs, letters, how long something took."""

from __future__ import annotations

import re

from archive.dates.context import Context
from archive.dates.of_month import YearPart
from archive.dates.reading import Reading
from archive.model.records import Precision

CLAUSE = r"(?:^|(?<=[,。;、!?\n至到于]))"
TO_COME = re.compile("将|拟|定于|计划|预计|预报|未来|下周|截止|报名|[至到]$")
# 三月 beside these is how long something took, a poet's month, or a name: 历时三月, 烟花三月, 十月革命.
LASTED = frozenset("续连时历经满足逾近共达过了着期阅住停第每个春花半整几数又仅只才凡计约费需用")
# 附近14日, 二期29日, 指数21日, 预计7日: what stands before is no word for how long.
OF_A_WORD = re.compile("附近|[一二三四五六七八九十]期|指数|船只|[预统审会设]计|[同当临及届]时|[公日]期|[中上]半$")

# 会期3日, 历时三月, 三月时间: how long something took.
_LASTED_BEFORE = re.compile(
    r"(?:会期|工期|限期|刑期|期限|展期|历时|历经|为期|时长|耗时|费时|用时|需时|延续|持续|连续|逗留|停留|前后)"
    r"(?:约|共|计|共计|仅|达|长达|了|为|近|逾)?$"
)
_LASTED_AFTER = re.compile("的?时间(?![表安])|之久|有余|余(?=[,。;、)]|[而始方才之的不未无])|[的之]?[功工]夫")


def lasted(text: str, position: int, found: YearPart) -> bool:
    """Whether a whole month or one day is a count of months or days: 历时三月, 会期3日, 三月时间."""
    if found.precision not in (Precision.MONTH, Precision.DAY):
        return False
    before = text[max(0, position - 6) : position]
    return bool(_LASTED_BEFORE.search(before) or _LASTED_AFTER.match(text, found.stop))


_RECURRING = re.compile(
    r"[一-龥]俗[,、:]|[其土乡邑民]俗|每年|每逢|逢|历年|多在|多发|俗称|俗谓|谓之|谚|节令|一般(?=[在于从到是多每都为,]|$)|例于|习俗|每岁|平均|年均|常年|最[大小高低多少热冷]月"
)
_CUSTOM = re.compile("规矩|习俗|风俗|旧俗|俗例|惯例|谚|相沿|家家户户|年年如此")
SENTENCE_END = "。!?;\n"
_SENTENCE_END = re.compile(f"[{SENTENCE_END}]")
_REACH = 200  # characters looked back over for the beginning of a sentence


def recurs(text: str, position: int) -> bool:
    """Whether the sentence speaks of customs or averages, where 正月十五 is every year's."""
    if _RECURRING.search(sentence(text, position)):
        return True
    if text[position : position + 1].isascii():  # customs are told in Chinese numerals
        return False
    end = _SENTENCE_END.search(text, position, position + _REACH)
    return bool(_CUSTOM.search(text, position, end.start() if end else position + _REACH))


def sentence(text: str, position: int) -> str:
    """What stands before `position` in its sentence."""
    start = max(0, position - _REACH)
    return text[max(start, *(text.rfind(mark, start, position) + 1 for mark in SENTENCE_END)) : position]


_DIARY = re.compile(
    r"(?:^|\n)\(?(?:(?:\d{4}|[一二][〇零一二三四五六七八九]{3})年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月[^月,。\n]{1,3}[日号]"
    r"(?:(?:星期|周|礼拜)[一二三四五六日天])?(?P<rest>[^\n]*)$"
)
_FAR = 120


def of_diary(text: str, position: int, *, near: bool = False) -> bool:
    """Whether a text begins with its day, as diaries do: 1月7日 星期三. `near`: and nothing much stands between."""
    head = _DIARY.search(text[max(0, position - _FAR) : position]) if position <= _FAR else None
    return head is not None and (not near or not re.search("[,。;]", head["rest"]))


def reading_of(found: YearPart, rule: str, context: Context, confidence: float) -> Reading:
    if context.leaning and context.own:  # 3月5日 of an article of that year
        rule, confidence = "print" if context.own.printed else "own", 0.6
    return Reading(
        *found.span,
        found.precision,
        rule,
        found.stop,
        context.year,
        found.month,
        found.moon or context.moon,
        confidence,
        leap=found.leap,
    )


def by_reign(context: Context) -> bool:
    """Whether the running year itself is lunar, not only the month told last (1947年农历六月)."""
    return context.moon and (context.year or 0) < _REPUBLIC


_REPUBLIC = 1912
