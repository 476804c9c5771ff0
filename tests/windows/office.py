"""The installed program as an office uses it: its command line with a library, and a browser."""

from __future__ import annotations

import http.client
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.windows.wine import LIMIT, Wine, limit

WENSHI = "from archive.cli.main import main; main()"
ONE_AFTER_ANOTHER = """
import json, sys
from archive.cli.main import main
for given in json.loads(sys.argv[1]):
    sys.argv[1:] = given
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
"""
# Wine tells every program it starts whose this Windows is, whatever stands in the environment; what that one starts is
# told by it.
AS_USER = """
import json, os, subprocess, sys
os.environ.update(json.loads(sys.argv[1]))
sys.exit(subprocess.call(sys.argv[2:]))
"""
LIBRARY = "C:\\文史 库"


class Office:
    """The command line of the installed program, with a library of its own."""

    def __init__(self, wine: Wine, program: Path, library: str = LIBRARY) -> None:
        self.wine, self.library = wine, library
        self.python = str(program / "python" / "python.exe")

    def command(self, *arguments: str) -> tuple[str, ...]:
        return (self.python, "-I", "-X", "utf8", "-c", WENSHI, "--library", self.library, *arguments)

    def run(self, *arguments: str) -> str:
        code, said = self.wine.run(*self.command(*arguments))
        assert code == 0, said
        return said

    def run_all(self, *commands: Sequence[str]) -> str:
        """Several commands in one interpreter, whose start takes longer under Wine than what it does."""
        given = json.dumps([["--library", self.library, *command] for command in commands])
        return self.code(ONE_AFTER_ANOTHER, given)

    def refused(self, *arguments: str) -> str:
        """What it says where it does not do it."""
        code, said = self.wine.run(*self.command(*arguments))
        assert code != 0, said
        return said

    def code(self, code: str, *arguments: str) -> str:
        """What a piece of Python prints in the program's interpreter."""
        ended, said = self.wine.run(self.python, "-I", "-X", "utf8", "-c", code, *arguments)
        assert ended == 0, said
        return said.strip()

    @contextmanager
    def served(self) -> Iterator[str]:
        """The address of its pages, started and ended as the window does it."""
        process = self.wine.start(*self.command("serve", "--port", "0", "--until-input-ends"))
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            said = [""]
            while not said[-1].startswith("http"):  # warnings may stand before it
                said.append(self.wine.line(process, f"the address of the pages, after {said}"))
            yield said[-1].strip()
        finally:
            process.stdin.close()
            with limit("the end of the pages", self.wine.kill):
                process.wait()
            process.stdout.close()

    def versions(self) -> set[tuple[str, int, str]]:
        """Every version of every article with its digest, as the tables have them."""
        file = self.wine.drive / "文史 库" / "archive.sqlite"
        with closing(sqlite3.connect(file)) as tables:
            asked = "SELECT id, versions.version, digest FROM versions JOIN articles ON articles.key = versions.article"
            return set(tables.execute(asked))

    def originals(self) -> set[str]:
        """The files that came in, by the names they are kept under."""
        kept = self.wine.drive / "文史 库" / "originals"
        return {file.name for file in kept.rglob("*") if file.is_file()}

    def found(self, words: str) -> Any:
        """What a search answers; warnings may stand before it."""
        said = self.run("search", words, "--json")
        return json.loads(said[said.index("{") :])


@contextmanager
def window(wine: Wine, program: Path, user: Path, *files: str, kept: Path | None = None) -> Iterator[Path]:
    """The small window of a user, a folder, with files dropped on its icon; the folder of its settings.

    That is `kept` where it does not lie with the user. At the end the window is asked to stop, since nobody is there to
    press the button, and has stopped.
    """
    at = "C:" + str(user).partition("drive_c")[2].replace("/", "\\")
    places = {"USERPROFILE": at, "APPDATA": f"{at}\\AppData\\Roaming", "LOCALAPPDATA": f"{at}\\AppData\\Local"}
    for folder in ("AppData/Roaming", "Documents"):
        (user / folder).mkdir(parents=True, exist_ok=True)
    python = (str(program / "python" / "python.exe"), "-I", "-X", "utf8", "-c")
    as_user = () if user == wine.user else (*python, AS_USER, json.dumps(places))
    process = wine.start(*as_user, str(program / "文史.exe"), *files, settings=places)
    try:
        yield kept or user / "AppData" / "Roaming" / "wenshi"
        code, said = wine.run(*as_user, *python, WENSHI, "window", "--stop", settings=places)
        assert code == 0, said
        wait("the end of the window", lambda: not wine.running("pythonw.exe", places))
    except BaseException:
        wine.kill()
        raise
    finally:
        # Not until its pipes are closed: the first window makes Wine start a desktop, which keeps them and stays as
        # long as anybody else's window does.
        with limit("the end of what the window started", wine.kill), process:
            process.wait()
            wait("the end of its programs", lambda: not wine.running("python", places))
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def wait(what: str, there: Callable[[], bool], seconds: float = LIMIT) -> None:
    """Until something is so; AssertionError with `what` was awaited where it never is."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.5)


class Visit:
    """A browser that opened the printed address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.cookie = parts.netloc, ""
        self.ask("GET", parts.path)

    def ask(self, method: str, path: str, **fields: str) -> str:
        """The text of the answer; `fields` are those of a form."""
        connection = http.client.HTTPConnection(self.host, timeout=LIMIT)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        connection.request(method, path, urlencode(fields) or None, {"Cookie": self.cookie, **form})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
        connection.close()
        return text
