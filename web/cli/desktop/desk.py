"""What the window does, without the window: one library served at a time, opened in the browser, backed up."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from archive.model.errors import WenshiError
from archive.support import library_folder
from web.cli.desktop import dropped_files, program
from web.cli.desktop.places import SAMPLE, Places, library_in
from web.cli.desktop.program import Served


class Desk:
    """The pages of one library at a time. Its methods take as long as they take and are called one after another."""

    def __init__(
        self, places: Places, tell: Callable[[str], None], browse: Callable[[str], object] = webbrowser.open
    ) -> None:
        """`tell` is given a sentence for the person at the window, `browse` an address."""
        self._places, self._tell, self._browse = places, tell, browse
        self.served: Served | None = None

    @property
    def running(self) -> bool:
        """Whether the pages are there."""
        return self.served is not None and self.served.alive

    def begin(self, files: list[Path]) -> None:
        """Serves the library that was open last, a new one where there is none, and shows it."""
        library = self._places.library()
        if not (library / library_folder.SETTINGS).is_file() and library.is_dir() and any(library.iterdir()):
            self._tell(f"{library} 里没有资料库。请按“另选资料库”。")
            return
        self.open(library)
        if files:
            self.take_in(files)

    def open(self, chosen: Path) -> None:
        """Serves the library of a folder and shows it; a new one is made where there is none."""
        library = library_in(chosen)
        self.stop()
        try:
            if not (library / library_folder.SETTINGS).is_file():
                self._tell("正在建资料库……")
                program.run(library, "init")
            self._tell("正在打开资料库……")
            self.served = program.serve(library, self._places.log)
            self._places.remember(library)
        except WenshiError as error:
            self._told(error)
            return
        self._tell(f"正在运行：{self.served.page}\n关闭这个窗口就停止；已存的都在。")
        self.show()

    def open_sample(self) -> None:
        """Serves the sample library, made the first time."""
        sample = self._places.libraries / SAMPLE
        if not (sample / library_folder.SETTINGS).is_file():
            self._tell("正在建样例资料库，要一两分钟……")
            try:
                program.run(sample, "demo", "--build-only")
            except WenshiError as error:
                self._told(error)
                return
        self.open(sample)

    def show(self) -> None:
        """Opens the pages in the browser."""
        if self.served is not None and self.running:
            self._browse(self.served.address)
        else:
            self._tell("现在没有打开资料库。请按“另选资料库”。")

    def take_in(self, files: list[Path]) -> None:
        """Takes in files as the page 收稿 does, and shows what became of them."""
        if self.served is None or not self.running:
            self._tell("现在没有打开资料库，文件没有收。请先打开资料库，再拖一次。")
            return
        self._tell(f"正在收 {len(files)} 个文件……")
        try:
            shown = dropped_files.send(self.served.address, files)
        except (WenshiError, OSError) as error:
            self._told(error)
            return
        self._tell(f"已交给“收稿” {len(files)} 个文件，结果在浏览器里。")
        self._browse(shown)

    def back_up(self, folder: Path) -> None:
        """Writes a backup of the library into a folder, and says where."""
        library = self._places.library()
        file = folder / f"{library.name}-{datetime.now():%Y%m%d-%H%M%S}.zip"
        self._tell("正在备份……")
        try:
            program.run(library, "backup", str(file))
        except WenshiError as error:
            self._told(error)
        else:
            self._tell(f"备份好了：{file}")

    def stop(self) -> None:
        """Ends the pages."""
        if self.served is not None:
            self.served.stop()
            self.served = None

    def _told(self, error: Exception) -> None:
        self._tell(str(error))
        with suppress(OSError), self._places.log.open("a", encoding="utf-8") as log:
            log.write(f"{error}\n")
