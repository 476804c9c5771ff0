"""Appointments told in sentences: 1956年5月，选举王明为书记，李大山、孙立为副书记; 1957年9月，免去王明的县长职务."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.catalogue.roster.person_names import plausible
from archive.catalogue.roster.posts import POST, is_post
from archive.catalogue.roster.terms import moment
from archive.catalogue.surnames import SURNAMES
from archive.dates.calendar import year_of
from archive.model.records import Period

_SENTENCE = re.compile(r"[^。；;！？]+")
_CLAUSE = re.compile(r"[^，,。；;！？]+")
_YEAR = r"(?:\d{4}年?|[一二][〇○零一二三四五六七八九]{3}年|民国[元一二三四五六七八九十廿卅]{1,4}年)"
_DATE = re.compile(
    r"(?:[同是当本该]年|[同是当本该]月|(?P<next>[次翌]年))?[\s　]*"
    rf"(?P<date>{_YEAR}?[\s　]*(?:[.．]?\d{{1,2}}月?|[元正一二三四五六七八九十]{{1,2}}月)?"
    r"(?:\d{1,2}日|[上中下]旬|[初底末])?)"
)
_NAME = r"[\u4e00-\u9fff]{2,4}?(?:[（(][^（）()]*[）)])?"
_NAMES = rf"(?P<names>{_NAME}(?:[、和及与]{_NAME})*)"
_CHOSEN = (
    r"(?:选举|选出|推选|推举|公推|补选|增选|改选|增补|任命|委任|委派|指派|派|调|批准|决定|通过|同意|聘请|由|以|免去|撤销)"
    r"(?:产生|了)?"
)
_HOLDS = (
    r"(?:(?:被)?(?:选举|推选|推举|任命|选|委任|委派)?"
    r"(?:当选|出任|充任|担任|接任|继任|兼任|复任|调任|改任|升任|转任|代理|任|为)(?:为|了)?)"
)
_APPOINTED = re.compile(
    rf"(?:.{{0,24}}{_CHOSEN})?{_NAMES}(?:同志)?(?:[\d一二三四五六七八九十]+人)?{_HOLDS}"
    r"(?P<post>[\u4e00-\u9fff、]{2,20}?)(?:职务|一职)?"
)
_RISEN = re.compile(
    r"(?P<names>[\u4e00-\u9fff]{2,4}?)(?:同志)?由[\u4e00-\u9fff]{2,14}?[升调改转提]任(?:为|了)?(?P<post>[\u4e00-\u9fff、]{2,20}?)"
)
_REMOVED = re.compile(
    rf"(?:.{{0,24}}(?:免去|撤销|免除|罢免|解除))?{_NAMES}(?:同志)?(?:的|所任|不再担任)(?P<post>[\u4e00-\u9fff、]{{2,20}}?)(?:等?职务|一职)?"
)
_BEFORE_LIST = re.compile(r"^(?:其中|.{0,24}(?:成员|领导人|负责人|人员|班子)(?:为|有|是|由))[：:]?")
_POST_AND_NAME = re.compile(
    rf"(?:(?P<post>{POST})[为是由]?)?(?P<name>[\u4e00-\u9fff]{{2,3}})(?:同志)?(?:[（(][^（）()]*[）)])?"
)
_NUMBER_CHOSEN = re.compile(r".*(?:委员|常委|代表|成员|人员|领导班子|委员会)(?:[\d一二三四五六七八九十百]+[名人])?")
_TOLD = re.compile(rf"{_CHOSEN}|当选|[担兼接继复出]任|(?<!责)任[\u4e00-\u9fff]{{0,6}}(?:长|书记|主席|主任|委员)|职务")
DOUBT = "据叙述文字读出，请核对"
"""The doubt that goes with every appointment that was read out of a sentence."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person who took the post at `since`, or left it at `until`; `written` is the date as printed."""

    person: str
    post: str
    since: Period | None = None
    until: Period | None = None
    written: str = ""


def tells_appointment(text: str) -> bool:
    """Whether a sentence speaks of somebody's being appointed, elected or removed."""
    return _TOLD.search(text) is not None


def appointments(text: str) -> Iterator[Appointment | None]:
    """The appointments of some sentences in their order; None for a clause that tells one that is not clear."""
    when: Period | None = None
    written = ""
    for sentence in _SENTENCE.findall(text):
        chosen = False  # whether an earlier clause tells that people were chosen, so that a list of them may follow
        for clause in (found[0].strip() for found in _CLAUSE.finditer(sentence)):
            dated = _DATE.match(clause)
            assert dated is not None
            if words := dated[0].strip():
                when = _date(dated["date"], when, following=dated["next"] is not None)
                written = words if when else ""
            rest = clause[dated.end() :].lstrip("，, 　")
            chosen = chosen or tells_appointment(rest) or _BEFORE_LIST.match(rest) is not None
            read = list(_read(rest, when, written, chosen=chosen))
            if read:
                yield from read
            elif rest and tells_appointment(rest) and not _is_introduction(rest):
                yield None


def _is_introduction(clause: str) -> bool:
    """Whether a clause tells of a meeting, or how many it chose, and names nobody."""
    return bool(re.fullmatch(r".{0,16}?(?:召开|举行).*", clause) or _NUMBER_CHOSEN.fullmatch(clause))


def _listed(clause: str) -> Iterator[tuple[str, str]]:
    """The posts and people of 县委书记汪海、副书记李平（主持工作）、戴刚; nobody where anything else stands in it."""
    found: list[tuple[str, str]] = []
    post = ""
    for item in re.split(r"[、和](?![^（(]*[）)])", _BEFORE_LIST.sub("", clause, count=1)):
        named = _POST_AND_NAME.fullmatch(item.strip())
        if named is None or not (named["post"] or post) or not _is_person(named["name"]):
            return
        post = named["post"] or post
        found.append((post, named["name"]))
    yield from found


def _is_person(name: str) -> bool:
    return plausible(name) and name[0] in SURNAMES and not is_post(name)


def _date(words: str, before: Period | None, *, following: bool) -> Period | None:
    """A date as printed, in the year of the one before or, where it is `following`, the year after."""
    if following:
        year = year_of(before.start) if before and before.start is not None else None
        return moment(f"{year + 1}年{words}") if year is not None else None
    return moment(words, before) if words else before


def _read(clause: str, when: Period | None, written: str, *, chosen: bool) -> Iterator[Appointment]:
    if chosen and (listed := list(_listed(clause))):
        yield from (Appointment(person, post, when, None, written) for post, person in listed)
        return
    removed = _REMOVED.fullmatch(clause)
    told = removed or _RISEN.fullmatch(clause) or _APPOINTED.fullmatch(clause)
    if told is None:
        return
    people = [re.sub(r"[（(].*?[）)]", "", one) for one in re.split(r"[、和及与]", told["names"])]
    post = told["post"]
    if not is_post(post) or not all(map(_is_person, people)):
        return
    for one in people:
        yield Appointment(one, post, None if removed else when, when if removed else None, written)
