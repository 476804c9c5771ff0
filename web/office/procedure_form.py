"""The tables of a procedure as forms: which boxes each entry has, what is typed into them, and what that becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from archive.model.access import Action
from archive.model.procedures import ANY_STATE, Subject
from archive.model.records import Status
from archive.workflow.procedure_draft import Entry, ProcedureDraft
from web.base.wording import for_pages

PARTS = {
    "state": "状态", "step": "步骤", "field": "要填的栏", "rows": "可有许多行的表", "post": "岗位", "number": "编号",
    "rate": "统计的率",
}  # fmt: skip
"""The tables that forms change, and what they are called, in the order of the page."""

_KINDS = {"文字": "text", "数字": "number", "日期": "date", "选一个": "choice", "可勾几个": "several"}
_LONG, _REQUIRED = "长文字", "必填"


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a form. `kind`: text, long, number, flag, choice, ticks, names (、 between), lines, columns.

    `of` is the kind of procedure that has it, None for all.
    """

    key: str
    label: str
    kind: str = "text"
    hint: str = ""
    of: Subject | None = None


_CONDITIONS = "一行一条，如 满意程度=满意|基本满意；承办.类别=A；案号=* 表示填了就算"

BOXES: Mapping[str, tuple[Box, ...]] = {
    "": (
        Box("register", "登记簿叫什么"), Box("about", "说明", "long"), Box("begins", "新登记的从哪里开始", "ticks"),
    ),
    "state": (
        Box("name", "名称"),
        Box("status", "这时文章算", "choice", "只有算作“发布”的，读者看得到", Subject.ARTICLE),
        Box("days", "期限", "number", "几天以内要办好；不填就没有期限"),
        Box("falls_to", "内容改过就退回", "choice", "签过字的书稿改了一个字，回到哪个状态", Subject.BOOK),
        Box("closed", "到这里就办完了，不再等谁", "flag"),
    ),
    "step": (
        Box("from", "从哪里走", "ticks"),
        Box("to", "走到", "choice"),
        Box("posts", "谁来走", "ticks"),
        Box("all", "这几个岗位都要签字（不勾，其中一人就可以）", "flag"),
        Box("opinion", "必须写的意见叫什么", "text", "如 初审意见、理由；不填，可以不写意见"),
        Box("needed", "必须填的", "names", "几样之间用顿号。写上“期限”，就必须写期限"),
        Box("recorded", "可以填的", "names", "几样之间用顿号"),
        Box("rows", "要添一行", "choice"),
        Box("filled", "每一行都要填好的", "ticks"),
        Box("when", "还要先做到", "lines", _CONDITIONS),
        Box("releases", "读者从此看得到", "flag", of=Subject.ARTICLE),
        Box("freezes", "把书稿现在的样子定成一次校样", "flag", of=Subject.BOOK),
        Box("sound", "书稿不能有差错", "flag", of=Subject.BOOK),
    ),
    "field": (
        Box("name", "名称"),
        Box("kind", "填什么", "choice"),
        Box("choices", "有哪些可选", "lines", "一行一个"),
        Box("required", "必填", "flag"),
        Box("long", "可以写好几行", "flag"),
        Box("private", "是个人信息：另外存放，不检索，不导出", "flag"),
        Box("listed", "列在登记簿的表里", "flag"),
        Box("by_class", "按它分类统计、筛选", "flag"),
    ),
    "rows": (
        Box("name", "名称"),
        Box("fields", "每行有哪些栏", "columns", "一行一栏，如 单位：必填、日期：日期、意见：长文字、处理：并存|待考"),
    ),
    "post": (
        Box("name", "名称"),
        Box("right", "由有哪种权限的人担任", "choice"),
        Box("reviews", "是审稿的岗位：一人占两个，要写理由", "flag"),
    ),
    "number": (
        Box("field", "叫什么号"),
        Box("form", "样子", "text", "{year} 是年份，{n:03} 是接着编的号，写成三位"),
        Box("at", "到哪里才给", "choice", "不选，登记时就给"),
    ),
    "rate": (
        Box("name", "名称"),
        Box("count", "算进去的", "lines", _CONDITIONS),
        Box("among", "在哪些里面算", "lines", "写法同上；不填就是全部"),
    ),
}  # fmt: skip


def boxes(draft: ProcedureDraft, part: str) -> tuple[Box, ...]:
    """The boxes of an entry of a table."""
    subject = draft.data.get("subject", Subject.REGISTER)
    return tuple(one for one in BOXES[part] if one.of in (None, subject))


def options(draft: ProcedureDraft, box: Box) -> tuple[str, ...]:
    """What may be chosen in a box."""

    def names(table: str) -> tuple[str, ...]:
        return tuple(str(one.get("name", "")) for one in draft.entries(table))

    match box.key:
        case "begins" | "to" | "at" | "falls_to":
            return names("state")
        case "from":
            return (*names("state"), ANY_STATE)
        case "posts":
            return names("post")
        case "rows":
            return names("rows")
        case "filled":
            return tuple(
                f"{one['name']}.{each['name']}" for one in draft.entries("rows") for each in one.get("fields", ())
            )
        case "status":
            return tuple(one.value for one in Status)
        case "right":
            return tuple(one.value for one in Action)
        case "kind":
            return tuple(_KINDS)
    return ()


