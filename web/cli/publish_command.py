"""`wenshi publish`: collections as a folder of pages for any web server, or for a USB stick."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.local import asking
from archive.library import Library
from archive.model.access import Action
from archive.model.accounts import public_reader
from archive.support.config import Config
from web.edition.publishing import FORMS, Wanted, address_of, publish
from web.edition.site_folder import SiteFolder


@click.command("publish", short_help="把文集发布成一个文件夹的网页。")
@click.option("--collection", "ids", multiple=True, required=True, metavar="ID", help="文集（编号）；有几个就给几次。")
@click.option("--title", default="", help="网站的名称；不给则取第一个文集的题名。")
@click.option("--base-url", "base", default="", metavar="URL", help="网站将来的网址；给了才有转发时的卡片和站点地图。")
@click.option("--book", "forms", type=click.Choice(list(FORMS)), multiple=True, help="旁边放哪种书；默认 epub 和 pdf。")
@click.option("--no-books", is_flag=True, help="旁边不放书。")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="写到哪个文件夹：空的，或上次发布用的。",
)
@click.help_option(help="显示帮助。")
@click.pass_obj
def publish_site(
    config: Config, ids: tuple[str, ...], title: str, base: str, forms: tuple[str, ...], no_books: bool, folder: Path
) -> None:
    """把文集发布成一个文件夹的网页，可以放上网站，也可以拷进 U 盘双击 index.html 打开。

    只收已经发布、公开的文章。再发布到同一个文件夹，只改写有变化的页；撤下的文章换成一页说明。
    """
    wanted = Wanted(title, address_of(base), () if no_books else forms or Wanted().forms)
    with Library.open(config.library_path) as library:
        who = asking(library)
        chosen = [library.session(who).collection(each) for each in dict.fromkeys(ids)]
        for each in chosen:
            who.require_in(Action.COMPILE, each.id)
        made = publish(library.session(public_reader()), chosen, wanted, SiteFolder(folder))
    for sentence in made.told:
        click.echo(sentence, err=True)
    click.echo(
        f"{folder}：{made.texts} 篇，{made.characters:,} 字，{made.files} 个文件，{made.bytes / 1_000_000:.1f} MB；"
        f"这次写了 {made.written} 个，去掉 {made.removed} 个"
        + (f"，撤下的 {made.gone} 篇换成了说明" if made.gone else "")
    )
