"""`wenshi export`: chosen texts as one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from archive.config import Config
from archive.errors import ExportError, NotFound, UsageError
from archive.export import EXPORTERS, make_book
from archive.library import Library
from archive.query import Sort
from archive.records import Article, Status

EXIT_PARTLY = 3
_BATCH = 200  # hits asked for at a time
_HIDDEN = {Status.WITHDRAWN, Status.REJECTED}


@click.command(short_help="把选中的文章导出成一个文件。")
@click.option("--id", "ids", multiple=True, metavar="ID", help="文章编号，可以给出多个；按给出的次序排列。")
@click.option("--query", default=None, metavar="Q", help="检索式命中的全部文章，按来源排列。")
@click.option("--collection", default=None, metavar="ID", help="整个文集（编号）。")
@click.option("--selection", default=None, metavar="NAME", help="已保存的选编，按其中次序。")
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
    if sum((bool(ids), query is not None, collection is not None, selection is not None)) != 1:
        raise UsageError("--id、--query、--collection、--selection 要给出一种，而且只给一种。")
    with Library.open(config.library_path) as library:
        if collection is not None:
            chosen = list(library.articles(library.collection(collection).id))
        else:
            wanted = ids or (_selected(library, selection) if selection is not None else _found(library, query or ""))
            chosen = [library.article(article_id) for article_id in wanted]
        articles = _presentable(chosen)
        collections = {known.id: known for known in library.collections()}
        book = make_book(articles, title=title, pictures=library.picture, collections=collections)
        exporter = EXPORTERS[form]
        for issue in exporter.write(book, file):
            click.echo(f"{issue.place}：{issue.message}", err=True)
    click.echo(f"{file}：{exporter.label}，{len(articles)} 篇")
    return EXIT_PARTLY if len(articles) < len(chosen) else 0


def _found(library: Library, query: str) -> Iterator[str]:
    """The ids of everything a query finds, in the order of the sources."""
    offset = 0
    while True:
        results = library.search(query, sort=Sort.SOURCE, limit=_BATCH, offset=offset)
        if results.unindexed and not offset:
            click.echo(f"注意：有 {results.unindexed} 篇尚未编入索引，可能漏选；请稍后再导出。", err=True)
        yield from (hit.article for hit in results.hits)
        offset += len(results.hits)
        if not results.hits or offset >= results.total:
            return


def _presentable(chosen: Sequence[Article]) -> list[Article]:
    """Without what was withdrawn or rejected, which is named. Raises ExportError when nothing remains."""
    for article in chosen:
        if article.status in _HIDDEN:
            click.echo(f"没有导出：{article.id}《{article.title}》的状态是“{article.status.value}”。", err=True)
    articles = [article for article in chosen if article.status not in _HIDDEN]
    if not articles:
        raise ExportError("没有可以导出的文章。", hint="请换一个检索式、文集或选编。")
    return articles


def _selected(library: Library, name: str) -> Sequence[str]:
    if name not in library.selections():
        known = "、".join(library.selections())
        raise NotFound(f"没有选编“{name}”。", hint=f"现有选编：{known}。" if known else "还没有保存过选编。")
    return library.selection(name)
