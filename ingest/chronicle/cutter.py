"""大事记: years as headings or in the text, below them entries that begin with a date."""

from __future__ import annotations

import re

from archive.records import Block, Genre, Issue, Kind, Manuscript, Period
from ingest.dating import period
from ingest.drafts import Piece, front, made_title

_NUMBER = r"[\d０-９元〇○零一二三四五六七八九十廿卅正冬腊]"
_ERA = r"(?:(?![几数多余近约第不])[\u4e00-\u9fff]){2,6}?"
_BRACKET = r"[（(][^（）()]{1,30}[）)]"
_YEAR = rf"(?:公元(?:前)?)?(?:{_ERA})?{_NUMBER}{{1,4}}年"
# A line that is only a year: 光绪三十年（1904年）, 1949年, 881年（唐僖宗中和元年春三月）, 1904年（光绪三十年　甲辰）.
_YEAR_LINE = re.compile(rf"[\s　]*(?:【|\[)?({_YEAR})[\s　]*(?:{_BRACKET})?(?:】|\])?[\s　]*[：:]?[\s　]*")
_DAY = rf"(?:初{_NUMBER}日?|{_NUMBER}{{1,3}}日|{_NUMBER}{{1,3}}(?=[\s　，,、：:]))"
_MONTH = (
    rf"(?:闰|閏)?{_NUMBER}{{1,3}}月(?:份)?"
    rf"(?:[上中下]旬|{_DAY}(?:[至到—－\-~～]{{1,2}}(?:{_NUMBER}{{1,3}}月)?{_DAY})?|[初底末中])?"
)
_SEASON = r"[春夏秋冬](?:季|天|间|初|末)?"
_RELATIVE = (
    r"[是同本当當]月|月[内底末初]|[是同当當]日|次日|翌日|[是同本当當]年(?:[春夏秋冬初底末])?|年[内底末初]|全年|[上下]半年"
    r"|[春夏秋冬](?:季|天|间|初|末)?(?=[\s　，,、：:。])"
)
_ENTRY = re.compile(
    rf"[\s　]*(?P<date>(?P<year>{_YEAR})?[\s　]*(?:{_BRACKET})?[\s　]*"
    rf"(?:(?P<month>(?:{_SEASON})?{_MONTH})|(?P<rel>{_RELATIVE})))"
)
_DATED_YEAR = re.compile(rf"[\s　]*(?P<year>{_YEAR})(?=[\s　，,：:（(])")
_WESTERN = re.compile(r"(?:公元前?)?\d{3,4}年")
_SAME_MONTH = re.compile(r"[是同本当當]月|月[内底末初]|[是同当當]日|次日|翌日")
_MARKED = re.compile(r"[\s　]*[△▲○●◇◆※]")
_LINES = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.HEADING)  # what may open a year or an entry
_FIRST_WORDS = 20


def cut(manuscript: Manuscript) -> tuple[list[Piece], list[Issue]]:
    """One piece for each entry, titled by its printed date; what stands before the first is front matter.

    A year's heading is the first block of the year's first entry, so that the chronicle can be read on.
    """
    cutter = _Cutter(manuscript)
    for block in manuscript.blocks:
        cutter.take(block)
    return cutter.finished()


class _Cutter:
    def __init__(self, manuscript: Manuscript) -> None:
        self.name = manuscript.name
        self.pieces: list[Piece] = []
        self.front: list[Block] = []
        self.waiting: list[Block] = []  # headings for the next entry
        self.issues: list[Issue] = []
        self.section = ""
        self.year = ""  # as printed, for titles and for the date
        self.month = ""
        self.western = ""  # the year in our era, where the heading gives it: for era names several reigns share

    def take(self, block: Block) -> None:
        text = block.text
        year = _YEAR_LINE.fullmatch(text)
        if block.kind not in _LINES:
            self.append(block)
        elif year:
            self.year, self.month, self.section = year[1], "", text.strip()
            western = _WESTERN.search(text)
            self.western = western[0] if western else ""
            self.waiting.append(block if block.kind is Kind.HEADING else Block(Kind.HEADING, block.runs, 2))
        elif block.kind is Kind.HEADING:
            self.heading(block)
        elif match := _ENTRY.match(text):
            self.entry(block, match)
        elif dated := _DATED_YEAR.match(text):
            self.year, self.month, self.section = dated["year"], "", dated["year"]
            self.begin(block, dated["year"], dated["year"])
        elif _MARKED.match(text) and self.pieces:
            self.begin(block, self.month, self.year + self.month)
        elif self.waiting and self.year:
            self.begin(block, "", self.year)  # an entry that says no more than its year
        else:
            self.append(block)

    def heading(self, block: Block) -> None:
        """A heading that is no year: 清代, 民国; before the first year it belongs to the front matter."""
        if self.pieces or self.year:
            self.waiting.append(block)
            self.year = self.month = ""
            self.section = block.text
        else:
            self.front.append(block)

    def append(self, block: Block) -> None:
        if self.waiting:
            self.waiting.append(block)
        elif self.pieces:
            self.pieces[-1].blocks.append(block)
        else:
            self.front.append(block)

    def entry(self, block: Block, match: re.Match[str]) -> None:
        if match["year"]:
            self.year = self.section = match["year"]
        printed = match["date"].strip(" 　")
        relative = match["rel"] or ""
        if match["month"]:
            self.month = match["month"].partition("月")[0] + "月"
            wanted = self.year + match["month"]
        elif _SAME_MONTH.match(relative):
            wanted = self.year + self.month
        elif relative[:1] in tuple("春夏秋冬"):
            wanted = self.year + relative
        else:
            wanted = self.year
        self.begin(block, printed.removeprefix(match["year"] or "").strip(" 　") or printed, wanted)

    def begin(self, block: Block, printed: str, wanted: str) -> None:
        date = self.date(wanted)
        words = re.split(r"[。；！？\n]", block.text.strip(), maxsplit=1)[0][:_FIRST_WORDS]
        parts = [self.year, printed if printed != self.year else ""]
        title = "　".join(part for part in parts if part) or words
        if not self.pieces:  # the heading of the first part stands before the first year
            while self.front and self.front[-1].kind is Kind.HEADING:
                self.waiting.insert(0, self.front.pop())
        piece = Piece(made_title(title), [*self.waiting, block], Genre.ENTRY, self.section, date=date)
        self.waiting = []
        self.pieces.append(piece)

    def date(self, wanted: str) -> Period | None:
        """The date of an entry; where the finer wording is not understood, its year."""
        for text in dict.fromkeys((wanted, self.year, self.western)):
            if text and (found := period(text)):
                return found
        place = f"第 {len(self.pieces) + 1} 条"
        self.issues.append(Issue("entry-date", place, f"大事记条目的日期“{wanted or '（无）'}”没有看懂，请补上日期"))
        return None

    def finished(self) -> tuple[list[Piece], list[Issue]]:
        if self.waiting:
            (self.pieces[-1].blocks if self.pieces else self.front).extend(self.waiting)
        if not self.pieces:
            self.issues.append(Issue("no-entries", self.name, "没有找到以日期开头的条目，请确认这是大事记"))
        return ([front(self.front, self.name)] if self.front else []) + self.pieces, self.issues
