"""`wenshi cards`: the cards of the library, listed or written to a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.cli.files import require_suffix
from archive.cli.local import local_session
from archive.model.cards import Checked, Condition
from archive.model.errors import UsageError
from archive.session import Session
from archive.support.config import Config
from archive.support.table_files import read_rows
from archive.workbench import card_table
from archive.workbench.card_table import FORMATS, understood, write
from archive.workbench.cards import PlacedCard, Wanted


@click.command("cards", short_help="资料卡片：列出，存成文件，或按表修改。")
@click.argument("words", default="")
@click.option("--class", "class_", default="", help="只列这一类目的。")
@click.option("--id", "article", default="", help="只列出自这一篇（编号）的。")
@click.option("--name", default="", help="只列写明了这个人物或地名的。")
@click.option("--period", default="", help="只列这一时期的，写法同检索。")
@click.option("--checked", type=click.Choice([one.value for one in Checked]), help="只列核实到这一步的。")
@click.option("--condition", type=click.Choice([one.value for one in Condition]), help="只列原文现状是这样的。")
@click.option("--by-date", is_flag=True, help="由早到晚；不写时新做的在前。")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="写进文件：.xlsx、.csv 或 .docx。")
@click.option(
    "--take", "table", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="按这张表改卡片、做卡片。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每张一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def cards(
    config: Config,
    words: str,
    class_: str,
    article: str,
    name: str,
    period: str,
    checked: str | None,
    condition: str | None,
    by_date: bool,
    file: Path | None,
    table: Path | None,
    as_json: bool,
) -> None:
    """列出资料卡片，新做的在前；写了 WORDS 的，只列摘录、考订和使用去向里有这些词的。"""
    require_suffix(file, FORMATS)
    wanted = Wanted(
        class_=class_, words=words, article=article, name=name, period=period, checked=checked or "", by_date=by_date
    )
    with local_session(config.library_path) as session:
        if table is not None:
            _take(session, table)
            return
        found = [one for one in session.cards.listed(wanted) if condition in (None, one.condition.value)]
        if file is not None:
            write(found, file)
        else:
            for one in found:
                click.echo(_line(one, as_json))
    click.echo(f"共 {len(found)} 张" + (f"，已写入 {file}" if file is not None else ""), err=True)


def _take(session: Session, table: Path) -> None:
    changes = card_table.read_changes(session.cards, read_rows(table))
    if changes.problems:
        told = "\n".join(f"  {one}" for one in changes.problems)
        raise UsageError(f"表里有 {len(changes.problems)} 行用不上，什么也没有改：\n{told}", hint="改好表再来")
    changed, made = card_table.apply(session.cards, changes)
    click.echo(f"改了 {changed} 张，新做 {made} 张", err=True)


def _line(one: PlacedCard, as_json: bool) -> str:
    card = one.card
    if not as_json:
        written = " ".join(card.written.split())
        return "\t".join((str(card.key), one.condition.value, written, "；".join(card.said.classes), one.article.title))
    return json.dumps(
        {
            "key": card.key,
            "text": card.written,
            "source": one.source,
            "classes": list(card.said.classes),
            "note": card.said.note,
            "dated": card.said.dated,
            "date": understood(one),
            "persons": list(card.said.persons),
            "places": list(card.said.places),
            "checked": card.said.checked.value,
            "uses": card.said.uses,
            "condition": one.condition.value,
            "article": card.article,
            "version": card.version,
            "place": list(card.place),
            "now": None if one.place is None else list(one.place),
            "who": card.who,
            "when": card.when,
        },
        ensure_ascii=False,
    )
