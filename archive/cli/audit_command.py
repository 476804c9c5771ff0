"""`wenshi audit`: who did what, when, to what, from where."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from archive.audit_log import ACTIONS, AuditLog
from archive.cli.local import local_session
from archive.model.errors import UsageError
from archive.model.holdings import AuditEntry, AuditFilter, AuditHead
from archive.support.config import Config

EXIT_CUT = 3


@click.command(short_help="谁、何时、从哪里、对什么做了什么。")
@click.option("--who", default="", metavar="姓名", help="只看这个人的。")
@click.option("--action", default="", metavar="事项", help="只看这一种事，例如 收稿、导出。")
@click.option("--subject", default="", metavar="编号", help="只看关于这篇文章、这个文集或这份原件的。")
@click.option("--since", default="", metavar="日期", help="从这一天起，例如 2026-03-01。")
@click.option("--until", default="", metavar="日期", help="到这一天为止，这一天也算。")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="最多列出几条，新的在前。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="文件", help="全部写进 .csv 或 .xlsx 文件。")
@click.option("--against", default="", metavar="备份或末尾", help="与一份备份，或导出记录最后一行的那一串比较。")
@click.option("--password", default="", metavar="密码", help="那份备份的密码。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def audit(
    config: Config,
    who: str,
    action: str,
    subject: str,
    since: str,
    until: str,
    limit: int,
    as_json: bool,
    output: Path | None,
    against: str,
    password: str,
) -> int:
    """操作记录：一条接一条连成一串，改动、抽掉中间的，wenshi check 看得出；截去末尾的，与较早的备份一比就看得出。"""
    named = {words: name for name, words in ACTIONS.items()}
    wanted = AuditFilter(who, named.get(action, action), subject, "", _day(since), _day(until))
    with local_session(config.library_path) as session:
        log = session.upkeep.log
        if against:
            return _compared(log, against, password)
        if output is not None:
            if output.suffix.lower() not in {".csv", ".xlsx"}:
                raise UsageError("只能写成 .csv 或 .xlsx 文件。", hint="换一个文件名", place=str(output))
            log.write(output, wanted)
            click.echo(f"已写入 {output}", err=True)
            return 0
        _tell(log.entries(wanted, limit), log.end(), as_json)
    return 0


def _compared(log: AuditLog, against: str, password: str) -> int:
    if log.holds(against, password):
        click.echo("操作记录从那时起没有断过。")
        return 0
    click.echo("操作记录被截短或换过：那时的末尾已不在里面。先另存整个资料库文件夹，再与备份对照。")
    return EXIT_CUT


def _tell(found: Sequence[AuditEntry], end: AuditHead, as_json: bool) -> None:
    if as_json:
        entries = [asdict(one) for one in found]
        click.echo(json.dumps({"end": str(end), "entries": entries}, ensure_ascii=False, indent=2))
        return
    for one in found:
        moment = f"{datetime.fromisoformat(one.when).astimezone():%Y-%m-%d %H:%M:%S}"
        said = (moment, one.who, ACTIONS.get(one.action, one.action), one.subject[:16], one.detail, one.place)
        click.echo("  ".join(part for part in said if part))
    click.echo(f"末尾 {end}", err=True)


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d")
    except ValueError:
        raise UsageError("日期看不懂。", hint="写成 2026-03-01 这样", place=text) from None
