"""A sample page of each house style, drawn from its measures: paper, type area, running head, title, lines, folio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.export.house import SIZES, HouseStyle

_MM = 25.4 / 72  # millimetres in a point
_TEXT = (
    "我家门前就是黄河。民国二十三年春，村里公议重修水车，由我祖父总管工料。那一年河水来得早，水车转到了十月。"
    "老人说，光绪三十年就有了第一架水车，轮高五丈，日夜不停，可以浇三百亩地。修水车的木匠姓段，从兰州请来，"
    "工钱是每天两升麦子。木料要用榆木和柳木，榆木做轴，柳木做刮板，都要在河里泡足三年。"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words on a sample page: where they begin (millimetres from the upper left corner), their size in millimetres."""

    x: float
    y: float
    size: float
    text: str
    font: str  # the role: 宋体, 楷体…
    anchor: str = "start"
    length: float = 0.0  # a full line is as long as the type area is wide


@dataclass(frozen=True, slots=True)
class Sample:
    """A right-hand page of a house style in millimetres."""

    name: str
    width: float
    height: float
    words: tuple[Words, ...]
    facts: str
    vertical: bool


def sample(house: HouseStyle) -> Sample:
    """The sample page of a house style."""
    body = house.style("文章正文")
    page, vertical = house.page, house.layout.vertical
    along, across = (page.depth, page.measure) if vertical else (page.measure, page.depth)
    characters, lines = int(along / (body.size * _MM) + 0.01), int(across / (body.pitch * _MM) + 0.01)
    facts = (
        f"{page.width:g}×{page.height:g} 毫米，正文{body.font}{_size(body.size)}，"
        f"每面约 {lines} {'列' if vertical else '行'}、每{'列' if vertical else '行'} {characters} 字"
    )
    words = _columns(house, characters, lines) if vertical else _lines(house, characters, lines)
    return Sample(house.name, page.width, page.height, tuple(words), facts, vertical)


def _lines(house: HouseStyle, characters: int, lines: int) -> Iterator[Words]:
    page, title, by, body = house.page, house.style("题名"), house.style("作者"), house.style("文章正文")
    right, middle = page.width - page.outer, page.inner + page.measure / 2
    yield Words(right, page.head, 2.8, "水车记", "宋体", "end")
    yield Words(right, page.height - page.foot, 3, house.layout.folio.replace("{页码}", "1"), "宋体", "end")
    used = 0.0
    for style, text in ((title, "水车记"), (by, "马德山　口述")):
        used += (style.before + style.pitch) * _MM
        yield Words(middle, page.top + used, style.size * _MM, text, style.font, "middle")
        used += style.after * _MM
    rest = int((page.depth - used) / (body.pitch * _MM))
    for number, (text, full) in enumerate(_filled(characters, min(rest, lines)), 1):
        y = page.top + used + number * body.pitch * _MM
        yield Words(page.inner, y, body.size * _MM, text, body.font, length=page.measure if full else 0.0)


def _columns(house: HouseStyle, characters: int, lines: int) -> Iterator[Words]:
    page, title, body = house.page, house.style("题名"), house.style("文章正文")
    x = page.width - page.outer - title.pitch * _MM / 2
    yield Words(x, page.top + 3 * title.size * _MM, title.size * _MM, "水车记", title.font)
    x -= title.pitch * _MM
    pitch = body.pitch * _MM
    for text, full in _filled(characters, min(lines, int((x - page.inner) / pitch))):
        yield Words(x, page.top, body.size * _MM, text, body.font, length=page.depth if full else 0.0)
        x -= pitch


def _filled(characters: int, lines: int) -> Iterator[tuple[str, bool]]:
    """Lines of a text that begins with two empty squares, and whether each is full."""
    text = "　　" + _TEXT * (characters * lines // len(_TEXT) + 1)
    for number in range(lines):
        yield text[number * characters : (number + 1) * characters], True


def _size(points: float) -> str:
    return next((name for name, size in SIZES.items() if size == points), f" {points:g} 磅")
