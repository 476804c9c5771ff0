"""Plain text: encodings, what is cleaned, Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.records import Cell, Kind, Manuscript, Run
from ingest.readers.plain_text import read
from ingest.text.characters import stored_characters
from ingest.text.encoding import detect

SIMPLIFIED = "我属龙，民国十七年生在老君渡，我爷、我大都是撑船的。那时候河上没有桥，来往的人都要过渡。"
TRADITIONAL = "我屬龍，民國十七年生在老君渡，我爺、我大都是撐船的。那時候河上沒有橋，來往的人都要過渡。"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


def took(file: Path) -> Manuscript:
    manuscript = read(file, file.name)
    accounted = sum(issue.characters for issue in manuscript.issues)
    assert manuscript.characters_in == stored_characters(manuscript.blocks) + accounted
    return manuscript


def saved(folder: Path, text: str, name: str = "稿.txt", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "utf-16-le"),
        (SIMPLIFIED, "utf-16-be"),
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED + "𠮷〇", "gb18030"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "big5"),
        ("Only ASCII here.", "ascii"),
        ("Only ASCII here.", "utf-16-le"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    assert [block.text for block in took(saved(tmp_path, text, encoding=encoding)).blocks] == [text]


@pytest.mark.parametrize("length", [6, 12, 30])
def test_short_texts_are_recognised(length: int) -> None:
    assert detect(SIMPLIFIED[:length].encode("gb18030")) == "gb18030"
    assert detect(TRADITIONAL[:length].encode("big5")) in ("cp950", "big5hkscs")


def test_binary_is_no_text() -> None:
    assert detect(bytes(range(256)) * 10) is None


def test_damaged_bytes_are_shown_and_placed(tmp_path: Path) -> None:
    data = f"{SIMPLIFIED}\n{SIMPLIFIED}".encode("gb18030")
    file = tmp_path / "损.txt"
    file.write_bytes(data[:-2] + b"\xff\xff")
    manuscript = took(file)
    assert "\ufffd" in manuscript.blocks[1].text
    assert [(issue.code, issue.place) for issue in manuscript.issues] == [("undecodable", "第 2 行")]


def test_control_characters_go_and_private_ones_stay(tmp_path: Path) -> None:
    manuscript = took(saved(tmp_path, "甲\0乙\x07丙\ue000丁\U000f0001\f戊"))
    assert [block.text for block in manuscript.blocks] == ["甲乙丙\ue000丁\U000f0001", "戊"]
    assert [(issue.code, issue.characters) for issue in manuscript.issues] == [
        ("control", 2),
        ("private-use", 0),
        ("private-use", 0),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_every_line_end_ends_a_paragraph(tmp_path: Path, end: str) -> None:
    assert [block.text for block in took(saved(tmp_path, f"甲{end}{end}　　乙{end}")).blocks] == ["甲", "乙"]


class TestMarkdown:
    def test_structure(self, tmp_path: Path) -> None:
        text = (
            "# 水车 #\n\n> 引的话\n\n正文*不变*[^1]。\n[^1]: 注文\n\n"
            "| 职务 | 姓名 |\n|---|:-:|\n| 主席 | 甲\\|乙 |\n\n## 其二\n- 项目\n"
        )
        manuscript = took(saved(tmp_path, text, "稿.md"))
        assert [(block.kind, block.text) for block in manuscript.blocks] == [
            (Kind.HEADING, "水车"),
            (Kind.QUOTATION, "引的话"),
            (Kind.PARAGRAPH, "正文*不变*。"),
            (Kind.NOTE, "注文"),
            (Kind.CELL, "职务"),
            (Kind.CELL, "姓名"),
            (Kind.CELL, "主席"),
            (Kind.CELL, "甲\\|乙"),
            (Kind.HEADING, "其二"),
            (Kind.PARAGRAPH, "- 项目"),
        ]
        assert manuscript.blocks[2].runs == (Run("正文*不变*"), Run("", note="1"), Run("。"))
        assert manuscript.blocks[4].cell == Cell(0, 0, 0, header=True)
        assert [issue.code for issue in manuscript.issues] == ["markup"]

    def test_brackets_without_a_note_are_text(self, tmp_path: Path) -> None:
        assert took(saved(tmp_path, "甲[^9]乙", "稿.md")).blocks[0].text == "甲[^9]乙"

    def test_local_picture_is_taken_along(self, tmp_path: Path) -> None:
        (tmp_path / "水车.png").write_bytes(PNG)
        manuscript = took(saved(tmp_path, "![老水车](水车.png)\n", "稿.md"))
        assert (manuscript.blocks[0].kind, manuscript.blocks[0].text) == (Kind.FIGURE, "老水车")
        assert manuscript.pictures[manuscript.blocks[0].picture].data == PNG

    @pytest.mark.parametrize("address", ["http://x/a.png", "../外.png", "无.png", "稿.md"])
    def test_other_pictures_are_reported(self, tmp_path: Path, address: str) -> None:
        folder = tmp_path / "内"
        folder.mkdir()
        (tmp_path / "外.png").write_bytes(PNG)
        manuscript = took(saved(folder, f"文![图]({address})", "稿.md"))
        assert not manuscript.pictures
        assert "linked-picture" in {issue.code for issue in manuscript.issues}

    def test_plain_text_keeps_its_hashes(self, tmp_path: Path) -> None:
        assert took(saved(tmp_path, "正文\n# 不是标题\n")).blocks[1].text == "# 不是标题"
