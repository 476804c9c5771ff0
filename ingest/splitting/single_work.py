"""Whether the headings of a manuscript are parts of one work: of a notice, a report, a thesis, a gazetteer.

Ordinals, the length of what stands below, author lines, the contents page, the parts every thesis has and the length of
the whole decide together.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from archive.model.records import Block, Kind
from ingest.splitting.boundaries import Boundary, State
from ingest.splitting.contents_page import Match
from ingest.splitting.line_wording import CHAPTER, NUMBERED
from ingest.text.characters import stored_characters

_ORDINAL = re.compile(
    rf"{NUMBERED.pattern}|{CHAPTER.pattern}|[\s　]*(?:第[一二三四五六七八九十\d]+部分|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩIVX]{{1,4}}[、.．\s]"
    r"|\d{1,2}(?:[.．]\d{1,2}){0,3}[\s　、]|附件?[\s　]*[一二三四五六七八九十\d]*$"
    r"|(?:议题|议程|问题|事项|环节|阶段|步骤|方面|单元|附件|其)[\s　]*[一二三四五六七八九十\d]{1,3}(?=[\s　：:、.．]|$)"
    r"|[●■◆▲◎★※▍◇□]|[【\[〔][A-Z\d一二三四五六七八九十]{1,2}[】\]〕]"
    r"|(?i:part|chapter)[\s　.]*(?:\d|[ivx]|one|two|three|four|five))"
)
_REPORTER = re.compile(r"记者|通讯员|本报讯|新华社")
_THESIS_PART = re.compile(
    r"(?:中文|英文|外文)?(?:摘[\s　]*要|关键词)|abstract|key\s*words"
    r"|(?:第一章[\s　]*)?(?:绪[\s　]*论|导[\s　]*论|引[\s　]*言)"
    r"|(?:第?.{0,3}章?[\s　]*)?(?:结[\s　]*论|结[\s　]*语|总结与展望|结论与展望)"
    r"|参[\s　]*考[\s　]*文[\s　]*献|致[\s　]*谢|附[\s　]*录.{0,2}"
    r"|文献综述|攻读.{0,12}(?:成果|论文)|(?:独创性|原创性).{0,3}声明.*|目[\s　]*录|图表?目录|符号说明",
    re.IGNORECASE,
)
_DEGREE = re.compile(r"(?:学位|毕业|硕士|博士|学士)(?:学位)?论文")
_COVER = 12  # blocks at the beginning that may be the cover of a thesis
_SIGNED = 0.3  # of the pieces: a collection names its authors
_NUMBERED_SHARE = 0.5
_LONG = 30_000  # characters: longer works may be a gazetteer whose chapters are read one by one
_SHORT_PIECE = 1_500
_NOTICE, _NOTICE_PIECE = 10_000, 600
_HEAD = 4  # blocks from the title of a report to its byline
_LONGEST_TITLE = 60
_TOP = "“标题 1”样式"  # a clue: headings of the first level are titles, those below it parts


class Verdict(enum.Enum):
    """Whether the pieces are one work."""

    SEVERAL = 0
    DOUBTFUL = 1
    ONE = 2


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What speaks for one work and against it, over the pieces that would be articles."""

    titles: Sequence[str]
    lengths: Sequence[int]
    signed: float
    listed: float
    prelude: Sequence[Block]
    one_signature: bool
    reported: bool

    def share(self, pattern: re.Pattern[str]) -> float:
        """The share of the titles that match."""
        return sum(pattern.match(title) is not None for title in self.titles) / len(self.titles)


def judge(cuts: Sequence[Boundary], blocks: Sequence[Block]) -> Verdict:
    """Whether the articles among the cuts, which divide the blocks from the first on, are parts of one work."""
    taken = [cut for cut in cuts if cut.state is State.TAKE]
    if len(taken) < 2:
        return Verdict.SEVERAL
    pieces = _pieces(cuts, blocks)
    if pieces.signed >= _SIGNED and not pieces.one_signature:
        return Verdict.SEVERAL
    if _is_thesis(pieces, blocks):
        return Verdict.ONE
    total = sum(pieces.lengths)
    if pieces.one_signature and pieces.reported and len(taken) > 2 and total < _NOTICE:
        return Verdict.ONE  # a press report with its subheads
    if pieces.share(_ORDINAL) >= _NUMBERED_SHARE:
        short = total < _LONG or median(pieces.lengths) < _SHORT_PIECE
        return Verdict.ONE if short else Verdict.DOUBTFUL
    notice = total < _NOTICE and median(pieces.lengths) < _NOTICE_PIECE and pieces.listed < _NUMBERED_SHARE
    below = not any(cut.state is State.SECTION or _TOP in cut.clues for cut in cuts)
    return Verdict.ONE if notice and below and _is_title(pieces.prelude) else Verdict.SEVERAL


def _pieces(cuts: Sequence[Boundary], blocks: Sequence[Block]) -> _Pieces:
    starts = sorted(cut.first for cut in cuts if cut.state is not State.JOIN)
    ends = dict(zip(starts, [*starts[1:], len(blocks)], strict=True))
    taken = [cut for cut in cuts if cut.state is State.TAKE]
    parts = [cut for cut in cuts if cut.state in (State.TAKE, State.MATTER) and cut.title]
    return _Pieces(
        titles=[cut.title for cut in taken] + [cut.title for cut in parts if _THESIS_PART.fullmatch(cut.title)],
        lengths=[stored_characters(blocks[cut.first : ends[cut.first]]) for cut in taken],
        signed=sum(map(_is_signed, taken)) / len(taken),
        listed=sum(cut.match is Match.SAME for cut in taken) / len(taken),
        prelude=blocks[: taken[0].first],
        one_signature=_is_signed(taken[0]) and not any(map(_is_signed, taken[1:])),
        reported=any(
            _REPORTER.search(block.text) for block in blocks[taken[0].first :][:_HEAD] if len(block.text) < 40
        ),
    )


def _is_signed(cut: Boundary) -> bool:
    return "下有署名" in cut.clues


def _is_thesis(pieces: _Pieces, blocks: Sequence[Block]) -> bool:
    parts = sum(_THESIS_PART.fullmatch(title.strip()) is not None for title in dict.fromkeys(pieces.titles))
    named = any(_DEGREE.search("".join(block.text.split())) for block in blocks[:_COVER])
    numbered = pieces.share(_ORDINAL) >= _NUMBERED_SHARE / 2
    return (parts >= 2 and (numbered or parts >= len(pieces.titles) / 2)) or (named and (numbered or parts > 0))


def _is_title(prelude: Sequence[Block]) -> bool:
    """Whether what stands before the first heading is the title of the whole, perhaps with a line of the sender."""
    lines = [block.text for block in prelude if block.kind in (Kind.PARAGRAPH, Kind.TITLE, Kind.SUBTITLE, Kind.BYLINE)]
    first = lines[0] if lines else ""
    return 0 < len(first) <= _LONGEST_TITLE and not first.endswith(("。", "；")) and bool(lines)
