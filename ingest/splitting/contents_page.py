"""The table of contents of a manuscript, typed by hand or automatic, and which lines of the text it names."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from archive.model.records import Block, Kind, Layout, Person
from ingest.splitting.line_wording import NUMBERED, bare, own_title, squeezed
from ingest.text.byline import parse_byline

HEADING = re.compile(r"(?:总)?目[\s　]*[录錄次]")
_STYLE = re.compile(r"(?:toc|目录|contents)[\s_]*(\d)", re.IGNORECASE)
_LEADERS = re.compile(r"[\s　]*(?:[.…·．‥・_]{3,}|…{1,}|[—\-－─]{4,}|\t)(?:[\s　.…·．‥・_\t—\-－─]*)|[\s　]{2,}")
_DOTS = re.compile(r"…{3,}|[.．·・]{6,}")
_PAGE = re.compile(r"[\s　]*[（(\[〔/／]?[\s　]*[\d０-９]{1,4}(?:[\s　]*[-—~][\s　]*\d{1,4})?[\s　]*[）)\]〕]?[\s　]*")
_FEWEST = 3  # entries; fewer lines with leaders are something else
_GAP = 3  # lines without page numbers (栏目) between two entries
_LONGEST = 120
_NEAR = 0.85
_BROKEN = 15  # characters of a line that may have gone on in the next
_NAMED = 0.25  # of the entries must stand in the text, else the lines are something else
_NUMBER = re.compile(NUMBERED.pattern + r"[\s　]*")


class Match(enum.StrEnum):
    """How a title agrees with the contents table."""

    SAME = "是"
    NEAR = "近似"
    ABSENT = "否"
    NO_CONTENTS = ""


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the contents table: its `title` as printed and the `people` it names.

    `section`: it names a 栏目; `below`: a heading inside an article; else an article. `level` counts from 1, `paged`
    says whether it gives a page.
    """

    title: str
    people: tuple[Person, ...] = ()
    level: int = 1
    paged: bool = True
    section: bool = False
    below: bool = False

    def matches(self, title: str) -> Match:
        """How the entry agrees with a title of the text: white space, width, punctuation and numbers do not count."""
        mine, other = bare(self.title), bare(title)
        if not other or not mine:
            return Match.ABSENT
        if other in (mine, bare(_NUMBER.sub("", self.title, count=1))) or mine == bare(_NUMBER.sub("", title, count=1)):
            return Match.SAME
        if self._behind(title):
            return Match.SAME
        shorter, longer = sorted((mine, other), key=len)
        if len(shorter) >= 4 and longer.startswith(shorter) and len(longer) - len(shorter) <= 20:
            return Match.NEAR
        compared = SequenceMatcher(None, mine, other, autojunk=False)
        near = len(shorter) >= 4 and compared.real_quick_ratio() >= _NEAR and compared.quick_ratio() >= _NEAR
        return Match.NEAR if near and compared.ratio() >= _NEAR else Match.ABSENT

    def people_for(self, title: str) -> tuple[Person, ...]:
        """Whom the entry names beside a title that it matches."""
        return self.people or self._behind(title)

    def _behind(self, title: str) -> tuple[Person, ...]:
        """The people named behind the title, where only a space divides them from it."""
        mine, other = bare(self.title), bare(title)
        if len(other) < 2 or not mine.startswith(other) or not re.search(r"[\s　]", self.title.strip()):
            return ()
        return parse_byline(mine[len(other) :])


@dataclass(frozen=True)
class Contents:
    """The entries, and the blocks [start, end) they fill with their heading; both empty where there is no table."""

    entries: tuple[ContentsLine, ...] = ()
    start: int = 0
    end: int = 0

    def find(self, title: str) -> tuple[ContentsLine | None, Match]:
        """The entry that names a title best."""
        near: ContentsLine | None = None
        for entry in self.entries:
            match = entry.matches(title)
            if match is Match.SAME:
                return entry, match
            if match is Match.NEAR and near is None:
                near = entry
        if near is not None:
            return near, Match.NEAR
        return None, Match.ABSENT if self.entries else Match.NO_CONTENTS

    def names(self, title: str) -> ContentsLine | None:
        """The entry that has exactly this title, white space and punctuation aside."""
        return self._by_title.get(bare(title)) if self.entries else None

    @cached_property
    def _by_title(self) -> dict[str, ContentsLine]:
        """Every line of a volume is asked for: the first entry of each title, by its `bare` form."""
        return {bare(entry.title): entry for entry in reversed(self.entries)}


def read_contents(blocks: Sequence[Block], layouts: Sequence[Layout]) -> Contents:
    """The table of contents: lines in TOC styles, lines with leaders and page numbers, or a bare list of titles.

    A bare list is taken only below a heading 目录, up to where its first title stands again in the text.
    """
    lines = [_line(block, layouts[at].style if layouts else "") for at, block in enumerate(blocks)]
    paged = [at for at, entry in enumerate(lines) if entry is not None and entry.paged]
    run = _longest_run(paged)
    heading = next((at for at, block in enumerate(blocks) if _is_heading(block)), None)
    if len(run) >= _FEWEST:
        start, end = run[0], run[-1] + 1
        if heading is not None and heading < start <= heading + 1 + _GAP:
            start = heading
        elif start and lines[start - 1] is not None and not (lines[start - 1] or ContentsLine("")).paged:
            start -= 1  # a 栏目 above the first entry
    elif heading is not None:
        start, end = heading, _bare_end(blocks, heading)
        if end - start <= _FEWEST:
            return Contents()
    else:
        return Contents()
    found = [
        entry for at, entry in enumerate(lines[start:end], start) if entry is not None and not _is_heading(blocks[at])
    ]
    others = _lines_of_the_text([*blocks[:start], *blocks[end:]])
    found = _rejoined(found, others)
    named = sum(_stands_in(entry, others) for entry in found)
    return Contents(tuple(_ranked(found)), start, end) if found and named >= _NAMED * len(found) else Contents()


