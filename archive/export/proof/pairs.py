"""Quotation marks, brackets and title marks that come in pairs: halves alone, crossed, one inside its like.

A quotation may run over paragraphs: each begins with an opening mark and only the last one ends with a closing mark
(GB/T 15834—2011). A bracket may hold paragraphs too; title marks (书名号) end in the paragraph
where they begin.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.export.proof.findings import Severity
from archive.export.proof.passages import RUNNING, ProofMark, ProofPassage, Proofs, ProofText, summed_in_texts
from archive.model.records import Kind

CLOSING = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "（": "）",
    "〔": "〕",
    "［": "］",
    "【": "】",
    "《": "》",
    "〈": "〉",
}
_OPENING = {closing: opening for opening, closing in CLOSING.items()}
_WIDE = str.maketrans("()[]", "（）［］")
_QUOTES = frozenset("“‘「『")
_TITLES = frozenset("《〈")
_MARK = re.compile("[“”‘’「」『』（）()〔〕［］\\[\\]【】《》〈〉]")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z0-9])’|’(?=\d0年代|[a-z])|(?<![A-Za-z])‘(?=\d\d\b)", re.ASCII)
# 1）, a）: a closing bracket behind a number is the number's, no pair's; 一）, 甲） only where a text does so again.
_BEGINNING = r"(?:^|[\s，,。；;：:、！？…—])"
_ENUMERATED = re.compile(rf"{_BEGINNING}(?:\d{{1,3}}|[A-Za-z])[）)]")
_ENUMERATED_SO = re.compile(rf"{_BEGINNING}(?:[一二三四五六七八九十]{{1,3}}|[甲乙丙丁])[）)]")
_NUMBER = re.compile(r"[（(](?:\d{1,3}|[一二三四五六七八九十]{1,3})[）)]")
_WORD = re.compile(r"\w")
_DEEPEST = 100  # marks open at once; no text has so many, and each is looked at again and again
_FAR = 10  # paragraphs a quotation may go on after its opening mark
_INNER = {"“": "‘’", "《": "〈〉", "（": "〔〕"}


@dataclass(frozen=True, slots=True)
class _Token:
    """A mark of a pair, in its full-width form. `reversed` ones stand where only their other half can stand."""

    passage: ProofPassage
    offset: int
    mark: str
    reversed: bool = False

    @property
    def closes(self) -> bool:
        return self.mark in _OPENING

    @property
    def opening(self) -> str:
        """The opening mark of its pair, which it may be itself."""
        return _OPENING.get(self.mark, self.mark)


class _Line:
    """The tokens of a passage, and where among them those of each pair stand: a text may have tens of thousands."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.tokens = tokens
        self._places: dict[str, list[int]] = {}
        for place, token in enumerate(tokens):
            self._places.setdefault(token.opening, []).append(place)

    def after(self, place: int, opening: str) -> list[_Token]:
        """The next two tokens of a pair behind this place (-1: from the beginning)."""
        places = self._places.get(opening, [])
        first = bisect_right(places, place)
        return [self.tokens[one] for one in places[first : first + 2]]


def unmatched(proofs: Proofs) -> Iterator[ProofMark]:
    """Half a pair without its other half, or one that stands the wrong way round."""
    return summed_in_texts(
        proofs, lambda text: (mark for unit in _units(text) for mark in _PairReading(unit).unmatched())
    )


def nested(proofs: Proofs) -> Iterator[ProofMark]:
    """Pairs that cross (“《”》), and a pair directly inside its like (《…《…》…》)."""
    for text in proofs.texts:
        for unit in _units(text):
            yield from _PairReading(unit).nested()


def _units(text: ProofText) -> Iterator[list[ProofPassage]]:
    """Passages that share their pairs: running paragraphs up to the next heading; else a cell, a note, a line each."""
    running: list[ProofPassage] = []
    for (kind, _), group in groupby(text.passages, key=_holder):
        passages = list(group)
        if kind in RUNNING:
            running += passages
        elif kind in (Kind.CAPTION, Kind.CELL, Kind.NOTE):
            yield passages
        else:
            yield running
            running = []
            for passage in passages:
                yield [passage]
    yield running


def _holder(passage: ProofPassage) -> tuple[Kind, object]:
    block = passage.block
    if block.cell:
        return Kind.CELL, (block.cell.table, block.cell.row, block.cell.column)
    if passage.kind in RUNNING:
        return Kind.PARAGRAPH, None
    return passage.kind, block.label if passage.kind is Kind.NOTE else passage.index


def _tokens(passage: ProofPassage, enumerated: Sequence[re.Pattern[str]]) -> list[_Token]:
    """The marks of a passage that belong to pairs, without those behind numbers as `enumerated` matches them."""
    found = [(match.start(), match[0]) for match in _MARK.finditer(passage.text)]
    if not found:
        return []
    skipped = {match.end() - 1 for pattern in enumerated for match in pattern.finditer(passage.text)}
    if "’" in passage.text or "‘" in passage.text:
        skipped |= {match.start() for match in _APOSTROPHE.finditer(passage.text)}
    opened = 0
    tokens = []
    for offset, mark in found:
        wide = mark.translate(_WIDE)
        if wide == "）" and offset in skipped and not opened:
            continue
        if wide in "‘’" and offset in skipped:
            continue
        opened = max(0, opened + (wide == "（") - (wide == "）"))
        last = offset == found[-1][0] and offset > 0 and not _WORD.search(passage.text, offset)
        if wide in _QUOTES and last:
            tokens.append(_Token(passage, offset, CLOSING[wide], reversed=True))
        else:
            tokens.append(_Token(passage, offset, wide))
    return tokens


