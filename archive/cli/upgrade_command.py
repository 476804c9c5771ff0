"""`wenshi upgrade`: the tables brought up to date, as a step of its own where several machines share a database."""

from __future__ import annotations

import click

from archive.library import Library
from archive.support.config import Config


@click.command(short_help="把资料库升级到这个版本。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def upgrade(config: Config) -> None:
    """把旧版建立的资料库升级到这个版本，先在 backups/ 里留一份升级前的副本。

    在一台电脑上用的资料库打开时会自己升级；几台电脑共用数据库的，要先停下各台的程序，再运行一次。
    """
    click.echo(f"资料库合乎这个版本（数据格式 {Library.upgrade(config.library_path)}）。", err=True)
