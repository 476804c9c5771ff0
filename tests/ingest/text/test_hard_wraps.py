"""Lines broken by hand in Word are paragraphs again, to the character; what is no wrapped text stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from archive.model.records import Block, Kind, Layout, Manuscript, Run, Style
from ingest.text.hard_wraps import rejoin

MARKS = "，，，，。；"


def prose(seed: int, length: int) -> str:
    """Some Chinese characters with a mark after every few of them, and a full stop."""
    codes = ((seed * 7919 + at * 104_729) % (40 * 94) for at in range(length - 1))
    letters = [bytes((0xB0 + code // 94, 0xA1 + code % 94)).decode("gb2312", "ignore") for code in codes]
    for at in range(9 + seed % 5, length - 3, 11 + seed % 3):
        letters[at] = MARKS[(seed + at) % len(MARKS)]
    return "".join(letters) + "。"


def wrapped(text: str, width: int, indent: int) -> Iterator[str]:
    """The lines of a paragraph; none begins with a mark, so a line may be one character short."""
    at, room = 0, width - indent
    while at < len(text):
        end = at + room
        if end < len(text) and text[end] in "，。；":
            end -= 1
        yield text[at:end]
        at, room = end, width


def manuscript(lines: Sequence[tuple[int, str]], title: str = "") -> Manuscript:
    """Paragraphs as a reader gives them: (indentation, text)."""
    blocks = [Block.plain(Kind.HEADING, title, level=1)] if title else []
    layouts = [Layout(size=16)] if title else []
    for indent, text in lines:
        blocks.append(Block.plain(Kind.PARAGRAPH, text))
        layouts.append(Layout(size=12, indent=indent))
    return Manuscript("稿.docx", "ab" * 32, tuple(blocks), 0, layouts=tuple(layouts))


@pytest.mark.parametrize("indent", [0, 2])
@pytest.mark.parametrize("width", [20, 28, 36])
def test_paragraphs_come_back(width: int, indent: int) -> None:
    texts = [prose(seed, 90 + seed * 23 % 140) for seed in range(12)]
    lines = [
        (indent if not number else 0, line)
        for text in texts
        for number, line in enumerate(wrapped(text, width, indent))
        if line
    ]
    found = rejoin(manuscript(lines, "水利旧事"))
    kept = [block.text for block in found.blocks[1:]]
    assert "".join(kept) == "".join(texts)
    if indent:
        assert kept == texts
    assert {issue.code for issue in found.issues} == {"unwrapped"}
    assert len(found.layouts) == len(found.blocks)


def test_lines_broken_with_shift_and_enter() -> None:
    texts = [prose(seed, 200) for seed in range(3)]
    found = rejoin(manuscript([(2, "\n".join(wrapped(text, 30, 2))) for text in texts]))
    assert [block.text for block in found.blocks] == texts


def test_styles_and_notes_stay_where_they_were() -> None:
    lines = [line for line in wrapped("".join(prose(seed, 80)[:-1] for seed in range(5)), 30, 0) if len(line) > 28]
    plain = manuscript([(0, line) for line in lines])
    runs = (Run(lines[1][:5], Style.BOLD), Run(lines[1][5:]), Run("", note="1"))
    blocks = [plain.blocks[0], Block(Kind.PARAGRAPH, runs), *plain.blocks[2:]]
    (found,) = rejoin(Manuscript("稿.docx", "ab" * 32, tuple(blocks), 0, layouts=plain.layouts)).blocks
    assert found.text == "".join(lines)
    assert [run for run in found.runs if run.style is Style.BOLD] == [runs[0]]
    assert found.runs[[run.note for run in found.runs].index("1") - 1].text.endswith(lines[1][5:])


def test_a_word_cut_at_a_line_end_is_one_word() -> None:
    lines = [
        "the reconstruction of the canal west of the admin-",
        "istrative headquarters was finished in the autumn of",
    ] * 5
    (found,) = rejoin(manuscript([(0, line) for line in lines])).blocks
    assert found.text.count("admin\u00adistrative") == 5
    assert found.text.count("autumn of the") == 4


@pytest.mark.parametrize(
    "lines",
    [
        [prose(seed, 60 + seed * 31 % 200) for seed in range(30)],  # ordinary paragraphs
        ["白日依山尽，", "黄河入海流。", "欲穷千里目，", "更上一层楼。"] * 5,
        [f"{name}，县文化馆馆员，一九五六年来县。" for name in ("张三", "李四", "王五", "赵六")] * 4,
        [prose(seed, 24) for seed in range(20)],  # one sentence each, all of one length
    ],
)
def test_what_is_not_wrapped_stays(lines: list[str]) -> None:
    whole = manuscript([(0, line) for line in lines])
    assert rejoin(whole) is whole


def test_a_centred_title_is_not_joined() -> None:
    lines = [line for line in wrapped("".join(prose(seed, 80)[:-1] for seed in range(6)), 30, 0) if len(line) > 28]
    first = manuscript([(0, line) for line in lines])
    blocks = (*first.blocks[:9], Block.plain(Kind.PARAGRAPH, "忆老水车"), *first.blocks[9:])
    layouts = (*first.layouts[:9], Layout(size=16, centred=True), *first.layouts[9:])
    found = rejoin(Manuscript("稿.docx", "ab" * 32, blocks, 0, layouts=layouts))
    assert [block.text for block in found.blocks] == ["".join(lines[:9]), "忆老水车", "".join(lines[9:])]
