"""What a package by DA/T 48 says of a text: the elements of DA/T 46 for 文书档案, filled from its description.

Nothing is made up. What the library has no place of its own for is taken from fields the office filled that are called
as the element is; what the schema demands and nobody filled in is `lacking`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.export.book import Chapter
from archive.export.descriptions.description import SEVERAL, Description, days, description_of, told_others
from archive.model.records import Period

UNIT, MAKER = "立档单位名称", "封装包创建单位"

GROUPS: Mapping[str, tuple[str, ...]] = {
    "来源": ("档案馆名称", "档案馆代码", "全宗名称", UNIT),
    "档号": ("全宗号", "目录号", "年度", "保管期限", "机构或问题", "室编案卷号", "馆编案卷号", "室编件号", "馆编件号",
             "页号"),
    "内容描述": ("题名", "并列题名", "副题名", "说明题名文字", "主题词", "关键词", "人名", "摘要", "分类号", "文件编号",
                 "责任者", "日期", "文种", "紧急程度", "主送", "抄送", "密级", "保密期限"),
    "形式特征": ("文件组合类型", "页数", "语种", "稿本"),
    "存储位置": ("当前位置", "脱机载体编号", "脱机载体存址", "缩微号"),
    "权限管理": ("知识产权说明", "控制标识"),
}  # fmt: skip
"""The elements of a text's metadata that hold other ones, and those, in the order of the schema."""

REPEATED = frozenset({"主题词", "脱机载体编号", "脱机载体存址"})
"""Those that may stand several times; of the others several values are one."""

_ALSO_CALLED = {"立档单位": UNIT, "件号": "室编件号"}
_DEMANDED = (MAKER, UNIT, "年度", "保管期限", "室编件号", "责任者", "日期", "密级", "脱机载体编号")
_YEAR, _COUNT = re.compile(r"(\d{4})年?"), re.compile("0*[1-9][0-9]*")
_OF_A_KIND = {"年度": _YEAR, "室编件号": _COUNT, "馆编件号": _COUNT, "页数": _COUNT}
_KNOWN = frozenset({MAKER, *(name for group in GROUPS.values() for name in group)})

Values = Mapping[str, tuple[str, ...]]


def values_of(chapter: Chapter) -> tuple[Values, tuple[str, ...]]:
    """The elements of a text with what they hold; and, in words, what else is known of it, for 附注.

    A year that is none and a number that is none are no values, but in the notes.
    """
    text = description_of(chapter)
    found: dict[str, list[str]] = {}
    notes = list(_notes(text))
    for name, value in chapter.article.fields:
        element = _ALSO_CALLED.get(name, name)
        if element not in _KNOWN or not value:
            continue
        kind = _OF_A_KIND.get(element)
        if kind is None:
            found.setdefault(element, []).append(value)
        elif whole := kind.fullmatch(value.strip()):
            found.setdefault(element, [whole[whole.lastindex or 0]])
        else:
            notes.append(f"{name}：{value}")
    values = {name: tuple(several) for name, several in found.items()}
    values |= {name: told for name, told in _told(text).items() if told and all(told)}
    values.setdefault(MAKER, values.get(UNIT, ()))
    return values, tuple(notes)


def lacking(values: Values) -> tuple[str, ...]:
    """What the schema demands and the text's description does not say, in the words an editor fills in."""
    either = {"室编件号": "馆编件号"}
    return tuple(name for name in _DEMANDED if not values.get(name) and not values.get(either.get(name, "")))


def joined(name: str, values: Values) -> tuple[str, ...]:
    """What the elements of a name hold, one each."""
    several = values.get(name, ())
    return several if name in REPEATED or not several else (SEVERAL.join(several),)


def _told(text: Description) -> dict[str, tuple[str, ...]]:
    """What the library itself knows."""
    responsible = text.authors or tuple(one.name for one in text.people)
    return {
        "题名": (text.title,),
        "副题名": (text.subtitle.lstrip("—"),),
        "关键词": text.subjects,
        "人名": text.names,
        "摘要": (text.abstract,),
        "责任者": responsible,
        "日期": (_date(text.date) if text.date else "",),
        "文件组合类型": ("单件",),
        "知识产权说明": (text.rights,),
        "控制标识": (text.access.value,),
    }


def _notes(text: Description) -> list[str]:
    """What the standard has no element for."""
    places = (("文集", text.collection), ("辑名辑次", text.volume), ("栏目", text.section), ("页码", text.pages))
    told = [f"{name}：{value}" for name, value in (*places, ("来源", text.source)) if value]
    told += [f"地域：{place}" for place in text.places]
    told += [f"{one.role.value}：{one.name}" for one in text.helpers]
    spared = {*_KNOWN, *_ALSO_CALLED}
    return told + [one for one in told_others(text) if one.partition("：")[0] not in spared]


def _date(period: Period) -> str:
    """A day by GB/T 7408, else the words of the source."""
    start, end = days(period)
    return start if start and start == end else period.written or f"{start}/{end}"
