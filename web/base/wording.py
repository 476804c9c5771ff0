"""Sentences of the library as pages say them: in place of a command of the terminal, the page that does the same."""

from __future__ import annotations

import re

_PAGES = {
    "list": "“馆藏”",
    "ingest": "“收稿”",
    "search": "“检索”",
    "check": "“管理”里的“核对”",
    "reindex": "“管理”里的“重建索引”",
    "backup": "“管理”里的“备份”",
    "names": "“人物地名”",
    "metadata": "文集的“著录表”",
    "book": "“书稿”",
    "user": "“管理”",
}
_BROWSERS = (  # the first that is named decides: each claims to be those below it
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("360", "360 浏览器"), ("QQBrowser", "QQ 浏览器"), ("Firefox", "火狐"),
    ("Chrome", "谷歌浏览器"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"), ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip
_PROCESS = re.compile("；如果电脑 [^；。]+ 上的进程 \\d+ [^；。]+")
_COMMAND = re.compile(
    r"(?P<verb>先|再|重新)?(?P<by>运行|用|请用)?\s*`?wenshi\s+(?P<name>[a-z]+)(?:\s+(?:--?[a-z][\w-]*|[A-Z]{2,}…?))*`?\s*"
)
_PASSWORD = re.compile(r"用 --password 给出((?:正确的|备份时的)?密码)")
_OPTIONS = (
    ("用 --as volume 看分篇表", "在“怎样读”里选“文史资料一辑”，看分篇表"),
    (
        "在块号表里标作“像题名”，要从哪一行另起一篇，把它的块号加进分篇表",
        "要从哪一行另起一篇，打开上一篇，在那一行按“从此另起”",
    ),
)
_MODE = re.compile(r"（--as [a-z]+）")


def for_pages(text: str) -> str:
    """The text without commands: “运行 wenshi reindex 重建索引” becomes “在“管理”里的“重建索引”重建索引”.

    Options are the fields of the form; nor does anybody before a page end processes.
    """
    for command, page in _OPTIONS:
        text = text.replace(command, page)
    text = _PASSWORD.sub(r"把\1填在“密码”一栏", _MODE.sub("", _PROCESS.sub("", text)))
    return _COMMAND.sub(_page, text)


def browser_named(agent: str) -> str:
    """What a browser says it is, in words by which its owner knows it; "" is a browser that says nothing."""
    found = [next((words for mark, words in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return "，".join(filter(None, found)) or "不说明自己的浏览器"


def _page(found: re.Match[str]) -> str:
    name, verb = found["name"], found["verb"] or ""
    if name == "restore":
        return f"{verb}请维护者"
    return f"{verb}在{_PAGES.get(name, '维护者那里')}" if found["by"] else f"{verb}{_PAGES.get(name, '本系统')}"
