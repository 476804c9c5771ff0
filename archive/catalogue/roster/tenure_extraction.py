"""From the blocks of an article to its office-holders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.catalogue.roster.appointments import DOUBT, Appointment, appointments, tells_appointment
from archive.catalogue.roster.continued_lines import continued
from archive.catalogue.roster.posts import bare, body_of, is_list_title, is_post, term_of
from archive.catalogue.roster.roster_lines import listed
from archive.catalogue.roster.roster_table import read_table
from archive.catalogue.roster.tenure import Tenure
from archive.catalogue.roster.terms import is_term
from archive.catalogue.surnames import SURNAMES
from archive.dates.reader_in_use import reader_in_use, reading_dates_by
from archive.model.records import Article, Block, Genre, Kind, Style

if TYPE_CHECKING:
    from archive.dates.reader import DateReader

_LINES = (Kind.PARAGRAPH, Kind.LIST_ITEM)


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line of an article of office-holders that gave no record: somebody may stand in it. `block` is its index."""

    article: str
    block: int
    text: str

    @property
    def is_sentence(self) -> bool:
        """Whether the line is a sentence rather than a list of people."""
        outside = _BRACKETS.sub("", self.text.rstrip("。；"))
        return _SENTENCES.search(outside) is not None or len(self.text) > _LONG

    @property
    def may_name_holder(self) -> bool:
        """Whether somebody may stand in it: a line of a list, or a sentence that tells an appointment."""
        return not self.is_sentence or tells_appointment(self.text)


def tenures(article: Article, reader: DateReader | None = None) -> tuple[Tenure, ...]:
    """The office-holders an article of the genre TERM lists, in its order; an article of another genre has none.

    Terms of office are read by `reader`, that of the article's library; without one by what is in use.

    Tables with a column of names are read, and lines such as 主席：张三 or 张三（1956.6—1959.3） under their post.
    Sentences are read where they tell an appointment plainly, unless a list of the article has the person in that post
    too. A row that cannot be quite right is given all the same, with its doubts.
    """
    found = [one for one in _kept_records(article, reader) if isinstance(one, Tenure)]
    listed: dict[str, list[str]] = {}
    for one in found:
        if DOUBT not in one.doubts:
            listed.setdefault(one.person, []).append(one.post)
    return tuple(
        one
        for one in found
        if DOUBT not in one.doubts or not any(one.post.endswith(post) for post in listed.get(one.person, []))
    )


def unread(article: Article, reader: DateReader | None = None) -> tuple[UnreadLine, ...]:
    """The lines and rows of such an article that gave no record and name no post either, in its order."""
    return tuple(one for one in _kept_records(article, reader) if isinstance(one, UnreadLine))


