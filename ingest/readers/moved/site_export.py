"""Exports of web sites as RSS 2.0: WordPress's own (WXR), and those of other systems that hold whole texts."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlparse

from archive.model.issues import IssueCode
from archive.model.records import Collection
from ingest.readers.html import picture_beside
from ingest.readers.json_records import Records
from ingest.readers.markup_tree import Element
from ingest.readers.moved.moved_texts import MovedText, MovedTexts, first, html_of, local, within, words, xml_tree

_KINDS = ("post", "page")
_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|pre|section|article)\b", re.I)
_SHORT = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|playlist)\b[^\]]*\]")
_BETWEEN = re.compile(r"\n[ \t\r]*\n")


def recognises(head: bytes, file: Path) -> bool:
    """A feed by RSS 2.0."""
    return re.search(rb"<rss\b", head[:8192]) is not None


def read(file: Path, name: str, collection: Collection, *, own_collections: bool = True) -> Records:
    """Reads the texts of a site into drafts for `collection`; pictures from `wp-content` beside the file.

    What was never published, or was kept private there, is told and not taken in. Raises ReadError.
    """
    root = xml_tree(file, name)

    def fetch(place: str, address: str) -> bytes | None:
        path = unquote(urlparse(address).path).lstrip("/")
        return picture_beside(file.parent, place, address if address.startswith("data:") else path)

    found = MovedTexts(file, name, collection.id, fetch)
    items = [item for channel in within(root, "channel") for item in within(channel, "item")]
    comments = 0
    for item in items:
        kind, status = words(first(item, "post_type")) or "post", words(first(item, "status")) or "publish"
        comments += len(within(item, "comment"))
        title, markup = words(first(item, "title")), _body(item)
        if kind == "attachment" and not markup.strip():
            continue
        if kind not in _KINDS or status != "publish" or words(first(item, "post_password")):
            what = _STATES.get(status, _OTHER) if kind in _KINDS else _OTHER
            message = f"“{title[:30]}”是{what}，没有收入"
            found.left_out(IssueCode.OUTSIDE_TEXTS, message, f"{title} {_text(markup, name)}")
        elif title or markup.strip():
            found.add(_moved(item, title, markup, collection, name))
    if comments:
        found.left_out(IssueCode.OTHER_PART, f"读者的评论 {comments} 条，没有收入")
    return found.ends()


_OTHER = "站内的别的内容"
_STATES = {
    "draft": "草稿",
    "pending": "待审的稿子",
    "private": "不公开的文章",
    "future": "定时发布的文章",
    "trash": "回收站里的文章",
}
_STATES |= {"publish": "有密码的文章"}


def _body(item: Element) -> str:
    encoded = [one for one in within(item, "encoded") if "content" in (one.tag if isinstance(one.tag, str) else "")]
    node = encoded[0] if encoded else first(item, "description")
    return "".join(node.itertext()) if node is not None else ""


def _moved(item: Element, title: str, markup: str, collection: Collection, name: str) -> MovedText:
    root = html_of(f"<html><body>{_paragraphs(_SHORT.sub('', markup)) or '<p></p>'}</body></html>", name)
    body = next(one for one in root.iter() if local(one) == "body")
    if title:
        head = body.makeelement("h1")
        head.text = title
        body.insert(0, head)
    categories = [one for one in within(item, "category") if words(one)]
    sections = [words(one) for one in categories if one.get("domain") != "post_tag"]
    tags = [words(one) for one in categories if one.get("domain") == "post_tag"]
    moment = words(first(item, "post_date")) or words(first(item, "pubDate"))
    described = [
        ("网上发布", moment),
        ("网上发布者", words(first(item, "creator"))),
        *(("关键词", one) for one in tags),
    ]
    return MovedText(
        root,
        volume=collection.volume,
        section=sections[0] if sections else "",
        source=words(first(item, "link")),
        fields=[*described, *(("栏目之二", one) for one in sections[1:])],
    )


def _paragraphs(markup: str) -> str:
    """Texts typed without tags are shown with a paragraph for each blank line, and so they are read."""
    if _BLOCK.search(markup):
        return markup
    parts = (part.strip().replace("\n", "<br>") for part in _BETWEEN.split(markup))
    return "".join(f"<p>{part}</p>" for part in parts if part)


def _text(markup: str, name: str) -> str:
    return words(html_of(f"<html><body>{markup}</body></html>", name)) if markup.strip() else ""
