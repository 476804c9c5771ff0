"""Scans: pictures of pages, read by RapidOCR where it is installed (`wenshi[ocr]`). Its models lie in its wheel.

The picture of every page is kept and stands before its text. Text that runs downwards is read from right to left; pages
of several columns (or, running downwards, of several tiers) are read column by column.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from typing import Any

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Layout, Manuscript, Picture
from archive.support.files import sha256_of
from archive.support.isolation.served_calls import progress
from archive.support.pictures import NOT_FOR_BROWSERS, media_type
from ingest.readers import kept_readings, pictures_aside, recogniser
from ingest.readers.columns import IN_COLUMNS, SIDE_BY_SIDE, ColumnRow, PageLines, arrange
from ingest.readers.lines import Line, edges_of, joined, paragraphs
from ingest.readers.marginalia import without_margins
from ingest.readers.page_frames import laid_on_each_other
from ingest.readers.page_reading import NOTHING, PageReading, ReadLine, read_page, read_part
from ingest.readers.pdf.page_content import PageContent
from ingest.readers.photographs import from_above
from ingest.readers.spreads import halves
from ingest.text.characters import private_use, visible

HOW_TO_GET_IT = (
    "先安装文字识别组件：在安装文史的环境里运行 pip install 'wenshi[ocr]'（装好后不需要联网）；或用别的软件识别后再导入"
)
_log = logging.getLogger(__name__)
DOUBTFUL = 0.85  # lines recognised with less confidence are listed
MAX_PIXELS = 120_000_000  # of one picture: a newspaper page at 600 dots an inch
MAX_FRAMES = 500
_MISSED = "有 {} 处像是一行字，没有认出，请对照图像补上"
SPREAD = "{} 幅图像是摊开的两页，各分成两页；这里说的页次是分开以后的"
_FAINT = "有 {} 处墨色浅得多，像是背面透过来的字，没有收入，请对照图像"
_DOTS = 200  # an inch, for pages of a PDF
_LONGEST_SIDE = 4_000
_STEPS = 8  # sizes of titles are told apart by so much of the usual one
_SMALL = 0.9  # of the usual size: a note
_FOLIO = re.compile(r"[\W_]*\d{1,4}[\W_]*")
# The end of an entry of a contents page: title or author where they stand in one box with it, dots, page number.
_ENTRY_END = re.compile(r"((?:.*[^\W\d_A-Za-z][》）)」』”]?)?)([\W_]*)(\d{1,4})[\W_]*")
_FEWEST_ENTRIES, _RISING = 4, 0.9  # of a contents page; of its page numbers are no smaller than the one above
_MOSTLY = 0.5  # of the rows of a page: there, what stands in one box with its page number is an entry too
_NOTE_MARK = re.compile(r"[①-⑳㉑-㉟*＊※]|注[:：\d]|[\[［〔(（]?\d{1,2}[\]］〕)）.、]?(?=[^\W\d])")  # in small print
_SURE_MARK = re.compile("[①-⑳㉑-㉟＊※]")  # also where the print is hardly smaller, below a gap
_APART, _MOST_NOTES = 1.45, 12  # line distances that part notes from the text; lines of notes on a page
_NOTE_SIZE = 0.75  # of the usual: what such notes get
_TALL = 1.5  # a box of several characters so much taller than wide is a column


@dataclass(frozen=True, slots=True)
class Scan:
    """A recognised page: its picture and its lines in reading order (those that run downwards turned, so that they read
    as lines).

    `apart`: how many lines read across the page have parts that stand apart, as in tables; `unread`: how many places
    look like lines and gave no text; `unlike`: lines that look longer or shorter, with how many characters they look
    like; `faint`: how many places were left out because they show through from the other side; `beside`: the notes in
    its margin. `downwards`: its text runs so.
    """

    picture: Picture
    lines: tuple[Line, ...]
    apart: int = 0
    unread: int = 0
    unlike: tuple[tuple[str, int], ...] = ()
    width: int = 1
    faint: int = 0
    beside: tuple[str, ...] = ()
    downwards: bool = False

    def blocks(self) -> list[Block]:
        """The picture, then the text in paragraphs."""
        return [Block(Kind.FIGURE, picture=self.picture.sha256), *self.text()]

    def text(self) -> list[Block]:
        """The paragraphs, then the notes in the margin."""
        groups = paragraphs(self.lines, edges_of(self.lines))
        notes = [Block.plain(Kind.NOTE, note) for note in self.beside]
        return [*(Block.plain(Kind.PARAGRAPH, joined(group)) for group in groups), *notes]

    def issues(self, place: str) -> list[Issue]:
        """That a machine read this, how sure it was, and each line it was not sure of."""
        missed = [Issue(IssueCode.OCR_MISSED, place, _MISSED.format(self.unread))] if self.unread else []
        if self.faint:
            missed.append(Issue(IssueCode.OCR_MISSED, place, _FAINT.format(self.faint)))
        if not self.lines:
            return [Issue(IssueCode.OCR_EMPTY, place, "图像上没有认出文字，只保留图像，请核对"), *missed]
        mean = sum(line.confidence for line in self.lines) / len(self.lines)
        message = f"文字由机器识别，{len(self.lines)} 行，平均把握 {mean:.0%}，请对照图像校对"
        if self.beside:
            message += f"；页边的批注 {len(self.beside)} 处收作注释，排在这一页的末尾"
        found = [Issue(IssueCode.OCR, place, message), *missed]
        for text, seems in self.unlike:
            if seems == len(text):
                message = f"“{text}”再认也没有把握，请对照图像"
            else:
                message = f"“{text}”认出 {len(text)} 字，看图像约有 {seems} 字，再认也不成，请对照图像补全"
            found.append(Issue(IssueCode.OCR_MISSED, place, message))
        if any(line.column for line in self.lines):
            found.append(Issue(IssueCode.COLUMNS, place, IN_COLUMNS))
        if self.apart:
            found.append(Issue(IssueCode.SIDE_BY_SIDE, place, SIDE_BY_SIDE.format(self.apart)))
        for number, line in enumerate(self.lines, 1):
            if line.confidence < DOUBTFUL:
                message = f"“{line.text}”只有 {line.confidence:.0%} 的把握，请对照图像"
                found.append(Issue(IssueCode.OCR_DOUBTFUL, f"{place}第 {number} 行", message))
        return found


def read(file: Path, name: str) -> Manuscript:
    """Reads a picture of a page, or of several (TIFF). Raises ReadError, also where nothing can be recognised here."""
    if not recogniser.installed():
        raise ReadError("这是图片，读出上面的文字需要文字识别", place=name, hint=HOW_TO_GET_IT)
    pages = (half for picture in frames(file, name) for half in halves(picture))
    scans = [recognise(page, number) for number, page in enumerate(pages)]
    if not any(scan.lines for scan in scans):
        hint = "若是照片，请插入 Word 文稿中一起导入；若是扫描件，请提高清晰度（不低于 200 点每英寸）重新扫描"
        raise ReadError("图片上没有认出文字", place=name, hint=hint)
    found = _manuscript(file, name, scans)
    opened = len(scans) - count_frames(file)
    return (
        replace(found, issues=(Issue(IssueCode.SPREAD, name, SPREAD.format(opened)), *found.issues))
        if opened
        else found
    )


def _manuscript(file: Path, name: str, scans: Sequence[Scan]) -> Manuscript:
    blocks = tuple(block for scan in scans for block in scan.blocks())
    issues = [
        issue for number, scan in enumerate(scans, 1) for issue in scan.issues(f"第 {number} 页" if scans[1:] else name)
    ]
    return Manuscript(
        name=name,
        sha256=sha256_of(file),
        blocks=blocks,
        characters_in=sum(visible(block.text) for block in blocks),
        issues=(*issues, *private_use(blocks)),
        pictures={scan.picture.sha256: scan.picture for scan in scans},
    )


def transcribed(manuscript: Manuscript) -> Manuscript:
    """A manuscript that holds only pictures, with the text on them; any other as it is.

    Raises ReadError where that cannot be done here.
    """
    if not manuscript.pictures or any(
        block.text.strip() for block in manuscript.blocks if block.kind is not Kind.FIGURE
    ):
        return manuscript
    if not recogniser.installed():
        raise ReadError("文件里只有图片，没有文字", place=manuscript.name, hint=HOW_TO_GET_IT)
    blocks: list[Block] = []
    issues: list[Issue] = []
    for number, block in enumerate(manuscript.blocks, 1):
        blocks.append(block)
        picture = manuscript.pictures.get(block.picture)
        if picture is not None:
            scan = recognise(picture, number)
            blocks += scan.text()
            issues += scan.issues(f"第 {number} 幅图")
    read_characters = sum(visible(block.text) for block in blocks if block.kind is not Kind.FIGURE)
    return replace(
        manuscript,
        blocks=tuple(blocks),
        layouts=tuple(Layout() for _ in blocks),
        characters_in=manuscript.characters_in + read_characters,
        issues=(*manuscript.issues, *issues),
    )


def recognise(picture: Picture, page: int) -> Scan:
    """Finds the lines on a picture. One that cannot be decoded, or is too large to be a page, has none."""
    reading = reading_of(picture.sha256, picture.data)
    recogniser.heard("\n".join(line.text for line in reading.lines))
    return in_order(pictures_aside.aside(picture), reading, page)


def reading_of(sha256: str, data: bytes) -> PageReading:
    """The lines of a picture, as they were read before where that is kept; none where it cannot be read here."""
    held = kept_readings.kept(sha256)
    if held is not None:
        progress()
        return held
    try:
        if _pixels(data) > MAX_PIXELS:
            return NOTHING
        reading = read_page(data)
    except Exception:  # the library has no common base for pictures it cannot decode
        _log.warning("no lines could be read on picture %s", sha256, exc_info=True)
        return NOTHING
    kept_readings.keep(sha256, reading)
    return reading


def read_picture(file: Path, sha256: str, root: Path) -> PageReading:
    """The lines of a picture of the library in the folder `root`; none where it cannot be read here."""
    with kept_readings.keeping(root):
        held = kept_readings.kept(sha256)
        if held is None and not recogniser.installed():
            return NOTHING
        return held or reading_of(sha256, file.read_bytes())


def read_region(file: Path, box: tuple[int, int, int, int], turn: int = 0) -> str:
    """The text in a part of a picture: left, top, right, bottom in thousandths of it. Empty where none is found.

    `turn`: by how many degrees it is turned clockwise before it is read, a multiple of 90: a table may lie. Small print
    is enlarged first, which the reading of a whole page does not do.
    """
    data = file.read_bytes()
    if not recogniser.installed() or _pixels(data) > MAX_PIXELS:
        return ""
    reading = read_part(data, box, turn)
    scan = in_order(Picture("", b"", ""), reading, 0)
    return "\n".join(block.text for block in scan.text())


def in_order(picture: Picture, reading: PageReading, page: int) -> Scan:
    """The lines of a picture as they are read: turned level, and running downwards turned so that they run across."""
    found = [_placed(line, reading, page) for line in reading.lines if line.text.strip()]
    down = _runs_down(found)
    if down:
        # Turned by a quarter: downwards becomes along the line, from the right becomes from the top.
        found = [
            replace(one, left=one.top, right=one.bottom, top=reading.width - one.right, bottom=reading.width - one.left)
            for one in found
        ]
    found, beside = without_margins(found)
    (arranged,) = arrange([PageLines([ColumnRow(line, (line,)) for line in _in_order(found)])])
    unlike = tuple((line.text, round(line.seems)) for line in reading.lines if line.doubtful)
    return Scan(
        picture, tuple(arranged.lines), arranged.apart, len(reading.unread), unlike, reading.width, reading.faint,
        tuple(beside), down,
    )  # fmt: skip


def _placed(line: ReadLine, reading: PageReading, page: int) -> Line:
    """A line where it stands on the page turned level."""
    turn = radians(-reading.skew)
    middle = reading.width / 2, reading.height / 2
    level = [
        (
            middle[0] + (x - middle[0]) * cos(turn) - (y - middle[1]) * sin(turn),
            middle[1] + (x - middle[0]) * sin(turn) + (y - middle[1]) * cos(turn),
        )
        for x, y in line.corners
    ]
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*level, strict=True))
    return Line(line.text, left, right, top, bottom, min(right - left, bottom - top), page, line.confidence)


def of_one_size(pages: Sequence[tuple[PageContent, Scan]]) -> dict[int, list[Line]]:
    """The lines of scanned pages in points, by page; running text in one size, titles and notes in theirs.

    What runs downwards has been turned by a quarter and keeps its own measures.
    """
    sizes = sorted(line.size * page.width / scan.width for page, scan in pages for line in scan.lines)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    found: dict[int, list[Line]] = {}
    for page, scan in pages:
        scale = page.width / scan.width
        lines = [
            replace(
                one,
                left=one.left * scale, right=one.right * scale, top=one.top * scale, bottom=one.bottom * scale,
                size=max(1, round(_STEPS * one.size * scale / usual)) * usual / _STEPS,
            )
            for one in scan.lines
        ]  # fmt: skip
        found[page.number] = _levelled(lines)
    return laid_on_each_other(found, frozenset(page.number for page, scan in pages if scan.downwards))


def _pixels(data: bytes) -> int:
    """How many pixels a picture has, without decoding it."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is lower than the error's
        with Image.open(io.BytesIO(data)) as image:
            return int(image.width * image.height)


