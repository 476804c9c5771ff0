"""Stored text to safe HTML: character formatting, 注音, note references and highlighted places. Pure functions.

Every character of the archive's text passes through `markupsafe.escape`; nothing of it is ever trusted as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup, escape

from archive.model.records import Block, Run, Style
from archive.model.search import Passage
from archive.text.spans import Span, joined
from web.base.page_templates import escaped

"""(start, end) in code points of a block's text, end exclusive."""

_TAGS = (
    (Style.BOLD, Markup("<b>"), Markup("</b>")),
    (Style.ITALIC, Markup("<i>"), Markup("</i>")),
    (Style.UNDERLINE, Markup("<u>"), Markup("</u>")),
    (Style.EMPHASIS, Markup('<em class="dots">'), Markup("</em>")),
    (Style.STRIKE, Markup("<s>"), Markup("</s>")),
    (Style.SUPERSCRIPT, Markup("<sup>"), Markup("</sup>")),
    (Style.SUBSCRIPT, Markup("<sub>"), Markup("</sub>")),
)


@dataclass(frozen=True, slots=True)
class TextLink:
    """A date or a name in a block: its span, what it means in words (`says`), where it can be looked into (`url`).

    `style` is date, `date doubtful` where its parts contradict each other in print, or name.
    """

    span: Span
    says: str
    url: str
    style: str = "date"


@dataclass(frozen=True, slots=True)
class Marks:
    """The highlighted places of an article: disjoint spans by block, numbered from 1 in the order of the page.

    `met` has the (block, index of the span) of places that hold no words asked for, only a date of the period. `links`
    are the dates and names of each block, whether asked for or not: ascending, disjoint. `elsewhere` has the addresses
    of places that stand on another page.
    """

    spans: Mapping[int, tuple[Span, ...]]
    first: Mapping[int, int]
    total: int
    met: frozenset[tuple[int, int]] = frozenset()
    links: Mapping[int, Sequence[TextLink]] = field(default_factory=dict)
    elsewhere: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def number(
        cls,
        words: Mapping[int, Iterable[Span]],
        order: Iterable[int],
        met: Mapping[int, Iterable[Span]] | None = None,
        links: Mapping[int, Sequence[TextLink]] | None = None,
    ) -> Marks:
        """Number the places of words and of dates `met` along `order`, the block indexes as they stand on the page."""
        spans: dict[int, tuple[Span, ...]] = {}
        first: dict[int, int] = {}
        faint: set[tuple[int, int]] = set()
        total = 0
        for index in order:
            said = tuple(words.get(index, ()))
            found = joined((*said, *(met or {}).get(index, ())))
            if found:
                spans[index], first[index] = found, total + 1
                total += len(found)
            for at, (start, end) in enumerate(found):
                if not any(begin < end and start < stop for begin, stop in said):
                    faint.add((index, at))
        return cls(spans, first, total, frozenset(faint), links or {})


NO_MARKS = Marks({}, {}, 0)


def inline(block: Block, index: int, marks: Marks = NO_MARKS, notes: Mapping[str, int] | None = None) -> Markup:
    """The content of block number `index`, without its own element.

    `notes` gives the printed number of each note label; a reference to a note that is not there keeps its label.
    A highlighted place that crosses runs becomes several <mark>, of which the first carries the id.
    """
    marker = _Marker(index, marks, marks.spans.get(index, ()), tuple(marks.links.get(index, ())))
    pieces: list[Markup] = []
    offset = 0
    for run in block.runs:
        pieces.append(_reference(run.note, notes or {}) if run.note else _styled(run, marker.paint(run.text, offset)))
        offset += len(run.text)
    return Markup("".join(pieces))


def excerpt(passage: Passage) -> Markup:
    """The part of a passage shown in a list of hits: what was asked for marked, an ellipsis where it was cut.

    Words found are in <mark>, dates that meet the period in <mark class="met">, which may hold words.
    """
    start, end = passage.excerpt
    words = joined(passage.spans)
    pieces = []
    for at, text, date in _cut(passage.text[start:end], start, joined(passage.dates)):
        marked = "".join(
            f"<mark>{escaped(piece)}</mark>" if hit is not None else escaped(piece)
            for _, piece, hit in _cut(text, at, words)
        )
        pieces.append(marked if date is None else f'<mark class="met">{marked}</mark>')
    return Markup("".join(("…" if start > 0 else "", *pieces, "…" if end < len(passage.text) else "")))


