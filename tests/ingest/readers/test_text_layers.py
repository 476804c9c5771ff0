"""Scans with the text layer of another program: told apart, held against a reading anew, set aside when asked."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest

pytest.importorskip("PIL")

from PIL import Image

from archive.model.issues import IssueCode
from archive.model.records import Collection, Kind
from ingest.pipeline import file_reading
from ingest.pipeline.sources import Source
from ingest.pipeline.staging import Ready
from ingest.readers import ocr, page_by_page, pdf, recogniser, searchable_pdf
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.pdf import page_content, text_layers
from ingest.readers.pdf.page_content import content_of, open_pdf
from ingest.readers.pdf.text_layers import compared, sampled, set_aside
from ingest.readers.recogniser import Character
from ingest.splitting.division import Division
from ingest.splitting.split import Mode

PRINTED = (
    "一九五六年春天公社的社员在渡口修起了十二架水车",
    "从那以后河滩上的三千多亩地都能浇上水了粮食也多",
    "老人们说这样的水车从前只在兰州见过本地没有人会做",
    "后来县里派人来画了图样送到别的地方照着样子又做了几架",
)
WRONG = tuple(
    line.replace("的", "旳").replace("水车", "永辇").replace("地", "坨").replace("人", "入") for line in PRINTED
)


def file_of(folder: Path, lines: tuple[str, ...], how: str = "over") -> Path:
    """A PDF of one page that a picture fills, with these lines invisible over it, under it, or to be seen on it."""
    document = pypdfium2.PdfDocument.new()
    font = searchable_pdf._font(document)
    sheet = document.new_page(400, 300)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(Image.new("L", (400, 300), 255)))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(400, 300))
    if how != "under":
        sheet.insert_obj(picture)
    for number, line in enumerate(lines):
        searchable_pdf._write(document, sheet, font, line, (12, 0, 0, 12, 20, 250 - 20 * number))
    if how != "over":
        for thing in sheet.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
            pdfium.FPDFTextObj_SetTextRenderMode(thing.raw, pdfium.FPDF_TEXTRENDERMODE_FILL)
    if how == "under":
        sheet.insert_obj(picture)
    sheet.gen_content()
    sheet.close()
    file = folder / "辑.pdf"
    document.save(file)
    document.close()
    return file


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recogniser that reads what is printed."""

    def reading_of(sha256: str, data: bytes) -> PageReading:
        lines = []
        for number, text in enumerate(PRINTED):
            top, bottom = 38.0 + 20 * number, 50.0 + 20 * number
            corners = ((20.0, top), (20 + 12.0 * len(text), top), (20 + 12.0 * len(text), bottom), (20.0, bottom))
            found = tuple(Character(one, 0.99, at / len(text)) for at, one in enumerate(text))
            lines.append(ReadLine(corners, found, len(text)))
        return PageReading(400, 300, 0.0, tuple(lines))

    monkeypatch.setattr(recogniser, "installed", lambda: True)
    monkeypatch.setattr(ocr, "reading_of", reading_of)


@pytest.mark.parametrize(("how", "layered"), [("over", True), ("under", True), ("seen", False)])
def test_only_text_that_is_not_seen_is_a_layer(tmp_path: Path, how: str, layered: bool) -> None:
    with open_pdf(file_of(tmp_path, PRINTED, how), "辑.pdf") as document:
        found = content_of(document, 0, "辑.pdf")
        assert (found.layered, found.scanned) == (layered, False)
        with set_aside(True):
            found = content_of(document, 0, "辑.pdf")
            assert (found.layered, found.scanned) == (False, layered)


@pytest.mark.usefixtures("reads")
@pytest.mark.parametrize(("lines", "said"), [(PRINTED, "可以照用"), (WRONG, "重认的读来通顺得多")])
def test_the_layer_is_kept_with_the_picture_and_a_verdict(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    found = pdf.read(file_of(tmp_path, lines), "辑.pdf")
    assert found.blocks[0].kind is Kind.FIGURE
    assert "".join(block.text for block in found.blocks) == "".join(lines)
    (issue,) = [issue for issue in found.issues if issue.code is IssueCode.TEXT_LAYER]
    assert said in issue.message
    assert ("勾选" in issue.message) == (lines is WRONG)


def test_without_a_recogniser_the_layer_is_kept_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recogniser, "installed", lambda: False)
    found = pdf.read(file_of(tmp_path, WRONG), "辑.pdf")
    assert "".join(block.text for block in found.blocks) == "".join(WRONG)
    assert "没有装文字识别组件" in next(one.message for one in found.issues if one.code is IssueCode.TEXT_LAYER)


