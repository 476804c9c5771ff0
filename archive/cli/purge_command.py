"""`wenshi purge`: removing for good what must not be in a library."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.local import local_session
from archive.model.errors import UsageError
from archive.model.holdings import PurgeScope
from archive.support.config import Config


@click.command(short_help="彻底清除不该有的文章。")
@click.argument("ids", nargs=-1, required=True, metavar="编号…")
@click.option("--reason", required=True, metavar="理由", help="依据什么、谁决定的；不要写出要清除的内容。")
@click.option(
    "--backup",
    "backups",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="备份",
    help="这个备份文件里的也清除；可以写几次。",
)
@click.option("--password", default="", metavar="密码", help="加了密码的备份，写备份时的密码。")
@click.option("--yes", is_flag=True, help="不再询问。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def purge(
    config: Config, ids: tuple[str, ...], reason: str, backups: tuple[Path, ...], password: str, yes: bool
) -> None:
    """清除文章的全部版本、它的原件和图片、书稿和收稿记录里的这一篇，只留下编号和操作日志里的一条。不能恢复。

    别的文章里引用它、列出它题名的文字（如一辑的目录）不会改动，要另行更正。

    泄密、个人隐私一类依规定不得留存的才清除；别的把状态改成“撤下”，随时可以改回来。
    """
    with local_session(config.library_path) as session:
        purging = session.upkeep.purging
        for scope in purging.scope(ids):
            click.echo(_said(scope), err=True)
        if not yes and not click.confirm("清除之后不能恢复。清除吗？", default=False, err=True):
            raise UsageError("没有清除", hint="确要清除，回答 y，或加上 --yes")
        purging.purge(ids, reason)
        click.echo("资料库里的已清除。", err=True)
        for file in backups:
            count = purging.purge_backup(file, ids, reason, password)
            click.echo(f"{file}：{f'清除 {count} 篇' if count else '里面没有'}", err=True)
    click.echo("没有写到的备份、拷走的文件、导出的书里可能还有，请逐个处理。", err=True)


def _said(scope: PurgeScope) -> str:
    line = f"{scope.id} 《{scope.title}》：{scope.versions} 个版本，{scope.pictures} 幅图片"
    if scope.originals:
        line += f"，原件 {'、'.join(scope.originals)}"
    if scope.others:
        line += f"（同一原件收入的另外 {scope.others} 篇保留文字，不再有原件）"
    return line
