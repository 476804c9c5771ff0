"""The steps between a search and the places looked at: each keeps some of the places that the one before it left.

Steps are values that stand in addresses and on the command line as short texts: `right5:先生` (先生 stands within five
characters after the place), `-left2:不`, `is:volume:第一辑`, `first`, `sample:100:7:volume`. A minus sign keeps the
other places. Characters are counted without punctuation, blanks and ends of lines, within one paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.model.errors import UsageError

WIDEST = 10
"""Characters either side that steps, sorting and groups can look at."""

LARGEST = 1_000_000  # places of a sample
_SIDES = {"left": "前", "right": "后"}
_CONTEXT = re.compile(r"(left|right)(\d{1,2})")

COLUMNS = {
    "form": "写法",
    "article": "篇",
    "collection": "文集",
    "volume": "辑",
    "section": "栏目",
    "author": "署名",
    "decade": "成文年代",
    "label": "标记",
}
"""What places can be grouped by and told apart by, besides their left and right neighbours."""

NONE = "（无）"
"""What a column without a value is called in groups and steps."""


def checked_column(name: str) -> str:
    """The name of a column: one of COLUMNS, or left or right with 1 to 10. Raises UsageError."""
    found = _CONTEXT.fullmatch(name)
    if name in COLUMNS or (found and 1 <= int(found[2]) <= WIDEST):
        return name
    offered = "、".join([*COLUMNS, f"left1…left{WIDEST}", f"right1…right{WIDEST}"])
    raise UsageError(f"没有“{name[:20]}”这一列", hint=f"可选：{offered}")


def context_of(column: str) -> tuple[str, int] | None:
    """Side and number of characters of a left or right column; None for another."""
    found = _CONTEXT.fullmatch(column)
    return (found[1], int(found[2])) if found else None


def column_label(name: str) -> str:
    """What a column is called on a page."""
    context = context_of(name)
    return f"{_SIDES[context[0]]} {context[1]} 字" if context else COLUMNS[name]


@dataclass(frozen=True, slots=True)
class Within:
    """Keeps the places with `text` among the `reach` characters on one side ("left" or "right"), or those without."""

    side: str
    reach: int
    text: str
    wanted: bool = True

    def __str__(self) -> str:
        return f"{'' if self.wanted else '-'}{self.side}{self.reach}:{self.text}"

    @property
    def words(self) -> str:
        """The step in words."""
        return f"{_SIDES[self.side]} {self.reach} 字内{'有' if self.wanted else '没有'}“{self.text}”"


@dataclass(frozen=True, slots=True)
class Is:
    """Keeps the places whose value of a column is this one, or the others."""

    column: str
    value: str
    wanted: bool = True

    def __str__(self) -> str:
        return f"{'' if self.wanted else '-'}is:{self.column}:{self.value}"

    @property
    def words(self) -> str:
        """The step in words; a collection goes by its id."""
        return f"{column_label(self.column)}{'是' if self.wanted else '不是'}“{self.value}”"


@dataclass(frozen=True, slots=True)
class First:
    """Keeps the first place of each article."""

    def __str__(self) -> str:
        return "first"

    @property
    def words(self) -> str:
        """The step in words."""
        return "每篇只看第一处"


@dataclass(frozen=True, slots=True)
class Sample:
    """Keeps so many places drawn by chance; the same `seed` draws the same. `by` a column: as many from each value."""

    size: int
    seed: int
    by: str = ""

    def __str__(self) -> str:
        return f"sample:{self.size}:{self.seed}" + (f":{self.by}" if self.by else "")

    @property
    def words(self) -> str:
        """The step in words."""
        evenly = f"，各{column_label(self.by)}均匀" if self.by else ""
        return f"抽取 {self.size} 处（第 {self.seed} 号抽样{evenly}）"


Step = Within | Is | First | Sample


def read_step(text: str) -> Step:
    """The step that a text describes. Raises UsageError."""
    wanted = not text.startswith("-")
    name, _, rest = text.removeprefix("-").partition(":")
    context = context_of(name)
    if context and 1 <= context[1] <= WIDEST and any(map(str.isalnum, rest)):
        return Within(context[0], context[1], rest.strip(), wanted)
    if name == "is" and ":" in rest:
        column, _, value = rest.partition(":")
        return Is(checked_column(column), value or NONE, wanted)
    if text == "first":
        return First()
    if name == "sample" and wanted:
        return _sample(rest)
    hint = "写法：right5:先生、-left2:不、is:volume:第一辑、first、sample:100:7"
    raise UsageError(f"“{text[:30]}”不是一步筛选", hint=hint)


def _sample(rest: str) -> Sample:
    size, _, more = rest.partition(":")
    seed, _, by = more.partition(":")
    if not re.fullmatch(r"\d{1,7}", size) or not 1 <= int(size) <= LARGEST:
        raise UsageError(f"不能抽取“{size[:10]}”处", hint=f"写 1 至 {LARGEST} 的数")
    if not re.fullmatch(r"\d{0,9}", seed):
        raise UsageError(f"抽样的号“{seed[:10]}”不是数", hint="写一个数；同一个号抽出的总是同样的各处")
    return Sample(int(size), int(seed or 1), checked_column(by) if by else "")


ORDERS = {"codepoint": "字码", "pinyin": "拼音", "strokes": "笔画"}
"""How characters are ordered when places are sorted."""

MOST_KEYS = 3


@dataclass(frozen=True, slots=True)
class Arranged:
    """Up to three columns to sort by, "date" among them, each downwards after a minus sign; ties stay as they read.

    `order` is one of ORDERS.
    """

    keys: tuple[str, ...] = ()
    order: str = "pinyin"

    @classmethod
    def read(cls, keys: Iterable[str], order: str = "") -> Arranged:
        """From the parameters of an address. Raises UsageError."""
        found = tuple(key for key in keys if key)
        if len(found) > MOST_KEYS:
            raise UsageError(f"最多按 {MOST_KEYS} 项排序", hint="去掉几项")
        for key in found:
            if key.removeprefix("-") != "date":
                checked_column(key.removeprefix("-"))
        if order and order not in ORDERS:
            raise UsageError(f"没有“{order[:20]}”这种字序", hint=f"可选：{'、'.join(ORDERS)}")
        return cls(found, order or cls().order)

    @property
    def words(self) -> str:
        """The order in words."""
        if not self.keys:
            return "按篇次"
        names = ((key.removeprefix("-"), "降序" if key.startswith("-") else "") for key in self.keys)
        told = ("成文日期" + down if name == "date" else column_label(name) + down for name, down in names)
        return f"按{'、'.join(told)}（{ORDERS[self.order]}）"
