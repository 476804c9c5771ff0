"""The state of the search page: exactly what its address says, and the address of every neighbouring state."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from flask import url_for

from archive.library import Library
from archive.model.errors import UsageError
from archive.search.query import Filters, PeriodIn, Results, Sort, Timeline
from web.base import current

PAGE = 20
"""Hits on a page."""

FACETS = {"collection": "文集", "section": "栏目", "author": "作者", "decade": "年代"}
"""The facets in the order they are shown, with their names on screen."""

SORTS = {Sort.RELEVANCE: "相关", Sort.DATE_UP: "由早到晚", Sort.DATE_DOWN: "由晚到早", Sort.SOURCE: "卷次"}
"""The orders offered, with their names on screen."""

PLACES = {PeriodIn.ANY: "成文或文中", PeriodIn.DATE: "成文日期", PeriodIn.TEXT: "文中所记"}
"""Where a period is looked for, with its name on screen."""

PERIOD_EXAMPLES = (
    (("光绪三十年", "宣统元年正月"), "年号，到年、月、日都行"),
    (("光绪年间", "清末", "民国"), "一朝、一段"),
    (("民国二十三年", "民国廿三年春"), "民国纪年、季节"),
    (("1950年代", "五十年代初", "19世纪末"), "年代、世纪"),
    (("1958年秋", "1949年9月19日"), "公历"),
    (("1936..1945", "1949年10月以后"), "起止，一头可以敞开"),
    (("抗战时期", "大跃进", "文革"), "史事；本单位的可以自己添"),
    (("公元前221年",), "公元前"),
)
"""How a period can be written, with what each shows; every one is understood (tested)."""

_CARRIED = frozenset({"q", "period", "in", "within", "vague", "written"})

_Choice = TypeVar("_Choice", bound=enum.StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is asked for. Field names are those of the address, so that a state and its address are one thing.

    `page` counts from 1. `decade` 1950 means 1950-1959. `within` wants dates wholly inside
    the period, `vague` takes wording such as 建国后 for dates too.
    """

    q: str = ""
    period: str = ""
    period_in: PeriodIn = PeriodIn.ANY
    within: bool = False
    vague: bool = False
    written: bool = False
    collection: str = ""
    section: str = ""
    author: str = ""
    decade: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Inquiry:
        """The state an address describes; UsageError when a value is none of those offered."""
        return cls(
            q=args.get("q", "").strip(),
            period=args.get("period", "").strip(),
            period_in=_choice(PeriodIn, args.get("in", ""), PeriodIn.ANY, "时期范围"),
            within=_switch(args.get("within", "")),
            vague=_switch(args.get("vague", "")),
            written=_switch(args.get("written", "")),
            collection=args.get("collection", ""),
            section=args.get("section", ""),
            author=args.get("author", ""),
            decade=_number(args.get("decade", ""), "年代"),
            sort=_choice(Sort, args.get("sort", ""), Sort.RELEVANCE, "排序"),
            page=_page(_number(args.get("page", ""), "页码")),
        )

    def pairs(self) -> dict[str, str]:
        """The state as address parameters; whatever has its default value is left out."""
        every = {
            "q": self.q,
            "period": self.period,
            "in": "" if self.period_in is PeriodIn.ANY else self.period_in.value,
            "within": "1" if self.within else "",
            "vague": "1" if self.vague else "",
            "written": "1" if self.written else "",
            "collection": self.collection,
            "section": self.section,
            "author": self.author,
            "decade": "" if self.decade is None else str(self.decade),
            "sort": "" if self.sort is Sort.RELEVANCE else self.sort.value,
            "page": "" if self.page == 1 else str(self.page),
        }
        return {name: value for name, value in every.items() if value}

    @property
    def carried(self) -> dict[str, str]:
        """The parameters a reading page needs to highlight why its article was found."""
        return {name: value for name, value in self.pairs().items() if name in _CARRIED}

    @property
    def url(self) -> str:
        """The address of this state."""
        return url_for("search.search", **self.pairs())  # type: ignore[arg-type]

    @property
    def order(self) -> Sort:
        """The order in force: a listing without a question has no relevance and follows the volumes."""
        return Sort.SOURCE if self.sort is Sort.RELEVANCE and not (self.q or self.period) else self.sort

    @property
    def chosen(self) -> dict[str, str]:
        """The facet values in force, by facet."""
        values = ((name, getattr(self, name)) for name in FACETS)
        return {name: str(value) for name, value in values if value not in ("", None)}

    def but(self, **changes: object) -> Inquiry:
        """The same inquiry with changes, from its first page unless the page is among them."""
        return replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]

    def choose(self, facet: str, value: str) -> Inquiry:
        """The same inquiry narrowed to a facet value, or freed of that facet when `value` is empty."""
        if facet == "decade":
            return self.but(decade=_number(value, "年代"))
        return self.but(**{facet: value})

    def ask(self, library: Library, limit: int = PAGE) -> Results:
        """Search; QueryError and PeriodError name what was not understood."""
        return library.search(self.q, period=self.period, rights=current.rights(), **self._filters(limit))

    def over_time(self, library: Library) -> Timeline:
        """Count what is found over time, whatever the period: the chart is where one is chosen. Raises like `ask`."""
        return library.timeline(self.q, rights=current.rights(), **self._filters(0))

    def _filters(self, limit: int) -> Filters:
        return Filters(
            period_in=self.period_in,
            vague=self.vague,
            within=self.within,
            collection=self.collection,
            section=self.section,
            author=self.author,
            decade=self.decade,
            as_written=self.written,
            sort=self.order,
            limit=limit,
            offset=(self.page - 1) * PAGE,
        )


def _choice(kind: type[_Choice], value: str, default: _Choice, what: str) -> _Choice:
    if not value:
        return default
    try:
        return kind(value)
    except ValueError:
        offered = "、".join(str(each) for each in kind)
        raise UsageError(f"地址中的{what}“{value}”不是可选的值。", hint=f"可选：{offered}。") from None


def _page(number: int | None) -> int:
    if number is not None and number < 1:
        raise UsageError(f"没有第 {number} 页。", hint="页码从 1 开始。")
    return number or 1


def _switch(value: str) -> bool:
    return value not in ("", "0")


def _number(value: str, what: str) -> int | None:
    if not value:
        return None
    digits = value.removeprefix("-")  # decades before the common era are negative
    if digits.isascii() and digits.isdigit() and len(digits) < 8:
        return int(value)
    raise UsageError(f"地址中的{what}“{value}”不是数字。", hint="请从检索页重新开始。")
