"""The reader of dates: everything that depends on tables of named periods, as methods of one value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from archive.dates import extraction, parse, typed_period
from archive.dates.calendar import civil, year_of
from archive.dates.context import Context, Own
from archive.dates.extraction import Extracted
from archive.dates.period_tables import PeriodTables, shipped
from archive.dates.scan import Scanner
from archive.model.records import Block, Mention, Period, Precision

_BY_MONTH = frozenset((Precision.DAY, Precision.XUN, Precision.MONTH))


class DateReader:
    """Reads dates under one set of tables. It never changes, may be shared between threads, and can be pickled."""

    def __init__(self, tables: PeriodTables) -> None:
        self.tables = tables
        self._scanner = Scanner(tables)

    def __reduce__(self) -> tuple[type[DateReader], tuple[PeriodTables]]:
        return DateReader, (self.tables,)

    def extract(
        self, text: str, *, year: int | None = None, month: int | None = None, day: int | None = None
    ) -> list[Extracted]:
        """The date expressions of one text, in order.

        `year` and `month` are what bare months and days belong to at first, and what 今年 and 上月 count from; `day`, a
        Julian day number, is what 昨日 does. Of
        expressions whose month or day cannot be (1950年2月30日) the year is read and `impossible` set; a reign that was
        not so long (光绪五十年) is left unread.
        """
        own = None if year is None else Own(year, month, day=day)
        return extraction.extract(self._scanner, text, Context(year, month, own=own))

    def mentions(
        self,
        blocks: Sequence[Block],
        *,
        year: int | None = None,
        date: Period | None = None,
        printed: int | None = None,
    ) -> tuple[Mention, ...]:
        """The mentions of an article's blocks, in order. The year runs on inside a block and starts afresh in the next.

        A heading that is a year and little else (1958年, 光绪三十年（1904）) gives the year to the blocks under it,
        until the next heading of its level or above; a paragraph that is only a year does so until the next such one or
        heading; `year` does so for the whole article. Further readings of an expression follow it as mentions of their
        own with the same place; those of dates that contradict each other have `!conflict` at the end of their rule.

        今年 and 上月 count from `date`, when the text was written, or else from the year it was `printed` in; their
        rule says which, `own` or `print`. What is left open (1958年起) ends with `date`, or else before the next date
        of its block; its rule holds OPEN, and a mention of the closed year, month or day that it began with follows it.
        """
        until = date.end if date else None
        own = None if printed is None else Own(printed, printed=True)
        if date and until is not None:
            month = civil(until)[1] if date.precision in _BY_MONTH else None
            own = Own(year_of(until), month, day=until if date.precision is Precision.DAY else None)
        return extraction.mentions(self._scanner, blocks, year, own, until)

    def parse(self, expression: str) -> Period:
        """The period a person means. `written` of the result is the text as given.

        Reads every expression that `extract` reads, years alone (1958, -220), ISO dates and months (1949-10-01,
        1949-10), ranges with `..` whose ends may be missing (1936..1945, 光绪三十年..民国元年, 1949..) and names alone
        (光绪, 清代, 民国). Raises PeriodError for anything else and for days that never were; nothing is silently
        corrected.
        """
        return parse.parse(self._scanner, expression)

    def understand(self, expression: str) -> Period:
        """The period a person types into a search: also 58年, 58-62年, 1958秋, 1958至今, 约1958年, 九一八到抗战胜利.

        What can be read in several ways (戊戌年) or in none raises PeriodError, whose `nearest` are the readings that
        may have been meant. Wording in a manuscript is read by `parse`, which guesses less.
        """
        return typed_period.understand(self._scanner, self.tables, expression)


@cache
def shipped_reader() -> DateReader:
    """The reader under the tables that come with the program, which never change."""
    return DateReader(shipped())
