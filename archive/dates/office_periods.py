"""An office's own periods: `periods.toml` in its library's folder, read over the tables that come with the program."""

from __future__ import annotations

import hashlib
import json
import threading
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from archive.dates import office_entries, period_tables
from archive.dates.office_entries import Entry
from archive.dates.period_tables import PeriodTables
from archive.model.errors import ConfigError
from archive.support import library_folder
from archive.support.files import write_whole
from archive.support.storage_errors import reason

if TYPE_CHECKING:
    from archive.dates.reader import DateReader

FILE = library_folder.PERIODS
GOOD = library_folder.GOOD_PERIODS
"""The last text of FILE that could be read, kept beside it to fall back on."""

TEMPLATE = """\
# 本单位的时期：正文和检索里的名称各指哪一段日子。写在这里的，优先于程序自带的同名者。
# 去掉例子前面的 # 号，改成本地的名称和日期，存为 UTF-8。写法见说明 docs/periods.md。
# 改好后运行 wenshi reindex --dates，已收入的文章就按新的时期重新读日期；编辑订正过的日期不受影响。
# 写错了不要紧：程序会指出是第几行，改好之前沿用上一次能用的内容。

# [[period]]
# names = ["解放", "县城解放"]
# start = "1949-09-19"
# before = "1949-09-18"
# source = "县志·大事记"

# [[period]]
# names = ["沙坡头治沙会战"]
# start = "1958-03"
# end = "1959-10"
# alone = true
# source = "县志·林业"

# [[term]]
# body = ["某县政协", "县政协", "政协…某县委员会"]
# terms = ["1956-03-05", "1959-01-20", "1962-04-11"]
# source = "各届第一次会议开幕日；一届止于下一届开幕前一日"
"""

_State = tuple[int, int] | None  # time of the last change in nanoseconds, bytes; None: shipped tables alone


_UNREAD: _State = (-1, -1)


class OfficePeriods:
    """The periods of one library, read again whenever its file changes. May be shared between threads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._state: _State = _UNREAD
        self._tables: PeriodTables | None = None  # None: the shipped ones alone
        self._own: DateReader | None = None
        self._error: ConfigError | None = None

    def reader(self) -> DateReader:
        """The reader of dates under the library's periods as they are now.

        Costs next to nothing while the file has not changed. A file that cannot be read never stops the program: its
        last good text stays in use.
        """
        from archive.dates.reader import DateReader, shipped_reader  # its expressions take a fifth of a second to load

        with self._lock:
            self._look()
            if self._tables is None:
                return shipped_reader()
            if self._own is None:
                self._own = DateReader(self._tables)
            return self._own

    def text(self) -> str:
        """The text of the periods in use, for a process that cannot see the library; empty where there are none."""
        with self._lock:
            self._look()
            if self._tables is None:
                return ""
            file = self.root / (GOOD if self._error else FILE)
        try:
            return file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return ""

    def error(self) -> ConfigError | None:
        """What is wrong with the file, if anything."""
        with self._lock:
            self._look()
            return self._error

    def signature(self) -> str:
        """What names the office's periods, whatever the comments and the layout; empty when there are none.

        Two libraries, or two moments of one, with the same signature read all dates the same way.
        """
        self.error()  # keeps the last good text
        good = self.root / GOOD
        try:
            held = (self.root / FILE).exists() and good.exists()
            data = tomllib.loads(good.read_text(encoding="utf-8")) if held else {}
        except (OSError, ValueError):
            data = {}
        if not data:
            return ""
        return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode("utf-8")).hexdigest()

    def entries(self) -> tuple[Entry, ...]:
        """What the office has entered. Raises ConfigError, with the line, where the file is broken."""
        return office_entries.entries(self._text(), FILE)

    def put(self, entry: Entry, instead_of: str = "") -> None:
        """Enter a period or the terms of a body, in place of the entry called `instead_of`, else of its first name.

        The rest stays as it is. Raises ConfigError, and changes nothing, for a day that never was, another entry of the
        new name, or where the file is broken. The caller holds the writer's lock; dates of stored articles are read by
        it after `redate`.
        """
        self._write(office_entries.with_entry(self._text(), entry, FILE, instead_of))

    def remove(self, kind: type[Entry], name: str) -> None:
        """Take an entry out by its first name; otherwise like `put`."""
        self._write(office_entries.without_entry(self._text(), kind, name, FILE))

    def _text(self) -> str:
        file = self.root / FILE
        return file.read_text(encoding="utf-8-sig") if file.exists() else ""

    def _write(self, text: str) -> None:
        with self._lock:
            write_whole(self.root / FILE, text)
            self._state = _UNREAD  # a clock may be too coarse to tell

    def _look(self) -> None:
        state = _state(self.root)
        if state != self._state:
            self._tables, self._error = _read(self.root / FILE) if state else (None, None)
            self._own = None
            self._state = state


def _state(root: Path) -> _State:
    """What would be read now. Reading takes a tenth of a second, which a file of comments alone need not cost."""
    file = root / FILE
    try:
        found = file.stat()
        if not (root / GOOD).exists() and _comments_alone(file):
            return None
    except OSError:
        return (0, 0) if file.exists() else None
    return found.st_mtime_ns, found.st_size


def _comments_alone(file: Path) -> bool:
    with file.open("rb") as stream:
        return all(not line.strip() or line.lstrip().startswith(b"#") for line in stream)


def _read(file: Path) -> tuple[PeriodTables | None, ConfigError | None]:
    try:
        return period_tables.load(file)
    except OSError as failure:
        hint = "检查这个文件的权限；现在用的是程序自带的时期"
        return None, ConfigError(f"读不出来：{reason(failure)}", place=FILE, hint=hint)
    except ConfigError as failure:  # the last good text itself was spoilt, by a full disk or a power cut
        return None, failure


def write_template(root: Path) -> None:
    """Lay down a FILE that explains itself and says nothing yet, unless there is one."""
    if not (root / FILE).exists():
        write_whole(root / FILE, TEMPLATE)
