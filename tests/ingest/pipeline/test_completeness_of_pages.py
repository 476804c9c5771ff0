"""The second count of PDF files and of scans, which come in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import pytest

from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Issue, Kind, Manuscript
from ingest.pipeline import completeness, independent_count
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import FileReport, Outcome
from ingest.readers import ocr, pdf, recogniser, registry
from ingest.text.account import UnaccountedError
from ingest.text.characters import stored_characters

pytestmark = pytest.mark.usefixtures("in_this_process")

WORDS = "黄河水大的那一年村里的老人都说从来没有见过这样的水"


def page(number: int) -> list[str]:
    """A running head, three lines, a page number."""
    return ["朔津文史资料", *(f"{WORDS}{mark}{number}" for mark in "甲乙丙"), str(34 + number)]


def made(file: Path, pages: Sequence[Sequence[str]]) -> Path:
    """A PDF of these lines in a font every reader of PDF knows the characters of."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>",
    ]
    for number, lines in enumerate(pages):
        places = [560, *(500 - 20 * n for n in range(len(lines) - 2)), 25]
        shown = "".join(
            f"BT /F 12 Tf 50 {y} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
            for y, line in zip(places, lines, strict=True)
        )
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 600]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {6 + 2 * number} 0 R>>",
            f"<</Length {len(shown)}>>stream\n{shown}endstream",
        ]
    data, offsets = b"%PDF-1.4\n", []
    for number, written in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{written}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(data)}\n"
    file.write_bytes(data + end.encode("ascii") + b"%%EOF\n")
    return file


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    return made(tmp_path / "卷.pdf", [page(number) for number in range(1, 6)])


def recounted(manuscript: Manuscript, blocks: Sequence[Block]) -> Manuscript:
    """The manuscript with other blocks, and an account that takes them for all there is."""
    left_out = sum(issue.characters for issue in manuscript.issues)
    return replace(
        manuscript, blocks=tuple(blocks), layouts=(), characters_in=stored_characters(blocks) + left_out
    )  # fmt: skip


def test_heads_and_numbers_taken_off_are_explained(volume: Path, fake_library: Any) -> None:
    (report,) = ingest(fake_library, [volume]).files
    assert report.outcome is Outcome.ADDED
    assert {"repeated-margin", "page-number"} <= {issue.code for issue in report.issues}
    ((texts, _),) = map(astuple, independent_count.texts("pdf", volume))
    assert list(texts) == [f"第 {number} 页" for number in range(1, 6)]
    assert sum(len(independent_count.squeezed(text)) for text in texts.values()) == report.characters_in


@pytest.mark.parametrize(("change", "words"), [("lose", "少 1 个"), ("double", "多 27 个")])
def test_a_careless_reader_is_stopped(
    volume: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch, change: str, words: str
) -> None:
    """One character among hundreds that issues explain is enough."""

    def careless(file: Path, name: str) -> Manuscript:
        manuscript = pdf.read(file, name)
        first, *others = manuscript.blocks
        if change == "double":
            again = Block.plain(Kind.PARAGRAPH, f"{WORDS}甲1")
            return recounted(manuscript, [first, *others, again])
        changed = replace(first, runs=(replace(first.runs[0], text=first.text.replace("老人", "老", 1)),))
        return recounted(manuscript, [changed, *others])

    forms = [replace(form, read=careless) if form.name == "pdf" else form for form in registry.FORMATS]
    monkeypatch.setattr(registry, "FORMATS", tuple(forms))
    (report,) = ingest(fake_library, [volume]).files
    assert isinstance(report.error, UnaccountedError)
    assert words in report.error.message
    if change == "lose":
        assert report.error.differences[0].characters[0] == ("5", 5) or report.error.differences[0].passages
        assert any(passage.part == "第 1 页" for passage in report.error.differences[0].passages)


@pytest.mark.parametrize("code", [IssueCode.REPEATED_MARGIN, IssueCode.PAGE_NUMBER, IssueCode.WATERMARK])
def test_what_is_called_repeated_must_stand_elsewhere(
    volume: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch, code: IssueCode
) -> None:
    """A reader that drops a line and calls it a repetition is not believed."""

    def lying(file: Path, name: str) -> Manuscript:
        manuscript = pdf.read(file, name)
        first, *others = manuscript.blocks
        dropped = stored_characters([first])
        claim = Issue(code, "第 1 页", "各页重复的页眉", dropped)
        return replace(manuscript, blocks=tuple(others), layouts=(), issues=(*manuscript.issues, claim))

    forms = [replace(form, read=lying) if form.name == "pdf" else form for form in registry.FORMATS]
    monkeypatch.setattr(registry, "FORMATS", tuple(forms))
    (report,) = ingest(fake_library, [volume]).files
    assert isinstance(report.error, UnaccountedError)
    (difference,) = report.error.differences
    assert difference.missing > len(WORDS)


