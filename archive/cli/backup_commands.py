"""`wenshi backup` and `wenshi restore`: a library in one file, at once or by a plan, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from archive.backups import Backups
from archive.cli.library_commands import EXIT_PROBLEMS
from archive.cli.local import local_session
from archive.cli.telling import tell_problems
from archive.library import Library
from archive.model.errors import UsageError
from archive.model.holdings import BackupPlan, Problem
from archive.support.config import Config


@click.command(short_help="备份。")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--password", default="", metavar="密码", help="给备份加密；忘了密码，谁也打不开它。")
@click.option("--neutral", is_flag=True, help="各表写成 JSON Lines，不用数据库也读得出来。")
@click.option("--plan", "folder", default=None, metavar="文件夹", help="安排自动备份到这个文件夹；写 - 取消。")
@click.option("--hours", type=click.IntRange(1, 1440), default=None, metavar="小时", help="隔多久备份一次，默认 24。")
@click.option("--keep", default="", metavar="日,周,月", help="各留最近几天、几周、几个月的一份，默认 7,4,12。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def backup(
    config: Config,
    file: Path | None,
    password: str,
    neutral: bool,
    folder: str | None,
    hours: int | None,
    keep: str,
) -> int:
    """把整个资料库（索引除外）写进一个文件 FILE，写完重新读一遍核对。

    不写 FILE 就照安排好的备份一次。安排了自动备份，网页开着的时候到时间就做。
    """
    with local_session(config.library_path) as session:
        backups = session.upkeep.backups
        if folder is not None or hours is not None or keep:
            if file is not None:
                raise UsageError("安排自动备份时不写文件名", hint="分两次运行：先安排，再备份")
            return _arrange(backups, folder, hours, keep, password)
        if file is None:
            made, problems = backups.make_planned()
        else:
            made, problems = file, backups.make(file, password, neutral=neutral)
    return _told(made, problems)


def _arrange(backups: Backups, folder: str | None, hours: int | None, keep: str, password: str) -> int:
    plan = backups.plan()
    if folder is not None:
        plan = BackupPlan() if folder == "-" else replace(plan, folder=str(Path(folder).absolute()))
    if hours is not None:
        plan = replace(plan, hours=hours)
    if keep:
        numbers = keep.replace("，", ",").split(",")
        if len(numbers) != 3 or not all(each.strip().isdecimal() and len(each) < 5 for each in numbers):
            raise UsageError("--keep 要写三个数，用逗号隔开", hint="例如 --keep 7,4,12")
        daily, weekly, monthly = map(int, numbers)
        plan = replace(plan, daily=daily, weekly=weekly, monthly=monthly)
    if not plan.folder and folder != "-":
        raise UsageError("还没有定备份到哪个文件夹", hint="同时写上 --plan 文件夹")
    backups.save_plan(plan, password or None)
    if not plan.folder:
        click.echo("已取消自动备份。", err=True)
    else:
        kept = f"留最近 {plan.daily} 天、{plan.weekly} 周、{plan.monthly} 个月的各一份"
        click.echo(f"网页开着时，每 {plan.hours} 小时备份到 {plan.folder}，{kept}。", err=True)
    return 0


def _told(file: Path, problems: Sequence[Problem]) -> int:
    tell_problems(problems)
    click.echo(f"已备份到 {file}（{file.stat().st_size / 1e6:.1f} MB），重新读过，完好。", err=True)
    return EXIT_PROBLEMS if problems else 0


@click.command(short_help="从备份恢复。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--password", default="", metavar="密码", help="加了密码的备份，写备份时的密码。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def restore(config: Config, file: Path, password: str) -> None:
    """从备份文件 FILE 恢复到一个空的位置，并重建索引。"""
    Library.restore(file, config.library_path, password).close()
    click.echo(f"已恢复到 {config.library_path.resolve()}", err=True)
