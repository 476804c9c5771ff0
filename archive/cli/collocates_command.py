"""`wenshi collocates`: what stands beside the places of a search more often than by chance."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from archive.cli.files import require_table
from archive.cli.local import local_session
from archive.cli.search_options import unsorted_search_options
from archive.model.search import Search
from archive.support.config import Config
from archive.workbench.collocates import UNITS, cells, counted_in, unit_label
from archive.workbench.kwic_table import write_collocates
from archive.workbench.steps import Arranged, read_step


@click.command("collocates", short_help="搭配：检索词旁边常有什么。")
@click.argument("query")
@unsorted_search_options
@click.option("--step", "steps", multiple=True, help="先筛选，写法与 kwic 相同，可以写多次。")
@click.option(
    "--unit",
    type=click.Choice(UNITS),
    default="right2",
    show_default=True,
    help="看什么：紧挨着的后几字、前几字，name 同段的名称，word 同段的词（近似）。",
)
@click.option("--least", type=click.IntRange(1), default=3, show_default=True, help="至少同现几次。")
@click.option("--articles", type=click.IntRange(1), default=2, show_default=True, help="至少在几篇里。")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="最多列出几个。")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="全部写进文件：.xlsx、.csv。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每个一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def collocates(
    config: Config,
    query: str,
    search: Search,
    steps: tuple[str, ...],
    unit: str,
    least: int,
    articles: int,
    limit: int,
    file: Path | None,
    as_json: bool,
) -> None:
    """列出检索式 QUERY 的命中旁边比偶然更常出现的字、名称或词。"""
    require_table(file)
    chain, search = [read_step(text) for text in steps], search.but(text=query)
    with local_session(config.library_path) as session:
        concordances = session.concordances
        found = concordances.collocates(search, chain, unit, least=least, articles=articles)
        if file is not None:
            total = concordances.page(search, chain, Arranged(), limit=0).places
            write_collocates(found, concordances.heading(search, chain, Arranged(), total), file)
        else:
            for one in found.found[:limit]:
                click.echo(json.dumps(asdict(one), ensure_ascii=False) if as_json else "\t".join(cells([one])[0]))
    counted = counted_in(unit)
    click.echo(f"{unit_label(unit)}：检索词 {found.searched} {counted}，搭配 {len(found.found)} 个", err=True)
