"""Running heads that the conversion of an old format leaves behind are told; those it keeps are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.records import Article, Block, Kind
from ingest.pipeline import completeness
from ingest.pipeline.count_old_word import rich_text
from ingest.pipeline.count_text import HEADS
from ingest.pipeline.report import FileReport

RTF = (
    r"{\rtf1\ansi\ansicpg936{\header\pard \'ba\'d3\'cd\'e5 {\field{\*\fldinst PAGE}{\fldrslt 3}}\par}"
    r"{\footerf\pard \'b5\'da\'b6\'fe\'bc\'ad\par}\pard \'d5\'fd\'ce\'c4\par}"
)


@pytest.mark.parametrize(
    ("heads", "left"), [(["河湾 12", "第二辑"], []), (["河湾"], ["第二辑"]), ([], ["河湾", "第二辑"])]
)
def test_heads_are_counted_apart(tmp_path: Path, heads: list[str], left: list[str]) -> None:
    file = tmp_path / "稿.rtf"
    file.write_text(RTF, encoding="ascii")
    assert rich_text(file)[0].texts[HEADS].split() == ["河湾", "第二辑"]
    blocks = (Block.plain(Kind.TITLE, "正文"), *(Block.plain(Kind.HEADER, words) for words in heads))
    report = FileReport(file.name)
    assert completeness.check("rtf", file, [Article(collection="c", blocks=blocks)], report) is None
    assert [(issue.place, issue.message.split("”")[0].strip("“")) for issue in report.issues] == [
        (HEADS, words) for words in left
    ]
