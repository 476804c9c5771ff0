"""`wenshi terms`: a list of names counted in one go, by volume or decade."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.catalogue.authority import NameKind
from archive.cli.files import require_table
from archive.cli.local import local_session
from archive.cli.search_options import unsorted_search_options
from archive.model.errors import UsageError
from archive.model.search import Search
from archive.search.counts import Division
from archive.support.config import Config
from archive.support.sheets import decoded
from archive.workbench.term_lists import cells, named_terms, read_terms, write_table


@click.command("terms", short_help="名单计数：一批名称各有多少处，按辑或年代列表。")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@unsorted_search_options
@click.option("--names", type=click.Choice([kind.value for kind in NameKind]), help="不读文件，数名称表里的这一类。")
@click.option(
    "--by",
    type=click.Choice([division.value for division in Division]),
    default=Division.VOLUME.value,
    show_default=True,
    help="按什么分栏：volume 辑，decade 成文年代，collection 文集，section 栏目。",
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="写进文件：.xlsx、.csv。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每个名称一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def terms(
    config: Config, file: Path | None, search: Search, names: str | None, by: str, to: Path | None, as_json: bool
) -> None:
    """数名单 FILE 里的每个名称：一行一个，别名写在同一行，用“；”隔开。长的优先，李明不算李明山；没有的也列出。"""
    require_table(to)
    with local_session(config.library_path) as session:
        if names:
            given = named_terms(session.authority(), NameKind(names))
        elif file is not None:
            given = read_terms(decoded(file.read_bytes(), file.name))
        else:
            raise UsageError("不知道数哪些名称", hint="给一个名单文件，或用 --names 人物 数名称表里的")
        table = session.term_lists.table(given, search, Division(by))
        if to is not None:
            write_table(table, session.term_lists.heading(search), to)
        elif as_json:
            for row in table.rows:
                parts = dict(zip(table.labels, row.cells, strict=True))
                value = {"name": row.term.name, "forms": row.term.forms, "every": row.every, "places": row.places}
                click.echo(json.dumps({**value, "articles": row.articles, "parts": parts}, ensure_ascii=False))
        else:
            click.echo("\t".join(("名称", "写法", "全部", "去重", "篇数", *table.labels)))
            for row in table.rows:
                click.echo("\t".join(cells(row)))
    click.echo(f"{len(table.rows)} 个名称，{sum(row.places for row in table.rows)} 处", err=True)
