"""Requests that do not have the form that is described, told apart from those that cannot be answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from werkzeug.exceptions import HTTPException

_PLACE = re.compile(r" - at `\$\.?(.*?)`$")
_KINDS = {
    "int": "整数", "str": "文字", "bool": "true 或 false", "float": "数", "array": "列表", "object": "对象",
}  # fmt: skip
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Expected `(\w+)(?: \| null)?` (>=|<=) (-?\d+)"), "应是{0}，{1} {2}"),
    (re.compile(r"Expected `(\w+)` of length (>=|<=) (\d+)"), "长度应当 {1} {2}"),
    (re.compile(r"Expected `(\w+)` matching regex (.*)"), "写法应合 {1}"),
    (re.compile(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`"), "应是{0}"),
    (re.compile(r"Invalid enum value '?(.*?)'?$"), "“{0}”不是可选的值"),
    (re.compile(r"Object missing required field `(\w+)`"), "少了“{0}”"),
    (re.compile(r"Object contains unknown field `(.*)`"), "没有“{0}”这一项"),
)


class Malformed(HTTPException):
    """A request that is not as described: 400, or the status given."""

    def __init__(self, sentence: str, hint: str = "", status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(sentence)
        self.code = status
        self.hint = hint

    @classmethod
    def of(cls, error: Exception, names: Mapping[str, str] | None = None) -> Malformed:
        """What msgspec has to say of a value, in Chinese; `names` are the parameters by field."""
        said = str(error)
        if not isinstance(error, msgspec.ValidationError):
            return cls("交来的不是有效的 JSON。", "核对引号、逗号和括号是否成对，文字是否 UTF-8")
        place = found[1] if (found := _PLACE.search(said)) else ""
        first = re.split(r"[.\[]", place, maxsplit=1)[0]
        shown = (names or {}).get(first, first) + place[len(first) :]
        what = "交来的内容" if names is None else "地址里的参数"
        if shown:
            what = f"“{shown}”一项" if names is None else f"参数“{shown}”"
        return cls(f"{what}不合要求：{_in_words(_PLACE.sub('', said))}。", "写法见接口说明")


def _in_words(said: str) -> str:
    for pattern, words in _WORDS:
        if found := pattern.match(said):
            return words.format(*(_KINDS.get(each, each)[:60] for each in found.groups()))
    return "写法不对"
