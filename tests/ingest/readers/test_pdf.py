"""PDF files set by LibreOffice: lines joined, running heads off, titles found, printed pages kept."""

from __future__ import annotations

import io
import json
import subprocess
import time
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from archive.model.errors import ReadError
from archive.model.records import Article, Block, Kind, Manuscript
from archive.support.libreoffice import LibreOffice
from ingest.pipeline import count_text
from ingest.pipeline.importer import ingest
from ingest.readers import ocr, protected, recogniser, registry
from ingest.readers.pdf import page_content
from ingest.text.characters import stored_characters

FIRST = "黄河水大的那一年，村里的老人都说从来没有见过这样的水，" * 45 + "“真的”么？"
SECOND = "第二年春天，大家把水车重新立了起来，" * 40 + "这就是后来的事。"


SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {"office": "office", "style": "style", "text": "text", "fo": "xsl-fo-compatible"}.items()
)
FONT = 'style:font-name-asian="Noto Serif CJK SC" fo:font-size="{0}pt" style:font-size-asian="{0}pt"'


def style(name: str, paragraph: str, size: float, more: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="paragraph" {more}><style:paragraph-properties {paragraph}/>'
        f"<style:text-properties {FONT.format(size)}/></style:style>"
    )


def document(*paragraphs: tuple[str, str]) -> str:
    """A flat OpenDocument text of (style, text) with a running head, its pages numbered from 35."""
    styles = (
        style("first", 'fo:text-align="center" style:page-number="35"', 18, 'style:master-page-name="Standard"')
        + style("title", 'fo:text-align="center" fo:break-before="page"', 18)
        + style("body", 'fo:text-indent="21pt"', 10.5)
        + style("small", 'fo:text-align="center"', 9)
    )
    page = (
        '<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="420pt" '
        'fo:page-height="595pt" fo:margin="50pt"/></style:page-layout>'
    )
    body = "".join(f'<text:p text:style-name="{name}">{text}</text:p>' for name, text in paragraphs)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:automatic-styles>{styles}{page}</office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">'
        '<style:header><text:p text:style-name="small">朔津文史资料</text:p></style:header>'
        '<style:footer><text:p text:style-name="small">— <text:page-number/> —</text:p></style:footer>'
        f"</style:master-page></office:master-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document>"
    )


@pytest.fixture(scope="session")
def volume(tmp_path_factory: pytest.TempPathFactory, office: LibreOffice) -> Path:
    """Two articles on several pages."""
    folder = tmp_path_factory.mktemp("pdf")
    source = folder / "卷.fodt"
    parts = [("first", "忆水车"), ("body", FIRST), ("body", SECOND), ("title", "羊皮筏子"), ("body", SECOND)]
    source.write_text(document(*parts), encoding="utf-8")
    made = office.convert([source], "pdf", folder)[source]
    assert isinstance(made, Path)
    return made


def read(file: Path) -> Manuscript:
    """Reads a PDF; its account must come out."""
    form = registry.recognise(file, file.name)
    assert form.name == "pdf"
    manuscript = form.read(file, file.name)
    accounted = sum(issue.characters for issue in manuscript.issues)
    assert manuscript.characters_in == stored_characters(manuscript.blocks) + accounted
    assert len(manuscript.layouts) == len(manuscript.blocks)
    return manuscript


def test_lines_titles_pages(volume: Path) -> None:
    found = read(volume)
    assert [(block.kind, block.text) for block in found.blocks] == [
        (Kind.HEADING, "忆水车"),
        (Kind.PARAGRAPH, FIRST),
        (Kind.PARAGRAPH, SECOND),
        (Kind.HEADING, "羊皮筏子"),
        (Kind.PARAGRAPH, SECOND),
        (Kind.HEADER, "朔津文史资料"),
    ]
    pages = [block.page for block in found.blocks[:5]]
    assert pages[:3] == ["35", "35", "36"]
    assert 36 < int(pages[3]) == int(pages[4]) <= 45
    codes = {str(issue.code): issue.characters for issue in found.issues}
    assert codes["page-number"] > 0
    assert codes["repeated-margin"] % len("朔津文史资料") == 0


