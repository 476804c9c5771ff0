"""`wenshi register`: registers listed, filled in, counted, taken out and in as Excel files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from archive.cli.local import local_session
from archive.model.errors import UsageError
from archive.model.procedures import Procedure, RowChange, WorkRecord
from archive.support.config import Config
from archive.workflow.counting import counted, rates
from archive.workflow.register_tables import export_register, import_register
from archive.workflow.workflow import Workflow


def pairs(given: Iterable[str]) -> dict[str, str]:
    """Values by field, from 字段=值. Raises UsageError."""
    found = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise UsageError(f"“{one}”要写成 字段=值", hint="例如 题名=水车旧事")
        found[name.strip()] = value
    return found


def row_given(written: str) -> RowChange:
    """A row from 组:字段=值;字段=值 (a new one) or 组#2:字段=值 (the second one). Raises UsageError."""
    name, sign, rest = written.partition(":")
    if not sign:
        raise UsageError(f"“{written}”要写成 组:字段=值;字段=值", hint="例如 承办:单位=水利局;主协办=主办")
    group, _, place = name.partition("#")
    values = pairs(part for part in rest.replace("；", ";").split(";") if part.strip())
    return RowChange(group.strip(), int(place) - 1 if place.isdecimal() else -1, values)


values_argument = click.argument("values", nargs=-1)
row_option = click.option("--row", "rows", multiple=True, help="添一行 组:字段=值;字段=值；组#2: 改第 2 行。可写多次。")


@click.group(short_help="登记簿：来稿、提案、社情民意、征稿和本单位自己的。")
@click.help_option(help="显示帮助。")
def register() -> None:
    """登记簿：登记、填写、统计，收进和导出 Excel。"""


