"""`wenshi metadata`: descriptions of articles as a table, checked, and the fields a collection declares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from archive.cli.local import local_session
from archive.model.errors import FieldError
from archive.support.config import Config
from ingest.description.metadata_table import (
    REASON,
    Change,
    Fault,
    check_table,
    export_table,
    read_table,
    take_in,
    wanting,
)
from ingest.pipeline.sources import DESCRIPTION, description

EXIT_WANTING = 3
_LISTED = 200  # lines of one kind in the text form; JSON has all


@click.group(short_help="著录：题名、作者、档号等各项。")
@click.help_option(help="显示帮助。")
def metadata() -> None:
    """文章的著录项：导出成表格、修改、核对后整批导入。"""


@metadata.command("export", short_help="把一个文集的著录导出成表格。")
@click.option("--collection", required=True, help="哪个文集（编号）。")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="写到哪个文件：.csv 或 .xlsx。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def export_command(config: Config, collection: str, output: Path) -> None:
    """把一个文集每篇文章的著录项写成表格，一篇一行，可以用 Excel、WPS 修改后再导入。"""
    with local_session(config.library_path) as session:
        count = export_table(session, collection, output)
    click.echo(f"已导出 {count} 篇的著录：{output}", err=True)


@metadata.command("import", short_help="导入改过的表格。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只核对、列出将要改什么，不动资料库。")
@click.option("--reason", default=REASON, show_default=True, help="记在每篇版本里的说明。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def import_command(config: Config, file: Path, dry_run: bool, reason: str, as_json: bool) -> None:
    """导入由 metadata export 导出、改过的表格 FILE。逐行核对，有一处不对就什么也不改；都对才一起改。"""
    with local_session(config.library_path) as session:
        intake = check_table(session, read_table(file))
        changed = () if dry_run or intake.faults else take_in(session, intake, reason)
    if as_json:
        report = {**asdict(intake), "changed": len(changed)}
        del report["descriptions"]
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _show(intake.faults, intake.changes)
    if intake.faults:
        raise FieldError(
            f"表里有 {len(intake.faults)} 处不能收，什么也没有改动", field="", hint="改正列出的各处，再导入一次"
        )
    articles = len(intake.descriptions)
    done = f"将改动 {articles} 篇（只核对，没有改）" if dry_run else f"已改动 {len(changed)} 篇"
    click.echo(f"核对 {intake.rows} 行：{done if articles else '没有要改的'}。", err=True)


def _show(faults: Sequence[Fault], changes: Sequence[Change]) -> None:
    for fault in faults[:_LISTED]:
        where = f"第 {fault.row} 行" + (f"“{fault.column}”" if fault.column else "")
        click.echo(f"✗ {where}：{fault.message}")
    for change in changes[:_LISTED]:
        before, after = change.before or "（空）", change.after or "（空）"
        click.echo(f"· {change.article}《{change.title}》{change.field}：{before} → {after}")
    hidden = max(0, len(faults) - _LISTED) + max(0, len(changes) - _LISTED)
    if hidden:
        click.echo(f"…… 另有 {hidden} 处，用 --json 看全部")


@metadata.command("check", short_help="列出缺项和不合要求的值。")
@click.option("--collection", default="", help="只看这一个文集（编号）。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def check_command(config: Config, collection: str) -> int:
    """列出必填而空着的著录项，和不合要求的值，一行一处。"""
    count = 0
    with local_session(config.library_path) as session:
        if collection:
            session.collection(collection)  # says so when there is none
        for article, fault in wanting(session, collection):
            click.echo(f"{article.id}\t《{article.title}》\t{fault.message}；{fault.hint}")
            count += 1
    click.echo(f"有 {count} 处要补正。" if count else "没有发现问题。", err=True)
    return EXIT_WANTING if count else 0


@metadata.command("declare", short_help="给已有的文集声明自己的著录项。")
@click.argument("file", type=click.Path(path_type=Path))
@click.help_option(help="显示帮助。")
@click.pass_obj
def declare_command(config: Config, file: Path) -> None:
    """读 collection.toml（FILE，或它所在的文件夹）里的 [[field]]，作为其中 id 所指文集的著录项。其余说明不动。"""
    described = description(file / DESCRIPTION if file.is_dir() else file)
    with local_session(config.library_path) as session:
        held = session.collection(described.id)
        session.save_collection(replace(held, fields=described.fields))
    names = "、".join(one.name for one in described.fields) or "（没有）"
    click.echo(f"文集 {described.id} 自己的著录项：{names}", err=True)
