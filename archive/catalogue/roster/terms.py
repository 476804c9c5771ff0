"""Terms of office: 1956.6—1959.3, 順治二年任（1645）, 1982年3月起, 1959.3—1960.12（病故）."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.dates import shipped_reader
from archive.dates.calendar import year_of
from archive.model.errors import PeriodError
from archive.model.records import Period

_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_YEAR_IN_BRACKET = re.compile(r"(?:公元)?\d{3,4}年?|[^（）()]{2,8}年")
_DASH = re.compile(r"\s*(?:—{1,2}|－{1,2}|-{1,2}|–|~|～|─{1,2}|至|到(?!任))\s*")
_TOOK = re.compile(r"(?:到任|上任|就任|就职|任职|接任|调任|署任|署|任|起|始)(?=（|$)")
# 康熙十四年遊擊改任（1675）, 雍正七年補授未到任: how the office was taken is a remark.
_HOW = re.compile(r"(?P<date>.+?[年月日\d])起?(?P<how>[^年月日（）\d]{1,10})(?P<gloss>（[^（）]*）)?")
_LEFT_WORDS = (
    r"(?:离任|卸任|去任|去职|离职|止|调离|调出|调任.{0,12}|调走|免职?|辞职|退休|离休|病故|逝世|去世|牺牲|撤职)"
)
_LEFT = re.compile(rf"{_LEFT_WORDS}(?=（|$)")
_TOOK_AND_LEFT = re.compile(rf"(?P<took>.+?(?:任职?|起|到职)?)[，,、；;](?P<left>.+?){_LEFT_WORDS}")
_OPEN = re.compile(r"[？?×]+|不详|不明|待考")
_REIGN = re.compile(r"([\u4e00-\u9fff]{2,4}?)[元一二三四五六七八九十廿卅]{1,4}年")
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
    """Whether a remark begins like a term of office: with a year, or with a dash or ？ in its place."""
    return _TENURE.fullmatch(text) is not None


def term(text: str) -> TermOfOffice:
    """The term of office in a cell. Nothing for an empty one; `understood` is false where no date could be read."""
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


def _in_reign(text: str, before: str) -> Period | None:
    """二十五年 after 民国二十三年."""
    reign = _REIGN.match(before)
    return moment(reign[1] + text) if reign else None


def moment(text: str, after: Period | None = None) -> Period | None:
    """One end of a term; a bare month or a two-figure year belongs to what stands before it (`after`)."""
    words = re.sub(r"[\s　]+", "", text)
    words = _TOOK.sub("", _LEFT.sub("", words)).removeprefix("自").removeprefix("从")
    year = year_of(after.start) if after and after.start is not None else None
    alone, short = _MONTH_ALONE.fullmatch(words), _SHORT_YEAR.fullmatch(words)
    if alone and year is not None:
        words = f"{year}年{alone[1]}月"
    elif short:
        words = f"{(year or 1900) // 100 * 100 + int(short[1])}年{short[2]}月"
    else:
        words = _DOTTED.sub(_spelled, words)
    try:
        return shipped_reader().parse(words)
    except PeriodError:
        return None


def _spelled(match: re.Match[str]) -> str:
    return f"{match[1]}年{match[2]}月" + (f"{match[3]}日" if match[3] else "")
