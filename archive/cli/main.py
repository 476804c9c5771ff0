"""The command `wenshi`: results on standard output, messages on standard error, an exit code for scripts.

Further commands (ingest, serve…) come in through the entry-point group `wenshi.commands`, so nothing is imported
outward from here.
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import NoReturn

import click

from archive.model.errors import WenshiError
from archive.support.config import Config
from archive.support.console import use_utf8
from archive.support.whence import asked_from

EXIT_DEFECT = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

_NEW_OBJECTS = 50_000  # until garbage is looked for

_GROUP = "wenshi.commands"
_OWN = {
    "init": "archive.cli.library_commands:init",
    "search": "archive.cli.search_command:run_search",
    "kwic": "archive.cli.kwic_command:kwic",
    "collocates": "archive.cli.collocates_command:collocates",
    "terms": "archive.cli.terms_command:terms",
    "cards": "archive.cli.cards_command:cards",
    "compile": "archive.cli.compile_command:compile_cards",
    "compilation": "archive.cli.compilation_commands:compilation",
    "accounts": "archive.cli.accounts_command:accounts",
    "same": "archive.cli.same_command:same",
    "reuse": "archive.cli.reuse_command:reuse",
    "scope": "archive.cli.saved_commands:scope",
    "searches": "archive.cli.saved_commands:searches",
    "show": "archive.cli.library_commands:show",
    "opening": "archive.cli.opening_command:opening",
    "collection": "archive.cli.collection_command:collection",
    "list": "archive.cli.library_commands:list_articles",
    "edit": "archive.cli.edit_command:edit",
    "history": "archive.cli.edit_command:history",
    "book": "archive.cli.book_commands:book",
    "export": "archive.cli.export_command:export",
    "dates": "archive.cli.dates_command:dates",
    "roster": "archive.cli.roster_command:roster",
    "register": "archive.cli.register_commands:register",
    "workflow": "archive.cli.workflow_commands:workflow",
    "meant": "archive.cli.meant_command:meant",
    "names": "archive.cli.names_command:names",
    "reindex": "archive.cli.library_commands:reindex",
    "check": "archive.cli.library_commands:check",
    "audit": "archive.cli.audit_command:audit",
    "backup": "archive.cli.backup_commands:backup",
    "restore": "archive.cli.backup_commands:restore",
    "preserve": "archive.cli.preserve_command:preserve",
    "move": "archive.cli.move_command:move",
    "merge": "archive.cli.merge_command:merge",
    "upgrade": "archive.cli.upgrade_command:upgrade",
    "purge": "archive.cli.purge_command:purge",
    "token": "archive.cli.token_command:token",
    "user": "archive.cli.user_commands:user",
    "doctor": "archive.cli.library_commands:doctor",
}


class Commands(click.Group):
    """A group that loads a command when it is asked for: a search should not wait for what only an export needs."""

    def list_commands(self, context: click.Context) -> list[str]:
        """All names, ours and plugged in."""
        return sorted({*_OWN, *self.commands, *entry_points(group=_GROUP).names})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Load one; a plugged-in command that cannot be loaded is named on standard error and left out."""
        if name in self.commands:
            return self.commands[name]
        if name in _OWN:
            return _load(EntryPoint(name, _OWN[name], _GROUP))
        for point in entry_points(group=_GROUP, name=name):
            try:
                return _load(point)
            except Exception as error:
                click.echo(f"警告：命令 {name} 无法装入（{error}），其余命令不受影响。", err=True)
        return None


def _load(point: EntryPoint) -> click.Command:
    command = point.load()
    assert isinstance(command, click.Command)
    return command


@click.group(cls=Commands, help="文史：地方文史资料的档案与全文检索系统。")
@click.option(
    "--library",
    "library_path",
    type=click.Path(path_type=Path),
    help="资料库文件夹（默认取环境变量 WENSHI_LIBRARY，否则为 ./wenshi-library）。",
)
@click.option("--as", "acting", default="", metavar="登录名", help="以这个账号的名义和权限来做（默认是资料库的主人）。")
@click.option("--verbose", is_flag=True, help="在标准错误上报告每一步。")
@click.version_option(package_name="wenshi", message="wenshi %(version)s", help="显示版本号。")
@click.help_option(help="显示帮助。")
@click.pass_context
def cli(context: click.Context, library_path: Path | None, acting: str, verbose: bool) -> None:
    """The root group: only settings."""
    # Warnings are for users; only with --verbose does the name of the module help.
    told = "%(name)s: %(message)s" if verbose else "%(message)s"
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format=told)
    context.with_resource(asked_from(f"命令行 {socket.gethostname()}"))
    context.obj = Config.of(library_path, acting)


def main() -> NoReturn:
    """The entry point: the one place where errors become messages and exit codes."""
    # What is imported and read from a library stays; looking it through for garbage is a tenth of a short command.
    gc.set_threshold(_NEW_OBJECTS)
    use_utf8()
    sys.exit(run([_decoded(argument) for argument in sys.argv[1:]]))


def _decoded(argument: str) -> str:
    """An argument typed in UTF-8 where the locale says ASCII; a file name that is no text stays as it is."""
    try:
        return (
            os.fsencode(argument).decode("utf-8")
            if any("\udc80" <= char <= "\udcff" for char in argument)
            else argument
        )
    except UnicodeDecodeError:
        return argument


def run(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    try:
        code = cli.main(arguments, prog_name="wenshi", standalone_mode=False)
    except WenshiError as error:
        click.echo(f"错误：{error}", err=True)
        return error.exit_code
    except click.UsageError as error:
        click.echo(_usage(error), err=True)
        return EXIT_USAGE
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断；已经入库的内容不受影响。", err=True)
        return EXIT_INTERRUPTED
    return code if isinstance(code, int) else 0


def _usage(error: click.UsageError) -> str:
    """The message for a wrong call, in Chinese, with how to see the command's help."""
    match error:
        case click.NoSuchOption():
            near = f"（是不是 {'、'.join(error.possibilities)}？）" if error.possibilities else ""
            message = f"没有选项 {error.option_name}{near}"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            message = f"缺少 {name}"
        case click.BadParameter():
            name = error.param.opts[0] if error.param else ""
            message = f"{name} 的值不对：{error.message}"
        case _:
            message = error.format_message()
    path = error.ctx.command_path if error.ctx else "wenshi"
    return f"用法不对：{message}\n  怎么办：运行 {path} --help 查看用法。"
