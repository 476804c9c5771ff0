"""`wenshi serve` and `wenshi demo`: the pages on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.library import Library
from archive.support.config import Config
from ingest.cli.ingest_command import Bar, Lines
from web.app import create_app
from web.base import door
from web.base.security import require_loopback
from web.cli.demo import build
from web.cli.server import bind
from web.cli.warm_up import WarmUp
from web.housekeeping.backup_schedule import BackupSchedule

DEMO_LIBRARY = Path("wenshi-demo")

_host = click.option("--host", default="127.0.0.1", show_default=True, help="在哪个地址上提供服务；只接受本机地址。")
_help = click.help_option(help="显示帮助。")


@click.command(short_help="在浏览器中检索和阅读。")
@_host
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="端口；0 表示任选一个。")
@click.option("--accounts", is_flag=True, help="要登录：还没有账号时，打印一次性的链接，用来建管理员的账号。")
@_help
@click.pass_obj
def serve(config: Config, host: str, port: int, accounts: bool) -> None:
    """在本机提供检索和阅读网页，按 Ctrl+C 停止。"""
    require_loopback(host)
    with Library.open(config.library_path) as library:
        run(library, host, port, founding=accounts)


@click.command(short_help="用随附的样例建一个资料库，并在浏览器中打开。")
@_host
@click.option("--port", type=click.IntRange(0, 65_535), default=None, help="端口；默认从 8000 起取第一个空着的。")
@click.option("--build-only", is_flag=True, help="只建库，不提供网页。")
@_help
@click.pass_obj
def demo(config: Config, host: str, port: int | None, build_only: bool) -> None:
    """用随附的样例（虚构的县）建一个资料库，默认放在 ./wenshi-demo；已经建好的直接打开。"""
    require_loopback(host)
    root = config.library_path if config.given else DEMO_LIBRARY
    progress = Bar() if sys.stderr.isatty() else Lines()
    with build(root, progress, renew=not config.given) as library:
        if build_only:
            click.echo(str(library.root))
        else:
            run(library, host, 8000 if port is None else port, roam=port is None)


def run(library: Library, host: str, port: int, *, roam: bool = False, founding: bool = False) -> None:
    """Serve until interrupted, and say where."""
    app = create_app(library, locked=True, founding=founding)
    server = bind(app, host, port, roam=roam)
    schedule, warm_up = BackupSchedule(app, library), WarmUp(app, library)
    schedule.start()
    warm_up.start()
    click.echo(server.address + door.path(app))
    click.echo("请在本机的浏览器中打开以上地址；按 Ctrl+C 停止。", err=True)
    try:
        server.run()
    finally:
        warm_up.end()
        schedule.end()
    click.echo("已停止。", err=True)