def _lines_of_the_text(blocks: Sequence[Block]) -> set[str]:
    """The short lines outside the contents, bare; also pairs of which the upper is long enough to have broken."""
    texts = [bare(own_title(block)) if len(block.text) <= _LONGEST else "" for block in blocks]
    pairs = (upper + lower for upper, lower in pairwise(texts) if len(upper) >= _BROKEN and lower)
    return {*texts, *pairs}


def _rejoined(entries: Sequence[ContentsLine], lines: AbstractSet[str]) -> list[ContentsLine]:
    """The entries; a title that broke over two lines is one again where the text has it in one."""
    result: list[ContentsLine] = []
    for entry in entries:
        above = result[-1] if result and not result[-1].paged else None
        if above is not None and bare(above.title + entry.title) in lines:
            result[-1] = replace(entry, title=above.title + entry.title)
        else:
            result.append(entry)
    return result


def _stands_in(entry: ContentsLine, lines: AbstractSet[str]) -> bool:
    """Whether the entry's title, or what begins it, is a line of the text: a price list is no table of contents."""
    title = bare(_NUMBER.sub("", entry.title, count=1))
    return bare(entry.title) in lines or any(title[:length] in lines for length in range(2, len(title) + 1))


def _is_heading(block: Block) -> bool:
    return HEADING.fullmatch(block.text.strip()) is not None


def _longest_run(found: Sequence[int]) -> list[int]:
    """The longest stretch of entries with at most _GAP other lines between two of them."""
    best: list[int] = []
    run: list[int] = []
    for at in found:
        if run and at - run[-1] > _GAP + 1:
            run = []
        run.append(at)
        if len(run) > len(best):
            best = list(run)
    return best


def _bare_end(blocks: Sequence[Block], heading: int) -> int:
    """Where a list of titles without page numbers ends: at the first line that repeats one of them."""
    seen: set[str] = set()
    for at in range(heading + 1, len(blocks)):
        text = blocks[at].text
        key = bare(text)
        if key in seen:
            return at
        if len(text) > _LONGEST // 2 or text.rstrip().endswith("。"):
            return heading
        seen.update((key, bare(_fields(text)[0])))
    return heading


def _line(block: Block, style: str) -> ContentsLine | None:
    """A block as a line of the contents; `paged` where it ends in a page number or has a TOC style."""
    if block.kind not in (Kind.PARAGRAPH, Kind.LIST_ITEM) or not 1 < len(block.text) <= _LONGEST:
        return None
    text = block.text.strip()
    if _PAGE.fullmatch(text):
        return None  # a page number that has slipped below its line
    styled = _STYLE.match(style)
    title, rest, paged = _fields(text)
    if not title:
        return None
    people = parse_byline(rest, loose=True) if rest else ()
    paged = paged or (bool(people) and _DOTS.search(text) is not None)
    level = int(styled[1]) if styled else 2 if NUMBERED.match(title) else 1
    return ContentsLine(title, people, level=level, paged=paged or styled is not None)


def _fields(text: str) -> tuple[str, str, bool]:
    """(title, what stands between title and page number, whether there are leaders and a page number)."""
    parts = [part for part in _LEADERS.split(text) if part.strip()]
    if not parts:
        return "", "", False
    page = re.search(rf"{_PAGE.pattern}$", parts[-1])
    paged = page is not None and len(parts) > 1
    if paged and page is not None:
        parts[-1] = parts[-1][: page.start()]
    parts = [part for part in parts if part.strip()]
    if parts and all(len(squeezed(part)) == 1 for part in parts):  # 前　　言
        return "".join(parts), "", paged
    return (parts[0], " ".join(parts[1:]), paged) if parts else ("", "", paged)


def _ranked(entries: Sequence[ContentsLine]) -> list[ContentsLine]:
    """The entries, those marked that only group others and those that stand inside articles."""
    most_paged = sum(entry.paged for entry in entries) > len(entries) / 2
    top = min(entry.level for entry in entries)
    numbered = {
        level
        for level in {entry.level for entry in entries} - {top}
        if all(NUMBERED.match(entry.title) for entry in entries if entry.level == level)
    }
    levels = sorted({entry.level for entry in entries} - numbered)
    articles = levels[min(1, len(levels) - 1)]
    if numbered and len(levels) == 1 and not any(entry.paged for entry in entries if entry.level == top):
        articles = min(numbered)  # only the 栏目 have no number, and no page
    result = []
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        leads = following is not None and following.level > entry.level and entry.level < articles
        unpaged = most_paged and not entry.paged and not entry.people
        result.append(replace(entry, section=leads or unpaged, below=entry.level > articles))
    return result