def pointed(query: str, position: int) -> Markup:
    """The query with the character at `position` (or the end of the query) marked as the place of an error."""
    here = query[position : position + 1] or "␣"
    return Markup('{}<mark class="wrong">{}</mark>{}').format(query[:position], here, query[position + 1 :])


def local_moment(moment: str) -> str:
    """A stored moment (UTC, ISO 8601) in this computer's time, as people write it: 2024-05-01 12:30; "" for none."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}" if moment else ""


def note_mark(number: int) -> str:
    """The printed sign of a note: ① to ㊿, then [51]."""
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if number <= 50 else f"[{number}]"


@dataclass(slots=True)
class _Marker:
    """Marks places, dates and names of one block while its runs go by; remembers which place has received its id.

    Dates and names stand inside places, never round them: between two places stand links, which cannot hold links.
    """

    block: int
    marks: Marks
    spans: tuple[Span, ...]
    links: tuple[TextLink, ...]
    begun: int = -1

    def paint(self, text: str, offset: int) -> Markup:
        return Markup("".join([self._piece(at, piece, hit) for at, piece, hit in _cut(text, offset, self.spans)]))

    def _piece(self, at: int, text: str, hit: int | None) -> Markup:
        content = self._linked(at, text)
        if hit is None:
            return content
        number = self.marks.first[self.block] + hit
        name = "hit met" if (self.block, hit) in self.marks.met else "hit"
        if hit == self.begun:
            return Markup(f'<mark class="{name}" data-hit="{number}">{content}</mark>')
        self.begun = hit
        mark = Markup(f'<mark class="{name}" id="hit-{number}" data-hit="{number}">{content}</mark>')
        return mark + _hop(number, self.marks, opens_block=hit == 0)

    def _linked(self, at: int, text: str) -> Markup:
        spans = tuple(link.span for link in self.links)
        return Markup(
            "".join(
                escape(piece) if number is None else _link(piece, self.links[number])
                for _, piece, number in _cut(text, at, spans)
            )
        )


def _link(text: str, link: TextLink) -> Markup:
    title = f' title="{escape(link.says)}"' if link.says else ""
    return Markup(f'<a class="{link.style}" href="{escape(link.url)}"{title}>{escape(text)}</a>')


def _hop(number: int, marks: Marks, *, opens_block: bool) -> Markup:
    """Links to the neighbouring places; the style sheet shows those of the place the address points at."""

    def link(to: int, way: str, words: str) -> str:
        return f'<a href="{escape(marks.elsewhere.get(to, f"#hit-{to}"))}" rel="{way}">{words}</a>'

    total = marks.total
    back = link(number - 1, "prev", "上一处") if number > 1 else _NO_BACK
    onward = link(number + 1, "next", "下一处") if number < total else _NO_ONWARD
    name = "hop opening" if opens_block else "hop"
    return Markup(f'<span class="{name}">{back}<span>第 {number} / {total} 处</span>{onward}</span>')


_NO_BACK = '<span class="end">上一处</span>'
_NO_ONWARD = '<span class="end">下一处</span>'


def _cut(text: str, offset: int, spans: tuple[Span, ...]) -> Iterator[tuple[int, str, int | None]]:
    """Cut `text`, which stands at `offset` of its block, at span borders: (offset, piece, its span's number)."""
    at = offset
    end = offset + len(text)
    for number, (start, stop) in enumerate(spans):
        start, stop = max(start, at), min(stop, end)
        if start >= stop:
            continue
        if start > at:
            yield at, text[at - offset : start - offset], None
        yield start, text[start - offset : stop - offset], number
        at = stop
    if at < end:
        yield at, text[at - offset :], None


def _styled(run: Run, content: Markup) -> Markup:
    if run.ruby:
        content = Markup("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>").format(content, run.ruby)
    for style, opening, closing in _TAGS:
        if style in run.style:
            content = opening + content + closing
    return content


def _reference(label: str, notes: Mapping[str, int]) -> Markup:
    number = notes.get(label)
    if number is None:
        return Markup('<sup class="ref">[{}]</sup>').format(label)
    link = Markup('<sup class="ref"><a href="#note-{}" role="doc-noteref">{}</a></sup>')
    return link.format(number, note_mark(number))
