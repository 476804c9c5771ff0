"""The small window: the address, and what can be done without a browser. With the tkinter of the interpreter."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import tkinter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tkinter import filedialog, ttk

from web.cli.desktop.desk import Desk
from web.cli.desktop.one_window import OneWindow
from web.cli.desktop.places import Places

_LOOKS = 300  # milliseconds between two looks for what has happened
_WIDE = 420  # points of a line of text
_STOPPED = "已经停止。按“在浏览器中打开”重新启动。"


class Window:
    """Shows what the desk says, and hands it one thing after another to do."""

    def __init__(self, places: Places, meeting: OneWindow) -> None:
        self._places, self._meeting = places, meeting
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._wanted: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self.desk = Desk(places, self._said.put)
        self._was_running = False
        _sharp()
        self._root = tkinter.Tk(className="wenshi")
        self._name, self._folder, self._words = tkinter.StringVar(), tkinter.StringVar(), tkinter.StringVar()
        self._lay_out()

    def run(self, files: list[Path]) -> None:
        """Until the window is closed; `files` are taken in once the library is open."""
        worker = threading.Thread(target=self._work, name="wenshi-window", daemon=True)
        worker.start()
        self._wanted.put(lambda: self.desk.begin(files))
        self._root.after(_LOOKS, self._look)
        self._root.mainloop()
        self._wanted.put(self.desk.stop)
        self._wanted.put(None)
        worker.join()

    def _lay_out(self) -> None:
        root = self._root
        root.title("文史资料库")
        root.resizable(False, False)
        root.protocol("WM_DELETE_WINDOW", self._close)
        if sys.platform != "win32":
            ttk.Style().theme_use("clam")
        elif (launcher := Path(sys.executable).parent.parent / "文史.exe").is_file():
            root.iconbitmap(default=str(launcher))
        frame = ttk.Frame(root, padding=18)
        frame.grid()
        ttk.Label(frame, textvariable=self._name, font=("", 13, "bold"), wraplength=_WIDE).grid(
            columnspan=3, sticky="w"
        )
        ttk.Label(frame, textvariable=self._folder, wraplength=_WIDE, foreground="#555").grid(columnspan=3, sticky="w")
        words = ttk.Label(frame, textvariable=self._words, wraplength=_WIDE)
        words.grid(columnspan=3, sticky="w", pady=(8, 14))
        open_it = ttk.Button(frame, text="在浏览器中打开", command=self._show, default="active")
        open_it.grid(row=3, columnspan=3, sticky="ew", ipady=6, pady=(0, 8))
        open_it.focus_set()
        actions = (
            ("收稿…", self._take_in),
            ("备份…", self._back_up),
            ("另选资料库…", self._choose),
            ("看样例", lambda: self._do(self.desk.open_sample)),
            ("日志", self._open_log),
            ("停止并退出", self._close),
        )
        for number, (text, action) in enumerate(actions):
            button = ttk.Button(frame, text=text, command=action)
            button.grid(row=4 + number // 3, column=number % 3, sticky="ew", padx=3, pady=3)
        for column in range(3):
            frame.columnconfigure(column, weight=1, uniform="button", minsize=_WIDE // 3)
        root.bind("<Return>", lambda event: self._show())

    def _work(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            try:
                wanted()
            except Exception as error:  # the window stays; what happened stands in the log and in the window
                self._said.put(f"没有做成：{error}")

    def _do(self, wanted: Callable[[], None]) -> None:
        self._wanted.put(wanted)

    def _look(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._words.set(self._said.get_nowait())
        for asked in self._meeting.asked():
            if asked.stop:
                self._close()
                return
            self._do(lambda files=asked.files: self.desk.take_in(files) if files else self.desk.show())  # type: ignore[misc]
            self._root.deiconify()
        served, running = self.desk.served, self.desk.running
        library = served.library if served else self._places.library()
        self._name.set(library.name)
        self._folder.set(str(library.parent))
        if self._was_running and not running and served is not None:
            self._words.set(_STOPPED)
        self._was_running = running
        self._root.after(_LOOKS, self._look)

    def _show(self) -> None:
        again = self._places.library()
        self._do(self.desk.show if self.desk.running else lambda: self.desk.open(again))

    def _take_in(self) -> None:
        files = filedialog.askopenfilenames(title="收哪些文件", parent=self._root)
        if files:
            self._do(lambda: self.desk.take_in([Path(file) for file in files]))

    def _back_up(self) -> None:
        folder = filedialog.askdirectory(title="备份到哪个文件夹（最好在另一块硬盘或 U 盘上）", parent=self._root)
        if folder:
            self._do(lambda: self.desk.back_up(Path(folder)))

    def _choose(self) -> None:
        folder = filedialog.askdirectory(title="选资料库的文件夹；选一个空文件夹就新建", parent=self._root)
        if folder:
            self._do(lambda: self.desk.open(Path(folder)))

    def _open_log(self) -> None:
        folder = self._places.log.parent
        if sys.platform == "win32":
            os.startfile(folder)
        else:
            subprocess.Popen(["xdg-open", str(folder)], stderr=subprocess.DEVNULL)

    def _close(self) -> None:
        self._words.set("正在停止……")
        self._root.update_idletasks()
        self._root.destroy()


def _sharp() -> None:
    """Letters drawn in the points of the screen, not blown up, where Windows enlarges programs that do not ask."""
    if sys.platform == "win32":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.windll.shcore.SetProcessDpiAwareness(1)
