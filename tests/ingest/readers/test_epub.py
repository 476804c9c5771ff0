"""Electronic books made on the spot."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.model.errors import ReadError
from archive.model.records import Kind, Manuscript
from ingest.readers import registry
from ingest.text.characters import stored_characters

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"a small picture"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def book(file: Path, pages: Mapping[str, str], *, spine: list[str] | None = None,
         extra: Mapping[str, str | bytes] | None = None) -> Path:  # fmt: skip
    """Writes an EPUB with these pages (name → body)."""
    items = "".join(f'<item id="{n}" href="text/{n}" media-type="application/xhtml+xml"/>' for n in pages)
    refs = "".join(f'<itemref idref="{name}"/>' for name in (spine or pages))
    opf = (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>水车集</dc:title><dc:creator>张三</dc:creator>'
        f"</metadata><manifest>{items}</manifest><spine>{refs}</spine></package>"
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/epub+zip")
        made.writestr("META-INF/container.xml", CONTAINER)
        made.writestr("OEBPS/content.opf", opf)
        for name, body in pages.items():
            made.writestr(f"OEBPS/text/{name}", page(body))
        for name, data in (extra or {}).items():
            made.writestr(name, data)
    return file


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><script src="a.js"/></head>'
        f"<body>{body}</body></html>"
    )


def read(file: Path) -> Manuscript:
    """Reads a book; its account must come out."""
    form = registry.recognise(file, file.name)
    assert form.name == "epub"
    manuscript = form.read(file, file.name)
    accounted = sum(issue.characters for issue in manuscript.issues)
    assert manuscript.characters_in == stored_characters(manuscript.blocks) + accounted
    return manuscript


def test_spine_order_notes_pictures_and_pages(tmp_path: Path) -> None:
    file = book(
        tmp_path / "书.epub",
        {
            "notes.xhtml": '<aside id="n1" epub:type="footnote"><p>据县志。<a href="b.xhtml#r1">↩</a></p></aside>',
            "b.xhtml": '<h1>二</h1><p>乙&nbsp;丙<a id="r1" epub:type="noteref" href="notes.xhtml#n1">1</a></p>'
            '<p>前<span epub:type="pagebreak" title="12"/>后</p><img src="../img/a.png" alt="图"/>',
            "a.xhtml": "<h1>一</h1><p>甲</p>",
            "nav.xhtml": "<nav><ol><li>一</li><li>二</li></ol></nav>",
        },
        spine=["a.xhtml", "b.xhtml", "notes.xhtml"],
        extra={"OEBPS/img/a.png": PNG},
    )
    found = read(file)
    assert [(block.kind, block.text, block.page) for block in found.blocks] == [
        (Kind.HEADING, "一", ""),
        (Kind.PARAGRAPH, "甲", ""),
        (Kind.HEADING, "二", ""),
        (Kind.PARAGRAPH, "乙\u00a0丙", ""),
        (Kind.NOTE, "据县志。", ""),
        (Kind.PARAGRAPH, "前", ""),
        (Kind.PARAGRAPH, "后", "12"),
        (Kind.FIGURE, "图", "12"),
    ]
    assert [layout.page_break for layout in found.layouts][:3] == [True, False, True]
    assert found.properties == {"title": "水车集", "author": "张三"}
    assert ("outside-spine", 2) in {(issue.code, issue.characters) for issue in found.issues}


def test_page_that_is_not_well_formed(tmp_path: Path) -> None:
    assert [block.text for block in read(book(tmp_path / "书.epub", {"a.xhtml": "<p>甲<p>乙<br>丙"})).blocks] == [
        "甲",
        "乙\n丙",
    ]


def test_copy_protection(tmp_path: Path) -> None:
    encryption = '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'
    for algorithm, readable in (("http://www.idpf.org/2008/embedding", True), ("http://drm", False)):
        extra = {"META-INF/encryption.xml": encryption.format(algorithm)}
        file = book(tmp_path / "书.epub", {"a.xhtml": "<p>甲</p>"}, extra=extra)
        if readable:
            assert read(file).blocks[0].text == "甲"
        else:
            with pytest.raises(ReadError, match="版权保护"):
                read(file)


def test_entities_are_refused(tmp_path: Path) -> None:
    file = book(tmp_path / "书.epub", {"a.xhtml": "<p>甲</p>"})
    hostile = page("<p>&b;</p>").replace("<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY b "甲甲">]>')
    file = book(tmp_path / "炸.epub", {}, spine=["x"], extra={"OEBPS/text/x": hostile})
    with zipfile.ZipFile(file, "a") as made, pytest.warns(UserWarning):
        made.writestr("OEBPS/content.opf", (
            '<package><manifest><item id="x" href="text/x" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="x"/></spine></package>'
        ))  # fmt: skip
    with pytest.raises(ReadError, match="实体声明"):
        read(file)


def test_missing_page_and_truncation(tmp_path: Path) -> None:
    file = book(tmp_path / "书.epub", {"a.xhtml": "<p>甲</p>" * 9000})
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError, match="损坏"):
        registry.read(file, file.name)


def test_bomb(tmp_path: Path) -> None:
    file = book(tmp_path / "炸.epub", {"a.xhtml": "<p>甲</p>"}, extra={"OEBPS/b.png": bytes(60 * 2**20)})
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(ReadError, match="压缩炸弹"):
        registry.read(file, file.name)
    seconds, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 1
    assert peak < 10 * 2**20
