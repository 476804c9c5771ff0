"""A list of hits as a file: for Excel, for reference managers, or as citations after GB/T 7714.

Every file says what was asked, of what, how much was found, in which order, when and by which version, so that whoever
meets it later can ask again. The same question of the same library gives the same list on the same day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive import dates
from archive.catalogue.citation import cite
from archive.model.records import Article, Collection
from archive.model.search import Hit
from archive.search.heading import Heading, write_under
from archive.support.files import write_whole

_HEADER = ("序号", "编号", "题名", "作者", "文集", "辑", "栏目", "日期", "页码", "处数", "首处", "引文")


@dataclass(frozen=True, slots=True)
class ListedHit:
    """A hit with what a list says of its article: passages and blocks only as far as it shows them."""

    hit: Hit
    article: Article
    collection: Collection


@dataclass(frozen=True, slots=True)
class ResultList:
    """All hits of a search in order, under what was asked and what came of it."""

    heading: Heading
    hits: tuple[ListedHit, ...]


def brief(hit: Hit, article: Article, collections: Mapping[str, Collection]) -> ListedHit:
    """A hit with what a list says of it, without the texts: a list may be of every article there is."""
    first = tuple(passage for passage in hit.passages if passage.spans)[:1]
    title = replace(article, blocks=article.blocks[:1])
    return ListedHit(replace(hit, passages=first), title, collections[article.collection])


def write(listed: ResultList, file: Path) -> None:
    """Write the list in the form its suffix names: one of FORMATS. Raises StorageError, KeyError for another suffix."""
    FORMATS[file.suffix.lower()](listed, file)


def _row(number: int, one: ListedHit) -> tuple[str, ...]:
    hit, article = one.hit, one.article
    first = next((passage for passage in hit.passages if passage.spans), None)
    shown = first.text[slice(*first.excerpt)].replace("\n", " ") if first else ""
    names = "、".join(hit.authors)
    where = (one.collection.title, article.volume, hit.section, _when(article), article.pages)
    found = (str(hit.occurrences), shown, cite(article, one.collection))
    return (str(number), hit.article, hit.title, names, *where, *found)


def _when(article: Article) -> str:
    return (article.date.written or dates.describe(article.date)) if article.date else ""


def _table(listed: ResultList, file: Path) -> None:
    rows = [_row(number, one) for number, one in enumerate(listed.hits, 1)]
    write_under(listed.heading, "结果", _HEADER, rows, file)


def _ris(listed: ResultList, file: Path) -> None:
    """RIS, as Zotero, NoteExpress and EndNote read it; the search stands in the notes of every record.

    Where there is none it stands alone: programs pass over lines before the first record, but not over many.
    """
    lines = [] if listed.hits else [f"{label}：{' '.join(value.split())}" for label, value in listed.heading]
    for one in listed.hits:
        article = one.article
        fields = [("TY", "CHAP"), ("TI", article.title), *(("AU", name) for name in one.hit.authors)]
        fields += [("T2", one.collection.title), ("VL", article.volume), ("PY", _year(article))]
        fields += zip(("SP", "EP"), _PAGES.split(article.pages, 1), strict=False)
        fields += [("CN", article.id), ("N1", _told(listed)), ("LA", "zh")]
        lines += [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value] + ["ER  - ", ""]
    _text(file, lines)


def _bibtex(listed: ResultList, file: Path) -> None:
    # An @ would begin an entry even in a comment.
    told = [f"% {label}: {' '.join(value.split())}".replace("@", "＠") for label, value in listed.heading]
    lines = [*told, ""]
    for one in listed.hits:
        article = one.article
        fields = {
            "title": article.title,
            "author": " and ".join(one.hit.authors),
            "booktitle": one.collection.title,
            "volume": article.volume,
            "year": _year(article),
            "pages": "--".join(_PAGES.split(article.pages, 1)),
            "note": f"资料库编号 {article.id}，第 {article.version} 版",
            "language": "chinese",
        }
        lines.append(f"@incollection{{wenshi-{article.id},")
        lines += [f"  {name} = {{{_plain(value)}}}," for name, value in fields.items() if value]
        lines += ["}", ""]
    _text(file, lines)


def _citations(listed: ResultList, file: Path) -> None:
    """GB/T 7714, a line each, numbered as a list of references is."""
    told = [f"{label}：{value}" for label, value in listed.heading]
    cited = [f"[{number}] {cite(one.article, one.collection)}" for number, one in enumerate(listed.hits, 1)]
    _text(file, [*told, "", *cited])


def _told(listed: ResultList) -> str:
    return "；".join(f"{label}：{value}" for label, value in listed.heading)


def _year(article: Article) -> str:
    start = article.date.start if article.date else None
    return "" if start is None else str(dates.year_of(start))


_PAGES = re.compile(r"\s*(?:—+|–|-+|～|~)\s*")
_LATEX = {ord(char): f"\\{char}" for char in "&%$#_"} | {
    ord("\\"): "{\\textbackslash}",
    ord("{"): "{\\textbraceleft}",
    ord("}"): "{\\textbraceright}",
    ord("~"): "{\\textasciitilde}",
    ord("^"): "{\\textasciicircum}",
}


def _plain(value: str) -> str:
    """A value that LaTeX prints as it stands."""
    return " ".join(value.split()).translate(_LATEX)


def _text(file: Path, lines: Iterable[str]) -> None:
    write_whole(file, "".join(f"{line}\r\n" for line in lines))


FORMATS: Mapping[str, Callable[[ResultList, Path], None]] = {
    ".xlsx": _table,
    ".csv": _table,
    ".ris": _ris,
    ".bib": _bibtex,
    ".txt": _citations,
}
"""What a suffix stands for: Excel, CSV, RIS, BibTeX, citations after GB/T 7714."""
