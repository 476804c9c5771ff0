"""State secrets, which an ordinary library does not hold, and what is kept back until a day that is noted.

No day opens anything: what has fallen due is a proposal, and a person decides about each text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from archive.catalogue import fields
from archive.model.access import Action, Actor
from archive.model.errors import NotAllowed, PeriodError, ReadError, UsageError
from archive.model.records import Access, Article
from archive.store import Store

UNTIL = "保密期限"
_MARK = re.compile(r"(?:秘密|机密|绝密)\s*[★☆]\s*(?:[0-9０-９一二三四五六七八九十]+\s*[年月]|长期)?")
_DAYS_TO_ORDINAL = 1_721_425  # Julian day number of the day before 0001-01-01


def marks(article: Article) -> Iterator[tuple[int, str]]:
    """Where a text bears a mark of secrecy (秘密★10年): block and wording, in reading order."""
    for index, block in enumerate(article.blocks):
        for found in _MARK.finditer(block.text):
            yield index, found.group().strip()


def require_unclassified(article: Article) -> None:
    """Raise ReadError for a text that is described as a state secret."""
    if held := fields.classified(article):
        raise ReadError(f"《{article.title}》：{held.message}", hint=held.hint)


@dataclass(frozen=True, slots=True)
class Due:
    """An article that is kept back, and the day (as it was written) until which it was to be."""

    article: Article
    until: str


class Openings:
    """What is kept back, and the decisions about it: `session.openings`."""

    def __init__(
        self,
        store: Store,
        actor: Actor,
        read: fields.Reading,
        describe: Callable[[str, dict[str, str | Sequence[str]], str], Article],
    ) -> None:
        """For `Session` only; `read` understands dates, `describe` sets fields of an article."""
        self._store = store
        self._actor = actor
        self._read = read
        self._describe = describe

    def due(self, today: date | None = None) -> tuple[Due, ...]:
        """The articles not open whose 保密期限 has passed or cannot be read, as they came in; for who may decide."""
        if not self._actor.rights.allow(Action.FINAL_REVIEW):
            return ()
        day = (today or date.today()).toordinal() + _DAYS_TO_ORDINAL
        return tuple(self._due(day))

    def _due(self, day: int) -> Iterator[Due]:
        for article in self._store.with_field(UNTIL, self._actor.rights.in_use):
            if article.access is Access.OPEN:
                continue
            until = fields.written(article, UNTIL)
            try:
                end = self._read(until).end
            except PeriodError:  # it came from another system; somebody has to look at it
                end = None
            if end is None or end < day:
                yield Due(article, until)

    def open(self, article_id: str, reason: str) -> Article:
        """Open an article that was kept back. Raises NotFound, NotAllowed, UsageError without a reason."""
        self._require(article_id, reason)
        changes: dict[str, str | Sequence[str]] = {"开放标识": Access.OPEN.value, "密级": "公开"}
        return self._describe(article_id, changes, f"开放审核，同意开放：{reason.strip()}")

    def keep(self, article_id: str, until: str, reason: str) -> Article:
        """Keep an article back until another day. Raises NotFound, NotAllowed, UsageError, FieldError."""
        self._require(article_id, reason)
        if not until.strip():
            raise UsageError("继续控制要写到什么时候为止", hint="例如 2040年12月31日")
        return self._describe(article_id, {UNTIL: until.strip()}, f"开放审核，继续控制：{reason.strip()}")

    def _require(self, article_id: str, reason: str) -> None:
        article = self._store.seen(article_id, self._actor.rights)
        if not self._actor.rights.allow(Action.FINAL_REVIEW, article):
            raise NotAllowed(f"{self._actor.name}没有“{Action.FINAL_REVIEW.value}”的权限", hint="请分管领导来定")
        if not reason.strip():
            raise UsageError("没有写理由，什么也没有改动", hint="写谁同意的、依据什么")
