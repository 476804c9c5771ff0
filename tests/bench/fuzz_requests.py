"""Ask a library at random: queries, periods, tables to take in, files an office writes itself, pages and forms.

    python tests/bench/fuzz_requests.py [--inputs 2000] [--seed 1]

Nothing may come of it but an answer or an error with words: whatever else is raised is printed with what raised it.
Exit code 1 where there was any. The library is the sample one, in a temporary folder.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fuzz import damaged
from werkzeug.test import Client, TestResponse

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import WenshiError
from archive.model.search import PeriodIn, Search, Sort
from archive.support import library_folder
from web.app import create_app

_COLLECTION = "shuojin-wenshi-12"  # of the sample
KINDS = ("query", "table", "file", "form")
LOCAL = Actor.local()


@dataclass(frozen=True, slots=True)
class Failure:
    """What raised something without words, and what was raised."""

    kind: str
    given: str
    raised: str


_PIECES = (
    *("水车", "刘勇", "光緒", "𠮷", "〇", "1958", "a", "Ⅷ", "　", " ", " ", "\t", "\0", "\ud800", "\u202e", "\ufeff"),
    *(
        "(",
        ")",
        "（",
        "）",
        '"',
        "“",
        "”",
        "'",
        "[",
        "]",
        "{",
        "}",
        "*",
        "?",
        "？",
        "-",
        "--",
        "－",
        "+",
        "~",
        "^",
        "\\",
    ),
    *("OR", "AND", "NOT", "EXCEPT", "NEAR", "NEAR/", "NEAR/5", "NEAR/句", "NEAR/节", "NEAR/-1", "或", "与", "非"),
    *("作者:", "题名：", "关键词:", ":", "：", "/", "%", "_", "&", "<b>", "--5", "9" * 30, "-" * 600, "(" * 300),
)
_PERIODS = (
    *("光绪", "民国", "康熙", "建国", "解放", "公元前", "前", "后", "以来", "以前", "初", "末", "年间", "年代", "世纪"),
    *("三十年", "十", "1958", "1958年", "50", "〇", "0", "-", "—", "至", "~", "/", "?", "x", "年", "月", "日", "正月"),
    *("甲子", "春", "上旬", "第三届", "9" * 40, "-1", "99999999", "13月", "32日", " ", "\0", "\ud800", "，", "."),
)
_VALUES = (
    "",
    " ",
    "0",
    "-1",
    "9" * 30,
    "1e9",
    "x" * 5000,
    "水车",
    "\0",
    "\ud800",
    "<i>",
    "../../x",
    "null",
    "[]",
    "{}",
)


def _joined(pieces: tuple[str, ...], chance: random.Random, most: int) -> str:
    return chance.choice(("", " ")).join(chance.choice(pieces) for _ in range(chance.randint(1, most)))


# -- queries


def _query(root: Path, library: Library, chance: random.Random) -> tuple[str, Callable[[], object]]:
    search = Search(
        text=_joined(_PIECES, chance, 8),
        period=_joined(_PERIODS, chance, 4) if chance.random() < 0.5 else "",
        period_in=chance.choice(list(PeriodIn)),
        as_written=chance.random() < 0.2,
        sort=chance.choice(list(Sort)),
        collection=chance.choice(((), ("x",))),
    )
    session = library.session(LOCAL)

    def ask() -> None:
        session.search(search, limit=chance.choice((0, 1, 20)), offset=chance.choice((0, 10**12)))
        session.timeline(search)
        session.suggest(search.text, Search())

    return repr(search), ask


# -- tables and files


def _hurt(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.choice((1, 2, 8))):
        at, length = chance.randrange(len(raw) + 1), chance.choice((1, 3, 40))
        match chance.randrange(4):
            case 0:
                del raw[at : at + length]
            case 1:
                raw[at : at + length] = bytes(chance.randrange(256) for _ in range(length))
            case 2:
                raw[at:at] = chance.choice((b",", b"\n", b'"', b"\t", b"=", b"[", b"\xff", b"9" * 40, "版本".encode()))
            case _:
                raw[at:at] = bytes(raw[at : at + length]) * 3
    return bytes(raw)


def _rows_lost(data: bytes, chance: random.Random) -> bytes:
    """A table with a column deleted or doubled, as an editor does."""
    lines = data.decode("utf-8-sig").splitlines()
    column = chance.randrange(max(1, len(lines[0].split(","))))
    cells = [line.split(",") for line in lines]
    for line in cells:
        if chance.random() < 0.5:
            line[column:column] = line[column : column + 1]
        else:
            del line[column : column + 1]
    return "\n".join(",".join(line) for line in cells).encode("utf-8-sig")


def _table(root: Path, library: Library, chance: random.Random) -> tuple[str, Callable[[], object]]:
    """A table that was written out, changed, and is taken in again, by the command line."""
    what, suffix = chance.choice(("metadata", "names")), chance.choice((".csv", ".xlsx"))
    file = root.parent / f"table-{chance.randrange(1 << 60)}{suffix}"
    out = ["metadata", "export", "--collection", _COLLECTION, "-o"] if what == "metadata" else ["names", "--export"]
    back = ["metadata", "import"] if what == "metadata" else ["names", "--import"]
    _quietly(["--library", str(root), *out, str(file)])
    whole = file.read_bytes()
    if suffix == ".xlsx":
        file.write_bytes(damaged(whole, "xlsx", chance))  # also of one of its parts
    else:
        file.write_bytes(_rows_lost(whole, chance) if chance.random() < 0.5 else _hurt(whole, chance))
    return f"{what} {file.name} {file.read_bytes()[:300]!r}", lambda: _quietly(
        ["--library", str(root), *back, str(file), "--dry-run"]
    )


def _file(root: Path, library: Library, chance: random.Random) -> tuple[str, Callable[[], object]]:
    """A file an office writes itself, damaged."""
    copy = root.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    name = chance.choice((*library_folder.OFFICE_FILES, library_folder.SETTINGS, library_folder.WEB_KEY))
    file = copy / name
    held = file.read_bytes() if file.exists() else "河湾水车 10 n\n".encode()
    file.write_bytes(_hurt(held, chance))
    return f"{name} {file.read_bytes()[:300]!r}", lambda: _quietly(["--library", str(copy), "search", "水车"])


def _quietly(arguments: list[str]) -> None:
    """Run a command. Raises what it has no words for."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run(arguments)


