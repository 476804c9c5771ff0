"""The dates of a library's articles: read by rule under the office's own periods, editors' decisions above all.

Whoever calls a function that changes something holds the writer's lock and indexes what is pending afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from archive.dates.calendar import year_of
from archive.dates.office_periods import FILE, OfficePeriods
from archive.dates.version import RULES
from archive.model import date_decisions
from archive.model.date_decisions import Decision
from archive.model.errors import Conflict, NotFound
from archive.model.holdings import Problem
from archive.model.records import Article, Genre, Mention, Period, Precision
from archive.store import Store
from archive.text.anchors import Place

if TYPE_CHECKING:
    from archive.dates.reader import DateReader

Progress = Callable[[int, int], None]
"""Called with (articles done, articles in all) as work goes on."""

Dated = tuple[Article, tuple[Mention, ...]]
"""An article and the dates in it."""

_AT_ONCE = 200  # articles whose dates change in one transaction
_REOPEN = "重新打开这篇文章，在最新的一版上再改"


def read(periods: OfficePeriods, article: Article, decisions: Sequence[Decision] = ()) -> tuple[Mention, ...]:
    """The dates of an article as they stand under these decisions.

    In an entry of a chronicle bare months and days belong to the year of the entry; other texts may have been written
    long after what they tell.
    """
    year = None
    if article.genre is Genre.ENTRY and article.date is not None and article.date.start is not None:
        year = year_of(article.date.start)
    reader = periods.reader()
    mentions = reader.mentions(article.blocks, year=year, date=article.date, printed=_printed(reader, article.volume))
    return date_decisions.apply(decisions, mentions, article.blocks)


def read_each(
    periods: OfficePeriods, articles: Sequence[Article], decided: Sequence[Sequence[Decision]]
) -> list[Dated]:
    """Articles with their dates; `decided` are the decisions on each, nothing where none has any."""
    pairs = zip(articles, decided or [()] * len(articles), strict=True)
    return [(article, read(periods, article, decisions)) for article, decisions in pairs]


def _printed(reader: DateReader, volume: str) -> int | None:
    """The year of print in the name of a volume: 第三辑（1987年）."""
    found = [one.period for one in reader.extract(volume) if one.period.precision is Precision.YEAR]
    return None if len(found) != 1 or found[0].start is None else year_of(found[0].start)


def revise(store: Store, periods: OfficePeriods, article: Article, reason: str, who: str) -> Article:
    """Store the next version of an article, decisions on its dates carried over; see `Session.correct`."""
    present = store.article(article.id)
    decisions = date_decisions.carried(store.decisions(article.id), present.blocks, article.blocks)
    return store.revise(article, read(periods, article, decisions), reason, who, decisions)


def describe(
    store: Store, periods: OfficePeriods, articles: Sequence[Article], reason: str, who: str
) -> tuple[Article, ...]:
    """Store the next versions of articles, with their statuses, all or none; see `Session.describe_many`."""
    described: list[tuple[Article, tuple[Mention, ...], tuple[Decision, ...]]] = []
    for article, present in zip(articles, store.articles([one.id for one in articles]), strict=True):
        if (article.blocks, article.date) == (present.blocks, present.date):
            described.append((article, store.mentions(article.id), ()))
            continue
        decisions = date_decisions.carried(store.decisions(article.id), present.blocks, article.blocks)
        described.append((article, read(periods, article, decisions), decisions))
    return store.describe(described, reason, who)


def decide(
    store: Store,
    periods: OfficePeriods,
    id: str,
    place: Place,
    period: Period | None,
    reason: str,
    who: str,
    version: int,
) -> tuple[Mention, ...]:
    """Decide on a place of an article, instead of what was decided there before; see `Session.reject_date`."""
    article = store.article(id)
    if version not in (0, article.version):
        message = f"文章 {id} 已有人改到第 {article.version} 版，这次对日期的订正没有保存"
        raise Conflict(message, hint=_REOPEN)
    _require(article, place)
    if period is None and not any(
        date_decisions.overlapping(place, date_decisions.place(one)) for one in store.mentions(id)
    ):
        raise NotFound("这里没有读出日期，无从剔除", hint=_REOPEN, place=_told(article, place))
    present = store.decisions(id)
    before = [(decision, date_decisions.place_of(decision, article.blocks)) for decision in present]
    over = [decision.key for decision, held in before if held and date_decisions.overlapping(held, place)]
    decision = date_decisions.decide(article.blocks, place, period, reason)
    mentions = read(periods, article, [*(one for one in present if one.key not in over), decision])
    store.decide(id, decision, mentions, who, over)
    return mentions


def undo(store: Store, periods: OfficePeriods, id: str, key: int, who: str) -> tuple[Mention, ...]:
    """Take back a decision by its key. Raises NotFound."""
    standing = [decision for decision in store.decisions(id) if decision.key != key]
    mentions = read(periods, store.article(id), standing)
    store.undecide(id, key, mentions, who)
    return mentions


def redate(store: Store, periods: OfficePeriods, progress: Progress | None, who: str) -> int:
    """Read the dates of all articles again; how many articles have others now.

    Goes on in steps that are whole each; only after the last one the dates count as read with the present rules.
    """
    signature = _signature(periods)
    total, changed = store.count(), 0
    fresh: list[tuple[str, tuple[Mention, ...]]] = []
    for done, (article, mentions) in enumerate(store.each(), 1):
        now = read(periods, article, store.decisions(article.id))
        if now != mentions:
            fresh.append((article.id, now))
        if len(fresh) == _AT_ONCE or (fresh and done == total):
            store.replace_mentions(fresh, who)
            changed += len(fresh)
            fresh = []
        if progress:
            progress(done, total)
    store.note_read_with(signature)
    return changed


def begin(store: Store, periods: OfficePeriods) -> None:
    """To be called before an import: the first articles of all are read with the present rules, so nothing is old."""
    if not store.count():
        store.note_read_with(_signature(periods))


def _signature(periods: OfficePeriods) -> str:
    """What dates are read with now: the version of the rules, and the office's own periods."""
    return f"{RULES}{_AND}{periods.signature()}"


