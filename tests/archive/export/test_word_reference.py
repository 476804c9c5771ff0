"""A publisher's Word file whose styles, fonts and page take the place of ours."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from archive.export import Book
from archive.export.word.word_exporter import WordExporter
from archive.model.errors import ConfigError

Make = Callable[..., Path]


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A file made with Word's own template: 题名 and 署名 by name, 引文 as an alias, the rest Word's."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(170), Mm(240)
    section.left_margin, section.gutter, section.right_margin = Mm(22), Mm(3), Mm(18)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:linePitch"), "312")
    grid.set(qn("w:type"), "lines")
    for name, size in {"题名": 20, "署名": 13, "Author": 7}.items():
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(size)
    document.styles["署名"].base_style = document.styles["题名"]
    document.styles["Quote"].font.size = Pt(11)
    document.styles["Normal"].font.size = Pt(12)
    quote = document.styles.add_style("我社引文", WD_STYLE_TYPE.PARAGRAPH)
    quote.element.insert(1, parse_xml(f'<w:aliases {nsdecls("w")} w:val="小引,引文"/>'))
    quote.font.size = Pt(8)
    document.add_paragraph("参考文件里的文字", style="题名")
    file = tmp_path / "reference.docx"
    document.save(str(file))
    return file


@pytest.fixture
def write(book: Book, tmp_path: Path) -> Make:
    def make(reference: Path) -> Path:
        target = tmp_path / "book.docx"
        WordExporter(fill=False).write(replace(book, house=replace(book.house, reference=reference)), target)
        return target

    return make


def sizes(file: Path) -> dict[str, float | None]:
    styles = docx.Document(str(file)).styles
    return {style.name: style.font.size and style.font.size.pt for style in styles if style.type == 1}


def used(file: Path) -> set[str]:
    return {paragraph.style.name for paragraph in docx.Document(str(file)).paragraphs}


def test_its_styles_are_found_by_name_and_alias(reference: Path, write: Make) -> None:
    file = write(reference)
    assert {"题名", "我社引文", "Title", "Heading 1", "Normal", "文章正文", "作者"} <= set(sizes(file))
    assert {"题名", "我社引文", "Heading 1", "文章正文"} <= used(file)
    assert not used(file) & {"Quote", "Heading 2"}  # 题名 and 引文 were meant
    assert sizes(file)["题名"] == 20 and sizes(file)["我社引文"] == 8


def test_styles_it_lacks_are_added(reference: Path, write: Make) -> None:
    file = write(reference)
    assert sizes(file)["出处"] == 9 and sizes(file)["作者"] == 12
    assert "出处" in used(file)
    # Text looks as its own Normal does, indented.
    body = docx.Document(str(file)).styles["文章正文"]
    assert body.font.size is None and body.base_style.name == "Normal"
    assert body.element.find(f".//{qn('w:ind')}").get(qn("w:firstLineChars")) == "200"


def test_every_style_named_exists_once(reference: Path, write: Make) -> None:
    with zipfile.ZipFile(write(reference)) as package:
        styles = package.read("word/styles.xml").decode()
        text = package.read("word/document.xml").decode() + package.read("word/footnotes.xml").decode()
    ids = re.findall(r'w:styleId="([^"]+)"', styles)
    assert len(ids) == len(set(ids))
    named = set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle|basedOn|next|link) w:val="([^"]+)"', styles + text))
    assert named <= set(ids)
    assert "AuthorReference" in ids  # its own style of that id made room for ours


def test_a_title_style_without_a_level_gets_one_for_the_contents(reference: Path, write: Make) -> None:
    styles = docx.Document(str(write(reference))).styles
    assert styles["题名"].element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}").get(qn("w:val")) == "1"


def test_its_page_and_grid_are_taken(reference: Path, write: Make) -> None:
    file = write(reference)
    for section in docx.Document(str(file)).sections:
        assert (round(section.page_width.mm), round(section.left_margin.mm), round(section.right_margin.mm)) == (
            170,
            25,
            18,
        )
    with zipfile.ZipFile(file) as package:
        document = package.read("word/document.xml").decode()
    assert document.count('<w:docGrid w:linePitch="312" w:type="lines"/></w:sectPr>') == document.count("<w:sectPr>")
    assert "参考文件里的文字" not in document


def test_theme_fonts_and_numbering_come_along(reference: Path, write: Make) -> None:
    with zipfile.ZipFile(write(reference)) as made, zipfile.ZipFile(reference) as given:
        names = given.namelist()
        for part in ("word/numbering.xml", "word/fontTable.xml", "word/theme/theme1.xml"):
            assert part in names and made.read(part).count(b"<") == given.read(part).count(b"<"), part


def test_what_its_parts_refer_to_comes_along(reference: Path, write: Make, tmp_path: Path) -> None:
    other = tmp_path / "with-picture.docx"
    with zipfile.ZipFile(reference) as given, zipfile.ZipFile(other, "w") as changed:
        for name in given.namelist():
            content = given.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"<Default ", b'<Default Extension="odttf" ContentType="application/x-f"/><Default ', 1
                )
            changed.writestr(name, content)
        changed.writestr("word/fonts/font1.odttf", b"font")
        changed.writestr(
            "word/_rels/fontTable.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId7" Target="fonts/font1.odttf"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"/>'
            "</Relationships>",
        )
    with zipfile.ZipFile(write(other)) as made:
        found = re.search(r'Id="rId7"[^>]* Target="([^"]+)"', made.read("word/_rels/fontTable.xml.rels").decode())
        assert found and made.read(f"word/{found[1]}") == b"font"
        assert 'Extension="odttf" ContentType="application/x-f"' in made.read("[Content_Types].xml").decode()


def remade(reference: Path, folder: Path, **parts: bytes | None) -> Path:
    """The reference with parts (by the last word of their name) replaced or, for None, left out."""
    other = folder / "other.docx"
    with zipfile.ZipFile(reference) as given, zipfile.ZipFile(other, "w") as changed:
        for name in given.namelist():
            content = parts.get(Path(name).stem, given.read(name)) if name.startswith("word/") else given.read(name)
            if content is not None:
                changed.writestr(name, content)
    return other


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"styles": b"<styles"}, "已损坏"),
        ({"styles": b"<a/>"}, "不是通常的 Word 格式"),
        ({"styles": None}, "缺少 word/styles.xml"),
        ({"document": b"\xff\xfe"}, "已损坏"),
        ({"numbering": b"no xml"}, "已损坏"),
    ],
)
def test_a_broken_reference_is_refused(
    parts: dict[str, bytes | None], message: str, reference: Path, write: Make, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        write(remade(reference, tmp_path, **parts))
    assert "other.docx" in error.value.place and "另存为" in error.value.hint
    assert not (tmp_path / "book.docx").exists()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_what_is_no_word_file_is_refused(content: bytes, write: Make, tmp_path: Path) -> None:
    file = tmp_path / "old.doc"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="不是 Word 文档"):
        write(file)


def test_a_zip_that_is_no_word_file_is_refused(write: Make, tmp_path: Path) -> None:
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("a.txt", "a")
    with pytest.raises(ConfigError, match="没有 Word 正文"):
        write(file)


def test_a_reference_that_is_gone_is_refused(write: Make, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="打不开"):
        write(tmp_path / "gone.docx")


def test_a_page_without_room_is_refused(reference: Path, write: Make, tmp_path: Path) -> None:
    document = docx.Document(str(reference))
    document.sections[0].page_width = Mm(60)
    document.save(str(reference))
    with pytest.raises(ConfigError, match="不足 40 毫米"):
        write(reference)
