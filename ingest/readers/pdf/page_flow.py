"""Pages of PDF or OFD as a Manuscript: put together, running heads taken off, lines joined, titles found."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from archive.model.issues import IssueCode
from archive.model.records import Block, Kind, Layout, Manuscript, Picture
from archive.support.files import sha256_of
from archive.support.pictures import media_type
from ingest.readers import ocr
from ingest.readers.captions import is_caption
from ingest.readers.columns import IN_COLUMNS, SIDE_BY_SIDE, PageLines, arrange
from ingest.readers.lines import CONTENTS_ENTRY, Area, Edges, Line, edges_of, is_centred, joined, paragraphs
from ingest.readers.pdf import running_heads, watermarks
from ingest.readers.pdf.aligned_tables import tables_of
from ingest.readers.pdf.page_content import PageContent, Table
from ingest.readers.pdf.recognised import CONTROL, Account, numbered, scans_of, texts_of
from ingest.readers.pdf.running_heads import Furniture
from ingest.text.byline import SUBTITLE, parse_byline
from ingest.text.characters import private_use, visible
from ingest.text.cut_paragraphs import mend
from ingest.text.unwrap import SOFT_HYPHEN

_TITLE_SIZE = 1.15  # of the size of the text
_HARDLY_TITLE = 1.5  # of it: a name so large below a title is still its author
_LONGEST_TITLE = 60
_NOTE_SIZE = 0.9
_NOTE = re.compile(r"\s*(?:[①-⑳㉑-㉟*＊※]|[\[［〔(（]?\d{1,3}[\]］〕)）.]?(?=\D)|注[:：\d])")


@dataclass(slots=True)
class _Reading(Account):
    """One file being read."""

    blocks: list[Block] = field(default_factory=list)
    layouts: list[Layout] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    table: tuple[int, Table] | None = None  # placed last, with its page
    tables: int = 0
    size: float = 0.0  # of the running text
    levels: dict[float, int] = field(default_factory=dict)  # size of a title → heading level
    outline: Mapping[tuple[int, str], int] = field(default_factory=dict)  # (page, title without spaces) → level

    def place(self, block: Block, layout: Layout | None = None) -> None:
        self.blocks.append(block)
        self.layouts.append(layout or Layout())


def flowed(
    pages: Sequence[PageContent],
    name: str,
    file: Path,
    rendered: Callable[[int], Any],
    outline: Mapping[tuple[int, str], int],
    properties: Mapping[str, str],
) -> Manuscript:
    """The pages as a manuscript.

    `rendered` gives the picture of a page for recognition, `outline` the levels of bookmarks by (page from 0, title
    without spaces). Raises ReadError where nothing on them can be read.
    """
    reading = _Reading(name, outline=outline)
    watermarks.take(pages)
    _arrange(pages, reading)
    scans = scans_of(rendered, pages, reading)
    scanned = bool(scans)
    _clean(pages, reading)
    running = running_heads.find(pages)
    _set_apart(running, reading)
    stamps = _stamped(pages, reading)
    _measure(pages, reading)
    _cut_words(pages, reading)
    _fill(pages, running, scans, reading)
    if not reading.outline:
        if scanned:
            _put_bylines_down(reading)
        _level_titles(reading.blocks)
    _margins(running, stamps, reading)
    manuscript = Manuscript(
        name=name,
        sha256=sha256_of(file),
        blocks=tuple(reading.blocks),
        characters_in=reading.characters_in,
        issues=(*reading.issues, *private_use(reading.blocks)),
        layouts=tuple(reading.layouts),
        pictures=reading.pictures,
        properties=properties,
    )
    return mend(manuscript)


def _stamped(pages: Sequence[PageContent], reading: _Reading) -> list[str]:
    """The texts of watermarks, each once; the others are accounted for."""
    counts = Counter(_squeezed(line.text) for page in pages for line in page.stamps)
    for text, count in counts.items():
        again = (count - 1) * visible(text)
        where = numbered([page.number + 1 for page in pages if text in {_squeezed(one.text) for one in page.stamps}])
        message = f"“{text}”像是水印，不算正文和题名，只在卷末存一次"
        reading.report(IssueCode.WATERMARK, where, message, again)
    return list(counts)


def _arrange(pages: Sequence[PageContent], reading: _Reading) -> None:
    """Puts the lines of each page in reading order, and tells where that needs a look."""
    divided: list[int] = []
    apart: Counter[int] = Counter()
    ruled = {page.number + 1: len(page.tables) for page in pages if page.tables}
    aligned: Counter[int] = Counter()
    for page, arranged in zip(pages, arrange([PageLines(page.rows, page.rules) for page in pages]), strict=True):
        if not arranged.columns:
            tables, rest = tables_of(page.rows, page.width)
            if tables:
                page.tables = sorted((*page.tables, *tables), key=lambda table: table.top)
                aligned[page.number + 1] = len(tables)
                (arranged,) = arrange([PageLines(rest, page.rules)])
        page.lines = arranged.lines
        page.rows = []
        if arranged.columns:
            divided.append(page.number + 1)
        if arranged.apart:
            apart[page.number + 1] = arranged.apart
    if aligned:
        message = f"按上下对齐读出 {aligned.total()} 个没有框线的表格，请核对各格"
        reading.report(IssueCode.ALIGNED_TABLE, numbered(list(aligned)), message)
    if ruled:
        message = f"按框线读出 {sum(ruled.values())} 个表格，请核对各格"
        reading.report(IssueCode.RULED_TABLE, numbered(list(ruled)), message)
    if divided:
        reading.report(IssueCode.COLUMNS, numbered(divided), IN_COLUMNS)
    if apart:
        reading.report(IssueCode.SIDE_BY_SIDE, numbered(list(apart)), SIDE_BY_SIDE.format(apart.total()))


def _clean(pages: Sequence[PageContent], reading: _Reading) -> None:
    """Counts what the pages hold and takes out control characters."""
    for page in pages:
        met = sum(visible(text) for text in texts_of(page))
        page.tables = [
            replace(table, cells=tuple((cell, CONTROL.sub("", text)) for cell, text in table.cells))
            for table in page.tables
        ]
        page.lines = [replace(line, text=CONTROL.sub("", line.text)) for line in page.lines]
        page.stamps = [replace(line, text=CONTROL.sub("", line.text)) for line in page.stamps]
        removed = met - sum(visible(text) for text in texts_of(page))
        reading.characters_in += met
        if removed:
            reading.report(
                IssueCode.CONTROL, f"第 {page.number + 1} 页", f"控制字符 {removed} 个不是文字，已去掉", removed
            )


def _set_apart(running: Furniture, reading: _Reading) -> None:
    """Accounts for page numbers, and for running lines beyond the one of each text that is kept."""
    folios = sum(visible(line.text) for line in running.folios)
    if folios:
        message = f"{len(running.folios)} 处页码共 {folios} 字，记为各段所在的印刷页码，不作为文字收入"
        reading.report(IssueCode.PAGE_NUMBER, reading.name, message, folios)
    for what, lines in (("页眉", running.heads), ("页脚", running.feet)):
        dropped = lines[:]
        for line in _distinct(lines, running):
            dropped.remove(line)
        characters = sum(visible(line.text) for line in dropped)
        if characters:
            message = f"各页重复的{what} {len(dropped)} 处共 {characters} 字，相同的只存一次"
            reading.report(IssueCode.REPEATED_MARGIN, reading.name, message, characters)


def _distinct(lines: Sequence[Line], running: Furniture) -> list[Line]:
    """The first of each text; only the page number may differ."""
    return list({running.words[id(line)]: line for line in reversed(lines)}.values())[::-1]


def _margins(running: Furniture, stamps: Sequence[str], reading: _Reading) -> None:
    """Running heads and feet and watermarks, each text once, at the end as in other formats."""
    for kind, lines in ((Kind.HEADER, running.heads), (Kind.FOOTER, running.feet)):
        for line in _distinct(lines, running):
            reading.place(Block.plain(kind, line.text.strip()))
    for text in stamps:
        reading.place(Block.plain(Kind.HEADER, text))


def _measure(pages: Sequence[PageContent], reading: _Reading) -> None:
    """The size of the running text, the sizes of titles from large to small."""
    weights: Counter[float] = Counter()
    titles: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            weights[_rounded(line.size)] += len(line.text)
        for table in page.tables:
            weights[_rounded(table.size)] += sum(len(text) for _, text in table.cells)
    if weights:
        reading.size = weights.most_common(1)[0][0]
    for page in pages:
        for line in page.lines:
            if line.size >= _TITLE_SIZE * reading.size and len(line.text) <= _LONGEST_TITLE:
                titles[_rounded(line.size)] += 1
    reading.levels = {size: min(rank, 9) for rank, size in enumerate(sorted(titles, reverse=True), 1)}


def _cut_words(pages: Sequence[PageContent], reading: _Reading) -> None:
    """Tells of the words that line ends cut in two."""
    found = {page.number + 1: sum(line.text.endswith(SOFT_HYPHEN) for line in page.lines) for page in pages}
    where = [number for number, count in found.items() if count]
    if where:
        message = f"行末断开的外文单词 {sum(found.values())} 个已接上，连字号不再显示、检索时不计，请抽查"
        reading.report(IssueCode.REJOINED, numbered(where), message)


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _fill(pages: Sequence[PageContent], running: Furniture, scans: dict[int, ocr.Scan], reading: _Reading) -> None:
    """Paragraphs over all pages; tables, notes and pictures of a page go after the paragraph they interrupt."""
    aside = running.lines
    text_lines: list[Line] = []
    held: dict[int, tuple[PageContent, list[Line]]] = {}  # page → its notes
    for page in pages:
        lines = [line for line in page.lines if id(line) not in aside and line.text.strip()]
        notes: list[Line] = []
        for _, area in groupby(lines, key=lambda line: line.area):
            here = list(area)
            notes += _foot_notes(here, reading.size)
            text_lines += here[: len(here) - len(_foot_notes(here, reading.size))]
        held[page.number] = (page, notes)
    edges = edges_of(text_lines)
    tables = {page.number: page.tables for page in pages}
    done = -1  # the last page whose notes and pictures are placed
    for group in (part for whole in paragraphs(text_lines, edges) for part in _parted(whole, tables)):
        while done < group[0].page - 1:
            done += 1
            _page_picture(scans, done, running, reading)
            _attach(held.get(done), running, reading)
        _page_picture(scans, group[0].page, running, reading)
        _tables(pages[group[0].page], group[0], running, reading)
        _pictures(pages[group[0].page], group[0], running, reading)
        _paragraph(group, edges, running, reading)
    for number in range(done + 1, len(pages)):
        _page_picture(scans, number, running, reading)
        _attach(held.get(number), running, reading)


def _parted(group: Sequence[Line], tables: dict[int, list[Table]]) -> Iterator[list[Line]]:
    """The lines cut where a table stands between two of them."""
    part = [group[0]]
    for before, line in pairwise(group):
        between = (table for table in tables[line.page] if table.is_above(line) and not table.is_above(before))
        if before.page == line.page and any(between):
            yield part
            part = []
        part.append(line)
    yield part


def _tables(page: PageContent, line: Line | None, running: Furniture, reading: _Reading) -> None:
    """Places the tables of a page that stand above a line of it, or all that are left."""
    printed = running.printed.get(page.number, "")
    left: list[Table] = []
    for table in page.tables:
        if line is not None and not table.is_above(line):
            left.append(table)
            continue
        last = reading.blocks[-1].cell if reading.blocks else None
        if last and reading.table and reading.table[0] == page.number - 1 and table.goes_on(reading.table[1]):
            above = last.row + last.row_span
        else:
            above = 0
            reading.tables += 1
        for cell, text in table.cells:
            place = replace(cell, table=reading.tables - 1, row=cell.row + above)
            reading.place(Block.plain(Kind.CELL, text, cell=place, page=printed))
        reading.table = page.number, table
    page.tables = left


def _pictures(page: PageContent, line: Line | None, running: Furniture, reading: _Reading) -> None:
    """Places the pictures of a page that stand above a line of it, or all that are left.

    In columns it cannot be told what they interrupt, so they come after the page.
    """
    above = [one for one in page.pictures if line is None or (one[0] < line.top and not line.column)]
    for one in above:
        digest = hashlib.sha256(one[1]).hexdigest()
        reading.pictures.setdefault(digest, Picture(digest, one[1], media_type(one[1]) or "image/jpeg"))
        reading.place(Block(Kind.FIGURE, picture=digest, page=running.printed.get(page.number, "")))
        page.pictures.remove(one)


def _foot_notes(lines: Sequence[Line], size: float) -> list[Line]:
    """The lines in small print at the end of a page or column, from the first that begins with a note's mark."""
    start = len(lines)
    while start and lines[start - 1].size < _NOTE_SIZE * size:
        start -= 1
    while start < len(lines) and not _NOTE.match(lines[start].text):
        start += 1
    return list(lines[start:])


