"""A notice, a thesis, a report are one article; what may be a book of chapters waits; weak titles are folded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from archive.model.records import Block, Collection, Kind, Layout, Manuscript
from ingest.splitting import split_table
from ingest.splitting.boundaries import Boundary, State
from ingest.splitting.contents_page import Match
from ingest.splitting.proposal import Proposal
from ingest.splitting.split import Mode, propose
from ingest.splitting.weak_titles import fold

HERE = Collection("c", "c")
Placed = tuple[Block, Layout]
BODY = "老人们说起当年修渠的事情，都还记得清清楚楚，那时的县长也来看过几回。"


def text(words: str, **layout: float) -> Placed:
    return Block.plain(Kind.PARAGRAPH, words), Layout(**layout)  # type: ignore[arg-type]


def head(words: str, level: int = 1) -> Placed:
    return Block.plain(Kind.HEADING, words, level=level), Layout()


def body(characters: int) -> Placed:
    return text((BODY * (characters // len(BODY) + 1))[:characters] + "。")


def manuscript(*placed: Placed) -> Manuscript:
    return Manuscript(
        "稿.docx", "ab" * 32, tuple(block for block, _ in placed), 0, layouts=tuple(layout for _, layout in placed)
    )


def proposed(*placed: Placed, mode: Mode = Mode.AUTO) -> tuple[Proposal, list[str]]:
    found = propose(manuscript(*placed), HERE, mode)
    return found, [str(issue.code) for issue in found.issues]


def titles(found: Proposal) -> list[str]:
    return [row.title for row in found.rows]


def under(titles: Sequence[str], characters: int, level: int = 1) -> list[Placed]:
    return [each for title in titles for each in (head(title, level), body(characters))]


THESIS = [
    text("县域水利史研究"), *under(["摘　要"], 300), *under(["Abstract"], 300), head("第一章 绪论"),
    *under([f"1.{at} 背景" for at in range(1, 6)], 1800, 2), head("第二章 水渠"),
    *under([f"2.{at} 沿革" for at in range(1, 9)], 2500, 2), *under(["参考文献", "致　谢"], 200),
]  # fmt: skip


@pytest.mark.parametrize(
    "placed",
    [
        [text("关于征集史料的通知"), *under(["一、范围", "二、时间", "三、办法"], 30, 2)],
        [text("关于征集史料的通知"), *under(["征集范围", "征集时间", "联系办法"], 30, 2)],
        [text("年度工作报告"), *under(["（一）水利", "（二）教育", "（三）卫生"], 900)],
        [head("年度工作报告"), *under(["1. 水利", "2. 教育", "3. 卫生"], 900, 2)],
        [text("履职回眸"), *under(["A 凝心铸魂", "B 建言献策", "C 为民服务"], 700)],
        [text("会议纪要"), *under(["议题一：征集史料", "议题二：出版计划", "议题三　其他"], 300)],
        [text("实施方案"), *under(["步骤1：普查", "步骤2：登记", "步骤3：核实"], 300)],
        THESIS,
        [
            (Block.plain(Kind.HEADING, block.text, level=1) if block.level else block, layout)
            for block, layout in THESIS
        ],
    ],
)
def test_one_article(placed: list[Placed]) -> None:
    found, _ = proposed(*placed)
    assert found.pieces == 1
    assert found.rows[0].title == placed[0][0].text


def test_that_it_was_taken_for_one_is_told() -> None:
    _, codes = proposed(text("关于征集史料的通知"), *under(["一、范围", "二、时间"], 30, 2))
    assert "one-work" in codes
    found, _ = proposed(text("通知"), *under(["一、范围", "二、时间"], 30, 2), mode=Mode.VOLUME)
    assert found.pieces == 3


@pytest.mark.parametrize(
    "placed",
    [
        under(["甲诗", "乙诗", "丙诗"], 80),
        [each for title in ("一、忆水车", "二、忆渡口") for each in (head(title), text("张三"), body(300))],
        [text("某县文史资料"), *under(["忆水车", "忆渡口", "忆学堂"], 300)],
    ],
)
def test_several_articles(placed: list[Placed]) -> None:
    found, _ = proposed(*placed)
    assert sum(row.state is State.TAKE for row in found.rows) >= 2
    assert not found.doubtful()


def test_long_chapters_wait() -> None:
    chapters = [f"第{number}章 沿革" for number in "一二三四五六七八九十"]
    found, _ = proposed(*under(chapters, 4000))
    assert len(found.doubtful()) == 10


def cut(first: int, state: State = State.TAKE, sure: float = 0.9, match: Match = Match.ABSENT) -> Boundary:
    return Boundary(first, state, f"题{first}", sure=sure, match=match)


class TestWeakTitles:
    BLOCKS = tuple(Block.plain(Kind.PARAGRAPH, "文" * 50) for _ in range(1000))

    def test_a_table_nobody_can_check_is_folded(self) -> None:
        cuts = [cut(at, sure=0.75, match=Match.SAME if at % 100 == 0 else Match.ABSENT) for at in range(0, 1000, 2)]
        kept, folded = fold(cuts, self.BLOCKS)
        assert [one.first for one in kept] == list(range(0, 1000, 100))
        assert len(folded) == 490

    def test_an_ordinary_table_stays(self) -> None:
        cuts = [cut(at, sure=0.55) for at in range(0, 1000, 20)]
        assert fold(cuts, self.BLOCKS) == (cuts, [])

    def test_the_likeliest_lines_beside_the_titles_stay(self) -> None:
        cuts = [cut(0), *(cut(at, State.JOIN, sure=0.5 + at / 1000) for at in range(1, 101))]
        kept, folded = fold(cuts, self.BLOCKS)
        assert [one.first for one in kept] == list(range(31))
        assert len(folded) == 70

    def test_what_is_folded_is_offered(self, tmp_path: Path) -> None:
        placed = [text("朔原县志", size=22, centred=True)]
        for number in range(400):
            placed += [text(f"河湾村沿革{number}", size=14, bold=1.0, centred=True), text(BODY * 2, size=12)]
        found, codes = proposed(*placed, mode=Mode.VOLUME)
        assert (found.pieces, len(found.offered), codes) == (1, 400, ["folded-titles"])
        table = split_table.write(found, manuscript(*placed), tmp_path)
        numbers = table.with_name(f"{table.stem}-块号.tsv").read_text(encoding="utf-8-sig").splitlines()
        assert sum(line.endswith("\t像题名") for line in numbers[1:]) == 400


@pytest.mark.parametrize(
    "marks", ["ABCD", "ＡＢＣＤ", "●●●●", ("Part 1 ", "Part 2 ", "Part 3 "), ("【A】", "【B】", "【C】"), ("", "", "")]
)
def test_the_subheads_of_a_press_report_are_its_parts(marks: Sequence[str]) -> None:
    report = [head("履职尽责显担当"), text("——河湾政协工作回眸"), text("本报记者　罗明　文/图"), body(300)]
    parts = [f"{mark}{words}" for mark, words in zip(marks, ("坚持党的领导", "聚焦中心大局", "心系民生"), strict=False)]
    found, codes = proposed(*report, *under(parts, 400))
    assert titles(found) == ["履职尽责显担当"]
    assert "one-work" in codes


def test_signed_reports_of_one_page_are_several() -> None:
    first = [head("履职尽责显担当"), text("本报记者　罗明"), body(300)]
    second = [head("水车复活了"), text("——河湾镇见闻"), text("本报通讯员　张三"), body(300)]
    found, _ = proposed(*first, *second, *under(["民生小事"], 300))
    assert titles(found) == ["履职尽责显担当", "水车复活了", "民生小事"]


def test_the_line_above_a_title_belongs_to_it() -> None:
    lines = [
        head("政协委员建言文化遗产", 2),
        head("水车复活了", 1),
        text("张三"),
        body(300),
        head("渡船", 1),
        text("李四"),
        body(300),
    ]
    found, _ = proposed(*lines)
    assert titles(found) == ["水车复活了", "渡船"]
    first, _ = found.articles(manuscript(*lines))
    assert [(block.kind, block.text) for block in first.blocks[:3]] == [
        (Kind.TITLE, "水车复活了"), (Kind.SUBTITLE, "政协委员建言文化遗产"), (Kind.BYLINE, "张三"),
    ]  # fmt: skip


def test_a_letterhead_belongs_to_its_document() -> None:
    lines = [text("河湾县人民政府文件"), text("河政发〔1985〕12号"), head("关于修渠的决定"), body(300)]
    found, _ = proposed(*lines)
    assert titles(found) == ["关于修渠的决定"]
    (one,) = found.articles(manuscript(*lines))
    assert [block.text[:9] for block in one.blocks[:3]] == ["关于修渠的决定", "河湾县人民政府文件", "河政发〔1985〕"]
