"""Folding: what is the same, and that offsets always lead back to stored text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import folding
from archive.text.folding import Folded, _table, changed_forms, fold, fold_character

TEXTS = st.text(alphabet=st.sampled_from("刘　勇 劉緒绪光〇○𠮷的，（）() Aa1１\n。\u200b\u00ad\ufe0e"), max_size=30)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("光緒", "光绪"),
        ("光緖", "光绪"),
        ("刘　勇", "刘勇"),
        ("劉 \u3000勇", "刘勇"),
        ("国发（1982）", "国发(1982)"),
        ("ＡＢＣ", "abc"),
        ("薴", "苎"),
        ("乾隆", "干隆"),
        ("一九五○年", "一九五〇年"),
        ("祐", "佑"),
        ("文\u200b化\u00ad馆", "文化馆"),
        ("葛\U000e0100根\ufe0e沟", "葛根沟"),
        ("刘\u2060　勇", "刘勇"),
        ("Mo\u00adtor", "motor"),
        ("⻓⼤", "长大"),
        ("ﾜﾝ", "ワン"),
        ("髙閣臨衞河", "高阁临卫河"),
        ("冦準與栁彧", "寇准与柳彧"),
        ("満鉄沿線", "满铁沿线"),
        ("羣峯竝峙", "群峰并峙"),
    ],
)
def test_same(written: str, same: str) -> None:
    assert fold(written).text == fold(same).text


@pytest.mark.parametrize(
    ("one", "other"),
    [("〇", "0"), ("刘 Liu", "刘Liu"), ("a b", "ab"), ("已", "巳"), ("𠮷", "吉"), ("勠", "戮"), ("堃", "坤")],
)
def test_different(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_table_is_one_to_one_and_final() -> None:
    table = _table()
    assert len(table) > 7000
    assert all(len(to) == 1 for to in table.values())
    assert not [to for to in table.values() if ord(to) in table], "folding twice must change nothing"


def test_no_space_arises_by_folding_between_han() -> None:
    """Dropping comes before folding; only white space may fold to white space."""
    assert all(chr(code).isspace() for code, to in _table().items() if to.isspace())


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert once.translate(_table()) == once


@given(TEXTS, st.data())
def test_spans_lead_back(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span(start, end)
    stored = text[first:last]
    assert 0 <= first < last <= len(text)
    assert fold(stored).text == folded.text[start:end]
    assert not stored[0].isspace() or folded.text[start].isspace()


def plainly_folded(text: str) -> Folded:
    """What `fold` promises, without its short cuts."""
    cuts: list[tuple[int, int]] = []
    dropped = 0
    for gap in folding._DROPPED.finditer(text):
        start = gap.start() - dropped
        dropped += gap.end() - gap.start()
        cuts.append((start, dropped))
    tight = folding._DROPPED.sub("", text)
    return Folded("".join(fold_character(char) or char for char in tight), tuple(cuts))


_CODES = (*range(0x3400), *range(0xA000, 0x11000), *range(0x1F000, 0x20000), *range(0xE0000, 0xE0200))


def test_13_characters_alone_and_between_han_are_folded_plainly() -> None:
    for char in map(chr, _CODES):
        assert fold(char) == plainly_folded(char), ascii(char)
        assert fold(f"刘{char}勇") == plainly_folded(f"刘{char}勇"), ascii(char)


@given(st.text() | st.text("刘勇光緒Ａ， \u3000\u200b\ufe00\n"))
def test_13_any_text_is_folded_plainly(text: str) -> None:
    assert fold(text) == plainly_folded(text)
    assert changed_forms(text) == {fold_character(char) for char in text} - {""}
