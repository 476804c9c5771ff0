"""Cuts of a manuscript without usable heading styles: titles by evidence, 栏目, front and back matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archive.model.records import Manuscript
from ingest.splitting import line_wording
from ingest.splitting.boundaries import Boundary, State
from ingest.splitting.by_styles import front_cut
from ingest.splitting.contents_page import Contents, ContentsLine, Match
from ingest.splitting.drafts import is_matter
from ingest.splitting.title_evidence import Candidate, EvidenceTable, candidates

TAKEN = 0.5
"""From this probability on a line is proposed as a title."""

_SHOWN = 0.2  # from here on it is shown to the editor as one that could be
_LIKELY = 0.8
_COLOPHON = 3  # lines of a colophon in a row
_MOST_COLOPHON = 30
_JOINED = 0.7  # two title lines set alike that nothing else shows to be one title
_ABOVE = 0.6  # a line above a title that may be a 栏目 or the first half of the title
_BY_CONTENTS = 0.85  # a 栏目 that only the contents table names
_SURE = 0.99


@dataclass(slots=True)
class _Title:
    """A title, perhaps over several lines: its candidates, and how sure the joining is."""

    lines: list[Candidate]
    joined: float = 1.0
    section: bool = False

    @property
    def first(self) -> Candidate:
        return self.lines[0]

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)


def cut_by_evidence(manuscript: Manuscript, contents: Contents) -> list[Boundary]:
    """The cuts, in order, from block 0 on; without any title found, an empty list."""
    sheet = EvidenceTable(manuscript, contents)
    found = _without_cover(sheet, candidates(sheet))
    for candidate, below in pairwise(found):
        if candidate.below == below.index and not candidate.byline and not sheet.plain(candidate.look):
            candidate.weigh("下面紧接题名", 1.5 if below.probability >= 0.9 else 0.0)
    titles = _titles(sheet, [candidate for candidate in found if candidate.probability >= TAKEN])
    if not titles:
        return []
    taken = {id(line) for title in titles for line in title.lines}
    cuts = _in_sections(sheet, titles)
    cuts += [_doubtful(one) for one in found if id(one) not in taken and _SHOWN <= one.probability < TAKEN]
    margins = _margins_of_the_volume(sheet, cuts)
    claimed = {cut.first for cut in margins}  # a cover whose line could be a title is a cover
    cuts = [cut for cut in cuts if cut.state is not State.JOIN or cut.first not in claimed] + margins
    return sorted(_missed_by(contents, titles, cuts), key=lambda cut: cut.first)


def supported(cuts: Sequence[Boundary]) -> bool:
    """Whether contents or bylines bear the titles out: two sure ones at least."""
    return len([cut for cut in sure_titles(cuts) if "下有署名" in cut.clues or cut.match is Match.SAME]) >= 2


def sure_titles(cuts: Sequence[Boundary]) -> list[Boundary]:
    """The articles among the cuts that are likely ones."""
    return [cut for cut in cuts if cut.state is State.TAKE and cut.sure >= _LIKELY]


def _without_cover(sheet: EvidenceTable, found: list[Candidate]) -> list[Candidate]:
    """Without the lines of cover and title page, which look like titles but have no text below them."""
    contents = sheet.contents
    text = next((at for at in sheet.lines if sheet.running(at)), None)
    if contents.entries:
        end = contents.start
    else:
        opening = [at for at in sheet.lines if text is None or at < text]
        last = max((at for at in opening if line_wording.COVER.fullmatch(sheet.blocks[at].text)), default=-1)
        end = last + 1
        if not end and len(found) > 1 and found[0].index == 0 and found[0].below == found[1].index:
            end = int(found[0].look[0] > max(other.look[0] for other in found[1:]))
    return [
        one
        for one in found
        if one.index >= end or (is_matter(one.text) and one.below is not None and sheet.running(one.below))
    ]


def _titles(sheet: EvidenceTable, taken: Sequence[Candidate]) -> list[_Title]:
    """The taken lines as titles and 栏目: of two directly below each other the first is one or the other."""
    titles: list[_Title] = []
    for candidate in taken:
        above = titles[-1] if titles else None
        last = above.lines[-1] if above else None
        if above is None or last is None or last.below != candidate.index or last.byline or len(above.lines) > 2:
            titles.append(_Title([candidate]))
            continue
        match _relation(sheet, above, candidate):
            case "join", sure:
                above.lines.append(candidate)
                above.joined = min(above.joined, sure)
            case "below", _:
                continue  # a second line of the heading that the contents do not have
            case _, sure:
                above.section, above.joined = True, sure
                titles.append(_Title([candidate]))
    for title in titles:
        title.section |= title.first.entry is not None and title.first.entry.section
    return titles


def _relation(sheet: EvidenceTable, above: _Title, line: Candidate) -> tuple[str, float]:
    """What a title line is to the one directly above it: join, below or section; with how sure that is."""
    upper = above.lines[-1]
    whole = above.text + line.text
    entry, match = sheet.contents.find(whole)
    if match is Match.SAME or (match is Match.NEAR and upper.match is not Match.SAME and line.match is not Match.SAME):
        for each in (*above.lines, line):
            each.entry, each.match = entry, match
        return "join", _SURE
    listed = upper.match is Match.SAME
    if listed and line.match is Match.SAME:
        return "section", _SURE
    if listed and not (upper.entry is not None and upper.entry.section):
        return ("below", _SURE) if line.match is Match.ABSENT else ("section", _SURE)
    if listed:
        return "section", _SURE
    if line_wording.UNFINISHED.search(upper.text):
        return "join", 0.95
    if upper.look == line.look:
        return ("section", _ABOVE) if line.match is Match.SAME else ("join", _JOINED)
    return "section", 0.9 if upper.look[0] > line.look[0] else _ABOVE


def _in_sections(sheet: EvidenceTable, titles: Sequence[_Title]) -> list[Boundary]:
    """The titles as cuts, each article in the 栏目 above it, which the contents table confirms or gives."""
    grouped = _grouping(sheet.contents)
    cuts: list[Boundary] = []
    section, sure = "", 1.0
    for title in titles:
        text = title.text
        if title.section:
            section, sure = text, _probability(title)
            cuts.append(_cut(title, State.SECTION, section, sure))
            continue
        matter = is_matter(text)
        if matter and not _inside(grouped, title):
            section, sure = "", 1.0
        here, certain = section, sure
        if title.first.entry is not None and sheet.contents.entries:
            listed = grouped.get(id(title.first.entry), "")
            if line_wording.bare(listed) == line_wording.bare(section):
                certain = _SURE
            elif listed:
                here, certain = listed, _BY_CONTENTS
        cuts.append(_cut(title, State.MATTER if matter else State.TAKE, here, certain))
    return cuts


def _inside(grouped: dict[int, str], title: _Title) -> bool:
    return title.first.entry is not None and bool(grouped.get(id(title.first.entry)))


def _grouping(contents: Contents) -> dict[int, str]:
    """The 栏目 each entry stands in, by the identity of the entry."""
    section = ""
    grouped = {}
    for entry in contents.entries:
        if entry.section:
            section = entry.title
        elif is_matter(entry.title):
            section = ""
        grouped[id(entry)] = section
    return grouped


def _probability(title: _Title) -> float:
    return min(max(line.probability for line in title.lines), title.joined if title.section else 1.0)


def _cut(title: _Title, state: State, section: str, section_sure: float) -> Boundary:
    first = title.first
    clues = list(dict.fromkeys(clue for line in title.lines for clue in line.clues))
    if len(title.lines) > 1:
        clues.append(f"题名占 {len(title.lines)} 段")
    named = min(_SURE, title.joined if not title.section else 1.0)
    if first.match is Match.NEAR and first.entry is not None:
        clues.append(f"目录作“{first.entry.title}”")
        named = min(named, _BY_CONTENTS)
    sure = round(min(_probability(title), _SURE), 3)
    people = first.entry.people_for(title.text) if first.entry is not None else ()
    return Boundary(
        first.index,
        state,
        title.text,
        section,
        sure,
        min(named, max(sure, 0.5)),
        section_sure,
        tuple(clues),
        first.match,
        people,
    )


def _doubtful(candidate: Candidate) -> Boundary:
    """A line that could be a title but is proposed as part of the article before."""
    clues = ("可能是题名", *candidate.clues)
    return Boundary(
        candidate.index,
        State.JOIN,
        candidate.text,
        "",
        round(1 - candidate.probability, 3),
        clues=clues,
        match=candidate.match,
    )


def _margins_of_the_volume(sheet: EvidenceTable, cuts: Sequence[Boundary]) -> list[Boundary]:
    """What stands before the first title, a contents table behind a 前言, and the colophon at the end."""
    extra = []
    starts = sorted(cut.first for cut in cuts if cut.state is not State.JOIN)
    if not starts or starts[0] > 0:
        extra.append(front_cut(sheet.blocks))
    contents = sheet.contents
    if contents.end and starts[0] < contents.start and contents.start not in starts:
        title = sheet.blocks[contents.start].text
        extra.append(Boundary(contents.start, State.MATTER, title if is_matter(title) else "", clues=("目录",)))
    colophon = _colophon(sheet, starts[-1])
    if colophon is not None:
        extra.append(Boundary(colophon, State.MATTER, sheet.blocks[colophon].text, sure=0.85, clues=("书末版权页",)))
    return extra


def _colophon(sheet: EvidenceTable, after: int) -> int | None:
    """The first line of a colophon at the end of the manuscript, below the title at `after`."""
    tail = [at for at in sheet.lines if at > after + 1][-_MOST_COLOPHON:]
    first = None
    lines = 0
    for at in reversed(tail):
        if line_wording.COLOPHON.match(sheet.blocks[at].text):
            first, lines = at, lines + 1
        elif sheet.running(at):
            break
    return first if lines >= _COLOPHON else None


def _missed_by(contents: Contents, titles: Sequence[_Title], cuts: Sequence[Boundary]) -> list[Boundary]:
    """The cuts, less sure of those after which the contents name an article that was not found."""
    claimed = {id(line.entry): title.first.index for title in titles for line in title.lines if line.entry is not None}
    missing: dict[int, list[ContentsLine]] = {}
    last = min((cut.first for cut in cuts), default=0)
    for entry in contents.entries:
        if id(entry) in claimed:
            last = claimed[id(entry)]
        elif not entry.section and not entry.below and entry.paged:
            missing.setdefault(last, []).append(entry)
    result = []
    for cut in cuts:
        lost = missing.get(cut.first, []) if cut.state is not State.JOIN else []
        if lost:
            clue = f"目录在此之后有“{lost[0].title}”{f'等 {len(lost)} 篇' if len(lost) > 1 else ''}，文中没有找到"
            cut = replace(cut, sure=min(cut.sure, _ABOVE), clues=(*cut.clues, clue))
        result.append(cut)
    return result
