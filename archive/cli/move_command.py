"""`wenshi move`: the whole library into another folder, found by another engine, and back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.library_commands import EXIT_PROBLEMS
from archive.cli.local import asking
from archive.cli.telling import tell_problems, tell_progress
from archive.library import Library
from archive.model.errors import UsageError
from archive.support.config import Config


@click.command(short_help="把资料库搬到另一个文件夹、换一种检索引擎。")
@click.option("--to", "target", required=True, metavar="文件夹|地址", help="搬到哪个文件夹，或 postgresql://…。")
@click.option("--folder", type=click.Path(path_type=Path), metavar="文件夹", help="--to 写地址时，原件等放在哪里。")
@click.option("--files", default="", metavar="地址", help="原件和图片放到哪里：s3://桶/名称；不写就放在文件夹里。")
@click.option("--engine", default="", metavar="引擎", help="搬过去用哪种检索引擎，如 embedded、tantivy、opensearch。")
@click.option("--index", default="", metavar="名称", help="用 opensearch 时，新索引的名称；原来的也用它时必须另起。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def move(config: Config, target: str, folder: Path | None, files: str, engine: str, index: str) -> int:
    """把整个资料库搬到一个空的文件夹，重建索引，再与原来的逐一比较。

    原来的资料库不改动，搬的时候别人照样可以查，不能写。中断了，再运行一次就接着搬。
    """
    address = target if target.startswith("postgresql://") else ""
    if bool(address) != bool(folder):
        hint = "例如 --to postgresql://wenshi@10.0.0.4/wenshi --folder /srv/文史"
        raise UsageError("--to 写数据库的地址时要写 --folder，写文件夹时不要写", hint=hint)
    root = folder or Path(target)
    with Library.open(config.library_path) as library:
        library.session(asking(library)).upkeep.backups  # noqa: B018 – raises NotAllowed
        moved = library.move(root, engine, index, _show, address, files)
    tell_problems(moved.problems)
    if moved.whole:
        click.echo(f"已搬到 {root.resolve()}：{moved.articles} 篇，各表与原件的校验码都相同。", err=True)
        click.echo(f"{moved.strings} 个检索式两边结果相同。原来的资料库还在，自己看过以后再删。", err=True)
    else:
        click.echo("没有搬完：有检索式的结果与原来不同。原来的资料库没有改动。", err=True)
    return EXIT_PROBLEMS if moved.problems else 0


def _show(what: str, done: int, total: int) -> None:
    tell_progress(f"{what} {done}/{total}", done, total)
