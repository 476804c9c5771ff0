"""Periods as people type them."""

import pytest

from archive.dates import decade_of, describe, edtf, shipped_reader
from archive.model.errors import PeriodError
from archive.model.records import Period, Precision

MEANT = {
    "光绪三十年": "1904年2月16日—1905年2月3日",
    "光緒三十年": "1904年2月16日—1905年2月3日",
    "光绪年间": "1875年2月6日—1909年1月21日",
    "光绪": "1875年2月6日—1909年1月21日",
    "民国二十三年": "1934年",
    "民国": "1912年1月—1949年9月",
    "1950年代": "1950年—1959年",
    "五十年代初": "1950年—1953年",
    "1936..1945": "1936年—1945年",
    "1936…1945": "1936年—1945年",
    "1936-1945": "1936年—1945年",
    "1936—1945年": "1936年—1945年",
    "1958年秋": "1958年8月—1958年11月",
    "抗战时期": "1937年7月7日—1945年9月2日",
    "抗战": "1937年7月7日—1945年9月2日",
    "公元前221年": "公元前221年",
    "-220": "公元前221年",
    "19世纪末": "1891年—1900年",
    "清末": "1895年1月1日—1912年2月12日",
    "清": "1644年1月1日—1912年2月12日",
    "1949-10-01": "1949年10月1日",
    "1949-10": "1949年10月",
    "1949/10/1": "1949年10月1日",
    "1958": "1958年",
    "1949..": "1949年以后",
    "..1911": "1911年以前",
    "公元前": "公元前1年以前",
    "光绪三十年..民国元年": "1904年2月16日—1912年12月31日",
    "“十四五”": "2021年—2025年",
    " １９５８年 ": "1958年",
    "文革": "1966年5月16日—1976年10月6日",
    "1958年10月1日至12月": "1958年10月—1958年12月",
    "解放前": "1949年9月以前",
    "1958年农历八月十五": "1958年9月27日",
}


@pytest.mark.parametrize("text", MEANT)
def test_periods(text: str) -> None:
    period = shipped_reader().parse(text)
    assert describe(period) == MEANT[text]
    assert period.written == text.strip()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "没有写"),
        ("   ", "没有写"),
        ("胡说八道", "看不懂"),
        ("光绪" * 5000, "太长"),
        ("1958年13月", "没有这个月或这一天"),
        ("1958年2月30日", "没有这个月或这一天"),
        ("1958-13", "没有 13 月"),
        ("1958-02-30", "没有 30 日"),
        ("民国零年", "看不懂"),
        ("光绪五十年", "只到光绪 34 年"),
        ("2月30日", "看不懂"),
        ("1945..1936", "晚于"),
        ("1945-1936", "晚于"),
        ("..", "两头"),
        ("1958年秋天的故事", "看不懂"),
        ("今年", "看不懂"),
        ("3月", "看不懂"),
        ("1935年农历闰六月", "没有这个月或这一天"),
    ],
)
def test_what_is_refused_and_why(text: str, reason: str) -> None:
    with pytest.raises(PeriodError, match=reason) as refusal:
        shipped_reader().parse(text)
    assert "光绪三十年" in refusal.value.hint or "对调" in refusal.value.hint


def test_decades() -> None:
    assert decade_of(shipped_reader().parse("1958年秋")) == 1950
    assert decade_of(shipped_reader().parse("公元前221年")) == -220
    assert decade_of(shipped_reader().parse("解放前")) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("光绪三十年", "1904-02-16/1905-02-03"),
        ("1949-10", "1949-10"),
        ("1958", "1958"),
        ("1949-10-01", "1949-10-01"),
        ("1950年代", "195X"),
        ("五十年代初", "1950/1953"),
        ("1949..", "1949/.."),
        ("..1911-10-10", "../1911-10-10"),
        ("公元前221年", "-0220"),
        ("20世纪", "1901/2000"),
        ("抗战", "1937-07-07/1945-09-02"),
    ],
)
def test_edtf(text: str, written: str) -> None:
    assert edtf(shipped_reader().parse(text)) == written


def test_a_period_without_ends() -> None:
    period = Period(None, None, Precision.PERIOD)
    assert describe(period) == "不限"
    assert edtf(period) == "../.."
