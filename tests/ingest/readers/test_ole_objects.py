"""Objects inside Word files: equations of the Equation Editor and MathType, and files that were packed in."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archive.model.records import Kind
from archive.support.libreoffice import LibreOffice
from ingest.readers import converted, odf_formulas, rtf
from ingest.readers.ooxml.mtef import MtefError, linear
from ingest.readers.ooxml.ole_objects import equation_of, unwrapped
from ingest.readers.ooxml.word_file import read
from ingest.text.characters import stored_characters

MakeWord = Callable[..., Path]
END, NULL_LINE = b"\0", b"\x11"
_FREE, _LAST, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(name: str, data: bytes) -> bytes:
    """A compound file of one stream, so long that it stands in sectors of its own."""
    data = data.ljust(4096, b"\0")
    data += bytes(-len(data) % 512)
    sectors = len(data) // 512

    def entry(called: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = f"{called}\0".encode("utf-16-le") if called else b""
        head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child)
        return (head + bytes(36) + struct.pack("<IQ", start, size)).ljust(128, b"\0")

    fat = [_FAT, _LAST, *range(3, 2 + sectors), _LAST]
    directory = entry("Root Entry", 5, 1, _LAST, 0) + entry(name, 2, _FREE, 2, len(data)) + 2 * entry("", 0, 0, 0, 0)
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _LAST, 0, _LAST, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return header + struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat))) + directory + data


def equation(*records: bytes, version: int = 3) -> bytes:
    """The stream of an equation."""
    head = bytes([version, 1, 1, 3, 0]) + (b"DSMT4\0\0" if version == 5 else b"")
    return bytes(28) + head + b"".join(records) + END


def text(words: str, face: int = 8) -> bytes:
    """Characters of MTEF 3."""
    return b"".join(b"\x02" + bytes([128 + face]) + struct.pack("<H", ord(one)) for one in words)


def line(*records: bytes) -> bytes:
    return b"\x01" + b"".join(records) + END


def template(selector: int, variation: int, *slots: bytes) -> bytes:
    return b"\x03" + bytes([selector, variation, 0]) + b"".join(slots) + END


HALF = template(14, 0, line(text("1")), line(text("2")))
POWER = text("10") + template(15, 0, NULL_LINE, line(text("4")))


@pytest.mark.parametrize(
    ("records", "typed"),
    [
        ([line(HALF)], "1/2"),
        ([line(POWER)], "10^4"),
        ([line(text("a") + template(15, 2, line(text("i")), line(text("2"))))], "a_i^2"),
        ([line(template(14, 0, line(text("a+b")), line(POWER)))], "(a+b)/(10^4)"),
        ([line(template(13, 0, line(text("2")), NULL_LINE))], "√2"),
        ([line(template(13, 1, line(text("x")), line(text("3"))))], "3√x"),
        ([line(template(1, 0, line(text("x+y")), text("("), text(")")))], "(x+y)"),
        ([line(template(29, 1, line(text("x")), line(text("i=1")), line(text("n")), text("S")))], "∑_(i=1)^nx"),
        ([line(b"\x02\x86\xb4\x00" + b"\x02\x84\x61\x00")], "×α"),
        ([line(b"\x02\x8c" + struct.pack("<H", 0xCBAE))], "水"),
        ([b"\x0a", b"\x09\x65\x01\x0c\x00", b"\x08\x01\x00Times\0", line(text("5"))], "5"),
        ([b"\x04\x01\x00" + line(text("a")) + line(text("b")) + END], "a; b"),
        ([b"\x05\x00\x00\x00\x01\x02\x00\x00" + line(text("a")) + line(text("b")) + END], "a, b"),
    ],
)
def test_equations_of_the_equation_editor(records: list[bytes], typed: str) -> None:
    assert linear(equation(*records)) == typed


def test_equations_of_mathtype() -> None:
    def char(one: str) -> bytes:
        return b"\x02\x00\x88" + struct.pack("<H", ord(one))

    def row(*records: bytes) -> bytes:
        return b"\x01\x00" + b"".join(records) + END

    fonts = b"\x13WinAllBasicCodePages\0" + b"\x11\x05Times New Roman\0"
    sizes = b"\x12\x00" + b"\x01\x21\x2f" + b"\x01\x45\xf0" + b"\x01\x00"
    half = b"\x03\x00" + bytes([11, 0, 0]) + row(char("1")) + row(char("2")) + END
    power = char("1") + char("0") + b"\x03\x00" + bytes([28, 0, 0]) + row(char("4")) + END
    assert linear(equation(fonts, sizes, row(half, char("+"), power), version=5)) == "1/2+10^4"


@pytest.mark.parametrize("data", [b"", bytes(28), equation(b"\x0f"), equation(b"\x05\xff")])
def test_what_is_no_equation(data: bytes) -> None:
    with pytest.raises(MtefError):
        linear(data)
    assert equation_of(compound("Equation Native", data)) == ""


def packed(name: str, data: bytes) -> bytes:
    """The stream of the Object Packager."""
    called = name.encode("gb18030") + b"\0"
    inner = b"\2\0" + called + called + b"\0\0\3\0" + struct.pack("<I", len(called)) + called
    inner += struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(inner)) + inner


def test_a_packed_file_comes_out_with_its_name() -> None:
    assert unwrapped(compound("\x01Ole10Native", packed("说明.txt", b"abc"))) == (b"abc", "说明.txt")
    assert unwrapped(compound("\x01Ole10Native", b"\xff" * 99))[1] == ""
    assert unwrapped(b"plain") == (b"plain", "")


def _object(program: str) -> str:
    return f'<w:r><w:object><o:OLEObject Type="Embed" ProgID="{program}" r:id="o1"/></w:object></w:r>'


def _read(word: MakeWord, program: str, data: bytes) -> Any:
    body = f"<w:p><w:r><w:t>耕地占</w:t></w:r>{_object(program)}<w:r><w:t>，余为山林。</w:t></w:r></w:p>"
    file = word(
        body,
        extra={"word/embeddings/oleObject1.bin": data},
        related=[("o1", "oleObject", "embeddings/oleObject1.bin", False)],
    )
    found = read(file, file.name)
    told = sum(issue.characters for issue in found.issues)
    assert found.characters_in == stored_characters(found.blocks) + told
    return found


@pytest.mark.parametrize("program", ["Equation.3", "Equation.DSMT4"])
def test_an_equation_stands_in_its_line(word: MakeWord, program: str) -> None:
    found = _read(word, program, compound("Equation Native", equation(line(HALF))))
    assert [block.text for block in found.blocks] == ["耕地占1/2，余为山林。"]
    assert [issue.code for issue in found.issues] == ["field"]


def test_an_equation_that_cannot_be_read_is_told(word: MakeWord) -> None:
    found = _read(word, "Equation.3", compound("Equation Native", equation(b"\x0f")))
    assert [block.text for block in found.blocks] == ["耕地占，余为山林。"]
    assert "embedded" in [issue.code for issue in found.issues]


@pytest.mark.parametrize(("name", "encoding"), [("说明.txt", "gb18030"), ("说明.htm", "utf-8")])
def test_a_packed_file_stands_behind_its_paragraph(word: MakeWord, name: str, encoding: str) -> None:
    words = "<p>民国二十三年大旱。</p>" if name.endswith("htm") else "民国二十三年大旱。"
    found = _read(word, "Package", compound("\x01Ole10Native", packed(name, words.encode(encoding))))
    assert [block.text for block in found.blocks] == ["耕地占，余为山林。", "民国二十三年大旱。"]


def test_rich_text_inserted_whole(word: MakeWord, office: LibreOffice) -> None:
    raw = b"".join(b"\\'%02x" % byte for byte in "插入的文字。".encode("gbk"))
    rich = b"{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fcharset134 SimSun;}}\\f0 " + raw + b"\\par}"
    file = word(
        '<w:p><w:r><w:t>前</w:t></w:r></w:p><w:altChunk r:id="c1"/><w:p><w:r><w:t>后</w:t></w:r></w:p>',
        extra={"word/chunk.rtf": rich},
        related=[("c1", "aFChunk", "chunk.rtf", False)],
    )
    blocks = [block.text for block in read(file, file.name).blocks if block.kind is Kind.PARAGRAPH]
    assert blocks == ["前", "插入的文字。", "后"]


def test_an_equation_in_rich_text(tmp_path: Path) -> None:
    file = tmp_path / "稿.rtf"
    data = compound("Equation Native", equation(line(HALF))).hex().encode()
    file.write_bytes(
        rb"{\rtf1 a{\object\objemb{\*\objclass Equation.3}{\*\objdata 0105" + data + rb"}{\result }}b\par}"
    )
    rtf.mend(file)
    assert rb"a{1/2}{\object" in file.read_bytes()


def test_an_equation_in_an_open_document(tmp_path: Path) -> None:
    file = tmp_path / "稿.odt"
    spaces = (
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    )
    with zipfile.ZipFile(file, "w") as made:
        frame = '<draw:frame><draw:object-ole xlink:href="./Object 1"/></draw:frame>'
        made.writestr("content.xml", f"<text:p {spaces}>占{frame}亩</text:p>")
        made.writestr("Object 1", compound("Equation Native", equation(line(HALF))))
    odf_formulas.write_out(file)
    with zipfile.ZipFile(file) as opened:
        assert "".join(etree.fromstring(opened.read("content.xml")).itertext()) == "占1/2亩"


def test_equations_of_an_old_document_are_named(tmp_path: Path) -> None:
    file = tmp_path / "稿.doc"
    file.write_bytes(compound("Equation Native", equation(line(HALF))))
    (issue,) = converted.left_behind("doc", file)
    assert "1 个公式编辑器或公式域的公式（“1/2”）" in issue.message
    file.write_bytes(b"no compound file")
    assert converted.left_behind("doc", file) == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp1252"])
def test_equations_that_are_fields_of_an_old_document_are_named(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "稿.doc"
    text = "a\x13 EQ \\f(3,4)\x14\x15b\x13 PAGE \x145\x15"
    file.write_bytes(compound("WordDocument", text.encode(encoding)))
    (issue,) = converted.left_behind("doc", file)
    assert "1 个公式编辑器或公式域的公式（“3/4”）" in issue.message
