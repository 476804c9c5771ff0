"""A 长编 as files: a book with sources as notes (Word, PDF…), a table, a book project of the passages themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive import dates
from archive.export.book import Book, Chapter, Section
from archive.export.house import HouseStyle
from archive.model.compilation import Compilation, RemarkKind
from archive.model.errors import ExportError
from archive.model.project import Edit, Item, Project
from archive.model.project import Part as BookPart
from archive.model.records import Article, Block, Kind, Run, Style
from archive.support import sheets
from archive.workbench.accounts import KINDS
from archive.workbench.cards import PlacedCard
from archive.workbench.compilations import Compilations, Part, Told

HEADER = (
    "篇目", "事", "日期", "记载", "摘录", "出处", "原文日期", "人物", "地名", "异文", "考订", "核实情况", "原文现状",
    "考异", "按语", "存疑", "卡片", "文章编号",
)  # fmt: skip


def as_book(compilation: Compilation, parts: Sequence[Part], house: HouseStyle) -> Book:
    """The 长编 as a book: a chapter for each heading, each account a paragraph with its source as a note.

    What accounts say differently has dots below it; 考异 and 按语 stand apart and are signed; what is doubtful is a
    chapter of its own at the end. Raises ExportError when there is nothing in it.
    """
    chapters = [_chapter(_named(part), [one for one in part.events if not one.event.doubtful]) for part in parts]
    doubtful = [one for part in parts for one in part.events if one.event.doubtful]
    sections = tuple(Section("", (one,)) for one in chapters if len(one.article.blocks) > 1)
    if doubtful:
        sections = (*sections, Section("", (_chapter("存疑", doubtful),)))
    if not sections:
        raise ExportError(f"长编“{compilation.name}”里还没有内容。", hint="先把卡片放进去。")
    return Book(title=compilation.name, subtitle="资料长编", sections=sections, house=house)


def _named(part: Part) -> str:
    return part.heading.title if part.heading else "未归篇目"


def _chapter(title: str, events: Sequence[Told]) -> Chapter:
    blocks = [Block.plain(Kind.TITLE, title)]
    notes: list[Block] = []
    for told in events:
        blocks.append(Block.plain(Kind.HEADING, heading_of(told), level=2))
        for number, (account, marks) in enumerate(zip(told.accounts, told.marks, strict=True), 1):
            label = str(len(notes) + 1)
            before = f"（{number}）" if len(told.accounts) > 1 else ""
            runs = [Run(before)] if before else []
            at = 0
            for mark in (one for one in marks if one.differs):
                start, end = mark.span
                runs += [Run(account.card.written[at:start]), Run(account.card.written[start:end], Style.EMPHASIS)]
                at = end
            runs += [Run(account.card.written[at:]), Run("", note=label)]
            blocks.append(Block(Kind.PARAGRAPH, tuple(run for run in runs if run.text or run.note)))
            notes.append(Block.plain(Kind.NOTE, source_of(account), label=label))
        blocks += _apart(told)
    return Chapter(Article(collection="", blocks=(*blocks, *notes)))


def heading_of(told: Told) -> str:
    """The line above an event: when, and what it is called where the compiler says so."""
    when = _when(told) or "日期不详"
    return f"{when}　{told.event.title}" if told.event.title else when


def _when(told: Told) -> str:
    return told.event.date or (dates.describe(told.period) if told.period else "")


def source_of(account: PlacedCard) -> str:
    """The note to an account: its source, and what is thought of it."""
    said = account.card.said
    parts = (
        account.source,
        said.note and f"考订：{said.note}",
        "" if account.place else "（原文已改，引自做卡片时的文字）",
    )
    return "".join(filter(None, parts)).replace("\n", " ")


def _apart(told: Told) -> Iterator[Block]:
    """What differs, and the words of compilers, set apart from the accounts."""
    for kind, rows in told.differing.items():
        said = "；".join(f"（{number}）{'、'.join(words) or '无'}" for number, words in enumerate(rows, 1))
        yield Block(Kind.QUOTATION, (Run(f"〔异文·{KINDS[kind]}〕", Style.BOLD), Run(said)))
    for remark in told.event.remarks:
        runs = Run(f"〔{remark.kind.value}〕", Style.BOLD), Run(f"{remark.text}（{remark.who}，{remark.when}）")
        yield Block(Kind.QUOTATION, runs)


# -- as a table


def write_table(parts: Sequence[Part], file: Path) -> None:
    """An account a row, as .xlsx or .csv. Raises StorageError."""
    rows = [row for part in parts for told in part.events for row in _rows(part, told)]
    sheets.write_table(file, "长编", HEADER, rows)


def _rows(part: Part, told: Told) -> Iterator[tuple[str, ...]]:
    remarks = {
        kind: "\n".join(f"{one.text}（{one.who}，{one.when}）" for one in told.event.remarks if one.kind is kind)
        for kind in RemarkKind
    }
    for number, (account, marks) in enumerate(zip(told.accounts, told.marks, strict=True), 1):
        card = account.card
        odd = "；".join(card.written[slice(*mark.span)] for mark in marks if mark.differs)
        yield (
            _named(part), told.event.title, _when(told),
            f"{number}/{len(told.accounts)}", card.written, account.source, card.said.dated,
            "；".join(card.said.persons), "；".join(card.said.places), odd, card.said.note, card.said.checked.value,
            account.condition.value, remarks[RemarkKind.COLLATION], remarks[RemarkKind.COMMENT],
            "存疑" if told.event.doubtful else "", str(card.key), card.article,
        )  # fmt: skip


# -- as a book project


def as_project(compilations: Compilations, name: str, parts: Sequence[Part]) -> Project:
    """A book project of the passages on the cards, not saved: a part for each heading, an item for each account, its
    article cut to the words of the card. 考异 and 按语 become the editor's note of the first account.

    Raises ExportError when there is nothing to take.
    """
    made = tuple(
        BookPart(title=_named(part), items=tuple(item for told in part.events for item in _items(compilations, told)))
        for part in parts
        if part.events
    )
    if not made:
        raise ExportError("长编里还没有内容。", hint="先把卡片放进去。")
    return Project(name=name, title=name, subtitle="资料长编", parts=made)


def _items(compilations: Compilations, told: Told) -> Iterator[Item]:
    for number, account in enumerate(told.accounts, 1):
        article, (block, start, end) = compilations.article(account)
        text = article.blocks[block].text
        title = heading_of(told) + (f"（{number}）" if len(told.accounts) > 1 else "")
        edits = [Edit(0, 0, len(article.title), article.title, title)] if article.title != title else []
        edits += [Edit(block, 0, start, text[:start], "")] if start and block else []
        edits += [Edit(block, end, len(text), text[end:], "")] if end < len(text) and block else []
        yield Item(
            article=article.id,
            version=article.version,
            digest=article.digest,
            first=max(1, block),
            last=max(1, block),
            byline="",
            source=account.source,
            note="\n".join(block.text for block in _apart(told)) if number == 1 else "",
            edits=tuple(edits),
        )
