"""`wenshi export`: chosen texts as one file."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.article_choice import Choice, choice_options, presentable
from archive.cli.local import local_session
from archive.export import EXPORTERS, make_book
from archive.support.config import Config

EXIT_PARTLY = 3


@click.command(short_help="把选中的文章导出成一个文件。")
@choice_options
@click.option("--to", "form", type=click.Choice(list(EXPORTERS)), required=True, help="文件格式。")
@click.option("--title", default="", help="书名；不给则取文章或文集的题名。")
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), required=True, metavar="FILE", help="写到哪里。"
)
@click.help_option(help="显示帮助。")
@click.pass_obj
def export(
    config: Config,
    ids: tuple[str, ...],
    query: str | None,
    collection: str | None,
    selection: str | None,
    form: str,
    title: str,
    file: Path,
) -> int:
    """把选中的文章导出成一个文件。--id、--query、--collection、--selection 四者给出一种。"""
    choice = Choice(ids, query, collection, selection)
    with local_session(config.library_path) as session:
        chosen = choice.articles(session)
        articles = presentable(chosen)
        collections = {known.id: known for known in session.collections()}
        book = make_book(articles, title=title, pictures=session.picture, collections=collections)
        exporter = EXPORTERS[form]
        for issue in (*book.left_out, *exporter.write(book, file)):
            click.echo(f"{issue.place}：{issue.message}", err=True)
    click.echo(f"{file}：{exporter.label}，{len(articles)} 篇")
    return EXIT_PARTLY if len(articles) < len(chosen) else 0
