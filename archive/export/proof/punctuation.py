"""Punctuation: half-width marks in Chinese, straight quotes, doubled marks, broken … and —, stray blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.export.proof.findings import Severity
from archive.export.proof.passages import HAN, PROSE, ProofMark, ProofPassage, Proofs, summed_in_texts
from archive.model.records import Kind

_WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）", ".": "。", "[": "［", "]": "］"}
_BEHIND = rf"[{HAN}”’》〉）】、，。；：]"
_HALF = re.compile(
    rf"(?<={_BEHIND})[,;:!?](?![\d/])|(?<={_BEHIND})[()\[\]]|[,;!?()\[\]](?=[{HAN}“‘《〈])|(?<=[{HAN}”’》])\.(?![.\w·])|(?<=[{HAN}]):(?=\d)"
)
_AT_START = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}|[甲乙丙丁])\.")


def half_width(proofs: Proofs) -> Iterator[ProofMark]:
    """ASCII marks next to Chinese characters. 一. at the start becomes 一、."""
    return summed_in_texts(proofs, lambda text: (mark for passage in text.passages for mark in _half_width(passage)))


def _half_width(passage: ProofPassage) -> Iterator[ProofMark]:
    if numbering := _AT_START.match(passage.text):
        yield passage.mark(numbering.end() - 1, numbering.end(), "汉字数字后面用了半角“.”", "、")
    for match in _HALF.finditer(passage.text):
        if not numbering or match.end() != numbering.end():
            yield passage.mark(*match.span(), "中文里用了半角标点", _WIDE[match[0]])


_STRAIGHT = re.compile(r"\"|(?<![A-Za-z0-9′])'(?!\w*'?\d)|'(?![A-Za-z0-9])")
_HAS_HAN = re.compile(f"[{HAN}]")


def straight_quotes(passage: ProofPassage) -> Iterator[ProofMark]:
    """Typewriter quotes in a passage that has Chinese in it; turned into pairs where their number is even."""
    found = [
        match
        for match in _STRAIGHT.finditer(passage.text)
        if match[0] == '"' or not passage.text[: match.start()][-1:].isdigit()
    ]
    if not found or not _HAS_HAN.search(passage.text):
        return
    for sign, marks in (('"', "“”"), ("'", "‘’")):
        same = [match for match in found if match[0] == sign]
        paired = len(same) % 2 == 0
        for number, match in enumerate(same):
            suggestion = marks[number % 2] if paired else None
            yield passage.mark(match.start(), match.end(), f"直引号，应当用“{marks}”", suggestion)


_DOUBLED = re.compile(r"[，。；：、]{2,}|[！？]{4,}|[，、；：][！？]|[！？][，。、；：]|[《〈][》〉]|（）|“”|‘’")
_OPENING = frozenset("《〈（“‘")


def doubled(passage: ProofPassage) -> Iterator[ProofMark]:
    """Marks that stand twice or next to one they exclude (，， 。， ！。) and pairs around nothing (《》)."""
    for match in _DOUBLED.finditer(passage.text):
        marks = match[0]
        if marks[0] in _OPENING:
            message, suggestion = f"“{marks}”里没有字", None
        elif len(set(marks)) == 1:
            message, suggestion = f"“{marks[0]}”重复", marks[0] * (3 if marks[0] in "！？" else 1)
        else:
            message, suggestion = f"标点“{marks}”连用", None
        yield passage.mark(match.start(), match.end(), message, suggestion)


_DOTS = re.compile(r"(?<!…)…(?!…)|(?<!…)…{3}(?!…)|(?<!…)…{5,7}(?!…)|\.{3,}|。{3,}|．{3,}|·{3,}")
_LINE = 100
_LEADERS = re.compile(r"(?:…{3,}|\.{3,}|·{3,}|．{3,})\s*[（(]?\d+[)）]?\s*$")


def ellipsis(passage: ProofPassage) -> Iterator[ProofMark]:
    """Dots that are not the six of …… (or twelve, for a paragraph left out). Leaders before a page number are right."""
    if _LEADERS.search(passage.text[-_LINE:]):
        return
    for match in _DOTS.finditer(passage.text):
        chinese = _HAS_HAN.search(passage.text[max(0, match.start() - 3) : match.end() + 3])
        if match[0][0] == "…" or chinese:
            yield passage.mark(match.start(), match.end(), "省略号应当是六个点“……”", "……")


_DASHES = re.compile(
    rf"[─━－―ー]{{2}}|(?<=[{HAN}])[─━―](?=[{HAN}])|(?<=[{HAN}，。；：！？”’》）])-{{2,3}}(?!-)|-{{2,3}}(?=[{HAN}])|—{{3,}}"
    rf"|^\s*[—―─-](?=[{HAN}])|(?<=[，。；：！？”’])—(?!—)"
)


def dash(passage: ProofPassage) -> Iterator[ProofMark]:
    """Dashes put together from other signs (──, --), cut in half, or drawn too long. 1949—1978, 北京—上海 are right."""
    for match in _DASHES.finditer(passage.text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        if match[0].strip() == "-" and passage.kind is Kind.LIST_ITEM:
            continue
        yield passage.mark(start, match.end(), "破折号应当是“——”", "——")


_GAP = re.compile(rf"(?<=[{HAN}])[ \t\u00a0\u3000]+(?=[{HAN}])")
_BLANK = r"[ \t\u00a0]+"
_BESIDE_MARK = re.compile(
    rf"(?<=[{HAN}”’》）]){_BLANK}(?=[，。；：！？、”’》）])|(?<=[，。；：！？、“‘《（]){_BLANK}(?=[{HAN}“‘《（])"
)
_GAPS = "汉字、标点之间有空格"
_COUNTED = re.compile(r"\s*(?:[一二三四五六七八九十百]{1,4}|\d{1,3})、")
_CLAUSE = re.compile(r"[^，。；：！？、“”‘’（）《》()\n]+")
_NUMBERED = re.compile(
    rf"\s*(?:第[{HAN}\d]{{1,7}}[条章节编篇部款项回]|[附表图例注按][表录件注图]?[一二三四五六七八九十\d]*|[一二三四五六七八九十]+|[{HAN}]{{1,3}}日)$"
)
_SHORT = 4
_TITLE_MARKS = frozenset("《〈“")
_HEADLINE = 60  # a shorter paragraph without the marks of a sentence is a heading, in which blanks part the lines
_SENTENCE = re.compile("[。！？；，]")


def spaces(passage: ProofPassage) -> Iterator[ProofMark]:
    """Blanks between characters in running text. Padded names (刘　勇), lists of short words and 第三条　are right."""
    if passage.kind not in PROSE:
        return
    for match in _BESIDE_MARK.finditer(passage.text):
        if not _COUNTED.fullmatch(passage.text[: match.start()]):
            yield passage.mark(*match.span(), _GAPS, "")
    for clause in _CLAUSE.finditer(passage.text):
        gaps = list(_GAP.finditer(clause[0]))
        if not gaps:
            continue
        pieces = _GAP.sub("\0", clause[0].strip()).split("\0")
        for gap, left, right in zip(gaps, pieces, pieces[1:], strict=False):
            if _set_off(passage, clause, gap, left, right, len(gaps)):
                continue
            start = clause.start() + gap.start()
            severity = Severity.HINT if "\u3000" in gap[0] else None
            yield passage.mark(start, clause.start() + gap.end(), _GAPS, "", severity)


def _set_off(
    passage: ProofPassage, clause: re.Match[str], gap: re.Match[str], left: str, right: str, gaps: int
) -> bool:
    """Whether a blank is meant: in a padded name, in a list of short words, behind a number or a date at the start."""
    if len(left) == 1 or len(right) == 1 or (gaps > 1 and max(len(left), len(right)) <= _SHORT + 2):
        return True
    if clause.start() == 0 and (_NUMBERED.match(clause[0][: gap.start()]) or gap.start() <= _SHORT):
        return True
    if passage.text[max(0, clause.start() - 1) : clause.start()] in _TITLE_MARKS:  # parts of a title or of a motto
        return True
    return len(passage.text) < _HEADLINE and not _SENTENCE.search(passage.text)
