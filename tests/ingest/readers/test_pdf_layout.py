"""Columns of PDF pages are read one by one, tables cell by cell with rules or without; verse stays in lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from archive.model.records import Cell, Kind, Manuscript
from archive.support.libreoffice import LibreOffice
from ingest.readers import registry
from ingest.readers.pdf.grids import grids_of
from ingest.readers.pdf.rules import Rules
from ingest.text.characters import stored_characters

Read = Callable[[bytes], Manuscript]
Item = tuple[float, float, float, str]
"""Text with its left edge and top, in points from the left and the top of the page, and its size."""
Stroke = tuple[float, float, float, float]
"""A straight line from a place to another, in points from the left and the top of the page."""
WIDTH, HEIGHT = 420, 595
LEFT, RIGHT = 50.0, 220.0  # where the two columns of a page begin
STEP = 16.0

FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 5 0 R"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
)


def pdf(*pages: Sequence[Item], rules: Iterable[Stroke] = (), stamp: str = "") -> bytes:
    """A PDF of these pages, drawn in the order given, with the same rules, and a slanting stamp, on every page."""
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"", *FONT]
    drawn = "".join(f"{x} {HEIGHT - y} m {to_x} {HEIGHT - to_y} l S\n" for x, y, to_x, to_y in rules)
    for items in pages:
        shown = "".join(
            f"/F {size} Tf 1 0 0 1 {x} {HEIGHT - y - size} Tm <{text.encode('utf-16-be').hex()}> Tj\n"
            for x, y, size, text in items
        )
        if stamp:
            shown = f"/F 40 Tf .7 .7 -.7 .7 80 150 Tm <{stamp.encode('utf-16-be').hex()}> Tj\n{shown}"
        content = f"{drawn}BT\n{shown}ET".encode()
        box = f"/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources<</Font<</F 3 0 R>>>>/Contents {len(parts) + 2} 0 R"
        parts += [f"<</Type/Page/Parent 2 0 R{box}>>".encode()]
        parts += [b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)]
    kids = " ".join(f"{number} 0 R" for number in range(6, len(parts) + 1, 2))
    parts[1] = f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode()
    objects = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.4\n" + objects + b"trailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (len(parts) + 1)


def prose(seed: int, length: int) -> str:
    """Some Chinese characters, other ones for every seed, and a full stop."""
    codes = ((seed * 7919 + at * 104_729) % (40 * 94) for at in range(length - 1))
    return "".join(bytes((0xB0 + code // 94, 0xA1 + code % 94)).decode("gb2312", "ignore") for code in codes) + "。"


def paragraphs(count: int, seed: int = 0) -> list[str]:
    return [prose(seed + number, 50 + number * 37 % 60) for number in range(count)]


def wrapped(texts: Sequence[str], width: int, indent: int = 2) -> Iterator[tuple[int, str]]:
    """The lines of paragraphs as (characters it is set in by, text)."""
    for text in texts:
        yield indent, text[: width - indent]
        for start in range(width - indent, len(text), width):
            yield 0, text[start : start + width]


def columns(
    texts: Sequence[str], lefts: Sequence[float], top: float, width: int, size: float = 10, *, across: bool = True
) -> list[Item]:
    """Paragraphs set in columns of equal length, drawn line by line across the page or column by column."""
    lines = list(wrapped(texts, width))
    length = -(-len(lines) // len(lefts))
    step = STEP * size / 10
    set_in = [
        [
            (left + indent * size, top + row * step, size, text)
            for row, (indent, text) in enumerate(lines[at * length : (at + 1) * length])
        ]
        for at, left in enumerate(lefts)
    ]
    if not across:
        return [item for column in set_in for item in column]
    return [column[row] for row in range(length) for column in set_in if row < len(column)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(data: bytes) -> Manuscript:
        file = tmp_path / "页.pdf"
        file.write_bytes(data)
        manuscript = registry.read(file, file.name)
        accounted = sum(issue.characters for issue in manuscript.issues)
        assert manuscript.characters_in == stored_characters(manuscript.blocks) + accounted
        return manuscript

    return reading


def told(manuscript: Manuscript) -> dict[str, str]:
    return {issue.code: f"{issue.place}：{issue.message}" for issue in manuscript.issues}


@pytest.mark.parametrize("across", [True, False])
def test_two_columns_below_a_title(read: Read, across: bool) -> None:
    texts = paragraphs(10)
    page = [(130.0, 40.0, 18.0, "河湾水车旧闻记"), (170.0, 75.0, 10.0, "张三　　李四")]
    found = read(pdf(page + columns(texts, (LEFT, RIGHT), 100, 14, across=across)))
    assert [(block.kind, block.text) for block in found.blocks] == [
        (Kind.HEADING, "河湾水车旧闻记"),
        (Kind.PARAGRAPH, "张三　　李四"),
        *((Kind.PARAGRAPH, text) for text in texts),
    ]
    assert "第 1 页：分栏" in told(found)["columns"]
    assert "side-by-side" not in told(found)


@pytest.mark.parametrize("left", [60.0, 120.0])
def test_a_spaced_title_over_both_columns_stays_together(read: Read, left: float) -> None:
    texts = paragraphs(10)
    page = [(left, 40.0, 18.0, "水　　　车　　　记")]
    found = read(pdf(page + columns(texts, (LEFT, RIGHT), 100, 14)))
    assert [block.text for block in found.blocks] == ["水　　　车　　　记", *texts]


def test_a_title_between_two_articles(read: Read) -> None:
    upper, lower = paragraphs(4), paragraphs(4, seed=50)
    page = [*columns(upper, (LEFT, RIGHT), 50, 14), (140.0, 270.0, 16.0, "第二篇羊皮筏子")]
    page += columns(lower, (LEFT, RIGHT), 310, 14)
    found = read(pdf(page))
    assert [block.text for block in found.blocks] == [*upper, "第二篇羊皮筏子", *lower]


def set_in_rows(rows: Sequence[Sequence[str]], lefts: Sequence[float], step: float = 18) -> list[Item]:
    """The cells of a table without rules."""
    return [
        (left, 60 + number * step, 10.0, text)
        for number, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]


def test_names_and_terms_without_rules_or_headings_are_a_table(read: Read) -> None:
    rows = [(name, f"19{50 + at}.1—19{51 + at}.1") for at, name in enumerate(("王明", "李大山", "孙　立", "周　全"))]
    found = read(pdf([(120.0, 20.0, 16.0, "历任县长"), *set_in_rows(rows, (80, 200))]))
    assert [block.text for block in found.blocks if block.cell] == [text for row in rows for text in row]


def test_a_long_column_beside_short_ones_is_no_prose(read: Read) -> None:
    rows = []
    for at, name in enumerate(("王明", "李大山", "孙立", "周全")):
        rows += [(name, f"19{50 + at}年1月", "河湾县城关镇人，1949年"), ("", "", "参加工作，后任书记")]
    cells = [block.text for block in read(pdf(set_in_rows(rows, (50, 120, 220), 16))).blocks if block.cell]
    assert cells[:3] == ["王明", "1950年1月", "河湾县城关镇人，1949年参加工作，后任书记"]
    assert len(cells) == 12


THREE = (30.0, 155.0, 280.0)
"""Where the three columns of a newspaper page begin; they are eleven characters wide."""


@pytest.mark.parametrize(
    "byline", [(122.0, "本报记者　张三　通讯员　李四　文/图"), (160.0, "本报记者张三"), (172.0, "张　三")]
)
def test_lines_between_a_title_and_three_columns_stay_above_them(read: Read, byline: tuple[float, str]) -> None:
    texts = paragraphs(9)
    page = [
        (60.0, 30.0, 22.0, "河湾古镇的水车复活了"),
        (120.0, 60.0, 12.0, "——河湾镇见闻"),
        (byline[0], 80.0, 10.0, byline[1]),
    ]
    found = read(pdf(page + columns(texts, THREE, 105, 11)))
    assert [block.text for block in found.blocks] == ["河湾古镇的水车复活了", "——河湾镇见闻", byline[1], *texts]


def test_articles_of_a_newspaper_page_are_read_one_after_the_other(read: Read) -> None:
    first, second, third = paragraphs(6), paragraphs(3, seed=30), paragraphs(6, seed=60)
    page = [(40.0, 30.0, 18.0, "甲篇占两栏的大标题"), (90.0, 56.0, 10.0, "本报记者　王五")]
    page += columns(first, THREE[:2], 76, 11)
    page += [(282.0, 30.0, 14.0, "乙篇单栏标题"), (300.0, 52.0, 10.0, "赵六"), *columns(second, THREE[2:], 72, 11)]
    below = max(top for _, top, _, _ in page) + 40
    page += [(129.0, below, 18.0, "丙篇横贯三栏的标题"), (170.0, below + 28, 10.0, "本报讯　孙七")]
    page += columns(third, THREE, below + 50, 11)
    found = read(pdf(page))
    assert [block.text for block in found.blocks] == [
        "甲篇占两栏的大标题", "本报记者　王五", *first, "乙篇单栏标题", "赵六", *second,
        "丙篇横贯三栏的标题", "本报讯　孙七", *third,
    ]  # fmt: skip
    assert {block.level for block in found.blocks if block.kind is Kind.HEADING} == {1}


def test_a_tall_article_beside_two_others(read: Read) -> None:
    first, tall, second = paragraphs(4), paragraphs(8, seed=30), paragraphs(4, seed=60)
    page = [(40.0, 30.0, 18.0, "甲篇占两栏的大标题"), *columns(first, THREE[:2], 76, 11)]
    below = max(top for _, top, _, _ in page) + 40
    page += [(40.0, below, 18.0, "丙篇也占两栏的标题"), *columns(second, THREE[:2], below + 50, 11)]
    page += [(282.0, 30.0, 14.0, "乙篇单栏标题"), *columns(tall, THREE[2:], 72, 11)]
    found = [block.text for block in read(pdf(page)).blocks]
    assert found == ["甲篇占两栏的大标题", *first, "丙篇也占两栏的标题", *second, "乙篇单栏标题", *tall]


def test_a_rule_parts_two_articles(read: Read) -> None:
    upper, lower = paragraphs(4), paragraphs(4, seed=50)
    page = columns(upper, (LEFT, RIGHT), 50, 14) + columns(lower, (LEFT, RIGHT), 300, 14)
    found = read(pdf(page, rules=[(50, 285, 370, 285)]))
    assert [block.text for block in found.blocks] == [*upper, *lower]


def test_three_columns(read: Read) -> None:
    texts = paragraphs(14)
    found = read(pdf(columns(texts, (40, 160, 280), 50, 13, size=8)))
    assert [block.text for block in found.blocks] == texts


def test_notes_below_both_columns_and_in_each(read: Read) -> None:
    texts = paragraphs(8)
    body = columns(texts, (LEFT, RIGHT), 50, 14)
    below = [(LEFT, 500.0, 8.0, "①这是全页下面的注，说水车的来历。")]
    found = read(pdf(body + below))
    notes = [block.text for block in found.blocks if block.kind is Kind.NOTE]
    assert notes == ["①这是全页下面的注，说水车的来历。"]
    each = [(LEFT, 500.0, 8.0, "①左栏的注。"), (RIGHT, 500.0, 8.0, "②右栏的注。")]
    found = read(pdf(body + each))
    assert [block.text for block in found.blocks] == [*texts, "①左栏的注。", "②右栏的注。"]


def test_the_last_page_goes_on_in_the_columns_before(read: Read) -> None:
    """Two lines beside two lines would be no columns, had the pages before none."""
    texts = paragraphs(20)
    lines = list(wrapped(texts, 14))
    assert len(lines) == 124
    pages: list[list[Item]] = []
    for page, length in ((lines[:60], 30), (lines[60:120], 30), (lines[120:], 2)):
        sides = ((LEFT, page[:length]), (RIGHT, page[length:]))
        beside = zip(*([(left, *line) for line in side] for left, side in sides), strict=True)
        pages.append(
            [
                (left + indent * 10, 50 + row * STEP, 10.0, text)
                for row, both in enumerate(beside)
                for left, indent, text in both
            ]
        )
    assert [block.text for block in read(pdf(*pages)).blocks] == texts
    alone = read(pdf(pages[2]))
    assert "columns" not in told(alone)


TABLE = [("主席", "郭振河", "1956—1959", "本县"), ("副主席", "石涛", "1956", "宁夏"), ("委员", "李四", "1957", "本县")]
VERSE = ["黄河之水天上来", "奔流到海不复回", "君不见", "高堂明镜悲白发", "朝如青丝", "暮成雪"]


def aligned(rows: Sequence[Sequence[str]], top: float) -> list[Item]:
    """A table without rules, in columns wide enough for its cells; the font sets figures as wide as Han characters."""
    return [
        (left, top + number * STEP, 10.0, cell)
        for number, row in enumerate(rows)
        for left, cell in zip((20.0, 90.0, 160.0, 320.0), row, strict=True)
        if cell
    ]


@pytest.mark.parametrize("across", [True, False])
def test_a_table_without_rules(read: Read, across: bool) -> None:
    """Known by what stands one below the other, whether drawn row by row or column by column."""
    rows = TABLE * 5
    page = aligned(rows, 80)
    title = (150.0, 40.0, 16.0, "历任主席名录")
    found = read(pdf([title, *(page if across else sorted(page))]))
    assert (found.blocks[0].kind, found.blocks[0].text) == (Kind.HEADING, "历任主席名录")
    assert [text for _, text in cells(found)] == [cell for row in rows for cell in row]
    assert cells(found)[5][0] == Cell(0, 1, 1)
    assert "1 个没有框线的表格" in told(found)["aligned-table"]
    assert not {"columns", "side-by-side"} & set(told(found))


def test_padded_names_and_empty_cells(read: Read) -> None:
    rows = [("姓　名", "籍　贯", "任　期", "备　注"), ("周山山", "北乡", "1940.1—1941.4", "病故"),
            ("李　石", "河东", "1941.2—1942.5", ""), ("冯　田", "", "1943.4—1944.7", "代理")] * 3  # fmt: skip
    found = cells(read(pdf(aligned(rows, 50))))
    assert [text for _, text in found] == [cell for row in rows for cell in row]


def test_a_table_without_rules_goes_on_over_the_page(read: Read) -> None:
    page = aligned(TABLE * 10, 50)
    found = read(pdf(page, page[:40]))
    assert [place and place.table for place, _ in cells(found)] == [0] * 160


def test_lines_that_go_on_in_a_column(read: Read) -> None:
    """A chronicle of two columns: the events run over several lines."""
    events = [prose(number, 20 + number * 17 % 50) for number in range(9)]
    page: list[Item] = []
    row = 0
    for number, event in enumerate(events, 1):
        page.append((20.0, 50 + row * STEP, 10.0, f"{number}月1日"))
        for at in range(0, len(event), 28):
            page.append((100.0, 50 + row * STEP, 10.0, event[at : at + 28]))
            row += 1
    assert [text for _, text in cells(read(pdf(page)))] == [
        text for number, event in enumerate(events, 1) for text in (f"{number}月1日", event)
    ]


def test_text_around_a_table_without_rules(read: Read) -> None:
    before, after = prose(1, 70), prose(2, 80)
    lines = [(50.0, 40 + row * STEP, 10.0, text) for row, (_, text) in enumerate(wrapped([before], 31, 0))]
    lines += aligned(TABLE, 120)
    lines += [(50.0, 280 + row * STEP, 10.0, text) for row, (_, text) in enumerate(wrapped([after], 31, 0))]
    found = read(pdf(lines))
    assert [block.text for block in found.blocks] == [before, *(cell for row in TABLE for cell in row), after]


@pytest.mark.parametrize(
    "rows",
    [
        [(f"第{number}篇　水车旧事", f"{number * 7}") for number in range(1, 9)],
        [(line, line, line) for line in ("黄河之水天上来，", "奔流到海不复回。") * 4],
        [(prose(number, 14), prose(50 + number, 14), prose(90 + number, 14)) for number in range(9)],
    ],
)
def test_contents_verse_and_prose_are_no_tables(read: Read, rows: list[tuple[str, ...]]) -> None:
    widths = 300 if len(rows[0]) == 2 else 150
    page = [
        (20.0 + at * widths, 50 + number * STEP, 8.0, cell)
        for number, row in enumerate(rows)
        for at, cell in enumerate(row)
    ]
    assert "aligned-table" not in told(read(pdf(page)))


def test_a_ruled_table_of_long_cells_is_no_column(read: Read) -> None:
    page: list[Item] = []
    rules, top, expected = [], 50.0, []
    for number in range(8):
        cells = [prose(number, 20 + number * 13 % 25), prose(90 + number, 22 + number * 29 % 30)]
        for left, cell in zip((LEFT, RIGHT), cells, strict=True):
            page += [(left, top + row * STEP, 10.0, line) for row, (_, line) in enumerate(wrapped([cell], 14, 0))]
        rules.append((48.0, top - 3, 362.0, top - 3))
        top += 4 * STEP
        expected += cells
    found = read(pdf(page, rules=rules))
    assert sorted("".join(block.text for block in found.blocks)) == sorted("".join(expected))
    first = "".join(block.text for block in found.blocks[:4])
    assert expected[2][:8] not in first  # the second row does not come before the first is read out


def test_verse_side_by_side_stays_in_lines(read: Read) -> None:
    page = [(left, 50 + row * STEP, 10.0, line) for row, line in enumerate(VERSE * 2) for left in (LEFT, RIGHT)]
    found = read(pdf(page))
    assert "columns" not in told(found)
    assert "side-by-side" in told(found)


def test_one_column_is_no_columns(read: Read) -> None:
    texts = paragraphs(9)
    page = [(LEFT + indent * 10, 50 + row * STEP, 10.0, text) for row, (indent, text) in enumerate(wrapped(texts, 31))]
    found = read(pdf(page))
    assert [block.text for block in found.blocks] == texts
    assert told(found) == {}


def test_columns_of_libreoffice(tmp_path: Path, office: LibreOffice, read: Read) -> None:
    """Running heads, printed pages and paragraphs over columns and pages."""
    texts = [prose(number, 150 + number * 37 % 90) for number in range(30)]
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in {"office": "office", "style": "style", "text": "text", "fo": "xsl-fo-compatible"}.items()
    )
    source = tmp_path / "栏.fodt"
    source.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
        '<style:style style:name="body" style:family="paragraph"><style:paragraph-properties fo:text-indent="20pt"/>'
        '<style:text-properties style:font-name-asian="Noto Serif CJK SC" style:font-size-asian="10pt"/></style:style>'
        '<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="420pt" '
        'fo:page-height="595pt" fo:margin="50pt"><style:columns fo:column-count="2" fo:column-gap="18pt"/>'
        "</style:page-layout-properties></style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">'
        "<style:header><text:p>朔津文史资料</text:p></style:header>"
        "<style:footer><text:p>— <text:page-number/> —</text:p></style:footer>"
        "</style:master-page></office:master-styles><office:body><office:text>"
        + "".join(f'<text:p text:style-name="body">{text}</text:p>' for text in texts)
        + "</office:text></office:body></office:document>",
        encoding="utf-8",
    )
    made = office.convert([source], "pdf", tmp_path)[source]
    assert isinstance(made, Path)
    found = read(made.read_bytes())
    assert [block.text for block in found.blocks if block.kind is not Kind.HEADER] == texts
    assert [block.text for block in found.blocks if block.kind is Kind.HEADER] == ["朔津文史资料"]
    assert {block.page for block in found.blocks} >= {"1", "2", "3"}


ACROSS, DOWN = (50.0, 120.0, 200.0, 300.0, 370.0), (200.0, 220.0, 240.0, 260.0)
"""The lines of a table of three rows and four columns."""


def ruled(across: Sequence[float] = ACROSS, down: Sequence[float] = DOWN) -> list[Stroke]:
    level = [(across[0], y, across[-1], y) for y in down]
    return level + [(x, down[0], x, down[-1]) for x in across]


def filled(rows: Sequence[Sequence[str]], across: Sequence[float] = ACROSS, top: float = DOWN[0]) -> list[Item]:
    """Text in cells of 20 points, close to their left side."""
    return [
        (across[at] + 1, top + 4 + 20 * row, 10, text)
        for row, cells in enumerate(rows)
        for at, text in enumerate(cells)
    ]


def cells(manuscript: Manuscript) -> list[tuple[Cell | None, str]]:
    return [(block.cell, block.text) for block in manuscript.blocks if block.kind is Kind.CELL]


PLACES = [(row, column) for row in range(3) for column in range(4)]
PLAIN = [(Cell(0, row, column), text) for row, texts in enumerate(TABLE) for column, text in enumerate(texts)]


def test_a_ruled_table_between_two_paragraphs(read: Read) -> None:
    before, after = prose(1, 70), prose(2, 80)
    page = [
        (50.0 + indent * 10, 120 + row * STEP, 10.0, text) for row, (indent, text) in enumerate(wrapped([before], 31))
    ]
    page += filled(TABLE)
    page += [
        (50 + indent * 10, 280 + row * STEP, 10.0, text) for row, (indent, text) in enumerate(wrapped([after], 31))
    ]
    found = read(pdf(page, rules=ruled()))
    assert [block.text for block in found.blocks] == [before, *(cell for row in TABLE for cell in row), after]
    assert cells(found) == PLAIN
    assert "第 1 页：按框线读出 1 个表格" in told(found)["ruled-table"]
    assert "side-by-side" not in told(found)


def test_spans_empty_cells_and_lines_drawn_in_pieces(read: Read) -> None:
    rules = [stroke for stroke in ruled() if stroke[0] != 120.0 and stroke[1] != 240.0]
    rules += [
        (120.0, 220.0, 120.0, 240.0),
        (120.0, 240.0, 120.0, 260.0),
    ]  # nothing parts the first two of the first row
    rules += [(50.0, 240.0, 210.0, 240.0), (190.0, 240.0, 300.0, 240.0)]  # nor the last of the second and third rows
    page = filled([("职务和姓名", "", "任期", "籍贯"), ("主席", "郭振河", "1956", "本"), ("委员", "", "1957", "县")])
    assert cells(read(pdf(page, rules=rules))) == [
        (Cell(0, 0, 0, 1, 2), "职务和姓名"),
        (Cell(0, 0, 2), "任期"),
        (Cell(0, 0, 3), "籍贯"),
        (Cell(0, 1, 0), "主席"),
        (Cell(0, 1, 1), "郭振河"),
        (Cell(0, 1, 2), "1956"),
        (Cell(0, 1, 3, 2, 1), "本县"),
        (Cell(0, 2, 0), "委员"),
        (Cell(0, 2, 1), ""),
        (Cell(0, 2, 2), "1957"),
    ]


def test_a_table_open_at_the_sides(read: Read) -> None:
    rules = [stroke for stroke in ruled() if not stroke[0] == stroke[2] in (ACROSS[0], ACROSS[-1])]
    assert cells(read(pdf(filled(TABLE), rules=rules))) == PLAIN


def test_text_drawn_across_a_line_is_cut_there(read: Read) -> None:
    across = (50.0, 70.0, 100.0, 150.0)
    rows = ["主席郭振河本地人士", "委员李四　外地人士", "委员张三丰本地人士"]
    page = [(50.0, 204 + 20 * row, 10.0, text) for row, text in enumerate(rows)]
    found = [text for _, text in cells(read(pdf(page, rules=ruled(across))))]
    assert found == ["主席", "郭振河", "本地人士", "委员", "李四", "外地人士", "委员", "张三丰", "本地人士"]


def test_a_table_goes_on_over_the_page(read: Read) -> None:
    found = cells(read(pdf(filled(TABLE), filled(TABLE), rules=ruled())))
    assert found == PLAIN + [
        (Cell(0, row + 3, column), text) for (_, text), (row, column) in zip(PLAIN, PLACES, strict=True)
    ]


def test_a_table_below_a_line_of_text_is_another_one(read: Read) -> None:
    title = [(150.0, 150.0, 10.0, "第二届委员会")]
    found = read(pdf(filled(TABLE), [*filled(TABLE), *title], rules=ruled()))
    assert [cell.table for cell, _ in cells(found) if cell] == [0] * 12 + [1] * 12
    assert found.blocks[12].text == "第二届委员会"


def test_lines_above_and_below_a_table_are_two_paragraphs(read: Read) -> None:
    lines = [(100.0, 170.0, "上面的一行文字没有写完"), (100.0, 290.0, "下面的一行文字")]
    page = [(x, y, 10.0, text) for x, y, text in lines] + filled(TABLE)
    texts = [block.text for block in read(pdf(page, rules=ruled())).blocks if block.cell is None]
    assert texts == ["上面的一行文字没有写完", "下面的一行文字"]


def test_two_lines_in_a_cell(read: Read) -> None:
    """Set so tight that PDFium takes both for one line."""
    page: list[Item] = [(51.0, 202.0, 8.0, "順治十三"), (51.0, 210.5, 8.0, "年（1656）"), (125.0, 205.0, 8.0, "佟延年")]
    page += filled([("", "", "甲", "乙"), ("丙", "丁", "戊", "己")])
    found = [text for _, text in cells(read(pdf(page, rules=ruled())))]
    assert found[:2] == ["順治十三年（1656）", "佟延年"]


def test_a_frame_round_text_and_a_chart_are_no_tables(read: Read) -> None:
    texts = paragraphs(6)
    page = [(LEFT + indent * 10, 60 + row * STEP, 10.0, text) for row, (indent, text) in enumerate(wrapped(texts, 31))]
    frame = ruled((45.0, 365.0), (50.0, 560.0))
    found = read(pdf(page, rules=frame))
    assert [block.text for block in found.blocks] == texts
    assert cells(found) == []
    labels: list[Item] = [(52.0, 204.0, 10.0, "甲"), (125.0, 224.0, 10.0, "乙")]
    chart = read(pdf(labels, rules=ruled()))
    assert cells(chart) == []
    assert "".join(block.text for block in chart.blocks).split() == ["甲乙"]


def test_a_table_in_the_second_column_stays_there(read: Read) -> None:
    first, second = paragraphs(4), paragraphs(2, seed=70)
    left = [(LEFT + indent * 10, 50 + row * STEP, 10.0, text) for row, (indent, text) in enumerate(wrapped(first, 14))]
    lines = list(wrapped(second, 14))
    across, down = (RIGHT, 290.0, 360.0), (230.0, 250.0, 270.0)
    places = [50 + row * STEP if row < 10 else 140 + row * STEP for row in range(len(lines))]
    right = [(RIGHT + indent * 10, y, 10.0, text) for y, (indent, text) in zip(places, lines, strict=True)]
    table = filled([("姓名", "任期"), ("张三", "1956")], across, 230.0)
    found = read(pdf([*left, *right, *table], rules=ruled(across, down)))
    texts = [block.text for block in found.blocks]
    assert texts[: len(first)] == first
    assert texts[texts.index("姓名") : texts.index("姓名") + 4] == ["姓名", "任期", "张三", "1956"]
    assert "".join(block.text for block in found.blocks[len(first) :] if block.cell is None) == "".join(second)


def test_lines_that_make_no_rectangles_are_no_table() -> None:
    level = [(y, 0.0, 100.0) for y in (0.0, 20.0, 40.0)]
    upright = [(x, 0.0, 40.0) for x in (0.0, 50.0, 100.0)]
    (grid,) = grids_of(Rules(level, upright), 1e6)
    assert [grid.cell_at(x, 30) for x in (-5, 25, 75, 105)] == [None, 2, 3, None]
    corner = [(0.0, 0.0, 100.0), (20.0, 50.0, 100.0), (40.0, 0.0, 100.0)]
    bent = [(0.0, 0.0, 40.0), (50.0, 20.0, 40.0), (100.0, 0.0, 40.0)]
    assert grids_of(Rules(corner, bent), 1e6) == []  # three quarters of the whole would be one cell
    assert grids_of(Rules(level, upright), 2000) == []


def test_drawings_are_no_tables_and_scattered_words_no_columns(read: Read) -> None:
    """Nor is every pair of thousands of lines or words looked at: this would take minutes."""
    level = [(0.0, 0.1 * row, 400.0, 0.1 * row) for row in range(4000)]
    upright = [(0.1 * column, 0.0, 0.1 * column, 500.0) for column in range(4000)]
    zigzag = [(float(step % 300), float(step % 500), float((step + 7) % 300), float(step % 500)) for step in range(900)]
    words = [(float(3 * (at % 130)), 60.0 + at // 130 * 4, 1.0, "水") for at in range(6000)]
    for rules in (level, upright, level[:1000] + upright[:1000], zigzag, []):
        found = read(pdf(words, rules=rules))
        assert sum(block.text.count("水") for block in found.blocks) == 6000
        assert cells(found) == []


@pytest.mark.parametrize("straight", [False, True])
def test_a_watermark_is_neither_text_nor_title(read: Read, straight: bool) -> None:
    bodies = [paragraphs(4, seed=20 * number) for number in range(3)]
    pages = [
        [(LEFT, 60 + row * STEP, 10.0, text) for row, (_, text) in enumerate(wrapped(body, 30, indent=0))]
        for body in bodies
    ]
    if straight:
        found = read(pdf(*([(100.0, 300.0, 30.0, "内部资料"), *page] for page in pages)))
    else:
        found = read(pdf(*pages, stamp="内部资料"))
    assert [block.text for block in found.blocks if block.kind is Kind.HEADER] == ["内部资料"]
    assert "".join(block.text for block in found.blocks[:-1]) == "".join(text for body in bodies for text in body)
    assert not any(block.kind is Kind.HEADING for block in found.blocks)
    assert told(found)["watermark"].startswith("第 1—3 页")


def test_entries_that_fill_their_lines_stay_apart(read: Read) -> None:
    """Each entry of a chronicle on a line of its own, all about as long, and none indented."""
    entries = [f"{month}月{month + 3}日　{prose(month, 17 + month % 2)}" for month in range(1, 9)]
    items = [(LEFT, 60.0 + STEP * at, 12, text) for at, text in enumerate(entries)]
    assert [block.text for block in read(pdf(items)).blocks] == entries


def test_a_date_after_a_blank_begins_a_paragraph(read: Read) -> None:
    texts = [f"是年　{prose(1, 47)}", f"5月2日　{prose(2, 45)}", f"（三）{prose(3, 22)}"]
    lines = [text[at : at + 25] for text in texts for at in range(0, len(text), 25)]
    items = [(LEFT, 60.0 + STEP * at, 12, line) for at, line in enumerate(lines)]
    assert [block.text for block in read(pdf(items)).blocks] == texts


def test_paragraphs_that_only_stand_apart(read: Read) -> None:
    """Full last lines, no indentation: the room between them tells."""
    items, top = [], 60.0
    texts = [prose(seed, 75) for seed in range(4)]
    for text in texts:
        for at in range(0, 75, 25):
            items.append((LEFT, top, 12, text[at : at + 25]))
            top += STEP
        top += 8
    assert [block.text for block in read(pdf(items)).blocks] == texts


def test_an_ordinal_in_the_middle_of_a_sentence_begins_nothing(read: Read) -> None:
    text = prose(5, 25)[:-1] + "照" + "第三条的规定" + prose(6, 44)
    lines = [text[at : at + 25] for at in range(0, 75, 25)]
    items = [(LEFT, 60.0 + STEP * at, 12, line) for at, line in enumerate(lines)]
    assert lines[1].startswith("第三条") and [block.text for block in read(pdf(items)).blocks] == [text]


def test_articles_below_each_other_with_columns_of_their_own(read: Read) -> None:
    """A newspaper page: three columns, then two, each under a title, subtitle and names over the whole width."""
    items: list[Item] = []
    expected = []
    for top, lefts, width in ((40.0, (50.0, 165.0, 280.0), 8), (290.0, (50.0, 220.0), 12)):
        middle = (50 + lefts[-1] + 12 * width) / 2
        title, byline = f"{prose(int(top), 7)[:-1]}", "本报记者　张三　通讯员　李四　文/图"
        items.append((middle - 63, top, 18, title))
        items.append((middle - 6 * len(byline) + 12, top + 26, 12, byline))
        text = prose(int(top) + 1, 8 * width * len(lefts))
        lines = [text[at : at + width] for at in range(0, len(text), width)]
        items += [
            (left, top + 50 + STEP * row, 12, lines[8 * column + row])
            for row in range(8)
            for column, left in enumerate(lefts)
        ]
        expected += [title, byline, text]
    assert [block.text for block in read(pdf(items)).blocks] == expected
