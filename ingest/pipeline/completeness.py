"""The gate against loss: what a file holds, counted a second time (independent_count.py), against what was kept.

The reader's own account (see ingest.pipeline.report.reconcile) only knows what the reader met. This count looks at
the bytes of the file, shares no code with any reader, and must come out with what was stored and what issues account
for. Of scans, it takes what the recogniser returned.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from archive.model.issues import IssueCode
from archive.model.records import Article, Issue, Kind, Style
from ingest.pipeline import independent_count
from ingest.pipeline.count_text import HEADS
from ingest.pipeline.independent_count import Texts, signs, squeezed
from ingest.pipeline.report import FileReport
from ingest.text.account import COUNT_AGAIN, Difference, UnkeptPassage

# Parts of a Word file with words that are not the document's: building blocks, copies of diagrams.
_BESIDE = re.compile(r"(?:.*/)?(?:glossary/|charts/(?!chart(?:Ex)?\d)|diagrams/(?!data)|theme/)|customXml/|docProps/")
# Parts that their reader says it has not taken in.
_LEFT_OUT = frozenset({IssueCode.OTHER_PART, IssueCode.BROKEN_PART})
# Their text comes in one piece, without marks of a format between, so all characters are counted.
_IN_FULL = frozenset({"pdf", "picture"})
# More may be stored than was counted, so each character is looked after by itself: LibreOffice writes out some fields,
# numbers of a sheet are not counted.
_BY_CHARACTER = frozenset({"doc", "rtf", "odt", "xml", "xlsx", "ofd"})
_PARTS = {
    "document": "正文",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
    "header": "页眉",
    "footer": "页脚",
}
# What these leave out is said to stand elsewhere in the file; that is looked up.
_REPEATS = frozenset({IssueCode.REPEATED_MARGIN, IssueCode.WATERMARK, IssueCode.PAGE_NUMBER})
# Codes of fonts without characters are counted otherwise here than by the reader, and nobody keeps them.
_UNUSED = frozenset({IssueCode.GARBLED, IssueCode.TEXT_LAYER_UNUSED})
_OUTER = 2  # lines at the top and at the bottom of a page that may hold its number
_NUMBER_AT_START = re.compile(
    r"[\W_]*第?(\d{1,4}|[ivxlcdm]{1,7})(?![\d年月日号届期卷册集辑章节条款万亿千百人名户])[页頁\W_]*", re.I
)
_NUMBER_AT_END = re.compile(r"(?<![\d年月])[\W_]*第?(\d{1,4}|[ivxlcdm]{1,7})[页頁\W_]*$", re.I)
_NAMED = 12  # passages told of
_WORDS = 40  # of a passage
_LOOKED_FOR = 2_000  # passages searched for in all that was stored, where no block is equal to them


def check(
    format_name: str,
    file: Path,
    articles: Sequence[Article],
    report: FileReport,
    missing: int = 0,
    recognised: Sequence[str] = (),
) -> Difference | None:
    """How far the count does not come out; None where it does, or where the format cannot be counted otherwise.

    `missing` characters are known to be missing already, `recognised` are the texts of pictures, as the recogniser gave
    them. Parts that are not text of the document get an issue each.

    Of scans this proves that every line the recogniser returned, however doubtful, was stored; not that it saw all that
    is on the page, nor that it read it rightly.
    """
    heard = {f"第 {number} 幅图像": text for number, text in enumerate(recognised, 1)}
    files = independent_count.texts(format_name, file)
    if not files:
        return None
    report.issues += tuple(_heads_left_behind(files[0].texts.get(HEADS, ""), articles))
    files = [replace(one, texts={part: text for part, text in one.texts.items() if part != HEADS}) for one in files]
    readings: list[Texts] = [{**one.texts, **heard} for one in files]
    exact, by_character = format_name in _IN_FULL, format_name in _BY_CHARACTER
    unit, counted = ("字", squeezed) if exact else ("汉字、字母和数字", signs)
    beside = _set_aside(readings[0], files[0].unread, report)
    by_character |= any("embeddings/" in part and part not in beside for part in readings[0])  # sheets inside a text
    kept = _kept(articles, counted)
    stored = "".join(kept)
    accounted = report.accounted + missing
    if exact:  # control characters are not counted
        accounted -= sum(issue.characters for issue in report.issues if issue.code is IssueCode.CONTROL)
    unfounded = _unfounded(readings[0], beside, stored, report, missing, counted)
    accounted -= unfounded
    # Where the encoding is a guess, one reading of the bytes has to come out.
    for texts in readings:
        if unfounded:
            break
        found = "".join(counted(text) for part, text in texts.items() if part not in beside)
        may_grow = by_character or _may_grow(format_name, report, stored, bool(heard))
        fewer = (Counter(found) - Counter(stored)).total() if by_character else len(found) - len(stored)
        if _comes_out(fewer, accounted, may_grow, exact):
            return None
    texts = {part: text for part, text in readings[0].items() if part not in beside}
    whole = "".join(map(counted, texts.values()))
    again = len(whole) - (Counter(whole) - Counter(stored)).total() if by_character else len(stored)
    return Difference(
        COUNT_AGAIN,
        unit,
        len(whole),
        again,
        accounted,
        characters=tuple((Counter(whole) - Counter(stored)).most_common()),
        passages=tuple(islice(_passages(texts, frozenset(kept), stored, counted), _NAMED)),
    )


def _heads_left_behind(heads: str, articles: Sequence[Article]) -> Iterator[Issue]:
    """An issue for each running head or foot that the conversion of an old format has left behind.

    Numbers of pages are computed, so a head is there if one holds all its characters.
    """
    blocks = [block for article in articles for block in article.blocks if block.kind in (Kind.HEADER, Kind.FOOTER)]
    kept = [Counter(signs(block.text)) for block in blocks]
    for line in dict.fromkeys(line.strip() for line in heads.splitlines()):
        words = Counter(signs(line))
        if words and not any(words <= one for one in kept):
            message = f"“{line[:_WORDS]}”没有随转换过来，没有收入；需要时请在网页上补上"
            yield Issue(IssueCode.OTHER_PART, HEADS, message)


def _unfounded(
    texts: Texts,
    beside: Collection[str],
    stored: str,
    report: FileReport,
    missing: int,
    counted: Callable[[str], str],
) -> int:
    """How many characters are explained as repeated or as page numbers, but stand nowhere else in the file.

    A line repeats what is the same but for the number of its page; every one beyond the first may be left out.
    """
    claimed = sum(issue.characters for issue in report.issues if issue.code in _REPEATS)
    if not claimed:
        return 0
    left_out = Counter(counted("".join(text for part, text in texts.items() if part not in beside))) - Counter(stored)
    lines: Counter[str] = Counter()
    for part, text in texts.items():
        if part in beside:
            continue
        every = [squeezed(line) for line in text.splitlines() if line.strip()]
        for number, line in enumerate(every):
            words = line
            if number < _OUTER or number >= len(every) - _OUTER:
                words = _NUMBER_AT_END.sub("", _NUMBER_AT_START.sub("", line, count=1), count=1)
                left_out -= Counter(counted(line)) - Counter(counted(words))
            lines[words] += 1
    for words, count in lines.items():
        if count > 1:
            left_out -= Counter(
                {character: (count - 1) * often for character, often in Counter(counted(words)).items()}
            )
    return max(0, left_out.total() - (report.accounted - claimed) - missing)


def _set_aside(texts: Texts, unread: Sequence[str], report: FileReport) -> frozenset[str]:
    """The parts that are not text of the document; what they hold, and parts that are damaged, become issues."""
    said = {issue.place.lower() for issue in report.issues if issue.code in _LEFT_OUT}
    beside = [part for part in texts if _BESIDE.match(part) or part.lower() in said]
    held = {part.lower(): (part, len(signs(texts[part]))) for part in beside}
    report.issues = tuple(  # told below, with what they hold
        issue for issue in report.issues if issue.code is not IssueCode.OTHER_PART or issue.place.lower() not in held
    )
    report.issues += tuple(
        Issue(IssueCode.OTHER_PART, part, f"文件内部的这一部分有 {count} 个汉字、字母和数字，不是正文，没有收入")
        for part, count in held.values()
        if count
    )
    report.issues += tuple(
        Issue(IssueCode.BROKEN_PART, part, "文件内部的这一部分已损坏，读不出，其余照收，请与原稿核对")
        for part in unread
        if part.lower() not in said
    )
    return frozenset(beside)


def _may_grow(format_name: str, report: FileReport, stored: str, heard: bool) -> bool:
    """Whether more may be stored than was counted.

    Two parsers of HTML may differ over what a broken page shows; characters of a PDF that have no code are stored as
    U+FFFD and left out by this count; recognised text never stood in the file.
    """
    codes = {issue.code for issue in report.issues}
    unknown = format_name == "pdf" and ("\ufffd" in stored or bool(codes & _UNUSED))
    return format_name in ("html", "epub", "mime") or unknown or (IssueCode.OCR in codes and not heard)


def _comes_out(fewer: int, accounted: int, may_grow: bool, exact: bool) -> bool:
    """Whether nothing is missing beyond what issues account for, and nothing has been added.

    `fewer` characters are stored than the file has. `accounted` counts marks of the format too, so it may be more,
    unless the count is `exact`.
    """
    least = accounted if exact else 0
    return fewer <= accounted and (may_grow or fewer >= least)


def _kept(articles: Sequence[Article], counted: Callable[[str], str]) -> list[str]:
    """The characters of the source that the articles keep, block by block."""
    return [
        counted("".join(run.text + run.ruby for run in block.runs if Style.GENERATED not in run.style))
        for article in articles
        for block in article.blocks
        if block.kind is not Kind.FIGURE
    ]


def _passages(
    texts: Texts, blocks: frozenset[str], stored: str, counted: Callable[[str], str]
) -> Iterator[UnkeptPassage]:
    """The paragraphs of the file that stand nowhere in what was stored: where the loss is, as far as it can be told."""
    lines = ((part, line.strip()) for part, text in texts.items() for line in text.splitlines())
    unequal = ((part, line) for part, line in lines if (words := counted(line)) and words not in blocks)
    for part, line in islice(unequal, _LOOKED_FOR):
        if counted(line) not in stored:
            yield UnkeptPassage(_place(part), line[:_WORDS] + ("…" if len(line) > _WORDS else ""))


def _place(part: str) -> str:
    """A part of a Word file as its editor knows it, with its name inside the file; others as they are."""
    name = re.fullmatch(r"word/([a-z]+)\d*\.xml", part)
    return f"{_PARTS[name[1]]}（{part}）" if name and name[1] in _PARTS else part
