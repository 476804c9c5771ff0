"""The record: one person in one post."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model.records import Period, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """One person in one post of one body, as an article lists it.

    `article` is its id and `block` the index of the block that names the person. `since` and `until` are when the
    person took and left office, None where the list does not say; an `until` with an open end says “until now”.
    `written` is the term of office as printed, `session` (届期) the period of the whole term of the body. `doubts` are
    the reasons why an editor should look at the row; empty for most.
    """

    person: str
    post: str
    body: str = ""
    term: str = ""
    since: Period | None = None
    until: Period | None = None
    written: str = ""
    session: Period | None = None
    sex: str = ""
    ethnicity: str = ""
    native: str = ""
    remark: str = ""
    collection: str = ""
    article: str = ""
    block: int = 0
    doubts: tuple[str, ...] = ()

    @property
    def period(self) -> Period | None:
        """All days in office as far as the list has them, or else the whole term of the body; None where neither."""
        if self.since is None and self.until is None:
            return self.session
        start = self.since.start if self.since else None
        end = self.until.end if self.until else (self.session.end if self.session else None)
        if start is None and self.session:
            start = self.session.start
        if start is not None and end is not None and start > end:
            return self.since
        return Period(start, end, Precision.RANGE, self.written)
