"""Office-holders in a table: columns by their headings, spans filled in, several people in one cell told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.catalogue.roster.columns import Column, column, groups, is_header
from archive.catalogue.roster.columns_by_content import columns_by_content
from archive.catalogue.roster.matrix import is_matrix, read_matrix
from archive.catalogue.roster.person_names import names
from archive.catalogue.roster.posts import is_post
from archive.catalogue.roster.roster_lines import persons
from archive.catalogue.roster.tenure import Tenure
from archive.catalogue.roster.terms import TermOfOffice, is_term, moment, term
from archive.model.records import Block, Kind

# Columns that say nothing of the person: numbers, pages, and those this program adds to its own sheets.
_SERIAL = re.compile(r"序[号號]?|[编編][号號]|排序|.{0,3}[页頁]码?|存疑|文集|文章|段|page|no\.?|id|number", re.I)
_DITTO = re.compile(r"[〃″\"“”]|同上|仝上|同前|^$")
_GOES_ON = "（(兼会"  # a line of a cell that begins so goes on with the post above: 人大常委, 会主任
_HEADS = 2  # rows; the header of a table without a column of names is its first, or comes after its caption
_CARRIED = (Column.POST, Column.BODY, Column.TERM)  # an empty cell means what stands above it
_DATED = (Column.TENURE, Column.SINCE, Column.UNTIL)  # only 同上 does


@dataclass(slots=True)
class _Grid:
    """The texts of a table by row and column, with the index of the block each begins in; spans are filled."""

    texts: list[list[str]]
    blocks: list[list[int]]


def read_table(cells: Sequence[Block], first: int, base: Tenure, post: str) -> Iterator[Tenure | tuple[int, ...]]:
    """The people of a table whose blocks are `cells`, the first of them number `first` of the article.

    `post` is what they hold where no column says. A row that gives nobody comes as the indexes of its blocks. Columns
    are known by their headings or, where there are none, by what most of their cells hold.
    """
    grid = _grid(cells, first)
    base = replace(base, block=first)
    header = next((index for index, row in enumerate(grid.texts) if is_header(row)), None)
    across = next((index for index, row in enumerate(grid.texts[:_HEADS]) if is_matrix(row)), None)
    if header is None and across is not None:
        yield from read_matrix(grid.texts, grid.blocks, across, base)
        return
    if header is not None:
        headings, start = _headings(grid.texts, header)
        columns = [column(heading) for heading in headings]
    else:
        columns = columns_by_content(grid.texts)
        headings, start = [""] * len(columns), 0
    carried: dict[tuple[int, Column], str] = {}
    for index in range(start, len(grid.texts)):
        row = grid.texts[index]
        named = [column(text) for text in row]
        if (named == columns) if header is not None else sum(one is not Column.OTHER for one in named) >= 2:
            continue  # the headings, perhaps again at the head of a page
        if len(row) > 2 and len(set(row)) == 1 and row[0]:  # a line across the table: the post of what follows
            carried = {(part.start, Column.POST): row[0] for part in groups(columns)}
            continue
        found = list(_row(grid, index, columns, headings, carried, base, post))
        yield from found
        if not found and any(text.strip() for text in row):
            yield tuple(dict.fromkeys(grid.blocks[index]))


def _row(
    grid: _Grid,
    index: int,
    columns: Sequence[Column],
    headings: Sequence[str],
    carried: dict[tuple[int, Column], str],
    base: Tenure,
    post: str,
) -> Iterator[Tenure]:
    """The people of a row."""
    shared: dict[Column, str] = {}
    for part in groups(columns):
        values = {**shared, **_values(grid.texts[index], columns, headings, part, carried)}
        shared = shared or {one: values[one] for one in _CARRIED if one in values}
        block = next((grid.blocks[index][at] for at in part if columns[at] is Column.PERSON), base.block)
        yield from _people(values, base if block == base.block else replace(base, block=block), post)


def _grid(cells: Sequence[Block], first: int) -> _Grid:
    places = [block.cell for block in cells]
    rows = max(cell.row + cell.row_span for cell in places if cell)
    width = max(cell.column + cell.column_span for cell in places if cell)
    texts = [[""] * width for _ in range(rows)]
    blocks = [[first] * width for _ in range(rows)]
    for index, (block, cell) in enumerate(zip(cells, places, strict=True), first):
        assert cell is not None
        if block.kind is Kind.FIGURE:
            continue
        begun = texts[cell.row][cell.column]
        whole = f"{begun}\n{block.text}" if begun else block.text
        for row in range(cell.row, cell.row + cell.row_span):
            for at in range(cell.column, cell.column + cell.column_span):
                texts[row][at] = whole
                blocks[row][at] = blocks[row][at] if begun else index
    return _Grid(texts, blocks)


def _headings(texts: Sequence[Sequence[str]], header: int) -> tuple[list[str], int]:
    """The headings, and the first row below them; a second row may say more of the first (任期: 起, 止)."""
    headings = list(texts[header])
    following = texts[header + 1] if header + 1 < len(texts) else []
    finer = [column(text) in (Column.SINCE, Column.UNTIL, Column.TENURE) for text in following]
    if any(finer) and column(following[headings.index(_person(headings))]) in (Column.PERSON, Column.OTHER):
        same = [text == above or fine or not text for text, above, fine in zip(following, headings, finer, strict=True)]
        if all(same):
            return [text or above for text, above in zip(following, headings, strict=True)], header + 2
    return headings, header + 1


def _person(headings: Sequence[str]) -> str:
    return next(heading for heading in headings if column(heading) is Column.PERSON)


def _values(
    row: Sequence[str],
    columns: Sequence[Column],
    headings: Sequence[str],
    part: range,
    carried: dict[tuple[int, Column], str],
) -> dict[Column, str]:
    """What a row says, by column; unknown columns are remarks under their heading."""
    values: dict[Column, str] = {}
    further = []
    for at in part:
        one, text = columns[at], row[at].strip()
        if one is Column.OTHER:
            label = re.sub(r"[\s　]", "", headings[at])
            if text and not _SERIAL.fullmatch(label):
                further.append(f"{label}：{text}" if label else text)
        elif one not in values:
            values[one] = text
    for one in (*_CARRIED, *_DATED):
        key = (part.start, one)
        if one in values and not _DITTO.fullmatch(values[one]):
            carried[key] = values[one]
        elif key in carried and (one in _CARRIED or values.get(one)):
            values[one] = carried[key]
    values[Column.REMARK] = "；".join(filter(None, (values.get(Column.REMARK, ""), *further)))
    return values


def _people(values: dict[Column, str], base: Tenure, post: str) -> Iterator[Tenure]:
    others = any(values.get(one) for one in (Column.TENURE, Column.SINCE, Column.NATIVE, Column.SEX))
    found = [one for name in names(values.get(Column.PERSON, "")) for one in persons(name)]
    known = _filled(values, base)
    if not found and others:
        yield _nobody(values, known, post)
    terms = _terms(values.get(Column.TENURE, ""))
    pairs = [(found[0], one) for one in terms] if len(found) == 1 and len(terms) > 1 else []
    if len(found) == len(terms) > 1:
        pairs = list(zip(found, terms, strict=True))  # several lines in both cells
    pairs = pairs or [(one, values.get(Column.TENURE, "")) for one in found]
    posts, unsure = _posts(values.get(Column.POST, ""), len(pairs))
    for (person, written), own_post in zip(pairs, posts, strict=True):
        when, term_written, doubts = _when({**values, Column.TENURE: written})
        own = when.since is None and when.until is None and bool(person.written)
        yield replace(
            known,
            person=person.person,
            post=person.post or _squeezed(own_post) or post,
            since=person.term.since if own else when.since,
            until=person.term.until if own else when.until,
            written=person.written if own else term_written,
            sex=known.sex or person.sex,
            ethnicity=known.ethnicity or person.ethnicity,
            remark="；".join(filter(None, (known.remark, when.remark, person.remark))),
            doubts=(*person.doubts, *doubts, *unsure),
        )


def _posts(cell: str, people: int) -> tuple[list[str], tuple[str, ...]]:
    """The post of each of so many people (or terms of one) in a row, and what is doubtful about it.

    Lines of a cell are those of one post that did not fit, or one for each; an empty line means what stands above it.
    """
    if "\n" not in cell:
        return [cell] * people, ()
    lines = [line.strip() for line in cell.split("\n")]
    posts: list[str] = []
    whole = True
    for line in filter(None, lines):
        if posts and (not whole or line[0] in _GOES_ON):
            posts[-1] += line
        else:
            posts.append(line)
        whole = is_post(_bare(posts[-1]))
    if len(posts) > 1 and not whole:
        posts[-2:] = ["".join(posts[-2:])]
    if people > 1 and len(posts) > 1 and "" in lines and len(lines) <= people:
        above = ""
        for at, line in enumerate(lines):
            above = lines[at] = line or above
        return [*lines, *[above] * (people - len(lines))], ()
    if len(posts) == people > 1:
        return posts, ()
    unsure = ("职务栏有几行，请核对各是谁的职务",) if people > 1 and len(posts) > 1 else ()
    return ["".join(posts)] * people, unsure


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _bare(post: str) -> str:
    return re.sub(r"[\s　]|[（(][^（）()]*[）)]", "", post)


def _terms(text: str) -> list[str]:
    """The terms of office of a cell that holds several, on lines of their own or parted by ；."""
    pieces = [piece.strip() for piece in re.split(r"[\n；;、，,]", text) if piece.strip()]
    if term(text).understood and "\n" not in text:
        return [text]
    return pieces if len(pieces) > 1 and all(is_term(piece) and term(piece).understood for piece in pieces) else [text]


def _nobody(values: dict[Column, str], known: Tenure, post: str) -> Tenure:
    """The record of a row that tells of an office and names no one."""
    when, written, _ = _when(values)
    return replace(
        known,
        post=_squeezed(values.get(Column.POST, "")) or post,
        since=when.since,
        until=when.until,
        written=written,
        remark="；".join(filter(None, (known.remark, when.remark))),
        doubts=("没有姓名",),
    )


def _filled(values: dict[Column, str], base: Tenure) -> Tenure:
    """What a row says of all its people."""
    return replace(
        base,
        body=_squeezed(values.get(Column.BODY, "")) or base.body,
        term=_squeezed(values.get(Column.TERM, "")) or base.term,
        sex=values.get(Column.SEX, ""),
        ethnicity=_squeezed(values.get(Column.ETHNICITY, "")),
        native=_squeezed(values.get(Column.NATIVE, "")),
        remark=values.get(Column.REMARK, ""),
    )


def _when(values: dict[Column, str]) -> tuple[TermOfOffice, str, tuple[str, ...]]:
    """The term of office: from one column, or from the two that say when it began and ended."""
    written = values.get(Column.TENURE, "")
    first, last = values.get(Column.SINCE, ""), values.get(Column.UNTIL, "")
    when = term(written)
    if (written and when.understood) or not (first or last):
        return when, written, () if when.understood else (f"任期“{written}”看不懂",)
    since = moment(first) if first else None
    until = term(f"{first}—{last}").until if last else None
    doubts = tuple(
        f"{label}“{text}”看不懂"
        for label, text, found in (("到任", first, since), ("离任", last, until))
        if text and found is None
    )
    return TermOfOffice(since, until), f"{first}—{last}" if last else first, doubts
