"""The gate against loss: the Han characters of a file are counted a second time, by other means than its reader's.

The reader's own account (see ingest.report.reconcile) only knows what the reader met. This count looks at the bytes of
the file, shares no code with any reader, and must come out with what was stored and what issues account for.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

from archive.records import Article, Issue, Kind, Style
from ingest.report import FileReport, UnaccountedError

_HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TEXT_NODE = re.compile(rb"<(?:\w+:)?(?:t|delText)(?:\s[^>]*)?(?<!/)>([^<]*)<")
# Each begins with letters to look for, which is what makes them fast.
_MAY_HOLD_TEXT = tuple(map(re.compile, (rb":t[\s>]", rb"<t[\s>]", rb"delText", rb"textpath")))
_TEXT_TAGS = frozenset({"t", "delText"})
# Parts of a Word file with words that are not the document's: building blocks, chart labels, copies of diagrams.
_BESIDE = re.compile(r"(?:.*/)?(?:glossary/|charts/|diagrams/(?!data)|theme/|embeddings/)|customXml/|docProps/")
_SILENT = frozenset({"script", "style", "title", "template", "noscript", "object", "iframe", "audio", "video"})

Count = Mapping[str, int]  # part of the file → Han characters


def check(format_name: str, file: Path, articles: Sequence[Article], report: FileReport) -> None:
    """Holds the import where the count does not come out; formats that cannot be counted otherwise pass.

    Parts that are not text of the document get an issue each. Raises UnaccountedError with both counts.
    """
    counter = _COUNTERS.get(format_name)
    if counter is None:
        return
    stored = _stored(articles)
    counts = counter(file)
    beside = {part: n for count in counts[:1] for part, n in count.items() if n and _BESIDE.match(part)}
    report.issues += tuple(
        Issue("other-part", part, f"文件内部的这一部分有 {count} 个汉字，不是正文，没有收入")
        for part, count in beside.items()
    )
    # Where the encoding is a guess, one reading of the bytes has to come out.
    totals = [sum(count.values()) - sum(beside.values()) for count in counts]
    if not totals or any(_comes_out(total, stored, format_name, report) for total in totals):
        return
    message = (
        f"第二次清点对不上：文件里有 {totals[0]} 个汉字，可收 {stored} 个，说明 {report.accounted} 字，"
        f"相差 {abs(totals[0] - stored)} 个，为免丢字没有收入"
    )
    hint = "请把稿件和这条信息交给维护者；急用时可在 Word 中另存为新的 .docx，或另存为纯文本（UTF-8）后导入"
    raise UnaccountedError(message, place=report.file, hint=hint)


def _comes_out(total: int, stored: int, format_name: str, report: FileReport) -> bool:
    """Whether nothing is missing beyond what issues account for, and nothing has been added."""
    # Two parsers of HTML may differ over what a broken page shows, LibreOffice writes out some fields; recognised text
    # never stood in the file.
    may_grow = format_name in ("html", "epub", "odt") or any(issue.code == "ocr" for issue in report.issues)
    return total - stored <= report.accounted and (may_grow or stored <= total)


def _stored(articles: Sequence[Article]) -> int:
    """Han characters of the source that the articles keep."""
    return sum(
        _han(run.text) + _han(run.ruby)
        for article in articles
        for block in article.blocks
        if block.kind is not Kind.FIGURE
        for run in block.runs
        if Style.GENERATED not in run.style
    )


def _han(text: str) -> int:
    return len(_HAN.findall(text))


# -- Word


class _Scan:
    """One pass of expat over a part: text nodes wherever they stand, of alternatives the fuller one."""

    def __init__(self) -> None:
        self.total = 0
        self._counting = False
        self._alternatives: list[list[int]] = []  # for each one open: the count before it, then those of its branches

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(":")[2]
        self._counting = local in _TEXT_TAGS
        if local == "textpath":
            self.total += _han(attributes.get("string", ""))
        elif local == "AlternateContent":
            self._alternatives.append([self.total])
            self.total = 0

    def end(self, tag: str) -> None:
        self._counting = False
        local = tag.rpartition(":")[2]
        if local in ("Choice", "Fallback") and self._alternatives:
            self._alternatives[-1].append(self.total)
            self.total = 0
        elif local == "AlternateContent" and self._alternatives:
            before, *branches = self._alternatives.pop()
            self.total += before + max(branches, default=0)

    def text(self, data: str) -> None:
        if self._counting:
            self.total += _han(data)


def _word(file: Path) -> list[Count]:
    with zipfile.ZipFile(file) as opened:
        names = [name for name in opened.namelist() if name.lower().endswith(".xml")]
        return [{name.lstrip("/").replace("\\", "/"): _part(opened.read(name)) for name in names}]


def _part(data: bytes) -> int:
    if b"\0" not in data[:64] and not any(pattern.search(data) for pattern in _MAY_HOLD_TEXT):
        return 0  # styles, settings, themes: most of a short file's bytes, and half the time of its import
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError:  # broken: whatever looks like a text node
        return sum(_han(text.decode("utf-8", "ignore")) for text in _TEXT_NODE.findall(data))
    return scan.total


# -- OpenDocument

# What a program fills in, and descriptions of pictures, are not text of the document.
_FILLED_IN = frozenset({"svg:title", "svg:desc", "dc:creator", "text:title", "text:chapter", "text:file-name"})


def _open_document(file: Path) -> list[Count]:
    """All character data of the body and of the running heads, before LibreOffice has touched it."""
    with zipfile.ZipFile(file) as opened:
        parts = [part for part in ("content.xml", "styles.xml") if part in opened.namelist()]
        return [{part: _character_data(opened.read(part)) for part in parts}]


def _character_data(data: bytes) -> int:
    total, skipping = 0, 0

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal skipping
        skipping += tag in _FILLED_IN

    def end(tag: str) -> None:
        nonlocal skipping
        skipping -= tag in _FILLED_IN

    def text(piece: str) -> None:
        nonlocal total
        total += 0 if skipping else _han(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return 0  # LibreOffice would not have read it either
    return total


# -- text


def _text(file: Path) -> list[Count]:
    """The readings the bytes allow: by mark, else in every encoding that gives no error; UTF-8 leaves no doubt."""
    data = file.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be"]
    found: list[Count] = []
    for encoding in encodings:
        try:
            found.append({"": _han(data.decode(encoding))})
            if encoding == "utf-8":
                break
        except UnicodeDecodeError:
            continue
    return found  # none for damaged bytes: the reader has listed every line with them


# -- HTML


class _Page(HTMLParser):
    """Counts the text of a page with the parser of the standard library."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0
        self._silent: list[str] = []
        self._bracket = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bracket = tag == "rp"
        if tag in _SILENT:
            self._silent.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._bracket = False

    def handle_endtag(self, tag: str) -> None:
        self._bracket = False
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._bracket:
            self.total += _han(data)


def _page(text: str) -> int:
    page = _Page()
    page.feed(text)
    page.close()
    return page.total


def _html(file: Path) -> list[Count]:
    data = file.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return [{"": _page(data.decode("utf-16", "ignore"))}]
    found: list[Count] = []
    for encoding in ("utf-8", "gb18030", "cp950"):
        try:
            found.append({"": _page(data.decode(encoding))})
        except UnicodeDecodeError:
            continue
    return found


def _epub(file: Path) -> list[Count]:
    with zipfile.ZipFile(file) as opened:
        pages = [name for name in opened.namelist() if name.lower().endswith((".xhtml", ".html", ".htm"))]
        return [{name: _page(opened.read(name).decode("utf-8", "ignore")) for name in pages}]


_COUNTERS: dict[str, Callable[[Path], list[Count]]] = {
    "docx": _word,
    "odt": _open_document,
    "text": _text,
    "html": _html,
    "epub": _epub,
}
