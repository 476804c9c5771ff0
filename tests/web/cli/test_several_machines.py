"""Two machines serve one library: PostgreSQL, OpenSearch and S3 beside them, a folder each, pages over HTTP.

`make test-cluster` starts all three and names them; without them these tests are skipped.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ConfigError
from archive.model.search import Search
from archive.store import Store
from archive.store.folder import Settings
from web.cli import own_certificate

NAMES = ("WENSHI_TEST_POSTGRESQL", "WENSHI_TEST_S3", "WENSHI_TEST_S3_OBJECTS", "WENSHI_TEST_OPENSEARCH")
pytestmark = pytest.mark.skipif(
    not all(os.environ.get(name) for name in NAMES), reason="not all servers are named: make test-cluster"
)

LOCAL = Actor.local()
PASSWORD = "渡口的水车转了九十九圈"


@pytest.fixture
def address() -> Iterator[str]:
    """An empty database, gone afterwards."""
    import pg8000.dbapi

    server = os.environ[NAMES[0]]
    host, port = server.split("@")[1].strip("/").split(":")
    name = f"t{secrets.token_hex(8)}"

    def run(statement: str) -> None:
        with closing(pg8000.dbapi.connect("wenshi", host=host, port=int(port), database="postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)

    run(f"CREATE DATABASE {name}")
    yield f"{server}{name}"
    run(f"DROP DATABASE {name} WITH (FORCE)")


def _settings(address: str, tmp_path: Path, engine: str = "opensearch") -> Settings:
    login, bucket = tmp_path / "s3.toml", f"b{secrets.token_hex(6)}"
    login.write_text('access_key = "wenshi"\nsecret_key = "for-tests-alone"\n', encoding="utf-8")
    (Path(os.environ[NAMES[2]]) / bucket).mkdir()
    s3 = {"place": f"s3://{bucket}", "endpoint": os.environ[NAMES[1]], "credentials": str(login)}
    index = {"hosts": [os.environ[NAMES[3]]], "index": f"t{secrets.token_hex(6)}", "copies": 0}
    return Settings("postgresql", engine, "s3", {"postgresql": {"address": address}, "s3": s3, "opensearch": index})


@pytest.fixture
def folders(address: str, tmp_path: Path) -> tuple[Path, Path]:
    """The folders of two machines; the second has nothing but its library.toml."""
    first, second = tmp_path / "甲", tmp_path / "乙"
    Store.create(first, _settings(address, tmp_path)).close()
    with Library.open(first) as library:
        library.session(LOCAL).accounts.found("guan", "关一", PASSWORD)
    second.mkdir()
    shutil.copy(first / "library.toml", second)
    return first, second


class Site:
    """A browser of one person, who keeps cookies, at one of the machines at a time."""

    def __init__(self, name: str = "", authority: Path | None = None) -> None:
        """With the `name` of a site, encrypted pages of that are asked for, which `authority` vouches for."""
        self.cookies: dict[str, str] = {}
        self._name = name
        self._context = ssl.create_default_context(cafile=str(authority)) if authority else None

    def _connection(self, port: int) -> http.client.HTTPConnection:
        if self._context is None:
            return http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=self._context)

    def ask(self, port: int, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str, str]:
        """Status, text and where it leads."""
        with closing(self._connection(port)) as connection:
            head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            head |= {"Host": self._name} if self._name else {}
            head |= {"Content-Type": kind} if kind else {}
            connection.request("POST" if kind else "GET", urllib.parse.quote(path, safe="/?=&%"), body, head)
            answer = connection.getresponse()
            for value in answer.headers.get_all("Set-Cookie") or ():
                name, _, content = value.split(";")[0].partition("=")
                self.cookies[name] = content
            return answer.status, answer.read().decode("utf-8"), answer.headers.get("Location", "")

    def send(self, port: int, page: str, path: str, **fields: str | tuple[str, str]) -> tuple[int, str, str]:
        """Send a form with the token of a page; a pair is a file's name and text."""
        found = re.search(r'name="token" value="([^"]+)"', self.ask(port, page)[1])
        assert found, page
        edge = secrets.token_hex(8)
        parts = []
        for name, value in {"token": found[1], **fields}.items():
            file = f'; filename="{value[0]}"' if isinstance(value, tuple) else ""
            text = value[1] if isinstance(value, tuple) else value
            parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{text}\r\n')
        body = "".join([*parts, f"--{edge}--\r\n"]).encode()
        return self.ask(port, path, body, f"multipart/form-data; boundary={edge}")


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`wenshi serve` over a folder, with more options: its port and process."""
    port = _free_port()  # behind a proxy it does not tell its own
    command = [sys.executable, "-c", "from archive.cli.main import main; main()", "--library", str(folder), "serve"]
    with subprocess.Popen(
        [*command, "--port", str(port), "--readers", "0", "--until-input-ends", *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            assert process.stdout.readline()  # where it is found: it answers now
            yield port, process
            process.stdin.close()
            process.wait(60)
        finally:
            process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object]) -> None:
    """Wait for something that other programs do."""
    end = time.monotonic() + 240
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def _total(site: Site, port: int, words: str) -> int:
    status, text, _ = site.ask(port, f"/api/v1/search?q={words}")
    assert status == 200, text
    return int(json.loads(text)["total"])


def _take_in(site: Site, one: int, two: int, name: str, text: str) -> None:
    """Upload a manuscript at one machine and watch at the other how its import ends."""
    _, page, job = site.send(one, "/intake", "/intake", title=f"{name}集", file=(f"{name}.txt", text))
    if job.startswith("/intake/report/"):  # it was over before the answer
        return
    assert job.startswith("/jobs/"), re.sub(r"<[^>]*>", "", page)
    told: dict[str, object] = {}
    until(lambda: told.update(json.loads(site.ask(two, f"{job}/state")[1])) or told["over"])
    assert told["state"] == "done", told


def test_one_library_on_two_machines(folders: tuple[Path, Path]) -> None:
    first, second = folders
    with serving(first) as (one, process), serving(second) as (two, _):
        site = Site()
        assert site.ask(one, "/")[0] != 200, "nobody is let in unknown"
        site.send(one, "/login", "/login", login="guan", password=PASSWORD, next="/")
        for port in (one, two):
            assert site.ask(port, "/collections")[0] == 200, "signed in at one is signed in at both"

        # Taken in at one, found and read at the other; the long work of one is seen at the other.
        _take_in(site, one, two, "水车", "水车记\n\n黄河边上水车转不停，灌田百顷，远近称奇，县人至今说起。")
        assert _total(site, two, "水车转不停") == 1 and site.ask(two, "/article/1")[0] == 200

        # What the office writes by hand on one is on the other, and goes when it is removed.
        (first / "words.txt").write_text("羊皮筏子\n", encoding="utf-8")
        (second / "procedures").mkdir(exist_ok=True)
        (second / "procedures" / "会议.draft.toml").write_text("# 起草\n", encoding="utf-8")
        words, draft = second / "words.txt", first / "procedures" / "会议.draft.toml"
        until(lambda: words.is_file() and words.read_text(encoding="utf-8") == "羊皮筏子\n" and draft.is_file())
        words.unlink()
        until(lambda: not (first / "words.txt").exists())

        # One machine dies; the other goes on, also writing.
        process.kill()
        process.wait()
        _take_in(site, two, two, "筏子", "筏子记\n\n羊皮筏子顺流而下，一日可达，商旅称便，老人都坐过。")
        assert _total(site, two, "羊皮筏子") == 1
        assert json.loads(site.ask(two, "/health")[1]) == {"files": True, "search": True, "store": True}


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here (Debian: apt install nginx-light)")
def test_two_machines_behind_nginx_as_documented(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """The proxy's part of docs/deployment.md, with other addresses: https outside, and one machine may die."""
    text = (Path(__file__).parents[3] / "docs" / "deployment.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    name = "wenshi.example.gov.cn"
    own_certificate.make((name, "127.0.0.1"), tmp_path / "tls")
    behind = ("--behind-proxy", "127.0.0.1", "--name", name)
    with serving(folders[0], *behind) as (one, process), serving(folders[1], *behind) as (two, _):
        port = _free_port()
        for before, after in (
            ("10.0.0.11:8000", f"127.0.0.1:{one}"),
            ("10.0.0.12:8000", f"127.0.0.1:{two}"),
            ("443", f"127.0.0.1:{port}"),
            ("/etc/nginx/wenshi.pem", str(tmp_path / "tls" / own_certificate.CERTIFICATE)),
            ("/etc/nginx/wenshi-key.pem", str(tmp_path / "tls" / own_certificate.KEY)),
        ):
            assert before in written
            written = written.replace(before, after)
        with _nginx(written, tmp_path):
            site = Site(name, tmp_path / "tls" / own_certificate.AUTHORITY)
            until(lambda: _connects(port))
            site.send(port, "/login", "/login", login="guan", password=PASSWORD, next="/")
            assert site.ask(port, "/collections")[0] == 200
            process.kill()
            process.wait()
            assert site.ask(port, "/collections")[0] == 200, "the other machine answers"
            _take_in(site, port, port, "水车", "水车记\n\n黄河边上水车转不停，灌田百顷，远近称奇，县人至今说起。")
            assert _total(site, port, "水车转不停") == 1


@contextmanager
def _nginx(servers: str, folder: Path) -> Iterator[None]:
    """nginx with what is written there, everything it writes in the folder."""
    places = "".join(
        f"{what}_temp_path {folder / what};\n" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    head = f"daemon off;\npid {folder / 'nginx.pid'};\nerror_log {folder / 'nginx.log'};\nevents {{}}\n"
    file.write_text(f"{head}http {{\naccess_log off;\n{places}{servers}}}\n", encoding="utf-8")
    user = [] if os.geteuid() else ["-g", "user root;"]
    with subprocess.Popen(["nginx", "-c", str(file), "-p", str(folder), *user]) as process:
        try:
            yield
        finally:
            process.terminate()


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_what_both_changed_is_kept_aside(folders: tuple[Path, Path]) -> None:
    first, second = folders
    with Library.open(first) as one, Library.open(second) as two:
        (first / "words.txt").write_text("羊皮筏子\n", encoding="utf-8")
        (second / "words.txt").write_text("水车\n", encoding="utf-8")
        one.agree()
        two.agree()
        assert (second / "words.txt").read_text(encoding="utf-8") == "羊皮筏子\n"
        (kept,) = (second / "backups").glob("*words.txt")
        assert kept.read_text(encoding="utf-8") == "水车\n"


def test_work_of_a_program_that_lives_is_not_called_interrupted(folders: tuple[Path, Path]) -> None:
    from archive.model.holdings import JobRow

    row = JobRow("a", "", "清点", "[]", LOCAL.id, "本机", "running", "2026-03-01T00:00:00Z")
    with Library.open(first := folders[0]) as one, Library.open(folders[1]) as two:
        one.session(LOCAL).jobs.save(row)
        assert one.turn.acquire(0) and not two.turn.acquire(0), "one of them does what is done once"
        assert two.session(LOCAL).jobs.interrupt() == 0
        one.close()
        assert two.turn.acquire(0), "and the next takes over when it ends"
        until(lambda: two.session(LOCAL).jobs.interrupt() == 1)
        assert two.session(LOCAL).jobs.get("a").state == "interrupted" and first.is_dir()


def test_an_index_in_a_folder_is_for_one_machine(address: str, tmp_path: Path) -> None:
    first, second = tmp_path / "甲", tmp_path / "乙"
    Store.create(first, _settings(address, tmp_path, "embedded")).close()
    second.mkdir()
    with Library.open(first) as library:
        assert library.session(LOCAL).search(Search(text="水车")).total == 0
        shutil.copy(first / "library.toml", second)
        with pytest.raises(ConfigError, match="索引在另一台电脑上") as told:
            Library.open(second)
        assert "opensearch" in told.value.hint
    Library.open(first).close()
