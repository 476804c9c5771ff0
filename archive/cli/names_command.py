"""`wenshi names`: the office's own people, places and bodies: listed, imported, exported, suggested."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from archive.catalogue.name_candidates import Candidate, candidates
from archive.catalogue.name_table import COUNT, HEADER, Merged, NameTable, parse, row, write_table
from archive.cli import names_told
from archive.cli.local import local_session
from archive.model.errors import FieldError, UsageError
from archive.model.name_records import NameRecord
from archive.session import Session
from archive.support import sheets
from archive.support.config import Config
from archive.support.table_files import read_rows

EXIT_PARTLY = 3
_FILE = click.Path(path_type=Path, dir_okay=False)
_LISTED = 40
_OF_CANDIDATES = 5  # columns of the table that candidates have


@click.command(short_help="本单位的人名、地名、机构名。")
@click.option("--import", "source", type=_FILE, metavar="FILE", help="收入一张表（CSV 或 Excel）：逐行核对，都对才改。")
@click.option("--dry-run", is_flag=True, help="与 --import 同用：只核对、列出将要改什么。")
@click.option("--suggest", is_flag=True, help="列出著录项、署名和任职记录里有、表里还没有的名称，常见的在前。")
@click.option("--collection", default="", metavar="ID", help="与 --suggest 同用：只看这一个文集（编号）。")
@click.option("--export", "target", type=_FILE, metavar="FILE", help="写成 CSV 或 Excel 文件（看后缀）。")
@click.option("--show", "shown", metavar="NAME", default="", help="一条的全部：写名称或编号。")
@click.option("--queue", "queued", is_flag=True, help="列出待核的名称：几条都叫的、只有两个字的。")
@click.option("--merge", "pair", nargs=2, metavar="FROM INTO", default=None, help="把一条并入另一条：写名称或编号。")
@click.option("--remove", "removed", metavar="NAME", default="", help="删去一条，可以恢复：写名称或编号。")
@click.option("--restore", "restored", type=int, nargs=2, metavar="KEY VERSION", help="恢复一条的这一版。")
@click.option("--reason", default="", help="为什么：与 --merge 同用必写，与 --remove、--restore 同用可以不写。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def names(
    config: Config,
    source: Path | None,
    dry_run: bool,
    suggest: bool,
    collection: str,
    target: Path | None,
    shown: str,
    queued: bool,
    pair: tuple[str, str] | None,
    removed: str,
    restored: tuple[int, int] | None,
    reason: str,
    as_json: bool,
) -> int:
    """列出名称表里的人物、地名、机构：规范名、别名、生卒、说明等，一行一个。

    检索、索引、校对按它认别名。导出的表可以用 Excel 改了再收进来。
    """
    if source and (suggest or target):
        raise UsageError("--import 不能与 --suggest、--export 同用", hint="分两次运行")
    if (collection and not suggest) or (dry_run and not source):
        raise UsageError("--collection 只与 --suggest 同用，--dry-run 只与 --import 同用", hint="加上另一个选项")
    asked = [bool(one) for one in (source, suggest or target, shown, queued, pair, removed, restored)]
    if sum(asked) > 1:
        raise UsageError("--show、--queue、--merge、--remove、--restore 都单独用", hint="分几次运行")
    if reason and not (pair or removed or restored):
        raise UsageError("--reason 只与 --merge、--remove、--restore 同用", hint="写上其中一个")
    with local_session(config.library_path) as session:
        if shown:
            names_told.show(session, shown, as_json)
        elif queued:
            names_told.queue(session, as_json)
        elif pair:
            _merge(session, *pair, reason)
        elif removed:
            _remove(session, removed, reason)
        elif restored:
            session.names.restore(*restored, reason)
            click.echo(f"编号 {restored[0]} 恢复到第 {restored[1]} 版。", err=True)
        elif source:
            _take_in(session, source, dry_run, as_json)
        else:
            return _list(session, target, as_json, _suggested(session, collection) if suggest else None)
    return 0


def _merge(session: Session, gone: str, stays: str, reason: str) -> None:
    first, other = map(session.names.found, (gone, stays))
    session.names.merge(first.key, other.key, reason)
    click.echo(f"编号 {first.key} 已并入 {other.key}。", err=True)


def _remove(session: Session, removed: str, reason: str) -> None:
    record = session.names.found(removed)
    session.names.remove(record.key, reason)
    again = f"wenshi names --restore {record.key} {record.version}"
    click.echo(f"编号 {record.key} 已删去；恢复：{again}", err=True)


def _list(session: Session, target: Path | None, as_json: bool, suggested: list[tuple[str, ...]] | None) -> int:
    """All records, or what is `suggested` instead, on the screen or in a file; the exit code."""
    problems = session.names.left_over()
    records = session.names.all() if suggested is None else ()
    if suggested is not None:
        _put_out((*HEADER[:_OF_CANDIDATES], COUNT), suggested, target, as_json)
    elif target:
        write_table(records, session.names.merged(), target)
    else:
        _put_out(HEADER, [row(one) for one in records], None, as_json)
    click.echo(f"规范名 {len(records)} 条" if suggested is None else f"候选 {len(suggested)} 条", err=True)
    for problem in problems:
        click.echo(f"警告：{problem}", err=True)
    return EXIT_PARTLY if problems else 0


def _suggested(session: Session, collection: str) -> list[tuple[str, ...]]:
    if collection:
        session.collection(collection)  # raises NotFound when there is none
    return [_proposed(one) for one in candidates(session.articles(collection), session.authority())]


def _proposed(one: Candidate) -> tuple[str, ...]:
    """A candidate as a row; the table may be taken in as it is once the unwanted ones are deleted."""
    return one.kind.value, one.form, "", "", "", "，".join(f"{where}{count}" for where, count in one.places)


def _put_out(header: Sequence[str], rows: Sequence[tuple[str, ...]], target: Path | None, as_json: bool) -> None:
    if target:
        sheets.write_table(target, "名称", header, rows)
    elif as_json:
        click.echo(json.dumps([dict(zip(header, one, strict=True)) for one in rows], ensure_ascii=False))
    else:
        for one in rows:
            click.echo("\t".join(" ".join(cell.split()) for cell in one).rstrip("\t"))


def _take_in(session: Session, source: Path, dry_run: bool, as_json: bool) -> None:
    table = parse(read_rows(source), source.name)
    if table.problems:
        raise _refused(table)
    merged = session.names.compared(table) if dry_run else session.names.take_in(table, source.name)
    for problem in merged.problems.values():
        raise problem
    _tell(merged, as_json)
    done = "将" if dry_run else "已"
    added, changed = len(merged.added), len(merged.changed)
    click.echo(f"核对 {len(table.rows)} 行：{done}增加 {added} 条，改动 {changed} 条。", err=True)


def _refused(table: NameTable) -> FieldError:
    for problem in table.problems[:_LISTED]:
        click.echo(f"✗ {problem.place}：{problem.message}；{problem.hint}")
    if len(table.problems) > _LISTED:
        click.echo(f"…… 另有 {len(table.problems) - _LISTED} 处")
    message = f"表里有 {len(table.problems)} 处不能收，什么也没有改动"
    return FieldError(message, field="", hint="改正列出的各处，再收入一次")


def _tell(merged: Merged, as_json: bool) -> None:
    if as_json:
        changed = [{"before": _values(before), "after": _values(after)} for before, after in merged.changed]
        told = {"added": [_values(name) for name in merged.added], "changed": changed}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for name in merged.added:
        click.echo(f"+ {_line(name)}")
    for before, after in merged.changed:
        click.echo(f"· {_line(before)} → {_line(after)}")


def _values(name: NameRecord) -> dict[str, str]:
    return dict(zip(HEADER, row(name), strict=True))


def _line(name: NameRecord) -> str:
    return " ".join(" ".join(row(name)[:-1]).split())
