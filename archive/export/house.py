"""The house style: page, fonts and paragraph styles of a book, the same for Word and PDF, in a file designers read.

Some come with the program (`styles/*.toml`); a library may keep its own in its folder `styles`, which say only what
differs from the one they are based on. docs/house-style.md describes the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast, get_type_hints

from archive.model.errors import ConfigError
from archive.support.storage_errors import reason

DEFAULT = "16开"
_BUILT_IN = Path(__file__).with_name("styles")

# 字号 in points, as Chinese Word and printers use them.
SIZES = {
    "初号": 42, "小初": 36, "一号": 26, "小一": 24, "二号": 22, "小二": 18, "三号": 16, "小三": 15, "四号": 14,
    "小四": 12, "五号": 10.5, "小五": 9, "六号": 7.5, "小六": 6.5, "七号": 5.5, "八号": 5,
}  # fmt: skip
_ALIGNMENTS = ("both", "left", "center", "right")
_BORDERS = ("", "bottom", "box")
_STARTS = ("page", "odd", "on")
_FOLIOS = ("outer", "center")
_PICTURES = ("article", "book", "none")
_COLOURS = ("full", "grey", "cmyk")
_IN_BRACES = re.compile(r"\{(.*?)\}")
_WORDS = {"书名", "栏目", "题名", "页码"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFormat:
    """A trimmed page and its margins in millimetres; `inner` is at the spine, facing pages mirror each other.

    `head` and `foot` are how far running head and page number stand from the edge of the page.
    """

    width: float = 185
    height: float = 260
    top: float = 26
    bottom: float = 22
    inner: float = 24
    outer: float = 20
    head: float = 15
    foot: float = 10

    @property
    def measure(self) -> float:
        """The width of the type area in millimetres."""
        return self.width - self.inner - self.outer

    @property
    def depth(self) -> float:
        """The height of the type area in millimetres."""
        return self.height - self.top - self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStyle:
    """How a kind of paragraph looks. `font` names a role; sizes and distances in points; indents in characters.

    `pitch` is the least distance from line to line, `tracking` what is added between characters (less than 0: taken
    away, as 28 characters of 16 points on 156 mm need it). `border` is "", "bottom" or "box".
    """

    font: str = "宋体"
    size: float = 10.5
    pitch: float = 17
    tracking: float = 0
    bold: bool = False
    align: str = "both"
    before: float = 0
    after: float = 0
    first: float = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    keep_next: bool = False
    border: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLayout:
    """What a book does as a whole.

    Running heads and the page number are patterns: {书名} {栏目} {题名} {页码}; an empty one prints nothing.
    `section_page` gives every 栏目 a right-hand page of its own; `article_start` is where a text begins: "page" (the
    next one), "odd" (the next right-hand one) or "on" (below the one before, 接排). `folio_place` is "outer" or
    "center". `picture_numbers` count within the "article", the whole "book" or not at all ("none"). `vertical` sets
    columns from right to left. `colour` is "full", "grey" for a book printed in black alone, whose pictures become
    grey, or "cmyk" for one printed in four inks. `leaf` is how thick a leaf of its paper is, in millimetres.
    """

    head_left: str = "{书名}"
    head_right: str = "{题名}"
    folio: str = "· {页码} ·"
    folio_place: str = "outer"
    section_page: bool = False
    article_start: str = "page"
    picture_numbers: str = "article"
    vertical: bool = False
    colour: str = "full"
    leaf: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseStyle:
    """A whole house style.

    `fonts` gives each role its families in order of preference, the first as Word is to name it; `styles` the
    paragraph styles by their Chinese names. `reference` is a Word file whose own styles take the place of ours.
    """

    name: str
    page: PageFormat
    layout: BookLayout
    fonts: Mapping[str, tuple[str, ...]]
    styles: Mapping[str, TextStyle]
    reference: Path | None = None

    def style(self, name: str) -> TextStyle:
        """The paragraph style of that name, which exists in every house style."""
        return self.styles[name]


def house_styles(folder: Path | None = None) -> Mapping[str, HouseStyle]:
    """All house styles by name: the built-in ones, then those of `folder`, where they may replace them.

    Raises ConfigError for a file that cannot be followed, naming file and key.
    """
    found = dict(_built_in())
    for file in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else ():
        house = read(file, found)
        found[house.name] = house
    return found


def house_style(name: str = DEFAULT, folder: Path | None = None) -> HouseStyle:
    """The house style of that name. Raises ConfigError if there is none, naming those there are."""
    known = house_styles(folder)
    if name not in known:
        raise ConfigError(f"没有版式“{name}”。", hint=f"可选：{'、'.join(known)}。")
    return known[name]


@cache
def _built_in() -> Mapping[str, HouseStyle]:
    found: dict[str, HouseStyle] = {}
    for stem in ("sixteenmo", "thirtytwomo", "a4", "vertical"):
        house = read(_BUILT_IN / f"{stem}.toml", found)
        found[house.name] = house
    return MappingProxyType(found)


def read(file: Path, known: Mapping[str, HouseStyle]) -> HouseStyle:
    """A house style from its file; `known` are those it may be based on. Raises ConfigError."""
    try:
        data = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        hint = "请按提示的行列检查引号、等号和括号，并以 UTF-8 保存。"
        raise ConfigError(f"版式文件读不懂：{error}", place=str(file), hint=hint) from error
    except OSError as error:
        raise ConfigError(f"版式文件打不开：{reason(error)}", place=str(file)) from error
    return _HouseReading(file, known).house(data)


_Table = TypeVar("_Table", PageFormat, TextStyle, BookLayout)


def from_data(data: dict[str, object]) -> HouseStyle:
    """A house style from the values of all its fields, as a manifest keeps them. Raises ConfigError."""
    return _HouseReading(Path("定稿清单"), {}).house(data)


def with_layout(house: HouseStyle, own: Mapping[str, object]) -> HouseStyle:
    """The house style with some values of its layout replaced. Raises ConfigError for what cannot be."""
    if not own:
        return house
    reading = _HouseReading(Path("书稿"), {house.name: house})
    return reading.house({"name": house.name, "base": house.name, "layout": own})


class _HouseReading:
    """One file being read: every complaint names it and the key."""

    def __init__(self, file: Path, known: Mapping[str, HouseStyle]) -> None:
        self._file = file
        self._known = known

    def house(self, data: dict[str, object]) -> HouseStyle:
        unknown = set(data) - {"name", "base", "reference", "page", "layout", "fonts", "styles"}
        if unknown:
            raise self._wrong(f"不认识的项目“{'、'.join(sorted(unknown))}”。")
        base = self._base(data)
        given = self._table(data, "styles")
        styles = dict(base.styles) if base else {}
        for name in given:
            if base and name not in styles:
                raise self._wrong(f"没有段落样式“{name}”。", f"可以改的样式：{'、'.join(styles)}。")
            styles[name] = self._filled(styles.get(name, TextStyle()), self._table(given, name), f"styles.{name}")
        house = HouseStyle(
            name=self._text(data, "name", self._file.stem),
            page=self._filled(base.page if base else PageFormat(), self._table(data, "page"), "page"),
            layout=self._filled(base.layout if base else BookLayout(), self._table(data, "layout"), "layout"),
            fonts={**(base.fonts if base else {}), **self._fonts(self._table(data, "fonts"))},
            styles=styles,
            reference=self._reference(data) or (base.reference if base else None),
        )
        self._check(house)
        return house

    def _base(self, data: Mapping[str, object]) -> HouseStyle | None:
        name = self._text(data, "base", DEFAULT if self._known else "")
        if name and name not in self._known:
            raise self._wrong(f"base 所指的版式“{name}”不存在。", f"可选：{'、'.join(self._known)}。")
        return self._known.get(name)

    def _reference(self, data: Mapping[str, object]) -> Path | None:
        name = self._text(data, "reference", "")
        if not name:
            return None
        file = self._file.parent / name
        if not file.is_file():
            raise self._wrong(f"reference 所指的文件“{name}”不存在。", "请把参考文件（.docx）放在版式文件旁边。")
        return file

    def _fonts(self, given: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
        found = {}
        for role, families in given.items():
            listed = [families] if isinstance(families, str) else families
            if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
                raise self._wrong(f"fonts.{role} 应是一个字体名，或按先后排列的几个字体名。")
            found[role] = tuple(listed)
        return found

    def _filled(self, present: _Table, given: Mapping[str, object], where: str) -> _Table:
        """`present` with the values given, each of the kind its field has."""
        kinds = get_type_hints(type(present))
        values: dict[str, Any] = {}
        for key, value in given.items():
            if key not in kinds:
                known = "、".join(field.name for field in fields(present))
                raise self._wrong(f"{where} 里没有“{key}”这一项。", f"可以写的项目：{known}。")
            values[key] = self._value(kinds[key], value, f"{where}.{key}")
        return replace(present, **values)

    def _value(self, kind: type, value: object, where: str) -> object:
        if kind is float and isinstance(value, str) and value in SIZES:
            return float(SIZES[value])
        if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if kind in (bool, str) and isinstance(value, kind):
            return value
        expected = {float: "数字（或字号名，如“五号”）", bool: "true 或 false", str: "文字"}[kind]
        raise self._wrong(f"{where} 的值应是{expected}，现在是 {value!r}。")

    def _table(self, data: Mapping[str, object], key: str) -> Mapping[str, object]:
        value = data.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(f"{key} 应是一个表，即 [{key}]。")
        return cast("dict[str, object]", value)

    def _text(self, data: Mapping[str, object], key: str, default: str) -> str:
        value = data.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(f"{key} 的值应是文字，现在是 {value!r}。")
        return value

    def _check(self, house: HouseStyle) -> None:
        page, layout = house.page, house.layout
        if page.measure < 40 or page.depth < 40:
            raise self._wrong("页面除去边距后，版心不足 40 毫米。", "请检查 [page] 的宽、高和边距（毫米）。")
        for value, allowed, key in (
            (layout.article_start, _STARTS, "layout.article_start"),
            (layout.folio_place, _FOLIOS, "layout.folio_place"),
            (layout.picture_numbers, _PICTURES, "layout.picture_numbers"),
            (layout.colour, _COLOURS, "layout.colour"),
            *((style.align, _ALIGNMENTS, f"styles.{name}.align") for name, style in house.styles.items()),
            *((style.border, _BORDERS, f"styles.{name}.border") for name, style in house.styles.items()),
            *((style.font, tuple(house.fonts), f"styles.{name}.font") for name, style in house.styles.items()),
        ):
            if value not in allowed:
                raise self._wrong(
                    f"{key} 的值“{value}”不对。", f"可选：{'、'.join(each or '（空）' for each in allowed)}。"
                )
        if not 0.02 <= layout.leaf <= 1:
            raise self._wrong(f"layout.leaf 的值 {layout.leaf:g} 不对。", "每张纸厚多少毫米，如 0.1（80 克双胶纸）。")
        for key in ("head_left", "head_right", "folio"):
            if unknown := set(_IN_BRACES.findall(getattr(layout, key))) - _WORDS:
                hint = f"可以写：{'、'.join(f'{{{word}}}' for word in sorted(_WORDS))}。"
                raise self._wrong(f"layout.{key} 里不认识{'、'.join(sorted(unknown))}。", hint)
        for name, style in house.styles.items():
            if not (1 <= style.size <= 200 and style.size <= style.pitch <= 500):
                raise self._wrong(f"styles.{name} 的字号或行距不合理：{style.size} 磅、{style.pitch} 磅。")
            if abs(style.tracking) > style.size / 2:
                raise self._wrong(f"styles.{name} 的字距不合理：{style.tracking} 磅。")

    def _wrong(self, message: str, hint: str = "") -> ConfigError:
        return ConfigError(message, place=f"版式文件 {self._file}", hint=hint or "写法见 docs/house-style.md。")
