"""`wenshi serve` and `wenshi demo`: the pages, on this machine or for its network."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from archive.library import Library
from archive.model.errors import UsageError
from archive.support.config import Config
from archive.support.console import when_input_ends
from ingest.cli.ingest_command import Bar, Lines
from web.app import create_app
from web.base import door
from web.cli import memory, own_certificate, reading_processes
from web.cli.demo import build
from web.cli.other_machines import OtherMachines
from web.cli.reach import Reach, reach
from web.cli.reading_processes import ReadingProcesses
from web.cli.server import bind
from web.cli.turns import Turns
from web.cli.warm_up import WarmUp
from web.cli.watching import UNWATCHED, Watching
from web.edition.publishing import Wanted
from web.edition.reading_room import ReadingRoom, create_room
from web.housekeeping.backup_schedule import BackupSchedule

DEMO_LIBRARY = Path("wenshi-demo")

_host = click.option("--host", default="127.0.0.1", show_default=True, help="在哪个地址上提供服务；只接受本机地址。")
_port = click.IntRange(0, 65_535)
_file = click.Path(path_type=Path, dir_okay=False)
_help = click.help_option(help="显示帮助。")


@click.command(short_help="在浏览器中检索和阅读。")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="在哪个地址上提供服务；不是本机的，要账号和证书。",
)
@click.option("--port", type=_port, default=8000, show_default=True, help="端口；0 表示任选一个。")
@click.option("--accounts", is_flag=True, help="要登录：还没有账号时，打印一次性的链接，用来建管理员的账号。")
@click.option("--certificate", type=_file, help="证书（PEM）：从网络上打开时加密，地址以 https 开头。")
@click.option("--key", type=_file, help="证书的私钥（PEM，不加密码）。")
@click.option(
    "--behind-proxy",
    "proxy",
    default="",
    metavar="ADDRESS",
    help="只接受这个地址上的代理转来的。",
)
@click.option("--name", "names", multiple=True, help="用代理时对外的主机名；有几个就给几次。")
@click.option(
    "--readers",
    type=click.IntRange(0, reading_processes.MOST),
    help="另开几个进程答阅读的页面；不写则自动：只有一个人用不另开，有账号的按这台电脑的核数和内存。",
)
@click.option(
    "--metrics", type=_port, metavar="端口", help="在本机的这个端口上给监测程序看数字（Prometheus），不含内容。"
)
@click.option("--log-json", is_flag=True, help="日志写成一行一条的 JSON，每个页面一条，不含内容。")
@click.option("--public", is_flag=True, help="阅览用：谁都能看已经发布、公开的文章，只能看和检索，不登录。")
@click.option("--until-input-ends", "attended", is_flag=True, help="标准输入结束时停止：由另一个程序来开和关。")
@_help
@click.pass_obj
def serve(
    config: Config,
    host: str,
    port: int,
    accounts: bool,
    certificate: Path | None,
    key: Path | None,
    proxy: str,
    names: tuple[str, ...],
    readers: int | None,
    metrics: int | None,
    log_json: bool,
    public: bool,
    attended: bool,
) -> None:
    """提供检索和阅读网页，按 Ctrl+C 停止；默认只在本机。"""
    to = reach(host, certificate, key, proxy, names, public=public)
    if public and (accounts or readers or metrics is not None or log_json):
        raise UsageError("--public 不和 --accounts、--readers、--metrics、--log-json 一起用。", hint="只写 --public")
    with Library.open(config.library_path) as library:
        if public:
            run_room(library, to, port, attended=attended)
            return
        needed = accounts or library.logins.needed
        to.require_accounts(needed)
        count = reading_processes.usual(needed) if readers is None else readers
        watch = Watching(metrics, log_json)
        run(library, to, port, founding=accounts, readers=count, attended=attended, watching=watch)


@click.command(short_help="用随附的样例建一个资料库，并在浏览器中打开。")
@_host
@click.option("--port", type=_port, default=None, help="端口；默认从 8000 起取第一个空着的。")
@click.option("--build-only", is_flag=True, help="只建库，不提供网页。")
@_help
@click.pass_obj
def demo(config: Config, host: str, port: int | None, build_only: bool) -> None:
    """用随附的样例（虚构的县）建一个资料库，默认放在 ./wenshi-demo；已经建好的直接打开。"""
    to = reach(host, None, None, "", ())
    root = config.library_path if config.given else DEMO_LIBRARY
    progress = Bar() if sys.stderr.isatty() else Lines()
    with build(root, progress, renew=not config.given) as library:
        if build_only:
            click.echo(str(library.root))
        else:
            run(library, to, 8000 if port is None else port, roam=port is None)


def run(
    library: Library,
    to: Reach,
    port: int,
    *,
    roam: bool = False,
    founding: bool = False,
    readers: int = 0,
    attended: bool = False,
    watching: Watching = UNWATCHED,
) -> None:
    """Serve until interrupted, or `attended`, until standard input ends; and say where.

    `readers` processes beside this one make pages for reading.
    """
    memory.share_among_threads()
    app = create_app(library, locked=True, founding=founding, site=to.site)
    app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]  # Flask says that it is to be done so
    reading = ReadingProcesses(app, library, readers, founding=founding, site=to.site)
    until = ExitStack()
    server = bind(watching.over(reading if readers else app, app, library, until), to, port, roam=roam)
    if attended:
        when_input_ends(server.close)
    schedule, warm_up, machines = BackupSchedule(app, library), WarmUp(app, library), OtherMachines(library)
    schedule.start()
    machines.start()
    warm_up.start()
    reading.start()
    click.echo(server.address + door.path(app))
    if to.certificate and to.certificate.warning:
        click.echo(f"警告：{to.certificate.warning}", err=True)
    click.echo(f"请在{'本机的' if to.local else ''}浏览器中打开以上地址；按 Ctrl+C 停止。", err=True)
    try:
        server.run()
    finally:
        warm_up.end()
        reading.end()
        schedule.end()
        machines.end()
        until.close()
    click.echo("已停止。", err=True)


def run_room(library: Library, to: Reach, port: int, *, attended: bool = False) -> None:
    """Serve the reading edition until interrupted, or `attended`, until standard input ends; and say where."""
    with tempfile.TemporaryDirectory(prefix="wenshi-edition-") as kept:
        folder = Path(kept) / "site"
        room = ReadingRoom(library, folder, Wanted(title="文史资料", forms=(), served=True))
        click.echo("正在准备可以公开的文章……", err=True)
        made = room.renew()
        server = bind(create_room(folder, library), to, port)
        if attended:
            when_input_ends(server.close)
        room.start()
        click.echo(server.address)
        texts = made.texts if made else 0
        click.echo(f"谁打开以上地址都能看这 {texts} 篇，不能改；按 Ctrl+C 停止。", err=True)
        try:
            server.run()
        finally:
            room.end()
    click.echo("已停止。", err=True)


@click.command("certificate", short_help="做一张证书，让同一网络里的电脑加密打开。")
@click.option("--name", "names", multiple=True, help="这台电脑的名称或地址；有几个就给几次。默认是现在的名称和地址。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("wenshi-certificate"),
    show_default=True,
    help="写到哪个文件夹。",
)
@_help
def certificate(names: tuple[str, ...], output: Path) -> None:
    """做一张自己的证书和私钥，并说明怎样用。"""
    wanted = names or tuple(own_certificate.names_here())
    if not wanted:
        raise UsageError("不知道这台电脑的名称和地址。", hint="用 --name 写明，例如 --name 192.168.1.20。")
    until = own_certificate.make(wanted, output)
    file, key = output / own_certificate.CERTIFICATE, output / own_certificate.KEY
    click.echo(f"wenshi serve --host 0.0.0.0 --certificate {file} --key {key}")
    click.echo(f"证书做好了，是给 {'、'.join(wanted)} 用的，到 {until:%Y-%m-%d} 为止。", err=True)
    for number, step in enumerate(_STEPS, 1):
        click.echo(f"{number}. {step}", err=True)


_STEPS = (
    "用上面一行命令启动（还没有账号的，后面再加 --accounts）。",
    f"把 {own_certificate.AUTHORITY} 拷到每台要用的电脑上，双击，“安装证书”，存入“受信任的根证书颁发机构”，一台做一次。"
    "火狐浏览器另在“设置、隐私与安全、查看证书、导入”里做。",
    f"{own_certificate.KEY} 是私钥，只留在这台电脑上，不要给人。",
    "到期以前再运行一次这个命令，重新做第 1、2 步。",
)
