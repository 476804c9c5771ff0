"""`wenshi window`: the small window that an office PC starts from its menu."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.model.errors import UsageError
from archive.support.config import Config
from web.cli.desktop.one_window import Asked, OneWindow
from web.cli.desktop.places import Places
from web.cli.desktop.windowless import Windowless

if TYPE_CHECKING:
    from web.cli.desktop.window import Window


@click.command("window", short_help="打开小窗口：启动资料库，在浏览器中打开。")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--stop", is_flag=True, help="让已经开着的停止并退出。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def window(config: Config, files: tuple[Path, ...], stop: bool) -> None:
    """打开一个小窗口，启动上次用的资料库，在浏览器中打开；写了 FILES 就收进去。已经开着的，由那个窗口来做。

    没有窗口部件（tkinter）的电脑上，只在浏览器里打开，用 --stop 停止。
    """
    places = Places.usual()
    meeting = OneWindow(places.settings)
    if not meeting.first():
        meeting.hand_over(Asked(list(files), stop))
        return
    try:
        if stop:
            return
        shown = _window(places, meeting)
        if config.given:
            places.remember(config.library_path.absolute())
        shown.run([file.absolute() for file in files])
    finally:
        meeting.leave()


def _window(places: Places, meeting: OneWindow) -> Window | Windowless:
    """Loaded here: an interpreter may come without windows, and a computer without a screen."""
    try:
        import tkinter

        from web.cli.desktop.window import Window
    except ImportError:
        return Windowless(places, meeting)
    try:
        return Window(places, meeting)
    except tkinter.TclError as error:
        raise UsageError("打不开窗口：没有可用的屏幕。", hint="用 wenshi serve 启动。") from error
