"""Offsets, the running year, rival readings, contradictions."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.dates import day, iso, shipped_reader
from archive.dates.plain_form import plain
from archive.model.records import Block, Kind, Period, Precision

PIECES = st.sampled_from(
    [
        "光绪三十年",
        "民国",
        "二十三年",
        "1958年",
        "年",
        "月",
        "日",
        "3",
        "十",
        "五",
        "至",
        "—",
        "（",
        "）",
        "前",
        "后",
        "以来",
        "清",
        "乾隆",
        "丁丑",
        "　",
        " ",
        "\n",
        "，",
        "。",
        "秋",
        "初",
        "世纪",
        "年代",
        "五十",
        "农历",
        "正月",
        "闰",
        "文革",
        "时期",
        "建国",
        "同年",
        "是月",
        "公元前",
        "第",
        "约",
        "“",
        "”",
        "一九",
        "〇",
        "王",
        "的",
        "元",
        "𠮷",
        "1904.5",
        "-",
        "朝",
        "代",
        "甲子",
        "間",
        "２",
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


@given(TEXTS, st.none() | st.integers(min_value=-200, max_value=2100))
@example("光绪　三十\n年", None)
@example("1949年至1950年至" * 400, None)
@example("建国后的" * 400, None)
def test_offsets_always_point_at_the_text(text: str, year: int | None) -> None:
    found = shipped_reader().extract(text, year=year)
    for one in found:
        assert text[one.start : one.end] == one.text == one.period.written
        assert one.text.strip() == one.text != ""
        assert 0 < one.confidence <= 1
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(TEXTS)
def test_looking_at_two_characters_first_loses_nothing(text: str) -> None:
    folded = plain(text).text
    for kind in shipped_reader()._scanner.kinds:
        for match in kind.pattern.finditer(folded):
            assert {match[0][:1], folded[match.start() :][:2]} & kind.openings, kind.name


@given(TEXTS)
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = plain(text)
    for index in range(len(folded.text)):
        start, end = folded.origin(index, index + 1)
        assert end == start + 1
        assert plain(text[start:end]).text == folded.text[index] or folded.text[index].isspace()


def test_traditional_full_width_and_spaced_texts_read_alike() -> None:
    texts = ("光绪三十年三月", "光緒三十年三月", "光緒　三十 年\n三月", "光绪３０年３月", "光绪叁拾年叁月")
    spans = {(one.period.start, one.period.end) for text in texts for one in shipped_reader().extract(text)}
    assert len(spans) == 1


def test_the_year_runs_on_within_a_paragraph_and_not_beyond() -> None:
    found = shipped_reader().extract("1958年修渠，3月动工，同年秋竣工。\n\n5月，又修路。")
    assert [one.text for one in found] == ["1958年", "3月", "同年秋"]


def test_a_year_in_brackets_does_not_run_on() -> None:
    found = shipped_reader().extract("1958年5月，张某（1904年生）到任，6月离任。")
    assert [iso(one.period.start or 0) for one in found] == ["1958-05-01", "1904-01-01", "1958-06-01"]


def test_another_time_at_the_head_of_a_sentence_ends_the_year() -> None:
    found = shipped_reader().extract("1958年修渠。清代，此地无渠，5月引水。")
    assert [one.text for one in found] == ["1958年", "清代"]


def test_a_lunar_day_does_not_make_the_months_after_it_lunar() -> None:
    found = shipped_reader().extract("1947年正月初五出走，3月5日到兰州。")
    assert iso(found[1].period.start or 0) == "1947-03-05"


def test_rival_eras_are_kept() -> None:
    (one,) = shipped_reader().extract("至元三年置宁夏路")
    assert iso(one.period.start or 0) == "1266-02-14"
    assert [iso(other.start or 0) for other in one.others] == ["1337-02-09"]
    assert one.confidence < 1


def test_a_running_year_or_a_gloss_decides_between_eras() -> None:
    assert iso(shipped_reader().extract("1334年立碑，至元三年重立")[1].period.start or 0) == "1337-02-09"
    (glossed,) = shipped_reader().extract("至元三年（1337）立碑")
    assert (iso(glossed.period.start or 0), glossed.others) == ("1337-01-01", ())


def test_contradictions_in_print_keep_both_readings() -> None:
    (one,) = shipped_reader().extract("1947年（明弘治十年）立碑")
    assert one.conflict
    assert iso(one.period.start or 0) == "1947-01-01"
    assert [iso(other.start or 0) for other in one.others] == ["1497-02-11"]


def test_an_agreeing_gloss_is_no_contradiction() -> None:
    assert not any(one.conflict for one in shipped_reader().extract("1904年（光绪三十年），光绪二十九年（1904年1月）"))


@pytest.mark.parametrize("text", ["建国后", "解放前", "改革开放以来", "新中国成立初期"])
def test_vague_wording_is_marked(text: str) -> None:
    (one,) = shipped_reader().extract(text)
    assert one.vague


def test_precision_is_how_it_was_written() -> None:
    texts = {
        "1958年": Precision.YEAR,
        "1958年秋": Precision.SEASON,
        "五十年代": Precision.DECADE,
        "5月上旬": Precision.XUN,
    }
    for text, precision in texts.items():
        assert shipped_reader().extract(text, year=1958)[0].period.precision is precision


def _article(*blocks: Block) -> list[tuple[int, str, str]]:
    return [(one.block, one.period.written, iso(one.period.start or 0)) for one in shipped_reader().mentions(blocks)]


def test_year_headings_carry_to_the_blocks_below_them() -> None:
    found = _article(
        Block.plain(Kind.TITLE, "大事记"),
        Block.plain(Kind.HEADING, "1958年", level=2),
        Block.plain(Kind.PARAGRAPH, "3月，修渠。"),
        Block.plain(Kind.PARAGRAPH, "5月4日，开会。"),
        Block.plain(Kind.HEADING, "光绪三十年（1904）", level=2),
        Block.plain(Kind.PARAGRAPH, "三月，大水。"),
        Block.plain(Kind.HEADING, "附录", level=2),
        Block.plain(Kind.PARAGRAPH, "6月，无年。"),
    )
    assert found == [
        (1, "1958年", "1958-01-01"),
        (2, "3月", "1958-03-01"),
        (3, "5月4日", "1958-05-04"),
        (4, "光绪三十年（1904）", "1904-01-01"),
        (5, "三月", "1904-04-16"),
    ]


def test_a_line_that_is_only_a_year_carries_like_a_heading() -> None:
    found = _article(
        Block.plain(Kind.HEADING, "建国初期", level=1),
        Block.plain(Kind.PARAGRAPH, "1952年"),
        Block.plain(Kind.PARAGRAPH, "3月，分地。"),
        Block.plain(Kind.PARAGRAPH, "1953年"),
        Block.plain(Kind.PARAGRAPH, "6月，修渠。"),
        Block.plain(Kind.PARAGRAPH, "1954年，又修渠。"),
        Block.plain(Kind.PARAGRAPH, "7月，竣工。"),
        Block.plain(Kind.HEADING, "附录", level=1),
        Block.plain(Kind.PARAGRAPH, "8月，无年。"),
    )
    assert [(written, start) for _, written, start in found[2:]] == [
        ("3月", "1952-03-01"),
        ("1953年", "1953-01-01"),
        ("6月", "1953-06-01"),
        ("1954年", "1954-01-01"),
    ]  # whose July it is cannot be told


def _paragraphs(*texts: str) -> list[tuple[int, str, str]]:
    return _article(*(Block.plain(Kind.PARAGRAPH, text) for text in texts))


def test_a_line_that_is_only_a_month_stands_below_its_year() -> None:
    found = _paragraphs(
        "1966年", "3月", "26日，建厂。", "△是月，五人到厂。", "5月", "下旬，选址。", "1967年", "7日，停工。"
    )
    assert found[2:] == [
        (2, "26日", "1966-03-26"),
        (3, "是月", "1966-03-01"),
        (4, "5月", "1966-05-01"),
        (5, "下旬", "1966-05-21"),
        (6, "1967年", "1967-01-01"),
    ]  # the month of the year before is over


def test_an_entry_that_points_back_is_of_the_date_of_the_entry_above() -> None:
    found = _paragraphs(
        "1966年", "3月26日，建厂，原定1968年。", "27日，选址。", "●同日，招工。", "该　月 开炉。", "次年，停。"
    )
    assert found[3:] == [
        (2, "27日", "1966-03-27"),
        (3, "同日", "1966-03-27"),
        (4, "该　月", "1966-03-01"),
        (5, "次年", "1967-01-01"),
    ]


def test_a_paragraph_that_points_back_goes_on_from_the_one_above() -> None:
    assert _paragraphs(
        "他1938年入伍，1940年6月负伤。", "同年8月，回县养伤。", "不久，任区长。", "次年，调县。", "5月，病。"
    ) == [
        (0, "1938年", "1938-01-01"),
        (0, "1940年6月", "1940-06-01"),
        (1, "同年8月", "1940-08-01"),
        (3, "次年", "1941-01-01"),
    ]


def test_a_paragraph_that_begins_with_a_count_of_years_goes_on_in_the_reign_of_those_above() -> None:
    """As old gazetteers tell of disasters: 嘉靖五年…, and in the next paragraph 二十五年…."""
    entries = ("嘉靖五年春二月，大雨雹。", "城圮。", "二十五年夏五月，水。", "冬十月，地震。", "二十七年，大旱。")
    assert [(block, when) for block, _, when in _paragraphs(*entries)] == [
        (0, "1526-03-23"), (2, "1546-06-08"), (3, "1546-11-04"), (4, "1548-02-20"),
    ]  # fmt: skip
    republic = (
        "民国二年",
        "一月，设所。",
        "三年",
        "三月，设学校。",
        "1937年7月，停办。",
        "五年，重修。",
        "十年来，平安。",
    )
    assert [(block, when) for block, _, when in _paragraphs(*republic)] == [
        (0, "1913-01-01"), (1, "1913-01-01"), (2, "1914-01-01"), (3, "1914-03-01"), (4, "1937-07-01"),
    ]  # fmt: skip


def test_a_line_that_heads_the_chronicle_of_a_year_carries_like_a_heading() -> None:
    assert [when for _, _, when in _paragraphs("某县1958年大事记", "1月，开会。")] == ["1958-01-01", "1958-01-01"]


def test_the_entries_of_a_diary_count_from_the_days_that_head_them() -> None:
    written = day(1970, 1, 1)
    date = Period(written, written, Precision.DAY, "1970年1月1日")
    blocks = [
        Block.plain(Kind.HEADING, "1966年3月5日 星期六 小雨", level=1),
        Block.plain(Kind.PARAGRAPH, "今日到厂，昨日的信已收到。"),
        Block.plain(Kind.HEADING, "3月6日 晴", level=1),
        Block.plain(Kind.PARAGRAPH, "昨晚大雨。"),
        Block.plain(Kind.HEADING, "4月1日全厂大会", level=1),
        Block.plain(Kind.PARAGRAPH, "今日不记。"),
    ]
    found = [(one.block, iso(one.period.start or 0)) for one in shipped_reader().mentions(blocks, date=date)]
    assert found[1:-2] == [(1, "1966-03-05"), (1, "1966-03-04"), (2, "1966-03-06"), (3, "1966-03-05")]
    assert found[-1] == (5, "1970-01-01")  # what was done on a day is no entry of a diary
    lines = _paragraphs("1966年3月5日", "今日到厂。", "3月6日 晴", "昨晚大雨。", "7日 阴", "昨晚又雨。")
    assert [start for block, _, start in lines if block % 2] == ["1966-03-05", "1966-03-05", "1966-03-06"]
    assert len(_paragraphs("信收到。", "1966年3月5日", "信发出后，5月，他回县。")) == 1  # the date of a letter


def test_what_is_never_searched_has_no_mentions() -> None:
    assert not shipped_reader().mentions([Block.plain(Kind.HEADER, "1958年"), Block.plain(Kind.COMMENT, "光绪三十年")])


def test_rival_readings_become_mentions_of_their_own() -> None:
    found = shipped_reader().mentions([Block.plain(Kind.PARAGRAPH, "1947年（明弘治十年）立碑")])
    assert [(one.start, one.end, one.rule) for one in found] == [(0, 12, "gregorian+era!conflict")] * 2
    assert found[0].confidence >= found[1].confidence


def test_real_texts_are_read_without_failing(shared_data: Path) -> None:
    for name in ("gazetteer_ningxia_trad", "orglist_gansu_officials"):
        for line in (shared_data / "sample" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            assert all(text[one.start : one.end] == one.text for one in shipped_reader().extract(text))


# -- calendars that contradict each other


@pytest.mark.parametrize(
    ("text", "conflict"),
    [
        ("光绪三十年（1904）", False),
        ("光绪三十年（1905）", False),  # its twelfth month lies in 1905
        ("光绪三十年（1903）", True),
        ("光绪三十年（1906）", True),
        ("光绪三十年三月（1905）", True),
        ("光绪三十年十二月（1905）", False),
        ("民国二十六年（1937）", False),
        ("民国二十六年（1938）", True),
        ("民国二十六年（1936）", True),
        ("1938年（民国二十六年）", True),
        ("1905年（光绪三十年）", False),
        ("1906年（光绪三十年）", True),
        ("康德七年（1941）", True),
    ],
)
def test_two_calendars_agree_or_contradict_each_other(text: str, conflict: bool) -> None:
    (found,) = shipped_reader().extract(text)
    assert found.conflict is conflict
    assert bool(found.others) is conflict
    assert found.text == text


# -- what is open, and what counts from the text's own date


def _paragraph(text: str) -> list[Block]:
    return [Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text)]


def _spans(text: str, date: str = "", printed: int | None = None) -> list[tuple[str, str, bool]]:
    reader = shipped_reader()
    given = reader.parse(date) if date else None
    return [
        (
            "" if one.period.start is None else iso(one.period.start),
            "" if one.period.end is None else iso(one.period.end),
            one.open,
        )
        for one in reader.mentions(_paragraph(text), date=given, printed=printed)
    ]


def test_what_began_is_open_until_the_text_was_written() -> None:
    assert _spans("1952年起，设乡。", "1958年3月") == [
        ("1952-01-01", "1958-03-31", True),
        ("1952-01-01", "1952-12-31", False),
    ]


def test_what_began_ends_before_the_next_date_where_nobody_knows_when_the_text_was_written() -> None:
    assert _spans("1902年3月19日起，暴风。3月25日，又雨。") == [
        ("1902-03-19", "1902-03-24", True),
        ("1902-03-19", "1902-03-19", False),
        ("1902-03-25", "1902-03-25", False),
    ]


def test_what_lasted_so_many_days_ends_with_the_last_of_them() -> None:
    lasted, next_day = _spans("1902年3月19日起，暴风三日。3月25日，又雨。")
    assert (lasted, next_day) == (("1902-03-19", "1902-03-21", False), ("1902-03-25", "1902-03-25", False))


def test_what_has_no_end_at_all_stays_open() -> None:
    assert _spans("1902年3月起，暴风。") == [("1902-03-01", "", True), ("1902-03-01", "1902-03-31", False)]
    assert _spans("1902年以前，无渠。", "1958年") == [("", "1902-12-31", True)]
    assert _spans("文革后，复校。", "1985年") == [("1976-10-06", "1985-12-31", True)]


def test_this_year_counts_from_when_the_text_was_written_or_printed() -> None:
    assert _spans("今年3月开工，去年立项，上月停工。", "1987年5月") == [
        ("1987-03-01", "1987-03-31", False),
        ("1986-01-01", "1986-12-31", False),
        ("1987-04-01", "1987-04-30", False),
    ]
    assert _spans("去冬今春，抢修水渠。", printed=1987) == [
        ("1986-11-01", "1987-02-28", False),
        ("1987-02-01", "1987-05-31", False),
    ]
    assert _spans("今年3月开工，前年立项。") == []
    (rule,) = {one.rule for one in shipped_reader().mentions(_paragraph("今年开工。"), printed=1987)}
    assert rule == "print"


def _rules(*paragraphs: str, date: str = "", printed: int | None = None) -> list[tuple[str, str]]:
    reader = shipped_reader()
    blocks = [Block.plain(Kind.TITLE, "题"), *(Block.plain(Kind.PARAGRAPH, text) for text in paragraphs)]
    found = reader.mentions(blocks, date=reader.parse(date) if date else None, printed=printed)
    return [(one.rule, iso(one.period.start or 0)) for one in found]


def test_a_day_without_its_year_is_of_the_year_in_which_the_text_was_written_or_printed() -> None:
    assert _rules("3月5日，开会，次日闭幕。", date="1984-04-02") == [("own", "1984-03-05"), ("relative", "1984-03-06")]
    assert _rules("三月五日，开会。年底再开。", printed=1987) == [("print", "1987-03-05"), ("print", "1987-11-01")]
    assert _rules("28日，开会。", date="1984-01-29") == [("own", "1984-01-28")]
    assert _rules("12月28日，开会，30日散会。", date="1984-01-05") == [("own", "1983-12-28"), ("own", "1983-12-30")]
    assert _rules("3月5日，开会。") == []


def test_what_tells_of_another_time_does_not_lean_on_the_day_of_writing() -> None:
    assert _rules("三月五日，天刚亮。", "那是1949年。", date="1987-05-01") == [("gregorian", "1949-01-01")]
    assert _rules("民国卅八年，城破。", "三月五日，天刚亮。", date="1987-05-01") == [
        ("republic", "1949-01-01"),
        ("month", "1949-03-05"),
    ]
    assert _rules("同年入党，次年提干，44年负伤。秋天，满山红叶。戊戌年生。", date="1987-05-01") == []


def test_a_day_that_never_was_leaves_its_year_and_says_so() -> None:
    (found,) = shipped_reader().extract("1950年2月29日")
    assert (found.impossible, found.confidence) == (True, 0.5)


def test_in_a_chronicle_last_year_counts_from_the_year_of_the_heading_not_from_that_of_print() -> None:
    blocks = (Block.plain(Kind.HEADING, "1958年", level=1), Block.plain(Kind.PARAGRAPH, "粮食比去年增产两成。"))
    found = shipped_reader().mentions(blocks, printed=1986)
    assert [(one.rule, iso(one.period.start or 0)) for one in found if one.block == 1] == [("relative", "1957-01-01")]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("昨日，县政协开会。", ["2024-09-02"]),
        ("主席今天到会，前天在县城，明晚返回。", ["2024-09-03", "2024-09-01", "2024-09-04"]),
        ("昨夜大雨，今晨转晴。", ["2024-09-02", "2024-09-03"]),
        ("今午起程。昨天上午9点至今，来信三封。", ["2024-09-03", "2024-09-02"]),
        ("（新华社兰州二日电）水利会议今天闭幕。", ["2024-09-02", "2024-09-02"]),
        ("直到今天，今日的河湾，时至今日，光明日报，当今日本，今天气温。", []),
    ],
)
def test_days_counted_from_the_day_of_writing(text: str, days: list[str]) -> None:
    written = day(2024, 9, 3)
    blocks = (Block.plain(Kind.TITLE, "会议"), Block.plain(Kind.PARAGRAPH, text))
    date = Period(written, written, Precision.DAY, "2024年9月3日")
    found = shipped_reader().mentions(blocks, date=date)
    assert [iso(one.period.start) for one in found if one.period.start is not None] == days
    assert all(one.rule == "own" for one in found)
    extracted = shipped_reader().extract(text, year=2024, month=9, day=written)
    assert [iso(one.period.start) for one in extracted if one.period.start is not None] == days
    by_month = Period(day(2024, 9, 1), day(2024, 9, 30), Precision.MONTH, "2024年9月")
    assert shipped_reader().mentions(blocks, date=by_month) == (), "the day is not known"
