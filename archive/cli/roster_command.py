"""`wenshi roster`: who held which office, by body or by person, on the screen or as a sheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from archive.catalogue.roster import HEADER, Tenure, UnreadLine, both_ways, by_person, row, tenures, unread
from archive.cli.local import local_session
from archive.support.config import Config
from archive.support.sheets import write_csv, write_xlsx
from archive.text.folding import fold

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="列出组织史里的任职记录。")
@click.option("--collection", default="", metavar="ID", help="只列这一个文集（编号）。")
@click.option("--person", default="", metavar="NAME", help="只列这个人的任职，按时间先后；繁简、空格不拘。")
@click.option("--body", default="", metavar="NAME", help="只列名称中有这几个字的机构。")
@click.option("--doubtful", is_flag=True, help="只列存疑、需要核对的记录。")
@click.option("--unread", "unread_lines", is_flag=True, help="改列没有读出记录的行，供核对有没有漏掉的人。")
@click.option("--csv", "csv_file", type=_FILE, default=None, metavar="FILE", help="写成 CSV 文件。")
@click.option(
    "--xlsx", "xlsx_file", type=_FILE, default=None, metavar="FILE", help="写成 Excel 文件：按机构、按人各一张表。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def roster(
    config: Config,
    collection: str,
    person: str,
    body: str,
    doubtful: bool,
    unread_lines: bool,
    csv_file: Path | None,
    xlsx_file: Path | None,
    as_json: bool,
) -> None:
    """列出组织史文章里的任职记录：机构、届次、职务、姓名、任期、籍贯，以及它们在哪一篇哪一段。

    记录每次都由文章现算，改正文章就改正了记录。
    """
    with local_session(config.library_path) as session:
        if collection:
            session.collection(collection)  # raises NotFound when there is none
        articles, reader = session.articles(collection), session.date_reader()
        found = [
            one for article in articles for one in tenures(article, reader) if _wanted(one, person, body, doubtful)
        ]
        left = [one for article in articles for one in unread(article, reader)]
    if unread_lines:
        _tell_unread(left, as_json)
        return
    if person:
        found = [one for held in by_person(found).values() for one in held]
    if csv_file:
        write_csv(csv_file, HEADER, map(row, found))
    if xlsx_file:
        write_xlsx(xlsx_file, both_ways(found))
    if as_json:
        click.echo(json.dumps([dict(zip(HEADER, row(one), strict=True)) for one in found], ensure_ascii=False))
    elif not (csv_file or xlsx_file):
        for one in found:
            click.echo("\t".join(" ".join(cell.split()) for cell in row(one)))
    doubts = sum(bool(one.doubts) for one in found)
    further = f"；另有 {len(left)} 行没有读出记录，加 --unread 列出" if left else ""
    click.echo(f"任职记录 {len(found)} 条，其中 {doubts} 条存疑{further}", err=True)


def _tell_unread(left: Sequence[UnreadLine], as_json: bool) -> None:
    """The lines that gave no record, with where they stand."""
    if as_json:
        values = [{"文章": one.article, "段": one.block, "原文": one.text} for one in left]
        click.echo(json.dumps(values, ensure_ascii=False))
    else:
        for one in left:
            click.echo(f"{one.article}\t{one.block}\t{one.text}")
    click.echo(f"没有读出任职记录的 {len(left)} 行", err=True)


def _wanted(one: Tenure, person: str, body: str, doubtful: bool) -> bool:
    same = not person or fold(one.person).text == fold(person).text
    return same and (not body or fold(body).text in fold(one.body).text) and (not doubtful or bool(one.doubts))
