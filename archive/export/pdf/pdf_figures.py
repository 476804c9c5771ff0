"""Where pictures and tables of a text stand: as wide as the source has them, beside each other, moved to where the
page has room for them, so that no page is left half empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Any, cast

from archive.export.house import HouseStyle
from archive.export.pdf.pdf_context import POINTS, Data
from archive.export.prepared_pictures import natural_width

_GUTTER = 8.0  # millimetres between two pictures beside each other
_NARROWEST = 0.75  # share of its width that a picture keeps for standing beside another or sharing a page
_TALLEST = 0.5  # of the type area
_FEW_LINES = 10  # of text between two pictures that should share a page
_INCH = 25.4
_PLACED = ("g", "table")

Size = tuple[float, float]
"""Width and height in millimetres."""


def printed_size(own_width: int, pixels: tuple[int, int], house: HouseStyle) -> Size:
    """How large a picture of these pixels is printed that its source prints so many millimetres wide (0: unknown).

    It takes half of the type area at most, counted in the direction in which lines follow each other.
    """
    shape = pixels[1] / pixels[0]
    widest, tallest = house.page.measure, house.page.depth * _TALLEST
    if house.layout.vertical:
        widest, tallest = tallest, widest
    width = min(natural_width(own_width, pixels[0]), widest, tallest / shape)
    return width, width * shape


def dots(width: float, pixels: tuple[int, int]) -> int:
    """Dots an inch of a picture printed `width` millimetres wide."""
    return round(pixels[0] / width * _INCH)


def arranged(blocks: Sequence[Data], house: HouseStyle, title: str) -> list[Data]:
    """The blocks of a text with its figures and tables placed; `title` is the label of its title."""
    found = list(_paired(blocks, house))
    _share_pages(found, house)
    for number, block in enumerate(found):
        if block["k"] in _PLACED:
            below = takewhile(lambda each: each["k"] not in _PLACED, found[number + 1 :])
            if _text(below, house) >= _height(block, house):  # it fills the room that the picture leaves
                block["float"] = title
    return found


def _paired(blocks: Sequence[Data], house: HouseStyle) -> Iterator[Data]:
    """Two pictures with nothing between them stand beside each other where both keep most of their width."""
    waiting: Data | None = None
    for block in blocks:
        if waiting is None:
            waiting = block
            continue
        widths = [_width(each) for each in (waiting, block)]
        room = house.page.measure - _GUTTER
        if all(widths) and sum(widths) * _NARROWEST <= room:
            for each, width in zip((waiting, block), widths, strict=True):
                _shrink(each, min(1.0, room / sum(widths)))
                each["w"] = width
            yield {"k": "g", "beside": [waiting, block]}
            waiting = None
        else:
            yield waiting
            waiting = block
    if waiting is not None:
        yield waiting


def _width(block: Data) -> float:
    """The width of a figure in millimetres; 0 for what is none or has no known width."""
    return sum(picture["w"] for picture in _pictures(block)) if block["k"] == "g" else 0.0


def _pictures(block: Data) -> list[dict[str, Any]]:
    figures = cast("list[Data]", block.get("beside", [block]))
    parts = [part for figure in figures for part in cast("list[dict[str, Any]]", figure["b"])]
    return [part for part in parts if part["k"] == "i"]


def _shrink(block: Data, scale: float) -> None:
    for picture in _pictures(block):
        picture["w"] *= scale
        picture["h"] *= scale


def _share_pages(blocks: Sequence[Data], house: HouseStyle) -> None:
    """Make pictures with little text between them so much smaller that two of them share a page, if that suffices."""
    places = [number for number, block in enumerate(blocks) if block["k"] == "g"]
    for first, second in pairwise(places):
        between = blocks[first + 1 : second]
        text = _text(between, house)
        line = house.style("文章正文").pitch / POINTS
        if any(block["k"] != "b" for block in between) or text > _FEW_LINES * line:
            continue
        for number in (first, second):
            height = max((picture["h"] for picture in _pictures(blocks[number])), default=0.0)
            rest = _height(blocks[number], house) - height
            wanted = house.page.depth / 2 - rest - text - line
            if 0 < wanted < height and wanted >= height * (1 - _TALLEST):
                _shrink(blocks[number], wanted / height)


def _text(blocks: Iterable[Data], house: HouseStyle) -> float:
    """About how much of a page the paragraphs among these blocks take, in millimetres."""
    return sum(_height(block, house) for block in blocks if block["k"] in ("b", "p"))


def _height(block: Data, house: HouseStyle) -> float:
    """About how high a block is, in millimetres; of a table nothing is known, so it counts as half a page."""
    if block["k"] == "g":
        captions = [part for part in cast("list[Data]", block.get("b", [])) if part["k"] == "p"]
        tallest = max((picture["h"] for picture in _pictures(block)), default=0.0)
        own = house.style("图片")
        space = (own.before + own.after + house.style("图注").pitch) / POINTS
        return tallest + space + sum(_height(caption, house) for caption in captions)
    if block["k"] == "table":
        return house.page.depth / 2
    style = house.style(str(block.get("s", "文章正文")))
    characters = sum(
        len(item if isinstance(item, str) else item.get("t", "")) for item in cast("list[Any]", block["c"])
    )
    lines = -(-characters * style.size // (house.page.measure * POINTS)) or 1
    return (lines * style.pitch + style.before + style.after) / POINTS
