"""`wenshi dates`: the dates of a text, or of the stored articles, with those that contradict each other."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

import click

from archive.cli.local import local_session
from archive.dates import DateReader, Extracted, day, describe, edtf, iso
from archive.dates.office_periods import OfficePeriods
from archive.model.date_decisions import Contradiction, contradictions
from archive.model.errors import ReadError, UsageError
from archive.model.records import Article, Mention, Period
from archive.session import Session
from archive.support.config import Config

Values = dict[str, object]
Output = tuple[str, Values]
"""A date as a line for people and as values for JSON."""

Dated = tuple[Article, tuple[Mention, ...]]


@click.command(short_help="列出文字或文章里的时间说法。")
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--year", type=int, help="正文开头不带年份的月、日属于哪一年；“今年”“去年”也从这一年算起。")
@click.option(
    "--lines",
    is_flag=True,
    help="每行是单独的一段文字，每行输出一个 JSON；行首或行末可用制表符隔开一个年份或日期（2024-09-03）。",
)
@click.option(
    "--year-column", type=click.IntRange(1), help="与 --lines 同用：以制表符分列时，第几列是年份；文字在其余的第一列。"
)
@click.option("--article", "ids", multiple=True, help="列出库中这篇文章（编号）的日期；可以写多次。")
@click.option("--collection", default="", help="列出库中这个文集（编号）全部文章的日期。")
@click.option("--conflicts", is_flag=True, help="只列库中自相矛盾的日期，供校对；不写文章和文集就是全库。")
@click.option("--edtf", "with_edtf", is_flag=True, help="另加 EDTF（ISO 8601-2）写法：行末一列，JSON 里的 edtf。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def dates(
    config: Config,
    file: IO[bytes] | None,
    year: int | None,
    lines: bool,
    year_column: int | None,
    ids: tuple[str, ...],
    collection: str,
    conflicts: bool,
    with_edtf: bool,
    as_json: bool,
) -> None:
    """列出一段文字里的时间说法，以及各指哪些日子（公历）。

    FILE 是 UTF-8 文本文件，写 - 或不写则从标准输入读。写了 --article、--collection 或 --conflicts，
    就改为列出库中文章的日期，编辑订正过的照订正后的列。
    """
    shown = _Shown(with_edtf)
    if year_column and not lines:
        raise UsageError("--year-column 要与 --lines 同用", hint="加上 --lines")
    if not (ids or collection or conflicts):
        if lines:
            _print_lines(_reader(config), _text(file), year, year_column, shown)
            return
        found = _reader(config).extract(_text(file), year=year)
        _print(map(shown.found, found), as_json)
        return
    if file or year is not None or lines:
        raise UsageError("FILE、--year、--lines 不能与 --article、--collection、--conflicts 同用", hint="去掉其中一边")
    if ids and collection:
        raise UsageError("--article 与 --collection 只能写一种", hint="去掉其中一个")
    with local_session(config.library_path) as session:
        dated = _dated(session, ids, collection)
        if conflicts:
            _print((shown.contradiction(one) for each in dated for one in contradictions(*each)), as_json)
        else:
            _print((shown.stored(article, one) for article, mentions in dated for one in mentions), as_json)


def _reader(config: Config) -> DateReader:
    """A text is read under the periods of the library here, if there is one."""
    periods = OfficePeriods(config.library_path)
    if error := periods.error():
        click.echo(f"警告：{error}", err=True)
    return periods.reader()


def _text(file: IO[bytes] | None) -> str:
    source = file or sys.stdin.buffer
    try:
        return source.read().decode("utf-8-sig")  # not as text: offsets count the file's own line ends
    except UnicodeDecodeError as failure:
        raise ReadError("不是 UTF-8 编码的文本", place=source.name, hint="另存为 UTF-8 再试") from failure


# A year, or the month or day that a text was written in: 1958, 1958-03, 2024-09-03.
_GIVEN = re.compile(r"(?P<year>-?\d{1,4})(?:-(?P<month>0?[1-9]|1[0-2])(?:-(?P<day>\d{1,2}))?)?")


def _print_lines(reader: DateReader, text: str, year: int | None, column: int | None, shown: _Shown) -> None:
    """Each line a text of its own: one JSON object a line, with the year that bare months belonged to."""
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        given, words = _given_and_text(line.removesuffix("\r"), column)
        known, month, written = (year, None, None) if given is None else given
        found = [shown.found(one)[1] for one in reader.extract(words, year=known, month=month, day=written)]
        values: Values = {"line": number, "year": known, "text": words, "dates": found}
        click.echo(json.dumps(values, ensure_ascii=False))


_Given = tuple[int, int | None, int | None]
"""A year, its month, and the Julian day number of its day, as far as they are given."""


def _given_and_text(line: str, column: int | None) -> tuple[_Given | None, str]:
    """The year of a line and its text: from the column asked for, or from a first or last column that is a year."""
    columns = line.split("\t")
    if column is None:
        places = [place for place in (0, -1) if len(columns) > 1 and _given(columns[place])]
        empty = len(columns) > 1 and not columns[0].strip()
        place = places[0] if places else 0 if empty else None
        if place is None:
            return None, line
    elif column > len(columns):
        return None, line
    else:
        place = column - 1
    written = columns.pop(place)
    words = columns[0] if column is not None else "\t".join(columns)
    return _given(written), words


def _given(written: str) -> _Given | None:
    match = _GIVEN.fullmatch(written.strip())
    if match is None:
        return None
    year, month = int(match["year"]), int(match["month"]) if match["month"] else None
    try:
        return year, month, day(year, month, int(match["day"])) if month and match["day"] else None
    except ValueError:  # no such day
        return None


def _dated(session: Session, ids: tuple[str, ...], collection: str) -> Iterator[Dated]:
    if collection:
        session.collection(collection)  # raises NotFound when there is none
    if not ids:
        yield from session.dated(collection)
    for id in ids:
        yield session.article(id), session.mentions(id)


def _print(output: Iterable[Output], as_json: bool) -> None:
    if not as_json:
        for line, _ in output:
            click.echo(line)
        return
    opening = "["  # one by one: a library has more dates than memory should hold
    for _, values in output:
        click.echo(f"{opening}\n {json.dumps(values, ensure_ascii=False)}", nl=False)
        opening = ","
    click.echo("\n]" if opening == "," else "[]")


@dataclass(frozen=True, slots=True)
class _Shown:
    """How dates are written out."""

    with_edtf: bool

    def found(self, found: Extracted) -> Output:
        """A date of a text."""
        marks = [describe(found.period), *(f"又作 {describe(other)}" for other in found.others)]
        if found.vague:
            marks.append("笼统")
        if found.conflict:
            marks.append("前后矛盾")
        if found.impossible:
            marks.append("没有这个月或这一天，只取年份")
        values: Values = {"text": found.text, "offset": found.start, **self._period(found.period)}
        values |= {"rule": found.rule, "confidence": found.confidence}
        if found.others:
            values["others"] = [self._days(other) for other in found.others]
        if found.vague:
            values["vague"] = True
        if found.conflict:
            values["conflict"] = True
        if found.impossible:
            values["impossible"] = True
        return self._line(
            [str(found.start), _unbroken(found.text), "；".join(marks)], [found.period, *found.others]
        ), values

    def stored(self, article: Article, mention: Mention) -> Output:
        """A date of a stored article."""
        period = mention.period
        values: Values = {"article": article.id, "block": mention.block, "text": period.written}
        values |= {"offset": mention.start, **self._period(period)}
        values |= {"rule": mention.rule, "confidence": mention.confidence}
        if mention.vague:
            values["vague"] = True
        if mention.open:
            values["open"] = True
        columns = [article.id, f"¶{mention.block}", _unbroken(period.written), describe(period), mention.rule]
        return self._line(columns, [period]), values

    def contradiction(self, found: Contradiction) -> Output:
        """Dates of a stored article that contradict each other."""
        values: Values = {"article": found.article.id, "title": found.article.title, "block": found.block}
        values |= {"text": found.text, "offset": found.start}
        values["readings"] = [self._period(period) for period in found.readings]
        readings = " / ".join(map(describe, found.readings))
        return self._line(
            [found.article.id, f"¶{found.block}", _unbroken(found.text), readings], found.readings
        ), values

    def _line(self, columns: list[str], periods: Iterable[Period]) -> str:
        return "\t".join([*columns, " ".join(map(edtf, periods))] if self.with_edtf else columns)

    def _period(self, period: Period) -> Values:
        return {**self._days(period), "precision": period.precision.value}

    def _days(self, period: Period) -> Values:
        days: Values = {
            "start": None if period.start is None else iso(period.start),
            "end": None if period.end is None else iso(period.end),
        }
        return {**days, "edtf": edtf(period)} if self.with_edtf else days


def _unbroken(text: str) -> str:
    """A date without the white space and line breaks that printing put into it."""
    return "".join(text.split())
