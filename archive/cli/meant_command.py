"""`wenshi meant`: who is meant where a name stands, listed and decided, one by one or at once, and taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from archive.cli.local import local_session
from archive.cli.names_told import all_pages
from archive.model.errors import UsageError
from archive.model.name_records import Standing
from archive.session import Session
from archive.support.config import Config
from archive.workbench.name_mentions import Mentioned


@click.command("meant", short_help="指认：一个名称的各处说的是谁，列出、指认、撤销。")
@click.argument("form", default="")
@click.argument("records", type=int, nargs=-1)
@click.option("--as", "standing", type=click.Choice([one.value for one in Standing]), default="已定", help="怎样定。")
@click.option("--at", "places", multiple=True, help="定这一处（列出的每行第一项），可以写多次。")
@click.option("--clued", is_flag=True, help="定全库有旁证的各处。")
@click.option("--every", is_flag=True, help="定全库待核的各处；两个字的名称仍要有旁证。")
@click.option("--anew", is_flag=True, help="已经定过的也照这样改；只与 --at 同用。")
@click.option("--reason", default="", help="依据。")
@click.option("--dry-run", is_flag=True, help="只列出将要定的各处。")
@click.option("--undo", type=int, help="撤销这一批（指认后给出的批号）。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每处一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def meant(
    config: Config,
    form: str,
    records: tuple[int, ...],
    standing: str,
    places: tuple[str, ...],
    clued: bool,
    every: bool,
    anew: bool,
    reason: str,
    dry_run: bool,
    undo: int | None,
    as_json: bool,
) -> None:
    """列出名称 FORM 的各处：位置、状态、旁证、那一段；写了 RECORDS（编号）的，把选定的各处定为他们。"""
    if undo is not None and (form or places):
        raise UsageError("--undo 单独用", hint="写批号就够了")
    if anew and (clued or every):
        raise UsageError("--anew 只与 --at 同用", hint="成批的从不改已经定过的")
    if sum((bool(places), clued, every)) > 1:
        raise UsageError("--at、--clued、--every 只能用一种", hint="分几次运行")
    with local_session(config.library_path) as session:
        if undo is not None:
            click.echo(f"撤销了 {session.name_mentions.undo(undo)} 处。", err=True)
            return
        if not form:
            raise UsageError("没有写名称", hint="例如 wenshi meant 李明")
        if not (places or clued or every):
            mentions = session.name_mentions
            _tell(all_pages(lambda limit, offset: mentions.open_places(form, limit=limit, offset=offset)), as_json)
            return
        found = _chosen(session, form, records, places, clued=clued)
        if dry_run:
            _tell(found, as_json)
            return
        wanted = Standing.SETTLED if clued or every else Standing(standing)
        batch, count = session.name_mentions.decide(found, wanted, records, reason, anew=anew)
        click.echo(f"已定 {count} 处：{wanted.value}。撤销：wenshi meant --undo {batch}", err=True)


def _chosen(
    session: Session, form: str, records: Sequence[int], places: Sequence[str], *, clued: bool
) -> tuple[Mentioned, ...]:
    if places:
        return session.name_mentions.at(places)
    if len(records) != 1:
        raise UsageError("成批指认只能指给一个", hint="写一个编号；用 wenshi names --queue 查看")
    return session.name_mentions.linkable(form, records[0], clued=clued)


def _tell(found: Sequence[Mentioned], as_json: bool) -> None:
    for one in found:
        at = one.at
        clues = {str(number): [each.words for each in clues] for number, clues in at.clues.items() if clues}
        if as_json:
            said = {"at": one.address, "standing": at.standing.value, "record": at.record}
            told = {**said, "candidates": list(at.candidates), "clues": clues, "text": one.text}
            click.echo(json.dumps(told, ensure_ascii=False))
            continue
        words = "；".join(f"{number} {'，'.join(each)}" for number, each in clues.items())
        record = str(at.record or "")
        click.echo("\t".join((one.address, at.standing.value, record, words, " ".join(one.text.split()))))
    click.echo(f"{len(found)} 处", err=True)
