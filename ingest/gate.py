"""The gate against loss: what a file holds, counted a second time (see ingest/second_count.py), against what was kept.

The reader's own account (see ingest.report.reconcile) only knows what the reader met. This count looks at the bytes of
the file, shares no code with any reader, and must come out with what was stored and what issues account for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from archive.records import Article, Issue, Kind, Style
from ingest import second_count
from ingest.report import COUNT_AGAIN, Difference, FileReport, Passage
from ingest.second_count import Texts, han

# Parts of a Word file with words that are not the document's: building blocks, chart labels, copies of diagrams.
_BESIDE = re.compile(r"(?:.*/)?(?:glossary/|charts/|diagrams/(?!data)|theme/|embeddings/)|customXml/|docProps/")
_PARTS = {
    "document": "正文",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
    "header": "页眉",
    "footer": "页脚",
}
_NAMED = 12  # passages told of
_WORDS = 40  # of a passage
_LOOKED_FOR = 2_000  # passages searched for in all that was stored, where no block is equal to them


def check(
    format_name: str, file: Path, articles: Sequence[Article], report: FileReport, missing: int = 0
) -> Difference | None:
    """How far the count does not come out; None where it does, or where the format cannot be counted otherwise.

    `missing` characters are known to be missing already. Parts that are not text of the document get an issue each.
    """
    stored = _stored(articles)
    readings = second_count.texts(format_name, file)
    beside = {part: count for part, text in _beside(readings) if (count := len(han(text)))}
    report.issues += tuple(
        Issue("other-part", part, f"文件内部的这一部分有 {count} 个汉字，不是正文，没有收入")
        for part, count in beside.items()
    )
    accounted = report.accounted + missing
    # Where the encoding is a guess, one reading of the bytes has to come out.
    for texts in readings:
        found = sum(len(han(text)) for part, text in texts.items() if part not in beside)
        if _comes_out(found, len(stored), accounted, _may_grow(format_name, report)):
            return None
    if not readings:
        return None
    texts = {part: text for part, text in readings[0].items() if part not in beside}
    whole = "".join(map(han, texts.values()))
    return Difference(
        COUNT_AGAIN,
        "汉字",
        len(whole),
        len(stored),
        accounted,
        characters=tuple((Counter(whole) - Counter(stored)).most_common()),
        passages=tuple(islice(_passages(texts, articles, stored), _NAMED)),
    )


def _beside(readings: Sequence[Texts]) -> list[tuple[str, str]]:
    return [(part, text) for texts in readings[:1] for part, text in texts.items() if _BESIDE.match(part)]


def _may_grow(format_name: str, report: FileReport) -> bool:
    """Whether more may be stored than was counted.

    Two parsers of HTML may differ over what a broken page shows, LibreOffice writes out some fields; recognised text
    never stood in the file.
    """
    return format_name in ("html", "epub", "odt") or any(issue.code == "ocr" for issue in report.issues)


def _comes_out(found: int, stored: int, accounted: int, may_grow: bool) -> bool:
    """Whether nothing is missing beyond what issues account for, and nothing has been added."""
    return found - stored <= accounted and (may_grow or stored <= found)


def _stored(articles: Sequence[Article]) -> str:
    """The Han characters of the source that the articles keep, in their order."""
    return "".join(_kept(articles))


def _kept(articles: Sequence[Article]) -> list[str]:
    """The same, block by block."""
    return [
        "".join(han(run.text) + han(run.ruby) for run in block.runs if Style.GENERATED not in run.style)
        for article in articles
        for block in article.blocks
        if block.kind is not Kind.FIGURE
    ]


def _passages(texts: Texts, articles: Sequence[Article], stored: str) -> Iterator[Passage]:
    """The paragraphs of the file that stand nowhere in what was stored: where the loss is, as far as it can be told."""
    blocks = set(_kept(articles))
    lines = ((part, line.strip()) for part, text in texts.items() for line in text.splitlines())
    unequal = ((part, line) for part, line in lines if (words := han(line)) and words not in blocks)
    for part, line in islice(unequal, _LOOKED_FOR):
        if han(line) not in stored:
            yield Passage(_place(part), line[:_WORDS] + ("…" if len(line) > _WORDS else ""))


def _place(part: str) -> str:
    """A part of a Word file as its editor knows it, with its name inside the file; others as they are."""
    name = re.fullmatch(r"word/([a-z]+)\d*\.xml", part)
    return f"{_PARTS[name[1]]}（{part}）" if name and name[1] in _PARTS else part
