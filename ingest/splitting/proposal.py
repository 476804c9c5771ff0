"""How a manuscript is to be divided: one row a piece, to be looked at, corrected and turned into articles.

Whatever the rows say, every block of the manuscript ends up in exactly one article; `articles` checks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Collection, Genre, Issue, Kind, Layout, Manuscript, Person
from ingest.splitting.article_heads import Placed, Signed, article_piece, take_title
from ingest.splitting.boundaries import Boundary, State
from ingest.splitting.contents_page import HEADING, Match
from ingest.splitting.drafts import ArticleDraft, finish, front, is_matter
from ingest.splitting.line_wording import squeezed
from ingest.text.account import UnaccountedError
from ingest.text.characters import stored_characters

ACCEPTED = 0.8
"""A proposal whose confidences all reach this is stored without asking."""

_MARGINS = (Kind.HEADER, Kind.FOOTER)
_CONFIRMED = 0.99
_ONLY_CONTENTS = 0.85
_CONTRADICTED = 0.6


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a row is, each from 0 to 1: that an article begins there, its title, its authors, its section."""

    article: float = 1.0
    title: float = 1.0
    authors: float = 1.0
    section: float = 1.0

    @property
    def least(self) -> float:
        """The confidence of what is least sure."""
        return min(self.article, self.title, self.authors, self.section)


@dataclass(frozen=True, slots=True)
class SplitRow:
    """A proposed piece: begins with block `first` (0-based) and ends where the next row in the manuscript begins.

    `people` None means: whoever the text names. `characters` are counted without white space. `evidence` is for people,
    and so is `alike`, what the library holds of the piece already.
    """

    first: int
    state: State
    title: str = ""
    people: tuple[Person, ...] | None = None
    section: str = ""
    characters: int = 0
    confidence: Confidence = field(default_factory=Confidence)
    evidence: str = ""
    match: Match = Match.NO_CONTENTS
    alike: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rows in the order of the articles, and what an editor should look at besides.

    `manuscript` is the SHA-256 of the file they divide, `blocks` and `characters` its totals (without page headers and
    footers, which go to the first article). `offered` are the blocks (0-based) that may be titles but were too weak to
    get a row.
    """

    name: str
    collection: Collection
    manuscript: str
    blocks: int
    characters: int
    rows: tuple[SplitRow, ...]
    issues: tuple[Issue, ...] = ()
    offered: tuple[int, ...] = ()

    def doubtful(self, threshold: float = ACCEPTED) -> tuple[int, ...]:
        """The numbers (from 1) of the rows that are less sure than `threshold`."""
        return tuple(number for number, row in enumerate(self.rows, 1) if row.confidence.least < threshold)

    @property
    def pieces(self) -> int:
        """How many articles the rows give."""
        return sum(row.state is not State.JOIN for row in self.rows)

    def articles(self, manuscript: Manuscript) -> tuple[Article, ...]:
        """The articles the rows give, numbered from 1. Raises UnaccountedError where a block or character is lost."""
        body, margins = body_and_margins(manuscript)
        spans = _spans(self.rows, len(body))
        pieces: list[ArticleDraft] = []
        used: list[int] = []
        for row, span, joined in _grouped(self.rows, spans):
            indices = list(_indices(span, joined))
            used += indices
            pieces.append(_piece(row, [body[index] for index in indices], manuscript.name))
        lead = range(min((span.start for span in spans), default=0))
        if lead:  # no row claims the beginning
            pieces.insert(0, front([body[index][0] for index in lead], manuscript.name))
            used += lead
        pieces[0].blocks += margins
        articles = finish(pieces, self.collection, manuscript)
        _check(manuscript, sorted(used) == list(range(len(body))), articles)
        return articles


def body_and_margins(manuscript: Manuscript) -> tuple[list[Placed], list[Block]]:
    """The blocks that are divided, with their layouts, and the running heads and feet that come last."""
    layouts = manuscript.layouts or [Layout()] * len(manuscript.blocks)
    placed = list(zip(manuscript.blocks, layouts, strict=True))
    if all(block.kind in _MARGINS for block, _ in placed):
        return placed, []
    return (
        [one for one in placed if one[0].kind not in _MARGINS],
        [block for block, _ in placed if block.kind in _MARGINS],
    )


def make_proposal(
    manuscript: Manuscript, collection: Collection, cuts: Sequence[Boundary], issues: Iterable[Issue] = ()
) -> Proposal:
    """The rows for cuts that begin with block 0 and go in order."""
    body, _ = body_and_margins(manuscript)
    drafts = [SplitRow(cut.first, cut.state, cut.title, None, cut.section, match=cut.match) for cut in cuts]
    spans = _spans(drafts, len(body))
    whole = {row.first: list(_indices(span, joined)) for row, span, joined in _grouped(drafts, spans)}
    rows = []
    notes = list(issues)
    for cut, draft, span in zip(cuts, drafts, spans, strict=True):
        row = replace(draft, characters=stored_characters(body[index][0] for index in span))
        placed = [body[index] for index in whole.get(cut.first, span)]
        rows.append(_judged(row, cut, placed))
        if cut.state is State.TAKE and len(take_title(placed, cut.title)[1]) == 0:
            notes.append(Issue(IssueCode.EMPTY_ARTICLE, f"第 {cut.first + 1} 块", f"“{cut.title}”下面没有正文，请核对"))
    total = sum(row.characters for row in rows)
    return Proposal(manuscript.name, collection, manuscript.sha256, len(body), total, tuple(rows), tuple(notes))


def _judged(row: SplitRow, cut: Boundary, placed: Sequence[Placed]) -> SplitRow:
    """The row with its authors, confidences and evidence."""
    signed = Signed((), 1.0, "")
    if _may_be_signed(row):
        signed = _compared(article_piece(row.title, placed, Genre.ARTICLE, "")[1], cut)
        signed = replace(signed, sure=max(signed.sure, cut.authors_at_least))
        if row.state is State.MATTER and not signed.people:
            signed = Signed((), 1.0, "")
    confidence = Confidence(*(round(value, 3) for value in (cut.sure, cut.title_sure, signed.sure, cut.section_sure)))
    parts = [f"篇 {confidence.article:.2f}（{'、'.join(cut.clues)}）", f"题名 {confidence.title:.2f}"]
    if signed.clue:
        parts.append(f"作者 {confidence.authors:.2f}（{signed.clue}）")
    if row.section:
        parts.append(f"栏目 {confidence.section:.2f}")
    return replace(row, people=signed.people, confidence=confidence, evidence="；".join(parts))


def _compared(signed: Signed, cut: Boundary) -> Signed:
    """What the text says about its authors against what the contents table says."""
    listed = [squeezed(person.name) for person in cut.people]
    if not listed:
        return signed
    found = [squeezed(person.name) for person in signed.people]
    if found == listed:
        return Signed(signed.people, _CONFIRMED, f"{signed.clue}，与目录一致")
    if not found:
        return Signed(cut.people, _ONLY_CONTENTS, "文中没有署名，依目录")
    if set(listed) <= set(found) or set(found) <= set(listed):
        return Signed(
            signed.people, max(signed.sure - 0.1, _ONLY_CONTENTS), f"{signed.clue}，目录作“{'、'.join(listed)}”"
        )
    return Signed(signed.people, _CONTRADICTED, f"{signed.clue}，但目录作“{'、'.join(listed)}”")


def _spans(rows: Sequence[SplitRow], end: int) -> list[range]:
    """The blocks of each row: from its first to the next row's first in the manuscript."""
    starts = sorted(row.first for row in rows)
    following = dict(zip(starts, [*starts[1:], end], strict=True))
    return [range(row.first, following[row.first]) for row in rows]


