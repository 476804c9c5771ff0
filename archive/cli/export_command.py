"""`wenshi export`: chosen texts, or a book project, as one file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from archive.books.service import require_sound
from archive.cli.article_choice import Choice, choice_options, presentable, require_one
from archive.cli.local import local_session
from archive.export import EXPORTERS, make_book
from archive.model.project import Project
from archive.model.records import Issue
from archive.session import Session
from archive.support.config import Config

EXIT_PARTLY = 3


@click.command(short_help="把选中的文章或一部书稿导出成一个文件。")
@choice_options
@click.option("--selection", default=None, metavar="NAME", help="书稿（名称），与 wenshi book export 相同。")
@click.option("--to", "form", type=click.Choice(list(EXPORTERS)), required=True, help="文件格式。")
@click.option("--title", default="", help="书名；不给则取书稿、文章或文集的题名。")
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
    scope: str | None,
    selection: str | None,
    form: str,
    title: str,
    file: Path,
) -> int:
    """把选中的文章或一部书稿导出成一个文件。--id、--query、--collection、--selection 四者给出一种。"""
    require_one(id=ids or None, query=query or scope or query, collection=collection, selection=selection)
    with local_session(config.library_path) as session:
        if selection is not None:
            project = session.books.project(selection)
            return write_project(session, replace(project, title=title or project.title), form, file)
        chosen = Choice(ids, query, collection, scope).articles(session)
        articles = presentable(chosen)
        collections = {known.id: known for known in session.collections()}
        book = make_book(
            articles,
            title=title,
            pictures=session.picture,
            originals=session.original,
            collections=collections,
            dates=session.mentions,
        )
        exporter = EXPORTERS[form]
        tell((*book.left_out, *exporter.write(book, file)))
    click.echo(f"{file}：{exporter.label}，{len(articles)} 篇")
    return EXIT_PARTLY if len(articles) < len(chosen) else 0


def write_project(session: Session, project: Project, form: str, file: Path, *, draft: bool = False) -> int:
    """Write a book project as one file and tell what could not be kept; the exit code.

    Raises ExportError when something must be mended first, unless it is a `draft`.
    """
    bound = session.books.bind(project, draft=draft)
    if not draft:
        require_sound(bound)
    tell((*bound.faults, *bound.issues))
    tell(session.books.write(bound.book, form, file))
    click.echo(f"{file}：{EXPORTERS[form].label}，{sum(1 for _ in bound.book.chapters)} 篇")
    return 0


def tell(issues: Iterable[Issue]) -> None:
    """Name what could not be kept, on standard error."""
    for issue in issues:
        click.echo(f"{issue.place}：{issue.message}", err=True)
