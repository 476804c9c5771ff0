"""`wenshi search`: the same questions as the search page, for scripts and for the keyboard."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from archive.cli.local import local_session
from archive.model.errors import UsageError
from archive.model.records import Genre
from archive.model.search import Hit, Passage, PeriodIn, Search, Sort
from archive.search.offers import OFFERS
from archive.search.readings import READINGS
from archive.search.result_list import FORMATS, write
from archive.search.results_json import as_values
from archive.session import Session
from archive.support.config import Config

KWIC_SIDE = 16  # characters either side of a place
_PASSAGES = 3  # shown for each hit unless all are asked for


@click.command(short_help="按关键词和时期检索。")
@click.argument("query")
@click.option("--period", default="", help="时期，例如：光绪三十年、1950年代、1936..1945。")
@click.option(
    "--period-in",
    type=click.Choice([place.value for place in PeriodIn]),
    default=PeriodIn.ANY.value,
    help="时期看哪里：date 成文日期，text 文中所写，any 两者之一（默认）。",
)
@click.option("--within", is_flag=True, help="日期须完全落入时期之内（默认有交叠即可）。")
@click.option("--open", "open_ended", is_flag=True, help="包括一头没有说定的日期（1958年起、1949年以前）。")
@click.option("--vague", is_flag=True, help="包括笼统的说法（建国后、解放前）。")
@click.option("--collection", default="", help="只查这一个文集（编号）。")
@click.option(
    "--genre",
    type=click.Choice([genre.value for genre in Genre]),
    multiple=True,
    help="只查这一类，可以写多次：article 文章，entry 大事记条目，term 组织史，matter 卷首卷末。",
)
@click.option("--as-written", is_flag=True, help="照原字检索，不作繁简、异体、全半角折合。")
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]), default=Sort.RELEVANCE.value, help="排序。")
@click.option("--kwic", is_flag=True, help="每处一行，命中居中。")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="最多列出几篇。")
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True, help="跳过前面几篇。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把全部命中写成清单：.xlsx、.csv、.ris、.bib，.txt 为 GB/T 7714 引文。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def search(
    config: Config,
    query: str,
    period: str,
    period_in: str,
    within: bool,
    vague: bool,
    open_ended: bool,
    collection: str,
    genre: tuple[str, ...],
    as_written: bool,
    sort: str,
    kwic: bool,
    limit: int,
    offset: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """按关键词和时期检索。QUERY 是检索式：词逐字相连，空格表示同时，OR 表示或者，-词 表示排除，? 和 * 为通配符。"""
    with local_session(config.library_path) as session:
        search = Search(
            text=query,
            period=period.strip(),
            period_in=PeriodIn(period_in),
            within=within,
            vague=vague,
            open=open_ended,
            collection=(collection,) if collection else (),
            genre=tuple(map(Genre, genre)),
            as_written=as_written,
            sort=Sort(sort),
        )
        if output is not None:
            _write_list(session, search, output)
            return
        results = session.search(search, limit=limit, offset=offset)
    if results.unindexed:
        click.echo(f"注意：有 {results.unindexed} 篇尚未编入索引，未能检索；请稍后再查。", err=True)
    if as_json:
        click.echo(json.dumps(as_values(results), ensure_ascii=False))
        return
    click.echo(f"{results.understood}：共 {results.total} 篇", err=True)
    for offer in results.offers:
        click.echo(f"{OFFERS[offer.why]}：{offer.words}　{offer.total} 篇", err=True)
    nearest = results.nearest
    show = _kwic if kwic else _listing
    for line in show(results.hits):
        click.echo(line)
    if nearest is not None and results.total:
        click.echo(f"{READINGS[nearest.reading]}另有 {nearest.total} 篇：{nearest.understood}", err=True)
    elif nearest is not None:
        click.echo(
            f"没有逐字相连的。{READINGS[nearest.reading]}的有 {nearest.total} 篇：{nearest.understood}", err=True
        )
        for line in show(nearest.hits):
            click.echo(line)


def _write_list(session: Session, search: Search, file: Path) -> None:
    if file.suffix.lower() not in FORMATS:
        raise UsageError(f"不能写成“{file.suffix or file.name}”", hint=f"文件名以 {'、'.join(FORMATS)} 结尾。")
    listed = session.result_list(search)
    write(listed, file)
    told = dict(listed.heading)
    click.echo(f"{told['理解为']}：共 {told['结果']}，已写入 {file}", err=True)


def _listing(hits: Iterable[Hit]) -> Iterator[str]:
    for hit in hits:
        authors = f"　{'、'.join(hit.authors)}" if hit.authors else ""
        yield f"{hit.article}\t{hit.title}{authors}　〔{hit.collection}〕　{hit.occurrences} 处"
        if hit.met:
            yield f"    写到：{'、'.join(dict.fromkeys(mention.period.written for mention in hit.met))}"
        for passage in hit.passages[:_PASSAGES]:
            yield f"    ¶{passage.block}　{_marked(passage)}"
            if passage.context:
                yield f"        〔{'　'.join(f'{label}：{text}' for label, text in passage.context)}〕"


def _marked(passage: Passage) -> str:
    """The excerpt in one line, places in 【】."""
    start, end = passage.excerpt
    text, at = "", start
    for first, last in passage.spans:
        if first >= end or last <= start:
            continue
        first, last = max(first, start), min(last, end)
        text += f"{passage.text[at:first]}【{passage.text[first:last]}】"
        at = last
    text += passage.text[at:end]
    return ("…" if start else "") + text.replace("\n", "　") + ("…" if end < len(passage.text) else "")


def _kwic(hits: Iterable[Hit]) -> Iterator[str]:
    for hit in hits:
        for passage in hit.passages:
            for first, last in passage.spans:
                before = passage.text[max(0, first - KWIC_SIDE) : first].replace("\n", "　")
                after = passage.text[last : last + KWIC_SIDE].replace("\n", "　")
                place = passage.text[first:last]
                yield f"{_right(before, 2 * KWIC_SIDE)}【{place}】{after}\t{hit.article}#{passage.block}　{hit.title}"


def _right(text: str, columns: int) -> str:
    """Right-aligned in so many terminal columns; Chinese characters take two."""
    width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return " " * max(0, columns - width) + text
