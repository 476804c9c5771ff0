"""How likely each line of a manuscript without usable heading styles is the title of an article, and why.

Every clue adds to or takes from the logarithm of the odds; the weights are rules of thumb from making up 文史资料, not
fitted to any volume. What a clue is called is what the editor reads in the split table.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.model.records import Block, Kind, Layout, Manuscript
from ingest.splitting import line_wording
from ingest.splitting.contents_page import Contents, ContentsLine, Match
from ingest.splitting.drafts import is_matter
from ingest.text.block_lines import lines_of
from ingest.text.byline import SUBTITLE, parse_byline
from ingest.text.own_date import lone_date

_LONGEST_TITLE = 60
_SENTENCE = 30  # characters; longer lines are running text
_OFTEN = 0.5  # of the lines: what so many have distinguishes nothing
_START = -3.0
_WORTH_A_LOOK = -2.0
_SURE = 2.0
_MOSTLY = 0.6  # of the entries of a contents table that is taken for complete
_RARELY = 0.25
_ALIKE = 3  # titles of one look make it the look of titles

Look = tuple[float, bool, bool]
"""(size in points, bold, centred)"""


@dataclass(slots=True)
class Candidate:
    """A line that may be a title: block `index`, its `text`, what speaks for and against it.

    `byline`: the names of its authors follow, as block `signed_at` or, where that is None, inside its own block.
    `below` is the index of the next line, None at the end.
    """

    index: int
    text: str
    look: Look
    score: float = _START
    clues: list[str] = field(default_factory=list)
    byline: bool = False
    entry: ContentsLine | None = None
    match: Match = Match.NO_CONTENTS
    below: int | None = None
    signed_at: int | None = None

    def weigh(self, clue: str, weight: float) -> None:
        """Counts one clue; those that speak for the title are told to the editor."""
        self.score += weight
        if weight > 0:
            self.clues.append(clue)

    @property
    def probability(self) -> float:
        """From 0 to 1."""
        return 1 / (1 + math.exp(-self.score))


class EvidenceTable:
    """A manuscript as a printer sees it: its lines, the size of its running text, what is centred in it."""

    def __init__(self, manuscript: Manuscript, contents: Contents) -> None:
        self.blocks: Sequence[Block] = manuscript.blocks
        self.layouts: Sequence[Layout] = manuscript.layouts or [Layout()] * len(manuscript.blocks)
        self.contents = contents
        self.lines = [
            at
            for at, block in enumerate(self.blocks)
            if block.kind in line_wording.LINES and block.text.strip() and not contents.start <= at < contents.end
        ]
        sizes: Counter[float] = Counter()
        for at in self.lines:
            sizes[self.layouts[at].size] += len(self.blocks[at].text)
        self.body = sizes.most_common(1)[0][0] if sizes else 0.0
        running = [at for at in self.lines if self.running(at)]
        self.mostly_centred = sum(self.layouts[at].centred for at in running) > _OFTEN * len(running)
        first_chapters = sum(
            line_wording.CHAPTER.match(self.blocks[at].text) is not None and "一" in self.blocks[at].text[:4]
            for at in self.lines
        )
        self.one_run_of_chapters = first_chapters <= 1

    def look(self, at: int) -> Look:
        """How the title line of a block is set; a byline below a line break does not count."""
        block, layout = self.blocks[at], self.layouts[at]
        bold = layout.bold
        if "\n" in block.text:
            lines = lines_of(block)[: line_wording.title_lines(block)]
            bold = max(bold, line_wording.share_of_bold(tuple(run for line in lines for run in line)))
        return (layout.size, bold > 0.8, layout.centred and not self.mostly_centred)

    def plain(self, look: Look) -> bool:
        """Whether a line looks like the running text."""
        size, bold, centred = look
        return size < self.body + 1.5 and not bold and not centred

    def running(self, at: int) -> bool:
        """Whether a line is running text: long, or ending like a sentence."""
        text = self.blocks[at].text.strip()
        return len(text) > _SENTENCE or text.endswith(("。", "；", "！”", "？”", "。”", "：", ":"))


def candidates(sheet: EvidenceTable) -> list[Candidate]:
    """The lines worth a look, in order, with everything that speaks for and against them."""
    found: list[Candidate] = []
    for place, at in enumerate(sheet.lines):
        candidate = _candidate(sheet, place, at, found[-1] if found else None)
        if candidate is not None:
            found.append(candidate)
    _keep_best_matches(sheet.contents, found)
    _compare_looks(sheet, found)
    return [candidate for candidate in found if candidate.score > _WORTH_A_LOOK]


def _candidate(sheet: EvidenceTable, place: int, at: int, before: Candidate | None) -> Candidate | None:
    block = sheet.blocks[at]
    text = line_wording.own_title(block)
    if not line_wording.bare(text) or len(text) > _LONGEST_TITLE or SUBTITLE.match(text):
        return None
    candidate = Candidate(at, text, sheet.look(at))
    previous = sheet.lines[place - 1] if place else None
    _by_look(sheet, candidate)
    _by_wording(sheet, candidate)
    _by_what_follows(sheet, candidate, place)
    _by_what_precedes(sheet, candidate, previous, before)
    worth = candidate.score > _WORTH_A_LOOK
    if sheet.contents.entries:
        _by_contents(sheet.contents, candidate, near=worth)
    free = not candidate.byline and candidate.match is not Match.SAME
    if free and sheet.plain(candidate.look) and parse_byline(text):
        candidate.weigh("像人名", -2.0)
    return candidate if candidate.score > _WORTH_A_LOOK - 1 else None


def _by_look(sheet: EvidenceTable, candidate: Candidate) -> None:
    size, bold, centred = candidate.look
    block = sheet.blocks[candidate.index]
    if block.kind is Kind.TITLE:
        candidate.weigh("标题样式", 3.0)
    elif block.kind is Kind.HEADING:
        candidate.weigh(f"标题 {block.level} 样式", 2.5 if block.level == 1 else 1.0)
    if centred:
        candidate.weigh("居中", 1.5)
    if bold:
        candidate.weigh("加粗", 1.0)
    if size >= sheet.body + 4:
        candidate.weigh(f"大字 {size:g} 磅", 2.5)
    elif size >= sheet.body + 1.5:
        candidate.weigh(f"字较大 {size:g} 磅", 1.5)
    elif 0 < size <= sheet.body - 1:
        candidate.weigh("小字", -2.0)
    if sheet.layouts[candidate.index].page_break:
        candidate.weigh("另页起", 1.2)


def _by_wording(sheet: EvidenceTable, candidate: Candidate) -> None:
    text = candidate.text
    if line_wording.SENTENCE_END.search(text):
        candidate.weigh("句末标点", -4.0)
    if line_wording.NUMBERED.match(text) or line_wording.BARE_NUMBER.fullmatch(text):
        candidate.weigh("小节序号", -3.5)
    if line_wording.CHAPTER.match(text):
        candidate.weigh("章次", 1.0 if sheet.one_run_of_chapters else -3.5)
    if line_wording.EXCLAMATION.search(text) and not candidate.clues:
        candidate.weigh("像对话", -2.0)
    if line_wording.LABEL.match(text) or text.startswith(("（", "(", "附")):
        candidate.weigh("不像题名", -4.0)
    if line_wording.CLOSING.match(text):
        candidate.weigh("文末说明", -6.0)
    if lone_date(text) or line_wording.DAY_ALONE.fullmatch(text):
        candidate.weigh("只是日期", -4.0)
    if is_matter(text):
        candidate.weigh("书前书后的题名", 1.5)


def _by_what_follows(sheet: EvidenceTable, candidate: Candidate, place: int) -> None:
    """A subtitle, a byline, running text below. Lines below a break inside the block come before the next block."""
    block = sheet.blocks[candidate.index]
    inner = block.text.split("\n")[line_wording.title_lines(block) :]
    following = sheet.lines[place + 1 : place + 4]
    candidate.below = following[0] if following else None
    if (inner and SUBTITLE.match(inner[0])) or (
        not inner and following and SUBTITLE.match(sheet.blocks[following[0]].text)
    ):
        candidate.weigh("下有副题", 1.2)
        inner, following = inner[1:], following if inner else following[1:]
    if inner:
        signed = bool(parse_byline(inner[0], loose=True))
    else:
        signed = bool(following) and _signs(sheet, following, candidate)
        candidate.signed_at = following[0] if signed else None
    if signed:
        candidate.byline = True
        candidate.weigh("下有署名", 3.0)
    elif not inner and following and sheet.running(following[0]):
        candidate.weigh("下接正文", 0.5)


def _signs(sheet: EvidenceTable, following: Sequence[int], candidate: Candidate) -> bool:
    """Whether the first of the lines below a title is its byline, and not another title with a byline of its own."""
    text, look = sheet.blocks[following[0]].text, sheet.look(following[0])
    if _outranks(look, candidate.look):
        return False
    second = following[1] if len(following) > 1 and parse_byline(sheet.blocks[following[1]].text) else None
    if second is not None and _outranks(look, sheet.look(second)):
        return False  # larger than the byline below it: the title, and the line above it a 栏目
    if parse_byline(text):
        return True
    loosely = look[2] and not look[1] and bool(parse_byline(text, loose=True))
    return loosely and second is None and sheet.contents.names(text) is None


def _outranks(look: Look, other: Look) -> bool:
    """Whether a line is set larger than another, or as large and bolder: no byline is, of its title."""
    return (look[0], look[1]) > (other[0], other[1])


def _by_what_precedes(
    sheet: EvidenceTable, candidate: Candidate, previous: int | None, before: Candidate | None
) -> None:
    if previous is None:
        return
    text = sheet.blocks[previous].text
    if line_wording.CLOSING.match(text):
        candidate.weigh("前文已署名结束", 2.0)
    elif lone_date(text) or line_wording.DAY_ALONE.fullmatch(text):
        candidate.weigh("前文以日期结束", 1.0)
    if before is not None and before.signed_at == candidate.index:
        candidate.weigh("是上一行的署名", -4.0)


def _by_contents(contents: Contents, candidate: Candidate, *, near: bool) -> None:
    """Agreement with the contents table; near misses are looked for only where something else speaks for the line."""
    if near:
        candidate.entry, candidate.match = contents.find(candidate.text)
    else:
        candidate.entry = contents.names(candidate.text)
        candidate.match = Match.SAME if candidate.entry else Match.ABSENT
    if candidate.entry is not None and candidate.entry.below:
        candidate.weigh("目录里是篇内小标题", -4.0)
    elif candidate.match is Match.SAME:
        candidate.weigh("与目录一致", 4.5)
        if line_wording.NUMBERED.match(candidate.text):
            candidate.score += 3.5  # the number belongs to the title: the contents have it too
    elif candidate.match is Match.NEAR:
        candidate.weigh("与目录相近", 3.0)
    else:
        candidate.weigh("目录里没有", -1.0)


def _keep_best_matches(contents: Contents, found: Sequence[Candidate]) -> None:
    """Each entry of the contents names one line: of several that agree, the one for which most else speaks.

    Where the contents give a title twice, two lines may have it.
    """
    claims: dict[str, list[Candidate]] = {}
    for candidate in found:
        if candidate.entry is not None:
            claims.setdefault(line_wording.bare(candidate.entry.title), []).append(candidate)
    for title, rivals in claims.items():
        entries = [entry for entry in contents.entries if line_wording.bare(entry.title) == title]
        best = sorted(rivals, key=lambda one: (one.match is not Match.SAME, -one.score))[: len(entries)]
        chosen = {candidate.index for candidate in best}
        for candidate, entry in zip(sorted(best, key=lambda one: one.index), entries, strict=False):
            candidate.entry = entry
        for candidate in rivals:
            if candidate.index not in chosen:
                candidate.score -= 5.5 if candidate.match is Match.SAME else 4.0
                candidate.clues = [clue for clue in candidate.clues if not clue.startswith("与目录")]
                candidate.entry, candidate.match = None, Match.ABSENT


def _compare_looks(sheet: EvidenceTable, found: Sequence[Candidate]) -> None:
    """Titles of a volume look alike: what is set as the certain ones are gains, what is set as running text loses."""
    looks = Counter(candidate.look for candidate in found if candidate.score >= _SURE)
    marked = sum(count for look, count in looks.items() if not sheet.plain(look))
    unsigned = _unsigned_looks(found)
    listed = sum(candidate.match is Match.SAME for candidate in found) >= _MOSTLY * max(len(sheet.contents.entries), 1)
    texts = Counter(line_wording.bare(candidate.text) for candidate in found)
    starts = {candidate.index for candidate in found}
    for candidate in found:
        alike = looks[candidate.look] - (candidate.score >= _SURE)
        heads = candidate.below in starts  # a 栏目 has no byline, and stands above the next title
        if sheet.plain(candidate.look):
            if marked >= _ALIKE and candidate.match is not Match.SAME:
                candidate.weigh("与其他题名版式不同", -2.0)
        elif candidate.look in unsigned and not (
            candidate.byline or heads or sheet.layouts[candidate.index].page_break
        ):
            candidate.weigh("同样版式的行都没有署名", -2.5)
        elif alike >= _ALIKE:
            candidate.weigh("版式同其他题名", 1.0)
        if candidate.match is Match.ABSENT and listed and not heads:
            candidate.weigh("目录列全而没有这一行", -2.0)
        if texts[line_wording.bare(candidate.text)] > 1 and candidate.match is not Match.SAME:
            candidate.weigh("同样的行反复出现", -2.5)


def _unsigned_looks(found: Sequence[Candidate]) -> set[Look]:
    """The looks of subheadings: hardly ever a byline follows, while one follows most titles of another look."""
    total = Counter(candidate.look for candidate in found)
    signed = Counter(candidate.look for candidate in found if candidate.byline)
    if not any(signed[look] >= _OFTEN * total[look] for look in total if total[look] >= _ALIKE):
        return set()
    return {look for look in total if total[look] >= _ALIKE and signed[look] < _RARELY * total[look]}
