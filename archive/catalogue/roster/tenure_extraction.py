"""From the blocks of an article to its office-holders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.catalogue.roster.posts import bare, body_of, is_post, term_of
from archive.catalogue.roster.roster_lines import listed
from archive.catalogue.roster.roster_table import read_table
from archive.catalogue.roster.tenure import Tenure
from archive.model.records import Article, Block, Genre, Kind

_LINES = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.CAPTION, Kind.HEADING)


def tenures(article: Article) -> tuple[Tenure, ...]:
    """The office-holders an article of the genre TERM lists, in its order; an article of another genre has none.

    Tables with a column of names are read, and lines such as 主席：张三 or 张三（1956.6—1959.3） under their post.
    Prose is not read. A row that cannot be quite right is given all the same, with its doubts.
    """
    if article.genre is not Genre.TERM:
        return ()
    base = Tenure(
        person="",
        post="",
        session=article.date,
        collection=article.collection,
        article=article.id,
        body=body_of(article.title, article.section),
        term=term_of(article.title),
    )
    return tuple(_checked(found) for found in _walk(article.blocks, _Where(base, fallback=bare(article.title))))


@dataclass(slots=True)
class _Where:
    """What the headings above say: the record to fill in, and the post that runs."""

    base: Tenure
    fallback: str  # the title, where nothing nearer names a post
    post: str = ""
    nearest: str = ""  # the last heading or caption

    def heading(self, text: str) -> None:
        """A heading or a lone line: a post, a term of the body, or just a caption."""
        words = bare(text)
        if term := term_of(text):
            self.base = replace(self.base, term=term)
        self.post = words if is_post(words) else ""
        self.nearest = words

    def named(self) -> str:
        """The post of a list that names none in its columns."""
        return self.post or (self.nearest if is_post(self.nearest) else "") or self.fallback or self.nearest


def _walk(blocks: Sequence[Block], where: _Where) -> Iterator[Tenure]:
    index = 1
    while index < len(blocks):
        block = blocks[index]
        if block.cell is not None:
            stop = _table_end(blocks, index)
            yield from read_table(blocks[index:stop], index, where.base, where.named())
            index = stop
            continue
        if block.kind in _LINES:
            yield from _line(block, index, where)
        index += 1


def _table_end(blocks: Sequence[Block], start: int) -> int:
    table = blocks[start].cell
    assert table is not None
    stop = start
    while stop < len(blocks) and (cell := blocks[stop].cell) is not None and cell.table == table.table:
        stop += 1
    return stop


def _line(block: Block, index: int, where: _Where) -> Iterator[Tenure]:
    """The people of a line, or the post it sets for the lines below."""
    text = block.text.strip()
    if block.kind in (Kind.HEADING, Kind.CAPTION):
        where.heading(text)
        return
    words = re.sub(r"[（(][^（）()]*[）)]|[：:\s　]", "", text)
    if is_post(words) and not _PROSE.search(text):
        where.post = words
        return
    for post, people in listed(text, where.post):
        where.post = post
        for person in people:
            yield replace(
                where.base,
                person=person.person,
                post=post,
                since=person.term.since,
                until=person.term.until,
                written=person.written,
                sex=person.sex,
                ethnicity=person.ethnicity,
                remark=person.remark,
                block=index,
                doubts=person.doubts,
            )


_PROSE = re.compile(r"[。；！？]")


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
    return replace(found, doubts=tuple(dict.fromkeys(doubts)))
