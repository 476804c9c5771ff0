"""Charts: titles as captions and labels, the data that the chart draws as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Kind
from ingest.readers.ooxml.story import Story
from ingest.readers.ooxml.wordml import CHART_VALUE, DRAWING_TEXT, Element, child, count_characters, integer, tag
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
    blocks = [*_texts(root), *_table([_series(one) for one in root.iter(tag("c:ser"))], table)]
    left = count_characters(root) - stored_characters(blocks)
    if left:
        message = f"图表按数据表收入；各系列重复的分类名等 {left} 字没有重复收入，请与原稿核对"
        story.report(IssueCode.CHART, message, left)
    return blocks


def _texts(root: Element) -> Iterator[Block]:
    title = child(root, "c:chart", "c:title")
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
