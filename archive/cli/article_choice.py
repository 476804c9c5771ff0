"""Which articles a command is about: the options that `wenshi export` and `wenshi book new` share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from archive.model.access import OUT_OF_USE
from archive.model.errors import ExportError, UsageError
from archive.model.records import Article
from archive.model.search import Search, Sort
from archive.session import Session

Command = TypeVar("Command", bound=Callable[..., Any])

_BATCH = 200  # hits asked for at a time


@dataclass(frozen=True, slots=True)
class Choice:
    """What was given: exactly one of ids, query and collection; a scope narrows a query, or stands for all in it."""

    ids: tuple[str, ...]
    query: str | None
    collection: str | None
    scope: str | None

    def __post_init__(self) -> None:
        require_one(id=self.ids or None, query=self.query or self.scope or self.query, collection=self.collection)

    def articles(self, session: Session) -> list[Article]:
        """The articles in their order. Raises NotFound, QueryError."""
        if self.collection is not None:
            return list(session.articles(session.collection(self.collection).id))
        return [session.article(article_id) for article_id in self.ids or self._found(session)]

    def _found(self, session: Session) -> Iterator[str]:
        """The ids of everything the query finds, in the order of the sources."""
        search = Search(text=self.query or "", scope=self.scope or "", sort=Sort.SOURCE)
        offset = 0
        while True:
            results = session.search(search, limit=_BATCH, offset=offset)
            if results.unindexed and not offset:
                click.echo(f"注意：有 {results.unindexed} 篇尚未编入索引，可能漏选；请稍后再试。", err=True)
            yield from (hit.article for hit in results.hits)
            offset += len(results.hits)
            if not results.hits or offset >= results.total:
                return


def require_one(**given: object) -> None:
    """Raise UsageError unless exactly one of these options was given; None is one that was not."""
    if sum(each is not None for each in given.values()) != 1:
        raise UsageError(f"{'、'.join(f'--{name}' for name in given)} 要给出一种，而且只给一种。")


def choice_options(command: Command) -> Command:
    """The options a `Choice` is made of."""
    for option in (
        click.option("--collection", default=None, metavar="ID", help="整个文集（编号）。"),
        click.option("--scope", default=None, metavar="NAME", help="工作集；与 --query 同用，只在里面找。"),
        click.option("--query", default=None, metavar="Q", help="检索式命中的全部文章，按来源排列。"),
        click.option("--id", "ids", multiple=True, metavar="ID", help="文章编号，可以给出多个；按给出的次序排列。"),
    ):
        command = option(command)
    return command


def presentable(chosen: Sequence[Article]) -> list[Article]:
    """Without articles out of use, which a message names. Raises ExportError when nothing remains."""
    for article in chosen:
        if article.status in OUT_OF_USE:
            click.echo(f"没有收进来：{article.id}《{article.title}》的状态是“{article.status.value}”。", err=True)
    articles = [article for article in chosen if article.status not in OUT_OF_USE]
    if not articles:
        raise ExportError("没有可以导出的文章。", hint="请换一个检索式或文集。")
    return articles
