"""The split table: written, corrected, read back; whatever it says, no block and no character is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.records import Article, Block, Collection, Genre, Kind, Layout, Manuscript, Person, Role, Style
from ingest.splitting import split_table
from ingest.splitting.proposal import Proposal
from ingest.splitting.split import Mode, propose
from ingest.splitting.split_table import COLUMNS, SplitTableError
from ingest.text.characters import stored_characters

HERE = Collection("w8", "第八辑")
TITLE, BYLINE, BODY = Layout("", 18, 1, True), Layout("", 12, 0, True), Layout("", 10.5)
TEXT = "那一年黄河水大，渡口停了半个月，船工都在岸上等着，谁也不敢下水。"
LINES = [
    ("第八辑", Layout("", 26, 1, True)), ("某县政协编", BYLINE), ("往事", Layout("", 22, 1, True)),
    ("水车记", TITLE), ("张三", BYLINE), (TEXT, BODY),
    ("渡船\n李四（口述）　王五（整理）", TITLE), (TEXT, BODY), ("老船", BODY), (TEXT, BODY),
    ("羊毛的路", TITLE), ("赵六", BYLINE), (TEXT, BODY), ("页眉", BODY),
]  # fmt: skip
BLOCKS = tuple(
    Block.plain(Kind.HEADER if words == "页眉" else Kind.PARAGRAPH, words) for words, _ in LINES
)  # the running head comes last, as readers put it
WHOLE = Manuscript(
    "第 八/辑.docx", "ab" * 32, BLOCKS, stored_characters(BLOCKS), layouts=tuple(layout for _, layout in LINES)
)
Cells = list[list[str]]


def proposal() -> Proposal:
    return propose(WHOLE, HERE, Mode.VOLUME)


def cells() -> Cells:
    return [line.split("\t") for line in split_table.to_tsv(proposal()).splitlines()]


def read_back(rows: Cells) -> tuple[Article, ...]:
    text = "\r\n".join("\t".join(row) for row in rows)
    return split_table.from_tsv(text, WHOLE, HERE).articles(WHOLE)


def corrected(change: Callable[[Cells], object]) -> tuple[Article, ...]:
    rows = cells()
    change(rows)
    return read_back(rows)


def put(rows: Cells, row: int, column: str, value: str) -> None:
    rows[row][COLUMNS.index(column)] = value


def outline(articles: tuple[Article, ...]) -> list[tuple[str, str, str]]:
    return [(one.genre.value, one.section, one.title) for one in articles]


def characters(blocks: list[Block]) -> Counter[str]:
    return Counter(
        character
        for block in blocks
        for run in block.runs
        if Style.GENERATED not in run.style
        for character in run.text
        if not character.isspace()
    )


def test_the_table_as_written() -> None:
    rows = cells()
    assert rows[0] == list(COLUMNS)
    assert [(row[1], row[3], row[4], row[5], row[6]) for row in rows[1:-1]] == [
        ("书前书后", "", "第八辑", "", "1"),
        ("栏目", "往事", "往事", "", "3"),
        ("收", "往事", "水车记", "张三", "4"),
        ("收", "往事", "渡船", "李四（口述）；王五（整理）", "7"),
        ("收", "往事", "羊毛的路", "赵六", "11"),
    ]
    assert rows[-1] == ["#文件", "ab" * 32, "13 块", f"{stored_characters(BLOCKS) - 2} 字", "第 八/辑.docx"]
    assert "居中" in rows[3][8]


def test_unchanged_it_gives_what_was_proposed() -> None:
    assert read_back(cells()) == proposal().articles(WHOLE)


def test_what_the_library_holds_is_for_people() -> None:
    proposed = proposal()
    told = replace(
        proposed, rows=tuple(replace(row, alike="与《水车》（编号 1，一辑）相同 83%") for row in proposed.rows)
    )
    rows = [line.split("\t") for line in split_table.to_tsv(told).splitlines()]
    assert rows[2][COLUMNS.index("馆藏相近")] == "与《水车》（编号 1，一辑）相同 83%"
    assert read_back(rows) == proposed.articles(WHOLE)
    shorter = [row[: COLUMNS.index("馆藏相近")] for row in rows]  # as tables were before there was this column
    assert read_back(shorter) == proposed.articles(WHOLE)


def test_a_deleted_row_joins_the_piece_before() -> None:
    articles = corrected(lambda rows: rows.pop(4))
    assert [one.title for one in articles] == ["第八辑", "往事", "水车记", "羊毛的路"]
    assert [block.text for block in articles[2].blocks][3] == "渡船\n李四（口述）　王五（整理）"


def test_a_joined_row_joins_the_row_above() -> None:
    assert corrected(lambda rows: put(rows, 4, "状态", "并入上篇")) == corrected(lambda rows: rows.pop(4))


def test_a_new_row_divides_and_is_read_from_the_text() -> None:
    new = [""] * len(COLUMNS)
    new[6] = "9"
    articles = corrected(lambda rows: rows.insert(5, new))
    assert [one.title for one in articles] == ["第八辑", "往事", "水车记", "渡船", "老船", "羊毛的路"]
    assert [one.number for one in articles] == [1, 2, 3, 4, 5, 6]


def test_another_boundary_moves_the_blocks() -> None:
    def change(rows: Cells) -> None:
        put(rows, 5, "首块", "9")
        put(rows, 5, "题名", "老船")

    articles = corrected(change)
    assert (articles[4].title, len(articles[3].blocks), len(articles[4].blocks)) == ("老船", 3, 5)


def test_corrected_title_authors_section_and_state() -> None:
    def change(rows: Cells) -> None:
        put(rows, 3, "题名", "忆水车")
        put(rows, 3, "作者", "马德山（口述）；李文秀（整理）；某某")
        put(rows, 3, "栏目", "新栏目")
        put(rows, 5, "状态", "书前书后")

    articles = corrected(change)
    assert articles[2].blocks[0].runs[0].style is Style.GENERATED
    assert [block.text for block in articles[2].blocks] == ["忆水车", "水车记", "张三", TEXT]
    assert articles[2].blocks[2].kind is Kind.PARAGRAPH
    assert articles[2].people == (
        Person("马德山", Role.NARRATOR), Person("李文秀", Role.RECORDER), Person("某某"),
    )  # fmt: skip
    assert (articles[2].section, articles[4].genre) == ("新栏目", Genre.MATTER)


def test_no_authors_are_none() -> None:
    articles = corrected(lambda rows: put(rows, 3, "作者", ""))
    assert (articles[2].people, articles[2].blocks[1].kind) == ((), Kind.PARAGRAPH)


def test_order_of_rows_is_the_order_of_articles() -> None:
    def change(rows: Cells) -> None:
        rows[3], rows[5] = rows[5], rows[3]

    assert [one.title for one in corrected(change)] == ["第八辑", "往事", "羊毛的路", "渡船", "水车记"]


def test_without_the_first_row_the_beginning_is_front_matter() -> None:
    articles = corrected(lambda rows: [rows.pop(1), rows.pop(1)])
    assert outline(articles)[0] == ("matter", "", "第八辑")
    assert len(articles[0].blocks) == 4  # three lines and the running head


@pytest.mark.parametrize(
    ("change", "row", "words"),
    [
        (lambda rows: put(rows, 2, "首块", "99"), 3, "不在这份稿件里"),
        (lambda rows: put(rows, 2, "首块", "0"), 3, "不在这份稿件里"),
        (lambda rows: put(rows, 2, "首块", "三"), 3, "不是数字"),
        (lambda rows: put(rows, 2, "首块", "1"), 3, "和第 2 行重复"),
        (lambda rows: put(rows, 2, "状态", "删"), 3, "不认识"),
        (lambda rows: put(rows, 1, "状态", "并入上篇"), 2, "没有可以并入的篇"),
        (lambda rows: rows.pop(), 7, "没有“#文件”一行"),
        (lambda rows: put(rows, 6, "状态", "cd" * 32), 7, "另一个文件"),
        (lambda rows: put(rows, 6, "置信度", "12 块"), 7, "现在读到 13 块"),
        (lambda rows: rows.pop(0), 1, "表头"),
        (lambda rows: rows.__delitem__(slice(1, 6)), 2, "一篇也没有"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(change: Callable[[Cells], object], row: int, words: str) -> None:
    with pytest.raises(SplitTableError, match=words) as caught:
        corrected(change)
    assert caught.value.place == f"分篇表第 {row} 行"
    assert caught.value.row == row
    assert caught.value.hint


def test_files_as_spreadsheets_save_them(tmp_path: Path) -> None:
    file = split_table.write(proposal(), WHOLE, tmp_path / "splits")
    assert file.name == "辑-abababab.tsv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert split_table.write(proposal(), WHOLE, tmp_path / "splits") == file
    text = split_table.read(file)
    for encoding in ("utf-16", "gb18030", "utf-8"):
        other = tmp_path / f"{encoding}.tsv"
        other.write_bytes(text.encode(encoding))
        assert split_table.from_tsv(split_table.read(other), WHOLE, HERE).articles(WHOLE) == proposal().articles(WHOLE)
    comma = text.replace("\t", ",")
    assert split_table.from_tsv(comma, WHOLE, HERE).articles(WHOLE) == proposal().articles(WHOLE)


def test_an_edited_table_is_never_overwritten(tmp_path: Path) -> None:
    file = split_table.write(proposal(), WHOLE, tmp_path)
    file.write_text("编者改过", encoding="utf-8")
    again = split_table.write(proposal(), WHOLE, tmp_path)
    assert (file.read_text(encoding="utf-8"), again.stem) == ("编者改过", f"{file.stem}-2")


def test_cells_are_no_formulas() -> None:
    blocks = (Block.plain(Kind.HEADING, "=1+1", level=1), Block.plain(Kind.PARAGRAPH, TEXT),
              Block.plain(Kind.HEADING, "二", level=1), Block.plain(Kind.PARAGRAPH, TEXT))  # fmt: skip
    whole = Manuscript("稿", "cd" * 32, blocks, stored_characters(blocks))
    text = split_table.to_tsv(propose(whole, HERE))
    assert "\t'=1+1\t" in text
    assert split_table.from_tsv(text, whole, HERE).articles(whole)[0].title == "=1+1"


_ROWS = st.lists(
    st.tuples(
        st.integers(1, len(BLOCKS) - 1),
        st.sampled_from(["收", "并入上篇", "栏目", "书前书后", ""]),
        st.sampled_from(["", "水车记", "另题", "第八辑", "渡船", "第八辑某县政协编往事"]),
        st.sampled_from(["", "张三", "李四（口述）；王五"]),
    ),
    min_size=1,
    unique_by=lambda row: row[0],
)


@given(_ROWS)
def test_every_block_once_whatever_the_table_says(edited: list[tuple[int, str, str, str]]) -> None:
    rows = cells()
    made = [["1", state, "", "", title, authors, str(first), "", "", ""] for first, state, title, authors in edited]
    made[0][1] = "收"
    articles = read_back([rows[0], *made, rows[-1]])
    blocks = [block for one in articles for block in one.blocks]
    assert characters(blocks) == characters(list(BLOCKS))
    assert all(one.blocks[0].kind is Kind.TITLE for one in articles)
    assert sum(block.text == TEXT for block in blocks) == 4
