"""What a text is called whose lines show no title."""

from __future__ import annotations

import pytest

from archive.model.records import Block, Collection, Kind, Manuscript
from ingest.splitting.file_title import file_title, is_placeholder
from ingest.splitting.split import Mode, split

PROSE = "民国二十三年大旱，县长率民夫开渠。"

NAMELESS = (
    "", "无标题", "未命名文档", "无标题-1", "新建文本文档", "新建文本文档 (2).txt", "新建 Microsoft Word 文档.docx",
    "新建 Microsoft Word 文档 - 副本", "新建_DOC_文档", "文档1", "Document1", "Doc1", "文字文稿1", "WPS文字 - 文档2",
    "Microsoft Word - 文档1", "untitled", "New Microsoft Word Document (3)", "[键入文档标题]", "(anonymous)",
    "PowerPoint 演示文稿", "工作簿1", "Sheet1", "扫描0001", "IMG_20200304_112233", "微信图片_20230304112233",
)  # fmt: skip
NAMED = (
    "无题", "1958", "忆水车", "文件汇编", "新建村史", "文字狱", "标题党", "表1 历年产量", "新文化", "照片",
    "Word 里的水车", "第十二辑", "扫描件整理办法", "无标题的画", "文档工作四十年",
)  # fmt: skip


@pytest.mark.parametrize("title", NAMELESS)
def test_a_title_that_a_program_made_is_none(title: str) -> None:
    assert is_placeholder(title)


@pytest.mark.parametrize("title", NAMED)
def test_a_title_that_somebody_gave_is_kept(title: str) -> None:
    assert not is_placeholder(title)


def _manuscript(name: str, *lines: str, title: str = "") -> Manuscript:
    blocks = tuple(Block.plain(Kind.PARAGRAPH, line) for line in lines)
    return Manuscript(name, "0" * 64, blocks, sum(map(len, lines)), properties={"title": title} if title else {})


@pytest.mark.parametrize(
    ("name", "stated", "called", "source"),
    [
        ("水车.docx", "无标题", "水车", "文件名"),
        ("水车.docx", "忆水车", "忆水车", "文件属性"),
        ("水车.pdf", "Microsoft Word - 忆老水车.doc", "忆老水车", "文件属性"),
        ("新建 Microsoft Word 文档.docx", "文档1", "民国二十三年大旱", "正文开头"),
        ("Document1.docx", "", "民国二十三年大旱", "正文开头"),
    ],
)
def test_a_text_is_called_by_properties_name_or_first_words(name: str, stated: str, called: str, source: str) -> None:
    assert file_title(_manuscript(name, PROSE, title=stated)) == (called, source)


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.ARTICLE, Mode.ROSTER])
def test_no_article_is_called_by_a_placeholder_and_no_character_is_lost(mode: Mode) -> None:
    manuscript = _manuscript("新建文本文档.txt", "无标题", PROSE, PROSE, title="untitled")
    (article,) = split(manuscript, Collection("c", "c"), mode).articles
    assert not is_placeholder(article.title)
    assert [block.text for block in article.blocks[1:]][-2:] == [PROSE, PROSE]
    assert "无标题" in [block.text for block in article.blocks]


def test_a_line_of_two_sentences_is_no_title() -> None:
    (article,) = split(_manuscript("水车.html", "民国二十三年大旱。县长开渠"), Collection("c", "c"), Mode.AUTO).articles
    assert (article.title, article.blocks[1].text) == ("水车", "民国二十三年大旱。县长开渠")