def test_a_file_opened_anew_after_each_page_is_the_same(volume: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, counted = read(volume), count_text.pdf(volume)
    monkeypatch.setattr(page_content, "_AT_ONCE", 1)
    monkeypatch.setattr(count_text, "_PAGES_AT_ONCE", 1)
    assert len(counted[0].texts) > 3
    assert (read(volume), count_text.pdf(volume)) == (found, counted)


def test_an_article_names_its_pages(volume: Path, fake_library: Any) -> None:
    ingest(fake_library, [volume])
    first = fake_library.articles[0]
    start, end = first.pages.split("—")
    assert start == "35"
    assert int(end) > 35


def test_pages_of_an_article() -> None:
    blocks = [Block.plain(Kind.TITLE, "题", page=""), Block.plain(Kind.PARAGRAPH, "文", page="xii")]
    assert Article(collection="c", blocks=tuple(blocks)).pages == "xii"
    blocks += [Block.plain(Kind.PARAGRAPH, "文", page="13"), Block.plain(Kind.PARAGRAPH, "文", page="13")]
    assert Article(collection="c", blocks=tuple(blocks)).pages == "xii—13"
    assert Article(collection="c", blocks=tuple(blocks[:1])).pages == ""


# What a PDF holds is what was printed. Shown changes are printed, so deleted and moved text cannot be told from the
# rest; descriptions, hidden text, comments and formulas were not printed.
NOT_IN = {"DEL", "MOVEFROM", "comment", "math", "alt-text"}


def test_torture_document(shared_data: Path) -> None:
    manuscript = read(shared_data / "office" / "torture.pdf")
    text = "\n".join(block.text for block in manuscript.blocks)
    lines = (shared_data / "office" / "torture_markers.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    wrong = {feature for feature, marker, rule in rows if (marker in text) != (rule == "keep")}
    assert wrong == NOT_IN


def test_password(volume: Path, tmp_path: Path, office: LibreOffice, fake_library: Any) -> None:
    options = {
        "EncryptFile": {"type": "boolean", "value": "true"},
        "DocumentOpenPassword": {"type": "string", "value": "shuiche"},
    }
    source = volume.with_suffix(".fodt")
    subprocess.run(
        [
            str(office.program), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", f"pdf:writer_pdf_Export:{json.dumps(options)}", "--outdir", str(tmp_path), str(source),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    file = tmp_path / volume.name
    assert protected.is_protected(file.read_bytes()[:100], file)
    for password, words in (("", "加了密码"), ("错", "密码不对")):
        error = ingest(fake_library, [file], password=password).files[0].error
        assert error is not None
        assert words in error.message
    assert ingest(fake_library, [file], password="shuiche").exit_code == 0
    assert fake_library.articles[0].title == "忆水车"


def scanned(volume: Path, file: Path) -> Path:
    """The first page of a PDF as a picture in a PDF without text."""
    pytest.importorskip("PIL", reason="Pillow comes with wenshi[ocr], which is not installed")
    from PIL import Image

    document = pypdfium2.PdfDocument(volume)
    picture = ocr.rendered(document, 0)
    document.close()
    Image.open(io.BytesIO(picture.data)).save(file, "PDF", resolution=200)
    return file


def test_scan_without_recognition(volume: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = scanned(volume, tmp_path / "扫描.pdf")
    monkeypatch.setattr(recogniser, "find_spec", lambda name: None)
    with pytest.raises(ReadError, match="扫描") as caught:
        read(file)
    assert "wenshi[ocr]" in caught.value.hint


@pytest.mark.skipif(not recogniser.installed(), reason="recognition (wenshi[ocr]) is not installed")
def test_scan(volume: Path, tmp_path: Path) -> None:
    found = read(scanned(volume, tmp_path / "扫描.pdf"))
    assert found.blocks[0].kind is Kind.FIGURE
    assert found.pictures[found.blocks[0].picture].media_type == "image/jpeg"
    text = "".join(block.text for block in found.blocks)
    assert "忆水车" in text
    assert FIRST[:60] in text
    assert "ocr" in {issue.code for issue in found.issues}


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_truncated(volume: Path, tmp_path: Path, share: float) -> None:
    """PDFium repairs what it can; the rest is refused, never an empty success."""
    file = tmp_path / "断.pdf"
    data = volume.read_bytes()
    file.write_bytes(data[: int(share * len(data))])
    try:
        found = read(file)
    except ReadError as error:
        assert error.hint
        assert error.place.startswith("断.pdf")
    else:
        assert found.blocks


def handmade(stream: bytes, filters: bytes, more: bytes = b"") -> bytes:
    """A PDF of one page with this content stream."""
    return handmade_objects(b"<</Length %d/Filter%s%s>>stream\n%s\nendstream" % (len(stream), filters, more, stream))


def handmade_objects(*objects: bytes) -> bytes:
    """A PDF of one page; the first of the objects, number 4, is its content."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        *objects,
    ]
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, part) for n, part in enumerate(parts, 1))
        + (b"trailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (len(parts) + 1))
    )


def forms(depth: int, times: int, *, packed: bool = False, apart: bool = False) -> bytes:
    """A page that draws a form, that draws the next one several times, down to this depth."""
    content = b"<</Length 5>>stream\n/X Do\nendstream"
    made: list[bytes] = []
    for level in range(depth):
        drawn = b"/X Do " * times
        data = zlib.compress(drawn) if packed else drawn
        at = 5 + (2 * level if apart else level)
        inner = at + (2 if apart else 1)
        resources = b"<</XObject<</X %d 0 R>>>>" % inner
        made.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources %s/Length %d%s>>stream\n%s\nendstream"
            % (b"%d 0 R" % (at + 1) if apart else resources, len(data), b"/Filter/FlateDecode" if packed else b"", data)
        )
        if apart:
            made.append(resources)
    return handmade_objects(
        content, *made, b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\n \nendstream"
    )


@pytest.mark.parametrize("kind", ["once", "twice", "comment", "escaped", "pixels", "forms", "packed", "apart"])
def test_bomb(tmp_path: Path, kind: str) -> None:
    packed = zlib.compress(b" " * (60 * 2**20), 9)
    file = tmp_path / "炸.pdf"
    file.write_bytes(
        {
            "once": handmade(packed, b"/FlateDecode"),
            "twice": handmade(zlib.compress(packed), b"[/FlateDecode /FlateDecode]"),
            "comment": handmade(zlib.compress(packed), b"[ /FlateDecode\n% once more\n/FlateDecode ]"),
            "escaped": handmade(zlib.compress(packed), b"[/Flate#44ecode/Fl]"),
            "forms": forms(8, 10),
            "packed": forms(8, 10, packed=True),
            "apart": forms(8, 10, apart=True),
            "pixels": handmade(packed, b"/FlateDecode", b"/Subtype/Image/Width 60000/Height 60000"),
        }[kind]
    )
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(ReadError, match="压缩炸弹") as caught:
        registry.read(file, file.name)
    seconds, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 1
    assert peak < 60 * 2**20
    assert caught.value.hint


def test_words_cut_at_line_ends(tmp_path: Path) -> None:
    """PDFium gives such a hyphen a code of its own and no line end: the lines must not be read into one another."""
    lines = [
        b"The canal was finished after eighteen months of uninter-",
        b"rupted work, and the inaugu-",
        b"ration was seen by all",
    ]
    shown = b"".join(b"1 0 0 1 20 %d Tm (%s) Tj\n" % (150 - 14 * at, line) for at, line in enumerate(lines))
    content = b"BT /X 6 Tf\n%sET" % shown
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    data = handmade_objects(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content), font)
    file = tmp_path / "渠.pdf"
    file.write_bytes(data.replace(b"/XObject<</X", b"/Font<</X"))
    manuscript = read(file)
    text = "".join(block.text for block in manuscript.blocks)
    assert any("外文单词 2 个" in issue.message for issue in manuscript.issues)
    assert "uninter\u00adrupted work, and the inaugu\u00adration was seen by all" in text


def test_handmade_file_is_read(tmp_path: Path) -> None:
    """The same files without the bomb are no bombs: they have nothing on their page."""
    file = tmp_path / "空页.pdf"
    for data in (handmade(zlib.compress(b" " * 1000), b"/FlateDecode"), forms(3, 5)):
        file.write_bytes(data)
        assert read(file).blocks == ()
