"""Office-holders in lines: 主席：张三; 副主席　李四　王五; 张三（女，1956.6—1959.3）."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.catalogue.roster.person_names import ListedName, about, names, plausible
from archive.catalogue.roster.posts import POST, is_post
from archive.catalogue.roster.terms import TermOfOffice, term

_PROSE = re.compile(r"[。！？]|[，,](?![^（(]*[）)])")
_LONGEST = 2000  # characters; a list of members may fill a page
_LONGEST_POST = 30
_NOTE = re.compile(
    r"[\s　]*[（(](?:按|以|共|排名|名次|\d|[一二三四五六七八九十]+[人名])[^（）()]*[）)]"
)  # 委员（以姓氏笔画为序）
_COUNT = re.compile(r"(?:共|计)?[\d一二三四五六七八九十百]+[人名]")
_NEXT_POST = re.compile(rf"(?<=[；;\s　）)])(?={POST}[\s　]*[：:])")
_TENURE = re.compile(r"(?:\d{4}|民国|民國|[\u4e00-\u9fff]{2}[元一二三四五六七八九十]+年).*")
_WITH_TERM = re.compile(
    r"[^（）()，,。；]{2,10}(?:[（(][^（）()\d]{1,12}[）)])?[\s　]*[（(][^（）()]*(?:\d{4}|年)[^（）()]*[）)]?"
)
_BARE_TERM = re.compile(r"(?P<name>[^\d（）()，,。；]{2,12}?)[\s　]+(?P<term>\d{4}[.．年][^，。；（）()]*)")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person of a line with the term of office that stood in the brackets."""

    person: str
    sex: str
    ethnicity: str
    remark: str
    term: TermOfOffice
    written: str
    doubts: tuple[str, ...]


def listed(text: str, post: str) -> Iterator[tuple[str, Sequence[ListedPerson]]]:
    """The posts of a line, each with its people, under the post that runs; nobody where it is prose."""
    if len(text) > _LONGEST:
        return
    for part in _NEXT_POST.split(text):
        yield _one(part.strip().rstrip("。；;"), post)


def _one(text: str, post: str) -> tuple[str, Sequence[ListedPerson]]:
    head, rest = _headed(text)
    if head and _COUNT.fullmatch(rest):
        return head, ()
    if head and not _PROSE.search(rest):
        people = [_person(found) for found in names(_bracketed(rest))]
        if all(not one.person or plausible(one.person) for one in people):
            return head, people
    if not post or _PROSE.search(text):
        return post, ()
    people = [_person(found) for found in names(_bracketed(text))]
    good = bool(people) and all(plausible(one.person) for one in people) and not is_post(people[0].person)
    return post, people if good and (len(people) > 1 or _WITH_TERM.fullmatch(text) or len(text) <= 12) else ()


def _headed(text: str) -> tuple[str, str]:
    """The post a line begins with, padding closed up, and what follows it: 主　席：张三, 书　记　张三. Empty: none."""
    colon = re.search(r"[：:]", text)
    if colon:
        head = re.sub(r"[\s　]", "", _NOTE.sub("", text[: colon.start()]))
        return (head, text[colon.end() :].strip()) if is_post(head) else ("", text)
    for gap in re.finditer(r"[\s　]+|(?=[（(])", text):
        head = re.sub(r"[\s　]", "", text[: gap.start()])
        if len(head) > _LONGEST_POST:
            break
        if is_post(head):
            note = _NOTE.match(text, gap.end())
            return head, text[note.end() if note else gap.end() :].strip()
    return "", text


def _bracketed(text: str) -> str:
    """王五　1956.6—1957.8 as 王五（1956.6—1957.8）."""
    spaced = _BARE_TERM.fullmatch(text.strip())
    return f"{spaced['name']}（{spaced['term']}）" if spaced else text


def _person(found: ListedName) -> ListedPerson:
    """A name with its remarks, of which those that are a term of office are one."""
    pieces = found.remark.split("，") if found.remark else []
    when = next((piece for piece in pieces if _TENURE.match(piece)), "")
    told = term(when)
    rest = [piece for piece in pieces if piece != when]
    sex, ethnicity, remark = about(rest)
    doubts = found.doubts if told.understood else (*found.doubts, f"任期“{when}”看不懂")
    remark = "，".join(filter(None, (remark, told.remark)))
    return ListedPerson(found.person, found.sex or sex, found.ethnicity or ethnicity, remark, told, when, doubts)
