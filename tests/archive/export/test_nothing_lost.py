"""Every character of a book, taken out of the files again."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from archive.export import EXPORTERS, Book, make_book
from archive.export.flow import sound
from archive.model.errors import NotFound
from archive.model.records import Article, Block, Collection, Kind

LEFT_OUT = {Kind.COMMENT, Kind.HEADER, Kind.FOOTER}


def from_epub(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        package = archive.read("EPUB/package.opf").decode()
        names = dict(re.findall(r'id="(\w+)" href="(\S+\.xhtml)"', package))
        pages = [names[each] for each in re.findall(r'idref="(\w+)"', package)]
        roots = [etree.fromstring(archive.read(f"EPUB/{name}")) for name in pages if name != "nav.xhtml"]
    for root in roots:
        for reference in root.xpath("//*[@class='noteref' or local-name()='rp']"):
            reference.clear(keep_tail=True)
        for picture in root.iter("{*}img"):
            picture.text = picture.get("alt")
    return "".join("".join(root.itertext("{*}*")) for root in roots)


def from_tei(file: Path) -> str:
    root = etree.parse(str(file)).getroot()
    for note in root.findall(".//{*}text//{*}note"):  # stand in the middle of words
        root.find(".//{*}text").append(etree.fromstring(f"<p>{escaped(note)}</p>"))
        note.clear(keep_tail=True)
    return "".join(root.find("{*}text").itertext())


def escaped(node: etree._Element) -> str:
    return "".join(node.itertext()).replace("&", "&amp;").replace("<", "&lt;")


def from_docuxml(file: Path) -> str:
    return "".join(etree.parse(str(file)).getroot().itertext())


def from_plain(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig")


def from_markdown(file: Path) -> str:
    """As a reader of CommonMark shows it; footnotes, which that does not know, as paragraphs."""
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed: no reader to check with")
    source = file.read_text(encoding="utf-8")
    source = re.sub(r"^\[\^\d+\]: ", "", source, flags=re.MULTILINE)
    reader = markdown_it.MarkdownIt("commonmark").enable(["table"])
    parts = [
        "".join(each.content for each in child.children or ()) if child.type == "image" else child.content
        for token in reader.parse(re.sub(r"\[\^\d+\]", "", source))
        for child in token.children or ()
    ]
    return "".join(re.sub("</?[a-z][^<>]*>", "", part) if part.startswith("<") else part for part in parts)


READERS: dict[str, Callable[[Path], str]] = {
    "epub": from_epub,
    "tei": from_tei,
    "docuxml": from_docuxml,
    "md": from_markdown,
    "txt": from_plain,
}


def words_of(book: Book) -> Iterator[str]:
    """Everything that is printed; sources apart, which entries share."""
    if not book.single:
        yield from (book.title, book.subtitle, book.series, book.editor, book.publisher, *book.imprint)
    for section in book.sections:
        yield from section.note
    for chapter in book.everything:
        yield from (chapter.byline, *chapter.note)
        yield from (block.text for block in chapter.article.blocks if block.kind not in LEFT_OUT)


def unbroken(text: str) -> str:
    """Without spaces, and without what looks like the mark of a note where a format has no other sign for it."""
    return re.sub(r"〔\d+〕|［\d+］|\[\^?\d+\]", "", "".join(text.split()))


def assert_nothing_lost(book: Book, form: str, folder: Path) -> None:
    file = folder / f"book.{form}"
    EXPORTERS[form].write(book, file)
    found = unbroken(READERS[form](file))
    printed, _ = sound(book)
    expected = unbroken("".join(words_of(printed)))
    assert dict(Counter(expected) - Counter(found)) == {}
    for chapter in printed.everything:
        assert unbroken(chapter.source.removeprefix("出处：")) in found
        for block in chapter.article.blocks:
            if block.kind not in LEFT_OUT and not any(run.ruby for run in block.runs):
                for line in block.text.split("\n"):
                    assert unbroken(line) in found, (chapter.title, line)


@pytest.mark.parametrize("form", READERS)
def test_nothing_of_a_made_up_book_is_lost(form: str, whole_book: Book, tmp_path: Path) -> None:
    assert_nothing_lost(whole_book, form, tmp_path)


@pytest.mark.parametrize("form", READERS)
def test_nothing_of_a_real_volume_is_lost(form: str, shared_data: Path, tmp_path: Path) -> None:
    articles = []
    records = (shared_data / "sample" / "vol2_regulations_78.jsonl").read_text(encoding="utf-8")
    for record in map(json.loads, records.splitlines()):
        lines = [line for line in record["text"].split("\n") if line.strip()]
        blocks = (Block.plain(Kind.TITLE, record["title"]), *(Block.plain(Kind.PARAGRAPH, line) for line in lines))
        articles.append(Article(collection="", section="法规", blocks=blocks))
    assert_nothing_lost(make_book(articles, title="法规选编"), form, tmp_path)


@pytest.mark.parametrize("form", READERS)
def test_nothing_of_an_awkward_word_file_is_lost(form: str, shared_data: Path, tmp_path: Path) -> None:
    readers = pytest.importorskip("ingest.readers.registry", reason="the readers are not installed")
    from ingest.splitting.split import Mode, split

    manuscript = readers.read(shared_data / "office" / "torture.docx", "torture.docx")
    articles = split(manuscript, Collection("t", "折腾"), Mode.ARTICLE).articles

    def find(sha256: str) -> tuple[Path, str]:
        if sha256 not in manuscript.pictures:
            raise NotFound("没有这幅图片。")
        picture = manuscript.pictures[sha256]
        (tmp_path / sha256).write_bytes(picture.data)
        return tmp_path / sha256, picture.media_type

    assert_nothing_lost(make_book(articles, title="折腾", pictures=find), form, tmp_path)
