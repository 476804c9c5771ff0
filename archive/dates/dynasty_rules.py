"""Rules for dynasties: 清代, 明朝末年, 北宋时期, 明清之际, 自唐至清, 秦属北地郡."""

from __future__ import annotations

import re

from archive.dates.patterns import COUNTS, alternation
from archive.dates.period_parts import PART, part_span, stands_free
from archive.dates.period_tables import PeriodTables
from archive.dates.plain_form import plain
from archive.dates.reading import Reading
from archive.dates.stretches import YEARS_IN_BRACKETS, in_brackets, modified
from archive.dates.years import ERA_NAME
from archive.model.records import Precision

_JOINED = "[、,和与及至到-]"  # 宋、元两代, 春秋战国至西夏时期
# A dynasty alone, with what was done in it: 北宋筑堡, 系明建, 唐建宋修, 明置卫, 始建于明.
_GREAT = "秦汉隋唐宋元明清"
_DONE = "[重始增改续扩]?[建筑修造立置设创刻铸葺毁废]"
_SEAT = "为(?=[^,。;]{0,8}[县州府郡路道卫镇城地])"
_SETTLED = f"{_DONE}|[始改复析仍]?(?:[属隶归升降并废徙复]|{_SEAT})|[因仍沿析改]"
_DYNASTY_DOES = re.compile(f"{_SETTLED}|时(?![间候节刻光机而常])|间(?![隙接谍])")
_GOVERNS = re.compile("[始改复析仍]?[置属隶](?![于心中身业])|因之|重[修建葺]")
_SETTLES = re.compile(_SETTLED)
# The first characters of whatever shows behind a dynasty that it is a time; names of others may follow, too.
_FOLLOWS = (
    "王朝代时年之两三以初前早中后晚末季间期易鼎一重始增改续扩建筑修造立置设创刻铸葺毁废属隶归升降"
    "并徙复析仍为因沿,。;:、和与及至到)(-"
)
_BUILDS = re.compile("[建筑修造立置刻铸制](?![设改立路业造正制国])")
_BUILT_IN = re.compile("[凿浚建始修毁废筑置创立成起兴盛衰源刻铸设]于$")
_BUILT_TWICE = re.compile(rf"[{_GREAT}][建筑修毁][{_GREAT}](?:{_DONE})")
_IN_A_ROW = re.compile(
    rf"(?:^|[,。;:、\n])(?:[{_GREAT}周晋魏辽金]|[东西南北前后][汉晋魏宋周齐唐梁夏]|西夏)[代初末时]?,?(?:{_SETTLED})"
)
_REACH = 60  # characters looked over for other dynasties in a row: 秦属北地郡，汉改富平县
_SEASONS_TOO = frozenset("夏周")  # 夏初 is early summer, 周末 the weekend


_FOR_LONG = re.compile("以[来降前后]|之[前后]")
_PLACE_BEFORE = frozenset("县州府郡镇乡堡城寺庙塔祠观境地区邑卫桥楼阁碑")
_SETTLED_AFTER = re.compile(f"[属隶置改设归]|{_SEAT}")


def _of_a_place(text: str, match: re.Match[str]) -> bool:
    """某县明初设卫, 固原明初为州: what stands before names a place, or what follows says what it was then."""
    beside = text[match.start() - 1] in _PLACE_BEFORE or _SETTLED_AFTER.match(text, match.end())
    return bool(match["part"] and beside)


def _tells_when(text: str, match: re.Match[str]) -> bool:
    """Whether a dynasty with 初 or 时期 and without 代 is one, and neither a season nor the end of a name."""
    if match["name"] in _SEASONS_TOO:
        return False
    long = len(match["name"]) > 1 and match["unit"] in ("时期", "年间")  # 冯氏西汉时期迁此
    return long or stands_free(text, match.start()) or _of_a_place(text, match)


