"""A finding accepted by a click: its suggestion becomes a change for this book, or a correction of the article."""

from __future__ import annotations

from dataclasses import replace

from archive.books.compile import edited, printed, with_change
from archive.export.proof import Finding
from archive.model.edits import Rewrite
from archive.model.errors import Conflict, UsageError
from archive.model.project import Item, Project
from archive.model.records import Article
from archive.session import Session

_MOVED = "这一处的文字已经改过，没有改动。"


def for_book(session: Session, kept: Project, finding: Finding) -> Project:
    """The project with the change, not saved. Raises Conflict where the text is no longer what was looked at."""
    item = _item(kept, finding)
    article = session.article(item.article, item.version)
    _require_same(article, item, finding)
    fresh = with_change(article, item, finding.block, finding.start, finding.end, finding.suggestion or "")
    return _with(kept, item, fresh)


def as_correction(session: Session, kept: Project, finding: Finding) -> Project:
    """Corrects the article in the library and takes the corrected version into the project, which is not saved.

    Raises Conflict where the book prints the paragraph otherwise than the library has it, or somebody changed it;
    what correcting raises.
    """
    item = _item(kept, finding)
    article = session.article(item.article, item.version)
    _require_same(article, item, finding)
    index = printed(article, item)[finding.block]
    text = article.blocks[index].text
    if edited(article, item)[index].text != text:
        raise Conflict("这一段已为本书改过，没有更正。", hint="按“只改本书”，或先到“改”里复原这一段。")
    corrected = text[: finding.start] + (finding.suggestion or "") + text[finding.end :]
    reason = f"校对：{finding.text or '缺字'}→{finding.suggestion or '删去'}"
    session.corrections.correct(article.id, [Rewrite(index, text, (corrected,))], reason, article.version)
    fresh, lost = session.books.renewed(kept, article.id)
    if lost:
        raise Conflict("文章已经更正，但书稿里有改动在新版里对不上。", hint="请到这一篇的“库中已有新版”里看过再换。")
    return fresh


def _item(kept: Project, finding: Finding) -> Item:
    if not finding.acceptable:
        raise UsageError("这一处没有拿得准的改法，没有改动。", hint="请按“改”，自己改这一段。")
    found = [item for item in kept.items if item.article == finding.article]
    if len(found) != 1:
        raise UsageError("这一篇在书里不止一处，没有改动。", hint="请按“改”，自己改这一段。")
    return found[0]


def _require_same(article: Article, item: Item, finding: Finding) -> None:
    """Raises Conflict unless the book still prints at the place what was found there."""
    blocks = printed(article, item)
    text = edited(article, item)[blocks[finding.block]].text if finding.block < len(blocks) else ""
    if text[finding.start : finding.end].replace("\n", " ")[:40] != finding.text[:40]:
        raise Conflict(_MOVED, hint="请按“重新校对”，再看这一处。")


def _with(kept: Project, old: Item, fresh: Item) -> Project:
    parts = (replace(part, items=tuple(fresh if item is old else item for item in part.items)) for part in kept.parts)
    return replace(kept, parts=tuple(parts))
