"""The state of a page of hits: a search and a page of it, and the address of every neighbouring state."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import g, url_for
from werkzeug.datastructures import MultiDict

from archive.model.errors import UsageError
from archive.model.search import FacetCount, PeriodIn, Results, Search, Sort, Timeline, address_number, parameter_name
from archive.search.facet_labels import FACET_NAMES
from archive.session import Session

PAGE = 20
"""Hits on a page."""

SORTS = {Sort.RELEVANCE: "相关", Sort.DATE_UP: "由早到晚", Sort.DATE_DOWN: "由晚到早", Sort.SOURCE: "卷次"}
"""The orders offered, with their names on screen."""

PLACES = {PeriodIn.ANY: "成文或文中", PeriodIn.DATE: "成文日期", PeriodIn.TEXT: "文中所述"}
"""Where a period is looked for, with its name on screen."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

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

_EVERYTHING = Search()
_ANY_PERIOD = "1950年"  # in the place of another
_PLAIN = "!$&'()*+,/:;=@"  # what addresses of ours leave as it is in a path
_FILTERS = (*FACET_NAMES, "undated", "scope", "sort")


@lru_cache(4096)
def _encoded(name: str, value: str) -> str:
    """One parameter of an address. A page has hundreds of addresses that differ in one of them."""
    return urlencode(((name, value),))


def _path() -> str:
    """The address of the search page, made once for a request."""
    if "search_path" not in g:
        g.search_path = url_for("search.search")
    return str(g.search_path)


def _reading(carried: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """What stands before the id in the address of a reading page, and its parameters, made once for a request."""
    made: dict[object, tuple[str, str]] = g.setdefault("reading_paths", {})
    if carried not in made:
        values: dict[str, Any] = dict(carried)
        path, _, query = url_for("reading.article", article_id="0", **values).partition("?")
        made[carried] = path[:-1], query
    return made[carried]


class Choice(NamedTuple):
    """A value of a facet with where choosing it leads, or freeing the search of it where it is `on`."""

    counted: FacetCount
    url: str
    on: bool


@lru_cache(64)
def _carried(search: Search) -> tuple[tuple[str, str], ...]:
    return tuple(search.but(**{name: getattr(_EVERYTHING, name) for name in _FILTERS}).pairs())


@dataclass(frozen=True, slots=True)
class SearchState:
    """`search` is what is asked for; `page` counts from 1.

    `at` is the moment of the library's last change when the address was made to be kept, empty in any other.
    """

    search: Search = _EVERYTHING
    page: int = 1
    at: str = ""

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> SearchState:
        """The state an address describes; UsageError when a value is none of those offered."""
        page = address_number(args.get("page") or "1", "页码")
        if page < 1:
            raise UsageError(f"没有第 {page} 页。", hint="页码从 1 开始。")
        at = args.get("at", "")
        if at and not _MOMENT.fullmatch(at):
            raise UsageError(f"地址中的时刻“{at[:30]}”写法不对。", hint="请从检索页重新开始。")
        return cls(Search.read(args.items(multi=True)), page, at)

    def pairs(self) -> list[tuple[str, str]]:
        """The state as address parameters; whatever has its default value is left out."""
        page = [("page", str(self.page))] if self.page > 1 else []
        return [*self.search.pairs(), *page, *([("at", self.at)] if self.at else [])]

    @property
    def url(self) -> str:
        """The address of this state."""
        query = "&".join(_encoded(*pair) for pair in self.pairs())
        return _path() + (f"?{query}" if query else "")

    @property
    def carried(self) -> dict[str, str]:
        """The parameters a reading page needs to highlight why its article was found."""
        return dict(_carried(self.search))

    def reading(self, article: str, block: int | None = None) -> str:
        """The address of an article, highlighted; of one of its blocks as `web.reading.leaves.place_url` makes it."""
        before, query = _reading(_carried(self.search))
        if block:
            query = f"block={block}&{query}" if query else f"block={block}"
        anchor = "" if block is None else f"#b{block}"
        return f"{before}{quote(article, safe=_PLAIN)}{'?' if query else ''}{query}{anchor}"

    @property
    def asked(self) -> bool:
        """Whether words or a period are asked for, not only filters."""
        return bool(self.search.text or self.search.period)

    @property
    def order(self) -> Sort:
        """The order in force: a listing without a question has no relevance and follows the volumes."""
        return Sort.SOURCE if self.search.sort is Sort.RELEVANCE and not self.asked else self.search.sort

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The (facet, value) pairs in force."""
        return [(name, str(value)) for name in FACET_NAMES for value in getattr(self.search, name)]

    @property
    def restricted(self) -> bool:
        """Whether anything but words and a period restricts what is found."""
        return bool(self.chosen or self.search.undated or self.search.scope)

    def but(self, **changes: object) -> SearchState:
        """The first page of the same search with changes."""
        return SearchState(self.search.but(**changes))

    def asking(self, search: Search) -> SearchState:
        """The first page of another search."""
        return SearchState(search.but(sort=self.search.sort))

    def turned(self, page: int) -> SearchState:
        """Another page of the same search."""
        return replace(self, page=page)

    def choose(self, facet: str, value: str) -> SearchState:
        """The same search narrowed to a facet value as well, or freed of it when it was in force."""
        (wanted,) = getattr(Search.read([(facet, value)]), facet)
        present = getattr(self.search, facet)
        rest = tuple(one for one in present if one != wanted)
        return self.but(**{facet: rest if wanted in present else (*present, wanted)})

    def choices(self, facet: str, counts: Sequence[FacetCount]) -> list[Choice]:
        """What `choose` leads to for each of these values."""
        present = {str(value) for value in getattr(self.search, facet)}
        first = next((each.value for each in counts if each.value not in present), None)
        if first is None:
            return [Choice(each, self.choose(facet, each.value).url, True) for each in counts]
        encoded = [_encoded(*pair) for pair in self.choose(facet, first).pairs()]
        parameter = parameter_name(facet)
        at = max((at for at, each in enumerate(encoded) if each.startswith(f"{parameter}=")), default=0)
        begin = f"{_path()}?" + "".join(f"{each}&" for each in encoded[:at])
        end = "".join(f"&{each}" for each in encoded[at + 1 :])
        return [
            Choice(each, self.choose(facet, each.value).url, True)
            if each.value in present
            else Choice(each, f"{begin}{_encoded(parameter, each.value)}{end}", False)
            for each in counts
        ]

    def during(self, **changes: object) -> Callable[[str], str]:
        """What gives the address of `but(period=…)`, with these other changes, for one period after another."""
        encoded = [_encoded(*pair) for pair in self.but(period=_ANY_PERIOD, **changes).pairs()]
        at = encoded.index(_encoded("period", _ANY_PERIOD))
        begin = f"{_path()}?" + "".join(f"{each}&" for each in encoded[:at])
        end = "".join(f"&{each}" for each in encoded[at + 1 :])
        return lambda period: f"{begin}{_encoded('period', period)}{end}"

    def ask(self, session: Session, limit: int = PAGE, *, all_places: bool = False) -> Results:
        """Search; QueryError and PeriodError name what was not understood."""
        asked, offset = self.search.but(sort=self.order), (self.page - 1) * PAGE
        return session.search(asked, limit=limit, offset=offset, all_places=all_places)

    def over_time(self, session: Session) -> Timeline:
        """Count what is found over time, whatever the period: the chart is where one is chosen. Raises like `ask`."""
        return session.timeline(self.charted)

    @property
    def charted(self) -> Search:
        """What the chart counts: the search whatever its period."""
        return self.search.but(period="", within=False, undated=None)
