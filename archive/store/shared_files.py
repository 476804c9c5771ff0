"""The office's own files, which lie in the library's folder, kept alike on all machines that share one PostgreSQL.

Words, periods, wording, procedures, styles, fonts, the keys of cookies and of backups: programs and people go on
reading and writing them in the folder. Here each is also a row, and whoever comes next takes what is newer. They are
no table of the library: none of it is moved or backed up from there, since the folder has it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from archive.model.errors import ConfigError, WenshiError
from archive.store.lock import now
from archive.store.postgres_database import OWN_SCHEMA, PostgresDatabase
from archive.support import library_folder as names
from archive.support.files import remove, write_whole
from archive.support.storage_errors import storage_errors

log = logging.getLogger(__name__)

_SINGLE = (
    *(names.WORDS, names.PERIODS, names.GOOD_PERIODS, names.WORDING),
    *(names.WEB_KEY, names.BACKUP_KEY, names.BACKUP_NOTES),
)
_SECRET = frozenset({names.WEB_KEY, names.BACKUP_KEY})
_TREES = (names.STYLES, names.FONTS, names.PROCEDURES)
_MADE = (
    f"CREATE TABLE IF NOT EXISTS {OWN_SCHEMA}.files (path text PRIMARY KEY, sha256 text, content bytea)",
    f"CREATE TABLE IF NOT EXISTS {OWN_SCHEMA}.index_of (one boolean PRIMARY KEY, folder text, place text)",
)

_FOLDER = ""  # stands for no path: the name of this folder among all
_Digests = dict[str, str]


class SharedFiles:
    """The files of one folder and their rows. May be used from several threads."""

    def __init__(self, root: Path, database: PostgresDatabase) -> None:
        self._root, self._database = root, database
        self._lock = threading.Lock()
        self._failed = False
        self._seen: dict[str, tuple[int, int, str]] = {}  # by path: time of change, size, SHA-256

    def _agree(self) -> None:
        """Take over what others have changed, and hand on what was changed here.

        Where both were, the others' holds and what lay here goes to `backups/`. Raises StorageError.
        """
        with self._lock, storage_errors(self._root):
            here, there, before = self._here(), self._there(), self._before()
            if here == there == before:
                return
            changed = {path for path in {*here, *before} if here.get(path) != before.get(path)}
            theirs = {path for path in {*there, *before} if there.get(path) != before.get(path)}
            for path in sorted(theirs):
                if path in changed and here.get(path) not in (None, there.get(path)):
                    self._set_aside(path)
                if here.get(path) != there.get(path):
                    self._take(path, there.get(path))
            ours = sorted(changed - theirs)
            if ours:
                self._hand_on(ours, here)
            agreed = {path: sha for path, sha in there.items() if path not in ours} | {
                path: here[path] for path in ours if path in here
            }
            self._keep(agreed)

    def agree(self) -> bool:
        """See Machines; a database that is away or a folder that takes nothing is no obstacle to reading."""
        try:
            self._agree()
            self._failed = False
        except WenshiError as failure:
            if not self._failed:  # it is tried again every few seconds
                log.warning("警告：本单位的文件没有与别的电脑对齐：%s", failure)
            self._failed = True
        return True

    def _here(self) -> _Digests:
        found = {}
        for file in self._files():
            path = file.relative_to(self._root).as_posix()
            with suppress(FileNotFoundError):
                state = file.stat()
                seen = self._seen.get(path)
                if seen is None or seen[:2] != (state.st_mtime_ns, state.st_size):
                    digest = hashlib.sha256(file.read_bytes()).hexdigest()
                    seen = self._seen[path] = (state.st_mtime_ns, state.st_size, digest)
                found[path] = seen[2]
        return found

    def _files(self) -> Iterator[Path]:
        yield from (self._root / name for name in _SINGLE if (self._root / name).is_file())
        for tree in _TREES:
            for file in sorted((self._root / tree).glob("*")):
                if file.is_file() and not file.name.startswith("."):  # those are being written
                    yield file

    def _there(self) -> _Digests:
        with self._database.reading() as connection:
            if connection.exec_driver_sql(f"SELECT to_regclass('{OWN_SCHEMA}.files')").scalar() is None:
                return {}
            rows = connection.exec_driver_sql(f"SELECT path, sha256 FROM {OWN_SCHEMA}.files")
            return {str(path): str(sha256) for path, sha256 in rows}

    def _before(self) -> _Digests:
        """What both had when they agreed last; nothing on a machine that is new."""
        return {path: sha256 for path, sha256 in self._kept().items() if path != _FOLDER}

    def _kept(self) -> _Digests:
        try:
            found = json.loads((self._root / names.SHARED).read_text(encoding="utf-8"))
            return {str(path): str(sha256) for path, sha256 in found.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def _keep(self, agreed: _Digests) -> None:
        folder = self._kept().get(_FOLDER) or secrets.token_hex(16)
        text = json.dumps({_FOLDER: folder, **agreed}, ensure_ascii=False, indent=1)
        write_whole(self._root / names.SHARED, text)

    def claim_index(self) -> None:
        """See Machines: an index that lies in a folder is told of changes by the programs of that folder alone."""
        with self._lock, storage_errors(self._root):
            if _FOLDER not in self._kept():
                self._keep(self._before())
            folder, place = self._kept()[_FOLDER], f"{socket.gethostname()} {self._root}"
            with self._database.writing(aside=True) as connection:
                for statement in _MADE:
                    connection.exec_driver_sql(statement)
                insert = f"INSERT INTO {OWN_SCHEMA}.index_of VALUES (true, %s, %s) ON CONFLICT DO NOTHING"
                connection.exec_driver_sql(insert, (folder, place))
                found = connection.exec_driver_sql(f"SELECT folder, place FROM {OWN_SCHEMA}.index_of").one()
        if found[0] != folder:
            hint = (
                '几台电脑共用一个数据库时，各台的 library.toml 都写 engine = "opensearch"；'
                f"那台已经不用了，请管理数据库的人执行 DELETE FROM {OWN_SCHEMA}.index_of，再在这里运行 wenshi reindex"
            )
            raise ConfigError(f"这个资料库的索引在另一台电脑上（{found[1]}），这里的会漏掉那边改的内容", hint=hint)

    def _take(self, path: str, sha256: str | None) -> None:
        file = self._root / path
        if not _ours(path):
            log.warning("警告：数据库里有不该有的文件 %s，没有取来。", path)
        elif sha256 is None:
            remove(file)
        else:
            with self._database.reading() as connection:
                row = connection.exec_driver_sql(
                    f"SELECT content FROM {OWN_SCHEMA}.files WHERE path = %s", (path,)
                ).first()
            if row is not None:
                file.parent.mkdir(exist_ok=True)
                if path in _SECRET:
                    file.touch(mode=0o600)  # before there is anything in it
                write_whole(file, bytes(row[0]))

    def _set_aside(self, path: str) -> None:
        stamp = now().replace(":", "").replace("-", "")
        kept = self._root / names.BACKUPS / f"{socket.gethostname()}-{stamp}-{path.replace('/', '-')}"
        kept.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            kept.write_bytes((self._root / path).read_bytes())
            log.warning("警告：%s 在两台电脑上都改过，用了另一台的；这里的存在 %s。", path, kept)

    def _hand_on(self, paths: list[str], here: _Digests) -> None:
        with self._database.writing(aside=True) as connection:
            for statement in _MADE:
                connection.exec_driver_sql(statement)
            for path in paths:
                connection.exec_driver_sql(f"DELETE FROM {OWN_SCHEMA}.files WHERE path = %s", (path,))
                if path in here:
                    content = (self._root / path).read_bytes()
                    here[path] = hashlib.sha256(content).hexdigest()
                    connection.exec_driver_sql(
                        f"INSERT INTO {OWN_SCHEMA}.files VALUES (%s, %s, %s)", (path, here[path], content)
                    )


def _ours(path: str) -> bool:
    """Whether it may be written into the folder."""
    tree, _, name = path.partition("/")
    return path in _SINGLE or (tree in _TREES and bool(name) and not set(name) & set('/\\:*?"<>|') and name[0] != ".")
