"""`wenshi cards`: the cards of the library, listed or written to a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.cli.local import local_session
from archive.model.cards import Condition
from archive.model.errors import UsageError
from archive.support.config import Config
from archive.workbench.cards import FORMATS, PlacedCard, write


@click.command("cards", short_help="资料卡片：列出，或存成表格。")
@click.argument("words", default="")
@click.option("--class", "class_", default="", help="只列这一类目的。")
@click.option("--id", "article", default="", help="只列出自这一篇（编号）的。")
@click.option("--condition", type=click.Choice([one.value for one in Condition]), help="只列原文现状是这样的。")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="写进文件：.xlsx 或 .csv。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每张一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def cards(
    config: Config, words: str, class_: str, article: str, condition: str | None, file: Path | None, as_json: bool
) -> None:
    """列出资料卡片，新做的在前；写了 WORDS 的，只列摘录和考订里有这些词的。"""
    if file is not None and file.suffix.lower() not in FORMATS:
        raise UsageError(f"不能写成“{file.suffix or file.name}”", hint=f"文件名以 {'、'.join(FORMATS)} 结尾")
    with local_session(config.library_path) as session:
        listed = session.cards.listed(class_, words, article)
        found = [one for one in listed if condition in (None, one.condition.value)]
        if file is not None:
            write(found, file)
        else:
            for one in found:
                click.echo(_line(one, as_json))
    click.echo(f"共 {len(found)} 张" + (f"，已写入 {file}" if file is not None else ""), err=True)


def _line(one: PlacedCard, as_json: bool) -> str:
    card = one.card
    if not as_json:
        written = " ".join(card.written.split())
        return "\t".join((str(card.key), one.condition.value, written, "；".join(card.classes), one.article.title))
    return json.dumps(
        {
            "key": card.key,
            "text": card.written,
            "source": one.source,
            "classes": list(card.classes),
            "note": card.note,
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
