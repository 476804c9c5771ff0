"""`wenshi preserve`: the whole library in a form that can be read without this program, and back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.library_commands import EXIT_PROBLEMS
from archive.cli.local import local_session
from archive.cli.telling import tell_problems, tell_progress
from archive.library import Library
from archive.model.errors import UsageError
from archive.support.config import Config


@click.command(short_help="写成几十年后没有本程序也读得出来的样子，再读回来。")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="文件夹", help="写到哪里；再写一次只加新的。")
@click.option("--bag", is_flag=True, help="整个文件夹做成 BagIt 包，便于移交。")
@click.option(
    "--restore", "source", type=click.Path(path_type=Path), metavar="文件夹", help="由这个文件夹建一个新的资料库。"
)
@click.help_option(help="显示帮助。")
@click.pass_obj
def preserve(config: Config, output: Path | None, bag: bool, source: Path | None) -> int:
    """把全部文章（每一版）、原件、图片、著录和经过写成 OCFL 1.1 对象，文件夹里有一页说明。

    账号、密码和投稿人的号码不写。
    """
    if (output is None) == (source is None) or (source is not None and bag):
        hint = "写出：wenshi preserve -o 文件夹；读回：wenshi --library 新的文件夹 preserve --restore 文件夹"
        raise UsageError("-o 和 --restore 要写一个，只写一个；--bag 只与 -o 同用", hint=hint)
    if source is not None:
        Library.restore(source, config.library_path).close()
        click.echo(f"已建成 {config.library_path.resolve()}，每张表、每个文件的校验码都与写出时相同。", err=True)
        return 0
    assert output is not None
    with local_session(config.library_path) as session:
        laid = session.upkeep.preservation.lay_down(output, _show, bagged=bag)
    tell_problems(laid.problems)
    click.echo(f"已写到 {output.resolve()}：共 {laid.objects} 个对象，这次新的和有变的 {laid.changed} 个。", err=True)
    return EXIT_PROBLEMS if laid.problems else 0


def _show(done: int, total: int) -> None:
    tell_progress(f"{done}/{total} 篇", done, total)