class _Stored:
    """An article as it is stored, equal to the same version of itself, whose lists need be read once only."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._key = (article.id, article.version, article.digest, article.collection, article.section)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Stored) and self._key == other._key


def _kept_records(article: Article, reader: DateReader | None) -> tuple[Tenure | UnreadLine, ...]:
    """The records of an article, remembered for one that is stored."""
    if article.genre is not Genre.TERM:
        return ()
    with reading_dates_by((lambda: reader) if reader is not None else None):
        return _records_of(_Stored(article), reader_in_use()) if article.digest else tuple(_records(article))


@lru_cache(1024)
def _records_of(stored: _Stored, reader: DateReader) -> tuple[Tenure | UnreadLine, ...]:
    return tuple(_records(stored.article))


def _records(article: Article) -> Iterator[Tenure | UnreadLine]:
    base = Tenure(
        person="",
        post="",
        session=article.date,
        collection=article.collection,
        article=article.id,
        body=body_of(article.title, article.section),
        term=term_of(article.title),
    )
    blocks = article.blocks
    made = all(Style.GENERATED in run.style for run in blocks[0].runs) if blocks else False
    for found in _walk(blocks, _Where(base, fallback=bare(article.title), made=made)):
        if isinstance(found, Tenure):
            yield _checked(found)
        elif text := " ".join(" ".join(blocks[at].text.split()) for at in found if blocks[at].text.strip()):
            yield UnreadLine(article.id, found[0], text)


@dataclass(slots=True)
class _Where:
    """What follows from the headings above: the record to fill in, and the current post."""

    base: Tenure
    fallback: str  # the title, where nothing nearer names a post
    post: str = ""
    nearest: str = ""  # the last heading or caption
    whole: str = ""  # the body of the article, while a part of it is listed
    made: bool = False  # the title is the name of the file and names no body

    def heading(self, text: str) -> None:
        """A heading or a lone line: a post, a term of the body, or just a caption."""
        words = bare(text)
        if term := term_of(text):
            self.base = replace(self.base, term=term)
        self.post = words if is_post(words) else ""
        self.nearest = words

    def department(self, name: str) -> None:
        """A line that names a part of the body: 组织部, 办公室."""
        self.whole = self.whole or ("" if self.made else self.base.body)
        self.base = replace(self.base, body=name if name.startswith(self.whole) else f"{self.whole} {name}".strip())
        self.post = ""

    def named(self) -> str:
        """The post of a list that names none in its columns."""
        return self.post or (self.nearest if is_post(self.nearest) else "") or self.fallback or self.nearest

    def title_post(self) -> str:
        """The post of a person in a line where no post runs; empty where no title names one."""
        return next((words for words in (self.nearest, self.fallback) if is_post(words)), "")


Unread = tuple[int, ...]
"""The indexes of the blocks of a line or row that gave no record."""


def _walk(blocks: Sequence[Block], where: _Where) -> Iterator[Tenure | Unread]:
    index = 1
    while index < len(blocks):
        block = blocks[index]
        if block.cell is not None:
            stop = _table_end(blocks, index)
            yield from read_table(blocks[index:stop], index, where.base, where.named())
            index = stop
            continue
        if block.kind in (Kind.HEADING, Kind.CAPTION):
            where.heading(block.text.strip())
        elif block.kind in _LINES:
            stop = index + 1
            while stop < len(blocks) and blocks[stop].kind in _LINES:
                stop += 1
            lines = [(at, line) for at in range(index, stop) for line in blocks[at].text.split("\n")]
            for places, text in continued(lines):
                yield from _line(text, places, where)
            index = stop
            continue
        index += 1


def _is_department(words: str) -> bool:
    """Whether a line is the name of a part of the body; 王登科 is a person."""
    named = _DEPARTMENT.fullmatch(words) is not None
    return named and len(words) > 2 and not (len(words) == 3 and words[0] in SURNAMES)


def _table_end(blocks: Sequence[Block], start: int) -> int:
    table = blocks[start].cell
    assert table is not None
    stop = start
    while stop < len(blocks) and (cell := blocks[stop].cell) is not None and cell.table == table.table:
        stop += 1
    return stop


def _line(text: str, places: Unread, where: _Where) -> Iterator[Tenure | Unread]:
    """The people of a line in the blocks `places`, or the post it sets for the lines below."""
    if is_list_title(text) or _TERM_TITLE.fullmatch(text):
        where.heading(text)
        return
    if _ASIDE.fullmatch(text):
        return
    if _is_department(squeezed := re.sub(r"[\s　]", "", text)):
        where.department(squeezed)
        return
    words = re.sub(r"[（(][^（）()]*[）)]|[：:\s　]", "", text)
    if is_post(words) and not _PROSE.search(text) and not _is_somebody(text):
        where.post = bare(words) if is_post(bare(words)) else words
        return
    told = list(appointments(text)) if _SENTENCES.search(_BRACKETS.sub("", text.rstrip("。；"))) else []
    if any(told):
        for one in told:
            yield _appointed(one, places, where.base) if one else places
        return
    for part in listed(text, where.post, where.title_post()):
        where.post = part.post
        if not part.understood:
            yield places
        for person in part.people:
            yield replace(
                where.base,
                person=person.person,
                post=person.post or part.post,
                since=person.term.since,
                until=person.term.until,
                written=person.written,
                sex=person.sex,
                ethnicity=person.ethnicity,
                remark=person.remark,
                block=places[0],
                doubts=person.doubts,
            )


def _appointed(one: Appointment, places: Unread, base: Tenure) -> Tenure:
    return replace(
        base,
        person=one.person,
        post=one.post,
        since=one.since,
        until=one.until,
        written=one.written,
        block=places[0],
        doubts=(DOUBT,),
    )


def _is_somebody(text: str) -> bool:
    """纪委书记　董　事（1995.12任）: a name that reads like a post, told by its surname and its term of office."""
    if not any(is_term(part.strip()) for inside in _BRACKETS.findall(text) for part in re.split("[，,]", inside[1:-1])):
        return False
    pieces = _BRACKETS.sub("", text).split()
    return any(
        is_post("".join(pieces[:at])) and pieces[at][0] in SURNAMES and len("".join(pieces[at:])) in (2, 3)
        for at in range(1, len(pieces))
    )


_PROSE = re.compile(r"[。；！？]")
_TERM_TITLE = re.compile(r"[^。；，：:]{0,24}第[\s　]*[\d一二三四五六七八九十百]+[\s　]*届[^。；，：:]{0,40}")
# Lines of a list that speak of nobody: the order of the names, their number.
_ASIDE = re.compile(
    r"[（(]?(?:[按以][^（）()。]*(?:序|顺序|排列|先后)[^（）()。]*|[^（）()。，]{0,4}?(?:共|计)[\d一二三四五六七八九十百]+[人名])[）)]?[。]?"
)
_DEPARTMENT = re.compile(
    r"[\u4e00-\u9fff]{1,14}(?:[部局院厅处科室社站所队]|委员会|办公室|政府|[党纪县市区团工]委|公司|[总协联]会|联合会|中心|法院|检察院|学校|中学)"
)
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_SENTENCES = re.compile(r"[。；！？，,]")
_LONG = 200  # characters


def _checked(found: Tenure) -> Tenure:
    """The record with the doubts that only show when all is together."""
    doubts = list(found.doubts)
    if not found.post:
        doubts.append("没有职务")
    start = found.since.start if found.since else None
    end = found.until.end if found.until else None
    if start is not None and end is not None and end < start:
        doubts.append("离任早于到任")
    session = found.session
    if session and session.start is not None and session.end is not None:
        early = start is not None and found.since is not None and (found.since.end or start) < session.start
        late = end is not None and found.until is not None and (found.until.start or end) > session.end
        if early or late:
            doubts.append("任期不在本届之内")
    told = tuple(dict.fromkeys(doubts))
    return found if told == found.doubts else replace(found, doubts=told)
