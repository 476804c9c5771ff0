"""`wenshi edit` with an editor that changes the file, `wenshi history`, and the Markdown between them."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cli.edit_markdown import written
from archive.cli.markdown_edits import taken_back
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import UsageError
from archive.model.records import Article, Block, Cell, Collection, Kind, Run, Style

LOCAL = Actor.local()
plain = Block.plain
BOLD, NOTE = Run("总管", Style.BOLD), Run("", note="1")
ARTICLE = Article(
    collection="c",
    blocks=(
        plain(Kind.TITLE, "水车"),
        plain(Kind.HEADING, "一、来历", level=1),
        Block(Kind.PARAGRAPH, (Run("由我祖父"), BOLD, Run("工料，"), NOTE, Run("转到十月。"))),
        plain(Kind.PARAGRAPH, "后来停了。"),
        plain(Kind.QUOTATION, "渠口之水\n昼夜轮转"),
        plain(Kind.CELL, "年份", cell=Cell(0, 0, 0)),
        plain(Kind.CELL, "亩|数", cell=Cell(0, 0, 1)),
        plain(Kind.NOTE, "管事。", label="1"),
        plain(Kind.COMMENT, "再核"),
    ),
)


def test_an_article_as_markdown() -> None:
    assert written(ARTICLE) == (
        "# 水车\n\n## 一、来历\n\n由我祖父总管工料，[^1]转到十月。\n\n后来停了。\n\n> 渠口之水\\\n昼夜轮转\n\n"
        "| 年份 | 亩\\|数 |\n\n[^1]: 管事。\n"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("转到十月", "转到了九月"), {2: "由我祖父总管工料，转到了九月。"}),
        (("# 水车", "# 筒车"), {0: "筒车"}),
        (("| 年份", "| 年代"), {5: "年代"}),
        (("亩\\|数", "面积"), {6: "面积"}),
        (("昼夜轮转", "昼夜不停"), {4: "渠口之水\n昼夜不停"}),
        (("管事。", "管事的人。"), {7: "管事的人。"}),
        (("工料，[^1]转", "工料，[^1]\n\n转"), {2: "由我祖父总管工料，", 3: "转到十月。"}),
        (("十月。\n\n后来", "十月。后来"), {2: "由我祖父总管工料，转到十月。后来停了。"}),
        (("\n\n后来停了。", ""), {3: "渠口之水\n昼夜轮转"}),
        (("后来停了。", "后来停了。\n\n## 二、尾声"), {3: "后来停了。", 4: "二、尾声"}),
        (("| 年份 | 亩\\|数 |", "| 年份 | 亩\\|数 |\n\n| 1958 | 三百 |"), {7: "1958", 8: "三百"}),
        (("| 年份 | 亩\\|数 |", "| 表头 | |\n\n| 年份 | 亩\\|数 |"), {5: "表头", 6: "", 7: "年份"}),
        (("| 年份 | 亩\\|数 |\n\n", ""), {4: "渠口之水\n昼夜轮转", 5: "管事。"}),
    ],
)
def test_what_was_changed_is_taken_back(change: tuple[str, str], expected: dict[int, str]) -> None:
    made = taken_back(ARTICLE, written(ARTICLE).replace(*change))
    assert {index: made.blocks[index].text for index in expected} == expected
    assert any(BOLD in block.runs for block in made.blocks)
    assert sum(run == NOTE for block in made.blocks for run in block.runs) == 1
    assert made.blocks[-1] == ARTICLE.blocks[-1]


def references(article: Article) -> list[tuple[str, int, str]]:
    """Every reference: the text of its block, the characters before it, its label."""
    return [
        (block.text, sum(len(one.text) for one in block.runs[:at]), run.note)
        for block in article.blocks
        for at, run in enumerate(block.runs)
        if run.note
    ]


def test_notes_come_go_and_move() -> None:
    text = written(ARTICLE)
    added = taken_back(ARTICLE, text.replace("停了。", "停了[^新]。") + "\n[^新]: 一说毁于水。\n")
    assert references(added)[1:] == [("后来停了。", 4, "新")]
    assert [(one.text, one.label) for one in added.blocks if one.kind is Kind.NOTE] == [
        ("管事。", "1"),
        ("一说毁于水。", "新"),
    ]
    gone = taken_back(ARTICLE, text.replace("[^1]转", "转").replace("\n\n[^1]: 管事。", ""))
    assert references(gone) == [] and Kind.NOTE not in {one.kind for one in gone.blocks}
    assert any(BOLD in block.runs for block in gone.blocks)
    moved = taken_back(ARTICLE, text.replace("工料，[^1]转", "工料，转").replace("十月。", "十月[^1]。"))
    assert references(moved) == [("由我祖父总管工料，转到十月。", 13, "1")]
    assert any(BOLD in block.runs for block in moved.blocks)
    other = taken_back(ARTICLE, text.replace("工料，[^1]转", "工料，转").replace("停了。", "停了[^1]。"))
    assert references(other) == [("后来停了。", 4, "1")]
    cell = taken_back(ARTICLE, text.replace("| 年份 |", "| 年份[^1] |").replace("工料，[^1]", "工料，"))
    assert references(cell) == [("年份", 2, "1")]


def test_a_paragraph_becomes_a_heading_and_a_row_keeps_its_table() -> None:
    made = taken_back(ARTICLE, written(ARTICLE).replace("后来停了。", "### 后来停了。").replace("> 渠口", "渠口"))
    assert (made.blocks[3].kind, made.blocks[3].level) == (Kind.HEADING, 2)
    assert made.blocks[4].kind is Kind.PARAGRAPH
    rows = taken_back(ARTICLE, written(ARTICLE).replace("| 年份 |", "| 表头 | |\n\n| 年份 |"))
    assert [one.cell for one in rows.blocks if one.cell] == [
        Cell(0, 0, 0),
        Cell(0, 0, 1),
        Cell(0, 1, 0),
        Cell(0, 1, 1),
    ]


def test_rows_of_cells_that_reach_over_others_are_not_torn() -> None:
    spanned = (
        plain(Kind.TITLE, "表"),
        plain(Kind.CELL, "甲", cell=Cell(0, 0, 0, row_span=2)),
        plain(Kind.CELL, "乙", cell=Cell(0, 0, 1)),
        plain(Kind.CELL, "丙", cell=Cell(0, 1, 1)),
    )
    article = Article(collection="c", blocks=spanned)
    for change in (("\n\n| 丙 |", ""), ("| 丙 |", "| 丁 | 戊 |\n\n| 丙 |")):
        with pytest.raises(UsageError, match="合并的格"):
            taken_back(article, written(article).replace(*change))


def test_what_cannot_be_taken_back_is_refused() -> None:
    for change in (
        ("[^1]转", "转"),
        ("[^1]: 管事。", ""),
        ("停了。", "停了[^2]。"),
        ("停了。", "停了。\n\n[^2]: 注。"),
        ("| 年份 | 亩", "| 年份 | 又 | 亩"),
        ("后来停了。", "| 新 | 表 |"),
        ("后来停了。", "后来停了。\n\n# 又一个题名"),
        ("后来停了。", "[^1]: 后来停了。"),
    ):
        with pytest.raises(UsageError):
            taken_back(ARTICLE, written(ARTICLE).replace(*change))


texts = st.lists(st.text("甲 \\|#>-[^]1:\n。", min_size=1, max_size=10).filter(str.strip), min_size=1, max_size=4)


@given(texts)
def test_markdown_that_was_not_touched_changes_nothing(paragraphs: list[str]) -> None:
    article = Article(
        collection="c", blocks=(plain(Kind.TITLE, "题"), *(plain(Kind.PARAGRAPH, one) for one in paragraphs))
    )
    assert taken_back(article, written(article)) == article


@pytest.fixture
def root(tmp_path: Path) -> Path:
    original = tmp_path / "a.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        library.session(LOCAL).add(original, "a.txt", [ARTICLE], ())
    return tmp_path


def wenshi(root: Path, *arguments: str, editor: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command; `editor` is a Python expression on the text `t`, which stands for what somebody types."""
    script = root / "editor.py"
    script.write_text(
        "import pathlib, sys\nfile = pathlib.Path(sys.argv[1])\nt = file.read_text(encoding='utf-8')\n"
        f"file.write_text({editor or 't'}, encoding='utf-8')\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-c", "from archive.cli.main import main; main()", "--library", str(root / "library")]
    environment = {**os.environ, "VISUAL": "", "EDITOR": shlex.join([sys.executable, str(script)])}
    return subprocess.run([*command, *arguments], capture_output=True, encoding="utf-8", env=environment, check=False)


def test_an_article_is_edited_and_its_history_told(root: Path) -> None:
    done = wenshi(root, "edit", "1", "--reason", "错字", editor="t.replace('停了', '毁了')")
    assert (done.returncode, done.stderr) == (0, "已保存为第 2 版，1 段有改动。\n")
    lines = wenshi(root, "history", "1").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["1", "2"] and lines[1].endswith("本机\t错字")
    assert wenshi(root, "history", "1", "--diff", "1", "2").stdout == "- 后来停了。\n+ 后来毁了。\n\n"
    told = json.loads(wenshi(root, "history", "1", "--diff", "1", "2", "--json").stdout)
    assert told == {"paragraphs": [{"before": "后来停了。", "after": "后来毁了。"}], "fields": []}
    assert wenshi(root, "edit", "1").stderr == "没有改动。\n"


def test_what_cannot_be_saved_is_not_lost(root: Path) -> None:
    failed = wenshi(root, "edit", "1", editor="t.replace('[^1]转', '转')")
    assert failed.returncode == 2 and "在正文里没有注码" in failed.stderr
    kept = Path(failed.stderr.splitlines()[0].partition("：")[2])
    assert "工料，转到十月" in kept.read_text(encoding="utf-8")