# -- pages and forms


class _Forms(HTMLParser):
    """The forms of a page: (method, address, {field: value}); and the links to pages of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes forms, their fields, and links."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("method", "get").lower(), values.get("action", ""), {}))
        elif tag in {"input", "textarea", "select", "button"} and values.get("name") and self.forms:
            self.forms[-1][2][values["name"]] = values.get("value", "")
        elif tag == "a" and values.get("href", "").startswith("/"):
            self.links.append(values["href"])


_STARTS = ("/", "/?q=水车", "/collections", "/manage", "/books", "/import", "/jobs", "/names", "/article/202")
_LEAVE = ("/help", "/static", "/manage/check", "/manage/reindex", "/manage/backup", "/manage/rehearsal")


def _form(root: Path, library: Library, chance: random.Random) -> tuple[str, Callable[[], object]]:
    """A page near by, and one of its forms filled in with anything; long work is left out."""
    app = create_app(library)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    client = app.test_client()
    page = chance.choice(_STARTS)
    for _ in range(chance.randrange(3)):
        found = _read(client.get(page))
        page = chance.choice([link for link in found.links if not link.startswith(_LEAVE)] or ["/"])
    if chance.random() < 0.4:  # an address made up from one there is
        path = urlsplit(page).path.rstrip("/")  # with two strokes it would name another computer
        page = path + chance.choice(("/", "?page=", "?version=", "?at=", "?sort=")) + chance.choice(_VALUES)
    described = [f"GET {page}"]

    def visit() -> None:
        forms = [form for form in _read(client.get(_sent(page))).forms if not form[1].startswith(_LEAVE)]
        if forms:
            method, address, fields = chance.choice(forms)
            given = {name: chance.choice((value, chance.choice(_VALUES))) for name, value in fields.items()}
            with client.session_transaction() as login:
                given["token"] = login.get("token", "")
            if chance.random() < 0.3 and len(given) > 1:
                given.pop(chance.choice([name for name in given if name != "token"]))
            described.append(f"{method} {address} {given!r}")
            _submit(client, method, address or page, {name: _sent(value) for name, value in given.items()})

    return "; ".join(described), visit


def _submit(client: Client, method: str, address: str, given: dict[str, str]) -> None:
    if method == "post":
        client.post(address, data=given)
    else:
        client.get(address.partition("?")[0], query_string=given)  # as a browser: its fields replace the query


def _sent(text: str) -> str:
    """A text as a browser can send it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read(answer: TestResponse) -> _Forms:
    found = _Forms()
    if answer.mimetype == "text/html":
        found.feed(answer.text)
    return found


_MADE: dict[str, Callable[[Path, Library, random.Random], tuple[str, Callable[[], object]]]] = {
    "query": _query,
    "table": _table,
    "file": _file,
    "form": _form,
}


def failures(root: Path, kind: str, count: int, seed: int) -> Iterator[Failure]:
    """What `count` inputs of a kind raised without words, on the library at `root`; the same for the same seed."""
    with Library.open(root) as library:
        for number in range(count):
            given, work = _MADE[kind](root, library, random.Random(f"{seed}-{kind}-{number}"))
            try:
                work()
            except WenshiError:
                continue
            except Exception as error:
                yield Failure(kind, given[:2000], _told(error))


def _told(error: Exception) -> str:
    place: Any = error.__traceback__
    while place.tb_next is not None:
        place = place.tb_next
    return f"{type(error).__name__}: {str(error)[:200]} ({place.tb_frame.f_code.co_filename}:{place.tb_lineno})"


def main() -> int:
    """Prints each failure, and how many there were of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "library")
        _quietly(["--library", str(root), "demo", "--build-only"])
        for kind in KINDS:
            found = list(failures(root, kind, given.inputs // len(KINDS), given.seed))
            print(f"{kind:6}{given.inputs // len(KINDS):>8} inputs{len(found):>6} without words")
            for one in {failure.raised: failure for failure in found}.values():
                print(f"  {one.raised}\n    {one.given[:300]}")
            bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
