"""A manuscript cut into articles. Every block of the manuscript ends up in exactly one of them."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from archive.model.issues import IssueCode
from archive.model.records import Collection, Issue, Kind, Manuscript
from ingest.splitting import roster_articles
from ingest.splitting.boundaries import Boundary, State
from ingest.splitting.by_evidence import cut_by_evidence, supported, sure_titles
from ingest.splitting.by_styles import cut_by_styles, title_at
from ingest.splitting.contents_page import Contents, Match, read_contents
from ingest.splitting.drafts import LONGEST_TITLE, ArticleDraft, Split, finish, is_matter
from ingest.splitting.file_title import file_title, is_placeholder
from ingest.splitting.line_wording import own_title
from ingest.splitting.outline import Heading, headings
from ingest.splitting.proposal import Proposal, body_and_margins, make_proposal
from ingest.splitting.single_work import Verdict, judge
from ingest.splitting.weak_titles import fold
from ingest.text.characters import stored_characters


class Mode(enum.StrEnum):
    """How a file is to be read (`--as`)."""

    AUTO = "auto"
    ARTICLE = "article"
    VOLUME = "volume"
    CHRONICLE = "chronicle"
    ROSTER = "roster"
    RECORDS = "records"


_DATE_WORD = re.compile(r"[年月日号旬春夏秋冬季节初底末朔望晦\d０-９△▲▽▼○●◇◆□■☆★※◎•·▪▫▶►⊙◈一二三四五六七八九十]")
_NEAR, _ENTRIES = 20, 5  # characters of a line that open it, and lines; fewer make no chronicle
_VOLUME = 30_000  # characters; longer manuscripts are rarely one article
_FEWEST = 2  # articles
_SEVERAL = 3  # titles by lay-out alone
_MOST = 0.6  # of the titles in the contents table
_NAMED = 3  # of the lines folded
_WEAK = 0.75  # the most an article can reach where neither contents nor bylines bear the titles out
DIVIDED = (Mode.AUTO, Mode.ARTICLE, Mode.VOLUME)
"""The modes in which a manuscript falls into articles by titles; the others look for dates, terms, records."""


def split(manuscript: Manuscript, collection: Collection, mode: Mode = Mode.AUTO) -> Split:
    """Cuts `manuscript` into drafts for `collection` as `mode` says; AUTO follows heading styles or other evidence."""
    if not manuscript.blocks:
        return Split(())
    if mode in DIVIDED:
        proposal = propose(manuscript, collection, mode)
        return Split(proposal.articles(manuscript), proposal.issues)
    if mode is Mode.CHRONICLE:
        from ingest.splitting import chronicle  # its expressions take half a second to load

        pieces, issues = chronicle.cut(manuscript)
    else:
        pieces, issues = roster_articles.cut(manuscript)
    articles = finish(_with_margins(pieces), collection, manuscript)
    return Split(articles, (*issues, *roster_articles.unread_lines(articles)))


def recognised(manuscript: Manuscript, mode: Mode) -> tuple[Mode, tuple[Issue, ...]]:
    """The mode in which a manuscript is to be read where nobody has said (AUTO), with what its editor is told of it."""
    if mode is not Mode.AUTO:
        return mode, ()
    if roster_articles.is_list(manuscript):
        return Mode.ROSTER, ()
    if _open_with_dates(manuscript) and (told := _as_chronicle(manuscript)) is not None:
        return told
    if roster_articles.is_likely(manuscript):
        message = "许多段是人名和任期，像是组织史；若是，请改用“组织史”（--as roster）的读法重新导入，可读出任职记录"
        return mode, (Issue(IssueCode.ROSTER_LIKELY, manuscript.name, message),)
    return mode, ()


def _open_with_dates(manuscript: Manuscript) -> bool:
    """Whether so many lines have a word of a date near their beginning that they may be entries of a chronicle."""
    lines = (line for block in manuscript.blocks for line in block.text.split("\n"))
    return len(list(islice((line for line in lines if _DATE_WORD.search(line.strip()[:_NEAR])), _ENTRIES))) == _ENTRIES


def _as_chronicle(manuscript: Manuscript) -> tuple[Mode, tuple[Issue, ...]] | None:
    """The mode and what is told where a manuscript is, or may be, a chronicle; None where it is not."""
    from ingest.splitting import chronicle  # its expressions take half a second to load

    likeness = chronicle.likeness(manuscript)
    if likeness is chronicle.ChronicleLikelihood.SURE and _lists_authors(manuscript):
        likeness = chronicle.ChronicleLikelihood.LIKELY
    match likeness:
        case chronicle.ChronicleLikelihood.SURE:
            message = "各段多以日期开头，认作大事记，逐条收入；若不是，请改用“整篇”（--as article）的读法重新导入"
            return Mode.CHRONICLE, (Issue(IssueCode.CHRONICLE_FOUND, manuscript.name, message),)
        case chronicle.ChronicleLikelihood.LIKELY:
            message = "许多段以日期开头，像是大事记，没有逐条分开；若是，请改用“大事记”（--as chronicle）的读法重新导入"
            return Mode.AUTO, (Issue(IssueCode.CHRONICLE_LIKELY, manuscript.name, message),)
    return None


def _lists_authors(manuscript: Manuscript) -> bool:
    """Whether a contents table names authors: of articles, then, though their paragraphs begin with dates."""
    entries = read_contents(manuscript.blocks, manuscript.layouts).entries
    return sum(bool(entry.people) for entry in entries) >= _FEWEST


def propose(manuscript: Manuscript, collection: Collection, mode: Mode = Mode.AUTO) -> Proposal:
    """How `manuscript` would be divided in one of the modes AUTO, ARTICLE and VOLUME; it has at least one block.

    Heading styles decide where they divide it, else the evidence of lay-out, contents table and bylines.
    """
    body, _ = body_and_margins(manuscript)
    divided = replace(
        manuscript,
        blocks=tuple(block for block, _ in body),
        layouts=tuple(layout for _, layout in body) if manuscript.layouts else (),
    )
    found = headings(divided.blocks, divided.layouts)
    if mode is Mode.ARTICLE:
        return make_proposal(manuscript, collection, *_whole(divided, found))
    contents = read_contents(divided.blocks, divided.layouts)
    by_styles = cut_by_styles(divided.blocks, found, contents, volume=mode is Mode.VOLUME) if found else []
    by_evidence = [] if _agree(by_styles, contents) else _by_evidence(divided, contents, mode)
    cuts = by_evidence if _articles(by_evidence) > max(1, _articles(by_styles)) else by_styles
    verdict = Verdict.SEVERAL if mode is Mode.VOLUME else judge(cuts, divided.blocks)
    if not cuts or verdict is Verdict.ONE:
        cuts, issues = _whole(divided, found)
        told = _one_work(divided) if verdict is Verdict.ONE else _unsplit(divided)
        return make_proposal(manuscript, collection, cuts, [*issues, *told])
    if verdict is Verdict.DOUBTFUL:
        cuts = [_doubted(cut) for cut in cuts]
    cuts, folded = fold(cuts, divided.blocks)
    proposal = make_proposal(manuscript, collection, cuts, _folded(folded, manuscript.name))
    return replace(proposal, offered=tuple(cut.first for cut in folded))


def _doubted(cut: Boundary) -> Boundary:
    """A piece that may be a chapter of one work: its editor is asked."""
    if cut.state is not State.TAKE:
        return cut
    return replace(cut, sure=min(cut.sure, _WEAK), clues=(*cut.clues, "带序号、没有署名，也许是一部书的章节"))


def _one_work(manuscript: Manuscript) -> list[Issue]:
    message = (
        "各级标题像是一篇之内的章节（序号、署名、篇幅），作一篇收入；若是多篇合集，请改用“一辑”（--as volume）的读法"
    )
    return [Issue(IssueCode.ONE_WORK, manuscript.name, message)]


def _folded(folded: Sequence[Boundary], place: str) -> list[Issue]:
    """Where titles were too weak to be listed, their editor is told how to find them."""
    if not folded:
        return []
    named = "".join(f"“{cut.title}”" for cut in folded[:_NAMED])
    message = (
        f"另有 {len(folded)} 行像题名而没有把握（{named}{'等' if len(folded) > _NAMED else ''}），并在上一篇里；"
        "在块号表里标作“像题名”，要从哪一行另起一篇，把它的块号加进分篇表"
    )
    return [Issue(IssueCode.FOLDED_TITLES, place, message)]


def _with_margins(pieces: list[ArticleDraft]) -> list[ArticleDraft]:
    """Running heads and feet come last in a manuscript; they belong to the volume, so to its first piece."""
    last = pieces[-1].blocks
    margins = [block for block in last if block.kind in (Kind.HEADER, Kind.FOOTER)]
    if margins and len(pieces) > 1:
        pieces[-1].blocks = [block for block in last if block.kind not in (Kind.HEADER, Kind.FOOTER)]
        pieces[0].blocks += margins
    return pieces


def _articles(cuts: Sequence[Boundary]) -> int:
    return sum(cut.state is State.TAKE for cut in cuts)


def _agree(cuts: Sequence[Boundary], contents: Contents) -> bool:
    """Whether heading styles divide the manuscript: into two articles at least, and most of those the contents name."""
    named = sum(not (entry.section or entry.below) for entry in contents.entries)
    found = sum(cut.match in (Match.SAME, Match.NEAR) for cut in cuts if cut.state is not State.SECTION)
    return _articles(cuts) >= _FEWEST and found >= _MOST * named


def _by_evidence(manuscript: Manuscript, contents: Contents, mode: Mode) -> list[Boundary]:
    """The cuts by evidence; none where a manuscript that need not be a volume shows no sign of being one."""
    cuts = cut_by_evidence(manuscript, contents)
    if supported(cuts):
        return cuts
    long = stored_characters(manuscript.blocks) >= _VOLUME
    if mode is Mode.VOLUME or (long and len(sure_titles(cuts)) >= _SEVERAL):
        return [replace(cut, sure=min(cut.sure, _WEAK)) if cut.state is State.TAKE else cut for cut in cuts]
    return []


def _whole(manuscript: Manuscript, found: Sequence[Heading]) -> tuple[list[Boundary], list[Issue]]:
    """The manuscript as one article: titled by its heading, its first line, its file."""
    first, place = manuscript.blocks[0], manuscript.name
    if found and found[0].index == 0 and not is_placeholder(own_title(first)):
        return [_one(title_at(manuscript.blocks, 0))], []
    line = own_title(first)
    is_line = first.kind is Kind.PARAGRAPH and 0 < len(line) <= LONGEST_TITLE
    if is_line and not re.search(r"[，,;]$|[。；]", line) and not is_placeholder(line):
        message = f"没有标题样式，把第一行“{line}”当作题名，请核对"
        return [_one(line)], [Issue(IssueCode.TITLE_GUESS, place, message)]
    title, source = file_title(manuscript)
    message = f"没有标题样式，第一行也不像题名，暂以{source}“{title}”为题名，请核对"
    return [_one(title)], [Issue(IssueCode.TITLE_GUESS, place, message)]


def _one(title: str) -> Boundary:
    return Boundary(0, State.MATTER if is_matter(title) else State.TAKE, title, clues=("整个文件一篇",))


def _unsplit(manuscript: Manuscript) -> list[Issue]:
    """A volume without a sign of where its articles begin goes in as one; its editor should know why."""
    characters = stored_characters(manuscript.blocks)
    if characters < _VOLUME:
        return []
    message = (
        f"全稿 {characters} 字，没有标题样式，版式、目录和署名也看不出分篇，作一篇收入；"
        "若是多篇合集，请给各篇题名加上“标题 1”样式后重新导入，或用 --as volume 看分篇表"
    )
    return [Issue(IssueCode.UNSPLIT, manuscript.name, message)]
