"""The copyright page (版权页): what has to stand on it, of a book that a publisher prints and of an internal one.

It is kept as lines a person writes, NAME：WORDS. An internal volume (内部资料性出版物) is one that names its 准印证.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

INTERNAL, PUBLISHED = "内部资料", "公开出版"
FREE = "内部资料，免费交流"
FIELDS = {
    PUBLISHED: (
        *("书名", "编著者", "责任编辑", "出版", "印刷", "开本", "印张", "字数", "版次", "印次", "书号", "定价"),
        "图书在版编目（CIP）数据",
    ),
    INTERNAL: (
        *("书名", "准印证号", "编印单位", "发送对象", "印刷单位", "印刷日期", "印数", "开本", "印张", "字数"),
        FREE,
    ),
}
"""What is asked for, in the order of the page; `FREE` and the CIP data are lines without words of their own."""
_OTHER_NAMES = {
    "编著者": ("编者", "主编", "著者", "编著"),
    "出版": ("出版发行", "出版者"),
    "印刷": ("印刷单位", "印制"),
    "字数": ("版面字数",),
    "书号": ("ISBN", "国际标准书号"),
    "印次": ("版次", "版印次"),  # 2026年5月第1版　2026年5月第1次印刷 in one line
    "图书在版编目（CIP）数据": ("CIP",),
    "准印证号": ("准印证",),
    "编印单位": ("编印", "编者"),
    "印刷单位": ("印刷", "承印"),
}
_NAME = re.compile(r"^\s*(.{1,24}?)\s*[：:]\s*(.*)$")
_BLANK = re.compile(r"[\s　_＿册元年月日第版次千字]*")


def kind_of(lines: Sequence[str]) -> str:
    """Whether the page is that of an internal volume or of a published book."""
    return INTERNAL if any("准印" in line or "内部资料" in line for line in lines) else PUBLISHED


def missing(lines: Sequence[str]) -> Iterator[str]:
    """What has to stand on the page and does not, or stands there without its words; nothing for an empty page."""
    if not lines:
        return
    given = dict(filter(None, map(_field, lines)))
    bare = "".join("".join(line.split()) for line in lines)
    for name in FIELDS[kind_of(lines)]:
        names = (name, *_OTHER_NAMES.get(name, ()))
        if name == FREE or "CIP" in name:
            present = any(each.replace("，", "") in bare.replace("，", "").replace(",", "") for each in names)
        else:
            present = any(given.get(each) for each in names)
        if not present:
            yield name


def template(kind: str, known: dict[str, str]) -> str:
    """The page of that kind with what is known filled in, a line each; the rest is left to be filled in."""
    names = FIELDS[kind]
    return "\n".join(name if name == FREE or "CIP" in name else f"{name}：{known.get(name, '')}" for name in names)


def _field(line: str) -> tuple[str, str] | None:
    """Name and words of a line; words that are only room left for them count as none."""
    found = _NAME.match(line)
    if found is None:
        return None
    words = "" if _BLANK.fullmatch(found[2]) else found[2]
    return "".join(found[1].split()), words