def _put_bylines_down(reading: _Reading) -> None:
    """Makes paragraphs of bylines that were taken for titles: on scans the sizes of short lines tremble."""
    blocks, layouts = reading.blocks, reading.layouts
    for at in range(len(blocks) - 1):
        title, line = blocks[at], blocks[at + 1]
        after = blocks[at + 2] if at + 2 < len(blocks) else None
        if (
            title.kind is Kind.HEADING
            and line.kind is Kind.HEADING
            and layouts[at + 1].size <= min(layouts[at].size, _HARDLY_TITLE * reading.size)
            and parse_byline(line.text)
            and not (after and parse_byline(after.text))
        ):
            blocks[at + 1] = replace(line, kind=Kind.PARAGRAPH, level=0)


def _level_titles(blocks: list[Block]) -> None:
    """Gives titles that a byline follows one level, whatever their sizes: a newspaper sets each article in its own."""
    signed = []
    for at, block in enumerate(blocks):
        below = next((one for one in blocks[at + 1 : at + 3] if not SUBTITLE.match(one.text)), None)
        named = below is not None and below.kind is Kind.PARAGRAPH and bool(parse_byline(below.text))
        if block.kind is Kind.HEADING and named and not SUBTITLE.match(block.text):
            signed.append(at)
    highest = min((blocks[at].level for at in signed), default=0)
    for at in signed:
        blocks[at] = replace(blocks[at], level=highest)