@pytest.mark.usefixtures("reads")
@pytest.mark.parametrize("again", [False, True])
def test_every_character_of_the_layer_is_accounted_for(tmp_path: Path, again: bool) -> None:
    file = file_of(tmp_path, WRONG)
    source = Source(file, "辑.pdf", Collection("c", "c"), Mode.ARTICLE, recognise_again=again)
    reading = file_reading.read(Ready(source, file, "pdf"), Division())
    assert reading.report.error is None
    codes = {issue.code: issue for issue in reading.report.issues}
    text = "".join(block.text for block in reading.articles[0].blocks)
    assert text.endswith("".join(PRINTED if again else WRONG))
    assert (IssueCode.TEXT_LAYER in codes) is not again
    if again:
        assert codes[IssueCode.TEXT_LAYER_UNUSED].characters == sum(map(len, WRONG))


@pytest.mark.usefixtures("reads")
@pytest.mark.parametrize("again", [False, True])
def test_pictures_of_pages_do_not_stay_in_memory(tmp_path: Path, again: bool) -> None:
    file, folder = file_of(tmp_path, PRINTED), tmp_path / "aside"
    folder.mkdir()
    source = Source(file, "辑.pdf", Collection("c", "c"), Mode.ARTICLE, recognise_again=again)
    reading = file_reading.read_apart(Ready(source, file, "pdf", aside=folder), Division(), None, "")
    shown = [block.picture for block in reading.articles[0].blocks if block.picture]
    assert [picture.sha256 for picture in reading.pictures] == shown
    assert [picture.data for picture in reading.pictures] == [b""]
    assert [hashlib.sha256(kept.read_bytes()).hexdigest() for kept in folder.iterdir()] == shown


@pytest.mark.usefixtures("reads")
def test_the_whole_file_is_looked_through_once_and_not_for_each_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, looked = file_of(tmp_path, ()), []
    monkeypatch.setattr(page_content, "refuse_bombs", lambda *file: looked.append(file))
    assert page_by_page.scanned("pdf", file, file.name, False) == (0,)
    assert page_by_page.read(0, "pdf", file, file.name, tmp_path)
    assert page_by_page.read(0, "pdf", file, file.name, tmp_path)
    assert looked == [(file, file.name)]


@pytest.mark.usefixtures("reads")
def test_asked_for_anew_without_a_recogniser_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(tmp_path, WRONG)
    assert page_by_page.scanned("pdf", file, file.name, True) == (0,)
    assert page_by_page.scanned("pdf", file, file.name, False) == ()
    monkeypatch.setattr(recogniser, "installed", lambda: False)
    source = Source(file, "辑.pdf", Collection("c", "c"), Mode.ARTICLE, recognise_again=True)
    reading = file_reading.read(Ready(source, file, "pdf"), Division())
    assert "wenshi[ocr]" in reading.report.error.hint


def test_how_far_two_readings_differ() -> None:
    one = "".join(PRINTED)
    assert compared([(one, "\n".join(reversed(PRINTED)))]).differing < 0.03
    tenth = "".join("旳" if at % 10 == 5 else character for at, character in enumerate(one))
    found = compared([(tenth, one)])
    assert 0.08 < found.differing < 0.12
    assert found.better > 0.1
    assert "文件里的文字读来更通顺" in compared([(one, tenth)]).in_words()
    assert compared([("", one)]) is None


def test_samples_lie_all_over_the_file() -> None:
    texts: list[Any] = ["字" * 100] * 9
    assert sampled(texts) == [0, 4, 8]
    assert sampled(["短", "字" * 100, ""]) == [1]
    assert text_layers.tell(["短"], lambda at: "").endswith("请对照图像抽查")