_AND = "/"


def outdated(store: Store, periods: OfficePeriods) -> tuple[Problem, ...]:
    """Why dates should be read again: other rules, or other periods of the office, than they were last read with.

    `redate` puts both right; nothing is told while the office's file is broken, since it would be read without it.
    Libraries of programs that kept no version of the rules have dates of older rules.
    """
    if not store.count() or periods.error():
        return ()
    rules, _, own = store.read_with().rpartition(_AND)
    found = []
    if rules != str(RULES):
        message = "程序升级后读日期的规则有改进，已收入的文章里的日期还是按原来的规则读的，检索时期可能查不全"
        found.append(Problem("dates-outdated", message, str(store.root), _AGAIN))
    if own != periods.signature():
        message = "时期改过，还没有重新读日期；已收入的文章仍按原来的时期"
        found.append(Problem("periods-changed", message, str(store.root / FILE), _AGAIN))
    return tuple(found)


_AGAIN = "运行 wenshi reindex --dates 重新读日期；文章、原件和编辑对日期的订正不受影响"


def problems(store: Store, periods: OfficePeriods) -> tuple[Problem, ...]:
    """What is wrong with the office's own periods, and why dates should be read again."""
    error = periods.error()
    if error:
        return (Problem("periods-broken", error.message, str(store.root / error.place), error.hint),)
    return outdated(store, periods)


def _require(article: Article, place: Place) -> None:
    block, start, end = place
    fits = 0 <= block < len(article.blocks) and article.blocks[block].kind.searched
    if not fits or not 0 <= start < end <= len(article.blocks[block].text):
        raise NotFound("文章里没有这个位置", hint=_REOPEN, place=_told(article, place))


def _told(article: Article, place: Place) -> str:
    return f"文章 {article.id} 第 {place[0]} 段第 {place[1] + 1} 至 {place[2]} 字"
