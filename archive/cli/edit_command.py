"""`wenshi edit`, which opens an article in an editor, and `wenshi history`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from archive.cli.edit_markdown import written
from archive.cli.local import local_session
from archive.cli.markdown_edits import taken_back
from archive.corrections.versions import VersionDifference
from archive.model.errors import StorageError, WenshiError
from archive.support.config import Config
from archive.support.storage_errors import reason as why


@click.command(short_help="在编辑器里更正一篇文章。")
@click.argument("article_id", metavar="ID")
@click.option("--reason", default="更正", show_default=True, help="为什么改，记在新的一版里。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def edit(config: Config, article_id: str, reason: str) -> None:
    """把一篇文章写成 Markdown，用编辑器（环境变量 EDITOR，Windows 上默认记事本）打开；存盘退出后，改过的成为新的一版。

    没有动过的段落原样不动。不能保存时，改好的文字留在文件里，并告诉您文件在哪里。
    """
    with local_session(config.library_path) as session:
        article = session.article(article_id)
        folder = Path(tempfile.mkdtemp(prefix="wenshi-edit-"))
        file = folder / f"{article_id}.md"
        file.write_bytes(written(article).encode())
        try:
            click.edit(filename=str(file))
            changed = taken_back(article, _read(file))
            if changed == article:
                click.echo("没有改动。", err=True)
            else:
                saved = session.corrections.revise(changed, reason)
                difference = session.corrections.difference(article_id, article.version, saved.version)
                click.echo(f"已保存为第 {saved.version} 版，{len(difference.changed)} 段有改动。", err=True)
        except (WenshiError, click.ClickException):
            click.echo(f"改好的文字还在：{file}", err=True)
            raise
        file.unlink()
        folder.rmdir()


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "在编辑器里另存为 UTF-8，再运行一次。"
        raise StorageError("编辑器没有按 UTF-8 保存，读不出来", hint=hint, place=str(file)) from error
    except OSError as error:
        raise StorageError(f"编辑过的文件读不出来：{why(error)}", hint="再运行一次。", place=str(file)) from error


@click.command(short_help="一篇文章的各版：谁、何时、为什么改。")
@click.argument("article_id", metavar="ID")
@click.option("--diff", nargs=2, type=click.IntRange(1), default=None, metavar="旧版 新版", help="列出两版不同的段。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def history(config: Config, article_id: str, diff: tuple[int, int] | None, as_json: bool) -> None:
    """列出一篇文章的各版，最早的在前；加 --diff 1 3，列出第 1 版与第 3 版不同的段和著录。"""
    with local_session(config.library_path) as session:
        if diff:
            _tell(session.corrections.difference(article_id, *diff), as_json)
            return
        versions = session.versions(article_id)
    if as_json:
        rows = [{"version": one.version, "when": one.when, "who": one.who, "reason": one.reason} for one in versions]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in versions:
        click.echo(f"{one.version}\t{one.when}\t{one.who}\t{one.reason}")


def _tell(difference: VersionDifference, as_json: bool) -> None:
    before, after = difference.before.blocks, difference.after.blocks
    rows = [
        ("" if pair.left is None else before[pair.left].text, "" if pair.right is None else after[pair.right].text)
        for pair in difference.changed
    ]
    if as_json:
        paragraphs = [{"before": one, "after": other} for one, other in rows]
        fields = [{"name": name, "before": was, "after": now} for name, was, now in difference.fields]
        click.echo(json.dumps({"paragraphs": paragraphs, "fields": fields}, ensure_ascii=False))
        return
    for one, other in [*rows, *((f"{name}：{was}", f"{name}：{now}") for name, was, now in difference.fields)]:
        for sign, text in (("-", one), ("+", other)):
            if text:
                click.echo(f"{sign} {text}")
        click.echo()
