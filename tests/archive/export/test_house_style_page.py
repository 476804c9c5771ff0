"""docs/house-style.md names exactly what a house style may say, and its examples are right."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from archive.export.house import SIZES, BookLayout, PageFormat, TextStyle, house_style, house_styles, read
from archive.export.word.styles import table_of_styles

PAGE = Path(__file__).parents[3] / "docs" / "house-style.md"


def tables(heading: str) -> list[list[list[str]]]:
    """The tables below a heading, as rows of cells without their titles."""
    below = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}")[1].split("\n## ")[0]
    found: list[list[list[str]]] = []
    for block in re.split(r"\n(?=\n)|(?<=[^|])\n(?=\|)", below):
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.strip().splitlines()]
        if len(rows) > 2 and set(rows[1]) == {"---"}:
            found.append(rows[2:])
    return found


def keys(rows: list[list[str]]) -> list[str]:
    return [row[0].strip("`") for row in rows]


def test_top_level() -> None:
    (rows,) = tables("顶上的几项")
    assert keys(rows) == ["name", "base", "reference", "[page]", "[layout]", "[fonts]", "[styles]"]


@pytest.mark.parametrize(("heading", "kind"), [("[page]", PageFormat), ("[layout]", BookLayout)])
def test_keys_and_their_usual_values(heading: str, kind: type) -> None:
    (rows,) = tables(heading)
    assert keys(rows) == [field.name for field in fields(kind)]
    usual = getattr(house_style("16开"), heading.strip("[]"))
    for row in rows:
        value = getattr(usual, row[0].strip("`"))
        said = str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value
        assert row[-1].strip("`") == said, row[0]


def test_paragraph_styles_and_their_keys() -> None:
    properties, styles = tables("[styles]")
    assert keys(properties) == [field.name for field in fields(TextStyle)]
    assert set(keys(styles)) == set(house_style().styles) and len(styles) == len(house_style().styles)


def test_fonts() -> None:
    (rows,) = tables("[fonts]")
    roles = house_style("16开").fonts
    assert keys(rows) == list(roles)
    assert all(row[1].startswith(roles[row[0].strip("`")][0]) for row in rows)


def test_sizes() -> None:
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("字号名："))
    assert {name: float(size) for name, size in re.findall(r"(\w号|小\w|初号) ([\d.]+)", line)} == {
        name: float(size) for name, size in SIZES.items()
    }


def test_styles_in_word_carry_the_names_said() -> None:
    in_word = {
        "Title": "Title", "Subtitle": "Subtitle", "TOC 标题": "TOC Heading", "TOC 1": "toc 1", "TOC 2": "toc 2",
        "图表目录": "table of figures", "索引 1": "index 1", "索引标题": "index heading", "脚注文本": "footnote text",
        "页眉": "header", "页脚": "footer", "题注（Caption）": "caption", "引用（Quote）": "Quote",
        "列出段落（List Paragraph）": "List Paragraph", "标题 5 至 9": "heading 5",
    }  # fmt: skip
    names = {style.name for style in table_of_styles(house_style(), 8000).values()}
    for row in tables("[styles]")[1]:
        for said in row[2].split("；"):
            assert in_word.get(said, said.replace("标题 ", "heading ")) in names, said


def test_the_examples_can_be_read(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 2
    (tmp_path / "我社模板.docx").write_bytes(b"")
    for example in examples:
        tomllib.loads(example)
        (tmp_path / "own.toml").write_text(example, encoding="utf-8")
        house = read(tmp_path / "own.toml", house_styles())
        assert house.name in ("我社文史", "own")
