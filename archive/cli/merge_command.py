"""`wenshi merge`: another library's texts into this one, what is double shown first."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.library_commands import EXIT_PROBLEMS
from archive.cli.local import asking, local_session
from archive.cli.telling import tell_progress
from archive.library import Library
from archive.merging.beside import lines
from archive.merging.texts import LEFT_BEHIND, Merging, Plan
from archive.support.config import Config


@click.command(short_help="把另一个资料库并进来，先列出重复的。")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="照列出的做；不写就只列出，什么也不改。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def merge(config: Config, source: Path, yes: bool) -> int:
    """把资料库 SOURCE 里在用的文章并入这个资料库，连同各版、日期的订正、卡片、原件和图片，词表、时期、名称表、样式。

    两边都有的先列出来，不收第二次，这边的不会被换掉。SOURCE 不改动。中断了，再运行一次就接着并。
    """
    with Library.open(source) as other, local_session(config.library_path) as session:
        merging = Merging(other.session(asking(other)), session)
        plan = merging.plan()
        _show(plan)
        if not yes:
            click.echo("什么也没有改。照这样并进来，再运行一次，加上 --yes。", err=True)
            return EXIT_PROBLEMS if plan.without_file else 0
        came = merging.run(_progress)
    click.echo(f"并进来 {came} 篇。没有并的：{LEFT_BEHIND}。", err=True)
    return EXIT_PROBLEMS if plan.without_file else 0


def _show(plan: Plan) -> None:
    for one in plan.doubles:
        place = f"{one.held.collection} {one.held.id}"
        click.echo(f"{one.likeness.value}：《{one.article.title}》（那边 {one.article.id}，这边 {place}）")
    for before, then in plan.renamed:
        click.echo(f"文集编号 {before} 这边已是另一个文集，并进来时改为 {then}")
    for title in plan.without_file:
        click.echo(f"并不进来：《{title}》的原件不见了。先在那边用 wenshi check 查看，从备份里取回")
    besides = plan.besides
    for line in lines(besides):
        click.echo(line)
    click.echo(
        f"要并进来 {plan.coming} 篇（较早的版本 {plan.versions} 个），两边都有的 {len(plan.doubles)} 篇。", err=True
    )
    click.echo(
        f"另有卡片 {plan.cards + len(besides.cards)} 张，人物、地名、机构 {len(besides.names.added)} 条，"
        f"时期 {len(besides.periods)} 条，本单位的文件 {len(besides.files)} 个。",
        err=True,
    )


def _progress(done: int, total: int) -> None:
    tell_progress(f"{done}/{total} 份原件", done, total)
