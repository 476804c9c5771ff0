"""Numbers that count on: headings and paragraphs (一、 （二） 3. 第四条), points in a paragraph (①, 一是), pictures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.dates.numerals import number
from archive.export.proof.findings import Severity
from archive.export.proof.passages import ProofMark, ProofPassage, Proofs
from archive.model.records import Kind

_CHINESE = "[一二三四五六七八九十百零〇]{1,5}"
_TITLE = "[^，。；：、]{1,20}$"
_STYLES = (
    ("一、", re.compile(rf"\s*(?P<n>{_CHINESE})、")),
    ("（一）", re.compile(rf"\s*[（(](?P<n>{_CHINESE})[）)](?![、至款]|项(?!目))")),
    ("1.", re.compile(r"\s*(?P<n>\d{1,2})\s?[.．、](?!\d)")),
    ("(1)", re.compile(r"\s*[（(](?P<n>\d{1,2})[）)]")),
    ("第一章", re.compile(rf"\s*第(?P<n>{_CHINESE}|\d{{1,3}})章(?=\s|{_TITLE})")),
    ("第一节", re.compile(rf"\s*第(?P<n>{_CHINESE}|\d{{1,3}})节(?=\s|{_TITLE})")),
    ("第一条", re.compile(rf"\s*第(?P<n>{_CHINESE}|\d{{1,3}})条(?![款项目第之规的、，。和至及或与所中])")),
)
_COUNTED = frozenset({Kind.HEADING, Kind.PARAGRAPH, Kind.LIST_ITEM})
_FURTHEST = 4  # a greater jump is no slip but another list


@dataclass(slots=True)
class _Counting:
    """The lists of one style that are open, the innermost last: the last number of each."""

    last: list[int] = field(default_factory=list)

    def takes(self, value: int) -> int | None:
        """Goes on with a number; the one before it where it neither begins a list nor follows on one."""
        if value == 1:
            self.last.append(1)
            return None
        for depth in range(len(self.last) - 1, -1, -1):
            if self.last[depth] + 1 == value:
                del self.last[depth + 1 :]
                self.last[depth] = value
                return None
        before = self.last[-1] if self.last else None
        if self.last:
            self.last[-1] = value
        else:
            self.last.append(value)
        return before


def jumps(proofs: Proofs) -> Iterator[ProofMark]:
    """一、二、四、: a number left out or given twice, in each text by itself."""
    for text in proofs.texts:
        counting: dict[str, _Counting] = defaultdict(_Counting)
        for passage in text.passages:
            if passage.kind not in _COUNTED:
                continue
            for style, pattern in _STYLES:
                match = pattern.match(passage.text)
                value = number(match["n"]) if match else None
                if match and value:
                    before = counting[style].takes(value)
                    if before is not None and before <= value <= before + _FURTHEST:
                        yield _jump(passage, match.start("n"), match.end(), before, value)
                    break
    for passage in proofs.passages:
        yield from _in_line(passage)
        yield from _announced(passage)


def _jump(passage: ProofPassage, start: int, end: int, before: int, value: int) -> ProofMark:
    message = f"序号 {value} 重复" if value == before else f"序号由 {before} 跳到 {value}"
    return passage.mark(start, end, message)


_RINGED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_POINTS = (
    re.compile(rf"(?P<n>[{_RINGED}])"),
    re.compile(r"(?:(?<=[，。；：、！？])|^)(?P<n>[一二三四五六七八九十])是"),
    re.compile(r"(?:(?<=[。；：！？])|^)第(?P<n>[一二三四五六七八九十])[，、]"),
    re.compile(r"(?:(?<=[，。；：、])|^)[（(](?P<n>[1-9]|1\d)[）)]"),
    re.compile(r"(?:(?<=[，。；：])|^)(?P<n>[1-9])[.．、](?!\d)"),
)
_LEAST_POINTS = {_POINTS[2]: 2}  # nobody says 第一，…；第三，… on purpose
_ANNOUNCED = re.compile(
    r"(?<![第\d之])(?:(?P<count>[两二三四五六七八九]|[2-9])(?:个|大|条|项|点|种|类|步|方面|难|怕|不怕)(?:[^。；：，\d一二三四五六七八九]{0,10})[：:。，]|有(?P<plain>[二三四五六七八九])[：:])(?=(?:一是|第一|首先|其一|①|[（(][1一][）)]|1[.．、]))"
)


def _in_line(passage: ProofPassage) -> Iterator[ProofMark]:
    """Points counted within a paragraph, from one on; ① and the like may be note marks and count only from ①."""
    for pattern in _POINTS:
        found = list(pattern.finditer(passage.text))
        values = [_value(match["n"]) for match in found]
        if len(found) < _LEAST_POINTS.get(pattern, 3) or values[0] != 1:
            continue
        for match, before, value in zip(found[1:], values, values[1:], strict=False):
            if before + 1 < value <= before + _FURTHEST:
                yield _jump(passage, match.start("n"), match.end(), before, value)


def _announced(passage: ProofPassage) -> Iterator[ProofMark]:
    """有三点：一是…；二是…。: fewer points, or more, than were announced, in one paragraph."""
    for match in _ANNOUNCED.finditer(passage.text):
        sort = "count" if match["count"] else "plain"
        said = number(match[sort].replace("两", "二"))
        rest = passage.text[match.end() :]
        for pattern in _POINTS:
            values = [_value(point["n"]) for point in pattern.finditer(rest)]
            last = next((at for at, value in enumerate(values) if value != at + 1), len(values))
            if last > 1 and last != said:
                yield passage.mark(match.start(sort), match.end(), f"说的是{said}项，下面有{last}项")
            if last > 1:
                break


def _value(sign: str) -> int:
    return _RINGED.index(sign) + 1 if sign in _RINGED else number(sign) or 0


_LABEL = re.compile(
    r"[\s▲△●■◆]*(?:[插附])?(?P<what>[图表圖])\s*(?P<n>\d+(?:[-－—.．]\d+)*|[一二三四五六七八九十]{1,3})(?![\d年月日、届])"
)
_REFERENCE = re.compile(
    r"(?:[见如参看据按由]|参见|详见|（|\()\s*(?:附|插)?(?P<what>[图表圖])\s*(?P<n>\d+(?:[-－—.．]\d+)*|[一二三四五六七八九十]{1,3})(?![\d年月日届等])"
)
_REFERS = re.compile(r"[见如参看据按由]")


def picture_references(proofs: Proofs) -> Iterator[ProofMark]:
    """见图3 without a 图3 in the text, and a numbered picture or table that a text which names others never names."""
    for text in proofs.texts:
        labels = [(match["what"], _plain(match["n"]), passage, match) for passage, match in _labels(text.passages)]
        named = [
            (match["what"], _plain(match["n"]), passage, match)
            for passage in text.passages
            for match in _REFERENCE.finditer(passage.text)
        ]
        for what in {one[0] for one in named}:
            have = [one for one in labels if one[0] == what]
            wanted = [one for one in named if one[0] == what]
            if not have and any(block.kind is Kind.FIGURE for block in text.article.blocks):
                continue  # pictures without numbers of their own are numbered when the book is set
            yield from _missing(
                wanted, {number for _, number, _, _ in have}, "正文说到“{}”，本篇没有这个编号的图表", None
            )
            yield from _missing(have, {number for _, number, _, _ in wanted}, "正文没有说到“{}”", Severity.HINT)


def _missing(
    places: Sequence[tuple[str, str, ProofPassage, re.Match[str]]],
    there: set[str],
    message: str,
    severity: Severity | None,
) -> Iterator[ProofMark]:
    for what, label, passage, match in places:
        if label not in there:
            yield passage.mark(match.start("what"), match.end("n"), message.format(what + label), None, severity)


def _labels(passages: Sequence[ProofPassage]) -> Iterator[tuple[ProofPassage, re.Match[str]]]:
    for passage in passages:
        if passage.kind in (Kind.CAPTION, Kind.HEADING) or (passage.kind is Kind.PARAGRAPH and len(passage.text) < 40):
            match = _LABEL.match(passage.text)
            if match:
                yield passage, match


def _plain(label: str) -> str:
    """图三 and 图3 are one."""
    value = number(label) if not label[0].isdigit() else None
    return str(value) if value else re.sub(r"[－—.．]", "-", label)
