"""The installed program as an office uses it: its command line with a library, and a browser."""

from __future__ import annotations

import http.client
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.windows.wine import Wine

WENSHI = "from archive.cli.main import main; main()"
LIBRARY = "C:\\文史 库"


class Office:
    """The command line of the installed program, with a library of its own."""

    def __init__(self, wine: Wine, program: Path) -> None:
        self.wine = wine
        self.python = str(program / "python" / "python.exe")

    def command(self, *arguments: str) -> tuple[str, ...]:
        return (self.python, "-I", "-X", "utf8", "-c", WENSHI, "--library", LIBRARY, *arguments)

    def run(self, *arguments: str) -> str:
        code, said = self.wine.run(*self.command(*arguments))
        assert code == 0, said
        return said

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
            yield process.stdout.readline().decode("utf-8", "replace").strip()
        finally:
            process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            if process.poll() is None:
                self.wine.kill()
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


class Visit:
    """A browser that opened the printed address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.cookie = parts.netloc, ""
        self.ask("GET", parts.path)

    def ask(self, method: str, path: str) -> str:
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request(method, path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
        connection.close()
        return text
