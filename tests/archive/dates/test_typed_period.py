"""What people type into the box for a period: understood, or answered with what they may have meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.dates import describe, shipped_reader
from archive.model.errors import PeriodError

UNDERSTOOD = {
    "58/3": "1958年3月",
    "58.3.5": "1958年3月5日",
    "1958.3.": "1958年3月",
    "58-62": "1958年—1962年",
    "民23": "1934年",
    "近现代": "1840年1月—1949年9月",
    "当代": "1949年10月以后",
    "新时期": "1978年12月18日以后",
    "长征": "1934年10月10日—1936年10月22日",
    "九一八到七七": "1931年9月18日—1937年7月7日",
    "59年": "1959年",
    "53-57年": "1953年—1957年",
    "1966—76": "1966年—1976年",
    "1962秋": "1962年8月—1962年11月",
    "1962年底": "1962年11月—1962年12月",
    "1949后": "1949年以后",
    "1949前": "1949年以前",
    "1978至今": "1978年以后",
    "1978年到现在": "1978年以后",
    "1949年10月1日至今": "1949年10月以后",
    "1978-": "1978年以后",
    "约1850年": "1848年—1852年",
    "农历1949年七月": "1949年7月26日—1949年8月23日",
    "从1951到1954": "1951年—1954年",
    "1950s": "1950年—1959年",
    "五几年": "1950年—1959年",
    "民国二十几年": "1932年—1940年",
    "1962？": "1962年",
    "六二年春": "1962年2月—1962年5月",
    "东汉三国": "25年—280年",
    "元明清": "1271年1月1日—1912年2月12日",
    "先秦": "公元前2070年—公元前221年",
    "近代": "1840年1月—1949年9月",
    "新世纪以来": "2001年以后",
    "康熙雍正": "1662年2月18日—1736年2月11日",
    "光绪元年到宣统三年": "1875年2月6日—1912年2月17日",
    "七七事变到解放": "1937年7月7日—1949年10月1日",
    "鸦片战争到辛亥革命": "1840年6月28日—1912年2月12日",
    "康德二年": "1935年",
    "民国丁丑": "1937年",
    "20010612": "2001年6月12日",
}

OFFERED = {
    "58-03": ("1958-03", "1958..2003", "1958年", "2058年", "1858年"),
    "政协五届": ("全国政协第五届",),
    "戊戌年": ("1898年", "1958年", "1838年"),
    "甲子": ("1924年", "1864年", "1984年", "1804年"),
    "1951,1953": ("1951..1953", "1951", "1953"),
    "07": ("1907年", "2007年", "1807年"),
    "1958年13月": ("1958年",),
    "1950年2月30日": ("1950年",),
    "宣统九年": ("宣统3年", "宣统"),
    "文化大格命": ("文化大革命", "大革命"),
}


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_what_is_understood(text: str) -> None:
    period = shipped_reader().understand(text)
    assert describe(period) == UNDERSTOOD[text]
    assert period.written == text


@pytest.mark.parametrize("text", OFFERED)
def test_what_is_offered_can_be_asked_for(text: str) -> None:
    with pytest.raises(PeriodError) as refusal:
        shipped_reader().understand(text)
    nearest = refusal.value.nearest
    assert tuple(one.expression for one in nearest) == OFFERED[text]
    for one in nearest:
        again = shipped_reader().understand(one.expression)
        assert (again.start, again.end) == (one.start, one.end)
        assert one.expression in refusal.value.hint


@pytest.mark.parametrize("text", ["4月", "3月5日", "中秋", "清明", "上半年"])
def test_a_part_of_a_year_wants_its_year(text: str) -> None:
    with pytest.raises(PeriodError, match="没有写年份") as refusal:
        shipped_reader().understand(text)
    assert shipped_reader().understand(f"1958年{text}")
    assert f"1958年{text}" in refusal.value.hint


def test_this_year_is_offered_as_a_number() -> None:
    with pytest.raises(PeriodError) as refusal:
        shipped_reader().understand("今年")
    (one,) = refusal.value.nearest
    assert one.expression.removesuffix("年").isdigit()


def test_what_is_no_period_at_all_is_answered_with_examples() -> None:
    with pytest.raises(PeriodError, match="看不懂") as refusal:
        shipped_reader().understand("啦啦啦啦")
    assert refusal.value.nearest == ()
    assert "光绪三十年" in refusal.value.hint


def _typed() -> list[list[str]]:
    lines = Path(__file__).with_name("typed.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("row", _typed(), ids=lambda row: row[0])
def test_lines_as_people_type_them(row: list[str]) -> None:
    typed, kind, *expected = row
    if kind not in "?!":
        assert describe(shipped_reader().understand(typed)) == kind
        return
    with pytest.raises(PeriodError) as refused:
        shipped_reader().understand(typed)
    offered = [one.expression for one in refused.value.nearest]
    assert (offered or [refused.value.message]) == expected
    assert all(shipped_reader().understand(words) for words in offered), "each can be asked for"
