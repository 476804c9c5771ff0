"""What a list of a book's articles shows of each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.export.book import byline
from archive.model.access import OUT_OF_USE
from archive.model.errors import NotFound
from archive.model.project import Item, Project
from archive.model.records import Article, Kind
from archive.session import Session


@dataclass(frozen=True, slots=True)
class Row:
    """An item of a book in a list. `occurrence` counts, from 1, how often its article has stood in the book so far.

    `remarks` are what is particular about it (节选, 改动…); `newer` the version the library has by now, 0 when it is
    the one chosen; `fault` says why it cannot be printed, "" when it can.
    """

    item: Item
    occurrence: int
    title: str
    by: str = ""
    characters: int = 0
    remarks: tuple[str, ...] = ()
    newer: int = 0
    fault: str = ""

    @property
    def key(self) -> str:
        """What names it in an address: its article and, from the second time on, which time it stands in the book."""
        return self.item.article + (f"~{self.occurrence}" if self.occurrence > 1 else "")


def rows(session: Session, project: Project) -> list[list[Row]]:
    """The rows of each part."""
    met: Counter[str] = Counter()
    present = session.books.present(project)
    listed: list[list[Row]] = []
    for part in project.parts:
        listed.append([])
        for item in part.items:
            met[item.article] += 1
            listed[-1].append(_row(session, item, met[item.article], present.get(item.article)))
    return listed


def characters(listed: Sequence[Sequence[Row]]) -> int:
    """The characters of all rows."""
    return sum(row.characters for part in listed for row in part)


def _row(session: Session, item: Item, occurrence: int, present: Article | None) -> Row:
    try:
        present = present or session.article(item.article)
        article = present if present.version == item.version else session.article(item.article, item.version)
    except NotFound as error:
        return Row(item, occurrence, f"（{item.article}）", fault=error.message)
    return Row(
        item,
        occurrence,
        " ".join(article.title.split()),
        by=item.byline if item.byline is not None else byline(article) or _signed(article),
        characters=_printed(article, item),
        remarks=tuple(_remarks(article, item)),
        newer=present.version if present.digest != item.digest else 0,
        fault=f"库中已{present.status.value}，不能付印" if present.status in OUT_OF_USE else "",
    )


def _printed(article: Article, item: Item) -> int:
    """Characters the book prints, the edits left out of account."""
    last = item.last or len(article.blocks)
    return sum(len(block.text) for at, block in enumerate(article.blocks) if at == 0 or item.first <= at <= last)


def _signed(article: Article) -> str:
    """The people named in the byline of the text itself."""
    return next((" ".join(block.text.split()) for block in article.blocks if block.kind is Kind.BYLINE), "")


def _remarks(article: Article, item: Item) -> list[str]:
    found = []
    if not item.whole:
        found.append(f"节选第 {item.first} 至 {item.last or len(article.blocks) - 1} 段")
    if item.edits:
        found.append(f"改动 {len(item.edits)} 处")
    if item.note:
        found.append("有编者按")
    return found
