"""`wenshi dates`: the date expressions of a text."""

from __future__ import annotations

import json
from typing import IO

import click

from archive.dates import Extracted, describe, extract, iso
from archive.errors import ReadError
from archive.records import Period


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--year", type=int, help="正文开头不带年份的月、日属于哪一年")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def dates(file: IO[bytes], year: int | None, as_json: bool) -> None:
    """列出一段文字里的时间说法，以及各指哪些日子（公历）。

    FILE 是 UTF-8 文本文件，写 - 或不写则从标准输入读。
    """
    try:
        text = file.read().decode("utf-8-sig")  # not as text: offsets count the file's own line ends
    except UnicodeDecodeError as error:
        raise ReadError("不是 UTF-8 编码的文本", place=file.name, hint="另存为 UTF-8 再试") from error
    found = extract(text, year=year)
    if as_json:
        click.echo(json.dumps([_entry(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        marks = [describe(one.period), *(f"又作 {describe(other)}" for other in one.others)]
        if one.vague:
            marks.append("笼统")
        if one.conflict:
            marks.append("前后矛盾")
        click.echo(f"{one.start}\t{''.join(one.text.split())}\t{'；'.join(marks)}")


def _entry(found: Extracted) -> dict[str, object]:
    entry: dict[str, object] = {
        "text": found.text,
        "offset": found.start,
        **_days(found.period),
        "precision": found.period.precision.value,
        "rule": found.rule,
        "confidence": found.confidence,
    }
    if found.others:
        entry["others"] = [_days(other) for other in found.others]
    if found.vague:
        entry["vague"] = True
    if found.conflict:
        entry["conflict"] = True
    return entry


def _days(period: Period) -> dict[str, str | None]:
    return {
        "start": None if period.start is None else iso(period.start),
        "end": None if period.end is None else iso(period.end),
    }
