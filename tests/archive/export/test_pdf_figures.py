"""Pictures in a PDF: as wide as their source has them, beside each other, where the page has room, and told if poor."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest
from PIL import Image

from archive.export import EXPORTERS, Book, make_book
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style
from archive.export.pdf.last_pages import _ways, balance
from archive.export.pdf.pdf_context import POINTS
from archive.export.pdf.pdf_exporter import _balance
from archive.export.pdf.pdf_figures import arranged, printed_size
from archive.model.errors import ExportError
from archive.model.records import Article, Block, Issue, Kind

HOUSE = house_style()


@pytest.fixture(scope="module", autouse=True)
def _chinese_fonts() -> None:
    try:
        choose(read_catalogue(font_folders()), HOUSE.fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")


def picture(width: int, height: int, form: str = "PNG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture that is dark at its left and light at its right."""
    made = Image.new(mode, (width, height), "white")
    made.paste("black", (0, 0, width // 2, height))
    file = io.BytesIO()
    made.save(file, form, **options)
    return file.getvalue()


def paragraph(text: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, text)


def figure(name: str = "p", width: int = 0) -> Block:
    return Block(Kind.FIGURE, picture=name, width=width)


def book(folder: Path, data: bytes, *blocks: Block, **layout: Any) -> Book:
    file = folder / "picture"
    file.write_bytes(data)
    title = Block.plain(Kind.TITLE, "渡口")
    made = make_book([Article(collection="c", blocks=(title, *blocks))], pictures=lambda _: (file, ""))
    return replace(made, house=replace(HOUSE, layout=replace(HOUSE.layout, **layout)))


def written(made: Book, folder: Path) -> tuple[Path, Sequence[Issue]]:
    file = folder / "book.pdf"
    issues = EXPORTERS["pdf"].write(made, file)
    return file, [issue for issue in issues if issue.code == "export-picture"]


def boxes(file: Path) -> list[tuple[int, float, float, float, float]]:
    """Every picture as page, left, bottom, right, top in millimetres."""
    document = pypdfium2.PdfDocument(file)
    try:
        return [
            (number, *(side / POINTS for side in thing.get_bounds()))
            for number, page in enumerate(document, 1)
            for thing in page.get_objects(max_depth=5)
            if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE
        ]
    finally:
        document.close()


def pages(file: Path) -> list[str]:
    document = pypdfium2.PdfDocument(file)
    try:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


@pytest.mark.parametrize(
    ("own", "pixels", "width"),
    [(60, (4000, 3000), 60.0), (500, (4000, 3000), 141.0), (0, (300, 200), 50.8), (0, (4000, 3000), 141.0)],
    ids=["as its source", "no wider than the lines", "a small one is not blown up", "a large one fills the line"],
)
def test_how_wide_a_picture_is(own: int, pixels: tuple[int, int], width: float) -> None:
    assert printed_size(own, pixels, HOUSE) == pytest.approx((width, width * pixels[1] / pixels[0]))


def test_a_picture_is_printed_as_wide_as_in_the_manuscript(tmp_path: Path) -> None:
    file, issues = written(book(tmp_path, picture(1200, 800), paragraph("渡口。"), figure(width=60)), tmp_path)
    [(_, left, bottom, right, top)] = boxes(file)
    assert (right - left, top - bottom) == pytest.approx((60, 40), abs=0.2)
    assert issues == []


def test_a_poor_picture_is_told_by_its_caption(tmp_path: Path) -> None:
    caption = Block.plain(Kind.CAPTION, "一九五八年的渡口")
    made = book(tmp_path, picture(600, 400), paragraph("渡口。"), figure(width=100), caption)
    _, [issue] = written(made, tmp_path)
    assert issue.place == "渡口"
    assert issue.message.startswith("第 1 幅图“一九五八年的渡口”印成 100 毫米宽只有每英寸 152 点，印刷要 300 点")
    assert written(replace(made, draft=True), tmp_path)[1] == []


def test_two_small_pictures_stand_beside_each_other(tmp_path: Path) -> None:
    caption = Block.plain(Kind.CAPTION, "船")
    made = book(tmp_path, picture(900, 900), figure(width=65), caption, figure(width=65), caption, paragraph("渡口。"))
    first, second = boxes(written(made, tmp_path)[0])
    assert first[3] < second[1] and first[2] == pytest.approx(second[2], abs=0.1)


def test_a_picture_that_does_not_fit_leaves_its_page_to_the_text(tmp_path: Path) -> None:
    text = [paragraph(f"{number}" + "渡口的石阶一共三十六级。" * 12) for number in range(10, 30)]
    made = book(tmp_path, picture(1400, 1000), *text[:7], figure(width=141), *text[7:])
    file, _ = written(made, tmp_path)
    [(page, _, bottom, _, top)] = boxes(file)
    assert page == 2 and min(abs(top - (260 - HOUSE.page.top)), abs(bottom - HOUSE.page.bottom)) < 12
    # The first page is full to its foot, but for lines that keep together.
    document = pypdfium2.PdfDocument(file)
    words = document[0].get_textpage()
    feet = [words.get_charbox(index)[1] for index in range(words.count_chars())]
    document.close()
    assert min(foot for foot in feet if foot > HOUSE.page.bottom * POINTS - 3) < (HOUSE.page.bottom + 15) * POINTS


def test_pictures_with_little_text_between_share_a_page(tmp_path: Path) -> None:
    blocks = [each for number in range(4) for each in (figure(width=141), paragraph(f"第{number}处。"))]
    places = [box[0] for box in boxes(written(book(tmp_path, picture(1400, 1000), *blocks), tmp_path)[0])]
    assert places[:1] == [1] and len(set(places)) <= 3


@pytest.mark.parametrize("form", ["BMP", "TIFF"])
def test_kinds_that_a_pdf_has_not_become_png(form: str, tmp_path: Path) -> None:
    made = book(tmp_path, picture(1200, 800, form), paragraph("渡口。"), figure(width=60))
    file, [issue] = written(made, tmp_path)
    assert len(boxes(file)) == 1 and issue.message == f"第 1 幅图是 {form} 格式的，已转成 PNG。"


def test_a_photograph_held_upright_stands_upright_everywhere(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = book(tmp_path, picture(900, 300, "JPEG", exif=exif), paragraph("渡口。"), figure(width=40))
    [(_, left, bottom, right, top)] = boxes(written(made, tmp_path)[0])
    assert top - bottom == pytest.approx(3 * (right - left), rel=0.01)
    target = tmp_path / "book.docx"
    EXPORTERS["docx"].write(made, target)
    import docx

    [shape] = docx.Document(str(target)).inline_shapes
    assert shape.height == pytest.approx(3 * shape.width, rel=0.01)


def test_a_book_in_black_has_grey_pictures(tmp_path: Path) -> None:
    red = io.BytesIO()
    Image.new("RGB", (1200, 800), "red").save(red, "PNG")
    file, _ = written(book(tmp_path, red.getvalue(), paragraph("渡口。"), figure(), colour="grey"), tmp_path)
    document = pypdfium2.PdfDocument(file)
    bitmap = document[0].render(scale=0.2, rev_byteorder=True)
    data, step = bytes(bitmap.buffer), bitmap.n_channels
    rows = (data[row * bitmap.stride :][: bitmap.width * step] for row in range(bitmap.height))
    dots = [row[at : at + 3] for row in rows for at in range(0, len(row), step)]
    document.close()
    assert all(max(dot) - min(dot) <= 1 for dot in dots) and min(map(min, dots)) < 120


class TestLastPages:
    @pytest.mark.parametrize("lines", range(1, 8))
    def test_no_text_ends_on_a_page_of_a_few_lines(self, lines: int, tmp_path: Path) -> None:
        short = "渡口"
        made = book(tmp_path, b"", *(paragraph(short) for _ in range(29 + 35 + lines)))
        last = pages(written(made, tmp_path)[0])[-1]
        assert last.count(short) >= 5

    def test_ways(self) -> None:
        assert _ways(1, 2, 5) == [-3]
        assert _ways(4, 3, 5) == [1, -1, -2, -3]
        assert _ways(4, 3, 5, longer=False) == [-1, -2, -3]

    @pytest.mark.parametrize(("name", "longer"), [("16开", True), ("大32开", True), ("A4", False), ("竖排", True)])
    def test_a_line_more_where_the_page_number_leaves_room(self, name: str, longer: bool) -> None:
        assert _balance(house_style(name))["longer"] is longer

    def test_contents_do_not_end_on_a_page_of_a_line_either(self, tmp_path: Path) -> None:
        texts = [Article(collection="c", blocks=(Block.plain(Kind.TITLE, f"渡口之{each}"),)) for each in range(34)]
        found = pages(written(replace(make_book(texts), title="渡口志"), tmp_path)[0])
        lists = [page for page in found if page.count("渡口之") > 1]
        assert sum(page.count("渡口之") for page in lists) == 34 and all(page.count("渡口之") > 4 for page in lists)

    def test_a_text_that_no_way_helps_is_left_as_it_is(self, tmp_path: Path) -> None:
        class Stubborn:
            asked = 0

            def eval(self, expression: str) -> str:
                self.asked += 1
                return '[{"part": 3, "pages": 3, "y": 120}]'

        compiler = Stubborn()
        assert balance(compiler, tmp_path / "plan.json", top=100, row=10, least=5, longer=True) == {}
        assert 2 < compiler.asked < 9
        assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["only"] == [3]  # it alone was tried


def test_what_stands_between_two_figures_keeps_its_place() -> None:
    def shown(name: str) -> dict[str, object]:
        return {"k": "g", "id": "", "b": [{"k": "i", "f": name, "w": 100.0, "h": 50.0}]}

    blocks: list[dict[str, object]] = [shown("a"), {"k": "b", "c": ["正文"]}, shown("b")]
    assert [each["k"] for each in arranged(blocks, HOUSE, "h1")] == ["g", "b", "g"]


def test_texts_may_run_on_below_each_other(tmp_path: Path) -> None:
    texts = [Article(collection="c", blocks=(Block.plain(Kind.TITLE, name), paragraph("渡口。"))) for name in "甲乙"]
    made = replace(make_book(texts), contents=False)
    houses = (HOUSE, replace(HOUSE, layout=replace(HOUSE.layout, article_start="on")))
    apart, on = (pages(written(replace(made, house=house), tmp_path)[0]) for house in houses)
    assert len(apart) == len(on) + 1 and on[-1].startswith("甲渡口。乙渡口。")


@pytest.mark.parametrize("lines", range(23, 28))
def test_no_title_and_author_stand_at_the_foot_of_a_page_without_text(lines: int, tmp_path: Path) -> None:
    above = Article(
        collection="c", blocks=(Block.plain(Kind.TITLE, "甲"), *(paragraph("渡口。") for _ in range(lines)))
    )
    below = Article(
        collection="c",
        blocks=(Block.plain(Kind.TITLE, "乙篇"), Block.plain(Kind.BYLINE, "王志清"), paragraph("筏子。" * 60)),
    )
    house = replace(HOUSE, layout=replace(HOUSE.layout, article_start="on"))
    made = replace(make_book([above, below]), contents=False, house=house)
    [page] = [page for page in pages(written(made, tmp_path)[0]) if "王志清" in page]
    assert "乙篇王志清筏子" in page


def test_lines_stand_where_the_manuscript_has_them(tmp_path: Path) -> None:
    centred = Block.plain(Kind.PARAGRAPH, "一篙撑破水中天，", align="center")
    dated = Block.plain(Kind.PARAGRAPH, "一九五三年八月十五日", align="right")
    file, _ = written(book(tmp_path, b"", paragraph("其诗云："), centred, paragraph("又记。"), dated), tmp_path)
    document = pypdfium2.PdfDocument(file)
    page = document[0].get_textpage()
    words = page.get_text_range()
    left, right = (page.get_charbox(words.index(text))[0] / POINTS for text in ("一篙", "一九五三"))
    end = page.get_charbox(words.index("五日") + 1)[2] / POINTS
    document.close()
    line = HOUSE.style("文章正文").size / POINTS
    assert left == pytest.approx(24 + (141 - 8 * line) / 2, abs=2)
    assert right > 24 + 70 and end == pytest.approx(24 + 141 - 2 * line, abs=1.5)


@pytest.mark.parametrize("words", ["2011—2015年", "阿·卜", "第3～5页", "3–5页"])
def test_no_line_begins_with_a_connector(words: str, tmp_path: Path) -> None:
    made = book(tmp_path, b"", *(paragraph("水" * number + words + "船" * 9) for number in range(24, 38)))
    document = pypdfium2.PdfDocument(written(made, tmp_path)[0])
    lines = [
        line for page in document for line in page.get_textpage().get_text_range().replace("\u2060", "").split("\r\n")
    ]
    document.close()
    assert sum("船" in line for line in lines) >= 14
    assert not [
        line for line in lines if (line[:1] in set("—·～–") and "船" in line) or line[:2] in ("—2", "·卜", "～5", "–5")
    ]
