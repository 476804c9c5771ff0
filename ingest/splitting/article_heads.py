"""A stretch of the manuscript made into an article: its title taken out, subtitle, bylines and dates recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.model.records import Block, Genre, Kind, Layout, Person, Role, Run
from ingest.splitting.drafts import LETTERHEAD, ArticleDraft, title_of
from ingest.splitting.line_wording import LINES, squeezed
from ingest.splitting.outline import heading_level, is_byline
from ingest.text.block_lines import lines_of
from ingest.text.byline import SUBTITLE, is_body, is_person, parse_byline
from ingest.text.characters import made_title
from ingest.text.own_date import lone_date

Placed = tuple[Block, Layout]
"""A block and how it was set."""

_LONGEST_SUBTITLE = 60
_SUBTITLE_KINDS = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.HEADING)
_BETWEEN = (Kind.NOTE, Kind.COMMENT, Kind.FIGURE, Kind.CAPTION)  # may stand between a title and its byline
_MOST_BYLINES = 3
_BOLD = 0.5
_USUAL_NAME = 3  # characters
_CLOSING = 4  # so many paragraphs at the end may hold the author or the date
_BRACKETED = re.compile(r"[\s　]*[（(][\s　]*(.*?)[\s　]*[）)][\s　]*")
_PREFIXED = re.compile(r"[\s　]*((?:作[\s　]*者|执笔|供稿|撰稿|整理|口述|讲述)(?:者|人)?[\s　]*[:：].*)")
_ABOUT_AUTHOR = re.compile(r"(?:本文)?作者(?:系|为|是|单位|简介)")
# 作者张三，系县政协委员; 作者张三系…
_AUTHOR_AND_POST = re.compile(
    r"(?:本文)?作[\s　]*者[\s　]*[:：]?[\s　]*([^\s　，,（(]{2,4}?)[\s　]*[，,（(]?(?:系|现任?|曾任?|原|为|是|时任)"
)


@dataclass(frozen=True, slots=True)
class Signed:
    """The people a text names as its makers, how sure that is (0 to 1), and where it says so."""

    people: tuple[Person, ...] = ()
    sure: float = 0.8
    clue: str = "没有署名"


def take_title(placed: Sequence[Placed], wanted: str) -> tuple[Block, list[Placed]]:
    """The title block for `wanted` and what remains below it.

    The first lines of `placed` become the title where together they are its words; else the title is made, and marked
    as not standing in the source, while every line stays below it.
    A heading right above them (引题) becomes a subtitle; other lines above them (a letterhead) follow the title.
    """
    for above in range(min(LETTERHEAD + 1, len(placed))):
        if found := _taken(placed[above:], wanted):
            title, below = found
            return title, [*((_set_above(block), layout) for block, layout in placed[:above]), *below]
        if placed[above][0].kind not in (Kind.HEADING, Kind.PARAGRAPH):
            break
    return made_title(wanted), [(_below_title(block), layout) for block, layout in placed]


def _set_above(block: Block) -> Block:
    return replace(block, kind=Kind.SUBTITLE, level=0) if block.kind is Kind.HEADING else block


def _taken(placed: Sequence[Placed], wanted: str) -> tuple[Block, list[Placed]] | None:
    """The title whose words are the first lines, and what remains below; None where they are not."""
    goal = squeezed(wanted)
    got = ""
    title: Block | None = None
    for at, (block, layout) in enumerate(placed):
        if block.kind not in LINES or not goal:
            break
        lines = lines_of(block)
        for number, line in enumerate(lines, 1):
            got += squeezed("".join(run.text for run in line))
            if got == goal:
                head = title_of(replace(block, runs=_joined(lines[:number])))
                title = head if title is None else replace(title, runs=title.runs + head.runs)
                below = [
                    (Block(Kind.PARAGRAPH, rest), replace(layout, centred=False)) for rest in lines[number:] if rest
                ]
                return title, [*below, *placed[at + 1 :]]
        if not got or not goal.startswith(got):
            break
        whole = title_of(block)
        title = whole if title is None else replace(title, runs=title.runs + whole.runs)
    return None


def _below_title(block: Block) -> Block:
    """A title of the source that another title was given for is a heading of the text."""
    return replace(block, kind=Kind.HEADING, level=1) if block.kind is Kind.TITLE else block


def _joined(lines: Sequence[tuple[Run, ...]]) -> tuple[Run, ...]:
    runs = list(lines[0])
    for line in lines[1:]:
        runs += [replace(line[0], text=f" {line[0].text}"), *line[1:]] if line else []
    return tuple(runs)


def article_piece(title: str, placed: Sequence[Placed], genre: Genre, section: str) -> tuple[ArticleDraft, Signed]:
    """The piece with the subtitle, bylines and dates that its lines show, and who signs for it."""
    head, below = take_title(placed, title)
    piece = ArticleDraft(head, [block for block, _ in below], genre, section)
    opening = _read_opening(piece, [layout for _, layout in below])
    closing = _read_closing(piece)
    signed = opening if opening.people else closing
    piece.people = signed.people
    return piece, signed


def _read_opening(piece: ArticleDraft, layouts: Sequence[Layout]) -> Signed:
    """Subtitle, then bylines, then a date: each keeps its text as a block of its kind."""
    bylines = 0
    people: tuple[Person, ...] = ()
    sure = 1.0
    for index, block in enumerate(piece.blocks):
        if block.kind in _BETWEEN or (block.kind is Kind.SUBTITLE and not bylines):
            continue
        text, layout = block.text, layouts[index]
        if not bylines and block.kind in _SUBTITLE_KINDS and SUBTITLE.match(text) and len(text) <= _LONGEST_SUBTITLE:
            piece.blocks[index] = replace(block, kind=Kind.SUBTITLE, level=0)
        elif bylines < _MOST_BYLINES and (found := _byline(block, layout, further=bylines > 0)).people:
            bylines += 1
            people += found.people
            sure = min(sure, found.sure)
            piece.blocks[index] = replace(block, kind=Kind.BYLINE, level=0)
        elif block.kind is Kind.PARAGRAPH and piece.date is None and (date := lone_date(text)):
            piece.date = date
            piece.blocks[index] = replace(block, kind=Kind.BYLINE)
        else:
            break
    return Signed(people, sure, "题下署名" if sure > 0.9 else "题下居中一行像是署名") if people else Signed()


def _byline(block: Block, layout: Layout, *, further: bool) -> Signed:
    """Who a line below the title names. Names without a known surname need the lay-out, and are taken only once."""
    if heading_level(block) is not None or not is_byline(block, layout):
        return Signed()
    people = parse_byline(block.text)
    if people:
        return Signed(people, 0.98)
    if further or layout.bold > _BOLD:
        return Signed()
    people = parse_byline(block.text, loose=layout.centred)
    long_names = any(len(person.name) > _USUAL_NAME and not _known(person.name) for person in people)
    return Signed(people, 0.7 if long_names else 0.85)


def _known(name: str) -> bool:
    return is_person(name) or is_body(name, loose=True)


def _read_closing(piece: ArticleDraft) -> Signed:
    """The lines at the end: （作者：张三）, （一九八五年三月）. The last paragraphs stay paragraphs."""
    closing = [block for block in piece.blocks if block.kind is Kind.PARAGRAPH][-_CLOSING:]
    signed = Signed()
    for block in reversed(closing):
        if piece.date is None and (date := lone_date(block.text)):
            piece.date = date
        elif not signed.people and (people := _closing_people(block.text)):
            signed = Signed(people, 0.95, "文末署名")
    return signed


def _closing_people(text: str) -> tuple[Person, ...]:
    """The people a closing line names; a bare bracketed name counts, other words need a role to be believed."""
    bracketed = _BRACKETED.fullmatch(text)
    inner = bracketed[1] if bracketed else text
    named = _AUTHOR_AND_POST.match(inner)
    if named and is_person(named[1]):
        return (Person(named[1]),)
    if _ABOUT_AUTHOR.match(inner):
        return ()
    if bracketed is None:
        prefixed = _PREFIXED.fullmatch(text)
        return parse_byline(prefixed[1]) if prefixed else ()
    people = parse_byline(inner)
    certain = any(person.role is not Role.AUTHOR for person in people) or re.match(r"作\s*者|供稿|执笔|撰", inner)
    return people if certain or len(people) == 1 else ()