def _lacking(mark: str) -> str:
    return f"{mark} 没有与它配对的 {CLOSING.get(mark) or _OPENING[mark]}"


class _PairReading:
    """One walk over a unit with the marks that are open; what is wrong is kept under its kind."""

    def __init__(self, unit: Sequence[ProofPassage]) -> None:
        again = sum(len(_ENUMERATED_SO.findall(passage.text)) for passage in unit) > 1
        enumerated = (_ENUMERATED, _ENUMERATED_SO) if again else (_ENUMERATED,)
        self._lines = [_Line(_tokens(passage, enumerated)) for passage in unit]
        self._open: list[_Token] = []
        self._alone: list[tuple[_Token, str]] = []
        self._crossed: list[tuple[_Token, str, Severity]] = []
        for number, line in enumerate(self._lines):
            for place in range(self._continued(line.tokens, unit[number]), len(line.tokens)):
                self._take(line, place)
                if len(self._open) > _DEEPEST:
                    outermost = self._open.pop(0)
                    self._alone.append((outermost, _lacking(outermost.mark)))
            self._leave(number, unit)

    def unmatched(self) -> Iterator[ProofMark]:
        for token, message in sorted(self._alone, key=lambda one: (one[0].passage.index, one[0].offset)):
            yield token.passage.mark(token.offset, token.offset + 1, message)

    def nested(self) -> Iterator[ProofMark]:
        for token, message, severity in self._crossed:
            yield token.passage.mark(token.offset, token.offset + 1, message, severity=severity)

    def _continued(self, tokens: Sequence[_Token], passage: ProofPassage) -> int:
        """How many marks at the start of a paragraph only say that a quotation goes on."""
        start = len(passage.text) - len(passage.text.lstrip())
        if _NUMBER.match(passage.text, start):
            return 0
        carried = [token.mark for token in self._open]
        count = 0
        for token, mark in zip(tokens, carried, strict=False):
            if token.mark != mark or token.offset != start + count:
                break
            count += 1
        return count

    def _take(self, line: _Line, place: int) -> None:
        token = line.tokens[place]
        following = line.after(place, token.opening)
        if token.reversed:
            self._alone.append((token, f"{_OPENING[token.mark]} 的方向反了，这里应当是 {token.mark}"))
            self._pop(_OPENING[token.mark])
        elif token.closes:
            self._close(token, line, place, following)
        elif any(one.mark == token.mark and one.passage is token.passage for one in self._open):
            self._open_again(token, following)
        else:
            self._open.append(token)

    def _open_again(self, token: _Token, following: Sequence[_Token]) -> None:
        """An opening mark while its like is open in the same paragraph."""
        if token.mark in _QUOTES and (not following or not following[0].closes):
            self._alone.append((token, f"{token.mark} 的方向反了，这里应当是 {CLOSING[token.mark]}"))
            self._pop(token.mark)
        elif len(following) > 1 and following[0].closes and following[1].closes:
            numbered = _NUMBER.match(token.passage.text, token.offset)
            if token.mark in _INNER and self._open[-1].mark == token.mark and not numbered:
                severity = Severity.HINT if token.mark == "（" else Severity.SHOULD
                self._crossed.append(
                    (token, f"{token.mark} 里又用 {token.mark}，里面一层用 {_INNER[token.mark]}", severity)
                )
            self._open.append(token)
        else:
            before = next(one for one in reversed(self._open) if one.mark == token.mark)
            self._open.remove(before)
            self._alone.append((before, _lacking(before.mark)))
            self._open.append(token)

    def _close(self, token: _Token, line: _Line, place: int, following: Sequence[_Token]) -> None:
        opening = _OPENING[token.mark]
        marks = [one.mark for one in self._open]
        if opening not in marks:
            if opening in _QUOTES and following and following[0].closes:
                self._alone.append((token, f"{token.mark} 的方向反了，这里应当是 {opening}"))
                self._open.append(_Token(token.passage, token.offset, opening))
            else:
                self._alone.append((token, _lacking(token.mark)))
            return
        at = len(marks) - 1 - marks[::-1].index(opening)
        for inner in self._open[at + 1 :]:
            later = line.after(place, inner.mark)
            if later and later[0].closes:
                self._crossed.append((token, f"与 {inner.mark} {CLOSING[inner.mark]} 互相交错", Severity.MUST))
            else:
                self._alone.append((inner, _lacking(inner.mark)))
                self._open.remove(inner)
        self._pop(opening)

    def _pop(self, mark: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].mark == mark:
                del self._open[at]
                return

    def _leave(self, number: int, unit: Sequence[ProofPassage]) -> None:
        """At the end of a paragraph only what is closed later, or taken up by the next one, stays open."""
        if not self._open:
            return
        coming = self._lines[number + 1 : number + 1 + _FAR]
        following = unit[number + 1].text.lstrip() if number + 1 < len(unit) else ""
        for token in tuple(self._open):
            later = next((found[0] for line in coming if (found := line.after(-1, token.mark))), None)
            goes_on = token.mark not in _TITLES and following[:1] == token.mark and not _NUMBER.match(following)
            if token.mark in _TITLES or not (goes_on or (later and later.closes)):
                self._open.remove(token)
                self._alone.append((token, _lacking(token.mark)))
