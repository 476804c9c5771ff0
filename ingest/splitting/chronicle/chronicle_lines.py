"""The lines of a chronicle: soft line breaks open lines of their own, the rows of its tables are lines too.

Nothing is lost, and nothing added but the space that parts a date from its event in a row, marked as generated.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.model.records import Block, Kind, Run, Style
from ingest.splitting.chronicle.opening import month_line, opening, year_line
from ingest.text.block_lines import lines_of

_PROSE = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.HEADING)
_DATED = 0.6  # of the filled cells of a column of dates
_HEADING = re.compile(
    r"(?:时间|日期|年[份代月]?|月[份日]?|日|公元|公历|农历|历史|朝代|帝号|干支|纪年|年号|序号|编号|大?事[件项记略]?|主要|简[要况]|内容|情况|经过"
    r"|[记纪]事|[纪概提摘]要|要[事闻点]|备注|说明|史实|史料|地点|人物|出处|资料来源|来源)+"
)
_CAPTION = re.compile(r"[\s　]*[附续]?表[\s　]*[\d一二三四五六七八九十]*[\s　：:—-]*[^。，；]{2,40}")
_MOST_FIGURES = 0.5  # of the filled cells beside the dates: such a table is one of figures
_UNITS = {"年": "年", "年份": "年", "年代": "年", "公元": "年", "月": "月", "月份": "月", "日": "日"}
_NUMBER = re.compile(r"[\d０-９]{1,4}|[元正一二三四五六七八九十]{1,3}")
_SHORT_DATE = re.compile(r"(\d{1,2})[.．/](\d{1,2})")


@dataclass(frozen=True, slots=True)
class ChronicleLine:
    """A block of the chronicle.

    `alone`: a row of a table, so an entry even without a date; `same`: its date is the cell that spans the row above
    too; `belongs`: goes with the line before. `read_as` is what to take the date from where the block's own words do
    not say it (8 under a heading 月). `heads`: the headings of the columns of a table.
    """

    block: Block
    alone: bool = False
    belongs: bool = False
    same: bool = False
    heads: bool = False
    read_as: str = ""

    @property
    def words(self) -> str:
        """The text that dates are looked for in."""
        return self.read_as or self.block.text


def lines_of_chronicle(blocks: Sequence[Block]) -> list[ChronicleLine]:
    """The lines in order."""
    found: list[ChronicleLine] = []
    at = 0
    while at < len(blocks):
        cell = blocks[at].cell
        if cell is None:
            found += _broken(blocks[at])
            at += 1
            continue
        end = at
        while end < len(blocks) and (other := blocks[end].cell) is not None and other.table == cell.table:
            end += 1
        captioned = bool(found) and _CAPTION.fullmatch(found[-1].block.text) is not None
        found += map(ChronicleLine, blocks[at:end]) if captioned else _rows(blocks[at:end])
        at = end
    return found


def _broken(block: Block) -> Iterator[ChronicleLine]:
    """The block, in several lines where a later line of it opens with a date."""
    later = block.text.split("\n")[1:]
    if block.kind in _PROSE and any(_is_dated(line) for line in later):
        yield from (ChronicleLine(replace(block, runs=runs)) for runs in lines_of(block) if runs)
    else:
        yield ChronicleLine(block)


def _is_dated(text: str) -> bool:
    return opening(text) is not None or year_line(text) is not None or bool(month_line(text))


def _rows(cells: Sequence[Block]) -> list[ChronicleLine]:
    """The rows of a table of dates and events; the cells as they are where it is none."""
    rows: dict[int, dict[int, list[Block]]] = defaultdict(lambda: defaultdict(list))
    for block in cells:
        assert block.cell is not None
        rows[block.cell.row][block.cell.column].append(block)
    dates = _date_columns(rows)
    if not dates or _of_figures(rows, dates):
        return [ChronicleLine(block) for block in cells]
    units: Mapping[int, str] = {}
    lines: list[ChronicleLine] = []
    for row in rows.values():
        texts = {column: "".join(block.text for block in inside) for column, inside in row.items()}
        filled = [text for text in texts.values() if text.strip()]
        if len(filled) > 1 and all(_HEADING.fullmatch("".join(text.split())) for text in filled):
            units = {column: _UNITS.get("".join(text.split()), "") for column, text in texts.items()}
            lines.append(ChronicleLine(_line([block for inside in row.values() for block in inside]), heads=True))
        else:
            lines += _row(row, dates, units)
    return lines


def _date_columns(rows: Mapping[int, Mapping[int, Sequence[Block]]]) -> list[int]:
    """The columns on the left that hold dates, where one further column follows; empty where there are none."""
    columns = sorted({column for row in rows.values() for column in row})
    found: list[int] = []
    for column in columns[:-1]:
        texts = [
            text
            for row in rows.values()
            if len(row) > 1 and column in row and (text := "".join(block.text for block in row[column]).strip())
        ]
        below = [text for text in texts if not _HEADING.fullmatch("".join(text.split()))]
        headed, texts = len(below) < len(texts), below
        if len(texts) < 2 and not ((found or headed) and texts):
            break
        if sum(_names_date(text) for text in texts) < _DATED * len(texts):
            break
        found.append(column)
    return found


def _of_figures(rows: Mapping[int, Mapping[int, Sequence[Block]]], dates: Sequence[int]) -> bool:
    """Whether the cells beside the dates mostly hold figures: a table of output by year tells no events."""
    cells = [block for row in rows.values() for at, inside in row.items() if at not in dates for block in inside]
    texts = [block.text for block in cells if block.text.strip()]
    return sum(re.search(r"[\u4e00-\u9fff]", text) is None for text in texts) > _MOST_FIGURES * len(texts)


def _names_date(text: str) -> bool:
    """Whether a cell holds a date, or the number of a year, month or day, and nothing else."""
    words = re.sub(r"[（(][^（）()]*[）)]", "", "".join(text.split()))
    if _NUMBER.fullmatch(words) or _SHORT_DATE.fullmatch(words) or year_line(text, number=True):
        return True
    found = opening(words)
    return found is not None and len(words) - found.stop <= 2


def _row(row: Mapping[int, Sequence[Block]], dates: Sequence[int], units: Mapping[int, str]) -> Iterator[ChronicleLine]:
    """A row: its year as a line, then the date with the event, then what else the cells hold."""
    when: list[Block] = []
    years: list[Block] = []
    read, year = "", ""
    for column in dates:
        words = _date_words(row.get(column, ()), units.get(column, ""))
        if year_line(words, number=True):
            years += row[column]
            words = f"{words}年" if words.isdigit() else words
            year = f"{year}（{words}）" if year else words
        elif words:
            when += row[column]
            read += words
    if years:
        yield ChronicleLine(_line(years), read_as=year)
    events = [block for column, inside in row.items() if column not in dates for block in inside]
    told = next((block for block in events if block.kind is not Kind.FIGURE and block.text.strip()), None)
    if told is None:
        yield from [ChronicleLine(_line(when))] if when else []
    elif month_line(read) and (inner := opening(told.text)) is not None and not inner.month:
        yield from (ChronicleLine(_line(when), read_as=read), ChronicleLine(_line([told])))
    else:
        line = _line([*when, told])
        yield ChronicleLine(line, alone=True, same=dates[-1] not in row, read_as=f"{read}　{told.text}" if read else "")
    for block in events:
        if block is not told and (block.text.strip() or block.picture):
            kind = Kind.PARAGRAPH if block.kind is Kind.CELL else block.kind
            yield ChronicleLine(replace(block, kind=kind, cell=None), belongs=not _is_dated(block.text))


def _date_words(cell: Sequence[Block], unit: str) -> str:
    """What a cell of a column of dates says, with the unit that the column's heading gives."""
    words = "".join("".join(block.text.split()) for block in cell)
    if short := _SHORT_DATE.fullmatch(words):
        return f"{short[1]}月{short[2]}日"
    return f"{words}{unit}" if unit and _NUMBER.fullmatch(words) else words


def _line(cells: Sequence[Block]) -> Block:
    """The blocks of some cells as one paragraph, a space between them."""
    runs: list[Run] = []
    for block in cells:
        if block.text.strip():
            runs += [Run("　", Style.GENERATED), *block.runs] if runs else block.runs
    return replace(cells[0], kind=Kind.PARAGRAPH, runs=tuple(runs), cell=None)
