"""`wenshi kwic`: every place of a search as a line, narrowed, sorted, grouped, or written to a file."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from archive.cli.files import require_suffix, require_table
from archive.cli.local import local_session
from archive.cli.search_options import unsorted_search_options
from archive.model.search import Search
from archive.session import Session
from archive.support.config import Config
from archive.workbench.concordance import LABELS
from archive.workbench.kwic_table import FORMATS, volume_name, write_barcodes, write_groups, write_rows
from archive.workbench.row_columns import ROW_COLUMNS, cells, checked_columns, sides
from archive.workbench.steps import ORDERS, Arranged, Step, column_label, read_step

_SIDE = 16  # characters either side of a place
_HEIGHTS = " ▁▂▃▄▅▆▇█"  # how many places stand in a tenth of a volume


@click.command("kwic", short_help="逐处列出：每处一行，命中居中。")
@click.argument("query")
@unsorted_search_options
@click.option(
    "--step",
    "steps",
    multiple=True,
    help="筛选的一步，依次执行，可以写多次：right5:先生（后 5 字内有）、-left2:不（前 2 字内没有）、"
    "is:volume:第一辑、-is:label:剔除、first（每篇首处）、sample:100:7（抽 100 处，第 7 号）、sample:100:7:volume。",
)
@click.option(
    "--sort",
    "keys",
    multiple=True,
    help="排序，可以写三次：right1…right10、left1…left10、form 写法、date 成文日期、volume、author 等；前加 - 为降序。",
)
@click.option("--order", type=click.Choice(list(ORDERS)), default="pinyin", show_default=True, help="字序。")
@click.option(
    "--column",
    "columns",
    multiple=True,
    help="只列这一列，可以写多次，依次排列，也用于 --to："
    + "、".join(f"{name} {column.label}" for name, column in ROW_COLUMNS.items())
    + "。",
)
@click.option("--group", "groups", multiple=True, help="不列各处，按这一列分组计数，可以写两次：right2、form 等。")
@click.option("--volumes", is_flag=True, help="不列各处，列出它们在各辑里的分布，没有的辑也列出。")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="最多列出几处。")
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True, help="跳过前面几处。")
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="把全部各处写进文件：.xlsx、.csv、.docx。"
)
@click.option("--mark", type=click.Choice([*LABELS, "无"]), help="把筛选剩下的全部各处标为这个；“无”去掉标记。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每处、每组或每辑一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def kwic(
    config: Config,
    query: str,
    search: Search,
    steps: tuple[str, ...],
    keys: tuple[str, ...],
    order: str,
    columns: tuple[str, ...],
    groups: tuple[str, ...],
    volumes: bool,
    limit: int,
    offset: int,
    file: Path | None,
    mark: str | None,
    as_json: bool,
) -> None:
    """逐处列出检索式 QUERY 的全部命中，可以逐步筛选、排序、分组、抽样，存成表格。"""
    chain, how, columns = [read_step(text) for text in steps], Arranged.read(keys, order), checked_columns(columns)
    search = search.but(text=query)
    with local_session(config.library_path) as session:
        if mark is not None:
            _mark(session, search, chain, "" if mark == "无" else mark)
        elif volumes:
            _volumes(session, search, chain, file, as_json)
        elif groups:
            _groups(session, search, chain, groups, file, as_json)
        elif file is not None:
            _write(session, search, chain, how, columns, file)
        else:
            _list(session, search, chain, how, columns, limit, offset, as_json)


def _list(
    session: Session,
    search: Search,
    steps: Sequence[Step],
    how: Arranged,
    columns: Sequence[str],
    limit: int,
    offset: int,
    as_json: bool,
) -> None:
    found = session.concordances.page(search, steps, how, limit=limit, offset=offset)
    for row in found.rows:
        if as_json:
            click.echo(json.dumps(asdict(row), ensure_ascii=False))
            continue
        if columns:
            click.echo("\t".join(cells(row, columns)))
            continue
        before, place, after = sides(row, _SIDE)
        label = f"　〔{row.label}〕" if row.label else ""
        click.echo(f"{_right(before, 2 * _SIDE)}【{place}】{after}\t{row.article}#{row.block}　{row.title}{label}")
    for told in found.steps:
        click.echo(f"{told.step.words}：{told.places} 处", err=True)
    click.echo(f"共 {found.places} 处，在 {found.articles} 篇里；{how.words}", err=True)
    if found.lost:
        click.echo(f"注意：有 {found.lost} 个标记所在的文字后来改过，找不到原处了", err=True)


def _mark(session: Session, search: Search, steps: Sequence[Step], label: str) -> None:
    rows = list(session.concordances.rows(search, steps, Arranged()))  # all of them first: steps may go by labels
    for row in rows:
        session.concordances.label(row.article, (row.block, row.start, row.end), label)
    click.echo(f"标了 {len(rows)} 处", err=True)


def _write(
    session: Session, search: Search, steps: Sequence[Step], how: Arranged, columns: Sequence[str], file: Path
) -> None:
    require_suffix(file, FORMATS)
    total = session.concordances.page(search, steps, how, limit=0).places
    heading = session.concordances.heading(search, steps, how, total)
    write_rows(session.concordances.rows(search, steps, how), heading, file, columns)
    click.echo(f"共 {total} 处，已写入 {file}", err=True)


def _groups(
    session: Session, search: Search, steps: Sequence[Step], columns: Sequence[str], file: Path | None, as_json: bool
) -> None:
    found = session.concordances.groups(search, steps, columns)
    total = sum(group.places for group in found)
    if file is not None:
        require_table(file)
        write_groups(found, columns, session.concordances.heading(search, steps, Arranged(), total), file)
    else:
        for group in found:
            if as_json:
                click.echo(json.dumps(asdict(group), ensure_ascii=False))
            else:
                click.echo("\t".join((*group.values, str(group.places), str(group.articles))))
    told = "、".join(map(column_label, columns))
    click.echo(f"按{told}分成 {len(found)} 组，共 {total} 处", err=True)


def _volumes(session: Session, search: Search, steps: Sequence[Step], file: Path | None, as_json: bool) -> None:
    found = session.concordances.barcodes(search, steps)
    titles = {one.id: one.title for one in session.collections()}
    total = sum(one.places for one in found)
    if file is not None:
        require_table(file)
        write_barcodes(found, titles, session.concordances.heading(search, steps, Arranged(), total), file)
    else:
        for one in found:
            if as_json:
                click.echo(json.dumps(asdict(one), ensure_ascii=False))
                continue
            most = max(1, *(part.places for part in one.tenths))
            strip = "".join(_HEIGHTS[-(-part.places * (len(_HEIGHTS) - 1) // most)] for part in one.tenths)
            name = volume_name(titles.get(one.collection, one.collection), one.volume)
            click.echo(f"{strip}\t{one.places} 处\t{one.found}/{one.articles} 篇\t{one.letters} 字\t{name}")
    click.echo(f"共 {len(found)} 辑，{total} 处", err=True)


def _right(text: str, columns: int) -> str:
    """Right-aligned in so many terminal columns; Chinese characters take two."""
    width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return " " * max(0, columns - width) + text
