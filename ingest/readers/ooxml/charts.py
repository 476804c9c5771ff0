"""Charts: titles as captions and labels, the data that the chart draws as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Kind
from ingest.readers.ooxml.story import Story
from ingest.readers.ooxml.wordml import (
    CHART_VALUE,
    DRAWING_TEXT,
    NEW_CHART_VALUES,
    Element,
    child,
    count_characters,
    integer,
    tag,
)
from ingest.text.characters import stored_characters

_NAMES, _CATEGORIES, _VALUES = ("c:tx",), ("c:cat", "c:xVal"), ("c:val", "c:yVal", "c:bubbleSize")


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    categories: tuple[str, ...]
    values: tuple[str, ...]


def chart_blocks(part: str, story: Story, table: int) -> list[Block]:
    """The blocks of a chart; its data stand in table number `table`. What repeats is accounted for by an issue."""
    root = story.document.load(part)
    if root is None:
        return []
    series = [_series(one) for one in root.iter(tag("c:ser"))] or list(_new_series(root))
    blocks = [*_texts(root), *_table(series, table)]
    left = count_characters(root) - stored_characters(blocks)
    if left:
        message = f"图表按数据表收入；各系列重复的分类名等 {left} 字没有重复收入，请与原稿核对"
        story.report(IssueCode.CHART, message, left)
    return blocks


def _texts(root: Element) -> Iterator[Block]:
    title = child(root, "c:chart", "c:title")
    title = child(root, "cx:chart", "cx:title") if title is None else title
    for paragraph in root.iter(tag("a:p")):
        text = "".join(node.text or "" for node in paragraph.iter(DRAWING_TEXT)).strip()
        if text:
            of_chart = title is not None and any(one is title for one in paragraph.iterancestors())
            yield Block.plain(Kind.CAPTION if of_chart else Kind.PARAGRAPH, text)


def _series(element: Element) -> _Series:
    return _Series(
        "".join(_points(element, _NAMES)),
        tuple(_points(element, _CATEGORIES)),
        tuple(_points(element, _VALUES)),
    )


def _new_series(root: Element) -> Iterator[_Series]:
    """The series of a chart of the newer kinds (sunburst, waterfall, funnel…), whose data stand apart by number."""
    data = {one.get("id"): one for one in root.iter(tag("cx:data"))}
    for series in root.iter(tag("cx:series")):
        name = child(series, "cx:tx")
        words = "".join(node.text or "" for node in name.iter(*NEW_CHART_VALUES)) if name is not None else ""
        number = child(series, "cx:dataId")
        held = data.get(number.get("val") if number is not None else "0")
        if held is not None:
            yield _Series(words, tuple(_levels(held, "cx:strDim")), tuple(_levels(held, "cx:numDim")))


def _levels(data: Element, name: str) -> list[str]:
    """The points of a dimension; categories in several levels one after the other, the highest first."""
    found: dict[int, str] = {}
    for dimension in data.iterchildren(tag(name)):
        for level in reversed(list(dimension.iterchildren(tag("cx:lvl")))):
            for point in level.iterchildren(tag("cx:pt")):
                place = integer(point.get("idx"))
                found[place] = " ".join(filter(None, (found.get(place, ""), (point.text or "").strip())))
    return [found.get(place, "") for place in range(min(max(found) + 1, _MOST) if found else 0)]


def _points(series: Element, names: Sequence[str]) -> list[str]:
    """The values below the children of these names, at their places."""
    found: dict[int, str] = {}
    for name in names:
        for part in series.iterchildren(tag(name)):
            for node in part.iter(CHART_VALUE):
                point = node.getparent()
                place = integer(point.get("idx") if point is not None else None)
                held = found.get(place)
                found[place] = f"{held} {node.text or ''}" if held is not None else node.text or ""
    return [found.get(place, "") for place in range(min(max(found) + 1, _MOST) if found else 0)]


_MOST = 10_000  # points of a series; more are a mistake or malice


def _table(series: Sequence[_Series], number: int) -> Iterator[Block]:
    """A column for each series beside the categories they share; those with others follow below."""
    row = 0
    while series:
        first = series[0].categories
        together = [one for one in series if one.categories in (first, ())]
        series = [one for one in series if one.categories not in (first, ())]
        height = max(len(first), *(len(one.values) for one in together))
        columns = [("", first), *((one.name, one.values) for one in together)]
        if any(name for name, _ in columns):
            yield from _row([name for name, _ in columns], number, row, header=True)
            row += 1
        for place in range(height):
            cells = [values[place] if place < len(values) else "" for _, values in columns]
            yield from _row(cells, number, row, header=False)
            row += 1


def _row(texts: Sequence[str], number: int, row: int, *, header: bool) -> Iterator[Block]:
    for column, text in enumerate(texts):
        yield Block.plain(Kind.CELL, text, cell=Cell(number, row, column, header=header))
