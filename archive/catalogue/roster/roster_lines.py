"""Office-holders in lines: 主席：张三; 副主席　李四　王五; 张三（女，1956.6—1959.3）; 马　原　回族　1996.4任."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.catalogue.roster.person_names import NATIONALITY, ListedName, about, names, plausible
from archive.catalogue.roster.posts import POST, bare_count, is_post, may_be_post
from archive.catalogue.roster.terms import LEFT, TAKEN, TermOfOffice, is_span, is_term, term
from archive.catalogue.surnames import SURNAMES

_OUTSIDE = re.compile(r"[（(][^（）()]*(?:[）)]|$)")
_PROSE = re.compile(r"[。！？，,]")
_LONGEST = 2000  # characters; a list of members may fill a page
_LONGEST_POST = 30
_SHORT = 12  # characters of a line that may be one name without more
_NOTE = re.compile(
    r"[\s　]*[（(](?:按|以|共|排名|名次|\d|[一二三四五六七八九十]+[人名])[^（）()]*[）)]"
)  # 委员（以姓氏笔画为序）
_NUMBERED = re.compile(
    r"^[\s　]*(?:[（(][\d一二三四五六七八九十]{1,3}[）)]|[①-⑳]|\d{1,3}[.．、](?!\d)|[一二三四五六七八九十]{1,3}、)"
    r"[\s　]*"
)
_COUNT = re.compile(r"(?:共|计)?[\d一二三四五六七八九十百]+[人名]")
_NEXT_POST = re.compile(rf"(?<=[；;\s　）)])(?={POST}[\s　]*[：:])|(?<=[）)])(?={POST}[\s　]+[\u4e00-\u9fff])")
_DASH = r"(?:—{1,2}|－{1,2}|-{1,2}|–|~|～|─{1,2}|至)"
_CN = "〇○零元一二三四五六七八九十廿卅"
_DATE = (
    r"(?:\d{4}[.．/年]\d{1,2}(?:[.．/月]\d{1,2})?[月日]?[初底末]?|\d{4}年?[初底末春夏秋冬]?|\d{1,2}[.．]\d{1,2}"
    rf"|(?:民国|公元)?[{_CN}]{{1,4}}年(?:[{_CN}正腊]{{1,3}}月)?)"
)
_MOMENT = rf"(?:[自从]?{_DATE}|[？?])(?:{TAKEN}|{LEFT})?"
_SPAN = rf"(?:{_MOMENT}(?:{_DASH}(?:{_MOMENT}|\d{{1,2}}月?|至?今|现在)?)?|{_DASH}{_MOMENT})"
SPANS = rf"(?:{_SPAN}(?:[，,、；;和][\s　]*{_SPAN})*)"
"""One or several terms of office in a row, as a pattern."""
_BARE_TERM = re.compile(rf"(?:[\s　]+|(?<=[）)]))(?P<term>{SPANS})(?=$|[\s　、，,；;（(])")
_LABEL = re.compile(rf"(?:任期|任职时间|任职年月|任职|在任时间|时间)[：:][\s　]*(?={_SPAN})")
_COLON_TERM = re.compile(rf"(?<=[\u4e00-\u9fff])[：:][\s　]*(?={SPANS}[。；]?$)")
_AROUND_DASH = re.compile(rf"(?<=[\d月日年今？?])[\s　]*({_DASH})[\s　]*(?=[\d？?今现]|$|[）)])")
_SEX_OR_NATION = rf"(?:[男女]|{NATIONALITY}族)"
_BEFORE = re.compile(rf"^[\s　]*(?P<about>{_SEX_OR_NATION})(?:[\s　]+|(?<=族))(?=\S)")
_BEHIND = re.compile(
    rf"(?<=[\u4e00-\u9fff])[\s　]+(?P<about>{_SEX_OR_NATION}|兼|代理|专职|不?驻会)(?=$|[\s　，,；;、（(])"
)
_SEPARATOR = re.compile(r"([、；;]|[\s　]{2,})(?![^（(]*[）)])")
_COMMA = re.compile(r"[\s　]*[，,][\s　]*(?![^（(]*[）)])")
_NATIVE = re.compile(r"[\u4e00-\u9fff]{2,6}人")
_IN_SENTENCES = re.compile(r"(?P<name>[^，,（(]{2,12}?)[\s　]*[，,](?P<rest>[^。！？]*)")
_TERM_AND_POST = re.compile(r"(?P<term>.*?\d.*?[年月日\d])(?:起)?(?:任|担任|为)(?P<post>[\u4e00-\u9fff]{2,16})")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person of a line with the term of office that stood in the brackets; `post` where that names one of its own."""

    person: str
    sex: str
    ethnicity: str
    remark: str
    term: TermOfOffice
    written: str
    doubts: tuple[str, ...]
    post: str = ""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A part of a line: the post that runs from here on and its people. `understood`: no one may have been missed."""

    post: str
    people: Sequence[ListedPerson] = field(default_factory=tuple)
    understood: bool = True


def listed(text: str, post: str, fallback: str = "") -> Iterator[PostLine]:
    """The posts of a line, each with its people, under the post that runs; nobody where it is prose.

    A person whose line gives a term of office is listed under `fallback` where no post runs.
    """
    if len(text) > _LONGEST:
        yield PostLine(post, understood=False)
        return
    for part in _NEXT_POST.split(_AROUND_DASH.sub(r"\1", text)):
        for found in _parts(_NUMBERED.sub("", part.strip()).rstrip("。；;"), post, fallback):
            yield found
            post = found.post


def _parts(text: str, post: str, fallback: str) -> Iterator[PostLine]:
    """A part of a line with one post at its beginning; where others stand between the names, one for each."""
    found = _one(text, post, fallback)
    here: list[ListedPerson] = []
    running = found.post
    for at, person in enumerate(found.people):
        if is_post(person.person) and not person.written and at + 1 < len(found.people):
            if here:
                yield PostLine(running, here)
            running, here = person.person, []
        else:
            here.append(person)
    yield PostLine(running, here, found.understood)


def _one(text: str, post: str, fallback: str) -> PostLine:
    text = _bracketed(text)
    head, rest = _headed(text)
    if head and (not rest or _COUNT.fullmatch(rest)):
        return PostLine(head)
    if head:
        people = _people(rest)
        if any(plausible(one.person) or not one.person or one.written for one in people):
            known = () if is_post(head) else ("职务不认得，请核对",)
            return PostLine(head, [replace(one, doubts=(*one.doubts, *known)) for one in people])
        return PostLine(post, understood=False)
    people = _people(text)
    named = [one for one in people if plausible(one.person)]
    dated = any(one.written for one in named)
    surnames = bool(named) and all(one.person[0] in SURNAMES for one in named) and len(named) == len(people)
    certain = len(people) > 1 or dated or len(text) <= _SHORT or "（" in text
    if not named or not certain or is_post(people[0].person) or not (post or dated or (surnames and len(text) < 40)):
        return PostLine(post, understood=False)
    if not dated and len(named) < len(people):
        return PostLine(post, understood=False)
    return PostLine(post, people if post else [replace(one, post=one.post or fallback) for one in people])


def _headed(text: str) -> tuple[str, str]:
    """The post a line begins with, padding closed up, and what follows it: 主　席：张三, 书　记　张三. Empty: none."""
    colon = re.search(r"[：:]", text)
    if colon:
        head = bare_count(re.sub(r"[\s　]", "", _NOTE.sub("", text[: colon.start()])))
        rest = text[colon.end() :].strip()
        return (head, rest) if is_post(head) or may_be_post(head) else ("", text)
    for known in (is_post, may_be_post):
        for gap in re.finditer(r"[\s　]+|(?=[（(])", text):
            head = bare_count(re.sub(r"[\s　]", "", text[: gap.start()]))
            if len(head) > _LONGEST_POST:
                break
            if known(head):
                note = _NOTE.match(text, gap.end())
                return head, text[note.end() if note else gap.end() :].strip()
    return "", text


def _bracketed(text: str) -> str:
    """王五　1956.6—1957.8 as 王五（1956.6—1957.8）; 王五，女，1956.6—1957.8 as 王五（女，1956.6—1957.8）."""
    text = _LABEL.sub("", text)
    text = _BARE_TERM.sub(r"（\g<term>）", _COLON_TERM.sub("　", text))
    told = _IN_SENTENCES.fullmatch(text)
    pieces = re.split(r"[，,]", told["rest"]) if told else []
    if told and any(is_term(piece.strip()) or _TERM_AND_POST.fullmatch(piece.strip()) for piece in pieces):
        brackets = told["rest"].translate(str.maketrans("（）()", "，，，，"))
        return f"{told['name']}（{brackets}）"
    return text


def _people(text: str) -> list[ListedPerson]:
    """The people of a list, each once for every term of office; nobody where there is prose outside brackets."""
    text = _commas_as_marks(text)
    if _PROSE.search(_OUTSIDE.sub("", text)):
        return []
    named: list[ListedName] = []
    for piece in _list_pieces(_BEHIND.sub(r"（\g<about>）", text)):
        before: list[str] = []
        while ahead := _BEFORE.match(piece):
            before.append(ahead["about"])
            piece = piece[ahead.end() :]
        whole = names(piece)
        if before and whole:
            sex, ethnicity, _ = about(before)
            whole[0] = replace(whole[0], sex=whole[0].sex or sex, ethnicity=whole[0].ethnicity or ethnicity)
        named += [one for one in whole if one.person or one.doubts]
    return [person for name in _with_remarks(named) for person in persons(name)]


def _commas_as_marks(text: str) -> str:
    """张三（1956.6—1957.8），李四（1957.8任） with 、 for the commas, where nothing but names stands between them."""
    pieces = _COMMA.split(text)
    bare = [re.sub(r"[\s　]", "", _OUTSIDE.sub("", piece)) for piece in pieces]
    people = all(plausible(one) and one[0] in SURNAMES for piece in bare for one in piece.split("、"))
    return "、".join(pieces) if len(pieces) > 1 and people else text


def _list_pieces(text: str) -> list[str]:
    """The text parted at marks and wide gaps; a gap beside a single character pads a name (孙　　立)."""
    found: list[str] = []
    gap = ""
    for part in _SEPARATOR.split(text):
        if _SEPARATOR.fullmatch(part):
            gap = part
        elif part.strip() and gap.isspace() and found and _is_half(found[-1], part):
            found[-1] += f"　{part.strip()}"
            gap = ""
        elif part.strip():
            found.append(part.strip())
            gap = ""
    return found


def _is_half(before: str, piece: str) -> bool:
    """Whether the last character of a list and the piece behind it are the halves of one padded name."""
    half = before.split("　")
    odd = len(half[-1]) == 1 and sum(len(one) == 1 for one in half) % 2 == 1
    return odd and len(re.sub(r"[（(].*", "", piece).strip()) == 1


def _with_remarks(named: Sequence[ListedName]) -> list[ListedName]:
    """The names, what says something of the one before (山西人, 兼县长) among its remarks."""
    found: list[ListedName] = []
    for at, one in enumerate(named):
        last = at + 1 == len(named) or bool(one.remark)
        aside = _NATIVE.fullmatch(one.person) or one.person.startswith("兼") or (is_post(one.person) and last)
        if found and aside:
            remark = "，".join(filter(None, (found[-1].remark, one.person, one.remark)))
            found[-1] = replace(found[-1], remark=remark)
        else:
            found.append(one)
    return found


def persons(found: ListedName) -> list[ListedPerson]:
    """A name with its remarks, of which those that are terms of office give a record each."""
    groups: list[tuple[str, str]] = []  # (post, term) in the order of the list
    rest: list[str] = []
    post = ""
    for piece in found.remark.split("，") if found.remark else []:
        told = _TERM_AND_POST.fullmatch(piece)
        if told and is_post(told["post"]) and is_term(told["term"]):
            groups.append((told["post"], told["term"]))
        elif (is_term(piece) or (not groups and is_span(piece))) and not (
            groups and _is_end(piece) and _is_ended(groups[-1][1])
        ):
            joined = f"{groups[-1][1]}，{piece}" if groups and not post else ""
            if joined and (both := term(joined)).understood and both.until is not None:
                groups[-1] = (groups[-1][0], joined)  # 1995年12月任，1997年5月调离
            else:
                groups.append((post, piece))
                post = ""
        elif is_post(piece) and not post:
            post = piece
        else:
            rest.append(piece)
    if post:
        rest.append(post)
    sex, ethnicity, remark = about(rest)
    records = []
    for own, written in groups or [("", "")]:
        told_term = term(written)
        doubts = found.doubts if told_term.understood else (*found.doubts, f"任期“{written}”看不懂")
        words = "，".join(filter(None, (remark, told_term.remark)))
        records.append(
            ListedPerson(
                found.person, found.sex or sex, found.ethnicity or ethnicity, words, told_term, written, doubts, own
            )
        )
    return records


def _is_end(written: str) -> bool:
    """Whether a term says only when the office was left: 1957.9免."""
    found = term(written)
    return found.since is None and found.until is not None


def _is_ended(written: str) -> bool:
    return term(written).until is not None
