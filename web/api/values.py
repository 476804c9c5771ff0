"""What several operations answer with: periods, dates, articles in short. Days are ISO 8601, proleptic Gregorian."""

from __future__ import annotations

from msgspec import Struct

from archive import dates
from archive.model.holdings import Listed
from archive.model.records import Article, Mention, Period, Person


class Answer(Struct, frozen=True, kw_only=True):
    """Base of all that is answered."""


class PeriodValue(Answer, frozen=True, kw_only=True):
    """A period: as it is written, its first and last day, null where open, how finely it is told."""

    text: str
    start: str | None
    end: str | None
    precision: str

    @classmethod
    def maybe(cls, period: Period | None) -> PeriodValue | None:
        """From the archive's own where there is one."""
        return None if period is None else cls.of(period)

    @classmethod
    def of(cls, period: Period) -> PeriodValue:
        """From the archive's own."""
        start, end = (None if day is None else dates.iso(day) for day in (period.start, period.end))
        return cls(text=period.written, start=start, end=end, precision=period.precision.value)


class MentionValue(Answer, frozen=True, kw_only=True):
    """A date in a text: block and (start, end) in its text, code points, end exclusive."""

    block: int
    span: tuple[int, int]
    text: str
    period: PeriodValue
    vague: bool

    @classmethod
    def of(cls, mention: Mention, text: str) -> MentionValue:
        """From a mention and the text of its block."""
        span = mention.start, mention.end
        written = text[mention.start : mention.end]
        period = PeriodValue.of(mention.period)
        return cls(block=mention.block, span=span, text=written, period=period, vague=mention.vague)


class PersonValue(Answer, frozen=True, kw_only=True):
    """A contributor and the part they had."""

    name: str
    role: str

    @classmethod
    def several(cls, people: tuple[Person, ...]) -> tuple[PersonValue, ...]:
        """From those of an article."""
        return tuple(cls(name=one.name, role=one.role.value) for one in people)


class ArticleLine(Answer, frozen=True, kw_only=True):
    """An article as a list shows it."""

    id: str
    version: int
    title: str
    collection: str
    volume: str
    section: str
    people: tuple[PersonValue, ...]
    date: PeriodValue | None
    genre: str
    status: str
    access: str
    characters: int

    @classmethod
    def of(cls, one: Article | Listed) -> ArticleLine:
        """From an article, or what a list has of it."""
        return cls(
            id=one.id,
            version=one.version,
            title=one.title,
            collection=one.collection,
            volume=one.volume,
            section=one.section,
            people=PersonValue.several(one.people),
            date=PeriodValue.maybe(one.date),
            genre=one.genre.value,
            status=one.status.value,
            access=one.access.value,
            characters=one.characters,
        )
