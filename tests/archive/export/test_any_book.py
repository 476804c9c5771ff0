"""Books put together at random, from blocks no reader would make in that order: the files are valid all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from archive.export import EXPORTERS, Book, Chapter, Section
from archive.export.book import Heading, Index
from archive.export.house import house_style
from archive.model.records import Article, Block, Cell, Genre, Kind, Run, Style

CHARACTERS = "中文张三李四银川<>&\"'\n\t  ]]>𠮷1a，。“”\x0b\x85\u2028\r"


class Maker:
    """Makes books; the same seed makes the same book."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def words(self, most: int = 12) -> str:
        return "".join(self._random.choices(CHARACTERS, k=self._random.randint(0, most)))

    def run(self) -> Run:
        style = Style.NONE
        for each in Style:
            if self._random.random() < 0.15:
                style |= each
        note = self._random.choice(["", "", "", "1", "2", "3", "x"])
        return Run(self.words(), style, note, self._random.choice(["", "", "", "yīn<"]))

    def runs(self, most: int) -> tuple[Run, ...]:
        return tuple(self.run() for _ in range(self._random.randint(0, most)))

    def block(self) -> Block:
        kind = self._random.choice([each for each in Kind if each is not Kind.TITLE])
        block = Block(kind, self.runs(4), page=self._random.choice(["", "1", "2"]))
        if kind in {Kind.HEADING, Kind.LIST_ITEM}:
            return replace(block, level=self._random.randint(1, 9))
        if kind is Kind.NOTE:
            return replace(block, label=self._random.choice(["1", "2", "3", "y", ""]))
        if kind is Kind.FIGURE:
            block = replace(block, picture=self._random.choice(["wide", "tall", "broken", "vector", "absent"]))
        elif kind is not Kind.CELL:
            return block
        row, column, rows, columns = (self._random.randint(0, 5) for _ in range(4))
        cell = Cell(self._random.randint(0, 2), row, column, rows + 1, columns + 1, self._random.random() < 0.3)
        return replace(block, cell=cell) if kind is Kind.CELL or self._random.random() < 0.3 else block

    def chapter(self, genre: Genre, section: str) -> Chapter:
        blocks = [Block(Kind.TITLE, self.runs(2))]
        if self._random.random() < 0.4:
            blocks.append(Block.plain(Kind.HEADING, section or "x", level=1))
        blocks += [self.block() for _ in range(self._random.randint(0, 14))]
        article = Article(collection="a", genre=genre, section=section, blocks=tuple(blocks))
        return Chapter(article, self.words(), self.words(), self.notes())

    def notes(self) -> tuple[str, ...]:
        return tuple(self.words() for _ in range(self._random.randint(0, 2)))

    def section(self) -> Section:
        title = self._random.choice(["", "甲", "大事记", "1949年<"])
        genres = self._random.choices(list(Genre), k=self._random.randint(1, 6))
        return Section(title, tuple(self.chapter(genre, title) for genre in genres), self.notes())

    def book(self) -> Book:
        people = (
            Heading("张三", ("张三", "李四"), "Z"),
            Heading("三李<", ("三李",), "S"),
            Heading("王", (), see="张三"),
        )
        return Book(
            title="乱书" + self.words(),
            subtitle=self.words(),
            series=self.words(),
            imprint=(self.words(), self.words()),
            front=(self.chapter(Genre.MATTER, ""),),
            sections=tuple(self.section() for _ in range(12)),
            back=(self.chapter(Genre.MATTER, ""),),
            contents=self._random.random() < 0.7,
            picture_list=True,
            indexes=(Index("人名<索引", people), Index("", (Heading("银川", ("银川",)),))),
        )


@pytest.mark.parametrize("seed", [2, 7])
def test_tei(
    seed: int, pictures: Callable[[str], tuple[Path, str]], tmp_path: Path, tei_schema: Callable[..., etree.RelaxNG]
) -> None:
    EXPORTERS["tei"].write(replace(Maker(seed).book(), pictures=pictures), tmp_path / "book.xml")
    root = etree.parse(str(tmp_path / "book.xml")).getroot()
    schema = tei_schema(root)
    assert schema.validate(root), schema.error_log


def test_epub_in_columns(
    pictures: Callable[[str], tuple[Path, str]], tmp_path: Path, epubcheck: Callable[[Path], None]
) -> None:
    book = replace(Maker(2).book(), pictures=pictures, house=house_style("竖排"))
    EXPORTERS["epub"].write(book, tmp_path / "book.epub")
    epubcheck(tmp_path / "book.epub")


@pytest.mark.parametrize("seed", range(6))
def test_docuxml(seed: int, pictures: Callable[[str], tuple[Path, str]], tmp_path: Path) -> None:
    EXPORTERS["docuxml"].write(replace(Maker(seed).book(), pictures=pictures), tmp_path / "book.xml")
    documents = etree.parse(str(tmp_path / "book.xml")).findall("documents/document")
    assert len(documents) > 12
