"""Office-holders in lines: 主席：张三; 副主席　李四　王五; 张三（女，1956.6—1959.3）."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.roster.names import Named, about, names, plausible
from archive.roster.posts import POST, is_post
from archive.roster.terms import Term, term

_PROSE = re.compile(r"[。！？]|[，,](?![^（(]*[）)])")
_LONGEST = 2000  # characters; a list of members may fill a page
_HEADED = re.compile(
    rf"[\s　]*(?P<post>{POST}(?:[、和及]{POST})*)(?:[（(][^（）()]*[）)])?"
    r"(?:[\s　]*[：:][\s　]*|[\s　]+)(?P<rest>.+)",
    re.S,
)
_PADDED_POST = re.compile(r"^[\s　]*[\u4e00-\u9fff](?:[\s　]+[\u4e00-\u9fff])+(?=[\s　]*[：:])")  # 主　席：
_TENURE = re.compile(r"(?:\d{4}|民国|民國|[\u4e00-\u9fff]{2}[元一二三四五六七八九十]+年).*")
_WITH_TERM = re.compile(
    r"[^（）()，,。；]{2,10}(?:[（(][^（）()\d]{1,12}[）)])?[\s　]*[（(][^（）()]*(?:\d{4}|年)[^（）()]*[）)]?"
)
_BARE_TERM = re.compile(r"(?P<name>[^\d（）()，,。；]{2,12}?)[\s　]+(?P<term>\d{4}[.．年][^，。；（）()]*)")


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of a line with the term of office that stood in the brackets."""

    person: str
    sex: str
    ethnicity: str
    remark: str
    term: Term
    written: str
    doubts: tuple[str, ...]


def listed(text: str, post: str) -> tuple[str, Sequence[Listed]]:
    """The post and the people of a line under `post`; nobody where it is prose."""
    if len(text) > _LONGEST:
        return post, ()
    headed = _HEADED.fullmatch(_PADDED_POST.sub(lambda match: re.sub(r"[\s　]", "", match[0]), text.rstrip("。；;")))
    if headed and not _PROSE.search(headed["rest"]):
        people = [_person(found) for found in names(_bracketed(headed["rest"]))]
        if people and all(not one.person or plausible(one.person) for one in people):
            return re.sub(r"[\s　]", "", headed["post"]), people
    if not post or _PROSE.search(text):
        return post, ()
    text = _bracketed(text)
    people = [_person(found) for found in names(text)]
    good = bool(people) and all(plausible(one.person) for one in people) and not is_post(people[0].person)
    return post, people if good and (len(people) > 1 or _WITH_TERM.fullmatch(text.strip()) or len(text) <= 12) else ()


def _bracketed(text: str) -> str:
    """王五　1956.6—1957.8 as 王五（1956.6—1957.8）."""
    spaced = _BARE_TERM.fullmatch(text.strip())
    return f"{spaced['name']}（{spaced['term']}）" if spaced else text


def _person(found: Named) -> Listed:
    """A name with its remarks, of which those that are a term of office are one."""
    pieces = found.remark.split("，") if found.remark else []
    when = next((piece for piece in pieces if _TENURE.match(piece)), "")
    told = term(when)
    rest = [piece for piece in pieces if piece != when]
    sex, ethnicity, remark = about(rest)
    doubts = found.doubts if told.understood else (*found.doubts, f"任期“{when}”看不懂")
    remark = "，".join(filter(None, (remark, told.remark)))
    return Listed(found.person, found.sex or sex, found.ethnicity or ethnicity, remark, told, when, doubts)
