"""Hard-wrapped lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.unwrap import Width, find_width, unwrap

PROSE = (
    "光绪三十年六月初八日黄河水大涨朔津官渡口水高二丈有余老君渡渡船二只漂没脚户七人溺死知县率乡勇抢护大济渠口昼夜不息堡中老幼皆上堤负土"
    "至十一日水始退田庐淹没者十之三四府中拨仓粮六百石赈济是年秋粮价大涨斗麦银一两二钱"
)


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    text = indent + text
    return [text[start : start + width] for start in range(0, len(text), width)]


def test_wrapped_paragraphs_are_put_back() -> None:
    lines = [line for start in range(0, 60, 7) for line in wrapped(PROSE[start:], 20, "　　")]
    result = unwrap(lines, find_width(lines))
    assert result.paragraphs == tuple(PROSE[start:] for start in range(0, 60, 7))
    assert (result.indented, result.indentation) == (9, 18)


def test_lines_of_all_lengths_stay() -> None:
    lines = [PROSE[start : start + 10 + 7 * (start % 9)] for start in range(40)]
    assert find_width(lines) is None
    assert unwrap(lines, None).paragraphs == tuple(lines)


def test_verse_of_equal_lines_stays() -> None:
    verse = ["白日依山尽黄河入海流欲穷千里目，更上一层楼。"] * 20
    assert find_width(verse) is None


def test_empty_line_ends_a_paragraph() -> None:
    assert unwrap(["甲" * 20, "", "乙" * 20, "丙"], Width(20)).paragraphs == ("甲" * 20, "乙" * 20 + "丙")


def test_indented_line_after_a_full_one_begins_a_paragraph_where_indents_mark_them() -> None:
    lines = [
        "　　" + "甲" * 18,
        "乙" * 20,
        "丙" * 5,
        "　　" + "丁" * 18,
        "戊" * 20,
        "　　" + "己" * 18,
        "庚" * 20,
        "辛" * 9,
    ]
    assert len(unwrap(lines, Width(20)).paragraphs) == 3


def test_latin_words_get_a_space_at_the_seam() -> None:
    lines = [
        "the quick brown fox jumps over the lazy dog and then",
        "it runs home to the yellow river where the old ferry",
        "crosses every morning at six",
    ] * 4
    assert (
        unwrap(lines, find_width(lines))
        .paragraphs[0]
        .startswith("the quick brown fox jumps over the lazy dog and then it")
    )


def test_the_hyphen_of_a_cut_word_becomes_a_soft_one() -> None:
    lines = [
        "the quick brown fox jumps over the lazy dog and the irri-",
        "gation canal of 1952-",
        "1953 and Sino-",
        "Soviet",
    ]
    (text,) = unwrap([lines[0], *lines[1:]], Width(20, latin=True)).paragraphs
    assert text.endswith("the irri\u00adgation canal of 1952-1953 and Sino-Soviet")


def test_han_seam_has_no_space() -> None:
    assert unwrap(["甲" * 18 + "ab", "乙"], Width(20)).paragraphs == ("甲" * 18 + "ab乙",)


@given(
    st.lists(st.text(alphabet="甲乙丙 　abc，。", max_size=30), max_size=30),
    st.sampled_from([None, Width(20), Width(60, True)]),
)
def test_no_character_is_lost(lines: list[str], width: Width | None) -> None:
    result = unwrap(lines, width)
    squeezed = "".join("".join(lines).split())
    assert "".join("".join(result.paragraphs).split()) == squeezed


def records(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def by_rule(text: str) -> tuple[str, ...]:
    """A line of 19 or more characters, indentation counted, runs on; full-width spaces at line starts are dropped."""
    found: list[str] = []
    runs_on = False
    for line in text.split("\n"):
        bare = line.lstrip("　")
        if runs_on:
            found[-1] += bare
        else:
            found.append(bare)
        runs_on = len(line) >= 19
    return tuple(found)


def test_gazetteer_follows_the_rule_exactly(shared_data: Path) -> None:
    texts = [record["text"] for record in records(shared_data / "sample" / "gazetteer_ningxia_trad.jsonl")]
    width = find_width([line for text in texts for line in text.split("\n")])
    assert [unwrap(text.split("\n"), width).paragraphs for text in texts] == [by_rule(text) for text in texts]


@pytest.mark.parametrize(
    "name",
    ["vol1_prose_78", "vol2_regulations_78", "chronicle_xixia", "diary_luxun_1912_1916", "orglist_gansu_officials"],
)
def test_paragraph_lines_are_never_joined(shared_data: Path, name: str) -> None:
    texts = [record["text"] for record in records(shared_data / "sample" / f"{name}.jsonl")]
    assert find_width([line for text in texts for line in text.split("\n")]) is None
