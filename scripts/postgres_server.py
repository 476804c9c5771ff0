"""Start a PostgreSQL of the system on this computer for tests: on a free port, in a folder that is thrown away.

`python scripts/postgres_server.py FOLDER` prints its address and runs until it is told to stop.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

USER = "wenshi"
_UNPRIVILEGED = "nobody"  # the server refuses to run as root
_PATIENCE = 60  # seconds until it must answer
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def programs() -> Path:
    """The folder of initdb and postgres. Raises FileNotFoundError."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda home: int(home.parent.name), reverse=True)
    found = shutil.which("initdb")
    for home in [*homes, *([Path(found).resolve().parent] if found else [])]:
        if (home / "initdb").exists() and (home / "postgres").exists():
            return home
    raise FileNotFoundError("no PostgreSQL on this computer (Debian: apt install postgresql-15)")


class Server:
    """A server with one user and no password, for as long as the `with` lasts."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.data = folder, folder / "data"
        self._home = programs()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where its databases are: postgresql://wenshi@127.0.0.1:PORT/."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/"

    def __enter__(self) -> Server:
        self._folder.mkdir(parents=True)
        if os.name != "nt" and os.getuid() == 0:
            shutil.chown(self._folder, _UNPRIVILEGED)
        init = [self._home / "initdb", "--pgdata", self.data, "--username", USER, "--auth", "trust", "--no-sync"]
        self._run([*init, "--encoding", "UTF8", "--locale", "C"]).wait()
        self.start()
        return self

    def start(self) -> None:
        """Start it, also after `stop`. Raises TimeoutError."""
        options = [part for one in _HASTY for part in ("-c", one)]
        place = ["-D", self.data, "-k", self._folder, "-h", "127.0.0.1", "-p", self.port]
        self._process = self._run([self._home / "postgres", *place, *options])
        until = time.monotonic() + _PATIENCE
        ready = [str(self._home / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready).returncode:
            if time.monotonic() > until or self._process.poll() is not None:
                self.stop()
                raise TimeoutError((self._folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(0.2)

    def stop(self) -> None:
        """End it at once, as a crash would: whoever is connected is cut off."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def __exit__(self, *_failure: object) -> None:
        self.stop()

    def _run(self, command: list[object]) -> subprocess.Popen[bytes]:
        user = _UNPRIVILEGED if os.name != "nt" and os.getuid() == 0 else None
        with (self._folder / "log").open("ab") as log:
            environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
            return subprocess.Popen(
                [str(part) for part in command], stdout=log, stderr=log, cwd=self._folder, user=user, env=environment
            )


def main() -> None:
    """The argument is a folder that is not there yet."""
    with Server(Path(sys.argv[1])) as server:
        print(server.address, flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    main()