def _runs_down(lines: Sequence[Line]) -> bool:
    tall = sum(len(line.text) for line in lines if line.bottom - line.top > _TALL * (line.right - line.left))
    return tall > 0.5 * sum(len(line.text) for line in lines)


def _in_order(lines: Sequence[Line]) -> list[Line]:
    """From the top, and from the left what stands on one line."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return _levelled(
        [line for row in _with_their_pages([sorted(row, key=lambda line: line.left) for row in rows]) for line in row]
    )


def _with_their_pages(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """The rows of a page; of a contents page those of an entry as one line, its page number apart from its words."""
    found = {at: end for at, row in enumerate(rows) if (end := _ENTRY_END.fullmatch(row[-1].text.strip()))}
    alone = {at: end for at, end in found.items() if not end[1] and rows[at][1:]}
    entries = {at: end for at, end in found.items() if end[1] or at in alone}
    if len(entries) < _MOSTLY * len(rows):
        entries = alone
    ends = [rows[at][-1].right for at in entries]
    rising = sum(int(one[3]) <= int(other[3]) for one, other in pairwise(entries.values()))
    if (
        len(entries) < _FEWEST_ENTRIES
        or rising < _RISING * (len(entries) - 1)
        or any(
            abs(end - sorted(ends)[len(ends) // 2]) > rows[at][-1].size for at, end in zip(entries, ends, strict=True)
        )
    ):
        return list(rows)
    return [[_one_line(row, entries[at])] if at in entries else row for at, row in enumerate(rows)]


def _one_line(row: Sequence[Line], end: re.Match[str]) -> Line:
    """The lines of a row as one, with the room between them; `end`: what its last one is made of."""
    last = f"{end[1]}　　{end[0][end.start(3) :]}" if end[1] and not end[2] else end[0]
    return replace(
        row[0],
        text="　　".join([*(line.text.strip() for line in row[:-1]), last]),
        right=row[-1].right,
        top=min(line.top for line in row),
        bottom=max(line.bottom for line in row),
        confidence=min(line.confidence for line in row),
    )


def _levelled(lines: Sequence[Line]) -> list[Line]:
    """Heights of boxes tremble; those near the usual one get it, so that a paragraph is not taken apart.

    Small print at the foot that begins with the mark of a note stays small.
    """
    if not lines:
        return []
    sizes = sorted(line.size for line in lines)
    usual = sizes[len(sizes) // 2]
    notes = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].size >= _SMALL * usual and not _FOLIO.fullmatch(lines[at].text):
            break
        notes = at if _NOTE_MARK.match(lines[at].text) else notes
    notes = min(notes, _below_a_gap(lines))
    return [
        replace(line, size=usual)
        if at < notes and 0.7 * usual < line.size < 1.35 * usual
        else replace(line, size=_NOTE_SIZE * usual)
        if at >= notes and _NOTE_SIZE * usual < line.size < 1.35 * usual and not _FOLIO.fullmatch(line.text)
        else line
        for at, line in enumerate(lines)
    ]


def _below_a_gap(lines: Sequence[Line]) -> int:
    """The first line of notes that a gap parts from the text, whatever their size; the number of lines for none."""
    steps = [after.top - before.top for before, after in pairwise(lines) if after.top > before.top]
    if not steps:
        return len(lines)
    usual = sorted(steps)[len(steps) // 2]
    for at in range(max(1, len(lines) - _MOST_NOTES), len(lines)):
        if _SURE_MARK.match(lines[at].text) and lines[at].top - lines[at - 1].top > _APART * usual:
            return at
    return len(lines)


def rendered(document: Any, number: int) -> Picture:
    """A page of an opened PDF as a picture."""
    page = document[number]
    try:
        scale = min(_DOTS / 72, _LONGEST_SIDE / max(1.0, *page.get_size()))
        image = page.render(scale=scale, grayscale=True).to_pil()
    finally:
        page.close()
    return from_above(_as_picture(image, "JPEG"))


def _as_picture(image: Any, form: str) -> Picture:
    stream = io.BytesIO()
    image.save(stream, form, **({"quality": 85} if form == "JPEG" else {}))
    data = stream.getvalue()
    return Picture(hashlib.sha256(data).hexdigest(), data, f"image/{form.lower()}")


def count_frames(file: Path) -> int:
    """How many pictures a file holds; 0 where it cannot be decoded."""
    from PIL import Image

    try:
        with Image.open(file) as image:
            return int(getattr(image, "n_frames", 1))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return 0


def frames(file: Path, name: str, only: int | None = None) -> Iterator[Picture]:
    """The pictures of a file, or one of them: its own bytes where browsers show them, else as PNG. Raises ReadError."""
    from PIL import Image, UnidentifiedImageError

    hint = "请重新取得文件，或用看图软件打开后另存为 PNG 或 JPEG"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is below
        try:
            with Image.open(file) as image:
                count = getattr(image, "n_frames", 1)
                if image.width * image.height > MAX_PIXELS or count > MAX_FRAMES:
                    raise ReadError(
                        f"图片太大（{image.width}×{image.height}，{count} 幅），未予读取",
                        place=name,
                        hint="用看图软件缩小，或分成几个文件再导入",
                    )
                for number in range(count) if only is None else (only,):
                    image.seek(number)
                    image.load()
                    data = file.read_bytes() if count == 1 else b""
                    kind = media_type(data)
                    if data and kind not in NOT_FOR_BROWSERS:
                        yield from_above(Picture(hashlib.sha256(data).hexdigest(), data, kind))
                    else:
                        yield from_above(
                            _as_picture(image if image.mode in ("1", "L") else image.convert("RGB"), "PNG")
                        )
        except Image.DecompressionBombError as error:
            raise ReadError("图片太大，未予读取", place=name, hint="用看图软件缩小，再导入") from error
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise ReadError("图片不完整或已损坏", place=name, hint=hint) from error