@register.command("list", short_help="列出全部登记簿。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def list_registers(config: Config) -> None:
    """列出全部登记簿：名称、流程、现有多少份。"""
    with local_session(config.library_path) as session:
        for one in session.workflow.procedures():
            click.echo(f"{one.title}\t{one.name}\t{len(session.workflow.records(one.name))} 份")


@register.command("show", short_help="一个登记簿的各份，或其中一份。")
@click.argument("name")
@click.argument("number", default="")
@click.option("--state", default="", help="只要这个状态的。")
@click.option("--where", "wheres", multiple=True, help="只要 字段=值 的，可写多次。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def show(config: Config, name: str, number: str, state: str, wheres: tuple[str, ...], as_json: bool) -> None:
    """列出登记簿 NAME 的各份；给出 NUMBER（号，或文章编号、书稿名）就显示这一份的全部内容。"""
    with local_session(config.library_path) as session:
        workflow = session.workflow
        procedure = workflow.procedure(name)
        if number:
            _tell(workflow, procedure, workflow.record(name, number), as_json)
            return
        wanted = pairs(wheres)
        for one in workflow.records(name):
            fits = all(one.values.get(key, "") == value for key, value in wanted.items())
            if not fits or (state and one.state != state):
                continue
            if as_json:
                click.echo(json.dumps(_data(one), ensure_ascii=False))
                continue
            listed = [one.values.get(field.name, "") for field in procedure.fields if field.listed]
            names = [each for each in listed if each and each != one.number]
            click.echo("\t".join([one.number, one.state, *names, f"期限 {one.due}" if one.due else ""]).rstrip())


def _data(one: WorkRecord) -> dict[str, object]:
    return {
        "number": one.number, "state": one.state, "subject": one.subject, "values": dict(one.values),
        "rows": {name: [dict(row) for _, row in one.of_group(name)] for name in one.rows},
        "assignee": one.assignee, "due": one.due,
    }  # fmt: skip


def _tell(workflow: Workflow, procedure: Procedure, one: WorkRecord, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_data(one), ensure_ascii=False))
        return
    click.echo(f"状态\t{one.state}")
    for name, value in (("对应", one.subject), ("经办", one.assignee), ("期限", one.due)):
        if value:
            click.echo(f"{name}\t{value}")
    for name, value in one.values.items():
        click.echo(f"{name}\t{value}")
    for group in procedure.groups:
        for at, row in one.of_group(group.name):
            click.echo(f"{group.name} {at + 1}\t" + "；".join(f"{key}：{value}" for key, value in row.items()))


@register.command("add", short_help="登记一份。")
@click.argument("name")
@values_argument
@row_option
@click.option("--article", "subject", default="", help="对应库里这一篇文章（编号）或这部书稿（名称）。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def add(config: Config, name: str, values: tuple[str, ...], rows: tuple[str, ...], subject: str) -> None:
    """在登记簿 NAME 里登记一份，VALUES 是 字段=值；号由程序接着编，也可以自己给。"""
    with local_session(config.library_path) as session:
        made = session.workflow.add(name, pairs(values), [row_given(one) for one in rows], subject=subject)
        click.echo(made.number)


@register.command("set", short_help="填写或更正一份。")
@click.argument("name")
@click.argument("number")
@values_argument
@row_option
@click.help_option(help="显示帮助。")
@click.pass_obj
def fill(config: Config, name: str, number: str, values: tuple[str, ...], rows: tuple[str, ...]) -> None:
    """填写登记簿 NAME 的第 NUMBER 号，VALUES 是 字段=值。原来写的留在经过里。"""
    with local_session(config.library_path) as session:
        session.workflow.fill(name, number, pairs(values), [row_given(one) for one in rows])


@register.command("link", short_help="登记的来稿对应库里的哪一篇。")
@click.argument("name")
@click.argument("number")
@click.argument("article")
@click.help_option(help="显示帮助。")
@click.pass_obj
def link(config: Config, name: str, number: str, article: str) -> None:
    """登记簿 NAME 的第 NUMBER 号就是库里编号 ARTICLE 的文章。"""
    with local_session(config.library_path) as session:
        session.workflow.link(name, number, article)


@register.command("count", short_help="按类别和状态统计，算各种率。")
@click.argument("name")
@click.help_option(help="显示帮助。")
@click.pass_obj
def count(config: Config, name: str) -> None:
    """统计登记簿 NAME：各类各状态有多少份；各种率连同算法。"""
    with local_session(config.library_path) as session:
        procedure, records = session.workflow.procedure(name), session.workflow.records(name)
        for table in counted(procedure, records):
            click.echo("\t".join([table.name or "全部", *table.states, "合计"]))
            for label, row, total in table.rows:
                click.echo("\t".join([label, *map(str, row), str(total)]))
        for rate in rates(procedure, records):
            click.echo(rate.words)


@register.command("export", short_help="导出为 Excel。")
@click.argument("name")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), required=True, help="写到这个 .xlsx 文件。")
@click.option("--private", "private", multiple=True, help="连同这一项个人信息，可写多次；不点名的不导出。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def export(config: Config, name: str, file: Path, private: Sequence[str]) -> None:
    """把登记簿 NAME 导出为 Excel：登记一张表，每组行一张表，经过一张表。"""
    with local_session(config.library_path) as session:
        click.echo(f"已导出 {export_register(session.workflow, name, file, private=private)} 份", err=True)


@register.command("import", short_help="从 Excel 收进来。")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.help_option(help="显示帮助。")
@click.pass_obj
def take_in(config: Config, name: str, file: Path) -> None:
    """把 FILE（.xlsx、.xls、.csv）收进登记簿 NAME：没有的号添上，有的号照表改，改前的留在经过里。"""
    with local_session(config.library_path) as session:
        came = import_register(session.workflow, name, file)
        for one in came.odd:
            click.echo(f"警告：{one}（照原样收下）", err=True)
        click.echo(f"新登记 {came.added} 份，改动 {came.changed} 份，没有变化 {came.same} 份", err=True)
