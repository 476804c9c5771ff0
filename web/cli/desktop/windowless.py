"""The program of the desktop where the interpreter has no windows: the browser is all there is to see of it."""

from __future__ import annotations

import html
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

from archive.support.files import write_whole
from web.cli.desktop.desk import Desk
from web.cli.desktop.one_window import OneWindow
from web.cli.desktop.places import Places

_LOOKS = 0.3  # seconds between two looks for what others ask
_PAGE = """\
<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>文史资料库</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<body style="font: 1.25rem/1.8 serif; max-width: 34em; margin: 4em auto; padding: 0 1em; white-space: pre-line">
{}
</body></html>
"""


class Windowless:
    """Serves until it is asked to stop. What has to be told, since no page can be shown, is a page of its own."""

    def __init__(self, places: Places, meeting: OneWindow, browse: Callable[[str], object] = webbrowser.open) -> None:
        self._places, self._meeting, self._browse = places, meeting, browse
        self._said: list[str] = []
        self._shown = False
        self.desk = Desk(places, self._said.append, self._show)

    def run(self, files: list[Path]) -> None:
        """Until another start asks to stop; `files` are taken in once the library is open."""
        try:
            self._do(lambda: self.desk.begin(files))
            while self.desk.running:
                for asked in self._meeting.asked():
                    if asked.stop:
                        return
                    self._do(lambda files=asked.files: self.desk.take_in(files) if files else self.desk.show())  # type: ignore[misc]
                time.sleep(_LOOKS)
        finally:
            self.desk.stop()

    def _do(self, wanted: Callable[[], None]) -> None:
        """Does it. Where the browser was shown nothing of it, it is shown what was said last."""
        self._said.clear()
        self._shown = False
        wanted()
        if self._said and not self._shown:
            page = self._places.settings / "notice.html"
            write_whole(page, _PAGE.format(html.escape(self._said[-1])))
            self._browse(page.absolute().as_uri())

    def _show(self, address: str) -> None:
        self._shown = True
        self._browse(address)
