"""Years that do not agree with each other: births and deaths, ages, anniversaries, stems and branches, centuries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from archive.dates.numerals import number
from archive.export.proof.data_rows import rows
from archive.export.proof.passages import HAN, ProofMark, ProofPassage

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_COUNT = "〇零一二三四五六七八九十百\\d"
_BORN_AND_DIED = re.compile(
    r"(?<!\d)(?P<born>\d{4})年[^。；\d]{0,14}(?:生|出生|诞生)[^。；\d]{0,20}?(?P<died>\d{4})年[^。；\d]{0,14}(?:卒|去世|逝世|病逝|病故|牺牲|辞世)"
    r"|生于(?P<born2>\d{4})年[^。；\d]{0,30}(?P<died2>\d{4})年[^。；\d]{0,14}(?:卒|去世|逝世|病逝|病故|牺牲|辞世)"
)
_LIFE = re.compile(
    rf"[（(](?P<born>\d{{4}})年?\s?[—－–~～-]{{1,2}}\s?(?P<died>\d{{4}})年?[）)][^。]{{0,40}}?(?:享年|终年|卒年|得年|享寿|年)(?P<age>[{_COUNT}]{{1,4}})岁"
)
_ANNIVERSARY = re.compile(rf"(?P<count>(?<![{_COUNT}第])[{_COUNT}]{{1,4}})周年")
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?=年)")
_CYCLE = re.compile(rf"(?<!\d)(?P<year>\d{{4}})年?[（(，]?(?P<name>[{_STEMS}][{_BRANCHES}])(?:年|[）)])")
_CENTURY = re.compile(r"(?<!\d)(?P<century>\d{2})世纪(?P<decade>\d{4})年代")
_SENTENCE = re.compile(r"[^。；！？]+")
_BORN = re.compile(
    r"(?:生于|出生于|诞生于)(?:公元)?(?P<year>\d{4})年|(?P<year2>(?<!\d)\d{4})年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:，)?(?:出)?生(?![活产长意前])"
)
_KIN = re.compile("父|母|祖|兄|姐|哥|妻|夫人|前辈|先辈|老师")
_AGE = re.compile(rf"(?:享年|终年|得年|时年|年仅|年方|刚满|年满|当时|才|仅|已|，年)(?P<age>[{_COUNT}]{{1,4}})周?岁")
_SPAN = re.compile(
    rf"(?:[从自]|[办建立造设成]于)(?P<first>\d{{4}})年[^。；\d]{{0,8}}?(?:到|至)(?P<last>\d{{4}})年[^。；\d]{{0,16}}?"
    rf"(?:历时|前后|长达|持续|整整|共|已有|已|用了|经过|任[{HAN}]{{0,4}}?|从[{HAN}]{{1,3}}?|工作了?|执教了?|凡|达)(?P<count>[{_COUNT}]{{1,3}})(?:个)?[年载](?![代级初底前后间])"
)
_REACHES_OVER = 1  # years a 虚岁 or a lunar year may be off


def disagreeing(passage: ProofPassage) -> Iterator[ProofMark]:
    """张三（1901—1970），享年五十岁; 1911年（壬子）; 1949年建校，2009年校庆五十周年; 19世纪1950年代."""
    text = passage.text
    for match in _BORN_AND_DIED.finditer(text):
        born, died = int(match["born"] or match["born2"]), int(match["died"] or match["died2"])
        if died < born and not _KIN.search(match[0]):
            yield passage.mark(*match.span(), "卒年早于生年")
    for match in _LIFE.finditer(text):
        lived, age = int(match["died"]) - int(match["born"]), number(match["age"])
        if age is not None and not lived - _REACHES_OVER <= age <= lived + 2 * _REACHES_OVER:
            yield passage.mark(*match.span("age"), f"从{match['born']}年到{match['died']}年是{lived}年，与岁数不合")
    for match in _CYCLE.finditer(text):
        right = _named(int(match["year"]))
        if match["name"] not in (right, _named(int(match["year"]) - _REACHES_OVER)):
            yield passage.mark(*match.span("name"), f"{match['year']}年是{right}年", right)
    for match in _CENTURY.finditer(text):
        if int(match["decade"]) // 100 + 1 != int(match["century"]):
            yield passage.mark(*match.span(), "世纪和年代不合")
    yield from _anniversaries(passage)
    yield from _events(passage)
    for sentence in _SENTENCE.finditer(passage.text):
        for start, end, message in (*_ages(sentence[0]), *_spans(sentence[0])):
            yield passage.mark(sentence.start() + start, sentence.start() + end, message)


def _events(passage: ProofPassage) -> Iterator[ProofMark]:
    """1931年“七七事变”爆发: a year right before an event of another year."""
    for pattern, first, last in _known_events():
        for match in pattern.finditer(passage.text):
            if not first <= int(match["year"]) <= last:
                years = f"{first}年" if first == last else f"{first}—{last}年"
                yield passage.mark(*match.span("year"), f"{match['event']}在{years}")


@cache
def _known_events() -> tuple[tuple[re.Pattern[str], int, int], ...]:
    """An event with the year before it and what says that it took place then; its first and last year."""
    day = r"(?<!\d)(?P<year>1[89]\d\d)年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?，?"
    written = day + "“?(?P<event>{})”?(?:突然)?(?:爆发|发生|打响|开始)"
    return tuple(
        (re.compile(written.format(event)), int(first), int(last)) for event, first, last in rows("events.tsv")
    )


def _ages(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Somebody's birth, with a year before it, or one and an age that do not go together."""
    born = _BORN.search(sentence)
    if not born or _KIN.search(sentence[: born.start()]):
        return
    year = int(born["year"] or born["year2"])
    later = [match for match in _YEAR.finditer(sentence) if match.start() >= born.end()]
    early = next((match for match in later if int(match[0]) < year), None)
    if early and sentence[: early.start()][-1:] in "，、" and not _KIN.search(sentence[born.end() : early.start()]):
        yield early.start(), early.end(), f"早于出生的{year}年"
        return
    for age in _AGE.finditer(sentence, born.end()):
        when = [int(match[0]) for match in later if match.end() <= age.start()]
        count = number(age["age"])
        if when and count and not when[-1] - year - _REACHES_OVER <= count <= when[-1] - year + 2 * _REACHES_OVER:
            yield *age.span("age"), f"从{year}年到{when[-1]}年是{when[-1] - year}年，与岁数不合"


