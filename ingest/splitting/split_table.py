"""The split table: a proposal as a TSV that an editor corrects in Excel or WPS, and back.

Columns: 序号 状态 置信度 栏目 题名 作者 首块 字数 依据 与目录相符 馆藏相近. The last line names the file it belongs to.
Reading it back, 序号 置信度 字数 依据 与目录相符 馆藏相近 say nothing; docs/import.md tells the editor what the others
do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import count
from pathlib import Path

from archive.model.errors import ReadError
from archive.model.records import Collection, Manuscript, Person, Role
from archive.support.files import write_whole
from archive.support.sheets import csv_rows, csv_text, decoded
from archive.support.storage_errors import storage_errors
from ingest.splitting.boundaries import State
from ingest.splitting.by_styles import title_at
from ingest.splitting.proposal import Proposal, SplitRow, body_and_margins
from ingest.text.characters import stored_characters

COLUMNS = ("序号", "状态", "置信度", "栏目", "题名", "作者", "首块", "字数", "依据", "与目录相符", "馆藏相近")
_FILE = "#文件"
_NEEDED = ("状态", "题名", "首块")
_ROLES = {str(role): role for role in Role} | {"整理者": Role.RECORDER, "记录": Role.RECORDER, "编者": Role.EDITOR}
_WITH_ROLE = re.compile(rf"(.+?)[\s　]*[（(]({'|'.join(_ROLES)})[）)]")
_LONGEST_STEM = 60
_FIRST_WORDS = 30
_LARGEST = 16 * 2**20  # bytes; the table of a manuscript is never larger


class SplitTableError(ReadError):
    """A split table that does not fit its file; nothing is stored.

    `place` names the row; `row` is its number in the table, the line of headings being 1, and 0 for the whole.
    """

    code = "split-table"
    exit_code = 22
    row = 0


def to_tsv(proposal: Proposal) -> str:
    """The table, without byte order mark; lines end in CR LF, as Excel writes them."""
    lines = [
        (
            str(number), row.state, f"{row.confidence.least:.2f}", row.section, row.title, authors(row.people or ()),
            str(row.first + 1), str(row.characters), row.evidence, row.match, row.alike,
        )
        for number, row in enumerate(proposal.rows, 1)
    ]  # fmt: skip
    return tsv(lines, proposal)


def tsv(lines: Iterable[Sequence[str]], proposal: Proposal) -> str:
    """Lines with the values of COLUMNS as the table of `proposal`'s manuscript; a line end in a value is a space."""
    file = _FILE, proposal.manuscript, f"{proposal.blocks} 块", f"{proposal.characters} 字", proposal.name
    rows = [COLUMNS, *lines, file]
    return csv_text([[" ".join(cell.split("\n")) for cell in row] for row in rows], "\t")


