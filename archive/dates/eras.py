"""Reign eras: names, dynasties and days, from the table `data/eras.tsv` (made by scripts/build_eras.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from archive.dates import ganzhi, lunar

# 避讳 and other spellings of an era's name.
ALIASES = {
    "宏治": "弘治",
    "宏光": "弘光",
    "乾佑": "乾祐",
    "元佑": "元祐",
    "天佑": "天祐",
    "景佑": "景祐",
    "皇佑": "皇祐",
    "嘉佑": "嘉祐",
    "德佑": "德祐",
    "宝佑": "宝祐",
    "淳佑": "淳祐",
    "延佑": "延祐",
    "崇正": "崇祯",
}

# What a text may call a dynasty → the names the table uses.
DYNASTIES: dict[str, tuple[str, ...]] = {
    "汉": ("西汉", "东汉"),
    "前汉": ("西汉",),
    "后汉": ("东汉", "后汉"),
    "西汉": ("西汉",),
    "东汉": ("东汉",),
    "新莽": ("新",),
    "魏": ("曹魏", "北魏", "西魏", "东魏"),
    "三国魏": ("曹魏",),
    "曹魏": ("曹魏",),
    "吴": ("孙吴", "南吴"),
    "三国吴": ("孙吴",),
    "东吴": ("孙吴",),
    "孙吴": ("孙吴",),
    "蜀": ("蜀汉", "前蜀", "后蜀"),
    "蜀汉": ("蜀汉",),
    "晋": ("西晋", "东晋", "后晋"),
    "西晋": ("西晋",),
    "东晋": ("东晋",),
    "前秦": ("前秦",),
    "后秦": ("后秦",),
    "西秦": ("西秦",),
    "前凉": ("前凉",),
    "后凉": ("后凉",),
    "南凉": ("南凉",),
    "北凉": ("北凉",),
    "西凉": ("西凉",),
    "前燕": ("前燕",),
    "后燕": ("后燕",),
    "南燕": ("南燕",),
    "北燕": ("北燕",),
    "前赵": ("前赵", "汉赵"),
    "后赵": ("后赵",),
    "夏": ("胡夏", "西夏"),
    "北魏": ("北魏",),
    "元魏": ("北魏",),
    "后魏": ("北魏",),
    "东魏": ("东魏",),
    "西魏": ("西魏",),
    "北齐": ("北齐",),
    "北周": ("北周",),
    "周": ("北周", "后周", "唐"),
    "宋": ("北宋", "南宋", "刘宋"),
    "刘宋": ("刘宋",),
    "南朝宋": ("刘宋",),
    "齐": ("南齐", "北齐"),
    "南齐": ("南齐",),
    "梁": ("南梁", "后梁"),
    "南梁": ("南梁",),
    "陈": ("陈",),
    "隋": ("隋",),
    "唐": ("唐", "后唐"),
    "武周": ("唐",),
    "后梁": ("后梁",),
    "后唐": ("后唐",),
    "后晋": ("后晋",),
    "后周": ("后周",),
    "吴越": ("吴越",),
    "南唐": ("南唐",),
    "南汉": ("南汉",),
    "前蜀": ("前蜀",),
    "后蜀": ("后蜀",),
    "闽": ("闽",),
    "北汉": ("北汉",),
    "北宋": ("北宋",),
    "南宋": ("南宋",),
    "辽": ("辽",),
    "西辽": ("西辽",),
    "契丹": ("辽",),
    "西夏": ("西夏",),
    "金": ("金",),
    "蒙古": ("蒙古", "元"),
    "元": ("元", "蒙古"),
    "北元": ("北元",),
    "明": ("明",),
    "南明": ("南明",),
    "清": ("清", "后金"),
    "满清": ("清",),
    "前清": ("清",),
    "逊清": ("清",),
    "后金": ("后金",),
    "伪满": ("满洲国",),
    "伪满洲国": ("满洲国",),
    "渤海": ("渤海",),
    "高昌": ("高昌",),
}

# Dynasties whose eras are meant where nothing else is said, most likely first.
_MAIN = (
    "清", "明", "北宋", "南宋", "唐", "元", "西汉", "东汉", "西夏", "隋", "北魏", "东晋", "西晋", "曹魏", "金", "辽", "刘宋", "南明",
    "后金", "南梁", "陈", "南齐", "北周", "北齐", "后唐", "后周", "后晋", "后汉", "孙吴", "蜀汉", "满洲国", "中华帝国", "新",
)  # fmt: skip
_RANK = {dynasty: rank for rank, dynasty in enumerate(_MAIN)}

# Ming and Qing reigns may stand with 间, 时 or 朝 alone: nobody takes 道光间 for anything else.
LATE = frozenset(("明", "清"))
# Names that are also words or places: a dynasty, a sexagenary year or a gloss must say that the era is meant.
COMMON = frozenset(
    [
        "和平",
        "太平",
        "光大",
        "长安",
        "大同",
        "永安",
        "中和",
        "更始",
        "光明",
        "中兴",
        "建国",
        "天安",
        "永定",
        "永兴",
        "永宁",
        "永平",
        "兴安",
        "安定",
        "保定",
        "大通",
        "大安",
        "大定",
        "广运",
        "建业",
        "建平",
        "武平",
        "武定",
        "兴平",
        "正平",
        "清平",
        "安乐",
        "德昌",
        "永昌",
        "永康",
        "长乐",
        "永泰",
        "长兴",
        "长寿",
        "景德",
        "绍兴",
        "宝庆",
        "嘉定",
        "庆元",
        "隆安",
        "宁康",
        "咸宁",
        "始兴",
        "天水",
        "天兴",
        "开平",
        "同光",
        "大庆",
        "开明",
        "宁国",
        "通志",
        "顺天",
        "大顺",
        "监国",
        "建明",
        "明昌",
        "康德",
        "昌平",
        "镇江",
    ]
)


@dataclass(frozen=True, slots=True)
class Era:
    """A stretch of years counted under one name.

    `year_one` is the lunar year counted as 元年 (astronomical); `first` to `last` are the counts in use, both inclusive
    (洪武 came back for one year as its 35th). `start` and `end` are days, inclusive. `exact` is false where sources
    differ about them: then they are the ends of lunar years.
    """

    name: str
    dynasty: str
    ruler: str
    year_one: int
    first: int
    last: int
    start: int
    end: int
    exact: bool

    def year(self, count: int) -> int | None:
        """The lunar year of the era's `count`-th year, or None where the era did not last so long."""
        return self.year_one + count - 1 if self.first <= count <= self.last else None

    def named_years(self, pair: str) -> list[int]:
        """The lunar years of the era with this sexagenary name."""
        return ganzhi.years(pair, self.year_one + self.first - 1, self.year_one + self.last - 1)


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    text = (files("archive.dates") / "data" / "eras.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if not line.startswith("#"))


def spellings() -> dict[str, str]:
    """Traditional characters of era names with their simplified forms."""
    pairs = {}
    for simplified, traditional, *_ in _rows():
        pairs.update({old: new for old, new in zip(traditional, simplified, strict=True) if old != new})
    return pairs


@cache
def table() -> dict[str, tuple[Era, ...]]:
    """Eras by name, the likeliest first."""
    named: dict[str, list[Era]] = {}
    for row in _rows():
        era = _era(row)
        named.setdefault(era.name, []).append(era)
    for alias, name in ALIASES.items():
        if name in named:
            named[alias] = named.get(alias, []) + named[name]
    return {name: tuple(sorted(eras, key=_likelihood)) for name, eras in named.items() if len(name) > 1}


def _era(row: tuple[str, ...]) -> Era:
    name, _, dynasty, ruler, year_one, first, last, start, end, precision, _ = row
    one, earliest, latest = int(year_one), int(first), int(last)
    exact = precision == "day"
    first_day = int(start) if exact else lunar.year_span(one + earliest - 1)[0]
    last_day = int(end) if exact else lunar.year_span(one + latest - 1)[1]
    return Era(name, dynasty, ruler, one, earliest, latest, first_day, last_day, exact)


def _likelihood(era: Era) -> tuple[int, int]:
    return _RANK.get(era.dynasty, len(_RANK)), era.first - era.last


def candidates(name: str, dynasty: str = "") -> tuple[Era, ...]:
    """The eras of that name, of that dynasty if one is named (as texts call it); likeliest first."""
    found = table().get(name, ())
    if not dynasty:
        return found
    called = dynasty.removeprefix("大") if len(dynasty) > 1 else dynasty
    allowed = DYNASTIES.get(called, (called,))
    return tuple(era for era in found if era.dynasty in allowed)


def is_main(eras: Iterable[Era]) -> bool:
    """Whether one of them belongs to a dynasty that texts need not name."""
    return any(era.dynasty in _RANK for era in eras)


def rivals(chosen: Era, other: Era) -> bool:
    """Whether the other era is worth keeping beside the chosen one.

    Beside a Ming or Qing era no other of its name is meant unless its dynasty is named; beside another great dynasty's
    only a great dynasty's.
    """
    if chosen.dynasty in LATE:
        return other.dynasty in LATE
    return other.dynasty in _RANK or chosen.dynasty not in _RANK
