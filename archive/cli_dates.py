"""`wenshi dates`: the dates of a text, or of the stored articles, with those that contradict each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TypeVar

import click

from archive import own_periods
from archive.config import Config
from archive.dates import Extracted, describe, edtf, extract, iso
from archive.dating import Contradiction, contradictions
from archive.errors import ReadError, UsageError
from archive.library import Library
from archive.records import Article, Mention, Period

Item = TypeVar("Item")
Values = dict[str, object]
Dated = tuple[Article, tuple[Mention, ...]]


@click.command(short_help="列出文字或文章里的时间说法。")
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--year", type=int, help="正文开头不带年份的月、日属于哪一年。")
@click.option("--article", "ids", multiple=True, help="列出库中这篇文章（编号）的日期；可以写多次。")
@click.option("--collection", default="", help="列出库中这个文集（编号）全部文章的日期。")
@click.option("--conflicts", is_flag=True, help="只列库中自相矛盾的日期，供校对；不写文章和文集就是全库。")
@click.option("--edtf", "with_edtf", is_flag=True, help="加一列 EDTF（ISO 8601-2）写法。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def dates(
    config: Config,
    file: IO[bytes] | None,
    year: int | None,
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
    if not (ids or collection or conflicts):
        _warn(config)
        found = extract(_text(file), year=year)
        _print(found, as_json, _values, lambda one: _line(one, with_edtf))
        return
    if file or year is not None:
        raise UsageError("FILE、--year 不能与 --article、--collection、--conflicts 同用", hint="去掉其中一边")
    if ids and collection:
        raise UsageError("--article 与 --collection 只能写一种", hint="去掉其中一个")
    with Library.open(config.library_path) as library:
        dated = _dated(library, ids, collection)
        if conflicts:
            contrary = (one for article, mentions in dated for one in contradictions(article, mentions))
            _print(contrary, as_json, _contradiction_values, lambda one: _contradiction_line(one, with_edtf))
        else:
            stored = ((article, mention) for article, mentions in dated for mention in mentions)
            _print(stored, as_json, _stored_values, lambda one: _stored_line(one, with_edtf))


def _warn(config: Config) -> None:
    """A text is read under the periods of the library here, if there is one."""
    error = own_periods.use(config.library_path)
    if error:
        click.echo(f"警告：{error}", err=True)


def _text(file: IO[bytes] | None) -> str:
    source = file or click.get_binary_stream("stdin")
    try:
        return source.read().decode("utf-8-sig")  # not as text: offsets count the file's own line ends
    except UnicodeDecodeError as failure:
        raise ReadError("不是 UTF-8 编码的文本", place=source.name, hint="另存为 UTF-8 再试") from failure


def _dated(library: Library, ids: tuple[str, ...], collection: str) -> Iterator[Dated]:
    if collection:
        library.collection(collection)  # says so when there is none
    if not ids:
        yield from library.dated(collection)
    for id in ids:
        yield library.article(id), library.mentions(id)


def _print(items: Iterable[Item], as_json: bool, values: Callable[[Item], Values], line: Callable[[Item], str]) -> None:
    if not as_json:
        for item in items:
            click.echo(line(item))
        return
    opening = "["  # one by one: a library has more dates than memory should hold
    for item in items:
        click.echo(f"{opening}\n {json.dumps(values(item), ensure_ascii=False)}", nl=False)
        opening = ","
    click.echo("\n]" if opening == "," else "[]")


def _line(found: Extracted, with_edtf: bool) -> str:
    marks = [describe(found.period), *(f"又作 {describe(other)}" for other in found.others)]
    if found.vague:
        marks.append("笼统")
    if found.conflict:
        marks.append("前后矛盾")
    return _row([str(found.start), found.text, "；".join(marks)], [found.period, *found.others], with_edtf)


def _stored_line(stored: tuple[Article, Mention], with_edtf: bool) -> str:
    article, mention = stored
    period = mention.period
    columns = [article.id, f"¶{mention.block}", period.written, describe(period), mention.rule]
    return _row(columns, [period], with_edtf)


def _contradiction_line(found: Contradiction, with_edtf: bool) -> str:
    readings = " / ".join(map(describe, found.readings))
    return _row([found.article.id, f"¶{found.block}", found.text, readings], found.readings, with_edtf)


def _row(columns: Iterable[str], periods: Iterable[Period], with_edtf: bool) -> str:
    """Columns divided by tabs; a date broken over two lines becomes one."""
    written = ["".join(column.split()) for column in columns]
    return "\t".join([*written, " ".join(map(edtf, periods))] if with_edtf else written)


def _values(found: Extracted) -> Values:
    values: Values = {
        "text": found.text,
        "offset": found.start,
        **_period_values(found.period),
        "rule": found.rule,
        "confidence": found.confidence,
    }
    if found.others:
        values["others"] = [_days(other) for other in found.others]
    if found.vague:
        values["vague"] = True
    if found.conflict:
        values["conflict"] = True
    return values


def _stored_values(stored: tuple[Article, Mention]) -> Values:
    article, mention = stored
    values: Values = {
        "article": article.id,
        "block": mention.block,
        "text": mention.period.written,
        "offset": mention.start,
        **_period_values(mention.period),
        "rule": mention.rule,
        "confidence": mention.confidence,
    }
    if mention.vague:
        values["vague"] = True
    return values


def _contradiction_values(found: Contradiction) -> Values:
    return {
        "article": found.article.id,
        "title": found.article.title,
        "block": found.block,
        "text": found.text,
        "offset": found.start,
        "readings": [_period_values(period) for period in found.readings],
    }


def _period_values(period: Period) -> Values:
    return {**_days(period), "precision": period.precision.value}


def _days(period: Period) -> Values:
    return {
        "start": None if period.start is None else iso(period.start),
        "end": None if period.end is None else iso(period.end),
        "edtf": edtf(period),
    }
