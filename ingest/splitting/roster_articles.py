"""组织史: one article for each body or term of a body, with its office-holders in tables or lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.catalogue.roster.columns import is_header
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Genre, Issue, Kind, Manuscript, Run, Style
from ingest.splitting.drafts import ArticleDraft, front, is_matter, title_of
from ingest.splitting.file_title import file_title
from ingest.splitting.outline import Heading, article_level, headings
from ingest.text.characters import made_title
from ingest.text.own_date import period

_TERM = re.compile(r"[（(][\s　]*([^（）()]*\d{4}[^（）()]*|[^（）()]*[年月][^（）()]*)[）)]")
_ORDINAL = re.compile(r"[\s　]*第[\s　]*[\d一二三四五六七八九十百]+[\s　]*届")
_TERM_LINE = re.compile(
    r"[^。，；：]{0,24}第[\s　]*[\d一二三四五六七八九十百]+[\s　]*届[^。，；：（(]{0,12}[\s　]*"
    r"[（(][^（）()]*\d{4}[^（）()]*[）)][\s　]*"
)
_LONGEST_TERM = 60
_SHOWN = 40
_IN_OFFICE = re.compile(r"[（(\s　，]\d{4}[.．年]\d{0,2}月?(?:任|[\s　]*[—～~－\-至–])")
_FEWEST, _LIKELY = 5, 0.4  # paragraphs, and of all
_BESIDE_TABLES = (Kind.HEADING, Kind.NOTE, Kind.HEADER, Kind.FOOTER, Kind.FIGURE)
_MOST_BELOW = 3  # paragraphs
_BODY = re.compile(r"委员会|政府|政协|人大|代表大会|法院|检察院|部队|武装部|[局办院校会]$")


def is_list(manuscript: Manuscript) -> bool:
    """Whether a manuscript is nothing but tables with notes below, and one of them lists people with their posts."""
    rows: dict[tuple[int, int], list[str]] = {}
    below = 0
    for block in manuscript.blocks:
        if block.cell is not None:
            rows.setdefault((block.cell.table, block.cell.row), []).append(block.text)
        elif block.kind is Kind.PARAGRAPH and rows:
            below += 1
        elif block.kind not in _BESIDE_TABLES:
            return False
    return below <= _MOST_BELOW and any(map(is_header, rows.values()))


def is_likely(manuscript: Manuscript) -> bool:
    """Whether many of the paragraphs name a person with a term of office: worth asking whether it is a roster."""
    lines = [block.text for block in manuscript.blocks if block.kind in (Kind.PARAGRAPH, Kind.LIST_ITEM)]
    told = sum(len(line) <= _LONGEST_TERM and _IN_OFFICE.search(line) is not None for line in lines)
    return told >= _FEWEST and told >= _LIKELY * len(lines)


def cut(manuscript: Manuscript) -> tuple[list[ArticleDraft], list[Issue]]:
    """One piece for each term, or each body where no terms are told apart; headings below stay in it.

    A heading above that stands bare is the first block of the piece that follows. Where the heading alone does not name
    the body (第三届委员会) the title repeats the body's name before it. Lines that are only a term's name stand in for
    headings where there are none.
    """
    blocks = manuscript.blocks
    found = headings(blocks, manuscript.layouts) or _term_lines(blocks)
    if not found:
        return _whole(manuscript)
    level = _term_level(found, blocks)
    starts = [heading for heading in found if heading.level <= level]
    pieces = [front(blocks[: starts[0].index], manuscript.name)] if starts[0].index else []
    above: dict[int, str] = {}
    waiting: list[Block] = []
    for heading, following in zip(starts, [*starts[1:], None], strict=True):
        above = {other: text for other, text in above.items() if other < heading.level}
        block = blocks[heading.index]
        body = blocks[heading.index + 1 : following.index if following else len(blocks)]
        if 0 < heading.level < level and not heading.text_beneath and following is not None:
            waiting += (block, *body)
        else:
            pieces.append(_piece(heading, block, [*waiting, *body], above))
            waiting = []
        above[heading.level] = block.text.strip()
    for piece in pieces:
        if piece.genre is Genre.MATTER and _lists_terms(piece):
            piece.genre = Genre.TERM
    return pieces, []


def unread_lines(articles: Sequence[Article]) -> Iterator[Issue]:
    """The lines of rosters in which somebody may stand whom no record names."""
    rosters = [article for article in articles if article.genre is Genre.TERM]
    if not rosters:
        return
    from archive.catalogue.roster import unread  # its expressions take a third of a second to load

    for article in rosters:
        for line in unread(article):
            if line.may_name_holder:
                message = f"“{line.text[:_SHOWN]}”没有读出任职记录，请核对有没有漏掉的人"
                yield Issue(IssueCode.ROSTER_UNREAD, f"《{article.title}》第 {line.block} 段", message)


def _lists_terms(piece: ArticleDraft) -> bool:
    """Whether a piece that poses as front or back matter lists people with their terms of office."""
    from archive.catalogue.roster import tenures
    from archive.catalogue.roster.appointments import DOUBT

    listed = tenures(Article(collection="", blocks=(piece.title, *piece.blocks), genre=Genre.TERM))
    return any(one.written and DOUBT not in one.doubts for one in listed)


def _whole(manuscript: Manuscript) -> tuple[list[ArticleDraft], list[Issue]]:
    """The manuscript as one piece; a list that is all table needs no headings."""
    title = made_title(file_title(manuscript)[0])
    message = "没有标题样式，分不出各届各机构，暂作一篇；请给机构名和届次加上标题样式"
    issues = [] if is_list(manuscript) else [Issue(IssueCode.NO_TERMS, manuscript.name, message)]
    return [ArticleDraft(title, list(manuscript.blocks), Genre.TERM)], issues


def _term_lines(blocks: Sequence[Block]) -> list[Heading]:
    """Short paragraphs that name a term and its years and nothing else: 第三届委员会（1962年8月—1965年9月）."""
    return [
        Heading(index, 1, True, False)
        for index, block in enumerate(blocks)
        if block.kind is Kind.PARAGRAPH and len(block.text) <= _LONGEST_TERM and _TERM_LINE.fullmatch(block.text)
    ]


def _term_level(found: Sequence[Heading], blocks: Sequence[Block]) -> int:
    """The highest level whose headings mostly name terms; without any the level that carries the text."""
    for level in sorted({heading.level for heading in found}):
        texts = [blocks[heading.index].text for heading in found if heading.level == level]
        if sum(bool(_ORDINAL.match(text) or _TERM.search(text)) for text in texts) >= 0.5 * len(texts):
            return level
    return article_level(found, volume=True)


def _piece(heading: Heading, block: Block, body: list[Block], above: dict[int, str]) -> ArticleDraft:
    text = block.text.strip()
    parents = [above[level] for level in sorted(above) if level > 0]
    title = title_of(block)
    if parents and (_ORDINAL.match(text) or not _BODY.search(text)):
        title = Block(Kind.TITLE, (Run(f"{parents[-1]}　", Style.GENERATED), *title.runs))
    genre = Genre.MATTER if heading.level == 0 or is_matter(text) else Genre.TERM
    term = _TERM.search(text)
    return ArticleDraft(title, body, genre, " · ".join(parents), date=period(term[1]) if term else None)
