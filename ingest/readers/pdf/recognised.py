"""The pages of a PDF that are pictures: recognised, or with the text another program has laid over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue, Kind
from ingest.readers import ocr, pictures_aside, recogniser
from ingest.readers.pdf import text_layers
from ingest.readers.pdf.page_content import PageContent
from ingest.text.characters import visible
from ingest.text.garbled import HOW_TO_MEND

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
"""What is no text, wherever it stands."""


@dataclass(slots=True)
class Account:
    """What is said of a file while it is read; `characters_in` of it have been met so far."""

    name: str
    issues: list[Issue] = field(default_factory=list)
    characters_in: int = 0

    def report(self, code: IssueCode, place: str, message: str, characters: int = 0) -> None:
        """Notes an issue."""
        self.issues.append(Issue(code, place, message, characters))


def scans_of(rendered: Callable[[int], Any], pages: Sequence[PageContent], account: Account) -> dict[int, ocr.Scan]:
    """The scans among the pages, by number: what was recognised becomes their lines, else their text layer stays.

    `rendered` gives the picture of a page. Raises ReadError where nothing on the pages can be read here.
    """
    return _recognised(rendered, pages, account) | _layered(rendered, pages, account)


def _recognised(rendered: Callable[[int], Any], pages: Sequence[PageContent], account: Account) -> dict[int, ocr.Scan]:
    """The scanned pages, recognised. Raises ReadError where all are scans and nothing here can recognise them."""
    unlikely = [page.number + 1 for page in pages if page.unlikely]
    if unlikely:
        message = f"文字层像是乱码（字体的字符表不对，存的字与印的字不同），照存，检索不到；{HOW_TO_MEND}"
        account.report(IssueCode.GARBLED_TEXT, numbered(unlikely), message)
    scanned = [page for page in pages if page.scanned]
    able = recogniser.installed()
    if (
        scanned
        and not able
        and (text_layers.are_set_aside() or all(page.scanned or not (page.lines or page.tables) for page in pages))
    ):
        if any(page.garbled for page in scanned):
            message = "PDF 的文字层是乱码（字体没有字符表），认不出是什么字"
        else:
            message = "PDF 里只有扫描的图像，没有文字"
        raise ReadError(message, place=account.name, hint=ocr.HOW_TO_GET_IT)
    found = {}
    _set_aside(scanned, account)
    for page in scanned:
        _without_text_layer(page, account, "改用文字识别" if able else ocr.HOW_TO_GET_IT)
        if able:
            scan = ocr.recognise(rendered(page.number), page.number)
            account.issues += scan.issues(f"第 {page.number + 1} 页")
            found[page.number] = scan
            page.beside += [(Kind.NOTE, note) for note in scan.beside]
    levelled = ocr.of_one_size([(page, found[page.number]) for page in scanned if page.number in found])
    for page in scanned:
        page.lines += levelled.get(page.number, ())
    return found


def _layered(rendered: Callable[[int], Any], pages: Sequence[PageContent], account: Account) -> dict[int, ocr.Scan]:
    """The pictures of the scanned pages whose text layer is used, with a word on how good it is."""
    layered = [page for page in pages if page.layered]
    if not layered:
        return {}

    def read_anew(at: int) -> str:
        picture = rendered(layered[at].number)
        return "\n".join(line.text for line in ocr.reading_of(picture.sha256, picture.data).lines)

    texts = ["\n".join(texts_of(page)) for page in layered]
    said = text_layers.tell(texts, read_anew if recogniser.installed() else None)
    account.report(IssueCode.TEXT_LAYER, numbered([page.number + 1 for page in layered]), said)
    return {page.number: ocr.Scan(pictures_aside.aside(rendered(page.number)), ()) for page in layered}


def _set_aside(scanned: Sequence[PageContent], account: Account) -> None:
    """Accounts for the text layers that are not used because whoever takes the file in wants it so."""
    if not text_layers.are_set_aside():
        return
    texts = {page.number + 1: CONTROL.sub("", "\n".join(texts_of(page))) for page in scanned if not page.garbled}
    lost = {number: count for number, text in texts.items() if (count := visible(text))}
    if lost:
        account.characters_in += sum(lost.values())
        message = "按收稿人的选择，不用文件里面带的文字，重新认字"
        account.report(IssueCode.TEXT_LAYER_UNUSED, numbered(list(lost)), message, sum(lost.values()))


def _without_text_layer(page: PageContent, account: Account, instead: str) -> None:
    """Sets aside what a scanned page has of text, which means nothing, and tells what becomes of the page."""
    place = f"第 {page.number + 1} 页"
    lost = sum(visible(text) for text in texts_of(page))
    if page.garbled:
        account.characters_in += lost
        message = f"这一页的文字层是乱码（{lost} 字），没有采用；{instead}"
        account.report(IssueCode.GARBLED, place, message, lost)
    elif not recogniser.installed():
        account.report(IssueCode.SCANNED_PAGE, place, f"这一页是扫描的图像，没有读出文字；{instead}")
    page.lines.clear()
    page.stamps.clear()
    page.tables.clear()


def numbered(pages: Sequence[int]) -> str:
    """The pages of a file in words, those that follow each other as one."""
    runs = [
        [page for _, page in run]
        for _, run in groupby(enumerate(pages), key=lambda numbered: numbered[1] - numbered[0])
    ]
    return f"第 {'、'.join(f'{run[0]}—{run[-1]}' if run[1:] else str(run[0]) for run in runs)} 页"


def texts_of(page: PageContent) -> Iterator[str]:
    """All text of a page, in no order."""
    yield from (line.text for line in page.stamps)
    yield from (line.text for line in page.lines)
    yield from (text for table in page.tables for _, text in table.cells)