def _attach(held: tuple[PageContent, list[Line]] | None, running: Furniture, reading: _Reading) -> None:
    """Tables left over, notes and pictures of a page."""
    if held is None:
        return
    page, notes = held
    _tables(page, None, running, reading)
    printed = running.printed.get(page.number, "")
    note: list[Line] = []
    for line in [*notes, None]:
        if note and (line is None or _NOTE.match(line.text)):
            reading.place(Block.plain(Kind.NOTE, joined(note), page=printed))
            note = []
        if line is not None:
            note.append(line)
    for kind, words in page.beside:
        reading.characters_in += visible(words)
        reading.place(Block.plain(kind, words, page=printed))
    _pictures(page, None, running, reading)
    if page.other_pictures:
        message = f"{page.other_pictures} 幅图不能原样取出，没有收入；需要时请截图补上"
        reading.report(IssueCode.PDF_PICTURE, f"第 {page.number + 1} 页", message)


def _page_picture(scans: dict[int, ocr.Scan], number: int, running: Furniture, reading: _Reading) -> None:
    """The picture of a scanned page, once, before what begins on it."""
    scan = scans.pop(number, None)
    if scan is not None:
        reading.pictures.setdefault(scan.picture.sha256, scan.picture)
        reading.place(Block(Kind.FIGURE, picture=scan.picture.sha256, page=running.printed.get(number, "")))


def _paragraph(group: Sequence[Line], edges: dict[Area, Edges], running: Furniture, reading: _Reading) -> None:
    """A group of lines as a heading or a paragraph, with the evidence of its layout."""
    first = group[0]
    text = joined(group)
    centred = all(is_centred(line, edges[line.area]) for line in group)
    level = _level(group, text, reading)
    below_picture = bool(reading.blocks) and reading.blocks[-1].kind is Kind.FIGURE
    kind = Kind.HEADING if level else Kind.CAPTION if below_picture and is_caption(text) else Kind.PARAGRAPH
    block = Block.plain(kind, text, level=level, page=running.printed.get(first.page, ""))
    reading.place(block, Layout(size=_rounded(first.size), centred=centred))


def _level(group: Sequence[Line], text: str, reading: _Reading) -> int:
    """The level of a heading; 0 for running text. Bookmarks decide where there are any, else the size."""
    if reading.outline:
        return reading.outline.get((group[0].page, _squeezed(text)), 0)
    if len(text) > _LONGEST_TITLE or text.endswith(("。", "；", "，")) or CONTENTS_ENTRY.search(text):
        return 0
    return reading.levels.get(_rounded(group[0].size), 0)
