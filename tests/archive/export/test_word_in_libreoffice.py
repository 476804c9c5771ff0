"""The Word file opened by another program: every character is on its pages, and the contents tell the right ones."""

from __future__ import annotations

import json
import os
import re
import sys
import time
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from archive.export import Book, make_book
from archive.export.book import Heading, Index
from archive.export.office_layout import OfficeFailure, OfficeLayout, pages_of
from archive.export.prepared_pictures import PreparedBook
from archive.export.word import page_numbers
from archive.export.word.word_exporter import WordExporter
from archive.export.word.word_setting import WordBookSetter
from archive.model.records import Article, Block, Kind
from archive.support.cancellation import Cancelled, cancelled_unless

NOT_EXPORTED = {Kind.COMMENT, Kind.HEADER, Kind.FOOTER}


@pytest.fixture(scope="session")
def office() -> OfficeLayout:
    found = OfficeLayout.find()
    if found is None:
        pytest.skip("LibreOffice (soffice) is not installed: the Word file cannot be opened by another program")
    return found


def characters(text: str) -> Counter[str]:
    """Non-space characters; pdfium gives a hyphen at a line's end as U+FFFE."""
    return Counter(char for char in text.replace("\ufffe", "-") if not char.isspace())


def of_book(book: Book) -> Counter[str]:
    """Every character that must be printed, one for each time it stands in the book."""
    words = [book.title, book.subtitle, book.editor]
    for section in book.sections:
        words.append(section.title)
        for chapter in section.chapters:
            words += [chapter.byline, "" if chapter.runs_on else chapter.source]
            for block in chapter.article.blocks:
                if block.kind not in NOT_EXPORTED:
                    words += [
                        "" if block.picture in {"wide", "tall"} else block.text,
                        *(run.ruby for run in block.runs),
                    ]
    return characters("".join(words).replace("\x0b", "\ufffd"))


def test_every_character_is_on_its_pages(book: Book, office: OfficeLayout, tmp_path: Path) -> None:
    file = tmp_path / "book.docx"
    WordExporter(fill=False).write(book, file)
    lost = of_book(book) - characters(office.text_of(file))
    assert lost == Counter()


def test_every_character_of_real_prose_is_on_its_pages(shared_data: Path, office: OfficeLayout, tmp_path: Path) -> None:
    articles = []
    for line in (shared_data / "sample" / "vol1_prose_78.jsonl").read_text(encoding="utf-8").splitlines()[:30]:
        record = json.loads(line)
        texts = [text for text in record["text"].split("\n") if text.strip()]
        blocks = [Block.plain(Kind.TITLE, record["title"]), *(Block.plain(Kind.PARAGRAPH, text) for text in texts)]
        articles.append(Article(collection="", blocks=tuple(blocks)))
    book = make_book(articles)
    WordExporter(fill=False).write(book, tmp_path / "book.docx")
    lost = of_book(book) - characters(office.text_of(tmp_path / "book.docx"))
    assert lost == Counter()


def test_contents_are_filled_with_the_pages_things_stand_on(book: Book, office: OfficeLayout, tmp_path: Path) -> None:
    file = tmp_path / "book.docx"
    issues = WordExporter().write(book, file)
    assert any(issue.code == "export-pages" and "已按 LibreOffice" in issue.message for issue in issues)
    with zipfile.ZipFile(file) as package:
        document = package.read("word/document.xml").decode()
        assert "updateFields" not in package.read("word/settings.xml").decode()
    assert 'w:dirty="true"' not in document and "@0=" not in document
    told = dict(re.findall(r'w:anchor="([^"]+)".*?PAGEREF.*?<w:t xml:space="preserve">(\d+)</w:t>', document))
    pages = printed_pages(file, office)
    headings = dict(re.findall(r'w:name="(_Toc\d+)"/><w:r><w:t[^>]*>([^<]+)', document))
    assert len(headings) == len(told) == 5
    assert all(heading[:8] in pages[told[bookmark]] for bookmark, heading in headings.items())


