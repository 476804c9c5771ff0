"""Terms of office: 1956.6—1959.3, 順治二年任（1645）, 1958.4复任—1960.2, 1959.3—1960.12（病故）."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.dates.calendar import year_of
from archive.dates.reader_in_use import reader_in_use
from archive.model.errors import PeriodError
from archive.model.records import Period

if TYPE_CHECKING:
    from archive.dates.reader import DateReader

_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_YEAR_IN_BRACKET = re.compile(r"(?:公元)?\d{3,4}年?|[^（）()]{2,8}年")
_DASH = re.compile(r"\s*(?:—{1,2}|－{1,2}|-{1,2}|–|~|～|─{1,2}|至|到(?![任职職差官]))\s*")
_TOOK = re.compile(r"(?:到任|上任|就任|就职|任职|接任|调任|署任|署|任|起|始)(?=（|$)")
# 康熙十四年遊擊改任（1675）, 雍正七年補授未到任: how the office was taken is a remark.
_HOW = re.compile(r"(?P<date>.+?[年月日\d])起?(?P<how>[^年月日（）\d]{1,10})(?P<gloss>（[^（）]*）)?")
LEFT = (
    r"(?:被|因.{0,4}|后)?(?:离任|卸任|去任|去职|离职|离开|止|调离|调出|调任.{0,12}|调走|调往.{0,12}|免职?|罢免|辞职|辞去.{0,8}|退休|离休|退职"
    r"|病故|病逝|逝世|去世|死亡|牺牲|遇害|自杀|撤职|撤换|撤销.{0,6}职务|免去.{0,8}职务|革职|停职|落选|罢官|夺权|打倒|靠边站)"
)
"""The words for leaving office behind a date, as a pattern."""
# How an office was taken. What else is told with a date (生, 入党, 错划右派, 平反) is no term of office.
TAKEN = (
    r"(?:复|再|重新?|继续?|接|连|续|调|调入|升|改|补|新|到|上|就|继|署|转|晋|受)?(?:任|任职|任命|到任|就职|复职|到职|到官|到差|当选|补选|增选|改选"
    r"|增补|推选|选出|补缺|委派|派任|代理|兼任?|主持.{0,4}工作|主持.{0,2}|负责.{0,4}|起|始)"
)
"""The words for taking office behind a date, as a pattern."""
_TAKEN = re.compile(rf"{TAKEN}(?=（|$)")
_LEFT = re.compile(rf"{LEFT}(?=（|$)")
_TOOK_AND_LEFT = re.compile(rf"(?P<took>.+?(?:任职?|起|到职)?)[，,、；;](?P<left>.+?){LEFT}")
_OPEN = re.compile(r"[？?×]+|(?:任期|离任)?(?:时间|年月)?(?:不详|不明|待考|待查)")
_REIGN = re.compile(r"([\u4e00-\u9fff]{2,4}?)[元一二三四五六七八九十廿卅]{1,4}年")
_TAKING = re.compile(
    r"(?<![离卸去免])任|(?<![停撤免革离去辞退])[职職]|[授補补選选署摄攝兼升擢聘袭襲推始晋蒞莅遷迁]|代(?!表)|(?<!右)派|委[任派]|(?<!革)命|起(?!义|義)|[視视]事|到[官差县省]|[调調][入来]|主持|负责"
)
_HOW_TOLD = re.compile(
    r"(?:\d|[年月日](?:[初底末春夏秋冬]|[以之]?[前后])?)(?P<how>(?![初底末春夏秋冬])(?:(?![〇○零元一二三四五六七八九十廿卅正腊年月日至到今现])[\u4e00-\u9fff]){1,20})"
)
_TENURE = re.compile(
    r"(?:[—－\-–~～至]{1,2}|[自从])?(?:\d{4}|\d{2}[.．]\d{1,2}[—－\-–~～至]|[？?][—－\-–~～至]|民国|民國|公元|[一二][〇○零一二三四五六七八九]{3}年"
    r"|[\u4e00-\u9fff]{2}[元一二三四五六七八九十廿卅]+年).*"
)
_NOW = re.compile(r"(?:至?今|现在|现任|在任)$")
_DOTTED = re.compile(r"(\d{4})\s*[.．·/]\s*(\d{1,2})(?:\s*[.．·/]\s*(\d{1,2}))?(?:\s*[月日])?")
_MONTH_ALONE = re.compile(r"(\d{1,2})\s*月?")
_SHORT_YEAR = re.compile(r"(\d{2})[.．](\d{1,2})")


@dataclass(frozen=True, slots=True)
class TermOfOffice:
    """When somebody took office and left it, what else the cell says, and whether it was understood."""

    since: Period | None = None
    until: Period | None = None
    remark: str = ""
    understood: bool = True


def is_term(text: str) -> bool:
    """Whether a remark is like a term of office: begins with a year (or a dash, ？) and tells nothing but an office."""
    if _TENURE.fullmatch(text) is None:
        return False
    told = [found["how"] for found in _HOW_TOLD.finditer(_BRACKET.sub("", text))]
    return all(
        (_TAKING.search(how) and not how.startswith("在"))
        or how.startswith("在任")
        or re.match(LEFT, how)
        or _OPEN.fullmatch(how)
        for how in told
    )


def is_span(text: str) -> bool:
    """Whether a remark begins with two moments, whatever it tells of them: 1956.5—1957.9被错划为右派."""
    return _TENURE.fullmatch(text) is not None and len(_DASH.split(text, maxsplit=1)) == 2


def term(text: str) -> TermOfOffice:
    """The term of office in a cell. Nothing for an empty one; `understood` is false where no date could be read."""
    return _term(reader_in_use(), text)


@lru_cache(8192)  # the rows of a list say the same terms over and over
def _term(reader: DateReader, text: str) -> TermOfOffice:
    remarks: list[str] = []

    def aside(match: re.Match[str]) -> str:
        inside = match[1].strip()
        if _YEAR_IN_BRACKET.fullmatch(inside):
            return f"（{inside}）"
        remarks.append(inside)
        return ""

    words = re.sub(r"[\s　]+", "", _BRACKET.sub(aside, text))
    words = re.sub(r"(?<=[\d年月日])在任$", "", words)
    remark = "，".join(filter(None, remarks))
    if not words or _OPEN.fullmatch(words):
        return TermOfOffice(remark=remark)
    both = _TOOK_AND_LEFT.fullmatch(words)
    if both:
        first = moment(both["took"])
        last = moment(both["left"], first)
        return TermOfOffice(first, last, remark, first is not None and last is not None)
    parts = _DASH.split(words, maxsplit=1)
    if len(parts) == 2:
        split = [_without_how(part) for part in parts]
        parts = [date for date, _ in split]
        remark = "，".join(filter(None, (remark, *(how for _, how in split))))
    since = moment(parts[0])
    if len(parts) == 1:
        how = _HOW.fullmatch(words) if since is None else None
        if how and (since := moment(how["date"] + (how["gloss"] or ""))):
            return TermOfOffice(since, None, "，".join(filter(None, (remark, how["how"]))))
        left = _LEFT.search(words)
        return TermOfOffice(None if left else since, since if left else None, remark, since is not None)
    if not parts[1] or _NOW.fullmatch(parts[1]):
        ends = Period(since.start, None, since.precision, text.strip()) if since and parts[1] else None
        return TermOfOffice(since, ends, remark, since is not None)
    if _OPEN.fullmatch(parts[1]):
        return TermOfOffice(since, None, remark, since is not None)
    until = moment(parts[1], since) or _in_reign(parts[1], parts[0])
    understood = until is not None and (since is not None or not parts[0] or bool(_OPEN.fullmatch(parts[0])))
    return TermOfOffice(since, until, remark, understood)


def _without_how(text: str) -> tuple[str, str]:
    """1958.4复任 as 1958.4 and 复任: how it was taken or left. The whole text where it needs no parting."""
    how = _HOW.fullmatch(text) if moment(text) is None else None
    if how and moment(how["date"] + (how["gloss"] or "")):
        return how["date"] + (how["gloss"] or ""), how["how"]
    return text, ""


def _in_reign(text: str, before: str) -> Period | None:
    """二十五年 after 民国二十三年."""
    reign = _REIGN.match(before)
    return moment(reign[1] + text) if reign else None


def moment(text: str, after: Period | None = None) -> Period | None:
    """One end of a term; a bare month or a two-figure year belongs to what stands before it (`after`)."""
    return _moment(reader_in_use(), text, after)


@lru_cache(maxsize=4096)
def _moment(reader: DateReader, text: str, after: Period | None) -> Period | None:
    words = re.sub(r"[\s　]+", "", text)
    words = _TOOK.sub("", _LEFT.sub("", words)).removeprefix("自").removeprefix("从")
    words = _TAKEN.sub("", words) or words
    year = year_of(after.start) if after and after.start is not None else None
    alone, short = _MONTH_ALONE.fullmatch(words), _SHORT_YEAR.fullmatch(words)
    if alone and year is not None:
        words = f"{year}年{alone[1]}月"
    elif short:
        words = f"{(year or 1900) // 100 * 100 + int(short[1])}年{short[2]}月"
    else:
        words = _DOTTED.sub(_spelled, words)
    try:
        return reader.parse(words)
    except PeriodError:
        return None


def _spelled(match: re.Match[str]) -> str:
    return f"{match[1]}年{match[2]}月" + (f"{match[3]}日" if match[3] else "")
