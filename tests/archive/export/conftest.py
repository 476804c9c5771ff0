"""A small book with every kind of block, and pictures made here."""

from __future__ import annotations

import datetime
import lzma
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from archive.export import Book, Chapter, Section, make_book
from archive.export.book import Heading, Index
from archive.model.errors import NotFound
from archive.model.records import Article, Block, Cell, Collection, Genre, Kind, Person, Role, Run, Style
from tests.archive.export import masked_font as masked

MADE = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
SENTENCE = "黄河自青铜峡出山，一泻而入银川平原。民谚说“天下黄河富宁夏”，并非虚语——1958年秋筑成新堤十一里。"


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def pictures(tmp_path: Path) -> Callable[[str], tuple[Path, str]]:
    """Picture names: wide, tall, broken (cut off), vector (not for Word); others do not exist."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "wide").write_bytes(png(1600, 400))
    (folder / "tall").write_bytes(png(300, 1200))
    (folder / "broken").write_bytes(png(300, 300)[:60])
    (folder / "vector").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')

    def find(name: str) -> tuple[Path, str]:
        file = folder / name
        if not file.exists():
            raise NotFound("没有这幅图片。")
        return file, "image/svg+xml" if name == "vector" else "image/png"

    return find


@pytest.fixture
def masked_font(tmp_path: Path) -> Path:
    """A 仿宋 that has 渡 and 口 alone, both begun with a hint mask; in a folder of its own."""
    folder = tmp_path / "masked"
    folder.mkdir()
    return masked.make(folder / "masked.otf", "FangSong", "渡口")


def article(title: str, *blocks: Block, **fields: object) -> Article:
    """An article of collection `a`; a str title becomes block 0."""
    values: dict[str, object] = {"collection": "a"} | fields
    return Article(blocks=(Block.plain(Kind.TITLE, title), *blocks), **values)  # type: ignore[arg-type]


def paragraph(text: str = SENTENCE) -> Block:
    return Block.plain(Kind.PARAGRAPH, text)


def cell(row: int, column: int, text: str, *, rows: int = 1, columns: int = 1, header: bool = False) -> Block:
    return Block.plain(Kind.CELL, text, cell=Cell(0, row, column, rows, columns, header))


CANAL = Article(
    collection="a",
    volume="第三辑",
    section="水利春秋",
    people=(Person("张怀远", Role.NARRATOR), Person("李文秀", Role.RECORDER)),
    blocks=(
        Block(Kind.TITLE, (Run("忆七星渠的疏浚"), Run("", note="0"))),
        Block.plain(Kind.SUBTITLE, "——一个老渠工的回忆"),
        Block.plain(Kind.BYLINE, "张怀远 口述　李文秀 整理"),
        Block(
            Kind.PARAGRAPH,
            (
                Run("七星渠始凿于"),
                Run("光绪三十年", Style.EMPHASIS),
                Run("（1904年）"),
                Run("", note="1"),
                Run("，全长"),
                Run("一百四十里", Style.BOLD),
                Run("，俗称"),
                Run("羊角", Style.ITALIC),
                Run("渠，水量按m"),
                Run("3", Style.SUPERSCRIPT),
                Run("计，水为H"),
                Run("2", Style.SUBSCRIPT),
                Run("O。"),
                Run("老名字", Style.UNDERLINE),
                Run("叫"),
                Run("阏", ruby="yān"),
                Run("逢渠，𠮷、〇、㐂。"),
            ),
        ),
        Block(Kind.HEADING, (Run("一、开工之前"), Run("", note="2")), level=1),
        paragraph(),
        Block(Kind.LIST_ITEM, (Run("1. ", Style.GENERATED), Run("铁锹八百把。")), level=1),
        Block.plain(Kind.LIST_ITEM, "没有编号的一项", level=2),
        Block.plain(Kind.QUOTATION, "《县志》载：“屡塌屡修，前后凡九次。”"),
        Block.plain(Kind.VERSE, "黄河远上白云间，\n一片孤城万仞山。"),
        Block(Kind.FIGURE, (Run("渠首"),), picture="wide"),
        Block.plain(Kind.CAPTION, "七星渠渠首工地"),
        Block(Kind.FIGURE, (), picture="tall"),
        Block.plain(Kind.CAPTION, "竣工纪念碑"),
        Block.plain(Kind.CAPTION, "表一　各社出工情况"),
        cell(0, 0, "公社", rows=2, header=True),
        cell(0, 1, "出工", columns=2, header=True),
        cell(1, 1, "人数", header=True),
        cell(1, 2, "天数", header=True),
        cell(2, 0, "柔远"),
        cell(2, 1, "412"),
        Block(Kind.CELL, (Run("42"), Run("", note="3")), cell=Cell(0, 2, 2)),
        Block.plain(Kind.NOTE, "本文原为一次谈话。", label="0"),
        Block.plain(Kind.NOTE, "一说始凿于光绪二十九年。", label="1"),
        Block.plain(Kind.NOTE, "见县档案馆第12号卷。", label="2"),
        Block.plain(Kind.NOTE, "含冬闲。", label="3"),
        Block.plain(Kind.NOTE, "这条注释没有注号。", label="9"),
        Block.plain(Kind.COMMENT, "此处存疑"),
    ),
)
TROUBLE = article(
    "坏图与怪字 " + "很长的题目" * 38,
    paragraph(r"正文里有<w:t>标记</w:t>、& 号、TOC \o 域语法、#标题、*星号* 与 $x$。"),
    Block(Kind.FIGURE, (Run("坏图"),), picture="broken"),
    Block.plain(Kind.CAPTION, "图3　坏掉的图"),
    Block(Kind.FIGURE, (Run("矢量图"),), picture="vector"),
    Block.plain(Kind.CAPTION, "▲水车  摄影/李明"),
    Block(Kind.FIGURE, (Run("没有的图"),), picture="absent"),
    paragraph("控制字符\x0b在此；制表\t符。"),
    Block(Kind.PARAGRAPH, (Run("此处"), Run("", note="77"), Run("有悬空注号。"))),
    section="水利春秋",
    source="原载《宁夏日报》1962年5月4日",
    people=(Person("王守义"), Person("赵一鸣")),
)
ENTRIES = tuple(
    article(f"{year}年", paragraph(), section="大事记", genre=Genre.ENTRY, collection="b") for year in range(1949, 1953)
)
LAST = article("无栏目之文", *(paragraph(SENTENCE * 3) for _ in range(12)))
COLLECTIONS = {"a": Collection(id="a", title="中卫文史资料"), "b": Collection(id="b", title="中卫县大事记")}


@pytest.fixture
def book(pictures: Callable[[str], tuple[Path, str]]) -> Book:
    """Everything at once."""
    return make_book(
        (CANAL, TROUBLE, *ENTRIES, LAST),
        title="黄河古渡旧闻录",
        subtitle="文史资料精选",
        editor="县政协 编",
        pictures=pictures,
        collections=COLLECTIONS,
        made=MADE,
    )


def matter(title: str, *texts: str) -> Chapter:
    """A piece of front or back matter."""
    return Chapter(article(title, *map(paragraph, texts), genre=Genre.MATTER))


@pytest.fixture
def whole_book(book: Book) -> Book:
    """The same with all that stands around the texts."""
    first, *others = book.sections
    noted = replace(first.chapters[0], note=("编者按：此文为口述，", "地名从旧。"))
    sections = (Section(first.title, (noted, *first.chapters[1:]), ("本栏所收，皆渠工亲历。",)), *others)
    people = (Heading("张怀远", ("张怀远", "老张"), "Z"), Heading("张老汉", (), "Z", see="张怀远"))
    places = (
        Heading("七星渠", ("七星渠",), "Q"),
        Heading("银川", ("银川",), "Y"),
        Heading("不见之地", ("不见之地",), "B"),
    )
    return replace(
        book,
        series="朔津文史资料第二十三辑",
        publisher="朔津出版社",
        imprint=("责任编辑　李文", "印数 1—1000 册"),
        front=(matter("前言", "编书缘起，约略如此。"), matter("凡例", "一、文从旧字。")),
        sections=sections,
        back=(matter("后记", "承老张相助，谨致谢意。"),),
        picture_list=True,
        indexes=(Index("人名索引", people), Index("地名索引", places)),
    )


@pytest.fixture(scope="session")
def epubcheck() -> Callable[[Path], None]:
    """Asserts that EPUBCheck has nothing to say about a file; skips where it is not installed."""
    found = shutil.which("epubcheck")
    if found is None:
        pytest.skip("epubcheck is not on this machine")
    # Debian's command is the program itself, which only some systems start by name.
    command = ["java", "-jar", str(Path(found).resolve())] if zipfile.is_zipfile(found) else [found]

    def check(file: Path) -> None:
        done = subprocess.run(
            [*command, "--failonwarnings", str(file)], capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return check


@pytest.fixture(scope="session")
def tei_schema() -> Callable[[etree._Element], etree.RelaxNG]:
    """TEI without the elements a document does not use: what is valid by the part is valid by the whole.

    The whole takes eight seconds to compile.
    """
    data = lzma.decompress((Path(__file__).parent / "schemas" / "tei_all-4.3.0.rng.xz").read_bytes())
    rng = "{http://relaxng.org/ns/structure/1.0}"

    def schema_for(root: etree._Element) -> etree.RelaxNG:
        tree = etree.fromstring(data)
        used = {etree.QName(each).localname for each in root.iter(etree.Element)}
        for pattern in tree.iter(f"{rng}element"):
            if pattern.get("name") and pattern.get("name") not in used:
                pattern[:] = [etree.Element(f"{rng}notAllowed")]
        return etree.RelaxNG(etree.ElementTree(tree))

    return schema_for