def _grouped(rows: Sequence[SplitRow], spans: Sequence[range]) -> list[tuple[SplitRow, range, list[range]]]:
    """Each row that makes an article, with the spans of the rows below it that join it."""
    groups: list[tuple[SplitRow, range, list[range]]] = []
    for row, span in zip(rows, spans, strict=True):
        if row.state is State.JOIN and groups:
            groups[-1][2].append(span)
        else:
            groups.append((row, span, []))
    return groups


def _may_be_signed(row: SplitRow) -> bool:
    """Whether a byline may follow the title: of an article, a preface; not of a cover or a contents table."""
    preface = is_matter(row.title) and HEADING.fullmatch(row.title) is None
    return row.state is State.TAKE or (row.state is State.MATTER and preface)


def _indices(span: range, joined: Iterable[range]) -> Iterator[int]:
    yield from span
    for other in joined:
        yield from other


def _piece(row: SplitRow, placed: Sequence[Placed], name: str) -> ArticleDraft:
    genre = Genre.ARTICLE if row.state is State.TAKE else Genre.MATTER
    section = (row.title or row.section) if row.state is State.SECTION else row.section
    if _may_be_signed(row):
        piece, _ = article_piece(row.title, placed, genre, section)
        if row.people is not None and piece.people != row.people:
            _correct_people(piece, row.people)
        return piece
    if not row.title:
        made = front([block for block, _ in placed], name)
        return replace(made, section=section)
    title, below = take_title(placed, row.title)
    return ArticleDraft(title, [block for block, _ in below], genre, section, row.people or ())


def _correct_people(piece: ArticleDraft, people: tuple[Person, ...]) -> None:
    """The editor's authors; a line that was taken for a byline but names none of them is text again."""
    piece.people = people
    for index, block in enumerate(piece.blocks):
        if block.kind is Kind.BYLINE and not any(squeezed(person.name) in squeezed(block.text) for person in people):
            piece.blocks[index] = replace(block, kind=Kind.PARAGRAPH)


def _check(manuscript: Manuscript, whole: bool, articles: Sequence[Article]) -> None:
    stored = stored_characters(block for article in articles for block in article.blocks)
    given = stored_characters(manuscript.blocks)
    if not whole or stored != given:
        raise UnaccountedError(
            f"分篇前后字数不合（分篇前 {given}，分篇后 {stored}），没有收入",
            place=manuscript.name,
            hint="这是程序的缺陷，请把稿件、分篇表和这条信息交给维护者",
        )
