"""A manuscript cut into articles. Every block of the manuscript ends up in exactly one of them."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archive.records import Block, Collection, Genre, Issue, Kind, Layout, Manuscript, Person, Role
from ingest import chronicle, roster
from ingest.byline import parse_byline
from ingest.dating import lone_date
from ingest.drafts import LONGEST_TITLE, Piece, Split, finish, front, is_matter, made_title, title_of
from ingest.outline import Heading, article_level, heading_level, headings, is_byline, layout_at


class Mode(enum.StrEnum):
    """How a file is to be read (`--as`)."""

    AUTO = "auto"
    ARTICLE = "article"
    VOLUME = "volume"
    CHRONICLE = "chronicle"
    ROSTER = "roster"
    RECORDS = "records"


_UNFINISHED = re.compile(r"[、，：的与和及之—]$|《[^》]*$|“[^”]*$|（[^）]*$")
_VOLUME = 30_000  # characters; longer manuscripts are rarely one article
_SUBTITLE = re.compile(r"[\s　]*(?:——|—|──|--|－－)")
_LONGEST_SUBTITLE = 60
_LINES = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.HEADING)
_BETWEEN = (Kind.NOTE, Kind.COMMENT, Kind.FIGURE, Kind.CAPTION)  # may stand between a title and its byline
_MOST_BYLINES = 3
_CLOSING = 4  # so many blocks at the end may hold the author or the date
_CLOSING_AUTHOR = re.compile(r"[\s　]*[（(][\s　]*(.*?)[\s　]*[）)][\s　]*")
_ABOUT_AUTHOR = re.compile(r"(?:本文)?作者(?:系|为|是|单位|简介)")


def split(manuscript: Manuscript, collection: Collection, mode: Mode = Mode.AUTO) -> Split:
    """Cuts `manuscript` into drafts for `collection` as `mode` says; AUTO follows the heading styles."""
    if not manuscript.blocks:
        return Split(())
    if mode is Mode.CHRONICLE:
        pieces, issues = chronicle.cut(manuscript)
    elif mode is Mode.ROSTER:
        pieces, issues = roster.cut(manuscript)
    else:
        pieces, issues = _cut(manuscript, mode)
    return Split(finish(_with_margins(pieces), collection, manuscript), tuple(issues))


def _with_margins(pieces: list[Piece]) -> list[Piece]:
    """Running heads and feet come last in a manuscript; they belong to the volume, so to its first piece."""
    last = pieces[-1].blocks
    margins = [block for block in last if block.kind in (Kind.HEADER, Kind.FOOTER)]
    if margins and len(pieces) > 1:
        pieces[-1].blocks = [block for block in last if block.kind not in (Kind.HEADER, Kind.FOOTER)]
        pieces[0].blocks += margins
    return pieces


def _cut(manuscript: Manuscript, mode: Mode) -> tuple[list[Piece], list[Issue]]:
    blocks, layouts = manuscript.blocks, manuscript.layouts
    found = headings(blocks, layouts)
    if mode is Mode.ARTICLE or not found:
        pieces, issues = _whole(manuscript, found)
        return pieces, issues + ([] if mode is Mode.ARTICLE else _unsplit(manuscript))
    level = article_level(found, volume=mode is Mode.VOLUME)
    starts = [heading for heading in _merged(found, blocks) if heading.level <= level]
    pieces, issues = [], []
    if starts[0].index > 0:
        pieces.append(front(blocks[: starts[0].index], manuscript.name))
    path: dict[int, str] = {}  # the headings above, by level
    for heading, following in zip(starts, [*starts[1:], None], strict=True):
        path = {other: text for other, text in path.items() if other < heading.level}
        section = " · ".join(text for other, text in sorted(path.items()) if other > 0)
        title, first = _title(blocks, heading.index)
        end = following.index if following else len(blocks)
        body = blocks[first:end]
        if heading.level == level or _alone(heading, following, level):
            piece = _article(title, body, layouts[first:end], section)
            if not body:
                issues.append(
                    Issue("empty-article", f"第 {heading.index + 1} 块", f"“{title.text}”下面没有正文，请核对")
                )
        else:
            path[heading.level] = title.text
            piece = Piece(title, list(body), Genre.MATTER, "" if heading.level == 0 else title.text)
        pieces.append(piece)
    return pieces, issues


def _alone(heading: Heading, following: Heading | None, level: int) -> bool:
    """Whether a heading above the article level is an article itself: 前言, 后记 beside the 栏目."""
    return heading.text_beneath and (following is None or following.level <= heading.level) and heading.level < level


def _merged(found: Sequence[Heading], blocks: Sequence[Block]) -> list[Heading]:
    """Headings without those that continue the one directly before, as a title set in two paragraphs does."""
    kept: list[Heading] = []
    for heading in found:
        before = kept[-1] if kept else None
        adjoins = before is not None and before.level == heading.level and before.index == heading.index - 1
        if adjoins and before is not None and _continues(blocks[before.index].text, blocks[heading.index].text):
            continue
        kept.append(heading)
    return kept


def _continues(title: str, line: str) -> bool:
    return bool(_UNFINISHED.search(title.strip())) or bool(_SUBTITLE.match(line))


def _title(blocks: Sequence[Block], index: int) -> tuple[Block, int]:
    """The title block at `index`, and the index of the first block after it."""
    block = blocks[index]
    title, following = title_of(block), index + 1
    while following < len(blocks):
        line = blocks[following]
        same = line.kind is block.kind and line.level == block.level
        if not same or _SUBTITLE.match(line.text) or not _continues(title.text, line.text):
            break
        title = replace(title, runs=title.runs + title_of(line).runs)
        following += 1
    return title, following


def _whole(manuscript: Manuscript, found: Sequence[Heading]) -> tuple[list[Piece], list[Issue]]:
    """The manuscript as one article: titled by its heading, its first line, its properties or its name."""
    blocks, layouts, place = manuscript.blocks, manuscript.layouts, manuscript.name
    if found and found[0].index == 0:
        title, first = _title(blocks, 0)
        return [_article(title, blocks[first:], layouts[first:], "")], []
    line = blocks[0].text
    if blocks[0].kind is Kind.PARAGRAPH and len(line) <= LONGEST_TITLE and not re.search(r"[。；，,;]$", line):
        message = f"没有标题样式，把第一行“{line}”当作题名，请核对"
        return [_article(title_of(blocks[0]), blocks[1:], layouts[1:], "")], [Issue("title-guess", place, message)]
    stated = manuscript.properties.get("title", "")
    title = made_title(stated or Path(manuscript.name).stem)
    message = f"没有标题样式，第一行也不像题名，暂以{'文件属性' if stated else '文件名'}“{title.text}”为题名，请核对"
    return [_article(title, blocks, layouts, "")], [Issue("title-guess", place, message)]


def _unsplit(manuscript: Manuscript) -> list[Issue]:
    """A volume without heading styles goes in as one article; its editor should know why."""
    characters = sum(len(block.text) for block in manuscript.blocks)
    if characters < _VOLUME:
        return []
    message = f"全稿 {characters} 字没有标题样式，作一篇收入；若是多篇合集，请给各篇题名加上“标题 1”样式后重新导入"
    return [Issue("unsplit", manuscript.name, message)]


def _article(title: Block, body: Sequence[Block], layouts: Sequence[Layout], section: str) -> Piece:
    """An article with the subtitle, bylines and dates that its body shows."""
    genre = Genre.MATTER if is_matter(title.text) else Genre.ARTICLE
    piece = Piece(title, list(body), genre, section)
    _read_opening(piece, layouts)
    _read_closing(piece)
    return piece


def _read_opening(piece: Piece, layouts: Sequence[Layout]) -> None:
    """Subtitle, then bylines, then a date: each keeps its text as a block of its kind."""
    bylines = 0
    for index, block in enumerate(piece.blocks):
        if block.kind in _BETWEEN:
            continue
        text = block.text
        if block.kind is Kind.SUBTITLE and not bylines:
            continue
        if not bylines and block.kind in _LINES and _SUBTITLE.match(text) and len(text) <= _LONGEST_SUBTITLE:
            piece.blocks[index] = replace(block, kind=Kind.SUBTITLE, level=0)
        elif heading_level(block) is None and is_byline(block, layout_at(layouts, index)) and bylines < _MOST_BYLINES:
            bylines += 1
            piece.people += parse_byline(text, loose=layout_at(layouts, index).centred)
            piece.blocks[index] = replace(block, kind=Kind.BYLINE, level=0)
        elif block.kind is Kind.PARAGRAPH and piece.date is None and (date := lone_date(text)):
            piece.date = date
            piece.blocks[index] = replace(block, kind=Kind.BYLINE)
        else:
            break


def _read_closing(piece: Piece) -> None:
    """The lines at the end: （作者：张三）, （一九八五年三月）. The last paragraphs stay paragraphs."""
    closing = [block for block in piece.blocks if block.kind is Kind.PARAGRAPH][-_CLOSING:]
    for block in reversed(closing):
        text = block.text
        if piece.date is None and (date := lone_date(text)):
            piece.date = date
            continue
        bracketed = _CLOSING_AUTHOR.fullmatch(text)
        if piece.people or bracketed is None or _ABOUT_AUTHOR.match(bracketed[1]):
            continue
        piece.people = _signed(bracketed[1])


def _signed(text: str) -> tuple[Person, ...]:
    """The people of a closing bracket. A bare name counts; other words need a role to be believed."""
    people = parse_byline(text)
    certain = any(person.role is not Role.AUTHOR for person in people) or re.match(r"作\s*者|供稿|执笔|撰", text)
    return people if certain or len(people) == 1 else ()
