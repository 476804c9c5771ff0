"""The second count: it finds what a careless reader loses, and lets every honest import pass."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.model.records import Article, Block, Collection, Kind, Manuscript
from ingest.pipeline import completeness
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import FileReport
from ingest.readers import converted, registry
from ingest.readers.ooxml import word_file
from ingest.splitting.split import split
from ingest.text.account import UnaccountedError
from ingest.text.characters import stored_characters

PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def article(*texts: str) -> Article:
    return Article(collection="c", blocks=tuple(Block.plain(Kind.TITLE, text) for text in texts))


def held(format_name: str, file: Path, *texts: str) -> str:
    """What the gate says of a file of which these texts were kept; "" where it passes."""
    difference = completeness.check(format_name, file, [article(*texts)], FileReport(file.name))
    return difference.as_text() if difference else ""


def test_missing_characters(word: Any) -> None:
    file = word(PARAGRAPH.format("水车在河边") + PARAGRAPH.format("ABC 1956"))
    assert held("docx", file, "水车在河边", "ABC1956") == ""
    message = held("docx", file, "水车在", "ABC1956")
    assert "有 12 个汉字、字母和数字" in message
    assert "可收 10 个" in message
    assert "少 2 个" in message
    assert "少 4 个" in held("docx", file, "水车在河边", "ABC")


def test_where_the_loss_is(word: Any) -> None:
    body = "".join(map(PARAGRAPH.format, ("水车在河边", "河边有木匠", "水车的水")))
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>脚注里的字</w:t></w:r></w:p></w:footnote>'
    file = word(body, footnotes=note)
    difference = completeness.check("docx", file, [article("水车在河边", "水车的水")], FileReport(file.name))
    assert difference is not None
    assert [(one.part, one.text) for one in difference.passages] == [
        ("脚注（word/footnotes0.xml）", "脚注里的字"),
        ("正文（word/document.xml）", "河边有木匠"),
    ]
    assert dict(difference.characters)["木"] == 1
    assert sum(count for _, count in difference.characters) == difference.missing == 10


def test_doubled_characters(word: Any) -> None:
    assert "多 2 个" in held("docx", word(PARAGRAPH.format("水车")), "水车水车")


def test_issues_explain(word: Any) -> None:
    file = word(PARAGRAPH.format("水车") + "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>")
    manuscript = registry.read(file, file.name)
    report = FileReport(file.name, issues=manuscript.issues)
    assert completeness.check("docx", file, split(manuscript, Collection("c", "集")).articles, report) is None
    assert held("docx", file, "水车") != ""


def test_alternatives_count_once(word: Any) -> None:
    branch = "<w:r><w:t>{}</w:t></w:r>"
    file = word(
        "<w:p><mc:AlternateContent><mc:Choice>" + branch.format("水车")
        + "</mc:Choice><mc:Fallback>" + branch.format("水车图") + "</mc:Fallback></mc:AlternateContent></w:p>"
    )  # fmt: skip
    assert held("docx", file, "水车图") == ""


def test_every_part_counts_and_parts_beside_are_named(word: Any) -> None:
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>脚注</w:t></w:r></w:p></w:footnote>'
    file = word(PARAGRAPH.format("水车"), footnotes=note, extra={"word/glossary/document.xml": b"<t>\xe8\xaf\x8d</t>"})
    assert "少 2 个" in held("docx", file, "水车")
    report = FileReport(file.name)
    assert completeness.check("docx", file, [article("水车脚注")], report) is None
    assert [(issue.code, issue.place) for issue in report.issues] == [("other-part", "word/glossary/document.xml")]


@pytest.mark.usefixtures("in_this_process")
def test_a_careless_reader_is_stopped(word: Any, fake_library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that skips a paragraph, and leaves it out of its own account too, does not get past the gate."""
    file = word("".join(PARAGRAPH.format(text) for text in ("题名", "正文一", "正文二")))

    def careless(file: Path, name: str) -> Manuscript:
        manuscript = word_file.read(file, name)
        blocks = manuscript.blocks[:-1]
        return replace(manuscript, blocks=blocks, layouts=(), characters_in=stored_characters(blocks))

    form = replace(registry.DOCX, read=careless)
    monkeypatch.setattr(registry, "FORMATS", (form,))
    report = ingest(fake_library, [file])
    error = report.files[0].error
    assert isinstance(error, UnaccountedError)
    assert "有 8 个汉字" in error.message
    assert "可收 5 个" in error.message
    assert not fake_library.articles


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16"])
def test_text(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "稿.txt"
    text = "民國水車記，河邊有水車。" * 20
    file.write_text(text, encoding=encoding)
    assert held("text", file, text) == ""
    assert "可收 190 个" in held("text", file, text[: 19 * len(text) // 20])


@pytest.mark.parametrize("name", ["page.html", "book.epub"])
def test_pages(tmp_path: Path, name: str) -> None:
    text = "<html><head><title>题</title><script>'脚'</script></head><body><p>水<ruby>车<rp>注</rp></ruby></p></body>"
    file = tmp_path / name
    if name.endswith("epub"):
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("a.xhtml", text)
    else:
        file.write_text(text, encoding="utf-8")
    assert held(file.suffix[1:], file, "水车") == ""
    assert "有 2 个汉字" in held(file.suffix[1:], file, "水")


def test_real_files_pass(shared_data: Path) -> None:
    """Every Word file of the samples, and those other programs wrote."""
    files = [*sorted((shared_data / "office").glob("[!t]*.docx")), shared_data / "office" / "torture.docx"]
    files += sorted((shared_data / "sample" / "docx").glob("*.docx"))
    for file in files:
        manuscript = registry.read(file, file.name)
        report = FileReport(file.name, issues=manuscript.issues)
        assert completeness.check("docx", file, split(manuscript, Collection("c", "集")).articles, report) is None
    assert len(files) > 8


@pytest.mark.usefixtures("in_this_process")
def test_what_libreoffice_loses_is_noticed(
    shared_data: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An .odt is counted before it is converted: here the conversion gives another document."""
    other = shared_data / "office" / "70_poitl_payment.docx"
    monkeypatch.setattr(converted, "convert", lambda files, folder: {file: other for file, _ in files})
    report = ingest(fake_library, [shared_data / "office" / "torture.odt"])
    assert isinstance(report.files[0].error, UnaccountedError)
    assert "有 201 个汉字" in report.files[0].error.message


@pytest.mark.parametrize("junk", [b"\xff", b"\xe6\x97", b"\x81\x20"])
def test_a_damaged_byte_is_no_false_alarm(tmp_path: Path, fake_library: Any, junk: bytes) -> None:
    file = tmp_path / "坏.txt"
    file.write_bytes("水车在河边转了三年。\n".encode() * 3 + junk + "渡口 ABC 1956\n".encode() * 3)
    assert ingest(fake_library, [file]).failed == []