def _dynasty_alone(text: str, match: re.Match[str]) -> bool:
    """Whether a dynasty without 代 or 时期 tells when: where it opens a clause and something is done or governed."""
    start, end = match.start("name"), match.end()
    before = text[start - 1 : start]
    if _ENDS_CLAUSE.match(text, end):  # 始建于明，清重修; 迨至北魏，渐成定制
        reached = before in ("至", "迄") and match["name"] not in ("元", *_SEASONS_TOO)
        return bool(reached or _BUILT_IN.search(text[max(0, start - 2) : start]))
    if _BUILT_TWICE.match(text, start) or _BUILT_TWICE.match(text, max(0, start - 2)):  # 唐建宋修
        return True
    if before in _IS or before in _PLACE_BEFORE:  # 寺系明建, 此庙明建
        return bool(_BUILDS.match(text, end))
    if not stands_free(text, start):
        return False
    if end - start > 1:
        return bool(_DYNASTY_DOES.match(text, end))
    if match["name"] not in _GREAT:
        return False
    if _GOVERNS.match(text, end) or _AT_THE_TIME.match(text, end):
        return True
    around = text[max(0, start - _REACH) : start + _REACH]
    return bool(_SETTLES.match(text, end)) and len(_IN_A_ROW.findall(around)) > 1


_FROM = frozenset("自从由")
_AFTERWARDS = frozenset("之以此然今最战其随事日往先从目")
_IS = frozenset("系为是乃")
_ENDS_CLAUSE = re.compile("[,。、;:)]|$")
_AT_THE_TIME = re.compile("时(?![间候节刻光机而常])")