def _spans(sentence: str) -> Iterator[tuple[int, int, str]]:
    """从1931年到1945年，历时十年; 创办于1906年，到1956年已有四十年的历史."""
    for match in _SPAN.finditer(sentence):
        apart, count = int(match["last"]) - int(match["first"]), number(match["count"])
        if count and apart > 1 and abs(apart - count) > _REACHES_OVER and abs(apart - count) <= max(20, apart // 2):
            yield *match.span("count"), f"从{match['first']}年到{match['last']}年是{apart}年"


def _anniversaries(passage: ProofPassage) -> Iterator[ProofMark]:
    """A sentence of two years and one anniversary."""
    for sentence in _SENTENCE.finditer(passage.text):
        years, counts = list(_YEAR.finditer(sentence[0])), list(_ANNIVERSARY.finditer(sentence[0]))
        if len(years) == 2 and len(counts) == 1 and years[1].end() < counts[0].start():
            apart, count = int(years[1][0]) - int(years[0][0]), number(counts[0]["count"])
            if count and apart > 0 and apart != count and abs(apart - count) <= max(20, apart // 2):
                start = sentence.start() + counts[0].start()
                message = f"从{years[0][0]}年到{years[1][0]}年是{apart}年，与“{counts[0][0]}”不合"
                yield passage.mark(start, start + len(counts[0][0]), message)


def _named(year: int) -> str:
    """The stem and branch of the year: 1984 is 甲子."""
    return _STEMS[(year - 4) % 10] + _BRANCHES[(year - 4) % 12]
