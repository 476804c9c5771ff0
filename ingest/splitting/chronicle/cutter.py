"""From the blocks of a chronicle to its entries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.dates.calendar import civil
from archive.model.issues import IssueCode
from archive.model.records import Block, Genre, Issue, Kind, Manuscript, Period, Precision
from ingest.splitting.chronicle.chronicle_lines import ChronicleLine, lines_of_chronicle
from ingest.splitting.chronicle.inside import pieces, starts
from ingest.splitting.chronicle.opening import (
    Base,
    Opening,
    YearWords,
    month_line,
    opening,
    titled_year,
    year_line,
    year_period,
)
from ingest.splitting.chronicle.running import Running
from ingest.splitting.chronicle.undated import continues, tells_more
from ingest.splitting.drafts import ArticleDraft, front, is_matter, title_of
from ingest.text.characters import made_title
from ingest.text.own_date import period

LINES = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.HEADING)
"""What may open a year or an entry."""
_FIRST_WORDS = 20
_LONGEST_AGE = 24
_LONGEST_TITLE = 30
_NUMBERING = re.compile(
    r"^[\s　]*(?:第?[一二三四五六七八九十\d]+[章节编篇、.．]|[（(][一二三四五六七八九十]+[）)])?[\s　]*"
)
_APPENDIX = re.compile(
    r"[\s　【]*附[\s　]*(?:[录錄表件]|记|[：:])[\s　]*"
    r"[一二三四五六七八九十\d]{0,3}(?![\u4e00-\u9fff]{0,2}[于在了])[^。；]*"
)
_AGE_OF_TWO = re.compile(r"([\u4e00-\u9fff]{1,4})·[\u4e00-\u9fff]{1,4}")
_SPAN = re.compile(r"(?:时期|年间|朝|代|以来|以后)$")
_COARSE = frozenset({Precision.DYNASTY, Precision.PERIOD, Precision.ERA, Precision.RANGE, Precision.CENTURY})
_REPUBLIC = ("中华人民共和国", "中华人民共和国时期", "中华人民共和国成立后")
_FINE = frozenset({Precision.DAY, Precision.XUN, Precision.MONTH})
_MONTH = 31  # days
_MONTH_NUMBER = re.compile(r"(\d{1,2})月")
_EARLY, _LATE = 3, 10  # months between which a year turns
_MODERN = 1912  # from this year on a paragraph is one entry, unless it tells a whole year


def cut(manuscript: Manuscript) -> tuple[list[ArticleDraft], list[Issue]]:
    """One piece for each entry, titled by its printed date; what stands before the first is front matter.

    A year's heading is the first block of the year's first entry, so that the chronicle can be read on. A paragraph
    that tells several months of a year is cut into their entries; a paragraph without a date belongs to the entry
    before it, or is an entry of its own that is dated by the year. An appendix ends the last entry.
    """
    cutter = _Cutter(manuscript)
    for index, line in enumerate(cutter.lines):
        cutter.take(index, line)
    return cutter.finished()


class _Cutter:
    def __init__(self, manuscript: Manuscript) -> None:
        self.name = manuscript.name
        self.lines = lines_of_chronicle(manuscript.blocks)
        self.pieces: list[ArticleDraft] = []
        self.front: list[Block] = []
        self.waiting: list[Block] = []  # headings for the next entry
        self.heads: list[Block] = []  # of columns, above the next entry
        self.issues: list[Issue] = []
        self.section = ""
        self.running = Running()
        self.latest: Period | None = None  # of the running year, to notice dates that go back
        self.coming = _years_ahead(self.lines)  # by line, the year of the next year heading
        self.headed = False  # whether the running year has a heading
        self.closed = False  # an appendix has begun
        self.goes_on = tells_more([line.words for line in self.lines if line.block.kind in LINES])

    def take(self, index: int, line: ChronicleLine) -> None:
        block, text = line.block, line.words
        if line.heads:
            self.heads.append(_heading(block, 3))
        elif block.kind not in LINES or line.belongs:
            self.append(block)
        elif year := _year_at(self.lines, index):
            self.year(block, year)
        elif self.pieces and (titled := titled_year(text)):
            self.year(block, titled)  # the title of the next year, or the head of its pages: 大事记 · 1962年
        elif self.pieces and self.appendix(block):
            return
        elif self.closed:
            self.append(block)
        elif month := self.month_of(text):
            self.running.month, self.running.last = month, None
            self.waiting.append(_heading(block, 3))
        elif self.is_heading(block, text):
            self.heading(block)
            if not self.pieces and (named := titled_year(text)):
                self.enter(named, "", headed=False)
        elif (found := opening(text)) and self.accepted(index, found):
            self.entries(index, line, found)
        elif age := self.age(text):
            self.enter(YearWords(age), age, headed=False)
            self.begin(block, "", period(age))
        elif self.waiting and self.running.year:
            # An entry that says no more than its year, or the month above it.
            month = self.running.month if month_line(self.waiting[-1].text) else ""
            self.begin(block, month, self.running.date(Opening(Base.YEAR, month, 0, month)))
        elif self.waiting and (whole := _age(self.section)):
            self.begin(block, self.section, whole)  # or than its age: 先秦
        elif line.alone or (found is None and self.is_undated_entry(text)):
            self.undated(line)
        else:
            self.append(block)
            if not self.pieces and self.running.year is None and (named := titled_year(text)):
                self.enter(named, "", headed=False)

    def month_of(self, text: str) -> str:
        return month_line(text) if self.running.year else ""

    def year(self, block: Block, year: YearWords) -> None:
        self.closed = False
        self.enter(year, block.text.strip(), headed=True)
        self.waiting.append(_heading(block, 2))

    def enter(self, year: YearWords | None, section: str, headed: bool) -> None:
        if year is None or self.running.numbered(year) != self.running.number or self.running.number is None:
            self.latest = None
        self.running.enter(year)
        self.section, self.headed = section, headed

    def is_heading(self, block: Block, text: str) -> bool:
        """Whether a line is a heading and not a date that was given a heading style."""
        if block.kind is Kind.HEADING:
            found = opening(text)
            return found is None or bool(text[found.stop :].strip(" 　：:")) or self.running.year is None
        return _is_age(text) or bool(_reign(text))

    def heading(self, block: Block) -> None:
        """A heading that is no year: 清代, 民国; before the first year it belongs to the front matter."""
        text = block.text.strip()
        if self.pieces or self.running.year or block.kind is not Kind.HEADING or _reign(text):
            self.waiting.append(_heading(block, 1))
            self.enter(None, text, headed=False)
            self.running.reign = _reign(text)
        else:
            self.front.append(block)

    def appendix(self, block: Block) -> bool:
        """Whether the line begins an appendix or the back matter; it is a piece of its own then."""
        text = block.text.strip()
        if len(text) > _LONGEST_TITLE or not (_APPENDIX.fullmatch(text) or is_matter(text)):
            return False
        self.pieces[-1].blocks += self.waiting
        self.waiting = []
        self.pieces.append(ArticleDraft(title_of(block), [], Genre.MATTER))
        self.closed = True
        return True

    def append(self, block: Block) -> None:
        if self.waiting:
            self.waiting.append(block)
        elif self.pieces:
            self.pieces[-1].blocks.append(block)
        else:
            self.front.append(block)

    def accepted(self, index: int, found: Opening) -> bool:
        """Whether a paragraph that begins with a date is an entry, and not one that looks back or ahead."""
        if found.base is Base.NEXT_YEAR:
            return bool(self.pieces) and not self.headed
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

    def entries(self, index: int, line: ChronicleLine, first: Opening) -> None:
        """The entries of a paragraph: one, or one for each month it tells.

        Where an undated paragraph follows it speaks of all that was told, so the paragraph stays whole.
        """
        whole = bool(line.read_as) or self._is_followed(index)
        further = [] if whole else starts(line.words, first, annal=self._is_annal(index, first))
        openings = [first, *(one for _, one in further)]
        if self.turned(index, first):
            self.enter(YearWords(f"{(self.running.number or 0) + 1}年"), self.section, headed=False)
            message = f"“{first.printed}”没有写年，前面已到年底，按{self.running.number}年记，请核对"
            self._tell(IssueCode.ENTRY_DATE, message)
        for part, found in zip(pieces(line.block, [offset for offset, _ in further]), openings, strict=True):
            self.entry(part, found)

    def turned(self, index: int, found: Opening) -> bool:
        """Whether the year has turned without a word: January after December, where no heading says the year."""
        number, last, month = self.running.number, self.running.last, _MONTH_NUMBER.match(found.month)
        if self.headed or found.year or found.base is not Base.YEAR or number is None or month is None or last is None:
            return False
        if last.start is None or last.start != last.end or int(month[1]) > _EARLY or civil(last.start)[1] < _LATE:
            return False
        for line in self.lines[index + 1 :]:
            year = year_line(line.words) or ((one := opening(line.words)) and one.year) or None
            if year is not None and (following := self.running.numbered(year)) is not None:
                return following > number
        return True

    def _is_annal(self, index: int, first: Opening) -> bool:
        """Whether a paragraph may tell several months: of an old reign, or all there is of its year."""
        number = self.running.numbered(first.year) if first.year else self.running.number
        if number is None or number < _MODERN:
            return True
        if not (self.waiting or first.year):
            return False
        for line in self.lines[index + 1 :]:
            if line.block.kind is Kind.HEADING or year_line(line.words):
                break
            found = opening(line.words)
            if found is not None and (found.year or found.month):
                return bool(found.year)
        return True

    def _is_followed(self, index: int) -> bool:
        if index + 1 == len(self.lines) or self.lines[index + 1].block.kind not in (Kind.PARAGRAPH, Kind.LIST_ITEM):
            return False
        text = self.lines[index + 1].words
        return not (opening(text) or year_line(text) or month_line(text) or _is_age(text) or _APPENDIX.fullmatch(text))

    def is_undated_entry(self, text: str) -> bool:
        """Whether a paragraph without a date is an entry of its own: in chronicles where few paragraphs have none."""
        if self.goes_on or not self.pieces or self.running.year is None or not text.strip():
            return False
        above = self.pieces[-1].blocks[-1].text
        return not continues(above, text)

    def undated(self, line: ChronicleLine) -> None:
        """An entry without a date: that of the cell it shares, else the year, and not the day of the entry above."""
        if line.same and self.running.last is not None:
            self.begin(line.block, "同前", self.running.last)
            return
        date = self.running.date(_THE_YEAR)
        self._tell(IssueCode.ENTRY_DATE, f"“{line.block.text[:_FIRST_WORDS]}”没有写日期，暂按这一年记，请核对")
        last = self.running.last
        self.begin(line.block, "", date)
        self.running.last = last

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
        elif found.unknown or (found.month and date.precision is Precision.YEAR):
            why = "没有写明" if found.unknown else "不是这一年有的日子"
            self._tell(IssueCode.ENTRY_DATE, f"“{found.printed}”{why}，暂按全年记，请核对")
        self._notice(found, date)
        self.begin(block, self._label(found), date)

    def _label(self, found: Opening) -> str:
        """The date as the title gives it: as printed, without its year; a bare day with its month."""
        printed = found.printed
        if found.year and found.year.until and not found.part:
            return f"至{found.year.until}"
        if found.year:
            return printed[_end_of_year(printed) :].strip(" 　，,")
        if found.base is Base.MONTH and printed[:1] not in "是同本當当該该月":
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
            ArticleDraft(made_title(title), [*self.heads, *self.waiting, block], Genre.ENTRY, self.section, date=date)
        )
        self.waiting, self.heads = [], []
        self.running.last = date

    def finished(self) -> tuple[list[ArticleDraft], list[Issue]]:
        if left := [*self.heads, *self.waiting]:
            (self.pieces[-1].blocks if self.pieces else self.front).extend(left)
        if not self.pieces:
            self.issues.append(Issue(IssueCode.NO_ENTRIES, self.name, "没有找到以日期开头的条目，请确认这是大事记"))
        return ([front(self.front, self.name)] if self.front else []) + self.pieces, self.issues


_THE_YEAR = Opening(Base.YEAR, "", 0, "")


def _heading(block: Block, level: int) -> Block:
    return block if block.kind is Kind.HEADING else Block(Kind.HEADING, block.runs, level, page=block.page)


def _is_age(text: str) -> bool:
    """Whether a line names an age and nothing else: 民国时期, 二、清代（1644—1911年）, 三国·魏."""
    words = two[1] if (two := _AGE_OF_TWO.fullmatch(text.strip())) else text
    return len(text) <= _LONGEST_AGE and _age(words) is not None


def _bare_age(text: str) -> str:
    """The words of a line that may name an age, numbering, brackets and padding aside."""
    return "".join(re.sub(r"[（(].*?[）)][\s　]*$", "", _NUMBERING.sub("", text)).split())


def _age(text: str) -> Period | None:
    """The age a heading names."""
    words = _bare_age(text)
    if words.startswith("中华人民共和国"):
        words = "1949年10月.." if words in _REPUBLIC else ""
    found = period(words) if words and re.search("[\u4e00-\u9fff]", words) else None  # 1644—2023 is no age
    return found if found is not None and found.precision in _COARSE else None


def _reign(text: str) -> str:
    """The reign a heading names, to which bare counts of years below belong: 民国, 三、光绪年间; empty for none."""
    words = _SPAN.sub("", _bare_age(text)) if len(text) <= _LONGEST_AGE else ""
    return words if words and year_period(f"{words}元年") else ""


def _end_of_year(printed: str) -> int:
    """Where the year and what stands in brackets behind it end, in a date as printed."""
    match = re.match(r"\d{4}[./．-]", printed) or re.match(
        r"[^年]*年(?:[、/至到—－~～-]+[^年（(]*年)?[\s　]*(?:[（(][^（）()]*[）)])?", printed
    )
    return match.end() if match else 0


def _year_at(lines: Sequence[ChronicleLine], index: int) -> YearWords | None:
    """The year that a line is; a bare number only as a heading or where an entry follows."""
    line = lines[index]
    if line.block.kind not in LINES or line.alone or line.belongs or line.heads:
        return None
    leads = index + 1 < len(lines) and opening(lines[index + 1].words) is not None
    return year_line(line.words, number=leads or line.block.kind is Kind.HEADING)


def _years_ahead(lines: Sequence[ChronicleLine]) -> list[int | None]:
    """For each line the year of the next year heading after it."""
    running, numbers = Running(), []
    for index in range(len(lines)):
        year = _year_at(lines, index)
        if year:
            running.enter(year)
        numbers.append(running.number if year else None)
    ahead: list[int | None] = []
    coming = None
    for number in reversed(numbers):
        ahead.append(coming)
        coming = number if number is not None else coming
    return ahead[::-1]
