"""What a library holds as OCFL objects: one for each article, one for each file it came from, one for the rest.

The rows are those of the neutral tables, so that putting them together again gives the same tables to the last byte.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from archive.model.errors import StorageError, UsageError
from archive.model.holdings import Problem
from archive.store.backup import own_files
from archive.store.database import Database
from archive.store.lock import now
from archive.store.moving import Whereabouts
from archive.store.neutral_tables import CONTENTS, SUFFIX, Contents, Part, write_tables
from archive.store.originals import Vault
from archive.store.preserved import premis
from archive.store.preserved.guide import GUIDE, GUIDE_NAME
from archive.store.preserved.ocfl import ROOT_MARK, Content, Said, Writer, held, place
from archive.support import library_folder
from archive.support.files import write_whole
from archive.support.storage_errors import storage_errors

LEFT_OUT = frozenset(
    {"accounts", "account_roles", "logins", "tokens", "login_attempts", "private_values"}
    | {"notices", "at_work", "jobs", "asked_searches", "no_history", "saved_searches", "pending", "reuse_runs"}
)
"""The tables whose rows are not for decades: who may sign in, personal numbers, what is in hand at the moment."""

OF_ARTICLES = ("articles", "versions", "mentions", "date_decisions")
"""The tables whose rows lie with the articles."""

NOTED = "preserve"
"""The action of the audit log; such an entry alone is no reason for a new version."""

TABLES_FOLDER, CONTENTS_LIST = "tables", "目录.csv"
LIBRARY, ARTICLE, ORIGINAL = "library", "article", "original"
_UNFINISHED = ".wenshi-preserve-"
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_JSON_COLUMNS = ("people", "fields", "blocks")

Row = dict[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Laid:
    """What a run did: objects there are, those that are new or have a new version, what was wrong with files before."""

    objects: int
    changed: int
    problems: tuple[Problem, ...]


def preserve(whence: Whereabouts, root: Path, who: str, note: Callable[[], object], progress: Progress) -> Laid:
    """Lay the library down in the storage root `root`, or add to it what is new; `note` is called before, if anything.

    Raises UsageError where something else lies there, StorageError.
    """
    _require_room(root, whence.root)
    with storage_errors(root), tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=root.parent) as workshop:
        staged = Path(workshop) / TABLES_FOLDER
        contents = _stage(whence.database, staged)
        if _anything_new(root, staged, contents):
            note()
            contents = _stage(whence.database, staged)
        prefix = _prefix(staged)
        _require_same(root, prefix)
        writer = Writer(root, Path(workshop))
        write_whole(root / GUIDE_NAME, GUIDE.replace("{library}", place(root, f"{prefix}-{LIBRARY}").name))
        return _Run(whence, writer, staged, contents, prefix, who, progress).all()


def _require_room(root: Path, library: Path) -> None:
    if root.resolve().is_relative_to(library.resolve()):
        raise UsageError("不能写到资料库自己的文件夹里", hint="另选一个文件夹", place=str(root))
    with storage_errors(root):
        if root.exists() and not (root / ROOT_MARK).exists() and any(root.iterdir()):
            hint = "另选一个不存在或空的文件夹，或上次写到的那一个"
            raise UsageError("这个文件夹里有别的东西", hint=hint, place=str(root))
        root.parent.mkdir(parents=True, exist_ok=True)


def _require_same(root: Path, prefix: str) -> None:
    found = next(iter(root.glob(f"???/???/???/wenshi-*-{LIBRARY}")), None)
    if found is not None and found.name != f"{prefix}-{LIBRARY}":
        raise UsageError("这个文件夹里是另一个资料库", hint="另选一个不存在或空的文件夹", place=str(root))


def _stage(database: Database, folder: Path) -> Contents:
    with database.reading() as connection:
        return replace(write_tables(database, connection, folder, LEFT_OUT), state="")


def rows_of(file: Path) -> Iterator[Row]:
    """The rows of a table's file, in its order."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        yield from map(json.loads, lines)


def _prefix(staged: Path) -> str:
    """What the ids of its objects begin with: made from the first entry of the log, which no other library has."""
    first = next(rows_of(staged / f"audit{SUFFIX}"), None)
    return f"wenshi-{first['digest'][:12] if first else 'new'}"