def test_the_pages_of_later_indexes_are_asked_of_the_indexes_alone(office: OfficeLayout, tmp_path: Path) -> None:
    blocks = (Block.plain(Kind.TITLE, "渡口"), Block.plain(Kind.PARAGRAPH, "周大河在葛根沟修渠，马德山在青石峡。"))
    indexes = tuple(
        Index(title, tuple(Heading(name, (name,), "A") for name in names))
        for title, names in (("人名索引", ("周大河", "马德山")), ("地名索引", ("葛根沟", "青石峡")))
    )
    other = Article(blocks=(Block.plain(Kind.TITLE, "水车"),), collection="c")
    book = replace(make_book([Article(blocks=blocks, collection="c"), other]), indexes=indexes)
    setter = WordBookSetter(PreparedBook(book, {}, {}))
    asked = tmp_path / "asked.docx"

    def write(file: Path, questions: str) -> None:
        setter.write(file, dict.fromkeys(setter.bookmarks, 41), questions)
        asked.write_bytes(file.read_bytes())

    late = page_numbers.ask(office, setter.late_bookmarks, write)
    assert len(setter.late_bookmarks) == 1 and set(late.values()) <= {42, 43}, "on from the page of the first one"
    with zipfile.ZipFile(asked) as package:
        document = package.read("word/document.xml").decode()
    assert "青石峡" in document and "修渠" not in document and document.count("PAGEREF") == 1


def printed_pages(file: Path, office: OfficeLayout) -> dict[str, str]:
    """The text of the pages by the Arabic number printed at their foot."""
    texts = pages_of(office.pdf(file, file.parent))
    return {found[1]: text for text in texts if (found := re.search(r"· (\d+) ·\s*$", text))}


def test_without_libreoffice_the_report_says_so(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OfficeLayout, "find", classmethod(lambda cls: None))
    issues = WordExporter().write(book, tmp_path / "book.docx")
    assert any(issue.message.startswith("没有找到 LibreOffice") for issue in issues)
    with zipfile.ZipFile(tmp_path / "book.docx") as package:
        assert "<w:updateFields" in package.read("word/settings.xml").decode()


def test_a_libreoffice_that_fails_costs_only_the_page_numbers(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Python takes none of the options and ends at once, without a PDF.
    monkeypatch.setattr(OfficeLayout, "find", classmethod(lambda cls: cls(Path(sys.executable))))
    issues = WordExporter().write(book, tmp_path / "book.docx")
    assert any("没有产生结果" in issue.message for issue in issues)
    assert zipfile.is_zipfile(tmp_path / "book.docx")


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OfficeFailure, match="无法启动"):
        OfficeLayout(tmp_path / "soffice").text_of(tmp_path / "book.docx")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script in place of soffice")
def test_a_program_is_ended_when_nobody_waits(tmp_path: Path) -> None:
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    script.chmod(0o755)
    began = time.monotonic()
    with cancelled_unless(lambda: time.monotonic() < began + 0.3), pytest.raises(Cancelled):
        OfficeLayout(script).text_of(tmp_path / "book.docx")
    assert time.monotonic() - began < 20


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script in place of soffice")
def test_a_program_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    script, note = tmp_path / "soffice", tmp_path / "child"
    script.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {note}\nwait\n", encoding="utf-8")
    script.chmod(0o755)
    with pytest.raises(OfficeFailure, match="没有完成"):
        OfficeLayout(script, timeout=0.5).text_of(tmp_path / "book.docx")
    child = int(note.read_text(encoding="utf-8"))
    for _ in range(50):
        if not running(child):
            return
        time.sleep(0.05)
    pytest.fail("the child of the killed program still runs")


def running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # Killed but not yet collected by init counts as gone.
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text(encoding="utf-8").split()[2] == "Z")
