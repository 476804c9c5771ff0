"""`wenshi search`: the same questions as the search page, for scripts and for the keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from archive.cli.files import require_suffix
from archive.cli.local import local_session
from archive.cli.search_options import search_options
from archive.model.search import Hit, Passage, Results, Search
from archive.search.counts import Division
from archive.search.offers import OFFERS
from archive.search.readings import READINGS
from archive.search.result_list import FORMATS, write
from archive.search.results_json import as_values
from archive.session import Session
from archive.support.config import Config

_PASSAGES = 3  # shown for each hit unless all are asked for


@click.command("search", short_help="按关键词和时期检索。")
@click.argument("query")
@search_options
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="最多列出几篇。")
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True, help="跳过前面几篇。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把全部命中写成清单：.xlsx、.csv、.ris、.bib，.txt 为 GB/T 7714 引文。",
)
@click.option(
    "--frequency",
    type=click.Choice([division.value for division in Division]),
    help="不列命中，列每万字频次：按 collection 文集、volume 辑、decade 成文年代、section 栏目。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def run_search(
    config: Config,
    query: str,
    search: Search,
    limit: int,
    offset: int,
    output: Path | None,
    frequency: str | None,
    as_json: bool,
) -> None:
    """按关键词和时期检索。QUERY 是检索式：词逐字相连，空格表示同时，OR 表示或者，-词 表示排除，? 和 * 为通配符。"""
    with local_session(config.library_path) as session:
        search = search.but(text=query)
        if output is not None:
            _write_list(session, search, output)
            return
        if frequency:
            _frequencies(session, search, Division(frequency), as_json)
            return
        results = session.search(search, limit=limit, offset=offset, all_places=True)
        names = session.counts.names(search) if as_json else {}
    if results.unindexed:
        click.echo(f"注意：有 {results.unindexed} 篇尚未编入索引，未能检索；请稍后再查。", err=True)
    if as_json:
        click.echo(json.dumps(as_values(results, names), ensure_ascii=False))
    else:
        _tell(results, search)


def _tell(results: Results, search: Search) -> None:
    """The hits on standard output; what was understood, and what else could be asked, beside them."""
    within = f"工作集“{search.scope}”里，" if search.scope else ""
    places = f"、{results.places} 处" if results.places else ""
    click.echo(f"{within}{results.understood}：共 {results.total} 篇{places}", err=True)
    if results.pages:
        click.echo(f"另有 {results.pages} 页是封面、目录或栏目页，不算文章（--genre matter 可看）", err=True)
    for offer in results.offers:
        click.echo(f"{OFFERS[offer.why]}：{offer.words}　{offer.total} 篇", err=True)
    nearest = results.nearest
    for line in _listing(results.hits):
        click.echo(line)
    if nearest is not None and results.total:
        click.echo(f"{READINGS[nearest.reading]}另有 {nearest.total} 篇：{nearest.understood}", err=True)
    elif nearest is not None:
        click.echo(
            f"没有逐字相连的。{READINGS[nearest.reading]}的有 {nearest.total} 篇：{nearest.understood}", err=True
        )
        for line in _listing(nearest.hits):
            click.echo(line)


def _write_list(session: Session, search: Search, file: Path) -> None:
    require_suffix(file, FORMATS)
    listed = session.result_list(search)
    write(listed, file)
    told = dict(listed.heading)
    click.echo(f"{told['理解为']}：共 {told['结果']}，已写入 {file}", err=True)


def _frequencies(session: Session, search: Search, division: Division, as_json: bool) -> None:
    """A line for each part: articles and characters looked at, articles found, places, places per 10,000 characters."""
    found = session.counts.frequencies(search, division)
    rows = [(part, part.per_ten_thousand) for part in (*found.parts, found.whole)]
    if as_json:
        told = [
            {
                "label": part.label,
                "articles": part.articles,
                "letters": part.letters,
                "found": part.found,
                "places": part.places,
                "per_ten_thousand": rate,
            }
            for part, rate in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("；".join(f"{label}：{value}" for label, value in session.counts.heading(search)), err=True)
    click.echo("分母是范围内全部文章的字数，标点和空格不计。", err=True)
    click.echo("\t".join(("", "篇数", "字数", "命中篇数", "处数", "每万字")))
    for part, rate in rows:
        counts = (part.articles, part.letters, part.found, part.places)
        click.echo("\t".join((part.label, *map(str, counts), "–" if rate is None else f"{rate:.2f}")))


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