def typed(form: MultiDict[str, str], shown: Sequence[Box]) -> dict[str, Any]:
    """What was typed into the boxes, by key: a text, a list of texts, or whether it is ticked."""
    found: dict[str, Any] = {}
    for one in shown:
        text = form.get(one.key, "").replace("\r\n", "\n").strip()
        match one.kind:
            case "flag":
                found[one.key] = bool(text)
            case "ticks":
                found[one.key] = form.getlist(one.key)
            case "names":
                found[one.key] = [each.strip() for each in re.split("[、，,\n]", text) if each.strip()]
            case "lines" | "columns":
                found[one.key] = [each.strip() for each in text.split("\n") if each.strip()]
            case _:
                found[one.key] = text
    return found


def entry_of(part: str, values: Mapping[str, Any]) -> Entry:
    """The entry that typed values make."""
    entry = {key: value for key, value in values.items() if value}
    if part == "step":
        posts = entry.pop("posts", [])
        if posts:
            entry["signed_by" if entry.pop("all", False) else "who"] = posts
    elif part == "state" and "days" in entry:
        days = str(entry["days"])
        entry["days"] = int(days) if days.isascii() and days.isdigit() and len(days) < 7 else days
    elif part == "field":
        kind = _KINDS.get(entry.get("kind", ""), "text")
        chosen = kind in ("choice", "several")
        entry |= {"kind": "choice" if chosen else kind}
        if chosen == bool(entry.get("choices")) and kind not in ("number", "date"):
            del entry["kind"]  # as the file is written by hand: choices say it
        entry |= {"several": True} if kind == "several" else {}
    elif part == "rows":
        entry["fields"] = [_column(one) for one in entry.get("fields", ())]
    return entry


def values_of(part: str, entry: Entry) -> dict[str, Any]:
    """What the boxes show of an entry."""
    values = dict(entry)
    for key in ("from", "who", "signed_by", "needed", "recorded", "filled", "begins", "choices"):
        if isinstance(values.get(key), str):
            values[key] = values[key].split("|")
    for key in ("when", "count", "among"):
        if isinstance(values.get(key), str):
            values[key] = [values[key]]
    if part == "step":
        values["posts"] = values.get("signed_by") or values.get("who", [])
        values["all"] = bool(values.get("signed_by"))
    elif part == "field":
        values["kind"] = _kind_of(entry)
    elif part == "rows":
        values["fields"] = [_written(one) for one in entry.get("fields", ())]
    return values


def _kind_of(entry: Entry) -> str:
    kind = entry.get("kind") or ("choice" if entry.get("choices") else "text")
    return next(label for label, each in _KINDS.items() if each == ("several" if entry.get("several") else kind))


def _column(line: str) -> dict[str, Any]:
    """A column of rows, as one line says it: 送出日期：日期，必填."""
    name, _, rest = line.replace(":", "：").partition("：")
    column: dict[str, Any] = {"name": name.strip()}
    for word in (one.strip() for one in re.split("[，,、；;]", rest)):
        if "|" in word:
            column |= {"kind": "choice", "choices": [one.strip() for one in word.split("|") if one.strip()]}
        elif word in (_REQUIRED, _LONG):
            column["required" if word == _REQUIRED else "long"] = True
        elif word and word != "文字":
            column["kind"] = {"数字": "number", "日期": "date"}.get(word, word)
    return column


def _written(column: Entry) -> str:
    words = [label for key, label in (("required", _REQUIRED), ("long", _LONG)) if column.get(key)]
    if column.get("choices"):
        words.insert(0, "|".join(column["choices"]))
    elif column.get("kind") in ("number", "date"):
        words.insert(0, "数字" if column["kind"] == "number" else "日期")
    return f"{column.get('name', '')}：{'，'.join(words)}" if words else str(column.get("name", ""))


_SAID = {
    "写 who（其中一人）或 signed_by（都要签字），只写一样": "至少勾一个岗位",
    "这一步要写明 releases = true": "这一步要勾上“读者从此看得到”",
    "不要写 releases": "不要勾“读者从此看得到”",
    "加一步，或写 closed = true": "加一步，或勾上“到这里就办完了”",
    "没有写 status：这时文章算哪种稿件状态，读者看得到看不到": "没有选“这时文章算”",
    "的 status 是": "算作", "的 status 不是": "不算作", "缺少 [[number]]：": "还没有编号：",
    "缺少 [[state]]：": "还没有状态：",
    "（private）": "", "[[field]]": "要填的栏", "（choice）": "", "（several）": "", "要有 choices": "要写“有哪些可选”",
    '“kind”只能是 text、number、date、choice': "一栏里只能写 日期、数字、长文字、必填，或用 | 隔开的几样",
}  # fmt: skip
_KEY = re.compile("“([a-z_]+)”")


def said(message: str, part: str) -> str:
    """A fault in the words of the forms: as labels, not as keys of a file."""
    for written, words in _SAID.items():
        message = message.replace(written, words)
    labels = {one.key: one.label for one in (*BOXES[part], *BOXES[""])}
    return for_pages(_KEY.sub(lambda key: f"“{labels.get(key[1], key[1])}”", message))
