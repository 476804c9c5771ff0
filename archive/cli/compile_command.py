"""`wenshi compile`: the 长编 of a library, listed, filled from cards or a concordance, written to files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.cli.files import require_suffix
from archive.cli.local import local_session
from archive.cli.search_options import unsorted_search_options
from archive.model.compilation import Compilation
from archive.model.errors import NotFound
from archive.model.search import Search
from archive.session import Session
from archive.support.config import Config
from archive.workbench.compilation_files import as_book, as_project, heading_of, write_table
from archive.workbench.steps import Arranged, read_step

_TABLES, _BOOKS = (".xlsx", ".csv"), {".docx": "docx", ".pdf": "pdf", ".epub": "epub", ".md": "md", ".txt": "txt"}


@click.command("compile", short_help="长编：列出，放进卡片或全部各处，存成文件。")
@click.argument("name", default="")
@click.option("--new", is_flag=True, help="先建一部叫这个名称的。")
@click.option("--heading", default="", help="放在这个篇目下；没有就加上。")
@click.option("--card", "cards", type=int, multiple=True, help="放进这张卡片（编号），可以写多次。")
@click.option("--query", default="", help="把这个检索式的全部各处做成卡片，一次放进去。")
@click.option("--step", "steps", multiple=True, help="先这样筛选各处，写法同 kwic 的 --step。")
@click.option("--paragraphs", is_flag=True, help="摘录各处所在的一段；不写时摘录所在的一句。")
@click.option("--together", is_flag=True, help="放进去的都是同一件事的记载，并在一起。")
@unsorted_search_options
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="写进文件：.docx、.xlsx、.csv 等。")
@click.option("--project", default="", help="做成叫这个名称的书稿。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每件事一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def compile_cards(
    config: Config,
    name: str,
    new: bool,
    heading: str,
    cards: tuple[int, ...],
    query: str,
    steps: tuple[str, ...],
    paragraphs: bool,
    together: bool,
    search: Search,
    file: Path | None,
    project: str,
    as_json: bool,
) -> None:
    """列出全部长编；写了 NAME 的，列出这一部的各事，由早到晚。"""
    require_suffix(file, (*_BOOKS, *_TABLES))
    with local_session(config.library_path) as session:
        if not name:
            for one in map(session.compilations.get, session.compilations.names()):
                click.echo(f"{one.name}\t{len(one.headings)} 个篇目\t{len(one.events)} 件事\t{len(one.cards)} 张卡片")
            return
        held = session.compilations.create(name) if new else session.compilations.get(name)
        if cards or query:
            keys = list(cards)
            if query:
                rows = session.concordances.rows(search.but(text=query), [read_step(one) for one in steps], Arranged())
                keys += session.compilations.take_rows(rows, paragraphs=paragraphs)
            held = _put(session, held, heading, keys, together)
        elif project:
            parts = session.compilations.parts(held)
            session.books.save(as_project(session.compilations, project, parts))
            click.echo(f"做成书稿“{project}”", err=True)
        elif file is not None:
            _write(session, held, file)
        else:
            _list(session, held, as_json)


def _put(session: Session, held: Compilation, heading: str, keys: list[int], together: bool) -> Compilation:
    if unknown := set(keys) - session.cards.several(keys).keys():
        raise NotFound(f"没有第 {min(unknown)} 张卡片", hint="运行 wenshi cards 查看编号")
    under = next((one.key for one in held.headings if one.title == heading), 0)
    if heading and not under:
        held = held.with_heading(heading)
        under = held.headings[-1].key
    before = len(held.cards)
    held = session.compilations.save(held.with_cards(keys, under, together=together))
    click.echo(f"放进去 {len(held.cards) - before} 张，现有 {len(held.cards)} 张", err=True)
    return held


def _write(session: Session, held: Compilation, file: Path) -> None:
    parts = session.compilations.parts(held)
    if file.suffix.lower() in _TABLES:
        write_table(parts, file)
    else:
        session.books.write(as_book(held, parts, session.books.house("16开")), _BOOKS[file.suffix.lower()], file)
    click.echo(f"共 {len(held.events)} 件事，已写入 {file}", err=True)


def _list(session: Session, held: Compilation, as_json: bool) -> None:
    for part in session.compilations.parts(held):
        title = part.heading.title if part.heading else ""
        for told in part.events:
            if as_json:
                accounts = [
                    {"card": one.card.key, "text": one.card.written, "source": one.source} for one in told.accounts
                ]
                differing = {kind: [list(words) for words in rows] for kind, rows in told.differing.items()}
                remarks = [{"kind": one.kind.value, "text": one.text, "who": one.who} for one in told.event.remarks]
                value = {"key": told.event.key, "heading": title, "when": heading_of(told), "accounts": accounts}
                click.echo(json.dumps({**value, "differing": differing, "remarks": remarks}, ensure_ascii=False))
            else:
                click.echo(f"{title}\t{heading_of(told)}\t{len(told.accounts)}\t{told.accounts[0].card.written[:40]}")
    click.echo(f"共 {len(held.events)} 件事", err=True)
