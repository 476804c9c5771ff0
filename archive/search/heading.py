"""What every list, table and chart that leaves the library says of itself, so that whoever meets it can ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import metadata
from pathlib import Path

from archive.model.access import Rights
from archive.model.search import Sort
from archive.search import hits
from archive.search.facet_labels import PLACES, filters_in_words
from archive.search.index.engine import Engine
from archive.search.index.facts import Tally
from archive.search.query import EVERYTHING, Query
from archive.store import Store
from archive.support.files import write_whole
from archive.support.sheets import csv_text, write_xlsx

SORTS = {Sort.RELEVANCE: "相关", Sort.DATE_UP: "由早到晚", Sort.DATE_DOWN: "由晚到早", Sort.SOURCE: "按来源"}

Heading = tuple[tuple[str, str], ...]
"""(label, value) pairs in order."""


def heading(query: Query, rights: Rights, store: Store, engine: Engine) -> Heading:
    """Query, period, scope and its size, what was found, order, day, version, and the state of the library.

    The size of the scope is that of all that filters and rights let through, in characters that are neither
    punctuation nor blanks. The same question of the same library gives the same heading on the same day.
    """
    search = query.search
    scope = _sum(engine, replace(query, tree=EVERYTHING, period=None), rights)
    found = _sum(engine, query, rights)
    titles = {one.id: one.title for one in store.collections(None)}
    filters = "；".join(filters_in_words(search, titles))
    return (
        ("检索式", search.text or "（全部）"),
        ("理解为", hits.understood(query) + ("；照原字" if search.as_written else "")),
        ("时期", f"{search.period}（{PLACES[search.period_in]}）" if search.period else "不限"),
        ("范围", f"{filters or '全库'}，{scope.articles} 篇、{scope.letters} 字"),
        ("结果", f"{found.found} 篇" + (f"、{found.places} 处" if found.places else "")),
        ("排序", SORTS[search.sort]),
        ("日期", date.today().isoformat()),
        ("程序", f"文史 {metadata.version('wenshi')}"),
        ("库的状态", f"截至 {store.changes.latest(rights)}"),
    )


def _sum(engine: Engine, query: Query, rights: Rights) -> Tally:
    whole = Tally()
    for tally in engine.tallies(query, rights).values():
        whole = whole.plus(tally)
    return whole


def write_under(heading: Heading, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], file: Path) -> None:
    """Write a table with what it says of itself: .xlsx, on a sheet of its own, else .csv, above it. StorageError."""
    if file.suffix.lower() == ".xlsx":
        write_xlsx(file, [(title, header, rows), ("检索", ("项目", "内容"), heading)])
    else:
        write_whole(file, "\ufeff" + csv_text([*heading, (), header, *rows]))
