"""Files that are damaged, hostile or not what they claim: each is refused with words that help, nothing half done."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from math import isfinite
from pathlib import Path

import pytest

from archive.model.errors import ReadError, StorageError, WenshiError
from ingest.readers import ofd, plain_text, rtf, zipped
from ingest.readers.ooxml import package
from ingest.readers.registry import read, recognise

MakeWord = Callable[..., Path]
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BODY = "<w:p><w:r><w:t>正文</w:t></w:r></w:p>"


def refused(file: Path, words: str, error: type[WenshiError] = ReadError) -> WenshiError:
    """Reading fails with `words` in its message, names the file, and says what to do."""
    with pytest.raises(error, match=words) as caught:
        read(file, file.name)
    assert file.name in caught.value.place
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\0\0\0"])
def test_empty_file(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "空.docx"
    file.write_bytes(data)
    refused(file, "空的")


def test_not_a_word_file(tmp_path: Path) -> None:
    file = tmp_path / "假.docx"
    file.write_bytes(bytes(range(256)) * 40)
    refused(file, "内容却不是 Word 文件")


@pytest.mark.parametrize(
    ("stream", "words"),
    [("EncryptedPackage", "加了密码"), ("WordDocument", "LibreOffice"), ("Workbook", "Excel"), ("", "旧格式")],
)
def test_compound_files(tmp_path: Path, stream: str, words: str) -> None:
    file = tmp_path / "旧.docx"
    file.write_bytes(OLE2 + bytes(2000) + stream.encode("utf-16-le") + bytes(500))
    refused(file, words)


@pytest.mark.parametrize(("data", "words"), [(b"%PDF-1.7\n%\xe2\xe3", "PDF"), (b"{\\rtf1 x", "LibreOffice")])
def test_other_formats(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "文.bin"
    file.write_bytes(data + bytes(range(128, 256)) * 20)
    refused(file, words)


def test_encrypted_member(word: MakeWord) -> None:
    file = word(BODY)
    data = bytearray(file.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        data[place + offset] |= 1
    file.write_bytes(data)
    refused(file, "密码")


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_truncated_zip(word: MakeWord, share: float) -> None:
    file = word(BODY * 2000)
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
    refused(file, "不完整或已损坏")


def test_damaged_member(word: MakeWord) -> None:
    file = word("".join(f"<w:p><w:r><w:t>{number}</w:t></w:r></w:p>" for number in range(5000)))
    with zipfile.ZipFile(file) as opened:
        start = opened.getinfo("word/document.xml").header_offset
    data = bytearray(file.read_bytes())
    data[start + 200 : start + 260] = bytes(60)
    file.write_bytes(data)
    refused(file, "不完整或已损坏")


def test_zip_without_a_document(tmp_path: Path) -> None:
    file = tmp_path / "照片.docx"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.txt", "甲")
    refused(file, "不是 Word 文件")


def test_spreadsheet(tmp_path: Path) -> None:
    file = tmp_path / "表.docx"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(file, "w") as made:
        relation = f'<Relationship Id="r" Type="{office}" Target="xl/workbook.xml"/>'
        made.writestr("_rels/.rels", f'<Relationships xmlns="{package}">{relation}</Relationships>')
        made.writestr(
            "xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
        )
    refused(file, "Excel")


class TestBombs:
    def test_ratio(self, word: MakeWord) -> None:
        file = word(BODY, extra={"word/media/a.bin": bytes(60 * 2**20)})
        tracemalloc.start()
        started = time.perf_counter()
        refused(file, "压缩炸弹")
        seconds, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert seconds < 1
        assert peak < 10 * 2**20

    def test_declared_total(self, word: MakeWord, monkeypatch: pytest.MonkeyPatch) -> None:
        file = word(BODY)
        monkeypatch.setattr(zipped, "MAX_TOTAL", 100)
        refused(file, "压缩炸弹")

    def test_number_of_members(self, word: MakeWord, monkeypatch: pytest.MonkeyPatch) -> None:
        file = word(BODY)
        monkeypatch.setattr(zipped, "MAX_MEMBERS", 2)
        refused(file, "压缩炸弹")

    def test_size_that_was_not_declared(self, word: MakeWord) -> None:
        """A member that unpacks to more than its directory entry says is cut off there, and its checksum is wrong."""
        file = word(BODY * 50_000)
        data = bytearray(file.read_bytes())
        entry = data.find(b"word/document.xml", data.find(b"PK\x01\x02")) - 46
        struct.pack_into("<I", data, entry + 24, 1000)
        file.write_bytes(data)
        refused(file, "损坏")

    def test_one_part_too_large(self, word: MakeWord, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(package, "MAX_XML", 200)
        refused(word(BODY * 100), "MB")


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE w [<!ENTITY a "甲甲甲甲"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE w SYSTEM "file:///etc/passwd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(word: MakeWord, tmp_path: Path, prologue: str, encoding: str) -> None:
    file = tmp_path / "实体.docx"
    with zipfile.ZipFile(word(BODY)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "word/document.xml":
                data = (prologue + data.decode()).encode(encoding)
            after.writestr(name, data)
    refused(file, "文档类型或实体声明")


def test_unreadable_encoding(tmp_path: Path) -> None:
    file = tmp_path / "乱.txt"
    file.write_bytes("Příliš žluťoučký kůň úpěl ďábelské ódy".encode("cp1250") * 30)
    refused(file, "编码")


def test_text_beyond_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "大.txt"
    with file.open("wb") as stream:
        stream.write("甲乙丙丁\n".encode() * 10_000)
        stream.truncate(100 * 2**20)
    tracemalloc.start()
    refused(file, "超过上限 64 MB")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 2**20


def test_text_at_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "刚好.txt"
    file.write_text("甲" * 1000, encoding="utf-8")
    monkeypatch.setattr(plain_text, "MAX_TEXT", 3000)
    assert read(file, file.name).characters_in == 1000


def test_folder(tmp_path: Path) -> None:
    refused(tmp_path, "文件夹", StorageError)


def test_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "无.docx", "不存在", StorageError)


@pytest.mark.skipif(not hasattr(os, "setuid") or os.geteuid() != 0, reason="needs root to become an unprivileged user")
def test_missing_permission(tmp_path: Path) -> None:
    file = tmp_path / "密.txt"
    file.write_text("甲", encoding="utf-8")
    file.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o755)
    program = (
        "import os, pathlib, sys\n"
        "from ingest.readers.registry import recognise\n"
        "from archive.model.errors import StorageError\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    recognise(pathlib.Path(sys.argv[1]), '密.txt')\n"
        "except StorageError as error:\n"
        "    print(error.code)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert ran.stdout.strip() == "storage", ran.stderr


def test_content_decides_not_the_suffix(word: MakeWord) -> None:
    file = word(BODY, name="其实是Word.txt")
    assert recognise(file, file.name).name == "docx"


LONG = "9" * 5000


@pytest.mark.parametrize("number", [LONG, f"-{LONG}", "²", "一", "9" * 8, "0", ""])
def test_no_number_of_a_file_stops_its_reader(tmp_path: Path, number: str) -> None:
    """Python refuses to read more than 4,300 digits, and some signs are digits but no numbers."""
    cell = f"<td colspan='{number}' rowspan='{number}'>渡口</td>"
    page = f"<ol start='{number}'><li>水车</li></ol><table><tr>{cell}</tr></table>"
    (tmp_path / "a.html").write_text(f"<html><meta charset='utf-8'><body>{page}", encoding="utf-8")
    text = "".join(block.text for block in read(tmp_path / "a.html", "a.html").blocks)
    assert "水车" in text and "渡口" in text


@pytest.mark.parametrize("number", [LONG, f"-{LONG}", "61", "0061", "0x3D", f"0x{LONG}", "99999999"])
def test_no_number_of_a_word_field_stops_its_reader(word: MakeWord, number: str) -> None:
    field = (
        f'<w:p><w:fldSimple w:instr=" SYMBOL {number} \\f Arial "/><w:r><w:t>水车</w:t></w:r></w:p>'
        f"<w:p><w:pPr><w:outlineLvl w:val='{number}'/></w:pPr><w:r><w:t>渡口</w:t></w:r></w:p>"
    )
    file = word(field)
    text = "".join(block.text for block in read(file, file.name).blocks)
    assert "水车" in text and "渡口" in text
    assert ("=" in text) == (number in ("61", "0061", "0x3D"))


def test_no_number_of_rtf_stops_what_mends_it(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    file.write_bytes(b"{\\rtf1\\trowd\\cellx%s{\\sn wzDescription}{\\sv \\u%s?}\\u%s\\row}" % ((LONG.encode(),) * 3))
    rtf.mend(file)


def test_no_number_of_an_ofd_stops_its_reader() -> None:
    assert ofd._deltas(f"g {LONG} 5", 3) == []
    assert all(map(isfinite, ofd._deltas(f"g 2 {LONG}", 3)))
