"""The documentation as chapters: found where the program is installed, set as HTML, cut into sections to search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from archive.model.errors import NotFound

ORDER = {
    "安装": "安装",
    "tour": "走一遍样例",
    "import": "收稿",
    "reading": "检索、阅读、编书",
    "periods": "时期",
    "names": "名称表",
    "metadata": "著录",
    "workflow": "审稿与登记",
    "office": "多人使用",
    "books": "书稿",
    "export": "导出",
    "publishing": "发布成网站",
    "house-style": "版式",
    "fonts": "字体",
    "proof": "校对",
    "safekeeping": "保管、备份",
    "api": "由别的程序来问（接口）",
    "commands": "命令（给维护者）",
    "errors": "出错时的说明（给维护者）",
}
"""The chapters in the order they are read, each with its short name."""

_EXCERPT = 60
_SLUG = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a chapter under one heading, `anchor` in its address; `text` without markup."""

    chapter: str
    anchor: str
    heading: str
    text: str

    def excerpt(self, words: str) -> str:
        """The text around the first place where `words` stand."""
        at = max(0, self.text.lower().find(words.lower()) - _EXCERPT // 2)
        return f"{'…' if at else ''}{self.text[at : at + 2 * _EXCERPT]}…"


def folder() -> Path:
    """The folder of the documentation: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for found in (package / "docs", package.parent / "docs"):
        if found.is_dir():
            return found
    raise NotFound("这份安装里没有帮助。", hint="请重新安装完整的一份")


@lru_cache(maxsize=len(ORDER))
def page(chapter: str) -> Markup:
    """A chapter as HTML; text in it is never markup. Raises NotFound."""
    if chapter not in ORDER:
        raise NotFound("帮助里没有这一章。", hint="回到帮助的目录")
    markdown = _markdown()
    tokens = markdown.parse((folder() / f"{chapter}.md").read_text(encoding="utf-8"))
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(_plain(following)))
    for token in tokens:
        _mend_links(token)
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))


@lru_cache(maxsize=1)
def sections() -> tuple[Section, ...]:
    """All sections of all chapters, in order."""
    found: list[Section] = []
    for chapter, title in ORDER.items():
        heading, lines = title, [""]
        for token in _markdown().parse((folder() / f"{chapter}.md").read_text(encoding="utf-8")):
            if token.type == "heading_open":
                found.append(Section(chapter, anchor(heading), heading, " ".join(lines).strip()))
                lines = []
            elif token.type in {"inline", "fence", "code_block"}:
                if not lines:
                    heading = _plain(token)
                lines.append(_plain(token))
        found.append(Section(chapter, anchor(heading), heading, " ".join(lines).strip()))
    return tuple(section for section in found if section.text)


def search(words: str) -> list[Section]:
    """The sections that hold every one of the words (by spaces), headings first."""
    wanted = words.lower().split()
    held = [each for each in sections() if wanted and all(word in each.text.lower() for word in wanted)]
    return sorted(held, key=lambda each: not any(word in each.heading.lower() for word in wanted))


def anchor(heading: str) -> str:
    """A heading as the part of an address after #."""
    return _SLUG.sub("-", heading.replace("`", "")).strip("-").lower() or "top"


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _plain(token: Token) -> str:
    parts = [child.content for child in token.children or () if child.type in {"text", "code_inline"}]
    return "".join(parts) if token.children else " ".join(token.content.split())


def _mend_links(token: Token) -> None:
    """Links between chapters lead to the pages of help; other documents are only named, pictures left out."""
    kept: list[Token] = []
    shown = True
    for child in token.children or ():
        if child.type == "link_open":
            shown = _leads_to_a_page(child)
        hidden = child.type == "image" or (child.type.startswith("link_") and not shown)
        if not hidden:
            kept.append(child)
    if token.children:
        token.children = kept


def _leads_to_a_page(link: Token) -> bool:
    """Whether a link leads anywhere from the pages of help; one to a chapter is given the address of its page."""
    target, _, part = str(link.attrGet("href") or "").partition("#")
    if not target.endswith(".md"):
        return True
    name = target.removesuffix(".md").removeprefix("docs/")
    link.attrSet("href", f"/help/{name}{'#' + part if part else ''}")
    return unquote(name) in ORDER
