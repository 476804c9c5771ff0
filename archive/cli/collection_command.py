"""`wenshi collection`: what a collection is said to be, and who may see anything of it."""

from __future__ import annotations

from dataclasses import replace

import click

from archive.cli.local import local_session
from archive.model.records import Access, Collection
from archive.support.config import Config


@click.command(short_help="看和改一个文集的说明、准印证号、谁能看。")
@click.argument("collection_id", metavar="ID")
@click.option("--title", default=None, help="改名称。")
@click.option("--description", default=None, help="改说明。")
@click.option("--permit", default=None, help="准印证号；填上以后默认为内部。")
@click.option(
    "--access", type=click.Choice([one.value for one in Access]), default=None, help="谁能看：管住其中全部文章。"
)
@click.option("--reason", default="", help="放宽访问级别的理由，记在操作记录里。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def collection(
    config: Config,
    collection_id: str,
    title: str | None,
    description: str | None,
    permit: str | None,
    access: str | None,
    reason: str,
) -> None:
    """看编号为 ID 的文集；写了选项就先照着改。"""
    given = {"title": title, "description": description, "permit": permit, "access": access and Access(access)}
    changes = {name: value for name, value in given.items() if value is not None}
    with local_session(config.library_path) as session:
        shown = session.collection(collection_id)
        if changes:
            shown = session.arrangement.describe(replace(shown, **changes), reason)  # type: ignore[arg-type]
        for label, value in _lines(shown):
            click.echo(f"{label}\t{value}")


def _lines(one: Collection) -> list[tuple[str, str]]:
    said = [("编号", one.id), ("名称", one.title), ("辑次", one.volume), ("出版年", one.year), ("地方", one.place)]
    said += [("准印证号", one.permit), ("访问级别", one.access.value), ("说明", one.description)]
    return [(label, value) for label, value in said if value]
