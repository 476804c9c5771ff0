"""`wenshi workflow`: procedures shown and edited, steps taken, what is to be done."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.cli.files import text_of
from archive.cli.local import local_session
from archive.cli.register_commands import pairs, row_given, row_option
from archive.support.config import Config
from archive.support.files import write_whole
from archive.workflow.stepping import AskedStep


@click.group(short_help="流程：审稿、校次、提案等一步一步怎么走。")
@click.help_option(help="显示帮助。")
def workflow() -> None:
    """流程：哪些状态，每一步谁来走、要写什么；走一步，看经过，看待办。"""


@workflow.command("list", short_help="列出全部流程。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def list_procedures(config: Config) -> None:
    """列出全部流程；流程文件写错了的，说明错在哪一行。"""
    with local_session(config.library_path) as session:
        for one in session.workflow.procedures():
            click.echo(f"{one.name}\t{'本单位的' if one.own else '自带的'}\t{one.about}")
        for error in session.workflow.table.errors():
            click.echo(f"警告：{error}", err=True)


@workflow.command("show", short_help="一个流程的状态和各步。")
@click.argument("name")
@click.help_option(help="显示帮助。")
@click.pass_obj
def show(config: Config, name: str) -> None:
    """列出流程 NAME 的各步：从哪里、到哪里、谁来走、要写什么。"""
    with local_session(config.library_path) as session:
        for one in session.workflow.procedure(name).transitions:
            who = "、".join(one.signed_by) + " 都签字" if one.signed_by else "或".join(one.who)
            wanted = [one.opinion, *one.needed, f"添一行{one.rows}" if one.rows else "", *(c.words for c in one.when)]
            seen = "；读者此后看得到" if one.releases else ""
            needs = "、".join(filter(None, wanted)) or "—"
            click.echo(f"{'、'.join(one.sources)} → {one.to}\t{who}\t要：{needs}{seen}")


@workflow.command("edit", short_help="拿出一个流程来改。")
@click.argument("name")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), required=True, help="写到这个文件。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def edit(config: Config, name: str, file: Path) -> None:
    """把流程 NAME 写成文件，改好后用 wenshi workflow save 收回。"""
    with local_session(config.library_path) as session:
        write_whole(file, session.workflow.table.text(session.workflow.procedure(name).name))


@workflow.command("save", short_help="收进改好的或新的流程。")
@click.argument("file", type=click.Path(path_type=Path))
@click.help_option(help="显示帮助。")
@click.pass_obj
def save(config: Config, file: Path) -> None:
    """检查 FILE，没有错就作为本单位的流程；有错说明是第几行，什么也不改。"""
    text = text_of(file, "流程文件")
    with local_session(config.library_path) as session:
        made = session.procedures.save(text)
        click.echo(f"已保存流程“{made.name}”", err=True)


@workflow.command("step", short_help="走一步。")
@click.argument("name")
@click.argument("number")
@click.argument("to")
@click.option("--opinion", default="", help="意见、理由。")
@click.option("--set", "values", multiple=True, help="这一步要写的 字段=值，可写多次。")
@row_option
@click.option("--as", "post", default="", help="以哪个岗位（编辑、主任……）。")
@click.option("--signer", default="", help="是谁的意见和签字；不写就是经手人自己。")
@click.option("--reason", default="", help="一人签几道时的理由。")
@click.option("--assign", "assignee", default="", help="交给谁办。")
@click.option("--due", default="", help="期限，如 2026-03-02。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def step(config: Config, /, name: str, number: str, to: str, **given: object) -> None:
    """让流程 NAME 里的 NUMBER（登记号、文章编号或书稿名）走到状态 TO。"""
    values, rows = pairs(given.pop("values") or ()), given.pop("rows") or ()  # type: ignore[arg-type]
    changes = tuple(row_given(one) for one in rows)  # type: ignore[attr-defined]
    asked = AskedStep(to=to, values=values, rows=changes, **given)  # type: ignore[arg-type]
    with local_session(config.library_path) as session:
        now = session.workflow.take(name, number, asked)
        click.echo(f"{now.number}\t{now.state}")


@workflow.command("history", short_help="一份的全部经过。")
@click.argument("name")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def history(config: Config, name: str, number: str, as_json: bool) -> None:
    """列出 NUMBER 走过的每一步：时间（世界时）、从哪里到哪里、谁签字、意见。"""
    with local_session(config.library_path) as session:
        for one in session.workflow.steps(session.workflow.record(name, number)):
            signer = one.signer or one.who
            if as_json:
                told = {
                    "moment": one.moment, "from": one.source, "to": one.to, "toward": one.toward, "signer": signer,
                    "who": one.who, "post": one.post, "opinion": one.opinion, "reason": one.reason,
                    "values": dict(one.values), "version": one.version, "digest": one.digest,
                }  # fmt: skip
                click.echo(json.dumps(told, ensure_ascii=False))
                continue
            by = f"{signer}（{one.who}代录）" if one.entered else signer
            notes = [one.opinion, f"兼任：{one.reason}" if one.reason else ""]
            notes += [f"{key}：{value}" for key, value in one.values.items() if one.source]
            way = f"{one.source or '—'} → {one.to}" if one.moves else f"{one.to}（{one.toward or '填写'}）"
            click.echo("\t".join([one.moment, way, f"{one.post} {by}".strip(), *filter(None, notes)]))


@workflow.command("todo", short_help="待办。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def todo(config: Config) -> None:
    """列出待办：期限、登记簿、号、状态、题名；期限早的在前。"""
    with local_session(config.library_path) as session:
        for procedure, one in session.workflow.to_do():
            title = next((one.values[each.name] for each in procedure.fields if each.name in one.values), "")
            click.echo(f"{one.due or '无期限'}\t{procedure.title}\t{one.number or one.subject}\t{one.state}\t{title}")
