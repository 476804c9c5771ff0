"""`wenshi opening`: what was kept back until a day that has passed, and what somebody decides about it."""

from __future__ import annotations

import click

from archive.cli.local import local_session
from archive.model.errors import UsageError
from archive.support.config import Config


@click.command(short_help="保密期限已到的文章：列出来，由人决定。")
@click.argument("article_id", metavar="[ID]", required=False)
@click.option("--open", "opened", is_flag=True, help="同意开放。")
@click.option("--keep", metavar="日期", default="", help="继续控制，到这一天为止。")
@click.option("--reason", default="", help="谁同意的、依据什么；作决定时必须写。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def opening(config: Config, article_id: str | None, opened: bool, keep: str, reason: str) -> None:
    """不写 ID，列出保密期限已到而没有公开的文章；写了 ID，记下对这一篇的决定。到期不会自己公开。"""
    with local_session(config.library_path) as session:
        if article_id is None:
            for one in session.openings.due():
                click.echo(f"{one.article.id}\t《{one.article.title}》\t{one.article.access.value}\t到 {one.until}")
            return
        if opened == bool(keep):
            raise UsageError("写 --open 或 --keep 日期，二者取一", hint="同意开放写 --open，继续控制写 --keep")
        made = session.openings.open(article_id, reason) if opened else session.openings.keep(article_id, keep, reason)
    click.echo(f"《{made.title}》：{'已公开' if opened else f'继续控制到 {keep}'}", err=True)
