"""`wenshi reuse`: what stands in several articles of the library."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.cli.files import require_table
from archive.cli.local import local_session
from archive.support.config import Config
from archive.workbench.reuses import write

_MOST_WORDS = 60


@click.command("reuse", short_help="全库同文：哪些话在几篇文章里都有，谁在先。")
@click.option("--scope", default="", help="只在这个工作集里找。")
@click.option("--again", is_flag=True, help="重新找；不写时列出上次找到的，还没有找过就找。")
@click.option("--formulas", is_flag=True, help="不列各串，列出套语和它们的篇数。")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="最多列出几串、几条。")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="把全部写进文件：.xlsx、.csv。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每串或每条一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def reuse(
    config: Config, scope: str, again: bool, formulas: bool, limit: int, file: Path | None, as_json: bool
) -> None:
    """列出在几篇文章里都有的话，长的在前，每串由早到晚。"""
    require_table(file)
    with local_session(config.library_path) as session:
        kept = None if again else session.reuses.latest(scope)
        if kept is None:
            session.reuses.look(scope, lambda words, done, total: None)
            kept = session.reuses.latest(scope)
        assert kept is not None
        if file is not None:
            write(session.reuses, kept, file)
        elif formulas:
            for phrase in kept.found.formulas[:limit]:
                value = {"words": phrase.words, "articles": phrase.articles}
                line = json.dumps(value, ensure_ascii=False) if as_json else f"{phrase.articles}\t{phrase.words}"
                click.echo(line)
        else:
            for number, (chain, nodes) in enumerate(session.reuses.shown(kept.found.chains[:limit]), 1):
                if as_json:
                    copies = [
                        [{"article": one.copy.article, "places": one.copy.places, "words": one.words} for one in node]
                        for node in nodes
                    ]
                    click.echo(json.dumps({"length": chain.length, "nodes": copies}, ensure_ascii=False))
                    continue
                click.echo(f"{number}\t{chain.length} 字\t{len(nodes)} 种")
                for node in nodes:
                    titles = "、".join(f"{one.article.title}（{one.copy.article}）" for one in node)
                    click.echo(f"\t{titles}\t{'……'.join(node[0].words)[:_MOST_WORDS]}")
    told = kept.found
    click.echo(
        f"{told.articles} 篇，{told.letters} 字：{len(told.chains)} 串，套语 {len(told.formulas)} 条，"
        f"只由套语组成的 {told.set_aside} 处放在一边",
        err=True,
    )