def _anything_new(root: Path, staged: Path, contents: Contents) -> bool:
    """Whether the tables are not what the folder has; entries that tell of preserving alone do not count."""
    library = held(root, f"{_prefix(staged)}-{LIBRARY}")
    if library is None:
        return True
    last = library.read(f"{TABLES_FOLDER}/{CONTENTS}")
    before = {name: Part(**part) for name, part in last["parts"].items()}
    differing = {name for name in {*before, *contents.parts} if before.get(name) != contents.parts.get(name)}
    if differing - {"audit"} or last["revision"] != contents.revision:
        return True
    audit = list(rows_of(staged / f"audit{SUFFIX}"))[before["audit"].rows :]
    return any(row["action"] != NOTED for row in audit)


class _Run:
    """One run over the staged tables."""

    def __init__(
        self, whence: Whereabouts, writer: Writer, staged: Path, contents: Contents, prefix: str, who: str,
        progress: Progress,
    ) -> None:  # fmt: skip
        self._whence, self._writer, self._staged, self._contents = whence, writer, staged, contents
        self._prefix, self._progress = prefix, progress
        self._said = Said(now(), who, "wenshi preserve")
        self._changed = self._objects = 0
        self._purged = False
        self._problems: list[Problem] = []
        self._media = {row["sha256"]: row["media_type"] for row in self._rows("pictures")}
        self._shown: set[str] = set()
        self._listed = [("编号", "题名", "文集", "状态", "公开程度", "文件夹")]

    def all(self) -> Laid:
        for row in self._rows("originals"):
            self._original(row)
        audit, steps, decisions = self._audit(), self._steps(), defaultdict(list)
        for row in self._rows("date_decisions"):
            decisions[row["article"]].append(row)
        versions, mentions = _Beside(self._rows("versions")), _Beside(self._rows("mentions"))
        total = self._contents.parts["articles"].rows
        for done, row in enumerate(self._rows("articles"), 1):
            of_it = versions.of(row["key"])
            happened = premis.events(of_it, audit[row["id"]], steps[row["id"]])
            self._article(row, of_it, mentions.of(row["key"]), decisions[row["key"]], happened)
            self._progress(done, total)
        self._rest()
        return Laid(self._objects, self._changed, tuple(self._problems))

    def _rows(self, table: str) -> Iterator[Row]:
        return rows_of(self._staged / f"{table}{SUFFIX}")

    def _audit(self) -> Mapping[str, list[Row]]:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._rows("audit"):
            found[row["subject"]].append(row)
        return found

    def _steps(self) -> Mapping[str, list[Row]]:
        subjects = {row["key"]: row["subject"] for row in self._rows("work_records")}
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._rows("record_steps"):
            found[subjects[row["record"]]].append(row)
        return found

    def _put(self, id: str, files: Mapping[str, Content]) -> None:
        self._objects += 1
        self._changed += self._writer.put(id, files, self._said)

    def _original(self, row: Row) -> None:
        id = f"{self._prefix}-{ORIGINAL}-{row['sha256'][:40]}"
        if not row["size"]:  # it was purged
            self._purged = self._purged or held(self._writer.root, id) is not None
            self._writer.drop(id)
        elif held(self._writer.root, id):  # it is named by what it holds
            self._objects += 1
        elif self._whole(self._whence.vaults[0], row["sha256"]):
            found = _ENDING.search(row["name"])
            files = {
                "original.json": _json(row),
                f"original{found[0].lower() if found else ''}": self._lent(0, row["sha256"]),
            }
            self._put(id, files)

    def _lent(self, vault: int, sha256: str) -> Content:
        return lambda: self._whence.vaults[vault].lent(sha256)

    def _whole(self, vault: Vault, sha256: str) -> bool:
        try:
            if vault.intact(sha256):
                return True
        except StorageError:
            pass
        hint = "运行 wenshi check，从较早的备份里取回这个文件，再运行一次 wenshi preserve"
        self._problems.append(Problem("damaged", "文件不见了或早就变了，没有写出", vault.place(sha256), hint))
        return False

    def _article(
        self, row: Row, versions: list[Row], mentions: list[Row], decisions: list[Row], happened: list[premis.Event]
    ) -> None:
        id = f"{self._prefix}-{ARTICLE}-{row['key']}"
        rows = {"articles": [row], "date_decisions": decisions, "mentions": mentions}
        files: dict[str, Content] = {"article.json": _json(rows)}
        for version in versions:
            told = _readable(version)
            files[f"versions/{version['version']}.json"] = _json(told)
            files[f"versions/{version['version']}.txt"] = _plain(told["blocks"]).encode()
            files |= self._pictures(told["blocks"])
        title = _text(_blocks(versions[-1])[0]) if versions and _blocks(versions[-1]) else ""
        originals = sorted({one["original"] for one in versions if one["original"]})
        files["premis.xml"] = premis.document(id, title, originals, happened)
        if self._emptied(id, versions):
            self._purged = True
            self._writer.drop(id)
        self._put(id, files)
        where = place(self._writer.root, id).relative_to(self._writer.root).as_posix()
        self._listed.append((row["id"], title, row["collection"], row["status"], row["access"], where))

    def _emptied(self, id: str, versions: list[Row]) -> bool:
        """Whether something was taken out of versions that lie there: by purging, since nothing else changes them."""
        now_said = {f"versions/{one['version']}.json": _readable(one) for one in versions}
        before = held(self._writer.root, id)
        if before is None:
            return False
        names = [name for name in before.files if name.startswith("versions/") and name.endswith(".json")]
        # Columns that a later schema brought, and the seal over them, are no change.
        return any(
            name not in now_said
            or any(now_said[name].get(key) != value for key, value in before.read(name).items() if key != "seal")
            for name in names
        )

    def _pictures(self, blocks: Any) -> dict[str, Content]:
        found: dict[str, Content] = {}
        for sha256 in {one["p"] for one in blocks if isinstance(one, dict) and one.get("p")} & set(self._media):
            self._shown.add(sha256)
            found |= self._picture(sha256)
        return found

    def _picture(self, sha256: str) -> dict[str, Content]:
        if not self._whole(self._whence.vaults[1], sha256):
            return {}
        ending = re.sub(r"[^a-z0-9]", "", self._media[sha256].partition("/")[2].partition("+")[0])
        return {f"pictures/{sha256}.{ending}": self._lent(1, sha256)}

    def _rest(self) -> None:
        """The tables that belong to no article, the office's own files, pictures that stand in no article."""
        id = f"{self._prefix}-{LIBRARY}"
        files: dict[str, Content] = {f"{TABLES_FOLDER}/{CONTENTS}": _json(asdict(self._contents))}
        for name in self._contents.parts:
            if name not in OF_ARTICLES:
                files[f"{TABLES_FOLDER}/{name}{SUFFIX}"] = _in_place(self._staged / f"{name}{SUFFIX}")
        own = [(name, self._whence.root / name) for name in library_folder.OFFICE_FILES]
        for name, file in (*own, *own_files(self._whence.root)):
            if file.is_file():
                files[f"own/{name}"] = _in_place(file)
        for sha256 in sorted(set(self._media) - self._shown):
            files |= self._picture(sha256)
        written = io.StringIO(newline="")
        csv.writer(written).writerows(self._listed)
        files[CONTENTS_LIST] = written.getvalue().encode("utf-8-sig")
        if self._purged:  # what was purged may be told of in earlier tables
            self._writer.drop(id)
        self._put(id, files)