class DynastyRules:
    """The rules over one set of tables. `head` says where an expression may begin."""

    def __init__(self, names: PeriodTables) -> None:
        self.names = names
        self._dynasty_names = {plain(name).text: named for name, named in names.dynasties.items()}
        dynasty = alternation(self._dynasty_names) or "(?!)"
        self._dynasties = re.compile(
            rf"(?P<first>{dynasty})(?:{_JOINED}?(?:{dynasty})){{0,8}}{_JOINED}?(?P<last>{dynasty})[两三四历]?(?:[代朝](?![表廷])|时期|年间|之[际时世]|时(?![间候节刻光机])|(?=以[来降前后]))"
        )
        self._meeting = re.compile(
            rf"(?P<first>{dynasty})(?P<last>{dynasty})(?:之[际交间]|易代|鼎革)"
            rf"|(?P<ends>{dynasty})(?:末年?|季)(?P<begins>{dynasty})初年?"
        )
        self._from_to = re.compile(
            rf"(?P<first>{dynasty})[代朝]?(?:,?历[一-龥、]{{1,4}},?)?(?:一直[一-龥]{{2}})?[至到迄](?P<last>{dynasty}|民国(?!{COUNTS}年))(?!{ERA_NAME})"
            rf"(?:王?朝|代|时期)?(?P<part>{PART})?(?![一-龥]{{0,2}}[《县政])"
        )
        self._to_a_year = re.compile(
            rf"(?P<first>{dynasty})[代朝]?(?=[至到迄](?:民国{COUNTS}年|(?:{dynasty})?{ERA_NAME}(?:{COUNTS}年|[年初末中])))"
        )
        # One look at what follows a name spares nearly all of them the trial of every form.
        openings = "".join(sorted({name[0] for name in self._dynasty_names}))
        follows = rf"(?=[大有]?{dynasty}(?:[{_FOLLOWS}{openings}]|$))"
        self.head = (
            rf"(?<=[自从由]){dynasty}(?=[代朝]?.{{0,6}}[至到迄])|{follows}(?:(?<![一-龥]){dynasty}(?=[至到迄]{dynasty})|"
            rf"{dynasty}{dynasty}(?=之[际交间]|易代|鼎革)|有{dynasty}(?=一[代朝])|{dynasty}{_JOINED}?(?={dynasty}(?:{_JOINED}|{dynasty}|[两三四历代朝时]))|"
            rf"(?!(?<=[文说证表声光黎简透聪英圣神发精鲜贤])明)大?{dynasty}"
            rf"(?:王?朝(?![阳着向鲜天廷东西南北圣夕拜])|代(?![表理销办码替课购管言笔沟价驾培步号数])"
            rf"|(?=(?:时期|年间|之[际交时世前后]|[两三]代|以[来降前后]|{PART}))|(?=时(?:[为,属置设改称有建始归隶]|期))|(?={_SETTLED}|[时间,。、;:)]|重[修建葺]|$|{YEARS_IN_BRACKETS})))"
        )
        self._dynasty = re.compile(
            rf"(?:大|有(?={dynasty}一[代朝]))?(?P<name>{dynasty})(?P<word>王?朝|代|(?<=有.)一[代朝]|(?<=有..)一[代朝])?(?P<part>{PART})?(?P<unit>时期|年间|之[际交时世]|期间|[两三]代|时(?=[为,属置设改称有建始归隶]))?"
        )

    def dynasty(self, text: str, position: int) -> Reading | None:
        """清代, 明朝末年, 清初, 北宋时期."""
        if text[position] in "后前" and text[position - 1 : position] in _AFTERWARDS:  # 之后唐朝
            return None
        meeting = self._meeting.match(text, position)
        if meeting:  # 明清之际, 隋末唐初: the end of the one and the beginning of the other
            start, _ = part_span(self._dynasty_names[meeting["first"] or meeting["ends"]], "末")
            _, end = part_span(self._dynasty_names[meeting["last"] or meeting["begins"]], "初")
            if end is None or start is None or start < end:
                return modified(text, Reading(start, end, Precision.DYNASTY, "dynasty", meeting.end()))
        if stretch := self._from_dynasty(text, position):
            return stretch
        several = self._dynasties.match(text, position)
        if several:
            first, last = self._dynasty_names[several["first"]], self._dynasty_names[several["last"]]
            apart = several.end("first") < several.start("last")  # 清、明两代, not 清明
            if last.start >= first.start or (apart and several["first"] != several["last"]):
                span = (
                    min(first.start, last.start),
                    None if last.end is None else max(first.end or last.end, last.end),
                )
                return modified(text, Reading(*span, Precision.DYNASTY, "dynasty", several.end()))
        match = self._dynasty.match(text, position)
        if not match:
            return None
        if not match["part"] and (told := in_brackets(text, match.end())):
            return told
        if not (match["word"] or match["part"] or match["unit"] or _FOR_LONG.match(text, match.end())):
            if not _dynasty_alone(text, match):
                return None
        elif not match["word"] and not _tells_when(text, match):
            return None
        if match["name"] == "春秋" and (match["part"] or "").startswith("季"):  # 春秋季多风
            return None
        start, end = part_span(self._dynasty_names[match["name"]], match["part"])
        return modified(text, Reading(start, end, Precision.DYNASTY, "dynasty", match.end()))

    def _from_dynasty(self, text: str, position: int) -> Reading | None:
        """自唐至清, 从东汉一直沿袭到民国时期: what leads on shows that both are times."""
        match = self._from_to.match(text, position)
        if not match:
            begins = self._to_a_year.match(text, position) if text[position - 1 : position] in _FROM else None
            if begins is None:
                return None
            named = self._dynasty_names[begins["first"]]  # 自明至清光绪三年: the year ends it
            return Reading(named.start, named.end, Precision.DYNASTY, "dynasty", begins.end())
        if text[position - 1 : position] not in _FROM:  # 三国至明清, but not 元至, 清到
            known = min(len(match["first"]), len(match["last"])) > 1
            if not known or "一" <= text[position - 1 : position] <= "龥":
                return None
        last = self._dynasty_names.get(match["last"]) or self.names.periods.get(match["last"])
        start, end = self._dynasty_names[match["first"]].start, part_span(last, match["part"])[1] if last else None
        if end is None or end <= start:
            return None
        return Reading(start, end, Precision.RANGE, "dynasty", match.end())
