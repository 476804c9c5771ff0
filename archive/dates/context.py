"""What a bare month, day or count of years belongs to: what was told before it, and when the text was written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reign:
    """An era in progress: the year counted as its first, its last count, the year reached, whether months are lunar.

    `whole`: the era was told without a year (乾隆间).
    """

    year_one: int
    last: int
    reached: int
    moon: bool
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """When a text was written, or printed: what 今年 and 上月 count from; `month` is None where it is not known.

    `day` is the Julian day number that 昨日 counts from, where the day is known.
    """

    year: int
    month: int | None = None
    printed: bool = False
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What was told up to some place in a text, and may be left out in what follows."""

    year: int | None = None
    """The running year, which a bare month, 是年 and 年底 belong to."""
    month: int | None = None
    """The running month, which a bare day and 月底 belong to."""
    moon: bool = False
    """Whether months are lunar."""
    century: int = 1900
    """What a bare decade belongs to."""
    reign: Reign | None = None
    """What a bare count of years (十五年) belongs to."""
    day: int | None = None
    """The Julian day number that 次日 counts from."""
    own: Own | None = None
    """What 今年 counts from."""
    base: int | None = None
    """The year that 第三年 counts from, where 次年 or 第二年 was told since."""
    told: int | None = None
    """The year last told by its number."""
    short: bool = False
    """Whether that was one without its century (五三年)."""
    run: int = 0
    """How many years were told one after another up to the running one (1957年、1958年: 2)."""
    first_day: int | None = None
    """The day that 第三天 counts from, where 次日 or 第二天 was told since."""
    leaning: bool = False
    """`year` and `month` are those of `own` and stand nowhere in the text: they hold for months and days, and for
    other words only once one of these was told."""
    paired: bool = False
    """Whether the running year was told by its sexagenary name."""
    pair_day: bool = False
    """Whether the day last told was told by its sexagenary name."""
    leap: bool = False
    """Whether the running month is a leap month."""
    latest: int | None = None
    """The latest year told by its number."""
    entry: int | None = None
    """The day of the entry of a diary, which 昨日 and 本日 count from."""
    whole: tuple[int, int] | None = None
    """The days of the running year where a Gregorian one in brackets tells them."""
    under: int | None = None
    """The year given by a heading, a line above or a column, in which the entries of a chronicle go on."""
    aside: Aside | None = None
    """What holds again when the aside that is being told is over."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A date told beside the story: in brackets, or that of an end in an entry of something else.

    `before` holds again behind one of the characters `until`; where `month` is told, only for what opens a sentence
    with a month less than that one, so that the story could not go on otherwise.
    """

    before: Context
    until: str
    month: int | None = None


def leaning(own: Own) -> Context:
    """The context of a text that names no year but was written, or printed, at a known time."""
    return Context(own.year, own.month, own=own, leaning=True)
