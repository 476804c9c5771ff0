"""`wenshi same`: where the words of a paragraph stand elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.cli.files import require_table
from archive.cli.local import local_session
from archive.model.search import Search
from archive.support.config import Config
from archive.workbench.kwic_table import write_same_words


@click.command("same", short_help="别处同文：这一段的话还在哪里出现，改了什么。")
@click.argument("article")
@click.argument("block", type=click.IntRange(1))
@click.option("--scope", default="", help="只在这个工作集里找。")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="写进文件：.xlsx、.csv。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每处一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def same(config: Config, article: str, block: int, scope: str, file: Path | None, as_json: bool) -> None:
    """找文章 ARTICLE 第 BLOCK 段的话在别处的出现，由早到晚；转载的并在一起，改动的地方标出来。"""
    require_table(file)
    with local_session(config.library_path) as session:
        found = session.concordances.same_words(article, block, Search(scope=scope))
        places = [(number, place) for number, node in enumerate(found.nodes, 1) for place in node.places]
        if file is not None:
            write_same_words(found, file)
        else:
            for number, place in places:
                start, end = place.shared.there
                text = place.article.blocks[place.block].text[start:end]
                if as_json:
                    value = {"node": number, "article": place.article.id, "block": place.block, "span": [start, end]}
                    more = {"own": place.shared.own, "share": round(place.shared.share, 4), "text": text}
                    click.echo(json.dumps({**value, **more}, ensure_ascii=False))
                else:
                    where = f"{place.article.id}#{place.block}　{place.article.title}"
                    click.echo(f"{number}\t{place.shared.share:.0%}\t{where}\t{text}")
    click.echo(f"{len(found.nodes)} 种文字，{len(places)} 处；套语 {len(found.formulas)} 段没有用来找", err=True)
