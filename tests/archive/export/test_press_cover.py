"""The cover for the press: its size and boxes, what stands on it, the inks it is printed with."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image

from archive.export import EXPORTERS, Book, make_book
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style, with_layout
from archive.export.pdf import press_cover
from archive.export.pdf.pdf_context import POINTS
from archive.export.pdf.press_cover import title_lines
from archive.model.errors import ConfigError, ExportError
from archive.model.records import Article, Block, Kind

INTERNAL = (
    "准印证号：甘内资字（2026）第018号",
    "内部资料，免费交流",
    "编印单位：清水县政协",
    "印数：500册",
    "印刷单位：",
)
PUBLISHED = ("书号：ISBN 978-7-5034-1234-5", "定价：68.00元", "印数：500册")


@pytest.fixture(scope="module", autouse=True)
def _chinese_fonts() -> None:
    try:
        choose(read_catalogue(font_folders()), house_style().fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")


@pytest.fixture
def covered() -> Book:
    blocks = (Block.plain(Kind.TITLE, "渡口"), Block.plain(Kind.PARAGRAPH, "羊皮筏子。"))
    text = Article(id="1", collection="c", blocks=blocks)
    house = with_layout(house_style(), {"leaf": 1})  # a spine wide enough for its title
    made = make_book([text], title="清水河畔旧闻录")
    return replace(made, series="清水文史资料", editor="县政协编", imprint=INTERNAL, house=house)


@pytest.fixture(autouse=True)
def forty_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where its size is asked is the book itself set for it."""
    if "size" not in request.node.name:
        monkeypatch.setattr(press_cover, "page_count", lambda book: 40)


def written(book: Book, folder: Path, name: str = "cover.pdf") -> tuple[Path, str]:
    """The file and its report."""
    *_, last = EXPORTERS["cover"].write(book, folder / name)
    return folder / name, last.message


def words(file: Path) -> str:
    with pypdfium2.PdfDocument(file) as document:
        return "".join(document[0].get_textpage().get_text_range().split())


def inks(file: Path) -> set[str]:
    """The operators that choose colours on its page."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file.read_bytes(), re.S)
    found: set[str] = set()
    for stream in streams:
        try:
            found.update(
                re.findall(r"(?<=\s)(?:rg|RG|k|K|g|G|sc|scn|SC|SCN)(?=\s)", zlib.decompress(stream).decode("latin-1"))
            )
        except zlib.error:
            continue
    return found


def test_its_size_follows_from_pages_and_paper(covered: Book, tmp_path: Path) -> None:
    book = replace(covered, sections=covered.sections * 9, house=with_layout(house_style(), {"leaf": 0.5}))
    file, told = written(book, tmp_path)
    pages = int(re.search(r"全书 (\d+) 面", told)[1])  # type: ignore[index]
    spine = -(-pages // 2) * 0.5
    assert f"书脊 {spine:.1f} 毫米" in told and pages >= 9
    with pypdfium2.PdfDocument(file) as document:
        (page,) = document
        left, bottom, right, top = (each / POINTS for each in page.get_trimbox())
        assert (right - left, top - bottom) == pytest.approx((2 * 185 + spine, 260), abs=0.1)
        assert page.get_bleedbox()[0] / POINTS == pytest.approx(left - 3, abs=0.1)
        assert page.get_mediabox()[0] == 0 and page.get_bleedbox()[0] > 0  # the marks are beyond the bleed


def test_an_internal_volume_says_so_on_its_front(covered: Book, tmp_path: Path) -> None:
    said = words(written(covered, tmp_path)[0])
    assert "准印证号：甘内资字（2026）第018号" in said and "内部资料，免费交流" in said
    assert "印数：500册" in said and "印刷单位" not in said  # it was left to be filled in


def test_a_published_one_has_number_and_price_on_its_back(covered: Book, tmp_path: Path) -> None:
    said = words(written(replace(covered, imprint=PUBLISHED), tmp_path)[0])
    assert "978-7-5034-1234-5" in said and "68.00" in said and "印数" not in said


@pytest.mark.parametrize(("colour", "allowed"), [("cmyk", {"k", "K"}), ("grey", {"g", "G"})])
def test_in_four_inks_or_in_black_there_is_no_other_colour(
    colour: str, allowed: set[str], covered: Book, tmp_path: Path
) -> None:
    book = replace(covered, house=with_layout(covered.house, {"colour": colour}))
    file, _ = written(book, tmp_path)
    assert inks(file) and not inks(file) & {"rg", "RG", "g", "G", "k", "K"} - allowed
    assert file.read_bytes() == written(book, tmp_path, "again.pdf")[0].read_bytes()


def test_pictures_in_four_inks(covered: Book, tmp_path: Path) -> None:
    made = Image.new("RGB", (60, 60), "red")
    made.paste((90, 90, 90), (0, 0, 30, 60))
    made.save(tmp_path / "picture.png")
    house = with_layout(covered.house, {"colour": "cmyk"})
    book = replace(covered, cover="p", pictures=lambda _: (tmp_path / "picture.png", ""), house=house)
    assert b"/DeviceCMYK" in written(book, tmp_path)[0].read_bytes()
    Image.new("RGB", (60, 60), (90, 91, 92)).save(tmp_path / "picture.png")  # grey after all
    assert b"/DeviceCMYK" not in re.sub(rb"/Separation.*", b"", written(book, tmp_path)[0].read_bytes())


def test_a_vertical_book_is_bound_at_its_right(covered: Book, tmp_path: Path) -> None:
    file, _ = written(replace(covered, house=with_layout(house_style("竖排"), {"leaf": 1})), tmp_path)
    with pypdfium2.PdfDocument(file) as document:
        page = document[0]
        found = page.get_textpage().search("准印证号")
        place, _count = found.get_next()
        left, *_ = page.get_textpage().get_charbox(place)
        assert left < page.get_width() / 2


def test_titles_are_parted_evenly() -> None:
    assert title_lines("渡口") == ["渡口"]
    assert title_lines("黄河 渡口") == ["黄河", "渡口"]
    assert title_lines("甲乙丙丁戊己庚辛壬癸") == ["甲乙丙丁戊", "己庚辛壬癸"]


def test_paper_that_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="leaf"):
        with_layout(house_style(), {"leaf": 9})
