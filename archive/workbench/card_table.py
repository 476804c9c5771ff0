"""Cards as files: a table for Excel, a Word file for reading and printing; and a table taken in again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive import dates
from archive.model.cards import LABELS, CardFields, shown
from archive.model.errors import UsageError, WenshiError
from archive.support.files import replacing
from archive.support.sheets import Rows, write_table
from archive.text.anchors import Place
from archive.workbench.cards import Cards, PlacedCard, checked

HEADER = (
    "编号", "摘录", "出处", "日期", "推算", "起讫", "人物", "地名", "类目", "考订", "核实情况", "使用去向",
    "原文现状", "篇名", "文章编号", "版", "采集人", "采集时间",
)  # fmt: skip
FORMATS = (".xlsx", ".csv", ".docx")
SEPARATOR = re.compile(r"[;；\n]")
"""What parts several values in one cell or field."""

_FIELD_OF = {label: name for name, label in LABELS.items()}
_SEVERAL = ("classes", "persons", "places")
_MOST_ROWS = 20_000


def write(cards: Sequence[PlacedCard], file: Path) -> None:
    """Cards as a file, by its suffix, one of FORMATS. Raises StorageError."""
    if file.suffix.lower() == ".docx":
        _write_word(cards, file)
        return
    write_table(file, "资料卡片", HEADER, [_cells(one) for one in cards])


def _cells(one: PlacedCard) -> tuple[str, ...]:
    card = one.card
    return (
        str(card.key), card.written, one.source, card.said.dated, card.said.meant, understood(one),
        *(shown(card.said, name) for name in ("persons", "places", "classes", "note", "checked", "uses")),
        one.condition.value, one.article.title, card.article, str(card.version), card.who, card.when,
    )  # fmt: skip


def understood(one: PlacedCard) -> str:
    """What the date of a card is understood as, in words; "" where it has none that can be."""
    return dates.describe(one.card.date) if one.card.date else ""


def _write_word(cards: Sequence[PlacedCard], file: Path) -> None:
    from docx import Document

    document: Any = Document()
    document.add_heading("资料卡片", 1)
    for one in cards:
        card, said = one.card, one.card.said
        document.add_heading(f"{card.key}　{'；'.join(said.classes) or one.article.title}", 2)
        document.add_paragraph(card.written, style="Quote")
        date = "，".join(filter(None, (said.dated, understood(one))))
        lines = (
            ("出处", one.source), ("日期", date), ("人物", "；".join(said.persons)), ("地名", "；".join(said.places)),
            ("考订", said.note), ("核实情况", said.checked.value), ("使用去向", said.uses),
            ("原文现状", one.condition.value), ("采集", f"{card.who}　{card.when[:10]}"),
        )  # fmt: skip
        for label, value in lines:
            if value:
                paragraph = document.add_paragraph()
                paragraph.add_run(f"{label}：").bold = True
                paragraph.add_run(value)
    with replacing(file) as temporary:
        document.save(str(temporary))


# -- a table taken in


@dataclass(frozen=True, slots=True)
class TableChanges:
    """What a table would do: say something else of cards by key, make new ones of places; `problems` name the rows that
    cannot be used, as Excel counts them, and why.
    """

    changed: dict[int, CardFields]
    added: tuple[tuple[str, Place, CardFields], ...]
    problems: tuple[str, ...]


def read_changes(cards: Cards, rows: Rows) -> TableChanges:
    """What a table of cards would change, read by the names of its columns; nothing is changed yet.

    A row with 编号 says something else of that card; a column that is not there is left as it is. A row without makes
    a card, if its 摘录 stands just once in the article of its 文章编号. Raises UsageError for a table of other columns.
    """
    header = [cell.strip() for cell in rows[0]] if rows else []
    if "编号" not in header and not {"文章编号", "摘录"} <= set(header):
        raise UsageError("这不是卡片的表", hint="第一行要有“编号”一栏，或者“文章编号”和“摘录”两栏；可以先存一张表来看")
    if len(rows) > _MOST_ROWS:
        raise UsageError(f"表里超过 {_MOST_ROWS} 行", hint="请分成几张表")
    changed: dict[int, CardFields] = {}
    added: list[tuple[str, Place, CardFields]] = []
    problems: list[str] = []
    for number, cells in enumerate(rows[1:], 2):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        try:
            if row.get("编号"):
                _take_change(cards, row, changed)
            else:
                added.append(_new(cards, row))
        except WenshiError as error:
            problems.append(f"第 {number} 行：{error.message.rstrip('。')}")
    return TableChanges(changed, tuple(added), tuple(problems))


def apply(cards: Cards, changes: TableChanges) -> tuple[int, int]:
    """Do what a table says; how many cards were changed and made. Raises what `Cards.change_all` and `make` do."""
    changed = cards.change_all(changes.changed) if changes.changed else 0
    for article, place, said in changes.added:
        cards.make(article, place, 0, said)
    return changed, len(changes.added)


def _take_change(cards: Cards, row: dict[str, str], changed: dict[int, CardFields]) -> None:
    if not row["编号"].isdecimal():
        raise UsageError(f"编号“{row['编号'][:10]}”不是数字")
    key = int(row["编号"])
    held = cards.several([key]).get(key)
    if held is None:
        raise UsageError(f"没有第 {key} 张卡片")
    said = said_in(row, held.said)
    if said != held.said:
        if not cards.may_change(held):
            raise UsageError(f"第 {key} 张卡片是别人做的，不能改")
        cards.check(said)
        changed[key] = said


def _new(cards: Cards, row: dict[str, str]) -> tuple[str, Place, CardFields]:
    id, written = row.get("文章编号", ""), row.get("摘录", "")
    if not id or not written:
        raise UsageError("没有编号，也没有文章编号和摘录")
    places = cards.standing(id, written)
    if len(places) != 1:
        message = "有好几处，不知道是哪一处" if places else "没有，请照抄原文"
        raise UsageError(f"这段摘录在第 {id} 篇里{message}")
    said = said_in(row, cards.suggested(id, places[0]))
    cards.check(said)
    return id, places[0], said


def said_in(row: dict[str, str], before: CardFields) -> CardFields:
    """What a row of a table says, by its columns; what it has no column for is as before. Raises UsageError."""
    values: dict[str, Any] = {}
    for label, name in _FIELD_OF.items():
        if label not in row:
            continue
        cell = row[label]
        if name in _SEVERAL:
            values[name] = tuple(filter(None, (one.strip() for one in SEPARATOR.split(cell))))
        else:
            values[name] = checked(cell) if name == "checked" else cell
    return replace(before, **values)
