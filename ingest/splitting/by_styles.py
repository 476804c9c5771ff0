"""Cuts along heading styles: the level that carries the articles, above it the 栏目."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.model.records import Block, Kind
from ingest.splitting.boundaries import Boundary, State
from ingest.splitting.contents_page import HEADING, Contents, Match
from ingest.splitting.drafts import LETTERHEAD, LONGEST_TITLE, is_matter
from ingest.splitting.line_wording import continues, own_title, title_lines
from ingest.splitting.outline import Heading, article_level
from ingest.text.byline import SUBTITLE

_BY_STYLE = 0.98
_AUTHORS = 0.8  # a doubtful byline is no reason to hold up a manuscript that its styles divide
_LONGEST_LINE = 30  # characters of a line of a letterhead
_EMPTY = 0.9  # a title without text is rarely one, but the style says so


def cut_by_styles(
    blocks: Sequence[Block], found: Sequence[Heading], contents: Contents, *, volume: bool
) -> list[Boundary]:
    """Cuts at the headings of the article level and above it; `found` is not empty."""
    level = article_level(found, volume=volume)
    merged = _merged(found, blocks)
    starts = [_with_kicker(heading, merged, level) for heading in merged if heading.level <= level]
    cuts = [front_cut(blocks)] if starts[0].index > 0 else []
    path: dict[int, str] = {}  # the headings above, by level
    for heading, following in zip(starts, [*starts[1:], None], strict=True):
        path = {other: text for other, text in path.items() if other < heading.level}
        section = " · ".join(text for other, text in sorted(path.items()) if other > 0)
        title, below = _title(blocks, heading.title)
        if heading.level == level or _alone(heading, following, level):
            state = State.MATTER if is_matter(title) else State.TAKE
            empty = below >= (following.index if following else len(blocks))
        elif HEADING.fullmatch(title.strip()):  # larger than the titles, and no section of them
            state, section, empty = State.MATTER, "", False
        else:
            path[heading.level] = title
            state = State.SECTION if heading.level > 0 else State.MATTER
            empty = False
        cuts.append(_cut(heading, state, title, section, contents, empty=empty))
    return _with_letterhead(cuts, starts, blocks)


def _with_letterhead(cuts: list[Boundary], starts: Sequence[Heading], blocks: Sequence[Block]) -> list[Boundary]:
    """The only article begins with the few short lines above its title (某县人民政府文件, 某政发〔1985〕12号)."""
    if len(cuts) != 2 or cuts[1].state is not State.TAKE or starts[0].byline:
        return cuts
    above = blocks[: cuts[1].first]
    short = len(above) <= LETTERHEAD and all(
        block.kind is Kind.PARAGRAPH and len(block.text) <= _LONGEST_LINE and not block.text.endswith("。")
        for block in above
    )
    return [replace(cuts[1], first=0)] if short else cuts


def _with_kicker(heading: Heading, found: Sequence[Heading], level: int) -> Heading:
    """The heading, begun by the line set right above it, as newspapers do (引题), where that begins no article itself.

    Articles begin at headings of `level` and above.
    """
    above = next((one for one in found if one.index == heading.index - 1), None)
    kicker = above is not None and above.level > level and heading.level > 0
    return replace(heading, index=heading.index - 1, at=heading.index) if kicker else heading


def _cut(heading: Heading, state: State, title: str, section: str, contents: Contents, *, empty: bool) -> Boundary:
    clues = [f"“标题 {heading.level}”样式" if heading.level else "文档标题样式"]
    entry, match = contents.find(title)
    if heading.byline:
        clues.append("下有署名")
    if match in (Match.SAME, Match.NEAR):
        clues.append("与目录一致" if match is Match.SAME else "与目录相近")
    if empty:
        clues.append("下面没有正文")
    sure = _EMPTY if empty else _BY_STYLE
    people = entry.people_for(title) if entry is not None else ()
    section = title if state is State.SECTION else section
    return Boundary(
        heading.index, state, title, section, sure, _BY_STYLE, _BY_STYLE, tuple(clues), match, people, _AUTHORS
    )


def front_cut(blocks: Sequence[Block]) -> Boundary:
    """The piece before the first title: cover, title page, contents."""
    first = blocks[0]
    line = first.kind in (Kind.PARAGRAPH, Kind.TITLE, Kind.SUBTITLE, Kind.HEADING) and len(first.text) <= LONGEST_TITLE
    title = " ".join(first.text.split("\n")) if line else ""
    return Boundary(0, State.MATTER, title, clues=("第一个题名之前",))


def _alone(heading: Heading, following: Heading | None, level: int) -> bool:
    """Whether a heading above the article level is an article itself: 前言, 后记 beside the 栏目."""
    return heading.text_beneath and (following is None or following.level <= heading.level) and heading.level < level


def _merged(found: Sequence[Heading], blocks: Sequence[Block]) -> list[Heading]:
    """Headings without those that continue the one directly before, as a title set in two paragraphs does."""
    kept: list[Heading] = []
    for heading in found:
        before = kept[-1] if kept else None
        adjoins = before is not None and before.level == heading.level and before.index == heading.index - 1
        if adjoins and before is not None and continues(blocks[before.index].text, blocks[heading.index].text):
            continue
        kept.append(heading)
    return kept


def _title(blocks: Sequence[Block], index: int) -> tuple[str, int]:
    """The title at a heading, and the index of the first block after it."""
    block = blocks[index]
    title, following = own_title(block), index + 1
    while following < len(blocks) and title_lines(block) == len(block.text.split("\n")):
        line = blocks[following]
        same = line.kind is block.kind and line.level == block.level
        if not same or SUBTITLE.match(line.text) or not continues(title, line.text):
            break
        title += own_title(line)
        following += 1
    return title, following


def title_at(blocks: Sequence[Block], index: int) -> str:
    """The title that the lines from a block on give."""
    return _title(blocks, index)[0]
