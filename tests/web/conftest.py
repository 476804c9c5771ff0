"""A small invented library that has one of everything a page must show."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import (
    Article,
    Block,
    Cell,
    Collection,
    Genre,
    Kind,
    Period,
    Person,
    Picture,
    Precision,
    Role,
    Run,
    Style,
)

LOCAL = Actor.local()

plain = Block.plain


def png(width: int, height: int) -> bytes:
    """A picture of one pale colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((214, 204, 180)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PNG = png(640, 360)
PICTURE = Picture(sha256(PNG).hexdigest(), PNG, "image/png")


def paragraph(*runs: Run | str) -> Block:
    return Block(Kind.PARAGRAPH, tuple(Run(run) if isinstance(run, str) else run for run in runs))


def table() -> Iterator[Block]:
    """Two rows of headings with spans, two of figures."""
    yield plain(Kind.CELL, "年份", cell=Cell(0, 0, 0, row_span=2, header=True))
    yield plain(Kind.CELL, "面积", cell=Cell(0, 0, 1, column_span=2, header=True))
    yield plain(Kind.CELL, "草方格", cell=Cell(0, 1, 1, header=True))
    yield plain(Kind.CELL, "造林", cell=Cell(0, 1, 2, header=True))
    for row, line in enumerate((("1958年", "1,200", "300"), ("1959年", "2,350", "860")), 2):
        for column, text in enumerate(line):
            yield plain(Kind.CELL, text, cell=Cell(0, row, column))


WHEEL = (
    "水车在我们这里叫“天车”。老人说，光绪三十年就有了第一架水车，轮高五丈，日夜不停，可以浇三百亩地。"
    "修水车的木匠姓段，从兰州请来，工钱是每天两升麦子。"
)
LATER = "又过了{}年，沙退了，水车也老了。后来通了电，抽水站代替了水车，可是老人们还说起当年治沙的事。"


def wells() -> Article:
    """The long article: headings, notes, a picture, a table, verse, formatting, hostile text."""
    blocks = (
        plain(Kind.TITLE, "清水县水车与治沙旧事"),
        plain(Kind.BYLINE, "马德山　口述　　李文华　整理"),
        paragraph(
            "我家住在清水县城南的柳树湾，门前就是黄河。民国二十三年春，村里公议重修水车，",
            Run("", note="1"),
            "由我祖父",
            Run("总管", Style.BOLD),
            "工料。那一年河水来得早，",
            Run("水车", Style.EMPHASIS),
            "转到了十月。",
        ),
        plain(Kind.HEADING, "一、水车的来历", level=1),
        plain(Kind.PARAGRAPH, WHEEL),
        plain(Kind.QUOTATION, "渠口之水，昼夜轮转，不假人力而田自润。乡人呼为天车，岁修一次，按亩摊派。"),
        plain(Kind.VERSE, "天车吱呀转不停，"),
        plain(Kind.VERSE, "一轮河水一轮金。"),
        plain(Kind.FIGURE, "水车旧影", picture=PICTURE.sha256),
        plain(Kind.CAPTION, "图1　柳树湾水车（1956年摄）"),
        plain(Kind.HEADING, "二、治沙", level=1),
        plain(Kind.HEADING, "（一）第一批草方格", level=2),
        paragraph(
            "1958年秋，县里组织治",
            Run("沙队，在沙窝子扎下第一批草方格", Style.UNDERLINE),
            "。参加治沙的有四百多人，",
            Run("", note="2"),
            "连同学生共六百人。治沙的办法，是把麦草铡成段，压进沙里，只露三寸。",
        ),
        plain(Kind.CAPTION, "表1　历年治沙面积（亩）"),
        *table(),
        plain(Kind.LIST_ITEM, "1. 先扎边，后扎心；", level=1),
        plain(Kind.LIST_ITEM, "2. 草要新，沙要湿。", level=1),
        paragraph(
            "那时的顺口溜<script>document.title='坏'</script>也记在工地的黑板上，写的人是",
            Run("亓", ruby="qí"),
            "先生。H",
            Run("2", Style.SUBSCRIPT),
            "O 与 10",
            Run("3", Style.SUPERSCRIPT),
            " 亩都是他算的。五十年代初，沙窝子还看不见一棵树。",
        ),
        *(plain(Kind.PARAGRAPH, LATER.format(number)) for number in "一二三四五六"),
        plain(Kind.NOTE, "水车：当地又称天车、翻车，以木为轮，借水力提水。", label="1"),
        plain(Kind.NOTE, "一说三百八十人，见县档案馆藏治沙工作总结。", label="2"),
        plain(Kind.COMMENT, "此处人数请再核。"),
    )
    return Article(
        collection="volume3",
        blocks=blocks,
        number=1,
        volume="第三辑",
        section="往事钩沉",
        people=(Person("马德山", Role.NARRATOR), Person("李文华", Role.RECORDER)),
        date=Period(2_446_067, 2_446_431, Precision.YEAR, "1985年"),
    )


def short(number: int) -> Article:
    """One of many short articles, so that there are pages to turn."""
    section = ("往事钩沉", "人物春秋", "工商史话")[number % 3]
    blocks = (
        plain(Kind.TITLE, f"清水县集市见闻之{number}"),
        plain(Kind.PARAGRAPH, f"第{number}次赶集是在{1950 + number}年。集上卖枸杞、甘草的最多，也有人说起水车。"),
    )
    start = date(1950 + number, 1, 1).toordinal() + 1_721_425  # to a Julian day
    return Article(
        collection="volume3",
        blocks=blocks,
        number=number,
        volume="第三辑",
        section=section,
        people=(Person(("张三", "李四", "王五", "赵六")[number % 4]),),
        date=Period(start, start + 364, Precision.YEAR, f"{1950 + number}年"),
    )


def entry(number: int) -> Article:
    """An entry of the chronicle."""
    blocks = (
        plain(Kind.TITLE, f"光绪三十{'一二三'[number]}年"),
        plain(Kind.PARAGRAPH, f"大旱{number + 1}月，河水断流，水车停转。"),
    )
    return Article(collection="annals", blocks=blocks, number=number + 1, genre=Genre.ENTRY)


COLLECTIONS = (
    Collection("volume3", "清水县文史资料 第三辑", "亲历、亲见、亲闻的史料。", volume="第三辑", invented=True),
    Collection("annals", "清水县大事记", kind="chronicle", invented=True),
)


def fill(library: Library, folder: Path) -> None:
    """Put the sample articles into an empty library."""
    for collection in COLLECTIONS:
        library.session(LOCAL).save_collection(collection)
    volume = folder / "第三辑.docx"
    volume.write_bytes(b"the original file")
    library.session(LOCAL).add(volume, volume.name, [wells(), *map(short, range(2, 32))], [], [PICTURE])
    annals = folder / "大事记.txt"
    annals.write_bytes("大事记".encode())
    library.session(LOCAL).add(annals, annals.name, [entry(number) for number in range(3)], [])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The sample library, one for each test module."""
    folder = tmp_path_factory.mktemp("web")
    with Library.create(folder / "library") as created:
        fill(created, folder)
        yield created
