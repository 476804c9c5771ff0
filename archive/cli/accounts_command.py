"""`wenshi accounts`: where else the event of a paragraph is told, in whatever words."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.cli.files import require_table
from archive.cli.local import local_session
from archive.model.search import Search
from archive.support.config import Config
from archive.support.sheets import write_table
from archive.workbench.other_accounts import OtherAccount

_HEADER = ("序", "篇名", "编号", "段", "都有的名称", "日期", "文字也相同", "文字")


@click.command("accounts", short_help="别处记同一件事：人物、机构、地名和日期对得上的段落。")
@click.argument("article")
@click.argument("block", type=click.IntRange(1))
@click.option("--scope", default="", help="只在这个工作集里找。")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="写进文件：.xlsx、.csv。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每处一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def accounts(config: Config, article: str, block: int, scope: str, file: Path | None, as_json: bool) -> None:
    """找文章 ARTICLE 第 BLOCK 段所记的事还有哪里记着，文字不必相同，最可能的在前。"""
    require_table(file)
    with local_session(config.library_path) as session:
        told = session.events.of(article, block, Search(scope=scope))
        rows = [_row(number, one) for number, one in enumerate(told.found, 1)]
        if file is not None:
            write_table(file, "别处记同一件事", _HEADER, rows)
        else:
            for one, row in zip(told.found, rows, strict=True):
                click.echo(json.dumps(_values(one), ensure_ascii=False) if as_json else "\t".join(row))
    names = "、".join(one.preferred for one in told.names) or "没有"
    click.echo(f"名称：{names}；日期：{'、'.join(one.written for one in told.dates) or '没有'}", err=True)
    if told.undecided:
        click.echo(f"注意：“{'”“'.join(told.undecided)}”还没有定是谁，没有用来找", err=True)
    if told.fitting > told.read:
        click.echo(f"注意：有 {told.fitting} 篇可能相关，只看了 {told.read} 篇；用 --scope 缩小范围", err=True)
    click.echo(f"{len(told.found)} 处", err=True)


def _row(number: int, one: OtherAccount) -> tuple[str, ...]:
    dates = "；".join(f"{here.written}／{there.written}" for here, there in one.dates)
    names = "、".join(each.preferred for each in one.names)
    same = "是" if one.same_words else ""
    text = one.text.replace("\n", " ")
    return str(number), one.article.title, one.article.id, str(one.block), names, dates, same, text


def _values(one: OtherAccount) -> dict[str, object]:
    return {
        "article": one.article.id,
        "block": one.block,
        "names": [each.preferred for each in one.names],
        "records": [each.key for each in one.names],
        "dates": [[here.written, there.written] for here, there in one.dates],
        "same_words": one.same_words,
        "text": one.text,
    }
