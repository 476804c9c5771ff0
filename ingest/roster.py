"""组织史: one article for each body or term of a body, its office-holders in tables or lines below a heading."""

from __future__ import annotations

import re
from pathlib import Path

from archive.records import Block, Genre, Issue, Kind, Manuscript, Period, Run, Style
from ingest.dating import period
from ingest.drafts import Piece, made_title, title_of
from ingest.outline import Heading, headings

_TERM = re.compile(r"[（(][\s　]*([^（）()]*\d{4}[^（）()]*|[^（）()]*[年月][^（）()]*)[）)]")


def cut(manuscript: Manuscript) -> tuple[list[Piece], list[Issue]]:
    """One piece for each heading with content directly beneath; headings without become its section.

    The title is the heading, with the body's name before it where the heading alone is only 第三届. Bare headings stand
    as the first blocks of the piece that follows.
    """
    blocks = manuscript.blocks
    found = headings(blocks, manuscript.layouts)
    if not found:
        title = made_title(Path(manuscript.name).stem)
        message = "没有标题样式，分不出各届各机构，暂作一篇；请给机构名和届次加上标题样式"
        return [Piece(title, list(blocks), Genre.TERM)], [Issue("no-terms", manuscript.name, message)]
    pieces: list[Piece] = []
    if found[0].index > 0:
        title = made_title(f"{Path(manuscript.name).stem}（卷首）")
        pieces.append(Piece(title, list(blocks[: found[0].index]), Genre.MATTER))
    above: dict[int, str] = {}
    waiting: list[Block] = []
    for heading, following in zip(found, [*found[1:], None], strict=True):
        above = {level: text for level, text in above.items() if level < heading.level}
        block = blocks[heading.index]
        end = following.index if following else len(blocks)
        body = blocks[heading.index + 1 : end]
        if heading.level > 0 and _bare(heading, following):
            waiting += (block, *body)
        else:
            pieces.append(_piece(heading, block, [*waiting, *body], above))
            waiting = []
        above[heading.level] = block.text.strip()
    if waiting:  # the manuscript ends in bare headings
        pieces.append(Piece(title_of(waiting[0]), waiting[1:], Genre.TERM))
    return pieces, []


def _bare(heading: Heading, following: Heading | None) -> bool:
    return not heading.text_beneath and following is not None and following.level > heading.level


def _piece(heading: Heading, block: Block, body: list[Block], above: dict[int, str]) -> Piece:
    text = block.text.strip()
    parents = [above[level] for level in sorted(above) if level > 0]
    title = title_of(block)
    if parents and not _names_body(text):
        title = Block(Kind.TITLE, (Run(f"{parents[-1]}　", Style.GENERATED), *title.runs))
    genre = Genre.MATTER if heading.level == 0 else Genre.TERM
    return Piece(title, body, genre, " · ".join(parents), date=_term(text))


def _names_body(text: str) -> bool:
    return re.search(r"委员会|政府|政协|人大|代表大会|法院|检察院|部队|武装部|[局办院校会]$", text) is not None


def _term(text: str) -> Period | None:
    """The term in brackets behind a body's name: （1956年5月—1961年3月）."""
    match = _TERM.search(text)
    return period(match[1]) if match else None