def write(proposal: Proposal, manuscript: Manuscript, folder: Path) -> Path:
    """Writes the table as `<name>-<first 8 of the SHA-256>.tsv` into `folder`, with a byte order mark for Excel.

    Beside it `…-块号.tsv` lists the numbers and first words of all blocks, for new boundaries, and marks those that may
    be titles but were too weak for a row. A table that is there already and says something else may hold an editor's
    work: it stays, and the new one gets a number. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r'[\s/\\:*?"<>|]+', "-", Path(proposal.name).stem).strip("-.")[:_LONGEST_STEM] or "稿件"
    stem = f"{stem}-{proposal.manuscript[:8]}"
    write_whole(folder / f"{stem}-块号.tsv", "\ufeff" + _numbers(manuscript, frozenset(proposal.offered)))
    data = ("\ufeff" + to_tsv(proposal)).encode("utf-8")
    for number in count(1):
        file = folder / f"{stem}{f'-{number}' if number > 1 else ''}.tsv"
        if not file.exists():
            write_whole(file, data)
            break
        if file.read_bytes() == data:
            break
    return file


def _numbers(manuscript: Manuscript, offered: AbstractSet[int]) -> str:
    blocks = enumerate((block for block, _ in body_and_margins(manuscript)[0]), 1)
    rows = [
        (str(number), " ".join(block.text[:_FIRST_WORDS].split()), "像题名" if number - 1 in offered else "")
        for number, block in blocks
    ]
    return csv_text([("块号", "开头", "像题名"), *rows], "\t")


def read(file: Path) -> str:
    """The text of a table as Excel, WPS or an editor saved it: UTF-8, UTF-16 or GB18030. Raises StorageError."""
    with storage_errors(file, "分篇表打不开", "请核对 --split 后面的路径"), file.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise SplitTableError("文件太大，不像分篇表", place=str(file), hint="请核对 --split 后面的路径")
    try:
        return decoded(data, str(file))
    except ReadError as error:
        raise SplitTableError(
            error.message, place=str(file), hint="请另存为 UTF-8 编码的制表符分隔文本（.tsv）"
        ) from error


def from_tsv(text: str, manuscript: Manuscript, collection: Collection) -> Proposal:
    """The proposal a table states for `manuscript`. Raises SplitTableError with the row where it does not fit."""
    table = csv_rows(text, "分篇表", "\t" if "\t" in text.split("\n", 1)[0] else ",")
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(table, 1) if any(cells)]
    body, _ = body_and_margins(manuscript)
    total = stored_characters(block for block, _ in body)
    _same_file(rows, manuscript, len(body), total)
    if not rows or not set(_NEEDED) <= set(rows[0][1]):
        raise _wrong(1, f"表头里应有{'、'.join(_NEEDED)}", "请保留第一行的列名")
    header = rows[0][1]
    records = [(number, dict(zip(header, cells, strict=False))) for number, cells in rows[1:] if cells[0] != _FILE]
    if not records:
        raise _wrong(2, "表里一篇也没有", "至少保留一行")
    blocks = [block for block, _ in body]
    read_rows: list[SplitRow] = []
    seen: dict[int, int] = {}
    for number, record in records:
        first = _first(record, number, len(body), seen)
        state = _state(record, number, bool(read_rows))
        title = record.get("题名", "") or ("" if first == 0 and state is State.MATTER else title_at(blocks, first))
        read_rows.append(SplitRow(first, state, title, _people(record), record.get("栏目", "")))
    return Proposal(manuscript.name, collection, manuscript.sha256, len(body), total, tuple(read_rows))


def authors(people: Iterable[Person]) -> str:
    """People as the table writes them: 甲（口述）；乙（整理）；丙."""
    return "；".join(
        person.name if person.role is Role.AUTHOR else f"{person.name}（{person.role}）" for person in people
    )


def people(text: str) -> tuple[Person, ...]:
    """The people of a text that is written as `authors` writes it."""
    found = []
    for name in re.split(r"[；;、]", text):
        with_role = _WITH_ROLE.fullmatch(name.strip())
        if with_role:
            found.append(Person(with_role[1], _ROLES[with_role[2]]))
        elif name.strip():
            found.append(Person(name.strip()))
    return tuple(found)


def _people(record: Mapping[str, str]) -> tuple[Person, ...] | None:
    """The people of the cell; None (whoever the text names) for a new row, which has no number and no authors."""
    cell = record.get("作者", "")
    if "作者" not in record or (not cell and not record.get("序号")):
        return None
    return people(cell)


def _first(record: Mapping[str, str], number: int, blocks: int, seen: dict[int, int]) -> int:
    cell = record.get("首块", "")
    digits = re.fullmatch(r"(\d{1,9})(?:\.0+)?", cell)
    if digits is None:
        raise _wrong(number, f"首块“{cell}”不是数字", "写这一篇从第几块开始；块号见分篇表旁边的“…-块号.tsv”")
    first = int(digits[1]) - 1
    if not 0 <= first < blocks:
        raise _wrong(number, f"首块 {cell} 不在这份稿件里（共 {blocks} 块）", f"写 1 到 {blocks} 之间的数")
    if first in seen:
        raise _wrong(number, f"首块 {cell} 和第 {seen[first]} 行重复", "两篇不能从同一块开始，改正或删去其中一行")
    seen[first] = number
    return first


def _state(record: Mapping[str, str], number: int, follows: bool) -> State:
    cell = record.get("状态", "") or State.TAKE
    if cell not in set(State):
        raise _wrong(number, f"状态“{cell}”不认识", f"可用的有：{'、'.join(State)}")
    if cell == State.JOIN and not follows:
        raise _wrong(number, "上面没有可以并入的篇", "第一行不能是“并入上篇”")
    return State(cell)


def _same_file(rows: list[tuple[int, list[str]]], manuscript: Manuscript, blocks: int, characters: int) -> None:
    """The table's last line must name this file, as it is read now."""
    named = next(((number, cells) for number, cells in rows if cells[0] == _FILE), None)
    if named is None or len(named[1]) < 4:
        raise _wrong(
            len(rows) + 1, f"没有“{_FILE}”一行，看不出是哪份稿件的分篇表", "请用程序写出的表来改，保留最后一行"
        )
    number, cells = named
    if cells[1] != manuscript.sha256:
        raise _wrong(number, f"这张表属于另一个文件（{cells[1][:8]}…，本文件是 {manuscript.sha256[:8]}…）",
                     "稿件改过之后要重新导入一次，得到新的分篇表")  # fmt: skip
    if cells[2:4] != [f"{blocks} 块", f"{characters} 字"]:
        raise _wrong(number, f"表上是{cells[2]}、{cells[3]}，现在读到 {blocks} 块、{characters} 字",
                     "读取方式变了，请重新导入一次，得到新的分篇表")  # fmt: skip


def _wrong(row: int, message: str, hint: str) -> SplitTableError:
    error = SplitTableError(message, place=f"分篇表第 {row} 行", hint=hint)
    error.row = row
    return error
