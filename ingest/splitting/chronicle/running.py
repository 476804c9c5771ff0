"""The year, month and day a chronicle has come to, and what the wording of the next entry means there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from archive.dates import year_of
from archive.dates.lunar import month_span
from archive.model.records import Period, Precision
from ingest.splitting.chronicle.opening import Base, Opening, YearWords, year_period
from ingest.text.own_date import period

_REIGN = re.compile(r"(.*[^\d０-９元〇○零一二三四五六七八九十廿卅])[\d０-９元〇○零一二三四五六七八九十廿卅]{1,3}年")
_BY_MOON = re.compile(r"[^\d０-９]*(?:月|[春夏秋冬]$)")
_SEASON_OF_MONTH = re.compile(r"^[春夏秋冬][，,]?(?=.{1,4}月)")
_SEASON = re.compile(r"[春夏秋冬]")
_MONTHS = {name: number for number, name in enumerate((*"一二三四五六七八九十", "十一", "十二"), 1)} | {
    "正": 1, "冬": 11, "腊": 12,
}  # fmt: skip
_MONTH_OF_MOON = re.compile(
    r"(?P<season>[孟仲季]?[春夏秋冬][，,]?)?(?P<leap>[闰閏])?(?P<month>[正一二三四五六七八九十冬腊]{1,2})月"
)
_SUN = 1912  # from this year on months go by the sun
_DAYS = 10  # a longer period has no next day
_SHORTER = re.compile(r"[、—－\-~～至到]|(?<=月)")


@dataclass(slots=True)
class Running:
    """What the entries above have said.

    `number` is the year in our era, `last` the date of the entry before, `reign` what a heading says bare counts of
    years belong to (民国).
    """

    year: YearWords | None = None
    number: int | None = None
    month: str = ""
    last: Period | None = None
    reign: str = ""

    def enter(self, year: YearWords | None) -> None:
        """Another year begins; None where it is not known which."""
        same = year is not None and year == self.year
        year = self._full(year) if year else None
        self.number = self.numbered(year) if year else None
        self.year = year
        if not same:
            self.month, self.last = "", None

    def also(self, year: YearWords) -> None:
        """The running year in further words: those of an entry under the year's heading."""
        if self.year is not None:
            words = dict.fromkeys((*self.year.others, year.text, *year.others))
            self.year = replace(self.year, others=tuple(word for word in words if word != self.year.text))

    def _full(self, year: YearWords) -> YearWords:
        """二十三年 with the reign that runs."""
        if not year.counted:
            return year
        running = (self.year.text, *self.year.others) if self.year else ()
        reigns = [found[1] for text in running if (found := _REIGN.fullmatch(text))]
        for reign in (*reigns, *([self.reign] if self.reign else [])):
            if year_period(reign + year.text):
                return YearWords(reign + year.text, year.others, until=year.until)
        return year

    def numbered(self, year: YearWords) -> int | None:
        """The year in our era: as printed where it is, or as the reign counts."""
        if self.year is not None and {year.text, *year.others} & {self.year.text, *self.year.others}:
            return self.number  # an era name may be borne by several rulers
        year = self._full(year)
        wordings = (year.text, *year.others)
        for text in sorted(wordings, key=lambda text: not re.match(r"(?:公元|西元)?前?[\d０-９]", text)):
            found = year_period(text)
            if found and found.start is not None:
                return year_of(found.start)
        return None

    def date(self, opening: Opening) -> Period | None:
        """What the date of an entry means; where its finer wording means nothing, the month or the year it is in."""
        if opening.base is Base.LAST:
            vague = self.last is not None and self.last.precision is Precision.XUN and not opening.printed
            return (
                self._first(self.month, "") if vague or self.last is None else self.last
            )  # △ after 同月底: in that month
        if opening.base is Base.NEXT:
            return _day_after(self.last) or self._first(self.month, "")
        part = opening.part
        if opening.base is Base.NEXT_YEAR:
            return None if self.number is None else period(f"{self.number + 1}年{part}")
        if self.year is not None and self.year.until and opening.base is Base.YEAR:
            return self._several(self.year)
        if opening.base is Base.MONTH:
            part = f"{self.month}{part}"
        return self._first(part, *_shorter(part), "")

    def _several(self, year: YearWords) -> Period | None:
        """The years from the running one to the last of those told together."""
        first = self._first("")
        until = year.until
        if until[:-1].isdigit() and len(until) == 3 and self.number is not None:
            until = f"{self.number // 100}{until}"  # 1958—60年
        last = year_period(self._full(YearWords(until, counted=not year_period(until))).text) or first
        if first is None or last is None or first.start is None or last.end is None or last.end < first.start:
            return first
        return Period(first.start, last.end, Precision.RANGE, f"{year.text}至{until}")

    def _first(self, *parts: str) -> Period | None:
        bare = [_SEASON_OF_MONTH.sub("", part) for part in parts]  # 夏四月 is 四月 where the year is of our era
        for part in dict.fromkeys(chain.from_iterable(zip(parts, bare, strict=True))):
            for text in self._wordings(part):
                found = period(text + part) if part else year_period(text)
                if found and self._fits(found):
                    return self._by_moon(text, part) or found
        return None

    def _by_moon(self, text: str, part: str) -> Period | None:
        """秋九月, 闰七月 of a year before 1912 goes by the moon, also where only the year of our era could be read."""
        told = _MONTH_OF_MOON.fullmatch(part)
        if told is None or _REIGN.fullmatch(text) or self.number is None or self.number >= _SUN or self.year is None:
            return None
        if not (told["season"] or told["leap"] or self.year.others):
            return None
        span = month_span(self.number, _MONTHS.get(told["month"], 0), told["leap"] is not None)
        return Period(*span, Precision.MONTH, f"{text}{part}") if span else None

    def _wordings(self, part: str) -> Iterator[str]:
        """The year in its wordings; a part told by the moon goes with a reign first."""
        if self.year is None:
            return
        wordings = (self.year.text, *self.year.others)
        if _BY_MOON.match(part):
            yield from (text for text in wordings if _REIGN.fullmatch(text))
        yield from (f"{self.year.text}（{other}）" for other in self.year.others[:1])
        yield from wordings

    def _fits(self, found: Period) -> bool:
        """Whether a reading is of the running year: an era name may be borne by several rulers."""
        if self.number is None or found.start is None or found.end is None:
            return True
        return year_of(found.start) <= self.number + 1 and year_of(found.end) >= self.number


def _shorter(part: str) -> list[str]:
    """Ever less of a wording: the range's beginning, its month, its first season."""
    pieces = [_SHORTER.split(part)[0]]
    if "月" in part:
        pieces.append(part.partition("月")[0] + "月")
    elif season := _SEASON.search(part):
        pieces.append(season[0])
    return pieces


def _day_after(last: Period | None) -> Period | None:
    if last is None or last.start is None or last.end is None or last.end - last.start > _DAYS:
        return None
    return Period(last.end + 1, last.end + 1, Precision.DAY, "次日")
