"""From the blocks of a chronicle to its entries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.model.issues import IssueCode
from archive.model.records import Block, Genre, Issue, Kind, Manuscript, Period, Precision
from ingest.splitting.chronicle.inside import pieces, starts
from ingest.splitting.chronicle.opening import Base, Opening, YearWords, month_line, opening, year_line
from ingest.splitting.chronicle.running import Running
from ingest.splitting.drafts import ArticleDraft, front
from ingest.text.characters import made_title
from ingest.text.own_date import period

_LINES = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.HEADING)  # what may open a year or an entry
_FIRST_WORDS = 20
_LONGEST_AGE = 24
_NUMBERING = re.compile(
    r"^[\s　]*(?:第?[一二三四五六七八九十\d]+[章节编篇、.．]|[（(][一二三四五六七八九十]+[）)])?[\s　]*"
)
_COARSE = frozenset({Precision.DYNASTY, Precision.PERIOD, Precision.ERA, Precision.RANGE, Precision.CENTURY})
_REPUBLIC = ("中华人民共和国", "中华人民共和国时期", "中华人民共和国成立后")
_FINE = frozenset({Precision.DAY, Precision.XUN, Precision.MONTH})
_MONTH = 31  # days


def cut(manuscript: Manuscript) -> tuple[list[ArticleDraft], list[Issue]]:
    """One piece for each entry, titled by its printed date; what stands before the first is front matter.

    A year's heading is the first block of the year's first entry, so that the chronicle can be read on. A paragraph
    that tells several months is cut into their entries; a paragraph without a date belongs to the entry before it.
    """
    cutter = _Cutter(manuscript)
    for index, block in enumerate(manuscript.blocks):
        cutter.take(index, block)
    return cutter.finished()


class _Cutter:
    def __init__(self, manuscript: Manuscript) -> None:
        self.name = manuscript.name
        self.blocks = manuscript.blocks
        self.pieces: list[ArticleDraft] = []
        self.front: list[Block] = []
        self.waiting: list[Block] = []  # headings for the next entry
        self.issues: list[Issue] = []
        self.section = ""
        self.running = Running()
        self.latest: Period | None = None  # of the running year, to notice dates that go back
        self.coming = _years_ahead(manuscript.blocks)  # by block, the year of the next year heading
        self.headed = False  # whether the running year has a heading

    def take(self, index: int, block: Block) -> None:
        text = block.text
        if block.kind not in _LINES:
            self.append(block)
        elif year := _year_at(self.blocks, index):
            self.year(block, year)
        elif month := self.month_of(text):
            self.running.month = month
            self.waiting.append(_heading(block, 3))
        elif block.kind is Kind.HEADING or _is_age(text):
            self.heading(block)
        elif (found := opening(text)) and self.accepted(index, found):
            self.entries(index, block, found)
        elif age := self.age(text):
            self.enter(YearWords(age), age, headed=False)
            self.begin(block, "", period(age))
        elif self.waiting and self.running.year:
            self.begin(block, "", self.running.date(_THE_YEAR))  # an entry that says no more than its year
        elif self.waiting and (whole := _age(self.section)):
            self.begin(block, self.section, whole)  # or than its age: 先秦
        else:
            self.append(block)

    def month_of(self, text: str) -> str:
        return month_line(text) if self.running.year else ""

    def year(self, block: Block, year: YearWords) -> None:
        self.enter(year, block.text.strip(), headed=True)
        self.waiting.append(_heading(block, 2))

    def enter(self, year: YearWords | None, section: str, headed: bool) -> None:
        if year is None or self.running.numbered(year) != self.running.number or self.running.number is None:
            self.latest = None
        self.running.enter(year)
        self.section, self.headed = section, headed

    def heading(self, block: Block) -> None:
        """A heading that is no year: 清代, 民国; before the first year it belongs to the front matter."""
        if self.pieces or self.running.year or block.kind is not Kind.HEADING:
            self.waiting.append(_heading(block, 1))
            self.enter(None, block.text.strip(), headed=False)
        else:
            self.front.append(block)

    def append(self, block: Block) -> None:
        if self.waiting:
            self.waiting.append(block)
        elif self.pieces:
            self.pieces[-1].blocks.append(block)
        else:
            self.front.append(block)

    def accepted(self, index: int, found: Opening) -> bool:
        """Whether a paragraph that begins with a date is an entry, and not one that looks back or ahead."""
        if found.year is None:
            return (
                bool(self.running.month) if found.base is Base.MONTH else found.base is Base.YEAR or bool(self.pieces)
            )
        number = self.running.numbered(found.year)
        if number is None:
            return bool(self.waiting) and self.running.year is not None
        before, coming = self.running.number, self.coming[index]
        if before is None or number == before or not self.pieces:
            return True
        if number < before:
            return False
        return not self.headed or coming is None or number < coming

    def age(self, text: str) -> str:
        """春秋战国时期，…: an age that opens an entry before there is a year, or after an earlier one."""
        head = re.match(r"[\s　]*([^，,：:。\s　]{2,12})[，,：:　]", text)
        if not head or self.headed or not (found := period(head[1])) or found.precision not in _COARSE:
            return ""
        start = self.running.last.start if self.running.last else None
        return "" if start is not None and found.start is not None and found.start < start else head[1]

    def entries(self, index: int, block: Block, first: Opening) -> None:
        """The entries of a paragraph: one, or one for each month it tells.

        Where an undated paragraph follows it speaks of all that was told, so the paragraph stays whole.
        """
        further = [] if self._is_followed(index) else starts(block.text, first)
        openings = [first, *(one for _, one in further)]
        for part, found in zip(pieces(block, [offset for offset, _ in further]), openings, strict=True):
            self.entry(part, found)

    def _is_followed(self, index: int) -> bool:
        if index + 1 == len(self.blocks) or self.blocks[index + 1].kind not in (Kind.PARAGRAPH, Kind.LIST_ITEM):
            return False
        text = self.blocks[index + 1].text
        return not (opening(text) or year_line(text) or month_line(text) or _is_age(text))

    def entry(self, block: Block, found: Opening) -> None:
        if found.year:
            number = self.running.numbered(found.year)
            if self.headed and number == self.running.number:
                self.running.also(found.year)
            elif number is None:
                pass
            else:
                self.enter(found.year, found.year.text, headed=False)
        if found.month:
            self.running.month = found.month
        date = self.running.date(found)
        if date is None:
            wanted = f"{self.running.year.text if self.running.year else ''}{found.part}" or found.printed
            self._tell(IssueCode.ENTRY_DATE, f"大事记条目的日期“{wanted or '（无）'}”没有看懂，请补上日期")
        elif found.month and date.precision is Precision.YEAR:
            self._tell(IssueCode.ENTRY_DATE, f"“{found.printed}”不是这一年有的日子，暂按全年记，请核对")
        self._notice(found, date)
        self.begin(block, self._label(found), date)

    def _label(self, found: Opening) -> str:
        """The date as the title gives it: as printed, without its year; a bare day with its month."""
        printed = found.printed
        if found.year:
            return printed[_end_of_year(printed) :].strip(" 　，,")
        if found.base is Base.MONTH and printed[:1] not in "是同本当當该該月":
            return self.running.month + printed
        return printed or "同前"

    def _notice(self, found: Opening, date: Period | None) -> None:
        """Dates should not go back by more than a month within their year."""
        if date is None or date.start is None or date.end is None or date.precision not in _FINE:
            return
        before = self.latest
        if before is not None and before.start is not None and date.end < before.start - _MONTH:
            self._tell(
                IssueCode.ENTRY_ORDER,
                f"“{found.printed}”早于前面的“{before.written}”，请核对是否缺了纪年、或本是上一条的续文",
            )
        else:
            self.latest = date

    def _tell(self, code: IssueCode, message: str) -> None:
        self.issues.append(Issue(code, f"第 {len(self.pieces) + 1} 条", message))

    def begin(self, block: Block, printed: str, date: Period | None) -> None:
        words = re.split(r"[。；！？\n]", block.text.strip(), maxsplit=1)[0][:_FIRST_WORDS]
        year = self.running.year.text if self.running.year else ""
        title = "　".join(part for part in (year, printed) if part) or words
        if not self.pieces:  # the heading of the first part stands before the first year
            while self.front and self.front[-1].kind is Kind.HEADING:
                self.waiting.insert(0, self.front.pop())
        self.pieces.append(
            ArticleDraft(made_title(title), [*self.waiting, block], Genre.ENTRY, self.section, date=date)
        )
        self.waiting = []
        self.running.last = date

    def finished(self) -> tuple[list[ArticleDraft], list[Issue]]:
        if self.waiting:
            (self.pieces[-1].blocks if self.pieces else self.front).extend(self.waiting)
        if not self.pieces:
            self.issues.append(Issue(IssueCode.NO_ENTRIES, self.name, "没有找到以日期开头的条目，请确认这是大事记"))
        return ([front(self.front, self.name)] if self.front else []) + self.pieces, self.issues


_THE_YEAR = Opening(Base.YEAR, "", 0, "")


def _heading(block: Block, level: int) -> Block:
    return block if block.kind is Kind.HEADING else Block(Kind.HEADING, block.runs, level)


def _is_age(text: str) -> bool:
    """Whether a line names an age and nothing else: 民国时期, 二、清代（1644—1911年）."""
    return len(text) <= _LONGEST_AGE and _age(text) is not None


def _age(text: str) -> Period | None:
    """The age a heading names, numbering and brackets aside."""
    words = re.sub(r"[（(].*?[）)][\s　]*$", "", _NUMBERING.sub("", text)).strip()
    if words.startswith("中华人民共和国"):
        words = "1949年10月.." if words in _REPUBLIC else ""
    found = period(words) if words else None
    return found if found is not None and found.precision in _COARSE else None


def _end_of_year(printed: str) -> int:
    """Where the year and what stands in brackets behind it end, in a date as printed."""
    match = re.match(r"[^年]*年(?:[、/][^年（(]*年)?[\s　]*(?:[（(][^（）()]*[）)])?", printed)
    return match.end() if match else 0


def _year_at(blocks: Sequence[Block], index: int) -> YearWords | None:
    """The year that a line is; a bare number only as a heading or where an entry follows."""
    block = blocks[index]
    if block.kind not in _LINES:
        return None
    leads = index + 1 < len(blocks) and opening(blocks[index + 1].text) is not None
    return year_line(block.text, number=leads or block.kind is Kind.HEADING)


def _years_ahead(blocks: Sequence[Block]) -> list[int | None]:
    """For each block the year of the next year heading after it."""
    running, numbers = Running(), []
    for index in range(len(blocks)):
        year = _year_at(blocks, index)
        if year:
            running.enter(year)
        numbers.append(running.number if year else None)
    ahead: list[int | None] = []
    coming = None
    for number in reversed(numbers):
        ahead.append(coming)
        coming = number if number is not None else coming
    return ahead[::-1]