def test_characters_without_a_code_may_be_more(volume: Path) -> None:
    """They are stored as U+FFFD where this count has nothing."""
    manuscript = pdf.read(volume, volume.name)
    text = "".join(block.text for block in manuscript.blocks)

    def checked(more: str) -> object:
        kept = Article(collection="c", blocks=(Block.plain(Kind.TITLE, text + more),))
        return completeness.check("pdf", volume, [kept], FileReport("卷.pdf", issues=manuscript.issues))

    assert checked("") is None
    assert checked("\ufffd") is None
    assert checked("多") is not None


class Recogniser:
    """Finds the same two lines on every picture, one of them hardly legible."""

    def __init__(self) -> None:
        self._read = 0

    def boxes_of(self, image: Any) -> Any:
        self._read = 0
        boxes = [[(10, top), (200, top), (200, top + 20), (10, top + 20)] for top in (10, 60)]
        return pytest.importorskip("numpy").array(boxes, dtype=float)

    def read_strip(self, strip: Any, whole: bool = False) -> tuple[recogniser.Character, ...]:
        self._read += 1
        text, confidence = ("水车在河边", 0.99) if self._read == 1 else ("老人说的话", 0.2)
        return tuple(recogniser.Character(one, confidence, 0.5) for one in text)


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    image = pytest.importorskip("PIL.Image", reason="recognition (wenshi[ocr]) is not installed")
    pytest.importorskip("rapidocr", reason="recognition (wenshi[ocr]) is not installed")
    played = Recogniser()
    monkeypatch.setattr(recogniser, "boxes_of", played.boxes_of)
    monkeypatch.setattr(recogniser, "read_strip", played.read_strip)
    monkeypatch.setattr(recogniser, "is_upside_down", lambda strips: False)
    file = tmp_path / "页.png"
    image.new("RGB", (300, 300), "white").save(file)
    return file


def test_every_line_of_a_scan_is_stored(scan: Path, fake_library: Any) -> None:
    (report,) = ingest(fake_library, [scan]).files
    assert report.outcome is Outcome.ADDED
    assert "老人说的话" in "".join(block.text for block in fake_library.articles[0].blocks)


@pytest.mark.parametrize("lost", ["老人说的话", "水车在河边"])
def test_a_line_of_a_scan_that_is_lost(
    scan: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    real = ocr.recognise

    def careless(picture: Any, number: int) -> ocr.Scan:
        found = real(picture, number)
        return replace(found, lines=tuple(line for line in found.lines if line.text != lost))

    monkeypatch.setattr(ocr, "recognise", careless)
    (report,) = ingest(fake_library, [scan]).files
    assert isinstance(report.error, UnaccountedError)
    (difference,) = report.error.differences
    assert (difference.found, difference.stored) == (10, 5)
    assert [(one.part, one.text) for one in difference.passages] == [("第 1 幅图像", lost)]


def test_scans_inside_other_files(scan: Path, word: Any, fake_library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = '<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="rId9"/></wp:inline></w:drawing></w:r></w:p>'
    file = word(picture, media={"rId9": scan.read_bytes()})
    real = ocr.Scan.text
    monkeypatch.setattr(ocr.Scan, "text", lambda self: real(self)[:-1])
    (report,) = ingest(fake_library, [file]).files
    assert isinstance(report.error, UnaccountedError) or "没有可以收入" in str(report.error)
    monkeypatch.setattr(ocr.Scan, "text", real)
    (report,) = ingest(fake_library, [file]).files
    assert report.outcome is Outcome.ADDED


def test_only_what_is_read_meanwhile_is_heard(scan: Path) -> None:
    with recogniser.captured_messages() as first:
        registry.read(scan, scan.name)
    with recogniser.captured_messages() as second:
        pass
    registry.read(scan, scan.name)
    assert first == ["水车在河边\n老人说的话"]
    assert second == []


def test_real_pdf_files_pass(shared_data: Path) -> None:
    file = shared_data / "office" / "torture.pdf"
    manuscript = registry.read(file, file.name)
    ((texts, _),) = map(astuple, independent_count.texts("pdf", file))
    assert sum(len(independent_count.squeezed(text)) for text in texts.values()) == manuscript.characters_in
