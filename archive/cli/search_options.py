"""The options by which a command says what to search for: the same wherever something is searched, saved or counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce, wraps
from typing import Any, TypeVar

import click

from archive.model.records import Genre
from archive.model.search import PeriodIn, Search, Sort

Command = TypeVar("Command", bound=Callable[..., Any])

_GENRES = "只查这一类，可以写多次：article 文章，entry 大事记条目，term 组织史，matter 卷首卷末。"

_OPTIONS = (
    click.option("--period", default="", help="时期，例如：光绪三十年、1950年代、1936..1945。"),
    click.option(
        "--period-in",
        type=click.Choice([place.value for place in PeriodIn]),
        default=PeriodIn.ANY.value,
        help="时期看哪里：date 成文日期，text 文中所写，any 两者之一（默认）。",
    ),
    click.option("--within", is_flag=True, help="日期须完全落入时期之内（默认有交叠即可）。"),
    click.option("--open", "open_ended", is_flag=True, help="包括一头没有说定的日期（1958年起、1949年以前）。"),
    click.option("--vague", is_flag=True, help="包括笼统的说法（建国后、解放前）。"),
    click.option(
        "--undated",
        type=click.Choice([place.value for place in PeriodIn]),
        help="只查没有日期的：date 成文日期不详，text 文中没有日期，any 两者都没有。",
    ),
    click.option("--collection", multiple=True, help="只查这一个文集（编号），可以写多次。"),
    click.option("--volume", multiple=True, help="只查这一辑，可以写多次。"),
    click.option("--section", multiple=True, help="只查这一栏目，可以写多次。"),
    click.option("--author", multiple=True, help="只查这一位作者，可以写多次。"),
    click.option("--genre", type=click.Choice([genre.value for genre in Genre]), multiple=True, help=_GENRES),
    click.option("--person", multiple=True, help="只查文中有这个人的（名称表里的规范名，别名也算），可以写多次。"),
    click.option("--place", multiple=True, help="只查文中有这个地方的（名称表里的规范名，别名也算），可以写多次。"),
    click.option("--scope", default="", help="只在这个工作集里查。"),
    click.option("--as-written", is_flag=True, help="照原字检索，不作繁简、异体、全半角折合。"),
)
_SORT = click.option(
    "--sort", type=click.Choice([sort.value for sort in Sort]), default=Sort.RELEVANCE.value, help="排序。"
)
_DATES = ("period", "period_in", "within", "open_ended", "vague", "undated")
_PARTS = ("collection", "volume", "section", "author", "genre", "person", "place", "scope")
_NAMES = (*_DATES, *_PARTS, "as_written", "sort")


def search_options(command: Command) -> Command:
    """Give a command these options; it receives them together as `search`, a `Search` without text."""
    return _with(command, (*_OPTIONS, _SORT))


def unsorted_search_options(command: Command) -> Command:
    """The same for a command with an order of its own."""
    return _with(command, _OPTIONS)


def _with(command: Command, options: Sequence[Callable[[Any], Any]]) -> Command:
    @wraps(command)
    def with_search(*args: Any, **given: Any) -> Any:
        asked = {name: given.pop(name) for name in _NAMES if name in given}
        return command(*args, search=_search(asked), **given)

    return reduce(lambda made, option: option(made), reversed(options), with_search)  # type: ignore[return-value]


def _search(given: Mapping[str, Any]) -> Search:
    return Search(
        period=given["period"].strip(),
        period_in=PeriodIn(given["period_in"]),
        within=given["within"],
        vague=given["vague"],
        open=given["open_ended"],
        as_written=given["as_written"],
        collection=given["collection"],
        volume=given["volume"],
        section=given["section"],
        author=given["author"],
        genre=tuple(map(Genre, given["genre"])),
        person=given["person"],
        place=given["place"],
        undated=PeriodIn(given["undated"]) if given["undated"] else None,
        scope=given["scope"].strip(),
        sort=Sort(given.get("sort", Sort.RELEVANCE)),
    )
