"""Every way of writing a year beside every month, day, part, suffix and range: what is read is what arithmetic says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, product

import pytest

from archive.dates import iso, lunar, shipped_reader
from archive.dates.calendar import day, month_span, years_span

Span = tuple[int | None, int | None]
FRAMES = (
    "{}，县文化馆成立。",
    "县文化馆成立于{}。",
    "{}县文化馆成立。",
    "自{}全县推行新法。",
    "据载，{}在此设卡。",
    "（{}）立。",
    "王某，{}生。",
    "李氏{}迁来。",
)
DIGITS = "〇一二三四五六七八九"
FORMAL = dict(zip("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾", strict=True))

CIVIL_YEARS = {
    1958: ("1958年", "一九五八年", "１９５８年", "公元1958年", "1 9 5 8 年", "民国四十七年"),
    1936: (
        "1936年", "民国25年", "民国二十五年", "民国廿五年", "民国贰拾伍年", "中华民国二十五年", "民国二十五年（1936）",
        "民国廿五年（一九三六年）", "1936年（民国二十五年）", "民国丙子年", "民国二十五年岁次丙子",
    ),
    2003: ("二〇〇三年", "二零零三年", "二OO三年", "2003年"),
}  # fmt: skip
REIGN_YEARS = {
    1904: ("光绪三十年", "光緒卅年", "清光绪30年", "光绪甲辰年", "光绪叁拾年", "大清光绪三十年岁次甲辰"),
    1790: ("乾隆五十有五年", "清乾隆五十五年"),
    1142: ("南宋绍兴十二年",),
}
LUNAR_MONTHS = {1: ("正月", "一月"), 3: ("三月", "3月"), 8: ("八月", "桂月"), 11: ("冬月", "十有一月"), 12: ("腊月",)}
LUNAR_DAYS = {
    1: ("初一日", "初一", "朔日"),
    10: ("初十", "十日"),
    15: ("十五日", "望日"),
    23: ("廿三日", "二十三", "念三日"),
}


def _numeral(count: int) -> str:
    tens, ones = divmod(count, 10)
    if tens < 2:
        return "十" * tens + DIGITS[ones] * bool(ones)
    return f"{DIGITS[tens]}十" + DIGITS[ones] * bool(ones)


def _short(count: int) -> str:
    return _numeral(count).replace("三十", "卅").replace("二十", "廿")


def _formal(count: int) -> str:
    return "".join(FORMAL[character] for character in _numeral(count))


MONTHS: tuple[Callable[[int], str], ...] = (str, _numeral, _formal)
DAYS: tuple[Callable[[int], str], ...] = (str, _numeral, _short, _formal)


def _quarters(year: int) -> dict[str, Span]:
    autumn = (day(year, 8, 1), month_span(year, 11)[1])
    return {
        "春": (day(year, 2, 1), month_span(year, 5)[1]),
        "之春": (day(year, 2, 1), month_span(year, 5)[1]),
        "夏天": (day(year, 5, 1), month_span(year, 8)[1]),
        "秋": autumn,
        "深秋": autumn,
        "冬季": (day(year, 11, 1), month_span(year + 1, 2)[1]),
        "初": (day(year, 1, 1), day(year, 3, 31)),
        "底": (day(year, 11, 1), day(year, 12, 31)),
        "上半年": (day(year, 1, 1), day(year, 6, 30)),
        "三季度": (day(year, 7, 1), day(year, 9, 30)),
        "前十个月": (day(year, 1, 1), day(year, 10, 31)),
        "国庆节": (day(year, 10, 10 if year < 1949 else 1),) * 2,  # 双十 before the People's Republic
    }


def _of_civil_years() -> Iterator[tuple[str, Span]]:
    for year, written in CIVIL_YEARS.items():
        for name in written:
            yield name, years_span(year, year)
            yield from ((name + part, span) for part, span in _quarters(year).items())
            for month, style in product((1, 10, 12), MONTHS):
                first, last = month_span(year, month)
                told = f"{name}{style(month)}月"
                yield told, (first, last)
                yield f"{told}份", (first, last)
                yield f"{told}份上旬", (first, first + 9)
                yield f"{told}下旬", (first + 20, last)
                for number, of_month in product((1, 10, 21, 30), DAYS):
                    yield f"{told}{of_month(number)}日", (first + number - 1, first + number - 1)


def _of_reigns() -> Iterator[tuple[str, Span]]:
    for year, written in REIGN_YEARS.items():
        for name in written:
            yield name, lunar.year_span(year)
            for month, styles in LUNAR_MONTHS.items():
                span = lunar.month_span(year, month)
                assert span
                for style in styles:
                    yield name + style, span
                    yield f"{name}{style}底", (span[0] + 20, span[1])
                    for number, days in LUNAR_DAYS.items():
                        found = lunar.day(year, month, number)
                        yield from ((name + style + of_month, (found, found)) for of_month in days)


def _of_ranges() -> Iterator[tuple[str, Span]]:
    ends = (("1936", "1949"), ("一九三六", "一九四九"), ("民国25", "民国38"), ("民国二十五", "三十八"))
    for (first, last), between in product(ends, ("至", "到", "—", "——", "～", "-")):
        yield f"{first}年{between}{last}年", years_span(1936, 1949)
        if first.isdigit():
            yield f"{first}{between}{last}年", years_span(1936, 1949)
    for name, between in product(CIVIL_YEARS[1936][:5], ("至", "—", "到")):
        yield f"{name}3月{between}5月", (day(1936, 3, 1), day(1936, 5, 31))
        yield f"{name}3月5日{between}8日", (day(1936, 3, 5), day(1936, 3, 8))
        yield f"{name}三月五日{between}五月八日", (day(1936, 3, 5), day(1936, 5, 8))
        yield f"{name}3月{between}次年5月", (day(1936, 3, 1), day(1937, 5, 31))


def _of_suffixes() -> Iterator[tuple[str, Span]]:
    names = {name: years_span(year, year) for year, written in CIVIL_YEARS.items() for name in written}
    names |= {name: lunar.year_span(year) for year, written in REIGN_YEARS.items() for name in written}
    for (name, (start, _)), since in product(names.items(), ("以来", "起", "以后", "之后", "至今")):
        yield name + since, (start, None)
    for (name, (_, end)), until in product(names.items(), ("以前", "之前")):
        yield name + until, (None, end)


def _of_stretches() -> Iterator[tuple[str, Span]]:
    parts = {"": (0, 9), "初": (0, 3), "之初": (0, 3), "中期": (4, 6), "中后期": (4, 9), "后期": (7, 9), "末": (7, 9)}
    for name, (part, (first, last)) in product(
        ("1950年代", "五十年代", "20世纪50年代", "上世纪五十年代"), parts.items()
    ):
        yield name + part, years_span(1950 + first, 1950 + last)
    for name, (part, (first, last)) in product(
        ("19世纪", "十九世纪"), {"": (1, 100), "初": (1, 20), "末": (91, 100), "上半叶": (1, 50)}.items()
    ):
        yield name + part, years_span(1800 + first, 1800 + last)
    for name in ("十九、二十世纪之交", "19世纪末20世纪初", "十九世纪末至二十世纪初"):
        yield name, years_span(1891, 1920)


def _of_edges() -> Iterator[tuple[str, Span]]:
    for name, edge, (years, count) in product(
        ("20世纪", "二十世纪", "上个世纪"),
        ("头", "前", "最初", "最后", "的头"),
        {"十": 10, "二十": 20, "30": 30}.items(),
    ):
        last = edge == "最后"
        yield f"{name}{edge}{years}年", years_span(2001 - count, 2000) if last else years_span(1901, 1900 + count)
    for joint, name in product("和与、至", ("五十{}六十年代", "20世纪50{}60年代", "1950{}1960年代")):
        yield name.format(joint), years_span(1950, 1969)


def _of_rulers() -> Iterator[tuple[str, Span]]:
    for name, year in {"民国前": 1912, "民国纪元前": 1912, "民元前": 1912}.items():
        for count in (1, 3, 10):
            yield f"{name}{_numeral(count)}年", years_span(year - count, year - count)
    kings = {"周赧王": -313, "周慎靓王": -319, "秦惠文王": -336, "秦惠文王更元": -323, "秦昭襄王": -305, "鲁僖公": -658}
    for name, one in kings.items():
        for count, written in ((1, "元"), (5, "五"), (6, "6")):
            if count <= 6:
                yield f"{name}{written}年", years_span(one + count - 1, one + count - 1)
    for (pair, first, last), unit in product(
        (("正嘉", 1506, 1566), ("嘉隆", 1522, 1572), ("成弘", 1465, 1505)), ("间", "年间", "之际")
    ):
        begun = lunar.year_span(first)[0]
        for name in (pair, "、".join(pair)):
            yield name + unit, (begun, lunar.year_span(last)[1])


ALL = (_of_civil_years, _of_reigns, _of_ranges, _of_suffixes, _of_stretches, _of_edges, _of_rulers)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_what_is_written_means_what_arithmetic_says(kind) -> None:
    reader, wrong, frames = shipped_reader(), [], cycle(FRAMES)
    closed = (frame for frame in cycle(FRAMES) if frame.index("{}") == 0)
    for written, span in kind():
        text = next(closed if None in span else frames).format(written)
        found = [(one.text.strip("（）"), one.period.start, one.period.end) for one in reader.extract(text)]
        if found != [(written.strip("（）"), *span)]:
            wrong.append((text, *(iso(each) if each is not None else "" for each in span)))
    assert not wrong