class _Beside:
    """Rows in order of their article, met article by article."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, key=lambda row: row["article"])
        self._next = next(self._groups, None)

    def of(self, key: int) -> list[Row]:
        """The rows of the article with this key; keys are asked for in their order."""
        if self._next is None or self._next[0] != key:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _in_place(file: Path) -> Content:
    return lambda: nullcontext(file)


def _json(value: Mapping[str, Any]) -> bytes:
    """An object, one row of it a line."""
    parts = []
    for name, one in value.items():
        if isinstance(one, list) and one and isinstance(one[0], dict):
            told = "[\n  " + ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in one) + "\n ]"
        else:
            told = json.dumps(one, ensure_ascii=False)
        parts.append(f" {json.dumps(name)}: {told}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _readable(version: Row) -> Row:
    """A row of versions with the JSON in its columns as JSON, where that can be turned back to the last character."""
    found = dict(version)
    for name in _JSON_COLUMNS:
        try:
            value = json.loads(version[name])
        except ValueError:  # it is damaged: as it stands
            continue
        if not isinstance(value, str) and compact(value) == version[name]:
            found[name] = value
    return found


def compact(value: Any) -> str:
    """JSON as it stands in the columns of the store."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stored(row: Row) -> Row:
    """A row of versions as it stands in the table, out of what `_readable` made of it."""
    return row | {name: compact(row[name]) for name in _JSON_COLUMNS if not isinstance(row[name], str)}


def _blocks(version: Row) -> list[Row]:
    value = _readable(version)["blocks"]
    return value if isinstance(value, list) else []


def _text(block: Row) -> str:
    return block["t"] if "t" in block else "".join(run[0] for run in block.get("r", ()))


def _plain(blocks: Any) -> str:
    """The text alone, a block a paragraph."""
    if not isinstance(blocks, list):
        return str(blocks)
    return "\n\n".join(_text(block) for block in _with_text(blocks)) + "\n"


def _with_text(blocks: Iterable[Row]) -> Iterator[Row]:
    return (block for block in blocks if _text(block))
